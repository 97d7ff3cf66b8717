"""The generated gradient against three that know nothing of the formula: differences, SymPy, torch."""

from functools import cache

import numpy as np
import pytest
import sympy
from hypothesis import given, settings
from hypothesis import strategies as st

from derive.gradients.softmax_cross_entropy import loss, value_and_grad

NAMES = ("W", "b", "h")


def batch(rows, classes, features, soft=False, seed=0, dtype=float):
    rng = np.random.default_rng(seed)
    W, b, h = rng.normal(size=(classes, features)), rng.normal(size=classes), rng.normal(size=(rows, features))
    y = rng.dirichlet(np.ones(classes), rows) if soft else rng.integers(0, classes, rows)
    return {"W": W.astype(dtype), "b": b.astype(dtype), "h": h.astype(dtype), "y": y}


shapes = st.tuples(st.integers(1, 6), st.integers(1, 5), st.integers(1, 4), st.booleans(), st.integers(0, 999))


def plain(W, b, h, y, reduction="mean"):
    """The loss from the definition, one row after the other."""
    total = 0.0
    for row, target in zip(h, y, strict=True):
        e = np.exp(W @ row + b)
        total -= np.log(e / e.sum()) @ (target if np.ndim(target) else np.eye(len(b))[target])
    return total / len(h) if reduction == "mean" else total


@settings(max_examples=40, deadline=None)
@given(shapes, st.sampled_from(["mean", "sum"]))
def test_central_differences(shape, reduction):
    given_ = batch(*shape)
    value, gradient = value_and_grad(**given_, reduction=reduction)
    assert value == pytest.approx(plain(**given_, reduction=reduction), rel=1e-12)
    for name in NAMES:
        array = given_[name]
        assert getattr(gradient, name).shape == array.shape
        for place in np.ndindex(array.shape):
            up, down = array.copy(), array.copy()
            up[place] += 1e-5
            down[place] -= 1e-5
            slope = plain(**{**given_, name: up}, reduction=reduction) - plain(
                **{**given_, name: down}, reduction=reduction
            )
            assert getattr(gradient, name)[place] == pytest.approx(slope / 2e-5, rel=1e-6, abs=1e-8)


@cache
def sympy_gradient(classes, features):
    """SymPy differentiates the written-out chain of one row and evaluates it with 40 digits."""
    W = sympy.Matrix(classes, features, lambda k, j: sympy.Symbol(f"W_{k}_{j}"))
    b = sympy.Matrix(classes, 1, lambda k, _: sympy.Symbol(f"b_{k}"))
    h = sympy.Matrix(features, 1, lambda j, _: sympy.Symbol(f"h_{j}"))
    y = sympy.Matrix(classes, 1, lambda k, _: sympy.Symbol(f"y_{k}"))
    z = W * h + b
    chain = -sum(y[k] * sympy.log(sympy.exp(z[k]) / sum(map(sympy.exp, z))) for k in range(classes))
    slopes = [chain] + [chain.diff(x) for x in (*W, *b, *h)]
    return sympy.lambdify([*W, *b, *h, *y], slopes, "mpmath")


@pytest.mark.parametrize("soft", [False, True])
@pytest.mark.parametrize(("classes", "features"), [(2, 1), (3, 2), (4, 3)])
def test_sympy_differentiates_the_concrete_chain(classes, features, soft):
    given_ = batch(3, classes, features, soft, seed=classes)
    value, gradient = value_and_grad(**given_, reduction="sum")
    dense = given_["y"] if soft else np.eye(classes)[given_["y"]]
    function = sympy_gradient(classes, features)
    rows = [function(*given_["W"].flat, *given_["b"], *h, *y) for h, y in zip(given_["h"], dense, strict=True)]
    expected = np.array(rows, dtype=float)
    assert value == pytest.approx(expected[:, 0].sum(), rel=1e-13)
    W, b, h = np.split(expected[:, 1:], [classes * features, classes * features + classes], axis=1)
    np.testing.assert_allclose(gradient.W, W.sum(0).reshape(classes, features), rtol=1e-12, atol=1e-14)
    np.testing.assert_allclose(gradient.b, b.sum(0), rtol=1e-12, atol=1e-14)
    np.testing.assert_allclose(gradient.h, h, rtol=1e-12, atol=1e-14)


@pytest.mark.parametrize("soft", [False, True])
@pytest.mark.parametrize("reduction", ["mean", "sum"])
@pytest.mark.parametrize(("rows", "classes", "features"), [(1, 2, 1), (150, 3, 4), (600, 10, 20)])
def test_torch_autograd(rows, classes, features, soft, reduction):
    torch = pytest.importorskip("torch")
    given_ = batch(rows, classes, features, soft, seed=rows)
    W, b, h = (torch.tensor(given_[name], requires_grad=True) for name in NAMES)
    z = h @ W.T + b
    z.retain_grad()
    expected = torch.nn.functional.cross_entropy(z, torch.tensor(given_["y"]), reduction=reduction)
    expected.backward()
    value, gradient = value_and_grad(**given_, reduction=reduction)
    assert value == pytest.approx(expected.item(), rel=1e-8)
    for ours, theirs in zip(gradient, (W, b, h, z), strict=True):
        np.testing.assert_allclose(ours, theirs.grad.numpy(), rtol=1e-8, atol=1e-15)


@settings(max_examples=60, deadline=None)
@given(shapes)
def test_the_mean_is_the_sum_over_n(shape):
    given_ = batch(*shape)
    mean, of_mean = value_and_grad(**given_)
    total, of_sum = value_and_grad(**given_, reduction="sum")
    assert mean * shape[0] == pytest.approx(total, rel=1e-13)
    assert loss(**given_, reduction="none").shape == (shape[0],)
    assert loss(**given_, reduction="none").sum() == pytest.approx(total, rel=1e-13)
    for one, other in zip(of_mean, of_sum, strict=True):
        np.testing.assert_allclose(one * shape[0], other, rtol=1e-12, atol=1e-15)


@settings(max_examples=60, deadline=None)
@given(shapes, st.floats(-50, 50))
def test_a_shift_of_all_logits_changes_nothing(shape, shift):
    given_ = batch(*shape)
    value, gradient = value_and_grad(**given_)
    moved, other = value_and_grad(**{**given_, "b": given_["b"] + shift})
    assert moved == pytest.approx(value, rel=1e-11, abs=1e-12)
    for one, two in zip(gradient, other, strict=True):
        np.testing.assert_allclose(one, two, rtol=1e-9, atol=1e-12)


@settings(max_examples=60, deadline=None)
@given(shapes)
def test_rows_of_the_logit_gradient_sum_to_zero(shape):
    _, gradient = value_and_grad(**batch(*shape))
    np.testing.assert_allclose(gradient.z.sum(axis=1), 0, atol=1e-15)


@settings(max_examples=60, deadline=None)
@given(shapes)
def test_classes_and_rows_may_be_listed_in_any_order(shape):
    given_ = batch(*shape)
    rng = np.random.default_rng(shape[-1])
    rows, classes = rng.permutation(shape[0]), rng.permutation(shape[1])
    place = np.argsort(classes)
    y = given_["y"][rows]
    listed = {
        "W": given_["W"][classes],
        "b": given_["b"][classes],
        "h": given_["h"][rows],
        "y": y[:, classes] if y.ndim == 2 else place[y],
    }
    value, gradient = value_and_grad(**given_)
    same, other = value_and_grad(**listed)
    assert same == pytest.approx(value, rel=1e-12, abs=1e-15)
    np.testing.assert_allclose(other.W, gradient.W[classes], rtol=1e-11, atol=1e-14)
    np.testing.assert_allclose(other.b, gradient.b[classes], rtol=1e-11, atol=1e-14)
    np.testing.assert_allclose(other.h, gradient.h[rows], rtol=1e-11, atol=1e-14)


@settings(max_examples=30, deadline=None)
@given(shapes)
def test_a_label_is_a_row_with_a_one(shape):
    given_ = batch(*shape[:3], soft=False, seed=shape[-1])
    value, gradient = value_and_grad(**given_)
    for y in (np.eye(shape[1])[given_["y"]], np.eye(shape[1], dtype=int)[given_["y"]], given_["y"].astype(np.uint8)):
        same, other = value_and_grad(**{**given_, "y": y})
        assert same == pytest.approx(value, rel=1e-15)
        for one, two in zip(gradient, other, strict=True):
            np.testing.assert_allclose(one, two, rtol=1e-14, atol=1e-17)


def test_many_rows_in_blocks():
    """Column sums are taken in blocks; a remainder must not be lost."""
    for rows in (63, 64, 65, 255, 256, 257, 5000):
        _, gradient = value_and_grad(**batch(rows, 3, 2, seed=rows), reduction="sum")
        np.testing.assert_allclose(gradient.b, gradient.z.sum(axis=0), rtol=1e-12, atol=1e-13)


def test_arguments_are_not_changed():
    given_ = batch(5, 3, 2)
    before = {name: array.copy() for name, array in given_.items()}
    value_and_grad(**given_)
    for name, array in given_.items():
        np.testing.assert_array_equal(array, before[name])
