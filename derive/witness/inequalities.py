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
Sum: TypeAlias = "dict[int, Fraction]"  # monomials by their numbers; NUMBER stands for 1
Row: TypeAlias = "tuple[Sum, bool]"  # a sum that is positive, or (False) not negative
NUMBER, MOST_ROWS, MOST_TERMS = 0, 40, 30
_PI = Fraction(314159, 100_000), Fraction(314160, 100_000)


@dataclass(frozen=True)
class Facts:
    """Linear forms of factors, and what holds of the generators in them."""

    forms: Mapping[Expr, Sum]
    rows: tuple[Row, ...]
    absolute: Mapping[int, Expr]  # a generator that is an absolute value, and of what

    @staticmethod
    def of(form: NormalForm, factors: Sequence[Expr]) -> Facts:
        absolute = {g: key[1] for key, g in form.symbols.items() if isinstance(key, tuple) and key[0] == "abs"}
        asked = [*factors, *absolute.values()]
        linear = {f: terms for f in asked if (terms := _linear(f)) is not None}
        monomials = sorted({*form.symbols.values(), *(m for terms in linear.values() for m in terms)} - {1}, key=str)
        number = {1: NUMBER} | {m: n for n, m in enumerate(monomials, NUMBER + 1)}
        forms = {f: {number[m]: c for m, c in terms.items()} for f, terms in linear.items()}
        rows: list[Row] = []
        for key, g in form.symbols.items():
            n = number[g]
            if form.is_positive(g):
                rows.append(({n: Fraction(1)}, True))
            if key == "pi":
                rows += [({n: Fraction(1), NUMBER: -_PI[0]}, True), ({n: Fraction(-1), NUMBER: _PI[1]}, True)]
            if isinstance(key, tuple) and key[0] in ("cos", "sin"):
                rows += [({n: Fraction(s), NUMBER: Fraction(1)}, False) for s in (1, -1)]
        rows += [({number[m]: Fraction(1)}, True) for m in monomials if m.is_Symbol and m.is_positive]
        rows += [({number[m]: Fraction(1)}, False) for m in monomials if _even(m, form)]
        for g, f in absolute.items():
            rows += [(_plus({number[g]: Fraction(1)}, forms[f], s), False) for s in (1, -1) if f in forms]
        return Facts(forms, tuple(rows), {number[g]: f for g, f in absolute.items()})


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


def _plus(a: Sum, b: Sum, times: Fraction | int) -> Sum:
    whole = {m: a.get(m, Fraction(0)) + times * b.get(m, Fraction(0)) for m in {**a, **b}}
    return {m: c for m, c in whole.items() if c}


def _hold_together(rows: Iterable[Row]) -> bool:
    made = list(rows)
    while True:
        numbers = [row for row in made if set(row[0]) <= {NUMBER}]
        if not all(map(_true, numbers)):
            return False
        made = _without_loose(_different(row for row in made if not set(row[0]) <= {NUMBER}))
        if not made or len(made) > MOST_ROWS:
            return True
        counted = _counted(made)
        m = min(counted, key=lambda m: (counted[m][0] * counted[m][1], m))
        above = [row for row in made if row[0].get(m, 0) > 0]
        below = [row for row in made if row[0].get(m, 0) < 0]
        made = [row for row in made if m not in row[0]]
        made += [(_plus(a, b, a[m] / -b[m]), s or t) for a, s in above for b, t in below]


def _different(rows: Iterable[Row]) -> list[Row]:
    return list({(frozenset(row.items()), strict): (row, strict) for row, strict in rows}.values())


def _without_loose(rows: list[Row]) -> list[Row]:
    """Without what can always be met, as it has a monomial that stands on one side only."""
    while True:
        counted = _counted(rows)
        kept = [row for row in rows if all(m == NUMBER or 0 not in counted[m] for m in row[0])]
        if len(kept) == len(rows):
            return rows
        rows = kept


def _counted(rows: Iterable[Row]) -> dict[int, tuple[int, int]]:
    """In how many rows each monomial is on one side and on the other."""
    counted: dict[int, tuple[int, int]] = {}
    for row, _ in rows:
        for m, c in row.items():
            above, below = counted.get(m, (0, 0))
            counted[m] = (above + 1, below) if c > 0 else (above, below + 1)
    counted.pop(NUMBER, None)
    return counted


def _true(row: Row) -> bool:
    value, strict = row[0].get(NUMBER, Fraction(0)), row[1]
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
