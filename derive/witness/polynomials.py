"""How large a fraction would be when it is multiplied out, and its factors, as far as they are found at once."""

from __future__ import annotations

from collections.abc import Mapping
from math import comb
from typing import Any, TypeAlias

Expr: TypeAlias = Any
MANY = 4_000  # terms; more are not counted
HIGHEST_DEGREE, MOST_FACTORED = 40, 300  # degree and terms of a polynomial that is factored


def factor_list(part: Expr) -> tuple[Expr, list[tuple[Expr, int]]]:
    """A number, and the factors of a polynomial with their exponents.

    >>> import sympy as sp
    >>> x = sp.Symbol("x")
    >>> factor_list(2 * x**2 - 2)
    (2, [(x - 1, 1), (x + 1, 1)])
    """
    import sympy as sp

    symbols = sorted(part.free_symbols, key=lambda s: (s.name, s.dummy_index if s.is_Dummy else 0))
    poly = sp.Poly(part, *symbols)
    small = poly.total_degree() <= HIGHEST_DEGREE and len(poly.terms()) <= MOST_FACTORED
    content, found = poly.factor_list() if small else _by_monomial(poly)
    return sp.Rational(content), [(f.as_expr(), int(k)) for f, k in found]


def prime_powers(c: Expr) -> list[tuple[int, int]]:
    """Of a positive number; large factors are left together."""
    import sympy as sp

    found = sp.factorrat(sp.Rational(c), limit=10_000, use_rho=False, use_pm1=False)
    return [(p, k) for p, k in found.items() if p != 1]


def numerator_size(expr: Expr) -> int:
    """At most how many terms the numerator has when it is multiplied out."""
    return _size(expr)[0]


def _size(expr: Expr) -> tuple[int, dict[Expr, int]]:
    """The same, and what stands below it."""
    import sympy as sp

    if expr.is_Add:
        parts = [_size(a) for a in expr.args]
        below: dict[Expr, int] = {}
        for _, here in parts:
            below |= {v: max(k, below.get(v, 0)) for v, k in here.items()}
        return sum(top * _terms_below(below, here) for top, here in parts), below
    if expr.is_Mul:
        top, below = 1, {}
        for n, here in map(_size, expr.args):
            top *= n
            below = {v: here.get(v, 0) + below.get(v, 0) for v in {*here, *below}}
        return top, below
    if expr.is_Pow and expr.exp.is_Integer:
        n = int(expr.exp)
        terms = _size(expr.base)[0]
        whole = comb(min(abs(n), 10**4) + terms - 1, terms - 1) if terms < MANY else MANY**2
        return (whole, {}) if n > 0 else (1, {expr.base: -n} if not isinstance(expr.base, sp.Rational) else {})
    return 1, {}


def _terms_below(below: Mapping[Expr, int], here: Mapping[Expr, int]) -> int:
    result = 1
    for v, k in below.items():
        missing, terms = k - here.get(v, 0), _size(v)[0]
        result *= comb(min(missing, 10**4) + terms - 1, terms - 1) if terms < MANY else MANY**2
    return result


def degree(f: Expr) -> int:
    import sympy as sp

    return int(sp.Poly(f, *f.free_symbols).total_degree())


def _by_monomial(poly: Any) -> tuple[Expr, list[tuple[Any, int]]]:
    """The content, the variables that divide it, and the rest, which is not taken apart."""
    content, rest = poly.primitive()
    powers, rest = rest.terms_gcd()
    of = [(poly.from_expr(g, *poly.gens), k) for g, k in zip(poly.gens, powers, strict=True) if k]
    return content, [*of, (rest, 1)] if rest.total_degree() else of
