"""Where to look: sizes, assignments of index letters and random values, all determined by a seed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from itertools import chain, cycle, islice, product
from math import prod
from random import Random

from derive.core.context import Context
from derive.core.term import Term, free, lift, nodes

Letters = Mapping[str, int]
SIGNS = ((-1, 1), (-1, -1), (1, -1), (1, 1))  # mixed, negative, mixed the other way, positive
SCALES = (Fraction(1), Fraction(1, 7), Fraction(3))
ONE_TIME = Fraction(1)
FAR_OUT = (Fraction(10**3), Fraction(10**6))
MOST_ASSIGNMENTS = 6
MOST_PATTERNS = 200
DIFFERENT = 3  # sizes beside the first; a deep network has many
ONE, ZERO = lift(1), lift(0)


class Unsuited(Exception):
    """The witness cannot judge this. Carries a message key and its slots."""

    def __init__(self, why: str, **slots: object) -> None:
        super().__init__(why)
        self.why, self.slots = why, slots


@dataclass(frozen=True)
class Constraints:
    """What the assumptions in use ask of a point."""

    simplex: frozenset[str] = frozenset()
    apart: tuple[tuple[Term, Term], ...] = ()

    def allow(self, letters: Letters) -> bool:
        return all(place(i, letters) != place(j, letters) for i, j in self.apart)


def constraints(context: Context, names: Iterable[str]) -> Constraints:
    """sum_i y_i = 1 and delta_ab = 0 are understood; any other assumption is Unsuited."""
    simplex, apart = set[str](), list[tuple[Term, Term]]()
    for name in sorted(names):
        left, right = context.assumptions[name]
        family = _summed_family(left, context)
        if family and right == ONE:
            simplex.add(family)
        elif left.op == "delta" and right == ZERO and all(a.op in ("sym", "num") for a in left.args):
            apart.append((left.args[0], left.args[1]))
        else:
            raise Unsuited("assumption-shape", assumption=name)
    return Constraints(frozenset(simplex), tuple(apart))


def _summed_family(t: Term, context: Context) -> str | None:
    """y, where t is the sum of all entries of a free family y, or of any row of it."""
    if t.op != "sum" or t.args[2].op != "elem":
        return None
    family, *row, last = t.args[2].args
    shape = context.shapes.get(str(family.value), ())
    every = all(place.op == "sym" and str(place.value).endswith("'") for place in row)
    if last != t.args[0] or not every or len(shape) != len(row) + 1 or shape[-1] != t.args[1]:
        return None
    return str(family.value) if family.value not in context.definitions else None


def place(index: Term, letters: Letters) -> int:
    """The number an index stands for."""
    if index.op == "sym" and index.value in letters:
        return letters[str(index.value)]
    if index.op == "num" and isinstance(index.value, Fraction) and index.value.denominator == 1:
        return int(index.value)
    raise Unsuited("index", index=index)


def size_names(context: Context, terms: Iterable[Term]) -> list[str]:
    """The symbolic sizes, C first."""
    bodies = [definition.body for definition in context.definitions.values()]
    sizes = [s for shape in context.shapes.values() for s in shape]
    sizes += [*context.indices.values(), *context.fixed.values()]
    sizes += [t.args[1] for term in (*terms, *bodies) for t in nodes(term) if t.op == "sum"]
    return sorted({str(s.value) for s in sizes if s.op == "sym"}, key=lambda name: (name != "C", name))


def size_rows(names: Sequence[str], sizes: Iterable[int]) -> list[dict[str, int]]:
    """One row of sizes for each number; of four neighbours no two get the same value."""
    if not names:
        return [{}]
    others = ([m for m in range(2, 6) if m != n][:DIFFERENT] for n in sizes)
    return [dict(zip(names, chain([n], cycle(other)), strict=False)) for n, other in zip(sizes, others, strict=True)]


def letter_ranges(context: Context, terms: Iterable[Term], sizes: Letters) -> dict[str, int]:
    """The free index letters that the terms speak of, also by way of the definitions, and their ranges."""
    ranges = {**context.indices, **context.fixed}
    spoken = context.reach(frozenset[str]().union(*map(free, terms)))
    return {name: extent(ranges[name], sizes) for name in sorted(spoken & set(ranges))}


def extent(size: Term, sizes: Letters) -> int:
    if size.op == "sym" and size.value in sizes:
        return sizes[str(size.value)]
    if size.op == "num" and isinstance(size.value, Fraction) and size.value.denominator == 1:
        return int(size.value)
    raise Unsuited("size", size=size)


def numerals(terms: Iterable[Term]) -> frozenset[int]:
    """The numbers used as indices."""
    places = (a for term in terms for t in nodes(term) if t.op in ("elem", "delta") for a in t.args)
    return frozenset(int(a.value) for a in places if isinstance(a.value, Fraction))


def assignments(
    ranges: Letters, literal: frozenset[int], limits: Constraints, rng: Random, most: int = MOST_ASSIGNMENTS
) -> list[dict[str, int]]:
    """All assignments if they are few; otherwise each pattern of equal and different indices, and some more."""
    if prod(ranges.values()) <= most:
        runs = [range(1, n + 1) for n in ranges.values()]
        every = (dict(zip(ranges, chosen, strict=True)) for chosen in product(*runs))
        return [letters for letters in every if limits.allow(letters)]
    patterns = islice(_patterns(list(ranges.items()), {}, literal, rng), MOST_PATTERNS)
    more = ({name: rng.randint(1, n) for name, n in ranges.items()} for _ in range(most))
    kept = [letters for letters in (*patterns, *more) if limits.allow(letters)]
    return list({tuple(letters.items()): letters for letters in kept}.values())


def _patterns(
    todo: list[tuple[str, int]], done: dict[str, tuple[int, int]], literal: frozenset[int], rng: Random
) -> Iterator[dict[str, int]]:
    """Each letter agrees with one before it of the same range, or with a numeral, or with none."""
    if not todo:
        yield {name: value for name, (value, _) in done.items()}
        return
    (name, n), rest = todo[0], todo[1:]
    taken = {v for v, size in done.values() if size == n} | {v for v in literal if v <= n}
    new = [v for v in range(1, n + 1) if v not in taken]
    for value in (*sorted(taken), *([rng.choice(new)] if new else [])):
        yield from _patterns(rest, {**done, name: (value, n)}, literal, rng)


@dataclass
class Values:
    """Random rational values of the free names at one point; its number says which signs they have."""

    seed: str
    number: int
    limits: Constraints = Constraints()
    magnitude: Fraction = ONE_TIME
    _known: dict[str, dict[tuple[int, ...], Fraction]] = field(default_factory=dict)

    @staticmethod
    def given(point: Mapping[str, Fraction]) -> Values:
        """Plain numbers, known beforehand."""
        return Values("given", 0, _known={name: {(): value} for name, value in point.items()})

    def with_entries(self, entries: Mapping[tuple[str, tuple[int, ...]], Fraction]) -> Values:
        """The same but for these entries of whole families."""
        known = dict(self._known)
        for name in dict.fromkeys(name for name, _ in entries):
            known[name] = {at: value for (family, at), value in entries.items() if family == name}
        return replace(self, _known=known)

    def entries(self, name: str, shape: tuple[int, ...]) -> dict[tuple[int, ...], Fraction]:
        if name not in self._known:
            self._known[name] = self._drawn(name, shape)
        return self._known[name]

    def _drawn(self, name: str, shape: tuple[int, ...]) -> dict[tuple[int, ...], Fraction]:
        rng = Random(f"{self.seed}|{self.number // len(SIGNS)}|{name}")  # noqa: S311 - test points, not secrets
        scale = SCALES[self.number % len(SCALES)] * self.magnitude
        keys = list(product(*(range(1, n + 1) for n in shape)))
        sizes = [Fraction(rng.randint(7, 150), 101) for _ in keys]
        if name in self.limits.simplex:
            drawn = dict(zip(keys, sizes, strict=True))
            return {
                key: size / sum(drawn[each] for each in keys if each[:-1] == key[:-1]) for key, size in drawn.items()
            }
        choices = SIGNS[self.number % len(SIGNS)]
        signs = [rng.choice(choices) for _ in keys]
        return {key: sign * scale * size for key, sign, size in zip(keys, signs, sizes, strict=True)}

    def shown(self, names: frozenset[str]) -> dict[str, Fraction]:
        """Readable names of the entries, and their values."""
        return {
            f"{name}[{','.join(map(str, key))}]" if key else name: value
            for name, entries in sorted(self._known.items())
            if name in names
            for key, value in entries.items()
        }
