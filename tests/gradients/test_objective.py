"""Gradient and diagonal Hessian against torch, which differentiates twice, and against closed forms."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest

from derive.chains.spec import LossSpec
from derive.errors import UsageError
from derive.gradients.objective import objective

RNG = np.random.default_rng(3)
SCORES = RNG.normal(size=(7, 4))
LABELS = np.array([0, 3, 1, 2, 2, 0, 3])
ONE_HOT = np.eye(4)[LABELS]
SOFT = RNG.dirichlet(np.ones(4), size=7)
BINARY = (RNG.random((7, 4)) > 0.5).astype(float)

LOSSES = {
    "softmax": (LossSpec(target="index"), LABELS, {}),
    "soft targets": (LossSpec(target="soft"), SOFT, {}),
    "weights": (LossSpec(target="index", weights="w"), LABELS, {"w": [1.0, 2.0, 0.5, 3.0]}),
    "smoothing": (LossSpec(target="index", smoothing=Fraction(1, 10)), LABELS, {}),
    "temperature": (LossSpec(target="index", temperature="T"), LABELS, {"T": 2.5}),
    "binary": (LossSpec("binary-cross-entropy", "binary"), BINARY, {}),
    "squared": (LossSpec("squared-error", "value"), SOFT, {}),
    "huber": (LossSpec("huber", "value", delta=Fraction(1, 2)), SOFT, {}),
    "focal": (LossSpec("focal", "index"), LABELS, {}),
}


def torch_loss(name, s, y, values):
    torch = pytest.importorskip("torch")
    functional = torch.nn.functional
    match name:
        case "softmax":
            return functional.cross_entropy(s, y, reduction="sum")
        case "soft targets":
            return functional.cross_entropy(s, y, reduction="sum")
        case "weights":
            return functional.cross_entropy(s, y, weight=torch.tensor(values["w"], dtype=s.dtype), reduction="sum")
        case "smoothing":
            return functional.cross_entropy(s, y, label_smoothing=0.1, reduction="sum")
        case "temperature":
            return functional.cross_entropy(s / values["T"], y, reduction="sum")
        case "binary":
            return functional.binary_cross_entropy_with_logits(s, y, reduction="sum")
        case "squared":
            return functional.mse_loss(s, y, reduction="sum") / 2
        case "huber":
            return functional.huber_loss(s, y, delta=0.5, reduction="sum")
    p = torch.softmax(s, 1)[torch.arange(len(y)), y]
    return -((1 - p) ** 2 * torch.log(p)).sum()


@pytest.mark.parametrize("name", LOSSES)
def test_torch_agrees(name: str) -> None:
    torch = pytest.importorskip("torch")
    spec, y, values = LOSSES[name]
    gradient, hessian = objective(spec)(SCORES, y, **values)
    s = torch.tensor(SCORES, requires_grad=True)
    loss = torch_loss(name, s, torch.tensor(y), values)
    (first,) = torch.autograd.grad(loss, s, create_graph=True)
    second = np.zeros_like(SCORES)
    for at in np.ndindex(*SCORES.shape):
        if first.requires_grad:
            second[at] = torch.autograd.grad(first[at], s, retain_graph=True)[0][at]
    np.testing.assert_allclose(gradient, first.detach().numpy(), rtol=1e-9, atol=1e-12)
    np.testing.assert_allclose(hessian, second, rtol=1e-9, atol=1e-12)


def test_closed_forms() -> None:
    p = np.exp(SCORES) / np.exp(SCORES).sum(1, keepdims=True)
    gradient, hessian = objective(LossSpec(target="index"))(SCORES, LABELS)
    np.testing.assert_allclose(gradient, p - ONE_HOT, rtol=1e-12)
    np.testing.assert_allclose(hessian, p * (1 - p), rtol=1e-12)
    q = 1 / (1 + np.exp(-SCORES[:, 0]))
    gradient, hessian = objective(LossSpec("binary-cross-entropy", "binary"))(SCORES[:, 0], BINARY[:, 0])
    np.testing.assert_allclose(gradient, q - BINARY[:, 0], rtol=1e-12)
    np.testing.assert_allclose(hessian, q * (1 - q), rtol=1e-12)
    assert gradient.shape == (7,)


def test_large_scores_and_float32() -> None:
    function = objective(LossSpec(target="index"))
    gradient, hessian = function([[1e4, 0.0], [0.0, 1e4]], [0, 0])
    np.testing.assert_allclose(gradient, [[0, 0], [-1, 1]], atol=1e-300)
    assert np.isfinite(hessian).all()
    assert function(SCORES.astype(np.float32), LABELS)[0].dtype == np.float32


@pytest.mark.parametrize(
    ("scores", "y", "values", "message"),
    [
        (np.zeros((2, 2, 2)), [0, 1], {}, r"\(N, C\)"),
        (SCORES, [0, 1], {}, "y has shape"),
        (SCORES, LABELS + 4, {}, "y"),
        (SCORES, LABELS, {"T": 1}, "there is no T"),
        ([[np.nan, 0.0]], [0], {}, "not a finite number|finite"),
    ],
)
def test_what_does_not_fit_is_refused(scores, y, values, message) -> None:
    with pytest.raises(UsageError, match=message):
        objective(LossSpec(target="index"))(scores, y, **values)
