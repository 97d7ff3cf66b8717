"""Loss and gradient of L(softmax(W h + b)) with cross-entropy, for a batch of rows.

Generated from the proved theorems gradient-W, gradient-b, gradient-h, gradient-z; do not edit.
To regenerate: python -m derive.gradients

    loss(W, b, h, y, reduction="mean")            the loss
    value_and_grad(W, b, h, y, reduction="mean")  the loss, and its gradient by W, b, h and z

    dL/dW[k,j] = (p[k] - y[k])*h[j]
    dL/db[k] = p[k] - y[k]
    dL/dh[j] = sum(m=1..C, (p[m] - y[m])*W[m,j])
    dL/dz[k] = p[k] - y[k]

The shift by the largest logit that keeps exp in range is justified by softmax(z - c) = softmax(z).
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from derive.gradients.checks import check_reduction, checked_batch
from derive.gradients.numerics import column_sums, losses_of, reduced, refuse_overflow, residual_of, share, softmax_of

__all__ = ["Gradients", "loss", "value_and_grad"]


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
