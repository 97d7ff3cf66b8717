"""What a person types, and the term that it means. The terms are written out by hand."""

from fractions import Fraction

import pytest

from derive.chains import SoftmaxCrossEntropy
from derive.core.context import Context
from derive.core.term import Term, cases, delta, exp, fn, log, neg, num, sym, total
from derive.syntax.formula import FormulaError, parse, parse_variable

a, b, c, e, h, i, j, k, m, n, p, r, t, x, y, z, W = map(sym, "abcehijkmnprtxyzW")
pi, one, two, half = sym("pi"), num(1), num(2), num(1) / 2


def sin(u: Term) -> Term:
    return fn("sin", u)


def cos(u: Term) -> Term:
    return fn("cos", u)


READ: dict[str, Term] = {
    # products, powers, signs
    "2x": two * x,
    "2 x y": two * x * y,
    "x^2 sin(x)": x**2 * sin(x),
    "x*x*x": x * x * x,
    "x + 0*x": x + num(0) * x,  # nothing is evaluated
    "x - (y - z)": x - (y - z),
    "(x + 1)(x - 1)": (x + 1) * (x - 1),
    "x(x+1)": x * (x + 1),
    "[x + 1]^2": (x + 1) ** 2,
    "-x^2": neg(x**2),
    "(-x)^2": neg(x) ** 2,
    "x^-1": x ** neg(one),
    "2^-x^2": two ** neg(x**2),
    "2^3^x": two ** (num(3) ** x),
    "x**2": x**2,
    "2*-x": two * neg(x),
    "- -x": neg(neg(x)),
    "+x": x,
    "a/b/c": a / b / c,
    "a/b*c": a / b * c,
    "2x/3": two * x / 3,
    "1/2 x": half * x,
    "x^2y": x**2 * y,
    "x²": x**2,
    "x⁻¹ + yⁿ": x ** neg(one) + y**n,
    "2·x × y ÷ 3 − 1": (two * x * y) / 3 - 1,
    "𝑥 + ｙ": x + y,
    "x^{2y}": x ** (two * y),
    # numbers
    "0.5x": num(Fraction(1, 2)) * x,
    ".25": num(Fraction(1, 4)),
    "1e-3": num(Fraction(1, 1000)),
    "1.5E2": num(150),
    "2e": two * exp(one),
    "2e^x": two * exp(x),
    # constants, Greek
    "e": exp(one),
    "e^-x": exp(neg(x)),
    "e^(2x) y": exp(two * x) * y,
    "exp x": exp(x),
    "(1 + e)^x": (one + exp(one)) ** x,
    "2πr": two * pi * r,
    "pi r^2": pi * r**2,
    "α + alpha + ϕ": sym("alpha") + sym("alpha") + sym("phi"),
    "λ x": sym("lambda") * x,
    "sigma x + σ": sym("sigma") * x + sym("sigma"),
    # as this program prints it
    "{x if x < 0; x² otherwise}": cases(x, x, "<", num(0), x**2),
    "2 {x² se x < 0; x se x ≤ 1; 1 caso contrário}": two * cases(x**2, x, "<", num(0), cases(x, x, "<=", one, one)),
    "𝟙[2x > 0]²": fn("step", two * x) ** 2,
    "2 · 𝟙[x > 0] y": two * fn("step", x) * y,
    r"\mathbf{1}[x > 0] + \mathbb{1}_{x>0}": fn("step", x) + fn("step", x),
    "1[x < y] + 1[x < 0]": fn("step", y - x) + fn("step", neg(x)),
    "1[x >= 0]": cases(one, x, ">=", num(0), num(0)),
    "1[x]": one * x,
    "erf⁻¹(x)": fn("erfinv", x),
    "∂₁f(x, y) + ∂₁₂f(x, y)": fn("f'1", x, y) + fn("f'12", x, y),
    r"\partial_{12} f(x, y)": fn("f'12", x, y),
    "f‴(x)": fn("f'''", x),
    "ψ(x) ψ₁(x) ψ'(x)": fn("digamma", x) * fn("trigamma", x) * fn("trigamma", x),
    "ψ x + psi": sym("psi") * x + sym("psi"),
    "2 ln Γ(x) y": two * fn("loggamma", x) * y,
    "ln(Γ(x))": log(fn("gamma", x)),
    "arcotgh x + arcossech x + sgn(x)": fn("arcoth", x) + fn("arcsch", x) + fn("sign", x),
    "xₐ + xₕ + xᵦ": sym("x_a") + sym("x_h") + sym("x_beta"),
    "Σᵢ xᵢ²": total(i, n, x[i] ** 2),
    # vectors
    r"w^\top x + b": total(i, n, sym("w")[i] * x[i]) + b,
    r"\mathbf{w}^{\top}\mathbf{x}": total(i, n, sym("w")[i] * x[i]),
    r"\vec{w} \cdot \vec{x}": total(i, n, sym("w")[i] * x[i]),
    "(x - y)ᵀ(x - y)": total(i, n, (x[i] - y[i]) * (x[i] - y[i])),
    r"\langle x, y \rangle": total(i, n, x[i] * y[i]),
    r"\lVert x \rVert_2^2": fn("sqrt", total(i, n, x[i] ** 2)) ** 2,
    # as it stands in lecture notes
    r"\log\sum_j e^{z_j} - y": log(total(j, n, exp(z[j]))) - y,
    r"y \sin\frac{x}{2}\cos\frac{x}{2}": y * sin(x / two) * cos(x / two),
    r"\ln\sqrt{x}": log(fn("sqrt", x)),
    r"\exp\left[-\frac{x^2}{2\sigma^2}\right]": exp(neg(x**2 / (two * sym("sigma") ** 2))),
    r"\boldsymbol{\theta} + \mathcal{L}": sym("theta") + sym("L"),
    r"\begin{equation} x^2 \label{eq:a} \end{equation}": x**2,
    # functions
    "x sin x": x * sin(x),
    "sin 2x": sin(two * x),
    "sin 2π x": sin(two * pi * x),
    "sin x cos x": sin(x) * cos(x),
    "sin x^2": sin(x**2),
    "sin(x)^2": sin(x) ** 2,
    "sin^2 x": sin(x) ** 2,
    "sin²(x)": sin(x) ** 2,
    "sin^-1 x": fn("arcsin", x),
    "tanh^{-1}(x)": fn("artanh", x),
    "sin x / x": sin(x) / x,
    "sin(x)/x": sin(x) / x,
    "sin(2x)x": sin(two * x) * x,
    "ln sin x": log(sin(x)),
    "ln|x|": log(fn("abs", x)),
    "|x - |y||": fn("abs", x - fn("abs", y)),
    "|x||y|": fn("abs", x) * fn("abs", y),
    # bars that can be paired in one way only
    "||x| - 1|": fn("abs", fn("abs", x) - 1),
    "|2|x|-3|": fn("abs", two * fn("abs", x) - 3),
    "||x - 1| - |x + 1||": fn("abs", fn("abs", x - 1) - fn("abs", x + 1)),
    "|||x|-1|-1|": fn("abs", fn("abs", fn("abs", x) - 1) - 1),
    "|x|x||": fn("abs", x * fn("abs", x)),
    "|x| y |z|": fn("abs", x) * y * fn("abs", z),
    "|x |y| z|": fn("abs", x * fn("abs", y) * z),
    "|x|-2|y|": fn("abs", x) - two * fn("abs", y),
    "2|-3|": two * fn("abs", neg(num(3))),
    "(|x| + 1)|y|": (fn("abs", x) + 1) * fn("abs", y),
    r"\left|\left|x\right| - 1\right| + \bigl|x\bigr|": fn("abs", fn("abs", x) - 1) + fn("abs", x),
    r"\left|x\right|y\left|z\right|": fn("abs", x) * y * fn("abs", z),
    # factorials, and functions written out with others
    "2x! + (2x)!": two * fn("gamma", x + 1) + fn("gamma", two * x + 1),
    "n!/5! + x!^2": fn("gamma", n + 1) / fn("gamma", num(5) + 1) + fn("gamma", x + 1) ** 2,
    r"\frac{x!}{2}": fn("gamma", x + 1) / two,
    "factorial(x) + |x!|": fn("gamma", x + 1) + fn("abs", fn("gamma", x + 1)),
    "beta(x, y)": fn("gamma", x) * fn("gamma", y) / fn("gamma", x + y),
    "beta x": sym("beta") * x,
    "sinc(2x)": sin(two * x) / (two * x),
    "erfcinv(x) + erfcx(x)": fn("erfinv", one - x) + exp(x**2) * fn("erfc", x),
    "polygamma(0, x) + polygamma(2, x) + ψ₂(x)": fn("digamma", x) + fn("tetragamma", x) + fn("tetragamma", x),
    "nthRoot(x) + nthRoot(6x, 3) + ∜x": fn("sqrt", x) + fn("cbrt", num(6) * x) + x ** (one / 4),
    "Si(x) + Ci x + li(x) + expi(x)": fn("Si", x) + fn("Ci", x) + fn("li", x) + fn("Ei", x),
    "Ln(x) + argsh(x) + cube(x) + signum(x)": log(x) + fn("arsinh", x) + x**3 + fn("sign", x),
    # E is a letter like any other, but for powers in which it may be the number e
    "E^2 + E x + (E)^x": sym("E") ** 2 + sym("E") * x + sym("E") ** x,
    "√x": fn("sqrt", x),
    "√(x + 1) y": fn("sqrt", x + 1) * y,
    "∛x": fn("cbrt", x),
    "√√x + sin √x": fn("sqrt", fn("sqrt", x)) + sin(fn("sqrt", x)),
    "⌊x⌋ + ceil(x)": fn("floor", x) + fn("ceil", x),
    "sen(x) + tg(x) + cossec(x)": sin(x) + fn("tan", x) + fn("csc", x),
    "arctg x + arcsinh(x) + acosh(x)": fn("arctan", x) + fn("arsinh", x) + fn("arcosh", x),
    "ReLU(x) + Abs(x) + GELU(x)": fn("relu", x) + fn("abs", x) + fn("gelu", x),
    "swish(x) + sgn(x) + heaviside(x)": fn("silu", x) + fn("sign", x) + fn("step", x),
    "lgamma(x) + Γ(x) + gamma(x)": fn("loggamma", x) + fn("gamma", x) + fn("gamma", x),
    "sigma(x) + σ(y)": fn("sigmoid", x) + fn("sigmoid", y),
    "log_2 x + log2(x)": fn("log_base", x, two) + fn("log_base", x, two),
    "log_{b}(x) + log(x, b)": fn("log_base", x, b) + fn("log_base", x, b),
    "log10(x) + lg x": fn("log_base", x, num(10)) + fn("log_base", x, num(10)),
    "log1p(x)": log(one + x),
    "expm1(x) y": (exp(x) - 1) * y,
    "atan2(y, x)": fn("arctan2", y, x),
    "leaky_relu(x)": fn("leaky_relu", x, num(Fraction(1, 100))),
    "leaky_relu(x, a)": fn("leaky_relu", x, a),
    "elu(x) + celu(x, a)": fn("elu", x, one) + fn("celu", x, a),
    "softshrink(x)": fn("softshrink", x, num(Fraction(1, 2))),
    "max(0, x)": fn("max", num(0), x),
    "min(x, y, z)": fn("min", fn("min", x, y), z),
    "root(3, x) + root(4, x) + root(2, x)": fn("cbrt", x) + x ** (one / 4) + fn("sqrt", x),
    "f(x) g(x, y)": fn("f", x) * fn("g", x, y),
    "f'(g(x)) g'(x)": fn("f'", fn("g", x)) * fn("g'", x),
    "f''(x) + φ(t)": fn("f''", x) + fn("phi", t),
    "f'1(x, y) + f'12(x, y)": fn("f'1", x, y) + fn("f'12", x, y),
    # cases
    "piecewise(x^2 if x < 0; x if x < 1; 1)": cases(x**2, x, "<", 0, cases(x, x, "<", 1, 1)),
    "piecewise(x^2 if x < 0, x if x ≤ 1, 1 otherwise)": cases(x**2, x, "<", 0, cases(x, x, "<=", 1, 1)),
    "piecewise(x if 0 < x < 1; 2)": cases(cases(x, x, "<", 1, 2), 0, "<", x, 2),
    "piecewise(x if x > 0 and y > 0; 2)": cases(cases(x, y, ">", 0, 2), x, ">", 0, 2),
    "piecewise(-x if x < 0; x if x >= 0)": cases(-x, x, "<", 0, x),
    "Piecewise((exp(x), x < 1), (1/x, True))": cases(exp(x), x, "<", 1, one / x),
    # names and entries
    "y1 + w11 + x_1 + w_max + loss": sym("y1") + sym("w11") + sym("x_1") + sym("w_max") + sym("loss"),
    "x₁ + x_12": sym("x_1") + sym("x_12"),
    "W_{1,2} + V_12": sym("W_1_2") + sym("V_12"),
    "W_kj x_i": W[k, j] * x[i],
    "W_{kj} + W_{1j} + W_12": W[k, j] + W[1, j] + W[1, 2],
    "xᵢ + x_1": x[i] + x[1],
    "W[k, 2]": W[k, 2],
    "x_min + T_ijk": sym("x_min") + sym("T")[i, j, k],
    "delta(i, k) x_k + δ_ik": delta(i, k) * x[k] + delta(i, k),
    # sums
    "sum(i, x_i y_i)": total(i, n, x[i] * y[i]),
    "sum(i, 1, n, x_i)": total(i, n, x[i]),
    "sum(i, 1, 3, x_i)": total(i, 3, x[i]),
    "Σ_i x_i y_i + 1": total(i, n, x[i] * y[i]) + 1,
    "2 Σ_{i=1}^{m} x_i": two * total(i, m, x[i]),
    "mean(i, x_i^2)": total(i, n, x[i] ** 2) / n,
    "sum(z) + mean(z)": total(i, n, z[i]) + total(i, n, z[i]) / n,
    "norm(x)": fn("sqrt", total(i, n, x[i] ** 2)),
    "‖x - y‖^2": fn("sqrt", total(i, n, (x[i] - y[i]) ** 2)) ** 2,
    "dot(a, b)": total(i, n, a[i] * b[i]),
    "softmax(z)_i": exp(z[i]) / total(m, n, exp(z[m])),
    "softmax(z)_1 + softmax_k(z)": exp(z[1]) / total(m, n, exp(z[m])) + exp(z[k]) / total(m, n, exp(z[m])),
    "logsumexp(z)": log(total(m, n, exp(z[m]))),
}


@pytest.mark.parametrize("text", READ)
def test_plain_text_means_this_term(text: str):
    assert parse(text).term == READ[text]


# plain text, and the same in LaTeX
PAIRS = [
    ("(x^2 sin(2x))/3", r"\frac{x^{2} \sin 2x}{3}"),
    ("1/2 x", r"\frac12 x"),
    ("(1/2) x", r"\tfrac{1}{2}x"),
    ("x y", "$xy$"),
    ("x y", r"x\,y"),
    ("sqrt(x) + sqrt(x + 1)", r"\sqrt x + \sqrt{x+1}"),
    ("cbrt(x) + root(5, x)", r"\sqrt[3]{x} + \sqrt[5]{x}"),
    ("e^(-x^2)", r"e^{-x^2}"),
    ("e^(2x)", r"\exp\left(2x\right)"),
    ("ln(x) + log_2(x) + log_2 x", r"\ln(x) + \log_{2}(x) + \log_2 x"),
    ("sin^2 x + sin(x)^2", r"\sin^2 x + \sin(x)^{2}"),
    ("arcsin(x)", r"\sin^{-1}(x)"),
    ("|x| + |x + 1|", r"|x| + \left|x+1\right|"),
    ("|x|", r"\lvert x \rvert"),
    ("norm(x)", r"\lVert x \rVert"),
    ("norm(x)^2", r"\|x\|^2"),
    ("a * b + 2 * c / b", r"a \cdot b + 2 \times c / b"),
    ("alpha beta + phi + epsilon", r"\alpha\beta + \varphi + \varepsilon"),
    ("sum(i, 1, n, x_i y_i)", r"\sum_{i=1}^{n} x_i y_i"),
    ("-sum(i, y_i ln p_i)", r"-\sum_i y_i \ln p_i"),
    ("sum(j, W_kj h_j) + b_k", r"\sum\limits_j W_{kj} h_j + b_k"),
    ("e^(z_i) / sum(m, e^(z_m))", r"\frac{e^{z_i}}{\sum_m e^{z_m}}"),
    ("softmax(z)_i", r"\operatorname{softmax}(z)_i"),
    ("max(0, x)", r"\max(0, x)"),
    ("max(0, x)", r"\max\{0, x\}"),
    ("relu(x) + sen(x)", r"\mathrm{ReLU}(x) + \operatorname{sen}(x)"),
    ("sigma(x)", r"\sigma(x)"),
    ("gamma(x)", r"\Gamma(x)"),
    ("delta(i, k) - p_k", r"\delta_{ik} - p_k"),
    ("piecewise(x^2 if x < 0; x if x <= 1; 1)", r"\begin{cases} x^2 & x < 0 \\ x & x \le 1 \\ 1 \end{cases}"),
    (
        "piecewise(x if x > 0; 0)",
        r"\begin{cases} x, & \text{if } x > 0, \\ 0 & \text{otherwise} \end{cases}",
    ),
    ("piecewise(x if x > 0; 0)", r"\begin{cases} x & \text{se } x > 0 \\ 0 & \text{caso contrário} \end{cases}"),
    ("W_12 + p_setosa", r"W_{12} + p_{\text{setosa}}"),
    ("W_{1,2}", "$W_{1,2}$"),
    ("W_{1j}", "$W_{1j}$"),
    ("f'(x) + f''(x)", r"f'(x) + f^{\prime\prime}(x)"),
    (
        "piecewise(x if x > 0; 0)",
        r"\left\{\begin{array}{ll} x & x > 0 \\ 0 & x \le 0 \end{array}\right.",
    ),
    ("piecewise(x if x > 0; 0)", r"\begin{dcases} x & x > 0 \\ 0 & x \le 0 \end{dcases}"),
    ("y (x + 1)", r"y\left(x+1\right)"),
    ("floor(x) + 0.5", r"\lfloor x \rfloor + 0{,}5"),
    ("y_hat", r"\hat{y}"),
    ("2 pi r", r"\displaystyle 2\pi r"),
    ("tanh(x)^3", r"$$\tanh^{3} x$$"),
]


@pytest.mark.parametrize(("plain", "latex"), PAIRS)
def test_latex_means_the_same(plain: str, latex: str):
    assert parse(latex).term == parse(plain).term


COMMAS = [
    ("2,5 x + f(x; y)", "2.5 x + f(x, y)"),
    ("1,5e-2", "0.015"),
    (r"0{,}5 \cdot x", r"0.5 \cdot x"),
]


@pytest.mark.parametrize(("comma", "dot"), COMMAS)
def test_a_decimal_comma(comma: str, dot: str):
    assert parse(comma, decimal=",").term == parse(dot).term


def test_what_the_names_are():
    formula = parse("sum(j, W_kj h_j) + b_k f(t)")
    assert formula.shapes == {"W": (m, n), "h": (n,), "b": (m,)}
    assert formula.indices == {"k": m}
    assert formula.functions == ("f",)
    assert Context(shapes=formula.shapes, indices=formula.indices).shapes["W"] == (m, n)


@pytest.mark.parametrize(
    ("text", "shapes"),
    [
        ("x_i + y_j", {"x": (n,), "y": (m,)}),
        ("x_i y_i", {"x": (n,), "y": (n,)}),
        ("x_i delta(i, j) y_j", {"x": (n,), "y": (n,)}),
        ("sum(i, x_i) + sum(i, y_i)", {"x": (n,), "y": (m,)}),  # two sums, two indices
        ("sum(i, 1, 4, x_i) + x_k", {"x": (num(4),)}),
        ("A_ij B_jk", {"A": (n, m), "B": (m, sym("d"))}),
        ("n x_i", {"x": (m,)}),  # n is taken
        ("sum(m, x_m) + n", {"x": (sym("d"),)}),
        ("W_ij W_jk", {"W": (n, n)}),
    ],
)
def test_sizes_are_named_once_for_all_that_must_agree(text: str, shapes: dict[str, tuple[Term, ...]]):
    assert parse(text).shapes == shapes


def test_known_names_win():
    known = {"p_setosa": p[1], "b_3": b[1], "p": p, "ab": x, "sin": y, "e": e, "f": t}
    assert parse("p_setosa + p_k + b_3", known=known).term == p[1] + p[k] + b[1]
    assert parse("ab + 2 sin e^x", known=known).term == x + two * y * e**x
    assert parse("f(x + 1)", known=known).term == t * (x + 1)
    assert parse(r"p_{\text{setosa}} \cdot 2", known=known).term == p[1] * 2


def test_the_families_of_a_context_are_kept(symbolic: SoftmaxCrossEntropy):
    formula = parse("p_k - y_k", context=symbolic.context)
    assert formula.shapes == {"p": (sym("C"),), "y": (sym("C"),)}
    assert formula.indices == {"k": sym("C")}
    assert parse("b_1 + h_1", context=symbolic.context).term == b[1] + h[1]
    assert parse("h(x + 1)").functions == ("h",)
    with pytest.raises(FormulaError):  # here h is a family
        parse("h(x + 1)", context=symbolic.context)
    with pytest.raises(FormulaError, match="C"):  # p has C entries, h has H
        parse("sum(i, p_i h_i)", context=symbolic.context)


def test_variables():
    assert parse_variable("x") == x
    assert parse_variable("w11") == sym("w11")
    assert parse_variable("W_{kj}") == W[k, j]
    assert parse_variable(r"\theta") == sym("theta")
    assert parse_variable("b_3", known={"b_3": b[1]}) == b[1]


@pytest.mark.parametrize("text", ["x + 1", "2", "sin(x)", "f(x)", "pi", "e", "x y", "sin", ""])
def test_no_variable(text: str):
    with pytest.raises(FormulaError):
        parse_variable(text)
