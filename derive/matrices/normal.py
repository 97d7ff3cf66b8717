"""One form for everything that equals it by distributing and by rules of sums, each step cited. Untrusted.

Every sum is split into sums of single products, and only what has its index stays inside. Sums are not exchanged.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from derive.core.term import Path, Term, add, free, mul, neg, num, part
from derive.proofs.builder import Builder

ONE, ZERO = num(1), num(0)
HIGHEST = 4  # a power that is multiplied out
MOST_STEPS = 200
Monomial = tuple[Fraction, tuple[Term, ...]]


class Normal(Builder):
    """A proof that leads from a line to its normal form."""

    def reach(self) -> Normal:
        """The line in its normal form."""
        for _ in range(MOST_STEPS):
            found = next((path for path, t in _sums(self.line) if not _is_normal(t)), None)
            if found is None:
                break
            self._improve(found)
        return self

    def _improve(self, path: Path) -> None:
        """One sum: split, or what has no index taken out, or one term picked."""
        index, _, body = part(self.line, path).args
        parts = monomials(body)
        if len(parts) != 1:
            whole = spelled(parts)
            self._rearrange((*path, 2), whole)
            if parts:
                self.cite("split-sum", path, {"f": whole.args[0], "u": add(*whole.args[1:])})
            else:
                self.cite("sum-of-constant", path, {"c": ZERO})
            return
        number, factors = parts[0]
        inside = [a for a in factors if index.value in free(a)]
        outside = [*([] if number == 1 and factors else [_signed(number)]), *(a for a in factors if a not in inside)]
        if not inside:
            self._rearrange((*path, 2), mul(*outside))
            self.cite("sum-of-constant", path)
        elif outside:  # one at a time
            self._rearrange((*path, 2), mul(*outside, *inside))
            self.cite("factor-out", path, {"c": outside[0]})
        else:
            self._pick(path, index, inside)

    def _pick(self, path: Path, index: Term, factors: list[Term]) -> None:
        """Of a sum over a Kronecker delta one term remains; without a delta, the factors are put in order."""
        found = next((a for a in factors if _over(a, index)), None)
        if found is None:
            self._rearrange((*path, 2), mul(*factors))
            return
        rest = list(factors)
        rest.remove(found)
        self._rearrange((*path, 2), mul(*rest, found))
        if found.args[0] != index:
            self.cite("delta-order", (*path, 2, len(rest)) if rest else (*path, 2))
        self.cite("pick" if rest else "pick-one", path)

    def _rearrange(self, path: Path, new: Term) -> None:
        if new != part(self.line, path):
            self.rearrange(path, new)


def monomials(t: Term) -> list[Monomial]:
    """t multiplied out: numbers with their factors, in one order, like terms together.

    >>> from derive.core.term import sym
    >>> a, b = sym("a"), sym("b")
    >>> spelled(monomials((a - b) * (b + a)))
    add(mul(a, a), neg(mul(b, b)))
    """
    collected: dict[tuple[Term, ...], Fraction] = {}
    for number, factors in _expanded(t):
        key = tuple(sorted(factors, key=repr))
        collected[key] = collected.get(key, Fraction(0)) + number
    return [(number, key) for key, number in sorted(collected.items(), key=lambda pair: repr(pair[0])) if number]


def spelled(parts: list[Monomial]) -> Term:
    """The sum of them as a term."""
    terms = []
    for number, factors in parts:
        product = mul(*([] if abs(number) == 1 and factors else [_signed(abs(number))]), *factors)
        terms.append(neg(product) if number < 0 else product)
    return add(*terms) if terms else ZERO


def _signed(value: Fraction) -> Term:
    size = num(abs(value.numerator))
    size = size if value.denominator == 1 else size / num(value.denominator)
    return neg(size) if value < 0 else size


def _expanded(t: Term) -> list[Monomial]:
    match t.op:
        case "num":
            return [(Fraction(t.value or 0), ())]
        case "neg":
            return [(-number, factors) for number, factors in _expanded(t.args[0])]
        case "add":
            return [each for a in t.args for each in _expanded(a)]
        case "mul":
            return _multiplied([_expanded(a) for a in t.args])
        case "div":
            return _multiplied([_expanded(t.args[0]), _reciprocal(t.args[1])])
        case "pow" if t.args[1].op == "num" and t.args[1].value in range(1, HIGHEST + 1):
            return _multiplied([_expanded(t.args[0])] * int(Fraction(t.args[1].value or 1)))
    return [(Fraction(1), (t,))]


def _multiplied(parts: list[list[Monomial]]) -> list[Monomial]:
    product: list[Monomial] = [(Fraction(1), ())]
    for each in parts:
        product = [(a * b, (*left, *right)) for a, left in product for b, right in each]
    return product


def _reciprocal(t: Term) -> list[Monomial]:
    if t.op == "num" and t.value:
        return [(1 / Fraction(t.value), ())]
    if t.op == "mul":
        return _multiplied([_reciprocal(a) for a in t.args])
    return [(Fraction(1), (ONE / t,))]


def _over(t: Term, index: Term) -> bool:
    return t.op == "delta" and index in t.args and t.args[0] != t.args[1]


def _is_normal(t: Term) -> bool:
    """Whether nothing leaves the sum, and its body is one product in its order."""
    index, _, body = t.args
    parts = monomials(body)
    if len(parts) != 1 or parts[0][0] != 1 or spelled(parts) != body:
        return False
    return bool(parts[0][1]) and all(index.value in free(a) and not _over(a, index) for a in parts[0][1])


def _sums(t: Term, path: Path = ()) -> Iterator[tuple[Path, Term]]:
    """The sums over an index that are not inside a derivative, innermost first."""
    if t.op == "d":
        return
    for n, a in enumerate(t.args):
        yield from _sums(a, (*path, n))
    if t.op == "sum":
        yield path, t
