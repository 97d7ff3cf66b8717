"""The examples of the four lectures as numbers to run, and what their originals print wrongly."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from typing import Any

import numpy as np
from numpy.typing import NDArray

from derive.chains.read_spec import read_network
from derive.chains.spec import NetworkSpec
from derive.errors import UsageError
from derive.examples.chain import chain_numbers
from derive.examples.digits import Place, decimals_of, printed
from derive.examples.quantities import ChainNumbers

Array = NDArray[Any]
EXAMPLES = ("why-cross-entropy", "last-bias", "softmax-graph", "backpropagation", "squared-residuals")
LANGUAGES = ("en", "pt")


@dataclass(frozen=True, eq=False)
class SeedExample:
    """A network at a point, with its data.

    seed: the number of the original text. only: what the original descends, as for `descend`; empty for everything.
    origin: where each array comes from, "printed" there, in the "source" it follows, "reconstructed" from other printed
    numbers, or our "own". Names of classes and inputs are those of spec.
    """

    name: str
    seed: str
    source: str
    spec: NetworkSpec
    params: Mapping[str, Array] = field(repr=False)
    x: Array = field(repr=False)
    y: Array = field(repr=False)
    learning_rate: float
    only: tuple[str, ...]
    origin: Mapping[str, str] = field(repr=False)

    def numbers(self) -> ChainNumbers:
        """The forward and the backward pass; see `chain_numbers`."""
        return chain_numbers(self.spec, self.params, self.x, self.y)


@dataclass(frozen=True)
class Cell:
    """A number that the original prints wrongly.

    table: of the original. quantity, place: where the correct number stands in `SeedExample.numbers()`, from 0.
    """

    table: str
    quantity: str
    place: Place
    printed: str
    correct: str

    def computed(self, numbers: ChainNumbers) -> str:
        """The number as it should have been printed, from the computation."""
        return printed(numbers[self.quantity][self.place], decimals_of(self.correct))


@dataclass(frozen=True)
class Erratum:
    """What the original prints, what is correct, and why, by language: Markdown with mathematics between dollars.

    by: the definition, theorem or function that shows it. cells: the numbers among it.
    """

    id: str
    example: str
    kind: str
    by: str
    printed: Mapping[str, str]
    correct: Mapping[str, str]
    says: Mapping[str, str]
    cells: tuple[Cell, ...] = ()

    @property
    def seed(self) -> str:
        """The number of the original text."""
        return self.id.partition("-")[0]


@cache
def seed_example(name: str) -> SeedExample:
    """An example by the name of its lecture. Raises UsageError.

    >>> example = seed_example("last-bias")
    >>> example.params["b2"].tolist(), example.spec.classes[example.y[0]], example.only
    ([-2.0, 0.0, 1.0], 'setosa', ('b2[0]',))
    >>> round(float(example.numbers()["L"]), 2)
    2.67
    """
    if name not in EXAMPLES:
        raise UsageError(f'there is no example "{name}"; there are {", ".join(EXAMPLES)}')
    data = _toml(name)
    spec = read_network({"network": data["network"], "loss": data["loss"]})
    arrays = {key: np.array(value, float) for key, value in data["params"].items()}
    x, y = np.array(data["data"]["x"], float), np.array(data["data"]["y"])
    for array in (*arrays.values(), x, y):
        array.setflags(write=False)
    return SeedExample(
        name, data["seed"], data["source"], spec, arrays, x, y,
        float(data["learning_rate"]), tuple(data["only"]), data["origin"],
    )  # fmt: skip


@cache
def errata() -> tuple[Erratum, ...]:
    """Everything that the originals print wrongly, in the order of the lectures' texts.

    >>> cell = errata()[0].cells[0]
    >>> errata()[0].id, cell.printed, cell.correct, cell.computed(seed_example("softmax-graph").numbers())
    ('001-E1', '-0.0037', '-0.0279', '-0.0279')
    """
    return tuple(_erratum(entry) for entry in _toml("errata")["erratum"])


def errata_of(name: str) -> tuple[Erratum, ...]:
    """What the original of an example prints wrongly.

    >>> [erratum.id for erratum in errata_of("last-bias")]
    ['000-E1', '000-E2', '000-E3']
    """
    return tuple(erratum for erratum in errata() if erratum.example == name)


def _erratum(entry: Mapping[str, Any]) -> Erratum:
    cells = tuple(
        Cell(cell["table"], cell["quantity"], tuple(cell["place"]), cell["printed"], cell["correct"])
        for cell in entry.get("cells", [])
    )
    names = {key: entry[key] for key in ("id", "example", "kind", "by")}
    printed, correct = _told(entry["printed"]), _told(entry["correct"])
    says = {language: entry[language] for language in LANGUAGES}
    return Erratum(**names, printed=printed, correct=correct, says=says, cells=cells)


def _told(text: str | Mapping[str, str]) -> Mapping[str, str]:
    """A text by language; one that is a formula alone is the same in each."""
    return dict.fromkeys(LANGUAGES, text) if isinstance(text, str) else text


def _toml(name: str) -> dict[str, Any]:
    return tomllib.loads(files("derive.examples").joinpath("data", f"{name}.toml").read_text(encoding="utf-8"))
