"""Networks: a column of circles for each layer, a line for each weight."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import pairwise

from derive.document.figures import FigureError, Layer, Network
from derive.document.nodes import Slot
from derive.render.diagrams import LETTERS, PAGE, SMALL, Box, Diagram, Label, Spot, Wire, label, meet, taken
from derive.render.mathtext import Measure

MARGIN = 6.0
SMALLEST = 26.0  # a circle
BESIDE = 8.0  # between a circle and its name
BETWEEN_UNITS = 16.0
BETWEEN_LAYERS = 74.0
WIDER = 1.25
TRIES = 8
NARROWER = (1.0, 0.8, 0.6)  # between layers, so that a network fits the page
PLACES = (0.3, 0.7, 0.5, 0.4, 0.6, 0.22, 0.78, 0.15, 0.85)  # on a line, where its weight may be written
Line = tuple[int, int, int]


def layout(network: Network, say: Callable[[Slot], str], measure: Measure) -> Diagram:
    """Where everything of a network stands; with more room until no weight covers another, or less to fit the page."""
    for narrow in NARROWER:
        diagram = _Writer(network, say, measure, 1.0, narrow).diagram()
        if diagram is not None and diagram.width <= PAGE:
            return diagram
    for n in range(TRIES):
        diagram = _Writer(network, say, measure, WIDER**n, WIDER**n).diagram()
        if diagram is not None:
            return diagram
    raise FigureError("there is no room for so many weights in the figure of a network; write fewer of them on it")


@dataclass(frozen=True)
class _Writer:
    network: Network
    say: Callable[[Slot], str]
    measure: Measure
    high: float  # the room between units, and between layers, as a multiple of the usual one
    wide: float

    def width(self, slot: Slot | None, letters: float = LETTERS) -> float:
        return 0.0 if slot is None else self.measure(self.say(slot), letters).width

    @property
    def circle(self) -> float:
        """The width of every circle: all that stands in one of them fits."""
        return max(SMALLEST, *(self.width(unit) + 9.0 for layer in self.network.layers for unit in layer.units))

    def diagram(self) -> Diagram | None:
        """None when a weight finds no place on its line."""
        layers, step = self.network.layers, self.circle + BETWEEN_UNITS * self.high
        middle = step * max(len(layer.units) for layer in layers) / 2
        below = max(self.heading(layer, (0.0, 0.0))[1] for layer in layers)
        places = self.columns()
        spots = [
            [(x, MARGIN + below + middle + step * ((len(layer.units) - 1) / 2 - n)) for n in range(len(layer.units))]
            for x, layer in zip(places, layers, strict=True)
        ]
        boxes = tuple(Box(x, y, self.circle, self.circle, True) for column in spots for x, y in column)
        labels = list(self.words(spots, MARGIN + below))
        wires = tuple(self.wire(line, spots) for line in self.lines())
        for line, slot in self.network.weights:
            placed = self.weight(line, slot, spots, labels, boxes)
            if placed is None:
                return None
            labels.append(placed)
        right = max(edges[2] for edges in taken(boxes, labels)) + MARGIN
        return Diagram(right, 2 * MARGIN + below + 2 * middle, boxes, tuple(labels), wires)

    def columns(self) -> list[float]:
        """The middle of each column: names, circles and titles of neighbours stand clear of each other."""
        layers = self.network.layers
        halves = [max(self.width(each.title), self.width(each.function, SMALL), self.circle) / 2 for each in layers]
        names = max(map(self.width, layers[0].names), default=-BESIDE)
        places = [MARGIN + max(halves[0], self.circle / 2 + BESIDE + names)]
        for one, other in pairwise(halves):
            places.append(places[-1] + max(one + other + BETWEEN_UNITS, self.circle + BETWEEN_LAYERS * self.wide))
        return places

    def heading(self, layer: Layer, at: Spot) -> tuple[list[Label], float]:
        """The title and the function below a column, from a spot downwards, and how much room they take."""
        made: list[Label] = []
        down = 4.0
        for slot, letters in ((layer.title, LETTERS), (layer.function, SMALL)):
            if slot is not None:
                size = self.measure(self.say(slot), letters)
                spot = (at[0], at[1] - down - size.height / 2)
                made.append(label(self.measure, self.say(slot), spot, 0.5, letters, "plain" if not made else "name"))
                down += size.height + 4.0
        return made, down

    def words(self, spots: list[list[Spot]], bottom: float) -> Iterator[Label]:
        """What stands in the circles, beside them and below them."""
        for n, (layer, column) in enumerate(zip(self.network.layers, spots, strict=True)):
            yield from self.heading(layer, (column[0][0], bottom))[0]
            for unit, (x, y) in zip(layer.units, column, strict=True):
                yield label(self.measure, self.say(unit), (x, y))
            away = self.circle / 2 + BESIDE
            side, across = (-away, 1.0) if n == 0 else (away, 0.0)
            for name, (x, y) in zip(layer.names, column, strict=False):
                yield label(self.measure, self.say(name), (x + side, y), across)

    def lines(self) -> list[Line]:
        """Every line; those that are spoken of last, so that they lie above the others."""
        layers = self.network.layers
        every = [
            (n, i, j)
            for n in range(len(layers) - 1)
            for i in range(len(layers[n].units))
            for j in range(len(layers[n + 1].units))
        ]
        return sorted(every, key=lambda line: line in self.network.bold)

    def wire(self, line: Line, spots: list[list[Spot]]) -> Wire:
        """From the edge of a circle to the edge of another."""
        start, end = self.ends(line, spots)
        share = self.circle / 2 / max(((end[0] - start[0]) ** 2 + (end[1] - start[1]) ** 2) ** 0.5, 1e-9)
        bold = line in self.network.bold
        return Wire((_between(start, end, share), _between(start, end, 1 - share)), arrow=bold, strong=bold)

    def ends(self, line: Line, spots: list[list[Spot]]) -> tuple[Spot, Spot]:
        n, i, j = line
        return spots[n][i], spots[n + 1][j]

    def weight(self, line: Line, slot: Slot, spots: list[list[Spot]], labels: list[Label],
               boxes: tuple[Box, ...]) -> Label | None:  # fmt: skip
        """A weight on its line, where it covers neither another label nor a circle."""
        start, end = self.ends(line, spots)
        for share in PLACES:
            tried = label(self.measure, self.say(slot), _between(start, end, share), 0.5, SMALL, "value", backed=True)
            if not any(meet(tried.edges, edges, 2.0) for edges in taken(boxes, labels)):
                return tried
        return None


def _between(start: Spot, end: Spot, share: float) -> Spot:
    return start[0] + share * (end[0] - start[0]), start[1] + share * (end[1] - start[1])
