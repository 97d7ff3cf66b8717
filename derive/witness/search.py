"""Points in domains that no luck finds: climbing first, then boxes; priced by what they look at, never by a clock."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from functools import lru_cache
from itertools import chain, islice, product

from derive.core.term import free
from derive.witness.at_point import Question
from derive.witness.boxes import points_in_boxes
from derive.witness.climb import climbed
from derive.witness.evaluate import CONSTANTS, Entry
from derive.witness.regions import candidates
from derive.witness.sampling import Constraints, Letters, Values, extent
from derive.witness.sought import Sought

STARTS = 4  # from which a search sets out
ENOUGH = 5  # points


@lru_cache(maxsize=100)  # a person's lines are all looked at in one domain
def search_numbers(question: Question, names: tuple[str, ...]) -> tuple[Mapping[str, Fraction], ...]:
    """Points of plain numbers where the conditions hold and every line has a value."""
    entries: tuple[Entry, ...] = tuple((name, ()) for name in names)
    sought = Sought(question, {}, ({},), Values.given({}), entries)
    near = islice(candidates(names, (), str(question.seed)), STARTS)
    starts = [{entry: point[entry[0]] for entry in entries} for point in near]
    found = islice(chain(climbed(sought, starts), points_in_boxes(sought)), ENOUGH)
    return tuple({name: value for (name, _), value in point.items()} for point in found)


def search_families(
    question: Question, row: Letters, letters: Sequence[Letters], seed: str, limits: Constraints
) -> Iterator[Values]:
    """Values at these sizes where the conditions hold and every line has a value, for each of the letters.

    The entries of a family that sums to one stay as they are drawn.
    """
    context = question.context
    spoken = context.reach(frozenset[str]().union(*map(free, question.terms)))
    given = spoken - {*context.definitions, *context.depends, *context.letters, *CONSTANTS, *limits.simplex}
    shapes = {name: tuple(extent(size, row) for size in context.shapes.get(name, ())) for name in sorted(given)}
    entries = tuple((name, at) for name, shape in shapes.items() for at in product(*(range(1, n + 1) for n in shape)))
    drawn = [Values(seed, number, limits) for number in range(STARTS)]
    starts = [{(name, at): values.entries(name, shapes[name])[at] for name, at in entries} for values in drawn]
    sought = Sought(question, row, tuple(letters), drawn[0], entries)
    for point in chain(climbed(sought, starts), points_in_boxes(sought)):
        yield sought.values.with_entries(point)
