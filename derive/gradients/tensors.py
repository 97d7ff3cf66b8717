"""Terms in index notation as NumPy operations: free letters are axes, sums over products are contractions.

A term becomes functions once; running them looks up values by name and matches nothing. Arrays stay as small as the
letters of their factors: in sum_m W_mk delta_nm f(s_nk) the last factor is taken out of the sum, and a sum over
a_m + b_nm is taken apart when adding the two would give an array larger than both.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import reduce
from math import prod
from string import ascii_letters
from typing import Any

import numpy as np
from numpy.typing import NDArray

from derive.core.meaning import base
from derive.core.term import Term, free, neg, num, walk
from derive.gradients.monomials import CannotLower
from derive.gradients.plain import formula
from derive.gradients.scalar import COMPARE, FUNCTIONS

Array = NDArray[Any]
ONE = num(1)


@dataclass(frozen=True)
class Values:
    """What terms are evaluated with: arrays by name, sizes by name, and the float type of everything."""

    arrays: dict[str, Array]
    sizes: Mapping[str, int]
    dtype: np.dtype[Any]

    def size(self, size: Term) -> int:
        return int(size.value or 0) if size.op == "num" else self.sizes[str(size.value)]


Run = Callable[[Values], Any]


@dataclass(frozen=True)
class Tensor:
    """What computes an array, and the letters of its axes."""

    letters: tuple[str, ...]
    run: Run

    def along(self, letters: Sequence[str]) -> Run:
        """With axes in this order, of length 1 where a letter is not its own."""
        if tuple(letters) == self.letters:
            return self.run
        order = [self.letters.index(a) for a in letters if a in self.letters]
        places = tuple(slice(None) if a in self.letters else None for a in letters)
        return lambda values: np.transpose(self.run(values), order)[places]


@dataclass(frozen=True)
class Lowering:
    """What letters and derivatives mean.

    ranges: the size that each letter runs to. derivatives: the left side of a theorem by the name under which its
    values are kept, with an axis for each different letter in the order in which they stand there.
    """

    ranges: Mapping[str, Term]
    derivatives: Mapping[str, Term] = field(default_factory=dict)

    def tensor(self, t: Term) -> Tensor:
        """The term as a function of values. Raises CannotLower.

        >>> from derive.core.term import sym, total
        >>> a, b, j, k = map(sym, "abjk")
        >>> size = num(2)
        >>> product = Lowering({"k": size}).tensor(total(j, size, a[k, j] * b[j]))
        >>> arrays = {"a": np.array([[1.0, 2.0], [3.0, 4.0]]), "b": np.array([1.0, 10.0])}
        >>> product.letters, product.run(Values(arrays, {}, np.dtype("f8")))
        (('k',), array([21., 43.]))
        """
        if t.op in ELEMENTWISE:
            return each(ELEMENTWISE[t.op], map(self.tensor, t.args))
        if t.op not in LOWERINGS:
            raise CannotLower(f"{formula(t)} has no lowering")
        return LOWERINGS[t.op](self, t)

    def letters(self, t: Term) -> frozenset[str]:
        """The letters of the axes of a term."""
        return free(t) & frozenset(self.ranges)

    def product(self, t: Term) -> Tensor:
        return multiplied([self.tensor(a) for a in t.args], map(has_logarithm, t.args))

    def power(self, t: Term) -> Tensor:
        u, exponent = t.args
        return each(np.square, [self.tensor(u)]) if exponent == num(2) else each(np.power, map(self.tensor, t.args))

    def function(self, t: Term) -> Tensor:
        if t.value not in FUNCTIONS:
            raise CannotLower(f"NumPy has no function for {t.value}")
        inner = each(FUNCTIONS[str(t.value)], map(self.tensor, t.args))
        return Tensor(inner.letters, lambda values: np.asarray(inner.run(values), values.dtype))

    def pieces(self, t: Term) -> Tensor:
        then, left, right, otherwise = map(self.tensor, t.args)
        holds = each(COMPARE[str(t.value)], [left, right])
        return each(np.where, [holds, then, otherwise])

    def name(self, t: Term) -> Tensor:
        """pi, a size, or a value without an index."""
        name = str(t.value)
        if name == "pi":
            return Tensor((), lambda values: values.dtype.type(np.pi))
        return Tensor((), lambda values: _named(values, name))

    def entry(self, t: Term) -> Tensor:
        return self.read(str(t.args[0].value), t.args[1:])

    def read(self, name: str, indices: Sequence[Term]) -> Tensor:
        """Values at these indices: a letter is an axis, a number an entry, counted from 1."""
        letters = tuple(str(a.value) for a in indices if a.op == "sym")
        if len(set(letters)) < len(letters) or not set(letters) <= set(self.ranges):
            raise CannotLower(f"{name}[{','.join(map(formula, indices))}]: its letters must differ and have a range")
        places = tuple(slice(None) if a.op == "sym" else int(a.value or 0) - 1 for a in indices)
        return Tensor(letters, lambda values: values.arrays[name][places])

    def identity(self, t: Term) -> Tensor:
        letters = tuple(str(a.value) for a in t.args)
        if len(set(letters)) < 2 or not set(letters) <= set(self.ranges):
            raise CannotLower(f"{formula(t)}: only two letters with a range have a lowering")
        size = self.ranges[letters[0]]
        return Tensor(letters, lambda values: np.eye(values.size(size), dtype=values.dtype))

    def derivative(self, t: Term) -> Tensor:
        """The values of the theorem that this derivative is an instance of."""
        for name, left in self.derivatives.items():
            indices = instance(left, t)
            if indices is not None:
                return self.read(name, indices)
        raise CannotLower(f"no theorem was given about {formula(t)}")

    def total(self, t: Term) -> Tensor:
        index, size, body = t.args
        inner = replace(self, ranges={**self.ranges, str(index.value): size})
        return inner.summed(str(index.value), size, factors(body))

    def summed(self, letter: str, size: Term, parts: list[Term]) -> Tensor:
        """The sum over the letter of the product of the parts."""
        for n, part in enumerate(parts):
            if part.op == "add" and self.grows(part, letter):
                others = parts[:n] + parts[n + 1 :]
                return each(_added, [self.summed(letter, size, [*others, *factors(a)]) for a in part.args])
        outside = [self.tensor(part) for part in parts if letter not in self.letters(part)]
        inside = [part for part in parts if letter in self.letters(part)]
        guarded = [has_logarithm(part) for part in inside]
        tensors = [self.tensor(part) for part in inside]
        if any(guarded):
            tensors, guarded = [multiplied(tensors, guarded)], []
        return multiplied([contracted(tensors, letter, size), *outside], [])

    def grows(self, t: Term, letter: str) -> bool:
        """Whether no summand has all the letters of the sum, one of which is summed over."""
        letters = self.letters(t)
        return letter in letters and all(self.letters(a) != letters for a in t.args)


def factors(t: Term) -> list[Term]:
    """The factors of a product; a sign is -1 and a denominator its reciprocal."""
    match t.op:
        case "mul":
            return [factor for a in t.args for factor in factors(a)]
        case "neg":
            return [neg(ONE), *factors(t.args[0])]
        case "div" if t.args[0] != ONE:
            return [*factors(t.args[0]), ONE / t.args[1]]
    return [t]


def has_logarithm(t: Term) -> bool:
    return any(a.op == "fn" and str(a.value) in ("log", "logsigmoid") for _, a in walk(t))


def each(function: Callable[..., Any], tensors: Iterable[Tensor]) -> Tensor:
    """The function of corresponding entries."""
    given = list(tensors)
    letters = tuple(dict.fromkeys(letter for tensor in given for letter in tensor.letters))
    runs = [tensor.along(letters) for tensor in given]
    return Tensor(letters, lambda values: function(*(run(values) for run in runs)))


def multiplied(tensors: Sequence[Tensor], logarithms: Iterable[bool]) -> Tensor:
    """The product; 0 times a factor with a logarithm is 0, as 0 ln 0 is by convention."""
    unlimited = list(logarithms)
    if not any(unlimited) or all(unlimited):
        return tensors[0] if len(tensors) == 1 else each(_multiplied, tensors)
    plain = multiplied([a for a, log in zip(tensors, unlimited, strict=True) if not log], [])
    other = multiplied([a for a, log in zip(tensors, unlimited, strict=True) if log], [])
    return each(lambda u, v: np.where(u == 0, u, u * v), [plain, other])


def contracted(tensors: Sequence[Tensor], letter: str, size: Term) -> Tensor:
    """The sum over a letter that every factor has. Factors with the same letters are multiplied first."""
    if not tensors:
        return Tensor((), lambda values: values.dtype.type(values.size(size)))
    groups: dict[frozenset[str], list[Tensor]] = {}
    for tensor in tensors:
        groups.setdefault(frozenset(tensor.letters), []).append(tensor)
    given = [multiplied(group, []) for group in groups.values()]
    letters = tuple(dict.fromkeys(a for tensor in given for a in tensor.letters if a != letter))
    if len(given) == 1:
        axis = given[0].letters.index(letter)
        return Tensor(letters, lambda values: np.sum(given[0].run(values), axis=axis))
    short = dict(zip((letter, *letters), ascii_letters, strict=False))
    inputs = ",".join("".join(short[a] for a in tensor.letters) for tensor in given)
    spec = f"{inputs}->{''.join(short[a] for a in letters)}"
    return Tensor(letters, lambda values: np.einsum(spec, *(a.run(values) for a in given), optimize="greedy"))


def instance(left: Term, t: Term) -> tuple[Term, ...] | None:
    """What stands for each different letter of the left side when it reads as t; None if it does not.

    >>> from derive.core.term import d, sym
    >>> ell, s, k, m, n, q = map(sym, ("ell", "s", "k", "m", "n", "q"))
    >>> instance(d(ell[n], s[n, k]), d(ell[q], s[q, m]))
    (q, m)
    >>> instance(d(ell[n], s[n, k]), d(ell[q], s[n, m]))
    """
    if [base(a) for a in left.args] != [base(a) for a in t.args]:
        return None
    found: dict[Term, Term] = {}
    for a, b in zip(indices_of(left), indices_of(t), strict=True):
        if found.setdefault(a, b) != b:
            return None
    return tuple(found.values())


def indices_of(derivative: Term) -> list[Term]:
    """The indices of what is differentiated, if it is an entry, then of the variable."""
    return [index for end in derivative.args if end.op == "elem" for index in end.args[1:]]


def _named(values: Values, name: str) -> Any:
    return values.dtype.type(values.sizes[name]) if name in values.sizes else values.arrays[name]


def _added(*arrays: Any) -> Any:
    return reduce(np.add, arrays)


def _multiplied(*arrays: Any) -> Any:
    """The product, numbers and small arrays first."""
    return reduce(np.multiply, sorted(arrays, key=lambda a: prod(np.shape(a))))


def _number(lowering: Lowering, t: Term) -> Tensor:
    value = float(t.value or 0)
    return Tensor((), lambda values: values.dtype.type(value))


ELEMENTWISE: Mapping[str, Callable[..., Any]] = {"add": _added, "neg": np.negative, "div": np.divide}
LOWERINGS: Mapping[str, Callable[[Lowering, Term], Tensor]] = {
    "num": _number, "sym": Lowering.name, "elem": Lowering.entry, "mul": Lowering.product, "pow": Lowering.power,
    "fn": Lowering.function, "cases": Lowering.pieces, "delta": Lowering.identity, "d": Lowering.derivative,
    "sum": Lowering.total,
}  # fmt: skip
