"""Names that mean harm, in every format."""

from __future__ import annotations

import json
from typing import Any

import pytest

from derive.document.nodes import Document, Message, Name, Prose
from derive.render import FORMATS, escape, render

SPECIAL = "\\`*_{}[]()#+-.!|<>~^&%$@\"'=/:;?,"


def _said(name: str, format: str) -> str:
    prose = Prose(Message("rule.definition", {"name": Name(name)}))
    return render(Document(Message("ui.table"), Message("ui.figure"), (prose,)), format)


@pytest.mark.parametrize(
    ("format", "expected"),
    [
        ("text", 'a_b$#{x}%\\"<>|*`~^&@'),
        ("markdown", 'a\\_b<span>$</span>\\#{x}%\\\\"&lt;&gt;\\|\\*\\`\\~^&amp;<span>@</span>'),
        (
            "latex",
            r"a\_b\$\#\{x\}\%\textbackslash{}\textquotedbl{}\textless{}\textgreater{}\textbar{}{*}\textasciigrave{}"
            r"\textasciitilde{}\textasciicircum{}\&@",
        ),
        ("typst", r"a\_b\$\#{x}%\\\"\<\>|\*\`\~^&\@"),
    ],
)
def test_a_nasty_name(format: str, expected: str) -> None:
    assert f"definition of {expected}" in _said('a_b$#{x}%\\"<>|*`~^&@', format)


@pytest.mark.parametrize("format", FORMATS)
def test_control_characters_are_never_written(format: str) -> None:
    said = _said("a\x1b[31mb\x00\x07\u202e\ue000c", format)
    assert not [c for c in said if not c.isprintable() and c != "\n"]
    assert "definition of a\ufffd" in said or "definition of a\\texttt{U+FFFD}" in said


@pytest.mark.parametrize("format", FORMATS)
def test_a_name_is_not_a_template(format: str) -> None:
    said = _said("{{ 7*7 }} ((( 7*7 ))) {% raw %} ((* raw *))", format)
    assert "49" not in said.split("definition of", 1)[1]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a--b", "a{-}{-}b"),
        ("cross-entropy", "cross-entropy"),
        ("a – b — c", r"a \textendash{} b \textemdash{} c"),
        ("∂L", r"\ensuremath{\partial}L"),
        ("ação", "ação"),
        ("類", r"\texttt{U+985E}"),
        ("[x]", "{[}x{]}"),
        ("−1", r"\ensuremath{-}1"),
    ],
)
def test_latex(text: str, expected: str) -> None:
    assert escape.latex(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("- x", "\\- x"),
        ("1. x", "1\\. x"),
        ("2) x", "2\\) x"),
        ("+ x", "\\+ x"),
        ("== x", "\\== x"),
        ("--- x", "\\--- x"),
        ("x - y", "x - y"),
        ("0.5 is", "0.5 is"),
        ("−1", "−1"),
    ],
)
def test_a_paragraph_is_no_list(text: str, expected: str) -> None:
    assert escape.markdown_paragraph(text) == expected


def test_links_and_mentions_are_not_made() -> None:
    assert escape.markdown("see www.x.y, http://x and @me") == (
        "see www<span></span>.x.y, http<span></span>://x and <span>@</span>me"
    )


def test_every_special_character_survives_typst() -> None:
    assert escape.typst("a/b // c") == r"a\/b \/\/ c"
    assert escape.typst("1. x") == r"1\. x"
    assert escape.typst_string('"\\') == '"\\"\\\\"'


def test_typst_shows_names_literally() -> None:
    typst = pytest.importorskip("typst")
    escaped = escape.typst(SPECIAL)
    source = f"#metadata([{escaped}])<name>"
    found = typst.query(source.encode(), "<name>", field="value", one=True)
    assert "strong" not in found
    assert "equation" not in found
    assert _words(json.loads(found)) == SPECIAL


def _words(content: Any) -> str:
    """The text of a piece of Typst content; a quote and a space are pieces of their own."""
    content = content[0] if isinstance(content, list) else content
    if content["func"] == "space":
        return " "
    return str(content.get("text", "")) + "".join(map(_words, content.get("children", ())))
