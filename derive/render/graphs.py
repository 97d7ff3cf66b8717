"""Computational graphs, laid out in layers from left to right.

Longest paths give the layers, barycentres the order inside them, and least squares the heights. A node, its name and
the wire that leaves it with its two numbers stand in a cell; cells never meet, and between layers there are wires only.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from derive.document.figures import Entries, Graph, GraphNode
from derive.document.nodes import Slot
from derive.render.diagrams import LETTERS, SMALL, Box, Diagram, Kind, Label, Spot, Wire, label
from derive.render.mathtext import Measure

MARGIN = 6.0
GAP = 3.0  # between a number and its wire
HEAD = 5.0  # of an arrow
SMALLEST = 22.0  # box
APART = 9.0  # between cells
SPREAD = 4.0  # of letters around a node's label
CHANNEL = (22.0, 54.0)  # between layers, narrowest and widest
SWEEPS = 12
Say = Callable[[Slot], str]


@dataclass
class _Cell:
    """A node in its layer, or the place where a wire passes through a layer."""

    node: GraphNode | None
    layer: int
    before: list[_Cell] = field(default_factory=list)
    after: list[_Cell] = field(default_factory=list)
    width: float = 0.0  # of the box
    height: float = 0.0
    stub: float = 0.0  # of the wire that leaves it, as long as its numbers
    entry: float = 0.0  # of the wires that enter, as long as what is handed back on them
    up: float = 2.0
    down: float = 2.0
    y: float = 0.0
    ports: list[float] = field(default_factory=list)  # above the middle, one for each cell before


def layout(graph: Graph, say: Say, measure: Measure) -> Diagram:
    """Where everything of a graph stands; the places do not depend on how much of it is shown."""
    writer = _Writer(graph, say, measure)
    layers = _layers(graph)
    for cell in (cell for layer in layers for cell in layer):
        writer.size(cell)
    _order(layers)
    _heights(layers)
    return writer.diagram(layers)


def _layers(graph: Graph) -> list[list[_Cell]]:
    """The nodes by the longest way from an input, an input just before what uses it; wires pass through cells too."""
    depth: dict[str, int] = {}
    for node in graph.nodes:
        depth[node.key] = 1 + max((depth[key] for key in node.inputs), default=-1)
    for node in graph.nodes:
        if not node.inputs:
            users = [depth[each.key] for each in graph.nodes if node.key in each.inputs]
            depth[node.key] = min(users, default=1) - 1
    layers: list[list[_Cell]] = [[] for _ in range(max(depth.values(), default=-1) + 1)]
    cells = {node.key: _Cell(node, depth[node.key]) for node in graph.nodes}
    for cell in cells.values():
        layers[cell.layer].append(cell)
    for node in graph.nodes:
        for key in node.inputs:
            _join(cells[key], cells[node.key], layers)
    return layers


def _join(start: _Cell, end: _Cell, layers: list[list[_Cell]]) -> None:
    for n in range(start.layer + 1, end.layer):
        through = _Cell(None, n, before=[start])
        start.after.append(through)
        layers[n].append(through)
        start = through
    start.after.append(end)
    end.before.append(start)


def _order(layers: list[list[_Cell]]) -> None:
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


def _middle(cell: _Cell, place: Mapping[int, float], forward: bool) -> float:
    beside = (cell.before if forward else cell.after) or (cell.after if forward else cell.before)
    return sum(place[id(each)] for each in beside) / len(beside) if beside else place[id(cell)]


def _crossings(layers: Sequence[Sequence[_Cell]]) -> int:
    place = {id(cell): n for layer in layers for n, cell in enumerate(layer)}
    wires = [[(place[id(a)], place[id(b)]) for a in layer for b in a.after] for layer in layers]
    return sum((a - c) * (b - d) < 0 for layer in wires for n, (a, b) in enumerate(layer) for c, d in layer[:n])


def _heights(layers: list[list[_Cell]]) -> None:
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


def _settle(layer: Sequence[_Cell], wanted: Sequence[float]) -> None:
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


@dataclass(frozen=True)
class _Writer:
    graph: Graph
    say: Say
    measure: Measure

    def said(self, entries: Entries) -> str:
        """A number, or a vector: a semicolon parts its entries, which may have decimal commas."""
        told = [self.say(entry) for entry in entries]
        return told[0] if len(told) == 1 else f"({'; '.join(told)})"

    def text(self, entries: Entries, at: Spot, across: float, kind: Kind = "plain", lift: float = 0.0) -> list[Label]:
        """A label around a spot; lift: that it stands above the spot (1) or below (-1), and not on it."""
        if not entries:
            return []
        letters = LETTERS if kind == "plain" else SMALL
        size = self.measure(text := self.said(entries), letters)
        return [label(self.measure, text, (at[0], at[1] + lift * (size.height / 2 + GAP)), across, letters, kind)]

    def room(self, texts: Sequence[Entries]) -> tuple[float, float]:
        """Width and height of the largest of some small labels."""
        sizes = [self.measure(self.said(entries), SMALL) for entries in texts if entries]
        return max((size.width for size in sizes), default=0.0), max((size.height for size in sizes), default=0.0)

    def size(self, cell: _Cell) -> None:
        """How large the parts of a cell are."""
        if (node := cell.node) is None:
            return
        inside = self.measure(self.say(node.label), LETTERS)
        cell.width, cell.height = inside.width + 2 * SPREAD, inside.height + 2 * SPREAD
        if node.inputs:
            across = max((inside.width**2 + inside.height**2) ** 0.5 + SPREAD, SMALLEST)
            short = cell.width <= 1.7 * cell.height
            cell.width, cell.height = (across, across) if short else (cell.width, max(cell.height, SMALLEST))
        wide, high = self.room([node.value, node.gradient])
        cell.stub = wide + 3 * GAP if wide else 2 * GAP
        named = self.room([node.named])[1] + GAP if node.named else 0.0
        back = self.room(self.parts(node))
        cell.entry = back[0] + 3 * GAP if back[0] else 0.0
        many = len(node.inputs)
        step = back[1] + 2 * GAP if back[0] else min(9.0, 0.6 * cell.height / max(many, 1))
        cell.ports = [step * ((many - 1) / 2 - n) for n in range(many)]
        cell.height = max(cell.height, step * (many - 1) + 12.0) if many else cell.height
        half = step * (many - 1) / 2 + (back[1] + GAP if back[0] else 0.0)
        cell.up = max(cell.height / 2, high + GAP)
        cell.down = max(cell.height / 2 + named, high + GAP, half)

    def parts(self, node: GraphNode) -> list[Entries]:
        """What is handed back to each input that is used elsewhere too: only a part of its gradient."""
        uses = [key for each in self.graph.nodes for key in each.inputs]
        pairs = zip(node.inputs, node.contributions or ((),) * len(node.inputs), strict=True)
        return [part if uses.count(key) > 1 else () for key, part in pairs]

    def diagram(self, layers: Sequence[Sequence[_Cell]]) -> Diagram:
        top = max((cell.y + cell.up for layer in layers for cell in layer), default=0.0)
        low = min((cell.y - cell.down for layer in layers for cell in layer), default=0.0)
        for cell in (cell for layer in layers for cell in layer):
            cell.y += MARGIN - low
        boxes: list[Box] = []
        labels: list[Label] = []
        wires: list[Wire] = []
        ends: dict[int, Spot] = {}  # where the wire that leaves a cell leaves its column
        left = MARGIN
        for n, layer in enumerate(layers):
            channel = _channel(layer) if n else 0.0
            entry = max(cell.entry for cell in layer)
            middle = left + channel + entry + max(cell.width for cell in layer) / 2
            right = max(middle + cell.width / 2 + cell.stub + (0.0 if cell.after else HEAD) for cell in layer)
            for cell in layer:
                self.enter(cell, left + channel, middle, ends, wires, labels)
                self.leave(cell, left + channel, middle, right, ends, wires, labels, boxes)
            left = right
        return Diagram(left + MARGIN, top - low + 2 * MARGIN, tuple(boxes), tuple(labels), tuple(wires))

    def enter(self, cell: _Cell, start: float, middle: float, ends: Mapping[int, Spot], wires: list[Wire],
              labels: list[Label]) -> None:  # fmt: skip
        """The wires into a cell, the highest in the highest port, and what is handed back on them."""
        if (node := cell.node) is None:
            return
        edge = middle - cell.width / 2
        ranked = sorted(range(len(cell.before)), key=lambda n: -ends[id(cell.before[n])][1])
        back = self.parts(node)
        for rank, n in enumerate(ranked):
            port = cell.y + cell.ports[rank]
            reach = 0.0 if cell.height > cell.width or not cell.ports[rank] else _bulge(cell, cell.ports[rank])
            spots = (ends[id(cell.before[n])], (start, port), (edge + reach, port))
            wires.append(Wire(spots, arrow=True, bent=True))
            if node.key in self.graph.handed_back:
                labels += self.text(back[n], (start + GAP, port), 0.0, "gradient", -1)

    def leave(self, cell: _Cell, start: float, middle: float, right: float, ends: dict[int, Spot], wires: list[Wire],
              labels: list[Label], boxes: list[Box]) -> None:  # fmt: skip
        """The box, and the wire that leaves it with its value above and its gradient below."""
        if (node := cell.node) is None:
            entered = (start, cell.y)
            wires.append(Wire((ends[id(cell.before[0])], entered, (right, cell.y)), bent=True))
        else:
            edge = middle + cell.width / 2
            halfway = (edge + right - (0.0 if cell.after else HEAD)) / 2
            if node.inputs:
                bold = node.key in self.graph.active
                boxes.append(Box(middle, cell.y, cell.width, cell.height, cell.height == cell.width, bold))
            labels += self.text((node.label,), (middle, cell.y), 0.5)
            labels += self.text(node.named, (middle, cell.y - cell.height / 2), 0.5, "name", -1)
            wires.append(Wire(((edge, cell.y), (right, cell.y)), arrow=not cell.after))
            if node.key in self.graph.with_value:
                labels += self.text(node.value, (halfway, cell.y), 0.5, "value", 1)
            if node.key in self.graph.with_gradient:
                labels += self.text(node.gradient, (halfway, cell.y), 0.5, "gradient", -1)
        ends[id(cell)] = (right, cell.y)


def _channel(layer: Sequence[_Cell]) -> float:
    """Wires that rise much have more room to do so."""
    rise = max((abs(cell.y - each.y) for cell in layer for each in cell.before), default=0.0)
    return min(max(CHANNEL[0], 0.4 * rise), CHANNEL[1])


def _bulge(cell: _Cell, port: float) -> float:
    """How far behind the left edge of its box a circle begins at the height of a port."""
    half = cell.width / 2
    return float(half - max(half**2 - port**2, 0.0) ** 0.5) if cell.height == cell.width else 0.0
