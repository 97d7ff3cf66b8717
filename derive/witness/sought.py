"""What a point must have so that conditions hold and terms have values, and how much of it is missing."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from itertools import product

from derive.core.condition import RECORDED
from derive.core.term import Term, add, fn, lift, neg
from derive.witness.at_point import Question, holds
from derive.witness.conditions import instances
from derive.witness.evaluate import Entry, Evaluator
from derive.witness.functions import Ball
from derive.witness.sampling import Letters, Values, extent, place

Needed = tuple[str, Term, Letters]  # "positive" or "nonzero", and of what


def _within_one(u: Term) -> tuple[Term, ...]:
    return (lift(1) - u, u + 1)


def _beyond_one(u: Term) -> tuple[Term, ...]:
    return (fn("abs", u) - 1,)


# what is positive inside the domain of a function
DOMAINS: Mapping[str, Callable[..., tuple[Term, ...]]] = {
    **dict.fromkeys(("log", "sqrt", "loggamma", "Ci", "Chi", "li"), lambda u: (u,)),
    **dict.fromkeys(("arcsin", "arccos", "artanh", "erfinv"), _within_one),
    **dict.fromkeys(("arcsec", "arccsc", "arcoth"), _beyond_one),
    **dict.fromkeys(("softshrink", "hardshrink"), lambda u, a: () if a == lift(0) else (a,)),
    "log_base": lambda u, b: (u, b),
    "arcosh": lambda u: (u - 1,),
    "arsech": lambda u: (u, lift(1) - u),
}


@dataclass(frozen=True)
class Missing:
    """What comes first of what a point has not; met: how much it has. value: a ball that is not above 0, or is 0."""

    met: int
    kind: str
    about: Term
    letters: Letters
    value: Ball


@dataclass(frozen=True)
class Sought:
    """What is looked for: conditions that hold and values of all lines, for each of the letters."""

    question: Question
    sizes: Letters
    letters: tuple[Letters, ...]
    values: Values  # of whatever is not looked for
    entries: tuple[Entry, ...]  # which are looked for together

    @property
    def sides(self) -> tuple[Term, ...]:
        """What leads the way; the other lines of a proof speak of the same."""
        return self.question.lines[:2]

    @property
    def size(self) -> int:
        """How much it takes to look at a point, in nodes."""
        about = (c.about[0] for c in self.question.conditions)
        return sum(t.size for t in (*self.sides, *about)) * len(self.letters)

    def at(self, point: Mapping[Entry, Fraction]) -> Evaluator:
        return Evaluator(self.question.context, self.sizes, self.values.with_entries(point))

    def missing(self, evaluator: Evaluator) -> Missing | None:
        """None where nothing is, as far as can be told."""
        for met, (kind, about, letters) in enumerate(self.needed(evaluator)):
            value = evaluator.at(about, letters)
            if not RECORDED[kind].holds(value):
                return Missing(met, kind, about, letters, value)
        return None

    def needed(self, evaluator: Evaluator) -> Iterator[Needed]:
        """Whatever must be positive, or not zero, what stands inside first."""
        seen: set[Entry] = set()
        for condition, own in product(self.question.conditions, self.letters):
            for letters in instances(condition, evaluator, own):
                yield from _inside(condition.about[0], letters, evaluator, seen)
                yield condition.kind, condition.about[0], letters
        for t, letters in product(self.sides, self.letters):
            yield from _inside(t, letters, evaluator, seen)

    def found(self, evaluator: Evaluator) -> bool:
        """Whether everything is there, for certain."""
        return all(holds(self.question, evaluator, own) for own in self.letters)


def _inside(t: Term, letters: Letters, evaluator: Evaluator, seen: set[Entry]) -> Iterator[Needed]:
    """What must hold for t to have a value, as far as it can be told here; a piece is asked only where it is in use."""
    if t.op in ("sym", "elem"):
        yield from _inside_definition(t, letters, evaluator, seen)
    elif t.op == "sum":
        index, size, body = t.args
        for n in range(1, extent(size, evaluator.sizes) + 1):
            yield from _inside(body, {**letters, str(index.value): n}, evaluator, seen)
    elif t.op == "cases":
        then, left, right, otherwise = t.args
        for a in (left, right):
            yield from _inside(a, letters, evaluator, seen)
        difference = evaluator.at(add(left, neg(right)), letters)
        less, more = (then, otherwise) if str(t.value).startswith("<") else (otherwise, then)
        piece = less if difference < 0 else more if difference > 0 else None
        if piece is not None:
            yield from _inside(piece, letters, evaluator, seen)
    elif t.op not in ("delta", "num"):
        for a in t.args[:1] if t.op == "d" else t.args:
            yield from _inside(a, letters, evaluator, seen)
        for kind, about in _own(t):
            yield kind, about, letters


def _inside_definition(t: Term, letters: Letters, evaluator: Evaluator, seen: set[Entry]) -> Iterator[Needed]:
    name, *indices = t.args or (t,)
    definition = evaluator.context.definitions.get(str(name.value))
    if definition is None or str(name.value) in letters:
        return
    at = tuple(place(index, letters) for index in indices)
    if (definition.name, at) not in seen:
        seen.add((definition.name, at))
        fixed = {letter: n for letter, n in letters.items() if letter in evaluator.context.fixed}
        inner = {**fixed, **dict(zip(definition.params, at, strict=True))}
        yield from _inside(definition.body, inner, evaluator, seen)


def _own(t: Term) -> Iterator[tuple[str, Term]]:
    if t.op == "fn" and t.value in DOMAINS:
        yield from (("positive", about) for about in DOMAINS[str(t.value)](*t.args))
    elif t.op == "pow" and not is_whole(t.args[1]):
        yield "positive", t.args[0]
    elif t.op == "div":
        yield "nonzero", t.args[1]


def is_whole(n: Term, of: int = 1) -> bool:
    """Whether it is a whole number, and a multiple of this one."""
    n = n.args[0] if n.op == "neg" else n
    return n.op == "num" and isinstance(n.value, Fraction) and n.value % of == 0
