"""Where a factor of one variable may change its sign, and the cells between all such places."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import pairwise
from math import ceil, floor
from typing import Any, TypeAlias

from flint import arb, fmpq, fmpz_poly
from flint import ctx as flint_context

from derive.witness.functions import Ball
from derive.witness.normal_form import NormalForm, vanishes
from derive.witness.polynomials import numerator_size
from derive.witness.regions import UNDEFINED
from derive.witness.sampling import Unsuited

Expr: TypeAlias = Any
PRECISION, FINER = 256, 2048
HIGHEST_DEGREE, MOST_ROOTS, LARGEST = 40, 60, 10_000
Place: TypeAlias = "tuple[Ball, Expr]"  # and what is 0 there
HIGHEST_INSIDE = 12  # degree in a generator that is eliminated
# where a function of one argument is monotone: the argument that has a value
INVERSE: Mapping[str, Callable[[Ball], Ball]] = {
    "log": lambda r: r.exp(),
    "atan": lambda r: r.tan() if abs(r) < arb.pi() / 2 else arb.nan(),
    "asin": lambda r: r.sin() if abs(r) < arb.pi() / 2 else arb.nan(),
    "asinh": lambda r: (r.exp() - (-r).exp()) / 2,
    "atanh": lambda r: 1 - 2 / ((2 * r).exp() + 1),
}
FUNCTIONS: Mapping[str, Callable[[Ball], Ball]] = {
    "log": lambda u: u.log(), "atan": lambda u: u.atan(), "asin": lambda u: u.asin(), "erf": lambda u: u.erf(),
    "asinh": lambda u: (u + (u * u + 1).sqrt()).log(), "atanh": lambda u: ((1 + u).log() - (1 - u).log()) / 2,
}  # fmt: skip
ENDS = {"asin": (1, -1), "atanh": (1, -1), "log": (0,)}  # of the domain


class Unknown(Exception):
    """The roots are not all found."""


@dataclass
class Roots:
    """Real roots of polynomials in generators, as functions of x: all of them, and perhaps some places more."""

    form: NormalForm
    x: Expr
    keys: dict[Expr, object] = field(init=False)
    known: dict[Expr, list[Place] | None] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.keys = {g: key for key, g in self.form.symbols.items()}

    def of(self, f: Expr) -> list[Place] | None:
        """None where they are not all found."""
        if f not in self.known:
            self.known[f] = None  # what leads back to itself is not found
            try:
                with flint_context.workprec(PRECISION):
                    self.known[f] = self._of(f)
            except (Unknown, ZeroDivisionError, ValueError, OverflowError):
                pass
        return self.known[f]

    def _of(self, f: Expr) -> list[Place]:
        ends = [root for g in f.free_symbols for root in self._ends(g)]
        if f.is_number:
            return ends
        whole, f = f, self._without_roots(f)
        moved = [g for g in f.free_symbols if self._moves(g)]
        if not moved:
            return ends
        if len(moved) > 1 or (len(f.free_symbols) > 1 and self._degree(f, moved[0]) > 1):
            raise Unknown
        (g,) = moved
        values = self._linear(f, g) if len(f.free_symbols) > 1 else self._polynomial(f, g)
        found = [root for value in values for root in self._where(g, value)]
        return ends + [(root, whole) for root in found if whole == f or not self._nonzero(whole, root)]

    def _nonzero(self, f: Expr, at: Ball) -> bool:
        here = self.value(f, at)
        return bool(here > 0 or here < 0)

    def spelled(self, f: Expr) -> Expr:
        """As SymPy writes it, without generators."""
        import sympy as sp

        by = {g: self._meaning(g) for g in f.free_symbols if g in self.keys}
        return (f + sp.S.Zero).xreplace(by)

    def _meaning(self, g: Expr) -> Expr:
        import sympy as sp

        key = self.keys[g]
        if key == "pi":
            return sp.pi
        assert isinstance(key, tuple)
        kind, *inner = key
        if kind in ("cos", "sin"):
            return getattr(sp, kind)(self.spelled(inner[1]) / self.form.units[key[1:]])
        of = [self.spelled(u) for u in inner]
        if kind in ("exp", "root"):
            unit = self.form.units[key]
            return sp.exp(of[0] / unit) if kind == "exp" else of[0] ** sp.Rational(1, unit)
        if kind == "whole":
            return of[0]
        return sp.Abs(of[0]) if kind == "abs" else getattr(sp, kind)(*of)

    def one_place(self, factors: Iterable[Expr], low: Fraction, high: Fraction) -> bool:
        """Whether all factors are 0 at one place between these bounds, which hold one root of each."""
        tried = [as_rational(_simplest_or(low, high))]
        for f in factors:
            if self.x in f.free_symbols and not any(self._moves(g) for g in f.free_symbols - {self.x}):
                a, b = f.coeff(self.x, 1), f.coeff(self.x, 0)
                tried += [-b / a] if f.diff(self.x) == a else []
        return any(all(self.is_zero_at(f, place) for f in factors) for place in tried)

    def is_zero_at(self, f: Expr, place: Expr) -> bool:
        """Whether f is seen to be 0 there; powers of large numbers are not written out."""
        if place.is_Rational and max(abs(place.p), place.q) > LARGEST and f.free_symbols != {self.x}:
            return False
        try:
            return vanishes(self.spelled(f).subs(self.x, self.spelled(place)))
        except Unsuited:
            return False

    def _ends(self, g: Expr) -> list[Place]:
        """Where a generator begins to have a value, or has a kink."""
        key = self.keys.get(g)
        if not isinstance(key, tuple) or not self._moves(g):
            return []
        inner = key[2] if key[0] in ("cos", "sin") else key[1]
        if key[0] in ("root", "abs"):
            return self._all(inner)
        found = [root for at in ENDS.get(str(key[0]), ()) for root in self._all(inner - at)]
        return found + [root for h in inner.free_symbols for root in self._ends(h)] + self._all_below(inner)

    def _all_below(self, u: Expr) -> list[Place]:
        """The poles of a fraction."""
        import sympy as sp

        below = sp.denom(u)
        return self._all(below) if below.free_symbols else []

    def _all(self, f: Expr) -> list[Place]:
        import sympy as sp

        found = [self.of(part) for part in sp.fraction(sp.together(f)) if part.free_symbols]
        if any(part is None for part in found):
            raise Unknown
        return [root for part in found for root in part or ()]

    def _moves(self, g: Expr) -> bool:
        """Whether x is in it."""
        key = self.keys.get(g)
        if not isinstance(key, tuple):
            return bool(g == self.x)
        parts = [part for part in key[1:] if hasattr(part, "free_symbols")]
        return any(self._moves(h) for part in parts for h in part.free_symbols)

    def _without_roots(self, f: Expr) -> Expr:
        """The product of all that f may be, as a root or an absolute value may be another with the same power."""
        import sympy as sp

        for g in reversed(self.form.symbols.values()):
            key = self.keys[g]
            if g not in f.free_symbols or not isinstance(key, tuple) or key[0] not in ("root", "abs"):
                continue
            n, value = self.form.relations[g]
            if not self._moves(g) or f.free_symbols == {g}:
                continue
            if n > HIGHEST_INSIDE or self._degree(f, g) > HIGHEST_INSIDE or numerator_size(f) > HIGHEST_DEGREE:
                raise Unknown
            f = sp.resultant(f, g**n - value, g)
        return sp.expand(f)

    def _degree(self, f: Expr, g: Expr) -> int:
        import sympy as sp

        degree = int(sp.degree(f, g))
        if degree > HIGHEST_DEGREE:
            raise Unknown
        return degree

    def _linear(self, f: Expr, g: Expr) -> list[Ball]:
        """The root of a g + b, where a and b are numbers that are no fractions."""
        import sympy as sp

        a, b = (self.value(f.coeff(g, n), None) for n in (1, 0))
        if not a.is_finite() or a.contains(0) or not b.is_finite() or sp.degree(f, g) != 1:
            raise Unknown
        return [-b / a]

    def _polynomial(self, f: Expr, g: Expr) -> list[Ball]:
        import sympy as sp

        if self._degree(f, g) == 0:
            return []
        _, whole = sp.Poly(f, g).clear_denoms(convert=True)
        content = fmpz_poly([int(c) for c in reversed(whole.sqf_part().all_coeffs())])
        roots: Any = content.complex_roots()
        return [z.real for z, _ in roots if z.imag == 0]

    def _where(self, g: Expr, r: Ball) -> list[Ball]:
        """Where a generator has a value."""
        if g == self.x:
            return [r]
        key = self.keys[g]
        assert isinstance(key, tuple)
        kind, inner = str(key[0]), key[1]
        if kind in ("exp", "root", "abs"):
            if r < 0 or r == 0:
                return []
            if not r > 0:
                raise Unknown
            if kind == "abs":
                return [*self._reaches(inner, r), *self._reaches(inner, -r)]
            unit = self.form.units[key]
            return self._reaches(inner, unit * r.log() if kind == "exp" else r**unit)
        if kind not in INVERSE or len(key) != 2:
            raise Unknown
        at = INVERSE[kind](r)
        return self._reaches(inner, at) if at.is_finite() else self._beyond(kind, r)

    def _beyond(self, kind: str, r: Ball) -> list[Ball]:
        """A value that the function does not take."""
        if kind in ("atan", "asin") and abs(r) > arb.pi() / 2:
            return []
        raise Unknown

    def _reaches(self, u: Expr, value: Ball) -> list[Ball]:
        """Where u has a value, for a u of degree one or two in x or in a generator."""
        import sympy as sp

        moved = [g for g in u.free_symbols if self._moves(g)]
        if len(moved) != 1 or not u.is_polynomial(moved[0]) or sp.degree(u, moved[0]) > 2:
            raise Unknown
        (g,) = moved
        a, b, c = (self.value(u.coeff(g, n), None) for n in (2, 1, 0))
        c = c - value
        if a == 0:
            return self._where(g, -c / b)
        inside = b * b - 4 * a * c
        if inside < 0:
            return []
        if not inside > 0:
            raise Unknown
        return [root for s in (1, -1) for root in self._where(g, (-b + s * inside.sqrt()) / (2 * a))]

    def simplest(self, f: Expr) -> list[Fraction]:
        """The simplest fraction near each zero."""
        return [_simplest_or(*_ends(root)) for root, _ in self.of(f) or ()]

    def all_crossed(self, f: Expr) -> bool:
        """Whether f has both signs beside each of its zeros."""
        found = self.of(f)
        if found is None or len(found) > MOST_ROOTS:
            return False
        groups = [(low, high) for low, high, _ in _apart([(*_ends(root), zero) for root, zero in found])]
        signs = [self.sign(f, point) for point in _between(groups)]
        beside = zip(groups, pairwise(signs), strict=True)
        return all(((a, b) in ((1, -1), (-1, 1))) or (a == b and self._is_none(f, place)) for place, (a, b) in beside)

    def _is_none(self, f: Expr, place: tuple[Fraction, Fraction]) -> bool:
        """Whether f is not 0 between these bounds."""
        with flint_context.workprec(PRECISION):
            low, high = (arb(fmpq(end.numerator, end.denominator)) for end in place)
            return self._nonzero(f, low.union(high))

    def value(self, e: Expr, at: Fraction | Ball | None) -> Ball:
        """A polynomial in generators at a point; not a number where it has no value."""
        if e.is_Rational:
            return arb(fmpq(int(e.p), int(e.q)))
        if e.is_Add or e.is_Mul:
            result = self.value(e.args[0], at)
            for a in e.args[1:]:
                here = self.value(a, at)
                result = result + here if e.is_Add else result * here
            return result
        if e.is_Pow and e.exp.is_Integer:
            n = int(e.exp)
            whole = self.value(e.base, at) ** abs(n)
            return whole if n > 0 else 1 / whole
        if e == self.x and at is not None:
            return arb(fmpq(at.numerator, at.denominator)) if isinstance(at, Fraction) else at
        return self._generator(e, at)

    def _generator(self, g: Expr, at: Fraction | Ball | None) -> Ball:
        key = self.keys.get(g)
        if key == "pi":
            return arb.pi()
        if not isinstance(key, tuple):
            return arb.nan()
        if key[0] in ("cos", "sin"):
            turn = self.value(key[2], at) / self.form.units[key[1:]]
            return turn.cos() if key[0] == "cos" else turn.sin()
        inner = self.value(key[1], at)
        if key[0] == "exp":
            return (inner / self.form.units[key]).exp()
        if key[0] == "root":
            return (inner.log() / self.form.units[key]).exp() if inner > 0 else arb.nan()
        if key[0] == "abs":
            return abs(inner)
        return FUNCTIONS[key[0]](inner) if key[0] in FUNCTIONS and len(key) == 2 else arb.nan()

    def sign(self, f: Expr, at: Fraction) -> int | None:
        """At a point that is no root; None where it cannot be told."""
        for precision in (PRECISION, FINER):
            with flint_context.workprec(precision):
                value = self.value(f, at)
                if not value.is_finite():
                    continue
                if value > 0 or value < 0:
                    return 1 if value > 0 else -1
        return None if value.is_finite() else UNDEFINED


def cells(roots: Roots, factors: Sequence[Expr]) -> Iterator[tuple[dict[Expr, int], Mapping[str, Fraction] | None]]:
    """The signs of the factors whose roots are known, between the roots, with a point for each cell.

    Roots that cannot be told apart may be one, or may lie either way round: then their factors have any sign.
    """
    solved = {f: found for f in factors if (found := roots.of(f)) is not None}
    places = [(*_ends(root), (f, zero)) for f, found in solved.items() for root, zero in found]
    if roots.x.is_positive:
        places.append((Fraction(0), Fraction(0), (roots.x, roots.x)))
    if len(places) > MOST_ROOTS:
        yield {}, None
        return
    groups = _apart(places)
    between = _between([(low, high) for low, high, _ in groups])
    for point in between:
        if roots.x.is_positive and point <= 0:
            continue
        yield _signs(roots, solved, point), {str(roots.x.name): point}
    for (low, high, together), before in zip(groups, between, strict=False):
        if len(together) > 1 and not roots.one_place({zero for _, zero in together}, low, high):
            yield _signs(roots, set(solved) - {f for f, _ in together}, before), None


def _apart(places: Iterable[tuple[Fraction, Fraction, Any]]) -> list[tuple[Fraction, Fraction, set[Any]]]:
    """In order; those that overlap as one."""
    groups: list[tuple[Fraction, Fraction, set[Any]]] = []
    for low, high, f in sorted(places, key=lambda place: place[:2]):
        if groups and low <= groups[-1][1]:
            before = groups.pop()
            groups.append((before[0], max(before[1], high), {*before[2], f}))
        else:
            groups.append((low, high, {f}))
    return groups


def _signs(roots: Roots, factors: Iterable[Expr], point: Fraction) -> dict[Expr, int]:
    return {f: sign for f in factors if (sign := roots.sign(f, point)) is not None}


def _ends(root: Ball) -> tuple[Fraction, Fraction]:
    if not root.is_finite():
        raise ValueError("no root")
    middle, around = _exact(root.mid()), _exact(root.rad())
    return middle - around, middle + around


def _exact(value: Ball) -> Fraction:
    man, exp = (int(part) for part in value.man_exp())
    return Fraction(man) * Fraction(2) ** exp


def _between(groups: Sequence[tuple[Fraction, Fraction]]) -> list[Fraction]:
    if not groups:
        return [Fraction(1, 2)]
    inner = [_simplest(a[1], b[0]) for a, b in pairwise(groups)]
    return [Fraction(ceil(groups[0][0]) - 1), *inner, Fraction(floor(groups[-1][1]) + 1)]


def as_rational(value: Fraction) -> Expr:
    """As SymPy has it."""
    import sympy as sp

    return sp.Rational(value.numerator, value.denominator)


def _simplest_or(low: Fraction, high: Fraction) -> Fraction:
    return low if low == high else _simplest(low, high)


def _simplest(low: Fraction, high: Fraction) -> Fraction:
    """The fraction of the smallest denominator between two numbers.

    >>> _simplest(Fraction(3, 10), Fraction(4, 10)), _simplest(Fraction(-1), Fraction(1))
    (Fraction(1, 3), Fraction(0, 1))
    """
    whole = Fraction(floor(low) + 1)
    if whole < high:
        return min((Fraction(n) for n in (0, whole, ceil(high) - 1) if low < n < high), key=abs)
    base = floor(low)
    if low == base:
        return base + 1 / Fraction(floor(1 / (high - base)) + 1)
    return base + 1 / _simplest(1 / (high - base), 1 / (low - base))
