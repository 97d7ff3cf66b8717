"""What is accepted as parameters and examples of a network, and what is said when they do not fit.

Every message is one line: the name, what is wrong, what would fit.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from derive.chains.network import EXAMPLES, NetworkProblem, plain_name
from derive.chains.spec import NetworkSpec
from derive.core.functions import CONSTANTS
from derive.core.term import Term, free
from derive.errors import UsageError
from derive.gradients.arrays import Array, Values
from derive.gradients.network_targets import array_of, cast, targets_of

WEIGHTS, TARGETS = "w", "y"


def values_of(problem: NetworkProblem, params: object, x: object, y: object = None) -> tuple[Values, bool]:
    """The arguments as values by name, and whether x is one example of a batch. Raises UsageError.

    Without y, what only the loss mentions may be missing in params.
    """
    sizes = _Sizes()
    arrays = {name: array_of(plain_name(name), value) for name, value in _given(problem, params, y is not None).items()}
    for name, array in arrays.items():
        sizes.fit(name, array, problem.context.shapes.get(name, ()))
    examples = array_of("x", x)
    single = problem.batch and examples.ndim == 1
    arrays["x"] = examples[None] if single else examples
    sizes.fit("x", arrays["x"], problem.context.shapes["x"])
    # constants are often plain numbers, and do not decide the float type
    floats = [array for name, array in arrays.items() if name in problem.parameters]
    dtype = np.result_type(*(a.dtype if a.dtype.kind == "f" else np.float64 for a in floats))
    values = {name: cast(plain_name(name), array, dtype) for name, array in arrays.items()}
    _check_ranges(problem.spec, values)
    if isinstance(problem.spec.loss.weights, tuple):
        values[WEIGHTS] = np.array([float(weight) for weight in problem.spec.loss.weights], dtype)
    found = Values(values, sizes.known, dtype)
    if y is not None:
        found.arrays[TARGETS] = targets_of(problem, y, found, single or not problem.batch)
    return found, single


def _check_ranges(spec: NetworkSpec, values: Mapping[str, Array]) -> None:
    """The same bounds for constants given by name as for numbers in a file."""
    loss = spec.loss
    bounds: tuple[tuple[object, str, Callable[[Array], Any]], ...] = (
        (loss.temperature, "greater than 0", lambda v: v > 0),
        (loss.smoothing, "at least 0 and less than 1", lambda v: (v >= 0) & (v < 1)),
        (loss.gamma, "at least 0", lambda v: v >= 0),
        (loss.delta, "greater than 0", lambda v: v > 0),
        (loss.margin, "greater than 0", lambda v: v > 0),
        (loss.base, "greater than 1", lambda v: v > 1),
        (spec.l1, "at least 0", lambda v: v >= 0),
        (spec.l2, "at least 0", lambda v: v >= 0),
        (WEIGHTS if loss.weights == WEIGHTS else None, "at least 0, and not all 0", lambda v: (v >= 0) & v.any()),
    )
    for name, wanted, holds in bounds:
        if isinstance(name, str) and name in values and not np.all(holds(values[name])):
            raise UsageError(f"{name} is {values[name]}; it must be {wanted}")


def constants(problem: NetworkProblem, loss: bool = True) -> tuple[str, ...]:
    """The names of numbers and weights without values: T, lambda, w. loss: also those that only the loss mentions.

    >>> from derive.chains.network import network_problem
    >>> from derive.chains.spec import LayerSpec, LossSpec, NetworkSpec
    >>> constants(network_problem(NetworkSpec(2, (LayerSpec("C"),), LossSpec(temperature="T", weights="w"))))
    ('T', 'w')
    """
    context = problem.context
    sizes = frozenset[str]().union(*(free(size) for shape in context.shapes.values() for size in shape))
    others = {*sizes, *CONSTANTS, *context.definitions, *problem.parameters, TARGETS}
    if isinstance(problem.spec.loss.weights, tuple):
        others.add(WEIGHTS)
    names: dict[str, None] = {}
    for name, definition in context.definitions.items():
        if loss or TARGETS not in context.reach([name]):
            names |= dict.fromkeys(sorted(free(definition.body) - set(definition.params) - others))
    return tuple(names)


def random_parameters(problem: NetworkProblem, seed: int, sizes: Mapping[str, int]) -> dict[str, Array]:
    """Weights and biases drawn from a normal distribution of variance 1 / (inputs of the layer)."""
    symbols = [str(size.value) for size in dict.fromkeys(problem.sizes) if size.op == "sym"]
    for name in sizes:
        if name not in symbols:
            known = f"without a number: {', '.join(symbols)}" if symbols else "all its sizes are numbers"
            raise UsageError(f"the network has no size {name}; {known}")
    for name in symbols:
        if name not in sizes:
            raise UsageError(f"the size {name} has no number; give one, as in initial({name}=3)")
    values = Values({}, {name: _whole(name, n) for name, n in sizes.items()}, np.dtype(np.float64))
    generator = np.random.default_rng(seed)
    found = {}
    for name in _layered(problem):
        inputs = values.size(problem.sizes[int(name.partition("__")[2]) - 1])
        shape = tuple(map(values.size, problem.context.shapes[name]))
        found[plain_name(name)] = generator.standard_normal(shape) / np.sqrt(inputs)
    return found


def _whole(name: str, n: object) -> int:
    if not isinstance(n, int | np.integer) or isinstance(n, bool) or n < 1:
        raise UsageError(f"the size {name} is {n!r:.40}; it must be a whole number from 1")
    return int(n)


def _layered(problem: NetworkProblem) -> list[str]:
    """The weights and biases, from the first layer to the last."""
    return [name for name in problem.context.shapes if name in problem.parameters and name != "x"]


def _given(problem: NetworkProblem, params: object, loss: bool) -> dict[str, object]:
    """The parameters by their names in the definitions, from the first layer to the last."""
    names = {plain_name(name): name for name in (*_layered(problem), *constants(problem))}
    optional = set() if loss else set(constants(problem)) - set(constants(problem, loss=False))
    if not isinstance(params, Mapping):
        raise UsageError(f"params is of type {type(params).__name__}; it must be a mapping with {_listed(names)}")
    for name in params:
        if name not in names:
            raise UsageError(f'params has "{name!s:.40}", which the network does not have; it has {_listed(names)}')
    for name, inner in names.items():
        if name not in params and inner not in optional:
            shape = problem.context.shapes.get(inner, ())
            raise UsageError(f"params has no {name}; it must be {_spelled(shape, {})}")
    return {inner: params[name] for name, inner in names.items() if name in params}


def _listed(names: Iterable[str], most: int = 12) -> str:
    several = list(names)
    return ", ".join([*several[:most], *(["..."] if len(several) > most else [])])


@dataclass(frozen=True)
class _Sizes:
    """Numbers of the symbolic sizes: each is what the first array with it says, and where that was."""

    known: dict[str, int] = field(default_factory=dict)
    sources: dict[str, str] = field(default_factory=dict)

    def fit(self, name: str, array: Array, shape: Sequence[Term]) -> None:
        """Refuse an array of another shape."""
        new: dict[str, int] = {}
        fits = array.ndim == len(shape) and 0 not in array.shape
        for size, n in zip(shape, array.shape, strict=False):
            letter = str(size.value)
            wanted = int(size.value or 0) if size.op == "num" else self.known.get(letter, new.setdefault(letter, n))
            fits = fits and n == wanted
        if not fits:
            raise UsageError(self._misfit(plain_name(name), array.shape, shape))
        for letter in new.keys() - self.known.keys():
            self.known[letter], self.sources[letter] = new[letter], plain_name(name)

    def _misfit(self, name: str, got: tuple[int, ...], shape: Sequence[Term]) -> str:
        letters = dict.fromkeys(str(size.value) for size in shape if str(size.value) in self.known)
        why = "".join(f", where {letter} is {self.known[letter]} as in {self.sources[letter]}" for letter in letters)
        rows = ": one row per example" if EXAMPLES in shape else ""
        return f"{name} has shape {got}; it must be {_spelled(shape, self.known)}{rows}{why}"


def _spelled(shape: Sequence[Term], sizes: Mapping[str, int]) -> str:
    """A shape with the numbers of the sizes that are known.

    >>> from derive.core.term import num, sym
    >>> _spelled((sym("C"), num(3)), {}), _spelled((sym("C"),), {"C": 2}), _spelled((), {})
    ('(C, 3)', '(2,)', 'a number')
    """
    parts = [str(sizes.get(str(size.value), size.value)) for size in shape]
    return f"({', '.join(parts)}{',' if len(parts) == 1 else ''})" if parts else "a number"
