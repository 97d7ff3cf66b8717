"""Matrix forms as they are printed, in both languages, and the blocks that tell of them."""

import pytest
from matrix_values import LAYOUTS, SPECS, forms_of, ids

from derive.core.term import fn, num, sym
from derive.document.language import load_language
from derive.document.matrices import MatrixEquation, functions, matrix_blocks, matrix_tree
from derive.document.nodes import Formula, Message, Prose, Statement, Table
from derive.matrices.expression import (
    ONE,
    Applied,
    Constant,
    Diagonal,
    Difference,
    Hadamard,
    Identity,
    Named,
    Negative,
    Ones,
    Product,
    Scaled,
    Sum,
    Transpose,
)
from derive.matrices.layout import Layout
from derive.render.unicode_math import unicode

EN, PT = load_language("en"), load_language("pt")
j, k, u, N = map(sym, "jkuN")
A, B = (Named(sym(name)[k, j], k, j, (N, N)) for name in "ab")
v = Named(sym("v")[k], k, None, (N, ONE))


@pytest.mark.parametrize(
    ("expression", "printed"),
    [
        (Product(Product(A, B), Transpose(A)), "A B A^⊤"),
        (Product(A, Sum(A, B)), "A (A + B)"),
        (Hadamard(Product(A, B), Difference(A, B)), "(A B) ⊙ (A − B)"),
        (Product(A, Hadamard(A, B)), "A (A ⊙ B)"),
        (Difference(A, Difference(A, B)), "A − (A − B)"),
        (Difference(Difference(A, B), B), "A − B − B"),
        (Sum(A, Negative(B)), "A + (−B)"),
        (Negative(Sum(A, B)), "−(A + B)"),
        (Transpose(Sum(A, B)), "(A + B)^⊤"),
        (Product(Ones(N), Transpose(v)), "𝟙 v^⊤"),
        (Scaled(Constant(ONE / N), Difference(A, B)), "(1/N) (A − B)"),
        (Scaled(Constant(ONE - sym("epsilon")), A), "(1 − ε) A"),
        (Scaled(Product(Transpose(v), v), A), "(v^⊤ v) A"),
        (Product(Identity(N), Diagonal(v)), "I diag(v)"),
        (Transpose(Diagonal(v)), "diag(v)^⊤"),
        (Applied(fn("exp", u), (u,), (A,)), "exp(A)"),
        (Applied(fn("step", u), (u,), (A,)), "𝟙[A > 0]"),
        (Applied(fn("abs", u), (u,), (A,)), "f(A)"),
        (Applied(ONE / u, (u,), (A,)), "f(A)"),
        (Applied(ONE / u, (u,), (Product(Transpose(Ones(N)), v),)), "1/(𝟙^⊤ v)"),
    ],
)
def test_brackets_and_signs(expression, printed):
    assert unicode(matrix_tree(expression, EN)) == printed


def test_each_language_has_its_names_and_its_comma():
    tanh = Applied(fn("tanh", u), (u,), (A,))
    leaky = Applied(fn("leaky_relu", u, num(1) / 100), (u,), (A,))
    small = Scaled(Constant(num(1) / 2), Applied(fn("leaky_relu", u, fn("max", num(1), num(2))), (u,), (A,)))
    assert [unicode(matrix_tree(tanh, language)) for language in (EN, PT)] == ["tanh(A)", "tgh(A)"]
    assert unicode(matrix_tree(leaky, PT)) == "LeakyReLU(A; 1/100)"
    assert unicode(matrix_tree(small, EN)) == "(1/2) LeakyReLU(A, max(1, 2))"


def test_what_has_no_name_is_said():
    gradient = forms_of("weights", False, Layout("columns")).theorems["delta-1"]
    (only,) = functions(gradient.right)
    assert only.sides[0] == fn("f", u)
    assert repr(only.sides[1]) == "cases(1, u > 0, 1/100)"
    two = Product(Applied(ONE / u, (u,), (A,)), Applied(u**2, (u,), (A,)))
    assert [side.sides[0].value for side in functions(two)] == ["f_1", "f_2"]
    assert unicode(matrix_tree(two, EN)) == "f₁(A) f₂(A)"


# from textbooks: a batch with examples as rows, a single example as a column
PRINTED = {
    (True, "rows"): {
        "forward-s__1": "S⁽¹⁾ = X W^{(1)⊤} + 𝟙 b^{(1)⊤}",
        "delta-2": "Δ⁽²⁾ = P − Y",
        "gradient-W__2": "∂L/∂W⁽²⁾ = (1/N) (P − Y)^⊤ H⁽¹⁾",
        "gradient-b__1": "∂L/∂b⁽¹⁾ = (1/N) Δ^{(1)⊤} 𝟙",
        "gradient-x": "∂L/∂X = (1/N) Δ⁽¹⁾ W⁽¹⁾",
    },
    (False, "columns"): {
        "delta-1": "δ⁽¹⁾ = (W^{(2)⊤} δ⁽²⁾) ⊙ (𝟙 − h⁽¹⁾ ⊙ h⁽¹⁾)",
        "gradient-W__2": "∂L/∂W⁽²⁾ = (p − y) h^{(1)⊤}",
        "gradient-W__1": "∂L/∂W⁽¹⁾ = δ⁽¹⁾ x^⊤",
        "gradient-x": "∂L/∂x = W^{(1)⊤} δ⁽¹⁾",
        "softmax-jacobian": "∂p/∂s⁽²⁾ = (diag(p) − p p^⊤)^⊤",
    },
}


@pytest.mark.parametrize(("batch", "examples"), PRINTED)
@pytest.mark.parametrize("language", [EN, PT], ids=["en", "pt"])
def test_the_equations_of_a_document(batch, examples, language):
    blocks = matrix_blocks(forms_of("cross-entropy", batch, Layout(examples)))
    told = {block.label: block.content for block in blocks if isinstance(block, Statement)}
    for name, printed in PRINTED[batch, examples].items():
        assert unicode(told[f"matrix-{name}"].tree(language)) == printed


def test_the_shapes_of_all_factors_are_told():
    blocks = matrix_blocks(forms_of("cross-entropy", True, Layout("rows")), ["gradient-W__2"])
    (shapes,) = (b.message.slots for b in blocks if isinstance(b, Prose) and b.message.key == "matrix.shapes")
    told = [shapes["left"], *shapes["factors"].items]
    assert [(unicode(each.slots["matrix"].tree(EN)), *sizes(each)) for each in told] == [
        ("∂L/∂W⁽²⁾", num(3), num(3)),
        ("P", N, num(3)),
        ("Y", N, num(3)),
        ("H⁽¹⁾", N, num(3)),
    ]
    (table,) = (block for block in blocks if isinstance(block, Table))
    assert [unicode(row[0].tree(EN)) for row in table.rows] == ["P", "Y", "H⁽¹⁾"]
    assert table.rows[2][2].sides == (sym("h__1")[sym("n"), k],)


def sizes(message):
    return message.slots["rows"], message.slots["columns"]


@pytest.mark.parametrize("name", SPECS)
@pytest.mark.parametrize("batch", [False, True], ids=["example", "batch"])
@pytest.mark.parametrize("layout", LAYOUTS, ids=ids)
def test_every_block_is_printed_in_both_languages(name, batch, layout):
    forms = forms_of(name, batch, layout)
    blocks = matrix_blocks(forms)
    statements = [block for block in blocks if isinstance(block, Statement)]
    assert len(statements) == len(forms.theorems)
    assert len({block.label for block in blocks if isinstance(block, Statement | Formula)}) == len(statements) + sum(
        isinstance(block, Formula) for block in blocks
    )
    for language in (EN, PT):
        for message in messages(blocks):
            assert language.has(message.key), message.key
        for block in statements:
            assert isinstance(block.content, MatrixEquation)
            printed = unicode(block.content.tree(language))
            assert "__" not in printed
            assert printed.count("=") == 1
    if forms.reasons:
        assert blocks[-1].message.key == "matrix.without"


def messages(blocks):
    """All messages, those inside others too."""
    todo = [b.message for b in blocks if isinstance(b, Prose)] + [b.title for b in blocks if isinstance(b, Statement)]
    while todo:
        message = todo.pop()
        yield message
        for slot in message.slots.values():
            todo += [each for each in getattr(slot, "items", (slot,)) if isinstance(each, Message)]


def test_nothing_is_told_of_nothing():
    assert matrix_blocks(forms_of("focal", True, Layout("rows")), []) == ()
