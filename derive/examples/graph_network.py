"""The computational graph of a network for one example: of whole vectors, or of the entries of its last layer.

Local derivatives are the right sides of theorems about one definition by the values it takes, such as
dp_i/ds_k = p_i (delta_ik - p_k). On a kink they are used as they read, as in the gradients of networks.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import product
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from derive.chains.network import NetworkProblem, layered, network_problem, plain_name
from derive.chains.spec import NetworkSpec
from derive.core.context import Context
from derive.core.kernel import Theorem
from derive.core.procedures import LONGEST_WRITTEN_SUM, written_out
from derive.core.term import Term, add, free, lift, mul, num, rebuild, substitute, sym, walk
from derive.errors import UsageError
from derive.examples.chain import HasSpec
from derive.examples.graph import Edge, Graph, Node
from derive.examples.graph_numbers import Operation, Slope, entry_name, with_numbers
from derive.gradients.arrays import Values, evaluate
from derive.gradients.network import network_function
from derive.gradients.network_inputs import values_of
from derive.gradients.stable import Probabilities, softmax_logits
from derive.gradients.steps import proved
from derive.proofs.goals import prove_goal, softmax_jacobian
from derive.proofs.scalar import differentiate

ZERO, ONE = num(0), num(1)
LETTERS = {"of": ("i", "m"), "by": ("k", "j")}  # indices of what is differentiated, and of what it is differentiated by
Array = NDArray[Any]


def network_graph(network: HasSpec | NetworkSpec, params: Mapping[str, ArrayLike], x: ArrayLike, y: ArrayLike) -> Graph:
    """One node a vector or matrix: x, W1, b1, s1, h1, ..., p, L, for one example x (in,).

    The local derivative along an edge has the shape of the target followed by that of the source. Raises UsageError
    for what does not fit.

    >>> from derive.chains.spec import LayerSpec
    >>> graph = network_graph(NetworkSpec(1, (LayerSpec(2),)), {"W1": [[0], [0]], "b1": [0, 0]}, [1.0], [1, 0])
    >>> [node.name for node in graph.nodes], graph["b1"].gradient
    (['W1', 'b1', 'x', 'y', 's1', 'p', 'L'], array([-0.5,  0.5]))
    >>> [(edge.source, edge.local.shape, edge.derivative) for edge in graph.into("p")]
    [('s1', (2, 2), mul(p[i], add(delta(i, k), neg(p[k]))))]
    """
    problem, values = _computed(network, params, x, y)
    context, probabilities = problem.context, Probabilities(problem.context.definitions)
    gradients: dict[str, Any] = {list(context.definitions)[-1]: np.ones(())}
    edges: list[Edge] = []
    for name in reversed(list(context.definitions)):
        for position, source in reversed(list(enumerate(_sources(problem, values, name)))):
            if not _is_moving(problem, source):
                continue
            theorem = jacobian(problem, name, source)
            step = proved(theorem.name, theorem, {}, probabilities)
            shape = (*values.arrays[name].shape, *values.arrays[source].shape)
            with np.errstate(all="ignore"):
                local = np.broadcast_to(np.asarray(evaluate(step.node, values)), shape)
            pulled = np.tensordot(gradients[name], local, axes=gradients[name].ndim)
            gradients[source] = gradients.get(source, 0) + pulled
            ends = plain_name(source), plain_name(name)
            edges.append(Edge(*ends, position, theorem.right, theorem, local, pulled))
    return Graph(tuple(_nodes(problem, values, gradients)), tuple(reversed(edges)))


def layer_graph(network: HasSpec | NetworkSpec, params: Mapping[str, ArrayLike], x: ArrayLike, y: ArrayLike) -> Graph:
    """One node an entry, from the inputs of the last layer to the loss of one example x (in,).

    Names are s2_1, W2_13, p_2, ..., counted from 1 as in the formulas. Raises UsageError for what does not fit, and
    for a layer of more than 12 inputs or units.

    >>> from derive.chains.spec import LayerSpec
    >>> graph = layer_graph(NetworkSpec(1, (LayerSpec(2),)), {"W1": [[0], [0]], "b1": [0, 0]}, [1.0], [1, 0])
    >>> graph["p_1"].operation, graph["p_1"].value, graph["b1_1"].gradient
    (div(exp(s__1[1]), add(exp(s__1[1]), exp(s__1[2]))), 0.5, -0.5)
    >>> [edge.derivative for edge in graph.into("p_1")]
    [mul(p[1], add(1, neg(p[1]))), mul(p[1], neg(p[2]))]
    """
    problem, values = _computed(network, params, x, y)
    drawn = list(problem.context.definitions)
    drawn = drawn[drawn.index(str(layered("s", problem.depth).value)) :]
    operations = [each for name in drawn for each in _entries(problem, values, name)]
    made = {each.symbol for each in operations}
    symbols = dict.fromkeys(t for each in operations for t in _symbols(values, each.operation) if t not in made)
    leaves = {t: float(values.arrays[str((t.args or (t,))[0].value)][_place(t)]) for t in symbols}
    return with_numbers(leaves, operations)


def jacobian(problem: NetworkProblem, name: str, by: str) -> Theorem:
    """The theorem about a definition of a network, differentiated by what its formula mentions.

    >>> from derive.chains.spec import LayerSpec
    >>> problem = network_problem(NetworkSpec(2, (LayerSpec(3, "tanh"), LayerSpec(2))))
    >>> jacobian(problem, "L", "p").right, jacobian(problem, "s__2", "h__1").right
    (neg(div(y[k], p[k])), W__2[i, k])
    """
    sizes = {end: problem.context.shapes.get(family, ()) for end, family in (("of", name), ("by", by))}
    ranges = {letter: size for end in sizes for letter, size in zip(LETTERS[end], sizes[end], strict=False)}
    definition = problem.context.definitions[name]
    # without the other definitions their names are plain variables: what is proved is the local derivative
    context = Context({name: definition}, problem.context.shapes, ranges)
    of, at = (_entry(family, LETTERS[end][: len(sizes[end])]) for end, family in (("of", name), ("by", by)))
    title = f"d{plain_name(name)}-by-{plain_name(by)}"
    if softmax_logits(definition) is not None:
        return prove_goal(softmax_jacobian(title, sym(name), sym(by)), context).theorem
    return differentiate(title, context, of, at).theorem


def _entry(family: str, letters: tuple[str, ...]) -> Term:
    return sym(family)[tuple(map(sym, letters))] if letters else sym(family)


def _computed(
    network: HasSpec | NetworkSpec, params: Mapping[str, ArrayLike], x: ArrayLike, y: ArrayLike
) -> tuple[NetworkProblem, Values]:
    """The network for one example, and the value of every name in its formulas."""
    problem = network_problem(network if isinstance(network, NetworkSpec) else network.spec)
    values, _ = values_of(problem, params, x, y)
    function = network_function(problem)
    function.forward(params, x, y)  # refuses what is not finite
    with np.errstate(all="ignore"):
        for step in function.forward_steps:
            step(values)
    return problem, values


def _sources(problem: NetworkProblem, values: Values, name: str) -> list[str]:
    """The names with values in the formula of a definition, in the order in which they are read."""
    definition = problem.context.definitions[name]
    named = free(definition.body) - set(definition.params)
    read = (str(t.value) for _, t in walk(definition.body) if t.op == "sym" and t.value in named)
    return [name for name in dict.fromkeys(read) if name in values.arrays]


def _nodes(problem: NetworkProblem, values: Values, gradients: Mapping[str, Array]) -> Iterator[Node]:
    definitions = problem.context.definitions
    mentioned = {source for name in definitions for source in _sources(problem, values, name)}
    for family in (name for name in values.arrays if name in mentioned and name not in definitions):
        plain, value = plain_name(family), np.asarray(values.arrays[family])
        yield Node(plain, sym(family), sym(family), None, (), value, gradients.get(family))
    for name, definition in definitions.items():
        inputs = tuple(map(plain_name, _sources(problem, values, name)))
        value = np.asarray(values.arrays[name])
        body = definition.body
        yield Node(plain_name(name), sym(name), body, body, inputs, value, gradients.get(name))


def _entries(problem: NetworkProblem, values: Values, name: str) -> Iterator[Operation]:
    """The entries of a definition as operations on entries."""
    definition = problem.context.definitions[name]
    theorems = {by: jacobian(problem, name, by) for by in _sources(problem, values, name) if _is_moving(problem, by)}
    for place in product(*(range(1, values.size(size) + 1) for size in problem.context.shapes[name])):
        body = at_entry(definition.body, {**values.sizes, **dict(zip(definition.params, place, strict=True))})
        symbol = sym(name)[place] if place else sym(name)
        symbols = _symbols(values, body)
        slopes = tuple(_slope(theorems, values.sizes, symbol, by) for by in symbols)
        yield Operation(entry_name(symbol), symbol, body, body, tuple(map(entry_name, symbols)), slopes)


def _is_moving(problem: NetworkProblem, name: str) -> bool:
    """Whether there is a derivative by a family: not by targets, nor by weights of classes."""
    return name in problem.context.definitions or name in problem.parameters


def _slope(theorems: Mapping[str, Theorem], sizes: Mapping[str, int], of: Term, by: Term) -> Slope | None:
    family = str((by.args or (by,))[0].value)
    if family not in theorems:
        return None
    theorem = theorems[family]
    letters = [str(index.value) for end in theorem.left.args for index in end.args[1:]]
    places = [int(index.value or 0) for end in (of, by) for index in end.args[1:]]
    return Slope(at_entry(theorem.right, {**sizes, **dict(zip(letters, places, strict=True))}), theorem)


def _symbols(values: Values, t: Term) -> list[Term]:
    """The entries and numbers in a formula, in the order in which they are read."""
    if t.op == "elem" or (t.op == "sym" and t.value in values.arrays):
        return [t]
    return list(dict.fromkeys(symbol for a in t.args for symbol in _symbols(values, a)))


def _place(t: Term) -> tuple[int, ...]:
    """Where an entry stands in an array, from 0."""
    return tuple(int(index.value or 0) - 1 for index in t.args[1:])


def at_entry(t: Term, letters: Mapping[str, int]) -> Term:
    """A formula at one entry: numbers for its letters, sums written out, deltas as 1 or 0 and left out.

    >>> p, i, k = map(sym, "pik")
    >>> from derive.core.term import delta
    >>> slope = p[i] * (delta(i, k) - p[k])
    >>> at_entry(slope, {"i": 1, "k": 1}), at_entry(slope, {"i": 1, "k": 2})
    (mul(p[1], add(1, neg(p[1]))), mul(p[1], neg(p[2])))
    """
    return _written(substitute(t, {letter: num(place) for letter, place in letters.items()}))


def _written(t: Term) -> Term:
    if t.op == "sum":
        try:
            return _written(written_out(t, {}).right)
        except ValueError:
            raise UsageError(f"a layer of more than {LONGEST_WRITTEN_SUM} entries is too wide to be drawn") from None
    if t.op in ("elem", "num", "sym"):
        return t
    args = tuple(map(_written, t.args))
    match t.op:
        case "delta" if all(a.op == "num" for a in args):
            return lift(int(args[0] == args[1]))
        case "add":
            return add(*([a for a in args if a != ZERO] or [ZERO]))
        case "mul":
            return ZERO if ZERO in args else mul(*([a for a in args if a != ONE] or [ONE]))
        case "neg" if args[0] == ZERO:
            return ZERO
    return rebuild(t, args)
