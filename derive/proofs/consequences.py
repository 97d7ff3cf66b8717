"""Theorems that show what follows from a choice that is rarely meant in a network."""

from __future__ import annotations

from derive.chains.lint import Lint
from derive.chains.network import NetworkProblem
from derive.core.term import d, sym
from derive.proofs.backpropagation import last_layer, prove_network, theorems_of
from derive.proofs.proof import Proof
from derive.proofs.scalar import carried_out
from derive.proofs.writer import Writer

k = sym("k")


def consequence(problem: NetworkProblem, found: Lint) -> Proof:
    """The proof that a finding speaks of.

    >>> from derive.chains.lint import lint
    >>> from derive.chains.network import network_problem
    >>> from derive.chains.spec import LayerSpec, LossSpec, NetworkSpec
    >>> spec = NetworkSpec(2, (LayerSpec(1, "sigmoid"),), LossSpec("squared-error", "value"))
    >>> [finding] = lint(spec)
    >>> consequence(network_problem(spec), finding).theorem.right
    mul(h__1[k], add(h__1[k], neg(y[k])), add(1, neg(h__1[k])))
    """
    if found.proof == "layer":
        layer = int(found.slots["layer"])
        return prove_network(problem, (f"W__{layer}",))[f"layer-{layer}"]
    if found.proof == "loss-by-output":
        at = problem.entry(problem.output(problem.depth), k)
        return _finished("loss-by-output", Writer(problem.letters(problem.depth), d(problem.example_loss, at), x=at))
    proofs = last_layer(problem)
    if found.proof == "delta":
        return proofs[-1]
    known = {proof.theorem.name: proof for proof in proofs}
    jacobian = known.get("softmax-jacobian") or known[f"activation-{problem.depth}"]
    at = jacobian.theorem.left.args[1]
    slope = d(problem.example_loss, at)
    return _finished("before-sum-to-one", Writer(problem.letters(problem.depth), slope, theorems_of([jacobian]), x=at))


def _finished(name: str, writer: Writer) -> Proof:
    carried_out(writer)
    writer.finish()
    return writer.checked(name)
