"""A theorem as a function of arrays, by running its lowered program; nothing is compiled or executed as text."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from derive.gradients.checks import Batch, check_reduction, checked_batch
from derive.gradients.lower import Proved, lower
from derive.gradients.numerics import logits_of, share, softmax_of
from derive.gradients.program import Program, Values, run

REDUCED = ("mean", "sum")


@dataclass(frozen=True)
class Function:
    """f(W, b, h, y, reduction): the gradient that one theorem states, for a batch.

    W (C, H), b (C,), h (N, H), y (N,) labels 0..C-1 or (N, C) probabilities. A gradient of the
    loss has the shape of its variable and belongs to the "mean" (the default) or "sum" over rows;
    any other derivative is given row by row, its first axis N, and takes no reduction.
    Raises ValueError or TypeError naming the argument that does not fit.
    """

    program: Program

    @property
    def __name__(self) -> str:
        return self.program.theorem

    @np.errstate(over="ignore", under="ignore", invalid="ignore")
    def __call__(
        self, W: ArrayLike, b: ArrayLike, h: ArrayLike, y: ArrayLike, reduction: str | None = None
    ) -> NDArray[Any]:
        chosen = reduction
        if self.program.of_loss:
            chosen = "mean" if reduction is None else reduction
            check_reduction(chosen, REDUCED)
        elif reduction is not None:
            raise ValueError(f"reduction is {reduction!r}; {self.program.theorem} is about each row, leave it out")
        batch = checked_batch(W, b, h, y)
        check_sizes(self.program, batch)
        z = logits_of(batch.W, batch.b, batch.h)
        values = Values(batch, z, softmax_of(z), share(str(chosen), len(z)))
        return run([self.program], values)[0]


def function_from(theorem: Proved) -> Function:
    """The function of a theorem. Raises CannotLower when its right side is not made of contractions.

    >>> from derive.chains import problem_named
    >>> from derive.proofs.prove import prove
    >>> proofs = prove(problem_named("softmax-cross-entropy").chain)
    >>> f = function_from(proofs["gradient-b"].theorem)
    >>> f([[0.0], [0.0]], [0.0, 0.0], [[1.0]], [0])
    array([-0.5,  0.5])
    """
    return Function(lower(theorem))


def check_sizes(program: Program, batch: Batch) -> None:
    """A theorem about 3 classes, or about one true class, says nothing about others."""
    classes, features = batch.W.shape
    for axis, wanted, size in (("classes", program.classes, classes), ("features", program.features, features)):
        if wanted is not None and wanted != size:
            raise ValueError(
                f"W has {size} {axis}; {program.theorem} was proved for {wanted}; leave sizes open for any"
            )
    if program.target is not None and batch.y.ndim != 1:
        raise ValueError(f"y has shape {batch.y.shape}; {program.theorem} was proved for labels, one true class a row")
    if isinstance(program.target, int) and (batch.y != program.target).any():
        row = int((batch.y != program.target).argmax())
        raise ValueError(
            f"y has label {batch.y[row]} in row {row}; {program.theorem} was proved for {program.target}, "
            "leave the target open for any"
        )
