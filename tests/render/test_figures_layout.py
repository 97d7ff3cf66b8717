"""Where things stand in pictures: nothing covers anything else, wires cross nothing, steps move nothing."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations, pairwise

import pytest
from pictures import GRAPHS, deep_network, number, product, say, small_network

from derive.core.term import sym
from derive.document.figures import (
    Axis,
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
)
from derive.document.nodes import Name, Number
from derive.render import graphs, networks, plots
from derive.render.diagrams import Box, Diagram, Edges, Label, Wire, meet
from derive.render.figures import SETTINGS
from derive.render.mathtext import measure

DIAGRAMS = {name: graphs.layout(graph, say(), measure) for name, graph in GRAPHS.items()} | {
    "small network": networks.layout(small_network(), say(), measure),
    "deep network": networks.layout(deep_network(), say(), measure),
}


def within(inner: Edges, outer: Edges) -> bool:
    return inner[0] >= outer[0] and inner[1] >= outer[1] and inner[2] <= outer[2] and inner[3] <= outer[3]


@pytest.mark.parametrize("diagram", DIAGRAMS.values(), ids=DIAGRAMS)
def test_nothing_covers_anything_else(diagram: Diagram) -> None:
    things: list[Box | Label] = [*diagram.boxes, *diagram.labels]
    for one, other in combinations(things, 2):
        inside = isinstance(one, Box) and isinstance(other, Label) and within(other.edges, one.edges)
        assert inside or not meet(one.edges, other.edges), (one, other)


@pytest.mark.parametrize("diagram", DIAGRAMS.values(), ids=DIAGRAMS)
def test_everything_is_on_the_page(diagram: Diagram) -> None:
    page = (0.0, 0.0, diagram.width, diagram.height)
    assert all(within(thing.edges, page) for thing in (*diagram.boxes, *diagram.labels))


def along(wire: Wire) -> Iterator[tuple[float, float]]:
    """Points of a wire as it is drawn: level at its spots when it is bent."""
    for (x, y), (u, v) in pairwise(wire.spots):
        for n in range(41):
            t = n / 40
            rise = 3 * t**2 - 2 * t**3 if wire.bent else t
            middle = 1.5 * t - 1.5 * t**2 + t**3 if wire.bent and y != v else t
            yield x + (u - x) * middle, y + (v - y) * rise


@pytest.mark.parametrize("name", GRAPHS)
def test_no_wire_crosses_a_box_or_a_label(name: str) -> None:
    diagram = DIAGRAMS[name]
    things: list[Box | Label] = [*diagram.boxes, *diagram.labels]
    for wire in diagram.wires:
        for x, y in along(wire):
            for thing in things:
                left, bottom, right, top = thing.edges
                ends = thing.edges[0] <= wire.spots[-1][0] <= (left + right) / 2 and bottom < wire.spots[-1][1] < top
                assert ends or not (left + 0.1 < x < right - 0.1 and bottom + 0.1 < y < top - 0.1), (wire, thing)


def test_no_line_of_a_network_crosses_a_circle() -> None:
    for name in ("small network", "deep network"):
        diagram = DIAGRAMS[name]
        for wire in diagram.wires:
            for x, y in along(wire):
                distance = min(((x - box.x) ** 2 + (y - box.y) ** 2) ** 0.5 - box.width / 2 for box in diagram.boxes)
                assert distance > -1e-6


def test_wires_lead_to_the_right() -> None:
    for name in GRAPHS:
        assert all(a[0] < b[0] + 1e-9 for wire in DIAGRAMS[name].wires for a, b in pairwise(wire.spots))


def test_a_chain_is_straight() -> None:
    nodes = [GraphNode("n0", sym("x"), (), number(1))]
    nodes += [GraphNode(f"n{n}", Name("exp"), (f"n{n - 1}",), number(n), number(n)) for n in range(1, 8)]
    diagram = graphs.layout(Graph(tuple(nodes)), say(), measure)
    assert len({round(box.y, 6) for box in diagram.boxes}) == 1


def test_few_wires_cross() -> None:
    """Two products whose factors are given in the worst order."""
    nodes = [GraphNode(key, Name(key)) for key in "acbd"]
    nodes += [GraphNode("q", Name("×"), ("a", "b")), GraphNode("r", Name("×"), ("c", "d"))]
    diagram = graphs.layout(Graph((*nodes, GraphNode("s", Name("+"), ("q", "r")))), say(), measure)
    height = {label.text: label.y for label in diagram.labels}
    order = "".join(sorted("abcd", key=height.__getitem__))
    assert set(order[:2]) in ({"a", "b"}, {"c", "d"})


def test_steps_do_not_move_anything() -> None:
    whole = graphs.layout(product(), say(), measure)
    for graph in step_by_step(product()):
        shown = graphs.layout(graph, say(), measure)
        assert (shown.width, shown.height, shown.wires) == (whole.width, whole.height, whole.wires)
        assert set(shown.labels) <= set(whole.labels)
    counts = [len(graphs.layout(graph, say(), measure).labels) for graph in step_by_step(product())]
    assert counts == [len(whole.labels) - 7, *(len(whole.labels) - n for n in (6, 5, 4, 2, 0))]


def test_values_stand_above_gradients() -> None:
    for label in DIAGRAMS["product"].labels:
        if label.kind == "value":
            below = [other for other in DIAGRAMS["product"].labels if other.kind == "gradient"]
            assert any(
                other.edges[3] < label.edges[1]
                and abs(other.x + other.size.width / 2 - label.x - label.size.width / 2) < 1
                for other in below
            )


def test_too_many_weights_for_a_network() -> None:
    wide = (
        Layer(Name("in"), tuple(sym("x")[n] for n in range(9))),
        Layer(Name("out"), tuple(sym("y")[n] for n in range(9))),
    )
    lines = tuple(((0, i, j), Name("w" * 60)) for i in range(9) for j in range(9))
    with pytest.raises(FigureError, match="no room for so many weights"):
        networks.layout(Network(wide, lines), say(), measure)


def test_layers_of_one_unit() -> None:
    networks.layout(Network((Layer(Name("in"), (sym("x"),)), Layer(Name("out"), (sym("y"),)))), say(), measure)


def test_points_are_labelled_where_nothing_else_is() -> None:
    """Ten points on a curve: no two labels meet, and none lies on the curve."""
    from matplotlib import rc_context

    x = tuple(n / 2 for n in range(11))
    y = tuple((u - 2.5) ** 2 for u in x)
    points = tuple(Point(u, v, Number(u, 1)) for u, v in zip(x, y, strict=True))
    panel = Panel(Axis(Name("x"), -1.0, 6.0), Axis(Name("y"), -1.0, 8.0), (Curve(x, y),), points)
    with rc_context(SETTINGS):
        canvas = plots.draw(Plot((panel,)), say(), ",")
        placed = list(plots.place(canvas.axes[0], panel, say()))
        frame = canvas.axes[0].get_window_extent().extents
        line = [canvas.axes[0].transData.transform((u, v)) for u, v in zip(x, y, strict=True)]
    assert [text for text, _, _ in placed] == [f"{u:.1f}".replace(".", ",") for u in x]
    edges = [where for _, where, _ in placed]
    assert not any(meet(one, other) for one, other in combinations(edges, 2))
    assert all(within(each, frame) for each in edges)
    for start, end in pairwise(line):
        for n in range(50):
            spot = start + (end - start) * n / 50
            assert not any(a < spot[0] < c and b < spot[1] < e for a, b, c, e in edges)
