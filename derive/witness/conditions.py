"""Whether the conditions of a theorem hold at a point."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product

from derive.core.condition import RECORDED, Condition
from derive.core.context import Context
from derive.core.term import Term, free, walk
from derive.witness.evaluate import Evaluator
from derive.witness.sampling import Letters, Unsuited, extent


def condition_holds(condition: Condition, evaluator: Evaluator, letters: Letters) -> bool:
    """Whether a recorded condition holds here; a primed index stands for every value of its range."""
    (about,) = condition.about
    values = (evaluator.at(about, here) for here in instances(condition, evaluator, letters))
    return all(map(RECORDED[condition.kind].holds, values))


def instances(condition: Condition, evaluator: Evaluator, letters: Letters) -> Iterator[Letters]:
    """The letters with every value of those that are primed."""
    (about,) = condition.about
    primed = sorted(name for name in free(about) if name.endswith("'"))
    ranges = [range(1, extent(_range_of(name, about, evaluator.context), evaluator.sizes) + 1) for name in primed]
    for chosen in product(*ranges):
        yield {**letters, **dict(zip(primed, chosen, strict=True))}


def _range_of(letter: str, t: Term, context: Context) -> Term:
    """The size of the family that the letter is an index of."""
    for _, here in walk(t):
        sizes = context.shapes.get(str(here.args[0].value), ()) if here.op == "elem" else ()
        for size, index in zip(sizes, here.args[1:], strict=False):
            if index.value == letter:
                return size
    raise Unsuited("index", index=letter)
