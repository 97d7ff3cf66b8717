"""Any function, as a user of the library holds it: what can be asked, what comes back, what is refused."""

from __future__ import annotations

import json
import math

import numpy as np
import pytest
import sympy as sp

import derive
from derive.chains import ProblemError
from derive.core.kernel import Refused
from derive.derivation.formula import Derivation, EmptyDomain
from derive.derivation.names import WrtError
from derive.errors import UsageError
from derive.proofs.scalar import NotDifferentiable
from derive.syntax.formula import FormulaError

x, y = sp.symbols("x y")


def same(ours: sp.Expr, theirs: sp.Expr) -> bool:
    plain = ours.xreplace({s: sp.Symbol(s.name) for s in ours.free_symbols})
    return sp.simplify(plain - theirs) == 0


@pytest.mark.parametrize("what", ["x^2 sin(x)", r"x^{2} \sin x", x**2 * sp.sin(x)])
def test_text_latex_and_sympy_give_one_theorem(what):
    derivation = derive.prove(what, wrt="x")
    assert same(derivation.result, 2 * x * sp.sin(x) + x**2 * sp.cos(x))
    assert [(v.by, v.status) for v in derivation.verdicts] == [
        ("kernel", "proven"), ("balls", "proven"), ("sympy", "proven"), ("coq", "not run"),
    ]  # fmt: skip


def test_a_file_with_a_formula(tmp_path):
    from derive.cli import main

    path = tmp_path / "formula.tex"
    path.write_text(r"\frac{\sin x}{1+x^2}", encoding="utf-8")
    assert main(["prove", str(path), "--no-sympy", "-o", str(tmp_path / "proof.md")]) == 0
    assert r"\cos x" in (tmp_path / "proof.md").read_text(encoding="utf-8")


def test_gradient_in_the_order_asked_for():
    derivation = derive.prove("x^2 y + exp(x y)", wrt="y,x")
    assert list(derivation.results) == [("y",), ("x",)]
    gradient = [x**2 + x * sp.exp(x * y), 2 * x * y + y * sp.exp(x * y)]
    assert all(same(ours, theirs) for ours, theirs in zip(derivation.result, gradient, strict=True))


def test_hessian_is_symmetric_and_right():
    derivation = derive.prove("x^3 y^2 + sin(x y)", wrt=["x", "y"], hessian=True)
    f = x**3 * y**2 + sp.sin(x * y)
    for ours, theirs in zip(derivation.result, sp.hessian(f, (x, y)), strict=True):
        assert same(ours, theirs)
    assert set(derivation.proofs) == {f"derivative-{c}" for c in ("x", "y", "x-x", "x-y", "y-y")}


def test_each_order_has_a_proof_of_its_own_that_starts_from_the_one_before():
    derivation = derive.prove("x^4", order=3)
    assert list(derivation.proofs) == ["derivative-x", "derivative-x-x", "derivative-x-x-x"]
    first, second, third = (proof.theorem for proof in derivation.proofs.values())
    assert (second.left.args[0], third.left.args[0]) == (first.right, second.right)
    assert same(derivation.result, 24 * x)


def test_entries_and_sums_over_an_index():
    derivation = derive.prove("logsumexp(z)", wrt="z_k")
    assert repr(derivation.theorem.right) == "div(exp(z[k]), sum(m, n, exp(z[m])))"
    assert {v.status for v in derivation.verdicts} == {"proven", "not run"}
    assert repr(derive.prove("sum(j, W_kj h_j) + b_k", wrt="h_i").theorem.right) == "W[k, i]"


def test_abstract_functions_have_a_chain_rule():
    assert repr(derive.prove("f(x^2)").theorem.right) == "mul(2, x, f'(pow(x, 2)))"
    assert repr(derive.prove("g(x, x y)", wrt="x").theorem.right) == "add(g'1(x, mul(x, y)), mul(y, g'2(x, mul(x, y))))"


@pytest.mark.parametrize(
    ("formula", "conditions"),
    [
        ("x^2", []),
        ("sqrt(x)", ["positive: x"]),
        ("1/x", ["nonzero: x"]),
        ("ln(x^2 + 1)", []),
        ("abs(x - 1)", ["nonzero: add(x, neg(1))"]),
        ("ln(x)/x", ["positive: x"]),
        ("piecewise(ln(x) if x > 1; x)", ["nonzero: add(x, neg(1))"]),
    ],
)
def test_conditions_are_what_the_steps_need_and_no_more(formula, conditions):
    assert list(derive.prove(formula).conditions) == conditions


@pytest.mark.parametrize(
    ("formula", "options", "error", "words"),
    [
        ("x^2 y", {}, WrtError, "x, y"),
        ("floor(x)", {}, NotDifferentiable, "floor: it jumps"),
        ("ln(-x^2-1)", {}, EmptyDomain, "no real numbers"),
        ("arcsin(x^2+2)", {}, EmptyDomain, "no real numbers"),
        ("x^2", {"order": 0}, ProblemError, "order"),
        ("x^2", {"order": 1000}, ProblemError, "order"),
        ("x^2", {"wrt": "x^2"}, FormulaError, "expression"),
        ("x^2", {"wrt": "sin(x)"}, FormulaError, "expression"),
        ("x^2", {"wrt": "x,x"}, ProblemError, "twice"),
        ("", {}, FormulaError, "no formula"),
        ("(x", {}, FormulaError, "never closed"),
        ("arcssin(x)", {}, FormulaError, "did you mean"),
        ("1/0", {}, FormulaError, "zero"),
        ("9^9^9", {}, FormulaError, "exponent"),
        ("x.__class__", {}, FormulaError, "no meaning"),
        ("sum(i, z_i)", {"wrt": "z"}, FormulaError, "without them"),
    ],
)
def test_what_cannot_be_done_is_refused_with_the_reason(formula, options, error, words):
    with pytest.raises(error, match=words) as found:
        derive.prove(formula, **options)
    assert isinstance(found.value, UsageError)


def test_a_variable_that_does_not_occur_gives_0_and_says_why():
    derivation = derive.prove("x^2", wrt="t")
    assert repr(derivation.theorem.right) == "0"
    assert "does not occur" in derivation.to("text")
    assert "não aparece" in derivation.to("text", lang="pt")


def test_the_record_is_checked_again_from_the_file_alone():
    derivation = derive.prove("x^2 sin(x)", order=2)
    text = derivation.to("json")
    again = derive.verify(text)
    assert isinstance(again, Derivation)
    assert repr(again.theorem) == repr(derivation.theorem)
    data = json.loads(text)
    data["proofs"][0]["right"] = ["num", "0"]
    with pytest.raises(Refused, match="ends at"):
        derive.verify(json.dumps(data))
    data = json.loads(text)
    data["problem"]["body"] = ["sym", "x"]
    with pytest.raises(Refused, match="not about"):
        derive.verify(json.dumps(data))


@pytest.mark.parametrize(
    ("formula", "slope"),
    [
        ("x^2 sin(x)", lambda t: 2 * t * math.sin(t) + t * t * math.cos(t)),
        ("sigmoid(3x)", lambda t: 3 * math.exp(-3 * t) / (1 + math.exp(-3 * t)) ** 2),
        ("relu(x)", lambda t: float(t > 0)),
        ("piecewise(x^2 if x < 0; x^3)", lambda t: 2 * t if t < 0 else 3 * t * t),
    ],
)
def test_the_function_of_a_derivative(formula, slope):
    f = derive.prove(formula).lambdify()
    points = np.array([-1.5, -0.25, 0.5, 2.0])
    np.testing.assert_allclose(f(points), [slope(t) for t in points], rtol=1e-13)
    assert f(x=0.5) == pytest.approx(slope(0.5))
    with pytest.raises(TypeError, match="missing"):
        f()


def test_every_format_and_both_languages(tmp_path):
    derivation = derive.prove("x^2 abs(x) + f(x)", order=2)
    for format in ("text", "markdown", "latex", "latex-fragment", "typst", "json"):
        for lang in ("en", "pt"):
            assert derivation.to(format, lang=lang)
    derivation.save(tmp_path / "proof.pdf", lang="pt")
    assert (tmp_path / "proof.pdf").read_bytes().startswith(b"%PDF")


@pytest.mark.parametrize(
    ("formula", "options", "conditions"),
    [
        ("sqrt(x)^2", {"order": 2}, {"positive: x"}),
        ("piecewise(x if x > 0; x + 1)", {"order": 2}, {"nonzero: x"}),
        ("ln(x)", {"order": 2}, {"positive: x"}),
        ("x + sqrt(y)", {"wrt": "x,y"}, {"positive: y"}),
        ("ln(x) y", {"wrt": "x,y", "hessian": True}, {"positive: x"}),
    ],
)
def test_every_derivative_that_was_asked_for_brings_its_conditions(formula, options, conditions):
    derivation = derive.prove(formula, witnesses=("kernel",), **options)
    assert set(derivation.conditions) == conditions
    assert len(json.loads(derivation.to("json"))["conditions"]) == len(conditions)
    assert "holds where" in derivation.to("text")


def test_a_hessian_by_entries_needs_two_of_them():
    with pytest.raises(ProblemError, match="z_i,z_j"):
        derive.prove("logsumexp(z)", wrt="z_k", hessian=True)
    derivation = derive.prove("logsumexp(z)", wrt="z_i,z_j", hessian=True)
    assert "delta(i, j)" in repr(derivation.proofs["derivative-z_i-z_j"].theorem.right)


def test_a_letter_that_is_summed_over_may_name_the_variable():
    assert repr(derive.prove("sum(k, x_k^2)", wrt="x_k").theorem.right) == "mul(2, x[k])"


@pytest.mark.parametrize("formula", ["(-2)^x", "0^x"])
def test_what_has_no_real_derivative_is_said_in_words(formula):
    with pytest.raises(UsageError, match="no real"):
        derive.prove(formula)


def test_every_word_of_a_record_is_checked():
    """Each leaf of a record is changed in turn: none may be anything else, but for which lines are milestones."""
    text = derive.prove("ln(x)/x", witnesses=("kernel",)).to("json")
    accepted = []
    for path, value in leaves(json.loads(text)):
        data = json.loads(text)
        place = data
        for key in path[:-1]:
            place = place[key]
        place[path[-1]] = not value if isinstance(value, bool) else value + 1 if isinstance(value, int) else f"{value}x"
        try:
            derive.verify(json.dumps(data))
            accepted.append(path)
        except (Refused, ValueError, LookupError):
            pass
    assert [path for path in accepted if path[-3:-2] != ("moves",) or path[-1] != 3] == []


def leaves(data, path=()):
    items = data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else None
    if items is None:
        yield path, data
        return
    for key, value in items:
        yield from leaves(value, (*path, key))


@pytest.mark.parametrize(
    ("formula", "wrt", "right"),
    [
        ("logsumexp(z) - z_1", "z_k", "add(div(exp(z[k]), sum(m, n, exp(z[m]))), neg(delta(1, k)))"),
        ("sum(i, x_i) - x_1", "x_k", "add(1, neg(delta(1, k)))"),
        ("sum(i, (x_i - mu)^2)", "mu", "neg(mul(2, sum(i, n, add(x[i], neg(mu)))))"),
        ("1/2 sum(i, (y_i - x_i)^2)", "x_k", "add(x[k], neg(y[k]))"),
        ("sum(i, abs(x_i))", "x_k", "sign(x[k])"),
        ("norm(x)^2", "x_k", "mul(2, x[k])"),
    ],
)
def test_an_entry_beside_a_sum_over_the_whole_family_is_an_entry(formula, wrt, right):
    derivation = derive.prove(formula, wrt=wrt)
    assert repr(derivation.theorem.right) == right
    assert {v.status for v in derivation.verdicts} == {"proven", "not run"}


@pytest.mark.parametrize("formula", ["logsumexp(z) - z_c", "norm(x) x_max"])
def test_a_name_that_looks_like_an_entry_is_refused_beside_its_family(formula):
    with pytest.raises(FormulaError, match="none of them"):
        derive.prove(formula, wrt=formula[formula.index("(") + 1] + "_k")


@pytest.mark.parametrize("formula", ["sin x e^x", "ln x x^2", "sqrt x x"])
def test_an_argument_without_an_end_is_refused(formula):
    with pytest.raises(FormulaError, match="unclear where the argument"):
        derive.prove(formula)


@pytest.mark.parametrize(("formula", "wrt"), [("f(x - c t) + g(x + c t)", "t"), ("f(x^2) + g(x^2)", "x")])
def test_two_functions_without_a_formula_are_told_apart_by_all_witnesses(formula, wrt):
    derivation = derive.prove(formula, wrt=wrt, order=2)
    assert {v.status for v in derivation.verdicts} == {"proven", "not run"}


# what a teacher would write; each is an identity that SymPy confirms in the corpus test's way
@pytest.mark.parametrize(
    ("formula", "right"),
    [
        ("arctan(x/a)", "div(a, add(pow(a, 2), pow(x, 2)))"),
        ("arctan((1+x)/(1-x))", "div(1, add(1, pow(x, 2)))"),
        ("ln(x + sqrt(x^2+1))", "div(1, sqrt(add(pow(x, 2), 1)))"),
        ("((x-1)/(x+2))^9", "div(mul(27, pow(add(x, neg(1)), 8)), pow(add(x, 2), 10))"),
        ("(e^x-e^-x)/(e^x+e^-x)", "div(4, pow(add(exp(x), exp(neg(x))), 2))"),
        ("ln(sin x)", "cot(x)"),
        ("x sqrt(4 - x^2)", "div(mul(2, add(2, neg(pow(x, 2)))), sqrt(add(4, neg(pow(x, 2)))))"),
        ("x^3 + 2x^2 - 5x", "add(mul(3, pow(x, 2)), mul(4, x), neg(5))"),
    ],
)
def test_the_answer_has_the_form_a_person_would_write(formula, right):
    derivation = derive.prove(formula, wrt="x")
    assert repr(derivation.theorem.right) == right
    assert {v.status for v in derivation.verdicts} == {"proven", "not run"}


# names that other programs have, each written out; the derivatives are SymPy's of the written-out formula
@pytest.mark.parametrize(
    ("formula", "meaning"),
    [
        ("exp2(x)", 2**x),
        ("exp10(x)", 10**x),
        ("square(x)", x**2),
        ("rsqrt(x)", 1 / sp.sqrt(x)),
        ("reciprocal(x)", 1 / x),
        ("logit(x)", sp.log(x / (1 - x))),
        ("xlogy(y, x)", y * sp.log(x)),
        ("logaddexp(x, y)", sp.log(sp.exp(x) + sp.exp(y))),
        ("hypot(x, y)", sp.sqrt(x**2 + y**2)),
        ("sinpi(x)", sp.sin(sp.pi * x)),
        ("cospi(x)", sp.cos(sp.pi * x)),
    ],
)
def test_names_of_other_programs(formula, meaning):
    derivation = derive.prove(formula, wrt="x")
    point = {x: sp.Rational(2, 7), y: sp.Rational(3, 5)}
    ours = derivation.result.xreplace({s: sp.Symbol(s.name) for s in derivation.result.free_symbols}).subs(point)
    assert sp.N(ours - meaning.diff(x).subs(point), 30) == pytest.approx(0, abs=1e-25)
    assert {v.status for v in derivation.verdicts} == {"proven", "not run"}


def test_clip_is_flat_outside():
    f = derive.prove("clip(x, 0, 1)").lambdify()
    assert [float(f(t)) for t in (-1.0, 0.5, 2.0)] == [0.0, 1.0, 0.0]


@pytest.mark.parametrize(
    ("formula", "wrt", "wrong"),
    [
        ("sum(i, abs(x_i))", "x_k", lambda right: -right),
        ("x_i/norm(x)", "x_k", lambda right: right * 2),
        ("dot(w,x)/norm(x)", "x_k", lambda right: right + 1),
    ],
)
def test_sympy_over_the_reals_proves_the_right_slope_and_no_other(formula, wrt, wrong):
    from derive.witness.cas import Claimed, check_claim

    theorem = derive.prove(formula, wrt=wrt, witnesses=("kernel",)).theorem
    right, other = theorem.right, wrong(theorem.right)
    assert check_claim(theorem.context, Claimed(theorem.left, right)).status == "proven"
    assert check_claim(theorem.context, Claimed(theorem.left, other)).status != "proven"
