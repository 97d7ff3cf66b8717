"""The value of a SymPy expression at a point, if everything in it is real there and nothing has a kink or jumps."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from functools import reduce
from hashlib import sha256
from operator import add, mul
from typing import Any, TypeAlias

Expr: TypeAlias = Any
# what SymPy and mpmath raise at numbers that they were not made for: a pole, an order among complex numbers, a slip
FAULTS = (ArithmeticError, LookupError, NameError, TypeError, ValueError)
DIGITS = 40
LARGEST = 10**300  # beyond it mpmath takes its time
LOWEST = -1000  # below it mpmath works out a trigamma function one by one


class NotReal(Exception):
    """There is no value here, or it is nobody's business."""


@dataclass(frozen=True)
class RealValues:
    """Values of expressions at one point; what occurs again is worked out once.

    >>> import sympy as sp
    >>> x = sp.Symbol("x")
    >>> [RealValues.at({"x": Fraction(n)}).real(sp.sqrt(x)) is None for n in (-1, 2)]
    [True, False]
    """

    point: Mapping[str, Expr]
    digits: int
    known: dict[Expr, Expr] = field(default_factory=dict)
    lost: set[str] = field(default_factory=set)  # "all digits" of a sum that came out as 0; "a summand", too small

    @staticmethod
    def at(point: Mapping[str, Fraction], digits: int = DIGITS) -> RealValues:
        import sympy as sp

        named = {name: sp.Rational(v.numerator, v.denominator) for name, v in point.items()}
        return RealValues({name: sp.Float(v, digits) for name, v in named.items()}, digits)

    def real(self, expr: Expr) -> Expr | None:
        """The value in so many digits, or None."""
        try:
            return self.of(expr)
        except (NotReal, *FAULTS):
            return None

    def of(self, expr: Expr) -> Expr:
        """Raises NotReal, or whatever SymPy raises, where there is none."""
        if expr not in self.known:
            self.known[expr] = self._of(expr)
        return self.known[expr]

    def _of(self, expr: Expr) -> Expr:
        import sympy as sp

        if not isinstance(expr, sp.Expr) or isinstance(expr, (sp.Derivative, sp.Subs)):
            raise NotReal
        if expr.is_Symbol:
            return self.point[expr.name]
        if expr.is_Rational:
            return expr
        if isinstance(expr, sp.Piecewise):
            return self.of(next(value for value, condition in expr.args if self.holds(condition)))
        args = [self.of(a) for a in expr.args]
        if expr.is_Pow and not expr.exp.is_Integer and not _plain(args[0]) > 0:
            raise NotReal
        if _at_kink(expr, args) or (isinstance(expr, sp.polygamma) and _plain(args[1]) < LOWEST):
            raise NotReal
        if expr.is_Add or expr.is_Mul:
            value = reduce(add if expr.is_Add else mul, args)  # at once; SymPy would sort them first
        else:
            value = (expr.func(*args) if args else expr).evalf(self.digits)
        if not (value.is_Float or value.is_Rational) or not abs(_plain(value)) <= LARGEST:
            raise NotReal
        self._note(expr, args, value)
        return value

    def _note(self, expr: Expr, args: list[Expr], value: Expr) -> None:
        if expr.is_Add and any(a.is_Float for a in args):
            sizes = [abs(a) for a in args if a != 0]
            if value == 0:
                self.lost.add("all digits")
            if sizes and min(sizes) * 10**self.digits < max(sizes):
                self.lost.add("a summand")
        if value.is_Float and abs(value) == 1 and not expr.is_Add:  # tanh and erf of large numbers
            self.lost.add("a summand")

    def holds(self, condition: Expr) -> bool:
        """Whether it does; where both sides are equal two pieces meet."""
        import sympy as sp

        if condition in (sp.true, sp.false):
            return bool(condition)
        if isinstance(condition, sp.ITE):
            decides, then, otherwise = condition.args
            return self.holds(then if self.holds(decides) else otherwise)
        if isinstance(condition, (sp.And, sp.Or)):
            every = [self.holds(part) for part in condition.args]
            return all(every) if isinstance(condition, sp.And) else any(every)
        if not isinstance(condition, sp.core.relational.Relational):
            raise NotReal
        above = _plain(self.of(condition.lhs) - self.of(condition.rhs))
        if above == 0:
            raise NotReal
        return isinstance(condition, (sp.Gt, sp.Ge, sp.Ne) if above > 0 else (sp.Lt, sp.Le, sp.Ne))


def _plain(value: Expr) -> Any:
    """A Float or a Rational as a number that is compared at once; SymPy would make a relation first."""
    return value.num if value.is_Float else Fraction(int(value.p), int(value.q))


def _at_kink(expr: Expr, args: list[Expr]) -> bool:
    import sympy as sp

    if isinstance(expr, (sp.Abs, sp.sign, sp.Heaviside, sp.DiracDelta)):
        return bool(args[0] == 0)
    if isinstance(expr, (sp.floor, sp.ceiling)):
        return bool(args[0] == sp.floor(args[0]))
    return isinstance(expr, (sp.Max, sp.Min)) and len(set(args)) < len(args)


def with_stand_ins(expr: Expr) -> Expr:
    """Every abstract function as a fixed one, the same for the same name."""
    import sympy as sp
    from sympy.core.function import AppliedUndef

    applied = {(f.func, len(f.args)) for f in expr.atoms(AppliedUndef)}
    for function, arity in sorted(applied, key=str):
        at = [sp.Dummy(f"u{n}", real=True) for n in range(arity)]
        # one at a time and worked out at once: two at a time SymPy mixes up
        expr = expr.subs(function, sp.Lambda(tuple(at), _stand_in(function.__name__, at))).doit()
    return expr


def _stand_in(name: str, at: list[Expr]) -> Expr:
    """sin of a mixture, and products of neighbours."""
    import sympy as sp

    digits = sha256(f"{name}|{len(at)}".encode()).digest()
    numbers = [sp.Rational(40 + digit, 101) for digit in digits]
    wave = sp.sin(sp.Add(*[a * u for a, u in zip(numbers, at, strict=False)]) + numbers[-1])
    squares = sp.Add(*[a * u * at[n - 1] for n, (a, u) in enumerate(zip(reversed(numbers), at, strict=False))])
    return reduce(lambda whole, u: whole + u / 7, at, numbers[9] * wave + squares)
