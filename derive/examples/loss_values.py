"""The loss of a network over one or two of its parameters, all others as they are."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import product

import numpy as np
from numpy.typing import ArrayLike, NDArray

from derive.chains.spec import NetworkSpec
from derive.errors import UsageError
from derive.examples.chain import HasSpec, in_rows, problem_of
from derive.examples.gradient_descent import entry_of
from derive.gradients.network import network_function


def landscape(
    network: HasSpec | NetworkSpec, params: Mapping[str, ArrayLike], x: ArrayLike, y: ArrayLike,
    over: Mapping[str, Sequence[float]],
) -> NDArray[np.float64]:  # fmt: skip
    """The loss (len of each) for every choice of values of some entries; arguments as for `chain_numbers`.

    over: the values of each entry, {"b2[0]": [0.0, 1.0]}. Raises UsageError for what is no single entry.

    >>> from derive.chains.spec import LayerSpec
    >>> net = NetworkSpec(1, (LayerSpec(2),))
    >>> landscape(net, {"W1": [[0], [0]], "b1": [0, 0]}, [[1.0]], [[1, 0]], {"b1[0]": [0, 1]}).round(3).tolist()
    [0.693, 0.313]
    """
    problem = problem_of(network)
    if problem.total is None:
        raise UsageError('the reduction "none" gives a loss for each example; a landscape is of one number')
    function, (rows, targets) = network_function(problem), in_rows(x, y)
    places = [entry_of(problem, params, name) for name in over]
    moved = {name: np.array(value, float) for name, value in params.items()}
    losses = []
    for chosen in product(*over.values()):
        for (name, place), value in zip(places, chosen, strict=True):
            moved[name][place] = value
        losses.append(float(np.asarray(function.forward(moved, rows, targets)["L"])))
    return np.reshape(losses, [len(values) for values in over.values()])
