"""Notations: which letters stand for what, as tables that anybody can add to."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from derive.document.language import templates_folder
from derive.document.nodes import Document
from derive.document.prose_trees import refuse_clashes
from derive.errors import UsageError

NAME = re.compile(r"[^\W\d_]+[0-9]*(?:_[^\W_]+|__(?:[0-9]+|l))*")
KEPT = frozenset("de")  # the d of derivatives and the number e
LONGEST = 100  # letters of a table
LARGEST = 10_000  # bytes of one


class LetteringError(UsageError):
    """A notation that does not exist, or a table that is none."""


def letterings(folder: Path | None = None) -> tuple[str, ...]:
    """The notations that exist."""
    return tuple(sorted(path.stem for path in ((folder or templates_folder()) / "notations").glob("*.toml")))


def load_letters(name: str, folder: Path | None = None) -> Mapping[str, str]:
    """What is shown for each letter, by the name of a notation or of a .toml file (in a folder). Raises LetteringError.

    >>> load_letters("o-s-theta-beta")["W"]
    'theta'
    """
    if name.endswith(".toml"):
        path = (folder or Path()) / name
        if folder is not None and not path.resolve().is_relative_to(folder.resolve()):
            raise LetteringError(f'"{name}" lies outside of the folder of the lecture')
    elif name in letterings():
        path = templates_folder() / "notations" / f"{name}.toml"
    else:
        raise LetteringError(f'there is no notation "{name}"; there is {", ".join(letterings())}, or a .toml file')
    try:
        with path.open("rb") as file:
            data = file.read(LARGEST + 1)
        found = tomllib.loads(data.decode("utf-8")) if len(data) <= LARGEST else {}
    except OSError as error:
        raise LetteringError(f"{name}: {error.strerror or error}") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise LetteringError(f"{name}: {error}") from None
    return _checked(name, found.get("letters", {}))


def _checked(name: str, letters: object) -> Mapping[str, str]:
    if not isinstance(letters, dict) or not 0 < len(letters) <= LONGEST:
        if isinstance(letters, dict) and not letters and name in letterings():
            return {}
        raise LetteringError(f'{name}: a notation is a table [letters] with lines such as W = "theta"')
    for key, shown in letters.items():
        if key in KEPT:
            raise LetteringError(f"{name}: {key} has a meaning of its own; it cannot be called otherwise")
        if not isinstance(shown, str) or not NAME.fullmatch(key) or not NAME.fullmatch(shown):
            raise LetteringError(f'{name}: {key} = {shown!r} is not a letter for a letter, such as W = "theta"')
    return dict(letters)


def lettered(document: Document, letters: Mapping[str, str]) -> Document:
    """The document in a notation. Raises UsageError where two of its names would be written alike."""
    refuse_clashes(document, letters)
    return replace(document, style=document.style.called(letters))
