"""Networks as mappings: one that is right, what can be changed in it, and random ones."""

from __future__ import annotations

import copy
from typing import Any

from hypothesis import strategies as st

from derive.chains.spec import ACTIVATIONS, OPTIONS, SLOPED, SOURCES, TARGETS

IRIS: dict[str, Any] = {
    "network": {
        "name": "iris",
        "input": 2,
        "layers": [{"units": 2, "activation": "sigmoid"}, {"units": 3, "activation": "identity", "bias": True}],
        "classes": ["setosa", "versicolor", "virginica"],
    },
    "loss": {"name": "cross-entropy", "target": "index", "reduction": "mean"},
    "regularization": {"l1": 0.0, "l2": 0.01},
}
GONE = object()


def changed(*changes: tuple[str, Any]) -> dict[str, Any]:
    """IRIS with other values at some places, as in ("network.layers.0.units", 3); GONE takes a key out."""
    data = copy.deepcopy(IRIS)
    for place, value in changes:
        *way, last = (int(part) if part.isdecimal() else part for part in place.split("."))
        here: Any = data
        for part in way:
            here = here[part]
        if value is GONE:
            del here[last]
        else:
            here[last] = value
    return data


NUMBERS = {  # what each hyperparameter may be
    "smoothing": (0, 0.1, "1/3", "epsilon"),
    "weights": ([0.5, 2, "1/3"], [0, 0, 1], "w"),
    "temperature": (0.5, 20, "T"),
    "base": (2, 10, 1.5, "a"),
    "delta": (0.5, 1.35, "delta"),
    "gamma": (0, 0.5, 5, "gamma"),
    "margin": (2, 0.2, "kappa"),
    "scale": ("half", "sum", "mean"),
    "ignore_index": (-100, 0, 2),
}


def _layers(last: dict[str, Any]) -> st.SearchStrategy[list[dict[str, Any]]]:
    activation = st.sampled_from([name for name in ACTIVATIONS if name not in SLOPED and name != "softmax"])
    plain = st.fixed_dictionaries(
        {"units": st.sampled_from([1, 2, 10_000, "n", "H1"])},
        optional={"activation": activation, "bias": st.booleans()},
    )
    sloped = st.fixed_dictionaries(
        {"units": st.just(3), "activation": st.sampled_from(sorted(SLOPED))},
        optional={"slope": st.sampled_from([0.01, "1/3", 2, "alpha"])},
    )
    return st.lists(plain | sloped, max_size=3).map(lambda hidden: [*hidden, last])


@st.composite
def networks(draw: st.DrawFn) -> dict[str, Any]:
    """A mapping that is right, with any of the losses and all that they take."""
    loss = draw(st.sampled_from(sorted(TARGETS)))
    target = draw(st.sampled_from(TARGETS[loss]))
    source = draw(st.sampled_from(SOURCES.get(loss, ("",))))
    refused = {"ignore_index"} if target != "index" else set()
    refused |= {"temperature"} if source == "probabilities" else set()
    optional = {option: st.sampled_from(NUMBERS[option]) for option in OPTIONS[loss] if option not in refused}
    optional |= {"from": st.just(source)} if source else {}
    fixed = {"name": st.just(loss), "target": st.just(target)}
    described = draw(st.fixed_dictionaries(fixed, optional=optional))
    activation = "sigmoid" if loss.startswith("binary") else "softmax" if source == "probabilities" else "tanh"
    name = st.text(st.characters(categories=["L", "N", "P"]), min_size=1, max_size=5)
    network = {
        "input": draw(st.sampled_from([1, 4, "n"])),
        "layers": draw(_layers({"units": 3, "activation": activation})),
    }
    network |= draw(st.fixed_dictionaries({}, optional={"name": name, "classes": st.just(["a", 'b"\\', "ç"])}))
    penalties = st.fixed_dictionaries({}, optional=dict.fromkeys(("l1", "l2"), st.sampled_from([0, 0.01, "lambda"])))
    return {"network": network, "loss": described} | draw(
        st.fixed_dictionaries({}, optional={"regularization": penalties})
    )


# anything at all, and known keys with anything at all
JUNK = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.decimals() | st.fractions() | st.text(max_size=6)
    | st.dates() | st.binary(max_size=3) | st.sampled_from([10**4000, "n", "C", "softmax", "cross-entropy", "w", 1, 3]),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5) | st.integers(), inner, max_size=4)
    | st.tuples(inner, inner),
    max_leaves=12,
)  # fmt: skip


def _known(*keys: str) -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries({}, optional=dict.fromkeys(keys, JUNK))


_LAYERS = st.lists(_known("units", "activation", "bias", "slope", "from") | JUNK, max_size=4)
NEARLY = st.fixed_dictionaries(
    {},
    optional={
        "network": st.tuples(_known("input", "classes", "features", "name"), _LAYERS).map(
            lambda parts: {**parts[0], "layers": parts[1]}
        ) | JUNK,
        "loss": _known("name", "from", "target", "reduction", *NUMBERS) | JUNK,
        "regularization": _known("l1", "l2") | JUNK,
    },
)  # fmt: skip


LIKELY = [value for row in NUMBERS.values() for value in row] + [*ACTIVATIONS, *TARGETS, "value", "logits", 1, 7, "C"]


def _places(data: Any, way: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    below = data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else ()
    return [place for key, value in below for place in ((*way, key), *_places(value, (*way, key)))]


@st.composite
def spoiled(draw: st.DrawFn) -> dict[str, Any]:
    """A mapping that was right, with one or two values replaced by anything; it may still be right."""
    data = copy.deepcopy(draw(networks()))
    for _ in range(draw(st.integers(1, 2))):
        *way, last = draw(st.sampled_from(_places(data)))
        here: Any = data
        for part in way:
            here = here[part]
        here[last] = draw(JUNK | st.sampled_from(LIKELY))
    return data
