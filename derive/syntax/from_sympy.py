"""SymPy expressions as Terms: numbers, symbols, indexed entries, + * / **, a few functions, sums and deltas."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction
from functools import partial
from typing import Any, TypeAlias

from derive.core.term import Term, add, delta, fn, lift, mul, neg, sym, total
from derive.syntax.to_sympy import FUNCTIONS, UnknownExpression

Expr: TypeAlias = Any
LONGEST_SHOWN = 80


def from_sympy(expr: Expr, names: Mapping[str, Term] | None = None) -> Term:
    """A scalar SymPy expression as a Term. names says what a symbol stands for, if not for itself.

    Raises UnknownExpression for everything else; text is never parsed.

    >>> import sympy as sp
    >>> from_sympy(sp.exp(sp.Symbol("x")) / 2 - sp.Symbol("y"))
    add(neg(y), div(exp(x), 2))
    """
    _refuse_namesakes(expr)
    return _Reading(names or {}).read(expr)


class _Reading:
    def __init__(self, names: Mapping[str, Term]) -> None:
        import sympy as sp

        self.names = names
        # keyed by class, not by its name: a user's Function("log") is not the logarithm
        self.readers: dict[type, Callable[[Expr], Term]] = {
            sp.Float: _float, sp.Symbol: self._symbol, sp.Idx: self._index, sp.Indexed: self._indexed,
            sp.Add: self._add, sp.Mul: self._mul, sp.Pow: self._pow, sp.Sum: self._sum,
            sp.KroneckerDelta: self._delta, type(sp.E): lambda _: fn("exp", lift(1)),
        }  # fmt: skip
        for here, theirs in FUNCTIONS.items():
            self.readers.setdefault(getattr(sp, theirs), partial(self._function, here))

    def read(self, expr: Expr) -> Term:
        import sympy as sp

        if not isinstance(expr, sp.Basic):
            raise UnknownExpression(f"{type(expr).__name__} is not a SymPy expression: {_short(expr)}")
        reader = _rational if isinstance(expr, sp.Rational) else self.readers.get(type(expr))
        if reader is None:
            raise UnknownExpression(f"{type(expr).__name__} has no counterpart here: {_short(expr)}")
        return reader(expr)

    def _symbol(self, expr: Expr) -> Term:
        return self.names.get(str(expr.name)) or _named(str(expr.name))

    def _index(self, expr: Expr) -> Term:
        return self.read(expr.label)

    def _indexed(self, expr: Expr) -> Term:
        return _named(str(expr.base.label))[tuple(map(self.read, expr.indices))]

    def _delta(self, expr: Expr) -> Term:
        return delta(*map(self.read, expr.args[:2]))

    def _add(self, expr: Expr) -> Term:
        return add(*map(self.read, expr.as_ordered_terms()))

    def _mul(self, expr: Expr) -> Term:
        import sympy as sp

        if expr.could_extract_minus_sign():
            return neg(self.read(-expr))
        top, bottom = sp.fraction(expr, exact=True)
        if bottom != 1:
            return self.read(top) / self.read(bottom)
        return mul(*map(self.read, expr.as_ordered_factors()))

    def _pow(self, expr: Expr) -> Term:
        import sympy as sp

        if expr.exp == sp.Rational(1, 2):
            return fn("sqrt", self.read(expr.base))
        if expr.exp.is_Rational and expr.exp < 0:
            return lift(1) / self.read(1 / expr)
        return self.read(expr.base) ** self.read(expr.exp)

    def _function(self, name: str, expr: Expr) -> Term:
        if len(expr.args) != 1:
            raise UnknownExpression(f"{name} of {len(expr.args)} arguments: {_short(expr)}")
        return fn(name, self.read(expr.args[0]))

    def _sum(self, expr: Expr) -> Term:
        body = self.read(expr.function)
        for index, first, last in expr.limits:
            if first != 1:
                raise UnknownExpression(f"a sum that starts at {_short(first)}, not at 1: {_short(expr)}")
            body = total(_named(str(index)), self.read(last), body)
        return body


def _refuse_namesakes(expr: Expr) -> None:
    """Two symbols that print alike but differ in their assumptions would become one."""
    import sympy as sp

    symbols = expr.atoms(sp.Symbol) if isinstance(expr, sp.Basic) else set()
    names = [s.name for s in symbols]
    for name in sorted(names):
        if names.count(name) > 1:
            raise UnknownExpression(f"two different symbols are called {name}")


def _named(name: str) -> Term:
    if not name.isidentifier():
        raise UnknownExpression(f"{name!r} is not a name")
    return sym(name)


def _rational(expr: Expr) -> Term:
    value = Fraction(int(expr.p), int(expr.q))
    if value < 0:
        return neg(_rational(-expr))
    return lift(value.numerator) if value.denominator == 1 else lift(value.numerator) / value.denominator


def _float(expr: Expr) -> Term:
    return lift(Fraction(str(expr)))  # the decimal that is shown, not the binary number near it


def _short(expr: object) -> str:
    text = str(expr)
    return text if len(text) <= LONGEST_SHOWN else text[: LONGEST_SHOWN - 1] + "…"


__all__ = ["UnknownExpression", "from_sympy"]
