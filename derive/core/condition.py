"""Conditions of rules and theorems: what must hold of terms, and for which indices."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from derive.core.match import Found, fill
from derive.core.term import Term, free, fresh, substitute, walk


@dataclass(frozen=True)
class OnValue:
    """A condition on a value: the relation to 0, the same in words, and whether a value meets it."""

    relation: str
    said: str
    holds: Callable[[Any], bool]


# conditions on values: evident, or recorded as a condition of the theorem
RECORDED: Mapping[str, OnValue] = {
    "positive": OnValue(">", "greater than 0", lambda value: bool(value > 0)),
    "nonzero": OnValue("≠", "other than 0", lambda value: bool(value != 0)),
}
KINDS = (
    "apart",
    "constant",
    "through",
    "through-row",
    "rows",
    "sized",
    "columns",
    "ranges",
    "distinct",
    "whole",
    "natural",
    *RECORDED,
)


@dataclass(frozen=True)
class Condition:
    """One of the conditions below, about slots of a rule or, recorded, about terms."""

    kind: str
    about: tuple[Term, ...]

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise ValueError(f"no condition {self.kind!r}")

    def filled(self, found: Found) -> Condition:
        return Condition(self.kind, tuple(fill(t, found) for t in self.about))


def for_each(condition: Condition, index: Term) -> Condition:
    """The condition for every value of an index; a prime marks it.

    >>> i, j = Term("sym", (), "i"), Term("sym", (), "j")
    >>> x = Term("sym", (), "x")
    >>> for_each(for_each(Condition("nonzero", (x[i, j],)), i), j).about
    (x[i', j'],)
    """
    name = str(index.value)
    spoken = frozenset[str]().union(*map(free, condition.about))
    if name not in spoken:
        return condition
    mark = f"{name}'" if f"{name}'" not in spoken else fresh("m", {each.rstrip("'") for each in spoken}) + "'"
    return Condition(condition.kind, tuple(substitute(t, {name: Term("sym", (), mark)}) for t in condition.about))


def without_primes(t: Term) -> Term:
    """t with plain letters for those that mean every value."""
    return substitute(t, {name: Term("sym", (), name.rstrip("'")) for name in free(t) if name.endswith("'")})


def with_first_marks(t: Term) -> Term:
    """t with its primed letters, which mean every value, renamed in the order in which they stand: one spelling."""
    marks = dict.fromkeys(str(a.value) for _, a in walk(t) if a.op == "sym" and str(a.value).endswith("'"))
    return substitute(t, {name: Term("sym", (), f"m{n}'") for n, name in enumerate(marks)})
