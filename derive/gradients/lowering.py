"""Terms in index notation as array programs: free letters are axes, sums over products are contractions.

Arrays stay as small as the letters of their factors: in sum_m W_mk delta_nm f(s_nk) the last factor is taken out of
the sum, and a sum over a_m + b_nm is taken apart when adding the two would give an array larger than both.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from math import pi
from string import ascii_letters

from derive.core.meaning import base
from derive.core.term import Term, free, neg, num, walk
from derive.gradients.arrays import CONTRACTIONS, CannotLower, Node, canonical
from derive.gradients.functions import FUNCTIONS
from derive.gradients.plain import formula
from derive.gradients.stable import of_softmax

ONE = num(1)


@dataclass(frozen=True)
class Lowering:
    """What letters and derivatives mean.

    ranges: the size that each letter runs to. derivatives: the left side of a theorem by the name under which its
    values are kept, with an axis for each different letter in the order in which they stand there. order: in which axes
    are wanted.
    """

    ranges: Mapping[str, Term]
    derivatives: Mapping[str, Term] = field(default_factory=dict)
    order: tuple[str, ...] = ()

    def array(self, t: Term) -> Node:
        """The term as a program. Raises CannotLower.

        >>> import numpy as np
        >>> from derive.core.term import sym, total
        >>> from derive.gradients.arrays import Values, evaluate
        >>> a, b, j, k = map(sym, "abjk")
        >>> size = num(2)
        >>> product = Lowering({"k": size}).array(total(j, size, a[k, j] * b[j]))
        >>> arrays = {"a": np.array([[1.0, 2.0], [3.0, 4.0]]), "b": np.array([1.0, 10.0])}
        >>> product.letters, evaluate(product, Values(arrays, {}, np.dtype("f8")))
        (('k',), array([21., 43.]))
        """
        if t.op in ("add", "neg", "div"):
            return self.each(t.op, map(self.array, t.args))
        if t.op not in LOWERINGS:
            raise CannotLower(f"{formula(t)} has no lowering")
        return LOWERINGS[t.op](self, t)

    def letters(self, t: Term) -> frozenset[str]:
        """The letters of the axes of a term."""
        return free(t) & frozenset(self.ranges)

    def number(self, t: Term) -> Node:
        return Node("number", data=float(t.value or 0))

    def product(self, t: Term) -> Node:
        return self.multiplied([self.array(a) for a in t.args], map(has_logarithm, t.args))

    def power(self, t: Term) -> Node:
        u, exponent = t.args
        return self.each("square", [self.array(u)]) if exponent == num(2) else self.each("pow", map(self.array, t.args))

    def function(self, t: Term) -> Node:
        if t.value not in FUNCTIONS:
            raise CannotLower(f"NumPy has no function for {t.value}")
        return self.each("function", map(self.array, t.args), str(t.value))

    def pieces(self, t: Term) -> Node:
        return self.each("cases", map(self.array, t.args), str(t.value))

    def name(self, t: Term) -> Node:
        """pi, a size, or a value without an index."""
        if t.value == "pi":
            return Node("number", data=pi)
        return self.read(str(t.value), ())

    def entry(self, t: Term) -> Node:
        return self.read(str(t.args[0].value), t.args[1:])

    def read(self, name: str, indices: Sequence[Term]) -> Node:
        """Values at these indices: a letter is an axis, a number an entry, counted from 1."""
        letters = tuple(str(a.value) for a in indices if a.op == "sym")
        if len(set(letters)) < len(letters) or not set(letters) <= set(self.ranges):
            raise CannotLower(f"{name}[{','.join(map(formula, indices))}]: its letters must differ and have a range")
        kind, data = of_softmax(name) or ("input", name)
        places = tuple(None if a.op == "sym" else int(a.value or 0) - 1 for a in indices)
        return Node("entry", letters, (Node(kind, data=data),), places)

    def identity(self, t: Term) -> Node:
        letters = tuple(str(a.value) for a in t.args)
        if len(set(letters)) < 2 or not set(letters) <= set(self.ranges):
            raise CannotLower(f"{formula(t)}: only two letters with a range have a lowering")
        return Node("identity", letters, (), self.ranges[letters[0]])

    def derivative(self, t: Term) -> Node:
        """The values of the theorem that this derivative is an instance of."""
        for name, left in self.derivatives.items():
            indices = instance(left, t)
            if indices is not None:
                return self.read(name, indices)
        raise CannotLower(f"no theorem was given about {formula(t)}")

    def total(self, t: Term) -> Node:
        index, size, body = t.args
        inner = replace(self, ranges={**self.ranges, str(index.value): size})
        return inner.summed(str(index.value), size, factors(body))

    def summed(self, letter: str, size: Term, parts: list[Term]) -> Node:
        """The sum over the letter of the product of the parts."""
        for n, part in enumerate(parts):
            if part.op == "add" and self.grows(part, letter):
                others = parts[:n] + parts[n + 1 :]
                return self.each("add", [self.summed(letter, size, [*others, *factors(a)]) for a in part.args])
        outside = [self.array(part) for part in parts if letter not in self.letters(part)]
        inside = [part for part in parts if letter in self.letters(part)]
        guarded = [has_logarithm(part) for part in inside]
        arrays = [self.array(part) for part in inside]
        if any(guarded):
            arrays, guarded = [self.multiplied(arrays, guarded)], []
        return self.multiplied([self.contracted(arrays, letter, size), *outside])

    def grows(self, t: Term, letter: str) -> bool:
        """Whether no summand has all the letters of the sum, one of which is summed over."""
        letters = self.letters(t)
        return letter in letters and all(self.letters(a) != letters for a in t.args)

    # operations on arrays, whose letters come in the order that is wanted

    def ordered(self, arrays: Iterable[Node]) -> tuple[str, ...]:
        """The letters of arrays, those that are wanted first in the order in which they are."""
        letters = dict.fromkeys(letter for array in arrays for letter in array.letters)
        return (*(a for a in self.order if a in letters), *(a for a in letters if a not in self.order))

    def each(self, op: str, arrays: Iterable[Node], data: object = None) -> Node:
        """The operation on corresponding entries."""
        given = list(arrays)
        letters = self.ordered(given)
        return Node(op, letters, tuple(array.along(letters) for array in given), data)

    def multiplied(self, arrays: Sequence[Node], logarithms: Iterable[bool] = ()) -> Node:
        """The product; 0 times a factor with a logarithm is 0, as 0 ln 0 is by convention."""
        unlimited = list(logarithms)
        if not any(unlimited) or all(unlimited):
            return arrays[0] if len(arrays) == 1 else self.each("mul", arrays)
        plain = self.multiplied([a for a, log in zip(arrays, unlimited, strict=True) if not log])
        other = self.multiplied([a for a, log in zip(arrays, unlimited, strict=True) if log])
        return self.each("guarded", [plain, other])

    def contracted(self, arrays: Sequence[Node], letter: str, size: Term) -> Node:
        """The sum over a letter that every factor has. Factors with the same letters are multiplied first."""
        if not arrays:
            return Node("size", data=size)
        groups: dict[frozenset[str], list[Node]] = {}
        for array in arrays:
            groups.setdefault(frozenset(array.letters), []).append(array)
        given = [self.multiplied(group) for group in groups.values()]
        letters = tuple(a for a in self.ordered(given) if a != letter)
        short = dict(zip((letter, *letters), ascii_letters, strict=False))
        inputs = ",".join("".join(short[a] for a in array.letters) for array in given)
        spec = f"{inputs}->{''.join(short[a] for a in letters)}"
        if len(given) == 1 and canonical(spec) not in CONTRACTIONS:
            kept = tuple(a for a in given[0].letters if a != letter)
            return Node("sum", kept, (given[0],), given[0].letters.index(letter))
        return Node("contracted", letters, tuple(given), spec)


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


LOWERINGS: Mapping[str, Callable[[Lowering, Term], Node]] = {
    "num": Lowering.number, "sym": Lowering.name, "elem": Lowering.entry, "mul": Lowering.product,
    "pow": Lowering.power, "fn": Lowering.function, "cases": Lowering.pieces, "delta": Lowering.identity,
    "d": Lowering.derivative, "sum": Lowering.total,
}  # fmt: skip
