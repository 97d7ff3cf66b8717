"""What can be wrong in a lecture, with its file and line."""

from __future__ import annotations

from derive.errors import UsageError


class LectureError(UsageError):
    """Something in a lecture that cannot be; the message says where, what, and what to do.

    >>> str(LectureError("there is no call named prov; did you mean prove?", "my.md", 12))
    'my.md:12: there is no call named prov; did you mean prove?'
    """

    def __init__(self, why: str, file: str = "", line: int | None = None) -> None:
        self.why, self.file, self.line = why, file, line
        place = file if line is None else f"{file}:{line}"
        super().__init__(f"{place}: {why}" if place else why)

    def at(self, file: str, line: int | None) -> LectureError:
        """The same with its place, unless it has one."""
        return self if self.file else LectureError(self.why, file, line)
