"""Lines made to deceive: false far out, in a narrow place, at a single point, or without a value somewhere.

data/hostile_lines.json has rows [function, line, point where it is wrong] and, of right lines in which kinks are
written in other ways, [function, line, variable]. What is wrong at a point is worked out by mpmath, not by derive.
DERIVE_LINES=1 looks at all of them.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from mpmath import mp, mpf

import derive

EVERY = int(os.environ.get("DERIVE_LINES", "6"))
LINES = json.loads((Path(__file__).parents[1] / "data" / "hostile_lines.json").read_text(encoding="utf-8"))
SHOWN = ("follows", "equal")
PARTS = 5
DIGITS = 1200  # at e^(41^2) a difference of 1 is seen


def status(function: str, line: str, wrt: str) -> str:
    return str(derive.check(function, [line], wrt=wrt).lines[0].status)


@pytest.mark.parametrize("part", range(PARTS))
def test_no_hostile_line_is_called_right(part: int) -> None:
    said = {(f, line): status(f, line, "x") for f, line, _ in LINES["wrong"][::EVERY][part::PARTS]}
    assert {each: s for each, s in said.items() if s not in ("wrong", "undecided")} == {}
    assert sum(s == "wrong" for s in said.values()) >= len(said) / 2


@pytest.mark.parametrize("part", range(PARTS))
def test_right_lines_with_kinks_are_right(part: int) -> None:
    said = {each: status(*each) for each in map(tuple, LINES["right"][::EVERY][part::PARTS])}
    assert {each: s for each, s in said.items() if s not in SHOWN} == {}


@pytest.mark.parametrize(
    ("function", "line", "wrt"),
    [
        ("x^2 + y", "2x + piecewise(0 if y > 0; 0 if y < 0; 3)", "x"),
        ("x^2 y", "2 x y sign(y)^2 + 1 - sign(y)^2", "x"),
        ("x^2 y", "2 x y + piecewise(0 if x < y; 0 if x > y; 3)", "x"),
        ("x^2 y", "2 x y + relu(1/(x y) - 10^12)", "x"),
        ("sum(i, x_i^2)", "2 x_k sign(x_k - 1)^2", "x_k"),
        ("sum(i, x_i^2)", "2 x_k + relu(x_k - 10^9)", "x_k"),
        ("sum(i, x_i^2)", "2 x_k + ln(x_k + 10^5) - ln(x_k + 10^5)", "x_k"),
        ("sum(i, x_i^2)", "2 x_k + sum(i, relu(x_i - 10^12))", "x_k"),
        ("x^x", "x^x (1 + ln(x)) + piecewise(0 if x < 10^30; 0 if x > 10^30; 1)", "x"),  # (10^30)^(10^30)
        ("x", "step(x - 4) + step(4 - x)", "x"),  # at 4 nobody says what they are
    ],
)
def test_several_variables_and_families(function: str, line: str, wrt: str) -> None:
    assert status(function, line, wrt) in ("wrong", "undecided")


@pytest.mark.parametrize(
    ("function", "line", "point", "values"),
    [
        ("x^2", "piecewise(2x if x < 1; 2x if x > 1; 7)", "1", (2, 7)),
        ("x", "sign(x)^2", "0", (1, 0)),
        ("x^2", "2x sign(relu(x + 1000))^2", "-1000", (-2000, 0)),
        ("exp(x)", "exp(x) + exp(1 - sign(7x - 1)^2) - 1", "1/7", (1.1535649948951077, 2.8718468233541528)),
    ],
)
def test_a_line_that_is_wrong_at_one_point_is_told_with_it(function, line, point, values) -> None:
    (found,) = derive.check(function, [line]).lines
    assert (found.status, {name: str(value) for name, value in found.point.items()}) == ("wrong", {"x": point})
    assert (found.left, found.right) == pytest.approx(values)


def test_a_line_without_a_value_in_a_region_far_away_is_undecided() -> None:
    (found,) = derive.check("x^2", ["2x + ln(x + 10^7) - ln(x + 10^7)"]).lines
    assert (found.status, found.why) == ("undecided", "undefined-on-one-side")


# the data, by other means


def real(f: Callable[..., Any]) -> Callable[..., Any]:
    def valued(u: Any) -> Any:
        value = f(u)
        if mp.im(value) != 0:
            raise ValueError
        return value

    return valued


def log(u: Any) -> Any:
    if u <= 0:
        raise ValueError
    return mp.log(u)


def sign(u: Any) -> Any:
    return mpf((u > 0) - (u < 0))


NAMES: dict[str, Any] = {
    **{name: getattr(mp, name) for name in ("exp", "sin", "cos", "tan", "cosh", "tanh", "gamma", "digamma")},
    "sqrt": real(mp.sqrt), "arcsin": real(mp.asin), "arccos": real(mp.acos), "arcosh": real(mp.acosh),
    "arctan": mp.atan, "ln": log, "log": log, "sign": sign, "step": lambda u: (sign(u) + 1) / 2, "abs": abs,
    "max": max, "min": min, "relu": lambda u: max(u, 0), "relu6": lambda u: min(max(u, 0), 6),
    "hardtanh": lambda u: min(max(u, -1), 1), "hardsigmoid": lambda u: min(max(u + 3, 0), 6) / 6,
    "softshrink": lambda u, a: sign(u) * max(abs(u) - a, 0), "hardshrink": lambda u, a: u if abs(u) > a else mpf(0),
    "elu": lambda u: u if u > 0 else mp.exp(u) - 1, "leaky_relu": lambda u: u if u > 0 else u / 100,
}  # fmt: skip


def value(text: str, x: Any) -> Any:
    """These texts are our own data. Pieces are read as Python reads them."""
    python = re.sub(r"(?<![\w.])(\d+)", r"mpf(\1)", text.replace("^", "**").replace("piecewise(", "(")).replace(
        ";", " else"
    )
    return eval(python, {"__builtins__": {}}, {**NAMES, "mpf": mpf, "pi": mp.pi, "x": x})


def test_every_hostile_line_is_wrong() -> None:
    with mp.workdps(DIGITS):
        for function, line, point in LINES["wrong"][:: EVERY * EVERY]:
            x = value(point, None)
            slope = mp.diff(lambda v, f=function: value(f, v), x)
            try:
                assert abs(value(line, x) - slope) > mpf(10) ** -60, (function, line)
            except (ValueError, ZeroDivisionError):
                continue  # the line has no value, and the derivative has one
    assert (len(LINES["wrong"]), len(LINES["right"])) == (201, 200)
