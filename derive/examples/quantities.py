"""Named values of a network: what each is of, and which definition or theorem computes it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from derive.chains.network import NetworkProblem
from derive.core.term import Term
from derive.errors import UsageError
from derive.proofs.proof import Proof

Array = NDArray[Any]


@dataclass(frozen=True, eq=False)
class Quantity:
    """Values with a name.

    name: "s1", "p", "dell/dp", "delta2", "dell/dW2", "dL/dW2". term: what the values are of, such as p[n, i] or
    d(ell[n], p[n, k]); its letters are the axes. by: the name of the definition ("definition:p"), of the theorem or of
    the card that computes them, or "given". right: the other side of that definition or theorem, if it has one.
    """

    name: str
    term: Term
    by: str
    right: Term | None
    values: Array = field(repr=False)

    def __post_init__(self) -> None:
        self.values.setflags(write=False)


@dataclass(frozen=True, eq=False)
class ChainNumbers:
    """A network at a point, worked out for N examples; the first axis of everything but parameters is the example.

    given: parameters, x and y (N, C). forward: s1 (N, K), h1, s2, ..., p, ell (N,), L. long: the factors dell/dp (N, C)
    and dp/ds (N, C, C), and their product; empty where the loss is a formula of the last pre-activations themselves.
    deltas: dell/ds of each layer, the last layer first. slopes: dh/ds of each activation (N, K, K). examples: the
    gradients of each example's loss, dell/dW2 (N, K, J). gradients: those of L, dL/dW2 (K, J), whose reduction is the
    network's; none without reduction. proofs: the theorems, by the names that the quantities give.
    """

    problem: NetworkProblem = field(repr=False)
    proofs: Mapping[str, Proof] = field(repr=False)
    given: tuple[Quantity, ...] = field(repr=False)
    forward: tuple[Quantity, ...] = field(repr=False)
    long: tuple[Quantity, ...] = field(repr=False)
    slopes: tuple[Quantity, ...] = field(repr=False)
    deltas: tuple[Quantity, ...] = field(repr=False)
    examples: tuple[Quantity, ...] = field(repr=False)
    gradients: tuple[Quantity, ...] = field(repr=False)

    def __iter__(self) -> Iterator[Quantity]:
        for group in ("given", "forward", "long", "slopes", "deltas", "examples", "gradients"):
            yield from getattr(self, group)

    def __getitem__(self, name: str) -> Array:
        return self.quantity(name).values

    def quantity(self, name: str) -> Quantity:
        """A quantity by its name. Raises UsageError."""
        found = {quantity.name: quantity for quantity in self}
        if name not in found:
            raise UsageError(f'there is no "{name}" among the numbers; there are {", ".join(found)}')
        return found[name]

    @property
    def short(self) -> Quantity:
        """The error of the last layer by its theorem: p - y for a softmax and a cross-entropy."""
        return self.deltas[0]

    @property
    def gap(self) -> float:
        """The largest distance between the long and the short way; 0 where there is only one."""
        return float(abs(self.long[-1].values - self.short.values).max()) if self.long else 0.0

    def summed(self, name: str) -> Array:
        """The sum over the examples of their gradients by a parameter or x.

        >>> from derive.examples.chain import chain_numbers
        >>> from derive.chains.spec import LayerSpec, NetworkSpec
        >>> numbers = chain_numbers(NetworkSpec(1, (LayerSpec(2),)), {"W1": [[0], [0]], "b1": [0, 0]}, [[1]], [[1, 0]])
        >>> numbers.summed("b1")
        array([-0.5,  0.5])
        """
        return np.asarray(self[f"dell/d{name}"].sum(axis=0))

    def mean(self, name: str) -> Array:
        """The mean over the examples of their gradients by a parameter or x."""
        return np.asarray(self[f"dell/d{name}"].mean(axis=0))
