"""Computational graphs in layers: which node stands in which, in what order, how high, and in how many rows.

Longest paths give the layers, barycentres the order inside them, and least squares the heights. Where a single wire
leads from a layer to the next, a graph that is too wide for the page goes on in a row below.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from derive.document.figures import Graph, GraphNode

APART = 7.0  # between cells
SWEEPS = 12
NARROWINGS = 24  # tries to make rows of about the same width


@dataclass(eq=False)
class Cell:
    """A node in its layer, or the place where a wire passes through a layer."""

    node: GraphNode | None
    layer: int
    before: list[Cell] = field(default_factory=list)
    after: list[Cell] = field(default_factory=list)
    width: float = 0.0  # of the box
    height: float = 0.0
    stub: float = 0.0  # of the wire that leaves it, as long as its numbers
    entry: float = 0.0  # of the wires that enter, as long as what is handed back on them
    up: float = 2.0
    down: float = 2.0
    y: float = 0.0
    ports: list[float] = field(default_factory=list)  # above the middle, one for each cell before


Layers = list[list[Cell]]


def layered(graph: Graph) -> Layers:
    """The nodes by the longest way from an input, an input just before what uses it; wires pass through cells too."""
    depth: dict[str, int] = {}
    for node in graph.nodes:
        depth[node.key] = 1 + max((depth[key] for key in node.inputs), default=-1)
    for node in graph.nodes:
        if not node.inputs:
            users = [depth[each.key] for each in graph.nodes if node.key in each.inputs]
            depth[node.key] = min(users, default=1) - 1
    layers: Layers = [[] for _ in range(max(depth.values(), default=-1) + 1)]
    cells = {node.key: Cell(node, depth[node.key]) for node in graph.nodes}
    for cell in cells.values():
        layers[cell.layer].append(cell)
    for node in graph.nodes:
        for key in node.inputs:
            _join(cells[key], cells[node.key], layers)
    return layers


def _join(start: Cell, end: Cell, layers: Layers) -> None:
    for n in range(start.layer + 1, end.layer):
        through = Cell(None, n, before=[start])
        start.after.append(through)
        layers[n].append(through)
        start = through
    start.after.append(end)
    end.before.append(start)


def order(layers: Layers) -> None:
    """Each cell at the middle of its neighbours in the layer before, then in the layer after, if fewer wires cross."""
    best = [list(layer) for layer in layers]
    for sweep in range(SWEEPS):
        forward = sweep % 2 == 0
        for layer in layers if forward else layers[::-1]:
            place = {id(cell): n for one in layers for n, cell in enumerate(one)}
            wanted = {id(cell): _middle(cell, place, forward) for cell in layer}
            layer.sort(key=lambda cell: wanted[id(cell)])
        if _crossings(layers) < _crossings(best):
            best = [list(layer) for layer in layers]
    for layer, kept in zip(layers, best, strict=True):
        layer[:] = kept


def _middle(cell: Cell, place: Mapping[int, float], forward: bool) -> float:
    beside = (cell.before if forward else cell.after) or (cell.after if forward else cell.before)
    return sum(place[id(each)] for each in beside) / len(beside) if beside else place[id(cell)]


def _crossings(layers: Sequence[Sequence[Cell]]) -> int:
    place = {id(cell): n for layer in layers for n, cell in enumerate(layer)}
    wires = [[(place[id(a)], place[id(b)]) for a in layer for b in a.after] for layer in layers]
    return sum((a - c) * (b - d) < 0 for layer in wires for n, (a, b) in enumerate(layer) for c, d in layer[:n])


def heights(layers: Layers) -> None:
    """Each cell as near as it can be to the middle of those after it, in the end of those before it; cells apart.

    What comes before has the last word, so that a chain is straight.
    """
    for layer in layers:
        _settle(layer, [0.0] * len(layer))
    for sweep in range(SWEEPS):
        forward = sweep % 2 == 1
        for layer in layers if forward else layers[::-1]:
            place = {id(cell): cell.y for one in layers for cell in one}
            _settle(layer, [_middle(cell, place, forward) for cell in layer])


def _settle(layer: Sequence[Cell], wanted: Sequence[float]) -> None:
    """The heights, downwards, that are nearest to those wanted (pool adjacent violators)."""
    shifts = [0.0]
    for above, below in pairwise(layer):
        shifts.append(shifts[-1] + above.down + APART + below.up)
    blocks: list[tuple[float, int]] = []  # mean and number of cells that stand as near as they can
    for want, shift in zip(wanted, shifts, strict=False):
        mean, count = -want - shift, 1
        while blocks and blocks[-1][0] > mean:
            last, many = blocks.pop()
            mean, count = (mean * count + last * many) / (count + many), count + many
        blocks.append((mean, count))
    means = [mean for mean, count in blocks for _ in range(count)]
    for cell, mean, shift in zip(layer, means, shifts, strict=False):
        cell.y = -(mean + shift)


def rows(layers: Layers, widths: Sequence[float], page: float) -> list[Layers]:
    """The layers in rows that fit the page if they can, in as few as that takes, and of about the same width."""
    parts = [list(_filled(layers, widths, page * n / NARROWINGS)) for n in range(1, NARROWINGS + 1)]
    fewest = len(parts[-1])
    best = min((part for part in parts if len(part) == fewest), key=lambda part: max(sum(widths[a:b]) for a, b in part))
    return [layers[start:end] for start, end in best]


def _filled(layers: Layers, widths: Sequence[float], limit: float) -> Iterator[tuple[int, int]]:
    """Where each row begins and ends, as many layers in each as fit."""
    start, cut = 0, 0  # of the row, and where it could end
    for n in range(len(layers)):
        if n and _is_bridge(layers[n - 1]):
            cut = n
        if sum(widths[start : n + 1]) > limit and cut > start:
            yield start, cut
            start = cut
    yield start, len(layers)


def _is_bridge(layer: Sequence[Cell]) -> bool:
    """Whether a single wire leads from a layer to the next, and to a node."""
    ends = [end for cell in layer for end in cell.after]
    return len(ends) == 1 and ends[0].node is not None
