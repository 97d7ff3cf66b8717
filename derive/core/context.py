"""What the terms of a theorem are about: definitions, sizes of families, letters, assumptions."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from copy import copy
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property
from itertools import combinations
from types import MappingProxyType

from derive.core.condition import Condition, without_primes
from derive.core.functions import CONSTANTS, FUNCTIONS
from derive.core.meaning import base, unsound
from derive.core.term import Term, free, is_size, nodes, substitute, walk


@dataclass(frozen=True)
class Definition:
    """name with its index letters stands for body: p_i := exp(z_i) / sum_m exp(z_m)."""

    name: str
    params: tuple[str, ...]
    body: Term

    def at(self, indices: Sequence[Term]) -> Term:
        """What it stands for at these indices."""
        return substitute(self.body, dict(zip(self.params, indices, strict=True)))


@dataclass(frozen=True)
class Context:
    """What a proof is about.

    shapes gives the size of each index of a family; indices the range of each free index letter, which
    stands for any entry; fixed the range of each letter that stands for one entry; assumptions the named
    equations that may be cited as holding at the point, for every value of an index with a prime. depends:
    numbers of which nothing is known but that they are continuously differentiable functions of the entries
    of these families (any loss of the logits). counts: sizes that are those of no family.
    """

    definitions: Mapping[str, Definition] = field(default_factory=dict)
    shapes: Mapping[str, tuple[Term, ...]] = field(default_factory=dict)
    indices: Mapping[str, Term] = field(default_factory=dict)
    fixed: Mapping[str, Term] = field(default_factory=dict)
    assumptions: Mapping[str, tuple[Term, Term]] = field(default_factory=dict)
    depends: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    counts: tuple[Term, ...] = ()

    def __post_init__(self) -> None:
        for part in ("definitions", "shapes", "indices", "fixed", "assumptions", "depends"):  # nobody changes them
            object.__setattr__(self, part, MappingProxyType(dict(getattr(self, part))))
        self._refuse_odd_types()
        self._refuse_odd_names()
        for definition in self.definitions.values():
            if any(t.op == "d" for _, t in walk(definition.body)):
                raise ValueError(f"definition of {definition.name}: a definition holds no derivative")
        for name, definition in self.definitions.items():
            taken = {*self.definitions, *self.shapes, *CONSTANTS, *self.depends, *self._spoken, *self.size_names}
            if len(set(definition.params)) != len(definition.params) or set(definition.params) & taken:
                raise ValueError(f"definition of {name}: an index letter is used twice, or means something else")
            if definition.name != name or len(definition.params) != len(self.shapes.get(name, ())):
                raise ValueError(f"definition of {name}: its indices do not fit its shape")
            if name in self.reach(free(definition.body) - set(definition.params)):
                raise ValueError(f"definition of {name} goes round in a circle")
            if stray := _places_from_outside(definition) - set(self.fixed):
                raise ValueError(f"definition of {name} has the index {min(stray)}, which it does not bind")
        for t, ranges in self._said():
            if (why := unsound(t, self, ranges)) is not None:
                raise ValueError(why)
        self._refuse_odd_letters()
        self._refuse_odd_dependence()

    def _said(self) -> Iterator[tuple[Term, Mapping[str, Term]]]:
        """What the definitions and assumptions say, and over what the letters in it run."""
        for name, definition in self.definitions.items():
            yield (
                definition.body,
                {**self.fixed, **dict(zip(definition.params, self.shapes.get(name, ()), strict=True))},
            )
        for sides in self.assumptions.values():
            primed = {letter.rstrip("'"): size for letter, size in _found_sizes(sides, self).items()}
            yield from ((without_primes(side), {**self.indices, **self.fixed, **primed}) for side in sides)

    def with_letters(self, indices: Mapping[str, Term]) -> Context:
        """The same definitions, assumptions and sizes, with these index letters.

        Everything else was checked when this context was made, and is shared.
        """
        _ = (
            self.reserved,
            self.families,
            self.bodies,
            self.rough,
            self.sizes,
            self._smoothness,
        )  # worked out once for all
        other = copy(self)
        object.__setattr__(other, "indices", MappingProxyType(dict(indices)))
        for part in ("letters", "sizes", "size_names", "reserved", "no_numbers"):  # these depend on the letters
            other.__dict__.pop(part, None)
        other._refuse_odd_types()
        other._refuse_odd_names()
        other._refuse_odd_letters()
        return other

    def same_but_letters(self, other: Context) -> bool:
        """Whether both are about the same things; a theorem of one is then a theorem of the other."""
        parts = ("definitions", "shapes", "fixed", "assumptions", "depends", "counts")
        return all(getattr(self, part) is getattr(other, part) for part in parts) or all(
            getattr(self, part) == getattr(other, part) for part in parts
        )

    def _refuse_odd_letters(self) -> None:
        for name, definition in self.definitions.items():
            if (free(definition.body) - set(definition.params)) & set(self.indices):
                raise ValueError(f"definition of {name} mentions an index that it does not bind")

    def _refuse_odd_dependence(self) -> None:
        for name, families in self.depends.items():
            if not isinstance(name, str) or type(families) is not tuple or name in self.definitions:
                raise ValueError(f"{name} either depends on families or has a definition")
            if self.shapes.get(name, ()) != () or not set(families) <= self.families or name in self.reach(families):
                raise ValueError(f"{name} is a number that depends on families, and not on itself")

    @cached_property
    def _mentioned(self) -> Mapping[str, frozenset[str]]:
        """What each name that has a definition, or depends on families, speaks of."""
        defined = {name: free(d.body) - set(d.params) for name, d in self.definitions.items()}
        return defined | {name: frozenset(families) for name, families in self.depends.items()}

    @cached_property
    def _smoothness(self) -> dict[str, dict[Term, tuple[Condition, ...]]]:
        """What `smooth` found of the entries of families, by the variable's family."""
        return {}

    def row_wise(self, q: str) -> frozenset[str]:
        """The definitions whose first index is the only first index of q that they mention, by however many steps."""
        if q not in self._row_wise:
            found: set[str] = set()
            for name in self.in_order:
                definition = self.definitions[name]
                if name != q and definition.params and q in self.reach([name]):
                    row = Term("sym", (), definition.params[0])
                    if only_row(definition.body, q, row, self, frozenset(found)):
                        found.add(name)
            self._row_wise[q] = frozenset(found)
        return self._row_wise[q]

    @cached_property
    def in_order(self) -> tuple[str, ...]:
        """The definitions, each after those that it mentions."""
        return tuple(sorted(self.definitions, key=lambda name: len(self.reach([name]))))

    @cached_property
    def _row_wise(self) -> dict[str, frozenset[str]]:
        return {}

    @cached_property
    def reserved(self) -> frozenset[str]:
        """The names that no sum may bind: families, definitions, sizes, fixed letters."""
        named = (*self.shapes, *self.definitions, *self.depends, *self.fixed)
        return self._spoken.union(named, self.size_names)

    @cached_property
    def _spoken(self) -> frozenset[str]:
        """The names that definitions mention beside their own indices."""
        return frozenset[str]().union(*(free(d.body) - set(d.params) for d in self.definitions.values()))

    @cached_property
    def families(self) -> frozenset[str]:
        """The names that stand for values."""
        return frozenset((*self.shapes, *self.definitions, *self.depends))

    @cached_property
    def letters(self) -> frozenset[str]:
        """The names that stand for places and sizes, and never for a family or a variable."""
        return frozenset((*self.indices, *self.fixed)).union(*map(free, self._sizes()))

    @cached_property
    def size_names(self) -> frozenset[str]:
        """The names of the symbolic sizes: they count entries, and are no values of anything else."""
        return frozenset[str]().union(*map(free, self._sizes()))

    @cached_property
    def no_numbers(self) -> frozenset[str]:
        """The names that do not stand for one number each: indices, sizes, and families with entries."""
        return self.letters | {name for name, shape in self.shapes.items() if shape}

    @cached_property
    def sizes(self) -> frozenset[Term]:
        """The symbolic sizes; each is at least 1."""
        return frozenset(size for size in self._sizes() if size.op == "sym")

    @cached_property
    def bodies(self) -> Mapping[str, Term]:
        return MappingProxyType({name: definition.body for name, definition in self.definitions.items()})

    def _refuse_odd_types(self) -> None:
        sides = [side for sides in self.assumptions.values() for side in sides]
        terms = [*sides, *(d.body for d in self.definitions.values() if isinstance(d, Definition)), *self._sizes()]
        if not all(isinstance(t, Term) for t in terms) or not all(
            isinstance(d, Definition) and type(d.params) is tuple for d in self.definitions.values()
        ):
            raise ValueError("a context is made of definitions and terms")
        if not all(type(part) is tuple for part in (*self.shapes.values(), self.counts)):
            raise ValueError("a shape is a tuple of sizes")

    def _refuse_odd_names(self) -> None:
        """A letter is an index, a fixed entry, a size or a family, and only one of them."""
        if not all(is_size(size) and size.op != "slot" for size in self._sizes()):
            raise ValueError("a size is a name or a whole number from 1")
        named = set(self.shapes) | set(self.definitions) | set(self.depends)
        sizes = frozenset[str]().union(*map(free, self._sizes()))
        for one, other in combinations((set(self.indices), set(self.fixed), named, set(sizes)), 2):
            if one & other:
                raise ValueError(f"{min(one & other)} is also the name of something else")
        if taken := (named | set(self.indices) | set(self.fixed) | set(sizes)) & set(CONSTANTS):
            raise ValueError(f"{min(taken)} is a number")
        if any("'" in name for name in (*named, *self.indices, *self.fixed, *sizes)):
            raise ValueError("a prime marks the index of a recorded condition, nothing else")

    @cached_property
    def rough(self) -> frozenset[str]:
        """The definitions in which something is not smooth everywhere, themselves or by what they mention."""
        own = {name for name, body in self.bodies.items() if any(_is_rough(t) for _, t in walk(body))}
        return frozenset(name for name in (*self.definitions, *self.depends) if self.reach([name]) & own)

    def _sizes(self) -> list[Term]:
        shapes = (n for shape in self.shapes.values() for n in shape)
        return [*self.indices.values(), *self.fixed.values(), *shapes, *self.counts]

    def reach(self, names: Iterable[str], cut: Iterable[str] = ()) -> frozenset[str]:
        """The names, and every name their definitions mention; definitions of `cut` stay closed."""
        seen: set[str] = set()
        todo, closed = set(names), set(cut)
        while todo:
            name = todo.pop()
            seen.add(name)
            if name in self._mentioned and name not in closed:
                todo |= self._mentioned[name] - seen
        return frozenset(seen)


def _places_from_outside(definition: Definition) -> set[str]:
    """The index letters of a definition that are neither its own nor bound in it."""

    def stray(t: Term, known: frozenset[str]) -> set[str]:
        if t.op == "sum":
            known = known | {str(t.args[0].value)}
        places = t.args[1:] if t.op == "elem" else t.args if t.op == "delta" else ()
        here = {str(a.value) for a in places if a.op == "sym"} - known
        return here.union(*(stray(a, known) for a in t.args))

    return stray(definition.body, frozenset(definition.params))


def _is_rough(t: Term) -> bool:
    """Whether this operation may lack a derivative where it is defined."""
    if t.op in ("cases", "d") or (t.op == "pow" and not is_whole_number(t.args[1])):
        return True
    return t.op == "fn" and t.value in FUNCTIONS and FUNCTIONS[str(t.value)].smooth != ()


def is_whole_number(n: Term) -> bool:
    n = n.args[0] if n.op == "neg" else n
    return n.op == "num" and isinstance(n.value, Fraction) and n.value.denominator == 1


def only_row(t: Term, q: str, row: Term, context: Context, row_wise: frozenset[str]) -> bool:
    """Whether whatever t mentions of the family q, by way of its definitions too, has this first index."""
    if q not in context.reach(free(t)):
        return True
    if t.op == "sum" and t.args[0] == row:
        return False
    if t.op not in ("sym", "elem"):
        return all(only_row(a, q, row, context, row_wise) for a in t.args)
    own = base(t) in row_wise or (base(t) == q and len(t.args) > 2)
    return own and len(t.args) > 1 and t.args[1] == row


def sizes_of_primed(sides: Iterable[Term], context: Context) -> dict[str, Term]:
    """The range of each index that means every value, by the families it stands below.

    Raises ValueError if an index has none, or more than one.
    """
    names = frozenset(name for side in sides for name in free(side) if name.endswith("'"))
    found = _found_sizes(sides, context)
    if set(found) != names:
        raise ValueError(f"{min(names - set(found))} has no range")
    return found


def _found_sizes(sides: Iterable[Term], context: Context) -> dict[str, Term]:
    found: dict[str, Term] = {}
    for t in (t for side in sides for t in nodes(side) if t.op == "elem"):
        for place, size in zip(t.args[1:], context.shapes.get(base(t), ()), strict=False):
            primed = place.op == "sym" and str(place.value).endswith("'")
            if primed and found.setdefault(str(place.value), size) != size:
                raise ValueError(f"{place} runs over {found[str(place.value)]} and over {size}")
    return found
