"""What is left of a claim in SymPy: as a rational function of exponentials, factored, and said in p and y."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from math import nan
from random import Random
from typing import Any, TypeAlias

from derive.core.term import Term
from derive.syntax.sympy_bridge import from_sympy
from derive.witness.sampling import Unsuited

Expr: TypeAlias = Any
POWERS = (1, -1, 2, -2, 3, -3)
DIGITS = 30


@dataclass(frozen=True)
class Generators:
    """Symbols for the exponentials, E_m for exp(z_m), and for other function values."""

    of_exponent: Mapping[Expr, Expr]
    by: Mapping[Expr, Expr]

    @staticmethod
    def of(*exprs: Expr) -> Generators:
        import sympy as sp

        found = {f for e in exprs for f in e.atoms(sp.Function)}
        exponents = sorted((f.args[0] for f in found if isinstance(f, sp.exp)), key=_simplest_first)
        bases: dict[Expr, Expr] = {}
        by: dict[Expr, Expr] = {}
        for exponent in exponents:
            known = ((A, n) for A in bases for n in POWERS if exponent == n * A)
            base, power = next(known, (exponent, 1))
            symbol = bases.setdefault(base, sp.Dummy(f"E{len(bases)}", positive=True))
            by[sp.exp(exponent)] = symbol**power
        others = sorted((f for f in found if not isinstance(f, sp.exp)), key=sp.default_sort_key)
        return Generators(bases, by | {f: sp.Dummy(f"F{n}") for n, f in enumerate(others)})


def _simplest_first(exponent: Expr) -> tuple[bool, int, str]:
    return exponent.could_extract_minus_sign(), exponent.count_ops(), str(exponent)


def over_field(expr: Expr, by: Mapping[Expr, Expr], normalised: Mapping[Expr, Expr]) -> Expr:
    """expr as one reduced fraction of the generators; 0 exactly if it vanishes for all their values."""
    import sympy as sp

    plain = expr.xreplace(dict(by)).xreplace(dict(normalised))
    symbols = sorted(plain.free_symbols, key=sp.default_sort_key)
    if not symbols:
        return sp.nsimplify(plain)
    try:
        return sp.QQ.frac_field(*symbols).from_sympy(plain).as_expr()
    except ValueError:
        raise Unsuited("not-rational") from None


def factored(rest: Expr, probabilities: Mapping[Expr, Expr], generators: Generators, names: Mapping[str, Term]) -> Term:
    """The residual as a product. E_m is said as p_m where p_m = E_m / (E_1 + ... + E_C)."""
    import sympy as sp

    top, bottom = sp.fraction(sp.factor(rest))
    shares = sp.Add(*probabilities.values())
    if probabilities and _degree(top, probabilities) == _degree(bottom, probabilities) is not None:
        # of degree 0 in the E, so the E may be divided by their sum: then they are the p, and sum to 1
        top, bottom = (part.xreplace(dict(probabilities)).subs(shares, 1) for part in (top, bottom))
    back = {symbol: sp.exp(exponent) for exponent, symbol in generators.of_exponent.items()}
    back |= {symbol: f for f, symbol in generators.by.items() if symbol.is_Symbol and symbol not in back}
    return from_sympy(sp.factor(top / bottom).xreplace(back), names)


def _degree(expr: Expr, generators: Iterable[Expr]) -> int | None:
    import sympy as sp

    poly = sp.Poly(expr, *generators)
    degree = poly.homogeneous_order()
    return None if degree is None else int(degree)


def at_random(left: Expr, right: Expr) -> tuple[dict[str, Fraction], float, float]:
    """A point, and both sides there."""
    import sympy as sp

    rng = Random(0)  # noqa: S311 - a test point, not a secret
    symbols = sorted(left.free_symbols | right.free_symbols, key=str)
    point = {s: sp.Rational(rng.randint(5, 150), 101) for s in symbols}
    here, there = (side.evalf(DIGITS, subs=point) for side in (left, right))
    shown = {str(s): Fraction(v.p, v.q) for s, v in point.items()}
    return shown, _real(here), _real(there)


def _real(value: Expr) -> float:
    return float(value) if value.is_Float or value.is_Rational else nan
