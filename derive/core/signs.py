"""Signs that can be read off: where a condition is evident, impossible, or follows from a simpler one."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import product

from derive.core.arithmetic import HIGHEST_POWER, ONE, Monomial, Polynomial, equal, polynomial
from derive.core.functions import CONSTANTS, FUNCTIONS
from derive.core.match import fill
from derive.core.term import Term, add, fn, mul, neg, num, rebuild, slot

Needed = tuple[str, Term]  # "positive" or "nonzero", and of what


@dataclass(frozen=True)
class Known:
    """What may be relied on: definitions, what is positive, what is not zero, what is at least zero."""

    bodies: Mapping[str, Term] = field(default_factory=dict)
    positive: Collection[Term] = ()
    nonzero: Collection[Term] = ()
    nonnegative: Collection[Term] = ()
    signs: dict[str, Sign] = field(default_factory=dict, compare=False)  # those of the definitions, once they are known


@dataclass(frozen=True)
class Sign:
    """Whether it is certain that t >= 0, that t <= 0, that t != 0."""

    up: bool = False
    down: bool = False
    apart: bool = False


ANY, PLUS, MINUS, ZERO, NONNEGATIVE = (
    Sign(),
    Sign(True, False, True),
    Sign(False, True, True),
    Sign(True, True),
    Sign(True),
)
_ZERO, _UNIT = num(0), num(1)
_u = slot("u")
# the square of a function by that of another one, wherever both have a value
SQUARES: Mapping[str, Term] = {
    "cos": num(1) - fn("sin", _u) ** 2, "cosh": num(1) + fn("sinh", _u) ** 2, "sec": num(1) + fn("tan", _u) ** 2,
    "csc": num(1) + fn("cot", _u) ** 2, "sech": num(1) - fn("tanh", _u) ** 2, "csch": fn("coth", _u) ** 2 - 1,
}  # fmt: skip
MOST_ROWS = 200
_OF_FUNCTIONS = {"positive": PLUS, "nonnegative": NONNEGATIVE, "": ANY}


def positive(t: Term, bodies: Mapping[str, Term]) -> bool:
    """Whether t > 0 can be read off, looking through the definitions.

    >>> from derive.core.term import exp, sym, total
    >>> z, i = sym("z"), sym("i")
    >>> positive(total(i, 3, exp(z[i])), {}), positive(z[i], {}), positive(z[i] ** 2 + 1, {})
    (True, False, True)
    """
    return sign(t, Known(bodies)) == PLUS


def evident(needed: Needed, known: Known) -> bool:
    """Whether the condition holds by what is known."""
    kind, t = needed
    here = sign(t, known)
    if here.apart and (here.up or kind == "nonzero"):
        return True
    return _follows(t, known) or (kind == "nonzero" and (_follows(neg(t), known) or _is_multiple(t, known.nonzero)))


def _is_multiple(t: Term, others: Collection[Term]) -> bool:
    """Whether t is a number times one of the others that is shorter: 1 - x and x - 1 are 0 together."""
    for other in (each for each in others if (each.size, repr(each)) < (t.size, repr(t))):
        try:
            p, q = polynomial(t), polynomial(other)
        except (ValueError, ZeroDivisionError):
            continue
        if p and set(p) == set(q) and len({p[m] / q[m] for m in p}) == 1:
            return True
    return False


def impossible(needed: Needed) -> bool:
    """Whether the condition never holds, so that nothing follows from it.

    >>> from derive.core.term import sym
    >>> x = sym("x")
    >>> impossible(("positive", x - x)), impossible(("positive", -(x**2) - 1)), impossible(("positive", x))
    (True, True, False)
    """
    kind, t = needed
    if kind == "positive" and sign(t, Known()).down:
        return True
    for same in (t, _without_even_powers(t)):
        try:
            if equal(same, _ZERO) or (kind == "positive" and _never_above_zero(polynomial(same))):
                return True
        except (ValueError, ZeroDivisionError):
            pass
    return False


def _without_even_powers(t: Term) -> Term:
    """t with 1 - sin^2 for cos^2, and so on: one function for two whose squares add up to a number."""
    args = tuple(map(_without_even_powers, t.args)) if t.op not in ("d", "sum") else t.args
    t = rebuild(t, args) if args != t.args else t
    if t.op != "pow" or t.args[0].op != "fn" or t.args[0].value not in SQUARES:
        return t
    n, (u,) = _exponent(t.args[1]), t.args[0].args
    if n < 2 or n > HIGHEST_POWER:
        return t
    square = fill(SQUARES[str(t.args[0].value)], {"u": u})
    return mul(*([t.args[0]] * (n % 2)), *([square] * (n // 2)))


def _never_above_zero(p: Polynomial) -> bool:
    """Whether every term is a square, times something negative."""
    return all(c < 0 and all(e % 2 == 0 for _, e in m) for m, c in p.items())


def contradictory(positive: Collection[Term]) -> bool:
    """Whether these are never all positive, as a sum of them with positive factors shows.

    Terms are linear in their monomials; one monomial after the other is eliminated (Fourier and Motzkin).

    >>> from derive.core.term import sym
    >>> x, y = sym("x"), sym("y")
    >>> contradictory((x, -x)), contradictory((x, y, -x - y * 2)), contradictory((x - 1, num(2) - x))
    (True, True, False)
    """
    rows: list[Polynomial] = []
    for t in list(dict.fromkeys(positive))[:MOST_ROWS]:
        try:
            rows.append(polynomial(t))
        except (ValueError, ZeroDivisionError):
            continue
    while rows and len(rows) <= MOST_ROWS:
        if any(not set(row) - {ONE} and row.get(ONE, Fraction(0)) <= 0 for row in rows):
            return True
        rows = [row for row in rows if set(row) - {ONE}]
        monomials = {m for row in rows for m in row if m != ONE}
        if not monomials:
            return False
        counts = {m: _pairs(rows, m) for m in monomials}
        eliminated = min(counts, key=lambda m: (counts[m], repr(sorted(map(repr, m)))))
        rows = _eliminated(rows, eliminated)
    return False


def _pairs(rows: list[Polynomial], m: Monomial) -> int:
    above, below = (sum(m in row and (row[m] > 0) == sign for row in rows) for sign in (True, False))
    return above * below - above - below


def _eliminated(rows: list[Polynomial], m: Monomial) -> list[Polynomial]:
    """What follows about the other monomials; a row in which it has no counterpart can always be met."""
    above, below = ([row for row in rows if m in row and (row[m] > 0) == sign] for sign in (True, False))
    combined = []
    for up, down in product(above, below):
        row = {n: up.get(n, Fraction(0)) * -down[m] + down.get(n, Fraction(0)) * up[m] for n in {*up, *down}}
        combined.append({n: c for n, c in row.items() if c} or {ONE: Fraction(0)})
    return [row for row in rows if m not in row] + combined


def simpler(needed: Needed) -> Iterator[Needed]:
    """Conditions that say the same about less.

    >>> from derive.core.term import sym
    >>> x = sym("x")
    >>> list(simpler(("nonzero", x**2 * -x)))
    [('nonzero', x), ('nonzero', x)]
    """
    kind, t = needed[0], plain(needed[1])
    match kind, t.op, t.args:
        case "nonzero", ("mul" | "div"), _:
            for a in t.args:
                yield from simpler(("nonzero", a))
        case "nonzero", "neg", (u,):
            yield from simpler(("nonzero", u))
        case "nonzero", "pow", (u, n) if _exponent(n) > 0:
            yield from simpler(("nonzero", u))
        case "nonzero", "fn", (u,) if t.value in ("abs", "cbrt"):
            yield from simpler(("nonzero", u))
        case _, "fn", (u,) if t.value == "sqrt":
            yield from simpler(("positive", u))
        case "positive", "fn", (u,) if t.value == "abs":
            yield from simpler(("nonzero", u))
        case "positive", "pow", (u, n) if _exponent(n) > 0:
            yield from simpler(("nonzero" if _exponent(n) % 2 == 0 else "positive", u))
        case _, "cases", (u, left, right, v) if _UNIT in (u, v):  # asked for in one piece only
            for each, inner in simpler((kind, v if u == _UNIT else u)):
                yield (
                    each,
                    Term("cases", (_UNIT, left, right, inner) if u == _UNIT else (inner, left, right, _UNIT), t.value),
                )
        case "positive", ("mul" | "div"), _ if sum(sign(a, Known()) != PLUS for a in t.args) == 1:
            yield from (each for a in t.args if sign(a, Known()) != PLUS for each in simpler(("positive", a)))
        case _:
            if sign(t, Known()) != PLUS and not (kind == "nonzero" and sign(t, Known()).apart):
                yield kind, t


def plain(t: Term) -> Term:
    """A sum without terms 0 and double signs.

    >>> from derive.core.term import sym
    >>> plain(sym("x") - 0)
    x
    """
    if t.op != "add":
        return t
    terms = (a.args[0].args[0] if a.op == "neg" and a.args[0].op == "neg" else a for a in t.args)
    kept = [a for a in terms if a not in (_ZERO, neg(_ZERO))]
    return add(*kept) if kept else _ZERO


def sign(t: Term, known: Known) -> Sign:
    """What can be read off about the sign of t."""
    here = _sign(t, known)
    if here == PLUS:
        return here
    if t in known.positive:
        return PLUS
    up = here.up or t in known.nonnegative
    return Sign(up, here.down, here.apart or t in known.nonzero)


def _sign(t: Term, known: Known) -> Sign:
    match t.op:
        case "num":
            return PLUS if t.value else ZERO
        case "neg":
            inner = sign(t.args[0], known)
            return Sign(inner.down, inner.up, inner.apart)
        case "add":
            return _of_sum([sign(a, known) for a in t.args])
        case "mul":
            return _of_product([sign(a, known) for a in t.args])
        case "div":
            top, bottom = (sign(a, known) for a in t.args)
            return _of_product([top, bottom]) if bottom.apart else ANY
        case "pow":
            return _of_power(sign(t.args[0], known), t.args[1])
        case "sum":
            body = sign(t.args[2], Known(known.bodies, signs=known.signs))  # what is known speaks of free letters
            return Sign(body.up, body.down, body.apart and (body.up or body.down))
        case "fn":
            return _of_function(t, known)
        case "cases":
            then, otherwise = sign(t.args[0], known), sign(t.args[3], known)
            return then if then == otherwise else ANY
        case "sym" | "elem":
            name = str((t.args or (t,))[0].value)
            if name in CONSTANTS:
                return PLUS
            if name in known.bodies and name not in known.signs:
                known.signs[name] = _open(sign(known.bodies[name], Known(known.bodies, signs=known.signs)))
            return known.signs.get(name, ANY) if name in known.bodies else ANY
    return ANY


def _open(s: Sign) -> Sign:
    """What still holds when the name moves a little away from its definition, as it does under d(., name)."""
    return s if s.apart else ANY


def _of_sum(signs: list[Sign]) -> Sign:
    up, down = all(s.up for s in signs), all(s.down for s in signs)
    return Sign(up, down, (up or down) and any(s.apart for s in signs))


def _of_product(signs: list[Sign]) -> Sign:
    apart = all(s.apart for s in signs)
    if not all(s.up or s.down for s in signs):
        return Sign(apart=apart)
    if any(s == ZERO for s in signs):
        return ZERO
    negative = sum(not s.up for s in signs) % 2
    return Sign(not negative, bool(negative), apart)


def _of_power(base: Sign, exponent: Term) -> Sign:
    if base == PLUS:
        return PLUS
    n = _exponent(exponent)
    if not n or (n < 0 and not base.apart):
        return ANY
    return Sign(True, False, base.apart) if n % 2 == 0 else base


def _of_function(t: Term, known: Known) -> Sign:
    function = FUNCTIONS.get(str(t.value))
    if function is None or len(t.args) != function.arity:
        return ANY
    here = _OF_FUNCTIONS[function.sign]
    if t.value in ("abs", "sqrt"):
        return Sign(True, False, sign(t.args[0], known).apart)
    if t.value == "log" and t.args[0].op == "num":
        value = Fraction(t.args[0].value or 0)
        return PLUS if value > 1 else ZERO if value == 1 else MINUS if value > 0 else ANY
    if t.value == "cbrt":
        return sign(t.args[0], known)
    return here


def _exponent(n: Term) -> int:
    """A whole number other than 0, or 0."""
    if n.op == "neg":
        return -_exponent(n.args[0])
    return int(n.value) if n.op == "num" and isinstance(n.value, Fraction) and n.value.denominator == 1 else 0


def _follows(t: Term, known: Known) -> bool:
    """Whether t > 0 because t = c f + k for something f that is known to be positive, with c > 0 and k >= 0."""
    facts = [(f, True) for f in known.positive] + [(f, False) for f in known.nonnegative]
    if not facts:
        return False
    try:
        p = polynomial(t)
        return any(_linear(p, polynomial(f), strict) for f, strict in facts)
    except (ValueError, ZeroDivisionError):
        return False


def _linear(p: Polynomial, q: Polynomial, strict: bool) -> bool:
    m = next((m for m in q if m != ONE), None)
    if m is None or m not in p:
        return False
    c = p[m] / q[m]
    rest = {n: p.get(n, Fraction(0)) - c * q.get(n, Fraction(0)) for n in {*p, *q}}
    k = rest.pop(ONE, Fraction(0))
    return c > 0 and not any(rest.values()) and (k > 0 or (strict and k == 0))
