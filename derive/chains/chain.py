"""A chain of definitions: the one thing that theorems are about, however it was written."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from derive.core.context import Context
from derive.core.term import Term, rebuild, substitute
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
