"""The mistakes people make in a numeric gradient, as data: one row each, with what it makes of the right one."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np

from derive.checking.arrays.case import CONTRACTIONS, Array, Case
from derive.gradients.checks import Batch
from derive.gradients.numerics import softmax_of

LOWER = "lower-precision"


def _labels(case: Case) -> Array:
    return (case.batch.y if case.batch.y.ndim == 1 else case.t.argmax(axis=1))[:, None]


def _over_rows(case: Case) -> Array:
    e = np.exp(case.logits - case.logits.max(axis=0))
    shares: Array = e / e.sum(axis=0)
    return shares


# the derivative by the logits as somebody writes it who makes the mistake
WRONG_ROWS: tuple[tuple[str, Callable[[Case], Array]], ...] = (
    ("target-not-subtracted", lambda c: c.p),
    ("target-twice", lambda c: c.p - 2 * c.t),
    ("true-class-only", lambda c: (c.p - c.t) * (c.t > 0)),
    ("true-class-left-out", lambda c: c.p * (c.t == 0)),
    ("double-softmax", lambda c: softmax_of(c.p).p - c.t),
    ("softmax-derived-twice", lambda c: (c.p - c.t) * c.p * (1 - c.p)),
    ("logits-for-probabilities", lambda c: c.logits - c.t),
    ("softmax-along-the-rows", lambda c: _over_rows(c) - c.t),
    ("labels-as-numbers", lambda c: c.p - _labels(c)),
    ("labels-off-by-one", lambda c: c.p - np.roll(c.t, 1, axis=1)),
    ("labels-off-by-one", lambda c: c.p - np.roll(c.t, -1, axis=1)),
)
# what somebody does with the whole gradient
WRONG_SCALES: tuple[tuple[str, Callable[[Case], float]], ...] = (
    ("lost-sign", lambda c: -1.0),
    ("times-the-number", lambda c: float(c.rows)),
    ("divided-by-the-number", lambda c: 1 / c.rows),
    ("twice", lambda c: 2.0),
    ("half", lambda c: 0.5),
    ("mean-over-classes", lambda c: 1 / c.p.shape[1]),
    ("log-base", lambda c: 1 / float(np.log(2))),
    ("log-base", lambda c: 1 / float(np.log(10))),
)
# arrays of another shape
WRONG_SHAPES: tuple[tuple[str, Callable[[Case, Array], Array]], ...] = (
    ("transposed", lambda c, e: e.T),
    ("extra-axis", lambda c, e: e[:, None] if e.ndim == 1 else e[None]),
    ("extra-axis", lambda c, e: e[None]),
    ("reduction-missing", lambda c, e: c.share * _each_row(c)),
    ("reduction-missing", lambda c, e: _each_row(c)),
    ("input-not-multiplied", lambda c, e: np.broadcast_to((c.p - c.t).sum(axis=0)[:, None] / c.share, e.shape)),
)


def _each_row(case: Case) -> Array:
    """The gradient of each row by itself, divided as the whole is."""
    W, b, h, y = case.batch
    batches = (Batch(W, b, h[n : n + 1], y[n : n + 1]) for n in range(case.rows))
    rows = [CONTRACTIONS[case.family](g[None], batch) for g, batch in zip(case.p - case.t, batches, strict=True)]
    return np.stack(rows) / case.share


def candidates(case: Case) -> Iterator[tuple[tuple[str, ...], Array, float]]:
    """Every wrong gradient with the names of the mistakes in it, one mistake before two."""
    right = case.expected
    scales = [(name, scale(case)) for name, scale in WRONG_SCALES]
    arrays = [(name, made) for name, make in WRONG_SHAPES if (made := _shaped(make, case)) is not None]
    arrays += [(name, case.from_logits(make(case))) for name, make in WRONG_ROWS]
    for name, scale in scales:
        yield (name,), scale * right, scale
    for name, array in arrays:
        yield (name,), array, 1.0
    for name, scale in scales:
        yield ("lost-sign", name), -scale * right, scale
    for one, array in arrays:
        for other, scale in scales:
            yield (one, other), scale * array, scale


def _shaped(make: Callable[[Case, Array], Array], case: Case) -> Array | None:
    try:
        return make(case, case.expected)
    except ValueError:  # this family has no such shape
        return None
