"""Fractions of polynomials with a bound on the work: every product and every common divisor is paid for beforehand.

The price is a size (terms, degrees, digits), so that what is too large is the same on every machine.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import reduce
from itertools import pairwise
from math import comb, prod
from typing import Any, TypeAlias

from derive.witness.sampling import Unsuited

Expr: TypeAlias = Any
Poly: TypeAlias = Any  # an element of a sparse ring over the rational numbers
Fraction: TypeAlias = tuple[Poly, Poly]
MOST_WORK = 200_000  # some tenths of a second
FAR = 10**9  # more than can be paid


@dataclass
class Work:
    """How much may still be done, in products of two terms.

    >>> Work(10).spend(11)
    Traceback (most recent call last):
        ...
    derive.witness.sampling.Unsuited: too-large
    """

    left: int = MOST_WORK

    def spend(self, price: int) -> None:
        """Raises Unsuited when there is not enough left; nothing more can be done then."""
        self.left -= price
        if self.left < 0:
            raise Unsuited("too-large")


@dataclass(frozen=True)
class Fractions:
    """Arithmetic with fractions of polynomials: of what a fraction is made is kept, by its expression.

    >>> import sympy as sp
    >>> x = sp.Symbol("x")
    >>> Fractions.over((x,), Work()).of((x**2 - 1) / (x + 1))
    (x - 1, 1)
    """

    ring: Any
    work: Work
    known: dict[Expr, Fraction]

    @staticmethod
    def over(symbols: Sequence[Expr], work: Work) -> Fractions:
        """In these symbols, the first of them the largest."""
        from sympy import QQ, ring

        made, *generators = ring(symbols, QQ)
        return Fractions(made, work, {s: (g, made.one) for s, g in zip(symbols, generators, strict=True)})

    def of(self, expr: Expr) -> Fraction:
        """A rational expression as a numerator and a denominator without a common divisor."""
        if expr not in self.known:
            self.work.spend(1)
            self.known[expr] = self._read(expr)
        return self.known[expr]

    def _read(self, expr: Expr) -> Fraction:
        if expr.is_Rational:
            return self.ring.ground_new(self.ring.domain(expr.p, expr.q)), self.ring.one
        if expr.is_Add:
            return reduce(self.plus, map(self.of, expr.args))
        if expr.is_Mul:
            return reduce(self.times, map(self.of, expr.args))
        if expr.is_Pow and expr.exp.is_Integer:
            return self.power(self.of(expr.base), int(expr.exp))
        raise Unsuited("not-rational")

    def plus(self, a: Fraction, b: Fraction) -> Fraction:
        """What cancels in a sum is a divisor of what both denominators share."""
        one = self.ring.one
        if a[1] == b[1]:
            shared, below_a, below_b = a[1], one, one
        else:
            shared, below_a, below_b = shared_divisor(a[1], b[1], self.work)
        top = self.product(a[0], below_b) + self.product(b[0], below_a)
        _, top, shared = shared_divisor(top, shared, self.work)
        return top, self.product(self.product(below_a, below_b), shared)

    def times(self, a: Fraction, b: Fraction) -> Fraction:
        _, top_a, below_b = shared_divisor(a[0], b[1], self.work)
        _, top_b, below_a = shared_divisor(b[0], a[1], self.work)
        return self.product(top_a, top_b), self.product(below_a, below_b)

    def power(self, a: Fraction, n: int) -> Fraction:
        top, below = a if n > 0 else (a[1], a[0])
        if not below:
            raise Unsuited("not-rational")
        return self._whole_power(top, abs(n)), self._whole_power(below, abs(n))

    def product(self, p: Poly, q: Poly) -> Poly:
        if p == 1 or q == 1:
            return q if p == 1 else p
        self.work.spend(len(p) * len(q))
        return p * q

    def _whole_power(self, p: Poly, n: int) -> Poly:
        if len(p) > 1:
            self.work.spend(min(comb(min(n, FAR) + len(p) - 1, len(p) - 1), box(p, n)) * len(p))
        return p**n

    def scaled(self, a: Fraction) -> Fraction:
        """With whole coefficients that share no divisor, and a positive one first in the denominator."""
        top, below = a
        if not top:
            return top, self.ring.one
        (c, top), (k, below) = top.primitive(), below.primitive()
        of, ratio, sign = self.ring.domain, c / k, 1 if below.LC > 0 else -1
        return top.mul_ground(sign * of.numer(ratio)), below.mul_ground(sign * of.denom(ratio))

    def modulo(self, p: Poly, relations: Sequence[tuple[Expr, int, Expr]]) -> Poly:
        """p where each g^n is replaced by what it is, given as (g, n, value), the largest g first."""
        for g, n, value in relations:
            at = self.ring.symbols.index(g)
            if p and p.degree(at) >= n:
                p = self._replaced(p, at, n, self.of(value)[0])
        return p

    def _replaced(self, p: Poly, at: int, n: int, value: Poly) -> Poly:
        """By Horner's rule in the power that is replaced."""
        parts: dict[int, Poly] = {0: self.ring.zero.copy()}
        for monomial, c in p.terms():
            times, left = divmod(monomial[at], n)
            parts.setdefault(times, self.ring.zero.copy())[(*monomial[:at], left, *monomial[at + 1 :])] = c
        result = self.ring.zero
        for high, low in pairwise(sorted(parts, reverse=True)):
            result = self.product(result + parts[high], self._whole_power(value, high - low))
        return result + parts[0]


def shared_divisor(p: Poly, q: Poly, work: Work) -> tuple[Poly, Poly, Poly]:
    """The greatest common divisor, and what it leaves of both; q is not 0."""
    from sympy.polys.polyerrors import HeuristicGCDFailed

    if not q:
        raise Unsuited("not-rational")
    if not p:
        return q, p, p.ring.one
    if q == 1 or not any(map(min, zip(degrees(p), degrees(q), strict=True))):  # no variable is in both
        return p.ring.one, p, q
    work.spend(price_of_divisor(p, q))
    try:
        divisor, left_p, left_q = p.cofactors(q)
    except HeuristicGCDFailed:
        raise Unsuited("too-large") from None
    return divisor, left_p, left_q


def box(p: Poly, n: int = 1) -> int:
    """At most so many terms has p^n, by its degrees."""
    return prod(d * n + 1 for d in degrees(p))


def degrees(p: Poly) -> tuple[int, ...]:
    """Of each variable; SymPy has -oo for 0."""
    return tuple(p.degrees()) if p else (0,) * p.ring.ngens


def price_of_divisor(p: Poly, q: Poly) -> int:
    """SymPy puts large numbers for the variables, one after the other: how many words the last number has.

    Each number is as large as the coefficients are by then, and so they grow with the product of the degrees.
    """
    bits, price = [_bits(p), _bits(q)], 0
    for both in zip(degrees(p), degrees(q), strict=True):
        price += len(p) + len(q) + sum(bits) // 64
        size = max(10, min(bits) + 1)
        bits = [min(b + size * d, FAR) for b, d in zip(bits, both, strict=True)]
    return price + sum(bits) // 8 + (len(p) ** 2 + len(q) ** 2) // 4  # the last is for dividing


def _bits(p: Poly) -> int:
    """Of the longest coefficient."""
    of = p.ring.domain
    return max(int(of.numer(c)).bit_length() + int(of.denom(c)).bit_length() for c in p.values())
