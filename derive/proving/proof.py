"""Finding steps: untrusted. What is found is handed to the kernel, which believes none of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from derive.core.kernel import Refused, Step, Theorem, apply, check, law_for
from derive.core.law import Context
from derive.core.match import match
from derive.core.term import N_ARY, Path, Term, part, walk
from derive.rules import PROCEDURES, RULES

# tidying that no lecturer writes as a line of its own
TIDY = (
    "zero-times", "times-zero", "one-times", "times-one", "plus-zero", "zero-plus", "minus-zero",
    "zero-minus", "double-negative",
)  # fmt: skip


Preparation = tuple[str, "Path | None"]


@dataclass(frozen=True)
class Move:
    """One line of the lecture: steps start..stop, told by the rule of the headline step."""

    headline: int
    start: int
    stop: int
    brief: bool


@dataclass(frozen=True)
class Proof:
    """A theorem and how its steps are grouped into the lines of a lecture."""

    theorem: Theorem
    moves: tuple[Move, ...]


class Draft:
    """A proof being written: each call cites rules at places it finds.

    Every step is checked by the kernel at once, so a draft never runs ahead of what holds.
    """

    def __init__(self, name: str, context: Context, left: Term, lemmas: Mapping[str, Proof] | None = None) -> None:
        self.name, self.context, self.left = name, context, left
        self.lemmas = {n: p.theorem for n, p in (lemmas or {}).items()}
        self.steps: list[Step] = []
        self.moves: list[Move] = []
        self.line = left

    def move(self, rule: str, brief: bool = False, before: Sequence[Preparation] = (), **options: Any) -> Draft:
        """One line: what prepares it, the headline rule, then tidying."""
        start = len(self.steps)
        for name, place in before:
            self._cite(name, at=place)
        headline = len(self.steps)
        self._cite(rule, **options)
        self._tidy()
        self.moves.append(Move(headline, start, len(self.steps), brief))
        return self

    def also(self, rule: str, **options: Any) -> Draft:
        """More steps under the last line's headline."""
        last = self.moves.pop()
        self._cite(rule, **options)
        self._tidy()
        self.moves.append(Move(last.headline, last.start, len(self.steps), last.brief))
        return self

    def qed(self, right: Term) -> Proof:
        theorem = check(self.name, self.context, self.left, right, tuple(self.steps), RULES, self.lemmas)
        return Proof(theorem, tuple(self.moves))

    def _tidy(self) -> None:
        while any(self._first(rule, places(self.line)) for rule in TIDY):
            pass

    def _cite(
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
        where = [at] if at is not None else places(self.line)
        if not self._first(rule, where, template):
            reason = self._why(replace(template, at=at or ()))
            raise Refused(f"{self.name}: {rule} finds no place in {self.line} ({reason})")
        while everywhere and self._first(rule, places(self.line), template):
            pass

    def _first(self, rule: str, where: Iterable[Path], template: Step | None = None) -> bool:
        template = template or Step(rule)
        wanted = self._pattern(template)
        for path in where:
            here = part(self.line, path)
            if wanted is None or match(wanted, here, dict(template.using)) is not None:
                step = replace(template, at=path)
                try:
                    line = apply(step, self.line, self.context, RULES, self.lemmas)[1]
                except Refused:
                    continue
                if line != self.line:
                    self.steps.append(step)
                    self.line = line
                    return True
        return False

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


def places(t: Term) -> list[Path]:
    """Every place a rule may be tried at, outermost first, pieces of sums and products included."""
    found: list[Path] = []
    for path, here in walk(t):
        if here.op != "num":
            found.append(path)
        if here.op in N_ARY:
            n = len(here.args)
            found += [(*path, (a, b)) for a in range(n) for b in range(a + 2, n + 1) if b - a < n]
    return found
