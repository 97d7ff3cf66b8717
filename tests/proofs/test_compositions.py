"""A thousand random compositions of all functions: each is differentiated, and every witness agrees.

The balls agree with every line, and SymPy with the result. What is refused or cannot be judged is counted, and must
have a reason that is found without derive (DERIVE_COMPOSITIONS=1000 asks SymPy about all). Then the lines are
tampered with: whatever changes a value is refuted by the balls, whatever is not a step by the kernel, and SymPy agrees
to no known mistake.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from math import inf
from random import Random

import pytest
from rules.reference import compared, holds, value
from twins import slips, twins

from derive.checking import slips as mistakes
from derive.core.context import Context
from derive.core.functions import FUNCTIONS
from derive.core.kernel import Refused, Theorem
from derive.core.term import Term, d, fn, lift, neg, num, sym, walk
from derive.proofs.proof import Proof
from derive.proofs.scalar import NotDifferentiable, differentiate
from derive.witness.applies import domain_point
from derive.witness.balls import check_equation, check_theorem
from derive.witness.cas import Claimed, check_claim
from derive.witness.verdict import Proven, Undecided, Verdict

x = sym("x")
WITHOUT_RULE = ("floor", "ceil", "round", "tetragamma")
ORDER = (  # so that the compositions stay what they are
    "exp log sqrt cbrt sin cos tan cot sec csc arcsin arccos arctan arccot arcsec arccsc sinh cosh tanh coth sech csch "
    "arsinh arcosh artanh arcoth arsech arcsch abs sign step erf erfc erfinv erfi gamma loggamma digamma trigamma "
    "Si Ci Shi Chi Ei li sigmoid softplus relu selu gelu gelu_tanh silu mish softsign logsigmoid tanhshrink relu6 "
    "hardtanh hardsigmoid hardswish"
)
NAMES = ORDER.split()
LEAVES = (x, x, x + 1, x * 2, x**2, lift(3) - x, x / 2)
EXPONENTS = (num(2), num(3), neg(num(1)), neg(num(2)), num(1) / 2, num(3) / 2, x)
HOW_MANY, IN_A_TEST = 1_000, 50
SYMPYS = int(os.environ.get("DERIVE_COMPOSITIONS", "300"))  # SymPy takes a third of a second for each
NARROW = 3  # points of some 180 are too few to demand that they be found
EXTREME = 10**15  # inner values of this size, e^(e^50), are beyond the balls
EXPLAINED = ("proven", "proven in digits", "no domain", "narrow domain", "extreme values")
BEYOND = {"balls": ("undefined-on-one-side", "too-wide"), "sympy": ("too-large", "not-reduced")}  # of extreme values


def composed(rng: Random, count: int) -> Term:
    """A term of so many functions, joined by +, -, *, / and powers."""
    if count == 0:
        return rng.choice(LEAVES)
    kind = rng.random()
    if kind < 0.6:
        return fn(rng.choice(NAMES), composed(rng, count - 1))
    if kind < 0.9:
        first = rng.randint(0, count - 1)
        u, v = composed(rng, first), composed(rng, count - 1 - first)
        u = fn(rng.choice(NAMES), u)
        return rng.choice((u + v, u - v, u * v, u / v, v / u))
    return fn(rng.choice(NAMES), composed(rng, count - 1)) ** rng.choice(EXPONENTS)


def test_every_function_is_composed():
    known = {name for name, function in FUNCTIONS.items() if function.arity == 1}
    assert set(NAMES) == known - set(WITHOUT_RULE)


@cache
def compositions(seed: int = 0, how_many: int = HOW_MANY, largest: int = 5) -> tuple[Term, ...]:
    """Those that have a derivative somewhere, as far as one can see."""
    rng, found = Random(seed), list[Term]()
    while len(found) < how_many:
        u = composed(rng, min(rng.choice((1, 2, 2, 3, 3, 4, 5)), largest))
        if domain_point(d(u, x), Context()) is not None:
            found.append(u)
    return tuple(found)


@dataclass(frozen=True)
class Outcome:
    """One of EXPLAINED, or what went wrong."""

    u: Term
    said: str


@cache
def proof_of(u: Term) -> Proof:
    """Raises NotDifferentiable."""
    return differentiate("composition", Context(), u, x)


def outcome(u: Term, judge: Callable[[Theorem], Verdict] = check_theorem) -> Outcome:
    try:
        theorem = proof_of(u).theorem
    except NotDifferentiable as refusal:
        return Outcome(u, explained(d(u, x)) or f"refused: {refusal}")
    verdict = judge(theorem)
    if isinstance(verdict, Undecided):
        hard = verdict.why in BEYOND[verdict.by]
        extreme = "extreme values" if hard and has_extremes(u) else None
        return Outcome(u, extreme or explained(theorem.left, theorem) or str(verdict))
    if isinstance(verdict, Proven):
        return Outcome(u, "proven in digits" if "digits" in verdict.detail else "proven")
    return Outcome(u, str(verdict))


def sympys(theorem: Theorem) -> Verdict:
    return check_claim(theorem.context, theorem)


def candidates() -> Iterator[dict[str, float]]:
    for n in range(-80, 81):
        yield {"x": n / 16 + 1 / 97}
    for size in (1e-3, 1e-2, 7, 10, 20, 50, 100):
        yield from ({"x": size + 1 / 89}, {"x": -size + 1 / 89})


def explained(slope: Term, theorem: Theorem | None = None) -> str | None:
    """Whether mpmath finds points at which the derivative exists and the conditions of the theorem hold."""
    conditions = theorem.conditions if theorem else ()
    found = 0
    for point in candidates():
        found += all(holds(c, point) for c in conditions) and value(slope, point) not in (None, inf)
        if found > NARROW:
            return None
    return "narrow domain" if found else "no domain"


def has_extremes(u: Term) -> bool:
    """Whether something inside is very large, or nearly 0, although x is not."""
    near = [p for p in candidates() if abs(p["x"]) <= 5]
    values = [value(t, p) for p in near for _, t in walk(u) if t.args]
    return any(at and not 1 < abs(at) * EXTREME < EXTREME**2 for at in values)


@pytest.mark.parametrize("start", range(0, HOW_MANY, IN_A_TEST))
def test_compositions_are_differentiated(start: int) -> None:
    outcomes = [outcome(u) for u in compositions()[start : start + IN_A_TEST]]
    assert [o for o in outcomes if o.said not in EXPLAINED] == []
    counts = Counter(o.said for o in outcomes)
    assert counts["proven"] >= 0.94 * IN_A_TEST, counts
    assert counts["extreme values"] + counts["narrow domain"] <= 0.04 * IN_A_TEST, counts


@pytest.mark.parametrize("start", range(0, SYMPYS, IN_A_TEST))
def test_sympy_agrees(start: int) -> None:
    """Mostly with an identity; where that is too much work, with the digits of the values."""
    outcomes = [outcome(u, sympys) for u in compositions()[start : start + IN_A_TEST]]
    assert [o for o in outcomes if o.said not in EXPLAINED] == []
    counts = Counter(o.said for o in outcomes)
    assert counts["proven"] + counts["proven in digits"] >= 0.94 * IN_A_TEST, counts
    assert counts["proven"] >= 0.7 * IN_A_TEST, counts
    assert counts["extreme values"] + counts["narrow domain"] <= 0.04 * IN_A_TEST, counts


def short_proofs(part: int) -> list[Proof]:
    """Every fourth of some proofs that fit on a page."""
    chosen = [u for u in compositions(2, 40, 2) if outcome(u).said == "proven"][part::4]
    proofs = list(map(proof_of, chosen))
    return [proof for proof in proofs if all(line.size <= 60 for line in proof.theorem.lines)]


def unnoticed(before: Term, after: Term, theorem: Theorem, verdict: Verdict | None = None) -> bool:
    """Whether the second differs although it was not refuted; it may change nothing, or have no value anywhere."""
    points = [p for p in candidates() if all(holds(c, p) for c in theorem.conditions)]
    said = compared((value(before, p), value(after, p)) for p in points)
    undefined = isinstance(verdict, Undecided) and verdict.why in ("undefined-on-one-side", "no-point")
    return not (said == {"same"} or (undefined and "no value" in said and "other" not in said))


@pytest.mark.parametrize("part", range(4))
def test_a_slip_in_a_displayed_line_is_refuted_by_the_balls(part: int) -> None:
    rng, refuted, survived = Random(part), 0, []
    for proof in short_proofs(part):
        theorem = proof.theorem
        shown = [theorem.lines[0], *(theorem.lines[move.stop] for move in proof.moves)]
        for before, after in pairwise(shown):
            every = list(slips(after))
            for kind, wrong in rng.sample(every, min(6, len(every))):
                verdict = check_equation(before, wrong, Context(), conditions=theorem.conditions)
                if verdict.status == "refuted":
                    refuted += 1
                elif unnoticed(before, wrong, theorem, verdict):
                    survived.append((kind, before, wrong, verdict))
    assert survived == []
    assert refuted >= 100


@pytest.mark.parametrize("part", range(4))
def test_a_known_mistake_in_the_result_is_refuted_by_the_balls(part: int) -> None:
    """The wrong rules that people use: the inner derivative lost, the product of the derivatives, a sign turned."""
    rng, refuted, survived = Random(part), 0, []
    for proof in short_proofs(part):
        theorem = proof.theorem
        every = list(mistakes.twins(theorem.left))
        for slip, wrong in rng.sample(every, min(12, len(every))):
            verdict = check_equation(theorem.left, wrong, Context(), conditions=theorem.conditions)
            if verdict.status == "refuted":
                refuted += 1
            elif unnoticed(theorem.left, wrong, theorem, verdict):
                survived.append((slip.name, theorem.left, wrong, verdict))
    assert survived == []
    assert refuted >= 50


@pytest.mark.parametrize("part", range(4))
def test_a_known_mistake_in_the_result_is_never_proven_by_sympy(part: int) -> None:
    rng, seen, survived = Random(part), Counter[str](), []
    for proof in short_proofs(part):
        theorem = proof.theorem
        every = list(mistakes.twins(theorem.left))
        for slip, wrong in rng.sample(every, min(4, len(every))):
            verdict = check_claim(Context(), Claimed(theorem.left, wrong, frozenset(), theorem.conditions))
            seen[verdict.status] += 1
            if verdict.status == "proven" and unnoticed(theorem.left, wrong, theorem, verdict):
                survived.append((slip.name, theorem.left, wrong, verdict))
    assert survived == []
    assert seen["refuted"] >= 0.8 * seen.total() >= 16


@pytest.mark.parametrize("part", range(4))
def test_a_slip_in_a_step_is_refused_by_the_kernel(part: int) -> None:
    """But for those that are proofs of true lines by chance, as mpmath sees."""
    refused, accepted = 0, []
    for proof in short_proofs(part)[:4]:
        for twin in twins(proof):
            try:
                theorem = twin.check()
            except Refused:
                refused += 1
            else:
                accepted.append((twin.kind, theorem))
    assert refused >= 500
    assert [(kind, t.lines) for kind, t in accepted if unnoticed(t.left, t.right, t)] == []
