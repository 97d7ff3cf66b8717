"""Exact arithmetic: terms as polynomials in whatever cannot be taken apart, to see that two of them are equal."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from functools import lru_cache
from math import comb, isqrt, prod

from derive.budget import FAR, OverBudget, afford, factor, most_of
from derive.core.term import ATOMS, N_ARY, Term, free, num, rebuild, slot, substitute

Number = int | Fraction
Monomial = frozenset[tuple[Term, Number]]  # atoms with their exponents
Polynomial = dict[Monomial, Fraction]
HIGHEST_POWER = 12
MOST_KNOWN = 100_000
LONG_PRODUCT = 200  # monomials; where all is too long, the sums in a longer product are looked at as a whole
ONE: Monomial = frozenset()
_UNIT = Term("num", (), Fraction(1))
_NOUGHT = Term("num", (), Fraction(0))
HALF = Fraction(1, 2)


def polynomial(t: Term) -> Polynomial:
    """t as a polynomial; its atoms are names, function values, radicals, powers of e and reciprocals of sums.

    >>> from derive.core.term import exp, sym
    >>> a, b = sym("a"), sym("b")
    >>> polynomial((a + b) * (a - b)) == polynomial(a**2 - b**2)
    True
    >>> polynomial(exp(a) * exp(b)) == polynomial(exp(b + a))
    True

    Raises OverBudget where it is too long, ValueError or ZeroDivisionError where there is none.
    """
    return _KNOWN.of(t)


class _Known:
    """What was worked out lately: at most so many monomials, and so many megabytes."""

    def __init__(self) -> None:
        self._found: dict[tuple[Term, Fraction], Polynomial] = {}
        self._monomials = 0

    def of(self, t: Term) -> Polynomial:
        key = t, factor()  # what fits one budget may not fit another
        found = self._found.get(key)
        if found is None:
            found = _polynomial(t)
            self._monomials += 1 + len(found)
            if self._monomials > MOST_KNOWN:
                self._found, self._monomials = {}, len(found)
            self._found[key] = found
        return found


def _polynomial(t: Term) -> Polynomial:
    match t.op:
        case "num":
            return _clean({ONE: Fraction(t.value or 0)})
        case "neg":
            return {m: -c for m, c in polynomial(t.args[0]).items()}
        case "add":
            return _sum([polynomial(a) for a in t.args])
        case "mul":
            return _product([polynomial(a) for a in t.args])
        case "div":
            return _times(polynomial(t.args[0]), _inverse(t.args[1]))
        case "pow":
            return _power(t.args[0], polynomial(t.args[1]), t.args[1])
        case "fn" if t.value == "exp":
            return _exponential(_unnamed_exp, polynomial(t.args[0]))
        case "fn" if t.value == "sqrt":
            return _rational_power(t.args[0], HALF)
    return _atom(t, 1)


_KNOWN = _Known()


def equal(before: Term, after: Term) -> bool:
    """Whether both are the same wherever nothing is divided by zero and radicands are positive.

    >>> from derive.core.term import lift, sym
    >>> x = sym("x")
    >>> equal(lift(1) / (x + 1) + 1, (x + 2) / (x + 1)), equal(x, x + 1)
    (True, False)
    """
    return _equal(before, after, factor())


@lru_cache(maxsize=4_096)  # whoever rearranges asks before, and the kernel again
def _equal(before: Term, after: Term, budget: Fraction) -> bool:
    """For this budget: what it affords is not remembered for another."""
    try:
        _afford(before, after)
        left, right = polynomial(before), polynomial(after)
        return left == right or not _lowered(_cleared(_sum([left, {m: -c for m, c in right.items()}])))
    except OverBudget as limit:
        if _equal_as_a_whole(before, after):
            return True
        raise limit from None


def _afford(*terms: Term) -> None:
    """Raises OverBudget when they are too long to be multiplied out."""
    afford("monomials", max(map(_terms, terms)), "multiplied out this is too long")
    afford("multiplied", max(map(work, terms)), "multiplied out this is too long")


def _equal_as_a_whole(before: Term, after: Term) -> bool:
    """Whether both are the same whatever the sums in their long products are; only then it is certain.

    >>> from derive.core.term import num, sym
    >>> a, b, c, d = map(sym, "abcd")
    >>> u, v = (a + b + c + d) ** 12, (a - b + c - d) ** 12
    >>> equal(u * v * 2 + u * v, v * 3 * u), equal((a + 1) ** 1_000_000 * (a + 1), (num(1) + a) ** 1_000_001)
    (True, True)
    """
    known: dict[frozenset[tuple[Monomial, Fraction]], Term] = {}
    left, right = (_with_whole_sums(t, known) for t in (before, after))
    _afford(left, right)
    return polynomial(left) == polynomial(right)


def _with_whole_sums(t: Term, known: dict[frozenset[tuple[Monomial, Fraction]], Term]) -> Term:
    """t with a name for each sum in a product that is too long to be multiplied out; equal sums have one name.

    A name may stand for any number, so what holds for the names holds for the sums.
    """
    if not _is_open(t):
        return t
    t = rebuild(t, tuple(_with_whole_sums(a, known) for a in t.args))
    if t.op not in ("mul", "pow") or _terms(t) <= LONG_PRODUCT or (t.op == "mul" and sum(map(_is_long, t.args)) < 2):
        return t
    return rebuild(t, tuple(_named(a, known) if t.op == "mul" or n == 0 else a for n, a in enumerate(t.args)))


def _is_long(t: Term) -> bool:
    """Whether there is more than one term, so that two of these are not multiplied out."""
    _afford(t)
    return _terms(t) > 1 and len(polynomial(t)) > 1


def _named(t: Term, known: dict[frozenset[tuple[Monomial, Fraction]], Term]) -> Term:
    if t.op in ("neg", "div", "pow"):
        return rebuild(t, (_named(t.args[0], known), *t.args[1:]))
    if t.op != "add":
        return t
    _afford(t)
    found = polynomial(t)
    return known.setdefault(frozenset(found.items()), slot(f"sum{len(known)}")) if len(found) > 1 else t


def _is_open(t: Term) -> bool:
    """Whether `polynomial` looks into it."""
    return t.op in ("add", "mul", "neg", "div", "pow") or (t.op == "fn" and t.value in ("exp", "sqrt"))


@lru_cache(maxsize=16_384)
def _terms(t: Term) -> int:
    """At most how many terms there are when t is multiplied out; FAR stands for any larger number."""
    match t.op:
        case "add":
            return min(sum(map(_terms, t.args)), FAR)
        case "mul":
            return min(int(prod(map(_terms, t.args))), FAR)
        case "neg" | "div":
            return _terms(t.args[0])
        case "pow" if t.args[1].op == "num":
            base, n = _terms(t.args[0]), min(Fraction(t.args[1].value or 0), Fraction(HIGHEST_POWER))
            return min(comb(int(n) + base - 1, base - 1), FAR) if base < FAR // 1000 else FAR
    return 1


@lru_cache(maxsize=16_384)
def work(t: Term) -> int:
    """The terms of everything that is multiplied out on the way, under roots and in exponents too."""
    return min(_terms(t) + sum(map(work, t.args)), FAR) if _is_open(t) else 1


def denominators(t: Term) -> list[Term]:
    """Everything `polynomial` divides by on its way through t."""
    if t.op == "div":
        return [*denominators(t.args[0]), *denominators(t.args[1]), t.args[1]]
    if t.op == "pow":
        exponent = polynomial(t.args[1])
        below = [t.args[0]] if set(exponent) == {ONE} and exponent[ONE] < 0 else []
        return [*denominators(t.args[0]), *denominators(t.args[1]), *below]
    if _is_open(t):
        return [bottom for a in t.args for bottom in denominators(a)]
    return []


def radicands(t: Term) -> list[Term]:
    """Everything `polynomial` takes a root or a general power of."""
    if t.op == "pow":
        exponent = polynomial(t.args[1])
        whole = not exponent or (set(exponent) == {ONE} and exponent[ONE].denominator == 1)
        return [*radicands(t.args[0]), *radicands(t.args[1]), *([] if whole else [t.args[0]])]
    if t.op == "fn" and t.value == "sqrt":
        return [*radicands(t.args[0]), t.args[0]]
    if t.op in ("add", "mul", "neg", "div") or (t.op == "fn" and t.value == "exp"):
        return [below for a in t.args for below in radicands(a)]
    return []


def _power(base: Term, exponent: Polynomial, written: Term) -> Polynomial:
    if not exponent and free(written) and not (base.op == "num" and base.value):
        nothing = Term("put", (_canonical(base, 0), _NOUGHT, _UNIT))  # u^(v - v) is 1 only where u is not 0
        return {frozenset([(nothing, 1)]): Fraction(1)}
    if not exponent and free(written):
        return {ONE: Fraction(1)}
    constant = exponent.get(ONE, Fraction(0))
    known = _rational_power(base, constant) if constant or not exponent else {ONE: Fraction(1)}
    rest = {m: c for m, c in exponent.items() if m != ONE}
    if not rest:
        return known
    bottom = _canonical(base, 0)
    return _times(known, _exponential(lambda v: Term("pow", (bottom, v)), rest))


def _unnamed_exp(v: Term) -> Term:
    return Term("fn", (v,), "exp")


def _exponential(named: Callable[[Term], Term], exponent: Polynomial) -> Polynomial:
    """e^(2u+v) is (e^u)^2 e^v."""
    return {frozenset((named(_spelled(m)), _whole(c)) for m, c in exponent.items()): Fraction(1)}


def _rational_power(base: Term, r: Fraction) -> Polynomial:
    """The whole part of the exponent by multiplication, the rest as a radical."""
    if abs(r) > most_of("exponent"):
        raise OverBudget("exponent", what=f"the power {r} is too high")
    whole = r.numerator // r.denominator
    rest = r - whole
    if not rest:
        return _whole_power(base, whole)
    exact = exact_root(base, r)
    if exact is not None:
        return {ONE: exact}
    root: Polynomial = {frozenset([(Term("pow", (_canonical(base, 0), _UNIT)), rest)]): Fraction(1)}
    return _times(root, _whole_power(base, whole)) if whole else root


def exact_root(base: Term, r: Fraction) -> Fraction | None:
    """The number that a power with a half is, where the base is a perfect square.

    >>> exact_root(num(9), Fraction(3, 2)), exact_root(num(2), Fraction(1, 2))
    (Fraction(27, 1), None)
    """
    if base.op != "num" or r.denominator != 2 or not base.value:
        return None
    value = Fraction(base.value)
    top, bottom = isqrt(value.numerator), isqrt(value.denominator)
    if top * top != value.numerator or bottom * bottom != value.denominator or abs(r) > HIGHEST_POWER:
        return None
    return Fraction(top, bottom) ** r.numerator


def _whole_power(base: Term, n: int) -> Polynomial:
    if n == 0:
        raise ValueError("a power with the exponent 0 has its own rule")
    inside = polynomial(base)
    if len(inside) == 1:
        ((monomial, c),) = inside.items()
        if not any(_is_radical(atom) or _is_reciprocal(atom) for atom, _ in monomial):
            bits = 0 if abs(c) == 1 else max(c.numerator.bit_length(), c.denominator.bit_length()) * abs(n)
            if not monomial:
                afford("digits", bits, "the number is too large")
            if bits <= most_of("digits"):
                return {frozenset((atom, e * n) for atom, e in monomial): c**n}
    if abs(n) > HIGHEST_POWER:  # not multiplied out
        return {frozenset([(Term("pow", (_canonical(base, 0), _NOUGHT)), n)]): Fraction(1)}
    return _product([inside if n > 0 else _inverse(base)] * abs(n))


def _inverse(bottom: Term) -> Polynomial:
    if bottom.op == "mul":
        return _product([_inverse(a) for a in bottom.args])
    if bottom.op == "pow" and bottom.args[1].op == "num" and 1 <= Fraction(bottom.args[1].value or 0) <= HIGHEST_POWER:
        exponent = Fraction(bottom.args[1].value or 0)
        if exponent.denominator == 1:
            return _product([_inverse(bottom.args[0])] * int(exponent))
    below = polynomial(bottom)
    if not below:
        raise ZeroDivisionError("a division by zero")
    if len(below) == 1:
        ((monomial, c),) = below.items()
        special = [(atom, n) for atom, n in monomial if _is_radical(atom) or _is_reciprocal(atom)]
        inverse = {frozenset((atom, -n) for atom, n in monomial if (atom, n) not in special): 1 / c}
        for atom, n in special:
            inverse = _times(inverse, _inverse_of_special(atom, n))
        return inverse
    return {frozenset([(Term("div", (_UNIT, _canonical(bottom, 0))), 1)]): Fraction(1)}


def _inverse_of_special(atom: Term, n: Number) -> Polynomial:
    """1 / u^r is u^(1 - r) / u for a radical, and 1 / (1/u)^n is u^n."""
    if _is_reciprocal(atom):
        return _product([polynomial(atom.args[1])] * int(n))
    return _times({frozenset([(atom, 1 - n)]): Fraction(1)}, _inverse(atom.args[0]))


def _is_reciprocal(atom: Term) -> bool:
    """Whether the atom is 1/u for a sum u."""
    return atom.op == "div" and atom.args[0] is _UNIT


def _is_radical(atom: Term) -> bool:
    return atom.op == "pow" and atom.args[1] is _UNIT


def _cleared(p: Polynomial) -> Polynomial:
    """p times everything it divides by: zero exactly when p is."""
    while True:
        inverse = next((atom for m in p for atom, _ in m if _is_reciprocal(atom)), None)
        if inverse is None:
            return p
        _refuse_size(p)
        highest = max(n for m in p for atom, n in m if atom == inverse)
        below = polynomial(inverse.args[1])
        parts = []
        for m, c in p.items():
            n = dict(m).get(inverse, 0)
            rest = {frozenset(pair for pair in m if pair[0] != inverse): c}
            parts.append(_product([rest, *[below] * int(highest - n)]))
        p = _sum(parts)


def _lowered(p: Polynomial) -> Polynomial:
    """p over the high powers that all its terms have: u^20 - u^19 v is zero exactly when u - v is."""
    for base in {atom for m in p for atom, _ in m if atom.op == "pow" and atom.args[1] is _NOUGHT}:
        lowest = min(dict(m).get(base, 0) for m in p)
        parts = []
        for m, c in p.items():
            n = int(dict(m).get(base, 0) - lowest)
            if n > HIGHEST_POWER:
                return p
            rest = {frozenset(pair for pair in m if pair[0] != base): c}
            parts.append(_product([rest, *[polynomial(base.args[0])] * n]))
        p = _sum(parts)
    return p


def _refuse_size(p: Polynomial) -> None:
    """Before it is multiplied by everything it divides by."""
    highest: dict[Term, Number] = {}
    for m in p:
        for atom, n in m:
            if _is_reciprocal(atom):
                highest[atom] = max(n, highest.get(atom, 0))
    longest = [(int(n), len(polynomial(atom.args[1]))) for atom, n in highest.items()]
    price = len(p) * prod(comb(n + terms - 1, terms - 1) for n, terms in longest)
    afford("denominator", price, "the common denominator is too long")


def _sum(parts: list[Polynomial]) -> Polynomial:
    result: Polynomial = {}
    for p in parts:
        for monomial, c in p.items():
            result[monomial] = result.get(monomial, Fraction(0)) + c
    return _clean(result)


def _product(factors: list[Polynomial]) -> Polynomial:
    result: Polynomial = {ONE: Fraction(1)}
    for p in factors:
        result = _times(result, p)
    return result


def _times(p: Polynomial, q: Polynomial) -> Polynomial:
    afford("monomials", len(p) * len(q), "the polynomial has too many terms")
    longest = max(
        (max(c.numerator.bit_length(), c.denominator.bit_length()) for r in (p, q) for c in r.values()), default=0
    )
    afford("digits", longest, "the polynomial has too large numbers")
    return _sum([_joined(m, n, c * e) for m, c in p.items() for n, e in q.items()])


def _joined(m: Monomial, n: Monomial, c: Fraction) -> Polynomial:
    if not m or not n:
        return {m or n: c}
    powers = dict(m)
    carried: list[Term] = []
    for atom, e in n:
        total = powers.get(atom, 0) + e
        if total >= 1 and _is_radical(atom):
            total -= 1
            carried.append(atom.args[0])
        powers[atom] = total
    joined = {frozenset((atom, _whole(e)) for atom, e in powers.items() if e): c}
    return _product([joined, *map(polynomial, carried)]) if carried else joined


def _whole(e: Number) -> Number:
    return e.numerator if e.denominator == 1 else e


def _clean(p: Polynomial) -> Polynomial:
    return {m: c for m, c in p.items() if c}


def _atom(t: Term, exponent: int) -> Polynomial:
    return {frozenset([(_canonical(t, 0), exponent)]): Fraction(1)}


def _spelled(m: Monomial) -> Term:
    """The monomial as a term, one spelling for each."""
    if len(m) == 1:
        ((atom, e),) = m
        if e == 1:
            return atom
    parts = [_raised(atom, e) for atom, e in sorted(m, key=repr)]
    return parts[0] if len(parts) == 1 else (Term("mul", tuple(parts)) if parts else _UNIT)


def _raised(atom: Term, e: Number) -> Term:
    """A key for an atom and its exponent, a node that no line has; it is compared, never shown."""
    key = Term("put", (atom, num(abs(e.numerator)), num(e.denominator)))
    return key if e > 0 else Term("neg", (key,))


@lru_cache(maxsize=4096)
def _canonical(t: Term, depth: int) -> Term:
    """One spelling for terms that differ only in letters of bound indices and in the order of terms or factors."""
    if not t.args:
        return t
    if t.op == "sum" and t.args[0].op != "slot":  # else it has its spelling already
        letter = slot(f"bound{depth}")
        body = substitute(t.args[2], {str(t.args[0].value): letter})
        return Term("sum", (letter, t.args[1], _canonical(body, depth + 1)))
    args = t.args if all(a.op in ATOMS for a in t.args) else tuple(_canonical(a, depth) for a in t.args)
    if t.op in N_ARY:
        args = tuple(sorted(args, key=repr))
    return rebuild(t, args)
