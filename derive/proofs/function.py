"""All the derivatives that a function problem asks for, each with its own proof."""

from __future__ import annotations

from collections.abc import Mapping

from derive.chains.function import FunctionProblem, name_of_chain
from derive.core.condition import Condition
from derive.core.kernel import simplest
from derive.core.term import Term
from derive.proofs.proof import Proof
from derive.proofs.scalar import differentiate


def prove_function(problem: FunctionProblem) -> dict[str, Proof]:
    """Proofs by name, in the order in which they build on each other. Raises NotDifferentiable.

    >>> from derive.core.context import Context
    >>> from derive.core.term import sym
    >>> x = sym("x")
    >>> proofs = prove_function(FunctionProblem(Context(), x**3, (x,), order=2))
    >>> {name: proof.theorem.right for name, proof in proofs.items()}
    {'derivative-x': mul(3, pow(x, 2)), 'derivative-x-x': mul(6, x)}
    """
    proofs: dict[str, Proof] = {}
    for chain in problem.chains:
        proofs[name_of_chain(chain)] = differentiate(
            name_of_chain(chain), problem.context, before(problem, chain, proofs), chain[-1]
        )
    return proofs


def conditions_together(proofs: Mapping[str, Proof], problem: FunctionProblem) -> tuple[Condition, ...]:
    """What all the proofs need, in its simplest form: a second derivative rests on the first."""
    return simplest((c for proof in proofs.values() for c in proof.theorem.conditions), problem.context)


def before(problem: FunctionProblem, chain: tuple[Term, ...], proofs: dict[str, Proof]) -> Term:
    """What the last derivative of the chain is taken of: the function, or the derivative proved before."""
    return proofs[name_of_chain(chain[:-1])].theorem.right if len(chain) > 1 else problem.body
