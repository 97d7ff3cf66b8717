"""Gradient descent on any network, row by row: parameter, slope, step size, new value, loss."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from itertools import pairwise
from math import isfinite
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from derive.chains.network import NetworkProblem, plain_name
from derive.chains.spec import NetworkSpec
from derive.errors import UsageError
from derive.examples.chain import HasSpec, in_rows, problem_of
from derive.gradients.network import NetworkFunction, network_function
from derive.proofs.prove import prove

LIMIT = 1000  # steps, where a tiny step is waited for
SMALL, LIMITED, DIVERGED = "small-step", "limit", "diverged"
RISES = 5  # so many rises in a row, to above the first loss, are no overshooting any more
ENTRY = re.compile(r"([A-Za-z]\w*)(?:\[(\d+(?:\s*,\s*\d+)*)\])?")
Array = NDArray[Any]
Values = Mapping[str, Any]  # by "b2" or "b2[0]": arrays, or numbers for single entries


@dataclass(frozen=True, eq=False)
class Row:
    """One step, from 1. loss, slope: at `parameter`; step_size: rate times slope; new: parameter less step_size."""

    step: int
    loss: float
    parameter: Values
    slope: Values
    step_size: Values
    new: Values


@dataclass(frozen=True, eq=False)
class Trace:
    """A descent.

    rows: one a step. params: all parameters after the last. loss: at the end; not finite if it overflowed. ended: why,
    "small-step", "limit" or "diverged".
    """

    learning_rate: float
    rows: tuple[Row, ...]
    params: Mapping[str, Array] = field(repr=False)
    loss: float
    ended: str

    @cached_property
    def losses(self) -> tuple[float, ...]:
        """The loss before each step and at the end."""
        return (*(row.loss for row in self.rows), self.loss)

    @property
    def worse(self) -> bool:
        """Whether the loss is larger at the end than it was at the start."""
        return not self.loss <= self.losses[0]

    @property
    def rises(self) -> int:
        """In how many steps the loss rose: a sign that the learning rate is too large."""
        return sum(after > before for before, after in pairwise(self.losses))

    def path(self, name: str) -> tuple[Any, ...]:
        """The values of a parameter or entry, the first one first."""
        if name not in self.rows[0].parameter:
            known = ", ".join(self.rows[0].parameter)
            raise UsageError(
                f'"{name}" was not followed; there is {known} (descend(..., only=["b2[0]"]) follows one entry)'
            )
        return (self.rows[0].parameter[name], *(row.new[name] for row in self.rows))


def descend(
    network: HasSpec | NetworkSpec,
    params: Mapping[str, ArrayLike],
    x: ArrayLike,
    y: ArrayLike,
    learning_rate: float,
    steps: int | None = None,
    until: float | None = None,
    only: Sequence[str] = (),
) -> Trace:
    """Descend along the proved gradient of the loss; params, x and y as for `chain_numbers`.

    steps: at most so many; by default 1, or 1000 with `until`. until: ends when no entry moves by more. only: the
    parameters that move, "b2", or single entries, "b2[0]" and "W2[0,1]", counted from 0; by default all of them.
    It ends as diverged, without an error, when the loss overflows or keeps rising. Raises UsageError for what does
    not fit, ValueError for a rate or a number of steps that is none.

    >>> from derive.chains.spec import LayerSpec, LossSpec
    >>> line = NetworkSpec(1, (LayerSpec(1),), LossSpec("squared-error", "value"))
    >>> trace = descend(line, {"W1": [[0.0]], "b1": [4.0]}, [[1.0]], [[0.0]], 0.5, until=0.3, only=["b1[0]"])
    >>> [row.new["b1[0]"] for row in trace.rows], trace.ended
    ([2.0, 1.0, 0.5, 0.25], 'small-step')
    >>> descend(line, {"W1": [[0.0]], "b1": [4.0]}, [[1.0]], [[0.0]], 3, steps=100, only=["b1"]).ended
    'diverged'
    """
    most = steps if steps is not None else 1 if until is None else LIMIT
    _check_schedule(learning_rate, most)
    if until is not None and not until > 0:
        raise ValueError(f"until is {until!r}; it must be a positive number")
    problem = problem_of(network)
    if problem.total is None:
        raise UsageError('the reduction "none" gives a loss for each example; descend the "mean" or the "sum"')
    places = _places(problem, params, only)
    return _Descent(_function(problem, places), places, *in_rows(x, y), float(learning_rate), until).run(params, most)


Places = Mapping[str, tuple[str, tuple[int, ...]]]  # what moves: the parameter, and the entry; () for all of it


def _check_schedule(rate: float, steps: int) -> None:
    if isinstance(rate, bool) or not isinstance(rate, int | float | np.number) or not (isfinite(rate) and rate > 0):
        raise ValueError(f"rate is {rate!r}; it must be a positive number")
    if isinstance(steps, bool) or not isinstance(steps, int) or steps < 1:
        raise ValueError(f"steps is {steps!r}; it must be a whole number, 1 or more")


def _places(problem: NetworkProblem, params: Mapping[str, ArrayLike], only: Sequence[str]) -> Places:
    known = [plain_name(name) for name in problem.parameters if name != "x"]
    if isinstance(only, str):
        raise UsageError(f'only is "{only}"; it must be a list, such as ["{only}"]')
    return {name: _place(name, known, params) for name in only or known}


def _place(text: str, known: Sequence[str], params: Mapping[str, ArrayLike]) -> tuple[str, tuple[int, ...]]:
    found = ENTRY.fullmatch(text.strip())
    if found is None or found[1] not in known:
        raise UsageError(f'there is no parameter "{text}"; there are {", ".join(known)}, and entries such as b1[0]')
    place = tuple(int(n) for n in found[2].split(",")) if found[2] else ()
    shape = np.shape(params.get(found[1], ()))
    if place and (len(place) != len(shape) or any(n >= size for n, size in zip(place, shape, strict=True))):
        raise UsageError(f'there is no entry "{text}"; {found[1]} has shape {shape}, and entries count from 0')
    return found[1], place


def entry_of(problem: NetworkProblem, params: Mapping[str, ArrayLike], text: str) -> tuple[str, tuple[int, ...]]:
    """The parameter and the place in it of a single entry, "b2[0]". Raises UsageError for anything else."""
    name, place = _place(text, [plain_name(name) for name in problem.parameters if name != "x"], params)
    if not place:
        raise UsageError(f'"{text}" is more than one number; name one entry, such as "{text}[0]"')
    return name, place


def _function(problem: NetworkProblem, places: Places) -> NetworkFunction:
    """The loss and the gradients by what moves, and by nothing else."""
    return _proved(problem.spec, tuple(sorted({name for name, _ in places.values()})))


@lru_cache(maxsize=32)
def _proved(spec: NetworkSpec, families: tuple[str, ...]) -> NetworkFunction:
    problem = problem_of(spec)
    theorems = {name: proof.theorem for name, proof in prove(problem.chain, families).items()}
    return network_function(problem, theorems)


@dataclass(frozen=True)
class _Descent:
    function: NetworkFunction
    places: Places
    x: Array
    y: Array
    rate: float
    until: float | None

    def run(self, params: Mapping[str, ArrayLike], most: int) -> Trace:
        values = {name: np.array(value, float) for name, value in params.items()}
        loss, gradients = self.function(values, self.x, self.y)
        rows: list[Row] = []
        ended = LIMITED
        for step in range(1, most + 1):
            row, values = self._step(step, float(loss), values, gradients)
            rows.append(row)
            try:
                loss, gradients = self.function(values, self.x, self.y)
            except UsageError:  # what was given was fine before the first step: a value overflowed
                loss, ended = np.inf, DIVERGED
                break
            if _keeps_rising([*(row.loss for row in rows), float(loss)]):
                ended = DIVERGED
                break
            if self.until is not None and all(np.abs(size).max() <= self.until for size in row.step_size.values()):
                ended = SMALL
                break
        return Trace(self.rate, tuple(rows), values, float(loss), ended)

    def _step(
        self, step: int, loss: float, values: Mapping[str, Array], gradients: Mapping[str, Array]
    ) -> tuple[Row, dict[str, Array]]:
        moved = {name: array.copy() for name, array in values.items()}
        with np.errstate(over="ignore"):
            slope = {label: _at(gradients[name], place) for label, (name, place) in self.places.items()}
            size = {label: self.rate * value for label, value in slope.items()}
            for label, (name, place) in self.places.items():
                moved[name][place] -= size[label]
        parameter, new = ({a: _at(v[name], place) for a, (name, place) in self.places.items()} for v in (values, moved))
        return Row(step, loss, parameter, slope, size, new), moved


def _at(array: Array, place: tuple[int, ...]) -> Any:
    """An entry as a number; all of the array if no entry is named."""
    return float(array[place]) if place else np.array(array)


def _keeps_rising(losses: Sequence[float]) -> bool:
    last = losses[-RISES - 1 :]
    return len(last) > RISES and last[-1] > losses[0] and all(after > before for before, after in pairwise(last))
