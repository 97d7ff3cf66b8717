"""A claim about families at one size, as a claim about plain numbers; what the variable does not reach stays a name.

Derivatives of the loss that stand on the right side, dL/ds_m of the next layer, are names on both sides: only the
layer between is differentiated, so the work does not grow with the depth of a network.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from itertools import product

from derive.core.condition import Condition
from derive.core.context import Context
from derive.core.meaning import base
from derive.core.term import Term, add, d, free, mul, num, rebuild, sym, walk
from derive.witness.sampling import Letters, Unsuited, extent, place

Entry = tuple[str, tuple[int, ...]]
ONE, ZERO = num(1), num(0)
MOST_CONDITIONS = 12


def standing(t: Term) -> dict[str, str]:
    """The families whose derivatives stand in t, each with the family they are taken by.

    >>> standing(sym("h")[sym("j")] * d(sym("L"), sym("s")[sym("k")]))
    {'L': 's'}
    """
    found: dict[str, str] = {}
    for _, here in walk(t):
        if here.op == "d":
            above, below = base(here.args[0]), base(here.args[1])
            if found.setdefault(above, below) != below or here.args[0].op not in ("sym", "elem"):
                raise Unsuited("nested-derivative")
    return found


@dataclass(frozen=True)
class Plain:
    """Terms at one size, in names of plain numbers.

    open: the definitions that are put in. by: for each family whose derivatives stand, the family they are taken by.
    """

    context: Context
    sizes: Letters
    letters: Letters
    open: frozenset[str]
    by: Mapping[str, str] = field(default_factory=dict)
    memo: dict[Entry, Term] = field(default_factory=dict)
    reached: dict[tuple[Entry, str], frozenset[Entry]] = field(default_factory=dict)

    @staticmethod
    def of(
        context: Context, sizes: Letters, letters: Letters, cut: str, by: Mapping[str, str], spoken: frozenset[str]
    ) -> Plain:
        """What depends neither on the cut family nor on those that an assumption speaks of stays a name.

        Without a cut family, everything that has a definition is put in.
        """
        moved = (name for name in context.definitions if not cut or {cut, *spoken} & context.reach([name]))
        return Plain(context, sizes, letters, frozenset(moved) - {cut}, by)

    def right(self, t: Term) -> Term:
        return replace(self, open=self.open - {*self.by, *self.by.values()}, memo={}).read(t)

    def left(self, t: Term) -> Term:
        """The derivative on the left side; where others stand, along every way from above down to the variable."""
        u, x = t.args
        return self._slope(self._entry_of(u), x) if self.by else d(self.read(u), self.read(x))

    def rows(self, family: str) -> Iterator[tuple[str, list[Term]]]:
        """The last entry of each row of a family, with the others."""
        *outer, inner = (range(1, extent(size, self.sizes) + 1) for size in self.context.shapes[family])
        for at in product(*outer):
            *others, last = (_named((family, (*at, n))) for n in inner)
            yield str(last.value), others

    def conditions(self, about: tuple[Condition, ...]) -> tuple[Condition, ...]:
        """Each for every value of its primed indices; none if they are many."""
        every = [Condition(c.kind, (self._with(more).read(c.about[0]),)) for c in about for more in self._primed(c)]
        return tuple(dict.fromkeys(every)) if len(every) <= MOST_CONDITIONS else ()

    def read(self, t: Term) -> Term:
        match t.op:
            case "num":
                return t
            case "sym" if t.value in self.letters or t.value in self.sizes:
                return num(place(t, {**self.sizes, **self.letters}))
            case "sym" | "elem":
                return self._value(self._entry_of(t))
            case "sum":
                return add(*(self._with({str(t.args[0].value): n}).read(t.args[2]) for n in self._run(t)))
            case "delta":
                return ONE if place(t.args[0], self.letters) == place(t.args[1], self.letters) else ZERO
            case "d":
                return self._name(*map(self._entry_of, t.args))
        return rebuild(t, tuple(map(self.read, t.args)))

    def _with(self, letters: Letters) -> Plain:
        return replace(self, letters={**self.letters, **letters})

    def _run(self, t: Term) -> range:
        return range(1, extent(t.args[1], self.sizes) + 1)

    def _entry_of(self, t: Term) -> Entry:
        return base(t), tuple(place(a, self.letters) for a in t.args[1:])

    def _value(self, entry: Entry) -> Term:
        name, at = entry
        if name not in self.open:
            return _named(entry)
        if entry not in self.memo:
            definition = self.context.definitions[name]
            self.memo[entry] = self._with(dict(zip(definition.params, at, strict=True))).read(definition.body)
        return self.memo[entry]

    def _name(self, above: Entry, below: Entry) -> Term:
        """The standing derivative as a name."""
        return sym(f"d{_named(above).value}_{_named(below).value}")

    def _slope(self, above: Entry, x: Term) -> Term:
        closed = replace(self, open=self.open - set(self.by) - set(self.by.values()), memo={})
        below = self.read(x)
        if above[0] in self.by:
            family = self.by[above[0]]
            opened = replace(self, open=self.open - set(self.by) | {family}, memo={})
            between = sorted(self._reached(above, family))
            return add(*(mul(self._name(above, q), d(opened._value(q), below)) for q in between))
        opened = replace(closed, open=closed.open | {above[0]}, memo={})
        written = opened._value(above)
        if above[0] in self.context.depends:
            raise Unsuited("nested-derivative")
        steps = [q for family in self.by for q in sorted(self._reached(above, family))]
        return add(d(written, below), *(mul(d(written, _named(q)), self._slope(q, x)) for q in steps))

    def _reached(self, entry: Entry, family: str) -> frozenset[Entry]:
        """The entries of the family that an entry depends on, following the definitions."""
        if entry[0] == family:
            return frozenset([entry])
        if (entry, family) not in self.reached:
            mentioned = self._mentioned(entry)
            self.reached[entry, family] = frozenset(found for e in mentioned for found in self._reached(e, family))
        return self.reached[entry, family]

    def _mentioned(self, entry: Entry) -> Iterator[Entry]:
        """What an entry's definition speaks of, or all that a number of which no more is known depends on."""
        name, at = entry
        for family in self.context.depends.get(name, ()):
            runs = (range(1, extent(size, self.sizes) + 1) for size in self.context.shapes.get(family, ()))
            yield from ((family, each) for each in product(*runs))
        if name in self.context.definitions:
            definition = self.context.definitions[name]
            yield from self._with(dict(zip(definition.params, at, strict=True)))._entries(definition.body)

    def _entries(self, t: Term) -> Iterator[Entry]:
        """The entries that a term mentions, its sums written out."""
        if t.op == "elem" or (t.op == "sym" and t.value in self.context.definitions):
            yield self._entry_of(t)
        elif t.op == "sum":
            for n in self._run(t):
                yield from self._with({str(t.args[0].value): n})._entries(t.args[2])
        else:
            for a in t.args:
                yield from self._entries(a)

    def _primed(self, condition: Condition) -> Iterator[Letters]:
        """Every assignment of the indices that mean each value."""
        (about,) = condition.about
        found: dict[str, int] = {}
        for t in (t for _, t in walk(about) if t.op == "elem"):
            for index, size in zip(t.args[1:], self.context.shapes.get(base(t), ()), strict=False):
                if str(index.value).endswith("'"):
                    found[str(index.value)] = extent(size, self.sizes)
        if {name for name in free(about) if name.endswith("'")} != set(found):
            raise Unsuited("index", index=about)
        todo: list[Letters] = [{}]
        for name, last in found.items():
            todo = [{**one, name: n} for one in todo for n in range(1, last + 1)]
        yield from todo


def _named(entry: Entry) -> Term:
    """An entry as the name of a plain number."""
    name, at = entry
    return sym("_".join((name, *map(str, at))))
