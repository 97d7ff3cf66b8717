"""A part of a formula that has been read, and the limits on its numbers."""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Context, Decimal
from fractions import Fraction

from derive.budget import LIMITS
from derive.core.term import Term, num

LARGEST_EXPONENT = LIMITS["exponent"].most
_FEW_DIGITS = Context(prec=60, Emax=10_000, Emin=-10_000, traps=[])


@dataclass(frozen=True, slots=True)
class Part:
    """A term, where it stands, and how it is written; value if it is made of numerals only.

    kind: number, name, bracket, lone (a bracket around a number or name), bare (a function without brackets),
    barenumber, twice (a function of a function, without brackets), root, loose (a derivative without brackets),
    power, juxtaposed, chain, or nothing special. items: the parts of the last three.
    """

    term: Term
    start: int
    stop: int
    kind: str = ""
    value: Decimal | None = None
    items: tuple[Part, ...] = ()

    @property
    def tail(self) -> str:
        """The kind of its last factor."""
        return self.items[-1].tail if self.kind in ("juxtaposed", "chain") else self.kind

    def within(self, start: int, stop: int, kind: str = "") -> Part:
        """The same, in brackets."""
        return replace(self, start=start, stop=stop, kind=kind, items=())


def number(written: str, start: int, stop: int) -> Part:
    return Part(num(Fraction(written)), start, stop, "number", Decimal(written))


def computed(operation: str, *parts: Part) -> Decimal | None:
    """The value of an operation on numerals, to 60 digits; infinity if it is beyond all measure.

    >>> computed("power", number("2", 0, 1), number("10", 2, 4))
    Decimal('1024')
    """
    values = [part.value for part in parts if part.value is not None]
    if not values or len(values) < len(parts):
        return None
    whole = values[0]
    for value in values[1:]:
        whole = getattr(_FEW_DIGITS, operation)(whole, value)
    return whole


def negated(value: Decimal | None) -> Decimal | None:
    return None if value is None else value.copy_negate()


def is_zero(part: Part) -> bool:
    return part.value is not None and part.value.is_zero()


def too_large(value: Decimal | None, limit: int) -> bool:
    """Whether a number made of numerals exceeds the limit, on either side of zero."""
    return value is not None and not value.is_nan() and (value.is_infinite() or value.copy_abs() > limit)


def is_minus_one(part: Part) -> bool:
    return part.value is not None and part.value == -1
