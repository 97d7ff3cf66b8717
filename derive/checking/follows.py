"""How a line follows from the line before: one rule, cited through the kernel, and school algebra."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import lru_cache

from derive.checking.question import Question
from derive.checking.slips.algebra import alike, neat
from derive.checking.slips.carry import cards_used
from derive.core.functions import FUNCTIONS
from derive.core.kernel import Refused, Step, apply, law_for
from derive.core.match import match
from derive.core.term import Path, Term, free, fresh, same, sym
from derive.proofs.builder import places
from derive.rules import RULES

# what nobody gives a line of its own
SILENT = (
    "constant", "variable", "coordinates", "matrix-coordinates", "constant-factor", "constant-factor-right",
    "delta-same", "delta-other", "power-one", "log-one", "log-e",
)  # fmt: skip
MOST_REPEATED = 24
MOST_CITED = 8
Patterns = Mapping[str, tuple[tuple[str, Term], ...]]


def followed(before: Term, line: Term, question: Question) -> str | None:
    """The name of the one rule that leads from before to line, or None."""
    if same(before, line):
        return "rearrange"
    forward, back = _moves(before, question), _moves(line, question)
    found = next((name for name, moved in forward if same(neat(moved), neat(line))), None)
    found = found or next((name for name, moved in back if same(neat(moved), neat(before))), None)
    if found is not None or alike(before, line):
        return found or "rearrange"
    settled = _settled(before, question)
    if alike(settled, line):
        return cards_used(before, question.context)[0]
    if settled != before:
        forward += _moves(settled, question)
    found = next((name for name, moved in forward if _reaches(name, moved, line, question)), None)
    return found or next((name for name, moved in back if _reaches(name, moved, before, question)), None)


def _reaches(name: str, moved: Term, goal: Term, question: Question) -> bool:
    return name not in algebraic() and any(alike(end, goal) for end in _ends(name, moved, question))


def skipped(before: Term, line: Term, question: Question) -> tuple[str, ...]:
    """Rules that a full derivation would name between two lines, as far as that is cheap to say."""
    for proof in question.own_proofs:
        lines = proof.theorem.lines
        first = max((n for n, t in enumerate(lines) if same(t, before)), default=None)
        last = next((n for n, t in enumerate(lines) if alike(t, line)), None)
        if first is not None and last is not None and first < last:
            told = [proof.theorem.steps[m.headline].rule for m in proof.moves if first <= m.start < last]
            return tuple(dict.fromkeys(told))
    used = dict.fromkeys(cards_used(before, question.context))
    left = set(cards_used(line, question.context))
    named = tuple(name for name in used if name not in left and name not in SILENT)
    return named or _by_two(before, line, question)


def _by_two(before: Term, line: Term, question: Question) -> tuple[str, ...]:
    """A lemma or a definition, and one rule more."""
    cited = [(name, moved) for name, moved in _moves(before, question) if name not in RULES]
    for name, moved in cited[:MOST_CITED]:
        rule = followed(moved, line, question)
        if rule is not None:
            return (name, rule)
    return ()


@lru_cache(maxsize=1)
def algebraic() -> frozenset[str]:
    """The cards that are school algebra."""
    return frozenset(name for name, card in RULES.items() if alike(card.left, card.right))


@lru_cache(maxsize=1)
def _cards() -> Patterns:
    return _by_operator([(name, card.left) for name, card in RULES.items()])


def _by_operator(patterns: list[tuple[str, Term]]) -> Patterns:
    sorted_out: dict[str, tuple[tuple[str, Term], ...]] = {}
    for name, pattern in patterns:
        sorted_out[pattern.op] = (*sorted_out.get(pattern.op, ()), (name, pattern))
    return sorted_out


def _own(line: Term, question: Question) -> Patterns:
    """The definitions, assumptions and lemmas of the question."""
    context = question.context
    names = [f"definition:{name}" for name in context.definitions]
    names += [name for name in context.assumptions if name in question.assumptions]
    patterns = []
    for name in (*names, *question.lemmas):
        try:
            law = law_for(Step(name), line, context, RULES, question.lemmas)
        except Refused:
            continue
        patterns.append((name, law.rule.left))
    return _by_operator(patterns)


def _moves(line: Term, question: Question) -> list[tuple[str, Term]]:
    """Every line that one rule makes of this one, with the name of the rule."""
    found = []
    for step in _steps(line, question):
        moved = _applied(step, line, question)
        if moved is not None:
            found.append((step.rule, moved))
    return found


def _steps(line: Term, question: Question) -> Iterator[Step]:
    own = _own(line, question)
    for path, here in places(line):
        for patterns in (_cards(), own):
            for name, pattern in patterns.get(here.op, ()):
                if name == "chain-rule":
                    yield from _chains(here, path, question)
                elif match(pattern, here) is not None:
                    yield Step(name, path)
        if here.op == "sum":
            yield Step("write-out", path)
        if here.op == "d" and here.args[0].op == "fn" and here.args[0].value not in FUNCTIONS:
            yield Step("abstract-chain", path)


def _chains(here: Term, path: Path, question: Question) -> Iterator[Step]:
    """The chain rule through each defined family."""
    for name in question.context.definitions:
        shape = question.context.shapes.get(name, ())
        if len(shape) == 1:
            letter = fresh("m", free(here) | question.context.reserved)
            yield Step("chain-rule", path, using=(("q", sym(name)), ("m", sym(letter)), ("n", shape[0])))


def _applied(step: Step, line: Term, question: Question) -> Term | None:
    try:
        moved = apply(step, line, question.context, RULES, question.lemmas)[1]
    except Refused:
        return None
    return None if moved == line else moved


def _ends(name: str, moved: Term, question: Question) -> Iterator[Term]:
    """The line, and what becomes of it when the same rule is used wherever it fits and the evident is done."""
    yield moved
    seen = {moved}
    for _ in range(MOST_REPEATED):
        further = _once_more((name, *SILENT), moved, question)
        if further is None or further in seen:
            break
        seen.add(further)
        moved = further
        yield neat(moved)


def _settled(line: Term, question: Question) -> Term:
    """The line when all that nobody gives a line of its own is done."""
    for _ in range(MOST_REPEATED):
        further = _once_more(SILENT, line, question)
        if further is None:
            return line
        line = further
    return line


def _once_more(names: tuple[str, ...], line: Term, question: Question) -> Term | None:
    line = neat(line)
    for step in _steps(line, question):
        if step.rule in names:
            moved = _applied(step, line, question)
            if moved is not None:
                return moved
    return None
