"""What a witness says about a line: data without sentences, and never a bool."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import ClassVar, Literal, NoReturn

Status = Literal["proven", "refuted", "undecided", "not run"]
# a message slot, or a value at a point; a CAS gives a residual as a term, the balls as a number
Slot = object


@dataclass(frozen=True)
class _Verdict:
    """by names the witness: "balls", "sympy", "normal-form", "coq"."""

    status: ClassVar[Status]
    by: str

    def __bool__(self) -> NoReturn:
        raise TypeError(f'a verdict is not true or false; ask for its status ("{self.status}")')


@dataclass(frozen=True)
class Proven(_Verdict):
    """The witness agrees. detail says how much it looked at: sizes, lines, points, indices, reason.

    >>> Proven("balls", {"sizes": (2, 3), "lines": 9}).status
    'proven'
    """

    status: ClassVar[Status] = "proven"
    detail: Mapping[str, Slot] = field(default_factory=dict)


@dataclass(frozen=True)
class Refuted(_Verdict):
    """The witness found where it fails.

    point: readable names and their values. line: the number of the line that differs from the one before
    it, from 1; 0 is the claim itself. missing: names of assumptions under which it would hold.
    """

    status: ClassVar[Status] = "refuted"
    point: Mapping[str, Slot] = field(default_factory=dict)
    left: Slot = None
    right: Slot = None
    residual: Slot = None
    missing: tuple[str, ...] = ()
    line: int | None = None
    detail: Mapping[str, Slot] = field(default_factory=dict)


@dataclass(frozen=True)
class Undecided(_Verdict):
    """The witness looked and cannot tell. why is a message key, slots fill its message."""

    status: ClassVar[Status] = "undecided"
    why: str = ""
    slots: Mapping[str, Slot] = field(default_factory=dict)


@dataclass(frozen=True)
class NotRun(_Verdict):
    """The witness did not look. why is a message key, slots fill its message."""

    status: ClassVar[Status] = "not run"
    why: str = ""
    slots: Mapping[str, Slot] = field(default_factory=dict)


Verdict = Proven | Refuted | Undecided | NotRun
