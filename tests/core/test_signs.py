"""Signs that are read off: never against the value, by mpmath, at hundreds of points."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from mpmath import inf
from rules.reference import value

from derive.core.functions import FUNCTIONS
from derive.core.signs import Known, Needed, evident, impossible, simpler
from derive.core.term import Term, cases, exp, fn, lift, log, neg, num, sym, total

x, y, z, i = map(sym, "xyzi")
ONE, TWO = num(1), num(2)
NOTHING = Known()


def sqrt(u: Term) -> Term:
    return fn("sqrt", u)


def mag(u: Term) -> Term:
    return fn("abs", u)


@pytest.mark.parametrize(
    "t",
    [
        exp(x), exp(-x) + 1, x**2 + 1, ONE + exp(x) * x**2, sqrt(x**2 + 1), sym("pi"), TWO * sym("pi"), ONE / exp(x),
        fn("cosh", x), fn("sigmoid", x), fn("softplus", x), mag(x) + 1, exp(x) ** y, total(i, 3, exp(sym("z")[i])),
        neg(-exp(x)), exp(x) / (exp(x) + 1), (x**2 + 1) ** -lift(3), cases(ONE, x, ">", 0, exp(x)), -exp(x) * -exp(y),
        log(TWO), fn("erfc", x),
    ],
)  # fmt: skip
def test_evidently_positive(t: Term) -> None:
    assert evident(("positive", t), NOTHING)
    assert evident(("nonzero", t), NOTHING)
    assert not impossible(("positive", t))
    assert list(simpler(("positive", t))) == []


@pytest.mark.parametrize(
    "t", [x, x**2, x - 1, mag(x), sqrt(x), x**3, -exp(x), fn("f", x), fn("sin", x) + 1, exp(x) - 1]
)
def test_not_evidently_positive(t: Term) -> None:
    assert not evident(("positive", t), NOTHING)


@pytest.mark.parametrize(
    "needed",
    [
        ("positive", x - x), ("positive", -(x**2)), ("positive", -exp(x)), ("positive", num(0)), ("nonzero", x - x),
        ("positive", -mag(x) - 1), ("positive", TWO - 3), ("nonzero", (x + 1) ** 2 - x**2 - TWO * x - 1),
    ],
)  # fmt: skip
def test_impossible(needed: Needed) -> None:
    assert impossible(needed)
    assert not evident(needed, NOTHING)


@pytest.mark.parametrize(
    ("needed", "plain"),
    [
        (("nonzero", x * y), {("nonzero", x), ("nonzero", y)}),
        (("nonzero", -(x**3)), {("nonzero", x)}),
        (("nonzero", x / exp(y)), {("nonzero", x)}),
        (("positive", x**2), {("nonzero", x)}),
        (("positive", x**3), {("positive", x)}),
        (("positive", TWO * x), {("positive", x)}),
        (("positive", x / exp(x)), {("positive", x)}),
        (("positive", mag(x)), {("nonzero", x)}),
        (("nonzero", mag(x)), {("nonzero", x)}),
        (("nonzero", fn("cbrt", x)), {("nonzero", x)}),
        (("positive", sqrt(x)), {("positive", x)}),
        (("nonzero", sqrt(x)), {("positive", x)}),
        (("positive", x * y), {("positive", x * y)}),
        (("positive", x - 1), {("positive", x - 1)}),
    ],
)
def test_simpler(needed: Needed, plain: set[Needed]) -> None:
    assert set(simpler(needed)) == plain


def test_what_follows_from_what_is_known() -> None:
    above = Known(positive=[x - 1])
    for t in (x - 1, x, TWO * x - 2, x + 5, x - num(Fraction(1, 2)), x * 3):
        assert evident(("positive", t), above)
        assert evident(("nonzero", t), above)
    for t in (x - 2, -x, y, x**2 - 4, x * y):
        assert not evident(("positive", t), above)
    assert evident(("nonzero", -x), above)
    assert evident(("nonzero", ONE - x), above)
    edge = Known(nonnegative=[x - 1])
    assert evident(("positive", x), edge)
    assert not evident(("positive", x - 1), edge)
    assert not evident(("nonzero", x - 1), edge)
    assert evident(("positive", x**2), Known(nonzero=[x]))
    assert not evident(("positive", x), Known(nonzero=[x]))


def test_what_is_known_of_a_letter_says_nothing_of_the_index_of_a_sum() -> None:
    known = Known(positive=[sym("a")[i]])
    assert not evident(("positive", total(i, 3, sym("a")[i])), known)


def test_definitions_are_looked_through() -> None:
    bodies = {"p": exp(x), "q": x}
    assert evident(("positive", sym("p")), Known(bodies))
    assert not evident(("positive", sym("q")), Known(bodies))
    assert not evident(("positive", sym("p")), NOTHING)


ATOMS = st.sampled_from((x, y, x - 1, x + 1, num(0), num(1), num(2), num(Fraction(1, 2)), sym("pi")))
ONE_ARGUMENT = sorted(name for name, f in FUNCTIONS.items() if f.arity == 1)


def grown(inner: st.SearchStrategy[Term]) -> st.SearchStrategy[Term]:
    pairs = st.tuples(inner, inner)
    return st.one_of(
        pairs.map(lambda p: p[0] + p[1]),
        pairs.map(lambda p: p[0] - p[1]),
        pairs.map(lambda p: p[0] * p[1]),
        pairs.map(lambda p: p[0] / p[1]),
        inner.map(neg),
        st.tuples(inner, st.sampled_from((2, 3, 4, -1, -2))).map(lambda p: p[0] ** p[1]),
        st.tuples(inner, st.sampled_from((ONE / 2, x, -ONE / 3))).map(lambda p: Term("pow", p)),
        st.tuples(st.sampled_from(("abs", "sqrt", "exp", "cbrt", "log")), inner).map(lambda p: fn(*p)),
        st.tuples(st.sampled_from(ONE_ARGUMENT), inner).map(lambda p: fn(*p)),
        st.tuples(inner, st.sampled_from(("<", "<=", ">", ">=")), inner).map(lambda p: cases(p[0], x, p[1], y, p[2])),
    )


TERMS = st.recursive(ATOMS, grown, max_leaves=5)
NEEDED = st.tuples(st.sampled_from(("positive", "nonzero")), TERMS)
RNG = Random(0)
POINTS = [
    {name: Fraction(RNG.choice((-1, 1)) * RNG.randint(1, 400), RNG.choice((23, 97, 211))) for name in "xy"}
    for _ in range(30)
]


def truth(needed: Needed, point: Mapping[str, Fraction]) -> bool | None:
    """Whether the condition holds; None where the term has no value that can be told from 0 and from infinity."""
    at = value(needed[1], point)
    if at is None or at in (inf, -inf) or 0 < abs(at) < 1e-25:
        return None
    return bool(at > 0 if needed[0] == "positive" else at != 0)


@settings(max_examples=600, deadline=None, derandomize=True)
@given(NEEDED)
def test_what_is_evident_holds_and_what_is_impossible_does_not(needed: Needed) -> None:
    said = (evident(needed, NOTHING), impossible(needed))
    if any(said):
        found = {truth(needed, p) for p in POINTS} - {None}
        assert said != (True, True) or not found
        assert found <= {said == (True, False)}


@settings(max_examples=600, deadline=None, derandomize=True)
@given(NEEDED, TERMS, st.sampled_from(("positive", "nonnegative", "nonzero")))
def test_what_follows_holds_wherever_what_is_known_does(needed: Needed, fact: Term, kind: str) -> None:
    near = needed[0], related(needed[1], fact)
    for asked in (needed, near):
        if not evident(asked, Known(**{kind: [fact]})):
            continue
        for p in POINTS:
            at = value(fact, p)
            if at is not None and {"positive": at > 0, "nonnegative": at >= 0, "nonzero": at != 0}[kind]:
                assert truth(asked, p) in (True, None), p


def related(t: Term, fact: Term) -> Term:
    """Something that may follow from the fact."""
    return TWO * fact + 1 if t.size % 3 == 0 else fact - ONE / 2 if t.size % 3 == 1 else neg(fact)


@settings(max_examples=600, deadline=None, derandomize=True)
@given(NEEDED)
def test_simpler_conditions_say_the_same(needed: Needed) -> None:
    """At every point where the original has a value; together with what is evident of their parts."""
    plain = list(simpler(needed))
    for p in POINTS:
        before = truth(needed, p)
        after = [truth(each, p) for each in plain]
        if before is not None and None not in after:
            assert before == all(after), (plain, p)
