"""The results of a derivation as SymPy expressions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from derive.chains import Problem
from derive.chains.function import FunctionProblem, name_of, name_of_chain
from derive.core.term import Term, free
from derive.syntax.sympy_bridge import concrete, indexed

if TYPE_CHECKING:
    import sympy

    from derive.derivation.derivation import Derivation


def expression(t: Term, statement: Any) -> sympy.Expr:
    """A term as SymPy: plain symbols for the entries of a problem with classes, indexed ones otherwise."""
    context = statement.context
    if isinstance(statement, Problem) and statement.classes is not None and not free(t) & set(context.indices):
        return concrete(t, context, statement.labels, {})
    return indexed(t, context)


def results_of(derivation: Derivation) -> dict[Any, sympy.Expr]:
    """Each result by the symbol it was differentiated by, or by its left side; of a formula by the names."""
    statement = derivation.statement
    if isinstance(statement, FunctionProblem):
        chains = {chain: derivation.proofs[name_of_chain(chain)].theorem.right for chain in statement.asked}
        return {tuple(map(name_of, chain)): expression(t, statement) for chain, t in chains.items()}
    theorems = [proof.theorem for proof in derivation.single or (derivation.proof,)]
    by = {t: t.left.args[1] if t.left.op == "d" else t.left for t in theorems}
    return {expression(key, statement): expression(t.right, statement) for t, key in by.items()}


def result_of(derivation: Derivation) -> sympy.Expr:
    """The one result; a column or a matrix of several."""
    statement = derivation.statement
    if isinstance(statement, FunctionProblem):
        return _of_formula(statement, derivation.results)
    if not isinstance(statement, Problem) or not derivation.single or not statement.classes:
        return expression(derivation.theorem.right, statement)
    from sympy import ImmutableMatrix

    rows = len(statement.classes) if derivation.wrt != "h" else len(derivation.single)
    return ImmutableMatrix(rows, len(derivation.single) // rows, list(derivation.results.values()))


def _of_formula(problem: FunctionProblem, values: Any) -> sympy.Expr:
    if len(values) == 1 and not problem.hessian:
        return next(iter(values.values()))
    from sympy import ImmutableMatrix

    if not problem.hessian:
        return ImmutableMatrix(list(values.values()))
    names = list(map(name_of, problem.wrt))
    return ImmutableMatrix([[values[(a, b) if (a, b) in values else (b, a)] for b in names] for a in names])
