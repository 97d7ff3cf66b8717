"""The words of both languages: complete, and each in its own language."""

import re

import pytest

import derive
from derive.core.procedures import PROCEDURES
from derive.document.language import load_language
from derive.lectures.catalogue import lecture_named
from derive.lectures.rule_list import rules_document
from derive.render import render
from derive.rules import RULES

EN, PT = load_language("en"), load_language("pt")
# the same in both languages, on purpose
SHARED = {
    "functions.cos", "evidence.sympy", "evidence.coq", "lecture.softmax.numbers-sympy", "ui.assumed", "language.babel",
    "activation.softmax", "activation.softplus", "activation.softsign", "authoring.torch",
}  # fmt: skip
ENGLISH = re.compile(
    r"\b(the|of|and|is|are|with|by|from|where|what|which|every|each|rule|proven|sum|chain|weight|weights|gradient|"
    r"derivative|definition|lemma|theorem|proof|table|figure|contents|page|step|loss|targets|class)\b",
    re.IGNORECASE,
)
PORTUGUESE = re.compile(r"\b(de|da|os|uma|com|regra|soma|derivada|viés|perda|não|é)\b")


def test_no_text_is_left_untranslated():
    same = {key for key, text in EN.texts.items() if PT.texts[key] == text}
    assert {key for key in same - SHARED if re.search(r"[a-z]{4}", re.sub(r"\{\w+\}", "", EN.texts[key]))} == set()


@pytest.mark.parametrize("card", [*RULES, *PROCEDURES])
def test_cards_speak_both_languages(card):
    en, pt = (f"{each.text(f'card.{card}.title')} {each.text(f'card.{card}.says')}" for each in (EN, PT))
    assert not ENGLISH.search(re.sub(r"\{\w+\}", "", pt))
    assert not PORTUGUESE.search(re.sub(r"\{\w+\}", "", en))


def documents():
    yield lecture_named("softmax-cross-entropy", witnesses=("kernel", "balls"))
    yield rules_document()
    for options in ({}, {"target": "r"}, {"classes": ["gato", "gata"], "target": "gato"}):
        for wrt in "bWhz":
            yield derive.prove(
                derive.problem("softmax-cross-entropy", **options), wrt, witnesses=("kernel",)
            ).document()


def words(text: str) -> str:
    """The text without formulas, code and names of rules on cards."""
    text = re.sub(r"```math.*?```|\$`.*?`\$|`[^`]*`", " ", text, flags=re.DOTALL)
    return re.sub(
        r"\b[A-Za-z0-9_]+(-[a-z0-9_]+)+\b|\\-|\b(constant|variable|coordinates|pick|cancel|distribute)\b", " ", text
    )


def test_no_english_in_a_portuguese_document():
    for document in documents():
        text = words(render(document, "markdown", "pt"))
        found = {match.group().lower() for match in ENGLISH.finditer(text)}
        assert found == set(), found


def test_no_portuguese_in_an_english_document():
    for document in documents():
        text = words(render(document, "markdown", "en"))
        assert {match.group() for match in PORTUGUESE.finditer(text)} == set()


def test_portuguese_has_a_decimal_comma():
    text = render(lecture_named("softmax-cross-entropy", witnesses=("kernel",)), "text", "pt")
    assert "−0,202876" in text
    assert not re.search(r"\d\.\d\d", text)
