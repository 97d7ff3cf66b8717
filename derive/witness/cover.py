"""Every pattern of signs that the kinks and the domain of a claim can have, whether or not a point was found there.

Each border is a product of factors. In one variable the roots of the factors are isolated, by exact arithmetic or by
balls, and the line falls into cells; a factor whose roots are not known, and every factor of several variables, may
have both signs. A pattern is left out only if exact arithmetic excludes it, so there may be too many, never too few.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import prod
from typing import Any, TypeAlias

from derive.core.context import Context
from derive.core.term import Term, free, lift, sym
from derive.syntax.sympy_bridge import UnknownExpression
from derive.witness.cas_sides import Sides
from derive.witness.inequalities import Facts, possible
from derive.witness.normal_form import NormalForm, vanishes
from derive.witness.rational import Work
from derive.witness.regions import BORDERS, KINKS, UNDEFINED, has_kinks
from derive.witness.roots import Roots, cells
from derive.witness.sampling import Unsuited

Expr: TypeAlias = Any
Factors: TypeAlias = "tuple[int, list[tuple[Expr, int]]]"  # the sign of a number, and factors with their exponents
MOST_BORDERS, MOST_PATTERNS = 24, 64
TO_TRY, TO_REDUCE = 600, 12_000  # what it takes to look at some signs, and to begin with an expression; see Work
_ONE = lift(1)
# what is positive where a function has a value and a slope
DOMAIN: Mapping[str, Callable[..., Sequence[Term]]] = {
    **dict.fromkeys(("log", "sqrt", "loggamma", "Ci", "Chi", "li"), lambda u: (u,)),
    **dict.fromkeys(("arcsin", "arccos", "artanh", "erfinv"), lambda u: (_ONE - u, _ONE + u)),
    **dict.fromkeys(("arcsec", "arccsc", "arcoth"), lambda u: (u**2 - 1,)),
    **dict.fromkeys(("softshrink", "hardshrink"), lambda _, a: (a,)),
    "log_base": lambda u, b: (u, b),
    "arcosh": lambda u: (u - 1,),
    "arsech": lambda u: (u, _ONE - u),
}
POLES = ("cot", "csc", "coth", "csch", "arcsch", "arccot", "gamma", "digamma", "trigamma")  # at 0


@dataclass(frozen=True)
class Need:
    """What must be positive, or not 0 all over a region, where a term has a value and a slope."""

    about: Term
    positive: bool
    guards: tuple[tuple[Term, int], ...] = ()  # borders, and the signs they have in the piece it stands in


def needs(context: Context, *terms: Term) -> tuple[Need, ...]:
    """Of some terms. A denominator is 0 at single points only, unless it has kinks.

    >>> from derive.core.term import log, sym
    >>> needs(Context(), log(sym("x") + 1))
    (Need(about=add(x, 1), positive=True, guards=()),)
    """
    return tuple(dict.fromkeys(need for t in terms for need in _needs(t, context, ()) if free(need.about)))


def _needs(t: Term, context: Context, guards: tuple[tuple[Term, int], ...]) -> Iterator[Need]:
    if t.op == "cases":
        then, left, right, otherwise = t.args
        sign = -1 if str(t.value).startswith("<") else 1
        for a in (left, right):
            yield from _needs(a, context, guards)
        yield from _needs(then, context, (*guards, (left - right, sign)))
        yield from _needs(otherwise, context, (*guards, (left - right, -sign)))
        return
    if t.op == "fn" and t.value in DOMAIN:
        yield from (Need(about, True, guards) for about in DOMAIN[str(t.value)](*t.args))
    if t.op == "pow" and not _whole(t.args[1]):
        yield Need(t.args[0], True, guards)
    yield from (Need(below, False, guards) for below in _below(t) if has_kinks([below]))
    if t.op == "sym" and t.value in context.definitions:
        yield from _needs(context.definitions[str(t.value)].body, context, guards)
    for a in t.args:
        yield from _needs(a, context, guards)


def _below(t: Term) -> tuple[Term, ...]:
    """What must not be 0."""
    if t.op == "div":
        return t.args[1:]
    pole = t.op == "fn" and t.value in POLES
    return t.args[:1] if pole or (t.op == "pow" and t.args[1].op == "neg") else ()


def _whole(exponent: Term) -> bool:
    while exponent.op == "neg":
        (exponent,) = exponent.args
    return exponent.op == "num" and isinstance(exponent.value, Fraction) and exponent.value.denominator == 1


def kinks(context: Context, terms: Sequence[Term]) -> tuple[Term, ...]:
    """What changes its sign at a kink or a jump."""
    return tuple(dict.fromkeys(border for t in terms for border in _kinks(t, context) if free(border)))


def _kinks(t: Term, context: Context) -> Iterator[Term]:
    if t.op == "fn" and t.value in KINKS:
        yield from BORDERS[str(t.value)](*t.args)
    if t.op == "cases":
        yield t.args[1] - t.args[2]
    if t.op == "sym" and t.value in context.definitions:
        yield from _kinks(context.definitions[str(t.value)].body, context)
    for a in t.args:
        yield from _kinks(a, context)


@dataclass(frozen=True)
class Pattern:
    """What is positive in some part of the domain, and a point of it if one is known.

    outside: whether the right side has no value there.
    """

    positive: tuple[Expr, ...]
    point: Mapping[str, Fraction] | None
    outside: bool


def patterns(
    context: Context, left: Term, right: Term, sides: Sides, names: Sequence[str], work: Work
) -> list[Pattern]:
    """All of them. Raises Unsuited for too many."""
    given, asked = needs(context, left), needs(context, right)
    own = tuple(map(sym, names)) if len(names) == 1 else ()
    positive = (need.about for need in (*given, *asked) if need.positive)
    terms = tuple(dict.fromkeys((*positive, *kinks(context, [left, right]), *own)))
    below = tuple(dict.fromkeys(need.about for need in (*given, *asked) if not need.positive))
    if len(terms) > MOST_BORDERS:
        raise Unsuited("too-large")
    try:
        read = dict(zip((*terms, *below), sides.also(context, (*terms, *below)), strict=True))
    except UnknownExpression:
        raise Unsuited("not-reduced") from None
    exprs = tuple(dict.fromkeys((*(read[t] for t in terms), *sides.positive)))
    found: dict[tuple[int, ...], Pattern] = {}
    for signs, point in _Signs(exprs, sides.symbols(names), work).all():
        here = _Here(read, signs, point, work)
        if any(signs[e] != 1 for e in sides.positive) or not all(map(here.meets, given)):
            continue
        key = tuple(signs.values())
        if key not in found or found[key].point is None:
            found[key] = Pattern((*sides.positive, *here.positive), point, not all(map(here.meets, asked)))
        if len(found) > MOST_PATTERNS:
            raise Unsuited("too-large")
    if not found:
        raise Unsuited("no-point")
    return list(found.values())


@dataclass(frozen=True)
class _Here:
    """Where these are the signs."""

    read: Mapping[Term, Expr]
    signs: Mapping[Expr, int]
    point: Mapping[str, Fraction] | None
    work: Work

    @property
    def positive(self) -> tuple[Expr, ...]:
        return tuple(sign * e for e, sign in self.signs.items() if sign in (-1, 1))

    def meets(self, need: Need) -> bool:
        """Whether it is met, or not asked for."""
        if any(self.signs[self.read[border]] == -sign for border, sign in need.guards):
            return True
        about = self.read[need.about]
        return self.signs[about] == 1 if need.positive else not self._is_zero(about)

    def _is_zero(self, e: Expr) -> bool:
        """All over the region."""
        self.work.spend(TO_REDUCE)
        try:
            return vanishes(e, self.positive, (), self.work)
        except Unsuited as reason:
            if reason.why == "too-large":
                raise
            return False


class _Signs:
    """All signs that some expressions can have together."""

    def __init__(self, exprs: Sequence[Expr], names: Sequence[Expr], work: Work) -> None:
        self.names, self.form, self.work = names, NormalForm(work), work
        self.factors = factors_of_all(self.form, exprs)
        odd = [f for of in self.factors.values() if of for f, k in of[1] if k % 2]
        self.unknown = [f for f in dict.fromkeys(odd) if not self.form.is_positive(f)]
        self.roots = Roots(self.form, names[0] if len(names) == 1 else None)
        self.unread = [e for e, of in self.factors.items() if of is None]

    def all(self) -> Iterator[tuple[dict[Expr, int], Mapping[str, Fraction] | None]]:
        """Each with a point, where one is known."""
        facts = Facts.of(self.form, self.unknown)
        for known, point in self._cells():
            for signs in self._completed(known, facts):
                sure = point if len(known) == len(signs) else None
                yield {e: self._sign(e, signs) for e in self.factors} | self._spelled(signs), sure

    def _spelled(self, signs: Mapping[Expr, int]) -> dict[Expr, int]:
        """The factors themselves, where they are no more than polynomials in the variables."""
        return {f: sign for f, sign in signs.items() if f.free_symbols <= set(self.names)}

    def _cells(self) -> Iterator[tuple[dict[Expr, int], Mapping[str, Fraction] | None]]:
        """In one variable, the factors whose roots are known; nothing is known in several."""
        if len(self.names) != 1:
            yield {}, {} if not self.names else None
            return
        yield from cells(self.roots, self.unknown)

    def _completed(self, known: Mapping[Expr, int], facts: Facts) -> Iterator[Mapping[Expr, int]]:
        self.work.spend(TO_TRY)
        if not possible(facts, known):
            return
        left = next((f for f in (*self.unknown, *self.unread) if f not in known), None)
        if left is None:
            yield known
            return
        for sign in (1, -1, 0) if self._may_be_flat(left) else (1, -1):
            yield from self._completed({**known, left: sign}, facts)

    def _may_be_flat(self, f: Expr) -> bool:
        """Whether it may be 0 all over a region, as x + |x| is."""
        keys = (self.roots.keys.get(g) for g in f.free_symbols)
        return f in self.unread or any(isinstance(key, tuple) and key[0] in ("abs", "root") for key in keys)

    def _sign(self, e: Expr, signs: Mapping[Expr, int]) -> int:
        of = self.factors[e]
        if of is None:
            return signs[e]
        c, factors = of
        found = [signs.get(f, 1) if k % 2 or signs.get(f) == UNDEFINED else 1 for f, k in factors]
        return UNDEFINED if UNDEFINED in found else c * prod(found)


def factors_of_all(form: NormalForm, exprs: Sequence[Expr]) -> dict[Expr, Factors | None]:
    """A sign and factors for each; None for what cannot be read. Nothing is taken to be positive on the way."""
    form.pieces += 1
    for _ in range(8):
        units = form.finer()
        form.begin()
        found = {e: _factors(form, e) for e in exprs}
        if form.finer() == units:
            break
    form.pieces -= 1
    return found


def _factors(form: NormalForm, e: Expr) -> Factors | None:
    try:
        c, factors = form.factors(form.walk(e))
    except Unsuited as reason:
        if reason.why == "too-large":
            raise
        return None
    return (1 if c > 0 else -1 if c < 0 else 0), factors
