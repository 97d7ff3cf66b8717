"""What is wrong with a formula: where, and what to write instead."""

from __future__ import annotations

from derive.errors import UsageError

WINDOW = 72  # how much of a long formula is shown


class FormulaError(UsageError):
    """A formula that cannot be read.

    message says what is wrong, position where (counted from 0), hint what to write instead; pointed is the formula
    and a caret beneath it, in two lines.

    >>> print(FormulaError("the bracket is never closed", "2 (x + 1", 2, "add )").pointed)
    2 (x + 1
      ^
    """

    def __init__(self, message: str, text: str, position: int, hint: str = "") -> None:
        self.message, self.text, self.hint = message, text, hint
        self.position = max(0, min(position, len(text)))
        super().__init__(message, text, position, hint)

    @property
    def pointed(self) -> str:
        start = max(0, min(self.position - WINDOW // 2, len(self.text) - WINDOW))
        before, after = "..." * (start > 0), "..." * (start + WINDOW < len(self.text))
        shown = "".join(c if c.isprintable() else "?" for c in self.text[start : start + WINDOW].replace("\n", " "))
        return f"{before}{shown}{after}\n{' ' * (len(before) + self.position - start)}^"

    def __str__(self) -> str:
        if not self.text.strip():
            return f"{self.message}; {self.hint}" if self.hint else self.message
        return "\n".join(filter(None, (f"{self.message} (column {self.position + 1})", self.pointed, self.hint)))
