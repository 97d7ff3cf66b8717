"""What the methods for the rules of the grammar share."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from lark import Token as Leaf
from lark.visitors import Transformer_NonRecursive

from derive.core.term import Term, num, sym
from derive.syntax.grammar.calls import CallError, Indices, written_out
from derive.syntax.grammar.error import FormulaError
from derive.syntax.grammar.names import Name
from derive.syntax.grammar.part import Part, is_zero


@dataclass
class Setting:
    """What the reader needs to know from outside: the text, how names are read, what is allowed."""

    text: str
    latex: bool
    resolve: Callable[[Name], Term]
    indices: Indices
    derivatives: bool
    variable: Term | None

    def fail(self, message: str, at: int, hint: str = "") -> FormulaError:
        return FormulaError(message, self.text, at, hint)


class Rules(Transformer_NonRecursive[Any, Any]):
    """One method for each rule, in the classes below; every one makes a Part out of Parts."""

    def __init__(self, setting: Setting) -> None:
        super().__init__(visit_tokens=False)
        self.at = setting
        self.sum_signs: list[tuple[str, int]] = []  # index letters and where their sum signs stand
        self.abstract: dict[str, tuple[int, int]] = {}  # the arguments of a function, and where it stands

    def shown(self, part: Part) -> str:
        return self.at.text[part.start : part.stop]

    def nonzero(self, part: Part) -> Part:
        if is_zero(part):
            raise self.at.fail("this divides by zero", part.start)
        return part

    def written_out(self, name: str, args: tuple[Term, ...], at: int) -> Term:
        try:
            return written_out(name, args, self.at.indices)
        except CallError as error:
            raise self.at.fail(str(error), at) from None


def place(written: str) -> Term:
    """An index, or the end of a sum: a letter or a number."""
    return num(int(written)) if written.isdecimal() else sym(written)


def part_of(child: Any) -> Part:
    """A rule's child that is a number or name of its own, or a Part already."""
    part = child.value if isinstance(child, Leaf) else child
    assert isinstance(part, Part), child
    return part


def joined(kind: str, term: Term, parts: Sequence[Part], value: Decimal | None = None) -> Part:
    return Part(term, parts[0].start, parts[-1].stop, kind, value, tuple(parts))
