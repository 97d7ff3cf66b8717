"""A network as a mapping and as a TOML file, such that reading gives the same network again."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from fractions import Fraction
from typing import Any

from derive.chains.exact import MOST_DIGITS
from derive.chains.file_shape import LAYER, LOSS, NETWORK, REGULARIZATION, Table
from derive.chains.read_spec import read_network
from derive.chains.spec import NetworkSpec


def to_mapping(spec: NetworkSpec) -> dict[str, Any]:
    """The network in the shape of a file, without what is left at its default. Nothing is checked.

    >>> from derive.chains.spec import LayerSpec, LossSpec
    >>> to_mapping(NetworkSpec(2, (LayerSpec(3),), LossSpec("hinge", "index")))["loss"]
    {'name': 'hinge', 'target': 'index'}
    """
    layers = [_written(LAYER, layer) for layer in spec.layers]
    network = {**_written(NETWORK, spec), "layers": layers}
    loss = {**_written(LOSS, spec.loss), "target": spec.loss.target}
    penalties = _written(REGULARIZATION, spec)
    return {"network": network, "loss": loss} | ({"regularization": penalties} if penalties else {})


def _written(table: Table, spec: object) -> dict[str, Any]:
    values = ((key, getattr(spec, key.attribute)) for key in table.keys)
    return {key.name: value for key, value in values if key.required or value != table.defaults[key.attribute]}


def to_toml(spec: NetworkSpec) -> str:
    """The network as a TOML file. Raises NetworkError for a network that a file cannot describe.

    >>> from derive.chains.spec import LayerSpec, LossSpec
    >>> print(to_toml(NetworkSpec("n", (LayerSpec(3, "tanh"),), LossSpec("huber", "value", delta=Fraction(1, 2)))))
    [network]
    input = "n"
    layers = [
      {units = 3, activation = "tanh"},
    ]
    <BLANKLINE>
    [loss]
    name = "huber"
    target = "value"
    delta = 0.5
    <BLANKLINE>
    """
    data = to_mapping(spec)
    read_network(data)  # what is written can be read again
    return "\n".join("".join(_table(title, table)) for title, table in data.items())


def _table(title: str, table: Mapping[str, Any]) -> Iterator[str]:
    yield f"[{title}]\n"
    for key, value in table.items():
        yield f"{key} = {_layers(value) if key == 'layers' else _value(value)}\n"


def _layers(layers: list[Mapping[str, Any]]) -> str:
    rows = (", ".join(f"{key} = {_value(value)}" for key, value in layer.items()) for layer in layers)
    return "[\n" + "".join(f"  {{{row}}},\n" for row in rows) + "]"


def _value(value: object) -> str:
    match value:
        case bool():
            return str(value).lower()
        case str():
            return json.dumps(value, ensure_ascii=False)  # for printable text TOML escapes as JSON does
        case tuple():
            return f"[{', '.join(map(_value, value))}]"
        case Fraction():
            return _number(value)
        case _:
            return str(value)


def _number(value: Fraction) -> str:
    """In decimals where they end soon; else as a fraction in quotes.

    >>> _number(Fraction(-1, 8)), _number(Fraction(2)), _number(Fraction(1, 3))
    ('-0.125', '2', '"1/3"')
    """
    for places in range(MOST_DIGITS):
        whole = value * 10**places
        if whole.denominator == 1:
            digits = str(abs(whole.numerator)).rjust(places + 1, "0")
            split = len(digits) - places
            return "-" * (value < 0) + ".".join(filter(None, (digits[:split], digits[split:])))
    return f'"{value}"'
