"""Ball arithmetic as a witness: it refutes rigorously, and agrees at random points of several sizes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from flint import ctx as flint_context

from derive.core.condition import Condition
from derive.core.context import Context
from derive.core.kernel import Theorem
from derive.core.term import Term
from derive.witness.at_point import BY, Question
from derive.witness.at_sizes import Known, judge_at_sizes
from derive.witness.evaluate import PRECISION
from derive.witness.in_regions import judge_in_regions
from derive.witness.missing import missing_assumptions
from derive.witness.regions import scalars
from derive.witness.sampling import Unsuited
from derive.witness.sizes import generalised, valued
from derive.witness.verdict import Proven, Refuted, Undecided, Verdict

SIZES = (2, 3, 5, 7)
FINER = 4 * PRECISION
CLAIM = (0, 0)  # both terms are the claim itself


def check_equation(
    left: Term,
    right: Term,
    context: Context,
    assumptions: Iterable[str] = frozenset(),
    sizes: Sequence[int] = SIZES,
    points: int = 2,
    seed: int = 0,
    conditions: Sequence[Condition] = (),
    closely: bool = True,
    narrowly: bool = True,
) -> Verdict:
    """Whether left = right at points where the assumptions and the conditions hold, and left is defined.

    About plain numbers every sign pattern of kinks and domains is looked at, far out and in narrow places too, and a
    refutation is told at a point of small rationals where there is one; about families, random points of several
    sizes and magnitudes.
    closely: False for the points of a theorem only. narrowly: False where no search is made for a narrow domain.

    >>> from derive.core.term import delta, sym
    >>> i, k = sym("i"), sym("k")
    >>> check_equation(delta(i, k), delta(k, i), Context(indices={"i": sym("C"), "k": sym("C")})).status
    'proven'
    """
    question = Question((left, right), context, frozenset(assumptions), tuple(conditions), points, seed, narrowly)
    verdict = _equation(question, sizes, closely)
    if not isinstance(verdict, Refuted):
        return verdict
    missing = missing_assumptions(
        lambda names: _equation(replace(question, assumptions=names), sizes, closely), context, question.assumptions
    )
    return replace(verdict, missing=missing)


def _equation(question: Question, sizes: Sequence[int], closely: bool) -> Verdict:
    verdict = _judge(question, sizes, CLAIM, {})
    if not isinstance(verdict, Proven) or not closely:
        return verdict
    from derive.witness.counterexamples import refuted_closely  # no theorem needs it

    refuted = refuted_closely(question)
    return verdict if refuted is None else refuted


def check_unproved(context: Context, left: Term, right: Term, assumptions: Iterable[str] = frozenset()) -> Verdict:
    """The same for a claim of anybody's: where a size is a value, it must agree as a variable of its own, too.

    Agreement at some sizes proves nothing for the others; then the claim is undecided.
    """
    verdict = check_equation(left, right, context, assumptions)
    names = valued(context, (left, right))
    if not isinstance(verdict, Proven) or not names:
        return verdict
    wider, (here, there), positive = generalised(context, (left, right))
    if isinstance(check_equation(here, there, wider, assumptions, conditions=positive), Proven):
        return verdict
    return Undecided(BY, "size-as-value", {"size": ", ".join(sorted(names))})


def check_theorem(
    theorem: Theorem, sizes: Sequence[int] = SIZES, points: int = 2, seed: int = 0, known: Known | None = None
) -> Verdict:
    """Whether each line of the proof equals the one before it, and the claim holds."""
    lines = (theorem.left, *theorem.lines, theorem.right, theorem.left)
    question = Question(lines, theorem.context, theorem.assumptions, theorem.conditions, points, seed)
    numbers = (0, 0, *range(2, len(theorem.lines) + 1), 0, 0)
    return _judge(question, sizes, numbers, {} if known is None else known)


def check_theorems(
    theorems: Mapping[str, Theorem],
    sizes: Sequence[int] = SIZES,
    points: int = 2,
    seed: int = 0,
    known: dict[int, Known] | None = None,
) -> dict[str, Verdict]:
    """Every theorem; values that theorems of one context share are worked out once.

    known: the evaluators of each context, by point; they are used and added to.
    """
    known = {} if known is None else known
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
            return judge_at_sizes(question, sizes, numbers, known)
        try:
            return judge_in_regions(question, names, numbers, known)
        except Unsuited as reason:
            return Undecided(BY, reason.why, reason.slots)
