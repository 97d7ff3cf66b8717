"""SymPy as a witness: it agrees with the true gradients, and says what is left over of the others."""

from __future__ import annotations

from typing import cast

import pytest
import sympy as sp

from derive.chains import SoftmaxCrossEntropy, problem_named
from derive.core.context import Context
from derive.core.term import Term, d, exp, fn, lift, sym, total
from derive.syntax.sympy_bridge import concrete
from derive.witness.cas import Claimed, check_claim, check_gradient
from derive.witness.shrink import shrunk
from derive.witness.verdict import Proven, Refuted, Undecided, Verdict

NAME = "softmax-cross-entropy"
W, h, b, z, p, y, L, x, C = map(sym, ("W", "h", "b", "z", "p", "y", "L", "x", "C"))
i, j, k, m, r = map(sym, "ijkmr")
SUM = frozenset(["targets-sum-to-one"])
OTHER = frozenset(["other-class"])
FREE = problem_named(NAME)
TRUE_CLASS = problem_named(NAME, target="r")


def judged(problem: SoftmaxCrossEntropy, left: Term, right: Term, assumptions: frozenset[str] = frozenset()) -> Verdict:
    return check_gradient(problem.context, {"claim": Claimed(left, right, assumptions)})["claim"]


TRUE = [
    (FREE, d(L, z[k]), p[k] - y[k], SUM),
    (FREE, d(L, b[k]), p[k] - y[k], SUM),
    (FREE, d(L, W[k, j]), (p[k] - y[k]) * h[j], SUM),
    (FREE, d(L, h[j]), total(m, C, (p[m] - y[m]) * W[m, j]), SUM),
    (FREE, d(L, z[k]), p[k] * total(i, C, y[i]) - y[k], frozenset[str]()),
    (FREE, d(L, p[i]), -(y[i] / p[i]), frozenset[str]()),
    (TRUE_CLASS, d(L, b[r]), p[r] - 1, frozenset[str]()),
    (TRUE_CLASS, d(L, b[k]), p[k], OTHER),
    (TRUE_CLASS, d(L, b[k]), p[k] - y[k], frozenset[str]()),
]


@pytest.mark.parametrize(("problem", "left", "right", "assumptions"), TRUE)
def test_true_gradients(problem: SoftmaxCrossEntropy, left: Term, right: Term, assumptions: frozenset[str]) -> None:
    assert judged(problem, left, right, assumptions).status == "proven"


@pytest.mark.parametrize(("target", "entry", "right"), [(2, 2, p[2] - 1), (2, 1, p[1]), (3, 3, p[3] - 1)])
def test_named_classes(target: int, entry: int, right: Term) -> None:
    problem = problem_named(NAME, classes=["setosa", "versicolor", "virginica"], target=target)
    assert judged(problem, d(L, b[entry]), right).status == "proven"
    assert judged(problem, d(L, b[entry]), right + 1).status == "refuted"


NEEDS_THE_SUM = [
    (d(L, z[k]), p[k] - y[k], p[1] * (total(i, C, y[i]) - 1)),
    (d(L, b[k]), p[k] - y[k], p[1] * (total(i, C, y[i]) - 1)),
    (d(L, W[k, 1]), (p[k] - y[k]) * h[1], h[1] * p[1] * (total(i, C, y[i]) - 1)),
]


@pytest.mark.parametrize(("left", "right", "leftover"), NEEDS_THE_SUM)
def test_the_residual_is_factored_and_the_assumption_named(left: Term, right: Term, leftover: Term) -> None:
    verdict = judged(FREE, left, right)
    assert isinstance(verdict, Refuted)
    assert verdict.missing == ("targets-sum-to-one",)
    sizes = {"C": int(str(verdict.point["C"])), "H": 2}
    shown = concrete(cast(Term, verdict.residual), FREE.context, {}, sizes)
    here = cast(int, verdict.point["k"])
    expected = concrete(leftover, FREE.context, {}, sizes).subs(sp.Symbol("p_1"), sp.Symbol(f"p_{here}"))
    assert sp.expand(shown - expected) == 0
    assert isinstance(shown, sp.Mul)  # a product, with the sum of the targets as a factor


def test_a_class_that_may_be_the_true_one() -> None:
    verdict = judged(TRUE_CLASS, d(L, b[k]), p[k])
    assert isinstance(verdict, Refuted)
    assert verdict.missing == ("other-class",)
    assert verdict.residual == -lift(1)


FALSE = [
    (d(L, z[k]), y[k] - p[k]),
    (d(L, z[k]), p[k] + y[k]),
    (d(L, W[k, j]), (p[k] - y[k]) * h[1]),
    (d(L, h[j]), total(m, C, (p[m] + y[m]) * W[m, j])),
    (d(L, b[k]), (p[k] - y[k]) * 2),
]


@pytest.mark.parametrize(("left", "right"), FALSE)
def test_false_gradients_have_nothing_missing_that_would_help(left: Term, right: Term) -> None:
    verdict = judged(FREE, left, right, SUM)
    assert isinstance(verdict, Refuted)
    assert verdict.missing == ()
    assert abs(cast(float, verdict.left) - cast(float, verdict.right)) > 1e-9


def test_many_classes_are_cut_down_and_it_is_said() -> None:
    problem = problem_named(NAME, classes=40, target=17)
    verdict = judged(problem, d(L, b[17]), p[17] - 1)
    assert isinstance(verdict, Proven)
    assert verdict.detail["cut"] == {"from": 40, "to": 3}
    assert judged(problem, d(L, b[17]), p[17]).status == "refuted"
    assert judged(problem, d(L, b[16]), p[16] - 1).status == "refuted"
    assert judged(problem, d(L, b[16]), p[16]).status == "proven"


def test_cutting_down_keeps_named_entries_apart() -> None:
    context = problem_named(NAME, classes=40, target=17).context
    smaller, (claim,), cut = shrunk(context, [p[17] - p[9] + p[40]])
    assert claim == p[2] - p[1] + p[3]
    assert smaller.shapes["z"] == (lift(3),)
    assert smaller.definitions["y"].body.args[1] == lift(2)
    assert cut == {"from": 40, "to": 3}


def test_a_size_that_is_a_value_is_not_cut() -> None:
    problem = problem_named(NAME, classes=40)
    verdict = judged(problem, total(i, 40, y[i]), lift(40) * y[1])
    assert isinstance(verdict, Undecided)
    assert verdict.why == "size-as-value"


def test_what_a_field_cannot_reduce_is_reduced_over_the_real_numbers() -> None:
    context = Context(shapes={"v": (lift(2),)})
    one = fn("sin", sym("v")[1]) ** 2 + fn("cos", sym("v")[1]) ** 2
    assert check_claim(context, Claimed(one, lift(1))).status == "proven"
    assert check_claim(context, Claimed(one, lift(2))).status == "refuted"


@pytest.mark.parametrize(
    ("u", "slope"),
    [
        (exp(x) / (exp(x) + 1), exp(x) / (exp(x) + 1) ** 2),
        (fn("tanh", x), lift(1) - fn("tanh", x) ** 2),
        (fn("log", x), lift(1) / x),
    ],
)
def test_other_derivatives(u: Term, slope: Term) -> None:
    assert check_claim(Context(), Claimed(d(u, x), slope)).status == "proven"
    assert check_claim(Context(), Claimed(d(u, x), slope * 2)).status == "refuted"


def test_the_four_gradients() -> None:
    claims = {str(n): Claimed(left, right, names) for n, (_, left, right, names) in enumerate(TRUE[:4])}
    assert {verdict.status for verdict in check_gradient(FREE.context, claims).values()} == {"proven"}
