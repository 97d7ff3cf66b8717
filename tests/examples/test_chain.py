"""Every value of a network: against NumPy written by hand and value_and_grad, the long way against the short."""

import numpy as np
import pytest

from derive.derivation.network import network
from derive.errors import UsageError
from derive.examples.chain import GIVEN, chain_numbers

CE = {"name": "cross-entropy"}
RNG = np.random.default_rng(11)


def net(*layers, loss=CE, size=2, penalties=None):
    made = [{"units": units, "activation": activation} for units, activation in layers]
    data = {"network": {"input": size, "layers": made}, "loss": loss}
    return network(data | ({"regularization": penalties} if penalties else {}))


def point(spec, examples=4):
    """Parameters, examples and one-hot targets."""
    x = RNG.normal(size=(examples, 2))
    return spec.initial(1), x, np.eye(3)[RNG.integers(0, 3, examples)]


def test_the_values_are_those_of_the_formulas():
    spec = net((4, "sigmoid"), (3, "identity"))
    params, x, y = point(spec)
    found = chain_numbers(spec, params, x, y)
    h = 1 / (1 + np.exp(-(x @ params["W1"].T + params["b1"])))
    s = h @ params["W2"].T + params["b2"]
    p = np.exp(s) / np.exp(s).sum(axis=1, keepdims=True)
    error = (p - y) @ params["W2"] * h * (1 - h)
    expected = {
        "h1": h, "s2": s, "p": p, "ell": -np.log(p[y == 1]), "L": -np.log(p[y == 1]).mean(), "dell/dp": -y / p,
        "dp/ds2": np.einsum("ni,ik->nik", p, np.eye(3)) - np.einsum("ni,nk->nik", p, p), "dell/ds2": p - y,
        "delta2": p - y, "delta1": error, "dell/dW2": np.einsum("nk,nj->nkj", p - y, h), "dell/db1": error,
        "dL/dW1": error.T @ x / 4, "dL/dx": error @ params["W1"] / 4, "dell/dx": error @ params["W1"],
        "dh1/ds1": np.einsum("ni,ik->nik", h * (1 - h), np.eye(4)),
    }  # fmt: skip
    for name, values in expected.items():
        np.testing.assert_allclose(found[name], values, rtol=1e-12, atol=1e-15, err_msg=name)
    assert found.gap < 1e-15


def test_every_table_says_what_computes_it():
    spec = net((4, "tanh"), (3, "identity"))
    params, x, y = point(spec)
    found = chain_numbers(spec, params, x, y)
    by = {quantity.name: quantity.by for quantity in found}
    assert [by[name] for name in ("W1", "y", "h1", "p")] == [GIVEN, GIVEN, "definition:h__1", "definition:p"]
    assert [by[name] for name in ("dell/dp", "dp/ds2", "dell/ds2")] == [
        "loss-by-p",
        "softmax-jacobian",
        "chain-rule-row",
    ]
    assert [by[name] for name in ("delta1", "dell/dW2", "dL/db1")] == ["delta-1", "example-W__2", "gradient-b__1"]
    for quantity in found:
        if quantity.by in found.proofs:
            assert found.proofs[quantity.by].theorem.right == quantity.right
            assert found.proofs[quantity.by].theorem.left == quantity.term
        assert not quantity.values.flags.writeable


LOSSES = [
    (((3, "tanh"), (3, "softmax")), {"name": "cross-entropy", "from": "probabilities"}, ["dell/dh2", "dh2/ds2"]),
    (((3, "tanh"), (3, "identity")), {"name": "cross-entropy", "temperature": 2}, ["dell/dp", "dp/dz", "dz/ds2"]),
    (((3, "tanh"), (3, "sigmoid")), {"name": "squared-error", "target": "one-hot"}, ["dell/dh2", "dh2/ds2"]),
    (((3, "relu"), (3, "identity")), {"name": "binary-cross-entropy"}, []),
    (((3, "relu"), (3, "identity")), {"name": "focal"}, ["dell/dp", "dp/ds2"]),
    (((3, "tanh"), (3, "identity")), {"name": "cross-entropy", "reduction": "none"}, ["dell/dp", "dp/ds2"]),
]


@pytest.mark.parametrize(("layers", "loss", "factors"), LOSSES, ids=lambda value: str(value)[:40])
def test_the_long_way_of_other_losses(layers, loss, factors):
    spec = net(*layers, loss=loss)
    params, x, y = point(spec)
    found = chain_numbers(spec, params, x, y)
    assert [quantity.name for quantity in found.long[:-1]] == factors
    assert found.gap < 1e-14
    _, gradients = spec.value_and_grad(params, x, y)
    total = "dell" if loss.get("reduction") == "none" else "dL"
    for name, gradient in gradients.items():
        np.testing.assert_allclose(found[f"{total}/d{name}"], gradient, rtol=1e-13, atol=1e-15)


def test_penalties_are_in_the_gradient_of_the_loss_only():
    spec = net((3, "identity"), penalties={"l2": 0.5})
    params, x, y = point(spec)
    found = chain_numbers(spec, params, x, y)
    np.testing.assert_allclose(found["dL/dW1"], found.mean("W1") + 0.5 * params["W1"], rtol=1e-13)


def test_one_example_becomes_the_only_row():
    spec = net((3, "identity"))
    params, x, y = point(spec, 1)
    one, row = chain_numbers(spec, params, x[0], y[0]), chain_numbers(spec, params, x, y)
    assert one["p"].shape == (1, 3)
    for quantity in row:
        np.testing.assert_array_equal(one[quantity.name], quantity.values)


def test_what_the_long_way_cannot_do_in_floating_point():
    spec = net((2, "identity"), size=1)
    params = {"W1": [[1.0], [0.0]], "b1": [0.0, 0.0]}
    with pytest.raises(
        UsageError, match="a probability is 0 in floating point; leave the long way out, with long=Fals"
    ):
        chain_numbers(spec, params, [[800.0]], [[1, 0]])
    short = chain_numbers(spec, params, [[800.0]], [[0, 1]], long=False)
    np.testing.assert_array_equal(short["delta1"], [[1, -1]])
    assert short.long == ()
    assert short.gap == 0


def test_messages():
    spec = net((3, "identity"))
    params, x, y = point(spec)
    with pytest.raises(UsageError, match='there is no "q" among the numbers; there are W1, b1, x, y, s1, p, ell, L, '):
        chain_numbers(spec, params, x, y)["q"]
    with pytest.raises(UsageError, match="params has no b1"):
        chain_numbers(spec, {"W1": params["W1"]}, x, y)
    with pytest.raises(UsageError, match="y sums to 0\\.5 in row 0; targets must sum to 1"):
        chain_numbers(net((3, "identity"), loss={**CE, "target": "soft"}), params, x, y / 2)
