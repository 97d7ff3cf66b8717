"""Digits that others printed, reproduced by the generated gradient."""

import numpy as np
import pytest

from derive.gradients.softmax_cross_entropy import loss, value_and_grad

# StatQuest, Neural Networks Part 7 (youtu.be/xBEh66V9gZo): petal and sepal width, hidden ReLU layer
# of two, outputs setosa, versicolor, virginica; b_3 = -2 is the bias of setosa.
FLOWERS = np.array([[0.04, 0.42], [1.0, 0.54], [0.5, 0.37]])
SPECIES = [0, 2, 1]
HIDDEN = np.maximum(FLOWERS @ np.array([[-2.5, 0.6], [-1.5, 0.4]]).T + [1.6, 0.7], 0)
W = np.array([[-0.1, 1.5], [2.4, -5.2], [-2.2, 3.7]])


def bias(b3):
    return np.array([b3, 0.0, 1.0])


def chances(gradient, labels, classes):
    return gradient.z + np.eye(classes)[labels]


def logits(z):
    """Arguments whose logits are the rows of z."""
    z = np.asarray(z, dtype=float)
    return np.eye(z.shape[1]), np.zeros(z.shape[1]), z


def test_statquest_part_7_probabilities_losses_and_slope():
    total, gradient = value_and_grad(W, bias(-2), HIDDEN, SPECIES, reduction="sum")
    p = chances(gradient, SPECIES, 3)
    assert [f"{row[s]:.2f}" for row, s in zip(p, SPECIES, strict=True)] == ["0.15", "0.71", "0.65"]
    assert [f"{value:.2f}" for value in loss(W, bias(-2), HIDDEN, SPECIES, "none")] == ["1.89", "0.35", "0.43"]
    assert [f"{value:.2f}" for value in p[:, 0]] == ["0.15", "0.04", "0.04"]
    assert (f"{total:.2f}", f"{gradient.b[0]:.2f}") == ("2.67", "-0.77")
    assert f"{-2 - gradient.b[0]:.2f}" == "-1.23"


def test_cs231n_scores_of_one_image():
    """cs231n.github.io/linear-classify: probabilities 0.016 (printed so, 0.0154), 0.631, 0.353; loss 1.04."""
    matrix = [[0.01, -0.05, 0.1, 0.05], [0.7, 0.2, 0.05, 0.16], [0.0, -0.45, -0.2, 0.03]]
    value, gradient = value_and_grad(matrix, [0.0, 0.2, -0.3], [[-15, 22, -44, 56]], [2])
    assert chances(gradient, [2], 3)[0, 1:].round(3).tolist() == [0.631, 0.353]
    assert f"{value:.2f}" == "1.04"


@pytest.mark.parametrize(
    ("z", "printed"),
    [([1, -2, 0], [0.70, 0.04, 0.26]), ([0.5, -1, 0], [0.55, 0.12, 0.33])],
)
def test_cs231n_softmax(z, printed):
    """The text prints 0.7 for 0.7054 and keeps two digits elsewhere."""
    _, gradient = value_and_grad(*logits([z]), [0])
    assert np.abs(chances(gradient, [0], 3) - printed).max() < 0.0055


def test_scipy_softmax_docstring():
    z = [[1, 0.5, 0.2, 3], [1, -1, 7, 3], [2, 12, 13, 3]]
    printed = [
        [1.05877e-01, 6.42177e-02, 4.75736e-02, 7.82332e-01],
        [2.42746e-03, 3.28521e-04, 9.79307e-01, 1.79366e-02],
        [1.22094e-05, 2.68929e-01, 7.31025e-01, 3.31885e-05],
    ]
    _, gradient = value_and_grad(*logits(z), [0, 0, 0], reduction="sum")
    p = chances(gradient, [0, 0, 0], 4)
    np.testing.assert_allclose(p[:, 1:], np.array(printed)[:, 1:], rtol=3e-6)  # six digits printed


def test_scipy_log_softmax_docstring():
    """scipy.special.log_softmax([1000, 1]) is printed as [0, -999]."""
    assert loss(*logits([[1000.0, 1.0]] * 2), [0, 1], "none").tolist() == [0.0, 999.0]


def test_scikit_learn_log_loss_docstring():
    p = np.array([[0.1, 0.9], [0.9, 0.1], [0.8, 0.2], [0.35, 0.65]])
    assert f"{loss(*logits(np.log(p)), [1, 0, 0, 1]):.5f}" == "0.21616"
