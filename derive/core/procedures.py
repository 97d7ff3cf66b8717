"""The three computations that stand beside the cards, each as a rule made for the place at hand."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from derive.core.arithmetic import denominators, polynomial
from derive.core.law import Condition, Rule
from derive.core.term import Term, add, num, slot, substitute

LONGEST_WRITTEN_SUM = 12


def rearranged(before: Term, using: Mapping[str, Term]) -> Rule:
    """Both sides are the same polynomial; what is divided by must not be zero."""
    after = using.get("to")
    if after is None or polynomial(before) != polynomial(after):
        raise ValueError(f"{before} cannot be rearranged to {after}")
    bottoms = dict.fromkeys((*denominators(before), *denominators(after)))
    return Rule("rearrange", slot("before"), slot("to"), tuple(Condition("nonzero", (b,)) for b in bottoms))


def written_out(before: Term, using: Mapping[str, Term]) -> Rule:
    """A sum over few entries, term by term."""
    last = before.args[1].value if before.op == "sum" and before.args[1].op == "num" else None
    if last is None or int(last) > LONGEST_WRITTEN_SUM:
        raise ValueError(f"{before} is not a short sum")
    index, _, body = before.args
    terms = [substitute(body, {str(index.value): num(n)}) for n in range(1, int(last) + 1)]
    # for this very sum only: the left side is the term itself, so its free names may not be bound around it
    return Rule("write-out", before, add(*terms))


def renamed(before: Term, using: Mapping[str, Term]) -> Rule:
    """The same term; only Step.rename shows."""
    return Rule("rename", slot("u"), slot("u"))


PROCEDURES: Mapping[str, Callable[[Term, Mapping[str, Term]], Rule]] = {
    "rearrange": rearranged,
    "rename": renamed,
    "write-out": written_out,
}
