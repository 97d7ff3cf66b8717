"""Array programs as data: what is computed from named arrays, with a letter for each axis, to be run or printed.

A row of `OPERATIONS` holds what an operation computes with NumPy and how it is written in a module.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import reduce
from math import prod
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from derive.core.term import Term
from derive.gradients.functions import COMPARE, FUNCTIONS
from derive.gradients.numerics import (
    Softmax,
    column_sums,
    complement_of,
    dense_targets,
    logarithm_of,
    losses_of,
    residual_of,
    softmax_of,
)

Array = NDArray[Any]


class CannotLower(ValueError):
    """A theorem that has no lowering; the message says what stands in the way."""


@dataclass(frozen=True)
class Node:
    """An array: an operation on others, and the letters of its axes. data: what the operation needs to know."""

    op: str
    letters: tuple[str, ...] = ()
    args: tuple[Node, ...] = ()
    data: Any = None
    _hash: int = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_hash", hash((self.op, self.letters, self.args, self.data)))

    def __hash__(self) -> int:
        return self._hash

    def along(self, letters: Iterable[str]) -> Node:
        """With axes in this order, of length 1 where a letter is not its own."""
        wanted = tuple(letters)
        if wanted == self.letters:
            return self
        order = tuple(self.letters.index(a) for a in wanted if a in self.letters)
        return Node("along", wanted, (self,), (order, tuple(a in self.letters for a in wanted)))


@dataclass
class Values:
    """What programs are run with: arrays by name, sizes by name, and the float type of everything.

    softmaxes: of each family of probabilities. labels: of targets, and of how many classes; where their entries are
    read, they become probabilities.
    """

    arrays: dict[str, Array]
    sizes: Mapping[str, int]
    dtype: np.dtype[Any]
    softmaxes: dict[str, Softmax] = field(default_factory=dict)
    labels: dict[str, tuple[Array, int]] = field(default_factory=dict)
    known: dict[Node, Any] = field(default_factory=dict)

    def size(self, size: Term) -> int:
        return int(size.value or 0) if size.op == "num" else self.sizes[str(size.value)]

    def array(self, name: str) -> Array:
        """An array by its name; labels as probabilities."""
        if name not in self.arrays and name in self.labels:
            labels, classes = self.labels[name]
            self.arrays[name] = dense_targets(labels, np.empty((*labels.shape, classes), self.dtype))
        return self.arrays[name]

    def targets(self, name: str) -> Array:
        """Labels, or probabilities."""
        return self.labels[name][0] if name in self.labels else self.arrays[name]


class Operation(NamedTuple):
    """run: from the values, what the operation needs to know, and the arrays it is about. text: the same as source."""

    run: Callable[..., Any]
    text: Callable[..., str]


def evaluate(node: Node, values: Values) -> Any:
    """The value of a program; what was computed before is not computed again."""
    if node not in values.known:
        values.known[node] = OPERATIONS[node.op].run(values, node.data, *(evaluate(a, values) for a in node.args))
    return values.known[node]


def below(node: Node, seen: set[Node] | None = None) -> Iterator[Node]:
    """Every array a program is made of, those that others need first, each once."""
    known = set() if seen is None else seen
    if node not in known:
        known.add(node)
        for a in node.args:
            yield from below(a, known)
        yield node


def source(node: Node, names: Mapping[Node, str]) -> str:
    """The program as NumPy source. names: what is a variable by now. Raises CannotLower."""
    if node in names:
        return names[node]
    return OPERATIONS[node.op].text(node.data, *(source(a, names) for a in node.args))


# contractions that have a better name than einsum, by the spec with its letters in alphabetical order
CONTRACTIONS: Mapping[str, tuple[str, Callable[..., Array]]] = {
    "ab->b": ("column_sums({0})", column_sums),
    "ab,bc->ac": ("{0} @ {1}", lambda u, v: u @ v),
    "ab,ac->bc": ("{0}.T @ {1}", lambda u, v: u.T @ v),
    "ab,cb->ac": ("{0} @ {1}.T", lambda u, v: u @ v.T),
    "ab,bc->ca": ("{1}.T @ {0}.T", lambda u, v: v.T @ u.T),
    "ab,ac->cb": ("{1}.T @ {0}", lambda u, v: v.T @ u),
    "ab,cb->ca": ("{1} @ {0}.T", lambda u, v: v @ u.T),
}


def canonical(spec: str) -> str:
    """The spec with letters renamed in order of appearance.

    >>> canonical("nk,nj->kj")
    'ab,ac->bc'
    """
    letters = dict.fromkeys(c for c in spec if c.isalpha())
    return spec.translate({ord(old): chr(ord("a") + n) for n, old in enumerate(letters)})


def _contracted(values: Values, spec: str, *arrays: Array) -> Any:
    known = CONTRACTIONS.get(canonical(spec))
    return known[1](*arrays) if known else np.einsum(spec, *arrays, optimize="greedy")


def _contracted_text(spec: str, *arrays: str) -> str:
    known = CONTRACTIONS.get(canonical(spec))
    return known[0].format(*arrays) if known else f'np.einsum("{spec}", {", ".join(arrays)}, optimize="greedy")'


def _input(values: Values, name: str) -> Any:
    return values.dtype.type(values.sizes[name]) if name in values.sizes else values.array(name)


def _entry(values: Values, places: tuple[int | None, ...], array: Array) -> Any:
    """Values at some places; None is a whole axis."""
    fixed = any(n is not None for n in places)
    return array[tuple(slice(None) if n is None else n for n in places)] if fixed else array


def _entry_text(places: tuple[int | None, ...], array: str) -> str:
    fixed = any(n is not None for n in places)
    return f"{array}[{', '.join(':' if n is None else str(n) for n in places)}]" if fixed else array


def _along(values: Values, data: tuple[tuple[int, ...], tuple[bool, ...]], array: Array) -> Any:
    order, own = data
    return np.transpose(array, order)[tuple(slice(None) if here else None for here in own)]


def _along_text(data: tuple[tuple[int, ...], tuple[bool, ...]], array: str) -> str:
    order, own = data
    turned = array if list(order) == sorted(order) else f"np.transpose({array}, {order})"
    leading = all(own[own.index(True) :]) if any(own) else True  # NumPy adds axes in front by itself
    return turned if leading else f"{turned}[{', '.join(':' if here else 'None' for here in own)}]"


def _product(values: Values, data: None, *arrays: Any) -> Any:
    """The product, numbers and small arrays first."""
    return reduce(np.multiply, sorted(arrays, key=lambda a: prod(np.shape(a))))


def _function_text(name: str, *arguments: str) -> str:
    function = FUNCTIONS[name]
    if not isinstance(function, np.ufunc):
        raise CannotLower(f"{name} is written as no single function of NumPy")
    return f"np.{function.__name__}({', '.join(arguments)})"


def _of_softmax(function: Callable[..., Any]) -> Operation:
    """What is computed of a softmax, and perhaps of targets."""

    def run(values: Values, data: tuple[str, ...]) -> Any:
        p, *y = data
        return function(values.softmaxes[p], *map(values.targets, y))

    return Operation(run, lambda data: f"{function.__name__}(softmax{''.join(f', {y}' for y in data[1:])})")


OPERATIONS: Mapping[str, Operation] = {
    "input": Operation(_input, str),
    "entry": Operation(_entry, _entry_text),
    "number": Operation(lambda values, data: values.dtype.type(data), str),
    "size": Operation(lambda values, data: values.dtype.type(values.size(data)), str),
    "add": Operation(lambda values, data, *arrays: reduce(np.add, arrays), lambda data, *a: f"({' + '.join(a)})"),
    "neg": Operation(lambda values, data, u: np.negative(u), lambda data, u: f"(-{u})"),
    "mul": Operation(_product, lambda data, *a: f"({' * '.join(a)})"),
    "div": Operation(lambda values, data, u, v: np.divide(u, v), lambda data, u, v: f"({u} / {v})"),
    "pow": Operation(lambda values, data, u, v: np.power(u, v), lambda data, u, v: f"({u} ** {v})"),
    "square": Operation(lambda values, data, u: np.square(u), lambda data, u: f"np.square({u})"),
    # the product, where 0 times a factor with a logarithm is 0, as 0 ln 0 is by convention
    "guarded": Operation(
        lambda values, data, u, v: np.where(u == 0, u, u * v), lambda data, u, v: f"np.where({u} == 0, {u}, {u} * {v})"
    ),
    "function": Operation(
        lambda values, name, *arrays: np.asarray(FUNCTIONS[name](*arrays), values.dtype), _function_text
    ),
    "cases": Operation(
        lambda values, by, then, left, right, otherwise: np.where(COMPARE[by](left, right), then, otherwise),
        lambda by, then, left, right, otherwise: f"np.where({left} {by} {right}, {then}, {otherwise})",
    ),
    "along": Operation(_along, _along_text),
    "sum": Operation(lambda values, axis, u: np.sum(u, axis=axis), lambda axis, u: f"np.sum({u}, axis={axis})"),
    "contracted": Operation(_contracted, _contracted_text),
    "identity": Operation(
        lambda values, size: np.eye(values.size(size), dtype=values.dtype), lambda size: f"np.eye({size.value})"
    ),
    "softmax": Operation(lambda values, data, z: softmax_of(z), lambda data, z: f"softmax_of({z})"),
    "logarithm": _of_softmax(logarithm_of),
    "complement": _of_softmax(complement_of),
    "residual": _of_softmax(residual_of),
    "losses": _of_softmax(losses_of),
}
