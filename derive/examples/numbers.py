"""One row of data in numbers: the gradient by the proved formula, by differences, and by SymPy.

The second and third way share no code with the first: they start from the loss itself.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import exp, log
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from derive.gradients.softmax_cross_entropy import value_and_grad

ROWS = (1, 51, 101)  # the first flower of each species in the Iris data, counted from 1
EARLY_STEPS = 40
# W and b after EARLY_STEPS steps of a descent on the Iris data from 0 with the rate 0.06, to two decimals
EARLY_W = ((0.16, 0.43, -0.63, -0.29), (0.02, -0.16, 0.17, 0.01), (-0.18, -0.26, 0.46, 0.28))
EARLY_B = (0.09, 0.01, -0.09)
STEP = 1e-5
Vector = NDArray[np.float64]


class Slopes(NamedTuple):
    """A gradient of one row: W (C, H), b (C,), h (H,)."""

    W: Vector
    b: Vector
    h: Vector


@dataclass(frozen=True)
class RowNumbers:
    """Everything a student can recompute for one row.

    logits, probabilities (C,); loss in nats; formula: the gradient by the proved formula;
    differences: by central differences; sympy: by SymPy's own differentiation, None if not asked
    for; off_differences, off_sympy: the largest absolute distance from the formula.
    """

    logits: Vector
    probabilities: Vector
    loss: float
    formula: Slopes
    differences: Slopes
    sympy: Slopes | None
    off_differences: float
    off_sympy: float | None


def row_numbers(W: ArrayLike, b: ArrayLike, h_row: ArrayLike, label: int, with_sympy: bool = True) -> RowNumbers:
    """The numbers of one row; W (C, H), b (C,), h_row (H,), label from 0.

    Raises ValueError or TypeError naming the argument that does not fit.

    >>> numbers = row_numbers([[0.0], [0.0]], [0.0, 0.0], [1.0], 0, with_sympy=False)
    >>> numbers.probabilities.tolist(), numbers.formula.b.tolist(), numbers.off_differences < 1e-9
    ([0.5, 0.5], [-0.5, 0.5], True)
    """
    value, gradient = value_and_grad(W, b, np.asarray(h_row)[None], [label], reduction="sum")
    point = Slopes(*(np.asarray(a, dtype=np.float64) for a in (W, b, h_row)))
    formula = Slopes(gradient.W, gradient.b, gradient.h[0])
    differences = by_differences(point, label)
    symbolic = by_sympy(point, label) if with_sympy else None
    logits = point.W @ point.h + point.b
    probabilities = np.array(softmax(logits.tolist()))
    return RowNumbers(
        logits, probabilities, float(value), formula, differences, symbolic,
        distance(formula, differences), None if symbolic is None else distance(formula, symbolic),
    )  # fmt: skip


def softmax(z: Sequence[float]) -> list[float]:
    """exp(z_i) / sum_m exp(z_m), straight from the definition."""
    exponentials = [exp(u) for u in z]
    return [e / sum(exponentials) for e in exponentials]


def plain_loss(point: Slopes, label: int) -> float:
    """-ln p of the true class, straight from the definition."""
    return -log(softmax((point.W @ point.h + point.b).tolist())[label])


def by_differences(point: Slopes, label: int) -> Slopes:
    """(L(x + s) - L(x - s)) / 2s for every entry x, s = 1e-5; off by about 1e-10."""
    return _entrywise(point, lambda name, place: _slope(point, label, name, place))


def _slope(point: Slopes, label: int, name: str, place: tuple[int, ...]) -> float:
    up, down = (plain_loss(_moved(point, name, place, by), label) for by in (STEP, -STEP))
    return (up - down) / (2 * STEP)


def _moved(point: Slopes, name: str, place: tuple[int, ...], by: float) -> Slopes:
    moved = getattr(point, name).copy()
    moved[place] += by
    return point._replace(**{name: moved})


def by_sympy(point: Slopes, label: int) -> Slopes:
    """SymPy differentiates the written-out chain L(softmax(W h + b)); evaluated with 30 digits."""
    import sympy  # only here: the import takes a third of a second
    from mpmath import mp

    symbols = {name: _symbols(sympy, name, array) for name, array in point._asdict().items()}
    z = symbols["W"] @ symbols["h"] + symbols["b"]
    chain = -sympy.log(sympy.exp(z[label]) / sum(sympy.exp(u) for u in z))
    every = [symbol for name in point._fields for symbol in symbols[name].flat]
    slopes = sympy.lambdify(every, [chain.diff(symbol) for symbol in every], modules="mpmath", cse=True)
    with mp.workdps(30):
        found = iter(slopes(*(mp.mpf(float(value)) for array in point for value in array.flat)))
    return _entrywise(point, lambda name, place: float(next(found)))


def _symbols(sympy: Any, name: str, like: Vector) -> NDArray[Any]:
    letters = np.empty(like.shape, dtype=object)
    for place in np.ndindex(like.shape):
        letters[place] = sympy.Symbol(f"{name}_{'_'.join(str(n + 1) for n in place)}", real=True)
    return letters


def _entrywise(point: Slopes, slope: Callable[[str, tuple[int, ...]], float]) -> Slopes:
    return Slopes(
        *(
            np.array([slope(name, place) for place in np.ndindex(array.shape)]).reshape(array.shape)
            for name, array in point._asdict().items()
        )
    )


def distance(one: Slopes, other: Slopes) -> float:
    """The largest absolute difference of two entries."""
    return max(float(abs(u - v).max()) for u, v in zip(one, other, strict=True))
