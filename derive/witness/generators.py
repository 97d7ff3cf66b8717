"""The generators that a real expression is made of: what each stands for, its relation, and what is positive."""

from __future__ import annotations

from collections.abc import Iterator
from math import lcm
from typing import Any, TypeAlias

from derive.witness.polynomials import degree, factors_of, prime_powers
from derive.witness.rational import Fraction, Fractions, Poly, Work
from derive.witness.sampling import Unsuited

Expr: TypeAlias = Any
Relation: TypeAlias = tuple[Expr, int, Expr]  # g^n is that
MOST_GENERATORS = 48
ODD = ("asin", "atan", "asinh", "atanh", "acoth", "acsch", "erf", "erfinv")


class Tower:
    """Each generator is a symbol, and what it stands for is made of those before it.

    A power of e^m or of a root is counted in parts of 1/unit; when a finer unit turns out to be needed, everything
    is read again.
    """

    def __init__(self, work: Work) -> None:
        self.work = work
        self.symbols: dict[object, Expr] = {}
        self.relations: dict[Expr, tuple[int, Expr]] = {}  # g^n is that, made of those before g
        self.units: dict[object, int] = {}
        self.facts: set[Expr] = set()  # what is positive
        self.logs: dict[Expr, Expr] = {}  # the generators that are logarithms, by what of
        self.spelled: dict[Expr, Expr] = {}  # what canonical has found
        self.fractions: dict[Expr, tuple[Fractions, Fraction, list[Relation]]] = {}
        self.apart: dict[Poly, tuple[Expr, list[tuple[Expr, int]]]] = {}  # factors
        self.pieces = 0  # around what is being read

    def finer(self) -> dict[object, int]:
        """The units that are not 1."""
        return {key: unit for key, unit in self.units.items() if unit != 1}

    def begin(self) -> None:
        """Before everything is read, and read again."""
        self.relations.clear()
        self.spelled.clear()
        self.fractions.clear()

    def canonical(self, expr: Expr) -> Expr:
        """One spelling for a fraction, so that generators of the same thing are the same."""
        if expr.is_Symbol or expr.is_Rational:
            return expr
        if expr not in self.spelled:
            field, value, relations = self._over_field(expr)
            if relations:
                top, below = (field.modulo(part, relations) for part in value)
                value = field.times((top, field.ring.one), field.power((below, field.ring.one), -1))
            top, below = (part.as_expr() for part in field.scaled(value))
            self.spelled[expr] = top / below
        return self.spelled[expr]

    def reduced(self, expr: Expr) -> Expr:
        """The numerator, modulo the relations."""
        field, (top, _), relations = self._over_field(expr)
        return field.modulo(top, relations).as_expr()

    def learn(self, expr: Expr) -> None:
        """expr is positive wherever anything is asked."""
        _, factors = self.factors(expr)
        unknown = [f for f, k in factors if k % 2 and not self._positive(f)]
        if unknown:
            self.fact(self._oriented(expr, unknown))

    def fact(self, expr: Expr) -> None:
        """Within a piece it is no fact, as the piece is not everywhere."""
        if not self.pieces:
            self.facts.add(expr)

    def _over_field(self, expr: Expr) -> tuple[Fractions, Fraction, list[Relation]]:
        """As a fraction, with the relations of the generators in it, of the last generator first."""
        if expr not in self.fractions:
            self.fractions[expr] = self._as_fraction(expr)
        return self.fractions[expr]

    def _as_fraction(self, expr: Expr) -> tuple[Fractions, Fraction, list[Relation]]:
        import sympy as sp

        spoken, relations = set(expr.free_symbols), []
        for g in reversed(self.symbols.values()):
            if g in spoken and g in self.relations:
                relations.append((g, *self.relations[g]))
                spoken |= self.relations[g][1].free_symbols
        order = [g for g in reversed(self.symbols.values()) if g in spoken]
        rest = sorted(spoken - set(order), key=str)
        field = Fractions.over((*order, *rest) or (sp.Dummy("none"),), self.work)
        return field, field.of(expr), relations

    def generator(self, key: object) -> Expr:
        import sympy as sp

        if key not in self.symbols:
            if len(self.symbols) >= MOST_GENERATORS:
                raise Unsuited("too-large")
            self.symbols[key] = sp.Dummy(f"g{len(self.symbols)}")
        return self.symbols[key]

    def pi(self) -> Expr:
        pi = self.generator("pi")
        self.facts.add(pi)
        return pi

    def kernel(self, name: str, *at: Expr) -> Expr:
        """A function value of which nothing is known but that some are odd."""
        spelled = tuple(self.canonical(a) for a in at)
        if name in ODD and spelled[0].could_extract_minus_sign():
            return -self.generator((name, self.canonical(-spelled[0])))
        return self.generator((name, *spelled))

    def exp(self, u: Expr) -> Expr:
        """e^(m + 2n log v) is e^m v^(2n)."""
        import sympy as sp

        result = sp.Integer(1)
        for c, m in self.terms(u):
            if m in self.logs.values():
                result *= self.root(next(v for v, log in self.logs.items() if log == m), c)
            else:
                result *= self._counted(("exp", m), c)
        return result

    def _counted(self, key: tuple[str, Expr], c: Expr) -> Expr:
        """The c-th power of a generator, which is positive."""
        self.units[key] = lcm(self.units.get(key, 1), int(c.q))
        g = self.generator(key)
        self.facts.add(g)
        return g ** (c * self.units[key])

    def terms(self, u: Expr) -> Iterator[tuple[Expr, Expr]]:
        """u as a sum of rational multiples."""
        import sympy as sp

        top, bottom = sp.fraction(self.canonical(u))
        for term in sp.Add.make_args(sp.expand(top)):
            c, m = (term / bottom).as_coeff_Mul(rational=True)
            if c != 0:
                yield c, self.canonical(m)

    def root(self, bottom: Expr, r: Expr) -> Expr:
        """bottom^r for a bottom that is positive wherever anything is asked."""
        import sympy as sp

        c, factors = self.factors(bottom)
        result, odd = sp.Integer(1), sp.Integer(1)
        for f, k in factors:
            if self._positive(f):
                result *= self._positive_power(f, r * k)
            elif k % 2:
                odd *= f
                result *= self._positive_power(self.absolute(f), r * (k - 1))
            else:
                result *= self._positive_power(self.absolute(f), r * k)
        if odd != 1:
            sign = sp.sign(c)
            whole = self.multiplied(sign, *sp.Mul.make_args(odd))
            self.fact(whole)
            return result * self._positive_power(whole, r) * self._number_power(abs(c), r)
        if c < 0:
            raise Unsuited("not-real")
        return result * self._number_power(c, r)

    def _positive_power(self, f: Expr, r: Expr) -> Expr:
        """f^r: the whole part of r by multiplication, the rest as a root."""
        import sympy as sp

        if r.is_Integer:
            return f**r
        for key, g in self.symbols.items():  # a root of e^m, or of a root
            if g == f and isinstance(key, tuple) and key[0] in ("exp", "root"):
                return self._counted((key[0], key[1]), r / self.units[key])
        whole = sp.floor(r)
        key = ("root", f)
        self.units[key] = lcm(self.units.get(key, 1), int(r.q))
        root = self.generator(key)
        self.facts.add(root)
        self.relations[root] = (self.units[key], f)
        return f**whole * root ** ((r - whole) * self.units[key])

    def _number_power(self, c: Expr, r: Expr) -> Expr:
        import sympy as sp

        result = sp.Integer(1)
        for prime, k in prime_powers(c):
            result *= self._positive_power(sp.Integer(prime), r * k)
        return result

    def log(self, u: Expr) -> Expr:
        """log of a product of powers, as far as the signs of its factors are known."""
        import sympy as sp

        c, factors = self.factors(u)
        result, odd, powers = sp.Integer(0), [], []
        for f, k in factors:
            if self._positive(f):
                result += k * self._log_of(f)
            elif k % 2:
                odd.append(f)
                powers.append(k)
            else:
                result += k * self._log_of(self.absolute(f))
        if odd:
            whole = self.multiplied(sp.sign(c), *odd)
            self.fact(whole)
            k = powers[0] if len(powers) == 1 else 1
            result += k * self._log_of(whole)
            if len(powers) > 1:
                result += sp.Add(*[(k - 1) * self._log_of(self.absolute(f)) for f, k in zip(odd, powers, strict=True)])
        elif c < 0:
            raise Unsuited("not-real")
        for prime, k in prime_powers(abs(c)):
            result += k * self._log_of(sp.Integer(prime))
        return result

    def _log_of(self, f: Expr) -> Expr:
        """log f for what cannot be taken apart."""
        import sympy as sp

        if f == 1:
            return sp.Integer(0)
        for key, g in self.symbols.items():
            if g == f and isinstance(key, tuple) and key[0] == "exp":
                return key[1] / self.units[key]
            if g == f and isinstance(key, tuple) and key[0] == "root":
                return self.log(key[1]) / self.units[key]
        self.logs[f] = self.generator(("log", f))
        return self.logs[f]

    def factors(self, u: Expr) -> tuple[Expr, list[tuple[Expr, int]]]:
        """A number and powers of what cannot be taken apart, by the relations if they help."""
        plain, reduced = (self._taken_apart(value) for value in (u, self.canonical(u)))
        return min(plain, reduced, key=lambda found: max((degree(f) for f, k in found[1] if k % 2), default=0))

    def _taken_apart(self, u: Expr) -> tuple[Expr, list[tuple[Expr, int]]]:
        """Of each factor its positive orientation, if that is known."""
        import sympy as sp

        c, factors = sp.Integer(1), []
        field, value, _ = self._over_field(u)
        for part, sense in zip(field.scaled(value), (1, -1), strict=True):
            if part not in self.apart:
                self.apart[part] = factors_of(part, self.work)
            content, found = self.apart[part]
            c *= content**sense
            for f, k in found:
                if sp.expand(-f) in self.facts:
                    f, c = sp.expand(-f), c * (-1) ** k
                factors.append((f, k * sense))
        return c, factors

    def multiplied(self, *factors: Expr) -> Expr:
        """The product of polynomials, multiplied out."""
        import sympy as sp

        whole = sp.Mul(*factors)
        return self._over_field(whole)[1][0].as_expr() if whole.free_symbols else whole

    def _oriented(self, expr: Expr, unknown: list[Expr]) -> Expr:
        import sympy as sp

        c, _ = self.factors(expr)
        return self.multiplied(sp.sign(c), *unknown)

    def _positive(self, f: Expr) -> bool:
        """Known to be positive, or a sum of such things and of squares."""
        import sympy as sp

        if f in self.facts or f.is_positive:
            return True
        if f.is_Symbol:
            return False
        return all(
            c > 0 and all(k % 2 == 0 or s in self.facts or s.is_positive for s, k in m.as_powers_dict().items())
            for c, m in (term.as_coeff_Mul(rational=True) for term in sp.Add.make_args(sp.expand(f)))
        )

    def absolute(self, f: Expr) -> Expr:
        import sympy as sp

        if self._positive(f):
            return f
        if sp.expand(f).could_extract_minus_sign():
            f = sp.expand(-f)
        g = self.generator(("abs", f))
        self.facts.add(g)
        self.relations[g] = (2, self.multiplied(f, f))
        return g
