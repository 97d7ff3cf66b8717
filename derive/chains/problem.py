"""A problem: definitions, assumptions and sizes, and the names people give to the entries."""

from __future__ import annotations

from dataclasses import dataclass, field

from derive.core.context import Context
from derive.core.term import Term, rebuild, substitute
from derive.errors import UsageError


class ProblemError(UsageError):
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


def unfolded(t: Term, context: Context) -> Term:
    """The term with every definition put in, down to what is not defined.

    >>> from derive.core.context import Definition
    >>> from derive.core.term import exp, sym
    >>> z, k, C = sym("z"), sym("k"), sym("C")
    >>> p = Definition("p", ("i",), exp(z[sym("i")]))
    >>> unfolded(sym("p")[k] + 1, Context({"p": p}, {"p": (C,), "z": (C,)}))
    add(exp(z[k]), 1)
    """
    if t.op in ("sym", "elem"):
        definition = context.definitions.get(str((t.args or (t,))[0].value))
        if definition is None:
            return t
        body = substitute(definition.body, dict(zip(definition.params, t.args[1:], strict=True)))
        return unfolded(body, context)
    return rebuild(t, tuple(unfolded(a, context) for a in t.args)) if t.args else t
