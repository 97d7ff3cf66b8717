"""Functions and derivatives from the test suites of other programs: all are proved, and none is wrong.

data/derivatives.json holds the pairs with their sources. What is expected is read by SymPy, not by derive.
data/more_derivatives.json holds more of the kind, typed in the spellings of other programs and of textbooks, some of
higher order; SymPy 1.14 differentiated them.
"""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import sympy as sp

import derive
from derive.core.context import Context
from derive.derivation.formula import Derivation
from derive.syntax.from_sympy import from_sympy
from derive.witness.balls import check_equation

DATA = Path(__file__).parents[1] / "data"
CASES, MORE = (
    json.loads((DATA / name).read_text(encoding="utf-8")) for name in ("derivatives.json", "more_derivatives.json")
)
NAMES = ("a", "b", "c", "n", "rho", "t", "x", "y", "z", "A", "mu", "omega", "phi", "sigma")
# SymPy's spelling of what a person types
SPELLINGS = (("**", "^"), ("Rational(1,3)", "(1/3)"), ("Rational(4,5)", "(4/5)"), ("^E", "^e"), ("Abs", "abs"))


def typed(function: str) -> str:
    for theirs, ours in SPELLINGS:
        function = function.replace(theirs, ours)
    return function


def expected(case: dict[str, str]) -> sp.Expr:
    """The published derivative, read by SymPy; these texts are our own data."""
    return sp.sympify(case["expected"], locals={name: sp.Symbol(name) for name in NAMES})


@pytest.mark.parametrize("case", CASES, ids=[case["id"] for case in CASES])
def test_it_is_proved_and_equals_what_was_published(case):
    judge(derive.prove(typed(case["function"]), wrt=case["variable"]), case)


@pytest.mark.parametrize("case", MORE, ids=[case["id"] for case in MORE])
def test_other_spellings_are_read_proved_and_right(case):
    judge(derive.prove(case["function"], wrt=case["variable"], order=case.get("order", 1)), case)


def judge(derivation: object, case: dict[str, str]) -> None:
    assert isinstance(derivation, Derivation)
    statuses = {v.by: v.status for v in derivation.verdicts}
    assert (statuses["kernel"], statuses["sympy"]) == ("proven", "proven")
    assert statuses["balls"] == "proven"
    theorem = derivation.theorem
    published = from_sympy(expected(case))
    verdict = check_equation(theorem.right, published, Context(), conditions=theorem.conditions, points=6)
    assert verdict.status == "proven", (theorem.right, published, verdict)


def test_there_are_as_many_cases_as_were_collected():
    assert (len(CASES), len(MORE)) == (143, 76)


# where a known program is wrong: the sign of arcoth', coth', cosh'
@pytest.mark.parametrize(
    ("function", "slope", "at"),
    [
        ("arcoth(x)", lambda x: 1 / (1 - x * x), 2.5),
        ("coth(x)", lambda x: -1 / sp.sinh(x) ** 2, 0.7),
        ("cosh(x)", lambda x: sp.sinh(x), 0.7),
    ],
)
def test_peers_are_known_to_be_wrong_here(function, slope, at):
    f = derive.prove(function).lambdify()
    assert f(at) == pytest.approx(float(slope(at)), rel=1e-12)
