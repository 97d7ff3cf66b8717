"""Single points: what a line says where something in it jumps.

Between its jumps a line is continuous. If it equals a derivative on both sides of a point and is continuous there, it
equals the derivative at the point too, where there is one: a derivative has no jumps (Darboux). So only jumps are
looked at: where a line has different limits from both sides there is no derivative and nothing is asked; where it has
the same limit it must have that value as well. sign(0) = 0; what step(0) is, nobody says.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from fractions import Fraction
from itertools import islice, product
from typing import Any, TypeAlias

from derive.witness.cover import factors_of_all
from derive.witness.normal_form import NormalForm, vanishes
from derive.witness.rational import Work
from derive.witness.real_value import RealValues
from derive.witness.regions import NICE, Point
from derive.witness.roots import Roots, as_rational
from derive.witness.sampling import Unsuited

Expr: TypeAlias = Any
Signs: TypeAlias = Mapping[Expr, int]
MOST_JUMPS, MOST_LOOKED = 5, 100
SMALLEST_DIFFERENCE = 1e-9


def has_jumps(*exprs: Expr) -> bool:
    """Whether a value at a single point may be anything.

    >>> import sympy as sp
    >>> x = sp.Symbol("x", real=True)
    >>> has_jumps(sp.sign(x)), has_jumps(sp.Abs(x) + sp.Max(x, 1))
    (True, False)
    """
    import sympy as sp

    return any(e.has(sp.sign, sp.Heaviside, sp.Piecewise) for e in exprs)


class Jumps:
    """The jumps of right, which equals left beside them. x: along it left is a derivative, if it is one."""

    def __init__(self, left: Expr, right: Expr, x: Expr | None, names: Sequence[Expr], work: Work) -> None:
        self.left, self.right, self.x, self.names, self.work = left, right, x, names, work
        self.form, self.steps = NormalForm(work), dict[Expr, Expr]()  # what a step is at 0
        borders = list(dict.fromkeys(_borders(right)))
        for e in borders:
            if has_jumps(e):
                raise Unsuited("not-reduced")
        self.factors = {e: of for e, of in factors_of_all(self.form, [*borders, *_borders(left)]).items() if of}
        if any(e not in self.factors for e in borders):
            raise Unsuited("not-reduced")
        jumping = (f for e in borders for f, k in self.factors[e][1] if k > 0 and not self._never_zero(f))
        self.jumping = list(dict.fromkeys(jumping))
        if len(self.jumping) > MOST_JUMPS:
            raise Unsuited("too-large")

    def _never_zero(self, f: Expr) -> bool:
        """Where f is a sum of what is not negative, and one summand is positive: a number, or an exponential."""
        import sympy as sp

        positive = {
            g for key, g in self.form.symbols.items() if key == "pi" or (isinstance(key, tuple) and key[0] == "exp")
        }
        terms = [term.as_coeff_Mul(rational=True) for term in sp.Add.make_args(sp.expand(f))]
        never = (all(s in positive or s.is_positive for s in m.free_symbols) for _, m in terms)
        return self.form.is_positive(f) and any(never)

    def fine(self) -> bool:
        """Whether right = left there, too, wherever left has a value; False may mean: not seen."""
        looked = 0
        values = (1, -1) if len(self.names) == 1 else (1, -1, 0)
        for f in self.jumping:
            others = [g for g in self.jumping if g != f]
            for chosen in product(values, repeat=len(others)):
                looked += 1
                if looked > MOST_LOOKED:
                    raise Unsuited("too-large")
                if not self._fine_at(f, dict(zip(others, chosen, strict=True))):
                    return False
        return True

    def _fine_at(self, f: Expr, others: Signs) -> bool:
        """Where f = 0 and the others have these signs."""
        above, below, at = (self.with_signs(self.right, {**others, f: s}) for s in (1, -1, 0))
        if at == above == below:
            return True
        if self.x is not None and (self._crosses(f) or self._flat(f, others, at)):
            apart, off = above - below, at - above
            if off == 0 or at == below or self._multiple(off, apart):
                return True
            return self._zero_on(f, off) if self._zero_on(f, apart) else self._nowhere_zero_on(f, apart)
        return self._zero_on(f, at - self.with_signs(self.left, {**others, f: 0}))

    def _crosses(self, f: Expr) -> bool:
        """Whether f has both signs beside each of its zeros, along x."""
        slope = f.coeff(self.x, 1) if f.is_polynomial(self.x) else f
        if f.free_symbols <= set(self.names) and f.diff(self.x) == slope != 0:
            return bool(slope.is_number or self.form.is_positive(slope))
        return len(self.names) == 1 and (self._is_wave(f) or Roots(self.form, self.x).all_crossed(f))

    def _is_wave(self, f: Expr) -> bool:
        """One sine or cosine of something linear."""
        key = next((key for key, g in self.form.symbols.items() if g == f), None)
        if not isinstance(key, tuple) or key[0] not in ("sin", "cos"):
            return False
        return bool(key[2].is_polynomial(self.x) and key[2].diff(self.x).is_number)

    def _multiple(self, off: Expr, apart: Expr) -> bool:
        """Whether off is a number of times apart: then it is 0 where apart is."""
        import sympy as sp

        steps = sorted(self.steps.values(), key=str)
        times = (-sp.Rational(1, 2), *(step - 1 for step in steps), *(-step for step in steps))
        return any(self._vanishes(off - c * apart) for c in times)

    def _flat(self, f: Expr, others: Signs, at: Expr) -> bool:
        """Whether right = left where f is 0 all along x, as a x + b where a and b are 0."""
        slope, off = f.coeff(self.x, 1), at - self.with_signs(self.left, {**others, f: 0})
        linear = f.free_symbols <= set(self.names) and f.diff(self.x) == slope
        return bool(linear and slope.is_Symbol and self._vanishes(off.xreplace({slope: slope * 0})))

    def _zero_on(self, f: Expr, e: Expr) -> bool:
        """Whether e = 0 wherever f = 0."""
        import sympy as sp

        if e == 0:
            return True
        if f.free_symbols <= set(self.names):
            for v in sorted(f.free_symbols, key=str):
                if sp.degree(f, v) == 1 and f.coeff(v, 1).is_number:
                    solved = sp.solve(f, v)
                    return self._vanishes(e.xreplace({v: solved[0]}))
            if len(f.free_symbols) == 1:
                top = sp.fraction(sp.together(e))[0]
                if top.is_polynomial(*f.free_symbols) and not top.has(sp.Function):
                    return bool(sp.rem(top, f, *f.free_symbols) == 0)
        return self._vanishes(e)

    def _nowhere_zero_on(self, f: Expr, e: Expr) -> bool:
        """Whether e is 0 at no zero of f: it was seen not to be 0 at all of them."""
        import sympy as sp

        if self._vanishes(e - 1) or (e.is_number and e.is_nonzero):
            return True
        if len(self.names) != 1 or not f.free_symbols <= set(self.names):
            return False
        top = sp.fraction(sp.together(e))[0]
        if top.is_polynomial(self.x) and not top.has(sp.Function):
            return bool(sp.gcd(sp.Poly(top, self.x), sp.Poly(f, self.x)).degree() == 0)
        if sp.degree(f, self.x) == 1:
            value = e.xreplace({self.x: sp.solve(f, self.x)[0]}).evalf(30)
            return bool(value.is_Float and abs(value) > 1e-10)
        return False

    def _vanishes(self, e: Expr) -> bool:
        return vanishes(e, (), (), self.work)

    def differing(self, left_at: Callable[[Point], float | None]) -> tuple[Point, float, float] | None:
        """A rational point where something jumps and left has another value, which left_at says; and both values."""
        for f, point in islice(self._points(), MOST_LOOKED):
            here = left_at(point)
            there = None if here is None else self._value(f, point)
            if here is not None and there is not None and abs(here - there) > SMALLEST_DIFFERENCE:
                return point, here, there
        return None

    def _value(self, f: Expr, point: Point) -> float | None:
        """Of right, at a point where f = 0; None where it has none, or step(0) is in it."""
        at = self.with_signs(self.right, {f: 0})
        value = RealValues.at(point).real(at) if at.free_symbols <= set(self.names) else None
        return None if value is None else float(value)

    def _points(self) -> Iterator[tuple[Expr, Point]]:
        for f in self.jumping:
            if len(self.names) == 1:
                yield from ((f, {str(self.names[0].name): at}) for at in self._rational_zeros(f))
            elif f.free_symbols <= set(self.names):
                yield from ((f, point) for point in self._on(f))

    def _rational_zeros(self, f: Expr) -> Iterator[Fraction]:
        roots = Roots(self.form, self.names[0])
        yield from (at for at in (Fraction(0), *roots.simplest(f)) if roots.is_zero_at(f, as_rational(at)))

    def _on(self, f: Expr) -> Iterator[Point]:
        import sympy as sp

        for v in sorted(f.free_symbols, key=str):
            others = {name: NICE[n] for n, name in enumerate(self.names) if name != v}
            there = f.xreplace({name: as_rational(at) for name, at in others.items()})
            if sp.degree(there, v) == 1:
                root = -there.coeff(v, 0) / there.coeff(v, 1)
                if root.is_Rational:
                    yield {str(name.name): at for name, at in {**others, v: Fraction(int(root.p), int(root.q))}.items()}

    # what jumps, at given signs

    def with_signs(self, e: Expr, signs: Signs) -> Expr:
        """e where the factors have these signs; 0 for what is 0."""
        import sympy as sp

        if not has_jumps(e):
            return e
        if isinstance(e, sp.Piecewise):
            return self._piece(e, signs)
        if isinstance(e, sp.sign):
            sign = self.sign(e.args[0], signs)
            return e if sign is None else sp.Integer(sign)
        if isinstance(e, sp.Heaviside):
            sign = self.sign(e.args[0], signs)
            step = self.steps.setdefault(e.args[0], sp.Dummy("step", real=True))
            return e if sign is None else (step, sp.Integer(1), sp.Integer(0))[sign]
        return e.func(*(self.with_signs(a, signs) for a in e.args))

    def sign(self, e: Expr, signs: Signs) -> int | None:
        """None where it is not said."""
        of = self.factors.get(e)
        if of is None:
            return None
        sign, factors = of
        for f, k in factors:
            if k < 0 and signs.get(f) == 0:
                return None
            if f in signs:
                sign *= signs[f] ** (2 - k % 2)
            elif not self._never_zero(f):
                return None
        return sign

    def _piece(self, e: Expr, signs: Signs) -> Expr:
        import sympy as sp

        pieces = []
        for value, condition in e.args:
            holds = self.holds(condition, signs)
            if holds is False:
                continue
            pieces.append((self.with_signs(value, signs), True if holds else condition))
            if holds:
                break
        return pieces[0][0] if pieces[0][1] is True else sp.Piecewise(*pieces)

    def holds(self, condition: Expr, signs: Signs) -> bool | None:
        import sympy as sp

        if condition in (sp.true, sp.false):
            return bool(condition)
        if isinstance(condition, sp.ITE):
            decides, then, otherwise = (self.holds(part, signs) for part in condition.args)
            return None if decides is None else then if decides else otherwise
        if isinstance(condition, (sp.And, sp.Or)):
            parts = [self.holds(part, signs) for part in condition.args]
            decisive = isinstance(condition, sp.Or)
            return decisive if decisive in parts else None if None in parts else not decisive
        if isinstance(condition, sp.Not):
            inner = self.holds(condition.args[0], signs)
            return None if inner is None else not inner
        if not isinstance(condition, sp.core.relational.Relational):
            raise Unsuited("unknown-expression", what=str(condition))
        sign = self.sign(_border(condition), signs)
        return None if sign is None else bool(condition.func(sp.Integer(sign), 0))


def _border(condition: Expr) -> Expr:
    return condition.lhs - condition.rhs


def _borders(e: Expr) -> Iterator[Expr]:
    """Of everything that jumps."""
    import sympy as sp

    for here in sp.preorder_traversal(e):
        if isinstance(here, (sp.sign, sp.Heaviside)):
            yield here.args[0]
        if isinstance(here, sp.core.relational.Relational):
            yield _border(here)
