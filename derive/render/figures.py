"""Figures as SVG and PDF, the same bytes each time, and line plots as coordinates for LaTeX."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from io import BytesIO, StringIO
from typing import Any

from derive.document.figures import Graph, Network, Picture, Plot
from derive.document.nodes import Figure, Series, Slot
from derive.render import diagrams, graphs, networks, plots
from derive.render.mathtext import FONT_SETTINGS, labels, library, measure
from derive.render.plots import STROKES
from derive.render.speaker import Speaker

LINE_WIDTH = 448.0  # of a page, in points
SETTINGS: dict[Any, Any] = {
    "svg.hashsalt": "derive",
    "svg.fonttype": "path",
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
        return min(100, round(100 * float(self.canvas.get_figwidth()) * 72 / LINE_WIDTH))

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


def drawn(picture: Picture, speaker: Speaker) -> Drawn:
    """The picture in the language and notation of a speaker. FigureError for labels that cannot be shown."""
    with library().rc_context(SETTINGS):
        return Drawn(_canvas(picture.drawing, labels(speaker), speaker.language.decimal))


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
    FigureCanvasSVG(canvas).print_svg(written, metadata={"Date": None, "Creator": None})  # type: ignore[no-untyped-call]
    return written.getvalue()


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
