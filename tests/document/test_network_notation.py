"""Letters of a layer, the errors δ, and what a document of a network writes out."""

import pytest

from derive.core.term import Term, d, delta, sym
from derive.derivation.network import network
from derive.document.explain import needed, title
from derive.document.language import load_language
from derive.document.layout import layout, layout_content
from derive.document.nodes import Equation, Message
from derive.document.style import Style, layer_of
from derive.render.latex_math import github, latex
from derive.render.typst_math import typst
from derive.render.unicode_math import marked, unicode
from derive.render.wording import Wording

EN = load_language("en")
W, b, h, s, x, y, ell, L = map(sym, ("W__2", "b__1", "h__1", "s__2", "x", "y", "ell", "L"))
i, j, k, m, n, q = map(sym, "ijkmnq")
ONE, BATCH = Style(errors="L"), Style(errors="ell")


def text(t: Term, style: Style = ONE, labels: dict[tuple[str, int], str] | None = None) -> str:
    return unicode(layout(t, labels or {}, EN, style=style))


@pytest.mark.parametrize(
    ("term", "plain", "tex"),
    [
        (W[k, j], "W⁽²⁾ₖⱼ", "W_{kj}^{(2)}"),
        (b, "b⁽¹⁾", "b^{(1)}"),
        (sym("b__12")[k], "b⁽¹²⁾ₖ", "b_k^{(12)}"),
        (s[n, k], "s⁽²⁾ₙₖ", "s_{nk}^{(2)}"),
        (h[k] ** 2, "(h⁽¹⁾ₖ)²", "(h_k^{(1)})^2"),
        (b**2, "(b⁽¹⁾)²", "(b^{(1)})^2"),
        (ell, "ℓ", r"\ell"),
        (ell[n], "ℓₙ", r"\ell_n"),
        (d(s[m], h[k]), "∂s⁽²⁾ₘ/∂h⁽¹⁾ₖ", r"\frac{\partial s_m^{(2)}}{\partial h_k^{(1)}}"),
        (d(L, b[k]), "∂L/∂b⁽¹⁾ₖ", r"\frac{\partial L}{\partial b_k^{(1)}}"),
        (delta(i, k), "δᵢₖ", r"\delta_{ik}"),
    ],
)
def test_the_layer_stands_above(term: Term, plain: str, tex: str):
    tree = layout(term, {}, EN, style=ONE)
    assert (unicode(tree), latex(tree), github(tree)) == (plain, tex, tex)


def test_typst_sets_index_and_layer_on_one_letter():
    assert typst(layout(sym("W__3")[k, j], {}, EN)).startswith("attach(W, b: k j, t: ")


@pytest.mark.parametrize("name", ["x", "x_1", "w11", "W_kj", "__2", "W__", "W__a", "ab__"])
def test_other_names_have_no_layer(name: str):
    assert layer_of(name) == (name, "")


@pytest.mark.parametrize(
    ("term", "style", "plain"),
    [
        (d(L, s[m]), ONE, "δ⁽²⁾ₘ"),
        (d(L, sym("s__10")[m]), ONE, "δ⁽¹⁰⁾ₘ"),
        (d(ell[n], s[n, m]), BATCH, "δ⁽²⁾ₙₘ"),
        (d(ell, s[m]), BATCH, "δ⁽²⁾ₘ"),
        (d(ell[n], s[q, m]), BATCH, "∂ℓₙ/∂s⁽²⁾_{qm}"),  # the loss of one example by what belongs to another
        (d(L, s[n, m]), ONE, "∂L/∂s⁽²⁾ₙₘ"),
        (d(L, h[m]), ONE, "∂L/∂h⁽¹⁾ₘ"),
        (d(L, s[m]), BATCH, "∂L/∂s⁽²⁾ₘ"),
        (d(L, s[m]), Style(), "∂L/∂s⁽²⁾ₘ"),
        (d(L, x[m]), ONE, "∂L/∂xₘ"),
        (W[m, k] * d(L, s[m]), ONE, "W⁽²⁾ₘₖ δ⁽²⁾ₘ"),  # a letter: no dot
        (W[m, k] * d(L, h[m]), ONE, "W⁽²⁾ₘₖ · ∂L/∂h⁽¹⁾ₘ"),
        (d(L, s[m]) ** 2, ONE, "(δ⁽²⁾ₘ)²"),
    ],
)
def test_the_error_of_a_unit(term: Term, style: Style, plain: str):
    assert text(term, style) == plain


def test_the_left_side_and_a_definition_are_written_out():
    error, slope = sym("delta__2")[k], d(L, s[k])
    told = [
        (Equation((error, slope, W[m, k] * slope)), "δ⁽²⁾ₖ = ∂L/∂s⁽²⁾ₖ = W⁽²⁾ₘₖ δ⁽²⁾ₖ"),
        (Equation((d(L, b[k]), slope)), "∂L/∂b⁽¹⁾ₖ = δ⁽²⁾ₖ"),
        (Equation((error, slope), ":="), "δ⁽²⁾ₖ := ∂L/∂s⁽²⁾ₖ"),
    ]
    for equation, plain in told:
        assert unicode(layout_content(equation, {}, EN, style=ONE)) == plain


@pytest.mark.parametrize("place", [(1, 0), (1, 0, 0), (1, 1), (1, 1, 1)])
def test_a_mark_inside_an_error_marks_a_part_of_it(place: tuple[int, ...]):
    shown = marked(layout(W[m, k] * d(L, s[m]), {}, EN, (place,), style=ONE))
    assert shown.count("\ue000") == shown.count("\ue001") == 1
    assert "∂" not in shown


LABELS = {("s__2", 1): "setosa", ("W__2", 1): "setosa", ("y", 1): "setosa", ("x", 1): "petal"}


@pytest.mark.parametrize(
    ("term", "rows", "plain"),
    [
        (s[1], {}, "s⁽²⁾_setosa"),
        (W[1, 2], {}, "W⁽²⁾_{setosa, 2}"),
        (d(L, s[1]), {}, "δ⁽²⁾_setosa"),
        (y[1, 1], {"y": 1}, "y_{1, setosa}"),
        (x[2, 1], {"x": 1}, "x_{2, petal}"),
        (x[1, 2], {"x": 1}, "x₁₂"),  # the first example, and no petal
    ],
)
def test_names_of_classes(term: Term, rows: dict[str, int], plain: str):
    assert text(term, Style(errors="L", labelled=rows), LABELS) == plain


def test_a_network_says_which_index_counts_classes():
    net = {"input": 2, "layers": [{"units": 3}], "classes": ["a", "b", "c"]}
    style = network({"network": net, "loss": {"name": "cross-entropy"}}).prove("b1", batch=True).style
    assert style.errors == "ell"
    assert {"x", "y", "p", "s__1"} <= set(style.labelled)
    assert not {"W__1", "b__1", "L", "ell"} & set(style.labelled)


@pytest.mark.parametrize("lang", ["en", "pt"])
@pytest.mark.parametrize(
    "name",
    ["delta-2", "layer-1", "activation-3", "affine-W-2", "affine-b-10", "affine-x", "gradient-W__2", "gradient-b__1",
     "gradient-x", "example-W__2", "example-b__2", "example-x", "own-x", "loss-by-z", "loss-by-h__2", "temperature",
     "smoothed-targets", "softmax-jacobian"],
)  # fmt: skip
def test_every_theorem_has_a_title(name: str, lang: str):
    wording = Wording({}, load_language(lang), str, unicode)
    told = wording.title(name)
    assert told == wording.say(title(name)) != name
    number = name.lstrip("abcdefghijklmnopqrstuvwxyzWX-_")
    assert number in told
    assert "__" not in told


def test_a_single_entry_is_of_no_layer():
    assert title("gradient-b-1").key == "title.gradient-b-entry"


def test_the_title_of_a_step_names_both_layers():
    wording = Wording({}, EN, str, unicode)
    assert wording.title("layer-2") == "pre-activations of layers 2 and 3"


def test_a_condition_on_every_entry_says_so():
    from derive.core.condition import Condition

    wording = Wording({}, EN, str, unicode)
    every = needed(Condition("nonzero", (sym("s__1")[sym("n'"), sym("i'")],)))
    assert isinstance(every, Message)
    assert wording.say(every) == "s⁽¹⁾ₙᵢ ≠ 0 for every i and n"
    assert wording.say(needed(Condition("positive", (x[k],)))) == "xₖ > 0"
