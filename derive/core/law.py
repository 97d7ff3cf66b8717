"""What may be cited: rules with their conditions; and where they are cited."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction

from derive.core.condition import Condition
from derive.core.context import Context, only_row
from derive.core.meaning import base, is_entry
from derive.core.signs import Known, evident
from derive.core.term import Term, free, walk


@dataclass(frozen=True)
class Rule:
    """left = right whenever the conditions hold; a card carries no code and no words."""

    name: str
    left: Term
    right: Term
    where: tuple[Condition, ...] = ()

    def __post_init__(self) -> None:
        leak = _leak(self)
        if leak:
            raise ValueError(f"rule {self.name}: {leak}")


def _leak(rule: Rule) -> str | None:
    """A slot used both inside and outside a sum must be kept apart from its index."""
    apart = {c.about for c in rule.where if c.kind == "apart"}
    sides = (rule.left, rule.right)
    binders = {t.args[0] for side in sides for _, t in walk(side) if t.op == "sum" and t.args[0].op == "slot"}
    for k in binders:
        inside = frozenset[str]().union(*(_seen(side, k, within=False)[0] for side in sides))
        outside = frozenset[str]().union(*(_seen(side, k, within=False)[1] for side in sides))
        if str(k.value) in outside:
            return f"the index {k} occurs outside its sum"
        for name in sorted(inside & outside):
            if (k, Term("slot", (), name)) not in apart:
                return f"?{name} stands inside and outside the sum over {k}"
    return None


def _seen(t: Term, k: Term, within: bool) -> tuple[frozenset[str], frozenset[str]]:
    """The slots of t that stand inside, and outside, the scope of the index k."""
    if t.op == "slot":
        one = frozenset([str(t.value)])
        return (one, frozenset()) if within else (frozenset(), one)
    children = [(a, within) for a in t.args]
    if t.op in ("sum", "put") and k in t.args[:2]:
        binder = 0 if t.op == "sum" else 1
        children = [(a, within or n == (2 if t.op == "sum" else 0)) for n, a in enumerate(t.args) if n != binder]
    pairs = [_seen(a, k, w) for a, w in children]
    return (
        frozenset[str]().union(*(p[0] for p in pairs)),
        frozenset[str]().union(*(p[1] for p in pairs)),
    )


@dataclass(frozen=True)
class Scope:
    """The context together with what surrounds the place at hand.

    bound: the indices bound by sums. positive, nonnegative: what the conditions of the pieces around it say. pieces:
    the terms by cases around it, outermost first, and whether the place is in what they are otherwise.
    """

    context: Context
    bound: Mapping[str, Term]
    positive: frozenset[Term] = frozenset()
    nonnegative: frozenset[Term] = frozenset()
    pieces: tuple[tuple[Term, bool], ...] = ()

    @property
    def known(self) -> Known:
        return Known(self.context.bodies, self.positive | self.context.sizes, (), self.nonnegative)

    def size_of(self, index: Term) -> Term | None:
        if index.op != "sym":
            return None
        name = str(index.value)
        return self.bound.get(name) or self.context.indices.get(name) or self.context.fixed.get(name)


def _apart(s: Scope, index: Term, u: Term) -> bool:
    return index.op == "sym" and index.value not in free(u)


def _constant(s: Scope, u: Term, x: Term) -> bool:
    return base(x) not in s.context.reach(free(u))


def _through(s: Scope, u: Term, q: Term, x: Term) -> bool:
    if any(t.op == "d" for _, t in walk(u)):  # a derivative inside u looks through the q, which are to stay closed
        return False
    return base(q) != base(x) and base(x) not in s.context.reach(free(u), cut=[base(q)])


def _through_row(s: Scope, u: Term, q: Term, row: Term, x: Term) -> bool:
    return _through(s, u, q, x) and _rows(s, u, q, row)


def _rows(s: Scope, u: Term, q: Term, row: Term) -> bool:
    shape = s.context.shapes.get(base(q), ())
    if any(t.op == "d" for _, t in walk(u)) or len(shape) != 2 or not _ranges(s, row, shape[0]):
        return False
    return only_row(u, base(q), row, s.context, s.context.row_wise(base(q)))


def _sized(s: Scope, q: Term, size: Term) -> bool:
    return s.context.shapes.get(str(q.value)) == (size,)


def _columns(s: Scope, q: Term, size: Term) -> bool:
    return s.context.shapes.get(str(q.value), ())[1:] == (size,)


def _ranges(s: Scope, index: Term, size: Term) -> bool:
    return is_entry(index, size, s.size_of(index))


def _distinct(s: Scope, i: Term, j: Term) -> bool:
    return i.op == j.op == "num" and i != j


def _whole(s: Scope, n: Term) -> bool:
    return n.op == "num" and isinstance(n.value, Fraction) and n.value.denominator == 1 and n.value >= 2


def _natural(s: Scope, n: Term) -> bool:
    return n.op == "num" and isinstance(n.value, Fraction) and n.value.denominator == 1 and n.value >= 1


# conditions that hold or do not: the step is refused without them
CHECKS: dict[str, Callable[..., bool]] = {
    "apart": _apart,  # the index does not occur in u
    "constant": _constant,  # u does not depend on x, looking through the definitions
    "through": _through,  # u depends on x only by way of the family q
    "through-row": _through_row,  # u depends on x only by way of this row of the family q
    "rows": _rows,  # of the family q, u depends on this row only
    "sized": _sized,  # the family q has this many entries
    "columns": _columns,  # a row of the family q has this many entries
    "ranges": _ranges,  # the index runs from 1 to size
    "distinct": _distinct,  # two different numbers
    "whole": _whole,  # the numeral 2, 3, 4, ...
    "natural": _natural,  # the numeral 1, 2, 3, ...
}


def holds(condition: Condition, scope: Scope) -> bool:
    if condition.kind in CHECKS:
        return CHECKS[condition.kind](scope, *condition.about)
    return evident((condition.kind, condition.about[0]), scope.known)
