"""A claim that nobody has proved, looked at once more: finer, farther out, in narrow places and at more sizes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from fractions import Fraction

from flint import ctx as flint_context

from derive.core.context import Context
from derive.core.term import Term
from derive.witness.at_point import Differs, Question, Undefined, at_point
from derive.witness.at_sizes import judge_rows, refuted_far_out
from derive.witness.evaluate import Evaluator
from derive.witness.in_regions import Looked, readable
from derive.witness.regions import Explorer, scalars, value_at
from derive.witness.sampling import Unsuited, Values, size_names, size_rows
from derive.witness.seek import bits_of, places
from derive.witness.verdict import Refuted

MANY = 8_192  # bits, for values that are very large
FINEST = 1024  # bits, beyond those of the constants
SMALL, MORE = 2, (11, 13, 29)  # sizes
MOST_SIZES = 4  # that are tried with MORE, one after the other
CLAIM = (0, 0)  # both terms are the claim itself


def refuted_closely(question: Question) -> Refuted | None:
    """A point where it fails, if there is one among those at which no theorem is looked at."""
    smallest = bits_of(question.lines)
    finer = replace(question, smallest=smallest)
    with flint_context.workprec(FINEST + smallest):
        names = scalars(question.context, question.terms)
        try:
            return _of_families(finer) if names is None else _of_numbers(finer, names)
        except Unsuited:
            return None


def refuted_at(context: Context, left: Term, right: Term, point: Mapping[str, Fraction]) -> Refuted | None:
    """Whether the two differ at a point, with as many bits as it takes to tell large values apart."""
    question = Question((left, right), context, frozenset(), (), 1, 0)
    with flint_context.workprec(MANY):
        evaluator = Evaluator(context, {}, Values.given(point))
        try:
            at_point(question, evaluator, {})
        except Undefined:
            return None
        except Differs as differs:
            return differs.refutes(question, evaluator, CLAIM)
    return None


def left_value(context: Context, left: Term, point: Mapping[str, Fraction]) -> float | None:
    """Its value at a point, if it has one there."""
    value = value_at(Evaluator(context, {}, Values.given(point)), left)
    return None if value is None else float(value.mid())


def _of_numbers(question: Question, names: tuple[str, ...]) -> Refuted | None:
    explorer = Explorer(question.context, names, question.terms, str(question.seed), {})
    looked = Looked(question, explorer)
    for point in places(explorer, question.lines):
        try:
            looked.at(point)
        except Undefined:
            continue
        except Differs as differs:
            return readable(looked, point, differs, CLAIM)
    return None


def _of_families(question: Question) -> Refuted | None:
    names = size_names(question.context, question.terms)
    (row,) = size_rows(names, (SMALL,))
    verdict = judge_rows(question, [row], CLAIM, {})
    if isinstance(verdict, Refuted):
        return verdict
    rows = [{**dict.fromkeys(names, SMALL), name: n} for n in MORE for name in names[:MOST_SIZES]]
    verdict = judge_rows(replace(question, points=1), rows, CLAIM, {}) if rows else verdict
    return verdict if isinstance(verdict, Refuted) else refuted_far_out(question, row, CLAIM)
