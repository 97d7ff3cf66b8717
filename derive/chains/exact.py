"""Numbers as they are spelled in decimals: exact fractions, of so many digits and no more."""

from __future__ import annotations

import math
import re
from decimal import Decimal
from fractions import Fraction

MOST_DIGITS = 40  # of the numerator, and of the denominator
FRACTION = re.compile(rf"-?[0-9]{{1,{MOST_DIGITS}}}/0*[1-9][0-9]{{0,{MOST_DIGITS - 1}}}")


def exact(value: object) -> Fraction | None:
    """The number as it is spelled in decimals, or None for what is no number or has too many digits.

    >>> exact(0.1), exact("1/3"), exact(float("nan")), exact(True), exact(Decimal("1e999999"))
    (Fraction(1, 10), Fraction(1, 3), None, None, None)
    """
    if isinstance(value, str):
        return Fraction(value) if FRACTION.fullmatch(value) else None
    if isinstance(value, float) and math.isfinite(value):
        value = Decimal(float.__repr__(value))
    if isinstance(value, bool) or not isinstance(value, int | Fraction | Decimal) or not finite(value):
        return None
    if isinstance(value, Decimal) and value and abs(value.adjusted()) > MOST_DIGITS:
        return None  # as a fraction it would fill the memory
    number = Fraction(value)
    return number if max(abs(number.numerator), number.denominator) < 10**MOST_DIGITS else None


def finite(value: object) -> bool:
    """Whether this is a number, neither infinite nor NaN; true and false are none."""
    match value:
        case bool():
            return False
        case float():
            return math.isfinite(value)
        case Decimal():
            return value.is_finite()
        case _:
            return isinstance(value, int | Fraction)


def is_numeral(text: str) -> bool:
    """Whether a text is a number in quotes."""
    return re.fullmatch(r"[-+]?[0-9.]+([eE][-+]?[0-9]+)?", text[:MOST_DIGITS]) is not None


def unquoted(value: object) -> str:
    """What else to say of a number in quotes, or of 3.0 where 3 is meant."""
    if isinstance(value, str) and is_numeral(value):
        return "; write it without quotes"
    number = exact(value) if isinstance(value, float | Decimal) else None
    return f"; write {number}" if number is not None and number.denominator == 1 else ""
