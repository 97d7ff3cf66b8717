"""The JSON Schema: valid, as its file in docs, and never stricter than the reader."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from hypothesis import given, settings
from network_examples import GONE, IRIS, changed, networks, spoiled

from derive.chains.read_spec import NetworkError, read_network
from derive.chains.schema import NAME, network_schema, schema_text

VALIDATOR = jsonschema.Draft202012Validator(network_schema())
DOCS = Path(__file__).resolve().parents[2] / "docs"


def test_the_file_is_up_to_date() -> None:
    assert (DOCS / NAME).read_text(encoding="utf-8") == schema_text(), "run python -m derive.chains.schema docs"
    assert json.loads(schema_text()) == network_schema()


def test_it_is_a_schema() -> None:
    jsonschema.Draft202012Validator.check_schema(network_schema())


def test_every_key_is_described() -> None:
    for table in ("network", "loss", "regularization"):
        properties = network_schema()["properties"][table]["properties"]
        assert all(len(said["description"]) > 10 for said in properties.values())


def test_a_right_network_is_valid() -> None:
    VALIDATOR.validate(IRIS)


@pytest.mark.parametrize(
    ("place", "value"),
    [
        ("loss", GONE), ("optimizer", {}), ("network.input", 0), ("network.input", True), ("network.input", "W1"),
        ("network.input", "a b"), ("network.layers", []), ("network.layers.0.activation", "ReLU"),
        ("network.layers.0.slope", 0.1), ("network.layers.0.from", 1), ("network.layers.0.units", GONE),
        ("network.classes.1", 2), ("network.classes.1", "setosa"), ("loss.name", "mse"), ("loss.target", "value"),
        ("loss.gamma", 2), ("loss.scale", "half"), ("loss.smoothing", 1), ("loss.temperature", 0), ("loss.base", 1),
        ("loss.weights", []), ("loss.weights", [-1]), ("loss", {"name": "huber", "from": "logits"}),
        ("loss", {"name": "cross-entropy", "ignore_index": -1}), ("regularization.l1", -1), ("regularization.l3", 1),
    ],
)  # fmt: skip
def test_what_the_schema_refuses_the_reader_refuses(place: str, value: Any) -> None:
    data = changed((place, value))
    assert not VALIDATOR.is_valid(data)
    with pytest.raises(NetworkError):
        read_network(data)


@settings(max_examples=100)
@given(networks())
def test_what_is_right_is_valid(data: dict[str, Any]) -> None:
    VALIDATOR.validate(data)


@settings(max_examples=100)
@given(spoiled())
def test_what_the_reader_takes_is_valid(data: dict[str, Any]) -> None:
    try:
        read_network(data)
    except NetworkError:
        return
    VALIDATOR.validate(data)
