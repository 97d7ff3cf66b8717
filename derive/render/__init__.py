"""A document as text, Markdown, LaTeX, Typst and PDF."""

from derive.render.formats import FORMATS, Format, FormatError
from derive.render.pdf import MissingTool, PdfError, pdf
from derive.render.printer import render
from derive.render.save import save

__all__ = ["FORMATS", "Format", "FormatError", "MissingTool", "PdfError", "pdf", "render", "save"]
