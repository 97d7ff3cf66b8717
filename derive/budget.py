"""How much work one question may take: limits with names, in one table, and what a person can do when one is met.

Work is priced before it is done, by a count (terms, nodes, steps, points) and never by a clock, so that the answer is
the same on every machine. A person raises all limits together: `--budget 10`, or `with budget_of(10):`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from fractions import Fraction
from types import MappingProxyType
from typing import ClassVar

from derive.errors import UsageError

LEAST, LARGEST = Fraction(1, 1000), 1000  # factors of a budget
FAR = 10**12  # a price that is only known to be at least so high


@dataclass(frozen=True)
class Limit:
    """At most how many of what; fixed, where no budget raises it."""

    most: int
    of: str
    fixed: bool = False


LIMITS: Mapping[str, Limit] = MappingProxyType({
    "nodes": Limit(20_000, "nodes in one term", fixed=True),  # nobody reads more
    "depth": Limit(120, "levels in one term", fixed=True),  # every recursion stays within Python's limits
    "characters": Limit(20_000, "characters of one formula"),
    "steps": Limit(2_500, "steps of one proof"),
    "lines": Limit(6_000_000, "nodes in all lines of one proof"),
    "told": Limit(1_000_000, "nodes in all lines that are told"),
    "finer": Limit(400_000, "nodes in the finer lines of one proof", fixed=True),  # a record is the same for everybody
    "monomials": Limit(20_000, "monomials of one polynomial"),
    "multiplied": Limit(100_000, "monomials of everything that is multiplied out in one step"),
    "denominator": Limit(30_000, "monomials over one denominator"),
    "digits": Limit(4_096, "binary digits of one number"),
    "looked at": Limit(3_000_000, "nodes that a witness looks at, at all its points"),
    "compared": Limit(20_000, "nodes that SymPy works out in many digits, at all points"),
    "items": Limit(100_000, "items in one list of a lecture, with the lists in it"),
    "headings": Limit(500, "headings in one lecture"),
    "exponent": Limit(100_000_000, "as an exponent", fixed=True),
})  # fmt: skip

_FACTOR: ContextVar[Fraction] = ContextVar("budget", default=Fraction(1))


class OverBudget(UsageError):
    """A limit that is met; the message names it, says how large it is and how to raise it."""

    advice: ClassVar[str] = "write it in parts"

    def __init__(self, name: str, price: int | None = None, what: str = "this is too large") -> None:
        limit, most = LIMITS[name], most_of(name)
        needed = f"{price} {limit.of}" if price is not None and price < FAR else f"more than {most} {limit.of}"
        how = self.advice if limit.fixed else "a larger --budget raises it"
        super().__init__(f'{what}: {needed}, and the limit "{name}" is {most}; {how}')
        self.limit = name


def factor() -> Fraction:
    """By how much the limits are raised here."""
    return _FACTOR.get()


def most_of(name: str) -> int:
    """How much a limit allows here.

    >>> with budget_of(10):
    ...     most_of("nodes")
    20000
    """
    limit = LIMITS[name]
    return limit.most if limit.fixed else max(1, int(limit.most * _FACTOR.get()))


def afford(name: str, price: int, what: str = "this is too large") -> None:
    """Raises OverBudget if the price of what is about to be done is above the limit.

    >>> afford("steps", 2000)
    >>> try:
    ...     afford("steps", 3000)
    ... except OverBudget as limit:
    ...     limit.limit, "--budget" in str(limit)
    ('steps', True)
    """
    if price > most_of(name):
        raise OverBudget(name, price, what)


@dataclass
class Account:
    """What is still left of a limit, for work that is paid for bit by bit.

    >>> account = Account("depth")
    >>> account.spend(100)
    >>> account.left
    20
    """

    name: str
    left: int = -1

    def __post_init__(self) -> None:
        if self.left < 0:
            self.left = most_of(self.name)

    def spend(self, price: int = 1) -> None:
        """Raises OverBudget when there is not enough left; nothing more can be done then."""
        self.left -= price
        if self.left < 0:
            raise OverBudget(self.name)


@contextmanager
def budget_of(of: int | float | str | Fraction) -> Iterator[None]:
    """Within it all limits are so many times as large, for whatever runs in this context.

    >>> with budget_of("2.5"):
    ...     factor()
    Fraction(5, 2)
    """
    token = _FACTOR.set(_read(of))
    try:
        yield
    finally:
        _FACTOR.reset(token)


def _read(of: int | float | str | Fraction) -> Fraction:
    try:
        fits = len(str(of)) <= 40 and LEAST <= float(of) <= LARGEST  # before it is written out
        read = Fraction(of) if fits else Fraction(0)
    except (ValueError, TypeError, OverflowError, ZeroDivisionError):
        read = Fraction(0)
    if not LEAST <= read <= LARGEST:
        raise UsageError(f"a budget is a number from {float(LEAST):g} to {LARGEST}, such as 10, and not {of!s:.40}")
    return read
