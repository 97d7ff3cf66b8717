"""Claims that are false far out, in a narrow place, by very little, or at sizes that no theorem is looked at with."""

from __future__ import annotations

from fractions import Fraction

import pytest
from mpmath import mp, mpf

from derive.core.context import Context
from derive.core.term import Term, cases, d, exp, fn, lift, sym, total
from derive.witness import balls
from derive.witness.balls import check_equation
from derive.witness.cas import Claimed, check_claim, check_unproved
from derive.witness.verdict import Proven, Refuted, Undecided

x, y, n, i, k = map(sym, "xynik")
EMPTY = Context()
FAMILY = Context(shapes={"x": (n,)}, indices={"k": n})
SQUARES = d(total(i, n, x[i] ** 2), x[k])
TINY = lift(Fraction(1, 10**9))
FROM_PI, FROM_ROOT = (x - sym("pi")) ** 2, (x**2 - 2) ** 2
NEAR = Fraction(1, 20_000)  # beyond it 10^-9 - u^2 is negative

pi, root = (Fraction(s) for s in ("3.14159265358979", "1.41421356237310"))


def named(what: object) -> str:
    """What a test is called, the same in every process."""
    return str(what)[:60] if isinstance(what, Term) else "there"


def near_root(v: Fraction) -> bool:
    return abs(abs(v) - root) < NEAR


# what is added to 2 x, and where it is not 0
FAR_OR_NARROW = [
    (fn("max", lift(0), x - lift(10) ** 6), lambda v: v > 10**6),
    (fn("max", x - lift(10) ** 9, lift(0)), lambda v: v > 10**9),
    (fn("min", lift(0), x + lift(10) ** 6), lambda v: v < -(10**6)),
    (fn("max", lift(0), TINY - FROM_PI), lambda v: abs(v - pi) < NEAR),
    (fn("max", lift(0), TINY - FROM_ROOT), near_root),
    (fn("min", lift(0), FROM_ROOT - TINY), near_root),
    (fn("abs", FROM_ROOT - TINY) - FROM_ROOT + TINY, near_root),
    (fn("sign", FROM_ROOT - TINY) - 1, near_root),
    (cases(1, FROM_ROOT, "<", TINY, 0), near_root),
    (fn("relu", TINY - FROM_ROOT), near_root),
    (fn("floor", x / 10**9) ** 2 - fn("floor", x / 10**9) ** 4, lambda v: v < -(10**9) or v > 2 * 10**9),
]


@pytest.mark.parametrize(("wrong", "where"), FAR_OR_NARROW, ids=named)
def test_what_is_false_far_out_or_in_a_narrow_place(wrong: Term, where) -> None:
    verdict = check_equation(d(x**2, x), lift(2) * x + wrong, EMPTY)
    assert isinstance(verdict, Refuted)
    assert where(verdict.point["x"])


def test_a_narrow_place_between_two_variables() -> None:
    for wrong in (fn("max", lift(0), TINY - (x - y) ** 2), fn("max", lift(0), x - y - lift(10) ** 6)):
        verdict = check_equation(d(x**2 + y, x), lift(2) * x + wrong, EMPTY)
        assert isinstance(verdict, Refuted)
        apart = verdict.point["x"] - verdict.point["y"]
        assert apart > 10**6 or abs(apart) < NEAR


@pytest.mark.parametrize(
    ("wrong", "value"),
    [
        (lift(10) ** -40, lambda v: mpf(10) ** -40),
        (exp(lift(-200)), lambda v: mp.exp(-200)),
        (fn("sin", lift(10) ** -45 * x), lambda v: mp.sin(mpf(10) ** -45 * v)),
        (lift(10) ** -60 * x, lambda v: mpf(10) ** -60 * v),
        (lift(10) ** -400 * x, lambda v: mpf(10) ** -400 * v),
    ],
    ids=named,
)
def test_what_is_false_by_very_little(wrong: Term, value) -> None:
    verdict = check_equation(d(x**2, x), lift(2) * x + wrong, EMPTY)
    assert isinstance(verdict, Refuted)
    at = verdict.point["x"]
    added = float(value(mpf(at.numerator) / at.denominator))  # 10^-400 is 0 in floating point
    assert verdict.residual == pytest.approx(-added, rel=1e-9, abs=0)
    assert check_equation(SQUARES, lift(2) * x[k] + lift(10) ** -40, FAMILY).status == "refuted"


def product(of: Term, *sizes: int) -> Term:
    result = lift(1)
    for size in sizes:
        result = result * (of - size)
    return result


@pytest.mark.parametrize(
    ("wrong", "where"),
    [
        (product(n, 2, 3, 5, 7), lambda v: v not in (2, 3, 5, 7)),
        (product(total(i, n, lift(1)), 2, 3, 5, 7), lambda v: v not in (2, 3, 5, 7)),
        (fn("max", lift(0), n - 10), lambda v: v > 10),
    ],
    ids=named,
)
def test_what_is_false_at_other_sizes(wrong: Term, where) -> None:
    verdict = check_equation(SQUARES, lift(2) * x[k] + wrong, FAMILY)
    assert isinstance(verdict, Refuted)
    assert where(verdict.point["n"])


@pytest.mark.parametrize("wrong", [fn("max", lift(0), n - 1000), product(n, 2, 3, 5, 7, 11, 13, 29)], ids=named)
def test_sizes_that_agree_prove_nothing_for_the_others(wrong: Term) -> None:
    right = lift(2) * x[k] + wrong
    assert balls.check_unproved(FAMILY, SQUARES, right) == Undecided("balls", "size-as-value", {"size": "n"})
    assert check_unproved(FAMILY, Claimed(SQUARES, right)).status == "undecided"
    assert check_claim(FAMILY, Claimed(SQUARES, lift(2) * x[k])).status == "proven"


@pytest.mark.parametrize(
    ("left", "right"),
    [
        (SQUARES, lift(2) * x[k] + n - n),
        (SQUARES, lift(2) * x[k] * ((n + 1) - 1) / n),
        (d(total(i, n, x[i] ** 2) / n, x[k]), lift(2) * x[k] / n),
        (total(i, n, x[k]), n * x[k]),
        (fn("sqrt", n) ** 2 * x[k], n * x[k]),
    ],
    ids=named,
)
def test_what_holds_for_every_number_in_the_place_of_a_size(left: Term, right: Term) -> None:
    assert isinstance(balls.check_unproved(FAMILY, left, right), Proven)
    assert isinstance(check_unproved(FAMILY, Claimed(left, right)), Proven)


def test_entries_of_families_are_large_too() -> None:
    for border in (1000, 10**5):
        verdict = check_equation(SQUARES, lift(2) * x[k] + fn("max", lift(0), x[k] - border), FAMILY)
        assert isinstance(verdict, Refuted)
        assert verdict.point[f"x[{verdict.point['k']}]"] > border


def test_the_points_of_a_theorem_can_be_asked_for_alone() -> None:
    claim = (d(x**2, x), lift(2) * x + lift(10) ** -40)
    assert check_equation(*claim, EMPTY, closely=False).status == "proven"


def test_values_of_a_chain_that_agree_are_no_identity() -> None:
    bump = exp(lift(-(10**7)) * (x[k] ** 2 - 2) ** 2)
    assert check_unproved(FAMILY, Claimed(SQUARES, lift(2) * x[k] + bump)).status != "proven"
