"""Networks of all kinds with examples and targets, for tests of their numbers."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from derive.chains.spec import ACTIVATIONS, SLOPED
from derive.derivation.network import Network, network

EXAMPLES, CLASSES = 5, 3
CONSTANTS = {"T": 1.7, "epsilon": 0.15, "gamma": 1.3, "kappa": 0.6, "lambda": 0.02, "alpha": 0.3}


class Case(NamedTuple):
    layers: str
    loss: dict[str, Any]
    penalties: dict[str, Any] = {}

    def __str__(self):
        options = {**self.loss, **self.penalties}
        return f"{self.layers} {' '.join(str(v) if k == 'name' else f'{k}={v}' for k, v in options.items())}"


def _layer(text):
    """A layer from "3 tanh", "2 leaky_relu 0.1", "3 relu nobias"."""
    units, *rest = text.split()
    layer = {"units": int(units) if units.isdecimal() else units, "bias": "nobias" not in rest}
    rest = [word for word in rest if word != "nobias"]
    if rest:
        layer["activation"] = rest[0]
    if len(rest) > 1:
        layer["slope"] = rest[1] if rest[1].isalpha() else float(rest[1])
    return layer


def loss(name, **options):
    return {"name": name, **{"from" if key == "source" else key: value for key, value in options.items()}}


CE = "cross-entropy"
W = [0.5, 2.0, 1.25]
SLOPE = dict.fromkeys(SLOPED, " 0.2")


def crossed(layers, name, *rows, **fixed):
    """A case for each row of options."""
    return [Case(layers, loss(name, **fixed, **row)) for row in rows]


def over(key, values):
    return [{key: value} for value in values]


REDUCED = over("reduction", ("mean", "sum", "none"))
CASES = [
    # cross-entropy: targets, reductions, hyperparameters
    *(case for target in ("index", "one-hot", "soft") for case in crossed("3 tanh|3", CE, *REDUCED, target=target)),
    *crossed("3", CE, *REDUCED, target="index", weights=W),
    *crossed("2 relu|C", CE, *over("target", ("one-hot", "soft")), weights="w"),
    Case("2 relu|3", loss(CE, target="index", weights=[1, 0, 2], ignore_index=2)),
    Case("4 tanh|3", loss(CE, target="index", ignore_index=-100)),
    Case("4 tanh|3", loss(CE, target="index", ignore_index=1, reduction="sum")),
    Case("4 tanh|3", loss(CE, target="index", ignore_index=0, reduction="none")),
    *crossed("3 silu|C", CE, *over("target", ("index", "one-hot", "soft")), smoothing=0.1),
    Case("3", loss(CE, target="index", smoothing="epsilon", weights="w", temperature="T")),
    Case("3", loss(CE, target="index", smoothing="1/3", weights=W, reduction="none")),
    Case("3 tanh|3", loss(CE, target="soft", temperature=2.5)),
    Case("3 tanh|3", loss(CE, target="index", temperature="T", base=2)),
    Case("3 tanh|3", loss(CE, target="one-hot", base=10, reduction="sum")),
    Case("3 tanh|3", loss(CE, target="one-hot"), {"l2": 0.1}),
    Case("3 tanh|3 tanh nobias|3", loss(CE, target="index"), {"l1": 0.03, "l2": "lambda"}),
    Case("3 tanh|3", loss(CE, target="index", reduction="sum"), {"l1": "lambda"}),
    *crossed("2 tanh|3 softmax", CE, *over("target", ("index", "one-hot", "soft")), source="probabilities"),
    Case("2 tanh|3 softmax", loss(CE, target="index", source="probabilities", weights=W, smoothing=0.2)),
    Case("4 relu|3 softmax", loss(CE, target="index")),  # a softmax of a softmax
    # focal, Kullback-Leibler
    *crossed("3 tanh|3", "focal", *over("gamma", (2, 0.5, "gamma")), target="index"),
    Case("3 tanh|3", loss("focal", target="one-hot", gamma=3, reduction="sum")),
    Case("3 tanh|C", loss("focal", target="index", weights="w")),
    Case("3 tanh|3", loss("focal", target="index", ignore_index=-1, temperature=2)),
    Case("3 tanh|3 softmax", loss("focal", target="one-hot", source="probabilities", base=2, reduction="none")),
    *crossed("3 tanh|3", "kl-divergence", *REDUCED),
    Case("3 tanh|3", loss("kl-divergence", temperature="T", base=2)),
    Case("3 tanh|3 softmax", loss("kl-divergence", source="probabilities")),
    # binary
    *crossed("3 tanh|1", "binary-cross-entropy", *REDUCED, target="binary"),
    Case("3 tanh|3", loss("binary-cross-entropy", target="soft", scale="mean")),
    Case("3 tanh|3 sigmoid", loss("binary-cross-entropy", target="binary", source="probabilities")),
    Case("3 tanh|2 sigmoid", loss("binary-cross-entropy", target="soft", source="probabilities", scale="half")),
    # numbers
    *crossed("3 tanh|2", "squared-error", *over("scale", ("half", "sum", "mean"))),
    *crossed("3 tanh|2", "squared-error", *over("reduction", ("sum", "none"))),
    Case("3 tanh nobias|1 nobias", loss("squared-error")),
    Case("1", loss("squared-error", scale="mean"), {"l2": 0.5}),
    Case("2 sigmoid|3 sigmoid", loss("squared-error", target="one-hot")),
    Case("2 sigmoid|3 softmax", loss("squared-error", target="one-hot", scale="mean")),
    Case("3 tanh|2", loss("absolute-error", scale="mean")),
    Case("3 tanh|2 tanh", loss("absolute-error", reduction="none")),
    *crossed("3 tanh|2", "huber", *over("delta", (1, 0.25)), scale="mean"),
    Case("3 tanh|2", loss("huber", delta="kappa", reduction="sum")),
    # hinge
    Case("3 tanh|3", loss("hinge", target="index")),
    Case("3 tanh|C", loss("hinge", target="one-hot", margin=0.5, reduction="none")),
    Case("3 relu|3", loss("hinge", target="index", margin="kappa", reduction="sum"), {"l2": "lambda"}),
    # activations and depth
    *(
        Case(f"3 {name}{SLOPE.get(name, '')}|2 {name}{SLOPE.get(name, '')}|2", loss("squared-error"))
        for name in ACTIVATIONS
        if name != "identity"
    ),
    Case("3 leaky_relu alpha|3 elu alpha|3", loss(CE, target="index")),
    Case("4 relu|3 softmax nobias|4 tanh|3 gelu|3", loss(CE, target="index", smoothing=0.1), {"l2": 0.01}),
    Case("H tanh|H relu|C", loss(CE, target="index", reduction="none")),
]


class Numbers(NamedTuple):
    net: Network
    params: dict[str, Any]
    x: np.ndarray
    y: np.ndarray


MADE: dict[str, Numbers] = {}


def numbers(case: Case) -> Numbers:
    """The network with parameters, examples and targets; proved once for all tests."""
    if str(case) not in MADE:
        MADE[str(case)] = _numbers(case)
    return MADE[str(case)]


def _numbers(case: Case) -> Numbers:
    layers = [_layer(text) for text in case.layers.split("|")]
    net = network({"network": {"input": 2, "layers": layers}, "loss": case.loss, "regularization": case.penalties})
    sizes = {name: size for name, size in (("C", CLASSES), ("H", 2)) if name in case.layers.replace("|", " ").split()}
    rng = np.random.default_rng(len(str(case)))
    params = {name: array + rng.normal(size=array.shape) / 4 for name, array in net.initial(1, **sizes).items()}
    words = {*case.layers.replace("|", " ").split(), *map(str, (*case.loss.values(), *case.penalties.values()))}
    params |= {name: value for name, value in CONSTANTS.items() if name in words}
    if case.loss.get("weights") == "w":
        params["w"] = W
    units = CLASSES if layers[-1]["units"] == "C" else layers[-1]["units"]
    return Numbers(net, params, rng.normal(size=(EXAMPLES, 2)), targets(net.spec.loss, units, rng))


def targets(spec, units, rng):
    match spec.target:
        case "index":
            y = rng.integers(0, units, EXAMPLES)
            y[:3] = 0, 1, 2
            if spec.ignore_index is not None:
                y[[1, 3]] = spec.ignore_index
            return y
        case "one-hot":
            return np.eye(units)[rng.integers(0, units, EXAMPLES)]
        case "soft" if spec.name == "binary-cross-entropy":
            return rng.uniform(size=(EXAMPLES, units))
        case "soft":
            y = rng.dirichlet(np.ones(units), EXAMPLES)
            y[0] = np.eye(units)[1]  # 0 ln 0
            return y
        case "binary":
            return rng.integers(0, 2, (EXAMPLES, units))
    return rng.normal(size=(EXAMPLES, units))
