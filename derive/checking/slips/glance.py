"""Values at a few plain points, to see at once that two terms differ. It never says that they are equal."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from functools import cached_property
from typing import Any

from flint import ctx as flint_context

from derive.core.context import Context
from derive.core.term import Term
from derive.witness.at_point import Question
from derive.witness.evaluate import PRECISION, Evaluator
from derive.witness.regions import scalars
from derive.witness.sampling import Unsuited, Values
from derive.witness.search import search_numbers

POINTS = tuple(Fraction(n) for n in ("7/3", "-5/4", "3/7", "-1/9", "11"))
APART = Fraction(10, 9)  # between the values of two names


class Glance:
    """A term about plain numbers, and whether others plainly differ from it.

    >>> from derive.core.term import sym
    >>> x = sym("x")
    >>> seen = Glance(x**2, [x], Context())
    >>> seen.differs(x * 2), seen.differs(x * x)
    (True, False)
    """

    def __init__(self, t: Term, others: Iterable[Term], context: Context) -> None:
        self.t, self.others, self.context = t, tuple(others), context
        self.names = scalars(context, (t, *self.others))

    @cached_property
    def values(self) -> list[tuple[Evaluator, Any]]:
        """Where the term has a value, and the value; where the others have one too, if there are such points."""
        if self.names is None:
            return []
        plain = [{name: start * APART**n for n, name in enumerate(self.names)} for start in POINTS]
        seen = self._seen(plain)
        together = [(at, value) for at, value in seen if all(_value(at, t) is not None for t in self.others)]
        return (together or self._seen(self._narrow()) or seen)[:2]

    def _seen(self, points: Iterable[Mapping[str, Fraction]]) -> list[tuple[Evaluator, Any]]:
        evaluators = (Evaluator(self.context, {}, Values.given(point)) for point in points)
        found = ((evaluator, _value(evaluator, self.t)) for evaluator in evaluators)
        return [(evaluator, value) for evaluator, value in found if value is not None]

    def _narrow(self) -> Sequence[Mapping[str, Fraction]]:
        """Points of a narrow domain, in which all of them have a value."""
        question = Question((*self.others, self.t), self.context, frozenset(), (), 1, 0)
        try:
            with flint_context.workprec(PRECISION):
                return search_numbers(question, self.names or ())
        except Unsuited:
            return ()

    def differs(self, other: Term) -> bool:
        for evaluator, value in self.values:
            theirs = _value(evaluator, other)
            if theirs is not None and not value.overlaps(theirs):
                return True
        return False


def _value(evaluator: Evaluator, t: Term) -> Any:
    """The value as a ball, or None where there is none."""
    try:
        with flint_context.workprec(PRECISION):
            value = evaluator.at(t, {})
    except Unsuited:
        return None
    return value if value.is_finite() else None
