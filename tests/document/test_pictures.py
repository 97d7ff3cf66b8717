"""Figures as data: what cannot be drawn is refused, and what is drawn are the right numbers."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest

from derive.core.kernel import Theorem
from derive.core.term import exp, lift, sym
from derive.document.figures import (
    Axis,
    Contours,
    Curve,
    FigureError,
    Graph,
    GraphNode,
    Layer,
    Network,
    Panel,
    Plot,
    Point,
    step_by_step,
    tangent,
)
from derive.document.nodes import Message, Name, Number, Picture
from derive.document.pictures import (
    entropy_and_squares,
    graph_figure,
    loss_over_parameter,
    network_figure,
    operation_sign,
    sampled,
    sigmoid_and_step,
    surface,
    tangent_reach,
    training_curve,
)
from derive.examples.graph import Edge, Node
from derive.examples.graph import Graph as Computed

X = Axis(Name("x"))
CAPTION = Message("figure.path")


def panels(picture: Picture) -> tuple[Panel, ...]:
    assert isinstance(picture.drawing, Plot)
    return picture.drawing.panels


def at(curve: Curve, x: float) -> float:
    """The y of a curve at the place that is nearest."""
    return min(zip(curve.x, curve.y, strict=True), key=lambda point: abs(point[0] - x))[1]


def product(shown: int | None = None) -> Graph:
    """(a + b) c at a = 2, b = -3, c = 4, worked by hand."""
    numbers = {"a": (2, 4), "b": (-3, 4), "c": (4, -1), "d": (-1, 4), "f": (-4, 1)}
    inputs = {"d": ("a", "b"), "f": ("d", "c")}
    return Graph(
        tuple(
            GraphNode(key, sym(key), inputs.get(key, ()), (Number(value, 0),), (Number(slope, 0),))
            for key, (value, slope) in numbers.items()
        ),
        shown,
    )


@pytest.mark.parametrize("bad", [math.nan, math.inf, -math.inf, 1e200])
def test_only_finite_numbers_are_drawn(bad: float) -> None:
    with pytest.raises(FigureError, match="point 2 of a curve"):
        Curve((0.0, 1.0), (1.0, bad))
    with pytest.raises(FigureError, match="needs finite numbers"):
        Point(bad, 0.0)
    with pytest.raises(FigureError, match="not a finite number"):
        Contours((0.0, 1.0), (0.0, 1.0), ((0.0, 1.0), (bad, 2.0)), (0.5,))


def test_curves_need_as_many_x_as_y() -> None:
    for x, y in (((), ()), ((1.0,), ()), ((1.0, 2.0), (1.0,))):
        with pytest.raises(FigureError, match="as many of both"):
            Curve(x, y)


def test_contours_need_a_height_for_each_place() -> None:
    with pytest.raises(FigureError, match="2 rows of 3 heights"):
        Contours((0.0, 1.0, 2.0), (0.0, 1.0), ((1.0, 2.0, 3.0),), (0.5,))
    with pytest.raises(FigureError, match="must rise"):
        Contours((0.0, 1.0), (0.0, 1.0), ((0.0, 1.0), (1.0, 2.0)), (0.5, 0.5))


def test_a_logarithmic_axis_refuses_what_has_no_logarithm() -> None:
    with pytest.raises(FigureError, match="the y axis is logarithmic"):
        Panel(X, Axis(Name("y"), log=True), (Curve((0.0, 1.0), (1.0, 0.0)),))
    with pytest.raises(FigureError, match="the x axis is logarithmic"):
        Panel(Axis(Name("x"), log=True), X, points=(Point(-1.0, 1.0),))
    Panel(X, Axis(Name("y"), log=True), (Curve((-1.0, 1.0), (1.0, 1e-9)),))


def test_graphs_are_in_an_order_of_computation() -> None:
    a, b = GraphNode("a", sym("a")), GraphNode("b", sym("b"), ("a",))
    with pytest.raises(FigureError, match="node 'b' needs 'a'"):
        Graph((b, a))
    with pytest.raises(FigureError, match="node 'c' needs 'c'"):
        Graph((GraphNode("c", sym("c"), ("c",)),))
    with pytest.raises(FigureError, match="two nodes of a graph have the key 'a'"):
        Graph((a, a))
    with pytest.raises(FigureError, match="0 to 3"):
        Graph((a, b), shown=4)
    with pytest.raises(FigureError, match="contributions"):
        Graph((a, replace(b, contributions=((), ()))))


def test_a_graph_is_told_forward_and_then_backward() -> None:
    told = [(sorted(g.with_value), sorted(g.with_gradient), sorted(g.active)) for g in step_by_step(product())]
    assert told == [
        (["a", "b", "c"], [], []),
        (["a", "b", "c", "d"], [], ["d"]),
        (["a", "b", "c", "d", "f"], [], ["f"]),
        (["a", "b", "c", "d", "f"], ["f"], ["f"]),
        (["a", "b", "c", "d", "f"], ["c", "d", "f"], ["f"]),
        (["a", "b", "c", "d", "f"], ["a", "b", "c", "d", "f"], ["d"]),
    ]
    whole = product()
    assert (whole.with_value, whole.with_gradient, whole.active) == (frozenset("abcdf"), frozenset("abcdf"), set())


def test_a_gradient_is_shown_when_every_use_has_handed_back_its_part() -> None:
    x = GraphNode("x", sym("x"))
    square = GraphNode("s", sym("s"), ("x",))
    both = GraphNode("f", sym("f"), ("s", "x"))
    graphs = step_by_step(Graph((x, square, both)))
    assert ["x" in graph.with_gradient for graph in graphs] == [False] * 5 + [True]


def test_lines_of_a_network_exist() -> None:
    layers = (Layer(Name("in"), (sym("x"), sym("y"))), Layer(Name("out"), (sym("z"),)))
    Network(layers, bold=frozenset({(0, 1, 0)}))
    for line in ((0, 0, 1), (0, 2, 0), (1, 0, 0), (-1, 0, 0)):
        with pytest.raises(FigureError, match="no line"):
            Network(layers, bold=frozenset({line}))
        with pytest.raises(FigureError, match="no line"):
            Network(layers, ((line, Number(1, 0)),))
    with pytest.raises(FigureError, match="2 units and 1 names"):
        Network((replace(layers[0], names=(Name("a"),)), layers[1]))
    with pytest.raises(FigureError, match="0 units"):
        Network((Layer(Name("in"), ()),))


def test_a_tangent_has_its_slope_and_its_point() -> None:
    line = tangent(2.0, 5.0, -3.0, 0.5)
    assert (line.x, line.y, line.role) == ((1.5, 2.5), (6.5, 3.5), "tangent")


def test_the_sigmoid_and_the_step() -> None:
    (panel,) = panels(sigmoid_and_step())
    smooth, below, above = panel.curves
    assert at(smooth, 6.0) == pytest.approx(0.9975273768433653)  # Abramowitz and Stegun's e^-6 = 0.00247875
    assert at(smooth, -6.0) == pytest.approx(0.0024726231566347743)
    assert (set(below.y), below.x[-1]) == ({0.0}, 0.0)
    assert (set(above.y), above.x[0]) == ({1.0}, 0.0)
    assert below.name == above.name != smooth.name


def test_the_two_losses_and_their_slopes() -> None:
    entropy, squares = panels(entropy_and_squares((0.1, 0.5)))
    assert entropy.points[0].y == pytest.approx(2.302585092994046)  # ln 10
    assert entropy.points[1].y == pytest.approx(0.6931471805599453)  # ln 2
    assert [point.y for point in squares.points] == pytest.approx([0.81, 0.25])
    slopes = [
        (line.y[1] - line.y[0]) / (line.x[1] - line.x[0])
        for panel in (entropy, squares)
        for line in panel.curves
        if line.role == "tangent"
    ]
    assert slopes == pytest.approx([-10, -2, -1.8, -1])
    written = [point.label.slots["number"] for panel in (entropy, squares) for point in panel.points]
    assert [number.value for number in written] == pytest.approx([-10, -2, -1.8, -1])
    with pytest.raises(FigureError, match=r"p = 0\.0"):
        entropy_and_squares((0.5, 0.0))


def test_a_descent_on_a_curve() -> None:
    picture = loss_over_parameter(
        "l", sym("b")[1], ([-2.0, 0.0, 2.0], [4.0, 0.0, 4.0]), ([2.0, 1.0, 0.5], [4.0, 1.0, 0.25]), 4.0
    )
    (panel,) = panels(picture)
    curve, line, path = panel.curves
    assert (curve.role, line.role, path.role) == ("curve", "tangent", "path")
    assert (line.y[1] - line.y[0]) / (line.x[1] - line.x[0]) == pytest.approx(4.0)
    assert [(point.x, point.y) for point in panel.points] == [(2.0, 4.0), (0.5, 0.25)]
    assert picture.alt.slots["last"] == Number(0.5, 2)


def test_tangents_are_equally_long_on_paper() -> None:
    """Axes of 3 by 40: a level tangent and a steep one cover the same part of their diagonal."""
    for slope in (0.0, 1.0, -13.0, 400.0):
        far = tangent_reach(slope, 3.0, 40.0)
        assert math.hypot(far / 3.0, far * slope / 40.0) == pytest.approx(tangent_reach(0.0, 1.0, 1.0))
    assert tangent_reach(0.0, 2.0, 0.0) == 2 * tangent_reach(0.0, 1.0, 1.0)  # a loss that is the same everywhere


def test_a_training_curve_counts_steps_from_zero() -> None:
    (panel,) = panels(training_curve("t", np.array([1.1, 0.7, 0.5])))
    assert (panel.curves[0].x, panel.curves[0].y) == ((0.0, 1.0, 2.0), (1.1, 0.7, 0.5))
    (panel,) = panels(training_curve("t", [1.0, 1e9], log=True))
    assert panel.y.log
    (panel,) = panels(training_curve("t", [1.0, 8.0, math.inf]))
    assert panel.curves[0].y == (1.0, 8.0)  # as far as it can be drawn
    with pytest.raises(FigureError, match="it needs as many of both, one or more"):
        training_curve("t", [math.inf])


def test_a_surface_has_rising_levels_within_its_heights() -> None:
    x, y = np.linspace(-1, 1, 5), np.linspace(-2, 2, 3)
    heights = x[None] ** 2 + y[:, None] ** 2
    (panel,) = panels(surface("s", (sym("u"), sym("v")), x, y, heights, ([1.0, 0.0], [2.0, 0.0])))
    assert panel.contours is not None
    assert panel.contours.heights[0][0] == 5.0
    assert all(0 < level < 5 for level in panel.contours.levels)
    with pytest.raises(FigureError, match="3 rows of 5"):
        surface("s", (sym("u"), sym("v")), x, y, heights.T, ([1.0], [2.0]))


def test_functions_are_drawn_between_two_ends() -> None:
    with pytest.raises(FigureError, match="two or more"):
        sampled(abs, 1.0, 1.0)


@pytest.mark.parametrize(
    ("operation", "sign"),
    [
        (sym("u") + sym("v"), Name("+")),
        (sym("u") * sym("v"), Name("×")),
        (sym("u") / sym("v"), Name("÷")),
        (exp(sym("u")), exp(sym("u"))),
        (lift(1) + sym("u"), lift(1) + sym("u")),
        (-sym("u"), -sym("u")),
        (sym("u") * sym("v") + sym("w"), None),
    ],
)
def test_signs_of_operations(operation: object, sign: object) -> None:
    assert operation_sign(operation) == sign


def test_a_computed_graph_as_a_picture() -> None:
    """f = x x + y at x = 3, y = 1: x hands back 3 twice, and has 6."""
    x, y, q, f = map(sym, "xyqf")
    theorem: Theorem = None  # type: ignore[assignment]
    nodes = (
        Node("x", x, x, None, (), 3.0, 6.0),
        Node("y", y, y, None, (), 1.0, None),
        Node("q", q, x * x, x * x, ("x", "x"), 9.0, 1.0),
        Node("f", f, x * x + y, q + y, ("q", "y"), 10.0, 1.0),
    )
    edges = (
        Edge("x", "q", 0, x, theorem, 3.0, 3.0), Edge("x", "q", 1, x, theorem, 3.0, 3.0),
        Edge("q", "f", 0, lift(1), theorem, 1.0, 1.0),
    )  # fmt: skip
    picture = graph_figure(Computed(nodes, edges), "g", CAPTION, decimals=1)
    graph = picture.drawing
    assert isinstance(graph, Graph)
    by = {node.key: node for node in graph.nodes}
    assert (by["x"].value, by["x"].gradient, by["y"].gradient) == ((Number(3, 1),), (Number(6, 1),), ())
    assert by["q"].contributions == ((Number(3, 1),), (Number(3, 1),))
    assert by["f"].contributions == ((Number(1, 1),), ())
    assert (by["q"].label, by["q"].name, by["x"].label, by["x"].name) == (Name("×"), q, x, None)


def test_vectors_are_written_out_and_matrices_are_not() -> None:
    x, w, s = sym("x"), sym("W"), sym("s")
    nodes = (
        Node("x", x, x, None, (), np.array([1.0, 2.0])),
        Node("W", w, w, None, (), np.zeros((3, 2)), np.zeros((3, 2))),
        Node("s", s, w * x, w * x + x, ("x", "W"), np.array([1.0] * 9)),
    )
    graph = graph_figure(Computed(nodes, ()), "g", CAPTION).drawing
    assert isinstance(graph, Graph)
    assert graph.nodes[0].value == (Number(1, 2), Number(2, 2))
    assert graph.nodes[1].gradient == (Name("3 × 2"),)
    assert graph.nodes[2].value == (Message("figure.entries", {"count": Number(9, 0)}),)
    assert (graph.nodes[2].label, graph.nodes[2].name) == (s, None)  # more than one operation: by its name


def test_a_network_as_a_picture() -> None:
    layers = (Layer(Name("in"), (sym("x"), sym("y"))), Layer(Name("out"), (sym("z"),)))
    picture = network_figure(layers, "n", CAPTION, bold=[(0, 0, 0)], weights=[((0, 1, 0), Number(0.5, 2))])
    assert picture.drawing == Network(layers, (((0, 1, 0), Number(0.5, 2)),), frozenset({(0, 0, 0)}))
    assert [each.slots["count"] for each in picture.alt.slots["layers"].items] == [Number(2, 0), Number(1, 0)]
