"""A lecture as a file: what it says of itself between two lines of dashes, and its text."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from pathlib import Path

from derive.authoring.error import LectureError

KEYS = ("title", "subtitle", "author", "language", "notation", "answers", "detail")
LARGEST = 500_000  # bytes
DASHES = re.compile(r"-{3,}\s*")
PRIVATE = re.compile("[\ue000-\uf8ff]")  # letters that mean nothing; the marks of calls are among them


@dataclass(frozen=True)
class Source:
    """A lecture that has been read.

    name: the file as errors call it; folder: where its data may lie; text: what follows the front matter; first: the
    line on which the text begins; front: the front matter, and lines: the line of each of its keys.
    """

    name: str
    folder: Path
    text: str
    first: int = 1
    front: Mapping[str, str] = field(default_factory=dict)
    lines: Mapping[str, int] = field(default_factory=dict)

    def fail(self, why: str, line: int | None = None) -> LectureError:
        return LectureError(why, self.name, line)


def read_source(path: Path) -> Source:
    """A lecture from its file. Raises LectureError, or OSError where there is no such file."""
    with path.open("rb") as file:
        data = file.read(LARGEST + 1)
    name = path.name
    if len(data) > LARGEST:
        raise LectureError(f"more than {LARGEST // 1000} kB; write it in parts", name)
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        raise LectureError("this is not UTF-8; save the file in that encoding", name, line) from None
    return parse_source(text, name, path.resolve().parent)


def parse_source(text: str, name: str = "lecture.md", folder: Path | None = None) -> Source:
    r"""A lecture from its text. Raises LectureError.

    >>> source = parse_source("---\ntitle: Slopes\n---\nText")
    >>> source.front["title"], source.text, source.first
    ('Slopes', 'Text', 4)
    """
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    for number, line in enumerate(lines, 1):
        if found := PRIVATE.search(line):
            raise LectureError(f"the character U+{ord(found[0]):04X} stands for nothing; delete it", name, number)
    front: dict[str, str] = {}
    places: dict[str, int] = {}
    first = 1
    if lines and DASHES.fullmatch(lines[0]):
        end = next((n for n, line in enumerate(lines) if n and DASHES.fullmatch(line)), None)
        if end is None:
            raise LectureError("the front matter has no second line of dashes, ---, to end it", name, 1)
        for number, line in enumerate(lines[1:end], 2):
            if line.strip() and not line.lstrip().startswith("#"):
                key, value = _pair(line, name, number)
                if key in front:
                    raise LectureError(f"{key} is said twice", name, number)
                front[key], places[key] = value, number
        first = end + 2
    return Source(name, folder or Path(), "\n".join(lines[first - 1 :]), first, front, places)


def _pair(line: str, name: str, number: int) -> tuple[str, str]:
    key, colon, value = line.partition(":")
    key, value = key.strip(), value.strip()
    if not colon or not key:
        raise LectureError(f'"{line.strip()}" is no "key: value"; the keys are {", ".join(KEYS)}', name, number)
    if key not in KEYS:
        near = get_close_matches(key, KEYS, n=1)
        hint = f'did you mean "{near[0]}"?' if near else f"the keys are {', '.join(KEYS)}"
        raise LectureError(f'there is no key "{key}"; {hint}', name, number)
    quoted = len(value) > 1 and value[0] == value[-1] and value[0] in "\"'"
    return key, value[1:-1] if quoted else value
