"""What may be cited: rules with their conditions, definitions, assumptions; and where they are cited."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property
from itertools import combinations
from types import MappingProxyType

from derive.core.functions import CONSTANTS, FUNCTIONS
from derive.core.match import Found, fill
from derive.core.signs import Known, evident
from derive.core.term import Term, free, is_size, walk


@dataclass(frozen=True)
class Condition:
    """One of the conditions below, about slots of a rule or, recorded, about terms."""

    kind: str
    about: tuple[Term, ...]

    def __post_init__(self) -> None:
        if self.kind not in CHECKS and self.kind not in RECORDED:
            raise ValueError(f"no condition {self.kind!r}")

    def filled(self, found: Found) -> Condition:
        return Condition(self.kind, tuple(fill(t, found) for t in self.about))


@dataclass(frozen=True)
class Definition:
    """name with its index letters stands for body: p_i := exp(z_i) / sum_m exp(z_m)."""

    name: str
    params: tuple[str, ...]
    body: Term


@dataclass(frozen=True)
class Context:
    """What a proof is about.

    shapes gives the size of each index of a family; indices the range of each free index letter, which
    stands for any entry; fixed the range of each letter that stands for one entry; assumptions the named
    equations that may be cited as holding at the point.
    """

    definitions: Mapping[str, Definition] = field(default_factory=dict)
    shapes: Mapping[str, tuple[Term, ...]] = field(default_factory=dict)
    indices: Mapping[str, Term] = field(default_factory=dict)
    fixed: Mapping[str, Term] = field(default_factory=dict)
    assumptions: Mapping[str, tuple[Term, Term]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for part in ("definitions", "shapes", "indices", "fixed", "assumptions"):  # nobody changes them later
            object.__setattr__(self, part, MappingProxyType(dict(getattr(self, part))))
        self._refuse_odd_names()
        for definition in self.definitions.values():
            if any(t.op == "d" for _, t in walk(definition.body)):
                raise ValueError(f"definition of {definition.name}: a definition holds no derivative")
        for t in (*self.bodies.values(), *(side for sides in self.assumptions.values() for side in sides)):
            if (why := unsound(t, self)) is not None:
                raise ValueError(why)
        for name, definition in self.definitions.items():
            if definition.name != name or len(definition.params) != len(self.shapes.get(name, ())):
                raise ValueError(f"definition of {name}: its indices do not fit its shape")
            if name in self.reach(free(definition.body) - set(definition.params)):
                raise ValueError(f"definition of {name} goes round in a circle")
            if (free(definition.body) - set(definition.params)) & set(self.indices):
                raise ValueError(f"definition of {name} mentions an index that it does not bind")

    @cached_property
    def reserved(self) -> frozenset[str]:
        """The names that no sum may bind: families, definitions, sizes, fixed letters."""
        return frozenset((*self.shapes, *self.definitions, *self.fixed)).union(*map(free, self._sizes()))

    @cached_property
    def letters(self) -> frozenset[str]:
        """The names that stand for places and sizes, and never for a family or a variable."""
        return frozenset((*self.indices, *self.fixed)).union(*map(free, self._sizes()))

    @cached_property
    def bodies(self) -> Mapping[str, Term]:
        return MappingProxyType({name: definition.body for name, definition in self.definitions.items()})

    def _refuse_odd_names(self) -> None:
        """A letter is an index, a fixed entry, a size or a family, and only one of them."""
        if not all(is_size(size) and size.op != "slot" for size in self._sizes()):
            raise ValueError("a size is a name or a whole number from 1")
        named = set(self.shapes) | set(self.definitions)
        sizes = frozenset[str]().union(*map(free, self._sizes()))
        for one, other in combinations((set(self.indices), set(self.fixed), named, set(sizes)), 2):
            if one & other:
                raise ValueError(f"{min(one & other)} is also the name of something else")
        if taken := (named | set(self.indices) | set(self.fixed) | set(sizes)) & set(CONSTANTS):
            raise ValueError(f"{min(taken)} is a number")
        if any("'" in name for name in (*named, *self.indices, *self.fixed, *sizes)):
            raise ValueError("a prime marks the index of a recorded condition, nothing else")

    def _sizes(self) -> list[Term]:
        return [*self.indices.values(), *self.fixed.values(), *(n for shape in self.shapes.values() for n in shape)]

    def reach(self, names: Iterable[str], cut: Iterable[str] = ()) -> frozenset[str]:
        """The names, and every name their definitions mention; definitions of `cut` stay closed."""
        seen: set[str] = set()
        todo = set(names)
        while todo:
            name = todo.pop()
            seen.add(name)
            if name in self.definitions and name not in set(cut):
                definition = self.definitions[name]
                todo |= free(definition.body) - set(definition.params) - seen
        return frozenset(seen)


def unsound(t: Term, context: Context) -> str | None:
    """Why nothing may be proved about a term: it has a hole, or uses a letter for two things."""
    bound: set[str] = set()
    sizes: set[str] = set()
    heads: set[str] = set()  # families and variables of differentiation
    for _, here in walk(t):
        if here.op in ("slot", "put"):
            return f"{t} has a hole"
        if here.op == "sym" and not str(here.value).isidentifier():
            return f"{here} is the mark of a recorded condition"
        if here.op == "sum":
            bound.add(str(here.args[0].value))
            sizes |= free(here.args[1])
        if here.op in ("elem", "d"):
            heads.add(str(here.args[0].value) if here.op == "elem" else base(here.args[1]))
    if heads & set(CONSTANTS) or bound & set(CONSTANTS):
        return f"{min((heads | bound) & set(CONSTANTS))} is a number"
    clash = sorted(bound & (sizes | heads | context.reserved)) + sorted(heads & (context.letters | sizes))
    return f"{clash[0]} names a place or a size, and something else too" if clash else None


@dataclass(frozen=True)
class Scope:
    """The context together with what surrounds the place at hand.

    bound: the indices bound by sums. positive, nonnegative: what the conditions of the pieces around it say.
    """

    context: Context
    bound: Mapping[str, Term]
    positive: frozenset[Term] = frozenset()
    nonnegative: frozenset[Term] = frozenset()

    @property
    def known(self) -> Known:
        return Known(self.context.bodies, self.positive, (), self.nonnegative)

    def size_of(self, index: Term) -> Term | None:
        if index.op != "sym":
            return None
        name = str(index.value)
        return self.bound.get(name) or self.context.indices.get(name) or self.context.fixed.get(name)


def base(x: Term) -> str:
    """The family or variable with respect to which is differentiated."""
    return str((x.args or (x,))[0].value)


def _apart(s: Scope, index: Term, u: Term) -> bool:
    return index.op == "sym" and index.value not in free(u)


def _constant(s: Scope, u: Term, x: Term) -> bool:
    return base(x) not in s.context.reach(free(u))


def _through(s: Scope, u: Term, q: Term, x: Term) -> bool:
    if any(t.op == "d" for _, t in walk(u)):  # a derivative inside u looks through the q, which are to stay closed
        return False
    return base(q) != base(x) and base(x) not in s.context.reach(free(u), cut=[base(q)])


def _sized(s: Scope, q: Term, size: Term) -> bool:
    return s.context.shapes.get(str(q.value)) == (size,)


def _ranges(s: Scope, index: Term, size: Term) -> bool:
    if index.op != "num":
        return s.size_of(index) == size
    n, last = index.value, size.value if size.op == "num" else 1
    return n == int(n or 0) and 1 <= int(n or 0) <= int(last or 0)


def _distinct(s: Scope, i: Term, j: Term) -> bool:
    return i.op == j.op == "num" and i != j


def _whole(s: Scope, n: Term) -> bool:
    return n.op == "num" and isinstance(n.value, Fraction) and n.value.denominator == 1 and n.value >= 2


def _natural(s: Scope, n: Term) -> bool:
    return n.op == "num" and isinstance(n.value, Fraction) and n.value.denominator == 1 and n.value >= 1


def _continuous(s: Scope, u: Term) -> bool:
    return continuous(u, s.context)


def continuous(u: Term, context: Context) -> bool:
    """Whether u has no jumps where it is defined, looking through the definitions.

    An abstract function has none; a term by cases may have some.

    >>> from derive.core.term import fn, sym
    >>> continuous(fn("tanh", sym("x")), Context()), continuous(fn("sign", sym("x")), Context())
    (True, False)
    """
    bodies = (context.bodies[name] for name in context.reach(free(u)) & set(context.bodies))
    return all(_has_no_jump(t) for term in (u, *bodies) for _, t in walk(term))


def _has_no_jump(t: Term) -> bool:
    return t.op != "cases" and (t.op != "fn" or t.value not in FUNCTIONS or FUNCTIONS[str(t.value)].continuous)


# conditions that hold or do not: the step is refused without them
CHECKS: dict[str, Callable[..., bool]] = {
    "apart": _apart,  # the index does not occur in u
    "constant": _constant,  # u does not depend on x, looking through the definitions
    "through": _through,  # u depends on x only by way of the family q
    "sized": _sized,  # the family q has this many entries
    "ranges": _ranges,  # the index runs from 1 to size
    "distinct": _distinct,  # two different numbers
    "whole": _whole,  # the numeral 2, 3, 4, ...
    "natural": _natural,  # the numeral 1, 2, 3, ...
    "continuous": _continuous,  # u has no jumps
}
RECORDED = ("positive", "nonzero")  # conditions on values: evident, or recorded as a condition of the theorem


def holds(condition: Condition, scope: Scope) -> bool:
    if condition.kind in CHECKS:
        return CHECKS[condition.kind](scope, *condition.about)
    return evident((condition.kind, condition.about[0]), scope.known)


@dataclass(frozen=True)
class Rule:
    """left = right whenever the conditions hold; a card carries no code.

    title and says are keyed by language; says may name slots in braces. tries are instances for tests.
    """

    name: str
    left: Term
    right: Term
    where: tuple[Condition, ...] = ()
    title: Mapping[str, str] = field(default_factory=dict, compare=False)
    says: Mapping[str, str] = field(default_factory=dict, compare=False)

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
