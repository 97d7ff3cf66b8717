"""Every card: both sides agree, every slip of the right side is noticed, and its sentences are complete."""

from __future__ import annotations

import re
from collections.abc import Iterator
from fractions import Fraction
from functools import cache
from itertools import pairwise

import pytest
from cards import CLASSES, INPUTS, ROWS, Instance, Roles, check_rule, instances
from rules.reference import Point, Value, agree, compared, holds, point_of, value

from derive.chains.chain import unfolded
from derive.core.condition import RECORDED
from derive.core.context import Context
from derive.core.functions import FUNCTIONS
from derive.core.law import Rule
from derive.core.match import Found, fill
from derive.core.procedures import PROCEDURES
from derive.core.term import RELATIONS, Term, add, cases, d, fn, free, mul, neg, num, part, slots, swap, sym, walk
from derive.document.language import load_language
from derive.rules import RULES
from derive.witness.balls import check_equation
from derive.witness.verdict import Undecided

LANGUAGES = ("en", "pt")
POINTS, ENOUGH = 24, 12  # tried for an instance; with a value on the left, of all instances
SIZES = {str(CLASSES.value): 2, str(INPUTS.value): 3, str(ROWS.value): 2}
x, y = sym("x"), sym("y")


def test_there_are_cards() -> None:
    assert len(RULES) > 130


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


@cache
def honest(name: str) -> list[tuple[Instance, Point, Value]]:
    """Points where the left side has a value, and the value of the right side by mpmath."""
    rule, found = RULES[name], []
    for k, instance in enumerate(instances(rule)):
        left, right = (written(side, instance) for side in (rule.left, rule.right))
        for n in range(POINTS):
            point = point_of((left, right), instance.context, SIZES, f"{name}|{k}|{n}")
            if value(left, point) is not None and all(holds(c, point) for c in instance.conditions):
                found.append((instance, point, value(right, point)))
    return found


def second_opinion(name: str, right: Term) -> set[str]:
    """How another right side differs from that of the card where the left side has a value, by mpmath."""
    return compared((ours, value(written(right, instance), point)) for instance, point, ours in honest(name))


def written(side: Term, instance: Instance) -> Term:
    """A side of a card with its slots filled, and the definitions put in where none is differentiated by."""
    t = fill(side, instance.found)
    defined = set(instance.context.definitions)
    if any(free(here.args[1]) & defined for _, here in walk(t) if here.op == "d"):
        return t
    return unfolded(t, instance.context.definitions)


def test_the_second_opinion_has_enough_points_and_agrees_with_the_cards() -> None:
    for name in ("arcosh-rule", "arsech-rule", "log-quotient", "cbrt-rule", "definition-hardtanh", "split-square"):
        assert len(honest(name)) >= ENOUGH
        assert all(agree(value(written(RULES[name].left, i), p), right) for i, p, right in honest(name))


@pytest.mark.parametrize("name", RULES)
def test_every_slip_is_noticed(name: str) -> None:
    """By the balls; but for those that mpmath finds to change nothing, or to have no value, where the left side has."""
    accepted = []
    for what, right in slips(RULES[name]):
        verdict = check_rule(RULES[name], right)
        if verdict.status == "refuted":
            continue
        said = second_opinion(name, right)
        undefined = isinstance(verdict, Undecided) and verdict.why == "undefined-on-one-side"
        harmless = said == {"same"} or (undefined and "no value" in said and "other" not in said)
        if not harmless or len(honest(name)) < ENOUGH:
            accepted.append((what, verdict, said))
    assert accepted == []


def test_slips_are_many() -> None:
    assert sum(1 for rule in RULES.values() for _ in slips(rule)) > 2_000


# where a function changes its formula, or its domain ends; of others -1, 0 and 1
KINKS = {"relu6": (0, 6), "hardsigmoid": (-3, 3), "hardswish": (-3, 3)}
BETWEEN = {
    "softshrink": (x - y, x + y),
    "hardshrink": (x - y, x + y),
    **dict.fromkeys(("max", "min", *RELATIONS), (x - y,)),
}
SECTORS = ((3, 1), (1, 3), (-1, 3), (-3, 1), (-3, -1), (-1, -3), (1, -3), (3, -1))


def arguments(rule: Rule) -> tuple[Term, ...]:
    """The slots that a function, a power or the condition of a piece is about; none for other cards."""
    t = rule.left.args[0] if rule.left.op == "d" else rule.left
    about = t.args[1:3] if t.op == "cases" else t.args if t.op == "pow" or t.value in FUNCTIONS else ()
    found = tuple(dict.fromkeys(a for a in about if a.op == "slot"))
    return found if len(found) == len(about) else ()


def regions(rule: Rule, variables: int) -> Iterator[tuple[dict[str, Fraction], Term]]:
    """A point of each region, and a term that is positive there and 0 in the others."""
    name = str((rule.left.args[0] if rule.left.op == "d" else rule.left).value)
    if variables == 1:
        kinks = KINKS.get(name, (-1, 0, 1))
        for low, high in pairwise((kinks[0] - 4, *kinks, kinks[-1] + 4)):
            sides = [magnitude(x - low) + (x - low), magnitude(x - high) - (x - high)]
            within = sides[1:] if low < kinks[0] else sides[:1] if high > kinks[-1] else sides
            yield {"x": Fraction(low + high, 2)}, mul(*within)
        return
    for at in SECTORS:
        point = dict(zip("xy", map(Fraction, at), strict=True))
        signed = [b if value(b, point) > 0 else neg(b) for b in (x, y, *BETWEEN.get(name, ()))]
        yield point, mul(*(magnitude(b) + b for b in signed))


def relu(t: Term) -> Term:
    return fn("relu", t)


def magnitude(t: Term) -> Term:
    """|t|, spelled so that the balls do not see that anything happens where t = 0."""
    return (t**2) ** num(Fraction(1, 2))


WITH_ARGUMENTS = [name for name, rule in RULES.items() if arguments(rule)]


def plainly_filled(rule: Rule) -> Found:
    """The arguments are x, which moves, and y, which is constant if only one may be; pieces are powers of x."""
    constant = {str(c.about[0].value) for c in rule.where if c.kind == "constant"}
    moving_first = sorted((str(u.value) for u in arguments(rule)), key=lambda name: name in constant)
    numerals = {name: num(least + 1) for name, least in Roles.of(rule).numerals.items()}
    return {"u": x**2, "v": x**3 + 1, "c": x + 2, "x": x} | dict(zip(moving_first, (x, y), strict=False)) | numerals


@pytest.mark.parametrize("name", WITH_ARGUMENTS)
def test_a_card_that_is_wrong_in_one_region_only_is_refuted(name: str) -> None:
    rule = RULES[name]
    found = plainly_filled(rule)
    left, right = fill(rule.left, found), fill(rule.right, found)
    conditions = tuple(c.filled(found) for c in rule.where if c.kind in RECORDED)
    looked = 0
    for point, bump in regions(rule, len(free(left))):
        if value(left, point) is None or not all(holds(c, point) for c in conditions):
            continue
        looked += 1
        assert agree(value(left, point), value(right, point)), point
        verdict = check_equation(left, right + bump, Context(), conditions=conditions)
        assert verdict.status == "refuted", (point, verdict)
    assert looked


@pytest.mark.parametrize(
    ("left", "wrong"),
    [
        (relu(relu(x)), x),
        (d(relu(relu(x)), x), num(1)),
        (fn("abs", fn("step", x)), num(1)),
        (x**2, cases(x**2, x, "<", 0, x + fn("abs", fn("abs", x) - x))),
    ],
)
def test_a_region_in_which_a_border_is_zero_throughout_is_not_passed_over(left: Term, wrong: Term) -> None:
    """They agree in the other region only."""
    sides = [[value(side, {"x": at}) for at in (-2, 3)] for side in (left, wrong)]
    assert [agree(here, there) for here, there in zip(*sides, strict=True)].count(True) == 1
    assert check_equation(left, wrong, Context()).status != "proven"


def test_regions_are_looked_at_for_every_function() -> None:
    named = {str(t.value) for name in WITH_ARGUMENTS for _, t in walk(RULES[name].left) if t.op == "fn"}
    assert set(FUNCTIONS) - named == {"floor", "ceil", "round", "tetragamma"}


@pytest.mark.parametrize("name", RULES)
def test_sentences_are_complete(name: str) -> None:
    rule = RULES[name]
    known = slots(rule.left) | slots(rule.right)
    titles, says = (
        [load_language(each).text(f"card.{name}.{what}") for each in LANGUAGES] for what in ("title", "says")
    )
    assert all(text.strip() and not text.endswith(".") for text in (*titles, *says))
    assert all(set(re.findall(r"\{(\w+)\}", text)) <= known for text in says)
    assert says[0] != says[1]
    assert titles[0] != titles[1]


@pytest.mark.parametrize("name", PROCEDURES)
def test_procedures_have_words_in_both_languages(name: str) -> None:
    for language in map(load_language, LANGUAGES):
        assert language.text(f"card.{name}.title")
        assert language.text(f"card.{name}.says")
