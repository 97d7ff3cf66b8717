"""A claim about plain numbers, judged in every region of its domain that a search finds."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from flint import ctx as flint_context

from derive.core.term import Term
from derive.witness.applies import explored
from derive.witness.at_point import BY, Differs, Question, Undefined, at_point
from derive.witness.evaluate import Evaluator
from derive.witness.functions import middle
from derive.witness.regions import NICE, Explorer, Point, Signs
from derive.witness.sampling import Unsuited, constraints
from derive.witness.verdict import Proven, Refuted, Undecided, Verdict

ENOUGH = 3  # points in each region
SPREAD = 7  # and every seventh point in regions already looked at, so that every magnitude is seen
MOST_POINTS, MOST_REGIONS = 64, 24
HOPELESS = 4  # times that a region was tried and had no point
SHARPER = (1024, 8192)  # bits, where a ball was too wide
LARGE = 8  # beyond it a value may be missing because it is too large, not because it is undefined


def judge_in_regions(
    question: Question, names: Sequence[str], numbers: Sequence[int], known: dict[object, Evaluator]
) -> Verdict:
    """numbers gives the line that each term is, 0 for the claim."""
    constraints(question.context, question.assumptions)  # raises for those that say something about a plain number
    explorer = Explorer(question.context, names, question.terms, str(question.seed), known)
    looked = Looked(question, explorer)
    unclear: Unsuited | None = None
    for signs, point in looked.points():
        try:
            reason = looked.at(point)
        except Undefined:
            looked.missed[signs] += 1
            continue
        except Differs as differs:
            return readable(looked, point, differs, numbers)
        if reason is None:
            looked.agreed[signs] += 1
        else:
            looked.missed[signs] += 1
            unclear = unclear or _serious(reason, point)
    if unclear is None and looked.agreed:
        detail = {"sizes": (), "points": looked.agreed.total(), "regions": len(looked.agreed), "lines": max(numbers)}
        return Proven(BY, detail)
    unclear = unclear or Unsuited("no-point")
    return Undecided(BY, unclear.why, unclear.slots)


@dataclass
class Looked:
    """What has been looked at so far."""

    question: Question
    explorer: Explorer

    def __post_init__(self) -> None:
        self.agreed, self.missed = Counter[Signs](), Counter[Signs]()

    def points(self) -> Iterator[tuple[Signs, Point]]:
        """Those in regions that still need some."""
        left = replace(self.question, lines=self.question.lines[:1])
        for n, (signs, point) in enumerate(explored(self.explorer, left)):
            room = signs in self.agreed or len(self.agreed) < MOST_REGIONS
            wanted = self.agreed[signs] < ENOUGH or n % SPREAD == 0
            if room and wanted and self.missed[signs] < HOPELESS:
                yield signs, point
            if self.agreed.total() >= MOST_POINTS or (self.agreed and not self.explorer.names):
                return

    def at(self, point: Point) -> Unsuited | None:
        """What `at_point` says, with more bits where those at hand are too few."""
        for precision in (flint_context.prec, *(bits for bits in SHARPER if bits > flint_context.prec)):
            with flint_context.workprec(precision):
                evaluator = self.explorer.evaluator(point)
                if not _defined(evaluator, self.question.lines[0]):
                    raise Undefined
                reason = at_point(self.question, evaluator, {})
            if reason is None or reason.why != "too-wide":
                break
        return reason


def _defined(evaluator: Evaluator, left: Term) -> bool:
    """Only points where the left side has a value count; one that cannot be read is told apart later."""
    try:
        return bool(middle(evaluator.at(left, {})).is_finite())
    except Unsuited:
        return True


def _serious(reason: Unsuited, point: Point) -> Unsuited | None:
    """Numbers too large to be told are no reason to doubt."""
    far = any(abs(value) > LARGE for value in point.values())
    return None if far and reason.why in ("too-wide", "undefined-on-one-side") else reason


def readable(looked: Looked, point: Point, differs: Differs, numbers: Sequence[int]) -> Refuted:
    """The refutation, at a point of small rationals if one shows the same."""
    for name in point:
        for simple in _simpler(point[name]):
            closer = {**point, name: simple}
            found = _differs(looked, closer)
            if found is not None and found.pair == differs.pair:
                point, differs = closer, found
                break
    return differs.refutes(looked.question, looked.explorer.evaluator(point), numbers)


def _simpler(value: Fraction) -> list[Fraction]:
    if value in NICE:
        return []
    return [*NICE, *(value.limit_denominator(n) for n in (1, 2, 10) if value.limit_denominator(n) != value)]


def _differs(looked: Looked, point: Point) -> Differs | None:
    try:
        looked.at(point)
    except Undefined:
        return None
    except Differs as differs:
        return differs
    return None
