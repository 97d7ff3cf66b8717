"""Finding steps: untrusted. What is found is handed to the kernel, which believes none of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from derive.core.kernel import Refused, Step, Theorem, apply, check, law_for
from derive.core.law import Context
from derive.core.match import match
from derive.core.term import N_ARY, Path, Term, part
from derive.rules import PROCEDURES, RULES

# tidying that no lecturer writes as a line of its own
TIDYING = (
    "zero-times", "times-zero", "one-times", "times-one", "plus-zero", "zero-plus", "minus-zero",
    "zero-minus", "double-negative",
)  # fmt: skip
TIDY = {
    op: tuple((Step(name), RULES[name].left) for name in TIDYING if RULES[name].left.op == op)
    for op in {RULES[name].left.op for name in TIDYING}
}


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
        while any(
            self._fits(pattern, step, path, here)
            for path, here in self._places()
            for step, pattern in TIDY.get(here.op, ())
        ):
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
        if not self._first(self._places(at), template):
            reason = self._why(replace(template, at=at or ()))
            raise Refused(f"{self.name}: {rule} finds no place in {self.line} ({reason})")
        while everywhere and self._first(self._places(), template):
            pass

    def _places(self, at: Path | None = None) -> Iterator[tuple[Path, Term]]:
        return places(self.line) if at is None else iter([(at, part(self.line, at))])

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
