"""Points in narrow domains: boxes are halved, those that surely hold none are left out, the best come first.

A ball that covers a box says rigorously that something holds nowhere in it. Along each variable numbers are taken
as a computer writes them, by scale and digits, so that tiny and huge ones are as near as any others.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from fractions import Fraction
from heapq import heappop, heappush
from itertools import count

from flint import arb, fmpq

from derive.core.term import Term, free
from derive.witness.evaluate import Entry, Evaluator
from derive.witness.functions import Ball
from derive.witness.sampling import Letters
from derive.witness.sought import Missing, Sought, is_whole

Point = dict[Entry, Fraction]
Box = tuple[tuple[Fraction, Fraction], ...]
# powers of two that the first boxes reach up to, one after the other, and how many are halved at most
WIDTHS = ((8, 400), (1024, 200))
WORK = 16_000  # nodes of terms, for each width
MOST_ENTRIES = 12  # numbers that are looked for together
NARROWEST = Fraction(1, 2**100)
LOST = float("inf")  # something is missing, but it cannot be said how much


def points_in_boxes(sought: Sought) -> Iterator[Point]:
    """Values of the entries where all that is sought is found, if the boxes that can be looked at have any."""
    if 0 < len(sought.entries) <= MOST_ENTRIES:
        for width, most in WIDTHS:
            yield from _points(sought, Fraction(width), min(most, WORK // sought.size))


def _points(sought: Sought, width: Fraction, most: int) -> Iterator[Point]:
    every = tuple(range(len(sought.entries)))
    newest = count(0, -1)  # of two that are alike, the newer comes first
    waiting: list[tuple[float, float, int, Box, tuple[int, ...]]]
    waiting = [(0, 0.0, next(newest), ((-width, width),) * len(every), every)]
    for _ in range(most):
        if not waiting:
            return
        *_, box, sides = heappop(waiting)
        for half in _halves(box, sides):
            if not _possible(sought, half):
                continue
            point = {e: number((low + high) / 2) for e, (low, high) in zip(sought.entries, half, strict=True)}
            evaluator = sought.at(point)
            missing = sought.missing(evaluator)
            if missing is None:
                if sought.found(evaluator):
                    yield point
                heappush(waiting, (-LOST, 0.0, next(newest), half, every))
                continue
            spoken = sought.question.context.reach(free(missing.about))
            own = tuple(n for n in every if sought.entries[n][0] in spoken)
            heappush(waiting, (-missing.met, _amount(missing), next(newest), half, own or every))


def _amount(missing: Missing) -> float:
    known = missing.kind == "positive" and missing.value.is_finite()
    return -float(missing.value.lower()) if known else LOST


def number(t: Fraction) -> Fraction:
    """A number by its scale and its digits: one more of t is about twice as much.

    >>> [str(number(Fraction(t))) for t in ("0", "1/2", "1", "3/2", "10", "-2")]
    ['0', '1/2', '1', '2', '1023', '-3']
    """
    whole = int(abs(t))
    size = (1 + abs(t) - whole) * Fraction(2) ** whole - 1
    return size if t >= 0 else -size


def _halves(box: Box, sides: Sequence[int]) -> Iterator[Box]:
    """Halved along the longest of these sides."""
    n = max(sides, key=lambda k: box[k][1] - box[k][0])
    low, high = box[n]
    if high - low > NARROWEST:
        for half in ((low, (low + high) / 2), ((low + high) / 2, high)):
            yield (*box[:n], half, *box[n + 1 :])


def _possible(sought: Sought, box: Box) -> bool:
    """Whether nothing says that the box holds no point."""
    evaluator = _OverBox(sought, {e: _ball(*span) for e, span in zip(sought.entries, box, strict=True)})
    for kind, about, letters in sought.needed(evaluator):
        value = evaluator.at(about, letters)
        if value == 0 or (kind == "positive" and value <= 0):
            return False
    return True


def _ball(low: Fraction, high: Fraction) -> Ball:
    below, above = (arb(fmpq(x.numerator, x.denominator)) for x in map(number, (low, high)))
    return below.union(above)


def _not_below_zero(x: Ball) -> Ball:
    return arb(0).union(x.upper()) if x.is_finite() and x.lower() < 0 else x


# where a box lies on both sides of a kink
HULLS: Mapping[str, Callable[..., Ball]] = {
    "abs": lambda u: _not_below_zero(u.union(-u)),
    "relu": lambda u: _not_below_zero(u.union(arb(0))),
    "max": lambda u, v: u.union(v),
    "min": lambda u, v: u.union(v),
}


class _OverBox(Evaluator):
    """Values of terms over a box: balls that cover whatever they are at its points."""

    def __init__(self, sought: Sought, box: Mapping[Entry, Ball]) -> None:
        super().__init__(sought.question.context, sought.sizes, sought.values)
        self.box = box

    def _entry(self, name: str, at: tuple[int, ...], along: Entry | None) -> Ball:
        return super()._entry(name, at, along) if along or (name, at) not in self.box else self.box[name, at]

    def _pow(self, t: Term, letters: Letters, along: Entry | None) -> Ball:
        value = super()._pow(t, letters, along)
        return value if along or not is_whole(t.args[1], 2) else _not_below_zero(value)

    def _fn(self, t: Term, letters: Letters, along: Entry | None) -> Ball:
        value = super()._fn(t, letters, along)
        if along or value.is_finite() or t.value not in HULLS:
            return value
        return HULLS[str(t.value)](*(self.value(a, letters) for a in t.args))
