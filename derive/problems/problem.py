"""A problem: definitions, assumptions and sizes, and the names people give to the entries."""

from __future__ import annotations

from dataclasses import dataclass, field

from derive.core.law import Context
from derive.core.term import Term


class ProblemError(ValueError):
    """A problem that cannot be stated; the message says what is wrong and what would fit."""


@dataclass(frozen=True)
class Problem:
    """What to prove about, before any proof.

    classes: the names of a concrete problem's classes, None for a symbolic number.
    target: the index of the true class (a numeral, or r), or None when the targets are free.
    labels: how an entry is printed: ("b", 1) -> "3" makes the first bias b_3.
    """

    name: str
    context: Context
    classes: tuple[str, ...] | None = None
    named: bool = False
    inputs: int | None = None
    target: Term | None = None
    biases: tuple[str, ...] = ()
    labels: dict[tuple[str, int], str] = field(default_factory=dict, compare=False)

    @property
    def size(self) -> Term:
        """The number of classes, C or a numeral."""
        return self.context.shapes["z"][0]
