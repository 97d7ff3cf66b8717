"""A chain of definitions: the one thing that theorems are about, however it was written."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from derive.core.context import Context, Definition
from derive.core.term import Term, rebuild
from derive.errors import UsageError


class ProblemError(UsageError):
    """A chain that cannot be stated; the message says what is wrong and what would fit."""


@dataclass(frozen=True)
class Chain:
    """Definitions with sizes, letters and assumptions, before any proof.

    kind: how it was written, "formula", "problem", "network" or "lemma"; that is how its goals are planned and told.
    labels: how an entry is printed: ("b", 1) -> "3" makes the first bias b_3.
    source: what it was written as, for whoever tells it in the words of its kind. concrete: whether its entries have
    names of their own, such as p_setosa.
    """

    name: str
    kind: str
    context: Context = field(repr=False)
    labels: Mapping[tuple[str, int], str] = field(default_factory=dict, compare=False, repr=False)
    source: Any = field(default=None, compare=False, repr=False)
    concrete: bool = False


def unfolded(t: Term, definitions: Mapping[str, Definition]) -> Term:
    """The term with every definition put in, down to what is not defined.

    >>> from derive.core.term import exp, sym
    >>> z, k = sym("z"), sym("k")
    >>> p = Definition("p", ("i",), exp(z[sym("i")]))
    >>> unfolded(sym("p")[k] + 1, {"p": p})
    add(exp(z[k]), 1)
    """
    if t.op in ("sym", "elem"):
        definition = definitions.get(str((t.args or (t,))[0].value))
        if definition is None:
            return t
        return unfolded(definition.at(t.args[1:]), definitions)
    return rebuild(t, tuple(unfolded(a, definitions) for a in t.args)) if t.args else t
