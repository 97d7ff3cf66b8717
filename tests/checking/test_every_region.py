"""A line is right only if it is right in every region and at every point where the derivative exists.

DERIVE_LINES=1 looks at all the lines instead of every fourth.
"""

import os

import pytest

import derive

EVERY = int(os.environ.get("DERIVE_LINES", "4"))
SHOWN = ("follows", "equal")

SMOOTH = {  # functions and their derivatives, which have a value for every x > 0
    "exp(x)": "exp(x)", "x^2": "2x", "sin(x)": "cos(x)", "x^3 + x": "3x^2 + 1", "ln(x)": "1/x",
    "sqrt(x)": "1/(2 sqrt(x))",
    "arctan(x)": "1/(1 + x^2)", "1/x": "-1/x^2", "x exp(x)": "exp(x) + x exp(x)", "tanh(x)": "1 - tanh(x)^2",
}  # fmt: skip
ADDED = {  # what is not 0 everywhere: a point, by hand
    "relu(x - 800)": "1000", "relu(x - 10^30)": "10^31", "piecewise(1 if x > 2000; 0)": "2001",
    "step(x - 10^7)": "10^8",
    "max(x, 10^4) - 10^4": "10^5", "relu(10^-9 - |x - 3|)": "3", "relu(sin(x) - 0.9999999)": "about pi/2",
    "relu(tan(x) - 10^4)": "just below pi/2", "relu(1/x - 10^12)": "10^-13", "(sign(x - 5)^2 - 1)": "5",
    "piecewise(0 if x < 7; 0 if x > 7; 3)": "7", "(|x - 10^6| + 10^6 - x)": "1", "relu(ln(x) - 100)": "e^101",
    "relu(x^2 - 10^8)": "10^5", "hardtanh(relu(x - 10^5))": "10^6", "relu(relu(x - 500) - 500)": "2000",
    "step(x - 123456)/10^6": "123457", "relu(-ln(x) - 60)": "e^-61", "piecewise(x - 2 if x > 10^9; 0)": "10^10",
    "(max(x, 3) + min(x, 3) - x - 3 + relu(x - 77777))": "77778",
}  # fmt: skip
WRONG = [(f, f"{slope} + {added}") for f, slope in SMOOTH.items() for added in ADDED]
OF_THE_ISSUE = [
    ("exp(x)", "exp(x) + max(x,800) - 800"), ("exp(x)", "exp(x) + piecewise(1 if x > 2000; 0)"),
    ("exp(x^2)", "2x exp(x^2) + relu(x-40)"), ("gamma(x)", "gamma(x) digamma(x) + relu(x-200)"),
    ("x^2", "2x + relu(tan(x)-10^4)"), ("x^2", "2x + relu(1/x-10^12)"), ("x", "sign(x)^2"),
    ("x^2", "piecewise(2x if x<1; 2x if x>1; 7)"), ("x y", "y + relu(x + y - 10^9)"), ("x y", "y + step(x y - 10^12)"),
    ("x", "(x - 4)/(x - 4) - 0^2 + piecewise(0 if x < 1; 0 if x > 1; 1)"), ("a x^2", "2a x + relu(a - 10^9)"),
    ("|x|", "sign(x) + relu(x - 10^9)"), ("relu(x)", "step(x) + relu(-x - 10^9)"),
    ("x |x|", "2 |x| + piecewise(0 if x < 2; 0 if x > 2; 1)"),
    ("max(x, y)", "step(x - y) + relu(x + y - 10^8)"), ("leaky_relu(x)", "piecewise(1 if x > 0; 0.01 if x > -10^9; 1)"),
    ("x^3", "3 x |x|"), ("x^2", "2 |x|"), ("x^4", "4 |x|^3"), ("sqrt(x)", "1/(2 sqrt(x)) + relu(x - 10^40)"),
]  # fmt: skip


@pytest.mark.parametrize("part", range(10))
def test_no_wrong_line_is_called_right(part: int) -> None:
    lines = [*OF_THE_ISSUE, *WRONG[::EVERY]][part::10]
    said = {(f, line): derive.check(f, [line], wrt="x").lines[0].status for f, line in lines}
    assert {each: status for each, status in said.items() if status not in ("wrong", "undecided")} == {}
    assert "wrong" in said.values()


KINKED = {  # the function, and its derivative wherever there is one
    "|x|": "x/|x|", "x |x|": "2 |x|", "|x|^3": "3 x |x|", "relu(x)": "piecewise(1 if x > 0; 0)",
    "relu(x)^2": "2 relu(x)",
    "x relu(x)": "2 relu(x)", "x^2 relu(x)": "3 x relu(x)", "max(x, 0)": "(1 + sign(x))/2",
    "min(x, 0)": "(1 - sign(x))/2",
    "|x - 1| + |x + 1|": "sign(x - 1) + sign(x + 1)", "leaky_relu(x)": "piecewise(1 if x > 0; 0.01)",
    "relu6(x)": "piecewise(1 if x > 0 and x < 6; 0)", "hardtanh(x)": "piecewise(1 if x > -1 and x < 1; 0)",
    "softshrink(x)": "piecewise(1 if |x| > 1/2; 0)", "elu(x)": "piecewise(1 if x > 0; e^x)", "sqrt(x^2)": "sign(x)",
    "ln(|x|)": "1/x", "max(x, x^2)": "piecewise(1 if x > x^2; 2x)", "|sin(x)|": "cos(x) sign(sin(x))",
    "relu(relu(x))": "step(x)", "relu(x) - relu(-x)": "1", "|x|^2": "2x", "max(x, -x)": "x/|x|", "sign(x) x": "sign(x)",
    "relu(x) + relu(-x)": "sign(x)", "|x^3|": "3 x |x|", "||x| - 1|": "sign(|x| - 1) sign(x)",
    "exp(|x|)": "sign(x) exp(|x|)",
    "piecewise(x^2 if x > 0; -x^2)": "2 |x|", "max(x, 1) + min(x, 1)": "1", "relu(x - 1)": "step(x - 1)",
    "relu(1 - x)": "-step(1 - x)", "softsign(x)": "1/(1 + |x|)^2", "max(max(x, 0), 2)": "step(x - 2)",
    "|x| relu(x)": "2 relu(x)", "1/|x|": "-x/|x|^3", "cbrt(x)^3": "1", "x^2 sign(x)": "2 |x|",
    "hardsigmoid(x)": "piecewise(1/6 if x > -3 and x < 3; 0)", "relu(x)/x": "0",
}  # fmt: skip


def within(text: str, inner: str) -> str:
    """x as something else; the x of max and exp stays."""
    return text.replace("max", "@").replace("exp", "#").replace("x", inner).replace("@", "max").replace("#", "exp")


VARIANTS = {  # of the function and of its derivative
    "as it is": lambda f, slope: (f, slope),
    "three times": lambda f, slope: (f"3 ({f})", f"3 ({slope})"),
    "and a square": lambda f, slope: (f"{f} + x^2", f"{slope} + 2x"),
    "moved": lambda f, slope: (within(f, "(x - 2)"), within(slope, "(x - 2)")),
    "with the sign turned": lambda f, slope: (f"-({f})", f"-({slope})"),
}
RIGHT = [make(f, slope) for f, slope in KINKED.items() for make in VARIANTS.values()]


@pytest.mark.parametrize("part", range(10))
def test_no_right_line_is_called_wrong(part: int) -> None:
    lines = RIGHT[:: max(1, EVERY - 1)][part::10]
    said = {(f, line): derive.check(f, [line], wrt="x").lines[0].status for f, line in lines}
    assert {each: status for each, status in said.items() if status == "wrong"} == {}
    assert sum(status in SHOWN for status in said.values()) >= 0.8 * len(said), said


def test_there_are_two_hundred_of_each() -> None:
    assert len(WRONG) >= 200
    assert len(RIGHT) >= 200
