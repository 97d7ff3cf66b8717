"""Drawn figures as data: plots, computational graphs and networks, without format and without language.

A label is whatever may stand in a sentence: a message, a name, a number, a formula.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from math import isfinite
from typing import TYPE_CHECKING, Literal

from derive.errors import UsageError

if TYPE_CHECKING:
    from derive.document.nodes import Slot

LARGEST = 1e100  # what is larger cannot be drawn without overflow
Role = Literal["curve", "tangent", "path", "guide"]
Floats = tuple[float, ...]
Entries = tuple["Slot", ...]  # a number, or the entries of a vector


class FigureError(UsageError):
    """Data that cannot be drawn; the message says which, and what to do."""


@dataclass(frozen=True)
class Axis:
    """name: what is written along it; low, high: where it ends, None for where the data end; log: powers of ten."""

    name: Slot
    low: float | None = None
    high: float | None = None
    log: bool = False


@dataclass(frozen=True)
class Curve:
    """Points joined by a line. Curves of one name look the same; a path has a dot at each point.

    >>> Curve((0.0, 1.0), (0.0, float("nan")))
    Traceback (most recent call last):
    derive.document.figures.FigureError: point 2 of a curve is (1.0, nan); a curve is drawn through finite numbers
    """

    x: Floats
    y: Floats
    name: Slot | None = None
    role: Role = "curve"

    def __post_init__(self) -> None:
        if len(self.x) != len(self.y) or not self.x:
            raise FigureError(f"a curve has {len(self.x)} x and {len(self.y)} y; it needs as many of both, one or more")
        for n, point in enumerate(zip(self.x, self.y, strict=True), 1):
            if not all(map(drawable, point)):
                shown = f"({point[0]}, {point[1]})"
                raise FigureError(f"point {n} of a curve is {shown}; a curve is drawn through finite numbers")


@dataclass(frozen=True)
class Point:
    """A dot, its label beside it wherever there is room. hollow: the end of a curve that does not belong to it."""

    x: float
    y: float
    label: Slot | None = None
    hollow: bool = False

    def __post_init__(self) -> None:
        if not (drawable(self.x) and drawable(self.y)):
            raise FigureError(f"a point is at ({self.x}, {self.y}); it needs finite numbers")


@dataclass(frozen=True)
class Contours:
    """Lines of equal height: heights[m][n] is the height at (x[n], y[m])."""

    x: Floats
    y: Floats
    heights: tuple[Floats, ...]
    levels: Floats

    def __post_init__(self) -> None:
        if len(self.heights) != len(self.y) or any(len(row) != len(self.x) for row in self.heights):
            raise FigureError(f"contours need {len(self.y)} rows of {len(self.x)} heights, one for each place")
        if not all(drawable(number) for row in (self.x, self.y, *self.heights) for number in row):
            raise FigureError("a place or a height of contours is not a finite number")
        if not self.levels or any(b <= a for a, b in pairwise(self.levels)):
            raise FigureError("levels of contours must rise")


@dataclass(frozen=True)
class Panel:
    """One pair of axes."""

    x: Axis
    y: Axis
    curves: tuple[Curve, ...] = ()
    points: tuple[Point, ...] = ()
    contours: Contours | None = None
    title: Slot | None = None

    def __post_init__(self) -> None:
        across = [x for curve in self.curves for x in curve.x] + [point.x for point in self.points]
        up = [y for curve in self.curves for y in curve.y] + [point.y for point in self.points]
        for name, axis, values in (("x", self.x, across), ("y", self.y, up)):
            if axis.log and any(value <= 0 for value in values):
                raise FigureError(f"the {name} axis is logarithmic, and a value on it is not positive")


@dataclass(frozen=True)
class Plot:
    """Panels side by side."""

    panels: tuple[Panel, ...]


@dataclass(frozen=True)
class GraphNode:
    """An input, or an operation on the nodes whose keys are its inputs, in their order.

    label: the sign of the operation, or the name of the input; name: what the result is called. value: of the
    forward pass; gradient: of the output by this node; contributions: what this node hands back to each input, () for
    nothing.
    """

    key: str
    label: Slot
    inputs: tuple[str, ...] = ()
    value: Entries = ()
    gradient: Entries = ()
    contributions: tuple[Entries, ...] = ()
    name: Slot | None = None

    @property
    def named(self) -> Entries:
        return () if self.name is None else (self.name,)


@dataclass(frozen=True)
class Graph:
    """A computational graph, its nodes in an order in which they can be computed.

    shown: how many steps are told; None tells all. First each operation has its value, then the outputs have their
    gradients, then each operation, the last first, hands gradients back to its inputs.

    >>> from derive.core.term import sym
    >>> a, b = GraphNode("a", sym("a")), GraphNode("b", sym("b"))
    >>> graph = Graph((a, b, GraphNode("c", sym("c"), ("a", "b"))), shown=2)
    >>> graph.steps, sorted(graph.with_value), sorted(graph.with_gradient), graph.active
    (3, ['a', 'b', 'c'], ['c'], frozenset({'c'}))
    """

    nodes: tuple[GraphNode, ...]
    shown: int | None = None

    def __post_init__(self) -> None:
        before: set[str] = set()
        for node in self.nodes:
            if node.key in before:
                raise FigureError(f"two nodes of a graph have the key {node.key!r}")
            if unknown := [key for key in node.inputs if key not in before]:
                raise FigureError(f"node {node.key!r} needs {unknown[0]!r}, which no node before it has as its key")
            if node.contributions and len(node.contributions) != len(node.inputs):
                raise FigureError(f"node {node.key!r} has {len(node.inputs)} inputs; so many contributions it needs")
            before.add(node.key)
        if self.shown is not None and not 0 <= self.shown <= self.steps:
            raise FigureError(f"{self.shown} steps of a graph are to be shown; it has 0 to {self.steps}")

    @property
    def operations(self) -> tuple[str, ...]:
        return tuple(node.key for node in self.nodes if node.inputs)

    @property
    def steps(self) -> int:
        return 2 * len(self.operations) + 1

    @property
    def outputs(self) -> frozenset[str]:
        return frozenset(node.key for node in self.nodes) - {key for node in self.nodes for key in node.inputs}

    @property
    def with_value(self) -> frozenset[str]:
        """The nodes whose value is shown."""
        told = len(self.operations) if self.shown is None else self.shown
        return frozenset(node.key for node in self.nodes if not node.inputs) | set(self.operations[:told])

    @property
    def handed_back(self) -> tuple[str, ...]:
        """The operations that have handed gradients back, in that order."""
        told = self.steps if self.shown is None else self.shown
        return self.operations[::-1][: max(told - len(self.operations) - 1, 0)]

    @property
    def with_gradient(self) -> frozenset[str]:
        """The nodes whose gradient is shown: all that use them have handed theirs back."""
        if self.shown is not None and self.shown <= len(self.operations):
            return frozenset()
        waiting = {key for node in self.nodes if node.key not in self.handed_back for key in node.inputs}
        return frozenset(node.key for node in self.nodes) - waiting

    @property
    def active(self) -> frozenset[str]:
        """The nodes of the last step."""
        if not self.shown:
            return frozenset()
        if self.shown == len(self.operations) + 1:
            return self.outputs
        return frozenset(self.handed_back[-1:] or self.operations[self.shown - 1 : self.shown])


@dataclass(frozen=True)
class Layer:
    """A column of units. units: what stands in each circle; names: what stands beside each, or nothing.

    function: what the layer applies.
    """

    title: Slot
    units: tuple[Slot, ...]
    names: tuple[Slot, ...] = ()
    function: Slot | None = None


@dataclass(frozen=True)
class Network:
    """Layers, every unit joined to every unit of the next layer.

    weights: what is written on the line from unit i of layer n to unit j of layer n + 1, by (n, i, j), all counted
    from 0; bold: the lines that are spoken of.
    """

    layers: tuple[Layer, ...]
    weights: tuple[tuple[tuple[int, int, int], Slot], ...] = ()
    bold: frozenset[tuple[int, int, int]] = frozenset()

    def __post_init__(self) -> None:
        for n, layer in enumerate(self.layers):
            if not layer.units or len(layer.names) not in (0, len(layer.units)):
                raise FigureError(
                    f"layer {n} has {len(layer.units)} units and {len(layer.names)} names; as many or none"
                )
        for line in (*dict(self.weights), *self.bold):
            if not self._has(line):
                raise FigureError(
                    f"there is no line {line} in a network of {[len(each.units) for each in self.layers]}"
                )

    def _has(self, line: tuple[int, int, int]) -> bool:
        n, i, j = line
        inside = 0 <= n < len(self.layers) - 1
        return inside and 0 <= i < len(self.layers[n].units) and 0 <= j < len(self.layers[n + 1].units)


def tangent(x: float, y: float, slope: float, reach: float, name: Slot | None = None) -> Curve:
    """The line of that slope through (x, y), from x - reach to x + reach.

    >>> tangent(1.0, 2.0, -0.5, 2.0).y
    (3.0, 1.0)
    """
    return Curve((x - reach, x + reach), (y - slope * reach, y + slope * reach), name, "tangent")


def step_by_step(graph: Graph) -> tuple[Graph, ...]:
    """The same graph before the first step, and after each."""
    return tuple(replace(graph, shown=told) for told in range(graph.steps + 1))


def numbered(values: Iterable[float] | Sequence[float]) -> Floats:
    """Numbers of any kind, NumPy's too, as they are drawn."""
    return tuple(float(value) for value in values)


def drawable(number: float) -> bool:
    """Whether there is a place for it on a page."""
    return isfinite(number) and abs(number) <= LARGEST
