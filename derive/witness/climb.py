"""Points in domains of many variables: from a point outside, straight towards what is missing first.

Each step follows the slope of the first condition that does not hold, a little farther than it should need.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from fractions import Fraction
from math import isfinite

from flint import arb_series

from derive.witness.evaluate import Entry, Evaluator
from derive.witness.sought import Missing, Sought

Point = dict[Entry, Fraction]
WORK = 100_000  # nodes of terms that are looked at, slopes included
STEPS = 60
FARTHER, LEAST = 1.5, 1e-6  # how much of what is missing is made up for, and more
DIGITS = 10**9  # of the denominators


def climbed(sought: Sought, starts: Iterable[Point]) -> Iterator[Point]:
    """Values of the entries where everything that is sought is there, one from each start that leads to some."""
    left = WORK // (sought.size * (len(sought.entries) + 1))
    for start in starts:
        point = start
        for _ in range(STEPS):
            left -= 1
            evaluator = sought.at(point)
            missing = sought.missing(evaluator)
            if missing is None and sought.found(evaluator):
                yield point
            further = None if missing is None or left < 0 else _further(sought, evaluator, missing, point)
            if further is None:
                break
            point = further


def _further(sought: Sought, evaluator: Evaluator, missing: Missing, point: Point) -> Point | None:
    """A step along the slope; None where there is none to follow."""
    slopes = {entry: _slope(evaluator, missing, entry) for entry in point}
    steep = sum(slope * slope for slope in slopes.values())
    lacking = -float(missing.value.mid()) if missing.value.is_finite() else float("nan")
    step = (FARTHER * lacking + LEAST) / steep if steep > 0 else float("nan")
    moved = {entry: float(point[entry]) + step * slope for entry, slope in slopes.items()}
    if missing.kind != "positive" or not all(map(isfinite, moved.values())):
        return None
    return {entry: Fraction(value).limit_denominator(DIGITS) for entry, value in moved.items()}


def _slope(evaluator: Evaluator, missing: Missing, entry: Entry) -> float:
    series = evaluator.value(missing.about, missing.letters, entry)
    return float(series[1].mid()) if isinstance(series, arb_series) else 0.0
