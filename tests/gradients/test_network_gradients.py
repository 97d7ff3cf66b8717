"""The gradients of networks against torch, which knows the losses by its own names, and against differences."""

import numpy as np
import pytest
from network_cases import CASES, numbers


def test_there_are_cases_enough():
    assert len({str(case) for case in CASES}) == len(CASES) >= 60


@pytest.mark.parametrize("case", CASES, ids=str)
def test_torch_autograd(case):
    torch = pytest.importorskip("torch")
    net, params, x, y = numbers(case)
    value, gradients = net.value_and_grad(params, x, y)
    leaves = {name: torch.tensor(array, dtype=torch.float64, requires_grad=True) for name, array in params.items()}
    leaves["x"] = torch.tensor(x, requires_grad=True)
    theirs = torch_loss(torch, net.spec, leaves, torch.tensor(y))
    np.testing.assert_allclose(value, theirs.detach().numpy(), rtol=1e-10, atol=1e-13)
    assert list(gradients) == list(net.parameters)
    for name, gradient in gradients.items():
        expected = torch_gradient(torch, theirs, leaves[name], of_x=name == "x")
        assert gradient.shape == expected.shape
        np.testing.assert_allclose(gradient, expected, rtol=1e-8, atol=1e-8 * max(1e-3, np.abs(expected).max()))


def torch_gradient(torch, loss, leaf, of_x):
    """Of the loss, or of each example's loss; x has a row for each example anyway."""
    if loss.ndim == 0:
        return torch.autograd.grad(loss, leaf, retain_graph=True)[0].numpy()
    rows = [torch.autograd.grad(each, leaf, retain_graph=True)[0].numpy() for each in loss]
    return np.array([row[n] for n, row in enumerate(rows)]) if of_x else np.array(rows)


def torch_loss(torch, spec, leaves, y):
    def number(value):
        return leaves[value].detach() if isinstance(value, str) else float(value)

    h = leaves["x"]
    for n, layer in enumerate(spec.layers, 1):
        h = h @ leaves[f"W{n}"].T
        h = h + leaves[f"b{n}"] if layer.bias else h
        h = activation(torch, layer.activation, None if layer.slope is None else float(number(layer.slope)))(h)
    losses, weights = LOSSES[spec.loss.name](torch, spec.loss, h, y, number)
    if spec.loss.reduction == "none":
        return losses
    total = losses.sum() / {"sum": 1, "mean": weights.sum()}[spec.loss.reduction]
    for n in range(1, len(spec.layers) + 1):
        W = leaves[f"W{n}"]
        total = total + number(spec.l1) * W.abs().sum() + number(spec.l2) / 2 * W.square().sum()
    return total


def activation(torch, name, slope):
    F = torch.nn.functional
    return {
        "identity": lambda u: u, "sigmoid": torch.sigmoid, "tanh": torch.tanh, "relu": F.relu,
        "leaky_relu": lambda u: F.leaky_relu(u, slope), "elu": lambda u: F.elu(u, slope), "selu": F.selu,
        "relu6": F.relu6, "softplus": lambda u: F.softplus(u, threshold=100), "gelu": F.gelu, "silu": F.silu,
        "mish": F.mish, "softsign": F.softsign, "hardtanh": F.hardtanh,
        "hardsigmoid": lambda u: F.relu6(u + 3) / 6,  # torch multiplies by a 1/6 of single precision
        "softmax": lambda u: F.softmax(u, dim=1),
    }[name]  # fmt: skip


def class_weights(torch, spec, number, classes):
    if spec.weights is None:
        return torch.ones(classes, dtype=torch.float64)
    return number("w") if spec.weights == "w" else torch.tensor([float(w) for w in spec.weights], dtype=torch.float64)


def cross_entropy(torch, spec, output, y, number):
    """torch takes logits; probabilities are the softmax of their logarithms. Its base is e."""
    F = torch.nn.functional
    logits = output.log() if spec.source == "probabilities" else output / number(spec.temperature)
    w = class_weights(torch, spec, number, logits.shape[1])
    ignored = -100 if spec.ignore_index is None else spec.ignore_index
    smoothing = float(number(spec.smoothing))
    losses = F.cross_entropy(logits, y, w, reduction="none", ignore_index=ignored, label_smoothing=smoothing)
    labels = y.clamp(0, len(w) - 1) if y.ndim == 1 else None
    weights = (w * y).sum(1) if labels is None else torch.where(y == ignored, 0.0, w[labels])
    if spec.target == "soft":  # they have no class to weigh an example by: torch divides by N, and so do we
        weights = torch.ones(len(y), dtype=torch.float64)
    if spec.target != "one-hot" or spec.weights is None:  # torch takes weighted one-hot rows for soft targets
        reduced = F.cross_entropy(logits, y, w, ignore_index=ignored, label_smoothing=smoothing)
        assert torch.isclose(losses.sum() / weights.sum(), reduced, rtol=1e-12)
    return (losses if spec.base is None else losses / np.log(float(spec.base))), weights


def focal(torch, spec, output, y, number):
    """(1 - p)^gamma times the cross-entropy, of the true class."""
    F = torch.nn.functional
    log_p = output.log() if spec.source == "probabilities" else F.log_softmax(output / number(spec.temperature), dim=1)
    labels = y if y.ndim == 1 else y.argmax(1)
    w = class_weights(torch, spec, number, output.shape[1])
    ignored = -100 if spec.ignore_index is None else spec.ignore_index
    losses = F.nll_loss(log_p, labels, w, reduction="none", ignore_index=ignored)
    chosen = labels.clamp(0, len(w) - 1)
    losses = losses * (1 - log_p.gather(1, chosen[:, None])[:, 0].exp()) ** number(spec.gamma)
    weights = torch.where(labels == ignored, 0.0, w[chosen])
    return (losses if spec.base is None else losses / np.log(float(spec.base))), weights


def kl_divergence(torch, spec, output, y, number):
    F = torch.nn.functional
    log_p = output.log() if spec.source == "probabilities" else F.log_softmax(output / number(spec.temperature), dim=1)
    losses = F.kl_div(log_p, y, reduction="none").sum(1)
    return (losses if spec.base is None else losses / np.log(float(spec.base))), torch.ones(len(y))


def over_outputs(each):
    """A loss of each output, put together as its scale says."""

    def loss(torch, spec, output, y, number):
        losses = each(torch.nn.functional, spec, output, y.double(), number).sum(1)
        scale = spec.scale or ("half" if spec.name == "squared-error" else "sum")
        return losses * {"half": 0.5, "sum": 1, "mean": 1 / output.shape[1]}[scale], torch.ones(len(y))

    return loss


def binary_cross_entropy(F, spec, output, y, number):
    of = F.binary_cross_entropy_with_logits if spec.source == "logits" else F.binary_cross_entropy
    return of(output, y, reduction="none")


def hinge(torch, spec, output, y, number):
    """torch divides by the number of classes."""
    labels = y if y.ndim == 1 else y.argmax(1)
    margin = float(number(spec.margin))
    losses = torch.nn.functional.multi_margin_loss(output, labels, margin=margin, reduction="none")
    return losses * output.shape[1], torch.ones(len(y))


LOSSES = {
    "cross-entropy": cross_entropy,
    "focal": focal,
    "kl-divergence": kl_divergence,
    "binary-cross-entropy": over_outputs(binary_cross_entropy),
    "squared-error": over_outputs(lambda F, spec, output, y, number: F.mse_loss(output, y, reduction="none")),
    "absolute-error": over_outputs(lambda F, spec, output, y, number: F.l1_loss(output, y, reduction="none")),
    "huber": over_outputs(
        lambda F, spec, output, y, number: F.huber_loss(output, y, reduction="none", delta=float(number(spec.delta)))
    ),
    "hinge": hinge,
}


@pytest.mark.parametrize("case", CASES, ids=str)
def test_central_differences(case):
    """Along random directions; the loss is that of the definitions."""
    net, params, x, y = numbers(case)
    _, gradients = net.value_and_grad(params, x, y)
    given = {**params, "x": x}

    def loss(**changed):
        names = {**given, **changed}
        values = net.forward({name: names[name] for name in params}, names["x"], y)
        return values["L"] if "L" in values else values["ell"]

    rng = np.random.default_rng(0)
    for name, gradient in gradients.items():
        for _ in range(3):
            direction = rng.normal(size=given[name].shape)
            step = 1e-5 * direction
            slope = (loss(**{name: given[name] + step}) - loss(**{name: given[name] - step})) / 2e-5
            along = (gradient * direction).reshape(*np.shape(slope), -1).sum(axis=-1)
            np.testing.assert_allclose(along, slope, rtol=1e-6, atol=1e-8)
