"""What other programs call the same things. Nothing here is accepted: each is a hint for what to write."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from difflib import get_close_matches

_CLASS_INDEX = '"cross-entropy" with target = "index"'
_BINARY_LOGITS = '"binary-cross-entropy" with from = "logits"'
_MEAN_SQUARE = '"squared-error" with scale = "mean"'
_PROBABILITIES = 'from = "probabilities"'
_CHAIN = "a network is a chain: each layer feeds the next one of the list, so a layer names no other; take it out"
_NO_NAME = "layers have no names, they are numbered in their order; take it out"
_AFFINE = "every layer is affine with an activation; take it out"
_ONLY_FUNCTION = "this file says what the function is, not how it is trained; take it out"

# a name as `folded` leaves it, and what to write: a name of ours, or a hint when it holds a space
ACTIVATION_SYNONYMS = {
    "linear": "identity", "none": "identity", "id": "identity", "affine": "identity", "passthrough": "identity",
    "logistic": "sigmoid", "expit": "sigmoid", "sigma": "sigmoid", "sigmoidal": "sigmoid", "softstep": "sigmoid",
    "hyperbolictangent": "tanh", "rectifier": "relu", "rectifiedlinear": "relu", "ramp": "relu", "plus": "relu",
    "lrelu": "leaky_relu", "prelu": "leaky_relu", "leaky": "leaky_relu", "swish": "silu", "sil": "silu",
    "exponentiallinear": "elu", "gaussianerror": "gelu", "softargmax": "softmax", "htanh": "hardtanh",
    "logsoftmax": '"identity": the cross-entropy from logits takes the logarithm of the softmax itself',
    "logsigmoid": '"identity": the binary cross-entropy from logits takes the logarithm of the sigmoid itself',
}  # fmt: skip
LOSS_SYNONYMS = {
    "mse": _MEAN_SQUARE, "meansquarederror": _MEAN_SQUARE, "l2": "squared-error", "l2loss": "squared-error",
    "leastsquares": "squared-error", "quadratic": "squared-error", "sse": "squared-error", "brier": "squared-error",
    "mae": "absolute-error", "meanabsoluteerror": "absolute-error", "l1": "absolute-error", "l1loss": "absolute-error",
    "nll": _CLASS_INDEX, "nllloss": _CLASS_INDEX, "negativeloglikelihood": _CLASS_INDEX, "ce": "cross-entropy",
    "xent": "cross-entropy", "logloss": "cross-entropy", "categoricalcrossentropy": "cross-entropy",
    "softmaxcrossentropy": "cross-entropy", "softmaxcrossentropywithlogits": "cross-entropy",
    "softmax": "cross-entropy", "multinomial": "cross-entropy",
    "sparsecategoricalcrossentropy": _CLASS_INDEX, "sparsesoftmaxcrossentropywithlogits": _CLASS_INDEX,
    "bce": "binary-cross-entropy", "bceloss": "binary-cross-entropy", "logistic": _BINARY_LOGITS,
    "bcewithlogits": _BINARY_LOGITS, "bcewithlogitsloss": _BINARY_LOGITS, "sigmoidcrossentropy": _BINARY_LOGITS,
    "sigmoidcrossentropywithlogits": _BINARY_LOGITS, "kl": "kl-divergence", "kld": "kl-divergence",
    "kldiv": "kl-divergence", "kldivloss": "kl-divergence", "kullbackleibler": "kl-divergence",
    "relativeentropy": "kl-divergence", "smoothl1": "huber", "smoothl1loss": "huber",
    "multimargin": "hinge", "svm": "hinge", "crammersinger": "hinge", "westonwatkins": "hinge",
}  # fmt: skip
TARGET_SYNONYMS = {
    "sparse": "index", "class": "index", "label": "index", "labels": "index", "integer": "index", "int": "index",
    "categorical": "one-hot", "hot": "one-hot", "probabilities": "soft", "probability": "soft",
    "distribution": "soft", "real": "value", "number": "value", "regression": "value", "continuous": "value",
    "float": "value", "bool": "binary", "boolean": "binary", "zeroone": "binary", "01": "binary",
}  # fmt: skip
REDUCTION_SYNONYMS = {
    "average": "mean", "avg": "mean", "batchmean": "mean", "sumoverbatchsize": "mean", "auto": "mean",
    "total": "sum", "add": "sum", "no": "none", "null": "none", "off": "none", "persample": "none",
}  # fmt: skip
SOURCE_SYNONYMS = {
    "logit": "logits", "scores": "logits", "raw": "logits", "true": "logits", "probs": "probabilities",
    "probability": "probabilities", "softmax": "probabilities", "sigmoid": "probabilities", "false": "probabilities",
}  # fmt: skip
SCALE_SYNONYMS = {"average": "mean", "avg": "mean", "total": "sum", "05": "half", "one": "sum", "none": "sum"}
# keys, by the table they stand in
FILE_KEYS = {
    "net": "network", "model": "network", "cost": "loss", "objective": "loss", "criterion": "loss",
    "regularisation": "regularization", "regularizer": "regularization", "penalty": "regularization",
    "layers": "layers below [network]", "input": "input below [network]", "optimizer": _ONLY_FUNCTION,
    "training": _ONLY_FUNCTION, "train": _ONLY_FUNCTION,
}  # fmt: skip
NETWORK_KEYS = {
    "inputs": "input", "inputsize": "input", "infeatures": "input", "inputdim": "input", "nfeatures": "input",
    "labels": "classes", "classnames": "classes", "featurenames": "features", "columns": "features",
    "hidden": "layers", "hiddenlayers": "layers", "layer": "layers", "title": "name", "loss": "a table [loss]",
    "output": "units in the last of the layers", "outputs": "units in the last of the layers",
}  # fmt: skip
LAYER_KEYS = {
    "size": "units", "width": "units", "neurons": "units", "outfeatures": "units", "outputs": "units", "dim": "units",
    "act": "activation", "activationfunction": "activation", "nonlinearity": "activation", "usebias": "bias",
    "biases": "bias", "alpha": "slope", "negativeslope": "slope", "type": _AFFINE, "kind": _AFFINE, "name": _NO_NAME,
    "id": _NO_NAME, "from": _CHAIN, "input": _CHAIN, "inputs": _CHAIN, "next": _CHAIN, "to": _CHAIN, "after": _CHAIN,
    "before": _CHAIN, "previous": _CHAIN, "skip": _CHAIN, "residual": _CHAIN, "output": _CHAIN, "parents": _CHAIN,
    "infeatures": "input below [network]; a layer takes what the one before it gives",
}  # fmt: skip
LOSS_KEYS = {
    "type": "name", "kind": "name", "loss": "name", "function": "name", "targets": "target", "labels": "target",
    "labelsmoothing": "smoothing", "epsilon": "smoothing", "classweights": "weights", "classweight": "weights",
    "weight": "weights", "alpha": "weights", "fromlogits": 'from = "logits"', "fromprobabilities": _PROBABILITIES,
    "source": "from", "tau": "temperature", "t": "temperature", "logbase": "base", "beta": "delta",
    "focusing": "gamma", "ignore": "ignore_index", "paddingindex": "ignore_index", "l1": "l1 below [regularization]",
    "l2": "l2 below [regularization]",
}  # fmt: skip
REGULARIZATION_KEYS = {"weightdecay": "l2", "ridge": "l2", "lambda": "l2", "lasso": "l1", "decay": "l2"}


def folded(name: str) -> str:
    """A name without case, blanks and hyphens: LeakyReLU and leaky_relu are the same.

    >>> folded("Leaky-ReLU"), folded("one hot")
    ('leakyrelu', 'onehot')
    """
    return "".join(c for c in name.casefold() if c.isalnum())


def hint(name: str, known: Iterable[str], synonyms: Mapping[str, str], quote: str = '"') -> str:
    """What to write instead of an unknown name: what others call so, the nearest name, or all that there are.

    >>> hint("MSE", ["squared-error", "huber"], LOSS_SYNONYMS)
    'did you mean "squared-error" with scale = "mean"?'
    >>> hint("from", ["units"], LAYER_KEYS)[:23]
    'a network is a chain: e'
    """
    choices = list(known)
    short = folded(name[:60])
    by_fold = {folded(choice): choice for choice in choices}
    if short in synonyms and short not in by_fold:
        meant = synonyms[short]
        if meant in choices:
            return f"did you mean {quote}{meant}{quote}?"
        return meant if meant.endswith("take it out") else f"did you mean {meant}?"
    if near := get_close_matches(short, by_fold, n=1, cutoff=0.6):
        return f"did you mean {quote}{by_fold[near[0]]}{quote}?"
    return "choose one of " + ", ".join(choices)
