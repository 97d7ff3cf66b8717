"""The derivatives that a formula asks for, each with its own goal."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from derive.chains.chain import Chain
from derive.chains.function import FunctionProblem, name_of, name_of_chain
from derive.core.condition import Condition
from derive.core.context import Context
from derive.core.kernel import simplest
from derive.core.term import d
from derive.proofs.goals import Goal, Plan, by_name
from derive.proofs.proof import Proof
from derive.proofs.scalar import DIFFERENTIATED


def formula_plan(chain: Chain, road: str = "", only: Collection[str] | None = None) -> Plan:
    """A goal for each derivative, in the order in which they build on each other.

    >>> from derive.core.term import sym
    >>> x = sym("x")
    >>> list(formula_plan(FunctionProblem(Context(), x**3, (x,), order=2).chain).goals)
    ['derivative-x', 'derivative-x-x']
    """
    problem: FunctionProblem = chain.source
    goals = []
    for by in problem.chains:
        name, before = name_of_chain(by), name_of_chain(by[:-1]) if len(by) > 1 else ""
        left = by[-1] if before else d(problem.body, by[0])
        goals.append(Goal(name, left, DIFFERENTIATED, of=before, result=by in problem.asked))
    asked = {",".join(map(name_of, by)): (name_of_chain(by),) for by in problem.asked}
    return Plan(by_name(goals), asked, wrt=",".join(map(name_of, problem.wrt)))


def conditions_together(proofs: Mapping[str, Proof], context: Context) -> tuple[Condition, ...]:
    """What all the proofs need, in its simplest form: a second derivative rests on the first."""
    return simplest((c for proof in proofs.values() for c in proof.theorem.conditions), context)
