"""The one prover: what is asked of a chain, proved goal by goal."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping

from derive.chains.chain import Chain
from derive.errors import UsageError
from derive.proofs.formula import formula_plan
from derive.proofs.goals import Plan, proved
from derive.proofs.lemmas import lemma_plan
from derive.proofs.network import network_plan
from derive.proofs.proof import Proof
from derive.proofs.softmax_cross_entropy import softmax_plan

PLANS: Mapping[str, Callable[[Chain, str, Collection[str] | None], Plan]] = {
    "formula": formula_plan, "problem": softmax_plan, "network": network_plan, "lemma": lemma_plan,
}  # fmt: skip


def plan_of(chain: Chain, road: str = "", only: Collection[str] | None = None) -> Plan:
    """The goals of a chain, on one of its roads. only: what is asked for, where not all goals are wanted."""
    return PLANS[chain.kind](chain, road, only)


def prove(chain: Chain, wrt: Iterable[str] | None = None, road: str = "", also: Iterable[str] = ()) -> dict[str, Proof]:
    """The theorems that are asked for and what they rest on, by name, in the order in which they are told.

    wrt: what a person calls the variables (all of them by default). also: more theorems, by their names. Raises
    UsageError, NotDifferentiable.

    >>> from derive.chains.network import network_problem
    >>> from derive.chains.spec import LayerSpec, NetworkSpec
    >>> proofs = prove(network_problem(NetworkSpec(2, (LayerSpec(3, "tanh"), LayerSpec(2)))).chain)
    >>> proofs["delta-2"].theorem.right, proofs["gradient-b__1"].theorem.right
    (add(p[k], neg(y[k])), d(L, s__1[k]))
    """
    names, called = list(also), None if wrt is None else list(wrt)
    plan = plan_of(chain, road, None if called is None else [*called, *names])
    for name in plan.asked if called is None else called:
        if name not in plan.asked:
            raise UsageError(f"there is no {name}; differentiate by one of {', '.join(plan.asked)}")
        names += plan.asked[name]
    return proved(plan.needed(names), chain.context)
