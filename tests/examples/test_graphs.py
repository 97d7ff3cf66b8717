"""Graphs: gradients against SymPy's derivatives and against backpropagation, and the order in which they are drawn."""

import math

import numpy as np
import pytest
import sympy

from derive.core.context import Context
from derive.derivation.network import network
from derive.errors import UsageError
from derive.examples.graph_formula import graph_of
from derive.examples.graph_network import layer_graph, network_graph
from derive.examples.graph_numbers import local_derivative
from derive.examples.seeds import EXAMPLES, seed_example
from derive.syntax.formula import FormulaError, parse
from derive.syntax.to_sympy import indexed

FORMULAS = [
    ("(a+b)*c", {"a": 2, "b": 3, "c": 4}),
    ("1/(1+exp(-(w0 x0 + w1 x1 + w2)))", {"w0": 2, "x0": -1, "w1": -3, "x1": -2, "w2": -3}),
    ("1/(1+e^(-(theta_0 + theta_1 x_1)))", {"theta_0": 0.3, "theta_1": -0.6, "x_1": 2}),
    ("(a*b+c)*f", {"a": 2, "b": -3, "c": 10, "f": -2}),
    ("(a+b)(b+1)", {"a": 2, "b": 1}),
    ("(x+y)z", {"x": -2, "y": 5, "z": -4}),
    ("tanh(x1 w1 + x2 w2 + b)", {"x1": 2, "x2": 0, "w1": -3, "w2": 1, "b": 6.88}),
    ("x*x*x + x/y - sqrt(y)/x", {"x": 1.5, "y": 2.5}),
    ("a - b - 2c a", {"a": 1, "b": 2, "c": 3}),
    ("x^y + y^2 ln(x)", {"x": 1.7, "y": -0.6}),
    ("-(1/2) (t - sigmoid(w x))^2", {"t": 1, "w": 0.4, "x": 3}),
    ("max(x, y) + relu(y - x) + |x|", {"x": -2, "y": 3}),
    ("pi*x + e^2/x + 3", {"x": 0.5}),
    ("-ln(exp(a)/(exp(a) + exp(b) + exp(c)))", {"a": 0.1, "b": -0.4, "c": 1.2}),
]  # fmt: skip


@pytest.mark.parametrize("pairs", [True, False])
@pytest.mark.parametrize(("text", "values"), FORMULAS, ids=lambda value: value if isinstance(value, str) else "")
def test_against_sympy(text, values, pairs):
    graph = graph_of(text, values, pairs=pairs)
    written = indexed(parse(text).term, Context())
    symbols = {str(symbol): sympy.Symbol(str(symbol), real=True) for symbol in written.free_symbols}
    expression = written.subs({symbol: symbols[str(symbol)] for symbol in written.free_symbols})
    assert set(symbols) == set(values) == set(graph.gradients)
    at = {symbols[name]: sympy.Float(value, 30) for name, value in values.items()}
    assert graph[graph.output].value == pytest.approx(float(expression.evalf(30, at)), rel=1e-12)
    for name, gradient in graph.gradients.items():
        expected = float(expression.diff(symbols[name]).evalf(30, at))
        assert gradient == pytest.approx(expected, rel=1e-11, abs=1e-14)


@pytest.mark.parametrize(("text", "values"), FORMULAS, ids=lambda value: value if isinstance(value, str) else "")
def test_every_gradient_is_the_sum_over_its_edges(text, values):
    graph = graph_of(text, values)
    for node in graph.nodes:
        leaving = graph.out_of(node.name)
        if leaving:
            assert node.gradient == pytest.approx(sum(edge.gradient for edge in leaving), rel=1e-13, abs=1e-15)
        for edge in graph.into(node.name):
            assert edge.gradient == pytest.approx(node.gradient * edge.local, rel=1e-15)
            assert edge.theorem.left.op == "d"
            assert graph.levels[edge.source] < graph.levels[edge.target]
    assert graph[graph.output].gradient == 1


def test_equal_parts_are_computed_once():
    graph = graph_of("(a+b)*(a+b) + sin(a+b)", {"a": 1, "b": 2})
    sums = [node for node in graph.nodes if node.operation == parse("a+b").term]
    assert len(sums) == 1
    assert len(graph.out_of(sums[0].name)) == 3


def test_names_and_operations():
    graph = graph_of("(x+y)z", {"x": -2, "y": 5, "z": -4}, names={"q": "x+y", "f": "(x+y)z"})
    assert [node.name for node in graph.nodes] == ["x", "y", "z", "q", "f"]
    assert graph.output == "f"
    assert graph["f"].inputs == ("q", "z")
    assert str(graph["f"].operation) == "mul(q, z)"
    assert [str(edge.derivative) for edge in graph.into("f")] == ["z", "q"]


def test_a_name_may_be_used_in_those_after_it():
    """1/(1 + e^-s) at s = 0 in four steps: 1/2, and the slope 1/4."""
    parts = {"s": "w x", "t": "-s", "u": "exp(t)", "v": "1 + u", "f": "1/v"}
    graph = graph_of("1/(1 + exp(-(w x)))", {"w": 0, "x": 3}, parts)
    assert [node.name for node in graph.nodes] == ["w", "x", *parts]
    assert [str(graph[name].operation) for name in "tuv"] == ["neg(s)", "exp(t)", "add(1, u)"]
    assert (graph["f"].value, graph["s"].gradient, graph["w"].gradient) == (0.5, 0.25, 0.75)
    with pytest.raises(UsageError, match="u is no part of"):
        graph_of("x y", {"x": 1, "y": 2}, {"u": "t + x", "t": "x y"})  # t is named after it
    with pytest.raises(UsageError, match="x is already the name"):
        graph_of("(x + y) y", {"x": 1, "y": 2}, {"x": "x + y"})


def test_only_graphs_of_formulas_have_letters_of_their_own():
    example = seed_example("softmax-graph")
    assert graph_of("a b", {"a": 1, "b": 2}).typed
    assert not layer_graph(network(example.spec), example.params, example.x[0], example.y[0]).typed


def test_a_variable_may_be_called_like_a_number_of_a_node():
    graph = graph_of("(v1 + v2) v3", {"v1": 1, "v2": 2, "v3": 3})
    assert [node.name for node in graph.nodes] == ["v1", "v2", "v3", "v4", "v5"]


def test_letters_of_patterns_do_not_meet_those_of_formulas():
    assert graph_of("v/u", {"u": 2, "v": 6}).gradients == {"v": 0.5, "u": -1.5}


def test_strokes_in_the_order_of_a_lecture():
    graph = graph_of("(a+b)(b+1)", {"a": 2, "b": 1}, names={"c": "a+b", "d": "b+1", "e": "(a+b)(b+1)"})
    told = [(stroke.kind, stroke.node, stroke.value) for stroke in graph.strokes]
    assert told == [
        ("leaf", "a", 2), ("leaf", "b", 1), ("forward", "c", 3), ("forward", "d", 2), ("forward", "e", 6),
        ("start", "e", 1), ("edge", "c", 2), ("edge", "d", 3), ("edge", "b", 3), ("edge", "a", 2), ("edge", "b", 2),
        ("sum", "b", 5),
    ]  # fmt: skip


def test_the_step_function_has_slope_zero_where_it_has_one():
    assert str(local_derivative(parse("step(u)").term, "u").right) == "0"


BAD = [
    ("relu(x)", {"x": 0}, UsageError, "v1 = relu\\(x\\) has no derivative here: x is 0 and must be other than 0"),
    ("x + 1/y", {"x": 1, "y": 0}, UsageError, "1/y has no finite value here"),
    ("ln(x)", {"x": -1}, UsageError, "log\\(x\\) has no finite value here"),
    ("exp(x)", {"x": 1e4}, UsageError, "exp\\(x\\) has no finite value here"),
    ("x + y", {"x": 1}, UsageError, "a value for y is missing; the variables are x, y"),
    ("x", {"x": 1, "z": 2}, UsageError, "there is no z in the formula; the variables are x"),
    ("x", {"x": math.inf}, UsageError, "x is inf; it must be a finite number"),
    ("x", {"x": True}, UsageError, "x is True; it must be a finite number"),
    ("x", {"x": "1"}, UsageError, "x is '1'; it must be a finite number"),
    ("2 + 3", {}, UsageError, "there are no variables in the formula"),
    ("sum_j x_j", {"x": 1}, UsageError, "has no graph; write sums out"),
    ("x +", {"x": 1}, FormulaError, "column"),
]


@pytest.mark.parametrize(("text", "values", "error", "message"), BAD, ids=lambda value: str(value)[:30])
def test_messages(text, values, error, message):
    with pytest.raises(error, match=message):
        graph_of(text, values)


def test_messages_about_names():
    with pytest.raises(UsageError, match="q is no part of \\(x \\+ y\\)\\*z that the graph computes"):
        graph_of("(x+y)z", {"x": 1, "y": 2, "z": 3}, names={"q": "y z"})
    with pytest.raises(UsageError, match="x is already the name of something else in the graph"):
        graph_of("(x+y)z", {"x": 1, "y": 2, "z": 3}, names={"x": "x+y"})
    with pytest.raises(UsageError, match='the graph has no node "q"; it has x, y, v1'):
        graph_of("x+y", {"x": 1, "y": 2})["q"]


# networks


def one(name):
    """An example with its last row."""
    example = seed_example(name)
    return example, (example.spec, example.params, example.x[-1], example.y[-1])


@pytest.mark.parametrize("name", EXAMPLES)
def test_vectors_against_backpropagation(name):
    example, given = one(name)
    graph = network_graph(*given)
    loss, gradients = network(example.spec).value_and_grad(example.params, example.x[-1:], example.y[-1:])
    assert graph[graph.output].value == pytest.approx(loss, rel=1e-13)
    for wrt, gradient in gradients.items():
        ours = graph[wrt].gradient
        np.testing.assert_allclose(ours, gradient.reshape(ours.shape), rtol=1e-11, atol=1e-14)
    assert graph["y"].gradient is None


@pytest.mark.parametrize("name", EXAMPLES)
def test_entries_against_backpropagation(name):
    example, given = one(name)
    graph, depth = layer_graph(*given), len(example.spec.layers)
    _, gradients = network(example.spec).value_and_grad(example.params, example.x[-1:], example.y[-1:])
    for letter in "Wb":
        for place, slope in np.ndenumerate(gradients[f"{letter}{depth}"]):
            entry = f"{letter}{depth}_{''.join(str(n + 1) for n in place)}"
            assert graph[entry].gradient == pytest.approx(slope, rel=1e-11, abs=1e-14)


def test_the_shapes_of_a_network_graph():
    _, given = one("softmax-graph")
    graph = network_graph(*given)
    edges = {(edge.source, edge.target): edge for edge in graph.edges}
    assert edges["W2", "s2"].local.shape == (3, 3, 2)
    assert edges["s2", "p"].local.shape == (3, 3)
    assert str(edges["s2", "p"].derivative) == "mul(p[i], add(delta(i, k), neg(p[k])))"
    assert str(edges["p", "L"].derivative) == "neg(div(y[k], p[k]))"
    assert graph.levels == {
        "x": 0,
        "y": 0,
        "W1": 0,
        "b1": 0,
        "W2": 0,
        "b2": 0,
        "s1": 1,
        "h1": 2,
        "s2": 3,
        "p": 4,
        "L": 5,
    }


def test_the_local_derivatives_of_a_layer():
    _, given = one("softmax-graph")
    graph = layer_graph(*given)
    assert [str(edge.derivative) for edge in graph.into("p_2")] == [
        "mul(p[2], add(1, neg(p[2])))", "mul(p[2], neg(p[1]))", "mul(p[2], neg(p[3]))",
    ]  # fmt: skip
    assert [str(edge.derivative) for edge in graph.into("s2_1")][:2] == ["h__1[1]", "W__2[1, 1]"]


def test_a_penalty_is_an_edge_of_its_own():
    """The loss depends on W by way of p, and directly."""
    spec = {"network": {"input": 1, "layers": [{"units": 2}]}, "loss": {"name": "cross-entropy"}}
    net = network(spec | {"regularization": {"l2": 0.5}})
    params = {"W1": [[1.0], [-2.0]], "b1": [0.0, 0.0]}
    graph = network_graph(net, params, [1.0], [1, 0])
    assert {edge.target for edge in graph.out_of("W1")} == {"s1", "L"}
    gradient = net.value_and_grad(params, [[1.0]], [[1, 0]])[1]["W1"]
    np.testing.assert_allclose(graph["W1"].gradient, gradient, rtol=1e-13)


def test_a_layer_that_is_too_wide():
    net = network({"network": {"input": 13, "layers": [{"units": 2}]}, "loss": {"name": "cross-entropy"}})
    with pytest.raises(UsageError, match="a layer of more than 12 entries is too wide to be drawn"):
        layer_graph(net, net.initial(), np.ones(13), [1, 0])
