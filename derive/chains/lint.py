"""What is allowed in a network and yet rarely meant: a table of small predicates.

The words are in templates/words/<language>.toml, under lint.<key>: a title, why it matters, and what to do.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

from derive.chains.spec import LINKS, LossSpec, NetworkSpec


@dataclass(frozen=True)
class Lint:
    """One finding. path: where in the file; slots fill the words; proof says which theorem shows what follows:
    "delta" of the last layer, that "before-sum-to-one" is assumed, "loss-by-output", or the pre-activations by those
    of the "layer" before.
    """

    key: str
    path: str
    slots: Mapping[str, str] = field(default_factory=dict)
    proof: str = ""


@dataclass(frozen=True)
class Finding:
    """A row of the table. place: the value that should be looked at; {layer} is its number from 0.

    applies: asked of the network and the activation of one layer: the last, or with hidden each of the others.
    proof: the theorem that shows the consequence.
    """

    key: str
    place: str
    proof: str
    applies: Callable[[NetworkSpec, str], bool]
    hidden: bool = False


SATURATING = ("sigmoid", "tanh", "softmax", "hardsigmoid", "hardtanh", "softsign", "relu6")
BOUNDED = ("sigmoid", "tanh", "hardsigmoid", "hardtanh", "softsign")
NONNEGATIVE = ("relu", "relu6", "softplus")
REGRESSION = ("squared-error", "absolute-error", "huber")


def _links(loss: LossSpec, link: str) -> bool:
    """Whether the loss itself puts what it gets through this function."""
    return LINKS.get(loss.name) == link and loss.source == "logits"


def _double(spec: NetworkSpec, activation: str) -> bool:
    return _links(spec.loss, activation)


def _bounded_logits(spec: NetworkSpec, activation: str) -> bool:
    """A temperature is how one makes up for it on purpose."""
    linked = spec.loss.name in LINKS and spec.loss.source == "logits" and spec.loss.temperature == 1
    return activation in BOUNDED and linked and not _double(spec, activation)


TABLE = (
    Finding("double-softmax", "network.layers[{layer}].activation", "delta-{last}",
            lambda spec, act: act == "softmax" and _double(spec, act)),
    Finding("double-sigmoid", "network.layers[{layer}].activation", "delta-{last}",
            lambda spec, act: act == "sigmoid" and _double(spec, act)),
    Finding("bounded-logits", "network.layers[{layer}].activation", "delta-{last}", _bounded_logits),
    Finding("nonnegative-logits", "network.layers[{layer}].activation", "delta-{last}",
            lambda spec, act: act in NONNEGATIVE and _links(spec.loss, "softmax")),
    Finding("never-below-half", "network.layers[{layer}].activation", "delta-{last}",
            lambda spec, act: act in NONNEGATIVE and _links(spec.loss, "sigmoid")),
    Finding("saturation", "network.layers[{layer}].activation", "delta-{last}",
            lambda spec, act: act in SATURATING and spec.loss.name in REGRESSION),
    Finding("log-of-zero", "loss.from", "loss-by-output",
            lambda spec, act: spec.loss.source == "probabilities" and spec.loss.name in LINKS),
    Finding("soft-targets", "loss.target", "before-sum-to-one",
            lambda spec, act: spec.loss.target == "soft" and LINKS.get(spec.loss.name) == "softmax"),
    Finding("linear-layer", "network.layers[{layer}].activation", "layer-{number}",
            lambda spec, act: act == "identity", hidden=True),
)  # fmt: skip


def lint(spec: NetworkSpec) -> tuple[Lint, ...]:
    """What is rarely meant in this network, in the order of the table.

    >>> from derive.chains.spec import LayerSpec
    >>> [found] = lint(NetworkSpec(4, (LayerSpec(3, "softmax"),)))
    >>> found.key, found.path, found.proof
    ('double-softmax', 'network.layers[0].activation', 'delta-1')
    """
    return tuple(found for finding in TABLE for found in _found(finding, spec))


def _found(finding: Finding, spec: NetworkSpec) -> Iterator[Lint]:
    last = len(spec.layers) - 1
    for layer in range(last) if finding.hidden else (last,):
        activation = spec.layers[layer].activation
        if finding.applies(spec, activation):
            slots = {"activation": activation, "loss": spec.loss.name, "layer": str(layer + 1)}
            proof = finding.proof.format(last=last + 1, number=layer + 1)
            yield Lint(finding.key, finding.place.format(layer=layer), slots, proof)
