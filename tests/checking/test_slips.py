"""Known slips: each is found in a line that somebody wrote by hand, and says what is wrong in both languages."""

import pytest

from derive.checking.arrays.mistakes import LOWER, WRONG_ROWS, WRONG_SCALES, WRONG_SHAPES
from derive.checking.slips import SLIPS, diagnose, mistakes, twins
from derive.checking.slips.algebra import alike, neat
from derive.checking.slips.carry import cards_used, carried_out, conditions_of
from derive.checking.slips.verdict import MISSING
from derive.core.context import Context
from derive.core.term import Term, d, exp, fn, lift, log, num, sym
from derive.document.language import load_language
from derive.witness.balls import check_equation

x, a = sym("x"), sym("a")
TWO, THREE = num(2), num(3)


def sin(u: Term) -> Term:
    return fn("sin", u)


def cos(u: Term) -> Term:
    return fn("cos", u)


def sqrt(u: Term) -> Term:
    return fn("sqrt", u)


# the function, the wrong derivative as a student writes it, the slip
STUDENTS = [
    (x**2 * sin(x), TWO * x * cos(x), "product-of-derivatives"),
    (x**2 * sin(x), TWO * x * sin(x) - x**2 * cos(x), "product-minus"),
    (x**2 * sin(x), TWO * x * sin(x), "product-one-term"),
    (sin(x) / x, (cos(x) * x - sin(x)) / x, "quotient-without-square"),
    (sin(x) / x, (sin(x) - x * cos(x)) / x**2, "quotient-reversed"),
    (sin(x) / x, (x * cos(x) + sin(x)) / x**2, "quotient-plus"),
    (sin(x) / x**2, cos(x) / (TWO * x), "quotient-of-derivatives"),
    (lift(1) / (x**2 + 1), lift(1) / (TWO * x), "quotient-of-derivatives"),
    (x**3 + x, x**2 + 1, "power-factor-lost"),
    (x**3, THREE * x**3, "power-not-lowered"),
    (x**3, x**4 / 4, "power-integrated"),
    (exp(x) + x, x * exp(x - 1) + 1, "exponential-as-power"),
    (TWO**x, x * TWO ** (x - 1), "exponential-as-power"),
    (TWO**x, TWO**x, "log-of-base-lost"),
    (log(x), lift(1) / (x * log(num(10))), "log-base"),
    (fn("log_base", x, num(10)), lift(1) / x, "log-base"),
    (sqrt(x), lift(1) / sqrt(x), "half-lost"),
    (fn("tanh", x), lift(1) - fn("tanh", x), "square-lost"),
    (fn("arctan", x), lift(1) / (lift(1) - x**2), "inverse-sign"),
    (sin(TWO * x), cos(TWO * x), "inner-derivative-lost"),
    ((x**2 + 1) ** 3, THREE * (x**2 + 1) ** 2, "inner-derivative-lost"),
    (exp(-x), exp(-x), "inner-derivative-lost"),
    (sin(x**2), cos(TWO * x), "derivative-inside"),
    (cos(x), sin(x), "rule-sign"),
    (x**2 + a, TWO * x + a, "constant-kept"),
    (x**2 + a, TWO * x + 1, "constant-as-variable"),
    (exp(x) * sin(x), -(exp(x) * sin(x) + exp(x) * cos(x)), "lost-sign"),
    (x**2 * exp(x), TWO * (TWO * x * exp(x) + x**2 * exp(x)), "twice"),
]


@pytest.mark.parametrize(
    ("function", "wrong", "slip"), STUDENTS, ids=[f"{s}-{n}" for n, (_, _, s) in enumerate(STUDENTS)]
)
def test_a_students_mistake_is_named(function: Term, wrong: Term, slip: str):
    start = d(function, x)
    found = diagnose(wrong, [start, neat(carried_out(start, Context()))], Context())
    assert found is not None
    assert found.slip.name == slip


ALGEBRA = [
    (x - (a - 1), x - a - 1, "bracket-sign"),
    (x * (a + 1), x * a + 1, "bracket-first-term-only"),
    ((x + a) ** 2, x**2 + a**2, "power-of-a-sum"),
    ((x - a) ** 3, x**3 - a**3, "power-of-a-difference"),
    (log(x**2 + a**2), log(x**2) + log(a**2), "log-of-a-sum"),
    (log(exp(x) / exp(a)), log(exp(x)) / log(exp(a)), "log-of-a-quotient"),
    (exp(x + a), exp(x) + exp(a), "exponential-of-a-sum"),
    (sqrt(x**2 + a**2), sqrt(x**2) + sqrt(a**2), "root-of-a-sum"),
    (a / (x**2 + 1), a / x**2 + a / num(1), "fraction-of-a-sum"),
    ((x * a + 1) / x, a + 1, "cancelled-in-a-sum"),
    (sin(x) / a, sin(x), "denominator-lost"),
    (sin(x) + cos(a), sin(x), "term-lost"),
    (sin(x) * cos(a), sin(x), "factor-lost"),
    (x * sin(a) + a**2, x * sin(a) + a, "exponent-lost"),
    (sin(x) / a, a / sin(x), "fraction-turned"),
]


@pytest.mark.parametrize(("right", "wrong", "slip"), ALGEBRA, ids=[s for _, _, s in ALGEBRA])
def test_wrong_algebra_is_named(right: Term, wrong: Term, slip: str):
    found = diagnose(wrong, [right], Context())
    assert found is not None
    assert found.slip.name == slip


def test_where_it_happened_is_told():
    found = diagnose(TWO * x * cos(x), [d(x**2 * sin(x), x)], Context())
    assert found is not None
    assert found.at == d(x**2 * sin(x), x)
    assert alike(found.became, TWO * x * cos(x))


def test_nothing_is_named_that_no_slip_explains():
    assert diagnose(x**5 + 17, [d(x**2 * sin(x), x)], Context()) is None


def test_the_right_derivative_is_carried_out():
    # outside values: the table of derivatives of any textbook
    for function, derivative in [
        (x**3, THREE * x**2),
        (sin(x) / x, (x * cos(x) - sin(x)) / x**2),
        (exp(x**2), TWO * x * exp(x**2)),
        (log(x) * x, log(x) + 1),
        (fn("silu", x), fn("sigmoid", x) + x * fn("sigmoid", x) * (lift(1) - fn("sigmoid", x))),
        (fn("g", x**2), fn("g'", x**2) * TWO * x),
    ]:
        assert alike(carried_out(d(function, x), Context()), derivative), function


def test_the_cards_of_a_derivative_are_known():
    assert {"product-rule", "sin-rule", "exp-rule"} <= set(cards_used(d(sin(x) * exp(x), x), Context()))
    assert [c.kind for c in conditions_of(d(log(x), x), Context())] == ["positive"]


@pytest.mark.parametrize("function", [x**2 * sin(x), exp(TWO * x) / (x**2 + 1), log(x**2 + 1) * x, (x + 1) ** 5])
def test_twins_are_bad(function: Term):
    """Nearly every twin of a derivative has another value; those that have not are few."""
    start = d(function, x)
    found = list(twins(start))
    verdicts = [check_equation(start, twin, Context()).status for _, twin in found]
    assert len(found) >= 15
    assert verdicts.count("refuted") >= 0.8 * len(found)


def test_every_twin_of_a_rule_is_told_by_its_own_slip():
    """What a slip makes, it explains: the diagnosis of a twin gives a slip that makes the same line."""
    start = d(x**2 * sin(TWO * x), x)
    for slip, twin in twins(start):
        if slip.scope == "derivative" and check_equation(start, twin, Context()).status == "refuted":
            found = diagnose(twin, [start], Context())
            assert found is not None, slip
            made = [m.whole for m in mistakes(start) if m.slip == found.slip]
            assert any(alike(line, twin) for line in made), (slip, found)


NAMES = (
    {slip.name for slip in SLIPS} | {name for name, _ in (*WRONG_ROWS, *WRONG_SCALES, *WRONG_SHAPES)} | {LOWER, MISSING}
)


@pytest.mark.parametrize("language", ["en", "pt"])
def test_every_slip_has_words(language: str):
    words = load_language(language)
    told = {key.split(".")[1] for key in words.texts if key.startswith("slip.")}
    assert told == NAMES
    for name in NAMES:
        assert words.text(f"slip.{name}.title").strip()
        assert words.text(f"slip.{name}.says").strip().endswith(".")


def test_every_card_a_slip_replaces_exists():
    from derive.rules import RULES

    assert {card for slip in SLIPS for card in slip.cards} <= set(RULES)
