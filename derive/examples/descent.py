"""Plain gradient descent on softmax regression, with the gradient generated from the proved formula."""

from __future__ import annotations

from collections.abc import Sequence
from math import isfinite
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from derive.gradients.softmax_cross_entropy import value_and_grad

RATE = 0.06  # just below safe_rate of the Iris features
STEPS = 500
ROUNDING = 1e-12  # a rise of this part of the first loss is no rise


class Diverged(ValueError):
    """The loss rose or overflowed. `step` is the step that did it, from 1."""

    def __init__(self, step: int, before: float, after: float, rate: float, safe: float) -> None:
        super().__init__(
            f"the loss went from {before:.6g} to {after:.6g} in step {step} with rate {rate:g}; "
            f"a rate of at most {safe:.3g} cannot raise it for these features"
        )
        self.step = step


class Trace(NamedTuple):
    """A run: losses and accuracy (steps + 1,), before the first step and after each; the last W, b."""

    losses: NDArray[np.float64]
    accuracy: NDArray[np.float64]
    W: NDArray[np.float64]
    b: NDArray[np.float64]


@np.errstate(over="ignore", invalid="ignore")
def train(
    features: ArrayLike, labels: ArrayLike, classes: int | Sequence[str], rate: float = RATE, steps: int = STEPS
) -> Trace:
    """Descend from W = 0, b = 0 along the gradient of the mean loss; deterministic.

    features (N, H), taken as they are, not standardised; labels (N,) from 0; classes: how many, or
    their names. Raises Diverged when the loss rises, ValueError or TypeError for what does not fit.

    >>> from derive.examples.iris import iris
    >>> trace = train(*iris())
    >>> bool(trace.accuracy[-1] >= 0.97)
    True
    """
    check_schedule(rate, steps)
    h = np.asarray(features, dtype=np.float64)
    y = np.asarray(labels)
    size = classes if isinstance(classes, int) else len(classes)
    W, b = np.zeros((size, h.shape[-1] if h.ndim else 0)), np.zeros(size)
    value, gradient = value_and_grad(W, b, h, y)
    losses, accuracy = [float(value)], [hits(W, b, h, y)]
    for step in range(1, steps + 1):
        W, b = W - rate * gradient.W, b - rate * gradient.b
        try:
            value, gradient = value_and_grad(W, b, h, y)
        except ValueError:  # the arguments were fine before the first step: the logits overflowed
            value = np.inf
        if not value <= losses[-1] + ROUNDING * losses[0]:
            raise Diverged(step, losses[-1], float(value), rate, safe_rate(h))
        losses.append(float(value))
        accuracy.append(hits(W, b, h, y))
    return Trace(np.array(losses), np.array(accuracy), W, b)


def hits(W: NDArray[Any], b: NDArray[Any], h: NDArray[Any], y: NDArray[Any]) -> float:
    """The share of rows whose largest logit is that of the true class."""
    return float(((h @ W.T + b).argmax(axis=1) == y).mean())


def safe_rate(features: ArrayLike) -> float:
    """A rate at which the mean loss cannot rise: 2 / (a bound on its curvature).

    The curvature of the loss in z is at most 1/2 (Boehning 1992), so in (W, b) it is at most half
    the largest eigenvalue of the mean of x x^T, x the features with a 1 for the bias.
    """
    h = np.asarray(features, dtype=np.float64)
    x = np.column_stack([h, np.ones(len(h))])
    return float(4 / np.linalg.eigvalsh(x.T @ x / len(x))[-1])


def check_schedule(rate: float, steps: int) -> None:
    if isinstance(rate, bool) or not isinstance(rate, int | float | np.number) or not (isfinite(rate) and rate > 0):
        raise ValueError(f"rate is {rate!r}; it must be a positive number")
    if isinstance(steps, bool) or not isinstance(steps, int) or steps < 1:
        raise ValueError(f"steps is {steps!r}; it must be a whole number, 1 or more")
