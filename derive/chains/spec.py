"""What a network is, before any mathematics: layers, a loss, names. A short TOML file says the same."""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction

Size = int | str  # a number, or the name of a symbolic size
Number = Fraction | str  # a number, or the name of a symbolic constant


@dataclass(frozen=True)
class LayerSpec:
    """An affine layer s = W h + b and its activation h = act(s).

    slope is that of a leaky ReLU below 0, or the alpha of an ELU.
    """

    units: Size
    activation: str = "identity"
    bias: bool = True
    slope: Number | None = None


@dataclass(frozen=True)
class LossSpec:
    """What is minimised, for one example, and how the examples are put together.

    target: "index", "one-hot" or "soft" for classes; "value" for numbers; "binary" for 0 and 1.
    source: whether the loss takes "logits" or "probabilities". scale: over the
    outputs, "half" of the sum, the "sum" or the "mean"; by default half for a squared error and the sum otherwise.
    """

    name: str = "cross-entropy"
    target: str = "one-hot"
    reduction: str = "mean"
    source: str = "logits"
    smoothing: Number = Fraction(0)
    weights: tuple[Fraction, ...] | str | None = None
    ignore_index: int | None = None
    temperature: Number = Fraction(1)
    base: Number | None = None
    delta: Number = Fraction(1)
    gamma: Number = Fraction(2)
    margin: Number = Fraction(1)
    scale: str | None = None


@dataclass(frozen=True)
class NetworkSpec:
    """A feed-forward network with its loss. l1, l2: factors of the penalties on the weights; 0 for none."""

    input: Size
    layers: tuple[LayerSpec, ...]
    loss: LossSpec = field(default_factory=LossSpec)
    l1: Number = Fraction(0)
    l2: Number = Fraction(0)
    name: str = "network"
    classes: tuple[str, ...] = ()
    features: tuple[str, ...] = ()


# activations of a layer: the name in a file, and the function it is; slope: whether it takes one
ACTIVATIONS = (
    "identity", "sigmoid", "tanh", "relu", "leaky_relu", "elu", "selu", "relu6", "softplus", "gelu", "silu",
    "mish", "softsign", "hardtanh", "hardsigmoid", "softmax",
)  # fmt: skip
SLOPED = {"leaky_relu": Fraction(1, 100), "elu": Fraction(1)}
# losses: which targets they take, and from what
TARGETS = {
    "cross-entropy": ("one-hot", "index", "soft"),
    "focal": ("one-hot", "index"),
    "kl-divergence": ("soft",),
    "binary-cross-entropy": ("binary", "soft"),
    "squared-error": ("value", "one-hot"),
    "absolute-error": ("value",),
    "huber": ("value",),
    "hinge": ("index", "one-hot"),
}
SOURCES = {
    "cross-entropy": ("logits", "probabilities"),
    "focal": ("logits", "probabilities"),
    "kl-divergence": ("logits", "probabilities"),
    "binary-cross-entropy": ("logits", "probabilities"),
}
REDUCTIONS = ("mean", "sum", "none")
SCALES = ("half", "sum", "mean")
# what a loss puts the logits through before it takes the logarithm
LINKS = {
    "cross-entropy": "softmax",
    "focal": "softmax",
    "kl-divergence": "softmax",
    "binary-cross-entropy": "sigmoid",
}
# which of its hyperparameters a loss uses, by their fields in LossSpec
OPTIONS: dict[str, tuple[str, ...]] = {
    "cross-entropy": ("smoothing", "weights", "ignore_index", "temperature", "base"),
    "focal": ("gamma", "weights", "ignore_index", "temperature", "base"),
    "kl-divergence": ("temperature", "base"),
    "binary-cross-entropy": ("scale",),
    "squared-error": ("scale",),
    "absolute-error": ("scale",),
    "huber": ("delta", "scale"),
    "hinge": ("margin",),
}


def constants(spec: NetworkSpec) -> tuple[str, ...]:
    """The names of numbers without a value: T for a temperature, lambda for a penalty.

    >>> constants(NetworkSpec(2, (LayerSpec(3),), LossSpec(temperature="T"), l2="lambda"))
    ('T', 'lambda')
    """
    loss = spec.loss
    values = (loss.smoothing, loss.temperature, loss.base, loss.delta, loss.gamma, loss.margin, spec.l1, spec.l2)
    slopes = (layer.slope for layer in spec.layers)
    return tuple(dict.fromkeys(value for value in (*values, *slopes) if isinstance(value, str)))
