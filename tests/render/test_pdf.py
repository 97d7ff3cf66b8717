"""Files and PDFs."""

from __future__ import annotations

import os
import re
import shutil
import stat
import sys
from pathlib import Path

import pytest
from sample import document, plot, word

from derive.document.nodes import Document, Prose
from derive.errors import MissingTool, UsageError
from derive.render import FormatError, render
from derive.render.figures import coordinates, svg
from derive.render.pdf import PdfError, _latexmk, first_error, pdf
from derive.render.save import save

SMALL = Document(word("ui.proof"), word("ui.rule"), (Prose(word("ui.because")),))


@pytest.fixture
def latexmk() -> None:
    if shutil.which("latexmk") is None:
        pytest.skip("latexmk is not installed")


@pytest.mark.parametrize("language", ["en", "pt"])
def test_typst_compiles_and_gives_the_same_bytes(language: str) -> None:
    made = pdf(document(), language)
    assert made.startswith(b"%PDF")
    assert made == pdf(document(), language)
    assert made != pdf(SMALL, language)


def test_letters_of_other_alphabets_compile() -> None:
    from derive.document.nodes import Message, Name

    far = Document(word("ui.proof"), word("ui.rule"), (Prose(Message("rule.definition", {"name": Name("類 Ж é")})),))
    assert pdf(far, "pt").startswith(b"%PDF")


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
    assert sorted(path.name for path in written) == ["fig-descent.pt.svg", "proof.md"]
    assert "(fig-descent.pt.svg)" in (tmp_path / "proof.md").read_text(encoding="utf-8")
    assert (tmp_path / "fig-descent.pt.svg").read_text(encoding="utf-8").startswith("<?xml")


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
