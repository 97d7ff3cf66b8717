"""The numeric primitives that proved formulas are lowered to, for a batch of N rows and C classes.

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

    shifted (N, C): logits less the largest of their row. p (N, C): probabilities. top (N,): the
    place of the largest. others (N,): the sum of exp(shifted) without the largest, so that the
    full sum is 1 + others.
    """

    shifted: NDArray[Any]
    p: NDArray[Any]
    top: NDArray[Any]
    others: NDArray[Any]


def logits_of(W: NDArray[Any], b: NDArray[Any], h: NDArray[Any]) -> NDArray[Any]:
    """z_k = sum_j W_kj h_j + b_k for every row: (N, C)."""
    z: NDArray[Any] = h @ W.T
    z += b
    return z


def softmax_of(z: NDArray[Any]) -> Softmax:
    """exp(z_k - c) / sum_m exp(z_m - c) with c the largest of the row. Raises ValueError on overflow."""
    rows = np.arange(len(z))
    top = z.argmax(axis=1)
    shifted = z - z[rows, top][:, None]
    p = np.exp(shifted)
    p[rows, top] = 0
    others = p.sum(axis=1)
    refuse_overflow(others)
    p[rows, top] = 1
    p /= (1 + others)[:, None]
    return Softmax(shifted, p, top, others)


def refuse_overflow(per_row: NDArray[Any]) -> None:
    if not np.isfinite(per_row).all():
        row = int((~np.isfinite(per_row)).argmax())
        raise ValueError(f"h gives logits in row {row} that are too large for {per_row.dtype}; scale W, b or h down")


def losses_of(softmax: Softmax, y: NDArray[Any]) -> NDArray[Any]:
    """-sum_k y_k ln p_k of every row: (N,). Two terms of one sign, so nothing cancels."""
    least = np.log1p(softmax.others)
    if y.ndim == 1:
        losses: NDArray[Any] = least - softmax.shifted[np.arange(len(y)), y]
    else:
        losses = (y * (least[:, None] - softmax.shifted)).sum(axis=1)
    refuse_overflow(losses)
    return losses


def residual_of(softmax: Softmax, y: NDArray[Any], divisor: int = 1) -> NDArray[Any]:
    """(p_k - y_k) / divisor of every row: (N, C).

    Where p_k and y_k are both near 1 it is (1 - y_k) - (the other probabilities together).
    """
    rows = np.arange(len(y))
    rest = softmax.others / (1 + softmax.others)
    if y.ndim == 1:
        residual: NDArray[Any] = softmax.p / divisor
        residual[rows, y] = np.where(y == softmax.top, -rest, softmax.p[rows, y] - 1) / divisor
        return residual
    residual = softmax.p - y
    largest = y[rows, softmax.top]
    residual[rows, softmax.top] = np.where(largest > 0.5, (1 - largest) - rest, residual[rows, softmax.top])
    return residual / divisor


def column_sums(u: NDArray[Any]) -> NDArray[Any]:
    """The sum over rows, in blocks of blocks, so that rounding does not grow with their number: (C,)."""
    block = 64
    ones = np.ones(block, u.dtype)
    blocks, rest = divmod(len(u), block)
    tail: NDArray[Any] = ones[:rest] @ u[len(u) - rest :]
    return column_sums(ones @ u[: blocks * block].reshape(blocks, block, -1)) + tail if blocks else tail


def complement_of(softmax: Softmax) -> NDArray[Any]:
    """1 - p_k of every row: (N, C)."""
    complement: NDArray[Any] = 1 - softmax.p
    complement[np.arange(len(complement)), softmax.top] = softmax.others / (1 + softmax.others)
    return complement


def dense_targets(y: NDArray[Any], like: NDArray[Any]) -> NDArray[Any]:
    """y as probabilities (N, C): a label becomes 1 at its place."""
    if y.ndim == 2:
        return y
    dense = np.zeros_like(like)
    dense[np.arange(len(y)), y] = 1
    return dense


def reduced(losses: NDArray[Any], reduction: str) -> Any:
    """The mean, the sum, or the losses themselves, in their own float type."""
    if reduction == "none":
        return losses
    return losses.mean() if reduction == "mean" else losses.sum()


def share(reduction: str, rows: int) -> int:
    """What the gradient of the sum is divided by."""
    return rows if reduction == "mean" else 1
