"""Functions by cases."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from lark import Token as Leaf
from lark.visitors import v_args

from derive.core.term import Term, cases, fn, neg, num
from derive.syntax.grammar.part import Part, is_zero
from derive.syntax.grammar.rules import Rules, part_of

Comparison = tuple[Part, str, Part]
RELATION = {"<": "<", ">": ">", "<=": "<=", ">=": ">=", "≤": "<=", "≥": ">=", r"\lt": "<", r"\gt": ">"} | {
    rf"\{word}": f"{word[0].replace('l', '<').replace('g', '>')}="
    for word in ("le", "leq", "leqslant", "ge", "geq", "geqslant")
}
COMPLEMENT = {"<": ">=", ">=": "<", ">": "<=", "<=": ">"}


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of a function by cases; no conditions: everywhere else."""

    then: Part
    conditions: tuple[Comparison, ...]


@v_args(inline=True)
class Pieces(Rules):
    """Pieces, their conditions, and the cases that they make."""

    def cases(self, opening: Any, *rows: Any) -> Part:
        pieces = [row for row in rows if isinstance(row, Piece)]
        return Part(self.by_cases(pieces, opening.start_pos), opening.start_pos, rows[-1].end_pos)

    def braces(self, opening: Any, arguments: list[Part | Piece], closing: Any) -> Part:
        pieces = [Piece(a, ()) if isinstance(a, Part) else a for a in arguments]
        return Part(self.by_cases(pieces, opening.start_pos), opening.start_pos, closing.end_pos)

    def indicator(self, sign: Any, opening: Any, condition: tuple[Comparison, ...], closing: Any) -> Part:
        """1[u > v] is step(u - v): 1 where it holds and 0 elsewhere."""
        term = num(1)
        for u, relation, v in reversed(condition):
            term = self._where(term, u, relation, v)
        return Part(term, sign.start_pos, closing.end_pos, "bars")

    def _where(self, term: Term, u: Part, relation: str, v: Part) -> Term:
        if term != num(1) or "=" in relation:
            return cases(term, u.term, relation, v.term, num(0))
        more, less = (u, v) if relation == ">" else (v, u)
        if is_zero(less):
            return fn("step", more.term)
        return fn("step", neg(less.term) if is_zero(more) else more.term - less.term)

    def piece(self, *children: Any) -> Piece:
        then = next(c for c in children if isinstance(c, Part) or (isinstance(c, Leaf) and isinstance(c.value, Part)))
        return Piece(part_of(then), next(c for c in children if isinstance(c, tuple)))

    def last(self, then: Part | Leaf, *_: Any) -> Piece:
        return Piece(part_of(then), ())

    def condition(self, *comparisons: Any) -> tuple[Comparison, ...]:
        return tuple(c for chain in comparisons if isinstance(chain, list) for c in chain)

    def comparison(self, *children: Any) -> list[Comparison]:
        parts, signs = [part_of(c) for c in children[::2]], [RELATION[c.value] for c in children[1::2]]
        return list(zip(parts, signs, parts[1:], strict=False))

    def by_cases(self, pieces: list[Piece], at: int) -> Term:
        *before, final = pieces
        early = [piece for piece in before if not piece.conditions]
        if early:
            raise self.at.fail("a piece without a condition comes last", early[0].then.start, "write x if x < 0")
        if final.conditions and not (before and _complementary(before[-1], final)):
            raise self.at.fail("nothing is said about what holds elsewhere", final.then.start, "end with a last piece")
        term = final.then.term
        for piece in reversed(before):
            inner = piece.then.term
            for left, relation, right in reversed(piece.conditions):
                inner = cases(inner, left.term, relation, right.term, term)
            term = inner
        return term


def _complementary(one: Piece, other: Piece) -> bool:
    if len(one.conditions) != 1 or len(other.conditions) != 1:
        return False
    (a, sign, b), (x, other_sign, y) = one.conditions[0], other.conditions[0]
    return (a.term, b.term) == (x.term, y.term) and COMPLEMENT[sign] == other_sign
