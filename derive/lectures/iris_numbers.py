"""The numbers of the lecture: three real flowers forward and backward, and the training on all of them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from math import ceil, log10

import numpy as np

from derive.chains.spec import LayerSpec, LossSpec, NetworkSpec
from derive.core.term import d, sym
from derive.document.nodes import (
    Block,
    Figure,
    Heading,
    Message,
    Name,
    Number,
    Prose,
    Series,
    Slot,
    Table,
)
from derive.examples.chain import problem_of
from derive.examples.gradient_descent import Trace, descend
from derive.examples.iris import Iris, iris
from derive.examples.numbers import EARLY_B, EARLY_STEPS, EARLY_W, ROWS, RowNumbers, row_numbers
from derive.gradients.network import forward

NETWORK = NetworkSpec(4, (LayerSpec(3),), LossSpec(target="index"))
RATE, STEPS = 0.06, 500  # a rate of 0.064 is the largest for which no step can raise the loss
DECIMALS = 4
SMALLEST = -14
W, b, h, z, p, L = map(sym, ("W", "b", "h", "z", "p", "L"))


@dataclass(frozen=True)
class Numbers:
    """Three flowers, worked out, and a training run; right: how many flowers it recognises in the end."""

    flowers: Iris
    rows: tuple[RowNumbers, ...]
    trace: Trace
    right: int


def compute(with_sympy: bool = True) -> Numbers:
    """Everything the two sections show; SymPy differentiates the chain only when asked."""
    flowers = iris()
    rows = tuple(
        row_numbers(EARLY_W, EARLY_B, flowers.features[n - 1], int(flowers.labels[n - 1]), with_sympy) for n in ROWS
    )
    start = {"W1": np.zeros((3, 4)), "b1": np.zeros(3)}
    trace = descend(NETWORK, start, flowers.features, flowers.labels, RATE, STEPS)
    logits = forward(problem_of(NETWORK), trace.params, flowers.features)["s1"]
    return Numbers(flowers, rows, trace, int((logits.argmax(axis=1) == flowers.labels).sum()))


def _say(key: str, **slots: Slot) -> Message:
    return Message(f"lecture.softmax.{key}", slots)


def numbers_blocks(numbers: Numbers) -> tuple[Block, ...]:
    """Forward and backward tables of three flowers."""
    count, inputs = numbers.flowers.features.shape
    off = {"finite": _bound(row.off_differences for row in numbers.rows)}
    sympys = [row.off_sympy for row in numbers.rows if row.off_sympy is not None]
    if sympys:
        off["sympy"] = _bound(sympys)
    return (
        Heading("numbers", _say("numbers")),
        Prose(_say("numbers-text", count=Number(count, 0), inputs=Number(inputs, 0), steps=Number(EARLY_STEPS, 0))),
        _weights(numbers),
        _forward(numbers),
        Prose(_say("numbers-backward-text")),
        _backward(numbers),
        Prose(_say("numbers-agree" if sympys else "numbers-agree-finite", **off)),
    )


def _bound(distances: Iterable[float]) -> Number:
    """The power of ten that no distance exceeds: rounding errors differ between machines, this does not."""
    return Number(10.0 ** max(SMALLEST, ceil(log10(max(1e-300, *distances)))), 0, exponent=True)


def _weights(numbers: Numbers) -> Table:
    inputs = range(1, len(EARLY_W[0]) + 1)
    k = sym("k")
    head: tuple[Slot, ...] = (_say("numbers-class"), *(W[k, n] for n in inputs), b[k])
    rows: tuple[tuple[Slot, ...], ...] = tuple(
        (Name(species), *(Number(w, 2) for w in weights), Number(bias, 2))
        for species, weights, bias in zip(numbers.flowers.classes, EARLY_W, EARLY_B, strict=True)
    )
    return Table("weights", _say("numbers-weights"), head, rows, "l" + "r" * (len(head) - 1))


def _flower(numbers: Numbers, row: int) -> Message:
    species = numbers.flowers.classes[int(numbers.flowers.labels[row - 1])]
    return _say("numbers-row", species=Name(species), row=Number(row, 0))


def _forward(numbers: Numbers) -> Table:
    """One column a flower, one row a quantity: it can be recomputed from top to bottom."""
    classes = range(1, len(numbers.flowers.classes) + 1)
    inputs = range(1, numbers.flowers.features.shape[1] + 1)
    rows: list[tuple[Slot, ...]] = []
    rows += [(h[n], *(Number(float(numbers.flowers.features[r - 1][n - 1]), 1) for r in ROWS)) for n in inputs]
    rows += [(z[n], *(Number(float(row.logits[n - 1]), DECIMALS) for row in numbers.rows)) for n in classes]
    rows += [(p[n], *(Number(float(row.probabilities[n - 1]), DECIMALS) for row in numbers.rows)) for n in classes]
    rows.append((L, *(Number(row.loss, DECIMALS) for row in numbers.rows)))
    head = (_say("numbers-flower"), *(_flower(numbers, r) for r in ROWS))
    return Table("forward", _say("numbers-forward"), head, tuple(rows), "l" + "r" * len(ROWS))


def _backward(numbers: Numbers) -> Table:
    with_sympy = numbers.rows[0].sympy is not None
    head: tuple[Slot, ...] = (_say("numbers-flower"), _say("numbers-derivative"), _say("numbers-formula"))
    head += (_say("numbers-finite"), *([_say("numbers-sympy")] if with_sympy else []))
    rows: tuple[tuple[Slot, ...], ...] = tuple(
        (_flower(numbers, r), d(L, b[n]), *(Number(value, 6) for value in _three_ways(row, n - 1)))
        for r, row in zip(ROWS, numbers.rows, strict=True)
        for n in range(1, len(numbers.flowers.classes) + 1)
    )
    return Table("backward", _say("numbers-backward"), head, rows, "ll" + "r" * (len(head) - 2))


def _three_ways(row: RowNumbers, n: int) -> list[float]:
    ways = [row.formula, row.differences, *([row.sympy] if row.sympy is not None else [])]
    return [float(way.b[n]) for way in ways]


def training_blocks(numbers: Numbers) -> tuple[Block, ...]:
    """What gradient descent makes of all the flowers."""
    losses = [float(loss) for loss in numbers.trace.losses]
    count = len(numbers.flowers.labels)
    ends: dict[str, Slot] = {"first": Number(losses[0], 3), "last": Number(losses[-1], 3)}
    facts: dict[str, Slot] = {
        "count": Number(count, 0),
        "rate": Number(RATE, 2),
        "steps": Number(STEPS, 0),
        "accuracy": Number(numbers.right, 0),
    }
    series = Series(_say("training-series"), tuple(map(float, range(len(losses)))), tuple(losses))
    return (
        Heading("training", _say("training")),
        Prose(_say("training-text", **facts, **ends)),
        Figure(
            "training-curve", _say("training-caption"), _say("training-alt", **ends),
            _say("training-x"), _say("training-y"), (series,),
        ),
    )  # fmt: skip
