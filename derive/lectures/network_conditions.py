"""Where the theorems of a network hold: what was assumed, and what must not be zero."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from derive.chains.network import EXAMPLES, NetworkProblem
from derive.core.condition import Condition
from derive.core.context import Context
from derive.core.kernel import simplest
from derive.core.term import Term, free, substitute, sym, walk
from derive.document.explain import assumed
from derive.document.nodes import Block, Heading, Listing, Message, Prose
from derive.document.proof_blocks import where
from derive.lectures.function_document import has_kink
from derive.proofs.proof import Proof

UNITS = ("k", "j", "i")  # what an entry is called when it may be any


def everywhere(problem: NetworkProblem, proofs: Mapping[str, Proof]) -> Iterator[Block]:
    """The assumptions and conditions of all theorems together, for every unit and every example."""
    theorems = [proof.theorem for proof in proofs.values()]
    facts = dict.fromkeys(name for theorem in theorems for name in sorted(theorem.assumptions))
    conditions = conditions_of_all(problem, proofs)
    yield Heading("conditions", Message("network.conditions"))
    if facts:
        told = tuple(assumed(name, *problem.context.assumptions[name]) for name in facts)
        yield Prose(Message("network.assumed", {"facts": Listing(told)}))
    if conditions:
        yield from where(conditions, "network.where")
    else:
        yield Prose(Message("network.everywhere"))
    if any(map(has_kink, theorems)):
        yield Prose(Message("function.kinks"))


def conditions_of_all(problem: NetworkProblem, proofs: Mapping[str, Proof]) -> tuple[Condition, ...]:
    """What must be positive or not zero, for every unit and every example."""
    theorems = [proof.theorem for proof in proofs.values()]
    found = (of_any_entry(each, theorem.context, problem.row) for theorem in theorems for each in theorem.conditions)
    return simplest(dict.fromkeys(found), problem.context)


def of_any_entry(condition: Condition, context: Context, row: tuple[Term, ...] = ()) -> Condition:
    """The condition with the same letters for its entries, whichever the theorem that records it uses.

    row: the letter for an example, if there are several.

    >>> s, size = sym("s__1"), sym("H")
    >>> of_any_entry(Condition("nonzero", (s[sym("i'")],)), Context(shapes={"s__1": (size,)})).about
    (s__1[k],)
    """
    about = condition.about[0]
    entries = [t for _, t in walk(about) if t.op == "elem"]
    letters: dict[str, Term] = {}
    for entry in entries:
        for place, size in zip(entry.args[1:], context.shapes.get(str(entry.args[0].value), ()), strict=False):
            name = str(place.value)
            if place.op == "sym" and name in free(about) and name not in letters:
                unused = [sym(letter) for letter in UNITS if sym(letter) not in letters.values()]
                letters[name] = row[0] if row and size == EXAMPLES else (*unused, place)[0]
    return Condition(condition.kind, (substitute(about, letters),))
