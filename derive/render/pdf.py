"""PDF, by Typst or by LaTeX."""

from __future__ import annotations

import datetime
import os
import re
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Callable
from pathlib import Path

from derive.document.language import load_language
from derive.document.nodes import Document
from derive.errors import MissingTool, UsageError
from derive.render import escape, fonts
from derive.render.formats import format_named
from derive.render.printer import Printer, render

TIMESTAMP = 1735689600  # a fixed moment, so that the same document gives the same bytes
LATEX_SECONDS = 120


class PdfError(RuntimeError):
    """The program that makes the PDF refused the document."""


def pdf(document: Document, language: str = "en", engine: str | None = None) -> bytes:
    """The document as PDF; engine is typst (the default) or latex."""
    name = engine or "typst"
    if name not in ENGINES:
        raise UsageError(f"there is no engine {name!r}; there is {', '.join(ENGINES)}")
    return ENGINES[name](document, language)


def _by_typst(document: Document, language: str) -> bytes:
    try:
        import typst
    except ImportError as error:
        raise MissingTool("PDF needs the typst package; install it: pip install typst") from error
    source = render(document, "typst", language)
    moment = datetime.datetime.fromtimestamp(TIMESTAMP, datetime.UTC)
    system = fonts.needs_system_fonts(source)
    try:
        made = typst.compile(source.encode(), ignore_system_fonts=not system, timestamp=moment)
    except RuntimeError as error:
        raise PdfError(f"Typst: {str(error).splitlines()[0]}") from error
    assert isinstance(made, bytes)
    return made


def _by_latex(document: Document, language: str) -> bytes:
    if shutil.which("latexmk") is None:
        raise MissingTool("this PDF needs LaTeX with latexmk (TeX Live or MiKTeX); or use the engine typst")
    page = render(document, "latex", language)
    if missing := escape.unknown_to_latex(page):
        raise fonts.refusal(missing, "--engine typst")
    with tempfile.TemporaryDirectory(prefix="derive-") as folder:
        source = Path(folder, "document.tex")
        source.write_text(page, encoding="utf-8")
        for name, content in Printer(document, format_named("latex"), load_language(language)).files().items():
            source.with_name(name).write_bytes(content)
        _latexmk(source)
        return source.with_suffix(".pdf").read_bytes()


def _latexmk(source: Path) -> None:
    options = ["-pdf", "-norc", "-interaction=nonstopmode", "-halt-on-error", "-file-line-error", "-no-shell-escape"]
    settings = os.environ | {"SOURCE_DATE_EPOCH": str(TIMESTAMP), "FORCE_SOURCE_DATE": "1", "max_print_line": "1000"}
    run = subprocess.Popen(  # noqa: S603 - a fixed command on a file of our own
        ["latexmk", *options, source.name],  # noqa: S607
        cwd=source.parent, env=settings, stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True,
    )  # fmt: skip
    try:
        failed = run.wait(LATEX_SECONDS) != 0
    except subprocess.TimeoutExpired as error:
        os.killpg(run.pid, signal.SIGKILL)  # latexmk and the TeX that it started
        run.wait()
        raise PdfError(f"LaTeX did not end within {LATEX_SECONDS} seconds") from error
    if failed:
        raise PdfError(f"LaTeX: {first_error(source.with_suffix('.log'))}")


def first_error(log: Path) -> str:
    """The first line in which TeX complains."""
    lines = log.read_text(encoding="latin-1").splitlines() if log.is_file() else []
    for line in lines:
        if line.startswith("!") or re.match(r"\S+:\d+: ", line):
            return line.lstrip("! ")
    return "latexmk failed without saying why"


ENGINES: dict[str, Callable[[Document, str], bytes]] = {"typst": _by_typst, "latex": _by_latex}
