"""The proved gradients of a network against two that know nothing of the proofs: differences of its loss, and torch."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib import import_module
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from derive.chains.network import NetworkProblem, plain_name
from derive.chains.spec import LossSpec, NetworkSpec
from derive.examples.chain import HasSpec, in_rows, problem_of
from derive.gradients.network import NetworkFunction, network_function
from derive.proofs.prove import prove

STEP = 1e-5  # central differences of a loss of size 1 are off by about 1e-10
Array = NDArray[Any]
Params = Mapping[str, ArrayLike]


@dataclass(frozen=True)
class Comparison:
    """Gradients compared with somebody else's.

    by: whose. largest: the largest absolute difference, by parameter; None where the comparison has not run. why: why
    it has not: "missing" if the library is not installed, "unsupported" if it has no counterpart of the network.
    """

    by: str
    largest: Mapping[str, float] | None
    why: str = ""

    @property
    def ran(self) -> bool:
        return self.largest is not None

    @property
    def worst(self) -> float | None:
        """The largest difference of all; None where nothing was compared."""
        return max(self.largest.values()) if self.largest else None


def compared_with_differences(network: HasSpec | NetworkSpec, params: Params, x: ArrayLike, y: ArrayLike) -> Comparison:
    """Against (L(w + s) - L(w - s)) / 2s for every entry w of every parameter, s = 1e-5.

    Arguments as for `chain_numbers`. Near a kink, such as a ReLU at 0, the two differ for good reason.

    >>> from derive.chains.spec import LayerSpec
    >>> net = NetworkSpec(1, (LayerSpec(2),))
    >>> compared = compared_with_differences(net, {"W1": [[0], [0]], "b1": [0, 0]}, [[1.0]], [[1, 0]])
    >>> sorted(compared.largest), compared.worst < 1e-9
    (['W1', 'b1'], True)
    """
    problem, function, gradients = _proved(network, params, x, y)
    x, y = in_rows(x, y)
    moving = {name: np.array(value, float) for name, value in params.items()}
    of_loss = "L" if problem.total is not None else "ell"
    differences = {name: _differences(function, moving, name, x, y, of_loss) for name in gradients}
    return Comparison("differences", _largest(gradients, differences))


def compared_with_torch(network: HasSpec | NetworkSpec, params: Params, x: ArrayLike, y: ArrayLike) -> Comparison:
    """Against torch's autograd on the same network in double precision, written with torch's own functions.

    Arguments as for `chain_numbers`. Has not run where torch is not installed, and for losses with weights, penalties,
    a temperature and such, which torch does not have in this form.

    >>> from derive.chains.spec import LayerSpec
    >>> net = NetworkSpec(1, (LayerSpec(2),))
    >>> compared = compared_with_torch(net, {"W1": [[0], [0]], "b1": [0, 0]}, [[1.0]], [[1, 0]])
    >>> compared.worst == 0 if compared.ran else compared.why == "missing"
    True
    """
    problem, _, gradients = _proved(network, params, x, y)
    if not _supported(problem.spec):
        return Comparison("torch", None, "unsupported")
    try:
        torch = import_module("torch")
    except ImportError:
        return Comparison("torch", None, "missing")
    x, y = in_rows(x, y)
    theirs = _torch_gradients(torch, problem.spec, {name: np.array(params[name], float) for name in gradients}, x, y)
    return Comparison("torch", _largest(gradients, theirs))


def _proved(
    network: HasSpec | NetworkSpec, params: Params, x: ArrayLike, y: ArrayLike
) -> tuple[NetworkProblem, NetworkFunction, dict[str, Array]]:
    """The network, its function, and the proved gradients by its parameters."""
    problem = problem_of(network)
    wrt = [plain_name(name) for name in problem.parameters if name != "x"]
    theorems = {name: proof.theorem for name, proof in prove(problem.chain, wrt).items()}
    function = network_function(problem, theorems)
    _, gradients = function(params, *in_rows(x, y))
    return problem, function, {name: gradients[name] for name in wrt}


def _largest(ours: Mapping[str, Array], theirs: Mapping[str, Array]) -> dict[str, float]:
    return {name: float(abs(gradient - theirs[name]).max()) for name, gradient in ours.items()}


def _differences(function: NetworkFunction, params: dict[str, Array], name: str, x: Any, y: Any, of: str) -> Array:
    """The central differences of the loss, or of each example's, by every entry of a parameter."""
    slopes = []
    for place in np.ndindex(params[name].shape):
        losses = []
        for by in (STEP, -STEP):
            moved = params[name].copy()
            moved[place] += by
            losses.append(np.asarray(function.forward({**params, name: moved}, x, y)[of]))
        slopes.append((losses[0] - losses[1]) / (2 * STEP))
    stacked = np.stack(slopes, axis=-1)
    return stacked.reshape(*stacked.shape[:-1], *params[name].shape)


# torch's names: activations, and the loss of each example from the last outputs
ACTIVATIONS = {
    "sigmoid": "sigmoid", "tanh": "tanh", "relu": "relu", "relu6": "relu6", "selu": "selu", "gelu": "gelu",
    "silu": "silu", "mish": "mish", "softsign": "softsign", "softplus": "softplus", "hardtanh": "hardtanh",
}  # fmt: skip


def _cross_entropy(F: Any, output: Any, y: Any) -> Any:
    return F.cross_entropy(output, y, reduction="none")


def _squared_error(F: Any, output: Any, y: Any) -> Any:
    return F.mse_loss(output, y.reshape(output.shape), reduction="none").sum(dim=1)


def _binary(F: Any, output: Any, y: Any) -> Any:
    return F.binary_cross_entropy_with_logits(output, y.reshape(output.shape), reduction="none").sum(dim=1)


LOSSES: Mapping[str, Callable[[Any, Any, Any], Any]] = {
    "cross-entropy": _cross_entropy, "squared-error": _squared_error, "binary-cross-entropy": _binary,
}  # fmt: skip


def _supported(spec: NetworkSpec) -> bool:
    """Whether the network is made of what torch has by the same name; a squared error is half or all of the sum."""
    loss, scaled = spec.loss, ("half", "sum", None) if spec.loss.name == "squared-error" else ("sum", None)
    plain = LossSpec(loss.name, loss.target, loss.reduction, scale=loss.scale)
    activations = {layer.activation for layer in spec.layers} <= {*ACTIVATIONS, "identity"}
    known = loss.name in LOSSES and loss.reduction in ("mean", "sum") and loss.scale in scaled
    return plain == loss and known and activations and spec.l1 == spec.l2 == 0


def _torch_gradients(torch: Any, spec: NetworkSpec, params: Mapping[str, Array], x: Any, y: Any) -> dict[str, Array]:
    F = torch.nn.functional
    leaves = {name: torch.tensor(array, dtype=torch.float64, requires_grad=True) for name, array in params.items()}
    h = torch.tensor(x, dtype=torch.float64)
    for n, layer in enumerate(spec.layers, 1):
        h = F.linear(h, leaves[f"W{n}"], leaves.get(f"b{n}"))
        h = h if layer.activation == "identity" else getattr(F, ACTIVATIONS[layer.activation])(h)
    targets = torch.tensor(y, dtype=torch.int64 if spec.loss.target == "index" else torch.float64)
    losses = LOSSES[spec.loss.name](F, h, targets)
    if spec.loss.name == "squared-error" and spec.loss.scale in ("half", None):
        losses = losses / 2
    (losses.mean() if spec.loss.reduction == "mean" else losses.sum()).backward()
    return {name: leaf.grad.numpy() for name, leaf in leaves.items()}
