"""The two sides of a claim about plain numbers as SymPy reads them, and their values at points."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from functools import lru_cache
from itertools import chain, islice, product
from typing import Any, TypeAlias

from flint import ctx as flint_context

from derive.core.condition import Condition
from derive.core.context import Context
from derive.core.meaning import base
from derive.core.term import Term
from derive.syntax.sympy_bridge import UnknownExpression, concrete
from derive.witness.applies import explored
from derive.witness.at_point import Question
from derive.witness.evaluate import PRECISION
from derive.witness.real_value import DIGITS, FAULTS, RealValues, with_stand_ins
from derive.witness.regions import Explorer, Signs
from derive.witness.sampling import Unsuited

Expr: TypeAlias = Any
Point = Mapping[str, Fraction]
LARGEST = 20_000  # nodes; much larger ones are not even evaluated
SMALLEST_DIFFERENCE = 1e-12
SAME_DIGITS = 30  # that two values must share to be called the same
WORKING_DIGITS = ((80, 200), (300, 500))  # with as many they are worked out, to see that the first are right
ENOUGH, SPREAD = 3, 7  # points in each region, and every seventh in regions that have enough
FEWEST = 5  # points in all; where no more are found, more are taken beside them
BESIDE = tuple(Fraction(1, n) for n in (1009, -997, 10_007, -9973))


@dataclass(frozen=True)
class Sides:
    """Both sides in real numbers, the derivatives carried out; what must be defined, and what is positive."""

    left: Expr
    right: Expr
    inside: tuple[Expr, ...]
    positive: tuple[Expr, ...]
    above_zero: frozenset[str]  # variables
    known: dict[tuple[object, ...], tuple[Expr, Expr]] = field(default_factory=dict, compare=False)  # by point

    @staticmethod
    def of(context: Context, left: Term, right: Term, conditions: Sequence[Condition]) -> Sides:
        """Raises Unsuited for what is too large or not real, or a derivative along something that is no variable."""
        above_zero = tuple(c.about[0] for c in conditions if c.kind == "positive")
        real = _Real(frozenset(str(t.value) for t in above_zero if t.op == "sym"))
        cut = base(left.args[1]) if left.op == "d" else ""
        try:
            read, inside = _read(context, (left, right, *above_zero), real, set(context.definitions) - {cut})
        except UnknownExpression:
            raise
        except FAULTS:  # SymPy compares numbers that are not real, as in max(arsech(3), 0)
            raise Unsuited("not-real") from None
        if cut in context.definitions:  # it moved freely; at the point it has the value that its definition gives
            body = real.of(concrete(context.definitions[cut].body, context, {}, {}, {}, context.definitions))
            read, inside = ([e.xreplace({real.named(cut): body}) for e in part] for part in (read, inside))
        return Sides(read[0], read[1], tuple(inside), tuple(read[2:]), real.positive)

    def also(self, context: Context, terms: Sequence[Term]) -> list[Expr]:
        """Other terms about the same variables, read in the same way."""
        real = _Real(self.above_zero)
        return [real.of(concrete(t, context, {}, {}, {}, set(context.definitions), _derived)) for t in terms]

    def symbols(self, names: Sequence[str]) -> list[Expr]:
        """What stands for the variables."""
        return [_Real(self.above_zero).named(name) for name in names]

    @property
    def abstract(self) -> bool:
        """Whether they speak of functions that could be any."""
        from sympy.core.function import AppliedUndef

        return any(e.has(AppliedUndef) for e in (self.left, self.right, *self.inside, *self.positive))

    def stood_in(self) -> Sides:
        """With a fixed function for each abstract one, so that there are values."""
        if not self.abstract:
            return self
        return Sides(
            with_stand_ins(self.left), with_stand_ins(self.right),
            tuple(map(with_stand_ins, self.inside)), tuple(map(with_stand_ins, self.positive)), self.above_zero,
        )  # fmt: skip

    @property
    def size(self) -> int:
        """How many nodes both sides have, counted up to LARGEST."""
        import sympy as sp

        nodes = chain(sp.preorder_traversal(self.left), sp.preorder_traversal(self.right))
        return sum(1 for _ in islice(nodes, LARGEST))

    # values; they are asked of sides that are stood in

    def looked_at(self, explorer: Explorer, question: Question) -> Iterator[tuple[Signs, Point, bool]]:
        """Points of every region where everything is defined, and whether both sides differ there."""
        found: Counter[Signs] = Counter()
        seen: list[Point] = []
        with flint_context.workprec(PRECISION):
            for n, (signs, point) in enumerate(explored(explorer, question)):
                if (found[signs] < ENOUGH or n % SPREAD == 0) and point not in seen and self._has_values(point):
                    found[signs] += 1
                    seen.append(point)
                    yield signs, point, self._surely_differ(point)
            narrow = tuple(seen) if len(seen) < FEWEST else ()
            for step, near in product(BESIDE, narrow):
                beside = {name: value + step for name, value in near.items()}
                signs = explorer.signs(beside)
                if signs in found and self._has_values(beside):
                    yield signs, beside, self._surely_differ(beside)

    def _has_values(self, point: Point) -> bool:
        return None not in self.at(point)

    def at(self, point: Point, digits: int = DIGITS) -> tuple[Expr, Expr]:
        """Both values, or None, where something is not defined or not positive that must be."""
        key = (*point.items(), digits)
        if key not in self.known:
            self.known[key] = self._at(RealValues.at(point, digits))
        return self.known[key]

    def _at(self, values: RealValues) -> tuple[Expr, Expr]:
        inside = all(values.real(e) is not None for e in self.inside)
        if not inside or not all((values.real(e) or 0) > 0 for e in self.positive):
            return None, None
        return values.real(self.left), values.real(self.right)

    def _surely_differ(self, point: Point) -> bool:
        """Whether more digits say the same; at large numbers digits cancel."""
        if _close(*self.at(point)):
            return False
        settled = self._settled(point)
        return settled is not None and not _close(*settled)

    def agree(self, point: Point) -> bool | None:
        """Whether both values begin with the same SAME_DIGITS digits; None where so many cannot be relied on."""
        settled = self._settled(point)
        return None if settled is None else _same_digits(*settled)

    def _settled(self, point: Point) -> tuple[Expr, Expr] | None:
        """Both values, if their first digits stay what they are with more.

        A sum of which no digit is left is worked out with more. At last it is taken for 0, unless something small
        was lost on the way, as in 1 - tanh(1000).
        """
        for digits in WORKING_DIGITS:
            tried = [RealValues.at(point, n) for n in digits]
            few, many = map(self._at, tried)
            if None in (*few, *many):
                return None
            stable, lost = all(map(_same_digits, few, many)), tried[0].lost | tried[1].lost
            if stable and "all digits" not in lost:
                return many
        return many if stable and "a summand" not in lost else None


def _read(
    context: Context, terms: Sequence[Term], real: _Real, unfold: Collection[str]
) -> tuple[list[Expr], list[Expr]]:
    """The terms with their derivatives carried out, and what was differentiated."""
    import sympy as sp

    inside: list[Expr] = []

    def differentiated(u: Expr, x: Expr) -> Expr:
        if not x.is_Symbol:
            raise Unsuited("nested-derivative")
        inside.append(real.of(u))
        return _between_steps(sp.diff(inside[-1], real.of(x)))

    read = [real.of(concrete(t, context, {}, {}, {}, unfold, differentiated)) for t in terms]
    if any(sum(1 for _ in sp.preorder_traversal(e)) > LARGEST for e in read):
        raise Unsuited("too-large")
    return read, inside


@lru_cache(maxsize=1)
def _of_reals() -> Mapping[str, Any]:
    """sinh, cosh and tanh of real numbers, whose sums are not taken apart.

    SymPy's own work out real and imaginary parts where it does not see that the argument is real; of long ones that
    takes minutes.
    """
    import sympy as sp

    class Real:
        def _eval_is_real(self) -> bool | None:
            return True if self.args[0].is_extended_real else None  # type: ignore[attr-defined]

    class Positive(Real):
        _eval_is_positive = _eval_is_nonnegative = Real._eval_is_real

    made: dict[str, Any] = {}

    def of(name: str, base: type, slope: Callable[[Expr], Expr]) -> None:
        made[name] = type(name, (base, getattr(sp, name)), {"fdiff": lambda self, _=1: slope(self.args[0])})

    of("sinh", Real, lambda u: made["cosh"](u))
    of("cosh", Positive, lambda u: made["sinh"](u))
    of("tanh", Real, lambda u: 1 - made["tanh"](u) ** 2)
    return made


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
        expr = expr.replace(
            lambda e: e.func in (sp.sinh, sp.cosh, sp.tanh), lambda e: _of_reals()[e.func.__name__](*e.args)
        )
        return expr.replace(lambda e: isinstance(e, sp.Abs) and not e.args[0].is_extended_real, _root_of_square)

    def named(self, name: str) -> Expr:
        import sympy as sp

        return sp.Symbol(name, positive=True) if name in self.positive else sp.Symbol(name, real=True)


def _derived(u: Expr, x: Expr) -> Expr:
    import sympy as sp

    if not x.is_Symbol:
        raise Unsuited("nested-derivative")
    return _between_steps(sp.diff(u, x))


def _close(here: Expr, there: Expr) -> bool:
    return bool(abs(here - there) <= SMALLEST_DIFFERENCE * (1 + abs(here)))


def _same_digits(here: Expr, there: Expr) -> bool:
    return bool(abs(here - there) * 10**SAME_DIGITS <= max(abs(here), abs(there)))


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
