"""Line plots: as SVG, and as coordinates for a LaTeX plot."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from io import StringIO
from typing import Any

from derive.document.nodes import Figure, Series, Slot


SETTINGS: dict[Any, Any] = {
    "svg.hashsalt": "derive",
    "svg.fonttype": "path",
    "font.family": "STIXGeneral",
    "font.size": 11,
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
    """The plot as SVG, the same bytes each time."""
    from matplotlib import rc_context  # only documents with a figure pay for it
    from matplotlib.backends.backend_svg import FigureCanvasSVG
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

