"""What is accepted as W, b, h and y, and what is said when it does not fit.

Every message is one line: the argument, what is wrong, what would fit. Rows and columns count from 0.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

# How far the targets of a row may be from summing to one, by the type they came in.
TOLERANCE = {"float64": 1e-6, "float32": 1e-4}
FLOATS = tuple(TOLERANCE)
REDUCTIONS = ("mean", "sum", "none")


class Batch(NamedTuple):
    """Arrays that fit together: W (C, H), b (C,), h (N, H), y (N,) labels or (N, C) probabilities."""

    W: NDArray[Any]
    b: NDArray[Any]
    h: NDArray[Any]
    y: NDArray[Any]


def checked_batch(W: ArrayLike, b: ArrayLike, h: ArrayLike, y: ArrayLike) -> Batch:
    """The arguments as arrays of one float type. Raises ValueError or TypeError."""
    arrays = {name: real_array(name, value) for name, value in (("W", W), ("b", b), ("h", h))}
    targets = real_array("y", y)
    check_shapes(arrays["W"], arrays["b"], arrays["h"], targets)
    dtype = np.result_type(*(a.dtype if a.dtype.kind == "f" else np.float64 for a in arrays.values()))
    for name, array in arrays.items():
        check_finite(name, array)
        arrays[name] = array.astype(dtype, copy=False)
    check_targets(targets, len(arrays["b"]))
    return Batch(**arrays, y=targets if targets.ndim == 1 else targets.astype(dtype, copy=False))


def real_array(name: str, value: ArrayLike) -> NDArray[Any]:
    """The value as an array of float64, float32 or integers."""
    if isinstance(value, np.ma.MaskedArray):
        raise TypeError(f"{name} is a masked array; fill or drop the masked entries first")
    try:
        array = np.asarray(value)
    except ValueError:
        raise ValueError(f"{name} is not a rectangular array of numbers: its rows differ in length") from None
    if array.dtype.kind not in "iu" and array.dtype.name not in FLOATS:
        raise TypeError(f"{name} has dtype {array.dtype}; it must be float64, float32 or integers")
    return array


def check_shapes(W: NDArray[Any], b: NDArray[Any], h: NDArray[Any], y: NDArray[Any]) -> None:
    if W.ndim != 2 or 0 in W.shape:
        raise ValueError(f"W has shape {W.shape}; it must be (C, H): one row per class, one column per feature")
    classes, features = W.shape
    if b.shape != (classes,):
        raise ValueError(f"b has shape {b.shape}; W has {classes} rows, so b must have shape ({classes},)")
    if h.ndim != 2 or h.shape[1] != features:
        raise ValueError(
            f"h has shape {h.shape}; W has {features} columns, so h must be (N, {features}): one row per sample"
        )
    rows = len(h)
    if rows == 0:
        raise ValueError(f"h has no rows; a batch needs at least one sample, h of shape (N, {features}) with N >= 1")
    if y.shape not in ((rows,), (rows, classes)):
        raise ValueError(
            f"y has shape {y.shape}; h has {rows} rows, so y must be "
            f"({rows},) labels or ({rows}, {classes}) probabilities"
        )


def check_finite(name: str, array: NDArray[Any]) -> None:
    finite = np.isfinite(array)
    if not finite.all():
        place = [int(n) for n in np.argwhere(~finite)[0]]
        raise ValueError(f"{name} has {array[tuple(place)]} in row {place[0]}, at {name}{place}; it must be finite")


def check_targets(y: NDArray[Any], classes: int) -> None:
    """Labels 0..C-1, or rows that are probabilities: the assumption targets-sum-to-one of the theorem."""
    if y.ndim == 2:
        check_probabilities(y)
        return
    if y.dtype.kind == "f":
        raise TypeError(
            f"y has dtype {y.dtype}; labels are integers 0..{classes - 1} (probabilities have shape (N, {classes}))"
        )
    wrong = (y < 0) | (y >= classes)
    if wrong.any():
        row = int(wrong.argmax())
        raise ValueError(f"y has label {y[row]} in row {row}; labels are 0..{classes - 1}, one for each row of W")


def check_probabilities(y: NDArray[Any]) -> None:
    check_finite("y", y)
    negative = (y < 0).any(axis=1)
    if negative.any():
        row = int(negative.argmax())
        raise ValueError(f"y has the negative entry {y[row].min()} in row {row}; probabilities are 0 or more")
    check_sums(y)


def check_sums(y: NDArray[Any]) -> None:
    """The assumption of the theorems that the targets of a row sum to one."""
    sums = y.sum(axis=1, dtype=np.float64)
    tolerance = TOLERANCE.get(y.dtype.name, 0.0)
    wrong = abs(sums - 1) > tolerance
    if wrong.any():
        row = int(wrong.argmax())
        raise ValueError(f"y sums to {sums[row]:.9g} in row {row}; targets must sum to 1 (within {tolerance:g})")


def check_reduction(reduction: object, known: tuple[str, ...] = REDUCTIONS) -> None:
    if reduction not in known:
        raise ValueError(f"reduction is {reduction!r}; it must be one of {', '.join(map(repr, known))}")
