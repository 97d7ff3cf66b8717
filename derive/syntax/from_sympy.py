"""SymPy expressions as Terms: numbers, symbols, entries, + * / **, functions, pieces, sums, deltas."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction
from functools import partial
from typing import Any, TypeAlias

from derive.core.functions import CONSTANTS as NUMBERS
from derive.core.functions import FUNCTIONS as KNOWN
from derive.core.term import Term, add, cases, d, delta, fn, lift, mul, neg, sym, total
from derive.syntax.grammar.calls import POLYGAMMA, SCALAR
from derive.syntax.grammar.words import known_function
from derive.syntax.to_sympy import CONSTANTS, FUNCTIONS, UnknownExpression

Expr: TypeAlias = Any
LONGEST_SHOWN = 80
MOST_PIECES = 64  # a condition with "or" writes a piece twice
WRITTEN_OUT = ("sinc", "factorial", "beta", "erfcinv")  # SymPy's functions that are written out with others


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
            sp.Piecewise: self._piecewise, sp.polygamma: self._polygamma, sp.Heaviside: self._heaviside,
            sp.Derivative: self._derivative, sp.Subs: self._slope,
        }  # fmt: skip
        for here, theirs in FUNCTIONS.items():
            self.readers.setdefault(getattr(sp, theirs), partial(self._function, here))
        for name in WRITTEN_OUT:
            self.readers[getattr(sp, name)] = partial(self._written_out, name)
        for here, theirs in CONSTANTS.items():
            self.readers[type(getattr(sp, theirs))] = partial(_constant, here)
        self.pieces = 0

    def read(self, expr: Expr) -> Term:
        import sympy as sp
        from sympy.core.function import AppliedUndef

        if not isinstance(expr, sp.Basic):
            raise UnknownExpression(f"{type(expr).__name__} is not a SymPy expression: {_short(expr)}")
        reader = _rational if isinstance(expr, sp.Rational) else self.readers.get(type(expr))
        if reader is None and isinstance(expr, AppliedUndef):
            return fn(_abstract(expr), *map(self.read, expr.args))
        if reader is None:
            raise UnknownExpression(f"{type(expr).__name__} has no counterpart here: {_short(expr)}")
        return reader(expr)

    def _symbol(self, expr: Expr) -> Term:
        known = self.names.get(str(expr.name))
        if known is None and expr.name in NUMBERS:
            raise UnknownExpression(f"a symbol called {expr.name}, which is a number here; use sympy.{expr.name}")
        return known or _named(str(expr.name))

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
        arity = KNOWN[name].arity
        if len(expr.args) < arity or (len(expr.args) > arity and name not in ("max", "min")):
            raise UnknownExpression(f"{name} of {len(expr.args)} arguments: {_short(expr)}")
        *first, last = map(self.read, expr.args)
        for one in reversed(first):  # max(a, b, c) is max(a, max(b, c))
            last = fn(name, one, last)
        return last if first else fn(name, last)

    def _written_out(self, name: str, expr: Expr) -> Term:
        _, build = SCALAR[name]
        return build(*map(self.read, expr.args))

    def _heaviside(self, expr: Expr) -> Term:
        return fn("step", self.read(expr.args[0]))  # the value at 0 is nobody's business here

    def _polygamma(self, expr: Expr) -> Term:
        order, u = expr.args
        if order not in range(len(POLYGAMMA)):
            raise UnknownExpression(f"polygamma of order {_short(order)}: {_short(expr)}")
        return fn(POLYGAMMA[int(order)], self.read(u))

    def _piecewise(self, expr: Expr) -> Term:
        *pieces, (last, always) = expr.args
        if always != True:  # noqa: E712 - SymPy's own true
            raise UnknownExpression(f"a Piecewise that does not end with (..., True): {_short(expr)}")
        result = self.read(last)
        for value, condition in reversed(pieces):
            result = self._where(condition, self.read(value), result)
        return result

    def _where(self, condition: Expr, then: Term, otherwise: Term) -> Term:
        """then where the condition holds."""
        import sympy as sp

        self.pieces += 1
        if self.pieces > MOST_PIECES:
            raise UnknownExpression("a Piecewise with too many pieces")
        match condition:
            case sp.And():
                for part in reversed(condition.args):
                    then = self._where(part, then, otherwise)
                return then
            case sp.Or():
                for part in reversed(condition.args):
                    otherwise = self._where(part, then, otherwise)
                return otherwise
            case sp.Eq():
                return self._where(
                    sp.And(condition.lhs <= condition.rhs, condition.lhs >= condition.rhs), then, otherwise
                )
            case sp.Ne():
                return self._where(sp.Eq(condition.lhs, condition.rhs), otherwise, then)
            case sp.core.relational.Relational():
                return cases(then, self.read(condition.lhs), condition.rel_op, self.read(condition.rhs), otherwise)
        raise UnknownExpression(f"{type(condition).__name__} is not a condition of a Piecewise: {_short(condition)}")

    def _derivative(self, expr: Expr) -> Term:
        """f'(x), where f is a user's function; any other derivative is one that is not carried out."""
        from sympy.core.function import AppliedUndef

        if isinstance(expr.expr, AppliedUndef) and all(expr.expr.args.count(x) == 1 for x, _ in expr.variable_count):
            return self._primed(expr, expr.expr.args)
        if len(expr.variables) != 1:
            raise UnknownExpression(f"a derivative of a derivative: {_short(expr)}")
        (x,) = map(self.read, expr.variables)
        return d(self.read(expr.expr), x)

    def _slope(self, expr: Expr) -> Term:
        """f'(u), which SymPy writes as a derivative at a place."""
        import sympy as sp
        from sympy.core.function import AppliedUndef

        slope = expr.expr
        places = dict(zip(expr.variables, expr.point, strict=True))
        inside = slope.expr if isinstance(slope, sp.Derivative) else None
        if not isinstance(inside, AppliedUndef) or not set(places) <= set(inside.args):
            raise UnknownExpression(f"Subs of something else than a derivative of a function: {_short(expr)}")
        if any(inside.args.count(x) != 1 for x, _ in slope.variable_count) or any(
            other.has(x) for x in places for other in inside.args if other != x
        ):
            raise UnknownExpression(f"Subs of something else than a derivative of a function: {_short(expr)}")
        return self._primed(slope, tuple(places.get(u, u) for u in inside.args))

    def _primed(self, slope: Expr, at: tuple[Expr, ...]) -> Term:
        name, inside = _abstract(slope.expr), slope.expr.args
        by = sorted(inside.index(x) + 1 for x, times in slope.variable_count for _ in range(int(times)))
        if len(inside) > 9:
            raise UnknownExpression(f"a function of {len(inside)} arguments: {_short(slope.expr)}")
        order = "'" * len(by) if len(inside) == 1 else "'" + "".join(map(str, by))
        return fn(name + order, *map(self.read, at))

    def _sum(self, expr: Expr) -> Term:
        body = self.read(expr.function)
        for index, first, last in expr.limits:
            if first != 1:
                raise UnknownExpression(f"a sum that starts at {_short(first)}, not at 1: {_short(expr)}")
            body = total(_named(str(index)), self.read(last), body)
        return body


def _abstract(expr: Expr) -> str:
    """The name of a user's function."""
    name = str(expr.func.__name__)
    if name in KNOWN or not name.isidentifier() or known_function(name):
        raise UnknownExpression(f"a function called {name}, which is not that of SymPy: {_short(expr)}")
    return name


def _constant(name: str, expr: Expr) -> Term:
    return sym(name)


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
