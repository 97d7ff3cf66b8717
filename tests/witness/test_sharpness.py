"""A witness is as sharp as it says: what is wrong by little, far away or beside a border is found by each alone."""

from fractions import Fraction

import pytest

import derive
from derive.core.context import Context
from derive.core.term import Term, d, fn, num, sym
from derive.syntax.formula import parse
from derive.witness import balls, cas
from derive.witness.cas_functions import check_function

x, k = sym("x"), sym("k")

WRONG = {  # a function, a claim about its derivative by x: how it is wrong
    "a constant of 10^-9": ("x^2", "2x + 10^(-9)"),
    "a factor of 1 + 10^-10": ("x^2", "2x (1 + 10^(-10))"),
    "a slope of 10^-11": ("e^x", "e^x + 10^(-11) x"),
    "less than a float can tell": ("x^3", "3x^2 + 10^(-20) x"),
    "beside a large number": ("10^9 x + sin(x)", "10^9 + cos(x) + 10^(-12)"),
    "from 50": ("x^2", "2x + relu(x - 50)"),
    "from 1000": ("x^2", "2x + relu(x - 1000)"),
    "from -100000 down": ("x^2", "2x + relu(-x - 10^5)"),
    "from ten million": ("x^2", "2x + relu(x - 10^7)"),
    "within 1/1000 of 0": ("x^2", "2x + relu(10^(-3) - |x|)"),
    "within a millionth of 1": ("x^2", "2x + relu(10^(-6) - |x - 1|)"),
    "beside a kink": ("|x|", "sign(x) + relu(10^(-4) - |x|)"),
    "beside a kink at 3": ("|x - 3|", "sign(x - 3) + relu(10^(-4) - |x - 3|)"),
    "beside the end of a domain": ("ln(x)", "1/x + relu(10^(-4) - x)"),
    "beside the border of two pieces": ("max(x, x^2)", "piecewise(2x if x^2 > x; 1) + relu(10^(-3) - |x - 1|)"),
}


@pytest.mark.parametrize("name", WRONG)
def test_each_witness_alone_refutes_what_is_a_little_wrong(name: str) -> None:
    function, claim = (parse(text).term for text in WRONG[name])
    left = d(function, x)
    assert balls.check_unproved(Context(), left, claim, frozenset()).status == "refuted"
    assert cas.check_unproved(Context(), cas.Claimed(left, claim)).status == "refuted"


def small(digits: int) -> Term:
    return num(Fraction(1, 10**digits))


z_k = sym("z")[k]
OF_FAMILIES = {
    "a constant of 10^-9": small(9),
    "a constant of 10^-13": small(13),
    "a constant of 10^-20": small(20),
    "from 50": fn("relu", z_k - 50),
    "from 1000": fn("relu", z_k - 1000),
    "from 100000": fn("relu", z_k - 100_000),
    "within 1/1000 of 0": fn("relu", small(3) - fn("abs", z_k)),
}


@pytest.mark.parametrize("name", OF_FAMILIES)
def test_the_balls_refute_what_is_a_little_wrong_of_any_number_of_classes(name: str) -> None:
    theorem = derive.problem("softmax-cross-entropy").prove("z").theorem
    claim = theorem.right + OF_FAMILIES[name]
    verdict = balls.check_unproved(theorem.context, theorem.left, claim, theorem.assumptions)
    assert verdict.status == "refuted"
    told = cas.check_unproved(theorem.context, cas.Claimed(theorem.left, claim, theorem.assumptions))
    assert told.status != "proven"


@pytest.mark.parametrize(
    ("claim", "status"), [("2x + 10^(-9)", "refuted"), ("2x + 10^(-20)", "undecided"), ("2x + 10^(-28)", "undecided")]
)
def test_sympy_compares_many_digits(claim: str, status: str) -> None:
    """Without a closer look; what differs behind the digits that are compared is never taken for the same."""
    left, right = d(x**2, x), parse(claim).term
    assert check_function(Context(), left, right, ["x"]).status == status
