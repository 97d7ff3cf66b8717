"""How a card is written: one call, no words, no code."""

from __future__ import annotations

from derive.core.condition import Condition
from derive.core.law import Rule
from derive.core.term import Term, slot

a, b, c, f, i, j, k, m, n, q, u, v, w, x = map(slot, "abcfijkmnquvwx")


def card(name: str, left: Term, right: Term, *where: Condition) -> Rule:
    """A rule. Its title and its sentence are in the words file of each language, under [card]."""
    return Rule(name, left, right, where)


def apart(index: Term, of: Term) -> Condition:
    return Condition("apart", (index, of))


def constant(of: Term, variable: Term) -> Condition:
    return Condition("constant", (of, variable))


def nonzero(of: Term) -> Condition:
    return Condition("nonzero", (of,))


def positive(of: Term) -> Condition:
    return Condition("positive", (of,))
