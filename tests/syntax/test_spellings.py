"""x1 and x_1 are one name where a person types them, and are refused as two everywhere else: no proof reads falsely."""

import json
from pathlib import Path

import pytest
import sympy as sp

import derive
from derive.chains import ProblemError
from derive.chains import function as problem_room
from derive.cli import main
from derive.core.kernel import Refused
from derive.core.term import fn, sym
from derive.derivation import formula as function_room
from derive.derivation.formula import function_problem, prove_formula
from derive.derivation.verify import _readable
from derive.errors import Corrupted, UsageError
from derive.syntax.formula import FormulaError
from derive.syntax.from_sympy import UnknownExpression

TYPED = [
    ("x_1^2", "x1", "d/dx₁[x₁²] = 2x₁"),
    ("x1^2", "x_1", "d/dx₁[x₁²] = 2x₁"),
    ("x₁^2", "x_{1}", "d/dx₁[x₁²] = 2x₁"),
    ("x_1*x1", "x_1", "d/dx₁[x₁ x₁] = 2x₁"),
    ("(w_1 x + b)^2", "w1", "∂/∂w₁[(w₁ x + b)²] = 2x · (w₁ x + b)"),
    ("sum_k x_k^2", "x1", "∂/∂x₁[Σ_{k=1}^{n} xₖ²] = 2x₁"),
    ("sum_k x_k x1", "x_1", "∂/∂x₁[Σ_{k=1}^{n} xₖ x₁] = x₁ + Σ_{k=1}^{n} xₖ"),
    ("sum_{k=1}^3 sum_{j=1}^3 W_kj x_j", "W12", "∂/∂W₁₂[Σ_{k=1}^{3} Σ_{j=1}^{3} Wₖⱼ xⱼ] = x₂"),
    ("W_12 W12", "W12", "d/dW₁₂[W₁₂ W₁₂] = 2W₁₂"),
    ("f(x1) = x_1^2", None, "d/dx₁[x₁²] = 2x₁"),
    ("f(x) = sum_k x_k^2 x", None, None),
    ("w0 + sum_k w_k x_k", "w0", "∂/∂w₀[w₀ + Σ_{k=1}^{n} wₖ xₖ] = 1"),
    ("d/dx_1 (x1^2)", None, "d/dx₁[x₁²] = 2x₁"),
    ("y = x_1^2", "x1", "d/dx₁[x₁²] = 2x₁"),
    (r"\frac{d}{dx_1}(x_{1}^2)", None, "d/dx₁[x₁²] = 2x₁"),
    ("alpha_1 α1", "α₁", "d/dα₁[α₁ α₁] = 2α₁"),
]


@pytest.mark.parametrize(("formula", "wrt", "says"), TYPED)
def test_typed_spellings_are_one_name(formula: str, wrt: str | None, says: str | None):
    if says is None:
        with pytest.raises(FormulaError):
            derive.prove(formula, wrt=wrt)
        return
    derivation = derive.prove(formula, wrt=wrt)
    assert repr(derivation) == says
    assert "refuted" not in {verdict.status for verdict in derivation.verdicts}


def test_the_form_that_is_in_the_formula_wins():
    assert derive.prove("x_1^2", wrt="x1").result == 2 * sp.Symbol("x_1")
    assert derive.prove("x1^2 + a", wrt="x_1").result == 2 * sp.Symbol("x1")
    assert derive.prove("x1 x_1", wrt="x₁").result == 2 * sp.Symbol("x1")


def test_two_indices_that_may_not_exist_are_not_differentiated_by():
    with pytest.raises(ValueError, match="not proved"):  # not 0, whatever m is
        derive.prove("sum_k sum_j W_kj x_j", wrt="W12")


@pytest.mark.parametrize(
    ("formula", "wrt", "column"),
    [
        ("W_{12} W_{1,2}", "x", 7),
        ("W_{1,2}^2", "W12", 0),
        ("sum_i x1_i + sum_k sum_j x_kj", "x_{1,1}", 6),
        ("sum_k sum_j W_kj + W1", "W1", 19),
    ],
)
def test_what_is_ambiguous_is_pointed_at(formula: str, wrt: str, column: int):
    with pytest.raises(FormulaError) as refusal:
        derive.prove(formula, wrt=wrt)
    assert refusal.value.position == column


@pytest.mark.parametrize(
    ("formula", "wrt", "choices"), [("b_3 + b4", "b", "b4, b_3"), ("x1^2", "x", "x1"), ("alpha_1^2", "α", "alpha_1")]
)
def test_half_a_name(formula: str, wrt: str, choices: str):
    with pytest.raises(UsageError, match=f"differentiate by one of: {choices}"):
        derive.prove(formula, wrt=wrt)


def test_what_the_formula_defines_is_known_in_every_spelling():
    with pytest.raises(UsageError, match="what the formula defines"):
        derive.prove("y_1 = x^2", wrt="y1")
    with pytest.raises(FormulaError, match="both sides"):
        derive.prove("y_1 = y1^2")


S, x = sp.Symbol, sp.IndexedBase("x")
PAIRS = [
    (S("x_1"), S("x1")), (S("alpha"), S("α")), (S("ell"), S("ℓ")), (S("x"), S("х")), (S("x"), S("𝑥")),
    (x[1], S("x_1")), (x[1], S("x1")), (S("W_12"), S("W_1_2")), (S("x_alpha"), S("x_α")),
    (sp.IndexedBase("alpha")[1], sp.IndexedBase("α")[1]), (S("e"), sp.exp(S("x"))), (S("π"), sp.pi),
]  # fmt: skip


@pytest.mark.parametrize(("one", "other"), PAIRS, ids=str)
def test_of_two_symbols_that_are_printed_alike(one: sp.Expr, other: sp.Expr):
    for wrt in (one, str(one), None):
        with pytest.raises(UsageError, match=r"printed alike|neither Latin nor Greek|printed as the number"):
            derive.prove(one * other, wrt=wrt)


def test_a_symbol_means_itself_and_typed_text_what_is_there():
    with pytest.raises(ProblemError, match="x1 and x_1 are two names that are printed alike"):
        derive.prove(S("x1") ** 2, wrt=S("x_1"))
    assert derive.prove(S("x1") ** 2, wrt="x_1").result == 2 * S("x1")
    assert derive.prove(S("α") ** 2, wrt=S("α")).result == 2 * S("α")
    assert derive.prove(S("α") ** 2, wrt="alpha").result == 2 * S("α")
    assert derive.prove(x[1] ** 2, wrt=x[1]).result == 2 * x[1]
    with pytest.raises(UsageError, match="not a variable"):
        derive.prove(S("x") ** 2, wrt=2 * S("x"))


@pytest.mark.parametrize("name", ["ln", "lg", "sen", "tg", "psi", "ψ", "psi1", "psi_1", "σ", "Gamma"])
def test_a_function_that_would_be_taken_for_one_that_is_known(name: str):
    with pytest.raises(UnknownExpression, match="not that of SymPy"):
        derive.prove(sp.Function(name)(S("x")), wrt="x")
    with pytest.raises(ProblemError, match="taken for one that is known"):
        function_problem(fn(name, sym("x")), sym("x"))


def false_record(monkeypatch: pytest.MonkeyPatch, expr: sp.Expr, wrt: str) -> str:
    """What a program without the refusal would write."""
    with monkeypatch.context() as without:
        for room in (function_room, problem_room):
            without.setattr(room, "clash", lambda *_: None)
        return derive.prove(expr, wrt=sp.Symbol(wrt), witnesses=("kernel",)).to("json")


@pytest.mark.parametrize(("one", "other"), [("x_1", "x1"), ("x", "х"), ("alpha", "α")])
def test_a_record_about_names_that_are_printed_alike_is_refused(monkeypatch, tmp_path: Path, capsys, one, other):
    text = false_record(monkeypatch, S(one) * S(other), one)
    with pytest.raises(Corrupted, match="cannot be stated"):
        derive.verify(text)
    path = tmp_path / "record.json"
    path.write_text(text, encoding="utf-8")
    assert main(["verify", str(path)]) == 3
    assert "cannot be stated" in capsys.readouterr().err


def test_a_record_whose_proof_brings_in_a_name_that_is_printed_alike(monkeypatch):
    with monkeypatch.context() as without:
        for room in (function_room, problem_room):
            without.setattr(room, "clash", lambda *_: None)
        proof = prove_formula(function_problem(S("x_1") * S("x1"), sym("x1")), ("kernel",)).proof
    with pytest.raises(Refused, match="printed alike"):
        _readable(proof, {})


def test_a_record_about_a_function_that_is_called_as_a_known_one():
    data = json.loads(derive.prove("f(x)", wrt="x", witnesses=("kernel",)).to("json"))
    with pytest.raises(Refused, match="taken for one that is known"):
        derive.verify(json.dumps(data, ensure_ascii=False).replace('["fn", "f', '["fn", "ln').replace("f′", "ln′"))


LONG = "sum_{k=1}^{12} sum_{j=1}^{12} a_k W_{k,j}"


def test_entries_with_long_indices_are_different_variables():
    a = sp.IndexedBase("a")
    hessian = derive.prove(f"{LONG}^2", wrt="W_{1,12},W_{11,2}", hessian=True)
    assert hessian.result == sp.Matrix([[2 * a[1], 0], [0, 2 * a[11]]])
    gradient = derive.prove(LONG, wrt="W_{1,12},W_{11,2}")
    assert list(gradient.result) == [a[1], a[11]]
    assert gradient.wrt == "W_{1,12},W_{11,2}"
    assert repr(derive.verify(gradient.to("json"))) == repr(gradient)
    assert "∂f/∂W_{1, 12}" in gradient.to("text")


def test_lines_may_spell_a_name_otherwise():
    assert derive.check("x1^2", ["2x_1"], wrt="x1").ok
    assert derive.check("x1^2", ["d/dx_1 (x₁^2) = 2x_1"], wrt="x_1").ok
    assert derive.check("sum_k x_k^2", ["2x1"], wrt="x_1").ok
    assert derive.check("softmax-cross-entropy", ["p1 - y_1"], wrt="b1", classes=3).ok
    wrong = derive.check("x1^2", ["3x_1"], wrt="x1")
    assert wrong.exit_code == 3
    assert "x_1" not in wrong.to("text").replace("3x_1", "")


def test_a_line_about_a_namesake_is_not_read():
    checked = derive.check("W_{1,2}^2", ["2 W_{12}"], wrt="W_{1,2}")
    assert checked.exit_code == 2
    assert "printed alike" in checked.lines[0].why
    assert derive.check("x1^2", [sym("x_1") * 2], wrt="x1").exit_code == 2


def test_a_claim_about_a_namesake_is_not_judged():
    chain = derive.problem("softmax-cross-entropy")
    with pytest.raises(UsageError, match="printed alike"):
        chain.judge("b", S("p_k") - S("y_k"))


@pytest.mark.parametrize(
    ("words", "code", "says"),
    [
        (["prove", "x_1^2", "--wrt", "x1"], 0, "d/dx₁[x₁²] = 2x₁"),
        (["prove", "sum_k x_k^2", "--wrt", "x1"], 0, "= 2x₁"),
        (["prove", "(w_1 x + b)^2", "--wrt", "w1"], 0, "2x · (w₁ x + b)"),
        (["prove", f"{LONG}^2", "--wrt", "W_{1,12},W_{11,2}", "--hessian"], 0, "2a₁₁"),
        (["prove", "W_{12} W_{1,2}", "--wrt", "W12"], 2, "printed alike"),
        (["prove", "softmax-cross-entropy", "--classes", "3", "--wrt", "W12"], 0, "W₁₂"),
        (["check", "x1^2", "2x_1", "--wrt", "x1"], 0, "power rule"),
    ],
)
def test_on_the_command_line(capsys, words: list[str], code: int, says: str):
    assert main(words) == code
    assert says in "".join(capsys.readouterr())
