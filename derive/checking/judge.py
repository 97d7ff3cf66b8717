"""One line against the derivative that was asked for and against the line before it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from derive.checking.follows import followed, skipped
from derive.checking.question import Question
from derive.checking.slips.algebra import alike, neat
from derive.checking.slips.carry import carried_out
from derive.checking.slips.diagnose import diagnose
from derive.checking.slips.verdict import LineVerdict
from derive.core.context import Context
from derive.core.term import Term
from derive.witness.balls import check_equation
from derive.witness.cover import needs
from derive.witness.verdict import Proven, Refuted, Undecided, Verdict

LARGEST_FACTORED = 250  # nodes; a residual of more is not factored
LARGEST_SHOWN = 80  # nodes; a longer residual tells nobody anything


def judged(text: str, line: Term, before: Term, before_right: bool, question: Question) -> LineVerdict:
    """What is to be said of a line that comes after another one.

    before_right: whether the line before is right.
    """
    told = LineVerdict(text, line, "undecided", question.start)
    rule = followed(before, line, question)
    shown = (before_right and rule is not None) or _proved(line, question)
    verdict = _seen(question, line, shown)
    if isinstance(verdict, Proven):
        return _right(told, before, before_right, rule, question)
    if isinstance(verdict, Refuted) or out_of_range(line, question.context):
        return _wrong(told, verdict, before, before_right, rule, question)
    if before_right and rule is not None and not _partly_undefined(verdict):
        return replace(told, status="follows", rule=rule)
    return replace(told, why=verdict.why if isinstance(verdict, Undecided) else "")


def _seen(question: Question, line: Term, shown: bool) -> Verdict:
    """The balls. Unless the kernel has shown it, only an identity that SymPy finds makes a line right.

    Points alone do not: a line may be false in a place so narrow that no point lies in it.
    """
    verdict = check_equation(
        question.start, line, question.context, question.assumptions, conditions=question.conditions, closely=not shown
    )
    if isinstance(verdict, Refuted) or _partly_undefined(verdict) or out_of_range(line, question.context):
        return verdict
    everywhere = _has_values(question, line)
    if isinstance(verdict, Proven) and shown and everywhere:
        return verdict
    other = _by_sympy(question, line)
    if isinstance(verdict, Proven) and shown:
        return other if other is not None and _partly_undefined(other) else verdict
    if other is not None and _partly_undefined(other):
        return other
    if isinstance(other, Proven) and "digits" not in other.detail:
        return other
    return other if isinstance(other, Refuted) else Undecided(verdict.by, _why(verdict))


def _has_values(question: Question, line: Term) -> bool:
    """Whether the line asks for nothing to be positive that the function, or a line of its proof, does not ask for."""
    known = needs(question.context, question.start, *question.right_lines)
    return set(needs(question.context, line)) <= set(known)


def _proved(line: Term, question: Question) -> bool:
    """Whether it is, up to school algebra, a line of a proof that needs no more than is assumed."""
    assumed = frozenset[str]().union(*(proof.theorem.assumptions for proof in question.own_proofs))
    return assumed <= question.assumptions and any(alike(line, right) for right in question.right_lines)


def _why(verdict: Verdict) -> str:
    """Why it is undecided; if only the points agree, the difference was not reduced to 0."""
    return verdict.why if isinstance(verdict, Undecided) else "not-reduced"


def _partly_undefined(verdict: Verdict) -> bool:
    """Whether the line has no value at some point where the derivative has one: then nobody may call it right."""
    return isinstance(verdict, Undecided) and verdict.why == "undefined-on-one-side"


def _by_sympy(question: Question, line: Term) -> Verdict | None:
    from derive.witness.cas import Claimed, check_unproved

    if question.start.size + line.size > LARGEST_FACTORED:
        return None
    return check_unproved(question.context, Claimed(question.start, line, question.assumptions, question.conditions))


def _right(told: LineVerdict, before: Term, before_right: bool, rule: str | None, question: Question) -> LineVerdict:
    if before_right and rule is not None:
        return replace(told, status="follows", rule=rule)
    assert told.term is not None
    names = skipped(before if before_right else question.start, told.term, question)
    return replace(told, status="equal", skipped=names)


def _wrong(
    told: LineVerdict, verdict: Verdict, before: Term, before_right: bool, rule: str | None, question: Question
) -> LineVerdict:
    line = told.term
    assert line is not None
    if isinstance(verdict, Refuted):
        left, right = (float(str(side)) for side in (verdict.left, verdict.right))
        told = replace(told, point=verdict.point, left=left, right=right, missing=verdict.missing)
        told = replace(told, residual=_residual(question, line))
    told = replace(told, status="wrong")
    if not before_right and rule is not None:
        return replace(told, rule=rule)
    if told.missing:
        return told
    found = diagnose(line, _grounds(before, question), question.context, question.assumptions)
    return replace(told, diagnosis=found)


def _residual(question: Question, line: Term) -> Term | None:
    from derive.witness.cas_functions import residual_term

    verdict = _by_sympy(question, line)
    found = verdict.residual if isinstance(verdict, Refuted) else residual_term(question.start, line, question.context)
    return found if isinstance(found, Term) and found.size <= LARGEST_SHOWN else None


def _grounds(before: Term, question: Question) -> tuple[Term, ...]:
    """What the slip may have been made in: the line before, or any line known to be right."""
    ends = (neat(carried_out(t, question.context)) for t in (before, question.start))
    return (before, question.start, *ends, *question.right_lines)


def out_of_range(t: Term, context: Context, bound: Mapping[str, Term] | None = None) -> bool:
    """Whether an index runs over other entries than its family has, as in W_jk for W_kj."""
    bound = bound or {}
    if t.op == "elem":
        ranges = {**context.indices, **context.fixed, **bound}
        shape = context.shapes.get(str(t.args[0].value), ())
        return any(
            ranges.get(str(index.value), size) != size
            for index, size in zip(t.args[1:], shape, strict=False)
            if index.op == "sym"
        )
    inner = {**bound, str(t.args[0].value): t.args[1]} if t.op == "sum" else bound
    return any(out_of_range(a, context, inner) for a in t.args)
