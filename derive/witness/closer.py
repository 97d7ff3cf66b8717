"""A claim that nobody has proved, looked at once more: finer, farther out, in narrow places and at more sizes."""

from __future__ import annotations

from dataclasses import replace

from flint import ctx as flint_context

from derive.witness.at_point import Differs, Question, Undefined
from derive.witness.at_sizes import judge_rows, refuted_far_out
from derive.witness.in_regions import Looked, readable
from derive.witness.regions import Explorer, scalars
from derive.witness.sampling import Unsuited, size_names, size_rows
from derive.witness.seek import bits_of, places
from derive.witness.verdict import Refuted

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
