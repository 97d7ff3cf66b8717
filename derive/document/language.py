"""Languages: everything said in words comes from templates/words/<language>.toml, looked up by key."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from string import Formatter
from types import MappingProxyType
from typing import Any

from derive.errors import UsageError

REFERENCE = "en"  # the words file that the others are compared with


class LanguageError(UsageError):
    """A language that does not exist, or words files that do not fit together."""


@dataclass(frozen=True)
class Language:
    """One words file: message keys and their texts, in which {slots} are to be filled.

    >>> pt = load_language("pt")
    >>> pt.text("ui.table"), pt.decimal, pt.function("sin")
    ('Tabela', ',', 'sen')
    """

    name: str
    texts: Mapping[str, str]

    def has(self, key: str) -> bool:
        return key in self.texts

    def text(self, key: str) -> str:
        if key not in self.texts:
            raise LanguageError(f"the words of {self.name!r} have no key {key!r}")
        return self.texts[key]

    @property
    def decimal(self) -> str:
        """What stands between the whole part and the decimals."""
        return self.texts["language.decimal"]

    @property
    def tag(self) -> str:
        """The language and its region, as in pt-BR."""
        return self.texts["language.tag"]

    def function(self, name: str) -> str:
        """What a function is called: sen for sin in Portuguese."""
        return self.texts.get(f"functions.{name}", name)


def templates_folder() -> Path:
    """Where the templates are: inside the installed package, or at the root of the repository."""
    package = Path(__file__).resolve().parents[1]
    for folder in (package / "_templates", package.parent / "templates"):
        if folder.is_dir():
            return folder
    raise FileNotFoundError(f"no templates beside {package}; install derive again")


def languages(folder: Path | None = None) -> tuple[str, ...]:
    """The languages that exist."""
    return tuple(sorted(path.stem for path in ((folder or templates_folder()) / "words").glob("*.toml")))


def load_language(name: str, folder: Path | None = None) -> Language:
    """The language of that name; its words file must have the keys of the English one, with the same slots."""
    return _loaded(name, folder or templates_folder())


@lru_cache(maxsize=8)
def _loaded(name: str, folder: Path) -> Language:
    known = languages(folder)
    if name not in known:
        raise LanguageError(f"there is no language {name!r}; there is {', '.join(known)}")
    language = _read(folder / "words" / f"{name}.toml")
    if name != REFERENCE and REFERENCE in known:
        _compare({REFERENCE: _loaded(REFERENCE, folder).texts, name: language.texts})
    return language


def _read(path: Path) -> Language:
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
    except tomllib.TOMLDecodeError as error:
        raise LanguageError(f"{path.name}: {error}") from error
    return Language(path.stem, MappingProxyType(dict(_flat(data, "", path.name))))


def _flat(data: Mapping[str, Any], prefix: str, file: str) -> Iterator[tuple[str, str]]:
    for key, value in data.items():
        if isinstance(value, dict):
            yield from _flat(value, f"{prefix}{key}.", file)
        elif isinstance(value, str):
            yield f"{prefix}{key}", value
        else:
            raise LanguageError(f"{file}: {prefix}{key} is not a text")


def pieces(text: str) -> Iterator[tuple[str, str | None]]:
    """A text cut at its slots: words, and the slot that follows them.

    >>> list(pieces("the class {name} wins"))
    [('the class ', 'name'), (' wins', None)]
    """
    try:
        for words, slot, spec, conversion in Formatter().parse(text):
            if slot is not None and (not slot.isidentifier() or spec or conversion):
                raise LanguageError(f"{{{slot}}} is not a slot in {text!r}")
            yield words, slot
    except ValueError as error:
        if isinstance(error, LanguageError):
            raise
        raise LanguageError(f"{error} in {text!r}") from error


def slots_of(text: str) -> frozenset[str]:
    return frozenset(slot for _, slot in pieces(text) if slot is not None)


def _compare(texts: Mapping[str, Mapping[str, str]]) -> None:
    every = {key for one in texts.values() for key in one}
    for name, one in texts.items():
        if missing := sorted(every - set(one)):
            raise LanguageError(f"{name}.toml lacks {', '.join(missing)}")
    for key in sorted(every):
        slots = {name: slots_of(one[key]) for name, one in texts.items()}
        if len(set(slots.values())) > 1:
            shown = "; ".join(f"{name}: {', '.join(sorted(found)) or 'none'}" for name, found in slots.items())
            raise LanguageError(f"the slots of {key} differ ({shown})")
