"""Bad twins: a proof with one slip in it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from derive.core.context import Context, Definition
from derive.core.kernel import Step, Theorem, check
from derive.core.term import Term, delta, neg, num, rebuild, swap, sym, walk
from derive.proofs.proof import Proof
from derive.rules import RULES


def slips(t: Term) -> Iterator[tuple[str, Term]]:
    """Every term that differs by one slip: sign, index, delta, exponent, a dropped or turned part."""
    for path, here in walk(t):
        if here.op in ("slot", "sym", "num") or _in_index(t, path):
            continue
        for kind, new in _slips_here(here):
            try:
                yield kind, swap(t, path, new)
            except ValueError:
                continue


def _in_index(t: Term, path) -> bool:
    for n in path:
        if t.op in ("elem", "delta") or (t.op == "sum" and n < 2) or (t.op == "d" and n == 1):
            return True
        t = t.args[n]
    return False


def _slips_here(here: Term) -> Iterator[tuple[str, Term]]:
    if here.op == "neg":
        yield "sign", here.args[0]
    elif here.op in ("elem", "delta", "fn", "div", "d", "sum"):
        yield "sign", neg(here)
    if here.op == "elem":
        for n in range(1, len(here.args)):
            for other in "jl" if here.args[n].value in ("j", "l") else "ikm":
                if here.args[n] != sym(other):
                    yield "index", rebuild(here, (*here.args[:n], sym(other), *here.args[n + 1 :]))
    if here.op == "delta":
        yield "delta", num(1)
        yield "delta", num(0)
        yield "delta", delta(here.args[0], here.args[0])
    if here.op == "pow":
        yield "exponent", here.args[0]
        yield "exponent", here.args[0] ** 3
    if here.op in ("add", "mul"):
        for n in range(len(here.args)):
            rest = (*here.args[:n], *here.args[n + 1 :])
            yield "dropped", rest[0] if len(rest) == 1 else Term(here.op, rest)
    if here.op == "div":
        yield "turned", Term("div", here.args[::-1])
    if here.op == "sum":
        yield "dropped", here.args[2]


@dataclass(frozen=True)
class Twin:
    """A tampered proof: what was done to it, and what the kernel is asked to believe."""

    kind: str
    theorem: Theorem
    context: Context
    left: Term
    right: Term
    steps: tuple[Step, ...]

    def check(self) -> Theorem:
        lemmas = {lemma.name: lemma for lemma in self.theorem.lemmas}
        return check(self.theorem.name, self.context, self.left, self.right, self.steps, RULES, lemmas)


def twins(proof: Proof) -> Iterator[Twin]:
    """Every tampered version of a proof."""
    t = proof.theorem
    honest = Twin("", t, t.context, t.left, t.right, t.steps)
    for kind, right in slips(t.right):
        yield replace(honest, kind=f"claim {kind}", right=right)
    for kind, left in slips(t.left):
        yield replace(honest, kind=f"claim {kind}", left=left)
    for n, _step in enumerate(t.steps):
        for kind, steps in _step_twins(t, n):
            yield replace(honest, kind=kind, steps=steps)
    for name in sorted(t.assumptions):
        without = {a: e for a, e in t.context.assumptions.items() if a != name}
        yield replace(honest, kind="assumption dropped", context=replace(t.context, assumptions=without))
        left, right = t.context.assumptions[name]
        changed = {**t.context.assumptions, name: (left, right + 1)}
        yield replace(honest, kind="assumption changed", context=replace(t.context, assumptions=changed))
    for name in sorted(t.definitions):
        definition = t.context.definitions[name]
        for kind, body in slips(definition.body):
            try:
                changed_definitions = {**t.context.definitions, name: Definition(name, definition.params, body)}
                context = replace(t.context, definitions=changed_definitions)
            except ValueError:
                continue
            yield replace(honest, kind=f"definition {kind}", context=context)


def _step_twins(t: Theorem, n: int) -> Iterator[tuple[str, tuple[Step, ...]]]:
    steps, step = t.steps, t.steps[n]
    before, after = steps[:n], steps[n + 1 :]
    yield "step dropped", before + after
    yield "step doubled", (*before, step, step, *after)
    if after:
        yield "steps swapped", (*before, after[0], step, *after[1:])
    for at in ((*step.at, 0), (*step.at, 1), step.at[:-1], (*step.at[:-1], 7)):
        if at != step.at:
            yield "place moved", (*before, replace(step, at=at), *after)
    yield "direction turned", (*before, replace(step, back=not step.back), *after)
    for rule in ("constant", "sum-rule", "pick", "one-times", "product-rule", "no-such-rule"):
        if rule != step.rule:
            yield "rule changed", (*before, replace(step, rule=rule), *after)
    if step.using:
        yield "binding dropped", (*before, replace(step, using=()), *after)
    for kind, line in slips(t.lines[n + 1]):
        forged = Step("rearrange", (), using=(("to", line),))
        yield f"line {kind}", (*before, forged, *after)
