"""The formats: one row each."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from derive.document.mathtree import Tree
from derive.errors import UsageError
from derive.render import escape
from derive.render.latex_math import github, latex
from derive.render.typst_math import typst
from derive.render.unicode_math import marked


class FormatError(UsageError):
    """A format that does not exist, or a file whose ending names none."""


@dataclass(frozen=True)
class Format:
    """How a document is written: its templates, its formulas, and how literal text is escaped.

    sentences: whether the sentence of a rule is told unless asked otherwise. refers: whether the format counts
    the statements itself, so that a number is a reference.
    """

    name: str
    suffixes: tuple[str, ...]
    folder: str
    template: str
    math: Callable[[Tree], str]
    escape: Callable[[str], str]
    worded: bool = False  # an inline formula has its words beside it
    braces: bool = True  # Jinja's own delimiters; False where they would clash with the format
    sentences: bool = False
    refers: bool = False


_ROWS = (
    Format("text", (".txt",), "text", "page", marked, escape.unescaped, worded=True),
    Format("markdown", (".md",), "markdown", "page", github, escape.markdown, sentences=True),
    Format("latex", (".tex",), "latex", "article", latex, escape.latex, braces=False, refers=True),
    Format("latex-fragment", (), "latex", "fragment", latex, escape.latex, braces=False, refers=True),
    Format("typst", (".typ",), "typst", "article", typst, escape.typst, worded=True, braces=False),
)
FORMATS: dict[str, Format] = {row.name: row for row in _ROWS}


def format_named(name: str) -> Format:
    if name not in FORMATS:
        raise FormatError(f"there is no format {name!r}; there is {', '.join(FORMATS)}, and json for a derivation")
    return FORMATS[name]


def format_of(path: Path) -> Format:
    """The format that a file's ending names."""
    for row in _ROWS:
        if path.suffix.lower() in row.suffixes:
            return row
    known = ", ".join(suffix for row in _ROWS for suffix in row.suffixes)
    raise FormatError(f"{path.name}: the ending names no format; use one of {known}, .pdf, or .json for a derivation")
