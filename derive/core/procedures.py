"""The computations that stand beside the cards, each as a rule made for the place at hand."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from derive.core.arithmetic import denominators, equal, radicands
from derive.core.condition import Condition
from derive.core.functions import FUNCTIONS
from derive.core.law import Rule
from derive.core.term import Term, add, d, mul, num, slot, substitute

LONGEST_WRITTEN_SUM = 12


def rearranged(before: Term, using: Mapping[str, Term]) -> Rule:
    """Both sides are the same polynomial; a denominator is not zero, the base of a root or a real power positive."""
    after = using.get("to")
    if after is None or not equal(before, after):
        raise ValueError(f"{before} cannot be rearranged to {after}")
    above = dict.fromkeys((*radicands(before), *radicands(after)))
    bottoms = dict.fromkeys((*denominators(before), *denominators(after)))
    needs = [Condition("positive", (a,)) for a in above] + [Condition("nonzero", (b,)) for b in bottoms]
    return Rule("rearrange", slot("before"), slot("to"), tuple(needs))


def chained(before: Term, using: Mapping[str, Term]) -> Rule:
    """The derivative of a function of the user's own: f'(u) times the inner derivative, one term an argument."""
    u = before.args[0] if before.op == "d" else before
    if before.op != "d" or u.op != "fn" or u.value in FUNCTIONS:
        raise ValueError(f"{before} is not the derivative of an abstract function")
    x, inner = slot("x"), [slot(f"u{n}" if len(u.args) > 1 else "u") for n in range(1, len(u.args) + 1)]
    terms = [
        mul(Term("fn", tuple(inner), _slope(str(u.value), n, len(inner))), d(v, x)) for n, v in enumerate(inner, 1)
    ]
    return Rule("abstract-chain", d(Term("fn", tuple(inner), u.value), x), add(*terms))


def _slope(name: str, n: int, arguments: int) -> str:
    """The name of the derivative by the n-th argument; the order of differentiation does not matter."""
    plain, _, before = name.partition("'")
    if arguments == 1:
        return f"{name}'"
    if arguments > 9 or not (before.isdecimal() or not before):
        raise ValueError(f"{name} has too many arguments")
    return f"{plain}'{''.join(sorted(before + str(n)))}"


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
    "abstract-chain": chained,
    "rearrange": rearranged,
    "write-out": written_out,
    "rename": renamed,
}
