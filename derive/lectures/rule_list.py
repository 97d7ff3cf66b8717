"""Every card as a document: its statement, its conditions, its sentence."""

from __future__ import annotations

from collections.abc import Mapping

from derive.core.condition import Condition
from derive.core.law import Rule
from derive.core.procedures import PROCEDURES
from derive.core.term import Term, rebuild, substitute, sym
from derive.document.nodes import Block, Document, Equation, Heading, Listing, Message, Name, RuleName, Slot, Table
from derive.rules import RULES
from derive.rules.algebra import ALGEBRA
from derive.rules.calculus import CALCULUS
from derive.rules.functions import FUNCTIONS, MEANINGS
from derive.rules.sums import SUMS

VARYING = ("f", "u")  # slots that may depend on the index of a sum
GROUPS: Mapping[str, list[Rule]] = {
    "calculus": CALCULUS, "functions": FUNCTIONS, "meanings": MEANINGS, "sums": SUMS, "algebra": ALGEBRA,
}  # fmt: skip
assert sum(map(len, GROUPS.values())) == len(RULES)


def rules_document() -> Document:
    """All cards, a table for each kind, and the procedures."""
    blocks: list[Block] = []
    for group, cards in GROUPS.items():
        blocks += [Heading(group, Message(f"rules.{group}")), _table(group, cards)]
    head = (Message("rules.name"), Message("rules.says"), Message("rules.id"))
    rows = tuple((RuleName(name), Message(f"rules.{name}"), Name(name)) for name in PROCEDURES)
    procedures = Table("procedures-table", Message("rules.procedures-caption"), head, rows, "lll")
    heading = Heading("procedures", Message("rules.procedures"))
    return Document(Message("rules.title"), Message("rules.subtitle"), (*blocks, heading, procedures))


def _table(group: str, cards: list[Rule]) -> Table:
    head = (Message("rules.name"), Message("rules.statement"), Message("rules.where"), Message("rules.id"))
    rows = tuple((RuleName(card.name), _statement(card), _where(card), Name(card.name)) for card in cards)
    return Table(f"{group}-table", Message("rules.caption"), head, rows, "llll")


def _statement(card: Rule) -> Slot:
    return Equation((_shown(card.left), _shown(card.right)))


def _where(card: Rule) -> Slot:
    told = tuple(_condition(condition) for condition in card.where)
    return Listing(told) if told else Name("")


def _condition(condition: Condition) -> Message:
    names = ("first", "second", "third", "fourth")
    return Message(f"rules.needs-{condition.kind}", dict(zip(names, map(_shown, condition.about), strict=False)))


def _shown(t: Term) -> Term:
    """A pattern as a formula: slots become letters, and f with k replaced by j becomes f_j."""
    if t.op == "slot":
        return sym(str(t.value))
    if t.op == "put":
        body, index, by = map(_shown, t.args)
        return body[by]
    if t.op == "sum":
        index, size, body = map(_shown, t.args)
        return Term("sum", (index, size, substitute(body, {name: sym(name)[index] for name in VARYING})))
    return rebuild(t, tuple(map(_shown, t.args)))
