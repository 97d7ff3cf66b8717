"""The figures that a lecture can have, by name."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from derive.authoring import plots
from derive.authoring.author import Author, need
from derive.authoring.error import LectureError
from derive.authoring.values import Blocks, Net, Opened
from derive.core.term import Term, num, sym
from derive.document.figures import Axis, Curve, Graph, Layer, Network, Panel, Plot, numbered
from derive.document.nodes import Message, Name, Number, Picture, Slot
from derive.errors import unknown

MOST_POINTS = 5000


def figure(
    author: Author, kind: str, *given: Any, caption: object = None, alt: object = None, x: object = None,
    y: object = None, label: str | None = None, **options: Any,
) -> Blocks:  # fmt: skip
    """A figure by its kind; its caption, what it shows in words and what stands along its axes may be given."""
    if kind not in FIGURES:
        raise LectureError(unknown("figure", str(kind), FIGURES).replace('("derive list" shows them all)', _known()))
    named = author.label(label, str(kind))
    drawn = FIGURES[kind](author, named, *given, **options)
    said = drawn.caption if caption is None else author.text(caption)
    seen = drawn.alt if alt is None else author.text(alt)
    drawing = drawn.drawing
    for axis, name in (("x", x), ("y", y)):
        if name is not None:
            drawing = _along(drawing, axis, author.text(name), str(kind))
    return Blocks((replace(drawn, caption=said, alt=seen, drawing=drawing),))


def _along(drawing: Plot | Graph | Network, axis: str, name: Slot, kind: str) -> Plot:
    """The same with something else along an axis of each of its panels."""
    if not isinstance(drawing, Plot):
        raise LectureError(f'the figure "{kind}" has no axes; leave {axis}= out')
    named = (replace(panel, **{axis: replace(getattr(panel, axis), name=name)}) for panel in drawing.panels)
    return replace(drawing, panels=tuple(named))


def _known() -> str:
    return f"(there are {', '.join(FIGURES)})"


def graph(author: Author, label: str, of: Opened, *, decimals: int = 2, shown: int | None = None) -> Picture:
    """A computational graph: figure("graph", graph_of(...))."""
    from derive.document.pictures import graph_figure

    if not isinstance(of, Opened) or type(of.value).__name__ != "Graph":
        raise LectureError("here what graph_of(...) or network_graph(...) gives is needed")
    return graph_figure(of.value, label, Message("authoring.graph"), decimals=decimals, shown=shown)


def network(
    author: Author, label: str, net: Net, *, inputs: Sequence[object] = (), units: Sequence[Sequence[object]] = ()
) -> Picture:
    """A network: figure("network", network(...)). inputs: what these are called; units: what stands in the circles."""
    from derive.document.pictures import network_figure

    spec = need(net, Net, "network(...)").network.spec
    sizes = [spec.input, *(layer.units for layer in spec.layers)]
    if any(not str(size).isdecimal() or int(str(size)) > 12 for size in sizes):
        raise LectureError("a network is drawn when its layers have 1 to 12 units each")
    features = tuple(map(author.text, inputs)) or tuple(map(Name, spec.features))
    names = [features, *[()] * (len(sizes) - 2), tuple(map(Name, spec.classes))]
    counted = [tuple(Number(m, 0) for m in range(1, int(str(size)) + 1)) for size in sizes]
    circles = [tuple(map(author.text, layer)) for layer in units] or counted
    if list(map(len, circles)) != list(map(len, counted)):
        raise LectureError(f"units are lists of {', '.join(str(len(layer)) for layer in counted)} texts")
    applied = [None, *(_function(layer.activation) for layer in spec.layers)]
    layers = [Layer(_title(n, len(sizes)), circles[n], names[n], applied[n]) for n in range(len(sizes))]
    return network_figure(layers, label, Message("authoring.network"))


def _title(n: int, count: int) -> Message:
    if n == 0:
        return Message("authoring.input-layer")
    return Message("authoring.output-layer" if n == count - 1 else "authoring.hidden-layer", {"layer": Name(str(n))})


def _function(activation: str) -> Message | None:
    return None if activation == "identity" else Message(f"activation.{activation}")


def training(author: Author, label: str, losses: Sequence[float], *, log: bool = False, decimals: int = 3) -> Picture:
    """The loss before each step: figure("training", descend(...).losses)."""
    from derive.document.pictures import training_curve

    return training_curve(label, _numbers(losses), log, decimals)


def curves(author: Author, label: str, lines: Sequence[Mapping[str, Any]]) -> Picture:
    """Lines through points: figure("curves", [{"x": [...], "y": [...], "name": "loss"}])."""
    drawn = []
    for line in need(lines, list, "a list of lines, each a dict with x, y and name"):
        each = need(line, dict, 'a dict such as {"x": [...], "y": [...], "name": "loss"}')
        name: Slot | None = author.text(each["name"]) if "name" in each else None
        drawn.append(Curve(_numbers(each.get("x")), _numbers(each.get("y")), name))
    panel = Panel(Axis(sym("x")), Axis(sym("y")), tuple(drawn))
    return Picture(label, Message("authoring.curves"), Message("authoring.curves"), Plot((panel,)))


def surface(
    author: Author, label: str, heights: Sequence[Sequence[float]], over: Mapping[str, Sequence[float]],
    trace: Opened, *, decimals: int = 2,
) -> Picture:  # fmt: skip
    """The loss over two entries and a descent on it: figure("surface", landscape(..., over), over, descend(...))."""
    from derive.document.pictures import surface as drawn

    if not isinstance(trace, Opened) or type(trace.value).__name__ != "Trace":
        raise LectureError("here what descend(...) gives is needed")
    if len(need(over, dict, "what landscape(...) was over")) != 2:
        raise LectureError("a surface is over two entries")
    (one, x), (other, y) = over.items()
    turned = [list(row) for row in zip(*need(heights, list, "what landscape(...) gives"), strict=True)]
    path = tuple(map(float, trace.value.path(one))), tuple(map(float, trace.value.path(other)))
    names = entry_term(one), entry_term(other)
    return drawn(label, names, _numbers(x), _numbers(y), [_numbers(row) for row in turned], path, decimals=decimals)


def entry_term(name: str) -> Term:
    """An entry as formulas write it, counted from 1.

    >>> entry_term("b2[0]")
    b__2[1]
    """
    family, _, places = name.rstrip("]").partition("[")
    stem = family.rstrip("0123456789")
    return sym(f"{stem}__{family[len(stem) :]}")[tuple(num(int(n) + 1) for n in places.split(","))]


def sigmoid(author: Author, label: str) -> Picture:
    """The sigmoid and the step function."""
    from derive.document.pictures import sigmoid_and_step

    return sigmoid_and_step(label)


def entropy(author: Author, label: str, *, at: Sequence[float] = (0.1, 0.9)) -> Picture:
    """Cross-entropy and squared error over the probability, with tangents."""
    from derive.document.pictures import entropy_and_squares

    return entropy_and_squares(at, label)


def _numbers(values: object) -> tuple[float, ...]:
    given = need(values, list, "a list of numbers")
    if len(given) > MOST_POINTS or any(isinstance(n, bool) or not isinstance(n, int | float) for n in given):
        raise LectureError(f"here a list of at most {MOST_POINTS} numbers is needed")
    return numbered(given)


FIGURES: Mapping[str, Callable[..., Picture]] = {
    "graph": graph, "network": network, "training": training, "curves": curves, "sigmoid-and-step": sigmoid,
    "entropy-and-squares": entropy, "surface": surface,
    "functions": plots.functions, "descent": plots.descent,
}  # fmt: skip
