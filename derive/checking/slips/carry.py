"""Derivatives carried out with the cards, without a proof: to see what a slip makes of one. Untrusted."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from derive.chains import unfolded
from derive.checking.slips.algebra import neat
from derive.core.condition import RECORDED, Condition
from derive.core.context import Context
from derive.core.law import CHECKS, Scope
from derive.core.match import Found, fill, match
from derive.core.meaning import base
from derive.core.procedures import PROCEDURES
from derive.core.term import Term, free, fresh, rebuild, rename_bound, slots, substitute, walk
from derive.rules import RULES
from derive.rules.cards import x
from derive.rules.functions import MEANINGS

Bound = Mapping[str, Term]
CHAINED = "abstract-chain"
SPECIAL = ("constant", "constant-denominator", "reciprocal-rule")  # shorter than the quotient rule, where they fit
MOST = 4_000  # nodes of a derivative that is carried out


@dataclass(frozen=True)
class Card:
    """A card or a slip, as a way to open a derivative."""

    left: Term
    right: Term
    where: tuple[Condition, ...]
    name: str

    def opened(self, t: Term, context: Context, bound: Bound) -> Term | None:
        found = match(self.left, t)
        if found is None:
            return None
        scope = Scope(context, bound)
        if all(holds_here(condition, found, scope) for condition in self.where):
            return fill(self.right, found)
        return None


def holds_here(condition: Condition, found: Found, scope: Scope) -> bool:
    """Conditions on values are left to whoever judges."""
    return condition.kind not in CHECKS or CHECKS[condition.kind](scope, *condition.filled(found).about)


def _cards() -> tuple[Card, ...]:
    """The cards that open a derivative without being told anything, then the meanings of functions without one."""
    opening = [
        Card(card.left, card.right, card.where, card.name)
        for card in RULES.values()
        if card.left.op == "d" and slots(card.right) <= slots(card.left) | _bound_slots(card.right)
    ]
    meant = [Card(Term("d", (card.left, x)), Term("d", (card.right, x)), card.where, card.name) for card in MEANINGS]
    special = [card for card in opening if card.name in SPECIAL]
    return (*special, *(card for card in opening if card not in special), *meant)


def _bound_slots(t: Term) -> frozenset[str]:
    return frozenset(str(s.args[0].value) for _, s in walk(t) if s.op == "sum" and s.args[0].op == "slot")


CARDS = _cards()


def carried_out(t: Term, context: Context, cards: Sequence[Card] = CARDS, bound: Bound | None = None) -> Term:
    """The term with its derivatives carried out, as far as the cards reach.

    >>> from derive.core.term import d, exp, sym
    >>> x = sym("x")
    >>> neat(carried_out(d(exp(x) + 3, x), Context()))
    exp(x)
    """
    bound = bound or {}
    if t.op != "d":
        return rebuild(t, tuple(carried_out(a, context, cards, b) for a, b in children(t, bound)))
    inside = carried_out(t.args[0], context, cards, bound) if is_open(t.args[0]) else t.args[0]
    t = Term("d", (inside, t.args[1]))
    opened = None if is_open(inside) else first_card(t, context, cards, bound)[1]
    return t if opened is None or opened.size > MOST else carried_out(neat(opened), context, cards, bound)


def first_card(t: Term, context: Context, cards: Sequence[Card], bound: Bound) -> tuple[str, Term | None]:
    """The first card that opens a derivative, and what it opens to."""
    for card in cards:
        opened = card.opened(t, context, bound)
        if opened is not None:
            return card.name, opened
    try:
        rule = PROCEDURES[CHAINED](t, {})
    except ValueError:
        return "", None
    return CHAINED, Card(rule.left, rule.right, (), CHAINED).opened(t, context, bound)


def cards_used(t: Term, context: Context, bound: Bound | None = None) -> tuple[str, ...]:
    """The names of the cards that carry out the derivatives of a term, in their order."""
    bound = bound or {}
    if t.op != "d":
        names = [name for a, b in children(t, bound) for name in cards_used(a, context, b)]
    else:
        name, opened = first_card(t, context, CARDS, bound)
        names = [] if opened is None or opened.size > MOST else [name, *cards_used(neat(opened), context, bound)]
    return tuple(dict.fromkeys(names))


def is_open(t: Term) -> bool:
    return any(here.op == "d" for _, here in walk(t))


def children(t: Term, bound: Bound) -> list[tuple[Term, Bound]]:
    inner = {**bound, str(t.args[0].value): t.args[1]} if t.op == "sum" else bound
    return [(a, inner) for a in t.args]


def unfolded_for(t: Term, context: Context) -> Term:
    """A derivative of something defined with the definitions put in, down to the family of its variable."""
    if t.op != "d":
        return t
    u, x = t.args
    bodies = {name: d for name, d in context.definitions.items() if name != base(x)}
    u = unfolded(u, bodies)
    taken = set(free(x)) | set(context.reserved)
    letters = {str(s.args[0].value) for _, s in walk(u) if s.op == "sum"} & taken
    for letter in sorted(letters):
        u = rename_bound(u, {letter: fresh(f"{letter}0", taken | free(u))})
    return Term("d", (u, x))


def conditions_of(t: Term, context: Context, bound: Bound | None = None) -> tuple[Condition, ...]:
    """What must be positive or not zero for the derivatives of a term to be carried out."""
    bound = bound or {}
    if t.op != "d":
        found = [c for a, b in children(t, bound) for c in conditions_of(a, context, b)]
    else:
        found = list(_needed(t, context, bound))
        opened = first_card(t, context, CARDS, bound)[1]
        if opened is not None and opened.size <= MOST:
            found += conditions_of(neat(opened), context, bound)
    return tuple(dict.fromkeys(found))


def _needed(t: Term, context: Context, bound: Bound) -> Iterator[Condition]:
    name = first_card(t, context, CARDS, bound)[0]
    card = next((card for card in CARDS if card.name == name), None)
    found = match(card.left, t) if card is not None else None
    for condition in card.where if card is not None and found is not None else ():
        if condition.kind in RECORDED:
            primed = {letter: Term("sym", (), f"{letter}'") for letter in bound}
            yield Condition(condition.kind, tuple(substitute(a, primed) for a in condition.filled(found or {}).about))
