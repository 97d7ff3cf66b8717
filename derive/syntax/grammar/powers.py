"""Powers, brackets, roots, fractions, derivatives."""

from __future__ import annotations

import re
from typing import Any

from lark import Token as Leaf
from lark.visitors import v_args

from derive.core.term import Term, d, exp, fn, num, sym
from derive.syntax.grammar.names import E_NUMBER
from derive.syntax.grammar.part import LARGEST_EXPONENT, Part, computed, is_zero, too_large
from derive.syntax.grammar.rules import Rules, part_of

_LAYER = re.compile(r"\{\s*[(\[]\s*(?:[0-9]+|[ijklmnLt])\s*[)\]]\s*\}")  # W^{(1)} of a network


@v_args(inline=True)
class Powers(Rules):
    """Powers and everything with brackets of its own."""

    def power(self, base: Part | Leaf, caret: Any, exponent: Part | Leaf) -> Part:
        u, v = part_of(base), part_of(exponent)
        if u.kind == "root":
            raise self.at.fail("how far the root goes is unclear", u.start, "write √(..)")
        if _LAYER.fullmatch(self.shown(v)):
            hint = f"write {self.shown(u)}_1 for a name, {self.shown(u)}^2 for a power"
            raise self.at.fail("an exponent in brackets may be a mark or a power", v.start, hint)
        self._refuse_capital(u, v)
        self._refuse_factorial(u, v)
        if too_large(v.value, LARGEST_EXPONENT):
            raise self.at.fail(f'an exponent beyond the limit "exponent", which is {LARGEST_EXPONENT}', v.start)
        value = computed("power", u, v)
        if value is not None and value.is_infinite():
            raise self.at.fail("this divides by zero" if is_zero(u) else "a number too large to write down", u.start)
        term = exp(v.term) if u.term is E_NUMBER else u.term**v.term
        return Part(term, u.start, v.stop, "power", value, (u, v))

    def _refuse_capital(self, u: Part, v: Part) -> None:
        """E^x is e^x in other programs; E^2 may well be an energy."""
        capital = [part for part in (u, v) if part.kind == "name" and self.shown(part) == "E"]
        if capital and v.kind != "number" and u.term is not E_NUMBER:
            hint = "write e for the number e, and (E) for a variable"
            raise self.at.fail("E in a power is unclear", capital[0].start, hint)

    def _refuse_factorial(self, u: Part, v: Part) -> None:
        if v.kind == "factorial":
            base, exponent = self.shown(u), self.shown(v)
            hint = f"write ({base}^{exponent[:-1]})! or {base}^({exponent})"
            raise self.at.fail(f"{base}^{exponent} is unclear", u.start, hint)

    def bracket(self, opening: Any, part: Part | Leaf, closing: Any) -> Part:
        u = part_of(part)
        return u.within(opening.start_pos, closing.end_pos, "lone" if u.kind in ("name", "number") else "bracket")

    def group(self, opening: Any, part: Part | Leaf, closing: Any) -> Part:
        return part_of(part).within(opening.start_pos, closing.end_pos)

    def primed(self, opening: Any, part: Part | Leaf, closing: Any, *primes: Any) -> Part:
        u = part_of(part)
        if self.at.variable is None:
            raise self.at.fail("a prime, and no variable is given", primes[0].start_pos, "write d/dx (..)")
        term = u.term
        for prime in primes:
            term = self._derivative(term, self.at.variable, prime.start_pos)
        return Part(term, opening.start_pos, primes[-1].end_pos)

    def absolute(self, opening: Any, part: Part | Leaf, closing: Any) -> Part:
        return Part(fn("abs", part_of(part).term), opening.start_pos, closing.end_pos, "bars")

    def norm(self, opening: Any, part: Part | Leaf, closing: Any) -> Part:
        term = self.written_out("norm", (part_of(part).term,), opening.start_pos)
        return Part(term, opening.start_pos, closing.end_pos, "bars")

    def factorial(self, part: Part | Leaf, bang: Any) -> Part:
        u = part_of(part)
        if u.kind == "factorial":
            raise self.at.fail("a double factorial is not known here", bang.start_pos, "write (x!)!, if that is meant")
        term = self.written_out("factorial", (u.term,), u.start)
        return Part(term, u.start, bang.end_pos, "factorial")

    def root(self, sign: Any, opening: Any, part: Part | Leaf, closing: Any) -> Part:
        return Part(self._root(sign, part_of(part)), sign.start_pos, closing.end_pos)

    def root_bare(self, sign: Any, part: Part | Leaf) -> Part:
        u = part_of(part)
        return Part(self._root(sign, u), sign.start_pos, u.stop, "root")

    def _root(self, sign: Any, u: Part) -> Term:
        return self.written_out("root", (num(2 + "√∛∜".index(sign.value)), u.term), sign.start_pos)

    def square_root(self, sign: Any, part: Part | Leaf) -> Part:
        u = part_of(part)
        return Part(fn("sqrt", u.term), sign.start_pos, u.stop)

    def nth_root(self, sign: Any, opening: Any, n: Part | Leaf, closing: Any, part: Part | Leaf) -> Part:
        u = part_of(part)
        term = self.written_out("root", (self.nonzero(part_of(n)).term, u.term), sign.start_pos)
        return Part(term, sign.start_pos, u.stop)

    def fraction(self, sign: Any, above: Part | Leaf, below: Part | Leaf) -> Part:
        u, v = part_of(above), self.nonzero(part_of(below))
        return Part(u.term / v.term, sign.start_pos, v.stop, "", computed("divide", u, v))

    def digit(self, leaf: Any) -> Part:
        u = part_of(leaf)
        if u.stop - u.start > 1:
            raise self.at.fail("only the first digit belongs to this in LaTeX", u.start, "put the number in braces")
        return u

    def derivative(self, sign: Any, operand: Part | Leaf) -> Part:
        u = part_of(operand)
        if u.kind == "power" and u.items[0].kind in ("bracket", "lone"):
            raise self.at.fail("what is differentiated is unclear", u.start, "write d/dx ((..)^2) or (d/dx (..))^2")
        term = self._derivative(u.term, self.at.resolve(sign.value), sign.start_pos)
        return Part(term, sign.start_pos, u.stop, "" if u.kind in ("bracket", "lone", "bars") else "loose")

    def _derivative(self, u: Term, x: Term, at: int) -> Term:
        if not self.at.derivatives:
            raise self.at.fail("a derivative, where the formula itself is asked for", at, "leave d/dx out")
        if x.op not in ("sym", "elem") or x == sym("pi"):
            raise self.at.fail(f"{x} is no variable", at, "differentiate by a symbol or an entry")
        return d(u, x)
