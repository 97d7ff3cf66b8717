"""The lectures in Markdown that come with derive, and the starter of a new one."""

from __future__ import annotations

import re
from pathlib import Path

from derive.authoring.error import LectureError
from derive.authoring.source import read_source
from derive.document.language import templates_folder

STARTER = "starter"
NAME = re.compile(r"[\w-][\w .-]*")


def shipped_folder() -> Path:
    """Where they are: a folder for each language, and data for all of them."""
    return templates_folder() / "lectures"


def lectures(language: str) -> dict[str, Path]:
    """Their files by name."""
    found = sorted((shipped_folder() / language).glob("*.md"))
    return {path.stem: path for path in found if path.stem != STARTER}


def summary(path: Path) -> str:
    """What a list says of a lecture: its title."""
    return read_source(path).front.get("title", path.stem)


def start(name: str, language: str, folder: Path | None = None) -> Path:
    """Write NAME.md with a lecture that builds. Raises LectureError for a file that exists already."""
    stem = name.removesuffix(".md")
    if not NAME.fullmatch(stem):
        raise LectureError(f'"{name}" is no name for a file; letters, digits and dashes are')
    target = (folder or Path()) / f"{stem}.md"
    text = (shipped_folder() / language / f"{STARTER}.md").read_text(encoding="utf-8")
    try:
        with target.open("x", encoding="utf-8") as file:
            file.write(text)
    except FileExistsError:
        raise LectureError(f"{target} exists already; choose another name, or delete it first") from None
    return target
