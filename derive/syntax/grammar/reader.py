"""The rules of the grammar, as terms."""

from __future__ import annotations

from lark import Token as Leaf
from lark.visitors import v_args

from derive.syntax.grammar.functions import Functions
from derive.syntax.grammar.part import Part
from derive.syntax.grammar.rules import part_of


@v_args(inline=True)
class Reader(Functions):
    """The sides of a line, each a Part."""

    def sides(self, *parts: Part | Leaf) -> tuple[Part, ...]:
        return tuple(map(part_of, parts))
