"""The lectures on the softmax graph and on backpropagation: complete, with the digits of their originals."""

import re
from functools import cache

import pytest

from derive.authoring.build import read_lecture
from derive.authoring.shipped import lectures
from derive.document.nodes import Document
from derive.render import render

NAMES = ("softmax-graph", "backpropagation")
# printed by the originals, in their order; the corrected digits where these were wrong
DIGITS = {
    "softmax-graph": (
        "-0.41", "0.58", "0.3989", "0.4975", "0.7191", "-0.3337", "-0.7505", "-0.7018", "1.1413", "0.7791", "1.06442",
        "-3.1310", "-2.1795", "-4.1868", "0.2174", "-0.1469", "0.1874", "-0.0832", "-0.6806", "0.2333", "-0.5956",
        "-0.7612", "-0.2715", "0.2225", "-0.3469", "-0.5473", "0.0316", "0.0800", "-0.0279", "-0.0442", "-0.0358",
    ),
    "backpropagation": ("0.1732", "1.7533", "-0.8268", "0.05", "-0.0413", "-0.4181"),
}  # fmt: skip
ENGLISH = re.compile(
    r"\b(the|of|and|is|are|with|by|from|where|what|which|every|each|rule|proven|sum|chain|weight|weights|gradient|"
    r"derivative|definition|lemma|theorem|proof|table|figure|contents|page|step|loss|targets|class)\b",
    re.IGNORECASE,
)
PORTUGUESE = re.compile(r"\b(de|da|os|uma|com|regra|soma|derivada|viés|perda|não|é)\b")
CORRECTIONS = {"softmax-graph": 14, "backpropagation": 9}  # rows of the table; five errata share their reason


@cache
def document(name: str, language: str) -> Document:
    return read_lecture(lectures(language)[name], language=language, witnesses=("kernel",))[0]


@cache
def page(name: str, language: str, format: str) -> str:
    return render(document(name, language), format, language)


def words(text: str) -> str:
    """The prose of a page of Markdown: no formulas, no code, no references."""
    text = re.sub(r"```.*?```|\$`.*?`\$|`[^`]*`|<[^>]*>|\]\([^)]*\)", " ", text, flags=re.DOTALL)
    return re.sub(r"\b[A-Za-z0-9_]+(-[a-z0-9_]+)+\b|\\-", " ", text)


@pytest.mark.parametrize("format", ["markdown", "text", "typst", "latex"])
@pytest.mark.parametrize("language", ["en", "pt"])
@pytest.mark.parametrize("name", NAMES)
def test_it_is_printed_in_every_format(name, language, format):
    assert len(page(name, language, format)) > 15_000


@pytest.mark.parametrize("language", ["en", "pt"])
@pytest.mark.parametrize("name", NAMES)
def test_the_digits_of_the_originals(name, language):
    text = page(name, language, "text").replace("−", "-")
    found = set(re.findall(r"-?\d+[.,]\d+", text)) | set(re.findall(r"\d+[.,]\d+", text))
    wanted = {digits.replace(".", "," if language == "pt" else ".") for digits in DIGITS[name]}
    assert wanted <= found


@pytest.mark.parametrize("name", NAMES)
def test_no_english_in_portuguese(name):
    found = {match.group().lower() for match in ENGLISH.finditer(words(page(name, "pt", "markdown")))}
    assert found == set()


@pytest.mark.parametrize("name", NAMES)
def test_no_portuguese_in_english(name):
    assert {match.group() for match in PORTUGUESE.finditer(words(page(name, "en", "markdown")))} == set()


@pytest.mark.parametrize("name", NAMES)
def test_both_languages_have_the_same_parts(name):
    def shape(language: str) -> list[str]:
        return [type(block).__name__ for block in document(name, language).blocks if type(block).__name__ != "Prose"]

    assert shape("en") == shape("pt")


@pytest.mark.parametrize("name", NAMES)
def test_every_table_has_a_caption(name):
    from derive.document.nodes import Table, walk_blocks

    tables = [block for block in walk_blocks(document(name, "pt").blocks) if isinstance(block, Table)]
    assert len(tables) >= 7
    assert all(table.caption is not None for table in tables)
    assert len(next(table for table in tables if table.label == "tab-correcoes").rows) == CORRECTIONS[name]


def test_each_is_in_the_letters_of_its_original():
    assert "θ⁽²⁾" in page("softmax-graph", "pt", "text")
    assert "W⁽²⁾" not in page("softmax-graph", "pt", "text")
    text = page("backpropagation", "pt", "text")
    assert "output⁽³⁾" in text
    assert "out⁽²⁾" in text
    assert "h⁽²⁾" not in text
