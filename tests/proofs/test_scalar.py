"""The differentiator: textbook derivatives, and the form in which a person writes them.

The tables were written by hand; mpmath differentiates each function once more, by differences.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

import pytest
from rules.reference import agree, holds, value

from derive.core.context import Context
from derive.core.functions import FUNCTIONS
from derive.core.term import Term, cases, d, exp, fn, free, lift, num, sym, total, walk
from derive.proofs.scalar import NotDifferentiable, differentiate
from derive.witness.balls import check_theorem

x, y, a, b, c, k, n, pi = map(sym, ("x", "y", "a", "b", "c", "k", "n", "pi"))
ONE, TWO = num(1), num(2)
HALF = num(Fraction(1, 2))


def named(name: str) -> Callable[..., Term]:
    return lambda *arguments: fn(name, *map(lift, arguments))


sin, cos, tan, cot, sec, csc = map(named, ("sin", "cos", "tan", "cot", "sec", "csc"))
arcsin, arccos, arctan, arccot, arcsec, arccsc = map(
    named, ("arcsin", "arccos", "arctan", "arccot", "arcsec", "arccsc")
)
sinh, cosh, tanh, coth, sech, csch = map(named, ("sinh", "cosh", "tanh", "coth", "sech", "csch"))
log, sqrt, cbrt, mag, sign, step = map(named, ("log", "sqrt", "cbrt", "abs", "sign", "step"))
sigmoid, softplus, relu, erf, gamma, digamma = map(named, ("sigmoid", "softplus", "relu", "erf", "gamma", "digamma"))
f, g = named("f"), named("g")

# the derivative in exactly the form in which it is written on a board
WRITTEN: dict[str, tuple[Term, Term]] = {
    "constant": (num(5), num(0)),
    "variable": (x, ONE),
    "parameter": (a * sin(b), num(0)),
    "cubic": (x**3 - TWO * x + 1, num(3) * x**2 - 2),
    "quadratic": (a * x**2 + b * x + c, TWO * a * x + b),
    "binomial": ((TWO * x + 1) ** 5, num(10) * (TWO * x + 1) ** 4),
    "tenth power": ((x**2 + 1) ** 10, num(20) * x * (x**2 + 1) ** 9),
    "reciprocal": (ONE / x, -(ONE / x**2)),
    "witch of Agnesi": (ONE / (x**2 + 1), -(TWO * x / (x**2 + 1) ** 2)),
    "x/(x+1)": (x / (x + 1), ONE / (x + 1) ** 2),
    "quotient": ((x**2 - 1) / (x**2 + 1), num(4) * x / (x**2 + 1) ** 2),
    "Moebius": ((a * x + b) / (c * x + k), (a * k - b * c) / (c * x + k) ** 2),
    "root": (sqrt(x), ONE / (TWO * sqrt(x))),
    "exponent one half": (x**HALF, ONE / (TWO * sqrt(x))),
    "root of a square": (sqrt(x**2 + 1), x / sqrt(x**2 + 1)),
    "circle": (sqrt(ONE - x**2), -(x / sqrt(ONE - x**2))),
    "x times root": (x * sqrt(x), num(3) * sqrt(x) / 2),
    "cube root": (cbrt(x), ONE / (num(3) * cbrt(x) ** 2)),
    "any power": (x**n, n * x ** (n - 1)),
    "any base": (a**x, a**x * log(a)),
    "base 2": (TWO**x, TWO**x * log(2)),
    "x^x": (x**x, x**x * (log(x) + 1)),
    "bell curve": (exp(-(x**2)), -(TWO * x * exp(-(x**2)))),
    "x^2 e^3x": (x**2 * exp(num(3) * x), x * exp(num(3) * x) * (TWO + num(3) * x)),
    "e^x sin": (exp(x) * sin(x), exp(x) * (sin(x) + cos(x))),
    "e^sin": (exp(sin(x)), cos(x) * exp(sin(x))),
    "logistic": (exp(x) / (exp(x) + 1), exp(x) / (exp(x) + 1) ** 2),
    "log log": (log(log(x)), ONE / (x * log(x))),
    "log over x": (log(x) / x, (ONE - log(x)) / x**2),
    "x^3 log": (x**3 * log(x), x**2 * (num(3) * log(x) + 1)),
    "antiderivative of log": (x * log(x) - x, log(x)),
    "log of a multiple": (log(a * x), ONE / x),
    "log of a square": (log(x**2), TWO / x),
    "log base 2": (fn("log_base", x, TWO), ONE / (x * log(2))),
    "log cos": (log(cos(x)), -tan(x)),
    "x^2 sin": (x**2 * sin(x), x * (TWO * sin(x) + x * cos(x))),
    "sin of square": (sin(x**2), TWO * x * cos(x**2)),
    "square of sin": (sin(x) ** 2, TWO * sin(x) * cos(x)),
    "sin cos": (sin(x) * cos(x), cos(x) ** 2 - sin(x) ** 2),
    "sinc": (sin(x) / x, (x * cos(x) - sin(x)) / x**2),
    "damped wave": (exp(a * x) * cos(b * x), exp(a * x) * (a * cos(b * x) - b * sin(b * x))),
    "tan": (tan(x), sec(x) ** 2),
    "arsinh": (fn("arsinh", x), ONE / sqrt(x**2 + 1)),
    "arcoth": (fn("arcoth", x), ONE / (ONE - x**2)),
    "coth": (coth(x), -(csch(x) ** 2)),
    "cosh": (cosh(x), sinh(x)),
    "tanh squared": (tanh(x) ** 2, TWO * tanh(x) * (ONE - tanh(x) ** 2)),
    "sigmoid": (sigmoid(x), sigmoid(x) * (ONE - sigmoid(x))),
    "sigmoid spelled out": (ONE / (ONE + exp(-x)), sigmoid(x) * (ONE - sigmoid(x))),
    "softplus": (softplus(x), sigmoid(x)),
    "log-sigmoid": (fn("logsigmoid", x), ONE - sigmoid(x)),
    "SiLU": (fn("silu", x), sigmoid(x) * (ONE + x * (ONE - sigmoid(x)))),
    "neuron": (relu(a * x + b), a * step(a * x + b)),
    "ELU": (fn("elu", x, a), cases(1, x, ">", 0, a * exp(x))),
    "maximum": (fn("max", x, y), cases(1, x, ">", y, 0)),
    "pieces": (cases(x**2, x, ">", 0, -x), cases(TWO * x, x, ">", 0, -ONE)),
    "absolute value": (mag(x), sign(x)),
    "gamma": (gamma(x), gamma(x) * digamma(x)),
    "angle": (fn("arctan2", y, x), -(y / (y**2 + x**2))),
    "abstract, inside": (f(x**2), TWO * x * fn("f'", x**2)),
    "abstract product": (f(x) * g(x), fn("f'", x) * g(x) + f(x) * fn("g'", x)),
}
# only the value is compared: a person could write several forms
RIGHT: dict[str, tuple[Term, Term]] = {
    "cot": (cot(x), -(csc(x) ** 2)),
    "sec": (sec(x), sec(x) * tan(x)),
    "csc": (csc(x), -(csc(x) * cot(x))),
    "arcsin": (arcsin(x), ONE / sqrt(ONE - x**2)),
    "arccos": (arccos(x), -(ONE / sqrt(ONE - x**2))),
    "arctan of a ratio": (arctan(x / a), a / (a**2 + x**2)),
    "arccot": (arccot(x), -(ONE / (ONE + x**2))),
    "arcsec": (arcsec(x), ONE / (mag(x) * sqrt(x**2 - 1))),
    "arccsc": (arccsc(x), -(ONE / (mag(x) * sqrt(x**2 - 1)))),
    "sinh": (sinh(x), cosh(x)),
    "tanh": (tanh(x), sech(x) ** 2),
    "sech": (sech(x), -(sech(x) * tanh(x))),
    "csch": (csch(x), -(csch(x) * coth(x))),
    "arcosh": (fn("arcosh", x), ONE / sqrt(x**2 - 1)),
    "artanh": (fn("artanh", x), ONE / (ONE - x**2)),
    "arsech": (fn("arsech", x), -(ONE / (x * sqrt(ONE - x**2)))),
    "arcsch": (fn("arcsch", x), -(ONE / (mag(x) * sqrt(ONE + x**2)))),
    "erf": (erf(x), TWO * exp(-(x**2)) / sqrt(pi)),
    "erfc": (fn("erfc", x), -(TWO * exp(-(x**2)) / sqrt(pi))),
    "erfinv": (fn("erfinv", x), sqrt(pi) * exp(fn("erfinv", x) ** 2) / 2),
    "loggamma": (fn("loggamma", x), digamma(x)),
    "digamma": (digamma(x), fn("trigamma", x)),
    "log of sine": (log(sin(x)), cot(x)),
    "arsinh spelled out": (log(x + sqrt(x**2 + 1)), ONE / sqrt(x**2 + 1)),
    "arctanh spelled out": (HALF * log((ONE + x) / (ONE - x)), ONE / (ONE - x**2)),
    "tanh spelled out": ((exp(x) - exp(-x)) / (exp(x) + exp(-x)), num(4) / (exp(x) + exp(-x)) ** 2),
    "normal distribution": (HALF * (ONE + erf(x / sqrt(2))), exp(-(x**2) / 2) / sqrt(TWO * pi)),
    "tower": (x ** (x**2), x ** (x**2 + 1) * (TWO * log(x) + 1)),
    "x^sin": (x ** sin(x), x ** sin(x) * (cos(x) * log(x) + sin(x) / x)),
    "moving base": (fn("log_base", num(3), x), -(log(3) / (x * log(x) ** 2))),
    "negative power": ((x**2 + 1) ** -lift(3), -(num(6) * x / (x**2 + 1) ** 4)),
    "nested roots": (sqrt(x + sqrt(x)), (TWO * sqrt(x) + 1) / (num(4) * sqrt(x) * sqrt(x + sqrt(x)))),
    "sum of powers": (total(sym("i"), 3, sym("i") * x**2), num(12) * x),
    "GELU": (
        fn("gelu", x),
        HALF * (ONE + erf(x / sqrt(2))) + x * exp(-(x**2) / 2) / sqrt(TWO * pi),
    ),
    "Mish": (fn("mish", x), tanh(softplus(x)) + x * sigmoid(x) * sech(softplus(x)) ** 2),
    "softsign": (fn("softsign", x), ONE / (ONE + mag(x)) ** 2),
    "tanhshrink": (fn("tanhshrink", x), tanh(x) ** 2),
    "CELU": (fn("celu", x, a), cases(1, x, ">", 0, exp(x / a))),
    "leaky ReLU": (fn("leaky_relu", x, a), cases(1, x, ">", 0, a)),
    "ReLU6": (fn("relu6", x), cases(0, x, "<", 0, cases(1, x, "<", 6, 0))),
    "hard tanh": (fn("hardtanh", x), cases(0, x, "<", -1, cases(1, x, "<", 1, 0))),
    "hard sigmoid": (fn("hardsigmoid", x), cases(0, x, "<", -3, cases(ONE / 6, x, "<", 3, 0))),
    "hard swish": (
        fn("hardswish", x),
        cases(0, x, "<", -3, cases(x / 3 + HALF, x, "<", 3, 1)),
    ),
    "soft shrinkage": (fn("softshrink", x, HALF), cases(1, x, ">", HALF, cases(1, x, "<", -HALF, 0))),
    "hard shrinkage": (fn("hardshrink", x, HALF), cases(1, x, ">", HALF, cases(1, x, "<", -HALF, 0))),
    "sign": (x * sign(x), sign(x)),
    "step": (x**2 * step(x), TWO * x * step(x)),
    "minimum": (fn("min", x**2, x), cases(TWO * x, x**2, "<", x, 1)),
}
TABLE = {**WRITTEN, **RIGHT}
AT = ("-3.7", "-1.3", "-0.4", "-0.1", "0.3", "0.45", "0.9", "1.4", "2.6", "4.1", "7.3")
PARAMETERS = dict(zip("yabckn", map(Fraction, ("1.7", "0.7", "-0.6", "1.9", "2.3", "1.2")), strict=True))
# what must be recorded, in words of the textbook: the domain of the derivative
CONDITIONS = {
    "reciprocal": {("nonzero", x)},
    "root": {("positive", x)},
    "log over x": {("positive", x)},
    "log of a square": {("nonzero", x)},
    "any base": {("positive", a)},
    "absolute value": {("nonzero", x)},
    "tan": {("nonzero", cos(x))},
    "circle": {("positive", ONE - x**2)},
    "root of a square": set(),
    "bell curve": set(),
    "witch of Agnesi": set(),
    "softplus": set(),
    "log cos": {("positive", cos(x))},
    "cube root": {("nonzero", x)},
    "maximum": {("nonzero", x - y)},
}


def derivative(name: str) -> Term:
    return differentiate(name, Context(), TABLE[name][0], x).theorem.right


def test_there_are_many() -> None:
    assert len(WRITTEN) >= 25
    assert len(TABLE) >= 100


@pytest.mark.parametrize("name", WRITTEN)
def test_the_derivative_as_a_person_writes_it(name: str) -> None:
    assert derivative(name) == WRITTEN[name][1]


@pytest.mark.parametrize("name", [name for name in TABLE if "abstract" not in name])
def test_the_value_of_the_derivative(name: str) -> None:
    """Three ways: written by hand, by differences, and what is proved; where the conditions hold."""
    u, by_hand = TABLE[name]
    theorem = differentiate(name, Context(), u, x).theorem
    assert theorem.left == d(u, x)
    looked = 0
    for at in AT:
        point = {**PARAMETERS, "x": Fraction(at)}
        slope = value(d(u, x), point)
        if slope is None or not all(holds(condition, point) for condition in theorem.conditions):
            continue
        looked += 1
        assert agree(value(by_hand, point), slope), f"the table is wrong at {at}"
        assert agree(value(theorem.right, point), slope), at
    assert looked >= 2


@pytest.mark.parametrize("name", TABLE)
def test_no_derivative_is_left_and_the_lines_grow_into_the_result(name: str) -> None:
    proof = differentiate(name, Context(), TABLE[name][0], x)
    theorem = proof.theorem
    assert not any(t.op == "d" for _, t in walk(theorem.right))
    assert free(theorem.right) <= free(TABLE[name][0]) | {"pi"}
    assert [move.start for move in proof.moves] == [0, *(move.stop for move in proof.moves)][:-1]
    assert proof.moves[-1].stop == len(theorem.steps)
    assert all(move.start <= move.headline < move.stop for move in proof.moves)


@pytest.mark.parametrize("name", TABLE)
def test_the_balls_agree_with_every_line(name: str) -> None:
    assert check_theorem(differentiate(name, Context(), TABLE[name][0], x).theorem).status == "proven"


@pytest.mark.parametrize("name", CONDITIONS)
def test_the_conditions_are_those_of_the_textbook(name: str) -> None:
    theorem = differentiate(name, Context(), TABLE[name][0], x).theorem
    assert {(c.kind, c.about[0]) for c in theorem.conditions} == CONDITIONS[name]


@pytest.mark.parametrize("name", FUNCTIONS)
def test_every_function_is_differentiated_or_refused_by_name(name: str) -> None:
    u = fn(name, *(x * 2 + 5, num(3))[: FUNCTIONS[name].arity])
    if name in ("floor", "ceil", "round"):
        with pytest.raises(NotDifferentiable, match=f"cannot differentiate {name}: it jumps"):
            differentiate("", Context(), u, x)
    elif name == "tetragamma":
        with pytest.raises(NotDifferentiable, match="cannot differentiate tetragamma"):
            differentiate("", Context(), u, x)
    else:
        differentiate("", Context(), u, x)


def test_what_can_never_hold_is_refused() -> None:
    for u in (log(-(x**2) - 1), sqrt(-exp(x)), log(num(0) * x)):
        with pytest.raises(NotDifferentiable, match="needs"):
            differentiate("", Context(), u, x)


def test_by_another_variable() -> None:
    assert differentiate("", Context(), x**2 * y, y).theorem.right == x**2
    assert differentiate("", Context(), a * sin(x), a).theorem.right == sin(x)


def test_second_derivatives_of_abstract_functions() -> None:
    assert differentiate("", Context(), fn("f'", x), x).theorem.right == fn("f''", x)
    assert differentiate("", Context(), fn("f'1", x, y), y).theorem.right == fn("f'12", x, y)
