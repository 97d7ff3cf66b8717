"""What may stand in a network file: its tables, their keys and what they mean, for the reader and the schema."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any

from derive.chains import synonyms
from derive.chains.kinds import UNREAD, WIDEST, Choice, Flag, Kind, Name, Names, Real, Schema, Weights, Whole
from derive.chains.spec import ACTIVATIONS, REDUCTIONS, SCALES, SOURCES, TARGETS, LayerSpec, LossSpec, NetworkSpec
from derive.chains.spec_problem import Report, printable, shown
from derive.chains.synonyms import hint

MOST_LAYERS = 128
LARGEST_INDEX = 10**9
SIZE = Whole(1, WIDEST, symbolic=True)


class Unread(LookupError):
    """A value was asked for that was refused, or never written."""


@dataclass(frozen=True)
class Values:
    """What was read of a table: its good values by key, and which keys were written in it."""

    good: Mapping[str, Any]
    written: frozenset[str] = frozenset()

    def __getitem__(self, key: str) -> Any:
        if key not in self.good:
            raise Unread(key)
        return self.good[key]


@dataclass(frozen=True)
class Key:
    """A key of a table. says: what it means; field: of the data class, where that has another name."""

    name: str
    kind: Kind
    says: str
    required: bool = False
    field: str = ""

    @property
    def attribute(self) -> str:
        return self.field or self.name


@dataclass(frozen=True)
class Table:
    """A table of a file. defaults: by the name of the field; synonyms: what others call the keys."""

    title: str
    keys: tuple[Key, ...]
    defaults: Mapping[str, Any]
    synonyms: Mapping[str, str]

    def read(self, value: object, path: str, report: Report) -> Values:
        """The good values of the table; everything else is reported."""
        if not isinstance(value, Mapping):
            needed = [key.name for key in self.keys if key.required] or [key.name for key in self.keys]
            report(path or "the network", f"must be a table with {', '.join(needed)}; not {shown(value)}")
            return Values({})
        start = f"{path}." if path else ""
        self._refuse_others(value, start, report)
        good = {}
        for key in self.keys:
            if key.name in value:
                good[key.name] = key.kind.read(value[key.name], start + key.name, report)
            elif key.required:
                report(start + key.name, f"is missing: {key.says}")
            else:
                good[key.name] = self.defaults[key.attribute]
        good = {name: read for name, read in good.items() if read is not UNREAD}
        return Values(good, frozenset(key.name for key in self.keys if key.name in value))

    def _refuse_others(self, value: Mapping[Any, Any], start: str, report: Report) -> None:
        names = [key.name for key in self.keys]
        for other in value:
            if not isinstance(other, str):
                report(start + "?", f"a key must be a text, not {shown(other)}")
            elif other not in names:
                said = hint(other, names, self.synonyms, quote="")
                report(start + printable(other), f"{self.title} has no such key; {said}")

    def schema(self) -> Schema:
        return {
            "type": "object",
            "properties": {key.name: {"description": key.says, **key.kind.schema()} for key in self.keys},
            "required": [key.name for key in self.keys if key.required],
            "additionalProperties": False,
        }


@dataclass(frozen=True)
class Chain:
    """A list of at least one table of the same shape."""

    table: Table
    most: int

    def read(self, value: object, path: str, report: Report) -> Any:
        if not isinstance(value, list | tuple):
            report(path, f"must be a list of tables such as [{{units = 3}}], not {shown(value)}")
            return UNREAD
        if not 1 <= len(value) <= self.most:
            report(path, f"must have from 1 to {self.most} layers, not {len(value)}")
            return UNREAD
        return tuple(self.table.read(item, f"{path}[{n}]", report) for n, item in enumerate(value))

    def schema(self) -> Schema:
        return {"type": "array", "items": self.table.schema(), "minItems": 1, "maxItems": self.most}


def _defaults(made: type[LayerSpec] | type[LossSpec] | type[NetworkSpec]) -> dict[str, Any]:
    return {field.name: field.default for field in fields(made)}


def _all(table: Mapping[str, tuple[str, ...]]) -> tuple[str, ...]:
    """What stands in any row, each once."""
    return tuple(dict.fromkeys(each for row in table.values() for each in row))


LAYER = Table("a layer", (
    Key("units", SIZE, "how many units the layer has: a number, or the name of a size", required=True),
    Key("activation", Choice("activation", ACTIVATIONS, synonyms.ACTIVATION_SYNONYMS),
        "what the affine values go through; identity if left out"),
    Key("bias", Flag(), "whether a bias is added; true if left out"),
    Key("slope", Real(0, low_allowed=False), "the slope of a leaky_relu below 0, or the alpha of an elu"),
), _defaults(LayerSpec), synonyms.LAYER_KEYS)  # fmt: skip
NETWORK = Table("[network]", (
    Key("name", Name(), "what the network is called"),
    Key("input", SIZE, "how many numbers one example has: a number, or the name of a size", required=True),
    Key("layers", Chain(LAYER, MOST_LAYERS), "the layers, from the input to the output", required=True),
    Key("classes", Names(), "the names of the outputs, one for each unit of the last layer"),
    Key("features", Names(), "the names of the inputs, one for each"),
), _defaults(NetworkSpec), synonyms.NETWORK_KEYS)  # fmt: skip
LOSS = Table("[loss]", (
    Key("name", Choice("loss", tuple(TARGETS), synonyms.LOSS_SYNONYMS), "which loss is minimised", required=True),
    Key("from", Choice("source", _all(SOURCES), synonyms.SOURCE_SYNONYMS),
        "whether the last layer gives logits, which the loss turns into probabilities itself, or probabilities; "
        "logits if left out", field="source"),
    Key("target", Choice("kind of target", _all(TARGETS), synonyms.TARGET_SYNONYMS),
        "what the targets are; if left out, the first kind that the loss takes"),
    Key("reduction", Choice("reduction", REDUCTIONS, synonyms.REDUCTION_SYNONYMS),
        "how the losses of the examples are put together; mean if left out"),
    Key("smoothing", Real(0, below=1), "how much of the target is spread evenly over the classes; 0 if left out"),
    Key("weights", Weights(), "how much each class counts: a list, or w for weights without values"),
    Key("ignore_index", Whole(-LARGEST_INDEX, LARGEST_INDEX), "examples with this index as target do not count"),
    Key("temperature", Real(0, low_allowed=False), "what the logits are divided by; 1 if left out"),
    Key("base", Real(1, low_allowed=False), "the base of the logarithm; natural if left out"),
    Key("delta", Real(0, low_allowed=False), "where the huber loss goes from a square to a line; 1 if left out"),
    Key("gamma", Real(0), "the exponent of the focal loss; 2 if left out"),
    Key("margin", Real(0, low_allowed=False), "by how much the true class must lead in the hinge loss; 1 if left out"),
    Key("scale", Choice("scale", SCALES, synonyms.SCALE_SYNONYMS),
        "half the sum over the outputs, the sum, or the mean; half for a squared error and sum otherwise if left out"),
), _defaults(LossSpec), synonyms.LOSS_KEYS)  # fmt: skip
REGULARIZATION = Table("[regularization]", (
    Key("l1", Real(0), "the factor of the absolute values of the weights; 0 for none"),
    Key("l2", Real(0), "the factor of the squares of the weights; 0 for none"),
), _defaults(NetworkSpec), synonyms.REGULARIZATION_KEYS)  # fmt: skip
FILE = Table("a network file", (
    Key("network", NETWORK, "the layers, and what the inputs and outputs are called", required=True),
    Key("loss", LOSS, "what is minimised", required=True),
    Key("regularization", REGULARIZATION, "penalties on the weights"),
), {"regularization": Values(_defaults(NetworkSpec))}, synonyms.FILE_KEYS)  # fmt: skip
