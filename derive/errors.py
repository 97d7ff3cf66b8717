"""What can go wrong in a user's hands, and the exit code that says so."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches
from typing import ClassVar

PROVEN, ERROR, USAGE, REFUTED, UNDECIDED, MISSING_TOOL = range(6)
MOST_SUGGESTED = 4


class UsageError(ValueError):
    """Something was asked for that does not exist or does not fit; the message says what would."""

    exit_code: ClassVar[int] = USAGE


class Corrupted(ValueError):
    """A file that is not a proof written by derive, or not any more."""

    exit_code: ClassVar[int] = REFUTED


class MissingTool(RuntimeError):
    """A program outside derive is not installed; the message says how to install it."""

    exit_code: ClassVar[int] = MISSING_TOOL


def unknown(kind: str, name: str, known: Iterable[str]) -> str:
    """What to say about a name of the catalogue that does not exist.

    >>> unknown("problem", "softmax", ["softmax-cross-entropy"])
    'there is no problem "softmax"; did you mean "softmax-cross-entropy"? ("derive list" shows them all)'
    """
    names = list(known)
    begun = [each for each in names if len(name) > 2 and each.startswith(name)]
    near = list(dict.fromkeys((*begun, *get_close_matches(name, names, n=1, cutoff=0.3))))[:MOST_SUGGESTED]
    *most, last = [f'"{each}"' for each in near] or [""]
    hint = f"; did you mean {', '.join(most)}{' or ' if most else ''}{last}?" if near else ""
    return f'there is no {kind} "{name}"{hint} ("derive list" shows them all)'
