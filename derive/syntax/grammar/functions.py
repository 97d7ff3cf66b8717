"""Functions: with and without brackets, with exponents, abstract, by cases."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from lark import Token as Leaf
from lark.visitors import v_args

from derive.core.functions import FUNCTIONS
from derive.core.term import Term, fn, free, log, num
from derive.syntax.grammar.names import Name
from derive.syntax.grammar.part import Part, is_minus_one
from derive.syntax.grammar.piecewise import Piece, Pieces
from derive.syntax.grammar.powers import Powers
from derive.syntax.grammar.products import Products
from derive.syntax.grammar.rules import part_of, place
from derive.syntax.grammar.tokens import Call
from derive.syntax.grammar.words import INVERSE


@dataclass(frozen=True, slots=True)
class Head:
    """A function word with the exponent after it: sin^2."""

    call: Call
    exponent: Part | None
    start: int
    stop: int


@v_args(inline=True)
class Functions(Products, Powers, Pieces):
    """Calls of functions, known and abstract."""

    def function(self, word: Any, *exponent: Any) -> Head:
        part = part_of(exponent[1]) if exponent else None
        return Head(word.value, part, word.start_pos, part.stop if part else word.end_pos)

    def arguments(self, *arguments: Any) -> list[Part | Piece]:
        return [a if isinstance(a, Piece) else part_of(a) for a in arguments]

    def called(self, head: Any, opening: Any, arguments: Any, closing: Any, *below: Any) -> Part:
        given = arguments if isinstance(arguments, list) else [part_of(arguments)]
        if isinstance(head, Leaf):
            return self._abstract(head, given, closing)
        stop = below[0].end_pos if below else closing.end_pos
        return Part(self._called(head, given, below[0].value if below else None), head.start, stop)

    def called_bars(self, head: Head, opening: Any, argument: Part | Leaf, closing: Any) -> Part:
        inner = self.absolute(opening, argument, closing)
        return Part(self._called(head, [inner], None), head.start, closing.end_pos)

    def applied(self, head: Head, *factors: Part | Leaf) -> Part:
        u = part_of(factors[0]) if len(factors) == 1 else self.juxtaposed(*factors)
        self._refuse_several(head)
        self._refuse_unclear_end(head, [part_of(factor) for factor in factors])
        return Part(self._called(head, [u], None), head.start, u.stop, "barenumber" if u.kind == "number" else "bare")

    def applied_twice(self, head: Head, inner: Part) -> Part:
        self._refuse_several(head)
        term = self._called(head, [inner], None)
        if head.exponent is None and term == log(fn("gamma", *inner.term.args)) and inner.kind == "":
            return Part(fn("loggamma", *inner.term.args), head.start, inner.stop)
        return Part(term, head.start, inner.stop, "bare" if inner.kind in ("bare", "barenumber") else "twice")

    def applied_stacked(self, head: Head, inner: Part) -> Part:
        r"""\sin\frac{x}{2}."""
        self._refuse_several(head)
        return Part(self._called(head, [inner], None), head.start, inner.stop, "barestack")

    def applied_sum(self, head: Head, sign: Any, body: Part | Leaf) -> Part:
        r"""\log\sum_j e^{z_j}."""
        self._refuse_several(head)
        u = self.summed(sign, body)
        return Part(self._called(head, [u], None), head.start, u.stop, "barenumber")

    def _refuse_unclear_end(self, head: Head, factors: Sequence[Part]) -> None:
        """sin 2x and sin a x are clear; of sin x e^x and ln x x^2 nobody means the whole as the argument."""
        seen: frozenset[str] = frozenset()
        for n, factor in enumerate(factors):
            power_of_e = factor.term.op == "fn" and factor.term.value == "exp"
            if n and (power_of_e or seen & free(factor.term)):
                name = head.call.name
                message = f"it is unclear where the argument of {name} ends"
                raise self.at.fail(message, factor.start, f"write {name}(..) with brackets")
            seen |= free(factor.term)

    def _refuse_several(self, head: Head) -> None:
        known = FUNCTIONS.get(head.call.name)
        if (known is None or known.arity != 1) and head.call.name not in ("log2", "log10", "lg", "lb", "log"):
            raise self.at.fail(f"{head.call.name} needs brackets", head.start, f"write {head.call.name}(..)")

    def _called(self, head: Head, arguments: Sequence[Part | Piece], below: Name | None) -> Term:
        name = head.call.name
        if name == "piecewise" and head.exponent is None and below is None:
            return self.by_cases([Piece(a, ()) if isinstance(a, Part) else a for a in arguments], head.start)
        parts = [a for a in arguments if isinstance(a, Part)]
        if len(parts) < len(arguments):
            raise self.at.fail("conditions stand only in piecewise(..)", head.start, "write piecewise(x if x < 0; 1)")
        args = [part.term for part in parts] + self._below(head, below)
        if name in ("root", "rational") and len(parts) == 2:
            self.nonzero(parts[0 if name == "root" else 1])
        if name == "pow" and len(parts) == 2:
            return self.power(parts[0], None, parts[1]).term
        if head.exponent is None:
            return self.written_out(name, tuple(args), head.start)
        return self._raised(head, head.exponent, tuple(args))

    def _raised(self, head: Head, exponent: Part, args: tuple[Term, ...]) -> Term:
        """sin^2 x, and sin^-1 x for the inverse function."""
        name = head.call.name
        if is_minus_one(exponent) and name in INVERSE:
            return self.written_out(INVERSE[name], args, head.start)
        if exponent.value is not None and exponent.value < 0:
            raise self.at.fail(
                f"{name} with a negative exponent is unclear",
                exponent.start,
                f"write 1/{name}(..) or the inverse function",
            )
        whole = Part(self.written_out(name, args, head.start), head.start, head.stop)
        return self.power(whole, None, exponent).term

    def _below(self, head: Head, after: Name | None) -> list[Term]:
        """The base of a logarithm, or which entry of a softmax."""
        name, below = head.call.name, after or head.call.below
        if below is None:
            return []
        if name not in ("log", "softmax") or (after and (name == "log" or head.call.below)):
            raise self.at.fail("a subscript has no meaning here", below.start)
        if name == "softmax":
            indices = below.indices if after else Name("", (below.base,), 0, 0).indices
            if indices is None or len(indices) != 1:
                raise self.at.fail("softmax has one index", below.start, "write softmax(z)_i")
            return [place(indices[0])]
        if below.base.isdecimal():
            if len(below.base) > 50:
                raise self.at.fail("a number of more than 50 digits", below.start)
            return [num(int(below.base))]
        return [self.at.resolve(below)] if below.base != "e" else []

    def _abstract(self, letter: Any, arguments: list[Part | Piece], closing: Any) -> Part:
        parts = [a for a in arguments if isinstance(a, Part)]
        name, prime, order = str(letter.value).partition("'")
        count, _ = self.abstract.setdefault(name, (len(parts), letter.start_pos))
        if len(parts) < len(arguments) or count != len(parts):
            raise self.at.fail(f"{name} has {count} argument(s) elsewhere", letter.start_pos)
        digits = order.strip("'")
        if prime and (bool(digits) != (count > 1) or any(not 1 <= int(n) <= count for n in digits)):
            raise self.at.fail(
                f"which derivative of {name} is unclear", letter.start_pos,
                "write f'(x) for one argument, f'1(x, y) and f'2(x, y) for several",
            )  # fmt: skip
        return Part(fn(str(letter.value), *(p.term for p in parts)), letter.start_pos, closing.end_pos)
