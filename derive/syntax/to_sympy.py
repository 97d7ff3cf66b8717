"""Terms as SymPy expressions. SymPy is imported when it is first needed; no text is ever evaluated."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field, replace
from fractions import Fraction
from functools import reduce
from typing import Any, TypeAlias

from derive.core.context import Context
from derive.core.functions import FUNCTIONS as KNOWN
from derive.core.term import Term

Expr: TypeAlias = Any
# one row a function: its name here, and in SymPy
FUNCTIONS: Mapping[str, str] = {
    "exp": "exp", "log": "log", "sqrt": "sqrt",
    "sin": "sin", "cos": "cos", "tan": "tan", "cot": "cot", "sec": "sec", "csc": "csc",
    "arcsin": "asin", "arccos": "acos", "arctan": "atan", "arccot": "acot", "arcsec": "asec", "arccsc": "acsc",
    "arctan2": "atan2",
    "sinh": "sinh", "cosh": "cosh", "tanh": "tanh", "coth": "coth", "sech": "sech", "csch": "csch",
    "arsinh": "asinh", "arcosh": "acosh", "artanh": "atanh", "arcoth": "acoth", "arsech": "asech", "arcsch": "acsch",
    "abs": "Abs", "sign": "sign", "max": "Max", "min": "Min", "floor": "floor", "ceil": "ceiling",
    "step": "Heaviside",
    "erf": "erf", "erfc": "erfc", "erfinv": "erfinv", "erfi": "erfi", "gamma": "gamma", "loggamma": "loggamma",
    "digamma": "digamma", "trigamma": "trigamma",
    "Si": "Si", "Ci": "Ci", "Shi": "Shi", "Chi": "Chi", "Ei": "Ei", "li": "li",
}  # fmt: skip
CONSTANTS: Mapping[str, str] = {"pi": "pi"}
SELU_ALPHA, SELU_SCALE = "1.6732632423543772", "1.0507009873554805"
# the others, composed; a function with kinks is written so that SymPy's conventions matter at the kinks only
COMPOSED: Mapping[str, Callable[..., Expr]] = {
    "log_base": lambda sp, u, b: sp.log(u) / sp.log(b),
    "tetragamma": lambda sp, u: sp.polygamma(2, u),
    "cbrt": lambda sp, u: sp.sign(u) * sp.Abs(u) ** sp.Rational(1, 3),
    "round": lambda sp, u: sp.floor(u + sp.Rational(1, 2)),
    "sigmoid": lambda sp, u: 1 / (1 + sp.exp(-u)),
    "softplus": lambda sp, u: sp.log(1 + sp.exp(u)),
    "relu": lambda sp, u: sp.Max(u, 0),
    "leaky_relu": lambda sp, u, a: by_pieces((u, u > 0), (a * u, True)),
    "elu": lambda sp, u, a: by_pieces((u, u > 0), (a * (sp.exp(u) - 1), True)),
    "celu": lambda sp, u, a: by_pieces((u, u > 0), (a * (sp.exp(u / a) - 1), True)),
    "selu": lambda sp, u: sp.Rational(SELU_SCALE) * COMPOSED["elu"](sp, u, sp.Rational(SELU_ALPHA)),
    "gelu": lambda sp, u: u * (1 + sp.erf(u / sp.sqrt(2))) / 2,
    "gelu_tanh": lambda sp, u: u * (1 + sp.tanh(sp.sqrt(2 / sp.pi) * (u + sp.Rational("0.044715") * u**3))) / 2,
    "silu": lambda sp, u: u / (1 + sp.exp(-u)),
    "mish": lambda sp, u: u * sp.tanh(sp.log(1 + sp.exp(u))),
    "softsign": lambda sp, u: u / (1 + sp.Abs(u)),
    "logsigmoid": lambda sp, u: -sp.log(1 + sp.exp(-u)),
    "relu6": lambda sp, u: sp.Min(sp.Max(u, 0), 6),
    "hardtanh": lambda sp, u: sp.Min(sp.Max(u, -1), 1),
    "hardsigmoid": lambda sp, u: sp.Min(sp.Max(u + 3, 0), 6) / 6,
    "hardswish": lambda sp, u: u * sp.Min(sp.Max(u + 3, 0), 6) / 6,
    "softshrink": lambda sp, u, a: by_pieces((u - a, u > a), (u + a, u < -a), (0, True)),
    "hardshrink": lambda sp, u, a: by_pieces((u, u > a), (u, u < -a), (0, True)),
    "tanhshrink": lambda sp, u: u - sp.tanh(u),
}
WRITTEN_OUT = ("gamma", "loggamma", "digamma", "trigamma", "tetragamma")  # SymPy works them out exactly
MOST_FACTORS, MOST_BITS = 500, 20_000
RELATIONS: Mapping[str, Callable[[Expr, Expr], Expr]] = {
    "<": lambda a, b: a < b,
    "<=": lambda a, b: a <= b,
    ">": lambda a, b: a > b,
    ">=": lambda a, b: a >= b,
}


class UnknownExpression(ValueError):
    """Something that one side has no words for; the message names it."""


def derivative_order(name: str, arity: int) -> tuple[str, tuple[int, ...]]:
    """The function that an abstract name is a derivative of, and by which of its arguments, from 0.

    >>> derivative_order("f''", 1), derivative_order("g'12", 2)
    (('f', (0, 0)), ('g', (0, 1)))
    """
    plain, prime, order = name.partition("'")
    by = tuple(int(digit) - 1 for digit in order) if order.strip("'") else (0,) * len(prime + order)
    if any(not 0 <= k < arity for k in by):
        raise UnknownExpression(f"{name} of {arity} arguments")
    return plain, by


def symbol_name(family: str, at: tuple[int, ...], labels: Mapping[tuple[str, int], str]) -> str:
    """W_setosa_1: the family, the class where it has a name, the other indices."""
    if not at:
        return family
    return "_".join((family, labels.get((family, at[0]), str(at[0])), *map(str, at[1:])))


def indexed(t: Term, context: Context, derivatives: bool = False) -> Expr:
    """t for a symbolic number of classes: IndexedBase, Sum and KroneckerDelta with its range.

    >>> from derive.core.term import sym, total
    >>> indexed(total(sym("i"), sym("C"), sym("y")[sym("i")]), Context())
    Sum(y[i], (i, 1, C))
    """
    return _Indexed(context, {**context.indices, **context.fixed}, derivatives).read(t)


def concrete(
    t: Term,
    context: Context,
    labels: Mapping[tuple[str, int], str],
    sizes: Mapping[str, int],
    letters: Mapping[str, int] | None = None,
    unfold: Collection[str] = (),
    differentiate: Callable[[Expr, Expr], Expr] | None = None,
) -> Expr:
    """t for given sizes and values of the free index letters, in plain symbols; sums are written out.

    unfold names the definitions to put in; differentiate carries out derivatives, which are refused without it.

    >>> from derive.core.term import sym
    >>> concrete(sym("z")[1] - 2, Context(shapes={"z": (sym("C"),)}), {("z", 1): "setosa"}, {"C": 3})
    z_setosa - 2
    """
    given = dict(letters or {})
    fixed = {name: n for name, n in given.items() if name in context.fixed}
    return _Concrete(context, given, fixed, labels, sizes, frozenset(unfold), differentiate).read(t)


@dataclass(frozen=True)
class _Reader:
    """What both ways of reading a term have in common."""

    context: Context

    def read(self, t: Term) -> Expr:
        import sympy as sp

        match t.op, t.args:
            case "num", _:
                value = Fraction(t.value or 0)
                return sp.Rational(value.numerator, value.denominator)
            case "add", _:
                return sp.Add(*map(self.read, t.args))
            case "mul", _:
                return sp.Mul(*map(self.read, t.args))
            case "neg", (u,):
                return -self.read(u)
            case "div", (u, v):
                return self.read(u) / self.read(v)
            case "pow", (u, v):
                return _power(self.read(u), self.read(v))
            case "fn", _:
                return _applied(str(t.value), [self.read(a) for a in t.args])
            case "cases", _:
                return by_pieces(*self._pieces(t))
            case "sym", () if t.value in CONSTANTS and t.value not in self.context.definitions:
                return getattr(sp, CONSTANTS[str(t.value)])
            case ("sym" | "elem" | "sum" | "delta" | "d") as op, _:
                return getattr(self, f"_{op}")(t)
        raise UnknownExpression(f"SymPy has no word for {t.value or t.op}")

    def _pieces(self, t: Term) -> list[tuple[Expr, Expr]]:
        """Each value and its condition, those nested in otherwise too."""
        if t.op != "cases":
            return [(self.read(t), True)]
        then, left, right, otherwise = t.args
        holds = _compared(str(t.value), self.read(left), self.read(right))
        return [(self.read(then), holds), *self._pieces(otherwise)]


def by_pieces(*pieces: tuple[Expr, Expr]) -> Expr:
    """A Piecewise of values and conditions. Where a condition has pieces itself, SymPy would solve inequalities.

    >>> from sympy import Symbol
    >>> x = Symbol("x", real=True)
    >>> inner = by_pieces((x, x > 1), (-x, True))
    >>> by_pieces((1, inner > 2), (0, True))
    Piecewise((1, ITE(x > 1, x > 2, x < -2)), (0, True))
    """
    import sympy as sp

    return sp.Piecewise(*((value, _without_pieces(holds)) for value, holds in pieces))


def _without_pieces(holds: Expr) -> Expr:
    import sympy as sp

    if not isinstance(holds, sp.Basic) or not holds.has(sp.Piecewise):
        return holds
    folded = sp.piecewise_fold(holds)
    if not isinstance(folded, sp.Piecewise):
        return folded
    *pieces, (last, _) = folded.args
    return reduce(lambda rest, piece: sp.ITE(_without_pieces(piece[1]), piece[0], rest), reversed(pieces), last)


def _power(bottom: Expr, exponent: Expr) -> Expr:
    """SymPy writes 9^9^9 out; it is refused before."""
    if bottom.is_Rational and exponent.is_Rational:
        bits = max(int(bottom.p).bit_length(), int(bottom.q).bit_length())
        if bits * abs(exponent) > MOST_BITS:
            raise UnknownExpression(f"the power {bottom}^{exponent} is too large a number")
    return bottom**exponent


def _applied(name: str, at: list[Expr]) -> Expr:
    """A function known by name, or an abstract one or its derivative at a place."""
    import sympy as sp

    if name in KNOWN and len(at) != KNOWN[name].arity:
        raise UnknownExpression(f"{name} of {len(at)} arguments")
    if name in WRITTEN_OUT and at[0].is_Rational and abs(at[0]) > MOST_FACTORS:
        raise UnknownExpression(f"{name}({at[0]}) is too large a number")
    if name in FUNCTIONS:
        return getattr(sp, FUNCTIONS[name])(*at)
    if name in COMPOSED:
        return COMPOSED[name](sp, *at)
    plain, by = derivative_order(name, len(at))
    if not by:
        return sp.Function(plain)(*at)
    places = [sp.Dummy(f"xi_{n}") if n in by else u for n, u in enumerate(at)]
    slope = sp.Derivative(sp.Function(plain)(*places), *(places[n] for n in by))
    moved = [n for n in range(len(at)) if n in by]
    return sp.Subs(slope, [places[n] for n in moved], [at[n] for n in moved]).doit(deep=False)


def _compared(relation: str, left: Expr, right: Expr) -> Expr:
    try:
        return RELATIONS[relation](left, right)
    except TypeError:  # not real numbers
        raise UnknownExpression(f"{left} and {right} cannot be compared") from None


@dataclass(frozen=True)
class _Indexed(_Reader):
    ranges: Mapping[str, Term]
    derivatives: bool

    def _sym(self, t: Term) -> Expr:
        import sympy as sp

        name = str(t.value)
        sizes = {s.value for shape in self.context.shapes.values() for s in shape} | {
            s.value for s in self.ranges.values()
        }
        if name in sizes:
            return sp.Symbol(name, integer=True, positive=True)
        return sp.Symbol(name, integer=True) if name in self.ranges else sp.Symbol(name)

    def _elem(self, t: Term) -> Expr:
        import sympy as sp

        return sp.IndexedBase(str(t.args[0].value))[tuple(map(self.read, t.args[1:]))]

    def _sum(self, t: Term) -> Expr:
        import sympy as sp

        index, size, body = t.args
        inner = _Indexed(self.context, {**self.ranges, str(index.value): size}, self.derivatives)
        return sp.Sum(inner.read(body), (inner.read(index), 1, inner.read(size)))

    def _delta(self, t: Term) -> Expr:
        import sympy as sp

        # without its range SymPy turns a sum over a delta into a Piecewise
        sizes = [self.ranges[str(a.value)] for a in t.args if a.value in self.ranges]
        return sp.KroneckerDelta(*map(self.read, t.args), *[(1, self.read(size)) for size in sizes[:1]])

    def _d(self, t: Term) -> Expr:
        import sympy as sp

        if not self.derivatives:
            raise UnknownExpression("a derivative that is not carried out; ask for it with derivatives=True")
        return sp.Derivative(*map(self.read, t.args))


@dataclass(frozen=True)
class _Concrete(_Reader):
    letters: dict[str, int]
    fixed: dict[str, int]  # what the letters of the definitions stand for, whatever a sum around them binds
    labels: Mapping[tuple[str, int], str]
    sizes: Mapping[str, int]
    unfold: frozenset[str]
    differentiate: Callable[[Expr, Expr], Expr] | None
    memo: dict[object, Expr] = field(default_factory=dict)

    def _with(self, letters: dict[str, int]) -> _Concrete:
        return replace(self, letters=letters)

    def _place(self, t: Term) -> int:
        if t.op == "sym" and t.value in self.letters:
            return self.letters[str(t.value)]
        if t.op == "sym" and t.value in self.sizes:
            return self.sizes[str(t.value)]
        if t.op == "num" and isinstance(t.value, Fraction) and t.value.denominator == 1:
            return int(t.value)
        raise UnknownExpression(f"{t} is not an index that has a value")

    def _entry(self, name: str, at: tuple[int, ...]) -> Expr:
        import sympy as sp

        if name not in self.unfold or name not in self.context.definitions:
            return sp.Symbol(symbol_name(name, at, self.labels))
        if (name, at) not in self.memo:
            definition = self.context.definitions[name]
            inner = self._with(self.fixed | dict(zip(definition.params, at, strict=True)))
            self.memo[name, at] = inner.read(definition.body)
        return self.memo[name, at]

    def _sym(self, t: Term) -> Expr:
        import sympy as sp

        if t.value in self.letters or t.value in self.sizes:
            return sp.Integer(self._place(t))
        return self._entry(str(t.value), ())

    def _elem(self, t: Term) -> Expr:
        return self._entry(str(t.args[0].value), tuple(map(self._place, t.args[1:])))

    def _sum(self, t: Term) -> Expr:
        import sympy as sp

        index, size, body = t.args
        values = range(1, self._place(size) + 1)
        return sp.Add(*[self._with({**self.letters, str(index.value): n}).read(body) for n in values])

    def _delta(self, t: Term) -> Expr:
        import sympy as sp

        return sp.Integer(self._place(t.args[0]) == self._place(t.args[1]))

    def _d(self, t: Term) -> Expr:
        if self.differentiate is None:
            raise UnknownExpression("a derivative that is not carried out")
        return self.differentiate(self.read(t.args[0]), self.read(t.args[1]))
