"""Points in every region of a domain; claims that are false in one region only; counter-examples that read well."""

from __future__ import annotations

from fractions import Fraction

import pytest

from derive.core.condition import Condition
from derive.core.context import Context, Definition
from derive.core.term import Term, cases, d, exp, fn, lift, log, sym
from derive.witness.applies import domain_point
from derive.witness.balls import check_equation
from derive.witness.regions import NICE, scalars
from derive.witness.verdict import Proven, Refuted, Undecided

x, y, z = map(sym, "xyz")
EMPTY = Context()
HALF = lift(1) / 2

HAVE_POINTS = [
    x, log(x - 3), fn("arcsin", x - 1000), fn("arcsin", x / 7 - 300), log(log(log(fn("cos", x * x) ** z))),
    fn("sqrt", x * y - 10**5), fn("sqrt", lift(1) - x**2 - y**2 - z**2), log(log(x) - 5),
    fn("arcosh", x) * fn("arcsin", x - 1), fn("f", x) + log(fn("g", x, y)), fn("artanh", exp(x) / (exp(x) + 1)),
    fn("sqrt", x - lift(Fraction("0.999"))) * fn("sqrt", lift(1) - x), fn("log_base", x, y), fn("gamma", x),
    (-x) ** HALF, cases(log(x), x, ">", 0, log(-x)),
]  # fmt: skip
HAVE_NONE = [
    log(-(x**2) - 1), fn("arcsin", x**2 + 2), log(fn("sin", x) - 2), fn("artanh", exp(x) + 1), log(-exp(x)),
    x / lift(0), fn("sqrt", -fn("cosh", x)), fn("arcosh", fn("cos", x) - 1), fn("erfinv", fn("cosh", x) + y**2),
    fn("sqrt", x - 1) * fn("sqrt", -x),
]  # fmt: skip


@pytest.mark.parametrize("term", HAVE_POINTS, ids=str)
def test_a_point_of_the_domain_is_found(term: Term) -> None:
    point = domain_point(term, EMPTY)
    assert point is not None
    assert set(point) == set(scalars(EMPTY, [term]) or ())


@pytest.mark.parametrize("term", HAVE_NONE, ids=str)
def test_an_empty_domain_is_seen(term: Term) -> None:
    assert domain_point(term, EMPTY) is None


def test_the_domain_of_a_family_is_looked_at_too() -> None:
    context = Context(shapes={"v": (sym("C"),)}, indices={"i": sym("C")})
    entry = sym("v")[sym("i")]
    assert domain_point(log(entry), context)
    assert domain_point(log(-exp(entry)), context) is None
    assert domain_point(entry + sym("v")[1, 2], context) == {}  # nothing is said about what cannot be read


def relu(u: Term) -> Term:
    return fn("relu", u)


# true derivatives, and what is added to make them false in one region only
WRONG_SOMEWHERE = [
    (x**2, lift(2) * x, relu(-x), lambda v: v < 0),
    (x**2, lift(2) * x, relu(x - 1), lambda v: v > 1),
    (x**2, lift(2) * x, relu(fn("abs", x) - 1), lambda v: abs(v) > 1),
    (x**2, lift(2) * x, relu(-fn("abs", x) + 1), lambda v: abs(v) < 1),
    (x**2, lift(2) * x, relu(x - 500), lambda v: v > 500),
    (x**2, lift(2) * x, relu(lift(Fraction("0.01")) - fn("abs", x)), lambda v: abs(v) < 0.01),
    (x**2, lift(2) * x, cases(1, x, ">", 3, cases(0, x, "<", lift(Fraction("2.9")), 1)), lambda v: v > 2.9),
    (fn("abs", x), fn("sign", x), fn("step", -x), lambda v: v < 0),
    (fn("arcsec", x), lift(1) / (fn("abs", x) * fn("sqrt", x**2 - 1)), relu(-x), lambda v: v < -1),
    (fn("max", x, lift(1)), fn("step", x - 1), relu(x - 1), lambda v: v > 1),
]


@pytest.mark.parametrize(("function", "slope", "wrong", "where"), WRONG_SOMEWHERE)
def test_what_is_false_in_one_region_is_refuted_there(function: Term, slope: Term, wrong: Term, where) -> None:
    assert check_equation(d(function, x), slope, EMPTY).status == "proven"
    verdict = check_equation(d(function, x), slope + wrong, EMPTY)
    assert isinstance(verdict, Refuted)
    assert where(verdict.point["x"])


def test_the_regions_are_counted() -> None:
    verdict = check_equation(d(fn("abs", x - 1), x), fn("sign", x - 1), EMPTY)
    assert isinstance(verdict, Proven)
    assert verdict.detail["regions"] == 3  # x < 0, 0 < x < 1, 1 < x
    assert int(str(verdict.detail["points"])) >= 9


def test_a_counter_example_reads_well() -> None:
    verdict = check_equation(d(x**3, x), lift(2) * x**2, EMPTY)
    assert isinstance(verdict, Refuted)
    assert (verdict.point, verdict.left, verdict.right) == ({"x": 2}, 12.0, 8.0)
    for wrong in (relu(x - 5), relu(x - 300), x * y - y * x + relu(y - 20)):
        far = check_equation(d(x**3 + y, x), lift(3) * x**2 + wrong, EMPTY)
        assert isinstance(far, Refuted)
        assert all(isinstance(v, Fraction) and v.denominator <= 10 for v in far.point.values())
    assert all(v.denominator <= 10 for v in NICE)


def test_conditions_choose_the_regions() -> None:
    claim = (d(fn("abs", x), x), lift(1))
    assert check_equation(*claim, EMPTY).status == "refuted"
    assert check_equation(*claim, EMPTY, conditions=[Condition("positive", (x,))]).status == "proven"
    nowhere = check_equation(*claim, EMPTY, conditions=[Condition("positive", (-exp(x),))])
    assert nowhere == Undecided("balls", "no-point")


def test_only_where_the_left_side_is_defined() -> None:
    assert check_equation(d(log(x), x), lift(1) / fn("abs", x), EMPTY).status == "proven"
    one_sided = check_equation(d(x**2, x), lift(2) * fn("sqrt", x) ** 2, EMPTY)
    assert one_sided == Undecided("balls", "undefined-on-one-side")


def test_digits_that_cancel_are_computed_with_more_of_them() -> None:
    one = fn("cosh", x) ** 2 - fn("sinh", x) ** 2
    assert check_equation(one, lift(1), EMPTY).status == "proven"
    assert check_equation(one, lift(1) + exp(-(x**2)) / 10**9, EMPTY).status == "refuted"


def test_definitions_are_followed() -> None:
    context = Context({"u": Definition("u", (), x**2 + 1), "w": Definition("w", (), log(sym("u")))})
    assert check_equation(d(sym("w"), x), lift(2) * x / sym("u"), context).status == "proven"
    assert check_equation(d(sym("w"), sym("u")), lift(1) / sym("u"), context).status == "proven"
    assert check_equation(d(sym("w"), x), lift(1) / sym("u"), context).status == "refuted"


def test_kinks_of_families_are_seen_from_every_side() -> None:
    context = Context(shapes={"v": (sym("C"),)}, indices={"i": sym("C")})
    entry = sym("v")[sym("i")]
    assert check_equation(d(fn("abs", entry), entry), fn("sign", entry), context, points=1).status == "proven"
    for wrong in (lift(1), -lift(1)):
        assert check_equation(d(fn("abs", entry), entry), wrong, context, points=1).status == "refuted"
