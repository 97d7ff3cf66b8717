"""One question at one point: is each line equal to the line before it?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

from derive.core.condition import Condition
from derive.core.context import Context
from derive.core.term import Term, free
from derive.witness.conditions import condition_holds
from derive.witness.evaluate import Evaluator
from derive.witness.functions import Ball, middle
from derive.witness.sampling import Letters, Unsuited
from derive.witness.verdict import Refuted

BY = "balls"
TOLERANCE = 2.0**-60  # a ball that is wider says nothing


@dataclass(frozen=True)
class Question:
    """Is each of these terms equal to the one before it?"""

    lines: tuple[Term, ...]
    context: Context = field(hash=False)
    assumptions: frozenset[str]
    conditions: tuple[Condition, ...]
    points: int
    seed: int
    narrowly: bool = True  # whether narrow domains are searched for a point
    smallest: int = 0  # bits: the balls must be that much smaller, to tell a tiny constant from 0

    @property
    def terms(self) -> tuple[Term, ...]:
        """Everything whose letters need a value."""
        spoken = (side for name in sorted(self.assumptions) for side in self.context.assumptions[name])
        return (*dict.fromkeys(self.lines), *spoken, *(t for c in self.conditions for t in c.about))


def holds(question: Question, evaluator: Evaluator, letters: Letters) -> bool:
    """Whether the conditions hold here and every line has a value, for certain.

    Raises Unsuited for what cannot be read.
    """
    held = all(condition_holds(c, evaluator, letters) for c in question.conditions)
    return held and all(middle(evaluator.at(line, letters)).is_finite() for line in question.lines)


class Undefined(Exception):
    """A point outside the domain; another one is tried."""


@dataclass(frozen=True)
class Differs(Exception):
    """A point where two neighbours differ."""

    pair: int
    left: Ball
    right: Ball
    letters: Letters

    def refutes(self, question: Question, evaluator: Evaluator, numbers: Sequence[int]) -> Refuted:
        """The verdict; numbers gives the line that each term is, 0 for the claim."""
        pair = question.lines[self.pair - 1 : self.pair + 1]
        spoken = question.context.reach(frozenset[str]().union(*map(free, pair)))
        point = {**evaluator.sizes, **self.letters, **evaluator.values.shown(spoken)}
        left, right = (float(middle(side).mid()) for side in (self.left, self.right))
        residual = float((self.left - self.right).mid())
        return Refuted(BY, point, left, right, residual, line=numbers[self.pair])


def at_point(question: Question, evaluator: Evaluator, letters: Letters) -> Unsuited | None:
    """None if all lines agree, or why that cannot be told; neighbours that differ are raised."""
    if not all(condition_holds(c, evaluator, letters) for c in question.conditions):
        raise Undefined
    values: list[Any] = [_value(evaluator, line, letters) for line in question.lines]
    for n, (before, after) in enumerate(pairwise(values), 1):
        if _is_finite(before) and _is_finite(after) and not before.overlaps(after):
            raise Differs(n, before, after, letters)
    for value in values:  # a line that cannot be read keeps the others from being agreed, not from being refuted
        if isinstance(value, Unsuited):
            return value
    if not any(map(_is_finite, values)):
        raise Undefined
    return (
        Unsuited("undefined-on-one-side") if not all(map(_is_finite, values)) else _too_wide(values, question.smallest)
    )


def _value(evaluator: Evaluator, line: Term, letters: Letters) -> Ball | Unsuited:
    try:
        return evaluator.at(line, letters)
    except Unsuited as reason:
        return reason


def _is_finite(value: Ball | Unsuited) -> bool:
    return not isinstance(value, Unsuited) and bool(value.is_finite())


def _too_wide(balls: Sequence[Ball], smallest: int) -> Unsuited | None:
    wide = any(float(ball.rad() * 2**smallest) > TOLERANCE * (1 + abs(float(ball.mid()))) for ball in balls)
    return Unsuited("too-wide") if wide else None
