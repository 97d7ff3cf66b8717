"""Every slip that can be put into a displayed line of the corpus: the balls refute all that change a value.

Which of them change a value is decided by mpmath, which looks nothing up in derive.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from functools import cache
from itertools import islice, pairwise
from math import inf
from random import Random

import pytest
from derivation.test_corpus import CASES, typed
from rules.reference import compared, holds, value
from twins import slips

import derive
from derive.core.context import Context
from derive.core.kernel import Theorem
from derive.core.term import Term, free
from derive.proofs.proof import Proof
from derive.witness.balls import check_equation
from derive.witness.verdict import Undecided, Verdict

IDS = [case["id"] for case in CASES]
LOOKED_AT, TRIED = 20, 1_000  # points where the line before has a value


@cache
def proof_of(case_id: str) -> Proof:
    case = CASES[IDS.index(case_id)]
    return derive.prove(typed(case["function"]), wrt=case["variable"], witnesses=("kernel",)).proof


def displayed(proof: Proof) -> Iterator[tuple[Term, Term]]:
    """Each displayed line and the one before it."""
    lines = proof.theorem.lines
    return pairwise([lines[0], *(lines[move.stop] for move in proof.moves)])


def points(before: Term, wrong: Term, theorem: Theorem, whole: bool = False) -> Iterator[dict[str, float]]:
    """Numbers of both signs where the line before has a value; whole ones among them, if that is asked for."""
    rng = Random(str(wrong))
    names = sorted((free(before) | free(wrong)) - {"pi"})
    for _ in range(TRIED):
        sizes = [rng.choice((0.2, 1, 1, 2, 5)) * (1 + rng.random() * rng.choice((not whole, 1))) for _ in names]
        point = {name: rng.choice((-1, 1)) * size for name, size in zip(names, sizes, strict=True)}
        if all(holds(c, point) for c in theorem.conditions) and value(before, point) not in (None, inf):
            yield point


def harmless(before: Term, wrong: Term, theorem: Theorem, verdict: Verdict) -> bool:
    """Whether the slip changes no value; it may take the value away, and the balls then prove nothing.

    But for (-u)^z, which has a value only where z is whole: there it must be the same.
    """

    def said(whole: bool) -> set[str]:
        at = islice(points(before, wrong, theorem, whole), LOOKED_AT)
        return compared((value(before, p), value(wrong, p)) for p in at)

    general = said(whole=False)
    if "no value" not in general or "other" in general:
        return general == {"same"}
    return isinstance(verdict, Undecided) or said(whole=True) == {"same", "no value"}


@cache
def outcome(case_id: str) -> tuple[Counter[str], tuple[str, ...]]:
    """How many slips were refuted and how many change nothing; those that were overlooked."""
    proof = proof_of(case_id)
    counts, overlooked = Counter[str](), list[str]()
    for before, after in displayed(proof):
        for kind, wrong in slips(after):
            verdict = check_equation(before, wrong, Context(), conditions=proof.theorem.conditions, closely=False)
            if verdict.status == "refuted":
                counts["refuted"] += 1
            elif harmless(before, wrong, proof.theorem, verdict):
                counts["harmless"] += 1
            else:
                overlooked.append(f"{kind}: {before} = {wrong}: {verdict}")
    return counts, tuple(overlooked)


@pytest.mark.parametrize("case_id", IDS)
def test_a_slip_that_changes_a_value_is_refuted(case_id: str) -> None:
    _, overlooked = outcome(case_id)
    assert overlooked == ()


def test_slips_are_many_and_few_are_harmless() -> None:
    counts = sum((outcome(case_id)[0] for case_id in IDS), Counter[str]())
    assert counts["refuted"] > 5_000
    assert counts["harmless"] < 0.08 * counts.total()
