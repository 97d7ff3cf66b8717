"""What is said of one line of a person's own derivation: data without sentences."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from derive.checking.slips.diagnose import Diagnosis
from derive.core.term import Term

MISSING = "assumption-missing"  # the slip of a line that would hold under one assumption more
LineStatus = Literal["follows", "equal", "wrong", "undecided", "unread"]


@dataclass(frozen=True)
class LineVerdict:
    """One line, and what was found.

    status: "follows" from the line before by one named rule or by algebra; "equal" to what was asked, but steps are
    left out; "wrong"; "undecided"; "unread" when it cannot be read, and why says what is wrong with it.
    rule: the rule by which it follows; of a wrong line, by which it follows from a wrong line before. skipped: rules
    that a full derivation would name. expected: what the line should be equal to. point: where it fails; left and
    right: the values there, the right one and the line's own. residual: left - right, factored. missing: names of
    assumptions under which it would hold.
    """

    text: str
    term: Term | None
    status: LineStatus
    expected: Term | None = None
    rule: str | None = None
    skipped: tuple[str, ...] = ()
    point: Mapping[str, object] = field(default_factory=dict)
    left: float | None = None
    right: float | None = None
    residual: Term | None = None
    diagnosis: Diagnosis | None = None
    missing: tuple[str, ...] = ()
    why: str = ""

    @property
    def slip(self) -> str | None:
        """The name of the slip, when it is a known one."""
        if self.missing:
            return MISSING
        return self.diagnosis.slip.name if self.diagnosis else None
