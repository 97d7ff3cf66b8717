"""The two procedures allowed beside cards: arithmetic of polynomials, and signs that are evident."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from derive.core.term import Term, rebuild, slot, substitute

Monomial = frozenset[tuple[Term, int]]  # atoms with their exponents
Polynomial = dict[Monomial, Fraction]
HIGHEST_POWER = 12
MOST_TERMS, MOST_BITS = 20_000, 4_096
ONE: Monomial = frozenset()


def polynomial(t: Term) -> Polynomial:
    """t as a polynomial in whatever is not a sum, product, sign, fraction or small power.

    >>> from derive.core.term import sym
    >>> a, b = sym("a"), sym("b")
    >>> polynomial((a + b) * (a - b)) == polynomial(a**2 - b**2)
    True
    """
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
        case "pow" if t.args[1].op == "num":
            exponent = Fraction(t.args[1].value or 0)
            if exponent.denominator == 1 and 1 <= exponent <= HIGHEST_POWER:
                return _product([polynomial(t.args[0])] * int(exponent))
    return _atom(t, 1)


def denominators(t: Term) -> list[Term]:
    """Everything `polynomial` divides by on its way through t."""
    if t.op == "div":
        return [*denominators(t.args[0]), *denominators(t.args[1]), t.args[1]]
    if t.op in ("add", "mul", "neg") or (t.op == "pow" and t.args[1].op == "num"):
        return [bottom for a in t.args for bottom in denominators(a)]
    return []


def _inverse(bottom: Term) -> Polynomial:
    below = polynomial(bottom)
    if len(below) == 1:
        ((monomial, c),) = below.items()
        return {frozenset((atom, -n) for atom, n in monomial): 1 / c}
    return _atom(bottom, -1)


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
    if len(p) * len(q) > MOST_TERMS:
        raise ValueError("the polynomial has too many terms")
    if any(max(c.numerator.bit_length(), c.denominator.bit_length()) > MOST_BITS for r in (p, q) for c in r.values()):
        raise ValueError("the polynomial has too large numbers")
    return _sum([{_joined(m, n): c * e} for m, c in p.items() for n, e in q.items()])


def _joined(m: Monomial, n: Monomial) -> Monomial:
    powers = dict(m)
    for atom, e in n:
        powers[atom] = powers.get(atom, 0) + e
    return frozenset((atom, e) for atom, e in powers.items() if e)


def _clean(p: Polynomial) -> Polynomial:
    return {m: c for m, c in p.items() if c}


def _atom(t: Term, exponent: int) -> Polynomial:
    return {frozenset([(_canonical(t, 0), exponent)]): Fraction(1)}


def _canonical(t: Term, depth: int) -> Term:
    """One spelling for all terms that differ only in the letters of bound indices."""
    if t.op == "sum":
        letter = slot(f"bound{depth}")
        body = substitute(t.args[2], {str(t.args[0].value): letter})
        return Term("sum", (letter, t.args[1], _canonical(body, depth + 1)))
    return rebuild(t, tuple(_canonical(a, depth) for a in t.args)) if t.args else t


def positive(t: Term, bodies: Mapping[str, Term]) -> bool:
    """Whether t > 0 can be read off, looking through the definitions.

    >>> from derive.core.term import exp, sym, total
    >>> z, i = sym("z"), sym("i")
    >>> positive(total(i, 3, exp(z[i])), {}), positive(z[i], {})
    (True, False)
    """
    match t.op:
        case "num":
            return bool(t.value)
        case "fn":
            return t.value == "exp"
        case "sum":
            return positive(t.args[2], bodies)
        case "pow":
            return positive(t.args[0], bodies)
        case "add" | "mul" | "div":
            return all(positive(a, bodies) for a in t.args)
        case "sym" | "elem":
            name = str((t.args or (t,))[0].value)
            return name in bodies and positive(bodies[name], bodies)
    return False


def impossible(t: Term) -> bool:
    """Whether t is plainly zero or negative, so that nothing follows from its being positive.

    >>> from derive.core.term import sym
    >>> impossible(sym("x") - sym("x")), impossible(sym("x"))
    (True, False)
    """
    p = polynomial(t)
    return not p or (set(p) == {ONE} and p[ONE] < 0)
