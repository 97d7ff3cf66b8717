"""All the witnesses on one derivation."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from derive.core.kernel import Theorem
from derive.core.law import Context
from derive.core.term import Term
from derive.problems.problem import Problem
from derive.rules import RULES
from derive.witness.verdict import NotRun, Proven, Undecided, Verdict

Theorems = Mapping[str, Theorem]


def judge(problem: Problem, theorems: Theorems, witnesses: Sequence[str]) -> tuple[Verdict, ...]:
    """One verdict a witness, in a fixed order; those not asked for have not run."""
    asked = (
        check(problem, theorems) if by in witnesses else NotRun(by, "not-asked") for by, check in WITNESSES.items()
    )
    return (*asked, NotRun("coq", "no-coq"))


def judge_claim(context: Context, left: Term, right: Term, assumptions: frozenset[str]) -> tuple[Verdict, ...]:
    """What the witnesses say of a claim that nobody has proved."""
    from derive.witness.balls import check_equation
    from derive.witness.cas import Claimed, check_claim

    balls = check_equation(left, right, context, assumptions)
    return (NotRun("kernel", "no-proof"), balls, check_claim(context, Claimed(left, right, assumptions)))


def _kernel(problem: Problem, theorems: Theorems) -> Verdict:
    """There is no theorem that the kernel has not checked; what is left to see is by which cards."""
    for theorem in theorems.values():
        for card in theorem.cards:
            if RULES.get(card.name) is not card:
                return Undecided("kernel", "foreign-card", {"card": card.name})
    return Proven("kernel", {"steps": sum(len(t.steps) for t in theorems.values()), "theorems": len(theorems)})


def _balls(problem: Problem, theorems: Theorems) -> Verdict:
    """Every line of every theorem."""
    from derive.witness.balls import check_theorems

    verdicts = list(check_theorems(theorems, points=1).values())
    looked = {"lines": _added(verdicts, "lines"), "points": _added(verdicts, "points")}
    return together(verdicts, Proven("balls", {**looked, "sizes": _sizes(problem, verdicts)}))


def _sympy(problem: Problem, theorems: Theorems) -> Verdict:
    """Every theorem about a derivative: SymPy differentiates the chain itself."""
    from derive.witness.cas import check_gradient

    verdicts: list[Verdict] = []
    for context in {id(theorem.context): theorem.context for theorem in theorems.values()}.values():
        claims = {n: t for n, t in theorems.items() if t.context is context and t.left.op == "d"}
        verdicts += check_gradient(replace(problem, context=context), claims).values()
    return together(verdicts, Proven("sympy", {"theorems": len(verdicts), "sizes": _sizes(problem, verdicts)}))


def together(verdicts: Sequence[Verdict], agreed: Verdict) -> Verdict:
    """One that is refuted, or else unclear, speaks for all; otherwise they agreed."""
    for status in ("refuted", "undecided"):
        for verdict in verdicts:
            if verdict.status == status:
                return verdict
    return agreed


def _added(verdicts: Sequence[Verdict], what: str) -> int:
    return sum(int(str(verdict.detail[what])) for verdict in verdicts if isinstance(verdict, Proven))


def _sizes(problem: Problem, verdicts: Sequence[Verdict]) -> tuple[object, ...]:
    """The numbers of classes that were looked at."""
    fixed = (len(problem.classes),) if problem.classes else ()
    found = [verdict.detail.get("sizes", ()) for verdict in verdicts if isinstance(verdict, Proven)]
    return tuple(dict.fromkeys(n for sizes in found if isinstance(sizes, tuple) for n in sizes)) or fixed


WITNESSES: Mapping[str, Callable[[Problem, Theorems], Verdict]] = {
    "kernel": _kernel,
    "balls": _balls,
    "sympy": _sympy,
}
