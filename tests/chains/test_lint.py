"""What is rarely meant: each finding where it belongs and nowhere else, and its words true."""

from __future__ import annotations

import math
from typing import Any

import pytest
from hypothesis import given, settings
from network_examples import networks

from derive.chains.lint import TABLE, lint
from derive.chains.read_spec import read_network
from derive.chains.spec import LayerSpec, LossSpec, NetworkSpec
from derive.document.language import languages, load_language, slots_of


def network(last: str, loss: str, target: str, hidden: str = "tanh", **options: Any) -> NetworkSpec:
    return NetworkSpec(4, (LayerSpec(5, hidden), LayerSpec(3, last)), LossSpec(loss, target, **options))


LAST = "network.layers[1].activation"
FOUND = (
    (("softmax", "cross-entropy", "one-hot"), [("double-softmax", LAST, "delta-2")]),
    (("softmax", "focal", "index"), [("double-softmax", LAST, "delta-2")]),
    (("sigmoid", "binary-cross-entropy", "binary"), [("double-sigmoid", LAST, "delta-2")]),
    (("sigmoid", "cross-entropy", "index"), [("bounded-logits", LAST, "delta-2")]),
    (("tanh", "binary-cross-entropy", "binary"), [("bounded-logits", LAST, "delta-2")]),
    (("relu", "cross-entropy", "one-hot"), [("nonnegative-logits", LAST, "delta-2")]),
    (("relu", "binary-cross-entropy", "binary"), [("never-below-half", LAST, "delta-2")]),
    (("sigmoid", "squared-error", "one-hot"), [("saturation", LAST, "delta-2")]),
    (("softmax", "squared-error", "one-hot"), [("saturation", LAST, "delta-2")]),
    (("tanh", "huber", "value"), [("saturation", LAST, "delta-2")]),
    (
        ("identity", "kl-divergence", "soft"),
        [("soft-targets", "loss.target", "before-sum-to-one")],
    ),
    (("identity", "binary-cross-entropy", "soft"), []),
    (("identity", "cross-entropy", "one-hot"), []),
    (("identity", "squared-error", "value"), []),
    (("relu", "squared-error", "value"), []),
    (("tanh", "hinge", "index"), []),
)


@pytest.mark.parametrize(("described", "expected"), FOUND, ids=["-".join(row[0]) for row in FOUND])
def test_what_is_found(described: tuple[str, str, str], expected: list[tuple[str, str, str]]) -> None:
    assert [(found.key, found.path, found.proof) for found in lint(network(*described))] == expected


def test_from_probabilities() -> None:
    for last, loss, target in (
        ("softmax", "cross-entropy", "one-hot"),
        ("sigmoid", "binary-cross-entropy", "binary"),
    ):
        [found] = lint(network(last, loss, target, source="probabilities"))
        assert (found.key, found.path, found.proof) == ("log-of-zero", "loss.from", "loss-by-output")


def test_a_temperature_makes_up_for_bounded_logits() -> None:
    assert lint(network("tanh", "cross-entropy", "index", temperature="T")) == ()


def test_hidden_layers() -> None:
    [found] = lint(network("identity", "cross-entropy", "index", hidden="identity"))
    assert (found.key, found.path, found.slots["layer"]) == ("linear-layer", "network.layers[0].activation", "1")


def test_every_row_is_tested() -> None:
    tested = {key for _, expected in FOUND for key, _, _ in expected} | {"log-of-zero", "linear-layer"}
    assert tested == {finding.key for finding in TABLE}


@pytest.mark.parametrize("name", languages())
def test_every_finding_has_its_words(name: str) -> None:
    language = load_language(name)
    wanted = {f"lint.{finding.key}.{part}" for finding in TABLE for part in ("title", "why", "do")}
    assert {key for key in language.texts if key.startswith("lint.")} == wanted
    slots = set(lint(network("softmax", "cross-entropy", "one-hot"))[0].slots)
    for key in wanted:
        assert slots_of(language.text(key)) <= slots


@settings(max_examples=50)
@given(networks())
def test_any_network_can_be_looked_at(data: dict[str, Any]) -> None:
    spec = read_network(data)
    for found in lint(spec):
        assert "{" not in found.path + found.proof
        layer = found.path.removeprefix("network.layers[").split("]")[0]
        assert not layer.isdecimal() or spec.layers[int(layer)].activation == found.slots["activation"]


def softmax(z: list[float]) -> list[float]:
    return [math.exp(a) / sum(map(math.exp, z)) for a in z]


def test_the_words_are_true() -> None:
    """The claims about numbers, at the extremes: a softmax twice, and a sigmoid twice."""
    for classes in (2, 3, 10):
        sure = softmax([30.0] + [0.0] * (classes - 1))
        assert max(softmax(sure)) <= math.e / (math.e + classes - 1) + 1e-12 < 0.74

    def sigmoid(s: float) -> float:
        return 1 / (1 + math.exp(-s))

    assert 0.5 < sigmoid(sigmoid(-30)) < sigmoid(sigmoid(30)) < 0.74
