"""The columns of tables: as wide as what stands in them, in every format."""

from __future__ import annotations

import json
import re
import subprocess
from pathlib import Path

import pytest
from sample import word
from test_pdf import latexmk, pdftotext  # noqa: F401 - fixtures

from derive.document.nodes import Document, Name, Shown, Table
from derive.document.prose_math import read_notation
from derive.document.reshape import inline
from derive.render import render
from derive.render.columns import LINE, Need, breadth, laid_out, multiples, need, shares
from derive.render.pdf import pdf
from derive.render.typst_math import typst

FORMULAS = (
    r"-0.0279",
    r"\frac{1}{4} (G_1 + G_2 + G_3 + G_4)",
    r"-\frac{1}{4} \sum_n \sum_i y_{ni} \ln \hat{y}_{ni}",
    r"\frac{\partial L}{\partial p} \cdot \frac{\partial p_j}{\partial \mathrm{output}_i}",
    r"\theta^{(2)} = \begin{bmatrix} -0.31 & 0.02 \\ 0.48 & -0.68 \\ -0.41 & -0.27 \end{bmatrix}",
    r"p_{\mathrm{setosa},n}",
    r"1.6854 \le L \le 1.7023",
)
WORDS = "What the error of a layer is follows from the error of the layer behind it, and from nothing else."
LONG = Name(" ".join([WORDS] * 3))
LONGER = Name(" ".join([WORDS] * 8))


def test_a_formula_is_about_as_wide_as_typst_sets_it() -> None:
    import typst as compiler

    trees = [inline(read_notation(formula)) for formula in FORMULAS]
    source = '#set text(font: "New Computer Modern", size: 11pt)\n'
    source += '#show math.equation: set text(font: "New Computer Modern Math")\n#show math.mat: math.display\n'
    source += f"#let formulas = ({''.join(f'${typst(tree)}$, ' for tree in trees)})\n"
    source += "#context [#metadata(formulas.map(it => measure(it).width / 15.8cm)) <parts>]"
    parts = json.loads(compiler.query(source.encode(), "<parts>", field="value", one=True))
    for tree, part in zip(trees, parts, strict=True):
        assert breadth(tree) == pytest.approx(part * LINE, rel=0.15)


def test_without_prose_every_column_is_as_wide_as_its_cells() -> None:
    assert shares([Need(20, 36, 9.0)] * 4, "llll") == (None,) * 4
    assert shares([Need(20, 300, 90.0)] * 2, "rc") == (None,) * 2


def test_prose_gets_what_short_columns_leave() -> None:
    letter, meaning = shares([need(["W", "letter"]), need([LONG.text])], "ll")
    assert letter is None
    assert meaning == pytest.approx(1 - (6 + 2 * 3) / LINE)


def test_phrases_give_way_to_prose_but_no_word_is_torn() -> None:
    phrases = need(["x" * 22, "a few words beside it, more than one line has"])
    first, second, third = shares([phrases, phrases, need([LONG.text] * 5)], "lll")
    assert first is not None
    assert second is not None
    assert third is not None
    assert first == second >= 22 / LINE
    assert third > first
    assert first + second + third == pytest.approx(1 - 3 * 3 / LINE)


def test_what_is_long_and_never_broken_keeps_its_width() -> None:
    assert shares([need(["x" * 30]), need([LONG.text])], "ll")[0] is None


def test_multiples_add_up() -> None:
    found = multiples((1 / 3, None, 0.2, 0.123))
    assert found[1] is None
    assert sum(float(each) for each in found if each) == 3


def test_rows_of_several_lines() -> None:
    layout = laid_out([["head", "head"], ["short", "short"], ["short", LONG.text]], "ll")
    assert layout.heights == (1, 5)
    assert layout.longest == (1, 2)


def _remarked(rows: int, why: Name = LONG) -> Document:
    head = tuple(Name(text) for text in ("printed", "correct", "why", "by whom"))
    body = tuple((Shown(read_notation(r"\sum_i y_i")), Name("right"), why, Name(f"remark{n}")) for n in range(rows))
    return Document(word("ui.proof"), word("ui.rule"), (Table("t", Name("Said."), head, body, "llll", remarked=True),))


@pytest.mark.parametrize("rows", [2, 30])
def test_a_remark_stands_below_what_it_is_about(rows: int) -> None:
    assert r"\deriveremark{remark1} \\" in render(_remarked(rows), "latex")
    assert "#remark[remark1];]" in render(_remarked(rows), "typst")
    assert "(remark1)" in render(_remarked(rows), "text")
    assert "| remark1 |" in render(_remarked(rows), "markdown")


def test_rows_of_several_lines_are_set_apart() -> None:
    short = Document(word("ui.proof"), word("ui.rule"), (Table("t", None, (Name("a"),), ((Name("b"),),) * 3, "l"),))
    assert "airy: false" in render(short, "typst")
    assert r"\\\addlinespace" not in render(short, "latex")
    assert "airy: true" in render(_remarked(3), "typst")
    assert render(_remarked(3), "latex").count(r"\\\addlinespace") == 2


@pytest.mark.latex
@pytest.mark.usefixtures("latexmk", "pdftotext")
@pytest.mark.parametrize("engine", ["typst", "latex"])
def test_no_row_is_torn_between_pages(engine: str, tmp_path: Path) -> None:
    file = tmp_path / "a.pdf"
    file.write_bytes(pdf(_remarked(20, LONGER), engine=engine))
    shown = subprocess.run(["pdftotext", "-layout", file, "-"], capture_output=True, text=True, check=True).stdout
    pages = shown.strip("\f").split("\f")
    assert len(pages) > 2
    for page in pages:
        assert page.count("right") == len(re.findall(r"remark\d+", page)) > 0
