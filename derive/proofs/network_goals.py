"""What each theorem of a network is about, by its name: so that a record cannot call one by another's name."""

from __future__ import annotations

from collections.abc import Iterator

from derive.chains.network import NetworkProblem, layered
from derive.core.term import Term, d, sym, total

i, j, k, m = map(sym, "ijkm")
p, t, x, z = map(sym, "ptxz")
Goal = tuple[str, int, Term]  # the name of a theorem, the layer it is about, its left side


def network_goals(problem: NetworkProblem) -> Iterator[Goal]:
    """Every theorem that a proof of the network may rest on.

    >>> from derive.chains.network import network_problem
    >>> from derive.chains.spec import LayerSpec, NetworkSpec
    >>> problem = network_problem(NetworkSpec(2, (LayerSpec(3, "tanh"), LayerSpec(2))))
    >>> {name: left for name, _, left in network_goals(problem)}["delta-1"]
    d(L, s__1[k])
    """
    yield from _of_loss(problem)
    for layer in range(1, problem.depth + 1):
        s = problem.entry(layered("s", layer), k)
        yield f"activation-{layer}", layer, d(problem.entry(layered("h", layer), i), s)
        yield f"delta-{layer}", layer, d(problem.example_loss, s)
        yield f"layer-{layer}", layer, d(problem.entry(layered("s", layer + 1), m), s)
        W, b = layered("W", layer), layered("b", layer)
        yield from _of_parameter(problem, f"W__{layer}", layer, W[k, j])
        yield from _of_parameter(problem, f"b__{layer}", layer, b[k])
    yield from _of_parameter(problem, "x", 1, problem.entry(x, j))


def _of_loss(problem: NetworkProblem) -> Iterator[Goal]:
    """From the loss to the last pre-activations."""
    loss, last, output = problem.example_loss, problem.depth, problem.output(problem.depth)
    tempered = "z" in problem.context.definitions
    yield "softmax-jacobian", last, d(problem.entry(p, i), problem.entry(z if tempered else output, k))
    yield "smoothed-targets", last, total(i, problem.sizes[last], problem.entry(t, i))
    yield "temperature", last, d(problem.entry(z, i), problem.entry(output, k))
    for family in (z, output):
        yield f"loss-by-{family}", last, d(loss, problem.entry(family, k))


def _of_parameter(problem: NetworkProblem, family: str, layer: int, entry: Term) -> Iterator[Goal]:
    """The derivatives by weights, biases or inputs: of a pre-activation, of one example's loss, of the whole loss."""
    loss, whole = problem.example_loss, problem.total
    yield f"affine-{family.replace('__', '-')}", layer, d(problem.entry(layered("s", layer), m), entry)
    if whole is None or whole == loss:
        yield f"gradient-{family}", layer, d(loss, entry)
        return
    yield f"example-{family}", layer, d(loss, entry)
    other = x[problem.other_example, j] if family == "x" and problem.batch else entry
    if other != entry:
        yield f"own-{family}", layer, d(loss, other)
    yield f"gradient-{family}", layer, d(whole, other)
