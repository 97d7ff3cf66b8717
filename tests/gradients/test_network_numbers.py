"""What comes out of a network's functions: digits at extreme logits, types, shapes, and conventions."""

import tracemalloc
from decimal import Decimal, localcontext

import numpy as np
import pytest
from network_cases import CASES, loss, numbers

from derive.derivation.network import network
from derive.gradients.network import forward, network_function


def one_layer(loss, units=3, activation="identity", **more):
    """The logits are the biases plus the examples."""
    layers = [{"units": units, "activation": activation}]
    return network({"network": {"input": units, "layers": layers}, "loss": loss, **more})


def at_logits(net, z, y, dtype=float, **constants):
    """The loss and its gradient by the logits, one row for each example."""
    units = len(z[0])
    params = {"W1": np.eye(units, dtype=dtype), "b1": np.zeros(units, dtype), **constants}
    value, gradient = net.value_and_grad(params, np.array(z, dtype), y)
    return value, gradient["x"]


EXTREME = [[1000.0, 0.0, -1000.0], [-1000.0, 999.0, 1000.0], [1000.0, 1000.0, 1000.0]]


def test_cross_entropy_of_extreme_logits():
    net = one_layer(loss("cross-entropy", target="index", reduction="none"))
    values, slopes = at_logits(net, EXTREME, [2, 2, 0])
    log_of_e_plus_1 = 0.31326168751822286
    np.testing.assert_allclose(values, [2000, log_of_e_plus_1, np.log(3)], rtol=1e-15)
    e = np.exp(-1)
    expected = [[1, 0, -1], [0, e / (1 + e), -e / (1 + e)], [-2 / 3, 1 / 3, 1 / 3]]
    np.testing.assert_allclose(slopes, expected, rtol=1e-15)


def test_a_confident_network_keeps_its_digits():
    """p - 1 of the true class is minus the other probabilities, which 1 - p would round to 0."""
    net = one_layer(loss("cross-entropy", target="index"), units=2)
    for dtype in (np.float64, np.float32):
        value, slopes = at_logits(net, [[60.0, 0.0]], [0], dtype)
        assert value.dtype == slopes.dtype == dtype
        assert value == pytest.approx(np.exp(-60), rel=1e-6, abs=0)
        np.testing.assert_allclose(slopes, [[-np.exp(-60), np.exp(-60)]], rtol=1e-6)


def test_weighted_cross_entropy_keeps_its_digits_too():
    net = one_layer(loss("cross-entropy", target="index", weights=[3, 1], reduction="sum"), units=2)
    _, slopes = at_logits(net, [[60.0, 0.0]], [0])
    np.testing.assert_allclose(slopes, [[-3 * np.exp(-60), 3 * np.exp(-60)]], rtol=1e-12)


@pytest.mark.parametrize("source", ["logits", "probabilities"])
def test_binary_cross_entropy_of_extreme_logits(source):
    activation = "sigmoid" if source == "probabilities" else "identity"
    net = one_layer(loss("binary-cross-entropy", target="binary", source=source), 4, activation)
    value, slopes = at_logits(net, [[1000.0, -1000.0, 50.0, -50.0]], [[0, 1, 1, 0]])
    small = float(Decimal(-50).exp())
    assert value == 2000
    np.testing.assert_allclose(slopes, [[1, -1, -small, small]], rtol=1e-14)


@pytest.mark.parametrize("gamma", [2, 0.5, "gamma"])
def test_focal_loss_of_extreme_logits(gamma):
    """Against 50 digits: (1 - p)^g ln p, and the slope by the logit of the true class."""
    net = one_layer(loss("focal", target="index", gamma=gamma, reduction="none"), 2)
    g = 1.5 if gamma == "gamma" else gamma
    constants = {"gamma": g} if gamma == "gamma" else {}
    z = [-1000.0, -30.0, 0.0, 20.0, 40.0]
    values, slopes = at_logits(net, [[u, 0.0] for u in z], [0] * len(z), **constants)
    for n, u in enumerate(z):
        with localcontext() as context:
            context.prec = 50
            rest = 1 / (1 + Decimal(u).exp())
            p, power = 1 - rest, Decimal(g)
            log = p.ln() if p else Decimal(u)
            value = -(rest**power) * log
            slope = -(rest**power) * (rest - power * p * log)
        assert values[n] == pytest.approx(float(value), rel=1e-12, abs=0)
        assert slopes[n, 0] == pytest.approx(float(slope), rel=1e-12, abs=0)
    values, slopes = at_logits(net, [[1000.0, 0.0]], [0], **constants)
    np.testing.assert_allclose([*values, *slopes[0]], 0, atol=1e-150)


def test_divergence_takes_0_ln_0_as_0():
    net = one_layer(loss("kl-divergence", reduction="none"))
    values, slopes = at_logits(net, [[1000.0, 0.0, -1000.0], [0.0, 0.0, 0.0]], [[1, 0, 0], [0.5, 0.5, 0]])
    np.testing.assert_allclose(values, [0, np.log(3 / 2)], rtol=1e-15)
    np.testing.assert_allclose(slopes, [[0, 0, 0], [-1 / 6, -1 / 6, 1 / 3]], atol=1e-16)


@pytest.mark.parametrize("name", ["softplus", "gelu", "silu", "mish", "elu", "selu", "sigmoid", "tanh", "hardsigmoid"])
def test_activations_far_out(name):
    """At +-1000 the activation is its asymptote, and so is its slope."""
    rising = {"softplus", "gelu", "silu", "mish", "elu", "selu"}
    layer = {"units": 2, "activation": name, **({"slope": 1} if name == "elu" else {})}
    net = network({"network": {"input": 2, "layers": [layer]}, "loss": {"name": "squared-error"}})
    params = {"W1": np.eye(2), "b1": [0.0, 0.0]}
    h = net.forward(params, [1000.0, -1000.0])["h1"]
    scale = 1.0507009873554805 if name == "selu" else 1
    low = {"elu": -1.0, "selu": -1.0507009873554805 * 1.6732632423543772, "tanh": -1.0}.get(name, 0.0)
    np.testing.assert_allclose(h, [1000 * scale if name in rising else 1, low], rtol=1e-15)
    _, gradient = net.value_and_grad(params, [1000.0, -1000.0], h - 1)
    np.testing.assert_allclose(gradient["b1"], [scale if name in rising else 0, 0], rtol=1e-15)


@pytest.mark.parametrize(("name", "slope"), [("relu", 0.0), ("leaky_relu", 0.25), ("hardtanh", 1.0), ("softsign", 1.0)])
def test_on_a_kink_the_right_side_is_used_as_it_reads(name, slope):
    layer = {"units": 1, "activation": name, **({"slope": 0.25} if name == "leaky_relu" else {})}
    net = network({"network": {"input": 1, "layers": [layer]}, "loss": {"name": "squared-error"}})
    _, gradient = net.value_and_grad({"W1": [[1]], "b1": [0]}, [0], [-1])
    assert gradient["b1"] == [slope]


def test_the_slope_of_an_absolute_value_at_0_is_0():
    net = one_layer(loss("absolute-error"), 1, regularization={"l1": 1})
    _, gradient = net.value_and_grad({"W1": [[0.0]], "b1": [0.0]}, [2.0], [0.0])
    assert (gradient["W1"], gradient["b1"]) == ([[0]], [0])


@pytest.mark.parametrize(
    ("error", "delta", "value", "slope"),  # Huber 1964: t^2/2 up to k, k|t| - k^2/2 beyond
    [
        (0.5, 1, 0.125, 0.5),
        (1, 1, 0.5, 1),
        (-3, 1, 2.5, -1),
        (3, 2, 4, 2),
        (-0.25, 0.5, 0.03125, -0.25),
        (4, 0.5, 1.875, 0.5),
    ],
)
def test_the_huber_loss_is_half_the_square_and_then_a_line(error, delta, value, slope):
    net = one_layer(loss("huber", delta=delta), 1)
    at = {"W1": [[0.0]], "b1": [float(error)]}, [1.0], [0.0]
    assert net.forward(*at)["ell"] == value
    loss_, gradient = net.value_and_grad(*at)
    assert (loss_, gradient["b1"][0]) == (value, slope)


# types and shapes


@pytest.mark.parametrize("case", CASES[::6], ids=str)
def test_single_precision_is_kept(case):
    net, params, x, y = numbers(case)
    single = {name: np.float32(array) for name, array in params.items()}
    value, gradients = net.value_and_grad(single, x.astype("f4"), y)
    exact, expected = net.value_and_grad(params, x, y)
    assert value.dtype == np.float32
    np.testing.assert_allclose(value, exact, rtol=1e-4, atol=1e-6)
    for name, gradient in gradients.items():
        assert gradient.dtype == np.float32
        np.testing.assert_allclose(gradient, expected[name], rtol=1e-3, atol=1e-5 * (1 + np.abs(expected[name]).max()))
    assert all(array.dtype == np.float32 for array in net.forward(single, x.astype("f4"), y).values())


@pytest.mark.parametrize("case", CASES[1::6], ids=str)
def test_nothing_that_is_passed_in_changes_or_comes_back(case):
    net, params, x, y = numbers(case)
    arrays = {**{name: np.array(value) for name, value in params.items()}, "x": x.copy(), "y": y.copy()}
    for array in arrays.values():
        array.flags.writeable = False
    given = {name: arrays[name] for name in params}
    value, gradients = net.value_and_grad(given, arrays["x"], arrays["y"])
    results = [*gradients.values(), *net.forward(given, arrays["x"], arrays["y"]).values(), value]
    for result in filter(np.ndim, results):
        assert result.flags.writeable
        assert result.flags.owndata
        assert not any(np.shares_memory(result, array) for array in arrays.values())
    again, same = net.value_and_grad(given, arrays["x"], arrays["y"])
    np.testing.assert_array_equal(again, value)
    for name in gradients:
        np.testing.assert_array_equal(same[name], gradients[name])


def test_integers_become_float64():
    net = one_layer(loss("squared-error"), 2)
    value, gradient = net.value_and_grad({"W1": [[1, 0], [0, 1]], "b1": [0, 1]}, [[1, 2]], [[0, 0]])
    assert (value, gradient["b1"].tolist(), gradient["W1"].dtype) == (5, [1, 3], np.float64)


def test_a_python_number_as_constant_leaves_single_precision():
    net = one_layer(loss("cross-entropy", target="index", temperature="T"))
    value, slopes = at_logits(net, [[1.0, 2.0, 3.0]], [0], np.float32, T=2.0)
    assert value.dtype == slopes.dtype == np.float32


@pytest.mark.parametrize("reduction", ["mean", "sum", "none"])
def test_one_example_has_no_axis_of_examples(reduction):
    net = network(
        {
            "network": {"input": 2, "layers": [{"units": 4, "activation": "tanh"}, {"units": 3}]},
            "loss": loss("cross-entropy", target="index", reduction=reduction),
        }
    )
    params = net.initial(5)
    value, gradient = net.value_and_grad(params, [0.3, -0.2], 2)
    many, gradients = net.value_and_grad(params, [[0.3, -0.2]], [2])
    assert np.shape(value) == ()
    assert {name: array.shape for name, array in gradient.items()} == {
        "W2": (3, 4), "b2": (3,), "W1": (4, 2), "b1": (4,), "x": (2,),
    }  # fmt: skip
    assert value == np.squeeze(many)
    for name, array in gradient.items():
        np.testing.assert_array_equal(array.ravel(), gradients[name].ravel())
    values = net.forward(params, [0.3, -0.2], 2)
    assert {name: np.shape(array) for name, array in values.items()} == {
        "s1": (4,), "h1": (4,), "s2": (3,), "p": (3,), "ell": (), **({} if reduction == "none" else {"L": ()}),
    }  # fmt: skip


def test_values_before_the_targets_are_known():
    net = one_layer(loss("cross-entropy", target="index", smoothing="epsilon", weights="w", temperature="T"))
    params = {**net.initial(), "T": 2.0}
    values = net.forward(params, np.ones((4, 3)))
    assert {name: array.shape for name, array in values.items()} == {"s1": (4, 3), "z": (4, 3), "p": (4, 3)}
    everything = net.forward({**params, "epsilon": 0.1, "w": [1, 1, 2]}, np.ones((4, 3)), [0, 1, 2, 2])
    assert list(everything) == ["s1", "z", "p", "t", "ell", "u", "L"]
    assert everything["u"].tolist() == [1, 1, 2, 2]
    np.testing.assert_allclose(everything["t"].sum(axis=1), 1)
    np.testing.assert_array_equal(forward(net.batch, params, np.ones((4, 3)))["p"], values["p"])


@pytest.mark.parametrize("case", [case for case in CASES if case.loss.get("reduction") == "none"], ids=str)
def test_gradients_of_the_examples_add_up(case):
    net, params, x, y = numbers(case)
    total = network(
        {
            "network": {
                "input": 2,
                "layers": [
                    {"units": layer.units, "activation": layer.activation, "bias": layer.bias}
                    for layer in net.spec.layers
                ],
            },
            "loss": {**case.loss, "reduction": "sum"},
        }
    )
    losses, each = net.value_and_grad(params, x, y)
    value, gradients = total.value_and_grad(params, x, y)
    assert losses.shape == (len(x),)
    assert losses.sum() == pytest.approx(value, rel=1e-12, abs=0)
    for name, gradient in gradients.items():
        together = each[name] if name == "x" else each[name].sum(axis=0)
        np.testing.assert_allclose(together, gradient, rtol=1e-10, atol=1e-14)


def test_ignored_examples_do_not_count():
    net = one_layer(loss("cross-entropy", target="index", ignore_index=-100))
    z = np.random.default_rng(0).normal(size=(4, 3))
    value, slopes = at_logits(net, z, [0, -100, 2, -100])
    kept, among = at_logits(net, z[[0, 2]], [0, 2])
    assert value == pytest.approx(kept, rel=1e-14, abs=0)
    np.testing.assert_allclose(slopes[[0, 2]], among, rtol=1e-14)
    assert not slopes[[1, 3]].any()


def test_a_single_output_may_come_flat():
    net = network({"network": {"input": 2, "layers": [{"units": 1}]}, "loss": {"name": "squared-error"}})
    x, y = np.ones((3, 2)), np.array([0.0, 1.0, 2.0])
    flat, column = (net.value_and_grad(net.initial(), x, targets) for targets in (y, y[:, None]))
    assert flat[0] == column[0]
    assert net.value_and_grad(net.initial(), x[0], 1.0)[0] == net.value_and_grad(net.initial(), x[0], [1.0])[0]


# functions of what was proved


def test_a_derivation_gives_the_gradients_that_were_asked():
    net = network({"network": {"input": 2, "layers": [{"units": 3, "activation": "tanh"}, {"units": 2}]},
                   "loss": {"name": "squared-error"}})  # fmt: skip
    params, x, y = net.initial(), np.ones((3, 2)), np.zeros((3, 2))
    value, gradients = net.prove("W1,b2", batch=True).lambdify()(params, x, y)
    whole, expected = net.value_and_grad(params, x, y)
    assert value == whole
    assert list(gradients) == ["b2", "W1"]
    for name, gradient in gradients.items():
        np.testing.assert_array_equal(gradient, expected[name])


@pytest.mark.parametrize("penalty", [0, 0.3])
def test_the_theorems_about_one_example_give_the_same(penalty):
    net = one_layer(loss("cross-entropy", target="index"), regularization={"l2": penalty})
    params = net.initial(2)
    value, gradients = net.prove().lambdify()(params, [0.1, 0.2, 0.3], 1)
    batch, expected = net.value_and_grad(params, [[0.1, 0.2, 0.3]], [1])
    assert value == pytest.approx(batch, rel=1e-14, abs=0)
    for name, gradient in gradients.items():
        np.testing.assert_allclose(gradient, expected[name].reshape(gradient.shape), rtol=1e-14)


def test_it_is_the_theorem_that_is_run():
    """With another right side other numbers come out."""
    net = network({"network": {"input": 2, "layers": [{"units": 2}]}, "loss": {"name": "squared-error"}})
    proofs = net.prove("b1", batch=True).proofs
    theorems = {name: proof.theorem for name, proof in proofs.items()}

    class Doubled:
        def __init__(self, theorem):
            self.name, self.context, self.left = theorem.name, theorem.context, theorem.left
            self.right, self.assumptions, self.conditions = theorem.right + theorem.right, frozenset(), ()

    arguments = net.initial(), np.ones((3, 2)), np.zeros((3, 2))
    _, right = network_function(net.batch, theorems)(*arguments)
    _, wrong = network_function(net.batch, {"gradient-b__1": Doubled(theorems["gradient-b__1"])} | {
        name: theorem for name, theorem in theorems.items() if name != "gradient-b__1"
    })(*arguments)  # fmt: skip
    np.testing.assert_allclose(wrong["b1"], 2 * right["b1"])


def test_no_array_is_larger_than_the_values_and_the_weights():
    """A softmax in the middle: (examples, units, units) would be 128 MB."""
    n = 250
    layers = [{"units": n, "activation": "softmax"}, {"units": n}]
    net = network({"network": {"input": n, "layers": layers}, "loss": {"name": "cross-entropy", "target": "index"}})
    params, x, y = net.initial(), np.ones((n, n)), np.zeros(n, int)
    net.value_and_grad(params, x, y)
    tracemalloc.start()
    try:
        net.value_and_grad(params, x, y)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 40 * n * n * 8
