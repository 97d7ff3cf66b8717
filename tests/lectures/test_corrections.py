"""The tables of corrections: every erratum, in the lecture's notation and with the signs of its language."""

import re
from functools import cache

import pytest

from derive.authoring.build import read_lecture
from derive.authoring.shipped import lectures
from derive.document.nodes import Document, Table, walk_blocks
from derive.examples.seeds import errata_of
from derive.render import render

NAMES = ("why-cross-entropy", "last-bias", "softmax-graph", "backpropagation")
ROWS = {"why-cross-entropy": 3, "last-bias": 3, "softmax-graph": 14, "backpropagation": 9}


@cache
def corrections(name: str, language: str) -> Document:
    """A document with nothing but the table of corrections of a lecture."""
    document = read_lecture(lectures(language)[name], language=language, witnesses=("kernel",))[0]
    (table,) = (block for block in walk_blocks(document.blocks) if isinstance(block, Table) and block.remarked)
    return Document(document.title, document.subtitle, (table,), document.labels, document.style)


@cache
def page(name: str, language: str, format: str) -> str:
    return render(corrections(name, language), format, language)


@pytest.mark.parametrize("language", ["en", "pt"])
@pytest.mark.parametrize("name", NAMES)
def test_there_is_a_row_for_each_reason(name, language):
    (table,) = corrections(name, language).blocks
    assert isinstance(table, Table)
    assert len(table.rows) == ROWS[name] == len({erratum.says[language] for erratum in errata_of(name)})


@pytest.mark.parametrize("language", ["en", "pt"])
@pytest.mark.parametrize("name", NAMES)
def test_every_printed_and_every_correct_number_is_there(name, language):
    found = re.findall(r"[−+]?\d+[.,]\d+", page(name, language, "text"))
    for cell in (cell for erratum in errata_of(name) for cell in erratum.cells):
        for digits in (cell.printed, cell.correct):
            assert digits.replace("-", "−").replace(".", "," if language == "pt" else ".") in found


@pytest.mark.parametrize("language", ["en", "pt"])
@pytest.mark.parametrize("name", NAMES)
def test_mathematics_is_set_as_mathematics(name, language):
    text = page(name, language, "text")
    assert not re.search(r"[$\\]|(?<!\w)-\d|Σ_i |_i\b", text)
    assert not re.search(r"\d\.\d" if language == "pt" else r"\d,\d", text)
    shown = page(name, language, "latex").partition(r"\begin{document}")[2]
    assert not re.search("[^\x00-\x7fáâãàéêíóôõúç]", re.sub("[“”’]", "", shown))  # what LaTeX sets, it sets as formulas


def test_what_is_correct_is_in_the_letters_of_the_lecture():
    text = page("softmax-graph", "en", "text")
    assert "(δ⁽²⁾)^T o⁽¹⁾" in text
    assert "∂L/∂θ⁽²⁾" in text
    assert "out⁽²⁾" in page("backpropagation", "en", "text")
    matrix = r"-0{,}31 & 0{,}02 \\ 0{,}48 & -0{,}68 \\ -0{,}41 & -0{,}27"
    assert matrix in page("softmax-graph", "pt", "markdown")


def test_last_digits_share_a_row_and_say_what_shows_each():
    (row,) = (line for line in page("softmax-graph", "en", "markdown").split("\n") if "1.06442" in line)
    printed, correct, why, by = (cell.strip() for cell in row.strip("|").split(" | "))
    assert re.findall(r"-?\d\.\d+", printed) == ["1.06441", "0.2332", "0.0930", "0.0863", "-0.3493"]
    assert re.findall(r"-?\d\.\d+", correct) == ["1.06442", "0.2333", "0.0931", "0.0864", "-0.3494"]
    assert why == "The last digit is cut off rather than rounded."
    assert by.startswith("definition of")
    assert "errors of layer 2" in by
