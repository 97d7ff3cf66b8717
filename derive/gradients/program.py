"""A lowered formula as data: a sum of contractions of named arrays, to be run or written as source.

Both readings come from the same two tables below, so a row holds the text and the function side by side.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from derive.gradients.checks import Batch
from derive.gradients.numerics import Softmax, column_sums, complement_of, dense_targets, residual_of

Array = NDArray[Any]
ROW = "n"  # the letter of the axis that runs over the rows of the batch
DIVIDED = "residual"  # the operand that carries the 1/N of a mean


@dataclass(frozen=True)
class Product:
    """coefficient times the contraction of the operands: 'nk,nj->kj' of residual and h."""

    coefficient: Fraction
    operands: tuple[str, ...]
    spec: str


@dataclass(frozen=True)
class Program:
    """The sum of the products.

    theorem, formula: where it comes from. variable: what is differentiated by. of_loss: whether
    the loss is differentiated (then rows are reduced), or a quantity of each row. classes,
    features: the sizes the theorem is about, None for any. target: the only label the theorem is
    about; "label" for any single label, None for any targets that sum to one. A product holds the
    residual at most once, since that is where the mean's 1/N goes in.
    """

    theorem: str
    formula: str
    variable: str
    of_loss: bool
    products: tuple[Product, ...]
    classes: int | None = None
    features: int | None = None
    target: int | str | None = None


class Values(NamedTuple):
    """What operands are computed from."""

    batch: Batch
    z: Array
    softmax: Softmax
    divisor: int


class Operand(NamedTuple):
    """text: how the emitted module writes it. has_rows: whether its first axis is the batch."""

    text: str
    compute: Callable[[Values], Array]
    has_rows: bool = False


OPERANDS: Mapping[str, Operand] = {
    "W": Operand("batch.W", lambda v: v.batch.W),
    "b": Operand("batch.b", lambda v: v.batch.b),
    "h": Operand("batch.h", lambda v: v.batch.h, True),
    "y": Operand("dense_targets(batch.y, z)", lambda v: dense_targets(v.batch.y, v.z), True),
    "z": Operand("z", lambda v: v.z, True),
    "p": Operand("softmax.p", lambda v: v.softmax.p, True),
    DIVIDED: Operand(
        "residual_of(softmax, batch.y, divisor)", lambda v: residual_of(v.softmax, v.batch.y, v.divisor), True
    ),
    "complement": Operand("complement_of(softmax)", lambda v: complement_of(v.softmax), True),
    "ones_rows": Operand("np.ones_like(z[:, 0])", lambda v: np.ones_like(v.z[:, 0]), True),
    "ones_classes": Operand("np.ones_like(batch.b)", lambda v: np.ones_like(v.batch.b)),
    "ones_features": Operand("np.ones_like(batch.W[0])", lambda v: np.ones_like(v.batch.W[0])),
    "eye_classes": Operand("np.diag(np.ones_like(batch.b))", lambda v: np.diag(np.ones_like(v.batch.b))),
    "eye_features": Operand("np.diag(np.ones_like(batch.W[0]))", lambda v: np.diag(np.ones_like(v.batch.W[0]))),
}
# contractions that have a better name than einsum, by the spec with its letters in alphabetical order
CONTRACTIONS: Mapping[str, tuple[str, Callable[..., Array]]] = {
    "ab->ab": ("{0}", lambda u: u),
    "ab->b": ("column_sums({0})", column_sums),
    "ab,bc->ac": ("{0} @ {1}", lambda u, v: u @ v),
    "ab,ac->bc": ("{0}.T @ {1}", lambda u, v: u.T @ v),
    "ab,cb->ac": ("{0} @ {1}.T", lambda u, v: u @ v.T),
    "ab,ab->ab": ("{0} * {1}", lambda u, v: u * v),
}


def canonical(spec: str) -> str:
    """The spec with letters renamed in order of appearance.

    >>> canonical("nk,nj->kj")
    'ab,ac->bc'
    """
    letters = dict.fromkeys(c for c in spec if c.isalpha())
    return spec.translate({ord(old): chr(ord("a") + n) for n, old in enumerate(letters)})


def used(programs: Sequence[Program]) -> tuple[str, ...]:
    """The operands of the programs, in the order of the table."""
    names = {name for program in programs for product in program.products for name in product.operands}
    return tuple(name for name in OPERANDS if name in names)


def run(programs: Sequence[Program], values: Values) -> list[Array]:
    """The value of every program; each operand is computed once."""
    operands = {name: OPERANDS[name].compute(values) for name in used(programs)}
    return [_run(program, operands, values.divisor) for program in programs]


def _run(program: Program, operands: Mapping[str, Array], divisor: int) -> Array:
    parts = [_product(product, operands, divisor) for product in program.products]
    total = parts[0]
    for part in parts[1:]:
        total = total + part
    return total


def _product(product: Product, operands: Mapping[str, Array], divisor: int) -> Array:
    arrays = [operands[name] for name in product.operands]
    known = CONTRACTIONS.get(canonical(product.spec))
    value: Array = known[1](*arrays) if known else np.einsum(product.spec, *arrays, optimize=True)
    c = product.coefficient
    if c != 1:
        value = value * (c.numerator / c.denominator)
    return value if DIVIDED in product.operands else value / divisor


def source(program: Program, names: Mapping[str, str]) -> str:
    """The expression that `run` evaluates, with the operands called by the names."""
    return " + ".join(_product_source(product, names) for product in program.products)


def _product_source(product: Product, names: Mapping[str, str]) -> str:
    operands = [names[name] for name in product.operands]
    known = CONTRACTIONS.get(canonical(product.spec))
    einsum = f'np.einsum("{product.spec}", {", ".join(operands)}, optimize=True)'
    value = known[0].format(*operands) if known else einsum
    c = product.coefficient
    if c != 1:
        value = f"({value}) * ({c.numerator} / {c.denominator})"
    return value if DIVIDED in product.operands else f"({value}) / divisor"
