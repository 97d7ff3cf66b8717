"""Networks with numbers that others have printed, and closed forms from textbooks."""

import json
from pathlib import Path

import numpy as np
import pytest

from derive.derivation.network import network

PUBLISHED = json.loads((Path(__file__).parents[1] / "data" / "published_networks.json").read_text(encoding="utf-8"))


def at(values, place):
    for step in place:
        values = values[step]
    return values


def check_printed(net, params, case, printed):
    """Every number, rounded to the digits that were printed."""
    values = net.forward(params, case["x"], case["y"])
    loss, gradient = net.value_and_grad(params, case["x"], case["y"])
    assert loss == values["L"]
    found = {**params, **values, "gradient": gradient}
    for place, text in printed:
        digits = len(text.partition(".")[2])
        assert f"{at(found, place):.{digits}f}" == text, place
    return gradient


@pytest.mark.parametrize("case", PUBLISHED, ids=lambda case: case["id"])
def test_printed_numbers(case):
    net = network({"network": case["network"], "loss": case["loss"]})
    gradient = check_printed(net, case["params"], case, case["printed"])
    if "step" in case:
        moved = {name: np.array(value, float) for name, value in case["params"].items()}
        for name in case["step"]["names"]:
            moved[name] -= case["step"]["rate"] * gradient[name]
        check_printed(net, moved, case, case["step"]["printed"])


def test_scikit_learn_log_loss_docstring():
    """sklearn.metrics.log_loss: 0.21616 for these probabilities of the true class."""
    p = np.array([[0.1, 0.9], [0.9, 0.1], [0.8, 0.2], [0.35, 0.65]])
    net = network(
        {
            "network": {"input": 2, "layers": [{"units": 2, "bias": False}]},
            "loss": {"name": "cross-entropy", "target": "index"},
        }
    )
    assert f"{net.value_and_grad({'W1': np.eye(2)}, np.log(p), [1, 0, 0, 1])[0]:.5f}" == "0.21616"


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


def test_nielsen_the_four_equations_of_backpropagation():
    """BP1 delta^L = (a - y) s'(z); BP2 delta^l = (W^T delta) s'(z); BP3 dC/db = delta; BP4 dC/dW = delta a^T."""
    layers = [{"units": n, "activation": "sigmoid"} for n in (4, 3, 2)]
    net = network({"network": {"input": 3, "layers": layers}, "loss": {"name": "squared-error"}})
    params = net.initial(3)
    x, y = np.array([0.3, -1.2, 0.8]), np.array([0.1, 0.9])
    activations, weighted = [x], []
    for n in (1, 2, 3):
        weighted.append(params[f"W{n}"] @ activations[-1] + params[f"b{n}"])
        activations.append(sigmoid(weighted[-1]))
    _, gradient = net.value_and_grad(params, x, y)
    delta = (activations[3] - y) * sigmoid(weighted[2]) * (1 - sigmoid(weighted[2]))
    for n in (3, 2, 1):
        np.testing.assert_allclose(gradient[f"b{n}"], delta, rtol=1e-12)
        np.testing.assert_allclose(gradient[f"W{n}"], np.outer(delta, activations[n - 1]), rtol=1e-12)
        if n > 1:
            slope = sigmoid(weighted[n - 2]) * (1 - sigmoid(weighted[n - 2]))
            delta = (params[f"W{n}"].T @ delta) * slope


def test_parr_and_howard_a_relu_neuron():
    """The Matrix Calculus You Need: dC/dw = 2/N sum_i e_i x_i^T and dC/db = 2/N sum_i e_i over the active i."""
    layers = [{"units": 1, "activation": "relu"}]
    net = network({"network": {"input": 3, "layers": layers}, "loss": {"name": "squared-error", "scale": "sum"}})
    rng = np.random.default_rng(0)
    w, b, X, y = rng.normal(size=3), 0.1, rng.normal(size=(20, 3)), rng.normal(size=20)
    z = X @ w + b
    active = z > 0
    assert 0 < active.sum() < 20
    e = np.maximum(z, 0) - y
    loss, gradient = net.value_and_grad({"W1": w[None], "b1": [b]}, X, y)
    assert loss == pytest.approx(np.mean(e**2), rel=1e-12, abs=0)
    np.testing.assert_allclose(gradient["W1"][0], 2 / 20 * (e[active] @ X[active]), rtol=1e-12)
    np.testing.assert_allclose(gradient["b1"][0], 2 / 20 * e[active].sum(), rtol=1e-12)


@pytest.mark.parametrize("z", [-30.0, -1.5, 0.0, 0.7, 12.0])
@pytest.mark.parametrize("y", [0, 1])
def test_goodfellow_softplus(z, y):
    """Deep Learning 6.2.2.2: J = softplus((1 - 2y) z), so that dJ/dz = sigma(z) - y."""
    layers = [{"units": 1}]
    net = network({"network": {"input": 1, "layers": layers}, "loss": {"name": "binary-cross-entropy"}})
    loss, gradient = net.value_and_grad({"W1": [[1.0]], "b1": [z]}, [0.0], y)
    assert loss == pytest.approx(np.log1p(np.exp((1 - 2 * y) * z)), rel=1e-12, abs=0)
    assert gradient["b1"][0] == pytest.approx(sigmoid(z) if y == 0 else -sigmoid(-z), rel=1e-12, abs=0)
