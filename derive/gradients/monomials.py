"""Terms in index notation as sums of products of operands.

A pattern of the table below is tried first at every node, so that p_k - y_k becomes the primitive
`residual` and not the difference that would lose its digits.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from itertools import product

from derive.core.match import match
from derive.core.term import Term, num, slot, substitute, sym
from derive.gradients.plain import formula
from derive.gradients.program import OPERANDS

p, y = sym("p"), sym("y")
HERE = slot("here")
LARGEST_POWER = 4
BOUND = "'"  # ends the letters of summed indices


class CannotLower(ValueError):
    """A theorem that has no lowering; the message says what stands in the way."""


# pattern -> primitive of numerics.py, with a sign; HERE is the index
PRIMITIVES: tuple[tuple[Term, str, int], ...] = (
    (p[HERE] - y[HERE], "residual", 1),
    (y[HERE] - p[HERE], "residual", -1),
    (-y[HERE] + p[HERE], "residual", 1),
    (num(1) - p[HERE], "complement", 1),
    (p[HERE] - 1, "complement", -1),
)


@dataclass(frozen=True)
class Factor:
    """An operand at index letters."""

    operand: str
    letters: tuple[str, ...]


Monomial = tuple[Fraction, tuple[Factor, ...]]


@dataclass(frozen=True)
class Scope:
    """Which axis ("classes" or "features") every index letter runs along, and unused letters."""

    axes: Mapping[str, str]
    sizes: Mapping[Term, str]
    fresh: Iterator[int]


def monomials(t: Term, scope: Scope) -> list[Monomial]:
    """The term as a sum of coefficients times operands; every bound index gets a letter of its own.

    >>> from itertools import count
    >>> k = sym("k")
    >>> monomials(p[k] - y[k], Scope({"k": "classes"}, {}, count()))
    [(Fraction(1, 1), (Factor(operand='residual', letters=('k',)),))]
    """
    for pattern, operand, sign in PRIMITIVES:
        found = match(pattern, t)
        if found is not None:
            return [(Fraction(sign), (Factor(operand, (_letter(found["here"], scope),)),))]
    if t.op not in LOWERINGS:
        raise CannotLower(f"{formula(t)} has no lowering; known are sums, products, deltas and numbers")
    return LOWERINGS[t.op](t, scope)


def _num(t: Term, scope: Scope) -> list[Monomial]:
    return [(Fraction(t.value or 0), ())]


def _neg(t: Term, scope: Scope) -> list[Monomial]:
    return [(-c, factors) for c, factors in monomials(t.args[0], scope)]


def _add(t: Term, scope: Scope) -> list[Monomial]:
    return [monomial for a in t.args for monomial in monomials(a, scope)]


def _mul(t: Term, scope: Scope) -> list[Monomial]:
    return _times([monomials(a, scope) for a in t.args])


def _pow(t: Term, scope: Scope) -> list[Monomial]:
    exponent = whole(t.args[1])
    if exponent is None or not 1 <= exponent <= LARGEST_POWER:
        raise CannotLower(f"{formula(t)}: the exponent must be a whole number from 1 to {LARGEST_POWER}")
    return _times([monomials(t.args[0], scope) for _ in range(exponent)])


def _div(t: Term, scope: Scope) -> list[Monomial]:
    bottom = t.args[1]
    if bottom.op != "num" or not bottom.value:
        raise CannotLower(f"{formula(t)}: only division by a number has a lowering")
    return [(c / Fraction(bottom.value), factors) for c, factors in monomials(t.args[0], scope)]


def _elem(t: Term, scope: Scope) -> list[Monomial]:
    if base(t) not in OPERANDS:
        raise CannotLower(f"{formula(t)}: no numeric quantity is known for {base(t)}")
    return [(Fraction(1), (Factor(base(t), tuple(_letter(a, scope) for a in t.args[1:])),))]


def _delta(t: Term, scope: Scope) -> list[Monomial]:
    letters = tuple(_letter(a, scope) for a in t.args)
    return [(Fraction(1), (Factor(f"eye_{scope.axes[letters[0]]}", letters),))]


def _sum(t: Term, scope: Scope) -> list[Monomial]:
    index, size, body = t.args
    if size not in scope.sizes:
        raise CannotLower(f"{formula(t)}: a sum to {formula(size)} runs along no axis")
    letter, axis = f"{base(index).removesuffix(BOUND)}_{next(scope.fresh)}{BOUND}", scope.sizes[size]
    inner = Scope({**scope.axes, letter: axis}, scope.sizes, scope.fresh)
    terms = monomials(substitute(body, {str(index.value): sym(letter)}), inner)
    return [(c, covered(factors, [letter], inner.axes)) for c, factors in terms]


LOWERINGS: Mapping[str, Callable[[Term, Scope], list[Monomial]]] = {
    "num": _num, "neg": _neg, "add": _add, "mul": _mul, "pow": _pow, "div": _div, "elem": _elem,
    "delta": _delta, "sum": _sum,
}  # fmt: skip


def _times(lists: list[list[Monomial]]) -> list[Monomial]:
    terms: list[Monomial] = [(Fraction(1), ())]
    for more in lists:
        terms = [(c * d, f + g) for (c, f), (d, g) in product(terms, more)]
    return terms


def covered(factors: tuple[Factor, ...], letters: list[str], axes: Mapping[str, str]) -> tuple[Factor, ...]:
    """With ones for the letters that no factor carries."""
    carried = {letter for f in factors for letter in f.letters}
    return (*factors, *(Factor(f"ones_{axes[letter]}", (letter,)) for letter in letters if letter not in carried))


def _letter(index: Term, scope: Scope) -> str:
    if index.op != "sym" or str(index.value) not in scope.axes:
        raise CannotLower(f"the index {formula(index)} names one entry; only free and summed indices have a lowering")
    return str(index.value)


def base(t: Term) -> str:
    """The family that an entry belongs to."""
    return str((t.args or (t,))[0].value)


def whole(size: Term) -> int | None:
    """The whole number that a term is, or None."""
    return int(Fraction(size.value or 0)) if size.op == "num" and Fraction(size.value or 0).denominator == 1 else None
