"""All the witnesses on one derivation."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from derive.core.context import Context
from derive.core.kernel import Theorem
from derive.core.term import Term
from derive.rules import RULES
from derive.witness.verdict import NotRun, Proven, Undecided, Verdict

if TYPE_CHECKING:
    from derive.witness.at_sizes import Known

Theorems = Mapping[str, Theorem]


def judge(
    context: Context, theorems: Theorems, witnesses: Sequence[str], smaller: Theorems | None = None
) -> tuple[Verdict, ...]:
    """One verdict a witness, in a fixed order; those not asked for have not run.

    smaller: the same theorems about a problem that was cut down, which are looked at in their place.
    """
    looked = Looked(context, theorems, theorems if smaller is None else smaller)
    return (*(_asked(by, looked, witnesses) for by in WITNESSES), NotRun("coq", "no-coq"))


def _asked(by: str, looked: Looked, witnesses: Sequence[str]) -> Verdict:
    if by not in witnesses:
        return NotRun(by, "not-asked")
    return WITNESSES[by](looked) if looked.theorems else NotRun(by, "no-proof")


@dataclass(frozen=True)
class Looked:
    """What the witnesses look at. known: the evaluators of each context, by point, which they share."""

    context: Context
    theorems: Theorems
    smaller: Theorems
    known: dict[int, Known] = field(default_factory=dict)


def judge_claim(context: Context, left: Term, right: Term, assumptions: frozenset[str]) -> tuple[Verdict, ...]:
    """What the witnesses say of a claim that nobody has proved."""
    from derive.witness import balls, cas

    claim = cas.Claimed(left, right, assumptions)
    verdicts = (balls.check_unproved(context, left, right, assumptions), cas.check_unproved(context, claim))
    return (NotRun("kernel", "no-proof"), *verdicts)


def _kernel(looked: Looked) -> Verdict:
    """There is no theorem that the kernel has not checked; left to see is by which cards, and where they apply."""
    from derive.witness.applies import apply_at

    theorems = looked.theorems
    for theorem in theorems.values():
        for card in theorem.cards:
            if RULES.get(card.name) is not card:
                return Undecided("kernel", "foreign-card", {"card": card.name})
    points = apply_at(looked.smaller, looked.known)
    for name, point in points.items():
        if point is None:
            return Undecided("kernel", "applies-nowhere", {"theorem": name})
    steps = sum(len(t.steps) for t in theorems.values())
    return Proven("kernel", {"steps": steps, "theorems": len(theorems), "applies": points})


def _balls(looked: Looked) -> Verdict:
    """Every line of every theorem."""
    from derive.witness.balls import check_theorems

    verdicts = check_theorems(looked.smaller, points=1, known=looked.known)
    counted = {what: _added(verdicts, what) for what in ("lines", "points")}
    sizes = _sizes(looked.context, looked.smaller, verdicts)
    return together(list(verdicts.values()), Proven("balls", {**counted, "sizes": sizes}))


def _sympy(looked: Looked) -> Verdict:
    """Every theorem about a derivative: SymPy differentiates the chain itself. Without any, every theorem."""
    from derive.witness.cas import check_gradient

    theorems = looked.smaller
    verdicts: dict[str, Verdict] = {}
    slopes = {name: theorem for name, theorem in theorems.items() if theorem.left.op == "d"}
    for context in {id(theorem.context): theorem.context for theorem in theorems.values()}.values():
        claims = {name: theorem for name, theorem in (slopes or theorems).items() if theorem.context is context}
        verdicts |= check_gradient(context, claims)
    counted: dict[str, object] = {"theorems": len(verdicts), "sizes": _sizes(looked.context, theorems, verdicts)}
    cuts = [_cut(verdict.detail) for verdict in verdicts.values() if isinstance(verdict, Proven)]
    if any(cuts):
        counted["cut"] = max(cut["from"] for cut in cuts if cut)
    compared = _compared(verdicts.values())
    if compared and looked.context.definitions:  # of a chain nothing less than an identity is told
        return together(list(verdicts.values()), Undecided("sympy", "not-reduced"))
    return together(list(verdicts.values()), Proven("sympy", {**counted, **compared}))


def _compared(verdicts: Iterable[Verdict]) -> dict[str, object]:
    """Of the verdicts that rest on values that agree: how many there are, and what was looked at."""
    found = [v.detail for v in verdicts if isinstance(v, Proven) and "digits" in v.detail]
    if not found:
        return {}
    digits, points = ([int(str(detail[what])) for detail in found] for what in ("digits", "points"))
    return {"compared": len(found), "digits": min(digits), "points": sum(points)}


def together(verdicts: Sequence[Verdict], agreed: Verdict) -> Verdict:
    """One that is refuted, or else unclear, speaks for all; otherwise they agreed."""
    for status in ("refuted", "undecided"):
        for verdict in verdicts:
            if verdict.status == status:
                return verdict
    return agreed


def _added(verdicts: Mapping[str, Verdict], what: str) -> int:
    return sum(int(str(verdict.detail[what])) for verdict in verdicts.values() if isinstance(verdict, Proven))


def _sizes(context: Context, theorems: Theorems, verdicts: Mapping[str, Verdict]) -> tuple[int, ...]:
    """The numbers of classes that were really looked at; a formula has none."""
    found: set[int] = set()
    if not context.definitions:
        return ()
    for name, verdict in verdicts.items():
        if isinstance(verdict, Proven):
            found |= _seen(theorems[name], verdict.detail)
    return tuple(sorted(found))


def _seen(theorem: Theorem, detail: Mapping[str, Any]) -> set[int]:
    """Those of one verdict: its own, or what a concrete problem was cut down to, or its classes."""
    if detail.get("sizes"):
        return set(detail["sizes"])
    if _cut(detail):
        return {_cut(detail)["to"]}
    size = theorem.context.shapes.get("z", (None,))[0]
    return {int(str(size.value))} if size is not None and size.op == "num" else set()


def _cut(detail: Mapping[str, Any]) -> Mapping[str, int]:
    """From how many classes to how many a problem was cut down, if it was."""
    return detail.get("cut") or {}


WITNESSES: Mapping[str, Callable[[Looked], Verdict]] = {
    "kernel": _kernel,
    "balls": _balls,
    "sympy": _sympy,
}
