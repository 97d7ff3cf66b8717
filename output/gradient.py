"""Loss and gradient of L(softmax(W h + b)) with cross-entropy, for a batch of rows.

Generated from the proved theorems gradient-W, gradient-b, gradient-h, gradient-z; do not edit.
It needs NumPy only. To regenerate: python -m derive.gradients

    loss(W, b, h, y, reduction="mean")            the loss
    value_and_grad(W, b, h, y, reduction="mean")  the loss, and its gradient by W, b, h and z

    dL/dW[k,j] = (p[k] - y[k])*h[j]
    dL/db[k] = p[k] - y[k]
    dL/dh[j] = sum(m=1..C, (p[m] - y[m])*W[m,j])
    dL/dz[k] = p[k] - y[k]

The shift by the largest logit that keeps exp in range is justified by softmax(z - c) = softmax(z).

softmax-shift: exp(z[i] - c)/sum(m=1..C, exp(z[m] - c)) = p[i]
    exp(z[i] - c)/sum(m=1..C, exp(z[m] - c))
  = exp(z[i])/exp(c)/sum(m=1..C, exp(z[m])/exp(c))  [exp-difference]
  = exp(z[i])/exp(c)/(sum(m=1..C, exp(z[m]))/exp(c))  [divide-sum]
  = exp(z[i])/sum(m=1..C, exp(z[m]))  [common-denominator]
  = p[i]  [definition:p]

The derivation, every line checked by the kernel:

loss-by-probability: dL/dp[i] = -y[i]/p[i]
    dL/dp[i]
  = d(-sum(m=1..C, y[m]*log(p[m])))/dp[i]  [definition:L]
  = -sum(m=1..C, d(y[m]*log(p[m]))/dp[i])  [series-rule]
  = -sum(m=1..C, y[m]*d(log(p[m]))/dp[i])  [constant-factor]
  = -sum(m=1..C, y[m]*(1/p[m])*dp[m]/dp[i])  [log-rule]
  = -sum(m=1..C, y[m]*(1/p[m])*delta(m, i))  [coordinates]
  = -y[i]/p[i]  [pick]

softmax-jacobian: dp[i]/dz[k] = p[i]*(delta(i, k) - p[k])
    dp[i]/dz[k]
  = d(exp(z[i])/sum(m=1..C, exp(z[m])))/dz[k]  [definition:p]
  = (d(exp(z[i]))/dz[k]*sum(m=1..C, exp(z[m])) - exp(z[i])*d(sum(m=1..C,
        exp(z[m])))/dz[k])/sum(m=1..C, exp(z[m]))^2  [quotient-rule]
  = (exp(z[i])*delta(i, k)*sum(m=1..C, exp(z[m])) - exp(z[i])*d(sum(m=1..C,
        exp(z[m])))/dz[k])/sum(m=1..C, exp(z[m]))^2  [exp-rule]
  = (exp(z[i])*delta(i, k)*sum(m=1..C, exp(z[m])) - exp(z[i])*sum(m=1..C, exp(z[m])*delta(m,
        k)))/sum(m=1..C, exp(z[m]))^2  [series-rule]
  = (exp(z[i])*delta(i, k)*sum(m=1..C, exp(z[m])) - exp(z[i])*exp(z[k]))/sum(m=1..C, exp(z[m]))^2
        [pick]
  = exp(z[i])*(delta(i, k)*sum(m=1..C, exp(z[m])) - exp(z[k]))/sum(m=1..C, exp(z[m]))^2
        [common-factor]
  = exp(z[i])/sum(m=1..C, exp(z[m]))*((delta(i, k)*sum(m=1..C, exp(z[m])) - exp(z[k]))/sum(m=1..C,
        exp(z[m])))  [split-square]
  = exp(z[i])/sum(m=1..C, exp(z[m]))*(delta(i, k) - exp(z[k])/sum(m=1..C, exp(z[m])))
        [divide-terms]
  = p[i]*(delta(i, k) - p[k])  [definition:p]

logit-by-bias: dz[m]/db[k] = delta(m, k)
    dz[m]/db[k]
  = d(sum(j=1..H, W[m,j]*h[j]) + b[m])/db[k]  [definition:z]
  = d(sum(j=1..H, W[m,j]*h[j]))/db[k] + db[m]/db[k]  [sum-rule]
  = db[m]/db[k]  [constant]
  = delta(m, k)  [coordinates]

logit-by-weight: dz[m]/dW[k,j] = delta(m, k)*h[j]
    dz[m]/dW[k,j]
  = d(sum(l=1..H, W[m,l]*h[l]) + b[m])/dW[k,j]  [definition:z]
  = d(sum(l=1..H, W[m,l]*h[l]))/dW[k,j] + db[m]/dW[k,j]  [sum-rule]
  = d(sum(l=1..H, W[m,l]*h[l]))/dW[k,j]  [constant]
  = sum(l=1..H, d(W[m,l]*h[l])/dW[k,j])  [series-rule]
  = sum(l=1..H, dW[m,l]/dW[k,j]*h[l])  [constant-factor-right]
  = sum(l=1..H, delta(m, k)*delta(l, j)*h[l])  [matrix-coordinates]
  = delta(m, k)*h[j]  [pick]

logit-by-input: dz[m]/dh[j] = W[m,j]
    dz[m]/dh[j]
  = d(sum(l=1..H, W[m,l]*h[l]) + b[m])/dh[j]  [definition:z]
  = d(sum(l=1..H, W[m,l]*h[l]))/dh[j] + db[m]/dh[j]  [sum-rule]
  = d(sum(l=1..H, W[m,l]*h[l]))/dh[j]  [constant]
  = sum(l=1..H, d(W[m,l]*h[l])/dh[j])  [series-rule]
  = sum(l=1..H, W[m,l]*dh[l]/dh[j])  [constant-factor]
  = sum(l=1..H, W[m,l]*delta(l, j))  [coordinates]
  = W[m,j]  [pick]

loss-by-logit: dL/dz[k] = p[k]*sum(i=1..C, y[i]) - y[k]
    dL/dz[k]
  = sum(i=1..C, dL/dp[i]*dp[i]/dz[k])  [chain-rule]
  = sum(i=1..C, (-y[i]/p[i])*dp[i]/dz[k])  [loss-by-probability]
  = sum(i=1..C, (-y[i]/p[i])*p[i]*(delta(i, k) - p[k]))  [softmax-jacobian]
  = sum(i=1..C, -y[i]*(delta(i, k) - p[k]))  [cancel-factor]
  = -sum(i=1..C, y[i]*(delta(i, k) - p[k]))  [negative-sum]
  = -(sum(i=1..C, y[i]*delta(i, k)) - sum(i=1..C, y[i]*p[k]))  [distribute]
  = -(y[k] - sum(i=1..C, y[i]*p[k]))  [pick]
  = -(y[k] - p[k]*sum(i=1..C, y[i]))  [factor-out-right]
  = p[k]*sum(i=1..C, y[i]) - y[k]  [resolve-bracket]

gradient-z (where targets-sum-to-one): dL/dz[k] = p[k] - y[k]
    dL/dz[k]
  = p[k]*sum(i=1..C, y[i]) - y[k]  [loss-by-logit]
  = p[k] - y[k]  [targets-sum-to-one]

gradient-b (where targets-sum-to-one): dL/db[k] = p[k] - y[k]
    dL/db[k]
  = sum(m=1..C, dL/dz[m]*dz[m]/db[k])  [chain-rule]
  = sum(m=1..C, (p[m]*sum(i=1..C, y[i]) - y[m])*dz[m]/db[k])  [loss-by-logit]
  = sum(m=1..C, (p[m]*sum(i=1..C, y[i]) - y[m])*delta(m, k))  [logit-by-bias]
  = p[k]*sum(i=1..C, y[i]) - y[k]  [pick]
  = p[k] - y[k]  [targets-sum-to-one]

gradient-W (where targets-sum-to-one): dL/dW[k,j] = (p[k] - y[k])*h[j]
    dL/dW[k,j]
  = sum(m=1..C, dL/dz[m]*dz[m]/dW[k,j])  [chain-rule]
  = sum(m=1..C, (p[m]*sum(i=1..C, y[i]) - y[m])*dz[m]/dW[k,j])  [loss-by-logit]
  = sum(m=1..C, (p[m]*sum(i=1..C, y[i]) - y[m])*delta(m, k)*h[j])  [logit-by-weight]
  = (p[k]*sum(i=1..C, y[i]) - y[k])*h[j]  [pick]
  = (p[k] - y[k])*h[j]  [targets-sum-to-one]

gradient-h (where targets-sum-to-one): dL/dh[j] = sum(m=1..C, (p[m] - y[m])*W[m,j])
    dL/dh[j]
  = sum(m=1..C, dL/dz[m]*dz[m]/dh[j])  [chain-rule]
  = sum(m=1..C, (p[m]*sum(i=1..C, y[i]) - y[m])*dz[m]/dh[j])  [loss-by-logit]
  = sum(m=1..C, (p[m]*sum(i=1..C, y[i]) - y[m])*W[m,j])  [logit-by-input]
  = sum(m=1..C, (p[m] - y[m])*W[m,j])  [targets-sum-to-one]
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

__all__ = ["Gradients", "loss", "value_and_grad"]

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


class Gradients(NamedTuple):
    """The gradient of the loss by each argument, in its shape; z (N, C) are the logits."""

    W: NDArray[Any]
    b: NDArray[Any]
    h: NDArray[Any]
    z: NDArray[Any]


@np.errstate(over="ignore", under="ignore", invalid="ignore")
def loss(W: ArrayLike, b: ArrayLike, h: ArrayLike, y: ArrayLike, reduction: str = "mean") -> Any:
    """The cross-entropy of the softmax of W h + b, in nats.

    W (C, H), b (C,), h (N, H): float64 or float32, kept; integers become float64.
    y: (N,) labels 0..C-1, or (N, C) probabilities whose rows sum to 1 (within 1e-6; 1e-4 in float32).
    reduction: "mean" or "sum" over the rows, or "none" for the (N,) losses.
    Raises ValueError or TypeError naming the argument that does not fit.

    >>> round(float(loss([[0.0], [0.0]], [0.0, 0.0], [[1.0]], [0])), 6)
    0.693147
    """
    check_reduction(reduction)
    W, b, h, y = checked_batch(W, b, h, y)
    z = h @ W.T + b
    softmax = softmax_of(z)
    refuse_overflow(softmax.others)
    L = losses_of(softmax, y)
    refuse_overflow(L)
    return reduced(L, reduction)


@np.errstate(over="ignore", under="ignore", invalid="ignore")
def value_and_grad(
    W: ArrayLike, b: ArrayLike, h: ArrayLike, y: ArrayLike, reduction: str = "mean"
) -> tuple[Any, Gradients]:
    """The loss and its gradient; arguments and errors as in `loss`, reduction "mean" or "sum".

    >>> value, gradient = value_and_grad([[0.0], [0.0]], [0.0, 0.0], [[1.0]], [0])
    >>> gradient.b
    array([-0.5,  0.5])
    """
    check_reduction(reduction, ("mean", "sum"))
    W, b, h, y = checked_batch(W, b, h, y)
    divisor = share(reduction, len(h))
    z = h @ W.T + b
    softmax = softmax_of(z)
    refuse_overflow(softmax.others)
    L = losses_of(softmax, y)
    residual = residual_of(softmax, y)
    refuse_overflow(L)
    gradients = Gradients(
        # gradient-W: (p[k] - y[k])*h[j]
        W=residual.T @ h / divisor,
        # gradient-b: p[k] - y[k]
        b=column_sums(residual) / divisor,
        # gradient-h: sum(m=1..C, (p[m] - y[m])*W[m,j])
        h=residual @ W / divisor,
        # gradient-z: p[k] - y[k]
        z=residual / divisor,
    )
    return reduced(L, reduction), gradients
