"""What can be wrong with the description of a network, and how a value is shown to whoever wrote it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from derive.chains.chain import ProblemError

MOST_SHOWN = 50  # problems that are printed; all of them are in NetworkError.problems
LONGEST_SHOWN = 40  # characters of a value that are printed

Report = Callable[[str, str], None]  # takes the path of a value and what is wrong with it


@dataclass(frozen=True)
class SpecProblem:
    """One thing that is wrong: where, as in "network.layers[1].units", and what, with what would fit."""

    path: str
    message: str

    def __str__(self) -> str:
        return f"{self.path}: {self.message}"


class NetworkError(ProblemError):
    """A network that cannot be read; problems holds everything that is wrong, and the message has a line for each.

    >>> print(NetworkError([SpecProblem("loss.gamma", "must be at least 0, not -1")]))
    loss.gamma: must be at least 0, not -1
    """

    def __init__(self, problems: Iterable[SpecProblem]) -> None:
        self.problems = tuple(problems)
        super().__init__(self.problems)

    def __str__(self) -> str:
        more = len(self.problems) - MOST_SHOWN
        rest = [f"... and {more} more"] if more > 0 else []
        return "\n".join([*map(str, self.problems[:MOST_SHOWN]), *rest])


def shown(value: object) -> str:
    """A value in the words of a file, in one short line; safe for anything that a file or a dict may hold.

    >>> shown("two\\nlines"), shown(True), shown([1, 2]), shown(-0.5), shown(10**5000), shown(None)
    ('"two\\\\u000alines"', 'true', 'a list', '-0.5', 'a huge number', 'nothing')
    """
    match value:
        case bool():
            return str(value).lower()
        case None:
            return "nothing"
        case str():
            return f'"{printable(value)}"'
        case int() | Fraction():
            huge = abs(value.numerator) >= 10**LONGEST_SHOWN or value.denominator >= 10**LONGEST_SHOWN
            return "a huge number" if huge else _decimal(value)
        case float():
            return float.__repr__(value)
        case Decimal():
            return printable(Decimal.__str__(value))
        case Mapping():
            return "a table"
        case list() | tuple():
            return "a list"
        case _:
            return f"a {printable(type(value).__name__)}"


def _decimal(value: int | Fraction) -> str:
    """A number as it was written, not as a fraction, if that is short."""
    short = str(float(value))
    return short if value.denominator > 1 and Fraction(short) == value else str(value)


def printable(text: str, most: int = LONGEST_SHOWN) -> str:
    """A text without control characters, cut when it is long."""
    short = text if len(text) <= most else text[:most] + "..."
    return "".join(c if c.isprintable() else f"\\u{ord(c):04x}" for c in short)
