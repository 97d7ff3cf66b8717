"""Numeric gradients: right ones pass at every precision, and each known mistake is named."""

import numpy as np
import pytest

from derive.checking.arrays import ArrayError, check_array

CLASSES, INPUTS, ROWS = 3, 4, 6


@pytest.fixture
def network():
    rng = np.random.default_rng(7)
    return {
        "W": rng.normal(size=(CLASSES, INPUTS)),
        "b": rng.normal(size=CLASSES),
        "h": rng.normal(size=(ROWS, INPUTS)),
        "y": np.array([0, 2, 1, 1, 0, 2]),
    }


def parts(network, dtype=np.float64):
    """The textbook's gradient, written down again with plain NumPy."""
    W, b, h = (network[name].astype(dtype) for name in ("W", "b", "h"))
    z = h @ W.T + b
    e = np.exp(z - z.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True), np.eye(len(b), dtype=dtype)[network["y"]], h, W, z


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("reduction", ["mean", "sum"])
def test_right_gradients_agree(network, dtype, reduction):
    p, y, h, W, _ = parts(network, dtype)
    n = dtype(ROWS if reduction == "mean" else 1)
    gradients = {"W": (p - y).T @ h / n, "b": (p - y).sum(axis=0) / n, "z": (p - y) / n, "h": (p - y) @ W / n}
    for wrt, gradient in gradients.items():
        checked = check_array(wrt, gradient, reduction=reduction, **network)
        assert checked.ok, (wrt, checked)
        assert checked.slips == ()
        assert checked.exit_code == 0


@pytest.mark.parametrize("scale", [0.01, 1.0, 30.0])
@pytest.mark.parametrize("rows", [1, 50, 3000])
def test_rounding_is_no_mistake(scale, rows):
    rng = np.random.default_rng(rows)
    network = {
        "W": rng.normal(size=(10, 20)) * scale / 4,
        "b": rng.normal(size=10),
        "h": rng.normal(size=(rows, 20)),
        "y": rng.integers(0, 10, rows),
    }
    p, y, h, _, _ = parts(network, np.float32)
    assert check_array("W", (p - y).T @ h / np.float32(rows), **network).ok


MISTAKES = {
    "lost-sign": lambda p, y, h, z: (y - p).T @ h / ROWS,
    "times-the-number": lambda p, y, h, z: (p - y).T @ h,
    "divided-by-the-number": lambda p, y, h, z: (p - y).T @ h / ROWS**2,
    "twice": lambda p, y, h, z: 2 * (p - y).T @ h / ROWS,
    "half": lambda p, y, h, z: (p - y).T @ h / ROWS / 2,
    "mean-over-classes": lambda p, y, h, z: (p - y).T @ h / ROWS / CLASSES,
    "log-base": lambda p, y, h, z: (p - y).T @ h / ROWS / np.log(2),
    "transposed": lambda p, y, h, z: h.T @ (p - y) / ROWS,
    "reduction-missing": lambda p, y, h, z: (p - y)[:, :, None] * h[:, None, :],
    "input-not-multiplied": lambda p, y, h, z: np.repeat((p - y).mean(axis=0)[:, None], INPUTS, axis=1),
    "target-not-subtracted": lambda p, y, h, z: p.T @ h / ROWS,
    "target-twice": lambda p, y, h, z: (p - 2 * y).T @ h / ROWS,
    "true-class-only": lambda p, y, h, z: ((p - 1) * y).T @ h / ROWS,
    "true-class-left-out": lambda p, y, h, z: (p * (1 - y)).T @ h / ROWS,
    "double-softmax": lambda p, y, h, z: (np.exp(p) / np.exp(p).sum(axis=1, keepdims=True) - y).T @ h / ROWS,
    "softmax-derived-twice": lambda p, y, h, z: ((p - y) * p * (1 - p)).T @ h / ROWS,
    "logits-for-probabilities": lambda p, y, h, z: (z - y).T @ h / ROWS,
    "softmax-along-the-rows": lambda p, y, h, z: (np.exp(z) / np.exp(z).sum(axis=0) - y).T @ h / ROWS,
    "labels-as-numbers": lambda p, y, h, z: (p - y.argmax(axis=1)[:, None]).T @ h / ROWS,
    "labels-off-by-one": lambda p, y, h, z: (p - np.roll(y, 1, axis=1)).T @ h / ROWS,
}


@pytest.mark.parametrize("slip", MISTAKES)
def test_a_known_mistake_is_named(network, slip):
    p, y, h, _, z = parts(network)
    checked = check_array("W", MISTAKES[slip](p, y, h, z), **network)
    assert not checked.ok
    assert checked.slips == (slip,)
    assert checked.exit_code == 3


def test_two_mistakes_at_once(network):
    p, y, h, _, _ = parts(network)
    assert check_array("W", h.T @ (y - p) / ROWS, **network).slips == ("transposed", "lost-sign")
    assert check_array("b", (y - p).sum(axis=0), **network).slips == ("lost-sign", "times-the-number")


def test_a_row_in_place_of_a_vector(network):
    p, y, _, _, _ = parts(network)
    gradient = (p - y).mean(axis=0)
    for wrong in (gradient[None, :], gradient[:, None]):
        checked = check_array("b", wrong, **network)
        assert checked.slips == ("extra-axis",)
        assert checked.worst is None


def test_single_precision_inside_a_double_array(network):
    p, y, h, _, _ = parts(network, np.float32)
    checked = check_array("W", ((p - y).T @ h / np.float32(ROWS)).astype(np.float64), **network)
    assert checked.slips == ("lower-precision",)
    assert check_array("W", ((p - y).T @ h / np.float32(ROWS)).astype(np.float64), tolerance=1e-5, **network).ok


def test_an_unknown_mistake_has_its_worst_entry(network):
    p, y, h, _, _ = parts(network)
    gradient = (p - y).T @ h / ROWS
    wrong = gradient.copy()
    wrong[2, 1] += 0.125
    checked = check_array("W", wrong, **network)
    assert (checked.ok, checked.slips, checked.worst) == (False, (), (2, 1))
    assert checked.left == pytest.approx(gradient[2, 1])
    assert checked.right == pytest.approx(gradient[2, 1] + 0.125)
    assert checked.error == pytest.approx(0.125)


def test_not_a_number_is_wrong(network):
    p, y, h, _, _ = parts(network)
    wrong = (p - y).T @ h / ROWS
    wrong[1, 3] = np.nan
    checked = check_array("W", wrong, **network)
    assert not checked.ok
    assert checked.worst == (1, 3)


def test_targets_that_are_probabilities(network):
    p, _, h, _, _ = parts(network)
    y = np.full((ROWS, CLASSES), 1 / CLASSES)
    network["y"] = y
    assert check_array("W", (p - y).T @ h / ROWS, **network).ok
    assert check_array("W", (y - p).T @ h / ROWS, **network).slips == ("lost-sign",)


def test_what_is_no_gradient_is_refused(network):
    with pytest.raises(ArrayError, match="rectangular"):
        check_array("W", [[1.0], [1.0, 2.0]], **network)
    with pytest.raises(ArrayError, match="array of numbers"):
        check_array("W", ["a"], **network)
    with pytest.raises(ArrayError, match="whole family"):
        check_array("b_1", [1.0], problem=_three(), **network)
    with pytest.raises(ArrayError, match="give a problem"):
        check_array("W", [1.0], problem=3, **network)


def _three():
    import derive

    return derive.problem("softmax-cross-entropy", classes=CLASSES, inputs=INPUTS)


def test_it_is_told_in_both_languages(network):
    p, y, h, _, _ = parts(network)
    wrong = check_array("W", (y - p).T @ h / ROWS, **network)
    assert "lost sign" in wrong.to("text")
    assert "W[1, " in wrong.to("text") or "W[0, " in wrong.to("text") or "W[2, " in wrong.to("text")
    assert "sinal perdido" in wrong.to("text", "pt")
    assert "agrees" in check_array("W", (p - y).T @ h / ROWS, **network).to("text")
    assert "(3, 4)" in check_array("W", h.T @ (p - y) / ROWS, **network).to("text")
    assert "no known slip" in check_array("W", np.ones((3, 4)), **network).to("text")
