"""The pretty form: the same value, the same again when done twice, and never much longer."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from derive.core.arithmetic import equal
from derive.core.context import Context
from derive.core.term import Term, exp, fn, lift, neg, num, sym, total
from derive.proofs.pretty import pretty
from derive.witness.balls import check_equation

x, a, b = map(sym, "xab")
ONE, TWO, THREE = map(num, (1, 2, 3))


def sin(u: Term) -> Term:
    return fn("sin", u)


def cos(u: Term) -> Term:
    return fn("cos", u)


def sqrt(u: Term) -> Term:
    return fn("sqrt", u)


@pytest.mark.parametrize(
    ("given_", "written"),
    [
        (x + x, TWO * x),
        (x * x, x**2),
        (x * TWO * x, TWO * x**2),
        (x - x, num(0)),
        (TWO * x / 4, x / 2),
        (x / x**3, ONE / x**2),
        (neg(-x), x),
        (x * -sin(x), -(x * sin(x))),
        (-x / -a, x / a),
        (THREE * x**2 * 2, num(6) * x**2),
        (x / (a / b), b * x / a),
        (sqrt(x) * sqrt(x), x),
        (x ** (ONE / 2), sqrt(x)),
        (x**2 * sqrt(x) / x, x * sqrt(x)),
        (cos(x) * x * 2, TWO * x * cos(x)),
        (exp(x) * sin(x) + exp(x) * cos(x), exp(x) * (sin(x) + cos(x))),
        (x * (TWO * x + 1) - x, TWO * x**2),
        ((x + 1) * 2 - TWO * x, num(2)),
        ((x**2 + 1 - x * (TWO * x)) / (x**2 + 1) ** 2, (ONE - x**2) / (x**2 + 1) ** 2),
        (THREE * x**2 - 2 + num(0) * x, THREE * x**2 - 2),
        (TWO * (x**2 + 1) ** 3 * (TWO * x), num(4) * x * (x**2 + 1) ** 3),
    ],
)
def test_what_a_person_would_write(given_: Term, written: Term) -> None:
    assert pretty(given_) == written


@pytest.mark.parametrize("t", [sqrt(x**2), fn("abs", x) ** 2, fn("log", exp(x)), (-x) ** (ONE / 3)])
def test_what_only_algebra_with_conditions_allows_stays_as_it_is(t: Term) -> None:
    assert pretty(t) == t


ATOMS = st.sampled_from((x, a, b, num(1), num(2), num(3), num(Fraction(1, 2)), num(10)))


def grown(inner: st.SearchStrategy[Term]) -> st.SearchStrategy[Term]:
    pairs = st.tuples(inner, inner)
    return st.one_of(
        pairs.map(lambda p: p[0] + p[1]),
        pairs.map(lambda p: p[0] - p[1]),
        pairs.map(lambda p: p[0] * p[1]),
        pairs.map(lambda p: p[0] / p[1]),
        inner.map(neg),
        st.tuples(inner, st.sampled_from((lift(2), lift(3), lift(-1), lift(-2), ONE / 2, THREE / 2))).map(
            lambda p: Term("pow", p)
        ),
        st.tuples(st.sampled_from(("sin", "exp", "sqrt", "log", "tanh", "abs")), inner).map(lambda p: fn(*p)),
    )


TERMS = st.recursive(ATOMS, grown, max_leaves=8)


def written(t: Term) -> Term | None:
    """The pretty form; nothing is claimed of a term that divides by the number 0."""
    try:
        return pretty(t)
    except ZeroDivisionError:
        return None


def length(t: Term) -> int:
    """The number of nodes, where 0.5 counts like the fraction 1/2 that it may become."""
    if t.op == "num":
        return 1 if t.value == int(t.value or 0) else 3
    return 1 + sum(map(length, t.args))


@settings(max_examples=300, deadline=None, derandomize=True)
@given(TERMS)
def test_the_value_stays(t: Term) -> None:
    new = written(t)
    if new is not None and new != t:
        verdict = check_equation(t, new, Context())
        assert verdict.status == "proven" or getattr(verdict, "why", "") == "no-point", (new, verdict)


@settings(max_examples=500, deadline=None, derandomize=True)
@given(TERMS)
def test_twice_is_once(t: Term) -> None:
    new = written(t)
    assert new is None or pretty(new) == new


@settings(max_examples=500, deadline=None, derandomize=True)
@given(TERMS)
def test_it_never_grows_much(t: Term) -> None:
    new = written(t)
    assert new is None or length(new) <= 2 * length(t)


@settings(max_examples=500, deadline=None, derandomize=True)
@given(TERMS)
def test_exact_arithmetic_sees_that_it_is_the_same(t: Term) -> None:
    """The kernel accepts it as one rearrangement, or the proof that needs it would fail."""
    new = written(t)
    if new is not None:
        try:
            assert equal(t, new)
        except (ValueError, ZeroDivisionError):  # more than exact arithmetic takes on
            return


k, j, C = map(sym, "kjC")
S = total(j, C, exp(sym("z")[j]))
e = exp(sym("z")[k])


@pytest.mark.parametrize(
    ("given_", "written"),
    [
        ((e * S - e * e) / S**2, e / S * (ONE - e / S)),  # as a lecturer writes the slope of a softmax
        ((e * S - e) / S**2 * 3, THREE * e / S * (ONE - ONE / S)),
        ((S - e) / S, ONE - e / S),
        ((e * S - a * S) / S**2, (e - a) / S),
        ((e - a) / S, (e - a) / S),  # nothing in it is a multiple of the whole
        ((e * x - e) / x**2, e * (x - 1) / x**2),  # and x is no whole
    ],
)
def test_a_fraction_over_a_sum_over_an_index_is_written_in_shares(given_: Term, written: Term) -> None:
    assert pretty(given_) == written
    assert equal(given_, written)
