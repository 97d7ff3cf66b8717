"""Values at a few plain points, to see at once that two terms differ. It never says that they are equal."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from functools import cached_property
from typing import Any

from flint import ctx as flint_context

from derive.core.law import Context
from derive.core.term import Term
from derive.witness.evaluate import PRECISION, Evaluator
from derive.witness.regions import scalars
from derive.witness.sampling import Unsuited, Values

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
        self.t, self.context = t, context
        self.names = scalars(context, (t, *others))

    @cached_property
    def values(self) -> list[tuple[Evaluator, Any]]:
        """Where the term has a value, and the value."""
        if self.names is None:
            return []
        seen = []
        for start in POINTS:
            point = {name: start * APART**n for n, name in enumerate(self.names)}
            evaluator = Evaluator(self.context, {}, Values.given(point))
            value = _value(evaluator, self.t)
            if value is not None:
                seen.append((evaluator, value))
        return seen[:2]

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
