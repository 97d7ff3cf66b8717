"""A claim about families, judged at several sizes, patterns of indices and random points."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import islice, product
from random import Random

from derive.witness.at_point import BY, Differs, Question, Undefined, at_point
from derive.witness.evaluate import Evaluator
from derive.witness.regions import has_kinks
from derive.witness.sampling import (
    FAR_OUT,
    SIGNS,
    Letters,
    Unsuited,
    Values,
    assignments,
    constraints,
    letter_ranges,
    numerals,
    size_names,
    size_rows,
)
from derive.witness.search import search_families
from derive.witness.verdict import Proven, Refuted, Undecided, Verdict

Known = dict[object, Evaluator]  # evaluators of one context, by point
ATTEMPTS = 6  # as many times the points are tried, to find some where everything is defined


def judge_at_sizes(question: Question, sizes: Sequence[int], numbers: Sequence[int], known: Known) -> Verdict:
    """numbers gives the line that each term is, 0 for the claim."""
    names = size_names(question.context, question.terms)
    verdict = judge_rows(question, size_rows(names, sizes), numbers, known)
    if isinstance(verdict, Proven):
        return replace(verdict, detail={"sizes": tuple(sizes) if names else (), **verdict.detail})
    return verdict


def judge_rows(question: Question, rows: Iterable[Letters], numbers: Sequence[int], known: Known) -> Verdict:
    """The same at these rows of sizes."""
    looked = 0
    unclear: Undecided | None = None
    for row in rows:
        try:
            result = _at_size(question, row, known)
        except Unsuited as reason:
            unclear = Undecided(BY, reason.why, reason.slots)
            continue
        if not isinstance(result, int):
            evaluator, differs = result
            return differs.refutes(question, evaluator, numbers)
        looked += result
    if unclear is None and not looked:
        unclear = Undecided(BY, "no-point")
    return Proven(BY, {"points": looked, "lines": max(numbers)}) if unclear is None else unclear


def _at_size(question: Question, row: Letters, known: Known) -> int | tuple[Evaluator, Differs]:
    """How many points agreed, or where they differ."""
    limits = constraints(question.context, question.assumptions)
    seed, chosen = assigned(question, row)
    if not chosen:
        raise Unsuited("no-assignment")
    wanted = max(question.points, len(SIGNS) if has_kinks(question.terms) else 0)
    drawn = (
        known.setdefault((seed, n, limits.simplex), Evaluator(question.context, row, Values(seed, n, limits)))
        for n in range(ATTEMPTS * wanted)
    )
    agreed = _agreed(question, drawn, chosen, wanted)
    if agreed == 0 and question.narrowly:
        left = replace(question, lines=question.lines[:1])
        found = islice(search_families(left, row, chosen, seed, limits), wanted)
        agreed = _agreed(question, (Evaluator(question.context, row, values) for values in found), chosen, wanted)
        wanted = min(wanted, 1)  # a narrow domain need not have more
    if isinstance(agreed, int) and agreed < wanted:
        raise Unsuited("no-point")
    return agreed * len(chosen) if isinstance(agreed, int) else agreed


def _agreed(
    question: Question, evaluators: Iterable[Evaluator], chosen: Sequence[Letters], wanted: int
) -> int | tuple[Evaluator, Differs]:
    """At how many of these points every line agrees, or where they differ."""
    agreed = 0
    for evaluator in evaluators:
        try:
            unsuited = [at_point(question, evaluator, letters) for letters in chosen]
        except Undefined:
            continue
        except Differs as differs:
            return evaluator, differs
        for reason in filter(None, unsuited):
            raise reason
        agreed += 1
        if agreed == wanted:
            break
    return agreed


def assigned(question: Question, row: Letters) -> tuple[str, list[dict[str, int]]]:
    """The seed of this row of sizes, and the indices to look at."""
    seed = f"{question.seed}|{sorted(row.items())}"
    rng = Random(seed)  # noqa: S311 - test points, not secrets
    ranges = letter_ranges(question.context, question.terms, row)
    limits = constraints(question.context, question.assumptions)
    return seed, assignments(ranges, numerals(question.terms), limits, rng)


def refuted_far_out(question: Question, row: Letters, numbers: Sequence[int]) -> Refuted | None:
    """A point with large entries where it fails, if one is found; no value there is no reason to doubt."""
    limits = constraints(question.context, question.assumptions)
    seed, chosen = assigned(question, row)
    for magnitude, number in product(FAR_OUT, range(len(SIGNS))):
        evaluator = Evaluator(question.context, row, Values(seed, number, limits, magnitude))
        for letters in chosen:
            try:
                at_point(question, evaluator, letters)
            except Undefined:
                continue
            except Differs as differs:
                return differs.refutes(question, evaluator, numbers)
    return None
