"""Whether linear inequalities can hold together: Fourier and Motzkin's elimination, in whole monomials.

A monomial of higher degree is a variable of its own, of which little is known; so what is excluded here cannot be.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, TypeAlias

from derive.witness.normal_form import NormalForm
from derive.witness.polynomials import numerator_size
from derive.witness.regions import UNDEFINED

Expr: TypeAlias = Any
Row: TypeAlias = "tuple[dict[Expr, Fraction], bool]"  # a sum that is positive, or (False) not negative; 1 is a number
MOST_ROWS, MOST_TERMS = 120, 30
_PI = Fraction(314159, 100_000), Fraction(314160, 100_000)


@dataclass(frozen=True)
class Facts:
    """Linear forms of factors, and what holds of the generators in them."""

    forms: Mapping[Expr, dict[Expr, Fraction]]
    rows: tuple[Row, ...]
    absolute: Mapping[Expr, Expr]  # a generator that is an absolute value, and of what

    @staticmethod
    def of(form: NormalForm, factors: Sequence[Expr]) -> Facts:
        absolute = {g: key[1] for key, g in form.symbols.items() if isinstance(key, tuple) and key[0] == "abs"}
        asked = [*factors, *absolute.values()]
        forms = {f: linear for f in asked if (linear := _linear(f)) is not None}
        rows: list[Row] = []
        for key, g in form.symbols.items():
            if form.is_positive(g):
                rows.append(({g: Fraction(1)}, True))
            if key == "pi":
                rows += [({g: Fraction(1), 1: -_PI[0]}, True), ({g: Fraction(-1), 1: _PI[1]}, True)]
            if isinstance(key, tuple) and key[0] in ("cos", "sin"):
                rows += [({g: Fraction(s), 1: Fraction(1)}, False) for s in (1, -1)]
        monomials = {m for linear in forms.values() for m in linear if m != 1}
        rows += [({m: Fraction(1)}, True) for m in sorted(monomials, key=str) if m.is_Symbol and m.is_positive]
        rows += [({m: Fraction(1)}, False) for m in sorted(monomials, key=str) if _even(m, form)]
        for g, f in absolute.items():
            rows += [(_plus({g: Fraction(1)}, forms[f], s), False) for s in (1, -1) if f in forms]
        return Facts(forms, tuple(rows), absolute)


def possible(facts: Facts, signs: Mapping[Expr, int]) -> bool:
    """False only if these signs exclude each other.

    >>> import sympy as sp
    >>> from derive.witness.rational import Work
    >>> x, y = sp.symbols("x y", real=True)
    >>> facts = Facts.of(NormalForm(Work()), [x - y, y - 1, x - 2])
    >>> possible(facts, {x - y: -1, y - 1: -1, x - 2: 1}), possible(facts, {x - y: -1, y - 1: 1, x - 2: 1})
    (False, True)
    """
    rows = list(facts.rows)
    for f, sign in signs.items():
        if f in facts.forms and sign != UNDEFINED:
            rows += [({m: s * c for m, c in facts.forms[f].items()}, sign != 0) for s in ((sign,) if sign else (1, -1))]
    for g, f in facts.absolute.items():
        if f in facts.forms and signs.get(f) in (1, -1):
            rows.append((_plus({g: Fraction(-1)}, facts.forms[f], signs[f]), False))
    return _hold_together(rows)


def _plus(a: Mapping[Expr, Fraction], b: Mapping[Expr, Fraction], times: Fraction | int) -> dict[Expr, Fraction]:
    whole = {m: a.get(m, Fraction(0)) + times * b.get(m, Fraction(0)) for m in {**a, **b}}
    return {m: c for m, c in whole.items() if c}


def _hold_together(rows: Iterable[Row]) -> bool:
    left = [row for row in rows if set(row[0]) != {1}]
    numbers = [row for row in rows if set(row[0]) == {1} or not row[0]]
    while all(_true(row) for row in numbers):
        names = {m for row, _ in left for m in row if m != 1}
        if not names or len(left) > MOST_ROWS:
            return True
        m = min(sorted(names, key=str), key=lambda m: _made(left, m))
        above = [row for row in left if row[0].get(m, 0) > 0]
        below = [row for row in left if row[0].get(m, 0) < 0]
        made: list[Row] = [row for row in left if m not in row[0]]
        made += [(_plus(a, b, a[m] / -b[m]), s or t) for a, s in above for b, t in below]
        numbers = [row for row in made if set(row[0]) <= {1}]
        left = [row for row in made if not set(row[0]) <= {1}]
    return False


def _made(rows: Sequence[Row], m: Expr) -> int:
    signs = [row[m] > 0 for row, _ in rows if m in row]
    return sum(signs) * (len(signs) - sum(signs))


def _true(row: Row) -> bool:
    value, strict = row[0].get(1, Fraction(0)), row[1]
    return value > 0 or (value == 0 and not strict)


def _linear(f: Expr) -> dict[Expr, Fraction] | None:
    """A polynomial as a sum of monomials."""
    import sympy as sp

    if numerator_size(f) > MOST_TERMS:
        return None
    found: dict[Expr, Fraction] = {}
    for term in sp.Add.make_args(sp.expand(f)):
        c, m = term.as_coeff_Mul(rational=True)
        found[1 if m == 1 else m] = Fraction(int(c.p), int(c.q))
    return found


def _even(m: Expr, form: NormalForm) -> bool:
    return not m.is_Symbol and all(k % 2 == 0 or form.is_positive(s) for s, k in m.as_powers_dict().items())
