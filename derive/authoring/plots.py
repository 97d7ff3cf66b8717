"""Figures of functions and of descents: sampled here, from formulas, proved derivatives and networks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from derive.authoring.author import Author, need
from derive.authoring.error import LectureError
from derive.authoring.values import Net, Opened
from derive.core.functions import CONSTANTS
from derive.core.term import free, sym
from derive.document.figures import Axis, Curve, Panel, Plot, Point, tangent
from derive.document.nodes import Message, Number, Picture

PLACES = 120  # of a loss over a parameter


def functions(
    author: Author, label: str, formulas: Sequence[str], by: str, low: float, high: float, *,
    names: Sequence[object] = (), at: Sequence[float] = (), decimals: int = 2,
) -> Picture:  # fmt: skip
    """Formulas of one variable, with tangents by their proved derivatives: figure("functions", ["x^2"], "x", -1, 1)."""
    from derive.derivation import prove
    from derive.document.pictures import sampled, say, tangent_reach, typed
    from derive.gradients.scalar import scalar_function
    from derive.syntax.formula import parse

    texts = need(formulas, list, "a list of formulas, in quotes")
    if not texts:
        raise LectureError("there is no formula to draw")
    if names and len(names) != len(texts):
        raise LectureError(f"{len(names)} names for {len(texts)} formulas")
    curves: list[Curve] = []
    points: list[Point] = []
    touching: list[tuple[float, float, float]] = []  # x, y and slope of each tangent
    for n, text in enumerate(texts):
        author.counted()
        decimal = author.language.decimal
        term = parse(need(text, str, "a formula, in quotes"), decimal=decimal).term
        proved = prove(text, by, witnesses=author.witnesses, decimal=decimal)
        value, slope = scalar_function([term], [by]), scalar_function([proved.proof.theorem.right], [by])
        curves.append(Curve(*sampled(value, low, high), author.text(names[n]) if names else typed(term)))
        for x in at:
            height, steep = float(value(x)), float(slope(x))
            touching.append((x, height, steep))
            points.append(Point(x, height, say("slope", number=Number(steep, decimals))))
    heights = [y for curve in curves for y in curve.y]
    rise = max(heights) - min(heights)
    tangents = [
        tangent(x, y, steep, tangent_reach(steep, high - low, rise), say("tangent")) for x, y, steep in touching
    ]
    panel = Panel(Axis(typed(parse(by).term), low, high), Axis(sym("y")), (*curves, *tangents), tuple(points))
    return Picture(label, Message("authoring.curves"), Message("authoring.curves"), Plot((panel,)))


def descent(
    author: Author, label: str, trace: Opened, entry: str, net: Net, params: Mapping[str, Any], x: Any, y: Any, *,
    low: float, high: float, name: str, decimals: int = 2,
) -> Picture:  # fmt: skip
    """The loss over one entry, and how it was descended: figure("descent", t, "b2[0]", net, params, x, y, ...)."""
    from derive.document.pictures import loss_over_parameter
    from derive.examples import landscape
    from derive.syntax.formula import parse

    if not isinstance(trace, Opened) or type(trace.value).__name__ != "Trace":
        raise LectureError("here what descend(...) gives is needed")
    path = trace.value.path(entry)  # refuses what was not descended
    places = [low + (high - low) * n / PLACES for n in range(PLACES + 1)]
    losses = landscape(need(net, Net, "network(...)").network, params, x, y, {entry: places})
    slope = float(trace.value.rows[0].slope[entry])
    return loss_over_parameter(
        label, parse(name).term, (places, list(losses)), (path, trace.value.losses), slope, decimals
    )


def value_at(author: Author, formula: str, values: Mapping[str, float]) -> float:
    """The value of a formula at a point."""
    from derive.gradients.scalar import scalar_function
    from derive.syntax.formula import parse

    term = parse(need(formula, str, "a formula, in quotes"), decimal=author.language.decimal).term
    given = need(values, dict, 'a number for each variable, such as {"x": 2}')
    if missing := sorted(free(term) - set(given) - set(CONSTANTS)):
        raise LectureError(f'{missing[0]} has no value here; give it one, such as {{"{missing[0]}": 2}}')
    return float(scalar_function([term], list(given))(**given))
