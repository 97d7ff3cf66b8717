"""Lectures of a few lines, read and printed."""

from pathlib import Path

import pytest

from derive.authoring.build import lecture_document
from derive.authoring.error import LectureError
from derive.authoring.source import parse_source
from derive.document.nodes import Document
from derive.render import render

FRONT = "---\ntitle: T\n---\n"  # three lines: the text begins on line 4


def document(text: str, folder: Path | None = None, **options: object) -> Document:
    options = {"witnesses": ("kernel",), **options}
    return lecture_document(parse_source(FRONT + text, "my.md", folder), **options)  # type: ignore[arg-type]


def body(text: str, format: str = "text", language: str = "en", **options: object) -> str:
    """What is printed below the title."""
    page = render(document(text, language=language, **options), format, language)
    return page.split("\n", 2)[2].strip("\n") if format in ("text", "markdown") else page


def refused(text: str, **options: object) -> LectureError:
    with pytest.raises(LectureError) as caught:
        document(text, **options)
    return caught.value
