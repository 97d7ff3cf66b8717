"""The lectures on the cross-entropy and on the last bias: the published digits, and each in its own language."""

import re
from functools import cache

import pytest

from derive.authoring.build import lecture_document
from derive.authoring.shipped import lectures
from derive.authoring.source import read_source
from derive.document.nodes import Document
from derive.render import render

NAMES, LANGUAGES = ("why-cross-entropy", "last-bias"), ("en", "pt")
# what the originals and the videos behind them print (StatQuest, Neural Networks, Parts 2, 6 and 7)
PUBLISHED = {
    "why-cross-entropy": ["0.57", "0.58", "0.52", "0.56", "0.54", "0.65", "1.75", "1.7750"],
    "last-bias": [
        "2.67", "−0.77", "−1.23", "1.89", "0.35", "0.43", "0.15", "0.04", "20.4", "−15.7",
        "−1.57", "−6.26", "2.19", "2.61",
    ],
}  # fmt: skip
ENGLISH = re.compile(
    r"\b(the|of|and|is|are|with|by|from|where|what|which|every|each|rule|proven|sum|chain|weight|gradient|derivative|"
    r"definition|lemma|theorem|proof|table|figure|contents|page|step|loss|petal|sepal|class|slope|exercise|network)\b",
    re.IGNORECASE,
)
PORTUGUESE = re.compile(r"\b(de|da|os|uma|com|regra|soma|derivada|viés|perda|não|é|flor|rede)\b")


@cache
def lecture(name: str, language: str) -> Document:
    source = read_source(lectures(language)[name])
    return lecture_document(source, language=language, witnesses=("kernel",))


@cache
def page(name: str, language: str, form: str) -> str:
    return render(lecture(name, language), form, language)


def without_formulas(text: str) -> str:
    return re.sub(r"```math.*?```|\$`.*?`\$|`[^`]*`", " ", text, flags=re.DOTALL)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", NAMES)
def test_the_published_digits_are_there(name: str, language: str):
    text = page(name, language, "text")
    wanted = [digits.replace(".", ",") if language == "pt" else digits for digits in PUBLISHED[name]]
    assert [digits for digits in wanted if not re.search(rf"(?<![\d.,]){digits}(?![\d])", text)] == []


@pytest.mark.parametrize("name", NAMES)
def test_decimals_are_those_of_the_language(name: str):
    assert not re.search(r"\d\.\d\d", page(name, "pt", "text"))
    assert not re.search(r"\d,\d\d", page(name, "en", "text"))


@pytest.mark.parametrize("name", NAMES)
def test_each_is_in_its_own_language(name: str):
    assert {found.group() for found in ENGLISH.finditer(without_formulas(page(name, "pt", "markdown")))} == set()
    assert {found.group() for found in PORTUGUESE.finditer(without_formulas(page(name, "en", "markdown")))} == set()


@pytest.mark.parametrize("name", NAMES)
def test_both_languages_tell_the_same(name: str):
    """As many headings, tables, figures and formulas, and the same numbers in the tables."""
    en, pt = (without_formulas(page(name, language, "markdown")) for language in LANGUAGES)
    levels = [re.findall(r"^#+(?= )", text, re.MULTILINE) for text in (en, pt)]
    assert levels[0] == levels[1]
    assert len(levels[0]) > 8
    assert page(name, "en", "markdown").count("```math") == page(name, "pt", "markdown").count("```math")
    rows = [re.findall(r"^\|.*$", text.replace(",", "."), re.MULTILINE) for text in (en, pt)]
    assert len(rows[0]) == len(rows[1]) > 20
    numbers = [[re.findall(r"−?\d+\.\d+", row) for row in each] for each in rows]
    assert [row for row in numbers[0] if len(row) > 2] == [row for row in numbers[1] if len(row) > 2]


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_nine_derivatives_by_the_last_biases(language: str):
    text = page("last-bias", language, "text")
    row = r"versicolor\s+∂L/∂b₃ = p_setosa\s+∂L/∂b₄ = p_versicolor − 1\s+∂L/∂b₅ = p_virginica\s"
    assert re.search(row, text)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_squared_error_saturates_in_the_logit_and_the_cross_entropy_does_not(language: str):
    text = page("why-cross-entropy", language, "text").replace(",", ".")
    row = re.search(r"^−8 +([\d.]+) +(−[\d.]+) +(−[\d.]+)$", text, re.MULTILINE)
    assert row is not None
    p = 0.000335350130466478  # 1/(1 + e^8)
    assert [float(row[n].replace("−", "-")) for n in (1, 2, 3)] == [
        pytest.approx(exact, abs=5e-5) for exact in (p, p - 1, -2 * p * (1 - p) ** 2)
    ]


@pytest.mark.parametrize(("name", "label"), [("why-cross-entropy", "0 < p < 1"), ("last-bias", "= p_setosa")])
def test_the_corrections_of_the_original_are_listed(name: str, label: str):
    for language, title in (("en", "Corrections to the original"), ("pt", "Correções ao original")):
        _, _, after = page(name, language, "text").rpartition(title)
        assert label in after.replace("$", "")
