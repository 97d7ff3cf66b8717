"""Words files: complete, alike, and refused when they are not."""

from __future__ import annotations

from pathlib import Path

import pytest

from derive.core.procedures import PROCEDURES
from derive.document.language import LanguageError, languages, load_language, pieces, slots_of, templates_folder
from derive.rules import RULES

GOOD = '[ui]\ntable = "Table"\nsay = "from {left} to {right}"\n'


def _folder(where: Path, **files: str) -> Path:
    (where / "words").mkdir()
    for name, text in files.items():
        (where / "words" / f"{name}.toml").write_text(text, encoding="utf-8")
    return where


def test_the_languages_that_exist() -> None:
    assert languages() == ("en", "pt")
    assert load_language("pt").tag == "pt-BR"
    assert load_language("en").decimal == "."


def test_unknown_language_names_those_that_exist() -> None:
    with pytest.raises(LanguageError, match="no language 'fr'; there is en, pt"):
        load_language("fr")


def test_unknown_key() -> None:
    with pytest.raises(LanguageError, match=r"no key 'ui\.nothing'"):
        load_language("en").text("ui.nothing")


@pytest.mark.parametrize(
    ("other", "why"),
    [
        ('[ui]\nsay = "de {left} a {right}"\n', "pt.toml lacks ui.table"),
        (GOOD + 'more = "mais"\n', "en.toml lacks ui.more"),
        (GOOD.replace("{right}", "{rihgt}"), r"slots of ui.say differ \(en: left, right; pt: left, rihgt\)"),
        (GOOD.replace(" to {right}", ""), "slots of ui.say differ"),
        (GOOD.replace("{right}", "{right"), "in 'from {left} to {right'"),
        (GOOD.replace("{right}", "{right.real}"), "is not a slot"),
        (GOOD.replace("{right}", "{right!r}"), "is not a slot"),
        (GOOD.replace("{right}", "{}"), "is not a slot"),
        (GOOD.replace('"Table"', "3"), "pt.toml: ui.table is not a text"),
        ("[ui\n", "pt.toml: "),
    ],
)
def test_words_that_do_not_fit_are_refused(tmp_path: Path, other: str, why: str) -> None:
    with pytest.raises(LanguageError, match=why):
        load_language("pt", _folder(tmp_path, en=GOOD, pt=other))


def test_a_third_language_is_one_file(tmp_path: Path) -> None:
    folder = _folder(tmp_path, en=GOOD, pt=GOOD, eo=GOOD.replace("Table", "Tabelo"))
    assert load_language("eo", folder).text("ui.table") == "Tabelo"


def test_pieces() -> None:
    assert list(pieces("a {b}{c} {{d}}")) == [("a ", "b"), ("", "c"), (" {", None), ("d}", None)]
    assert slots_of("{a} and {b}, {a}") == {"a", "b"}


def test_every_card_is_told_in_every_language() -> None:
    for name in languages():
        told = {key.rpartition(".")[0] for key in load_language(name).texts if key.startswith("card.")}
        assert told == {f"card.{card}" for card in (*RULES, *PROCEDURES)}


def test_portuguese_is_written_with_its_accents() -> None:
    text = (templates_folder() / "words" / "pt.toml").read_text(encoding="utf-8").lower()
    for wrong in ("nao ", "demonstracao", "hipotese", "funcao", "definicao", "indice ", "viés por"):
        assert wrong not in text
