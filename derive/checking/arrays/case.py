"""One numeric gradient at one place, and the parts it is made of."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from numpy.typing import NDArray

from derive.derivation import Derivation
from derive.gradients.checks import Batch
from derive.gradients.numerics import dense_targets, share, softmax_of

Array = NDArray[Any]


@dataclass(frozen=True)
class Case:
    """One gradient at one place, and its parts: probabilities p, targets t, and the rows p - t."""

    derivation: Derivation
    batch: Batch
    reduction: str

    @property
    def family(self) -> str:
        return self.derivation.wrt

    @cached_property
    def expected(self) -> Array:
        return self.at(self.batch)

    def at(self, batch: Batch) -> Array:
        value: Array = self.derivation.lambdify()(*batch, reduction=self.reduction)
        return value

    @cached_property
    def p(self) -> Array:
        return softmax_of(self.logits).p

    @cached_property
    def logits(self) -> Array:
        z: Array = self.batch.h @ self.batch.W.T + self.batch.b
        return z

    @cached_property
    def t(self) -> Array:
        return dense_targets(self.batch.y, self.p)

    @property
    def rows(self) -> int:
        return len(self.batch.h)

    @property
    def share(self) -> int:
        return share(self.reduction, self.rows)

    def from_logits(self, g: Array) -> Array:
        """The gradient of the family from the derivatives by the logits, row by row."""
        return CONTRACTIONS[self.family](g, self.batch) / self.share

    def size(self) -> Array:
        """How large the numbers are that were added up to make each entry."""
        positive = Batch(abs(self.batch.W), self.batch.b, abs(self.batch.h), self.batch.y)
        total: Array = CONTRACTIONS[self.family](self.p + self.t, positive) / self.share
        return total


# what a derivative by the logits, (N, C), makes of each family
CONTRACTIONS: Mapping[str, Callable[[Array, Batch], Array]] = {
    "z": lambda g, batch: g,
    "b": lambda g, batch: g.sum(axis=0),
    "W": lambda g, batch: g.T @ batch.h,
    "h": lambda g, batch: g @ batch.W,
}
