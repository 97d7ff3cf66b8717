"""SymPy as a witness for functions of plain numbers: it differentiates the function itself, as one of real numbers.

What is left of the claim is reduced to 0 for all real numbers at once, or in each region that points were found in;
it is refuted only by its values at points where everything on both sides is real.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import islice
from typing import Any, TypeAlias

from flint import ctx as flint_context

from derive.core.law import Condition, Context, base
from derive.core.term import Term
from derive.syntax.sympy_bridge import UnknownExpression, concrete, from_sympy
from derive.witness.evaluate import PRECISION
from derive.witness.normal_form import LARGEST, vanishes
from derive.witness.polynomials import MOST_FACTORED, numerator_size
from derive.witness.real_value import DIGITS, real_value, with_stand_ins
from derive.witness.regions import UNDEFINED, Explorer, Signs, scalars
from derive.witness.sampling import Unsuited
from derive.witness.verdict import Proven, Refuted, Undecided, Verdict

Expr: TypeAlias = Any
Point = Mapping[str, Fraction]
BY = "sympy"
TRIED, GLANCES = 60, 3  # points where it is not reduced; points looked at where it is
MORE_DIGITS = 200
MOST_REGIONS = 24  # in which it is reduced one by one
SMALLEST_DIFFERENCE = 1e-12


def check_function(
    context: Context, left: Term, right: Term, names: Sequence[str], conditions: Sequence[Condition] = ()
) -> Verdict:
    """Whether left = right, where left may be a derivative; names are the variables, all of them plain numbers."""
    sides = _Sides.of(context, left, right, conditions)
    explorer = Explorer(context, names, (left, right), BY, {})
    why = sides.remains()
    seen: dict[Signs, int] = {}
    for signs, point, differs in islice(sides.looked_at(explorer), TRIED if why else GLANCES):
        if differs:
            here, there = sides.at(point, DIGITS)
            return Refuted(BY, point, float(here), float(there), _said(sides.left - sides.right))
        seen[signs] = seen.get(signs, 0) + 1
    if not seen:
        return Undecided(BY, "no-point")
    if why and len(seen) <= MOST_REGIONS:
        facts = (sides.facts(context, explorer, signs) for signs in seen)
        why = next(filter(None, (replace(sides, positive=more).remains() for more in facts)), None)
    if why is not None:
        return Undecided(BY, why.why, why.slots)
    return Proven(BY, {"sizes": (), "points": sum(seen.values()), "regions": len(seen)})


def residual_term(left: Term, right: Term, context: Context) -> Term | None:
    """left - right as SymPy factors it, for scalar functions; None where it has no words for it.

    >>> from derive.core.term import d, lift, sym
    >>> x = sym("x")
    >>> residual_term(d(x**3, x), lift(2) * x**2, Context())
    pow(x, 2)
    """
    try:
        if scalars(context, (left, right)) is None:
            return None
        sides = _Sides.of(context, left, right, ())
        return _said(sides.left - sides.right)
    except (Unsuited, UnknownExpression):
        return None


@dataclass(frozen=True)
class _Sides:
    """Both sides in real numbers, the derivatives carried out; what must be defined, and what is positive."""

    left: Expr
    right: Expr
    inside: tuple[Expr, ...]
    positive: tuple[Expr, ...]
    above_zero: frozenset[str]  # variables

    @staticmethod
    def of(context: Context, left: Term, right: Term, conditions: Sequence[Condition]) -> _Sides:
        import sympy as sp

        above_zero = tuple(c.about[0] for c in conditions if c.kind == "positive")
        real = _Real(frozenset(str(t.value) for t in above_zero if t.op == "sym"))
        inside: list[Expr] = []

        def differentiated(u: Expr, x: Expr) -> Expr:
            if not x.is_Symbol:
                raise Unsuited("nested-derivative")
            inside.append(real.of(u))
            return _between_steps(sp.diff(inside[-1], real.of(x)))

        cut = base(left.args[1]) if left.op == "d" else ""
        unfold = set(context.definitions) - {cut}
        read = [real.of(concrete(t, context, {}, {}, {}, unfold, differentiated)) for t in (left, right, *above_zero)]
        if any(sum(1 for _ in sp.preorder_traversal(e)) > LARGEST for e in read):
            raise Unsuited("too-large")
        if cut in context.definitions:  # it moved freely; at the point it has the value that its definition gives
            body = real.of(concrete(context.definitions[cut].body, context, {}, {}, {}, context.definitions))
            read, inside = ([e.xreplace({real.named(cut): body}) for e in part] for part in (read, inside))
        return _Sides(read[0], read[1], tuple(inside), tuple(read[2:]), real.positive)

    def remains(self) -> Unsuited | None:
        """None if nothing remains of the difference, or why that cannot be said."""
        try:
            if vanishes(self.left - self.right, self.positive, (*self.inside, self.right)):
                return None
        except Unsuited as reason:
            return reason
        return Unsuited("not-reduced")

    def facts(self, context: Context, explorer: Explorer, signs: Signs) -> tuple[Expr, ...]:
        """What is positive where the borders and the variables have these signs."""
        real = _Real(self.above_zero)
        of = (concrete(t, context, {}, {}, {}, set(context.definitions)) for t in explorer.borders)
        known = (*map(real.of, of), *(real.named(name) for name in explorer.names))
        return (*self.positive, *(sign * u for sign, u in zip(signs, known, strict=True) if sign != UNDEFINED))

    def looked_at(self, explorer: Explorer) -> Iterator[tuple[Signs, Point, bool]]:
        """Points where everything is defined, and whether both sides differ there."""
        stood_in = self._with_stand_ins()
        with flint_context.workprec(PRECISION):
            for signs, point in explorer.points():
                inside = all(real_value(e, point) is not None for e in stood_in.inside)
                if inside and all((real_value(e, point) or 0) > 0 for e in stood_in.positive):
                    here, there = (real_value(e, point) for e in (stood_in.left, stood_in.right))
                    if here is not None and there is not None:
                        yield signs, point, not _close(here, there) and stood_in.surely_differ(point)

    def surely_differ(self, point: Point) -> bool:
        """Whether more digits say the same; at large numbers digits cancel."""
        few, many = self.at(point, DIGITS), self.at(point, MORE_DIGITS)
        return None not in (*few, *many) and all(map(_close, few, many)) and not _close(*many)

    def at(self, point: Point, digits: int) -> tuple[Expr, Expr]:
        stood_in = self._with_stand_ins()
        return real_value(stood_in.left, point, digits), real_value(stood_in.right, point, digits)

    def _with_stand_ins(self) -> _Sides:
        return _Sides(
            with_stand_ins(self.left), with_stand_ins(self.right),
            tuple(map(with_stand_ins, self.inside)), tuple(map(with_stand_ins, self.positive)), self.above_zero,
        )  # fmt: skip


@dataclass(frozen=True)
class _Real:
    """Symbols and abstract functions as real ones, so that SymPy does not think of complex numbers."""

    positive: frozenset[str]

    def of(self, expr: Expr) -> Expr:
        import sympy as sp
        from sympy.core.function import AppliedUndef

        def real(e: Expr) -> Expr:  # by hand: with two Subs in a sum, SymPy's own replacing misses one of them
            if e.is_Symbol:
                return e if isinstance(e, sp.Dummy) else self.named(e.name)
            if isinstance(e, sp.Subs):
                return sp.Subs(real(e.expr), e.variables, [real(p) for p in e.point])
            if isinstance(e, AppliedUndef):
                return sp.Function(e.func.__name__, real=True)(*map(real, e.args))
            return e.func(*map(real, e.args)) if e.args and e.free_symbols else e

        if expr.has(AppliedUndef):
            expr = real(expr)
        else:
            expr = expr.xreplace({s: self.named(s.name) for s in expr.free_symbols})
        return expr.replace(lambda e: isinstance(e, sp.Abs) and not e.args[0].is_extended_real, _root_of_square)

    def named(self, name: str) -> Expr:
        import sympy as sp

        return sp.Symbol(name, positive=True) if name in self.positive else sp.Symbol(name, real=True)


def _close(here: Expr, there: Expr) -> bool:
    return bool(abs(here - there) <= SMALLEST_DIFFERENCE * (1 + abs(here)))


def _root_of_square(absolute: Expr) -> Expr:
    """|u|, where SymPy does not see that u is real and would differentiate its real part."""
    import sympy as sp

    return sp.sqrt(absolute.args[0] ** 2)


def _between_steps(slope: Expr) -> Expr:
    """The derivative of a function with steps is 0 between them; nothing is asked at the steps."""
    import sympy as sp

    steps = (sp.floor, sp.ceiling, sp.sign, sp.Heaviside)

    def flat(e: Expr) -> bool:
        inside = e.expr if isinstance(e, sp.Subs) else e
        slope = isinstance(inside, sp.Derivative) and isinstance(inside.expr, steps)
        return isinstance(e, sp.DiracDelta) or slope or (isinstance(e, sp.Subs) and inside == 0)

    return slope.replace(flat, lambda _: sp.Integer(0))


def _said(difference: Expr) -> Term | None:
    """As a product, where there are words for it."""
    import sympy as sp

    if numerator_size(difference) > MOST_FACTORED:
        return None
    names = sorted(difference.atoms(sp.Function), key=lambda f: (-sum(1 for _ in sp.preorder_traversal(f)), str(f)))
    by = {f: sp.Dummy(f"f{n}") for n, f in enumerate(names)}
    try:
        whole = sp.factor(difference.xreplace(by), deep=False)
        return from_sympy(whole.xreplace({symbol: f for f, symbol in by.items()}))
    except (UnknownExpression, sp.PolynomialError):
        return None
