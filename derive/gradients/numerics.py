"""The numeric primitives that proved formulas are lowered to: C classes along the last axis, rows before it.

Three differences lose all their digits when a network is confident; none of them is formed here:
z - max z comes before exp, 1 - p is the sum of the other probabilities, and ln sum exp is log1p of
the terms other than the largest. Given the logits, every entry of p - y and every loss is then
right to 24 units in the last place while the logits of a row lie within 32 of each other, in
float32 as in float64; what rounding the logits themselves costs comes on top.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray


class Softmax(NamedTuple):
    """p with what a subtraction from 1 would have lost.

    shifted (..., C): logits less the largest of their row. p (..., C): probabilities. top (...,): the
    place of the largest. others (...,): the sum of exp(shifted) without the largest, so that the
    full sum is 1 + others.
    """

    shifted: NDArray[Any]
    p: NDArray[Any]
    top: NDArray[Any]
    others: NDArray[Any]


def softmax_of(z: NDArray[Any]) -> Softmax:
    """exp(z_k - c) / sum_m exp(z_m - c) with c the largest of the row."""
    flat = z.reshape(-1, z.shape[-1])
    rows = np.arange(len(flat))
    top = flat.argmax(axis=1)
    shifted = flat - flat[rows, top][:, None]
    p = np.exp(shifted)
    p[rows, top] = 0
    others = p.sum(axis=1)
    p[rows, top] = 1
    p /= (1 + others)[:, None]
    around = z.shape[:-1]
    return Softmax(shifted.reshape(z.shape), p.reshape(z.shape), top.reshape(around), others.reshape(around))


def refuse_overflow(per_row: NDArray[Any]) -> None:
    """Raises ValueError where the logits of a row were too large."""
    if not np.isfinite(per_row).all():
        row = int((~np.isfinite(per_row)).argmax())
        raise ValueError(f"h gives logits in row {row} that are too large for {per_row.dtype}; scale W, b or h down")


def logarithm_of(softmax: Softmax) -> NDArray[Any]:
    """ln p: (..., C). Two terms of one sign, so nothing cancels."""
    logarithm: NDArray[Any] = softmax.shifted - np.log1p(softmax.others)[..., None]
    return logarithm


def losses_of(softmax: Softmax, y: NDArray[Any]) -> NDArray[Any]:
    """-sum_k y_k ln p_k of every row, of labels or probabilities y: (...,)."""
    if y.ndim == softmax.p.ndim:
        losses: NDArray[Any] = -(y * logarithm_of(softmax)).sum(axis=-1)
    else:
        losses = np.log1p(softmax.others) - np.take_along_axis(softmax.shifted, y[..., None], -1)[..., 0]
    return losses


def residual_of(softmax: Softmax, y: NDArray[Any]) -> NDArray[Any]:
    """p_k - y_k of every row, of labels or probabilities y: (..., C).

    Where p_k and y_k are both near 1 it is (1 - y_k) - (the other probabilities together).
    """
    p = softmax.p.reshape(-1, softmax.p.shape[-1])
    top, rest = softmax.top.reshape(-1), _rest(softmax).reshape(-1)
    rows = np.arange(len(p))
    if y.ndim < softmax.p.ndim:
        label, residual = y.reshape(-1), p.copy()
        residual[rows, label] = np.where(label == top, -rest, p[rows, label] - 1)
    else:
        y = y.reshape(p.shape)
        residual = p - y
        largest = y[rows, top]
        residual[rows, top] = np.where(largest > 0.5, (1 - largest) - rest, residual[rows, top])
    return residual.reshape(softmax.p.shape)


def complement_of(softmax: Softmax) -> NDArray[Any]:
    """1 - p_k, at least the smallest float since no probability is 1: (..., C)."""
    complement: NDArray[Any] = 1 - softmax.p
    least = np.maximum(_rest(softmax), np.finfo(complement.dtype).tiny)
    np.put_along_axis(complement, softmax.top[..., None], least[..., None], -1)
    return complement


def _rest(softmax: Softmax) -> NDArray[Any]:
    """1 less the largest probability of every row."""
    rest: NDArray[Any] = softmax.others / (1 + softmax.others)
    return rest


def column_sums(u: NDArray[Any]) -> NDArray[Any]:
    """The sum over rows, in blocks of blocks, so that rounding does not grow with their number: (C,)."""
    block = 64
    ones = np.ones(block, u.dtype)
    blocks, rest = divmod(len(u), block)
    tail: NDArray[Any] = ones[:rest] @ u[len(u) - rest :]
    return column_sums(ones @ u[: blocks * block].reshape(blocks, block, -1)) + tail if blocks else tail


def dense_targets(y: NDArray[Any], like: NDArray[Any]) -> NDArray[Any]:
    """y as probabilities (..., C): a label becomes 1 at its place."""
    if y.ndim == like.ndim:
        return y
    dense = np.zeros_like(like)
    np.put_along_axis(dense, y[..., None], 1, -1)
    return dense


def reduced(losses: NDArray[Any], reduction: str) -> Any:
    """The mean, the sum, or the losses themselves, in their own float type."""
    if reduction == "none":
        return losses
    return losses.mean() if reduction == "mean" else losses.sum()


def share(reduction: str, rows: int) -> int:
    """What the gradient of the sum is divided by."""
    return rows if reduction == "mean" else 1
