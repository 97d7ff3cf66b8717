"""Where a claim about plain numbers is looked at: every pattern of signs that its kinks and its domain can have.

The first points are small rationals, so that a counter-example reads well; then come points of every size and
sign, and at last points on both sides of every border that the others have shown.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from fractions import Fraction
from functools import lru_cache
from itertools import islice, pairwise
from random import Random

from flint import ctx as flint_context

from derive.core.context import Context
from derive.core.functions import CONSTANTS
from derive.core.term import Term, fn, free
from derive.witness.evaluate import Evaluator
from derive.witness.functions import Ball, middle
from derive.witness.sampling import Unsuited, Values

Point = Mapping[str, Fraction]
Signs = tuple[int, ...]  # of every border at a point; 0 on it, UNDEFINED where it has no value
Pair = tuple[dict[str, Fraction], dict[str, Fraction]]
UNDEFINED = 9
NICE = tuple(map(Fraction, ("2", "1/2", "-2", "-1/2", "3", "1/3", "-3", "-1/3", "3/2", "5", "-3/2", "1/10", "10")))
RANGES = tuple((Fraction(a), Fraction(b)) for a, b in (
    ("1/2", "3/2"), ("1/20", "1"), ("1", "11/10"), ("1", "4"), ("1/1000", "1/20"), ("4", "60"), ("60", "1000"),
    ("1000", "1000000"),
))  # fmt: skip
DRAWN = 56
HALVINGS = 48
PAIRS = 2  # of points with a border between them, for each border
MOST_BORDERS = 40

_KINKED = ("abs", "sign", "step", "relu", "leaky_relu", "elu", "celu", "selu", "softsign")
_ABOUT_ZERO = (
    *_KINKED, "log", "sqrt", "cbrt", "arccot", "gamma", "loggamma", "digamma", "trigamma", "coth", "csch", "arcsch",
)  # fmt: skip
KINKS = frozenset((*_KINKED, "max", "min", "relu6", "hardtanh", "hardsigmoid", "hardswish", "softshrink", "hardshrink"))
# the functions with kinks, jumps or a domain: what changes its sign there
BORDERS: Mapping[str, Callable[..., Sequence[Term]]] = {
    **dict.fromkeys(_ABOUT_ZERO, lambda u, *_: (u,)),
    **dict.fromkeys(("max", "min"), lambda u, v: (u - v,)),
    **dict.fromkeys(("tan", "sec"), lambda u: (fn("cos", u),)),
    **dict.fromkeys(("cot", "csc"), lambda u: (fn("sin", u),)),
    **dict.fromkeys(
        ("arcsin", "arccos", "artanh", "erfinv", "arcsec", "arccsc", "arcoth", "hardtanh"), lambda u: (u - 1, u + 1)
    ),
    **dict.fromkeys(("hardsigmoid", "hardswish"), lambda u: (u - 3, u + 3)),
    **dict.fromkeys(("softshrink", "hardshrink"), lambda u, a: (u - a, u + a)),
    "log_base": lambda u, b: (u, b, b - 1),
    "arcosh": lambda u: (u - 1,),
    "arsech": lambda u: (u, u - 1),
    "arctan2": lambda y, x: (y, x),
    "relu6": lambda u: (u, u - 6),
}


def scalars(context: Context, terms: Iterable[Term]) -> tuple[str, ...] | None:
    """The free variables, if they are plain numbers all of them and no index is spoken of."""
    names = context.reach(frozenset[str]().union(*map(free, terms)))
    if any(context.shapes.get(name) or name in context.letters for name in names):
        return None
    return tuple(sorted(name for name in names - set(context.definitions) if name not in CONSTANTS))


def borders(context: Context, terms: Iterable[Term]) -> tuple[Term, ...]:
    """What changes its sign at a kink, at a jump or at the end of a domain, somewhere in the terms."""
    terms = tuple(terms)
    spoken = context.reach(frozenset[str]().union(*map(free, terms)))
    bodies = [context.definitions[name].body for name in sorted(spoken & set(context.definitions))]
    whole = distinct((*terms, *bodies), closed=("sum",))
    found = dict.fromkeys(border for here in whole for border in _own_borders(here))
    return tuple(b for b in found if free(b) and b.op not in ("sym", "num"))[:MOST_BORDERS]


def has_kinks(terms: Iterable[Term]) -> bool:
    return any(map(_has_kinks, terms))


@lru_cache(maxsize=10_000)
def _has_kinks(t: Term) -> bool:
    return t.op == "cases" or (t.op == "fn" and t.value in KINKS) or any(map(_has_kinks, t.args))


def distinct(terms: Iterable[Term], closed: Collection[str] = ()) -> Iterator[Term]:
    """Every term in them, outermost first and each once, for the lines of a proof share most of their parts.

    closed: operators into which is not looked.

    >>> from derive.core.term import exp, sym
    >>> list(distinct([exp(sym("x")) + sym("x"), exp(sym("x"))]))
    [add(exp(x), x), exp(x), x]
    """
    seen: set[Term] = set()
    for t in terms:
        waiting = [t]
        while waiting:
            here = waiting.pop()
            if here not in seen:
                seen.add(here)
                yield here
                waiting.extend(reversed(here.args) if here.op not in closed else ())


def _own_borders(t: Term) -> Sequence[Term]:
    if t.op == "fn":
        return BORDERS[str(t.value)](*t.args) if t.value in BORDERS else ()
    if t.op == "cases":
        return (t.args[1] - t.args[2],)
    if t.op == "pow" and t.args[1].op != "num":
        return (t.args[0],)
    return (t.args[1],) if t.op == "div" else ()


def numbers(terms: Iterable[Term]) -> tuple[Fraction, ...]:
    """The numbers that are written in the terms, and around each of them."""
    written = {t.value for t in distinct(terms) if t.op == "num" and isinstance(t.value, Fraction)}
    near = (c * s + shift for c in sorted(written) for s in (1, -1) for shift in (Fraction(1, 2), -Fraction(1, 2)))
    return tuple(dict.fromkeys(near))


def candidates(names: Sequence[str], near: Sequence[Fraction], seed: str) -> Iterator[dict[str, Fraction]]:
    """Small rationals, then numbers near those written, then numbers of every size; signs in turn."""
    if not names:
        yield {}
        return
    for n in range(len(NICE)):
        yield {name: NICE[(n + k * (n + 4)) % len(NICE)] for k, name in enumerate(names)}
    rng = Random(seed)  # noqa: S311 - test points, not secrets
    pool = (*near, *NICE)
    for n in range(len(near)):
        yield {name: near[n] if len(names) == 1 else rng.choice(pool) for name in names}
    for n in range(DRAWN):
        yield {
            name: (-1 if n >> (k % 5) & 1 else 1) * _drawn(rng, n // 2 + k * rng.randint(1, 8))
            for k, name in enumerate(names)
        }


def _drawn(rng: Random, n: int) -> Fraction:
    low, high = RANGES[n % len(RANGES)]
    return low + (high - low) * Fraction(rng.randint(1, 100), 101)


BESIDE = (Fraction(1, 1009), Fraction(-1, 997))


class Explorer:
    """Points at which to look at some terms; the evaluator of each point is kept in `known`."""

    def __init__(
        self, context: Context, names: Sequence[str], terms: Sequence[Term], seed: str, known: dict[object, Evaluator]
    ) -> None:
        self.context, self.names, self.seed, self.known = context, names, seed, known
        self.near = numbers(terms)
        self.borders = borders(context, terms)

    def points(self) -> Iterator[tuple[Signs, dict[str, Fraction]]]:
        """Every candidate with its signs, then what lies on both sides of the borders between them; none on them.

        A border that is 0 all around a point, as the inner one of relu(relu(x)) for x < 0, has a region there.
        """
        seen: list[tuple[Signs, dict[str, Fraction]]] = []
        for point in candidates(self.names, self.near, self.seed):
            signs = self.signs(point)
            if 0 not in signs or self._flat(point, signs):
                seen.append((signs, point))
                yield signs, point
        for n in range(len(self.borders)):
            for below, above in self._either_side(n, seen):
                for point in self._beside(n, below, above):
                    yield self.signs(point), point

    def _flat(self, point: Point, signs: Signs) -> bool:
        """Whether every border that is 0 here is 0 beside it, too."""
        zero = [border for border, sign in zip(self.borders, signs, strict=False) if sign == 0]
        beside = [{name: value + step for name, value in point.items()} for step in BESIDE]
        return all(self._sign(border, near) == 0 for border in zero for near in beside)

    def _either_side(self, n: int, seen: list[tuple[Signs, dict[str, Fraction]]]) -> Iterator[Pair]:
        """Pairs of points with the n-th border between them: neighbours, on a line."""
        if len(self.names) != 1:
            sides = [[p for signs, p in seen if signs[n] == side] for side in (-1, 1)]
            yield from islice(zip(*sides, strict=False), PAIRS)
            return
        (name,) = self.names
        line = sorted(((p[name], signs[n], p) for signs, p in seen if signs[n] in (-1, 1)), key=lambda at: at[:2])
        across = [(a, b) for a, b in pairwise(line) if a[1] != b[1]]
        for a, b in sorted(across, key=lambda pair: abs(pair[0][0]))[: 2 * PAIRS]:
            yield (a[2], b[2]) if a[1] < 0 else (b[2], a[2])

    def signs(self, point: Point) -> Signs:
        """Of the borders, and then of the variables."""
        return (*(self._sign(b, point) for b in self.borders), *(1 if point[name] > 0 else -1 for name in self.names))

    def evaluator(self, point: Point) -> Evaluator:
        key = (*point.items(), flint_context.prec)
        if key not in self.known:
            self.known[key] = Evaluator(self.context, {}, Values.given(point))
        return self.known[key]

    def _sign(self, border: Term, point: Point) -> int:
        at = value_at(self.evaluator(point), border)
        return UNDEFINED if at is None else 1 if at > 0 else -1 if at < 0 else 0

    def _beside(self, n: int, below: dict[str, Fraction], above: dict[str, Fraction]) -> Iterator[dict[str, Fraction]]:
        """Two points close to each other, with the n-th border between them."""
        for _ in range(HALVINGS):
            between = {name: (below[name] + above[name]) / 2 for name in self.names}
            sign = self._sign(self.borders[n], between)
            if sign == 0:
                yield from ({name: value + step for name, value in between.items()} for step in BESIDE)
            if sign not in (-1, 1):
                return
            below, above = (between, above) if sign < 0 else (below, between)
            if all(abs(above[name] - below[name]) < Fraction(1, 1000) for name in self.names):
                break
        yield from (below, above)


def value_at(evaluator: Evaluator, t: Term) -> Ball | None:
    """The value of a term about plain numbers, where it has one."""
    try:
        at = middle(evaluator.at(t, {}))
    except Unsuited:
        return None
    return at if at.is_finite() else None
