"""The value of a term in ball arithmetic; a derivative is the second coefficient of a power series.

d(u, x) for an entry x of a family q unfolds every definition down to q. The definition of q itself is
not used: its entries are independent variables, at the values they have at the point.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from fractions import Fraction
from functools import lru_cache
from itertools import product

from flint import arb, arb_series, fmpq
from flint import ctx as flint_context

from derive.core.context import Context
from derive.core.functions import FUNCTIONS as CORE_FUNCTIONS
from derive.core.term import Term, free
from derive.witness.functions import FUNCTIONS, Ball, abstract, by_sign, middle
from derive.witness.sampling import Letters, Unsuited, Values, extent, place

Entry = tuple[str, tuple[int, ...]]
PRECISION = 128
HIGHEST_POWER = 10_000
MANY = 30  # definitions, which may be as deep
CONSTANTS: Mapping[str, Callable[[], Ball]] = {"pi": arb.pi}


@lru_cache(maxsize=5_000)
def _number(value: Fraction, precision: int) -> Ball:
    return arb(fmpq(value.numerator, value.denominator))


@lru_cache(maxsize=1_000)
def _letters(t: Term) -> frozenset[str]:
    """Every name in a term, bound ones too: one too many makes a series of a constant, and no harm."""
    own = {str(t.value)} if t.op == "sym" else set()
    return frozenset(own).union(*map(_letters, t.args))


def _whole_power(bottom: Ball, n: int) -> Ball:
    """By squaring; 0^0 has no value."""
    if n == 0:
        return arb(1) if middle(bottom) != 0 else arb.nan()
    result: Ball = None
    square, left = bottom, abs(n)
    while left:
        if left % 2:
            result = square if result is None else result * square
        left //= 2
        square = square * square if left else square
    return result if n > 0 else 1 / result


class Evaluator:
    """Values of terms at one point, remembered across the lines of a proof and across proofs."""

    def __init__(self, context: Context, sizes: Letters, values: Values) -> None:
        self.context, self.sizes, self.values = context, sizes, values
        self._fixed: Letters = {}
        self._by_fixed = self._moved_by_any(context.fixed)
        self._memo: dict[object, Ball] = {}
        self._affected: dict[str, frozenset[str]] = {}
        self._prepared: set[tuple[frozenset[str], Entry | None]] = set()

    def at(self, t: Term, letters: Letters) -> Ball:
        """t where the free index letters have these values."""
        self._fixed = {name: n for name, n in letters.items() if name in self.context.fixed}
        if len(self.context.definitions) > MANY:
            self._prepare(t, None)
        return self.value(t, letters)

    def _prepare(self, t: Term, along: Entry | None) -> None:
        """The entries of all that t mentions, one definition after the other: deep networks, but no deep calls."""
        reached = self.context.reach(free(t), cut=[along[0]] if along else ())
        if (reached, along) in self._prepared:
            return
        self._prepared.add((reached, along))
        for name in self.context.in_order:
            if name in reached and name != (along or ("",))[0] and name not in self._by_fixed:
                for at in product(*(range(1, size + 1) for size in self._shape(name))):
                    self._entry(name, at, along)

    def value(self, t: Term, letters: Letters, along: Entry | None = None) -> Ball:
        """t where the index letters have these values; along an entry it is a series."""
        names = free(t)
        if along is not None and names.isdisjoint(self._moved_by(along[0])):
            along = None
        fixed = () if names.isdisjoint(self._by_fixed) else tuple(self._fixed.values())
        key = (t, along, fixed, *[item for item in letters.items() if item[0] in names])
        found = self._memo.get(key)
        if found is None:
            if t.op not in VALUES:
                raise Unsuited("operator", operator=t.op)
            try:
                found = VALUES[t.op](self, t, letters, along)
            except (ZeroDivisionError, ValueError):  # a series divided by one that starts at 0
                found = arb.nan()
            self._memo[key] = found
        return found

    def _moved_by(self, family: str) -> frozenset[str]:
        """The family and the names that depend on it."""
        if family not in self._affected:
            self._affected[family] = self._moved_by_any([family]) | {family}
        return self._affected[family]

    def _moved_by_any(self, names: Iterable[str]) -> frozenset[str]:
        """The definitions that mention one of the names, by however many steps."""
        moved = frozenset(names)
        while True:  # the witness follows the definitions by itself, not with the kernel's eyes
            more = {n for n, d in self.context.definitions.items() if moved & (_letters(d.body) - set(d.params))}
            more |= {name for name, families in self.context.depends.items() if moved & set(families)}
            if more <= moved:
                return moved & frozenset((*self.context.definitions, *self.context.depends))
            moved |= more

    def _entry(self, name: str, at: tuple[int, ...], along: Entry | None) -> Ball:
        if along is not None and name == along[0]:
            here = self._entry(name, at, None)
            return arb_series([here, 1], 2) if at == along[1] else here
        shape = self._shape(name)
        if len(shape) != len(at):
            raise Unsuited("indices", name=name)
        if not all(1 <= n <= last for n, last in zip(at, shape, strict=True)):
            raise Unsuited("out-of-range", name=name, index=at)
        if name in self.context.depends:
            return abstract(name, tuple(self._entries(self.context.depends[name], along)))
        definition = self.context.definitions.get(name)
        if definition is None:
            return _number(self.values.entries(name, shape)[at], flint_context.prec)
        # outer index letters are no business of a definition
        return self.value(definition.body, {**self._fixed, **dict(zip(definition.params, at, strict=True))}, along)

    def _entries(self, families: Iterable[str], along: Entry | None) -> Iterator[Ball]:
        """All entries of some families."""
        for family in families:
            for at in product(*(range(1, size + 1) for size in self._shape(family))):
                yield self._entry(family, at, along)

    def _shape(self, name: str) -> tuple[int, ...]:
        return tuple(extent(size, self.sizes) for size in self.context.shapes.get(name, ()))

    def _num(self, t: Term, letters: Letters, along: Entry | None) -> Ball:
        assert isinstance(t.value, Fraction)
        return _number(t.value, flint_context.prec)

    def _sym(self, t: Term, letters: Letters, along: Entry | None) -> Ball:
        name = str(t.value)
        if name in letters:
            return arb(letters[name])
        if name in self.sizes:
            return arb(self.sizes[name])
        if name in CONSTANTS and name not in self.context.definitions:
            return CONSTANTS[name]()
        return self._entry(name, (), along)

    def _elem(self, t: Term, letters: Letters, along: Entry | None) -> Ball:
        return self._entry(str(t.args[0].value), tuple(place(a, letters) for a in t.args[1:]), along)

    def _add(self, t: Term, letters: Letters, along: Entry | None) -> Ball:
        result = self.value(t.args[0], letters, along)
        for a in t.args[1:]:
            result = result + self.value(a, letters, along)
        return result

    def _mul(self, t: Term, letters: Letters, along: Entry | None) -> Ball:
        result = self.value(t.args[0], letters, along)
        for a in t.args[1:]:
            result = result * self.value(a, letters, along)
        return result

    def _neg(self, t: Term, letters: Letters, along: Entry | None) -> Ball:
        return -self.value(t.args[0], letters, along)

    def _div(self, t: Term, letters: Letters, along: Entry | None) -> Ball:
        return self.value(t.args[0], letters, along) / self.value(t.args[1], letters, along)

    def _pow(self, t: Term, letters: Letters, along: Entry | None) -> Ball:
        bottom, exponent = (self.value(a, letters, along) for a in t.args)
        if isinstance(exponent, arb) and exponent.is_integer() and abs(exponent) <= HIGHEST_POWER:
            return _whole_power(bottom, int(str(exponent.unique_fmpz())))
        return (exponent * bottom.log()).exp()

    def _fn(self, t: Term, letters: Letters, along: Entry | None) -> Ball:
        name = str(t.value)
        at = [self.value(a, letters, along) for a in t.args]
        known = CORE_FUNCTIONS.get(name)
        if known is None:
            return abstract(name, tuple(at))
        if name not in FUNCTIONS or len(at) != known.arity:
            raise Unsuited("function", function=t.value)
        return FUNCTIONS[name](*at)

    def _cases(self, t: Term, letters: Letters, along: Entry | None) -> Ball:
        then, left, right, otherwise = t.args
        less, more = (then, otherwise) if str(t.value).startswith("<") else (otherwise, then)
        difference = middle(self.value(left, letters)) - middle(self.value(right, letters))
        return by_sign(
            difference, lambda _: self.value(less, letters, along), lambda _: self.value(more, letters, along)
        )

    def _sum(self, t: Term, letters: Letters, along: Entry | None) -> Ball:
        index, size, body = t.args
        if index.value in self.context.shapes or index.value in self.sizes:
            raise Unsuited("index-is-a-name", index=index)
        result = arb(0)
        for n in range(1, extent(size, self.sizes) + 1):
            result = result + self.value(body, {**letters, str(index.value): n}, along)
        return result

    def _delta(self, t: Term, letters: Letters, along: Entry | None) -> Ball:
        return arb(int(place(t.args[0], letters) == place(t.args[1], letters)))

    def _d(self, t: Term, letters: Letters, along: Entry | None) -> Ball:
        if along is not None:
            raise Unsuited("nested-derivative")
        u, x = t.args
        family, *indices = x.args if x.op == "elem" else (x,)
        entry = (str(family.value), tuple(place(a, letters) for a in indices))
        self._entry(*entry, None)  # it must be there, even if nothing depends on it
        if len(self.context.definitions) > MANY:
            self._prepare(u, entry)
        series = self.value(u, letters, entry)
        if not middle(series).is_finite():  # where u has no value it has no derivative
            return arb.nan()
        return series[1] if isinstance(series, arb_series) else 0 * middle(series)


VALUES: Mapping[str, Callable[[Evaluator, Term, Letters, Entry | None], Ball]] = {
    op: getattr(Evaluator, f"_{op}")
    for op in ("num", "sym", "elem", "add", "mul", "neg", "div", "pow", "fn", "cases", "sum", "delta", "d")
}
