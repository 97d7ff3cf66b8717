"""Every card: both sides agree, every slip of the right side is noticed, and its sentences are complete."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from cards import Roles, check_rule

from derive.core.law import Rule
from derive.core.term import Term, add, mul, neg, num, part, slots, swap, walk
from derive.rules import PROCEDURES, RULES

LANGUAGES = ("en", "pt")
# slips that change nothing, and why
EQUIVALENT = {
    ("quotient-rule", "sign at (1, 0)"): "the square of -v is the square of v",
    ("matrix-coordinates", "times to over at ()"): "dividing by a delta: equal wherever it is defined",
    ("log-quotient", "sign at (0, 0)"): "the logarithm of a negative number is undefined",
    ("log-quotient", "sign at (1, 0, 0)"): "the logarithm of a negative number is undefined",
}


def test_there_are_cards() -> None:
    assert len(RULES) > 40


@pytest.mark.parametrize("name", RULES)
def test_both_sides_agree(name: str) -> None:
    assert check_rule(RULES[name]).status == "proven"


def slips(rule: Rule) -> Iterator[tuple[str, Term]]:
    """The right side with one node changed, and what was changed."""
    for path, here in walk(rule.right):
        if _is_structure(rule.right, path):
            continue
        for what, other in _changed(here):
            if other != here:
                yield f"{what} at {path}", swap(rule.right, path, other)
    for path, here in walk(rule.right):
        for what, other in _other_index(rule, here):
            yield f"{what} at {path}", swap(rule.right, path, other)


VALUES = {"sum": (2,), "d": (0,), "put": (0,), "elem": (), "delta": ()}


def _is_structure(t: Term, path: tuple[int, ...]) -> bool:
    """Whether a place holds an index, a size or a variable of differentiation."""
    around = [(part(t, path[:n]).op, path[n]) for n in range(len(path))]
    return any(child not in VALUES.get(op, (child,)) for op, child in around)


def _changed(t: Term) -> Iterator[tuple[str, Term]]:
    if t != num(0):
        yield "sign", neg(t)
    match t.op:
        case "neg":
            yield "sign dropped", t.args[0]
        case "add":
            yield "plus to times", mul(*t.args)
            yield "first sign", add(neg(t.args[0]), *t.args[1:])
            for n in range(len(t.args)):
                yield f"term {n} dropped", add(*t.args[:n], *t.args[n + 1 :])
            if t.args[1].op == "neg":
                yield "difference swapped", add(t.args[1].args[0], neg(t.args[0]))
                yield "minus to plus", add(t.args[0], t.args[1].args[0])
        case "mul":
            yield "times to plus", add(*t.args)
            yield "times to over", t.args[0] / mul(*t.args[1:])
            for n in range(len(t.args)):
                yield f"factor {n} dropped", mul(*t.args[:n], *t.args[n + 1 :])
        case "div":
            yield "over to times", t.args[0] * t.args[1]
            yield "over turned", t.args[1] / t.args[0]
            yield "denominator dropped", t.args[0]
            yield "numerator 1", num(1) / t.args[1]
        case "pow":
            yield "exponent", t.args[0] ** (t.args[1] + 1)
            yield "exponent dropped", t.args[0]
        case "num":
            yield "number", num((t.value or 0) + 1)
        case "fn" | "d":
            yield f"{t.value or 'd'} dropped", t.args[0]
        case "sum":
            yield "sum of squares", Term("sum", (*t.args[:2], t.args[2] ** 2))
        case "slot":
            yield "twice", t * 2


def _other_index(rule: Rule, t: Term) -> Iterator[tuple[str, Term]]:
    """An index of an entry, of a delta or of a substitution exchanged for another of the same range."""
    roles = Roles.of(rule)
    start = {"elem": 1, "delta": 0, "put": 2}.get(t.op)
    for n in range(len(t.args)) if start is not None else ():
        if n < (start or 0):
            continue
        group = roles.inputs if t.args[n].value in roles.inputs else roles.classes | roles.binders
        if t.op == "put":  # its index is bound inside only
            group -= roles.binders
        for other in [*(Term("slot", (), name) for name in sorted(group)), num(1), num(2)]:
            if other != t.args[n]:
                yield f"index {n} by {other}", Term(t.op, (*t.args[:n], other, *t.args[n + 1 :]), t.value)


@pytest.mark.parametrize("name", RULES)
def test_every_slip_is_refuted(name: str) -> None:
    accepted = [
        what
        for what, right in slips(RULES[name])
        if (name, what) not in EQUIVALENT and check_rule(RULES[name], right).status != "refuted"
    ]
    assert accepted == []


def test_the_exceptions_are_slips_that_exist() -> None:
    for name, what in EQUIVALENT:
        (right,) = [right for slip, right in slips(RULES[name]) if slip == what]
        assert check_rule(RULES[name], right).status in ("proven", "undecided")


def test_slips_are_many() -> None:
    assert sum(1 for rule in RULES.values() for _ in slips(rule)) > 300


@pytest.mark.parametrize("name", RULES)
def test_sentences_are_complete(name: str) -> None:
    rule = RULES[name]
    known = slots(rule.left) | slots(rule.right)
    for words in (rule.title, rule.says):
        assert set(words) == set(LANGUAGES)
        assert all(text.strip() and not text.endswith(".") for text in words.values())
    for text in rule.says.values():
        assert set(re.findall(r"\{(\w+)\}", text)) <= known
    assert set(re.findall(r"\{(\w+)\}", rule.says["en"])) == set(re.findall(r"\{(\w+)\}", rule.says["pt"]))
    assert rule.says["en"] != rule.says["pt"]
    assert rule.title["en"] != rule.title["pt"]


@pytest.mark.parametrize("name", PROCEDURES)
def test_procedures_have_words_in_both_languages(name: str) -> None:
    words = PROCEDURES[name]
    assert set(words.title) == set(words.says) == set(LANGUAGES)
    assert all(words.title[language] and words.says[language] for language in LANGUAGES)
