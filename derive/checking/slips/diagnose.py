"""Which known slip turns a right line into the wrong one that somebody wrote."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from derive.checking.slips.algebra import alike
from derive.checking.slips.glance import Glance
from derive.checking.slips.make import Mistake, letters_of, mistakes
from derive.checking.slips.table import SLIPS, Slip
from derive.core.context import Context
from derive.core.term import Term
from derive.witness.balls import check_equation
from derive.witness.verdict import Proven, Undecided

QUICK = (3,)  # classes
MOST_TRIED = 4_000


@dataclass(frozen=True)
class Diagnosis:
    """The slip that gives exactly the wrong line: what stood at its place, and what it became."""

    slip: Slip
    at: Term
    became: Term


def diagnose(
    wrong: Term,
    grounds: Iterable[Term],
    context: Context,
    assumptions: frozenset[str] = frozenset(),
    slips: Sequence[Slip] = SLIPS,
) -> Diagnosis | None:
    """The first slip, in the order of the table, that turns one of the right lines into the wrong one.

    >>> from derive.core.term import d, fn, sym
    >>> x = sym("x")
    >>> found = diagnose(x * fn("cos", x) * 2, [d(x**2 * fn("sin", x), x)], Context())
    >>> found.slip.name
    'product-of-derivatives'
    """
    known = tuple(dict.fromkeys(grounds))
    glance = Glance(wrong, known, context)
    if any(not glance.differs(right) and is_value_of(right, wrong, context, assumptions) for right in known[:1]):
        return None  # it is wrong at single points or far away, which is no slip of this kind
    tried: set[Term] = set()
    for mistake in _in_order(wrong, known, context, slips):
        if mistake.whole in tried or len(tried) > MOST_TRIED:
            continue
        tried.add(mistake.whole)
        if not glance.differs(mistake.whole) and is_value_of(mistake.whole, wrong, context, assumptions):
            return Diagnosis(mistake.slip, mistake.at, mistake.became)
    return None


def _in_order(wrong: Term, grounds: Sequence[Term], context: Context, slips: Sequence[Slip]) -> Iterator[Mistake]:
    rank = {slip: n for n, slip in enumerate(slips)}
    first = {slip.name: n for n, slip in reversed(list(enumerate(slips)))}  # for slips made for the place at hand
    lines = [slip for slip in slips if slip.scope != "derivative"]  # later lines hold the same derivatives once more
    every = [
        mistake
        for n, ground in enumerate(grounds)
        for mistake in mistakes(ground, context, letters_of(context, wrong, ground), lines if n > 1 else slips)
    ]
    yield from sorted(every, key=lambda mistake: rank.get(mistake.slip, first[mistake.slip.name]))


def is_value_of(a: Term, b: Term, context: Context, assumptions: frozenset[str]) -> bool:
    """Whether a = b: at once at a few points, then at all that the balls look at; by algebra where they cannot."""
    for sizes, points in ((QUICK, 1), ((2, 3, 5), 2)):
        well = points > 1
        verdict = check_equation(a, b, context, assumptions, sizes, points, closely=well, narrowly=well)
        if isinstance(verdict, Undecided) and verdict.why in CANNOT_READ:
            return alike(a, b)
        if not isinstance(verdict, Proven):
            return False
    return True


CANNOT_READ = ("out-of-range", "indices", "function", "operator")
