"""Ball arithmetic as a witness: it refutes rigorously, and agrees at random points of several sizes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from random import Random
from typing import Any

from flint import ctx as flint_context

from derive.core.kernel import Theorem
from derive.core.law import Condition, Context
from derive.core.term import Term, free
from derive.witness.conditions import condition_holds
from derive.witness.evaluate import PRECISION, Ball, Evaluator, middle
from derive.witness.missing import missing_assumptions
from derive.witness.sampling import (
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

BY = "balls"
SIZES = (2, 3, 5, 7)
TOLERANCE = 2.0**-60  # a ball that is wider says nothing
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
    """Whether left = right at random points where the assumptions and the conditions hold.

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
    return _judge(_Question((left, right), context, assumptions, conditions, points, seed), sizes, (0, 0), {})


def check_theorem(
    theorem: Theorem, sizes: Sequence[int] = SIZES, points: int = 2, seed: int = 0, known: Known | None = None
) -> Verdict:
    """Whether each line of the proof equals the one before it, and the claim holds."""
    lines = (theorem.left, *theorem.lines, theorem.right, theorem.left)
    question = _Question(lines, theorem.context, theorem.assumptions, theorem.conditions, points, seed)
    numbers = (0, 0, *range(2, len(theorem.lines) + 1), 0, 0)
    return _judge(question, sizes, numbers, {} if known is None else known)


def check_theorems(
    theorems: Mapping[str, Theorem], sizes: Sequence[int] = SIZES, points: int = 2, seed: int = 0
) -> dict[str, Verdict]:
    """Every theorem; values that theorems of one context share are worked out once."""
    known: dict[int, Known] = {}
    return {
        name: check_theorem(theorem, sizes, points, seed, known.setdefault(id(theorem.context), {}))
        for name, theorem in theorems.items()
    }


@dataclass(frozen=True)
class _Question:
    """Is each of these terms equal to the one before it?"""

    lines: tuple[Term, ...]
    context: Context
    assumptions: frozenset[str]
    conditions: tuple[Condition, ...]
    points: int
    seed: int

    @property
    def terms(self) -> tuple[Term, ...]:
        """Everything whose letters need a value."""
        spoken = (side for name in sorted(self.assumptions) for side in self.context.assumptions[name])
        return (*dict.fromkeys(self.lines), *spoken, *(t for c in self.conditions for t in c.about))


class _Undefined(Exception):
    """A point outside the domain; another one is tried."""


@dataclass(frozen=True)
class _Differs(Exception):
    """A point where two neighbours differ."""

    pair: int
    left: Ball
    right: Ball
    letters: Letters


def _judge(question: _Question, sizes: Sequence[int], numbers: Sequence[int], known: Known) -> Verdict:
    """numbers gives the line that each term is, 0 for the claim."""
    looked = 0
    unclear: Undecided | None = None
    names = size_names(question.context, question.terms)
    with flint_context.workprec(PRECISION):
        for row in size_rows(names, sizes):
            try:
                result = _at_size(question, row, known)
            except Unsuited as reason:
                unclear = Undecided(BY, reason.why, reason.slots)
                continue
            if not isinstance(result, int):
                return _refuted(question, *result, numbers[result[1].pair])
            looked += result
    seen = tuple(sizes) if names else ()
    return Proven(BY, {"sizes": seen, "points": looked, "lines": max(numbers)}) if unclear is None else unclear


def _refuted(question: _Question, evaluator: Evaluator, differs: _Differs, line: int) -> Refuted:
    pair = question.lines[differs.pair - 1 : differs.pair + 1]
    spoken = question.context.reach(frozenset[str]().union(*map(free, pair)))
    point = {**evaluator.sizes, **differs.letters, **evaluator.values.shown(spoken)}
    left, right = (float(middle(side).mid()) for side in (differs.left, differs.right))
    residual = float((differs.left - differs.right).mid())
    return Refuted(BY, point, left, right, residual, line=line)


def _at_size(question: _Question, row: Letters, known: Known) -> int | tuple[Evaluator, _Differs]:
    """How many points agreed, or where they differ."""
    limits = constraints(question.context, question.assumptions)
    ranges = letter_ranges(question.context, question.terms, row)
    seed = f"{question.seed}|{sorted(row.items())}"
    rng = Random(seed)  # noqa: S311 - test points, not secrets
    chosen = assignments(ranges, numerals(question.terms), limits, rng)
    if not chosen:
        raise Unsuited("no-assignment")
    agreed = 0
    for number in range(ATTEMPTS * question.points):
        values = Values(seed, number, limits)
        evaluator = known.setdefault((seed, number, limits.simplex), Evaluator(question.context, row, values))
        try:
            unsuited = [_at_point(question, evaluator, letters) for letters in chosen]
        except _Undefined:
            continue
        except _Differs as differs:
            return evaluator, differs
        for reason in filter(None, unsuited):
            raise reason
        agreed += 1
        if agreed == question.points:
            return agreed * len(chosen)
    raise Unsuited("no-point")


def _at_point(question: _Question, evaluator: Evaluator, letters: Letters) -> Unsuited | None:
    """None if all lines agree, or why that cannot be told; neighbours that differ are raised."""
    if not all(condition_holds(c, evaluator, letters) for c in question.conditions):
        raise _Undefined
    values: list[Any] = [_value(evaluator, line, letters) for line in question.lines]
    for n, (before, after) in enumerate(pairwise(values), 1):
        if _is_finite(before) and _is_finite(after) and not before.overlaps(after):
            raise _Differs(n, before, after, letters)
    for value in values:  # a line that cannot be read keeps the others from being agreed, not from being refuted
        if isinstance(value, Unsuited):
            return value
    if not any(map(_is_finite, values)):
        raise _Undefined
    return Unsuited("undefined-on-one-side") if not all(map(_is_finite, values)) else _too_wide(values)


def _value(evaluator: Evaluator, line: Term, letters: Letters) -> Ball | Unsuited:
    try:
        return evaluator.at(line, letters)
    except Unsuited as reason:
        return reason


def _is_finite(value: Ball | Unsuited) -> bool:
    return not isinstance(value, Unsuited) and bool(value.is_finite())


def _too_wide(balls: Sequence[Ball]) -> Unsuited | None:
    wide = any(float(ball.rad()) > TOLERANCE * (1 + abs(float(ball.mid()))) for ball in balls)
    return Unsuited("too-wide") if wide else None
