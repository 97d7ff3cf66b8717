"""The pictures of lectures on learning, from numbers that somebody else has computed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from itertools import takewhile
from math import exp, hypot, log
from typing import Any

from numpy.typing import NDArray

from derive.core.term import Term, fn, lift, sym
from derive.core.term import exp as exponential
from derive.document.figures import (
    Axis,
    Contours,
    Curve,
    Entries,
    FigureError,
    Floats,
    Graph,
    GraphNode,
    Layer,
    Network,
    Panel,
    Plot,
    Point,
    drawable,
    numbered,
)
from derive.document.figures import tangent as tangent_line
from derive.document.nodes import Equation, Listing, Message, Name, Number, Picture, Setting, Slot, Within
from derive.document.style import TYPED
from derive.examples.graph import Graph as Computed
from derive.examples.graph import Node

SMOOTH = 240  # points of a curve
HIGHEST, WIDEST = 5.0, 1.15  # of the two losses, and of the probability
LEVELS = 9
LARGE = 1e5  # a loss that is told as a power of ten
LONGEST_VECTOR = 4
TANGENT = 0.28  # of the width and height of its axes, to each side
SIGNS = {"add": "+", "mul": "×", "div": "÷"}
p, argument = sym("p"), sym("x")
Pairs = tuple[Sequence[float], Sequence[float]]  # x and y of a line


def say(key: str, **slots: Slot) -> Message:
    return Message(f"figure.{key}", slots)


def typed(slot: Slot) -> Slot:
    """A formula that somebody has typed, with letters of its own: a notation leaves them as they are."""
    return Within(slot, Setting(style=TYPED))


def tangent_reach(slope: float, width: float, height: float) -> float:
    """How far to each side a tangent is drawn, so that it is as long on paper however steep it is.

    width, height: what the axes span.

    >>> tangent_reach(0.0, 2.0, 1.0), tangent_reach(100.0, 2.0, 1.0) < 0.003
    (0.56, True)
    """
    return TANGENT / hypot(1 / width, slope / height if height else 0.0)


def sampled(function: Callable[[float], float], low: float, high: float, count: int = SMOOTH) -> tuple[Floats, Floats]:
    """x and y of a function at so many places from low to high, both ends included.

    >>> sampled(lambda x: x * x, 0, 2, 3)
    ((0.0, 1.0, 2.0), (0.0, 1.0, 4.0))
    """
    if count < 2 or not low < high:
        raise FigureError(f"a function is drawn from {low} to {high} at {count} places; it needs two or more, rising")
    x = tuple(low + (high - low) * n / (count - 1) for n in range(count))
    return x, tuple(float(function(each)) for each in x)


def sigmoid_and_step(label: str = "sigmoid-and-step", reach: float = 6.0) -> Picture:
    """The sigmoid, and the step function that no gradient passes."""
    formula = typed(Equation((fn("sigmoid", argument), lift(1) / (lift(1) + exponential(-argument)))))
    panel = Panel(
        Axis(typed(argument), -reach, reach),
        Axis(say("output"), -0.08, 1.12),
        (
            Curve(*sampled(lambda x: 1 / (1 + exp(-x)), -reach, reach), say("sigmoid", formula=formula)),
            Curve((-reach, 0.0), (0.0, 0.0), say("step-function")),
            Curve((0.0, reach), (1.0, 1.0), say("step-function")),
        ),
        (Point(0.0, 0.0, hollow=True), Point(0.0, 1.0)),
    )
    return Picture(label, say("sigmoid-caption"), say("sigmoid-alt"), Plot((panel,)))


def entropy_and_squares(
    at: Sequence[float] = (0.1, 0.9), label: str = "entropy-and-squares", decimals: int = 1
) -> Picture:
    """Cross-entropy -ln p and squared error (1 - p)^2 over p in (0, 1], a panel each, with tangents at some p."""
    if wrong := [each for each in at if not 0 < each <= 1]:
        raise FigureError(f"a tangent is asked for at p = {wrong[0]}; a probability here is above 0 and at most 1")
    entropy = _slopes("cross-entropy", lambda x: -log(x), lambda x: -1 / x, at, exp(-HIGHEST), decimals)
    squares = _slopes("squared-error", lambda x: (1 - x) ** 2, lambda x: -2 * (1 - x), at, 0.0, decimals)
    return Picture(label, say("entropy-caption"), say("entropy-alt"), Plot((entropy, squares)))


def _slopes(name: str, loss: Callable[[float], float], slope: Callable[[float], float], at: Sequence[float],
            low: float, decimals: int) -> Panel:  # fmt: skip
    curves = [Curve(*sampled(loss, low, 1.0), say(name))]
    for x in at:
        curves.append(tangent_line(x, loss(x), slope(x), tangent_reach(slope(x), WIDEST, HIGHEST), say("tangent")))
    points = [Point(x, loss(x), say("slope", number=Number(slope(x), decimals))) for x in at]
    return Panel(Axis(say("probability", p=p), 0.0, WIDEST), Axis(say("loss"), -0.3, HIGHEST), (*curves,), (*points,))


def loss_over_parameter(
    label: str, parameter: Term, curve: Pairs, path: Pairs, slope: float, decimals: int = 2
) -> Picture:
    """The loss over one parameter, the tangent where the descent starts, and the places it comes to.

    slope: at the first place of the path.
    """
    (x, y), (u, v) = map(numbered, curve), map(numbered, path)
    first, last, steep = Number(u[0], decimals), Number(u[-1], decimals), Number(slope, decimals)
    panel = Panel(
        Axis(parameter, min(x), max(x)),
        Axis(say("loss")),
        (
            Curve(x, y, say("loss")),
            tangent_line(u[0], v[0], slope, tangent_reach(slope, max(x) - min(x), max(y) - min(y)), say("tangent")),
            Curve(u, v, say("path"), "path"),
        ),
        (
            Point(u[0], v[0], say("slope", number=steep)),
            Point(u[-1], v[-1], say("place", name=parameter, number=last)),
        ),
    )
    ends = "descent-alt" if v[-1] <= v[0] else "descent-alt-up"
    alt = say(ends, parameter=parameter, first=first, last=last, slope=steep)
    return Picture(label, say("descent-caption", parameter=parameter), alt, Plot((panel,)))


def training_curve(label: str, losses: Sequence[float], log: bool = False, decimals: int = 3) -> Picture:
    """The loss before the first step and after each; log: on an axis of powers of ten, for one that grows too.

    Of a loss that overflowed everything before is drawn.
    """
    y = numbered(takewhile(drawable, losses))
    x = numbered(range(len(y)))
    panel = Panel(Axis(say("step"), 0.0), Axis(say("loss"), log=log), (Curve(x, y),))
    first, last = (Number(end, decimals, exponent=abs(end) >= LARGE) for end in (y[0], y[-1]))
    alt = say("training-alt", first=first, last=last, steps=Number(len(y) - 1, 0))
    return Picture(label, say("training-caption"), alt, Plot((panel,)))


def surface(
    label: str, names: tuple[Term, Term], x: Sequence[float], y: Sequence[float], heights: Sequence[Sequence[float]],
    path: Pairs, levels: Sequence[float] | None = None, decimals: int = 2,
) -> Picture:  # fmt: skip
    """The loss over two parameters in lines of equal height, and a descent on it; heights[m][n] is at (x[n], y[m])."""
    rows = tuple(numbered(row) for row in heights)
    (u, v), across, up = map(numbered, path), numbered(x), numbered(y)
    lines = _levels([height for row in rows for height in row]) if levels is None else numbered(levels)
    panel = Panel(
        Axis(names[0], min(across), max(across)),
        Axis(names[1], min(up), max(up)),
        (Curve(u, v, say("path"), "path"),),
        (Point(u[0], v[0], say("first-place")), Point(u[-1], v[-1], say("last-place"))),
        Contours(across, up, rows, lines),
    )
    ends = {
        "start": say("pair", x=Number(u[0], decimals), y=Number(v[0], decimals)),
        "end": say("pair", x=Number(u[-1], decimals), y=Number(v[-1], decimals)),
    }
    one, other = names
    alt = say("surface-alt", one=one, other=other, **ends)
    return Picture(label, say("surface-caption", one=one, other=other), alt, Plot((panel,)))


def _levels(heights: Sequence[float]) -> Floats:
    """Heights nearer to each other towards the bottom, where the loss is flat; two digits each.

    >>> _levels([0.0, 9.0])[:3]
    (0.11, 0.44, 1.0)
    """
    low, high = min(heights), max(heights)
    found = (float(f"{low + (high - low) * (n / LEVELS) ** 2:.2g}") for n in range(1, LEVELS))
    return tuple(sorted(set(found)))


def graph_figure(
    graph: Computed, label: str, caption: Slot, *, alt: Slot | None = None, decimals: int = 2,
    shown: int | None = None,
) -> Picture:  # fmt: skip
    """A computational graph with its numbers as a picture. See Graph for shown."""
    told = Graph(tuple(_node(graph, node, decimals) for node in graph.nodes), shown)
    return Picture(label, caption, alt or say("graph-alt", nodes=Listing(tuple(_told(graph, told)))), told)


def _node(graph: Computed, node: Node, decimals: int) -> GraphNode:
    back = {edge.position: _numbers(edge.gradient, decimals) for edge in graph.into(node.name)}
    sign = node.symbol if node.operation is None else operation_sign(node.operation)
    return GraphNode(
        node.name,
        _lettered(graph, node.symbol if sign is None else sign),
        node.inputs,
        _numbers(node.value, decimals),
        () if node.gradient is None else _numbers(node.gradient, decimals),
        tuple(back.get(n, ()) for n in range(len(node.inputs))),
        None if node.operation is None or sign is None else _lettered(graph, node.symbol),
    )


def _lettered(graph: Computed, slot: Slot) -> Slot:
    return typed(slot) if graph.typed else slot


def operation_sign(operation: Term) -> Slot | None:
    """What stands in the circle of an operation: + for u + v, but 1 + u as it is; None for more than one operation.

    >>> u, v = sym("u"), sym("v")
    >>> operation_sign(u * v), operation_sign(lift(1) / u), operation_sign(u * v + u)
    (Name(text='×'), div(1, u), None)
    """
    if any(part.op not in ("sym", "elem", "num") for part in operation.args):
        return None
    named = all(part.op != "num" for part in operation.args) and len(operation.args) > 1
    return Name(SIGNS[operation.op]) if named and operation.op in SIGNS else operation


def _numbers(value: float | NDArray[Any], decimals: int) -> Entries:
    """A number, the entries of a vector, or the size of what is larger."""
    shape: tuple[int, ...] = getattr(value, "shape", ())
    if not shape:
        return (Number(float(value), decimals),)
    if len(shape) == 1 and shape[0] <= LONGEST_VECTOR:
        return tuple(Number(float(entry), decimals) for entry in value)  # type: ignore[union-attr]
    return (say("entries", count=Number(shape[0], 0)) if len(shape) == 1 else Name(" × ".join(map(str, shape))),)


def _told(computed: Computed, graph: Graph) -> Iterable[Slot]:
    """Each node with what it computes and what is shown of it."""
    for node in graph.nodes:
        found = computed[node.key]
        whole = found.symbol if found.operation is None else Equation((found.symbol, found.operation))
        name = _lettered(computed, whole)
        value, gradient = Listing(node.value or ()), Listing(node.gradient or ())
        if node.value and node.gradient and node.key in graph.with_value & graph.with_gradient:
            yield say("graph-both", name=name, value=value, gradient=gradient)
        elif node.value and node.key in graph.with_value:
            yield say("place", name=name, number=value)
        else:
            yield name


def network_figure(
    layers: Sequence[Layer], label: str, caption: Slot, *, alt: Slot | None = None,
    weights: Iterable[tuple[tuple[int, int, int], Slot]] = (), bold: Iterable[tuple[int, int, int]] = (),
) -> Picture:  # fmt: skip
    """A network as a picture. See Network for weights and bold."""
    network = Network(tuple(layers), tuple(weights), frozenset(bold))
    told = Listing(tuple(say("layer", name=layer.title, count=Number(len(layer.units), 0)) for layer in layers))
    return Picture(label, caption, alt or say("network-alt", layers=told), network)
