"""How many entries each index runs over: one size for all that must agree."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

from derive.core.context import Context
from derive.core.meaning import unsound
from derive.core.term import Term, free, substitute, sym, walk
from derive.syntax.grammar.calls import SIZE_MARK

Key: TypeAlias = "tuple[str | int, ...]"  # ("slot", "W", 0), ("index", "k"), ("bound", 3), ("size", "_size0")
LETTERS = "nmdcNMKDC"


class SizeError(Exception):
    """Sizes that do not agree; name says where to point."""

    def __init__(self, message: str, name: str) -> None:
        super().__init__(message)
        self.name = name


@dataclass
class Sizes:
    """Groups of places and indices that have the same number of entries (a union-find)."""

    parent: dict[Key, Key] = field(default_factory=dict)
    given: dict[Key, Term] = field(default_factory=dict)
    ranks: dict[str, int] = field(default_factory=dict)
    numbers: list[tuple[Key, int]] = field(default_factory=list)
    bound: int = 0

    def root(self, key: Key) -> Key:
        while self.parent.setdefault(key, key) != key:
            key = self.parent[key]
        return key

    def join(self, one: Key, other: Key, name: str) -> None:
        a, b = self.root(one), self.root(other)
        if a == b:
            return
        self.parent[b] = a
        if b in self.given:
            self.set(a, self.given[b], name)

    def set(self, key: Key, size: Term, name: str) -> None:
        known = self.given.setdefault(self.root(key), size)
        if known != size:
            raise SizeError(f"{name} runs over {known} and over {size} entries", name)

    def read(self, t: Term, bound: Mapping[str, Key]) -> None:
        """Collect what a term says about sizes."""
        if t.op == "elem":
            self._entry(t, bound)
        elif t.op == "delta":
            self._delta(t, bound)
        elif t.op == "sum":
            index, size, body = t.args
            self.bound += 1
            key: Key = ("bound", self.bound)
            if size.op == "sym" and str(size.value).startswith(SIZE_MARK):
                self.join(key, ("size", str(size.value)), str(index.value))
            else:
                self.set(key, size, str(index.value))
            self.read(body, {**bound, str(index.value): key})
        else:
            for a in t.args:
                self.read(a, bound)

    def _entry(self, t: Term, bound: Mapping[str, Key]) -> None:
        family = str(t.args[0].value)
        rank = self.ranks.setdefault(family, len(t.args) - 1)
        if rank != len(t.args) - 1:
            raise SizeError(f"{family} has {rank} and {len(t.args) - 1} indices", family)
        for place, index in enumerate(t.args[1:]):
            self._at(("slot", family, place), index, bound, family)

    def _delta(self, t: Term, bound: Mapping[str, Key]) -> None:
        i, j = t.args
        if i.op == j.op == "sym":
            self.join(_key(i, bound), _key(j, bound), str(i.value))
        else:
            for index, other in ((i, j), (j, i)):
                if index.op == "sym":
                    self._at(_key(index, bound), other, bound, str(index.value))

    def _at(self, key: Key, index: Term, bound: Mapping[str, Key], name: str) -> None:
        self.root(key)
        if index.op == "sym":
            self.join(key, _key(index, bound), name)
        else:
            self.numbers.append((key, int(index.value or 0)))

    def named(self, taken: frozenset[str]) -> dict[Key, Term]:
        """The size of every group; those that are not given get a letter, in the order of appearance."""
        letters = _letters(taken)
        for key in list(self.parent):
            if self.root(key) not in self.given:
                self.given[self.root(key)] = sym(next(letters))
        for key, number in self.numbers:
            size = self.given[self.root(key)]
            if size.op == "num" and number > int(size.value or 0):
                raise SizeError(f"{key[1]} has {size} entries, and no entry {number}", str(key[1]))
        return {key: self.given[self.root(key)] for key in self.parent}


def _key(index: Term, bound: Mapping[str, Key]) -> Key:
    name = str(index.value)
    return bound.get(name, ("index", name))


def _letters(taken: frozenset[str]) -> Iterator[str]:
    yield from (letter for letter in LETTERS if letter not in taken)
    yield from (name for name in (f"n{n}" for n in range(1, 10_000)) if name not in taken)


@dataclass(frozen=True)
class Sized:
    """Terms with their sizes named, the shapes of their families and the sizes of their free indices."""

    terms: tuple[Term, ...]
    shapes: Mapping[str, tuple[Term, ...]]
    indices: Mapping[str, Term]


def sized(terms: tuple[Term, ...], context: Context, taken: frozenset[str]) -> Sized:
    """Raises SizeError.

    >>> x, y, i = sym("x"), sym("y"), sym("i")
    >>> sized((Term("sum", (i, sym("_size0"), x[i] * y[i])),), Context(), frozenset("xyi"))
    Sized(terms=(sum(i, n, mul(x[i], y[i])),), shapes={'x': (n,), 'y': (n,)}, indices={})
    """
    sizes = Sizes(ranks={family: len(shape) for family, shape in context.shapes.items()})
    for family, shape in context.shapes.items():
        for place, size in enumerate(shape):
            sizes.set(("slot", family, place), size, family)
    for letter, size in (*context.indices.items(), *context.fixed.items()):
        sizes.set(("index", letter), size, letter)
    for t in terms:
        sizes.read(t, {})
    found = sizes.named(taken)
    by = {str(key[1]): size for key, size in found.items() if key[0] == "size"}
    done = tuple(substitute(t, by) for t in terms)
    names = frozenset[str]().union(*map(free, done))
    shapes = {f: tuple(found["slot", f, n] for n in range(rank)) for f, rank in sizes.ranks.items() if f in names}
    indices = {str(key[1]): size for key, size in found.items() if key[0] == "index" and key[1] in names}
    return Sized(done, {f: shape for f, shape in shapes.items() if shape or f in context.shapes}, indices)


def bare_names(t: Term) -> Iterator[str]:
    """The names that stand as a value of their own: no family of an entry, no index, no size."""
    if t.op == "sym":
        yield str(t.value)
    elif t.op == "sum":
        yield from bare_names(t.args[2])
    elif t.op not in ("elem", "delta"):
        for a in t.args:
            yield from bare_names(a)


def letters_of(t: Term) -> frozenset[str]:
    """The letters used as indices, free or bound."""
    places = (a for _, u in walk(t) if u.op in ("elem", "delta") for a in u.args[u.op == "elem" :])
    bound = (u.args[0] for _, u in walk(t) if u.op == "sum")
    return frozenset(str(a.value) for a in (*places, *bound) if a.op == "sym")


def checked(sizes: Sized) -> None:
    """Raise SizeError where a name means two things."""
    letters = frozenset[str]().union(*map(letters_of, sizes.terms))
    families = {family for family, shape in sizes.shapes.items() if shape}
    for name in (name for t in sizes.terms for name in bare_names(t)):
        if name in families:
            raise SizeError(f"{name} has indices, and stands without them here", name)
        if name in letters:
            raise SizeError(f"{name} is an index, and its number is used as a value", name)
    clash = sorted(letters & (families | {str(s.value) for shape in sizes.shapes.values() for s in shape}))
    if clash:
        raise SizeError(f"{clash[0]} is an index and the name of something else", clash[0])
    try:  # whatever else the kernel would refuse
        why = [unsound(t, Context(shapes=sizes.shapes, indices=sizes.indices)) for t in sizes.terms]
    except ValueError as error:
        raise SizeError(str(error), "") from None
    for reason in filter(None, why):
        raise SizeError(reason, reason.partition(" ")[0])
