"""What is accepted as the targets of a network, and what is said when they do not fit. Rows and labels count from 0."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from derive.chains.network import EXAMPLES, SUM_TO_ONE, NetworkProblem
from derive.chains.spec import LossSpec
from derive.errors import UsageError
from derive.gradients.arrays import Array, Values
from derive.gradients.checks import check_finite, check_sums, real_array

Shape = tuple[int, ...]


def targets_of(problem: NetworkProblem, y: object, values: Values, single: bool) -> Array:
    """The targets as the definitions have them, (N, C), or (C,) for one example. Raises UsageError."""
    array, loss = array_of("y", y), problem.spec.loss
    rows = 1 if single else values.sizes[str(EXAMPLES.value)]
    units = values.size(problem.sizes[-1])
    by_label = loss.target == "index"
    shapes = _shapes(by_label, rows, units, single)
    if array.shape not in shapes:
        raise UsageError(_misfit(array.shape, shapes, by_label, rows, units, single))
    rowwise = array.reshape((rows,) if by_label else (rows, units))
    result = TARGETS[loss.target](loss, rowwise, units, values.dtype)
    if not by_label and SUM_TO_ONE in problem.context.assumptions:
        _said(check_sums, rowwise)
    return result if problem.batch else result[0]


def _shapes(by_label: bool, rows: int, units: int, single: bool) -> list[Shape]:
    """What y may look like, the usual shape first."""
    if by_label:
        return [(), (1,)] if single else [(rows,)]
    flat: list[Shape] = [(rows,)] if units == 1 else []
    return [(units,), (1, units), *([()] if units == 1 else [])] if single else [(rows, units), *flat]


def _misfit(got: Shape, shapes: list[Shape], by_label: bool, rows: int, units: int, single: bool) -> str:
    about = "x is one example" if single else f"x has {rows} {'row' if rows == 1 else 'rows'}"
    if by_label:
        wanted = "a single label" if single else f"({rows},) labels"
        return f"y has shape {got}; {about}, so y must be {wanted}"
    outputs = f"the network {units} {'output' if units == 1 else 'outputs'}"
    return f"y has shape {got}; {about} and {outputs}, so y must be {' or '.join(map(str, shapes))}"


def _labels(loss: LossSpec, y: Array, units: int, dtype: np.dtype[Any]) -> Array:
    """A row of the identity for each label, and of zeros for an ignored one."""
    ignored = loss.ignore_index
    also = "" if ignored is None else f", or {ignored} for an example to ignore"
    if y.dtype.kind == "f":
        raise UsageError(f"y has dtype {y.dtype}; labels are integers 0..{units - 1}{also}")
    left_out = np.zeros(len(y), bool) if ignored is None else y == ignored
    wrong = ((y < 0) | (y >= units)) & ~left_out
    if wrong.any():
        row = int(wrong.argmax())
        raise UsageError(f"y has label {y[row]} in row {row}; labels are 0..{units - 1}{also}")
    dense = np.zeros((len(y), units), dtype)
    dense[np.flatnonzero(~left_out), y[~left_out]] = 1
    return dense


def _soft(loss: LossSpec, y: Array, units: int, dtype: np.dtype[Any]) -> Array:
    _refuse((y < 0) | (y > 1), y, "soft targets are from 0 to 1")
    return y.astype(dtype)


def _binary(loss: LossSpec, y: Array, units: int, dtype: np.dtype[Any]) -> Array:
    _refuse((y != 0) & (y != 1), y, "binary targets are 0 or 1")
    return y.astype(dtype)


def _one_hot(loss: LossSpec, y: Array, units: int, dtype: np.dtype[Any]) -> Array:
    _refuse((y != 0) & (y != 1), y, "one-hot targets are 0 or 1")
    wrong = y.sum(axis=1) != 1
    if wrong.any():
        row = int(wrong.argmax())
        raise UsageError(f"y has {int(y[row].sum())} ones in row {row}; a one-hot row has exactly one")
    return y.astype(dtype)


def _values(loss: LossSpec, y: Array, units: int, dtype: np.dtype[Any]) -> Array:
    return cast("y", y, dtype).copy()


TARGETS: Mapping[str, Callable[[LossSpec, Array, int, np.dtype[Any]], Array]] = {
    "index": _labels, "one-hot": _one_hot, "soft": _soft, "binary": _binary, "value": _values,
}  # fmt: skip


def _refuse(wrong: Array, y: Array, rule: str) -> None:
    """The rule, where an entry is wrong or not finite."""
    bad = wrong | ~np.isfinite(y)
    if bad.any():
        place = [int(n) for n in np.argwhere(bad)[0]]
        raise UsageError(f"y has {y[tuple(place)]} at y{place}; {rule}")


def array_of(name: str, value: object) -> Array:
    """A value as an array of float64, float32 or integers. Raises UsageError."""
    array: Array = _said(real_array, name, value)
    return array


def _said(check: Callable[..., Any], *arguments: object) -> Any:
    """What a check gives; what it refuses is a UsageError."""
    try:
        return check(*arguments)
    except (TypeError, ValueError) as error:
        raise UsageError(str(error)) from None


def cast(name: str, array: Array, dtype: np.dtype[Any]) -> Array:
    """The array in another float type, and finite. Raises UsageError."""
    with np.errstate(over="ignore"):
        result = array.astype(dtype, copy=False)
    if result.ndim == 0:
        if not np.isfinite(result):
            raise UsageError(f"{name} is {array[()]}; it must be a finite {dtype} number")
        return result
    _said(check_finite, name, result)
    return result
