"""Arguments that leave a function no kink, power or threshold: what is differentiable is differentiated."""

import pytest
import sympy as sp

import derive
from derive.core.context import Context
from derive.core.term import Term
from derive.syntax.to_sympy import indexed

CASES = {  # the formula: its derivative by x, and where it holds
    "max(x, x)": ("1", ()),
    "min(x, x)": ("1", ()),
    "max(x, x + 0)": ("1", ()),
    "min(2x, x + x)": ("2", ()),
    "max(x^2, x x)": ("2*x", ()),
    "min(x, x) + max(x, x)": ("2", ()),
    "|x - x| + x": ("1", ()),
    "relu(x - x)": ("0", ()),
    "relu(0 x)": ("0", ()),
    "sqrt(max(x, x))": ("1/(2*sqrt(x))", ("positive",)),
    "softshrink(x, 0)": ("1", ("nonzero",)),
    "hardshrink(x, 0)": ("1", ("nonzero",)),
    "leaky_relu(x, 1)": ("1", ("nonzero",)),
    "2^(x - x) x": ("1", ()),
    "e^(x - x)": ("0", ()),
    "x^0": ("0", ("nonzero",)),
    "(x^2 + 1)^0 x": ("1", ()),
    "ln(x)^0": ("0", ("nonzero",)),
    "(x + 1)^(3 - 2)": ("1", ()),
    "(x + 1)^(4/2)": ("2*x + 2", ()),
    "x^(1 + 2)": ("3*x**2", ()),
    "max(x, x, x)": ("1", ()),
    "min(max(x, x), x) x": ("2*x", ()),
    "arcsin(x - x + 1) + x": ("1", ()),
    "ln(x - x + 2) x": ("log(2)", ()),
    "5^(0 x) x^2": ("2*x", ()),
    "x^(x - x + 3)": ("3*x**2", ()),
    "gamma(x - x + 3) x": ("2", ()),
    "ln(x/x) + x": ("1", ("nonzero",)),
    "piecewise(x if x > 0; x)": ("1", ("nonzero",)),
    # what a piece needs is asked for in the piece
    "piecewise(sqrt(x) if x >= 0; sqrt(-x))": ("1/(2*sqrt(Abs(x)))*sign(x)", ("nonzero",)),
    "piecewise(sqrt(x) if x > 0; x^2)": ("Piecewise((1/(2*sqrt(x)), x > 0), (2*x, True))", ("nonzero",)),
    "piecewise(ln(x) if x > 1; ln(2 - x))": ("Piecewise((1/x, x > 1), (-1/(2 - x), True))", ("nonzero",)),
    "piecewise(1/x if x > 0; x)": ("Piecewise((-1/x**2, x > 0), (1, True))", ("nonzero",)),
    "piecewise(x^(1/3) if x >= 0; -(-x)^(1/3))": ("1/(3*Abs(x)**Rational(2, 3))", ("nonzero",)),
}
POINTS = [sp.Rational(n, 7) for n in (-20, -9, -5, -2, 1, 3, 4, 9, 16, 30)]


@pytest.mark.parametrize("formula", CASES)
def test_what_is_differentiable_is_differentiated(formula: str) -> None:
    derivative, kinds = CASES[formula]
    derivation = derive.prove(formula, wrt="x")
    assert tuple(condition.kind for condition in derivation.needs) == kinds
    assert [verdict.status for verdict in derivation.verdicts[:3]] == ["proven"] * 3
    x = sp.Symbol("x", real=True)
    difference = derivation.result.subs(sp.Symbol("x"), x) - sp.sympify(derivative, locals={"x": x})
    inside = [p for p in POINTS if "positive" not in kinds or p > 0]
    assert all(abs(sp.N(difference.subs(x, p))) < 1e-12 for p in inside)


IN_PIECES = {  # what a piece needs is asked for in that piece: points inside and outside
    "piecewise(sqrt(x) if x > -5; x)": ((2, -7), (-1, -5, 0)),
    "piecewise(ln(x) if x > 2; ln(-x))": ((3, -1), (1, 2)),
    "piecewise(ln(x) if x < 2; x)": ((1, 3), (-1, 2)),
    "piecewise(x if x > 2; 1/(x + 1))": ((3, 1, -3), (-1, 2)),
    "piecewise(sqrt(x^2 - 4) if x < 1; x^2)": ((-3, 2, 1.5), (-1, 0, 1)),
    "piecewise(x if x > 3; arcsin(x))": ((4, 0.5), (1, 2, -2, 3)),
    "piecewise(piecewise(sqrt(x - 2) if x > 1; x) if x > 0; -x)": ((3, 0.5, -1), (1.5, 1, 0)),
    "piecewise(ln(x - 1) if x > 0; ln(-1 - x))": ((2, -2), (0.5, -0.5)),
    "piecewise(sqrt(x - 1) if x > 0; sqrt(-1 - x))": ((3, -3), (0.5, -0.5)),
    "piecewise(arcsin(x) if x > -1; sqrt(-x - 1))": ((0.5, -2), (2, 1)),
    "piecewise(sqrt(1 - x) if x <= 1; sqrt(x - 1))": ((0, 2), (1,)),
}


@pytest.mark.parametrize("formula", IN_PIECES)
def test_what_a_piece_needs_is_asked_for_in_it(formula: str) -> None:
    derivation = derive.prove(formula, wrt="x")
    assert [verdict.status for verdict in derivation.verdicts[:3]] == ["proven"] * 3
    inside, outside = IN_PIECES[formula]
    for at, allowed in [(p, True) for p in inside] + [(p, False) for p in outside]:
        values = [(c.kind, value(c.about[0], at)) for c in derivation.needs]
        assert all(v > 0 if kind == "positive" else v != 0 for kind, v in values) is allowed, (at, values)


@pytest.mark.parametrize(
    ("formula", "said"),
    [
        ("piecewise(sqrt(x) if x > -5; x)", "Assumptions: x + 5 ≠ 0; x > 0 where x > −5."),
        ("piecewise(x if x > 3; arcsin(x))", "1 − x² > 0 where x ≤ 3"),
        ("piecewise(ln(x) if x > 1; x)", "Assumptions: x − 1 ≠ 0."),  # elsewhere it holds, or says nothing
        ("piecewise(1/(x^2 - 4) if x > 0; x)", "Assumptions: x ≠ 0; x² − 4 ≠ 0 where x > 0."),
    ],
)
def test_a_condition_says_where_it_is_asked_for(formula: str, said: str) -> None:
    assert said in derive.prove(formula, wrt="x", witnesses=()).to("text")


def value(t: Term, at: float) -> float:
    """A condition at a point, by SymPy."""
    return float(indexed(t, Context()).subs(sp.Symbol("x"), at))
