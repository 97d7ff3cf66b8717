"""Points far out, at the constants that are written, and in narrow places between others.

A claim that nobody has proved may be false there only.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from fractions import Fraction
from itertools import pairwise
from math import ceil, log
from random import Random

from flint import ctx as flint_context

from derive.core.context import Context
from derive.core.functions import CONSTANTS
from derive.core.term import Term, free
from derive.witness.evaluate import PRECISION, Evaluator
from derive.witness.functions import Ball
from derive.witness.regions import BESIDE, NICE, Explorer, Point, candidates, value_at
from derive.witness.sampling import Values

FAR = tuple(Fraction(37, 10) * Fraction(10) ** k for k in (-12, -6, 4, 6, 9, 12))
MIXED = 24  # points of several variables, of every size
BASES, MOST_BORDERS, MOST_DIPS = 2, 12, 4
HALVINGS, FEWEST = 60, 6
LOG_2 = log(2)
LONGEST = 4_096  # bits of a constant before or after the point
SMALLEST = 8_192  # bits; what is smaller is not told from 0
Function = Callable[[Fraction], "Ball | None"]


def constants(terms: Sequence[Term]) -> tuple[Ball, ...]:
    """The values of the constants that are written, as wholes: 10^-9, e^-200, pi/2; none that is 0 or has no value."""
    evaluator = Evaluator(Context(), {}, Values.given({}))
    found = dict.fromkeys(part for t in terms for part in _constant_parts(t))
    values = (value_at(evaluator, part) for part in found)
    return tuple(value for value in values if value is not None and not value.contains(0))


def _constant_parts(t: Term) -> Iterator[Term]:
    if t.op in ("num", "neg", "add", "mul", "div", "pow", "fn", "sym") and free(t) <= set(CONSTANTS):
        yield t
        return
    for a in t.args if t.op not in ("elem", "delta") else ():
        yield from _constant_parts(a)


def bits_of(terms: Sequence[Term]) -> int:
    """How many bits lie between 1 and a product of the constants, at most.

    >>> from derive.core.term import lift
    >>> bits_of([lift(2) ** -40])
    40
    """
    sizes = (abs(float(abs(value).log().mid())) / LOG_2 for value in constants(terms))
    return min(ceil(round(sum(sizes), 3)), SMALLEST)


def places(explorer: Explorer, terms: Sequence[Term]) -> Iterator[Point]:
    """Points where there may be something that no other point shows."""
    yield from candidates(explorer.names, explorer.near, explorer.seed)
    if not explorer.names:
        return
    written = [c + shift for value in constants(terms) for c in _fractions(value) for shift in (0, *BESIDE)]
    special = (*written, *FAR, *(-far for far in FAR))
    if len(explorer.names) == 1:
        yield from ({explorer.names[0]: value} for value in special)
    else:
        rng = Random(explorer.seed)  # noqa: S311 - test points, not secrets
        yield from ({name: rng.choice((*special, *NICE)) for name in explorer.names} for _ in range(MIXED))
    yield from _beside_borders(explorer, special)


def _beside_borders(explorer: Explorer, special: Sequence[Fraction]) -> Iterator[Point]:
    """Where a border changes its sign, along each variable."""
    names = explorer.names
    simple = list(candidates(names, explorer.near, explorer.seed))
    line = sorted({Fraction(0), *special, *NICE, *(point[names[0]] for point in simple)})
    for border in explorer.borders[:MOST_BORDERS]:
        spoken = explorer.context.reach(free(border))
        for base in simple[: BASES if len(names) > 1 else 1]:
            for name in sorted(spoken & set(names)):
                with flint_context.workprec(PRECISION):  # where to look, not what is there
                    found = tuple(_across(_along(explorer, border, base, name), line))
                yield from ({**base, name: x} for x in found)


def _fractions(value: Ball) -> tuple[Fraction, ...]:
    """Both signs of a value, where it is neither huge nor tiny."""
    man, exp = (int(part) for part in value.mid().man_exp())
    if abs(exp) > LONGEST:
        return ()
    exact = Fraction(man) * Fraction(2) ** exp
    return (exact, -exact)


def _along(explorer: Explorer, border: Term, base: Point, name: str) -> Function:
    """The border as a function of one variable."""
    return lambda x: value_at(explorer.evaluator({**base, name: x}), border)


def _across(f: Function, line: Sequence[Fraction]) -> Iterator[Fraction]:
    """Places on both sides of where f changes its sign, also between neighbours of one sign."""
    at = [(x, y) for x in line if (y := f(x)) is not None]
    for (a, low), (b, high) in pairwise(at):
        if (low > 0 and high < 0) or (low < 0 and high > 0):
            yield from (a, b)
    triples = zip(at, at[1:], at[2:], strict=False)
    dips = [(a[0], b, c[0]) for a, b, c in triples if abs(b[1]) < abs(a[1]) and abs(b[1]) < abs(c[1])]
    for a, (b, y), c in sorted(dips, key=lambda dip: abs(dip[1][0]))[:MOST_DIPS]:
        yield from _dip(f, (a, b, c), y)


def _dip(f: Function, ends: tuple[Fraction, Fraction, Fraction], y: Ball) -> Iterator[Fraction]:
    """A place between the ends where f has the other sign, if |f| falls until there is one."""
    a, b, c = ends
    positive = bool(y > 0)
    if not positive and not y < 0:
        return
    for halved in range(HALVINGS):
        inner = [((a + b) / 2, f((a + b) / 2)), (b, y), ((b + c) / 2, f((b + c) / 2))]
        for x, here in inner:
            if here is None:
                return
            if here < 0 if positive else here > 0:
                yield x
                return
        best = 1
        for n in (0, 2):
            best = n if abs(inner[n][1]) < abs(inner[best][1]) else best
        if halved > FEWEST and all(2 * abs(inner[best][1]) > abs(value) for _, value in inner):
            return  # convex as it is here it cannot reach 0
        around = [a, inner[0][0], b, inner[2][0], c]
        a, (b, y), c = around[best], inner[best], around[best + 2]
