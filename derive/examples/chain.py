"""A network in numbers: every value of the forward and of the backward pass, each by the line that computes it.

The forward pass runs the definitions, the backward pass the right sides of theorems that are proved here. The last
error is computed twice: the long way, as a product of Jacobians, and the short way, by its own theorem (p - y).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import reduce
from typing import Protocol

import numpy as np
from numpy.typing import ArrayLike

from derive.chains.network import NetworkProblem, layered, network_problem, plain_name
from derive.chains.spec import NetworkSpec
from derive.core.term import Term, d, sym
from derive.errors import UsageError
from derive.examples.quantities import Array, ChainNumbers, Quantity
from derive.gradients.network import network_function
from derive.gradients.network_inputs import values_of
from derive.gradients.stable import Probabilities
from derive.gradients.steps import kept, proved
from derive.proofs.proof import Proof
from derive.proofs.prove import prove
from derive.proofs.scalar import differentiate

GIVEN, PRODUCT = "given", "chain-rule-row"
i, k = sym("i"), sym("k")


class HasSpec(Protocol):
    """A network: what says its layers and its loss."""

    @property
    def spec(self) -> NetworkSpec: ...


def chain_numbers(
    network: HasSpec | NetworkSpec, params: Mapping[str, ArrayLike], x: ArrayLike, y: ArrayLike, long: bool = True
) -> ChainNumbers:
    """Every value of the forward and the backward pass; params, x and y as for `Network.forward`.

    One example may be given as x (in,) and becomes the only row. long: whether the long way is gone too, which divides
    by p. Raises UsageError for what does not fit, and where a value is not finite, as y/p is when p is 0 in floating
    point.

    >>> from derive.chains.spec import LayerSpec
    >>> net = NetworkSpec(1, (LayerSpec(2),))
    >>> numbers = chain_numbers(net, {"W1": [[0], [0]], "b1": [0, 0]}, [[1.0]], [[1, 0]])
    >>> [quantity.name for quantity in numbers.forward], numbers["dell/dp"], numbers["dell/ds1"], numbers.gap
    (['s1', 'p', 'ell', 'L'], array([[-2., -0.]]), array([[-0.5,  0.5]]), 0.0)
    >>> numbers.short.by, numbers.short.right, numbers["dL/dW1"].tolist()
    ('delta-1', add(p[n, k], neg(y[n, k])), [[-0.5], [0.5]])
    """
    problem = problem_of(network)
    rows, targets = in_rows(x, y)
    links = _links(problem) if long else []
    proofs = prove(problem.chain)
    if links:
        slope = _by_output(problem, links[0])
        proofs = {slope.theorem.name: slope, **proofs}
    values = _run(problem, proofs, params, rows, targets)
    told = {name: _theorem(problem, proof, values) for name, proof in proofs.items() if kept(name) in values}
    factors = [told[f"loss-by-{links[0]}"], *(told[name] for name in _jacobians(problem, links))] if links else []
    return ChainNumbers(
        problem, proofs, tuple(_given(problem, params, rows, targets)),
        tuple(_defined(problem, name, values) for name in problem.context.definitions),
        (*factors, _product(problem, factors)) if links else (),
        *(_named(told, start) for start in ("activation-", "delta-")),
        *_of_parameters(problem, told),
    )  # fmt: skip


def problem_of(network: HasSpec | NetworkSpec) -> NetworkProblem:
    """The statement of a network for N examples."""
    return network_problem(network if isinstance(network, NetworkSpec) else network.spec, batch=True)


def in_rows(x: ArrayLike, y: ArrayLike) -> tuple[Array, Array]:
    """Examples as rows; one example becomes the only row, and its target too.

    >>> [array.shape for array in in_rows([1.0, 2.0], [0, 1])], [array.shape for array in in_rows([1.0, 2.0], 1)]
    ([(1, 2), (1, 2)], [(1, 2), (1,)])
    """
    rows, targets = np.asarray(x), np.asarray(y)
    return (rows[None], targets[None]) if rows.ndim == 1 else (rows, targets)


def _links(problem: NetworkProblem) -> list[Term]:
    """The families from what the loss is a formula of to the last pre-activations; none if these are the same."""
    last, output = layered("s", problem.depth), problem.output(problem.depth)
    tempered = [sym("z")] if "z" in problem.context.definitions else []
    families = list(dict.fromkeys([problem.loss.through, *tempered, output, last]))
    return families if len(families) > 1 else []


def _jacobians(problem: NetworkProblem, links: Sequence[Term]) -> list[str]:
    """The theorem about each family of the links by the next one."""
    names = {"p": "softmax-jacobian", "z": "temperature"}
    return [names.get(str(family.value), f"activation-{problem.depth}") for family in links[:-1]]


def _by_output(problem: NetworkProblem, family: Term) -> Proof:
    """The derivative of an example's loss by what it is a formula of."""
    context = problem.letters(problem.depth)
    return differentiate(f"loss-by-{family}", context, problem.example_loss, problem.entry(family, k))


def _run(
    problem: NetworkProblem, proofs: Mapping[str, Proof], params: Mapping[str, ArrayLike], x: Array, y: Array
) -> dict[str, Array]:
    """The values of the definitions and of the theorems that are shown, by the names under which they are kept."""
    theorems = {name: proof.theorem for name, proof in proofs.items()}
    function = network_function(problem, theorems)
    function(params, x, y)  # refuses constants for which nothing was proved
    lefts = {kept(name): theorem.left for name, theorem in theorems.items()}
    probabilities = Probabilities(problem.context.definitions)
    shown = [name for name in theorems if name.startswith(SHOWN)]
    steps = [proved(name, theorems[name], lefts, probabilities) for name in shown]
    try:
        found = replace(function, forward_steps=(*function.forward_steps, *steps)).forward(params, x, y)
    except UsageError:  # the gradients themselves were fine
        raise UsageError("a probability is 0 in floating point; leave the long way out, with long=False") from None
    return {name: np.asarray(found[plain_name(name)]) for name in (*problem.context.definitions, *map(kept, shown))}


SHOWN = ("loss-by-", "softmax-jacobian", "temperature", "activation-", "delta-", "example-", "gradient-")


def _given(problem: NetworkProblem, params: Mapping[str, ArrayLike], x: Array, y: Array) -> Iterator[Quantity]:
    values, _ = values_of(problem, params, x, y)
    for name, array in values.arrays.items():
        yield Quantity(plain_name(name), sym(name), GIVEN, None, np.array(array))


def _defined(problem: NetworkProblem, name: str, values: Mapping[str, Array]) -> Quantity:
    definition = problem.context.definitions[name]
    letters = tuple(map(sym, definition.params))
    term = sym(name)[letters] if letters else sym(name)
    return Quantity(plain_name(name), term, f"definition:{name}", definition.body, values[name])


def _theorem(problem: NetworkProblem, proof: Proof, values: Mapping[str, Array]) -> Quantity:
    theorem = proof.theorem
    name = f"delta{theorem.name[6:]}" if theorem.name.startswith("delta-") else slope_name(theorem.left)
    return Quantity(name, theorem.left, theorem.name, theorem.right, values[kept(theorem.name)])


def slope_name(derivative: Term) -> str:
    """What a person calls a derivative.

    >>> n, s, W = sym("n"), sym("s__1"), sym("W__1")
    >>> slope_name(d(sym("ell")[n], W[k, i])), slope_name(d(sym("p")[n, i], s[n, k]))
    ('dell/dW1', 'dp/ds1')
    """
    above, below = (plain_name(str((end.args[0] if end.op == "elem" else end).value)) for end in derivative.args)
    return f"d{above}/d{below}"


def _product(problem: NetworkProblem, factors: Sequence[Quantity]) -> Quantity:
    """The chain rule, example by example: a row times each Jacobian in turn."""
    values = reduce(lambda row, jacobian: np.einsum("ni,nik->nk", row, jacobian), (f.values for f in factors))
    term = d(problem.example_loss, problem.entry(layered("s", problem.depth), k))
    return Quantity(slope_name(term), term, PRODUCT, None, np.array(values))


def _named(told: Mapping[str, Quantity], start: str) -> tuple[Quantity, ...]:
    return tuple(quantity for name, quantity in told.items() if name.startswith(start))


def _of_parameters(problem: NetworkProblem, told: Mapping[str, Quantity]) -> tuple[tuple[Quantity, ...], ...]:
    """The gradients of each example's loss, and those of the loss over all of them."""
    if problem.total is None:
        return _named(told, "gradient-"), ()
    return _named(told, "example-"), _named(told, "gradient-")
