"""What calls give to a lecture, and what a lecture may read of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from derive.document.nodes import Block, Slot


@dataclass(frozen=True, eq=False)
class Inline:
    """Something in a sentence. alone: the blocks it becomes on a line of its own; None where it stays a sentence."""

    slot: Slot
    alone: tuple[Block, ...] | None = None


@dataclass(frozen=True, eq=False)
class Blocks:
    """Something that stands on a line of its own."""

    blocks: tuple[Block, ...]


@dataclass(frozen=True, eq=False)
class Anchor:
    """A label for the heading or the caption in which it stands."""

    label: str


@dataclass(frozen=True, eq=False)
class Marker:
    """Where an exercise or a solution begins, or ends."""

    kind: str
    label: str = ""
    title: Slot | None = None


Value = Inline | Blocks | Anchor | Marker


@dataclass(frozen=True, eq=False)
class Proved:
    """A derivation in the hands of a lecture. cited: the label of the statement of each theorem, once it is told."""

    told: Any
    cited: dict[str, str] = field(default_factory=dict)

    @property
    def names(self) -> list[str]:
        """The names of its theorems."""
        return list(self.told.theorems)


@dataclass(frozen=True, eq=False)
class Net:
    """A network in the hands of a lecture."""

    network: Any

    @property
    def parameters(self) -> list[str]:
        return list(self.network.parameters)

    @property
    def classes(self) -> list[str]:
        return list(self.network.spec.classes)

    @property
    def features(self) -> list[str]:
        return list(self.network.spec.features)


@dataclass(frozen=True, eq=False)
class Opened:
    """A result of derive.examples of which a lecture may read some attributes."""

    value: Any


# what may be read of a result of derive.examples, by the name of its class
READABLE: Mapping[str, tuple[str, ...]] = {
    "ChainNumbers": ("gap",),
    "Trace": ("rows", "loss", "losses", "ended", "worse", "rises", "learning_rate"),
    "Row": ("step", "loss", "parameter", "slope", "step_size", "new"),
    "Graph": ("output", "gradients", "steps"),
    "Node": ("name", "value", "gradient"),
    "Comparison": ("distance", "distances", "tool"),
}
ATTRIBUTES: Mapping[type, tuple[str, ...]] = {
    Proved: ("names",), Net: ("parameters", "classes", "features"),
}  # fmt: skip


def opened(value: Any) -> Any:
    """A result as a lecture may have it: numbers, lists and dicts as they are, everything else closed but for READABLE.

    >>> import numpy
    >>> opened({"b": numpy.array([1.0, 2.0])})
    {'b': [1.0, 2.0]}
    """
    if value is None or isinstance(value, str | bool | int | float):
        return value
    if hasattr(value, "tolist"):  # an array or a number of NumPy
        return value.tolist()
    if isinstance(value, Mapping):
        return {str(key): opened(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [opened(each) for each in value]
    return Opened(value)
