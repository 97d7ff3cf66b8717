"""The second derivatives of an example's loss by the last pre-activations: the Hessian, and its diagonal."""

from __future__ import annotations

from derive.chains.network import NetworkProblem, layered
from derive.core.context import Context
from derive.core.term import Term, d, lift, sym, walk
from derive.proofs.backpropagation import chained, last_layer, theorems_of
from derive.proofs.choice import NotDifferentiable
from derive.proofs.proof import Proof
from derive.proofs.scalar import carried_out
from derive.proofs.writer import Writer

i, k, l, m = map(sym, "iklm")
p, z = sym("p"), sym("z")


def prove_second_order(problem: NetworkProblem) -> dict[str, Proof]:
    """delta of the last layer, then its derivatives: "hessian" by any pre-activation, "hessian-diagonal" by its own.

    Raises NotDifferentiable for a loss without second derivatives.

    >>> from derive.chains.network import network_problem
    >>> from derive.chains.spec import LayerSpec, NetworkSpec
    >>> proofs = prove_second_order(network_problem(NetworkSpec(2, (LayerSpec(3),))))
    >>> proofs["hessian"].theorem.right, proofs["hessian-diagonal"].theorem.right
    (mul(p[k], add(delta(k, l), neg(p[l]))), mul(p[k], add(1, neg(p[k]))))
    """
    layer = problem.depth
    proofs = {proof.theorem.name: proof for proof in last_layer(problem)}
    context, s = problem.letters(layer), layered("s", layer)
    slope = proofs[f"delta-{layer}"].theorem.right
    if any(t.op == "d" for _, t in walk(slope)):
        raise NotDifferentiable(
            "the derivative of this loss stands in terms of others; its own derivative is not proved"
        )
    if "temperature" in proofs and "softmax-jacobian" in proofs:
        proofs["probability-by-logit"] = _tempered(problem, context, s, proofs)
    known = [proof for proof in proofs.values() if proof.theorem.left.args[1:] == (problem.entry(s, k),)]
    context = context.with_letters({**context.indices, "l": problem.sizes[-1]})
    for name, index in (("hessian", l), ("hessian-diagonal", k)):
        at = problem.entry(s, index)
        writer = Writer(context, d(slope, at), theorems_of(known), x=at)
        carried_out(writer)
        writer.finish()
        writer.to(_factored(writer.line))
        proofs[name] = writer.checked(name)
    return proofs


def _factored(t: Term) -> Term:
    """p (1 - p) for p - p^2, as it is always written."""
    squared = t.op == "add" and len(t.args) == 2 and t.args[1] == -(t.args[0] ** 2)
    return t.args[0] * (lift(1) - t.args[0]) if squared else t


def _tempered(problem: NetworkProblem, context: Context, s: Term, proofs: dict[str, Proof]) -> Proof:
    """dp_i/ds_k through the logits divided by a temperature."""
    at = problem.entry(s, k)
    lemmas = [proofs["softmax-jacobian"], proofs["temperature"]]
    writer = Writer(context, d(problem.entry(p, i), at), theorems_of(lemmas), x=at)
    chained(problem, writer, z, m, problem.sizes[-1])
    writer.everywhere("softmax-jacobian")
    carried_out(writer)
    writer.finish()
    return writer.checked("probability-by-logit")
