"""Every function the kernel knows, and its slope, against mpmath and PyTorch; kinks, jumps and domains."""

from __future__ import annotations

import math
from collections.abc import Callable
from fractions import Fraction

import mpmath as mp
import pytest
from flint import ctx as flint_context

from derive.core.context import Context
from derive.core.functions import FUNCTIONS as CORE
from derive.core.term import Term, cases, d, fn, lift, sym
from derive.witness.evaluate import Evaluator
from derive.witness.functions import FUNCTIONS, middle
from derive.witness.sampling import Values

x, a, b = sym("x"), sym("a"), sym("b")
SECOND = Fraction(3, 4)  # the second argument, of those that have two


def value(t: Term, **point: Fraction | int | str) -> float:
    given = {name: Fraction(number) for name, number in point.items()}
    with flint_context.workprec(128):
        ball = middle(Evaluator(Context(), {}, Values.given(given)).at(t, {}))
        return float(ball.mid()) if ball.is_finite() else math.nan


def softplus(u: mp.mpf) -> mp.mpf:
    return mp.log(1 + mp.exp(u))


def clip(u: mp.mpf, low: int, high: int) -> mp.mpf:
    return mp.mpf(min(max(u, low), high))


# name, function of mpmath, points inside its domain on both sides of its kinks
OUTSIDE: list[tuple[str, Callable[..., mp.mpf], tuple[str, ...]]] = [
    ("exp", mp.exp, ("-2.3", "0.5")),
    ("log", mp.log, ("0.01", "7")),
    ("log_base", lambda u, v: mp.log(u, v), ("0.4", "7")),
    ("sqrt", mp.sqrt, ("0.25", "30")),
    ("cbrt", lambda u: mp.sign(u) * mp.cbrt(abs(u)), ("-8", "-0.1", "0.2", "5")),
    ("sin", mp.sin, ("-2.3", "0.5", "30")),
    ("cos", mp.cos, ("-2.3", "0.5", "30")),
    ("tan", mp.tan, ("-2.3", "0.5", "2")),
    ("cot", mp.cot, ("-2.3", "0.5", "2")),
    ("sec", mp.sec, ("-2.3", "0.5", "2")),
    ("csc", mp.csc, ("-2.3", "0.5", "2")),
    ("arcsin", mp.asin, ("-0.9", "0.5")),
    ("arccos", mp.acos, ("-0.9", "0.5")),
    ("arctan", mp.atan, ("-4", "0.5")),
    ("arccot", mp.acot, ("-4", "-0.1", "0.5")),
    ("arcsec", mp.asec, ("-4", "-1.1", "1.1", "9")),
    ("arccsc", mp.acsc, ("-4", "-1.1", "1.1", "9")),
    ("arctan2", mp.atan2, ("-2.3", "0.5")),
    ("sinh", mp.sinh, ("-2.3", "0.5")),
    ("cosh", mp.cosh, ("-2.3", "0.5")),
    ("tanh", mp.tanh, ("-2.3", "0.5", "20")),
    ("coth", mp.coth, ("-2.3", "0.5")),
    ("sech", mp.sech, ("-2.3", "0.5")),
    ("csch", mp.csch, ("-2.3", "0.5")),
    ("arsinh", mp.asinh, ("-40", "0.5")),
    ("arcosh", mp.acosh, ("1.01", "9")),
    ("artanh", mp.atanh, ("-0.9", "0.5")),
    ("arcoth", mp.acoth, ("-1.1", "9")),
    ("arsech", mp.asech, ("0.01", "0.9")),
    ("arcsch", mp.acsch, ("-2.3", "0.5")),
    ("abs", abs, ("-2.3", "0.5")),
    ("max", max, ("-2.3", "0.7", "0.8")),
    ("min", min, ("-2.3", "0.7", "0.8")),
    ("sign", mp.sign, ("-2.3", "0.5")),
    ("step", lambda u: mp.mpf(u > 0), ("-2.3", "0.5")),
    ("floor", mp.floor, ("-2.3", "0.5")),
    ("ceil", mp.ceil, ("-2.3", "0.5")),
    ("round", mp.nint, ("-2.7", "-2.3", "0.4", "0.6")),
    ("erf", mp.erf, ("-2.3", "0.5")),
    ("erfc", mp.erfc, ("-2.3", "5")),
    ("erfinv", mp.erfinv, ("-0.9", "0.5")),
    ("gamma", mp.gamma, ("-2.3", "-0.5", "0.5", "6")),
    ("loggamma", mp.loggamma, ("0.01", "6")),
    ("digamma", mp.digamma, ("-2.3", "0.5", "6")),
    ("trigamma", lambda u: mp.polygamma(1, u), ("-2.3", "0.5", "6")),
    ("tetragamma", lambda u: mp.polygamma(2, u), ("-2.3", "0.5", "6")),
    ("erfi", mp.erfi, ("-2.3", "0.5")),
    ("Si", mp.si, ("-2.3", "0.5", "30")),
    ("Ci", mp.ci, ("0.01", "0.5", "30")),
    ("Shi", mp.shi, ("-2.3", "0.5")),
    ("Chi", mp.chi, ("0.01", "3")),
    ("Ei", mp.ei, ("-2.3", "-0.01", "0.5", "9")),
    ("li", mp.li, ("0.01", "0.9", "1.1", "40")),
    ("sigmoid", lambda u: 1 / (1 + mp.exp(-u)), ("-2.3", "0.5")),
    ("softplus", softplus, ("-2.3", "0.5", "40")),
    ("relu", lambda u: max(u, mp.mpf(0)), ("-2.3", "0.5")),
    ("leaky_relu", lambda u, v: u if u > 0 else v * u, ("-2.3", "0.5")),
    ("elu", lambda u, v: u if u > 0 else v * mp.expm1(u), ("-2.3", "0.5")),
    ("celu", lambda u, v: max(u, 0) + min(0, v * mp.expm1(u / v)), ("-2.3", "0.5")),
    (
        "selu",
        lambda u: mp.mpf("1.0507009873554805") * (max(u, 0) + min(0, mp.mpf("1.6732632423543772") * mp.expm1(u))),
        ("-2.3", "0.5"),
    ),
    ("gelu", lambda u: u * mp.ncdf(u), ("-2.3", "0.5")),
    (
        "gelu_tanh",
        lambda u: u / 2 * (1 + mp.tanh(mp.sqrt(2 / mp.pi) * (u + mp.mpf("0.044715") * u**3))),
        ("-2.3", "0.5"),
    ),
    ("silu", lambda u: u / (1 + mp.exp(-u)), ("-2.3", "0.5")),
    ("mish", lambda u: u * mp.tanh(softplus(u)), ("-2.3", "0.5")),
    ("softsign", lambda u: u / (1 + abs(u)), ("-2.3", "0.5")),
    ("logsigmoid", lambda u: -softplus(-u), ("-40", "0.5")),
    ("relu6", lambda u: clip(u, 0, 6), ("-2.3", "0.5", "7")),
    ("hardtanh", lambda u: clip(u, -1, 1), ("-2.3", "0.5", "7")),
    ("hardsigmoid", lambda u: clip(u + 3, 0, 6) / 6, ("-3.3", "0.5", "7")),
    ("hardswish", lambda u: u * clip(u + 3, 0, 6) / 6, ("-3.3", "0.5", "7")),
    ("softshrink", lambda u, v: mp.sign(u) * max(abs(u) - v, 0), ("-2.3", "-0.5", "0.5", "7")),
    ("hardshrink", lambda u, v: u if abs(u) > v else mp.mpf(0), ("-2.3", "-0.5", "0.5", "7")),
    ("tanhshrink", lambda u: u - mp.tanh(u), ("-2.3", "0.5")),
]


def test_every_function_has_a_row_here_and_there() -> None:
    assert set(FUNCTIONS) == set(CORE) == {name for name, _, _ in OUTSIDE}


@pytest.mark.parametrize(("name", "outside", "points"), OUTSIDE, ids=[row[0] for row in OUTSIDE])
def test_values_and_slopes_are_those_of_mpmath(
    name: str, outside: Callable[..., mp.mpf], points: tuple[str, ...]
) -> None:
    two = CORE[name].arity == 2
    term = fn(name, x, a) if two else fn(name, x)
    with mp.workdps(40):
        second = [mp.mpf(SECOND.numerator) / SECOND.denominator] if two else []
        for point in points:
            at = mp.mpf(Fraction(point).numerator) / Fraction(point).denominator
            expected, slope = outside(at, *second), mp.diff(outside, (at, *second), (1, 0)[: 1 + two])
            assert value(term, x=point, a=SECOND) == pytest.approx(float(expected), rel=1e-12, abs=1e-15)
            assert value(d(term, x), x=point, a=SECOND) == pytest.approx(float(slope), rel=1e-9, abs=1e-12)
            if two:
                other = mp.diff(outside, (at, *second), (0, 1))
                assert value(d(term, a), x=point, a=SECOND) == pytest.approx(float(other), rel=1e-9, abs=1e-12)


TORCH = {
    "relu": "relu", "leaky_relu": "leaky_relu", "elu": "elu", "celu": "celu", "selu": "selu", "gelu": "gelu",
    "silu": "silu", "mish": "mish", "softsign": "softsign", "logsigmoid": "logsigmoid", "relu6": "relu6",
    "hardtanh": "hardtanh", "hardsigmoid": "hardsigmoid", "hardswish": "hardswish", "softshrink": "softshrink",
    "hardshrink": "hardshrink", "tanhshrink": "tanhshrink", "softplus": "softplus", "sigmoid": "sigmoid",
}  # fmt: skip


@pytest.mark.parametrize("name", sorted(TORCH))
def test_activations_are_those_of_pytorch(name: str) -> None:
    torch = pytest.importorskip("torch")
    function = getattr(torch.nn.functional, TORCH[name])
    second = (float(SECOND),) if CORE[name].arity == 2 else ()
    term = fn(name, x, a) if second else fn(name, x)
    for point in ("-3.5", "-0.9", "-0.3", "0.3", "0.9", "3.5", "6.5"):
        at = torch.tensor(float(point), dtype=torch.float64, requires_grad=True)
        found = function(at, *second)
        found.backward()
        assert value(term, x=point, a=SECOND) == pytest.approx(found.item(), rel=1e-7, abs=1e-12)
        assert value(d(term, x), x=point, a=SECOND) == pytest.approx(at.grad.item(), rel=1e-7, abs=1e-12)


UNDEFINED = [
    ("log", "-1"), ("log", "0"), ("sqrt", "-1"), ("cbrt", "0"), ("cot", "0"), ("csc", "0"), ("arcsin", "1.1"),
    ("arccos", "-1.1"), ("arccot", "0"), ("arcsec", "0.9"), ("arccsc", "-0.9"), ("coth", "0"), ("csch", "0"),
    ("arcosh", "0.9"), ("arcosh", "-2"), ("artanh", "1"), ("arcoth", "0.5"), ("arsech", "1.1"), ("arsech", "-0.5"),
    ("arcsch", "0"), ("sign", "0"), ("step", "0"), ("floor", "3"), ("ceil", "-3"), ("round", "2.5"),
    ("erfinv", "1"), ("gamma", "0"), ("gamma", "-3"), ("loggamma", "-0.5"), ("digamma", "-1"), ("trigamma", "0"),
    ("tetragamma", "-2"), ("Ci", "-1"), ("Ci", "0"), ("Chi", "-1"), ("Ei", "0"), ("li", "1"), ("li", "-1"),
    ("hardshrink", "-0.75"),
]  # fmt: skip
AT_KINKS = [
    ("abs", "0", 0), ("relu", "0", 0), ("leaky_relu", "0", 0), ("elu", "0", 0), ("relu6", "6", 6),
    ("hardtanh", "-1", -1), ("hardsigmoid", "3", 1), ("hardswish", "-3", 0), ("softshrink", "0.75", 0),
    ("max", "0.75", 0.75), ("min", "0.75", 0.75),
]  # fmt: skip


@pytest.mark.parametrize(("name", "at"), UNDEFINED)
def test_outside_the_domain_and_at_jumps_there_is_no_value(name: str, at: str) -> None:
    assert math.isnan(value(fn(name, x, a) if CORE[name].arity == 2 else fn(name, x), x=at, a=SECOND))


@pytest.mark.parametrize(("name", "at", "there"), AT_KINKS)
def test_at_kinks_there_is_a_value_and_no_slope(name: str, at: str, there: float) -> None:
    u = fn(name, x, a) if CORE[name].arity == 2 else fn(name, x)
    assert value(u, x=at, a=SECOND) == there
    assert math.isnan(value(d(u, x), x=at, a=SECOND))


@pytest.mark.parametrize(("y0", "x0"), [("1", "2"), ("1", "-2"), ("-1", "-2"), ("-1", "2"), ("1", "0"), ("-1", "0")])
def test_the_angle_of_a_point_knows_its_quadrant(y0: str, x0: str) -> None:
    y, r2 = sym("y"), float(Fraction(x0)) ** 2 + 1
    assert value(fn("arctan2", y, x), y=y0, x=x0) == pytest.approx(math.atan2(float(y0), float(x0)), rel=1e-14)
    assert value(d(fn("arctan2", y, x), x), y=y0, x=x0) == pytest.approx(-float(y0) / r2, rel=1e-14)
    assert math.isnan(value(fn("arctan2", y, x), y="0", x="-1"))


def test_powers() -> None:
    third = lift(1) / 3
    assert value(x**3, x="-2") == -8
    assert value(d(x**101, x), x="-1") == 101
    assert value(x ** (-lift(2)), x="-2") == 0.25
    assert math.isnan(value(x**third, x="-8"))  # the real root is cbrt
    assert value(x**third, x="8") == pytest.approx(2)
    assert value(x ** fn("cbrt", lift(27)), x="2") == pytest.approx(8)
    assert math.isnan(value(x ** lift(0), x="0"))
    assert math.isnan(value(d(x**a, a), x="-2", a="2"))  # no slope along the exponent


def test_pieces_are_told_only_where_they_do_not_meet() -> None:
    pieces = cases(x, x, "<", 0, cases(x**2, x, "<=", 1, fn("log", -x)))
    assert value(pieces, x="-3") == -3
    assert value(d(pieces, x), x="1/2") == 1
    assert math.isnan(value(pieces, x="1"))
    assert math.isnan(value(pieces, x="2"))
    assert value(cases(1, x, ">=", a, 2), x="1", a="2") == 2


def test_pi_is_a_number() -> None:
    assert value(sym("pi") * x, x="2") == pytest.approx(2 * math.pi, rel=1e-15)
    assert value(fn("sin", sym("pi") / 6), x="2") == pytest.approx(0.5)


ABSTRACT = [
    (fn("f", x), x, fn("f'", x)),
    (fn("f'", x), x, fn("f''", x)),
    (fn("f'''", x), x, fn("f''''", x)),
    (fn("g", x, a), a, fn("g'2", x, a)),
    (fn("g'1", x, a), a, fn("g'12", x, a)),
    (fn("g'12", x, a), x, fn("g'112", x, a)),
    (fn("h", x, a, b), b, fn("h'3", x, a, b)),
]


@pytest.mark.parametrize(("function", "by", "slope"), ABSTRACT)
def test_derivatives_of_abstract_functions_are_theirs(function: Term, by: Term, slope: Term) -> None:
    for point in ({"x": "2", "a": "1/3", "b": "-1"}, {"x": "-1/2", "a": "5", "b": "2"}):
        assert value(d(function, by), **point) == pytest.approx(value(slope, **point), rel=1e-12)
    assert value(slope, x="2", a="3", b="1") != 0


def test_different_names_are_different_functions() -> None:
    assert value(fn("f", x), x="2") != value(fn("g", x), x="2")
    assert value(fn("g", x, a), x="2", a="3") != value(fn("g", a, x), x="2", a="3")
    assert math.isnan(value(fn("g'3", x, a), x="2", a="3"))
