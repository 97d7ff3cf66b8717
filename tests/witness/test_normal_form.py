"""Identities of real numbers that SymPy's own canonical forms do not see, and near misses."""

from __future__ import annotations

import pytest
import sympy as sp

from derive.witness.normal_form import vanishes
from derive.witness.rational import Work
from derive.witness.sampling import Unsuited

x, y, n = sp.symbols("x y n", real=True)
p, q = sp.symbols("p q", positive=True)
f = sp.Function("f", real=True)
xi = sp.Dummy("xi", real=True)

IDENTITIES = [
    sp.sin(x) ** 2 + sp.cos(x) ** 2 - 1,
    sp.sin(3 * x) - 3 * sp.sin(x) + 4 * sp.sin(x) ** 3,
    sp.cos(x / 2) ** 2 - (1 + sp.cos(x)) / 2,
    sp.sin(x + y) - sp.sin(x) * sp.cos(y) - sp.cos(x) * sp.sin(y),
    sp.sin(x + sp.pi / 4) - (sp.sin(x) + sp.cos(x)) / sp.sqrt(2),
    sp.tan(x) * sp.cot(x) - 1,
    1 + sp.tan(x) ** 2 - sp.sec(x) ** 2,
    sp.tanh(2 * x) - 2 * sp.tanh(x) / (1 + sp.tanh(x) ** 2),
    sp.cosh(x) ** 2 - sp.sinh(x) ** 2 - 1,
    sp.asin(x) + sp.acos(x) - sp.pi / 2,
    sp.sqrt(x**2 + 2 * x + 1) - sp.Abs(x + 1),
    sp.sqrt(1 - x**2) - sp.sqrt((1 - x) * (1 + x)),
    1 / (sp.Abs(x) * sp.sqrt(x**2 - 1)) - 1 / (x**2 * sp.sqrt(1 - 1 / x**2)),
    sp.sqrt(x - 1) * sp.sqrt(x + 1) - sp.sqrt(x**2 - 1),
    sp.sqrt(x * y) * sp.sqrt(x / y) * sp.Abs(y) - x * y,
    x ** sp.Rational(2, 3) * x ** sp.Rational(1, 3) - x,
    n * x ** (n - 1) - n * x**n / x,
    2**x * 3**x - 6**x,
    p**n * q**n - (p * q) ** n,
    sp.log(1 / x) + sp.log(x),
    sp.log(p**2 * y) - 2 * sp.log(p) - sp.log(y),
    sp.log(x**2) - 2 * sp.log(sp.Abs(x)),
    sp.log(8) - 3 * sp.log(2),
    sp.log(sp.exp(x) + 1) - sp.log(sp.exp(-x) + 1) - x,
    sp.exp(x - sp.log(sp.exp(x) + sp.exp(y))) - sp.exp(x) / (sp.exp(x) + sp.exp(y)),
    sp.Max(x, y) + sp.Min(x, y) - x - y,
    sp.Max(x, 0) - sp.Piecewise((x, x > 0), (0, True)),
    sp.Heaviside(x) + sp.Heaviside(-x) - 1,
    sp.Abs(2 * x + 1) * sp.sign(2 * x + 1) - 2 * x - 1,
    sp.Piecewise((1, (x > 0) & (y > 0)), (0, True)) - sp.Heaviside(x) * sp.Heaviside(y),
    f((x + 1) ** 2) - f(x**2 + 2 * x + 1),
    sp.diff(f(x**2), x) - 2 * x * sp.Subs(sp.Derivative(f(xi), xi), xi, x**2),
    sp.erf(x) + sp.erfc(x) - 1,
    sp.acot(x) - sp.atan(1 / x),
    (x + y + 1) ** 80 / (x + y + 1) ** 79 - (x + y + 1),
]
NEAR_MISSES = [
    sp.sin(x) ** 2 + sp.cos(x) ** 2 - 2,
    sp.sqrt(x**2) - x,
    sp.sin(2 * x) - sp.sin(x) * sp.cos(x),
    sp.Abs(x - 1) - sp.Abs(x),
    sp.Abs(x) - 1 + sp.sign(x),
    sp.log(sp.Abs(x * y)) - sp.log(sp.Abs(x)),
    sp.exp(2 * x) - 2 * sp.exp(x),
    sp.exp(x) - sp.exp(x / 2),
    sp.exp(x) * sp.sin(x) - sp.exp(x / 3) * sp.sin(x / 5),
    sp.sin(x) - sp.sin(x / 2),
    p ** sp.Rational(1, 4) - sp.sqrt(p),
    sp.Max(x, 0) - sp.Max(-x, 0),
    f(x) - f(-x),
    sp.tanh(x) ** 2 - 1,
    x ** sp.Rational(1, 3) - x ** sp.Rational(1, 2),
    sp.atan(1 / x) + sp.atan(x) - sp.pi / 2,  # -pi/2 for negative x
    # log x within a piece says nothing about x elsewhere
    sp.Piecewise((1 / x + 0 * sp.log(x), x > 0), (sp.sign(x), True)) - sp.Piecewise((1 / x, x > 0), (1, True)),
    sp.Piecewise((sp.log(x), x > 0), (sp.Abs(x), True)) - sp.Piecewise((sp.log(x), x > 0), (x, True)),
]


@pytest.mark.parametrize("expr", IDENTITIES, ids=str)
def test_identities(expr: sp.Expr) -> None:
    assert vanishes(expr)


@pytest.mark.parametrize("expr", IDENTITIES, ids=str)
def test_an_identity_and_a_little_more_is_none(expr: sp.Expr) -> None:
    assert not vanishes(expr + sp.Rational(1, 1000))
    assert not vanishes(expr + x / 1000)


@pytest.mark.parametrize("expr", NEAR_MISSES, ids=str)
def test_near_misses(expr: sp.Expr) -> None:
    assert not vanishes(expr)


def test_what_is_positive_may_be_said() -> None:
    assert vanishes(sp.Abs(x - 1) - (x - 1), positive=(x - 1,))
    assert vanishes(sp.Abs(x) - x, defined=(sp.log(x),))
    assert not vanishes(sp.Abs(x) - x, positive=(1 - x,))
    half = sp.exp(x / 2)
    assert not vanishes(sp.Abs(half - 2) - half + 2, defined=(sp.log(sp.exp(x) - 2),))
    assert vanishes(sp.Abs(half - 2) - half + 2, defined=(sp.log(half - 2),))


TOO_LARGE = [
    sp.Mul(*[sp.Symbol(f"v{k}") + x for k in range(30)]) - 1,
    sp.Add(*[1 / (sp.Symbol(f"v{k}") + x) for k in range(40)]),
    sp.Add(*[sp.sin(k * sp.sqrt(sp.prime(k)) * x) for k in range(1, 60)]),
]


@pytest.mark.parametrize("expr", TOO_LARGE, ids=("product", "fractions", "generators"))
def test_too_large_is_said_at_once(expr: sp.Expr) -> None:
    with pytest.raises(Unsuited, match="too-large"):
        vanishes(expr)


def gelu_tanh(u: sp.Expr) -> sp.Expr:
    return u / 2 * (1 + sp.tanh(sp.sqrt(2 / sp.pi) * (u + sp.Rational(44715, 10**6) * u**3)))


def hardswish(u: sp.Expr) -> sp.Expr:
    return u * sp.Min(6, sp.Max(0, u + 3)) / 6


NESTED = [  # small enough to write, and minutes of common divisors and factors when they are simply begun
    gelu_tanh(sp.tan(2 * x) - 2 * x),
    sp.cbrt(gelu_tanh(x**2) - sp.tanh(gelu_tanh(x**2))),
    sp.acoth(sp.sec(sp.Heaviside(3 - x)) ** 3),
    hardswish(sp.log(2 * x) / hardswish(hardswish(x))),
]


@pytest.mark.parametrize("function", NESTED, ids=str)
def test_nested_functions_are_refused_before_the_work_is_done(function: sp.Expr) -> None:
    with pytest.raises(Unsuited, match="too-large"):
        vanishes(sp.diff(function, x) * (1 + x**2) / (2 + x**2) - sp.diff(function, x))


def test_the_work_is_counted_and_not_the_time() -> None:
    work, again = Work(), Work()
    identity = sp.sin(3 * x) - 3 * sp.sin(x) + 4 * sp.sin(x) ** 3
    assert vanishes(identity, work=work)
    assert vanishes(identity, work=again)
    assert 0 < work.left == again.left < Work().left
    with pytest.raises(Unsuited, match="too-large"):
        vanishes(identity, work=Work((Work().left - work.left) // 2))


def test_the_sign_of_a_domain_is_kept() -> None:
    assert vanishes(sp.Abs(x) + x, defined=(sp.acos(x + 1),))  # -2 < x < 0
    assert not vanishes(sp.Abs(x) - x, defined=(sp.acos(x + 1),))
    assert vanishes(sp.sqrt(x**2) + x, positive=(-x * (x + 2), -x))


def test_a_condition_that_depends_on_another_is_read() -> None:
    piece = sp.Piecewise((x, sp.ITE(x > 0, y > 1, y < -1)), (0, True))
    assert vanishes(piece - sp.Piecewise((x, ((x > 0) & (y > 1)) | ((x < 0) & (y < -1))), (0, True)))
    assert vanishes(piece - sp.Piecewise((x, y > 1), (0, True)), positive=(x,))
    assert not vanishes(piece - sp.Piecewise((x, y > 1), (0, True)))


def test_large_exponents_are_no_trouble() -> None:
    assert vanishes(sp.sqrt(x**1000 - 1) ** 2 - x**1000 + 1)
    assert vanishes((x + y + sp.sin(x)) ** 10_000 - (sp.sin(x) + y + x) ** 10_000)
    assert not vanishes(sp.sin(1000 * x) - sp.sin(999 * x))
