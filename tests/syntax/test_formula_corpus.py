"""Functions of other projects' tests, typed as they stand; their values must be those that SymPy computes."""

import json
from collections.abc import Callable, Mapping
from pathlib import Path

import mpmath
import pytest
import sympy as sp

from derive.core.term import Term
from derive.syntax.formula import parse

CASES = json.loads((Path(__file__).parents[1] / "data" / "derivatives.json").read_text(encoding="utf-8"))
VALUES = {"x": 0.37, "y": 0.71, "z": -1.3, "t": 0.9, "a": 1.7, "b": 2.3, "c": 0.6, "n": 1.9, "rho": 2.9}
RENAMED = {
    "arcsin": "asin", "arccos": "acos", "arctan": "atan", "arccot": "acot", "arcsec": "asec", "arccsc": "acsc",
    "arsinh": "asinh", "arcosh": "acosh", "artanh": "atanh", "arcoth": "acoth", "arsech": "asech", "arctan2": "atan2",
    "abs": "fabs",
}  # fmt: skip


def typed(function: str) -> str:
    """SymPy writes the number e as E, which is a letter like any other here."""
    return function.replace("E)", "e)").replace("**E", "**e")


def value(t: Term, at: Mapping[str, float]) -> mpmath.mpc:
    if t.op == "num":
        return mpmath.mpf(t.value.numerator) / t.value.denominator
    if t.op == "sym":
        return mpmath.pi if t.value == "pi" else mpmath.mpf(at[str(t.value)])
    if t.op == "cases":
        then, left, right, otherwise = t.args
        a, b = value(left, at), value(right, at)
        holds = {"<": a < b, "<=": a <= b, ">": a > b, ">=": a >= b}[str(t.value)]
        return value(then if holds else otherwise, at)
    args = [value(u, at) for u in t.args]
    if t.op == "fn":
        function: Callable[..., mpmath.mpc] = {"max": max, "min": min}.get(str(t.value)) or getattr(
            mpmath, RENAMED.get(str(t.value), str(t.value))
        )
        return function(*args)
    return {
        "add": lambda: mpmath.fsum(args), "mul": lambda: mpmath.fprod(args), "neg": lambda: -args[0],
        "div": lambda: args[0] / args[1], "pow": lambda: mpmath.power(*args),
    }[t.op]()  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=[case["id"] for case in CASES])
def test_functions_of_the_corpus_can_be_typed(case: Mapping[str, str]):
    term = parse(typed(case["function"])).term
    names = sp.symbols(list(VALUES))
    expected = sp.lambdify(names, sp.sympify(case["function"]), "mpmath")(*map(mpmath.mpf, VALUES.values()))
    assert mpmath.almosteq(value(term, VALUES), expected, 1e-12)
