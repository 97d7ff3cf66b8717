"""Where a theorem speaks of something: a point at which its conditions hold and everything in it has a value.

The balls are rigorous, so that there really is such a point. A theorem without one may hold of nothing at all.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from itertools import chain, islice, product

from flint import ctx as flint_context

from derive.core.context import Context
from derive.core.kernel import Theorem
from derive.core.term import Term, free
from derive.witness.at_point import Question, holds
from derive.witness.at_sizes import Known, assigned
from derive.witness.evaluate import PRECISION, Evaluator
from derive.witness.regions import Explorer, Signs, candidates, numbers, scalars
from derive.witness.sampling import (
    SIGNS,
    Letters,
    Unsuited,
    Values,
    constraints,
    numerals,
    size_names,
    size_rows,
)
from derive.witness.search import search_families, search_numbers

Point = Mapping[str, Fraction | int]  # readable names of sizes, index letters and entries
SIZES = (2, 3, 5, 7, 1)
DRAWN = 3 * len(SIGNS)  # points of each magnitude
MAGNITUDES = tuple(map(Fraction, ("1", "20", "1/20", "1000", "1/1000", "100000")))  # of the entries of families
MANY = 400  # entries, where an index that is written asks for so many
MOST_LETTERS = 3  # assignments that are looked at closely


def apply_at(theorems: Mapping[str, Theorem], known: dict[int, Known]) -> dict[str, Point | None]:
    """The same of several; known: evaluators of each context, by point."""
    return {
        name: applies_at(theorem, known.setdefault(id(theorem.context.definitions), {}))
        for name, theorem in theorems.items()
    }


def applies_at(theorem: Theorem, known: Known | None = None) -> Point | None:
    """A point at which all that the theorem asks for holds, certified; None when a good search finds none.

    known: evaluators of its context, by point; they are used and added to.

    >>> from derive.derivation.formula import function_problem, prove_formula
    >>> (proof,) = prove_formula(function_problem("ln(x - 1000) sqrt(1001 - x)"), ("kernel",)).proofs.values()
    >>> point = applies_at(proof.theorem)
    >>> 1000 < point["x"] < 1001
    True
    """
    lines = tuple(dict.fromkeys((theorem.left, theorem.right, *theorem.lines)))
    question = Question(lines, theorem.context, theorem.assumptions, theorem.conditions, points=1, seed=0)
    try:
        return next(iter(points_of(question, {} if known is None else known)), None)
    except Unsuited:
        return None


def domain_point(term: Term, context: Context, seed: int = 0) -> Point | None:
    """Values of the variables for which the term is defined; None when a good search finds none.

    A term that speaks of families is looked at with two entries; one that cannot be judged is not refused: {}.

    >>> from derive.core.term import log, sym
    >>> x = sym("x")
    >>> domain_point(log(x - 3), Context()), domain_point(log(-x**2 - 1), Context())
    ({'x': Fraction(5, 1)}, None)
    """
    try:
        return next(iter(points_of(Question((term,), context, frozenset(), (), 1, seed), {})), None)
    except Unsuited:
        return {}


def points_of(question: Question, known: Known, most: int = 1) -> list[Point]:
    """Points where the conditions and the assumptions hold and every line has a value, as many as that at most.

    Raises Unsuited for what cannot be read.
    """
    with flint_context.workprec(PRECISION):
        names = scalars(question.context, question.terms)
        found = _of_families(question, known) if names is None else _of_numbers(question, names, known)
        return list(islice(found, most))


def explored(explorer: Explorer, question: Question) -> Iterator[tuple[Signs, Mapping[str, Fraction]]]:
    """The points of the explorer, and others that a closer search finds where the question speaks of none of them."""
    found = not question.narrowly
    for signs, point in explorer.points():
        found = found or _speaks_of(question, explorer.evaluator(point))
        yield signs, point
    with flint_context.workprec(PRECISION):
        narrow = () if found else search_numbers(replace(question, points=1), tuple(explorer.names))
    for near in narrow:
        yield explorer.signs(near), near


def _speaks_of(question: Question, evaluator: Evaluator) -> bool:
    try:
        return holds(question, evaluator, {})
    except Unsuited:  # no search finds more
        return True


def _of_numbers(question: Question, names: Sequence[str], known: Known) -> Iterator[Point]:
    """Nearly always one of the first few does."""
    constraints(question.context, question.assumptions)  # raises for those that say something about a plain number
    for point in candidates(names, numbers(question.terms), str(question.seed)):
        if holds(question, evaluator_at(question.context, point, known), {}):
            yield point
    yield from search_numbers(question, tuple(names))


def _of_families(question: Question, known: Known) -> Iterator[Point]:
    """At several sizes; of each letter, entries that the assumptions allow."""
    limits = constraints(question.context, question.assumptions)
    spoken = question.context.reach(frozenset[str]().union(*map(free, question.terms)))
    unread: Unsuited | None = None
    readable: list[tuple[Letters, str, Letters]] = []
    for row in size_rows(size_names(question.context, question.terms), _sizes(question)):
        seed, chosen = assigned(question, row)
        try:
            for number, letters in product(range(DRAWN), chosen):
                key = (seed, number, limits.simplex)
                evaluator = known.setdefault(key, Evaluator(question.context, row, Values(seed, number, limits)))
                if holds(question, evaluator, letters):
                    yield {**row, **letters, **evaluator.values.shown(spoken)}
            readable += [(row, seed, letters) for letters in chosen]
        except Unsuited as reason:
            unread = reason
    if not readable and unread is not None:
        raise unread
    for sizes, seed, own in readable[:MOST_LETTERS]:
        drawn = (Values(seed, n, limits, magnitude) for magnitude, n in product(MAGNITUDES, range(DRAWN)))
        found = (v for v in drawn if holds(question, Evaluator(question.context, sizes, v), own))
        for values in chain(found, search_families(question, sizes, [own], seed, limits)):
            yield {**sizes, **own, **values.shown(spoken)}


def _sizes(question: Question) -> tuple[int, ...]:
    """Those that are usual, and one for which the indices that are written are not too large."""
    largest = max((n for n in numerals(question.terms) if n <= MANY), default=1)
    return (*SIZES, largest) if largest > max(SIZES) else SIZES


def evaluator_at(context: Context, point: Mapping[str, Fraction], known: Known) -> Evaluator:
    """The evaluator of a point of plain numbers, which is kept."""
    key = (*point.items(), flint_context.prec)
    if key not in known:
        known[key] = Evaluator(context, {}, Values.given(point))
    return known[key]
