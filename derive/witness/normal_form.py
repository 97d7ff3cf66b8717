"""Whether a SymPy expression vanishes wherever it is defined: one fraction of polynomials in generators.

Powers, roots, exponentials, logarithms, sines and cosines are taken apart until each generator has at most one
relation: S^n = u for a root, A^2 = u^2 for an absolute value, s^2 = 1 - c^2 for a sine. Kinks become absolute
values, since nothing is asked at the kinks themselves. A remainder of 0 is an identity; another remainder may
still vanish, if the generators are related in ways that are not known here.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import reduce
from math import comb, lcm, prod
from typing import Any, TypeAlias

from derive.witness.generators import Tower
from derive.witness.polynomials import numerator_size
from derive.witness.rational import Work
from derive.witness.sampling import Unsuited

Expr: TypeAlias = Any
LARGEST, MOST_TERMS = 4_000, 2_000  # nodes of the expression, terms of a power
MOST_TURNS, MOST_ANGLES, MOST_ROUNDS = 16, 40, 8
# what is positive where a function has a value and a slope
DOMAINS: Mapping[str, Callable[[Expr], tuple[Expr, ...]]] = {
    **dict.fromkeys(("asin", "acos", "atanh", "erfinv"), lambda u: (1 - u, 1 + u)),
    "acosh": lambda u: (u - 1, u + 1),
    "asech": lambda u: (u, 1 - u, 1 + u),
    "loggamma": lambda u: (u,),
}


def vanishes(
    expr: Expr, positive: tuple[Expr, ...] = (), defined: tuple[Expr, ...] = (), work: Work | None = None
) -> bool:
    """Whether expr is 0 wherever it is defined, as these are, and those are positive; False may mean: not seen.

    >>> import sympy as sp
    >>> x = sp.Symbol("x", real=True)
    >>> vanishes(sp.sin(2 * x) - 2 * sp.sin(x) * sp.cos(x)), vanishes(sp.sqrt(x**2) - x)
    (True, False)
    """
    import sympy as sp

    if sum(1 for _ in sp.preorder_traversal(expr)) > LARGEST:
        raise Unsuited("too-large")
    form = NormalForm(work or Work())
    for _ in range(MOST_ROUNDS):  # what is learnt on the way about units and signs is used from the start
        units, facts = form.finer(), set(form.facts)
        form.begin()
        for fact in positive:
            form.learn(form.walk(fact))
        for other in defined:
            form.walk(other)
        rest = form.reduced(form.walk(expr))
        if form.finer() != units:  # the generators meant one thing at first and then another
            form.facts.clear()
        elif rest == 0:
            return True
        elif form.facts == facts:
            return False
    return False


class NormalForm(Tower):
    """How each kind of expression is read in generators."""

    def __init__(self, work: Work) -> None:
        super().__init__(work)
        self.read: dict[tuple[Expr, bool], Expr] = {}
        self.readers: Mapping[str, Callable[..., Expr]] = {
            "exp": self.exp, "log": self.log, "Abs": self._abs, "sign": self._sign, "Heaviside": self._step,
            "Max": self._max, "Min": self._min, "Piecewise": self._piecewise,
            "sin": lambda u: self._turn(u)[1], "cos": lambda u: self._turn(u)[0],
            "tan": lambda u: self._ratio(u, 1, 0), "cot": lambda u: self._ratio(u, 0, 1),
            "sec": lambda u: 1 / self._turn(u)[0], "csc": lambda u: 1 / self._turn(u)[1],
            "sinh": lambda u: (self.exp(u) - 1 / self.exp(u)) / 2,
            "cosh": lambda u: (self.exp(u) + 1 / self.exp(u)) / 2,
            "tanh": lambda u: 1 - 2 / (self.exp(2 * u) + 1),
            "coth": lambda u: 1 + 2 / (self.exp(2 * u) - 1),
            "sech": lambda u: 2 / (self.exp(u) + 1 / self.exp(u)),
            "csch": lambda u: 2 / (self.exp(u) - 1 / self.exp(u)),
            "acos": lambda u: self.pi() / 2 - self.kernel("asin", u),
            "asec": lambda u: self.pi() / 2 - self.kernel("asin", 1 / u),
            "acsc": lambda u: self.kernel("asin", 1 / u),
            "acot": lambda u: self.kernel("atan", 1 / u),
            "erfc": lambda u: 1 - self.kernel("erf", u),
        }  # fmt: skip

    def is_positive(self, f: Expr) -> bool:
        """Whether f is known to be positive wherever anything is asked."""
        return self._positive(f)

    # reading

    def begin(self) -> None:
        super().begin()
        self.read.clear()

    def walk(self, expr: Expr) -> Expr:
        """expr in the generators; what is learnt within a piece is not learnt outside."""
        key = (expr, self.pieces > 0)
        if key not in self.read:
            self.work.spend(1)
            self.read[key] = self._walked(expr)
        return self.read[key]

    def _walked(self, expr: Expr) -> Expr:
        import sympy as sp

        if expr.is_Symbol or expr.is_Rational:
            return expr
        if expr.is_Float:
            return sp.Rational(str(expr))
        if expr.is_Add or expr.is_Mul:
            return expr.func(*map(self.walk, expr.args))
        if expr is sp.pi:
            return self.pi()
        if expr is sp.E:
            return self.exp(sp.Integer(1))
        if expr.is_Pow:
            return self._pow(self.walk(expr.base), expr.exp)
        if isinstance(expr, (sp.Subs, sp.Derivative)):
            return self._slope(expr)
        if isinstance(expr, sp.Piecewise):
            return self._piecewise(*expr.args)
        if expr.is_number and not expr.is_real:
            raise Unsuited("not-real")
        name = type(expr).__name__
        at = [self.walk(a) for a in expr.args]
        for border in DOMAINS[name](*at) if name in DOMAINS else ():
            self.learn(border)
        return self.readers[name](*at) if name in self.readers else self.kernel(name, *at)

    def _slope(self, expr: Expr) -> Expr:
        """A derivative of an abstract function at a place."""
        import sympy as sp
        from sympy.core.function import AppliedUndef

        slope = expr.expr if isinstance(expr, sp.Subs) else expr
        inside = slope.expr
        if not isinstance(inside, AppliedUndef) or any(inside.args.count(x) != 1 for x, _ in slope.variable_count):
            raise Unsuited("unknown-expression", what=str(expr))
        at = dict(zip(expr.variables, expr.point, strict=True)) if isinstance(expr, sp.Subs) else {}
        by = tuple(sorted((inside.args.index(x), int(times)) for x, times in slope.variable_count))
        return self.kernel(f"{inside.func.__name__}{by}", *(self.walk(at.get(a, a)) for a in inside.args))

    # powers, exponentials, logarithms

    def _pow(self, bottom: Expr, exponent: Expr) -> Expr:

        if exponent.is_Integer:
            terms = numerator_size(bottom)
            if abs(int(exponent)) > 1 and comb(min(abs(int(exponent)), 10**6) + terms - 1, terms - 1) > MOST_TERMS:
                bottom = self.kernel("whole", bottom)
            return bottom**exponent
        if exponent.is_Rational:
            return self.root(bottom, exponent)
        return self.exp(self.walk(exponent) * self.log(bottom))

    # signs

    def _abs(self, u: Expr) -> Expr:
        c, factors = self.factors(u)
        return reduce(lambda result, part: result * self.absolute(part[0]) ** part[1], factors, abs(c))

    def _sign(self, u: Expr) -> Expr:
        return u / self._abs(u)

    def _step(self, u: Expr, *_: Expr) -> Expr:
        return (1 + self._sign(u)) / 2

    def _max(self, *at: Expr) -> Expr:
        return reduce(lambda u, v: (u + v + self._abs(u - v)) / 2, at)

    def _min(self, *at: Expr) -> Expr:
        return reduce(lambda u, v: (u + v - self._abs(u - v)) / 2, at)

    def _piecewise(self, *pieces: Expr) -> Expr:
        import sympy as sp

        *others, (last, always) = pieces
        if always is not sp.true:
            raise Unsuited("unknown-expression", what="Piecewise")
        self.pieces += 1
        result = self.walk(last)
        for value, condition in reversed(others):
            here = self._holds(condition)
            result = self.walk(value) * here + result * (1 - here)
        self.pieces -= 1
        return result

    def _holds(self, condition: Expr) -> Expr:
        """1 where it holds, 0 elsewhere."""
        import sympy as sp

        if condition in (sp.true, sp.false):
            return sp.Integer(bool(condition))
        if isinstance(condition, sp.ITE):
            decides, then, otherwise = map(self._holds, condition.args)
            return decides * then + (1 - decides) * otherwise
        if isinstance(condition, sp.And):
            return sp.Mul(*map(self._holds, condition.args))
        if isinstance(condition, sp.Or):
            return 1 - sp.Mul(*(1 - self._holds(part) for part in condition.args))
        if not isinstance(condition, (sp.StrictLessThan, sp.LessThan, sp.StrictGreaterThan, sp.GreaterThan)):
            raise Unsuited("unknown-expression", what=str(condition))
        return self._step(self.walk(condition.gts - condition.lts))

    # angles

    def _ratio(self, u: Expr, top: int, bottom: int) -> Expr:
        turn = self._turn(u)
        return turn[top] / turn[bottom]

    def _turn(self, u: Expr) -> tuple[Expr, Expr]:
        """Cosine and sine of a sum of whole multiples, by the addition theorems."""
        import sympy as sp

        cosine, sine = sp.Integer(1), sp.Integer(0)
        terms = list(self.terms(u))
        if prod(abs(int(c.p)) + 1 for c, _ in terms) > MOST_ANGLES:
            content, whole = self.canonical(u).as_content_primitive()
            terms = [(content, whole)]
        for c, m in terms:
            one = self._part_of_a_turn(c, m)
            cosine, sine = sp.expand(cosine * one[0] - sine * one[1]), sp.expand(sine * one[0] + cosine * one[1])
        return cosine, sine

    def _part_of_a_turn(self, c: Expr, m: Expr) -> tuple[Expr, Expr]:
        import sympy as sp

        if m == self.symbols.get("pi"):
            exact = (sp.cos(c * sp.pi), sp.sin(c * sp.pi))
            if not any(v.has(sp.cos, sp.sin) for v in exact):
                return self.walk(exact[0]), self.walk(exact[1])
        key = ("turn", m)
        self.units[key] = lcm(self.units.get(key, 1), int(c.q))
        times = int(c * self.units[key])
        if abs(times) > MOST_TURNS:
            key, times = ("turn", c * m), 1
            self.units[key] = 1
        cosine, sine = self.generator(("cos", *key)), self.generator(("sin", *key))
        self.relations[sine] = (2, 1 - cosine**2)
        one = (cosine, sine if times > 0 else -sine)
        turned = (sp.Integer(1), sp.Integer(0))
        for _ in range(abs(times)):
            turned = (
                sp.expand(turned[0] * one[0] - turned[1] * one[1]),
                sp.expand(turned[1] * one[0] + turned[0] * one[1]),
            )
        return turned
