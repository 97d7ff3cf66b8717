"""The balls against derivatives known from elsewhere, and against claims known to be false."""

from __future__ import annotations

import math
from fractions import Fraction
from random import Random
from types import SimpleNamespace
from typing import cast

import pytest
from flint import ctx as flint_context

from derive.chains import problem_named
from derive.core.condition import Condition
from derive.core.context import Context, Definition
from derive.core.kernel import Theorem
from derive.core.term import Term, d, delta, exp, fn, lift, log, num, sym, total
from derive.proofs.prove import prove
from derive.witness.balls import check_equation, check_theorem, check_theorems
from derive.witness.evaluate import Evaluator
from derive.witness.sampling import Constraints, Unsuited, Values, assignments, constraints, size_rows
from derive.witness.verdict import Proven, Refuted, Undecided

NAME = "softmax-cross-entropy"
W, h, b, z, p, y, L, x, C = map(sym, ("W", "h", "b", "z", "p", "y", "L", "x", "C"))
i, j, k, m, r = map(sym, "ijkmr")
FREE = problem_named(NAME).context
TRUE_CLASS = problem_named(NAME, target="r").context
SUM = ("targets-sum-to-one",)


def value(t: Term, context: Context, entries: dict[str, dict[tuple[int, ...], Fraction]], **letters: int) -> float:
    values = Values("test", 0)
    values._known.update(entries)
    with flint_context.workprec(128):
        return float(Evaluator(context, {"C": 3, "H": 2}, values).at(t, letters).mid())


def family(*entries: str) -> dict[tuple[int, ...], Fraction]:
    return {(n,): Fraction(entry) for n, entry in enumerate(entries, 1)}


LOGITS = Context(
    {name: FREE.definitions[name] for name in ("p", "L")},
    {"z": (C,), "p": (C,), "y": (C,), "L": ()},
    {"i": C, "k": C},
)


def test_softmax_of_one_two_three() -> None:
    # published: softmax(1, 2, 3) = 0.09003057, 0.24472847, 0.66524096
    entries = {"z": family("1", "2", "3")}
    assert [round(value(p[n], LOGITS, entries), 8) for n in (1, 2, 3)] == [0.09003057, 0.24472847, 0.66524096]


def test_cross_entropy_and_its_gradient_by_hand() -> None:
    entries = {"z": family("1", "2", "3"), "y": family("0", "0", "1")}
    assert round(value(L, LOGITS, entries), 8) == 0.40760596
    assert [round(value(d(L, z[n]), LOGITS, entries), 8) for n in (1, 2, 3)] == [0.09003057, 0.24472847, -0.33475904]


def test_the_variable_of_a_derivative_is_cut() -> None:
    """dL/dp_3 = -1/p_3, though p itself is defined by z."""
    entries = {"z": family("1", "2", "3"), "y": family("0", "0", "1")}
    assert value(d(L, p[3]), LOGITS, entries) == pytest.approx(-1 / 0.6652409557748218, rel=1e-12)
    assert value(d(p[1], p[1]), LOGITS, entries) == 1
    assert value(d(p[1], p[2]), LOGITS, entries) == 0


@pytest.mark.parametrize("options", [{}, {"target": "r"}, {"classes": ["a", "b", "c"], "target": "b"}, {"classes": 6}])
def test_every_theorem_of_the_chain(options: dict[str, object]) -> None:
    proofs = prove(problem_named(NAME, **options).chain)
    verdicts = check_theorems({name: proof.theorem for name, proof in proofs.items()})
    assert {name for name, verdict in verdicts.items() if verdict.status != "proven"} == set()


def test_what_was_looked_at_is_told() -> None:
    theorem = prove(problem_named(NAME).chain)["gradient-z"].theorem
    verdict = check_theorem(theorem)
    assert isinstance(verdict, Proven)
    assert verdict.detail["sizes"] == (2, 3, 5, 7)
    assert verdict.detail["lines"] == len(theorem.lines)
    assert cast(int, verdict.detail["points"]) >= 8


FALSE = [
    (d(L, z[k]), y[k] - p[k], SUM),
    (d(L, z[k]), p[k] - y[k], ()),
    (d(L, b[k]), p[k] + y[k], SUM),
    (d(L, W[k, j]), (p[k] - y[k]) * h[1], SUM),
    (d(L, h[j]), total(m, C, (p[m] - y[m]) * W[m, 1]), SUM),
    (d(p[i], z[k]), -(p[i] * p[k]), ()),
    (d(p[i], z[k]), p[i] * (lift(1) - p[k]), ()),
    (d(p[i], z[i]), p[i], ()),
    (d(L, p[i]), y[i] / p[i], ()),
    (d(z[m], b[k]), lift(1), ()),
    (d(z[m], h[j]), W[j, m], ()),
    (total(i, C, y[i]), lift(1), ()),
    (total(i, C, p[i]), C, ()),
]


@pytest.mark.parametrize(("left", "right", "assumptions"), FALSE)
def test_false_claims_are_refuted(left: Term, right: Term, assumptions: tuple[str, ...]) -> None:
    context = problem_named(NAME).context
    if left == d(z[m], h[j]):  # W_jm is there for square W only
        context = problem_named(NAME, classes=3, inputs=3).context
    verdict = check_equation(left, right, context, assumptions)
    assert isinstance(verdict, Refuted)
    assert verdict.left != verdict.right


def test_a_refutation_can_be_recomputed_from_its_point() -> None:
    verdict = check_equation(d(L, z[k]), p[k] - y[k], LOGITS)
    assert isinstance(verdict, Refuted)
    point = verdict.point
    n, here = cast(int, point["C"]), cast(int, point["k"])
    logits = [float(cast(Fraction, point[f"z[{q}]"])) for q in range(1, n + 1)]
    targets = [float(cast(Fraction, point[f"y[{q}]"])) for q in range(1, n + 1)]
    share = math.exp(logits[here - 1]) / sum(map(math.exp, logits))
    assert verdict.left == pytest.approx(share * sum(targets) - targets[here - 1])
    assert verdict.right == pytest.approx(share - targets[here - 1])
    assert verdict.residual == pytest.approx(share * (sum(targets) - 1))


def test_the_missing_assumption_is_named() -> None:
    verdict = check_equation(d(L, z[k]), p[k] - y[k], FREE)
    assert isinstance(verdict, Refuted)
    assert verdict.missing == ("targets-sum-to-one",)
    other = check_equation(d(L, b[k]), p[k], TRUE_CLASS)
    assert isinstance(other, Refuted)
    assert other.missing == ("other-class",)


def test_the_true_class_stays_one_entry_inside_a_sum_over_its_letter() -> None:
    """y_i := delta(i, r): a sum that happens to bind r does not touch the definition."""
    assert check_equation(total(r, C, y[r]), num(1), TRUE_CLASS).status == "proven"
    assert check_equation(d(L, b[r]), p[r] - 1, TRUE_CLASS).status == "proven"


def test_a_tampered_line_is_found_with_its_number() -> None:
    theorem = prove(problem_named(NAME).chain)["softmax-jacobian"].theorem
    lines = list(theorem.lines)
    lines[4] = -lines[4]
    tampered = SimpleNamespace(
        left=theorem.left, right=theorem.right, lines=tuple(lines), context=theorem.context,
        assumptions=theorem.assumptions, conditions=theorem.conditions,
    )  # fmt: skip
    verdict = check_theorem(cast(Theorem, tampered))
    assert isinstance(verdict, Refuted)
    assert verdict.line == 5


def test_conditions_choose_the_points() -> None:
    context = Context()
    sides = (log(x * sym("t")), log(x) + log(sym("t")))
    both = (Condition("positive", (x,)), Condition("positive", (sym("t"),)))
    assert check_equation(*sides, context, conditions=both).status == "proven"
    without = check_equation(*sides, context)
    assert isinstance(without, Undecided)
    assert without.why == "undefined-on-one-side"


def test_all_signs_are_seen() -> None:
    assert check_equation(fn("abs", x), x, Context()).status == "refuted"
    assert check_equation(fn("relu", x), x, Context()).status == "refuted"
    assert check_equation(fn("sqrt", x**2), x, Context()).status == "refuted"
    assert check_equation(fn("sqrt", x**2), fn("abs", x), Context()).status == "proven"


UNDECIDED = [
    (d(d(x**2, x), x), lift(2), Context(), "nested-derivative"),
    (fn("gamma", x, x), x, Context(), "function"),
    (total(sym("z"), C, z[1]), C, Context(shapes={"z": (C,)}), "index-is-a-name"),
    (z[3], z[3], Context(shapes={"z": (C,)}), "out-of-range"),
    (log(-exp(x)), log(-exp(x)), Context(), "no-point"),
    (z[sym("n")], z[sym("n")], Context(shapes={"z": (C,)}), "index"),
]


@pytest.mark.parametrize(("left", "right", "context", "why"), UNDECIDED)
def test_what_cannot_be_judged_is_undecided(left: Term, right: Term, context: Context, why: str) -> None:
    verdict = check_equation(left, right, context)
    assert isinstance(verdict, Undecided)
    assert verdict.why == why


def test_an_assumption_of_another_shape_is_undecided() -> None:
    context = Context(assumptions={"at-three": (x, num(3))})
    verdict = check_equation(d(x, x), num(0), context, ["at-three"])
    assert verdict == Undecided("balls", "assumption-shape", {"assumption": "at-three"})


def test_a_normalised_family_sums_to_one_and_is_positive() -> None:
    limits = constraints(FREE, SUM)
    entries = Values("test", 1, limits).entries("y", (5,))
    assert sum(entries.values()) == 1
    assert min(entries.values()) > 0
    assert sum(Values("test", 1).entries("y", (5,)).values()) != 1


def test_equal_and_different_indices_are_always_among_the_assignments() -> None:
    chosen = assignments({"i": 7, "k": 7, "m": 7}, frozenset([5]), Constraints(), Random(0))
    patterns = {(a["i"] == a["k"], a["i"] == a["m"], a["k"] == a["m"], a["i"] == 5, a["k"] == 5) for a in chosen}
    assert len({pattern[:3] for pattern in patterns}) == 5  # the partitions of three letters
    assert {pattern[3:] for pattern in patterns} >= {(True, True), (True, False), (False, True), (False, False)}
    apart = assignments({"i": 7, "k": 7}, frozenset(), Constraints(apart=((i, k),)), Random(0))
    assert apart
    assert all(a["i"] != a["k"] for a in apart)


def test_different_size_symbols_never_agree() -> None:
    assert all(len(set(row.values())) == 3 for row in size_rows(["C", "H", "M"], (2, 3, 5, 7)))


def test_nothing_depends_on_the_order_of_evaluation() -> None:
    one, other = Values("seed", 0), Values("seed", 0)
    one.entries("b", (3,))
    assert one.entries("z", (3,)) == other.entries("z", (3,))
    assert Values("other", 0).entries("z", (3,)) != other.entries("z", (3,))


def test_a_definition_out_of_its_range_is_not_evaluated() -> None:
    context = Context({"q": Definition("q", ("n",), sym("n") * x)}, {"q": (num(2),)})
    with pytest.raises(Unsuited):
        Evaluator(context, {}, Values("test", 0)).at(sym("q")[3], {})
    assert check_equation(sym("q")[2], x * 2, context).status == "proven"
    assert delta(1, 2) != delta(2, 1)
