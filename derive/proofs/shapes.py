"""Known names for what came out: 1/(1 + exp(-x)) is the sigmoid. Untrusted; each is a card."""

from __future__ import annotations

from derive.core.match import match
from derive.core.term import Path, Term, walk
from derive.proofs.builder import places
from derive.rules import RULES

NAMES = (
    "pythagoras", "pythagoras-cosine", "pythagoras-hyperbolic", "name-sigmoid-slope", "name-sigmoid",
    "name-sigmoid-positive", "name-tangent", "name-cotangent", "name-hyperbolic-tangent", "exp-log", "log-exp",
    "log-one", "root-of-square",
    "cases-same-less", "cases-same-at-most", "cases-same-greater", "cases-same-at-least",
)  # fmt: skip
# what a line must contain for the card to be worth a search
NEEDED = {name: frozenset(str(t.value) for _, t in walk(RULES[name].left) if t.op in ("fn", "cases")) for name in NAMES}


def names_back(line: Term) -> tuple[str, Path, dict[str, Term]] | None:
    """A card that gives something in the line its name, and where."""
    present = {str(t.value) for _, t in walk(line) if t.op in ("fn", "cases")}
    todo = [name for name in NAMES if NEEDED[name] <= present]
    if not todo:
        return None
    for path, here in places(line):
        for name in todo:
            if match(RULES[name].left, here) is not None:
                return name, path, {}
    return None
