"""Ball arithmetic as a witness: it refutes rigorously, and agrees at random points of several sizes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from random import Random

from flint import ctx as flint_context

from derive.core.kernel import Theorem
from derive.core.law import Condition, Context
from derive.core.term import Term
from derive.witness.at_point import BY, Differs, Question, Undefined, at_point
from derive.witness.evaluate import PRECISION, Evaluator
from derive.witness.in_regions import judge_in_regions
from derive.witness.missing import missing_assumptions
from derive.witness.regions import has_kinks, scalars
from derive.witness.sampling import (
    SIGNS,
    Letters,
    Unsuited,
    Values,
    assignments,
    constraints,
    letter_ranges,
    numerals,
    size_names,
    size_rows,
)
from derive.witness.verdict import Proven, Refuted, Undecided, Verdict

SIZES = (2, 3, 5, 7)
FINER = 4 * PRECISION
Known = dict[object, Evaluator]  # evaluators of one context, by point
ATTEMPTS = 6  # as many times the points are tried, to find some where everything is defined


def check_equation(
    left: Term,
    right: Term,
    context: Context,
    assumptions: Iterable[str] = frozenset(),
    sizes: Sequence[int] = SIZES,
    points: int = 2,
    seed: int = 0,
    conditions: Sequence[Condition] = (),
) -> Verdict:
    """Whether left = right at points where the assumptions and the conditions hold, and left is defined.

    About plain numbers every sign pattern of kinks and domains is looked at, and a refutation is told at a point
    of small rationals where there is one; about families, random points of several sizes.

    >>> from derive.core.term import delta, sym
    >>> i, k = sym("i"), sym("k")
    >>> check_equation(delta(i, k), delta(k, i), Context(indices={"i": sym("C"), "k": sym("C")})).status
    'proven'
    """
    having = frozenset(assumptions)
    verdict = _equation(left, right, context, having, sizes, points, seed, tuple(conditions))
    if not isinstance(verdict, Refuted):
        return verdict
    missing = missing_assumptions(
        lambda names: _equation(left, right, context, names, sizes, points, seed, tuple(conditions)), context, having
    )
    return replace(verdict, missing=missing)


def _equation(
    left: Term, right: Term, context: Context, assumptions: frozenset[str],
    sizes: Sequence[int], points: int, seed: int, conditions: tuple[Condition, ...],
) -> Verdict:  # fmt: skip
    return _judge(Question((left, right), context, assumptions, conditions, points, seed), sizes, (0, 0), {})


def check_theorem(
    theorem: Theorem, sizes: Sequence[int] = SIZES, points: int = 2, seed: int = 0, known: Known | None = None
) -> Verdict:
    """Whether each line of the proof equals the one before it, and the claim holds."""
    lines = (theorem.left, *theorem.lines, theorem.right, theorem.left)
    question = Question(lines, theorem.context, theorem.assumptions, theorem.conditions, points, seed)
    numbers = (0, 0, *range(2, len(theorem.lines) + 1), 0, 0)
    return _judge(question, sizes, numbers, {} if known is None else known)


def check_theorems(
    theorems: Mapping[str, Theorem], sizes: Sequence[int] = SIZES, points: int = 2, seed: int = 0
) -> dict[str, Verdict]:
    """Every theorem; values that theorems of one context share are worked out once."""
    known: dict[int, Known] = {}
    return {
        name: check_theorem(theorem, sizes, points, seed, known.setdefault(id(theorem.context.definitions), {}))
        for name, theorem in theorems.items()
    }


def _judge(question: Question, sizes: Sequence[int], numbers: Sequence[int], known: Known) -> Verdict:
    """numbers gives the line that each term is, 0 for the claim. Balls that are too wide are asked again, finer."""
    verdict = _judged(question, sizes, numbers, known, PRECISION)
    if isinstance(verdict, Undecided) and verdict.why == "too-wide":
        return _judged(question, sizes, numbers, {}, FINER)
    return verdict


def _judged(question: Question, sizes: Sequence[int], numbers: Sequence[int], known: Known, precision: int) -> Verdict:
    with flint_context.workprec(precision):
        names = scalars(question.context, question.terms)
        if names is None:
            return _at_sizes(question, sizes, numbers, known)
        try:
            return judge_in_regions(question, names, numbers, known)
        except Unsuited as reason:
            return Undecided(BY, reason.why, reason.slots)


def _at_sizes(question: Question, sizes: Sequence[int], numbers: Sequence[int], known: Known) -> Verdict:
    looked = 0
    unclear: Undecided | None = None
    names = size_names(question.context, question.terms)
    for row in size_rows(names, sizes):
        try:
            result = _at_size(question, row, known)
        except Unsuited as reason:
            unclear = Undecided(BY, reason.why, reason.slots)
            continue
        if not isinstance(result, int):
            evaluator, differs = result
            return differs.refutes(question, evaluator, numbers)
        looked += result
    seen = tuple(sizes) if names else ()
    return Proven(BY, {"sizes": seen, "points": looked, "lines": max(numbers)}) if unclear is None else unclear


def _at_size(question: Question, row: Letters, known: Known) -> int | tuple[Evaluator, Differs]:
    """How many points agreed, or where they differ."""
    limits = constraints(question.context, question.assumptions)
    ranges = letter_ranges(question.context, question.terms, row)
    seed = f"{question.seed}|{sorted(row.items())}"
    rng = Random(seed)  # noqa: S311 - test points, not secrets
    chosen = assignments(ranges, numerals(question.terms), limits, rng)
    if not chosen:
        raise Unsuited("no-assignment")
    agreed, wanted = 0, max(question.points, len(SIGNS) if has_kinks(question.terms) else 0)
    for number in range(ATTEMPTS * wanted):
        values = Values(seed, number, limits)
        evaluator = known.setdefault((seed, number, limits.simplex), Evaluator(question.context, row, values))
        try:
            unsuited = [at_point(question, evaluator, letters) for letters in chosen]
        except Undefined:
            continue
        except Differs as differs:
            return evaluator, differs
        for reason in filter(None, unsuited):
            raise reason
        agreed += 1
        if agreed == wanted:
            return agreed * len(chosen)
    raise Unsuited("no-point")
