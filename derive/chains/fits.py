"""What does not fit together in a network, though each value alone is right: a table of small checks."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from derive.chains.file_shape import LOSS, Unread, Values
from derive.chains.labels import number
from derive.chains.spec import LINKS, OPTIONS, SLOPED, SOURCES, TARGETS
from derive.chains.spec_problem import Report, shown

NUMBERED = ("index", "one-hot")  # targets that choose one of several classes
UNITS = "units of the last layer"


def report_misfits(found: Values, report: Report) -> None:
    """Report everything that does not fit; a check that needs a value which was refused says nothing."""
    for check in CHECKS:
        try:
            for path, message in check(found):
                report(path, message)
        except Unread:
            continue


Misfits = Iterator[tuple[str, str]]


def _counts(found: Values) -> Misfits:
    network = found["network"]
    yield from _count("network.features", network["features"], "network.input", network["input"])


def _feature_numbers(found: Values) -> Misfits:
    """The second index of a weight counts the inputs, so a feature that is a number has its own place."""
    for n, name in enumerate(found["network"]["features"]):
        if number(name) not in (None, n + 1):
            why = f"{shown(name)} would be read as the number of another input; this one is {n + 1}"
            yield f"network.features[{n}]", why


def _class_count(found: Values) -> Misfits:
    layers = found["network"]["layers"]
    yield from _count("network.classes", found["network"]["classes"], _last(found, "units"), layers[-1]["units"])


def _weight_count(found: Values) -> Misfits:
    weights, layers = found["loss"]["weights"], found["network"]["layers"]
    if isinstance(weights, tuple):
        yield from _count("loss.weights", weights, _last(found, "units"), layers[-1]["units"])


def _count(path: str, items: tuple[object, ...], other: str, size: int | str) -> Misfits:
    if items and len(items) != size:
        yield (
            path,
            f"has {len(items)} item{'s' * (len(items) != 1)}, but {other} is {shown(size)}; they must be as many",
        )


def _slopes(found: Values) -> Misfits:
    for n, layer in enumerate(found["network"]["layers"]):
        if "slope" in layer.written and "activation" in layer.good and layer["activation"] not in SLOPED:
            yield f"network.layers[{n}].slope", f"{layer['activation']} has none; only {' and '.join(SLOPED)} do"


def _single_softmax(found: Values) -> Misfits:
    for n, layer in enumerate(found["network"]["layers"]):
        if layer.good.get("activation") == "softmax" and layer.good.get("units") == 1:
            path = f"network.layers[{n}].activation"
            yield path, "the softmax of a single unit is always 1; use sigmoid, or at least 2 units"


def _target(found: Values) -> Misfits:
    loss = found["loss"]
    name, target = loss["name"], loss["target"]
    if "target" in loss.written and target not in TARGETS[name]:
        yield "loss.target", f"{name} does not take {target} targets; it takes {' or '.join(TARGETS[name])}"


def _options(found: Values) -> Misfits:
    """Hyperparameters that were written but that the loss would ignore."""
    loss = found["loss"]
    name = loss["name"]
    for key in LOSS.keys:
        users = [other for other, options in OPTIONS.items() if key.attribute in options]
        if key.name in loss.written and users and name not in users:
            yield f"loss.{key.name}", f"{name} has none; {_listed(users)} {'has' if len(users) == 1 else 'have'} it"
    if "from" in loss.written and name not in SOURCES:
        yield "loss.from", f"{name} takes what the last layer gives as it is; take it out"


def _listed(names: list[str]) -> str:
    return " and ".join(filter(None, (", ".join(names[:-1]), names[-1])))


def _link(found: Values) -> Misfits:
    """Probabilities come from the function that the loss would apply itself; a binary loss takes no softmax."""
    loss, last = found["loss"], found["network"]["layers"][-1]["activation"]
    wanted = LINKS.get(loss["name"])
    if wanted == "sigmoid" and last == "softmax":
        yield (
            _last(found, "activation"),
            f"{loss['name']} takes each output by itself, but a softmax ties them together; use identity (from logits)"
            " or sigmoid (from probabilities), or the loss cross-entropy",
        )
    elif wanted and loss["from"] == "probabilities" and last != wanted:
        yield (
            "loss.from",
            f"{loss['name']} from probabilities needs {wanted} as activation of the last layer, not {last};"
            f' write activation = "{wanted}", or from = "logits"',
        )


def _single_unit(found: Values) -> Misfits:
    loss, units = found["loss"], found["network"]["layers"][-1]["units"]
    if units == 1 and (LINKS.get(loss["name"]) == "softmax" or loss["target"] in NUMBERED):
        yield (
            _last(found, "units"),
            f"{loss['name']} with {loss['target']} targets is about several classes and needs at least 2 units;"
            " for a single yes or no use binary-cross-entropy",
        )


def _ignored_index(found: Values) -> Misfits:
    loss = found["loss"]
    if "ignore_index" in loss.written and "ignore_index" in OPTIONS[loss["name"]] and loss["target"] != "index":
        yield "loss.ignore_index", f'{loss["target"]} targets have no index; write target = "index", or take it out'


def _temperature(found: Values) -> Misfits:
    loss = found["loss"]
    if "temperature" in loss.written and "temperature" in OPTIONS[loss["name"]] and loss["from"] == "probabilities":
        yield "loss.temperature", 'divides logits, but the loss takes probabilities; write from = "logits"'


def _one_meaning(found: Values) -> Misfits:
    """A name is a size or a number, and not both."""
    first: dict[str, tuple[str, str]] = {}
    for path, name, meaning in _symbols(found):
        earlier, known = first.setdefault(name, (path, meaning))
        if known != meaning:
            yield (
                path,
                f"{shown(name)} would be {meaning}, but in {earlier} it is {known}; choose another name",
            )


def _symbols(found: Values) -> Iterator[tuple[str, str, str]]:
    network, loss, penalties = (found.good.get(name, Values({})) for name in ("network", "loss", "regularization"))
    layers = network.good.get("layers", ())
    units = ((f"network.layers[{n}].units", layer.good.get("units")) for n, layer in enumerate(layers))
    yield from _named([("network.input", network.good.get("input")), *units], "a size")
    slopes = ((f"network.layers[{n}].slope", layer.good.get("slope")) for n, layer in enumerate(layers))
    options = {option for row in OPTIONS.values() for option in row} - {"weights", "scale"}
    numbers = [(f"loss.{option}", loss.good.get(option)) for option in sorted(options)]
    yield from _named([*slopes, *numbers], "a number")
    yield from _named([(f"regularization.{key}", value) for key, value in penalties.good.items()], "a number")


def _named(values: Iterable[tuple[str, object]], meaning: str) -> Iterator[tuple[str, str, str]]:
    return ((path, value, meaning) for path, value in values if isinstance(value, str))


def _last(found: Values, key: str) -> str:
    return f"network.layers[{len(found['network']['layers']) - 1}].{key}"


CHECKS: tuple[Callable[[Values], Misfits], ...] = (
    _counts, _feature_numbers, _class_count, _weight_count, _slopes, _single_softmax, _target, _options, _link,
    _single_unit, _ignored_index, _temperature, _one_meaning,
)  # fmt: skip
