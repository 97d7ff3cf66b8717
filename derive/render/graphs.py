"""Computational graphs, laid out from left to right, and in a second row where the page ends.

A node, its name and the wire that leaves it with its two numbers stand in a cell; cells never meet, and between layers
there are wires only.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from derive.document.figures import Entries, Graph, GraphNode
from derive.document.nodes import Slot
from derive.render.diagrams import LETTERS, PAGE, SMALL, Box, Diagram, Kind, Label, Spot, Wire, label
from derive.render.graph_layers import Cell, Layers, heights, layered, order, rows
from derive.render.mathtext import Measure

MARGIN = 6.0
GAP = 3.0  # between a number and its wire
NEAR = 1.5  # the same where the next wire is near, too
HEAD = 5.0  # of an arrow
SMALLEST = 22.0  # box
SPREAD = 4.0  # of letters around a node's label
CHANNEL = (20.0, 46.0)  # between layers, narrowest and widest
STRAIGHT = 9.0  # between layers where no wire rises
TURN = 10.0  # beside the rows, for the wire that leads to the next one
BETWEEN_ROWS = 18.0
Say = Callable[[Slot], str]


def layout(graph: Graph, say: Say, measure: Measure) -> Diagram:
    """Where everything of a graph stands; the places do not depend on how much of it is shown."""
    writer = _Writer(graph, say, measure)
    layers = layered(graph)
    for cell in (cell for layer in layers for cell in layer):
        writer.size(cell)
    order(layers)
    heights(layers)
    spans = [_span(layer, bool(n)) for n, layer in enumerate(layers)]
    parts = rows(layers, spans, PAGE - 2 * MARGIN)
    return writer.diagram(parts if len(parts) == 1 else rows(layers, spans, PAGE - 2 * (MARGIN + TURN)))


@dataclass(frozen=True)
class _Writer:
    graph: Graph
    say: Say
    measure: Measure

    def said(self, entries: Entries) -> str:
        """A number, or a vector: a semicolon parts its entries, which may have decimal commas."""
        told = [self.say(entry) for entry in entries]
        return told[0] if len(told) == 1 else f"({'; '.join(told)})"

    def text(self, entries: Entries, at: Spot, across: float, kind: Kind = "plain", lift: float = 0.0,
             gap: float = GAP) -> list[Label]:  # fmt: skip
        """A label around a spot; lift: that it stands above the spot (1) or below (-1), so far away, and not on it."""
        if not entries:
            return []
        letters = SMALL if kind in ("value", "gradient") else LETTERS
        size = self.measure(text := self.said(entries), letters)
        return [label(self.measure, text, (at[0], at[1] + lift * (size.height / 2 + gap)), across, letters, kind)]

    def room(self, texts: Sequence[Entries], letters: float = SMALL) -> tuple[float, float]:
        """Width and height of the largest of some labels."""
        sizes = [self.measure(self.said(entries), letters) for entries in texts if entries]
        return max((size.width for size in sizes), default=0.0), max((size.height for size in sizes), default=0.0)

    def size(self, cell: Cell) -> None:
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
        named = self.room([node.named], LETTERS)[1] + GAP if node.named else 0.0
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

    def diagram(self, parts: Sequence[Layers]) -> Diagram:
        """Row below row."""
        top = MARGIN
        for layers in parts[::-1]:
            top = _lift(layers, top) + BETWEEN_ROWS
        made, right, turn = _Made(), 0.0, TURN if len(parts) > 1 else 0.0
        for n, layers in enumerate(parts):
            if n:
                made.turn(parts[n - 1][-1], right, MARGIN)
            right = self.row(layers, bool(n), MARGIN + turn, made)
            made.width = max(made.width, right + turn + MARGIN)
        height = top - BETWEEN_ROWS + MARGIN
        return Diagram(made.width, height, tuple(made.boxes), tuple(made.labels), tuple(made.wires))

    def row(self, layers: Layers, entered: bool, left: float, made: _Made) -> float:
        """The layers of a row from left to right; where it ends."""
        for n, layer in enumerate(layers):
            channel = _channel(layer) if n or entered else 0.0
            middle = left + channel + max(cell.entry for cell in layer) + max(cell.width for cell in layer) / 2
            right = left + _span(layer, bool(n) or entered)
            for cell in layer:
                self.enter(cell, left + channel, middle, made)
                self.leave(cell, left + channel, middle, right, made)
            left = right
        return left

    def enter(self, cell: Cell, start: float, middle: float, made: _Made) -> None:
        """The wires into a cell, the highest in the highest port, and what is handed back on them."""
        if (node := cell.node) is None:
            return
        edge = middle - cell.width / 2
        ranked = sorted(range(len(cell.before)), key=lambda n: -made.ends[cell.before[n]][1])
        back = self.parts(node)
        for rank, n in enumerate(ranked):
            port = cell.y + cell.ports[rank]
            reach = 0.0 if cell.height > cell.width or not cell.ports[rank] else _bulge(cell, cell.ports[rank])
            # where the wire does not rise, two of its spots may be one
            spots = dict.fromkeys((made.ends[cell.before[n]], (start, port), (edge + reach, port)))
            made.wires.append(Wire(tuple(spots), arrow=True, bent=True))
            if node.key in self.graph.handed_back:
                made.labels += self.text(back[n], (start + GAP, port), 0.0, "gradient", -1, NEAR)

    def leave(self, cell: Cell, start: float, middle: float, right: float, made: _Made) -> None:
        """The box, and the wire that leaves it with its value above and its gradient below."""
        if (node := cell.node) is None:
            spots = (made.ends[cell.before[0]], (start, cell.y), (right, cell.y))
            made.wires.append(Wire(spots, bent=True))
        else:
            edge = middle + cell.width / 2
            halfway = (edge + right - (0.0 if cell.after else HEAD)) / 2
            if node.inputs:
                bold = node.key in self.graph.active
                made.boxes.append(Box(middle, cell.y, cell.width, cell.height, cell.height == cell.width, bold))
            made.labels += self.text((node.label,), (middle, cell.y), 0.5)
            made.labels += self.text(node.named, (middle, cell.y - cell.height / 2), 0.5, "name", -1)
            made.wires.append(Wire(((edge, cell.y), (right, cell.y)), arrow=not cell.after))
            if node.key in self.graph.with_value:
                made.labels += self.text(node.value, (halfway, cell.y), 0.5, "value", 1)
            if node.key in self.graph.with_gradient:
                made.labels += self.text(node.gradient, (halfway, cell.y), 0.5, "gradient", -1)
        made.ends[cell] = (right, cell.y)


@dataclass
class _Made:
    """What is drawn so far. ends: where the wire that leaves a cell leaves its column."""

    boxes: list[Box] = field(default_factory=list)
    labels: list[Label] = field(default_factory=list)
    wires: list[Wire] = field(default_factory=list)
    ends: dict[Cell, Spot] = field(default_factory=dict)
    width: float = 0.0

    def turn(self, layer: Sequence[Cell], right: float, left: float) -> None:
        """The wire from the last layer of a row to the first of the next: around, and back between the rows."""
        (start,) = (cell for cell in layer if cell.after)
        (end,) = start.after
        between = min(cell.y - cell.down for cell in self.ends) - BETWEEN_ROWS / 2
        corners = ((right + TURN, start.y), (right + TURN, between), (left, between), (left, end.y))
        self.wires.append(Wire((self.ends[start], *corners, (left + TURN, end.y))))
        self.ends[start] = (left + TURN, end.y)


def _lift(layers: Layers, low: float) -> float:
    """Moves a row up until it stands on a height; where it ends."""
    cells = [cell for layer in layers for cell in layer]
    up = low - min((cell.y - cell.down for cell in cells), default=0.0)
    for cell in cells:
        cell.y += up
    return max((cell.y + cell.up for cell in cells), default=low)


def _span(layer: Sequence[Cell], entered: bool) -> float:
    """How wide a layer is, with the wires that enter it and the numbers on those that leave it."""
    right = max(cell.width / 2 + cell.stub + (0.0 if cell.after else HEAD) for cell in layer)
    middle = max(cell.entry for cell in layer) + max(cell.width for cell in layer) / 2
    return (_channel(layer) if entered else 0.0) + middle + right


def _channel(layer: Sequence[Cell]) -> float:
    """Wires that rise much have more room to do so."""
    rises = [abs(cell.y - each.y) for cell in layer for each in cell.before]
    if all(len(cell.before) < 2 for cell in layer) and max(rises, default=0.0) < 1e-6:
        return STRAIGHT
    return min(max(CHANNEL[0], 0.4 * max(rises, default=0.0)), CHANNEL[1])


def _bulge(cell: Cell, port: float) -> float:
    """How far behind the left edge of its box a circle begins at the height of a port."""
    half = cell.width / 2
    return float(half - max(half**2 - port**2, 0.0) ** 0.5) if cell.height == cell.width else 0.0
