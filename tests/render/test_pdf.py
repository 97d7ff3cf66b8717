"""Files and PDFs."""

from __future__ import annotations

import os
import re
import shutil
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from sample import b, delta, document, lift, p, plot, word

from derive.document.nodes import Document, Line, Name, ProofLines, Prose, Table
from derive.errors import MissingTool, UsageError
from derive.render import FormatError, fonts, render
from derive.render.figures import coordinates, svg
from derive.render.pdf import PdfError, _latexmk, first_error, pdf
from derive.render.save import save

SMALL = Document(word("ui.proof"), word("ui.rule"), (Prose(word("ui.because")),))


@pytest.fixture
def latexmk() -> None:
    if shutil.which("latexmk") is None:
        pytest.skip("latexmk is not installed")


@pytest.fixture
def pdftotext() -> None:
    if shutil.which("pdftotext") is None:
        pytest.skip("pdftotext is not installed")


@pytest.mark.parametrize("language", ["en", "pt"])
def test_typst_compiles_and_gives_the_same_bytes(language: str) -> None:
    made = pdf(document(), language)
    assert made.startswith(b"%PDF")
    assert made == pdf(document(), language)
    assert made != pdf(SMALL, language)


def _named(name: str) -> Document:
    return Document(word("ui.proof"), word("ui.rule"), (Prose(word("rule.definition", name=Name(name))),))


def test_letters_of_other_alphabets_compile() -> None:
    assert pdf(_named("Ж γ é"), "pt").startswith(b"%PDF")


def test_a_letter_that_no_font_has_is_refused() -> None:
    with pytest.raises(UsageError, match='the PDF font has no "\u0378"; choose another name, or use --format markdown'):
        fonts.needs_system_fonts("a\u0378b")


def test_a_letter_of_a_system_font_is_let_through(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fonts, "_missing", lambda letters, system: [] if system else letters)
    assert fonts.needs_system_fonts("p = 猫")
    assert not fonts.needs_system_fonts("pₖ γ Ж é")


def test_what_is_certain_is_in_the_fonts() -> None:
    letters = [chr(n) for n in range(0x21, 0x500) if fonts.CERTAIN.match(chr(n)) and chr(n).isprintable()]
    assert fonts._missing(letters, system=False) == []
    assert fonts._missing(["猫", "a", "∂"], system=False) == ["猫"]


@pytest.mark.latex
@pytest.mark.usefixtures("latexmk")
def test_latex_shows_latin_and_greek_and_refuses_the_rest(tmp_path: Path) -> None:
    (tmp_path / "a.pdf").write_bytes(pdf(_named("¿ção ŁŋœŽ γΩ?"), engine="latex"))
    assert "¿ção ŁŋœŽ" in _shown(tmp_path / "a.pdf")
    with pytest.raises(UsageError, match='no "ħ", "猫"; choose another name, or use --engine typst'):
        pdf(_named("ħ猫猫"), engine="latex")


@pytest.mark.latex
@pytest.mark.usefixtures("latexmk", "pdftotext")
@pytest.mark.parametrize("engine", ["typst", "latex"])
@pytest.mark.parametrize("words", ["x", "a word " * 9])
def test_every_row_of_a_long_table_is_shown(engine: str, words: str, tmp_path: Path) -> None:
    (tmp_path / "a.pdf").write_bytes(pdf(_long_table(words), engine=engine))
    shown = _shown(tmp_path / "a.pdf")
    assert [n for n in range(1, 81) if f"row{n}end" not in shown] == []
    assert shown.count("checked by") == shown.count("\f")  # the header on each page


def _long_table(words: str) -> Document:
    rows = tuple((Name(f"row{n}end"), Name(words.strip()), p[4]) for n in range(1, 81))
    head = (word("ui.checked-by"), word("ui.status"), word("ui.detail"))
    return Document(word("ui.proof"), word("ui.rule"), (Table("t", word("ui.table"), head, rows, "llr"),))


@pytest.mark.latex
@pytest.mark.usefixtures("latexmk", "pdftotext")
@pytest.mark.parametrize("engine", ["typst", "latex"])
def test_long_names_do_not_run_off_the_page(engine: str, tmp_path: Path) -> None:
    names = {(family, n): f"{n} uma classe de nome compr" for family in "zp" for n in (1, 2)}
    product = (lift(-1) / p[1]) * p[1] * (delta(1, 2) - p[2]) * p[2] * p[1]
    steps = ProofLines("d", b[1], (Line("cancel", product, ((),)), Line("cancel", p[2], ((),))))
    document = Document(word("ui.proof"), word("ui.rule"), (steps,), names)
    (tmp_path / "a.pdf").write_bytes(pdf(document, engine=engine))
    boxes = subprocess.run(["pdftotext", "-bbox", tmp_path / "a.pdf", "-"], capture_output=True, text=True, check=True)
    right = max(map(float, re.findall(r'xMax="([\d.]+)"', boxes.stdout)))
    assert right < 595 - 70
    assert min(_heights(boxes.stdout)) > 4  # nor are they scaled down until nobody can read them


def _heights(boxes: str) -> list[float]:
    found = re.findall(r'yMin="([\d.]+)" xMax="[\d.]+" yMax="([\d.]+)"', boxes)
    return [float(low) - float(high) for high, low in found]


def _shown(file: Path) -> str:
    return subprocess.run(["pdftotext", "-layout", file, "-"], capture_output=True, text=True, check=True).stdout


@pytest.mark.latex
@pytest.mark.usefixtures("latexmk")
@pytest.mark.parametrize("language", ["en", "pt"])
def test_latex_compiles_without_a_line_too_wide(language: str, tmp_path: Path) -> None:
    source = tmp_path / "document.tex"
    source.write_text(render(document(), "latex", language, sentences=language == "pt"), encoding="utf-8")
    _latexmk(source)
    log = source.with_suffix(".log").read_text(encoding="latin-1")
    wide = [float(width) for width in re.findall(r"Overfull \\[hv]box \(([\d.]+)pt", log)]
    assert not [width for width in wide if width > 2]
    assert "undefined" not in log.lower().replace("undefined on input line", "undefined")
    assert "Missing character" not in log


@pytest.mark.latex
@pytest.mark.usefixtures("latexmk")
def test_a_fragment_in_a_course(tmp_path: Path) -> None:
    (tmp_path / "proof.tex").write_text(render(document(), "latex-fragment"), encoding="utf-8")
    course = tmp_path / "course.tex"
    course.write_text(
        r"\documentclass{report}\usepackage[T1]{fontenc}\usepackage{textcomp,amsmath,xcolor,graphicx,booktabs,tabularx,"
        r"pgfplots}\pgfplotsset{compat=1.16}\newcommand{\deriverule}[1]{\textbf{#1}}"
        r"\begin{document}\input{proof}Lemma~\ref{thm-jacobian}. \input{proof-again}\end{document}",
        encoding="utf-8",
    )
    again = re.sub(r"\\label\{[^}]*\}", "", render(document(), "latex-fragment"))
    (tmp_path / "proof-again.tex").write_text(again, encoding="utf-8")
    _latexmk(course)
    assert course.with_suffix(".pdf").stat().st_size > 10_000


@pytest.mark.latex
@pytest.mark.usefixtures("latexmk")
def test_the_first_error_of_tex_is_told(tmp_path: Path) -> None:
    source = tmp_path / "document.tex"
    source.write_text("\\documentclass{article}\n\\begin{document}\n\\nosuchmacro\n\\end{document}\n", encoding="utf-8")
    with pytest.raises(PdfError, match=r"document\.tex:3: Undefined control sequence"):
        _latexmk(source)


def test_first_error_without_a_log(tmp_path: Path) -> None:
    assert first_error(tmp_path / "no.log") == "latexmk failed without saying why"


def test_missing_latexmk(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    with pytest.raises(MissingTool, match="latexmk"):
        pdf(SMALL, engine="latex")


def test_missing_typst(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "typst", None)
    with pytest.raises(MissingTool, match="pip install typst"):
        pdf(SMALL)


def test_unknown_engine() -> None:
    with pytest.raises(UsageError, match="no engine 'word'; there is typst, latex"):
        pdf(SMALL, engine="word")


@pytest.mark.parametrize(
    ("ending", "start"),
    [("md", "# Proof"), ("txt", "Proof"), ("tex", r"\documentclass"), ("typ", "#let")],
)
def test_save_by_ending(tmp_path: Path, ending: str, start: str) -> None:
    file = tmp_path / f"proof.{ending}"
    assert save(SMALL, file) == [file]
    assert file.read_text(encoding="utf-8").startswith(start)
    assert os.listdir(tmp_path) == [file.name]


def test_save_pdf(tmp_path: Path) -> None:
    save(SMALL, tmp_path / "a.PDF", "pt")
    assert (tmp_path / "a.PDF").read_bytes().startswith(b"%PDF")


def test_figures_are_written_beside_markdown(tmp_path: Path) -> None:
    written = save(document(), tmp_path / "proof.md", "pt")
    assert sorted(path.name for path in written) == ["proof--fig-descent.svg", "proof.md"]
    assert "(proof--fig-descent.svg)" in (tmp_path / "proof.md").read_text(encoding="utf-8")
    assert (tmp_path / "proof--fig-descent.svg").read_text(encoding="utf-8").startswith("<?xml")


def test_unknown_ending(tmp_path: Path) -> None:
    with pytest.raises(FormatError, match=r"proof\.docx: the ending names no format; use one of \.txt, \.md"):
        save(SMALL, tmp_path / "proof.docx")
    assert os.listdir(tmp_path) == []


def test_unwritable_places(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match=r"cannot write .*No such file"):
        save(SMALL, tmp_path / "no" / "proof.md")
    (tmp_path / "folder.md").mkdir()
    with pytest.raises(IsADirectoryError, match=r"cannot write .*folder\.md"):
        save(SMALL, tmp_path / "folder.md")
    assert os.listdir(tmp_path) == ["folder.md"]


def test_a_failed_write_leaves_the_old_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "proof.md"
    file.write_text("old", encoding="utf-8")

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "replace", full)
    with pytest.raises(OSError, match="No space left"):
        save(SMALL, file)
    assert file.read_text(encoding="utf-8") == "old"
    assert os.listdir(tmp_path) == ["proof.md"]


@pytest.mark.skipif(os.name != "posix", reason="modes are those of Unix")
def test_the_mode_is_that_of_a_usual_file(tmp_path: Path) -> None:
    old = os.umask(0o022)
    try:
        save(SMALL, tmp_path / "a.md")
    finally:
        os.umask(old)
    assert stat.S_IMODE((tmp_path / "a.md").stat().st_mode) == 0o644


def test_svg_is_deterministic_and_literal() -> None:
    one = svg(plot(), lambda slot: "$x$ _y_ \\z", ",")
    assert one == svg(plot(), lambda slot: "$x$ _y_ \\z", ",")
    assert one != svg(plot(), lambda slot: "other", ",")
    assert one != svg(plot(), lambda slot: "$x$ _y_ \\z", ".")
    assert "<dc:date>" not in one


def test_coordinates() -> None:
    assert coordinates(plot().series[0]).startswith("(0,2.5) (0.25,2.36435)")


def test_a_fragment_names_the_package_that_long_tables_need() -> None:
    assert "tabularx, longtable;" in render(_long_table("x"), "latex-fragment").split("\n")[0]
    assert "longtable" not in render(SMALL, "latex-fragment").split("\n")[0]
    assert r"\usepackage{longtable}" in render(_long_table("x"), "latex")
