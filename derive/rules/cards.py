"""How a card is written: one call, both languages, no code."""

from __future__ import annotations

from derive.core.law import Condition, Rule
from derive.core.term import Term, slot

a, b, c, f, i, j, k, m, n, q, u, v, w, x = map(slot, "abcfijkmnquvwx")


def card(name: str, left: Term, right: Term, *where: Condition, en: tuple[str, str], pt: tuple[str, str]) -> Rule:
    """A rule with its title and sentence in each language."""
    return Rule(name, left, right, where, title={"en": en[0], "pt": pt[0]}, says={"en": en[1], "pt": pt[1]})


def apart(index: Term, of: Term) -> Condition:
    return Condition("apart", (index, of))


def constant(of: Term, variable: Term) -> Condition:
    return Condition("constant", (of, variable))


def nonzero(of: Term) -> Condition:
    return Condition("nonzero", (of,))


def positive(of: Term) -> Condition:
    return Condition("positive", (of,))
