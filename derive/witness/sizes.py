"""Sizes that stand as values, as n in a mean: agreement at some of them proves nothing for the others."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from derive.core.condition import Condition
from derive.core.context import Context
from derive.core.term import Term, free, mul, nodes, rebuild, sym
from derive.witness.sampling import size_names

OWN = "ǂ{}"  # the variable that a size becomes where it is a value: a letter that no name may hold


def valued(context: Context, terms: Iterable[Term]) -> frozenset[str]:
    """The symbolic sizes that are values somewhere, and not only say how far an index runs.

    >>> from derive.core.term import lift, sym, total
    >>> i, n, x = map(sym, "inx")
    >>> context = Context(shapes={"x": (n,)})
    >>> sorted(valued(context, [total(i, n, x[i])])), sorted(valued(context, [total(i, n, x[i]) / n]))
    ([], ['n'])
    """
    terms = tuple(terms)
    names = frozenset(size_names(context, terms))
    return frozenset(name for t in (*terms, *_bodies(context, terms)) for name in _valued(t, names))


def _bodies(context: Context, terms: Sequence[Term]) -> list[Term]:
    """The definitions that the terms speak of."""
    spoken = context.reach(frozenset[str]().union(*map(free, terms)))
    return [definition.body for name, definition in sorted(context.definitions.items()) if name in spoken]


def _valued(t: Term, names: frozenset[str]) -> frozenset[str]:
    own = OWN.format("")
    found = {str(here.value) for here in nodes(_apart(t, names)) if here.op == "sym"}
    return frozenset(name.removeprefix(own) for name in found if name.startswith(own))


def generalised(context: Context, terms: Sequence[Term]) -> tuple[Context, tuple[Term, ...], tuple[Condition, ...]]:
    """The same with a variable, which is positive, for each size that is a value.

    >>> from derive.core.term import lift, sym, total
    >>> i, n, x = map(sym, "inx")
    >>> generalised(Context(shapes={"x": (n,)}), [total(i, n, x[i]) / n])[1]
    (div(sum(i, n, x[i]), ǂn),)
    """
    names = frozenset(size_names(context, terms))
    definitions = {name: replace(d, body=_apart(d.body, names)) for name, d in context.definitions.items()}
    wider = Context(
        definitions, context.shapes, context.indices, context.fixed, context.assumptions, context.depends,
        context.counts,
    )  # fmt: skip
    positive = (Condition("positive", (sym(OWN.format(name)),)) for name in sorted(valued(context, terms)))
    return wider, tuple(_apart(t, names) for t in terms), tuple(positive)


def _apart(t: Term, names: frozenset[str]) -> Term:
    """A sum of what does not depend on its index is a multiple: sum_i 1 is n, too."""
    if t.op == "sym":
        return sym(OWN.format(t.value)) if t.value in names else t
    if t.op in ("elem", "delta"):
        return t
    if t.op == "d":
        return rebuild(t, (_apart(t.args[0], names), t.args[1]))
    if t.op == "sum":
        index, size, body = t.args
        inner = _apart(body, names)
        return mul(_apart(size, names), inner) if index.value not in free(body) else rebuild(t, (index, size, inner))
    return rebuild(t, tuple(_apart(a, names) for a in t.args))
