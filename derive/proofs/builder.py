"""Writing a proof step by step. Untrusted: what is written is handed to the kernel, which believes none of it.

A step is cited at a place that is known, worked out here; or at the first place where it fits, tried with the kernel.
Whoever knows which rule comes next (a script, the rules of differentiation, a normal form) writes with one of these.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Self

from derive.core.context import Context
from derive.core.kernel import Refused, Step, Theorem, apply, check, law_for
from derive.core.law import Rule
from derive.core.match import Found, fill, match
from derive.core.procedures import PROCEDURES
from derive.core.term import N_ARY, Path, Term, free, part, rename_bound, swap, walk
from derive.proofs.proof import Move, Proof
from derive.rules import RULES

# tidying that no lecturer writes as a line of its own
TIDYING = (
    "zero-times", "times-zero", "one-times", "times-one", "plus-zero", "zero-plus", "minus-zero",
    "zero-minus", "double-negative",
)  # fmt: skip
TIDY = {
    op: tuple((Step(name), RULES[name].left) for name in TIDYING if RULES[name].left.op == op)
    for op in {RULES[name].left.op for name in TIDYING}
}
LETTERS = "lmijkqrstuv"  # for the sums that a definition brings in
Preparation = tuple[str, "Path | None"]


@dataclass
class Builder:
    """The proof as far as it is written. lemmas: theorems that may be cited where their left side stands."""

    context: Context
    line: Term
    lemmas: Mapping[str, Theorem] = field(default_factory=dict)
    steps: list[Step] = field(default_factory=list)
    moves: list[Move] = field(default_factory=list)
    name: str = ""
    left: Term = field(init=False)

    def __post_init__(self) -> None:
        self.left = self.line

    def checked(self, name: str) -> Proof:
        """The proof, if the kernel accepts it; raises Refused."""
        theorem = check(name, self.context, self.left, self.line, tuple(self.steps), RULES, self.lemmas)
        return Proof(theorem, tuple(self.moves))

    def grouped(self, start: int, headline: int | None = None, brief: bool = True) -> None:
        """The steps since the start become one line; nothing when there are none."""
        if len(self.steps) > start:
            self.moves.append(Move(start if headline is None else headline, start, len(self.steps), brief))

    # at a place that is known

    def cite(self, rule: str, path: Path, using: Mapping[str, Term] | None = None, back: bool = False) -> None:
        """One step. Raises Refused where the rule does not fit."""
        here = part(self.line, path)
        found: Found = dict(using or {})
        law = self._law(rule, here, found)
        have, want = (law.right, law.left) if back else (law.left, law.right)
        bound = match(have, here, found)
        if bound is None:
            raise Refused(f"{rule} does not fit {here}")
        new = fill(want, bound)
        renamed = self._renamed(new, here) if rule not in RULES and rule not in PROCEDURES else {}
        self.line = swap(self.line, path, rename_bound(new, renamed) if renamed else new)
        self.steps.append(Step(rule, path, back, tuple((using or {}).items()), tuple(renamed.items())))

    def rearrange(self, path: Path, new: Term) -> None:
        """One step: a part of the line in another form."""
        self.steps.append(Step("rearrange", path, False, (("to", new),)))
        self.line = swap(self.line, path, new)

    def at(self, rule: str, path: Path = (), back: bool = False, **using: Term) -> None:
        """One line: a rule that was chosen beforehand, and its place."""
        start = len(self.steps)
        self.cite(rule, path, using, back)
        self.grouped(start)

    def everywhere(self, rule: str, back: bool = False) -> None:
        """One line: a definition, a lemma or an assumption wherever it fits."""
        law = law_for(Step(rule), self.line, self.context, RULES, self.lemmas).rule
        pattern, start = (law.right if back else law.left), len(self.steps)
        while (path := next((p for p, t in places(self.line) if match(pattern, t) is not None), None)) is not None:
            self.cite(rule, path, {}, back)
        self.grouped(start)

    def _law(self, rule: str, here: Term, found: Found) -> Rule:
        if rule in PROCEDURES:
            return PROCEDURES[rule](here, found)
        return RULES[rule] if rule in RULES else law_for(Step(rule), here, self.context, RULES, self.lemmas).rule

    def _renamed(self, new: Term, here: Term) -> dict[str, str]:
        """Other letters for the sums that come in, where theirs stand for something else in the line."""
        bound = dict.fromkeys(str(t.args[0].value) for _, t in walk(new) if t.op == "sum")
        taken = free(self.line) | free(self.left) | {str(t.args[0].value) for _, t in walk(self.line) if t.op == "sum"}
        used = taken | free(new) | set(bound) | self.context.reserved
        spare = iter(letter for letter in LETTERS if letter not in used)
        return {name: next(spare) for name in bound if name in taken}

    # at the first place where it fits

    def move(self, rule: str, brief: bool = False, before: Sequence[Preparation] = (), **options: Any) -> Self:
        """One line of a script: what prepares it, the headline rule, then tidying. Raises Refused."""
        start = len(self.steps)
        for name, place in before:
            self._found(name, at=place)
        headline = len(self.steps)
        self._found(rule, **options)
        self._tidied()
        self.grouped(start, headline, brief)
        return self

    def also(self, rule: str, **options: Any) -> Self:
        """More steps under the last line's headline."""
        last = self.moves.pop()
        self._found(rule, **options)
        self._tidied()
        self.grouped(last.start, last.headline, last.brief)
        return self

    def qed(self, right: Term) -> Proof:
        """The proof, if it ends where it should; raises Refused."""
        theorem = check(self.name, self.context, self.left, right, tuple(self.steps), RULES, self.lemmas)
        return Proof(theorem, tuple(self.moves))

    def _tidied(self) -> None:
        while any(
            self._fits(pattern, step, path, here)
            for path, here in places(self.line)
            for step, pattern in TIDY.get(here.op, ())
        ):
            pass

    def _found(
        self,
        rule: str,
        at: Path | None = None,
        back: bool = False,
        everywhere: bool = False,
        rename: Mapping[str, str] | None = None,
        **using: Term,
    ) -> None:
        """Cite the rule at a place, at the first place where it fits, or wherever it fits."""
        template = Step(rule, (), back, tuple(using.items()), tuple((rename or {}).items()))
        where = places(self.line) if at is None else iter([(at, part(self.line, at))])
        if not self._first(where, template):
            reason = self._why(replace(template, at=at or ()))
            raise Refused(f"{self.name}: {rule} finds no place in {self.line} ({reason})")
        while everywhere and self._first(places(self.line), template):
            pass

    def _first(self, where: Iterable[tuple[Path, Term]], step: Step) -> bool:
        """Cite the step at the first place where it fits."""
        wanted = self._pattern(step)
        return any(self._fits(wanted, step, path, here) for path, here in where)

    def _fits(self, wanted: Term | None, step: Step, path: Path, here: Term) -> bool:
        """Cite the step at this place, if it fits and changes something."""
        if wanted is not None and match(wanted, here, dict(step.using)) is None:
            return False
        placed = replace(step, at=path)
        try:
            line = apply(placed, self.line, self.context, RULES, self.lemmas)[1]
        except Refused:
            return False
        if line == self.line:
            return False
        self.steps.append(placed)
        self.line = line
        return True

    def _pattern(self, step: Step) -> Term | None:
        """What the rule must fit, to look for places quickly; the kernel has the last word."""
        if step.rule in PROCEDURES:
            return None
        rule = law_for(step, self.line, self.context, RULES, self.lemmas).rule
        return rule.right if step.back else rule.left

    def _why(self, step: Step) -> str:
        try:
            apply(step, self.line, self.context, RULES, self.lemmas)
        except Refused as refusal:
            return str(refusal)
        return "it changes nothing"


def places(t: Term, path: Path = ()) -> Iterator[tuple[Path, Term]]:
    """Every place a rule may be tried at and the term there, outermost first, pieces of sums and products too."""
    if t.op == "num":
        return
    yield path, t
    if t.op in N_ARY:
        n = len(t.args)
        pieces = [(a, b) for a in range(n) for b in range(a + 2, n + 1) if b - a < n]
        yield from (((*path, (a, b)), Term(t.op, t.args[a:b])) for a, b in pieces)
    for n, a in enumerate(t.args):
        yield from places(a, (*path, n))
