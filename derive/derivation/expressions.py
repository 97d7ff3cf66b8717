"""The results of a derivation as SymPy expressions."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from derive.chains.chain import Chain
from derive.chains.function import name_of, name_of_chain
from derive.core.term import Term, free
from derive.syntax.sympy_bridge import concrete, indexed

if TYPE_CHECKING:
    import sympy

    from derive.derivation.derivation import Derivation


def expression(t: Term, chain: Chain) -> sympy.Expr:
    """A term as SymPy: plain symbols for the entries of a concrete chain, indexed ones otherwise."""
    if chain.concrete and not free(t) & set(chain.context.indices):
        return concrete(t, chain.context, chain.labels, {})
    return indexed(t, chain.context)


def by_symbol(derivation: Derivation) -> dict[Any, sympy.Expr]:
    """Each result by the symbol it was differentiated by, or by its left side."""
    theorems = [proof.theorem for proof in derivation.single or (derivation.proof,)]
    by = {t: t.left.args[1] if t.left.op == "d" else t.left for t in theorems}
    return {expression(key, derivation.chain): expression(t.right, derivation.chain) for t, key in by.items()}


def by_names(derivation: Derivation) -> dict[Any, sympy.Expr]:
    """Each result by the names of what it was differentiated by, one after the other."""
    rights = {by: derivation.proofs[name_of_chain(by)].theorem.right for by in derivation.statement.asked}
    return {tuple(map(name_of, by)): expression(t, derivation.chain) for by, t in rights.items()}


def one_or_matrix(derivation: Derivation) -> sympy.Expr:
    """The one result; of a concrete chain those of all entries, in the shape of what was differentiated by."""
    if not derivation.chain.concrete or not derivation.single:
        return expression(derivation.theorem.right, derivation.chain)
    from sympy import ImmutableMatrix

    rows = int(str(derivation.chain.context.shapes[derivation.wrt][0].value))
    return ImmutableMatrix(rows, len(derivation.single) // rows, list(derivation.results.values()))


def hessian_or_gradient(derivation: Derivation) -> sympy.Expr:
    """Of a formula: the one derivative, a column of several, or a symmetric matrix."""
    values: Mapping[Any, sympy.Expr] = derivation.results
    problem = derivation.statement
    if len(values) == 1 and not problem.hessian:
        return next(iter(values.values()))
    from sympy import ImmutableMatrix

    if not problem.hessian:
        return ImmutableMatrix(list(values.values()))
    names = list(map(name_of, problem.wrt))
    return ImmutableMatrix([[values[(a, b) if (a, b) in values else (b, a)] for b in names] for a in names])
