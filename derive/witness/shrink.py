"""A problem of many classes cut down to a few, so that a CAS can write it out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from derive.core.context import Context
from derive.core.term import Term, num, rebuild
from derive.witness.sampling import Unsuited

LARGEST = 5
SHRUNK = 3


def shrunk(context: Context, terms: Sequence[Term]) -> tuple[Context, tuple[Term, ...], Mapping[str, int]]:
    """The context and the terms with SHRUNK entries where there were more than LARGEST, and which size was cut.

    The entries that the terms and the definitions name stay different entries, in their order.
    """
    large = frozenset(s for shape in context.shapes.values() for s in shape if (_whole(s) or 0) > LARGEST)
    if not large:
        return context, tuple(terms), {}
    finder = _Cut(context, large, {}, {})
    bodies = [d.body for d in context.definitions.values()]
    for t in (*terms, *bodies):
        finder.of(t)
    spoken = sorted(finder.seen)
    if len(spoken) > LARGEST:
        raise Unsuited("too-many-entries", entries=len(spoken))
    cut = replace(finder, numbers={n: place for place, n in enumerate(spoken, 1)}, new=max(SHRUNK, len(spoken)))
    return cut.context_of(), tuple(map(cut.of, terms)), {"from": max(map(int, map(str, large))), "to": cut.new}


def _whole(t: Term) -> int | None:
    return int(t.value) if t.op == "num" and isinstance(t.value, Fraction) and t.value.denominator == 1 else None


@dataclass(frozen=True)
class _Cut:
    """seen collects the numerals; numbers says what they become."""

    context: Context
    large: frozenset[Term]
    seen: dict[int, None]
    numbers: Mapping[int, int]
    new: int = SHRUNK

    def context_of(self) -> Context:
        c = self.context
        return Context(
            {name: replace(d, body=self.of(d.body)) for name, d in c.definitions.items()},
            {name: tuple(map(self._size, shape)) for name, shape in c.shapes.items()},
            {name: self._size(size) for name, size in c.indices.items()},
            {name: self._size(size) for name, size in c.fixed.items()},
            {name: (self.of(left), self.of(right)) for name, (left, right) in c.assumptions.items()},
        )

    def of(self, t: Term) -> Term:
        if t in self.large:
            raise Unsuited("size-as-value", size=t)
        if t.op == "elem":
            shape = self.context.shapes.get(str(t.args[0].value), ())
            indices = zip(t.args[1:], shape, strict=False)
            return rebuild(t, (t.args[0], *(self._index(a) if size in self.large else a for a, size in indices)))
        if t.op == "delta":
            # the numeral of a delta is only ever compared, so a small one may be relabelled too
            small = {self.context.indices.get(str(a.value)) for a in t.args} - self.large - {None}
            return t if small else rebuild(t, tuple(map(self._index, t.args)))
        if t.op == "sum":
            return Term("sum", (t.args[0], self._size(t.args[1]), self.of(t.args[2])))
        return rebuild(t, tuple(map(self.of, t.args)))

    def _index(self, t: Term) -> Term:
        n = _whole(t)
        if n is None:
            return t
        self.seen[n] = None
        return num(self.numbers.get(n, n))

    def _size(self, t: Term) -> Term:
        return num(self.new) if t in self.large else t
