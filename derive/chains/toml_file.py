"""A small TOML file from a stranger, read into a mapping without hanging, filling the memory or running anything."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

from derive.chains.spec_problem import NetworkError, SpecProblem, printable

MOST_BYTES = 2**18
MOST_DOTS = 16  # in a key; tomllib needs memory with the square of their number
AT = re.compile(r" \(at line (\d+), column (\d+)\)")
# strings and comments, closed or not, so that no place is read twice
QUOTED = re.compile(
    r'"""(?:[^\\]|\\.)*?(?:"{3,5}|\Z)'
    r"|'''.*?(?:'{3,5}|\Z)"
    r'|"(?:[^"\\\n]|\\.)*(?:"|(?=\n)|\Z)'
    r"|'[^'\n]*(?:'|(?=\n)|\Z)"
    r"|#[^\n]*",
    re.DOTALL,
)


def toml_file(path: Path) -> Mapping[str, Any]:
    """What the file says; floats are decimals, as they are spelled. Raises NetworkError, with the line and column."""
    name = printable(path.name or str(path))
    try:
        text = _text(path)
        _refuse_long_keys(text)
        return tomllib.loads(text, parse_float=_spelled)
    except NetworkError as error:
        raise NetworkError([SpecProblem(name, problem.message) for problem in error.problems]) from None
    except tomllib.TOMLDecodeError as error:
        raise NetworkError([SpecProblem(name, _syntax(str(error)))]) from None
    except RecursionError:
        raise NetworkError([SpecProblem(name, "is nested too deeply to be a network")]) from None
    except ValueError:  # of a number that Python will not read
        raise NetworkError([SpecProblem(name, "holds a number with too many digits")]) from None


def _text(path: Path) -> str:
    """The text of a regular file of modest size; a byte order mark is skipped."""
    if "\n" in str(path):
        raise _unreadable("is not the name of a file; give a file, or a dict of the same shape")
    try:
        if path.is_dir():
            raise _unreadable("is a folder; give a .toml file")
        if not path.is_file():
            raise _unreadable("there is no such file")
        with path.open("rb") as file:
            data = file.read(MOST_BYTES + 1)
    except OSError as error:
        raise _unreadable(f"cannot be read: {error.strerror}") from None
    if len(data) > MOST_BYTES:
        raise _unreadable(f"is too large: a network file has at most {MOST_BYTES} bytes")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise _unreadable(f"is not UTF-8 text: line {line} has the byte {data[error.start]:#04x}") from None


def _refuse_long_keys(text: str) -> None:
    bare = QUOTED.sub("", text + "\n")  # so that a backslash at the end is followed by something
    if any(key.count(".") > MOST_DOTS for key in re.split(r"[=\n,{}\[\]]", bare)):
        raise _unreadable(f"has a key with more than {MOST_DOTS} dots")


def _unreadable(why: str) -> NetworkError:
    return NetworkError([SpecProblem("", why)])


def _syntax(message: str) -> str:
    """Where the TOML ends to be TOML, first the place."""
    place = AT.search(message)
    where = f"line {place[1]}, column {place[2]}" if place else "the end of the file"
    return f"is not TOML at {where}: {printable(AT.sub('', message).replace(' (at end of document)', ''), 200)}"


def _spelled(text: str) -> Decimal:
    """A TOML float as it is spelled. Raises ValueError for an exponent beyond measure."""
    try:
        return Decimal(text)
    except InvalidOperation:
        raise ValueError(text) from None
