"""Comparisons can fail: they are given gradients of another point."""

import sys

import numpy as np
import pytest

from derive.derivation.network import network
from derive.examples import compared
from derive.examples.compared import compared_with_differences, compared_with_torch
from derive.examples.seeds import EXAMPLES, seed_example


def arguments(name):
    example = seed_example(name)
    return example.spec, example.params, example.x, example.y


@pytest.mark.parametrize("name", EXAMPLES)
def test_the_lectures_against_differences(name):
    found = compared_with_differences(*arguments(name))
    assert set(found.largest) == set(seed_example(name).params)
    assert found.worst < 1e-8


@pytest.mark.parametrize("name", EXAMPLES)
def test_the_lectures_against_torch(name):
    pytest.importorskip("torch")
    found = compared_with_torch(*arguments(name))
    assert found.ran
    assert set(found.largest) == set(seed_example(name).params)
    assert found.worst < 1e-12


@pytest.mark.parametrize("compare", [compared_with_differences, compared_with_torch])
def test_a_wrong_gradient_is_found(compare, monkeypatch):
    if compare is compared_with_torch:
        pytest.importorskip("torch")
    proved = compared._proved

    def wrong(*given):
        problem, function, gradients = proved(*given)
        return problem, function, gradients | {"b2": gradients["b2"] + 0.001}

    monkeypatch.setattr(compared, "_proved", wrong)
    found = compare(*arguments("softmax-graph"))
    assert found.largest["b2"] == pytest.approx(0.001, rel=1e-6)
    assert found.largest["W2"] < 1e-8


def test_without_torch_nothing_has_run(monkeypatch):
    monkeypatch.setitem(sys.modules, "torch", None)
    found = compared_with_torch(*arguments("softmax-graph"))
    assert (found.ran, found.largest, found.worst, found.why) == (False, None, None, "missing")


@pytest.mark.parametrize(
    "loss",
    [{"name": "focal"}, {"name": "cross-entropy", "temperature": 2}, {"name": "cross-entropy", "reduction": "none"}],
)
def test_what_torch_does_not_have(loss):
    net = network({"network": {"input": 2, "layers": [{"units": 2}]}, "loss": loss})
    found = compared_with_torch(net, net.initial(), [[1.0, 2.0]], [[0, 1]])
    assert (found.ran, found.why) == (False, "unsupported")


def test_without_a_reduction_each_example_is_compared():
    loss = {"name": "cross-entropy", "reduction": "none"}
    net = network({"network": {"input": 2, "layers": [{"units": 2}]}, "loss": loss})
    found = compared_with_differences(net, net.initial(), np.eye(2), np.eye(2))
    assert found.worst < 1e-9
