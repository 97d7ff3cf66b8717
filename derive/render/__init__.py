"""A document as text, Markdown, LaTeX and Typst; derive.render.pdf and derive.render.save make files."""

from derive.render.formats import FORMATS, Format, FormatError
from derive.render.printer import render

__all__ = ["FORMATS", "Format", "FormatError", "render"]
