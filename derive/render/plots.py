"""Plots: panels side by side, their lines told apart without colour, their labels where nothing else is."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from math import hypot, inf
from typing import Any

from derive.document.figures import Axis, Contours, Curve, Panel, Plot
from derive.document.nodes import Slot
from derive.render.diagrams import GRADIENT, INK, LETTERS, PAGE, SMALL, Edges, meet
from derive.render.mathtext import measure

HEIGHT = 3.1  # inches
WIDTHS = {1: 5.4}
WIDEST = PAGE / 72
THICK = 1.8
GREY = "#9a9a9a"
CLEAR = 26.0  # between the height on a contour and everything else that is drawn
AWAY = (7.0, 16.0, 28.0, 42.0)  # of a label from its dot, in points
SIDES = ((1, 1), (-1, 1), (1, -1), (-1, -1), (1, 0), (-1, 0), (0, 1), (0, -1))
Say = Callable[[Slot], str]


@dataclass(frozen=True)
class Stroke:
    colour: str
    dashes: Any
    tikz: str


# told apart without colour by their dashes
STROKES = (
    Stroke("#0b4f6c", "-", "color={rgb,255:red,11;green,79;blue,108}"),
    Stroke("#9b1c17", (0, (6, 2)), "dashed, color={rgb,255:red,155;green,28;blue,23}"),
    Stroke("#2f6f4f", (0, (1.2, 1.4)), "densely dotted, color={rgb,255:red,47;green,111;blue,79}"),
    Stroke("#5b3a8c", (0, (6, 2, 1.2, 2)), "dash dot, color={rgb,255:red,91;green,58;blue,140}"),
    Stroke("#6b4a08", (0, (3, 1.4, 1.2, 1.4, 1.2, 1.4)), "dash dot dot, color={rgb,255:red,107;green,74;blue,8}"),
)
# what is not a curve of its own
ROLES: dict[str, dict[str, Any]] = {
    "tangent": {"color": INK, "linewidth": 1.0, "linestyle": (0, (7, 1.5, 1.2, 1.5))},
    "guide": {"color": GREY, "linewidth": 0.8, "linestyle": (0, (1, 2))},
    "path": {
        "color": GRADIENT, "linewidth": 0.9, "linestyle": "-", "marker": "o", "markersize": 3.6,
        "markerfacecolor": "white", "markeredgecolor": GRADIENT,
    },
}  # fmt: skip


def draw(plot: Plot, say: Say, decimal: str) -> Any:
    """The plot as a figure of the plotting library; decimal: what stands before decimals."""
    from matplotlib.backends.backend_svg import FigureCanvasSVG
    from matplotlib.figure import Figure as Canvas

    many = len(plot.panels)
    canvas = Canvas(figsize=(WIDTHS.get(many, WIDEST), HEIGHT), dpi=72, layout="constrained")
    FigureCanvasSVG(canvas)  # its letters have the size they have on paper
    pens = _Pens(say)
    every = canvas.subplots(1, many, squeeze=False)[0]
    contours = {}
    for axes, panel in zip(every, plot.panels, strict=True):
        _axes(axes, panel, say, decimal)
        if panel.contours is not None:
            contours[axes] = _contours(axes, panel.contours)
        for curve in panel.curves:
            pens.draw(axes, curve)
        for point in panel.points:
            face = "white" if point.hollow else INK
            axes.plot([point.x], [point.y], "o", markersize=4.5, color=INK, markerfacecolor=face, zorder=4)
        axes.set_xlim(panel.x.low, panel.x.high)
        axes.set_ylim(panel.y.low, panel.y.high)
    if pens.named:
        named = sorted(pens.named, key=lambda name: pens.named[name].get_linewidth() < THICK)  # curves first
        canvas.legend(
            [pens.named[name] for name in named], named, loc="outside upper center", frameon=False, handlelength=2.8,
            ncols=_columns(named, canvas.get_figwidth() * 72),
        )  # fmt: skip
    canvas.draw_without_rendering()  # only now it is known where everything is
    canvas.set_layout_engine("none")
    for axes, panel in zip(every, plot.panels, strict=True):
        if axes in contours:
            _heights(axes, panel, contours[axes], decimal)
        for text, edges, dot in list(place(axes, panel, say)):
            _label(axes, text, edges, dot, backed=panel.contours is not None)
    return canvas


def ticks(decimal: str) -> Any:
    """Numbers along an axis, in a language."""
    from matplotlib.ticker import ScalarFormatter

    class Ticks(ScalarFormatter):
        def __call__(self, x: float, pos: int | None = None) -> str:
            return super().__call__(x, pos).replace(".", decimal)

    return Ticks(useOffset=False)


def place(axes: Any, panel: Panel, say: Say) -> Iterator[tuple[str, Edges, tuple[float, float]]]:
    """The labels of points, where each stands (left, bottom, right, top) and its dot; in points of the page.

    Of the spots around the dot the one that hides least of the curves, the dots and the other labels.
    """
    inside: Edges = axes.get_window_extent().extents
    dots = [_spot(axes, point.x, point.y) for point in panel.points]
    drawn = [*_along(axes, ((curve.x, curve.y) for curve in panel.curves)), *dots]
    taken: list[Edges] = [tuple(text.get_window_extent().extents) for text in axes.texts]  # on contours
    for point, dot in zip(panel.points, dots, strict=True):
        if point.label is not None:
            text = say(point.label)
            size = measure(text, LETTERS)
            tried = list(_around(dot, size.width, size.height))
            best = min(tried, key=lambda edges: _cost(edges, inside, taken, drawn))
            taken.append(best)
            yield text, best, dot


def _cost(edges: Edges, inside: Edges, taken: Sequence[Edges], drawn: Sequence[tuple[float, float]]) -> int:
    outside = edges[0] < inside[0] or edges[1] < inside[1] or edges[2] > inside[2] or edges[3] > inside[3]
    hidden = sum(edges[0] - 2 < x < edges[2] + 2 and edges[1] - 2 < y < edges[3] + 2 for x, y in drawn)
    return 10000 * outside + 1000 * sum(meet(edges, other, 2.0) for other in taken) + hidden


def _around(dot: tuple[float, float], width: float, height: float) -> Iterator[Edges]:
    for away in AWAY:
        for across, up in SIDES:
            x = dot[0] + away * across - width * (1 - across) / 2
            y = dot[1] + away * up - height * (1 - up) / 2
            yield x, y, x + width, y + height


def _along(axes: Any, lines: Iterable[tuple[Sequence[float], Sequence[float]]]) -> Iterator[tuple[float, float]]:
    """Spots along lines, given by their x and y, about every three points of the page."""
    for across, up in lines:
        spots = [_spot(axes, x, y) for x, y in zip(across, up, strict=True)]
        for (x, y), (u, v) in pairwise(spots):
            steps = min(int(max(abs(u - x), abs(v - y)) / 3) + 1, 200)
            yield from ((x + (u - x) * n / steps, y + (v - y) * n / steps) for n in range(steps))


def _spot(axes: Any, x: float, y: float) -> tuple[float, float]:
    across, up = axes.transData.transform((x, y))
    return float(across), float(up)


def _label(axes: Any, text: str, edges: Edges, dot: tuple[float, float], backed: bool) -> None:
    """A label at its spot, a thin line to its dot when that is far."""
    below = measure(text, LETTERS).below
    at = (edges[0] - dot[0], edges[1] + below - dot[1])
    here = axes.transData.inverted().transform(dot)
    note = axes.annotate(
        text, here, at, textcoords="offset points", fontsize=LETTERS, ha="left", va="baseline", color=INK, zorder=5,
        bbox={"facecolor": "white", "edgecolor": "none", "pad": 1.0} if backed else None,
    )  # fmt: skip
    note.set_in_layout(False)
    gaps = (max(edges[0] - dot[0], dot[0] - edges[2], 0.0), max(edges[1] - dot[1], dot[1] - edges[3], 0.0))
    if max(gaps) > AWAY[0] + 1:
        end = (min(max(dot[0], edges[0]), edges[2]) - dot[0], min(max(dot[1], edges[1]), edges[3]) - dot[1])
        line = axes.annotate("", here, end, textcoords="offset points", arrowprops={
            "arrowstyle": "-", "linewidth": 0.6, "color": INK, "shrinkA": 1, "shrinkB": 3,
        })  # fmt: skip
        line.set_in_layout(False)


@dataclass
class _Pens:
    """Curves of one name are drawn alike, and named once."""

    say: Say
    given: dict[str, Stroke] = field(default_factory=dict)
    named: dict[str, Any] = field(default_factory=dict)

    def draw(self, axes: Any, curve: Curve) -> None:
        name = "" if curve.name is None else self.say(curve.name)
        (line,) = axes.plot(curve.x, curve.y, **(ROLES.get(curve.role) or self.stroke(name)))
        if curve.role == "tangent" or curve.role == "guide":
            line.set_zorder(1.9 if curve.role == "guide" else 2.5)
        if name:
            self.named.setdefault(name, line)

    def stroke(self, name: str) -> dict[str, Any]:
        key = name or f"\0{len(self.given)}"
        stroke = self.given.setdefault(key, STROKES[len(self.given) % len(STROKES)])
        return {"color": stroke.colour, "linestyle": stroke.dashes, "linewidth": THICK}


def _columns(names: Sequence[str], width: float) -> int:
    """How many names of a legend stand beside each other."""
    widths = [measure(name, 11.0).width + 55.0 for name in names]
    return len(names) if sum(widths) <= width else max(1, int(width / max(widths)))


def _axes(axes: Any, panel: Panel, say: Say, decimal: str) -> None:
    axes.grid(color="#dddddd", linewidth=0.5)
    axes.set_axisbelow(True)
    axes.set_xlabel(say(panel.x.name))
    axes.set_ylabel(say(panel.y.name))
    if panel.title is not None:
        axes.set_title(say(panel.title), fontsize=11)
    _scale(axes.xaxis, panel.x, axes.set_xscale, decimal)
    _scale(axes.yaxis, panel.y, axes.set_yscale, decimal)


def _scale(ruler: Any, axis: Axis, set_scale: Any, decimal: str) -> None:
    from matplotlib.ticker import LogFormatterMathtext, NullFormatter

    if axis.log:
        set_scale("log")
        ruler.set_major_formatter(LogFormatterMathtext())
        ruler.set_minor_formatter(NullFormatter())
    else:
        ruler.set_major_formatter(ticks(decimal))


def _contours(axes: Any, contours: Contours) -> Any:
    return axes.contour(contours.x, contours.y, contours.heights, levels=contours.levels, colors=GREY, linewidths=0.8)


def _heights(axes: Any, panel: Panel, contours: Any, decimal: str) -> None:
    """What each contour stands for, written on it, away from all else; nothing where it would not be clear."""
    left, bottom, right, top = axes.get_window_extent().extents
    taken = list(_along(axes, ((curve.x, curve.y) for curve in panel.curves)))
    taken += [_spot(axes, point.x, point.y) for point in panel.points]
    column = max((left + (right - left) * n / 16 for n in range(1, 16)), key=lambda x: _gap(taken, x, None))
    chosen: list[tuple[float, float]] = []
    for path in contours.get_paths():
        spots = [
            (x, y)
            for x, y in _along(axes, (part.T for part in path.to_polygons(closed_only=False)))
            if left + CLEAR < x < right - CLEAR and bottom + SMALL < y < top - SMALL
            and min(_gap(taken, x, y), _gap(chosen, x, y)) > CLEAR
        ]  # fmt: skip
        chosen += [min(spots, key=lambda spot: abs(spot[0] - column))] if spots else []
    axes.clabel(
        contours, fmt=lambda level: f"{level:.4g}".replace("-", "−").replace(".", decimal), fontsize=SMALL, colors=INK,
        manual=[axes.transData.inverted().transform(spot) for spot in chosen],
    )  # fmt: skip


def _gap(spots: Sequence[tuple[float, float]], x: float, y: float | None) -> float:
    """How far the nearest of some spots is; across only where y is None."""
    return min((hypot(u - x, 0.0 if y is None else v - y) for u, v in spots), default=inf)
