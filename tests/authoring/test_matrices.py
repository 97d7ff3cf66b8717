"""Quantities as displayed matrices, with the digits of the originals."""

import json
import re
from functools import cache
from pathlib import Path

import pytest
from lecture_texts import body, document, refused

from derive.document.nodes import Formula, walk_blocks
from derive.render.pdf import pdf

TABLES = json.loads((Path(__file__).parents[1] / "data" / "seed_tables.json").read_text(encoding="utf-8"))["tables"]
PRINTED = {each["id"]: each["printed"] for each in TABLES}
FOUR = '{% set e = seed_example("softmax-graph") %}{% set n = chain_numbers(e.network, e.params, e.x, e.y) %}\n'
ONE = FOUR.replace("softmax-graph", "backpropagation")


@cache
def text(call: str, language: str = "en", start: str = FOUR, **options: object) -> str:
    return body(f"{start}\n{{{{ {call} }}}}\n", language=language, **options)


def rows(drawn: str) -> list[list[str]]:
    """The numbers of each line."""
    lines = [re.findall(r"−?\d+[.,]\d+|(?<=\s)\d(?=\s|[⎞⎟⎠])", f" {line[5:]}") for line in drawn.split("\n")]
    return [[number.replace("−", "-") for number in line] for line in lines if line]


@pytest.mark.parametrize(
    ("call", "table"),
    [('matrix(n, "W1", decimals=2)', "theta1"), ('matrix(n, "s1", decimals=2)', "s1"), ('matrix(n, "h1")', "o1")],
)
def test_the_numbers_of_the_originals_in_their_places(call: str, table: str):
    assert rows(text(call)) == PRINTED[table]


def test_a_bias_is_a_row_beside_the_weights_of_a_batch():
    drawn = text('matrix(n, "W1", "b1", decimals=2)').split("\n")
    assert drawn == [
        "  W⁽¹⁾ = ⎛−0.69  0.63⎞   b⁽¹⁾ = (−0.41  −0.01)",
        "         ⎝ 0.36  0.59⎠",
    ]
    assert PRINTED["beta1"] == ["-0.41", "-0.01"]


def test_a_bias_is_a_column_where_there_is_one_example():
    assert rows(text('matrix(n, "b3")', start=ONE)) == [["-0.0800"], ["-0.4594"], ["0.4400"]]
    errors = rows(text('matrix(n, "delta3")', start=ONE))
    assert [len(row) for row in errors] == [1, 1, 1]
    assert errors[1] == ["-0.8268"]  # printed by the original


def test_data_are_capital_matrices_with_an_example_in_each_row():
    drawn = text('matrix(n, "x", "y", decimals=0)')
    assert "X = ⎜0  1⎟" in drawn
    assert "Y = ⎜0  1  0⎟" in drawn


def test_it_is_written_in_the_notation_of_the_lecture():
    named = text('matrix(n, "W2", "h1", "p")', notation="o-s-theta-beta")
    assert re.findall(r"(\S+) = ", named) == ["θ⁽²⁾", "O⁽¹⁾", "O"]


def test_numbers_are_written_as_the_language_writes_them():
    assert "−0,69" in text('matrix(n, "W1", decimals=2)', "pt")
    assert "-0{,}69 & 0{,}63" in text('matrix(n, "W1", decimals=2)', "pt", format="latex")


def test_a_matrix_for_each_example_or_for_one():
    every, second = text('matrix(n, "dp/ds2")'), text('matrix(n, "dp/ds2", example=1)')
    assert [f"_{{n = {k}}}" in every for k in (1, 2, 3, 4, 5)] == [True] * 4 + [False]
    found = re.findall(r"−?\d\.\d{4}", second)
    assert [number.replace("−", "-") for number in found] == [
        number for row in PRINTED["jacobian"][1] for number in row
    ]
    assert "[∂p/∂s⁽²⁾]_{n = 2} = " in second


def test_an_example_of_a_batch_is_a_row():
    (line,) = text('matrix(n, "delta2", example=0)').strip().split("\n")
    assert line == "[δ⁽²⁾]_{n = 1} = (−0.6806  0.4473  0.2333)"


def test_what_does_not_fit_a_line_goes_on_the_next_and_the_last_has_the_number():
    blocks = document(f'{FOUR}\n{{{{ matrix(n, "dp/ds2", label="eq-j") }}}}\n\n{{{{ ref("eq-j") }}}}').blocks
    formulas = [block for block in walk_blocks(blocks) if isinstance(block, Formula)]
    assert [formula.numbered for formula in formulas] == [False, True]
    assert formulas[1].label == "eq-j"


def test_it_can_be_referred_to():
    page = body(f'{FOUR}\n{{{{ matrix(n, "W1", label="eq-w") }}}}\n\nSee {{{{ ref("eq-w") }}}}.')
    assert page.endswith("See Equation 1.")
    assert re.search(r"⎠ +\(1\)\n", page)


@pytest.mark.parametrize("notation", ["p-z-W-b", "o-s-theta-beta"])
def test_in_every_format(notation: str):
    call = 'matrix(n, "W1", "b1", decimals=2, label="eq-w")'
    assert r"\begin{array}{rr} -0.69 & 0.63 \\" in text(call, format="markdown", notation=notation)
    assert r"\tag{1}" in text(call, format="markdown", notation=notation)
    assert r"\begin{array}{rr} -0.69 & 0.63 \\" in text(call, format="latex", notation=notation)
    assert 'mat(delim: #none, align: #right, column-gap: #0.8em, - "0.69", "0.63"; ' in text(call, format="typst")
    assert pdf(document(f"{FOUR}\n{{{{ {call} }}}}", notation=notation)).startswith(b"%PDF")


@pytest.mark.parametrize(
    ("call", "why"),
    [
        ("matrix(n)", "needs the name of a quantity"),
        ('matrix(n, "L")', "is one number"),
        ('matrix(n, "ell", example=0)', "is one number"),
        ('matrix(n, "W1", example=0)', "has no example 0; leave it out"),
        ('matrix(n, "s1", example=4)', "has no example 4; 0 to 3"),
        ('matrix(n, "s1", example=True)', "has no example True"),
        ('matrix(n, "nothing")', 'there is no "nothing" among the numbers'),
        ('matrix(n, ["W1"])', "the name of a quantity in quotes"),
        ('matrix(e, "W1")', "chain_numbers"),
        ('matrix(n, "W1", decimals=99)', "decimals is a whole number"),
    ],
)
def test_what_is_refused(call: str, why: str):
    assert why in str(refused(f"{FOUR}\n{{{{ {call} }}}}"))
