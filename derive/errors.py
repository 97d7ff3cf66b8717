"""What can go wrong in a user's hands, and the exit code that says so."""

from __future__ import annotations

from typing import ClassVar

PROVEN, ERROR, USAGE, REFUTED, UNDECIDED, MISSING_TOOL = range(6)


class UsageError(ValueError):
    """Something was asked for that does not exist or does not fit; the message says what would."""

    exit_code: ClassVar[int] = USAGE


class Corrupted(ValueError):
    """A file that is not a proof written by derive, or not any more."""

    exit_code: ClassVar[int] = REFUTED


class MissingTool(RuntimeError):
    """A program outside derive is not installed; the message says how to install it."""

    exit_code: ClassVar[int] = MISSING_TOOL
