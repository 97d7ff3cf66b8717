"""Figures as SVG and PDF, the same bytes each time, and line plots as coordinates for LaTeX."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from io import BytesIO, StringIO
from math import ceil
from typing import Any

from derive.document.figures import Graph, Network, Plot
from derive.document.nodes import Figure, Picture, Series, Slot
from derive.render import diagrams, graphs, networks, plots
from derive.render.diagrams import PAGE
from derive.render.mathtext import FONT_SETTINGS, labels, library, measure
from derive.render.plots import STROKES
from derive.render.wording import Wording

SHORTENED = re.compile(
    r"<!--.*?-->|scale\([^)]*\)"  # what is said, and the size of letters, stay as they are
    r"|(?P<indent>(?<=\n) +)"
    r"|(?P<number>-?\d+\.\d{3,})"
    r'|(?<=["#])(?P<id>[a-zA-Z][0-9a-f]{10})(?=[")])',
    re.DOTALL,
)
SETTINGS: dict[Any, Any] = {
    "svg.hashsalt": "derive",
    "svg.fonttype": "path",
    "pdf.compression": 0,  # so that the bytes do not depend on who compresses
    **FONT_SETTINGS,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.linewidth": 0.6,
    "axes.edgecolor": "#333333",
    "axes.formatter.use_mathtext": False,
    "xtick.direction": "out",
    "ytick.direction": "out",
    "xtick.major.width": 0.6,
    "ytick.major.width": 0.6,
    "lines.linewidth": 1.6,
}


def svg(figure: Figure, plain: Callable[[Slot], str], decimal: str) -> str:
    """The line plot as SVG; plain spells its words."""
    rc_context = library().rc_context  # only documents with a figure pay for it
    from matplotlib.figure import Figure as Canvas

    with rc_context(SETTINGS):
        canvas = Canvas(figsize=(5.4, 3.1), layout="constrained")
        axes = canvas.subplots()
        for n, series in enumerate(figure.series):
            stroke = STROKES[n % len(STROKES)]
            axes.plot(series.x, series.y, color=stroke.colour, linestyle=stroke.dashes)
        axes.grid(color="#dddddd", linewidth=0.5)
        axes.set_axisbelow(True)
        _literal(axes.set_xlabel(" "), plain(figure.x_axis))
        _literal(axes.set_ylabel(" "), plain(figure.y_axis))
        for axis in (axes.xaxis, axes.yaxis):
            axis.set_major_formatter(plots.ticks(decimal))
        if len(figure.series) > 1:
            legend = axes.legend(axes.lines, [str(n) for n in range(len(axes.lines))], frameon=False, handlelength=2.8)
            for entry, series in zip(legend.get_texts(), figure.series, strict=True):
                _literal(entry, plain(series.name))
        return _svg(canvas)


@dataclass(frozen=True)
class Drawn:
    """A picture, to be written as SVG or as PDF; the same bytes each time."""

    canvas: Any

    @property
    def share(self) -> int:
        """How much of the width of a page it takes, in percent."""
        return min(100, ceil(100 * float(self.canvas.get_figwidth()) * 72 / PAGE))

    @property
    def height(self) -> float:
        """How high it is printed, in points."""
        width, height = (72 * float(inches) for inches in self.canvas.get_size_inches())
        return height * min(1.0, PAGE / width)

    @cached_property
    def svg(self) -> str:
        with library().rc_context(SETTINGS):
            return _svg(self.canvas)

    @cached_property
    def pdf(self) -> bytes:
        from matplotlib.backends.backend_pdf import FigureCanvasPdf

        written = BytesIO()
        nothing = {"CreationDate": None, "Creator": None, "Producer": None}
        with library().rc_context(SETTINGS):
            FigureCanvasPdf(self.canvas).print_pdf(written, metadata=nothing)  # type: ignore[no-untyped-call]
        return written.getvalue()


def drawn(picture: Picture, wording: Wording) -> Drawn:
    """The picture in the language and notation of a wording. FigureError for labels that cannot be shown."""
    with library().rc_context(SETTINGS):
        return Drawn(_canvas(picture.drawing, labels(wording), wording.language.decimal))


def _canvas(drawing: Plot | Graph | Network, say: Callable[[Slot], str], decimal: str) -> Any:
    match drawing:
        case Plot():
            return plots.draw(drawing, say, decimal)
        case Graph():
            return diagrams.draw(graphs.layout(drawing, say, measure))
        case Network():
            return diagrams.draw(networks.layout(drawing, say, measure))


def _svg(canvas: Any) -> str:
    from matplotlib.backends.backend_svg import FigureCanvasSVG

    written = StringIO()
    nothing = {"Date": None, "Creator": None, "Type": None, "Format": None}
    FigureCanvasSVG(canvas).print_svg(written, metadata=nothing)  # type: ignore[no-untyped-call]
    return rounded(written.getvalue())


def rounded(page: str) -> str:
    """An SVG with two decimals, and with identifiers that count: the last digits of a sum do not change its bytes.

    >>> rounded('<g id="p0123456789" d="M 1.23456 2" transform="scale(0.0125)"/><!-- 0.123 --><a href="#p0123456789"/>')
    '<g id="i0" d="M 1.23 2" transform="scale(0.0125)"/><!-- 0.123 --><a href="#i0"/>'
    """
    counted: dict[str, str] = {}

    def shorter(found: re.Match[str]) -> str:
        if found["number"]:
            return f"{round(float(found['number']), 2) + 0.0:.2f}".rstrip("0").rstrip(".")
        if found["id"]:
            return counted.setdefault(found["id"], f"i{len(counted)}")
        return "" if found["indent"] else found[0]

    return SHORTENED.sub(shorter, page)


def coordinates(series: Series) -> str:
    """(x,y) pairs for pgfplots.

    >>> from derive.document.nodes import Message
    >>> coordinates(Series(Message("x"), (0.0, 1.0), (0.5, 2.0)))
    '(0,0.5) (1,2)'
    """
    return " ".join(f"({x:.6g},{y:.6g})" for x, y in zip(series.x, series.y, strict=True))


def _literal(label: Any, words: str) -> None:
    """Words of a plot, in which a dollar begins no formula."""
    label.set_parse_math(False)
    label.set_text(words)
