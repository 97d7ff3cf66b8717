"""Fractions of polynomials, their factors and the bound on the work, compared with what SymPy finds by itself."""

from __future__ import annotations

from random import Random

import pytest
import sympy as sp

from derive.witness.polynomials import factors_of
from derive.witness.rational import Fractions, Work, shared_divisor
from derive.witness.sampling import Unsuited

x, y, z, s = sp.symbols("x y z s")
ENOUGH = 10**9


def polynomial(rng: Random, terms: int = 3, highest: int = 2) -> sp.Expr:
    monomials = (
        x ** rng.randint(0, highest) * y ** rng.randint(0, highest) * z ** rng.randint(0, 1) for _ in range(terms)
    )
    return sp.Add(*[rng.choice((-3, -1, 1, 2, sp.Rational(1, 2))) * m for m in monomials]) or x - y


def rational(rng: Random) -> sp.Expr:
    a, b, c, e = (polynomial(rng, 2) for _ in range(4))
    return rng.choice((a / b + c / e, a / (b * c) - e / b, (a / b) ** 2 * b / c, 1 / (1 + a / b), a * c / (c * e) - x))


@pytest.mark.parametrize("seed", range(40))
def test_fractions_are_what_sympy_cancels(seed: int) -> None:
    expr = rational(Random(seed))
    field = Fractions.over((x, y, z), Work(ENOUGH))
    top, below = (part.as_expr() for part in field.scaled(field.of(expr)))
    expected = sp.fraction(sp.cancel(sp.together(expr)))
    assert sp.expand(top * expected[1] - below * expected[0]) == 0
    assert sp.Poly(sp.gcd(top, below), x, y, z).total_degree() == 0
    assert sp.Poly(below, x, y, z).LC() > 0
    assert all(c.is_Integer for c in (*sp.Poly(top, x, y, z).coeffs(), *sp.Poly(below, x, y, z).coeffs()))


@pytest.mark.parametrize("seed", range(30))
def test_powers_are_replaced_as_sympy_divides(seed: int) -> None:
    rng = Random(seed)
    value, n = polynomial(rng), rng.choice((2, 3))
    p = sp.expand(polynomial(rng) * s ** rng.randint(0, 7) + polynomial(rng) * s ** rng.randint(0, 4) + polynomial(rng))
    field = Fractions.over((s, x, y, z), Work(ENOUGH))
    found = field.modulo(field.of(p)[0], [(s, n, value)]).as_expr()
    assert sp.expand(found - sp.rem(p, s**n - value, s)) == 0


FACTORED = [
    -x, -x * (x + 2), 4 - x**2, 3 * x**2 * y - 3 * y, (x * y - 1) * (x + z), (x**2 + 1) ** 2 * (y - x) ** 3,
    sp.Integer(-6), sp.Rational(3, 4) * x**2 - 3, -(2 * x + y) * (y**2 + x**3) * x * y**4, (x + y + z) * (x - y - z),
    x**6 - y**6,
]  # fmt: skip


@pytest.mark.parametrize("expr", FACTORED, ids=str)
def test_factors_multiply_to_the_whole_and_are_sympys(expr: sp.Expr) -> None:
    number, found = factors_of(Fractions.over((x, y, z), Work(ENOUGH)).of(expr)[0], Work(ENOUGH))
    assert sp.expand(number * sp.Mul(*[f**k for f, k in found]) - expr) == 0
    _, expected = sp.factor_list(expr, x, y, z)
    assert sorted(k for _, k in found) == sorted(k for _, k in expected)
    assert all(any(sp.expand(f - sign * g) == 0 for g, _ in expected for sign in (1, -1)) for f, _ in found)


@pytest.mark.parametrize("seed", range(40))
def test_products_come_apart_with_their_sign(seed: int) -> None:
    rng = Random(seed)
    expr = sp.expand(polynomial(rng) * polynomial(rng, 2) * rng.choice((x, -1, y**2, 1)))
    number, found = factors_of(Fractions.over((x, y, z), Work(ENOUGH)).of(expr)[0], Work(ENOUGH))
    assert sp.expand(number * sp.Mul(*[f**k for f, k in found]) - expr) == 0
    assert sum(k for _, k in found) == sum(k for _, k in sp.factor_list(expr, x, y, z)[1])


def test_what_is_dear_to_take_apart_is_left_together() -> None:
    work = Work()
    p = Fractions.over((x, y, z), work).of(((x**20 + y**20 + 1) * (x**20 - y**20 + 2)).expand())[0]
    number, found = factors_of(p, work)
    assert [number * f**k for f, k in found] == [number * found[0][0]]
    assert sp.expand(number * found[0][0] - p.as_expr()) == 0


DEAR = [
    (x + y + z + s + 1) ** 40,
    (x + y + z + s) ** 20 * (x - y + 1) ** 20 * (z + s + 2) ** 20,
    sp.Add(*[1 / (x**k + k * y + z) for k in range(1, 12)]),
    1 / (x**9 * y**9 + z**9 * s**9 + 1) ** 3 + 1 / (x**9 * y**9 + z**9 * s**9 + x) ** 3,
]


@pytest.mark.parametrize("expr", DEAR, ids=("power", "product", "fractions", "degrees"))
def test_what_is_dear_is_refused_before_it_is_done(expr: sp.Expr) -> None:
    work = Work()
    with pytest.raises(Unsuited, match="too-large"):
        Fractions.over((x, y, z, s), work).of(expr)


def test_the_price_of_a_divisor_is_asked_before_its_numbers_are_written_out() -> None:
    """SymPy puts numbers of some 10^12 digits for these variables; GMP ends the whole process at such a number."""
    variables = sp.symbols("v:14")
    field = Fractions.over(variables, Work())
    p, q = (field.of(sp.Mul(*[v**9 for v in variables]) + c * variables[0] + c)[0] for c in (1, 2))
    with pytest.raises(Unsuited, match="too-large"):
        shared_divisor(p, q, Work())


def test_the_price_does_not_depend_on_how_often_it_is_asked() -> None:
    spent = []
    for _ in range(2):
        work = Work()
        Fractions.over((x, y), work).of((x + y) ** 5 / (x - y) + 1 / (x**2 - y**2))
        spent.append(work.left)
    assert spent[0] == spent[1] < Work().left


def test_no_fraction_of_polynomials() -> None:
    for expr in (sp.sin(x), sp.sqrt(x), sp.exp(x)):
        with pytest.raises(Unsuited, match="not-rational"):
            Fractions.over((x, y), Work()).of(expr)
    with pytest.raises(Unsuited, match="not-rational"):
        Fractions.over((x, y), Work()).of(sp.Pow(sp.Add(x, sp.Mul(-1, x, evaluate=False), evaluate=False), -1))
