"""A document with everything in it, in every format and language."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest
from sample import LABELS, NAMES, document, word

from derive.core.term import lift, sym
from derive.document.language import load_language
from derive.document.nodes import (
    Code,
    Document,
    Equation,
    Figure,
    Formula,
    Heading,
    Line,
    Listing,
    Message,
    Name,
    Number,
    ProofLines,
    Prose,
    Statement,
    Table,
)  # fmt: skip
from derive.render import FORMATS, FormatError, render
from derive.render.text import cut, grid, length, paint, sides, wrap

a, b, c = map(sym, "abc")


def _small(*blocks: object) -> Document:
    return Document(word("ui.proof"), word("ui.rule"), blocks, LABELS)  # type: ignore[arg-type]


STEPS = ProofLines("d", a - b, (Line("rearrange", c - b, ((0,),)), Line("cancel", c, ((),), {"v": b})))


@pytest.mark.parametrize("language", ["en", "pt"])
@pytest.mark.parametrize("format", FORMATS)
def test_everything_renders_and_twice_the_same(format: str, language: str) -> None:
    page = render(document(), format, language)
    assert page == render(document(), format, language)
    assert page.endswith("\n")
    assert "\n\n\n" not in page
    assert not re.search(r"\{\{|\}\} \}|\(\(\*|Undefined|\[Symbol|object at 0x", page.replace("{{\\", ""))


def test_unknown_format() -> None:
    with pytest.raises(FormatError, match="no format 'word'; there is text, markdown"):
        render(document(), "word")


def test_an_unfilled_slot_is_an_error() -> None:
    with pytest.raises(KeyError, match="name"):
        render(_small(Prose(Message("rule.definition"))), "text")


def test_markdown_derivation() -> None:
    page = render(_small(STEPS), "markdown")
    assert (
        "```math\n\\begin{aligned}\na - b &= {\\color{brown}{c}} - b && \\text{rearrange} \\\\\n"
        "&= {\\color{brown}{c}} && \\text{cancel}\n\\end{aligned}\n```\n" in page
    )
    assert "2. **cancel**: $`b`$ cancels\n" in page
    assert "<details>" in page
    assert "<details>" not in render(_small(STEPS), "markdown", sentences=False)


def test_markdown_is_githubs() -> None:
    page = render(document(), "markdown", "pt")
    assert "align*" not in page
    assert "operatorname" not in page
    assert page.count("```math") * 2 == len(re.findall(r"^\s*>? *```(?:math)?$", page, re.M))
    for row in re.findall(r"^\|.*\|$", page, re.M):
        assert row.count("|") - row.count("\\|") in (3, 4, 6)
    assert "0,665" in page
    assert "![gradiente em relação aos pesos](fig-descent.pt.svg)" in page


def test_markdown_code_fence_is_longer_than_any_inside() -> None:
    assert "````python\nx = '```'\n````" in render(_small(Code("python", "x = '```'")), "markdown")


def test_text_derivation() -> None:
    page = render(_small(STEPS), "text", "pt", width=40)
    assert "  a − b = c − b             (rearranjar)\n        = c                   (cancelar)\n" in page
    told = render(_small(STEPS), "text", width=40, sentences=True)
    assert "          b cancels\n" in told


@pytest.mark.parametrize("width", [30, 44, 72, 100, 160])
@pytest.mark.parametrize("language", ["en", "pt"])
def test_text_never_overflows(width: int, language: str) -> None:
    page = render(document(), "text", language, width=width)
    assert max(map(length, page.split("\n"))) <= width


def test_text_keeps_every_name() -> None:
    page = render(document(), "text", width=160)
    for name in NAMES:
        assert name in page


def test_colour_only_when_asked() -> None:
    plain = render(_small(STEPS), "text")
    coloured = render(_small(STEPS), "text", colour=True)
    assert "\x1b" not in plain
    assert "= \x1b[31mc\x1b[39m − b" in coloured
    assert re.sub(r"\x1b\[\d+m", "", coloured) == plain


def test_colour_is_closed_at_every_line_end() -> None:
    for line in render(document(), "text", width=60, colour=True).split("\n"):
        assert line.count("\x1b[31m") == line.count("\x1b[39m")
    assert paint("\ue000a\nb\ue001c", True) == "\x1b[31ma\x1b[39m\n\x1b[31mb\x1b[39mc"


def test_latex_derivation() -> None:
    page = render(_small(STEPS), "latex-fragment")
    assert "\\derivation{d}{a - b}{%\n" in page
    assert r"\derivestep{\derivehead}{\derivenew{c} - b}{rearrange}{}" in page
    assert r"\derivestep{}{\derivenew{c}}{cancel}{}" in page
    assert r"{cancel}{$b$ cancels}" in render(_small(STEPS), "latex", sentences=True)


def test_fragment_has_no_preamble_and_only_provides() -> None:
    page = render(document(), "latex-fragment")
    assert "documentclass" not in page
    assert "usepackage" not in page
    assert r"\newcommand" not in page.replace(r"\renewcommand", "")
    assert r"\label{thm:jacobian}" not in page  # labels are slugs
    assert r"\derivestatement{thm-jacobian}{Lemma}" in page
    assert r"\section{Jacobian of the softmax}\label{sec-jacobian}" in page


def test_typst_derivation() -> None:
    page = render(_small(STEPS), "typst", "pt")
    assert 'lang: "pt"' in page
    assert 'region: "BR"' in page or 'region: "br"' in page
    assert "right: $new(c) - b$, rule: [rearranjar]" in page
    assert 'alt: "= c − b (rearranjar)"' in page


def test_every_equation_of_typst_has_words() -> None:
    page = render(document(), "typst").split("#show: article.with", 1)[1]
    assert page.count("#maths(") == len(re.findall(r'#maths\( "', page))
    assert page.count("#show-eq(") == len(re.findall(r'#show-eq\( "', page))


def test_titles() -> None:
    lemma = load_language("pt").text("title.softmax-jacobian")
    rules = ["chain-rule", "rename", "targets-sum-to-one", "softmax-jacobian", "unheard-of_rule", "definition:L"]
    lines = tuple(Line(rule, a, ()) for rule in rules)
    page = render(_small(ProofLines("d", b, (*lines, Line("definition:p", a, (), {"i": c})))), "text", "pt")
    assert re.findall(r"\((.*)\)$", page, re.M) == [
        "regra da cadeia", "trocar o nome do índice", "os alvos somam um", lemma, "unheard-of_rule",
        "definição de L", "definição de p_c",
    ]  # fmt: skip


def test_a_sentence_without_its_slots_is_not_told() -> None:
    page = render(_small(ProofLines("d", a, (Line("cancel", b, ()),))), "markdown")
    assert "1. **cancel**\n" in page


@pytest.mark.parametrize(
    ("format", "language", "shown"),
    [
        ("text", "en", "(Lemma 1, Jacobian of the softmax)"),
        ("text", "pt", "(Lema 1, jacobiana do softmax)"),
        ("markdown", "pt", "\\text{Lema 1, }\\text{jacobiana do softmax}"),
        ("latex", "en", r"{Lemma~\ref{softmax-jacobian}, Jacobian of the softmax}"),
        ("typst", "pt", "rule: [Lema 1, jacobiana do softmax]"),
    ],
)
def test_a_cited_lemma_is_told_with_its_number(format: str, language: str, shown: str) -> None:
    lemma = Statement("softmax-jacobian", "ui.lemma", word("title.softmax-jacobian"), Equation((a, b)))
    steps = ProofLines("d", a, (Line("softmax-jacobian", b, ()), Line("loss-by-logit", c, ())))
    page = render(_small(lemma, steps), format, language)
    assert shown in page


def test_the_last_of_a_listing() -> None:
    for count, shown in ((1, "2"), (2, "2 e 3"), (4, "2, 3, 5 e 7")):
        items = Listing(tuple(Number(n, 0) for n in (2, 3, 5, 7)[:count]))
        assert f"definição de {shown}\n" in render(_small(Prose(word("rule.definition", name=items))), "text", "pt")


@pytest.mark.parametrize(
    ("value", "decimals", "shown"),
    [(1e-9, 0, "10^{−9}"), (-1e-9, 0, "−10^{−9}"), (2e-9, 0, "2 · 10"), (1e-9, 1, "1.0 · 10")],
)
def test_one_times_a_power_of_ten(value: float, decimals: int, shown: str) -> None:
    page = render(_small(Prose(word("rule.definition", name=Number(value, decimals, True)))), "text")
    assert f"definition of {shown}".replace("^{−9}", "⁻⁹") in page


def test_a_class_is_told_by_its_name() -> None:
    line = Line("delta-other", b, (), {"i": lift(1), "j": lift(99)})
    page = render(_small(ProofLines("d", a, (line,))), "text", sentences=True)
    assert "the delta is 0: setosa and 99 are different" in page


def test_a_long_line_may_break_between_factors() -> None:
    product = lift(1)
    for _ in range(40):
        product = product * sym("p")[sym("i")]
    for format, sign in (("latex", r"\derivetimes p"), ("typst", "juxtaposed")):
        page = render(_small(ProofLines("d", a, (Line("cancel", product, ()),))), format)
        assert sign in page.split("show: article")[-1]


def test_headings_are_numbered_in_text() -> None:
    blocks = [Heading(str(n), word("ui.rule"), level) for n, level in enumerate((1, 2, 2, 1, 2, 3))]
    page = render(_small(*blocks), "text")
    assert re.findall(r"^([\d.]+) Rule$", page, re.M) == ["1", "1.1", "1.2", "2", "2.1", "2.1.1"]


def test_a_wide_table_is_wrapped() -> None:
    text = grid(["x", "y"], [["one two three four", "5"]], "lr", 14)
    assert max(map(length, text.split("\n"))) <= 14
    assert "one two" in text


def test_wrap() -> None:
    assert wrap("aaa + bbb + ccc", 11, "x = ") == "x = aaa\n    + bbb\n    + ccc"
    assert wrap("abcdefghij", 5) == "abcde\nfghij"
    assert sides("left", "right", 20) == "left           right"
    assert sides("left is long", "right", 14) == "left is long\n         right"
    assert cut("abcdef\n\ngh", 4) == "abcd\nef\n\ngh"


def test_one_sided_formula() -> None:
    assert "  a\n" in render(_small(Formula("f", Equation((a,)))), "text")


def test_empty_derivation() -> None:
    for format in FORMATS:
        assert render(_small(ProofLines("d", a, ())), format)


def test_a_cell_with_bars_stays_one_cell() -> None:
    table = Table("t", word("ui.table"), (word("ui.rule"),), ((Name("a|b"),),), "l")
    assert "| a\\|b |" in render(_small(table), "markdown")


def _imported(program: str) -> set[str]:
    here = Path(__file__).resolve().parent
    code = f"import sys; sys.path[:0] = {[str(here), str(here.parents[1])]!r}; {program}; print(*sys.modules)"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return set(run.stdout.split())


def test_nothing_heavy_is_imported() -> None:
    program = "import sample; from derive.render import render; render(sample.document(), 'markdown')"
    assert not _imported(program) & {"matplotlib", "numpy", "sympy", "typst"}
    assert "jinja2" not in _imported("import derive.render")


def test_figures_need_matplotlib_only_where_there_is_one() -> None:
    program = "import sample; from derive.render import render; d = sample.document()"
    drop = "d = type(d)(d.title, d.subtitle, tuple(b for b in d.blocks if type(b).__name__ != 'Figure'), d.labels)"
    assert "matplotlib" not in _imported(f"{program}; {drop}; render(d, 'typst')")


def test_sample_has_every_kind_of_block() -> None:
    kinds = {type(block).__name__ for block in document().blocks}
    assert kinds == {"Heading", "Prose", "Formula", "Statement", "ProofLines", "Table", "Figure", "Evidence", "Code"}
    assert any(isinstance(block, Figure) for block in document().blocks)
