"""How large a fraction would be when it is multiplied out, and its factors, as far as they are found at once."""

from __future__ import annotations

from collections.abc import Mapping
from math import comb, prod
from typing import Any, TypeAlias

from derive.witness.rational import FAR, Poly, Work, degrees, shared_divisor

Expr: TypeAlias = Any
MANY = 4_000  # terms; more are not counted
HIGHEST_DEGREE, MOST_FACTORED = 40, 300  # degree and terms of a polynomial that is factored
DENSE, DEAREST = 100, 60_000  # what one coefficient costs where zeros are written out; the dearest that is factored


def factors_of(p: Poly, work: Work) -> tuple[Expr, list[tuple[Expr, int]]]:
    """A number, and the factors of a polynomial with their exponents; those that are dear to find are left together.

    >>> import sympy as sp
    >>> _, x = sp.ring("x", sp.QQ)
    >>> factors_of(2 * x**2 - 2, Work())
    (2, [(x - 1, 1), (x + 1, 1)])
    """
    import sympy as sp

    if p.is_ground:
        return sp.Rational(str(p.LC)), []
    content, rest = p.primitive()
    powers = tuple(map(min, zip(*rest, strict=True)))
    rest = rest.quo(p.ring({powers: p.ring.domain.one}))
    number, found = sp.Rational(str(content)), [(s, k) for s, k in zip(p.ring.symbols, powers, strict=True) if k]
    for f, k in _taken_apart(rest, work):
        content, f = f.primitive()
        sign = 1 if f[max(f, key=_earliest_first)] > 0 else -1
        number *= (sign * sp.Rational(str(content))) ** k
        if not f.is_ground:
            found.append(((sign * f).as_expr(), k))
    return number, found


def _earliest_first(monomial: tuple[int, ...]) -> tuple[int, ...]:
    """The last generator stands first in the ring."""
    return monomial[::-1]


def _taken_apart(p: Poly, work: Work) -> list[tuple[Poly, int]]:
    """Where a variable is linear, only a divisor of both coefficients can be taken out."""
    if p.is_ground:
        return [(p, 1)]
    for n, k in enumerate(degrees(p)):
        if k == 1:
            with_it = p.ring({m: c for m, c in p.items() if m[n]})
            shared, *left = shared_divisor(with_it, p - with_it, work)
            return [(left[0] + left[1], 1), *_taken_apart(shared, work)]
    price = _price(p)
    if price > DEAREST:
        return [(p, 1)]
    work.spend(price)
    unit, found = p.factor_list()
    return [(p.ring(unit), 1), *((f, int(k)) for f, k in found)]


def _price(p: Poly) -> int:
    """SymPy writes out the coefficients that are 0, in lists of lists, and tries combinations of the variables."""
    highest = degrees(p)
    if sum(highest) > HIGHEST_DEGREE or len(p) > MOST_FACTORED:
        return FAR
    written = sum(len({monomial[:n] for monomial in p}) * (k + 1) for n, k in enumerate(highest))
    return DENSE * written + prod(k + 1 for k in highest) // 8


def prime_powers(c: Expr) -> list[tuple[int, int]]:
    """Of a positive number; large factors are left together."""
    import sympy as sp

    found = sp.factorrat(sp.Rational(c), limit=10_000, use_rho=False, use_pm1=False)
    return [(p, k) for p, k in found.items() if p != 1]


def numerator_size(expr: Expr) -> int:
    """At most how many terms the numerator has when it is multiplied out; FAR stands for any larger number."""
    return _size(expr, {})[0]


_Size: TypeAlias = "tuple[int, dict[Expr, int]]"


def _size(expr: Expr, known: dict[Expr, _Size]) -> _Size:
    """The same, and what stands below it; a part that occurs again and again is looked at once."""
    if expr not in known:
        top, below = _new_size(expr, known)
        known[expr] = min(top, FAR), below
    return known[expr]


def _new_size(expr: Expr, known: dict[Expr, _Size]) -> _Size:
    import sympy as sp

    if expr.is_Add:
        parts = [_size(a, known) for a in expr.args]
        below: dict[Expr, int] = {}
        for _, here in parts:
            below |= {v: max(k, below.get(v, 0)) for v, k in here.items()}
        return sum(top * _terms_below(below, here, known) for top, here in parts), below
    if expr.is_Mul:
        top, below = 1, {}
        for n, here in (_size(a, known) for a in expr.args):
            top *= n
            below = {v: here.get(v, 0) + below.get(v, 0) for v in {*here, *below}}
        return top, below
    if expr.is_Pow and expr.exp.is_Integer:
        n = int(expr.exp)
        terms = _size(expr.base, known)[0]
        whole = comb(min(abs(n), 10**4) + terms - 1, terms - 1) if terms < MANY else MANY**2
        return (whole, {}) if n > 0 else (1, {expr.base: -n} if not isinstance(expr.base, sp.Rational) else {})
    return 1, {}


def _terms_below(below: Mapping[Expr, int], here: Mapping[Expr, int], known: dict[Expr, _Size]) -> int:
    result = 1
    for v, k in below.items():
        missing, terms = k - here.get(v, 0), _size(v, known)[0]
        result *= comb(min(missing, 10**4) + terms - 1, terms - 1) if terms < MANY else MANY**2
    return min(result, FAR)


def degree(f: Expr) -> int:
    """Of a polynomial that is multiplied out."""
    import sympy as sp

    powers = (m.as_powers_dict() for m in sp.Add.make_args(f))
    return max(sum(int(k) for s, k in each.items() if not s.is_number) for each in powers)
