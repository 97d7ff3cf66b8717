"""A document as text, Markdown, LaTeX, Typst and PDF."""

from derive.render.formats import FORMATS, Format, FormatError
from derive.render.printer import render

__all__ = ["FORMATS", "Format", "FormatError", "render"]
