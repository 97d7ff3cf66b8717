"""Where things stand in pictures: nothing covers anything else, wires cross nothing, steps move nothing."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from itertools import combinations, pairwise

import pytest
from pictures import GRAPHS, deep_network, hills, number, product, say, small_network

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
from derive.render.diagrams import PAGE, Box, Diagram, Edges, Label, Wire, meet
from derive.render.figures import SETTINGS
from derive.render.mathtext import measure


def chain(length: int) -> Graph:
    nodes = [GraphNode("n0", sym("x"), (), number(1))]
    nodes += [GraphNode(f"n{n}", Name("exp"), (f"n{n - 1}",), number(n), number(n)) for n in range(1, length + 1)]
    return Graph(tuple(nodes))


DIAGRAMS = {name: graphs.layout(graph, say(), measure) for name, graph in GRAPHS.items()} | {
    "small network": networks.layout(small_network(), say(), measure),
    "deep network": networks.layout(deep_network(), say(), measure),
    "long chain": graphs.layout(chain(20), say(), measure),
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


@pytest.mark.parametrize("name", [*GRAPHS, "long chain"])
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


def turns(wire: Wire) -> bool:
    return not wire.bent and len(wire.spots) > 2


def test_wires_lead_to_the_right_and_turn_between_rows() -> None:
    for name in (*GRAPHS, "long chain"):
        wires = DIAGRAMS[name].wires
        assert all(a[0] < b[0] + 1e-9 for wire in wires if not turns(wire) for a, b in pairwise(wire.spots))
        for wire in filter(turns, wires):
            assert all((a[0] == b[0]) != (a[1] == b[1]) for a, b in pairwise(wire.spots))  # level or upright
            assert [b[0] > a[0] for a, b in pairwise(wire.spots) if a[1] == b[1]] == [True, False, True]


def test_no_stroke_of_a_wire_is_empty() -> None:
    """An arrow at the end of an empty one would have no direction, and no head."""
    for name in (*GRAPHS, "long chain"):
        assert all(a != b for wire in DIAGRAMS[name].wires for a, b in pairwise(wire.spots))


def test_a_chain_is_straight() -> None:
    assert len({round(box.y, 6) for box in graphs.layout(chain(5), say(), measure).boxes}) == 1


def test_what_is_wider_than_the_page_goes_on_in_rows_of_the_same_width() -> None:
    for length, many in ((7, 2), (20, 4)):
        diagram = graphs.layout(chain(length), say(), measure)
        rows = {y: [box.x for box in diagram.boxes if box.y == y] for y in sorted({box.y for box in diagram.boxes})}
        assert diagram.width <= PAGE
        assert (len(rows), sum(map(turns, diagram.wires))) == (many, many - 1)
        assert max(map(len, rows.values())) - min(map(len, rows.values())) <= 1
        assert sum(map(len, rows.values())) == length


def test_a_graph_that_fits_stays_in_one_row() -> None:
    assert not any(map(turns, DIAGRAMS["product"].wires))
    assert not any(map(turns, DIAGRAMS["layer"].wires))


def test_a_graph_is_parted_where_a_single_wire_leads_on_only() -> None:
    """Two long chains side by side: no row could take both of them to the next."""
    both = [replace(node, key=f"{side}{node.key}", inputs=tuple(f"{side}{key}" for key in node.inputs))
            for side in "ab" for node in chain(12).nodes]  # fmt: skip
    diagram = graphs.layout(Graph((*both, GraphNode("f", Name("+"), ("an12", "bn12")))), say(), measure)
    assert not any(map(turns, diagram.wires))
    assert diagram.width > PAGE


def test_a_network_fits_the_page_if_it_can() -> None:
    units = tuple(sym("h")[i] for i in range(4))
    names = tuple(Name("comprimento da pétala") for _ in units)
    columns = tuple(Layer(Name("camada"), units, names if n == 0 else ()) for n in range(5))
    diagram = networks.layout(Network(columns), say(), measure)
    assert 0.8 * PAGE < diagram.width <= PAGE


def test_heights_stand_on_contours_away_from_the_path() -> None:
    from matplotlib import rc_context

    with rc_context(SETTINGS):
        (axes,) = plots.draw(hills().drawing, say(), ",").axes
        (path,) = (line for line in axes.lines if len(line.get_xdata()) > 1)
        points = axes.transData.transform(path.get_xydata())
        heights = [text.get_window_extent().extents for text in axes.texts if re.fullmatch(r"[\d,]+", text.get_text())]
    assert len(heights) >= 4
    assert not any(meet(one, other) for one, other in combinations(heights, 2))
    for start, end in pairwise(points):
        for n in range(50):
            x, y = start + (end - start) * n / 50
            assert not any(left - 4 < x < right + 4 and low - 4 < y < top + 4 for left, low, right, top in heights)


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
