"""Reading a network from a TOML file or a dict of the same shape. Everything that is wrong is said at once."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from derive.chains.file_shape import FILE, LAYER, LOSS, NETWORK, REGULARIZATION, Table, Values
from derive.chains.fits import report_misfits
from derive.chains.spec import TARGETS, LayerSpec, LossSpec, NetworkSpec
from derive.chains.spec_problem import NetworkError, SpecProblem, shown
from derive.chains.toml_file import toml_file

__all__ = ["NetworkError", "SpecProblem", "read_network"]


def read_network(source: Path | str | Mapping[str, Any]) -> NetworkSpec:
    """The network that a TOML file, or a mapping of the same shape, describes.

    Numbers are exact: 0.1 is 1/10. Raises NetworkError with everything that is wrong, each with its path.

    >>> net = {"input": 2, "layers": [{"units": 3, "activation": "tanh"}, {"units": "C"}]}
    >>> read_network({"network": net, "loss": {"name": "cross-entropy", "smoothing": 0.1}}).loss.smoothing
    Fraction(1, 10)
    >>> read_network({"network": net, "loss": {"name": "bce"}})
    Traceback (most recent call last):
    derive.chains.spec_problem.NetworkError: loss.name: there is no loss "bce"; did you mean "binary-cross-entropy"?
    """
    if not isinstance(source, Mapping | str | os.PathLike):
        raise NetworkError([SpecProblem("the network", f"must be a file or a table, not {shown(source)}")])
    data = source if isinstance(source, Mapping) else toml_file(Path(source))
    problems: list[SpecProblem] = []

    def report(path: str, message: str) -> None:
        problems.append(SpecProblem(path, message))

    found = _with_target(FILE.read(data, "", report))
    report_misfits(found, report)
    if problems:
        raise NetworkError(problems)
    return _built(found)


def _with_target(found: Values) -> Values:
    """A target that was not written is the first that the loss takes."""
    loss = found.good.get("loss", Values({}))
    if "name" not in loss.good or "target" in loss.written:
        return found
    target = TARGETS[loss["name"]][0]
    return replace(found, good={**found.good, "loss": replace(loss, good={**loss.good, "target": target})})


def _built(found: Values) -> NetworkSpec:
    network = _fields(NETWORK, found["network"])
    layers = tuple(LayerSpec(**_fields(LAYER, layer)) for layer in network.pop("layers"))
    penalties = _fields(REGULARIZATION, found["regularization"])
    return NetworkSpec(layers=layers, loss=LossSpec(**_fields(LOSS, found["loss"])), **network, **penalties)


def _fields(table: Table, values: Values) -> dict[str, Any]:
    return {key.attribute: values[key.name] for key in table.keys}
