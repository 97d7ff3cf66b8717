"""Diagrams of boxes, labels and wires: where everything stands, in points, and how it is drawn."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from math import hypot
from typing import Any, Literal

from derive.render.mathtext import Measure, Size

PAGE = 448.0  # the width of its text, in points: what is wider is printed smaller
LETTERS = 11.0  # of whatever may hold a formula, so that what is set below a letter can be read too
SMALL = 10.0  # of bare numbers
CORNER = 6.0  # how far from its corners a wire that turns is round
INK, SOFT, VALUE, GRADIENT = "#1a1a1a", "#8a8a8a", "#0b3c5d", "#9b1c17"
Kind = Literal["plain", "value", "gradient", "name"]
COLOURS: dict[Kind, str] = {"plain": INK, "value": VALUE, "gradient": GRADIENT, "name": "#444444"}
Spot = tuple[float, float]
Edges = tuple[float, float, float, float]  # left, bottom, right, top


@dataclass(frozen=True)
class Label:
    """Text whose line begins at (x, y); size is the room that it takes."""

    text: str
    x: float
    y: float
    size: Size
    letters: float = LETTERS
    kind: Kind = "plain"
    backed: bool = False  # whether it stands on a line, and hides it

    @property
    def edges(self) -> Edges:
        return self.x, self.y - self.size.below, self.x + self.size.width, self.y + self.size.above


@dataclass(frozen=True)
class Box:
    """A circle or a box with round corners around (x, y)."""

    x: float
    y: float
    width: float
    height: float
    round: bool
    bold: bool = False

    @property
    def edges(self) -> Edges:
        return (
            self.x - self.width / 2, self.y - self.height / 2, self.x + self.width / 2, self.y + self.height / 2,
        )  # fmt: skip


@dataclass(frozen=True)
class Wire:
    """A line through spots, level at each of them when it is bent, else straight with round corners.

    arrow: whether its end has a head.
    """

    spots: tuple[Spot, ...]
    arrow: bool = False
    bent: bool = False
    strong: bool = True


@dataclass(frozen=True)
class Diagram:
    width: float
    height: float
    boxes: tuple[Box, ...] = ()
    labels: tuple[Label, ...] = ()
    wires: tuple[Wire, ...] = field(default=())


def label(measure: Measure, text: str, at: Spot, across: float = 0.5, letters: float = LETTERS, kind: Kind = "plain",
          backed: bool = False) -> Label:  # fmt: skip
    """Text whose middle is at a height; across: which part of its width is left of the spot."""
    size = measure(text, letters)
    return Label(
        text, at[0] - across * size.width, at[1] - (size.above - size.below) / 2, size, letters, kind, backed
    )  # fmt: skip


def meet(one: Edges, other: Edges, gap: float = 0.0) -> bool:
    """Whether two rectangles come nearer to each other than gap.

    >>> meet((0, 0, 1, 1), (1.5, 0, 2, 1)), meet((0, 0, 1, 1), (1.5, 0, 2, 1), gap=1)
    (False, True)
    """
    apart = (
        one[2] + gap <= other[0] or other[2] + gap <= one[0] or one[3] + gap <= other[1] or other[3] + gap <= one[1]
    )  # fmt: skip
    return not apart


def taken(boxes: Iterable[Box], labels: Iterable[Label]) -> list[Edges]:
    """Where something stands."""
    return [*(box.edges for box in boxes), *(text.edges for text in labels)]


def draw(diagram: Diagram) -> Any:
    """The diagram as a figure of the plotting library."""
    from matplotlib.figure import Figure as Canvas

    canvas = Canvas(figsize=(diagram.width / 72, diagram.height / 72), dpi=72)
    axes = canvas.add_axes((0, 0, 1, 1))
    axes.set_axis_off()
    axes.set_xlim(0, diagram.width)
    axes.set_ylim(0, diagram.height)
    grounds = (_ground(text) for text in diagram.labels if text.backed)
    for patch in (*map(_wire, diagram.wires), *map(_box, diagram.boxes), *grounds):
        axes.add_patch(patch).set_clip_on(False)  # everything is on the page
    for text in diagram.labels:
        axes.text(text.x, text.y, text.text, fontsize=text.letters, color=COLOURS[text.kind], va="baseline", ha="left")
    return canvas


def _box(box: Box) -> Any:
    from matplotlib.patches import Ellipse, FancyBboxPatch

    look: dict[str, Any] = {
        "facecolor": "#e9eef2" if box.bold else "white",
        "edgecolor": INK,
        "linewidth": 2.0 if box.bold else 1.0,
    }
    if box.round:
        return Ellipse((box.x, box.y), box.width, box.height, **look)
    left, bottom, _, _ = box.edges
    corners = "round,pad=0,rounding_size=4"
    return FancyBboxPatch((left, bottom), box.width, box.height, boxstyle=corners, mutation_aspect=1, **look)


def _ground(text: Label) -> Any:
    from matplotlib.patches import Rectangle

    left, bottom, right, top = text.edges
    return Rectangle((left - 1, bottom - 1), right - left + 2, top - bottom + 2, facecolor="white", edgecolor="none")


def _wire(wire: Wire) -> Any:
    from matplotlib.patches import FancyArrowPatch
    from matplotlib.path import Path

    strokes = list(_bends(wire.spots) if wire.bent else _turns(wire.spots))
    spots = [wire.spots[0], *(spot for stroke in strokes for spot in stroke)]
    codes = [1, *(len(stroke) + 1 for stroke in strokes for _ in stroke)]  # MOVETO 1, LINETO 2, CURVE3 3, CURVE4 4
    width, colour = (1.0, INK) if wire.strong else (0.5, SOFT)
    head = "-|>,head_length=5,head_width=2.2" if wire.arrow else "-"
    return FancyArrowPatch(
        path=Path(spots, codes), arrowstyle=head, mutation_scale=1, linewidth=width, edgecolor=colour,
        facecolor=colour, fill=wire.arrow, shrinkA=0, shrinkB=0, joinstyle="miter", capstyle="butt",
    )  # fmt: skip


def _bends(spots: Sequence[Spot]) -> Iterator[tuple[Spot, ...]]:
    """From spot to spot, level at each: the spots that each stroke of a pen is led by."""
    for (x, y), (u, v) in pairwise(spots):
        yield (((x + u) / 2, y), ((x + u) / 2, v), (u, v)) if y != v else ((u, v),)


def _turns(spots: Sequence[Spot]) -> Iterator[tuple[Spot, ...]]:
    """Straight, and round at each corner."""
    for before, corner, after in zip(spots, spots[1:], spots[2:], strict=False):
        yield (_towards(corner, before),)
        yield corner, _towards(corner, after)
    yield (spots[-1],)


def _towards(corner: Spot, other: Spot) -> Spot:
    """As far from a corner as it is round, at most halfway to another spot."""
    across, up = other[0] - corner[0], other[1] - corner[1]
    part = min(CORNER / max(hypot(across, up), CORNER), 0.5)
    return corner[0] + part * across, corner[1] + part * up
