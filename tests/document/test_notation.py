"""Layouts, as the strings that LaTeX gets."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from derive.core.term import (
    Path,
    Term,
    add,
    cases,
    d,
    delta,
    exp,
    fn,
    lift,
    log,
    mul,
    neg,
    num,
    part,
    put,
    slot,
    sym,
    total,
    walk,
)  # fmt: skip
from derive.document.language import load_language
from derive.document.layout import layout, layout_content
from derive.document.letters import layout_number
from derive.document.mathtree import Mark, Operator, Tree, parts, row
from derive.document.nodes import Cases, Equation, Number
from derive.document.reshape import inline, loosen, rigid
from derive.render.latex_math import github, latex
from derive.render.typst_math import typst
from derive.render.unicode_math import marked, unicode

EN, PT = load_language("en"), load_language("pt")
a, b, c, x = map(sym, "abcx")
W, h, z, p, y, L, C = map(sym, ("W", "h", "z", "p", "y", "L", "C"))
i, j, k, m = map(sym, "ijkm")
LABELS = {("z", 1): "setosa", ("z", 2): "a_b", ("p", 1): "setosa", ("W", 1): "setosa", ("b", 1): "3", ("b", 9): "12"}


def shown(t: Term, *changed: Path, language: str = "en") -> str:
    return latex(layout(t, LABELS, load_language(language), changed))


@pytest.mark.parametrize(
    ("term", "expected"),
    [
        (a + b, "a + b"),
        (a - b, "a - b"),
        (a - b + c, "a - b + c"),
        (a - (b - c), "a - (b - c)"),
        (a - (b + c), "a - (b + c)"),
        (-a + b, "-a + b"),
        (add(a, neg(neg(b))), "a - (-b)"),
        (-(a + b), "-(a + b)"),
        (neg(neg(a)), "-(-a)"),
        (-(a * b), r"-a \, b"),
        (-a * b, r"(-a) \, b"),
        (a * -b, r"a \cdot (-b)"),
        (p[i] * -b, r"p_i \, (-b)"),
        (p[i] * (a + b), r"p_i \, (a + b)"),
        (L * (a + b), r"L \cdot (a + b)"),
        ((a + b) * c, r"(a + b) \, c"),
        (a / b, r"\frac{a}{b}"),
        ((a / b) ** 2, r"\biggl( \frac{a}{b} \biggr)^2"),
        (-(a / b), r"-\frac{a}{b}"),
        (-a / b, r"\frac{-a}{b}"),
        ((a * b) ** 2, r"(a \, b)^2"),
        ((a + b) ** 2, "(a + b)^2"),
        ((-a) ** 2, "(-a)^2"),
        (-(a**2), "-a^2"),
        ((a**2) ** 3, "(a^2)^3"),
        (exp(a) ** 2, "(e^a)^2"),
        (a ** (b + 1), "a^{b + 1}"),
        (p[k] ** 2, "p_k^2"),
        (exp(z[k]), "e^{z_k}"),
        (exp(-a), "e^{-a}"),
        (log(p[i]), r"\ln p_i"),
        (log(a + b), r"\ln (a + b)"),
        (log(a * b), r"\ln (a \, b)"),
        (log(a / b), r"\ln \biggl( \frac{a}{b} \biggr)"),
        (log(exp(a)), r"\ln (e^a)"),
        (log(a) ** 2, r"\ln^2 a"),
        (y[i] * log(p[i]), r"y_i \ln p_i"),
        (log(p[i]) * y[i], r"\ln p_i \cdot y_i"),
        (fn("sin", a), r"\sin a"),
        (fn("relu", a), r"\operatorname{ReLU} (a)"),
        (fn("sigmoid", a), r"\sigma(a)"),
        (fn("abs", a - b), r"\lvert a - b \rvert"),
        (fn("max", a, b), r"\max (a,b)"),
        (fn("f", a), "f(a)"),
        (num(2) * a, r"2a"),
        (num(2) * num(3), r"2 \cdot 3"),
        (a * num(2) ** 3, r"a \cdot 2^3"),
        (num(2) * (lift(1) / num(3)), r"2 \cdot \frac{1}{3}"),
        (num(Fraction(1, 2)) * a, r"0.5a"),
        (num(Fraction(5, 4)), "1.25"),
        (num(40), "40"),
        (W[k, j], "W_{kj}"),
        (W[1, j], r"W_{\textnormal{setosa},j}"),
        (W[k, 1], "W_{k1}"),
        (W[k, 10], "W_{k,10}"),
        (sym("W")[1, 1], r"W_{\textnormal{setosa},1}"),
        (z[1], r"z_{\textnormal{setosa}}"),
        (z[2], r"z_{\textnormal{a\_b}}"),
        (z[3], "z_3"),
        (b[1], "b_3"),
        (b[9], "b_{12}"),
        (delta(i, k), r"\delta_{ik}"),
        (delta(k, 1), r"\delta_{k,\textnormal{setosa}}"),
        (delta(1, 2), r"\delta_{\textnormal{setosa},\textnormal{a\_b}}"),
        (delta(i, k) ** 2, r"\delta_{ik}^2"),
        (z[sym("i'")], "z_i"),
        (sym("beta"), r"\beta"),
        (sym("w11"), "w_{11}"),
        (sym("b_3"), "b_3"),
        (sym("rate"), r"\textnormal{rate}"),
        (z[sym("mu"), k], r"z_{\mu k}"),
        (slot("u"), "u"),
        (put(a, i, j), "[a]_{i = j}"),
        (d(L, b[k]), r"\frac{\partial L}{\partial b_k}"),
        (d(p[i], z[k]), r"\frac{\partial p_i}{\partial z_k}"),
        (d(a * x, x), r"\frac{\partial}{\partial x} [a \, x]"),
        (d(num(1), x), r"\frac{\partial}{\partial x} [1]"),
        (d(a, x) ** 2, r"\biggl( \frac{\partial a}{\partial x} \biggr)^2"),
        (d(L, p[m]) * d(p[m], z[k]), r"\frac{\partial L}{\partial p_m} \cdot \frac{\partial p_m}{\partial z_k}"),
        (a * d(x**2, x), r"a \cdot \frac{\partial}{\partial x} [x^2]"),
        (total(m, C, exp(z[m])), r"\sum_{m=1}^C e^{z_m}"),
        (total(m, 12, z[m]), r"\sum_{m=1}^{12} z_m"),
        (total(m, C, a + b), r"\sum_{m=1}^C (a + b)"),
        (total(m, C, -a), r"\sum_{m=1}^C (-a)"),
        (-total(m, C, a), r"-\sum_{m=1}^C a"),
        (total(j, C, a * x) + b, r"\sum_{j=1}^C a \, x + b"),
        (p[k] * total(m, C, a), r"p_k \sum_{m=1}^C a"),
        (total(m, C, a) * p[k], r"\biggl( \sum_{m=1}^C a \biggr) \, p_k"),
        (a * total(m, C, a), r"a \sum_{m=1}^C a"),
        (total(m, C, a) ** 2, r"\biggl( \sum_{m=1}^C a \biggr)^2"),
    ],
)
def test_layout(term: Term, expected: str) -> None:
    assert shown(term) == expected


@pytest.mark.parametrize(
    ("term", "path", "expected"),
    [
        (a + b, (), r"\derivenew{a + b}"),
        (a + b, (1,), r"a + \derivenew{b}"),
        (a - b, (1,), r"a \derivenew{-} \derivenew{b}"),
        (a - b, (1, 0), r"a - \derivenew{b}"),
        (-a + b, (0,), r"\derivenew{-a} + b"),
        (add(a, -b, c, x), ((1, 3),), r"a \derivenew{-} \derivenew{b + c} + x"),
        (add(a, b, c, x), ((1, 3),), r"a + \derivenew{b + c} + x"),
        (add(a, b, c, x), ((0, 2),), r"\derivenew{a + b} + c + x"),
        (add(-a, b, c), ((0, 2),), r"\derivenew{-a + b} + c"),
        (add(a, b, c, x), ((1, 3), 1), r"a + b + \derivenew{c} + x"),
        (add(a, b, c, x), ((1, 4), (1, 3)), r"a + b + \derivenew{c + x}"),
        (mul(p[1], p[2], p[3] + a, x), ((1, 4), 1, 0), r"p_{\textnormal{setosa}} \, p_2 \, (\derivenew{p_3} + a) \, x"),
        (mul(a, b, c), ((0, 2),), r"\derivenew{a \, b} \, c"),
        (mul(a, b, c), ((1, 3),), r"a \, \derivenew{b \, c}"),
        (a * (b + c), (1,), r"a \cdot (\derivenew{b + c})"),
        ((a / b) ** 2, (0, 1), r"\biggl( \frac{a}{\derivenew{b}} \biggr)^2"),
        (exp(a + b), (0, 0), r"e^{\derivenew{a} + b}"),
        (p[k] ** 2, (0,), r"{\derivenew{p_k}}^2"),
        (total(m, C, a * b), (2,), r"\sum_{m=1}^C \derivenew{a \, b}"),
        (z[1], (1,), r"z_{\derivenew{\textnormal{setosa}}}"),
        (d(a * b, x), (0, 1), r"\frac{\partial}{\partial x} [a \, \derivenew{b}]"),
    ],
)
def test_mark(term: Term, path: Path, expected: str) -> None:
    part(term, path)  # the place exists
    assert shown(term, path) == expected


def test_portuguese() -> None:
    assert shown(fn("sin", a), language="pt") == r"\operatorname{sen} a"
    assert shown(fn("tan", a), language="pt") == r"\operatorname{tg} a"
    assert shown(num(Fraction(665, 1000)), language="pt") == "0{,}665"


def test_content() -> None:
    cases = Cases(d(L, z[k]), ((p[k] - 1, Equation((k, sym("r")))), (p[k], Equation((k, sym("r")), "≠"))))
    assert latex(layout_content(cases, {}, PT)) == (
        r"\frac{\partial L}{\partial z_k} = \begin{cases} p_k - 1 & \textnormal{se } k = r \\ "
        r"p_k & \textnormal{se } k \neq r \end{cases}"
    )
    assert latex(layout_content(Equation((a, b, c), "≈"), {}, EN)) == r"a \approx b \approx c"
    assert latex(layout_content(Equation((a, b), ":="), {}, EN)) == r"a \mathrel{:=} b"
    assert latex(layout_content(Equation((a,)), {}, EN)) == "a"


@pytest.mark.parametrize(
    ("number", "english", "portuguese"),
    [
        (Number(0.6652, 3), "0.665", "0,665"),
        (Number(-2.5, 1), "−2.5", "−2,5"),
        (Number(-0.0001, 2), "0.00", "0,00"),
        (Number(0.0, 2, True), "0.00", "0,00"),
        (Number(3.2e-7, 1, True), "3.2 · 10⁻⁷", "3,2 · 10⁻⁷"),
        (Number(12345.0, 2, True), "1.23 · 10⁴", "1,23 · 10⁴"),
        (Number(float("nan"), 2), "NaN", "NaN"),
        (Number(float("-inf"), 2), "−∞", "−∞"),
        (Number(150.0, 0), "150", "150"),
    ],
)
def test_number(number: Number, english: str, portuguese: str) -> None:
    assert unicode(layout_number(number, EN)) == english
    assert unicode(layout_number(number, PT)) == portuguese


@pytest.mark.parametrize(
    ("term", "expected"),
    [
        (d(L, b[k]), "∂L/∂bₖ"),
        (z[sym("b")], "z_b"),
        (exp(z[k]), "e^{zₖ}"),
        (z[1], "z_setosa"),
        (z[2], "z_{a_b}"),
        (a**2, "a²"),
        (a**b, "a^b"),
        (exp(a) / total(m, C, exp(z[m])), "e^a/(Σ_{m=1}^{C} e^{zₘ})"),
        (y[i] * (lift(1) / p[i]), "yᵢ (1/pᵢ)"),
        (-(a / b), "−a/b"),
        ((a / b) ** 2, "(a/b)²"),
        (a / (b / c), "a/(b/c)"),
        ((a / b) / c, "(a/b)/c"),
        (total(m, C, a / b), "Σ_{m=1}^{C} (a/b)"),
        (d(L, p[m]) * d(p[m], z[k]), "∂L/∂pₘ · ∂pₘ/∂zₖ"),
        (d(a * x, x), "∂/∂x[a x]"),
        (-y[i] * log(p[i]), "(−yᵢ) ln pᵢ"),
        (W[k, j] * h[j], "Wₖⱼ hⱼ"),
        (fn("max", a, b), "max(a, b)"),
    ],
)
def test_unicode(term: Term, expected: str) -> None:
    assert unicode(layout(term, LABELS, EN)) == expected


def test_github_dialect() -> None:
    nasty = {("z", 1): 'a_b$#{x}%\\"<>|*`~^&'}
    assert github(layout(z[1], nasty, EN)) == (
        r"z_{\text{a}\_\text{b}\$\#\{\text{x}\}\%\backslash "
        r'\text{"}\lt \gt \vert \ast \grave{\ }\sim \wedge \&}'
    )
    assert github(layout(fn("sin", a), {}, PT)) == r"\mathrm{sen} \, a"
    assert github(layout((a / b) ** 2, {}, EN)) == r"\left( \frac{a}{b} \right)^2"
    assert github(layout(a - b, {}, EN, ((1,),))) == r"a \mathbin{\color{brown}{-}} {\color{brown}{b}}"


def test_typst() -> None:
    assert typst(layout(z[2] * W[k, 10], LABELS, PT)) == 'attach(z, b: upright("a_b")) thin attach(W, b: k comma 10)'
    assert typst(layout((a + b) ** 2, {}, PT)) == (
        'class("opening", paren.l) a + b attach(class("closing", paren.r), t: 2)'
    )
    assert typst(layout(num(Fraction(1, 2)), {}, PT)) == "0 decimal 5"
    assert typst(layout(a - b, {}, PT, ((1,),))) == "a new(-) new(b)"
    assert typst(layout(y[i] * log(p[i]), {}, PT)) == 'attach(y, b: i) op("ln") attach(p, b: i)'


def test_inline_and_loose() -> None:
    assert unicode(inline(layout(d(L, b[k]), {}, EN))) == "∂L/∂bₖ"
    assert latex(inline(layout(d(L, b[k]), {}, EN))) == r"\partial L / \partial b_k"
    assert latex(inline(layout(a / b, {}, EN))) == r"\frac{a}{b}"
    long = layout((a + b) / c, {}, EN)
    assert latex(loosen(long, lambda tree: True)) == "(a + b) / (c)"
    assert loosen(long, lambda tree: False) == long
    assert latex(loosen(layout(x * ((a + b) / c), {}, EN), lambda tree: True)) == r"x \, ((a + b) / (c))"


def test_rigid() -> None:
    assert list(map(unicode, rigid(layout(a / b + (a + b) ** 2 + x, {}, EN)))) == ["a/b"]
    assert list(map(unicode, rigid(layout(p[k] + x, {}, EN)))) == ["pₖ"]


ONE = (
    "sqrt", "cbrt", "abs", "sin", "arcsin", "sigmoid", "step", "gamma", "loggamma", "trigamma", "erfinv", "floor", "f",
    "f'", "f''", "relu",
)  # fmt: skip
TWO = ("max", "log_base", "f", "f'1", "f'12", "leaky_relu")
names = st.sampled_from("abcx").map(sym)
atoms = names | st.builds(lambda f, n: f[n], st.sampled_from([p, z]), names) | st.integers(0, 3).map(num)


def _grow(inner: st.SearchStrategy[Term]) -> st.SearchStrategy[Term]:
    pair = st.tuples(inner, inner)
    return st.one_of(
        pair.map(lambda t: add(*t)),
        pair.map(lambda t: mul(*t)),
        pair.map(lambda t: t[0] / t[1]),
        pair.map(lambda t: t[0] ** t[1]),
        inner.map(neg),
        inner.map(exp),
        inner.map(log),
        inner.map(lambda t: fn("tanh", t)),
        st.tuples(st.sampled_from(ONE), inner).map(lambda t: fn(t[0], t[1])),
        st.tuples(st.sampled_from(TWO), inner, inner).map(lambda t: fn(*t)),
        st.tuples(inner, st.integers(1, 3)).map(lambda t: t[0] ** num(t[1])),
        st.tuples(inner, inner, st.sampled_from(["<", ">="]), inner, inner).map(lambda t: cases(*t)),
        inner.map(lambda t: total(m, C, t)),
        inner.map(lambda t: d(t, x)),
        st.tuples(names, names).map(lambda t: delta(*t)),
    )


terms = st.recursive(atoms, _grow, max_leaves=7)


@given(terms, terms)
@settings(max_examples=600, deadline=None)
def test_different_terms_look_different(left: Term, right: Term) -> None:
    for spell in (latex, github, typst, unicode):
        one, other = (spell(layout(t, {}, EN)) for t in (left, right))
        assert (one == other) == (left == right), spell


@given(terms)
@settings(max_examples=300, deadline=None)
def test_regrouping_is_visible(t: Term) -> None:
    """Neighbouring shapes of one term, the likeliest to be confused."""
    shapes = [neg(t) * a, neg(t * a), t * neg(a), neg(t) + a, neg(t + a), neg(t) / a, neg(t / a), neg(t) ** a,
              neg(t**a), total(m, C, t) * a, total(m, C, t * a), total(m, C, t) + a, total(m, C, t + a),
              log(t) * a, log(t * a),
              d(t, x) * a, d(t * a, x), d(t, x) + a, d(t + a, x), (t / a) ** 2, t / a**2, (t * a) ** 2, t * a**2,
              t / a / b, t / (a / b), exp(t) ** a, exp(t**a), a - (b - t), a - b - t,
              fn("sin", t) * a, fn("sin", t * a), fn("sin", t) ** 2, fn("sin", t**2), fn("sin", t) / a,
              fn("sqrt", t) * a, fn("sqrt", t * a), fn("sqrt", t) ** 2, fn("sqrt", t**2), fn("sqrt", t) / a,
              fn("abs", t) * a, fn("abs", t * a), fn("abs", fn("abs", t) * a), fn("abs", t) * fn("abs", a),
              fn("f", t) ** 2, fn("f", t**2), sym("f") * t, fn("f", t) * a, fn("f", t * a), fn("f'", t), fn("f''", t),
              fn("log_base", t, a), fn("log_base", a, t), fn("log", t) / a, fn("log", t / a),
              cases(t, a, "<", b, c), cases(t, a, "<=", b, c), cases(c, a, "<", b, t), cases(t, a, "<", b, c) + a,
              cases(t, a, "<", b, c + a), cases(t + a, a, "<", b, c), a + cases(t, a, "<", b, c),
              cases(t, a, "<", b, cases(t, b, "<", c, a)), t ** (a / b), t**a / b, t**-a]  # fmt: skip
    for spell in (latex, unicode, typst, github):
        seen: dict[str, Term] = {}
        for shape in shapes:
            said = spell(layout(shape, {}, EN))
            assert seen.setdefault(said, shape) == shape


@given(terms, st.data())
@settings(max_examples=300, deadline=None)
def test_a_mark_changes_no_letter(t: Term, data: st.DataObject) -> None:
    path = data.draw(st.sampled_from([path for path, _ in walk(t)]))
    tree = layout(t, {}, EN, (path,))
    assert _unmarked(latex(tree)) == _unmarked(latex(layout(t, {}, EN)))
    assert unicode(tree) == unicode(layout(t, {}, EN))
    inside = part(t, path[:-1]) if path and path[-1] == 3 else t  # the pieces after the first have a mark each
    assert 1 <= _marks(tree) <= (2 if inside.op != "cases" else 20)  # a sign and what follows it
    assert "\ue000" in marked(tree)


def _unmarked(text: str) -> str:
    return text.replace(r"\derivenew", "").translate({ord(c): None for c in "{} "})


def _marks(tree: Tree) -> int:
    return isinstance(tree, Mark) + sum(map(_marks, parts(tree)))


def test_row_of_one_is_the_item() -> None:
    assert row(Operator("+")) == Operator("+")
