"""Whether two terms are the same by school algebra alone, and terms made neat. Untrusted: it only finds names."""

from __future__ import annotations

from fractions import Fraction
from functools import lru_cache

from derive.core.arithmetic import equal
from derive.core.term import Term, add, lift, mul, neg, rebuild, same

ZERO, ONE = lift(0), lift(1)
HIGHEST_POWER = 12
LARGEST = 400  # nodes; polynomials of larger terms take too long


def alike(a: Term, b: Term) -> bool:
    """Whether a and b are equal by school algebra.

    >>> from derive.core.term import sym
    >>> x = sym("x")
    >>> alike((x + 1) / x, ONE + ONE / x), alike((x - 1) ** 2, x**2 - 1)
    (True, False)
    """
    if same(a, b):
        return True
    if max(a.size, b.size) > LARGEST:
        return False
    try:
        return equal(ordered(neat(a)), ordered(neat(b)))
    except (ValueError, ZeroDivisionError):  # too much to compare, or nothing that has a value
        return False


@lru_cache(maxsize=50_000)
def neat(t: Term) -> Term:
    """The term without zeros, ones, doubled signs and arithmetic left to do, in its own order.

    >>> from derive.core.term import sym
    >>> x = sym("x")
    >>> neat(lift(3) * x ** (lift(3) - 1) * 1 + 0)
    mul(3, pow(x, 2))
    """
    if not t.args:
        return t
    t = rebuild(t, tuple(neat(a) if _is_value(t, n) else a for n, a in enumerate(t.args)))
    value = number(t)
    return _numeral(value) if value is not None else _NEAT.get(t.op, lambda u: u)(t)


def number(t: Term) -> Fraction | None:
    """The value of arithmetic of small whole numbers and fractions, if the term is nothing else."""
    if t.op == "num":
        return Fraction(t.value or 0)
    if t.op not in ("neg", "add", "mul", "div", "pow"):
        return None
    parts = [number(a) for a in t.args]
    known = [p for p in parts if p is not None]
    if len(known) < len(parts):
        return None
    if t.op == "pow":
        whole = known[1].denominator == 1 and abs(known[1]) <= HIGHEST_POWER
        return known[0] ** int(known[1]) if whole and (known[0] or known[1] > 0) else None
    if t.op == "div":
        return known[0] / known[1] if known[1] else None
    if t.op == "neg":
        return -known[0]
    result = known[0]
    for p in known[1:]:
        result = result + p if t.op == "add" else result * p
    return result


def ordered(t: Term) -> Term:
    """Sums and products in one order, so that sin(2 x) and sin(x 2) are the same function value.

    >>> from derive.core.term import fn, sym
    >>> x, y = sym("x"), sym("y")
    >>> ordered(fn("sin", y * x)) == ordered(fn("sin", x * y))
    True
    """
    if not t.args:
        return t
    args = tuple(map(ordered, t.args))
    if t.op in ("add", "mul", "delta"):
        args = tuple(sorted(args, key=repr))
    return rebuild(t, args)


def _numeral(value: Fraction) -> Term:
    whole = lift(abs(value.numerator))
    size = whole if value.denominator == 1 else Term("div", (whole, lift(value.denominator)))
    return neg(size) if value < 0 else size


def _is_value(t: Term, n: int) -> bool:
    """Whether a child is a value, and not an index, a size or the variable of a derivative."""
    return {"sum": n == 2, "d": n == 0, "elem": False, "delta": False}.get(t.op, True)


def _neat_add(t: Term) -> Term:
    kept = [a for a in t.args if a != ZERO]
    return add(*kept) if kept else ZERO


def _neat_mul(t: Term) -> Term:
    if ZERO in t.args:
        return ZERO
    minus = sum(a.op == "neg" for a in t.args) % 2
    bare = [a.args[0] if a.op == "neg" else a for a in t.args]
    kept = [a for a in bare if a != ONE]
    result = mul(*kept) if kept else ONE
    return neg(result) if minus else result


def _neat_pow(t: Term) -> Term:
    return t.args[0] if t.args[1] == ONE else ONE if t.args[1] == ZERO else t


def _neat_div(t: Term) -> Term:
    return ZERO if t.args[0] == ZERO != t.args[1] else t.args[0] if t.args[1] == ONE else t


def _neat_sum(t: Term) -> Term:
    return ZERO if t.args[2] == ZERO else t


def _neat_neg(t: Term) -> Term:
    inner = t.args[0]
    return inner.args[0] if inner.op == "neg" else ZERO if inner == ZERO else t


_NEAT = {
    "add": _neat_add, "mul": _neat_mul, "pow": _neat_pow, "div": _neat_div, "sum": _neat_sum, "neg": _neat_neg,
}  # fmt: skip
