"""A document as an archive that compiles elsewhere: the .tex file, its figures, and how to make a PDF of them."""

from __future__ import annotations

import io
import zipfile

from derive.document.language import load_language
from derive.document.nodes import Document
from derive.render import escape, fonts
from derive.render.formats import format_named
from derive.render.printer import Printer, render

MOMENT = (2025, 1, 1, 0, 0, 0)  # a fixed one, so that the same document gives the same bytes


def bundle(document: Document, name: str, language: str = "en") -> bytes:
    """The archive. Raises UsageError for letters that LaTeX cannot show."""
    name = name.strip(". ") or "lecture"  # a folder of its own, and nothing above it
    page = render(document, "latex", language)
    if missing := escape.unknown_to_latex(page):
        raise fonts.refusal(missing, "a .pdf")
    spoken = load_language(language)
    printer = Printer(document, format_named("latex"), spoken)
    readme = spoken.text("authoring.readme").replace("{name}", name) + "\n"
    files = {f"{name}.tex": page.encode(), "README.txt": readme.encode(), **printer.files()}
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as archive:
        for file, content in sorted(files.items()):
            entry = zipfile.ZipInfo(f"{name}/{file}", MOMENT)
            entry.compress_type, entry.external_attr = zipfile.ZIP_DEFLATED, 0o644 << 16
            archive.writestr(entry, content)
    return written.getvalue()
