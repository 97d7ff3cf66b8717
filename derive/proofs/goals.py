"""What is to be proved of a chain, as data: the statement of each theorem and the lines of its proof, by name.

A script is a tuple of steps, each of which writes on a `Writer`; how goals follow from a chain is planned elsewhere.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

from derive.budget import OverBudget
from derive.core.condition import RECORDED, Condition
from derive.core.context import Context
from derive.core.kernel import Refused, Theorem, TooLong
from derive.core.term import Term, d, delta, exp, sym, total
from derive.errors import UsageError
from derive.proofs.choice import NotDifferentiable
from derive.proofs.proof import Proof
from derive.proofs.writer import Writer

Step = Callable[[Writer], object]  # a step of a script
Script = tuple[Step, ...]
Known = Mapping[str, Proof]


@dataclass(frozen=True)
class Goal:
    """A theorem to be proved.

    left: its left side; with `of`, the derivative by `left` of what the goal of that name comes to. right: what it
    comes to, where that is known beforehand. cites: the goals it may cite. beside: those that are told with it.
    letters: over what its index letters run, if not over what the chain says. result: whether it is what was wanted,
    rather than a step on the way.
    """

    name: str
    left: Term
    script: Script
    right: Term | None = None
    cites: tuple[str, ...] = ()
    beside: tuple[str, ...] = ()
    of: str = ""
    letters: Mapping[str, Term] | None = None
    result: bool = False

    def stated(self, known: Known) -> Term:
        """The left side."""
        return d(known[self.of].theorem.right, self.left) if self.of else self.left

    def lemmas(self, known: Known) -> dict[str, Theorem]:
        """What it may cite, of what is known."""
        return {name: known[name].theorem for name in self.cites if name in known}


@dataclass(frozen=True)
class Plan:
    """The goals of a chain in the order in which they are told, and what may be asked for.

    asked: by what a person calls it, the main goal and then those of its single entries. also: other spellings.
    road: which of several ways the proofs take, where there are several. wrt: by what is differentiated, where the
    chain says so itself.
    """

    goals: Mapping[str, Goal]
    asked: Mapping[str, tuple[str, ...]]
    also: Mapping[str, str] = field(default_factory=dict)
    road: str = ""
    wrt: str = ""

    def needed(self, names: Iterable[str]) -> tuple[Goal, ...]:
        """These goals, all that they may rest on, and what is told beside them."""
        wanted: set[str] = set()
        todo = list(names)
        while todo:
            name = todo.pop()
            if name not in self.goals:
                raise UsageError(f'there is no theorem "{name}"; there are {", ".join(self.goals)}')
            if name not in wanted:
                goal = self.goals[name]
                wanted.add(name)
                todo += [each for each in (goal.of, *goal.cites, *goal.beside) if each in self.goals]
        return tuple(goal for goal in self.goals.values() if goal.name in wanted)


def by_name(goals: Iterable[Goal]) -> dict[str, Goal]:
    return {goal.name: goal for goal in goals}


def proved(goals: Iterable[Goal], context: Context) -> dict[str, Proof]:
    """The goals, proved one after the other. Raises NotDifferentiable, TooLong or OverBudget."""
    proofs: dict[str, Proof] = {}
    contexts: dict[tuple[tuple[str, Term], ...], Context] = {}
    for goal in goals:
        own = context
        if goal.letters is not None:
            key = tuple(goal.letters.items())
            own = contexts[key] = contexts.get(key) or context.with_letters(goal.letters)
        proofs[goal.name] = prove_goal(goal, own, proofs)
    return proofs


def prove_goal(goal: Goal, context: Context, known: Known = MappingProxyType({})) -> Proof:
    """One goal, from the proofs of what it may cite. Raises as `proved` does."""
    try:
        left = goal.stated(known)
        writer = Writer(
            context, left, goal.lemmas(known), name=goal.name, x=left.args[1] if left.op == "d" else sym("x")
        )
        for step in goal.script:
            step(writer)
        return writer.checked(goal.name) if goal.right is None else writer.qed(goal.right)
    except RecursionError:
        raise OverBudget("depth", what="this is nested too deeply") from None
    except TooLong:
        raise
    except Refused as refusal:
        never = refusal.needed if refusal.needed is not None and refusal.needed.kind in RECORDED else None
        raise NotDifferentiable(_why(goal.name, refusal, never), never) from None


def _why(name: str, refusal: Refused, never: Condition | None) -> str:
    """What the kernel refused, for somebody who does not know it; never: what would have to hold, and cannot."""
    if never is None:
        return f"{name} is not proved: {refusal}"
    relation = RECORDED[never.kind].relation
    return f"there is no real derivative: it needs {never.about[0]} {relation} 0, which is never so"


# the steps of scripts; carried_out, collapse and separate are steps too


def move(rule: str, **options: Any) -> Step:
    """One line: what prepares it, the rule at the first place where it fits, tidying."""
    return lambda writer: writer.move(rule, **options)


def also(rule: str, **options: Any) -> Step:
    """More under the last line's headline."""
    return lambda writer: writer.also(rule, **options)


def everywhere(rule: str, back: bool = False) -> Step:
    """One line: a definition, a lemma or an assumption wherever it fits."""
    return lambda writer: writer.everywhere(rule, back)


def at(rule: str, path: tuple[int, ...] = (), back: bool = False, **using: Term) -> Step:
    """One line: a rule at a place."""
    return lambda writer: writer.at(rule, path, back, **using)


def inside(path: tuple[int, ...], new: Term) -> Step:
    """One line: a part of the line in another form."""
    return lambda writer: writer.inside(path, new)


def to(new: Term) -> Step:
    """One line: the same in the form that is wanted."""
    return lambda writer: writer.to(new)


def finish(writer: Writer) -> None:
    """The form a person would write."""
    writer.finish()


def through(family: Term, index: Term, size: Term, row: tuple[Term, ...] = ()) -> Step:
    """The chain rule through a family; of a batch, through the row of the example."""
    if row:
        return at("chain-rule-row", (), q=family, m=index, n=size, k=row[0])
    return at("chain-rule", (), q=family, m=index, n=size)


def softmax_jacobian(name: str, probabilities: Term, logits: Term, row: tuple[Term, ...] = (), **more: Any) -> Goal:
    """dp_i/dz_k = p_i (delta_ik - p_k)."""
    i, k = sym("i"), sym("k")
    of, by = probabilities[(*row, i)], logits[(*row, k)]
    coordinates = "matrix-coordinates" if row else "coordinates"
    rows = [also("delta-same", everywhere=True)] if row else []
    script = (
        move(f"definition:{probabilities}", brief=True),
        move("quotient-rule", brief=True),
        move("exp-rule"), also(coordinates), *rows,
        move("series-rule"), also("exp-rule"), also(coordinates), *rows,
        move("pick", brief=True),
        move("common-factor"),
        move("split-square"),
        move("divide-terms"), also("cancel"),
        move(f"definition:{probabilities}", back=True, everywhere=True, brief=True),
    )  # fmt: skip
    return Goal(name, d(of, by), script, of * (delta(i, k) - probabilities[(*row, k)]), **more)


def softmax_shift(probabilities: Term, logits: Term, size: Term) -> Goal:
    """The softmax does not change when the same number is taken from every logit."""
    i, m, c = sym("i"), sym("m"), sym("c")
    script = (
        move("exp-difference", everywhere=True, brief=True),
        move("divide-sum"),
        move("common-denominator", brief=True),
        move(f"definition:{probabilities}", back=True, brief=True),
    )
    return Goal("softmax-shift", exp(logits[i] - c) / total(m, size, exp(logits[m] - c)), script, probabilities[i])
