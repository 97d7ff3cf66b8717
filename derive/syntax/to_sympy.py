"""Terms as SymPy expressions. SymPy is imported when it is first needed; no text is ever evaluated."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import Any, TypeAlias

from derive.core.law import Context
from derive.core.term import Term

Expr: TypeAlias = Any
# one row a function: its name here, and in SymPy
FUNCTIONS: Mapping[str, str] = {
    "exp": "exp", "log": "log", "sin": "sin", "cos": "cos", "tan": "tan", "sqrt": "sqrt", "sinh": "sinh",
    "cosh": "cosh", "tanh": "tanh", "arctan": "atan", "abs": "Abs",
}  # fmt: skip
COMPOSED: Mapping[str, Callable[[Any, Expr], Expr]] = {
    "sigmoid": lambda sp, u: 1 / (1 + sp.exp(-u)),
    "softplus": lambda sp, u: sp.log(1 + sp.exp(u)),
}


class UnknownExpression(ValueError):
    """Something that one side has no words for; the message names it."""


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
                return self.read(u) ** self.read(v)
            case "fn", (u,) if t.value in FUNCTIONS:
                return getattr(sp, FUNCTIONS[str(t.value)])(self.read(u))
            case "fn", (u,) if t.value in COMPOSED:
                return COMPOSED[str(t.value)](sp, self.read(u))
            case ("sym" | "elem" | "sum" | "delta" | "d") as op, _:
                return getattr(self, f"_{op}")(t)
        raise UnknownExpression(f"SymPy has no word for {t.value or t.op}")


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
