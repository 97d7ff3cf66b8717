"""How each function is written, as the strings that LaTeX and a terminal get."""

from __future__ import annotations

from fractions import Fraction

import pytest

from derive.core.functions import FUNCTIONS
from derive.core.term import Path, Term, cases, d, exp, fn, lift, log, neg, num, sym, total
from derive.document.functions import BARE, FENCES, HEADS, ROOTS
from derive.document.language import load_language
from derive.document.layout import layout, layout_content
from derive.document.letters import letters
from derive.document.mathtree import Numeral, Script, Symbol, Text
from derive.document.nodes import Equation
from derive.document.style import Style
from derive.render.latex_math import github, latex
from derive.render.typst_math import typst
from derive.render.unicode_math import marked, unicode

EN, PT = load_language("en"), load_language("pt")
a, b, n, u, v, x, y = map(sym, "abnuvxy")
PIECES = cases(x**2, x, "<", 0, cases(x, x, "<=", 1, 1))


def tex(t: Term, *changed: Path, ordinary: tuple[str, ...] = ()) -> str:
    return latex(layout(t, {}, EN, changed, style=Style(frozenset(ordinary))))


def line(t: Term, language: str = "en", ordinary: tuple[str, ...] = ()) -> str:
    return unicode(layout(t, {}, load_language(language), style=Style(frozenset(ordinary))))


def test_every_row_is_a_function() -> None:
    assert {*BARE, *FENCES, *ROOTS, *HEADS} <= set(FUNCTIONS)


@pytest.mark.parametrize(
    ("name", "english", "portuguese"),
    [
        ("sin", "sin x", "sen x"), ("cos", "cos x", "cos x"), ("tan", "tan x", "tg x"), ("cot", "cot x", "cotg x"),
        ("sec", "sec x", "sec x"), ("csc", "csc x", "cossec x"), ("arcsin", "arcsin x", "arcsen x"),
        ("arccos", "arccos x", "arccos x"), ("arctan", "arctan x", "arctg x"), ("arccot", "arccot x", "arccotg x"),
        ("arcsec", "arcsec x", "arcsec x"), ("arccsc", "arccsc x", "arccossec x"), ("sinh", "sinh x", "senh x"),
        ("cosh", "cosh x", "cosh x"), ("tanh", "tanh x", "tgh x"), ("coth", "coth x", "cotgh x"),
        ("sech", "sech x", "sech x"), ("csch", "csch x", "cossech x"), ("arsinh", "arsinh x", "arsenh x"),
        ("arcosh", "arcosh x", "arcosh x"), ("artanh", "artanh x", "artgh x"), ("arcoth", "arcoth x", "arcotgh x"),
        ("arsech", "arsech x", "arsech x"), ("arcsch", "arcsch x", "arcossech x"), ("exp", "e^x", "e^x"),
        ("log", "ln x", "ln x"), ("sqrt", "√x", "√x"), ("cbrt", "∛x", "∛x"), ("abs", "|x|", "|x|"),
        ("floor", "⌊x⌋", "⌊x⌋"), ("ceil", "⌈x⌉", "⌈x⌉"), ("round", "round(x)", "round(x)"),
        ("sign", "sgn(x)", "sgn(x)"), ("step", "𝟙[x > 0]", "𝟙[x > 0]"), ("erf", "erf(x)", "erf(x)"),
        ("erfc", "erfc(x)", "erfc(x)"), ("erfinv", "erf⁻¹(x)", "erf⁻¹(x)"), ("gamma", "Γ(x)", "Γ(x)"),
        ("loggamma", "ln Γ(x)", "ln Γ(x)"), ("digamma", "ψ(x)", "ψ(x)"), ("trigamma", "ψ₁(x)", "ψ₁(x)"),
        ("tetragamma", "ψ₂(x)", "ψ₂(x)"), ("erfi", "erfi(x)", "erfi(x)"), ("Si", "Si(x)", "Si(x)"),
        ("Ci", "Ci(x)", "Ci(x)"), ("Shi", "Shi(x)", "Shi(x)"), ("Chi", "Chi(x)", "Chi(x)"), ("Ei", "Ei(x)", "Ei(x)"),
        ("li", "li(x)", "li(x)"),
        ("sigmoid", "σ(x)", "σ(x)"), ("softplus", "softplus(x)", "softplus(x)"), ("relu", "ReLU(x)", "ReLU(x)"),
        ("gelu", "GELU(x)", "GELU(x)"), ("gelu_tanh", "GELU_tanh(x)", "GELU_tanh(x)"), ("silu", "SiLU(x)", "SiLU(x)"),
        ("selu", "SELU(x)", "SELU(x)"), ("mish", "Mish(x)", "Mish(x)"), ("softsign", "softsign(x)", "softsign(x)"),
        ("relu6", "ReLU6(x)", "ReLU6(x)"), ("logsigmoid", "logsigmoid(x)", "logsigmoid(x)"),
        ("hardtanh", "hardtanh(x)", "hardtanh(x)"), ("hardsigmoid", "hardsigmoid(x)", "hardsigmoid(x)"),
        ("hardswish", "hardswish(x)", "hardswish(x)"), ("tanhshrink", "tanhshrink(x)", "tanhshrink(x)"),
        ("max", "max(x, y)", "max(x; y)"), ("min", "min(x, y)", "min(x; y)"), ("log_base", "log_y x", "log_y x"),
        ("arctan2", "arctan2(x, y)", "arctg2(x; y)"), ("leaky_relu", "LeakyReLU(x, y)", "LeakyReLU(x; y)"),
        ("elu", "ELU(x, y)", "ELU(x; y)"), ("celu", "CELU(x, y)", "CELU(x; y)"),
        ("softshrink", "softshrink(x, y)", "softshrink(x; y)"), ("hardshrink", "hardshrink(x, y)", "hardshrink(x; y)"),
    ],
)  # fmt: skip
def test_name(name: str, english: str, portuguese: str) -> None:
    t = fn(name, *[x, y][: FUNCTIONS[name].arity])
    assert line(t) == english
    assert line(t, "pt") == portuguese


def test_every_function_is_among_the_names() -> None:
    (mark,) = (m for m in test_name.pytestmark if m.name == "parametrize")
    assert {row[0] for row in mark.args[1]} == set(FUNCTIONS)


@pytest.mark.parametrize(
    ("term", "expected"),
    [
        (fn("sin", num(2) * x), r"\sin (2x)"),
        (fn("sin", x) ** 2, r"\sin^2 x"),
        (fn("sin", num(2) * x) ** 3, r"\sin^3 (2x)"),
        (fn("arsinh", x) ** 2, r"\operatorname{arsinh}^2 x"),
        (fn("sin", x) ** n, r"(\sin x)^n"),
        (fn("sin", x) ** 1, r"(\sin x)^1"),
        (fn("sin", x) ** -num(1), r"(\sin x)^{-1}"),
        (fn("sin", num(2) * x) ** n, r"(\sin (2x))^n"),
        (fn("sin", x) * fn("cos", x), r"\sin x \cos x"),
        (fn("sin", x) ** 2 * fn("cos", y) ** 3, r"\sin^2 x \cos^3 y"),
        (fn("sin", x) * y, r"\sin x \cdot y"),
        (fn("sin", x) ** 2 * y, r"\sin^2 x \cdot y"),
        (fn("sin", x) * exp(x), r"\sin x \cdot e^x"),
        (x**2 * fn("sin", x), r"x^2 \sin x"),
        (fn("log_base", x, num(2)), r"\log_2 x"),
        (fn("log_base", x + 1, num(10)), r"\log_{10} (x + 1)"),
        (fn("log_base", x, num(2)) ** 2, r"(\log_2 x)^2"),
        (fn("log_base", x, num(2)) * y, r"\log_2 x \cdot y"),
        (fn("sqrt", x + 1), r"\sqrt{x + 1}"),
        (fn("sqrt", x) ** 2, r"(\sqrt{x})^2"),
        (fn("cbrt", x / y), r"\sqrt[3]{\frac{x}{y}}"),
        (fn("sqrt", num(2)) * x, r"\sqrt{2} \, x"),
        (num(2) ** x * log(num(2)), r"2^x \ln 2"),
        (log(num(2)) * x, r"\ln (2) \, x"),
        (log(num(2)) ** 2 * fn("cos", x), r"\ln^2 (2) \cos x"),
        (fn("abs", x) ** 2, r"\lvert x \rvert^2"),
        (fn("abs", x / y), r"\biggl\lvert \frac{x}{y} \biggr\rvert"),
        (fn("floor", x), r"\lfloor x \rfloor"),
        (fn("ceil", x / y), r"\biggl\lceil \frac{x}{y} \biggr\rceil"),
        (fn("sigmoid", x) ** 2, r"\sigma(x)^2"),
        (fn("sigmoid", x) * (lift(1) - fn("sigmoid", x)), r"\sigma(x) \, (1 - \sigma(x))"),
        (fn("max", x, num(0)) ** 2, r"\max (x,0)^2"),
        (num(2) * fn("step", x), r"2 \cdot \mathbf{1}[x > 0]"),
        (fn("loggamma", x) ** 2, r"(\ln \Gamma(x))^2"),
        (log(fn("gamma", x)), r"\ln (\Gamma(x))"),
        (sym("pi") * x, r"\pi \, x"),
        (exp(lift(1)), "e"),
        (exp(neg(x**2 / lift(2))), "e^{-x^2 / 2}"),
        (exp((x - a) ** 2 / (num(2) * b**2)), r"e^{(x - a)^2 / (2 b^2)}"),
        (exp(total(n, 3, x)), r"\exp \biggl( \sum_{n=1}^3 x \biggr)"),
        (exp(exp(x)), "e^{e^x}"),
        (x ** (lift(1) / 2), "x^{1 / 2}"),
        (x ** -(lift(1) / 2), "x^{-1 / 2}"),
        (x ** (num(2) * (x / y)), r"x^{2 \cdot (x / y)}"),
        (x ** -num(2), "x^{-2}"),
        (fn("f'", x), "f'(x)"),
        (fn("f''", x) ** 2, "f''(x)^2"),
        (fn("phi'", x), r"\varphi'(x)"),
        (fn("g_1'", x), "g_1'(x)"),
        (fn("f'1", u, v), r"\partial_1 f(u,v)"),
        (fn("f'12", u, v) ** 2, r"(\partial_{12} f(u,v))^2"),
        (fn("f'1", u, v) * x, r"\partial_1 f(u,v) \, x"),
        (fn("loss", x), r"\operatorname{loss} (x)"),
    ],
)  # fmt: skip
def test_latex(term: Term, expected: str) -> None:
    assert tex(term) == expected


@pytest.mark.parametrize(
    ("term", "expected"),
    [
        (fn("sin", x) / x, "sin(x)/x"),
        (lift(1) / log(x), "1/ln(x)"),
        (fn("sin", x) ** 2, "sin² x"),
        (fn("sin", num(2) * x) ** 2, "sin²(2x)"),
        (fn("sqrt", num(2)) * x, "√2 · x"),
        (fn("sqrt", x + 1) / x, "√(x + 1)/x"),
        (fn("sqrt", x**2), "√(x²)"),
        (x * (lift(1) / 2), "x · (1/2)"),
        (fn("abs", fn("abs", x) - y), "abs(|x| − y)"),
        (fn("abs", x) * fn("abs", y), "|x| |y|"),
        (fn("f''", x), "f″(x)"),
        (fn("f'''''", x), "f′′′′′(x)"),
        (fn("f'12", u, v), "∂₁₂f(u, v)"),
        (x ** -num(2), "x⁻²"),
        (exp(neg(x**2 / lift(2))), "e^{−x²/2}"),
        (exp(total(n, 3, x)), "exp(Σ_{n=1}^{3} x)"),
        (PIECES, "{x² if x < 0; x if x ≤ 1; 1 otherwise}"),
        (num(2) * PIECES + 1, "2 {x² if x < 0; x if x ≤ 1; 1 otherwise} + 1"),
        (fn("f", PIECES), "f({x² if x < 0; x if x ≤ 1; 1 otherwise})"),
        (cases(1, x, ">=", 0, 0) ** 2, "{1 if x ≥ 0; 0 otherwise}²"),
    ],
)
def test_unicode(term: Term, expected: str) -> None:
    assert line(term) == expected


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("y1", "y₁"), ("w11", "w₁₁"), ("x_1", "x₁"), ("W_12", "W₁₂"), ("W_1_2", "W_{1, 2}"), ("W_kj", "Wₖⱼ"),
        ("w_max", "w_max"), ("x_in", "x_in"), ("theta_1", "θ₁"), ("alpha", "α"), ("Omega", "Ω"), ("rate", "rate"),
        ("learning_rate", "learning_rate"), ("x_", "x_"), ("σ", "σ"),
    ],
)  # fmt: skip
def test_letters(name: str, expected: str) -> None:
    assert line(sym(name)) == expected


def test_words_below_a_letter_are_upright() -> None:
    assert letters("w_max") == Script(Symbol("w"), sub=Text("max"))
    assert letters("W_1_k") != letters("W_1k")
    assert letters("x12") == Script(Symbol("x"), sub=Numeral("12"))


def test_ordinary_derivatives() -> None:
    assert line(d(x**2, x), ordinary=("x",)) == "d/dx[x²]"
    assert line(d(y, x), ordinary=("x",)) == "dy/dx"
    assert line(d(sym("rate"), x), ordinary=("x",)) == "d/dx[rate]"
    assert tex(d(y, x), ordinary=("x",)) == r"\frac{\mathrm{d} y}{\mathrm{d} x}"
    assert line(d(y, x)) == "∂y/∂x"
    assert line(fn("f'1", x, y), ordinary=("x",)) == "∂₁f(x, y)"
    assert "upright(d)" in typst(layout(d(y, x), {}, EN, style=Style(frozenset(["x"]))))


def test_portuguese() -> None:
    assert line(PIECES, "pt") == "{x² se x < 0; x se x ≤ 1; 1 caso contrário}"

    half = num(Fraction(1, 2))
    assert line(fn("max", num(0), half), "pt") == "max(0; 0,5)"
    assert line(fn("max", num(0), half)) == "max(0, 0.5)"
    assert github(layout(x * fn("sin", x) * fn("cos", x), {}, PT)) == r"x \, \mathrm{sen} \, x \cos x"


def test_pieces_have_one_brace() -> None:
    assert tex(PIECES) == (
        r"\begin{cases} x^2 & \textnormal{if } x < 0 \\ x & \textnormal{if } x \leq 1 \\ 1 & \textnormal{otherwise} "
        r"\end{cases}"
    )
    assert tex(a - PIECES).startswith(r"a - \left( \begin{cases}")
    assert github(layout(PIECES, {}, EN)).count(r"\lt") == 1
    assert typst(layout(PIECES, {}, EN)).startswith('cases(attach(x, t: 2) & quad upright("if") x < 0, ')


def test_pieces_before_a_sign_are_in_brackets() -> None:
    chain = layout_content(Equation((PIECES, x, PIECES)), {}, EN)
    assert latex(chain).startswith(r"\left( \begin{cases}")
    assert latex(chain).endswith(r"= x = " + tex(PIECES))


def test_marks() -> None:
    power = fn("sin", x) ** 2
    assert tex(power, (1,)) == r"\sin^{\derivenew{2}} x"
    assert tex(power, (0, 0)) == r"\sin^2 \derivenew{x}"
    assert tex(power, (0,)) == r"\derivenew{\sin^2 x}"
    assert tex(exp(lift(1)), (0,)) == r"\derivenew{e}"
    rows = marked(layout(PIECES, {}, EN, ((3,),)))
    assert rows.count("\ue000") == 4
    assert "x² if" in rows.replace("\ue002", " ")
