"""What a matrix is called: a capital letter, and a small one for a vector; the error of a layer is delta."""

from __future__ import annotations

from derive.chains.network import plain_name
from derive.core.context import Context
from derive.core.meaning import base
from derive.core.term import free
from derive.matrices.entries import names
from derive.matrices.expression import Expression, Named, leaves

CAPITALS = {"delta": "Delta"}
LOSSES = ("L", "ell")


def symbol(named: Named, taken: frozenset[str] = frozenset()) -> str:
    """The name of a family as a matrix; a matrix keeps its small letter where the capital is taken.

    Empty for a derivative that has no letter of its own.

    >>> from derive.core.term import num, sym
    >>> h = Named(sym("h__1")[sym("n"), sym("k")], sym("n"), sym("k"), (sym("N"), num(3)))
    >>> symbol(h), symbol(h, frozenset(["H__1"]))
    ('H__1', 'h__1')
    """
    name, *by = families(named)
    if by:
        letter, _, layer = by[0].partition("__")
        if letter != "s" or name not in LOSSES:
            return ""
        name = f"delta__{layer}"
    letter, _, layer = name.partition("__")
    capital = CAPITALS.get(letter, letter.upper()) + (f"__{layer}" if layer else "")
    return name if named.rows is None or named.columns is None or {capital, plain_name(capital)} & taken else capital


def numpy_name(named: Named, taken: frozenset[str] = frozenset()) -> str:
    """The same for NumPy: H1, and dL_dW1 for a derivative without a letter.

    >>> from derive.core.term import d, num, sym
    >>> W = sym("W__1")[sym("k"), sym("j")]
    >>> numpy_name(Named(d(sym("L"), W), sym("k"), sym("j"), (num(3), num(2))))
    'dL_dW1'
    """
    own = symbol(named, taken)
    if own:
        return plain_name(own)
    return "_".join(f"d{plain_name(name)}" for name in families(named))


def reserved(context: Context) -> frozenset[str]:
    """The numbers and sizes that a context speaks of, which no matrix may be called."""
    sizes = (size for shape in context.shapes.values() for size in shape)
    return context.reach(context.definitions).union(*map(free, sizes)) - context.families


def taken(*expressions: Expression) -> frozenset[str]:
    """The same for expressions alone."""
    matrices = {name for e in expressions for leaf in leaves(e) if isinstance(leaf, Named) for name in families(leaf)}
    return frozenset[str]().union(*map(names, expressions)) - matrices


def families(named: Named) -> tuple[str, ...]:
    """The name of a family; of a derivative, what is differentiated and by what."""
    parts = named.family.args if named.family.op == "d" else (named.family,)
    return tuple(map(base, parts))
