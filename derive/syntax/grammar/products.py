"""Sums and products. What is unclear is refused, with both ways to write it."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import Any

from lark import Token as Leaf
from lark.visitors import v_args

from derive.core.term import add, mul, neg, sym, total
from derive.syntax.grammar.names import E_NUMBER
from derive.syntax.grammar.part import Part, computed, negated
from derive.syntax.grammar.rules import Rules, joined, part_of, place
from derive.syntax.grammar.tokens import SumSign
from derive.syntax.grammar.words import ABSTRACT

# before a bracket, these say nothing
_LEFT, _RIGHT = re.compile(r"\\(?:left|[bB]igg?l)\s*"), re.compile(r"\s*\\(?:right|[bB]igg?r)\s*(?=[)\]])")


@v_args(inline=True)
class Products(Rules):
    """Sums, products, fractions with /, sum signs."""

    def sum(self, first: Part, *rest: Part | Leaf) -> Part:
        parts = [part_of(first)]
        for sign, part in zip(rest[::2], map(part_of, rest[1::2]), strict=True):
            minus = isinstance(sign, Leaf) and sign.type == "MINUS"
            parts.append(self.negative(sign, part) if minus else part)
        return joined("", add(*(p.term for p in parts)), parts, computed("add", *parts))

    def negative(self, sign: Any, part: Part | Leaf) -> Part:
        u = part_of(part)
        return Part(neg(u.term), sign.start_pos, u.stop, "chain", negated(u.value), (u,))

    def positive(self, sign: Any, part: Part | Leaf) -> Part:
        return part_of(part)

    def chain(self, left: Part | Leaf, sign: Any, right: Part | Leaf) -> Part:
        u, v = part_of(left), part_of(right)
        divides = sign.type == "DIV"
        self._refuse_loose(u, sign, divides)
        unsigned = v.items[0] if v.kind == "chain" else v
        if divides and unsigned.kind == "juxtaposed":
            return self._coefficient(u, unsigned, sign)
        if not divides:
            return joined("chain", mul(u.term, v.term), [u, v], computed("multiply", u, v))
        self._refuse_root(u, sign, v)
        return self._divided(u, v)

    def _refuse_root(self, u: Part, sign: Any, v: Part) -> None:
        """x^1/2 is a half of x, and nobody means it."""
        last = u.items[-1] if u.kind in ("juxtaposed", "chain") else u
        if last.kind == "power" and v.kind == "number" and u.stop == sign.start_pos and sign.end_pos == v.start:
            base, exponent = map(self.shown, last.items)
            if exponent.lstrip("-") == "1":
                hint = f"write {base}^({exponent}/{self.shown(v)}) or ({base}^{exponent})/{self.shown(v)}"
                raise self.at.fail(f"{base}^{exponent}/{self.shown(v)} is unclear", last.start, hint)

    def _divided(self, u: Part, v: Part) -> Part:
        return joined("chain", u.term / self.nonzero(v).term, [u, v], computed("divide", u, v))

    def _coefficient(self, u: Part, v: Part, sign: Any) -> Part:
        """1/2 x is a half of x; 1/2x could be either."""
        first, *others = v.items
        tight = u.stop == sign.start_pos and sign.end_pos == first.start and first.stop < others[0].start
        if u.kind == first.kind == "number" and tight and not self.at.latex:
            fraction = self._divided(u, first)
            return joined("juxtaposed", mul(fraction.term, *(p.term for p in others)), [fraction, *others])
        over, factor = self.shown(u), self.shown(first)
        rest = " ".join(map(self.shown, others))
        raise self.at.fail(
            f"/ before the product {factor} {rest} is unclear", sign.start_pos,
            f"write {over}/({factor} {rest}) or ({over}/{factor}) {rest}",
        )  # fmt: skip

    def _refuse_loose(self, u: Part, sign: Any, divides: bool) -> None:
        tail = u.tail
        if tail == "loose":
            raise self.at.fail("what is differentiated is unclear", sign.start_pos, "put it in brackets: d/dx (..)")
        if tail == "barenumber" or (tail in ("bare", "twice") and divides and u.stop == sign.start_pos):
            last = self.shown(u.items[-1] if u.items else u)
            hint = f"write ({last}) {sign.value} .. or put the whole argument in brackets"
            raise self.at.fail("the argument of the function before this sign is unclear", sign.start_pos, hint)

    def juxtaposed(self, *factors: Part | Leaf) -> Part:
        parts = [part_of(factor) for factor in factors]
        for left, right in pairwise(parts):
            self._refuse_neighbours(left, right)
        return joined("juxtaposed", mul(*(p.term for p in parts)), parts, computed("multiply", *parts))

    def _refuse_neighbours(self, left: Part, right: Part) -> None:
        between = self.at.text[left.stop : right.start]
        touching = not between or _LEFT.fullmatch(between) is not None
        a, b = self.shown(left), _RIGHT.sub("", self.shown(right))
        if left.kind == "twice" or (left.kind in ("bare", "barenumber") and right.kind in ("bracket", "lone", "bars")):
            raise self.at.fail("the argument of this function is unclear", left.start, "put it in brackets: sin(..)")
        if left.kind == "barestack" and right.kind not in ("", "bare", "barestack"):
            raise self.at.fail("the argument of this function is unclear", left.start, "put it in brackets: sin(..)")
        if left.kind == "loose":
            raise self.at.fail("what is differentiated is unclear", left.start, "put it in brackets: d/dx (..)")
        self._refuse_transpose(left, right)
        lone = right.items[0] if right.kind == "power" else right
        if left.kind == "name" and lone.kind == "lone" and touching:
            b = self.shown(lone)
            raise self.at.fail(
                f"{a}{b} is unclear", left.start, f"write {a} * {b[1:-1]} for a product, f{b} for a function"
            )
        if left.kind == "power" and right.kind == "lone" and touching and self.shown(left.items[0]) in ABSTRACT:
            function = self.shown(left.items[0])
            raise self.at.fail(f"{a}{b} is unclear", left.start, f"write ({function}{b})^.. or {a} * {b[1:-1]}")
        if left.kind == "root" and touching:
            raise self.at.fail("how far the root goes is unclear", left.start, f"write √(..) or {a} * {b}")
        if left.kind == "power" and touching and not self.at.latex and right.kind in ("name", ""):
            base, exponent = left.items
            if exponent.tail == "number" and (base.term is E_NUMBER or base.kind == "number"):
                raise self.at.fail(f"{a}{b} is unclear", left.start, f"write {self.shown(base)}^(..) or {a} {b}")

    def _refuse_transpose(self, left: Part, right: Part) -> None:
        """w^T x is hardly ever a power."""
        if left.kind == "power" and left.items[0].kind == "name" and self.shown(left.items[1]).strip("{} ") == "T":
            base, other = self.shown(left.items[0]), self.shown(right)
            hint = f"write dot({base}, {other}) for vectors, or ({self.shown(left)}) * {other} for a power"
            raise self.at.fail(f"{self.shown(left)} before a factor is unclear", left.start, hint)

    def times_sum(self, left: Part | Leaf, *rest: Any) -> Part:
        *signs, sign, body = rest
        u, whole = part_of(left), self.summed(sign, body)
        if signs and signs[0].type == "DIV":
            return self._divided(u, whole)
        if u.tail in ("loose", "twice"):
            raise self.at.fail("how far this goes is unclear", u.start, "put brackets")
        return joined("chain", mul(u.term, whole.term), [u, whole])

    def summed(self, sign: Any, body: Part | Leaf) -> Part:
        mark, u = sign.value, part_of(body)
        assert isinstance(mark, SumSign)
        last = place(mark.last) if mark.last else self.at.indices.size()
        self.sum_signs.append((mark.index, sign.start_pos))
        return Part(total(sym(mark.index), last, u.term), sign.start_pos, u.stop, "summed")
