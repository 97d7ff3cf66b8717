"""What the calls of one lecture share: its file, its language, its labels, and what was proved so far."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from derive.authoring.error import LectureError
from derive.authoring.inline import LABEL, Sentences, token
from derive.authoring.labels import Labels
from derive.authoring.source import Source
from derive.authoring.values import Anchor, Blocks, Inline, Marker, Net, Opened, Proved, Value
from derive.document.language import Language
from derive.document.nodes import Message, Name, Number, Slot

LARGEST_DATA = 1_000_000  # bytes
MOST_PROOFS = 200


@dataclass
class Author:
    """The state of a lecture while its calls run.

    derivation: how a proof is told that is printed as it is. torch: whether tables compare with PyTorch where it is
    installed. places: what the calls have given, in their order.
    """

    source: Source
    language: Language
    detail: str
    witnesses: tuple[str, ...]
    labels: Labels
    folders: tuple[Path, ...]
    derivation: Callable[[Author, Proved], Blocks]
    torch: bool = True
    places: list[Value] = field(default_factory=list)
    proofs: int = 0

    @property
    def sentences(self) -> Sentences:
        return Sentences(self.source.name, self.language.decimal, self.places, wanted=self.labels.wanted)

    def show(self, value: Any) -> str:
        """The mark that stands in the text for a value."""
        self.places.append(self.value(value))
        return token(len(self.places) - 1)

    def value(self, value: Any) -> Value:
        match value:
            case Inline() | Blocks() | Anchor() | Marker():
                return value
            case Proved():
                return self.derivation(self, value)
            case str():
                return Inline(Name(value))
            case bool():
                raise LectureError("a condition is not something to print")
            case int():
                return Inline(Number(value, 0))
            case float():
                raise LectureError("say with how many decimals: number(..., 3)")
            case Net() | Opened():
                raise LectureError("this is not something to print; make a table, a figure or a number of it")
            case None:
                raise LectureError("this gives nothing to print")
        raise LectureError("a list is not something to print; make a table of it, or take one entry")

    def text(self, value: object) -> Slot:
        """What stands in a caption or a cell: a text with its Markdown, or what a call gives."""
        if isinstance(value, str):
            phrase = self.sentences.parsed(value)
            return phrase.items[0] if len(phrase.items) == 1 else phrase
        given = self.value(value)
        if not isinstance(given, Inline):
            raise LectureError("what stands in a cell or a caption fits into a sentence; this does not")
        return given.slot

    def cell(self, value: object, decimals: int) -> Slot:
        """A cell of a table, numbers with so many decimals."""
        if isinstance(value, float):
            return Number(value, decimals)
        return self.text(value)

    def label(self, chosen: object, otherwise: str) -> str:
        if chosen is None:
            return self.labels.of(otherwise)
        if not isinstance(chosen, str) or not LABEL.fullmatch(chosen):
            raise LectureError(f'"{chosen}" is no label; letters, digits, - and : after a letter are')
        return self.labels.claim(chosen)

    def words(self, key: str, **slots: Slot) -> Message:
        return Message(f"authoring.{key}", slots)

    def counted(self) -> None:
        self.proofs += 1
        if self.proofs > MOST_PROOFS:
            raise LectureError(f"more than {MOST_PROOFS} proofs in one lecture; write it in parts")

    def file(self, name: object) -> Path:
        """A file of the lecture's folder. Raises LectureError for any other."""
        if not isinstance(name, str) or not name or "\0" in name:
            raise LectureError("a file is given by its name, in quotes")
        for folder in self.folders:
            path = (folder / name).resolve()
            if not path.is_relative_to(folder.resolve()):
                raise LectureError(f'"{name}" lies outside of the folder of the lecture')
            if path.is_file():
                return path
        raise LectureError(f'there is no file "{name}" in the folder of the lecture')

    def read(self, name: object) -> str:
        """The text of a file of the lecture's folder."""
        path = self.file(name)
        if path.stat().st_size > LARGEST_DATA:
            raise LectureError(f"{path.name} is larger than {LARGEST_DATA // 1000} kB")
        try:
            return path.read_bytes().decode("utf-8-sig")
        except UnicodeDecodeError as error:
            raise LectureError(f"{path.name} is not UTF-8 (byte {error.start + 1}); save it in that encoding") from None

    def toml(self, name: object) -> Mapping[str, Any]:
        try:
            return tomllib.loads(self.read(name))
        except tomllib.TOMLDecodeError as error:
            raise LectureError(f"{name}: {error}") from None


def need(value: Any, kind: type, what: str) -> Any:
    """The value, if it is of the kind that a call needs."""
    if not isinstance(value, kind):
        raise LectureError(f"here {what} is needed")
    return value
