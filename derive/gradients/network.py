"""The loss and the gradients of a network as NumPy functions, made from its definitions and its proved theorems.

The forward pass runs the definitions, the backward pass the right sides of the theorems. Where a theorem holds only
off a kink, its right side is used on the kink as it reads: step(0) = 0, sign(0) = 0, and cases as they are written,
so that the derivative of a ReLU at 0 is 0 and that of a leaky ReLU its slope. 0 ln 0 is 0.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from derive.chains.network import SUM_TO_ONE, NetworkProblem, plain_name
from derive.core.condition import RECORDED, Condition
from derive.core.term import Term, free, walk
from derive.errors import UsageError
from derive.gradients.arrays import Array, CannotLower, Node, Values, evaluate
from derive.gradients.lowering import Lowering
from derive.gradients.network_inputs import constants, values_of
from derive.gradients.plain import formula
from derive.gradients.stable import Probabilities
from derive.gradients.steps import Proved, Step, defined, kept, needed, proved

TARGETS, EXAMPLE_WEIGHTS = "y", "u"


@dataclass(frozen=True)
class NetworkFunction:
    """f(params, x, y): the loss of a network and its proved gradients.

    params: the weights and biases by name, {"W1": (out, in), "b1": (out,), ...}, and what has no value in the
    definitions, such as a temperature "T" or weights of classes "w" (C,). x: (N, in), or (in,) for one example.
    y: for N examples (N,) labels 0..C-1 where the targets are an index, and (N, C) otherwise; (N,) will do if C is 1.
    float64 and float32 are kept, integers become float64; nothing that is passed in is changed.
    Everything that does not fit raises a UsageError that says what would.
    """

    problem: NetworkProblem
    forward_steps: tuple[Step, ...] = field(repr=False)
    backward_steps: tuple[Step, ...] = field(repr=False, default=())
    gradients: Mapping[str, str] = field(repr=False, default_factory=dict)
    needs: tuple[tuple[str, str, Node], ...] = field(repr=False, default=())

    def forward(self, params: Mapping[str, ArrayLike], x: ArrayLike, y: ArrayLike | None = None) -> dict[str, Any]:
        """Every intermediate value by name, "s1", "h1", "s2", "p", ...; with targets also "ell", "L".

        The first axis is the example, but for a single x.
        """
        values, single = values_of(self.problem, params, x, y)
        steps = self.forward_steps if y is not None else self._before_targets
        self._run(values, steps)
        by_row = {step.name for step in steps if self.problem.batch and step.sizes}
        results = {step.name: _own(values.arrays[step.name], single and step.name in by_row) for step in steps}
        return {plain_name(name): array for name, array in results.items()}

    def __call__(self, params: Mapping[str, ArrayLike], x: ArrayLike, y: ArrayLike) -> tuple[Any, dict[str, Array]]:
        """The loss, and the gradients by name, each of the shape of what it belongs to.

        Under the reduction "none" the loss is (N,) and every gradient has the example as its first axis.
        """
        if y is None:
            raise UsageError("y is None; a loss needs targets")
        values, single = values_of(self.problem, params, x, y)
        self._refuse_conditions(values)
        self._run(values, (*self.forward_steps, *self.backward_steps))
        whole = self.problem.total is not None
        loss = _own(values.arrays["L" if whole else "ell"], single and not whole)
        squeezed = {name: single and (name == "x" or not whole) for name in self.gradients}
        return loss, {name: _own(values.arrays[step], squeezed[name]) for name, step in self.gradients.items()}

    @property
    def _before_targets(self) -> tuple[Step, ...]:
        context = self.problem.context
        return tuple(step for step in self.forward_steps if TARGETS not in context.reach([step.name]))

    def _run(self, values: Values, steps: Sequence[Step]) -> None:
        with np.errstate(all="ignore"):
            for step in steps:
                step(values)
                if step.name == EXAMPLE_WEIGHTS and not values.arrays[step.name].any():
                    raise UsageError("y: no example counts, so they have no mean: all are ignored or have weight 0")
        for step in steps:
            array = values.arrays[step.name]
            if not np.isfinite(array).all():
                raise UsageError(_not_finite(plain_name(step.name), array))

    def _refuse_conditions(self, values: Values) -> None:
        for kind, text, node in self.needs:
            with np.errstate(all="ignore"):
                value = evaluate(node, values)
            if not RECORDED[kind].holds(value):
                raise UsageError(f"{text} is {value}; the gradient is proved where it is {RECORDED[kind].said}")


def network_function(problem: NetworkProblem, theorems: Mapping[str, Proved] | None = None) -> NetworkFunction:
    """The function of a network. theorems: by name, as they build on each other; those called gradient-... are run.

    Raises CannotLower for a theorem that is about other definitions, or has no numeric form.

    >>> from derive.chains.network import network_problem
    >>> from derive.chains.spec import LayerSpec, NetworkSpec
    >>> net = network_function(network_problem(NetworkSpec(1, (LayerSpec(2),)), batch=True))
    >>> net.forward({"W1": [[0], [0]], "b1": [0, 0]}, [[1.0]])["p"]
    array([[0.5, 0.5]])
    """
    known = theorems or {}
    asked = {name.removeprefix("gradient-"): name for name in known if name.startswith("gradient-")}
    used = needed(known, asked.values())
    for theorem in used.values():
        _check_meaning(problem, theorem)
    definitions = problem.context.definitions
    lefts = {kept(name): theorem.left for name, theorem in used.items()}
    probabilities = Probabilities(definitions)
    return NetworkFunction(
        problem,
        tuple(defined(definition, problem.context, probabilities) for definition in definitions.values()),
        tuple(proved(name, theorem, lefts, probabilities) for name, theorem in used.items()),
        {plain_name(family): kept(name) for family, name in asked.items()},
        _conditions(problem, used.values()),
    )


def forward(
    problem: NetworkProblem, params: Mapping[str, ArrayLike], x: ArrayLike, y: ArrayLike | None = None
) -> dict[str, Any]:
    """Every intermediate value of a network by name; see `NetworkFunction.forward`."""
    return network_function(problem).forward(params, x, y)


def _check_meaning(problem: NetworkProblem, theorem: Proved) -> None:
    if theorem.left.op != "d" or not theorem.context.same_but_letters(problem.context):
        raise CannotLower(f"{theorem.name} is not about the derivatives of this network")
    for assumption in sorted(theorem.assumptions - {SUM_TO_ONE}):
        raise CannotLower(f"{theorem.name} holds only under {assumption!r}, which is not checked")


def _conditions(problem: NetworkProblem, theorems: Iterable[Proved]) -> tuple[tuple[str, str, Node], ...]:
    """The conditions of the theorems on constants alone: no example decides them."""
    given = set(constants(problem))
    found: dict[Condition, None] = {}
    for theorem in theorems:
        found |= {c: None for c in theorem.conditions if free(c.about[0]) <= given and _scalar(c.about[0])}
    return tuple((c.kind, formula(c.about[0]), Lowering({}).array(c.about[0])) for c in found)


def _scalar(t: Term) -> bool:
    return all(a.op != "elem" for _, a in walk(t))


def _own(array: Array, squeezed: bool) -> Any:
    """An array of its own; a number where it has no axes."""
    own = np.array(array[0] if squeezed else array, order="C")
    return own if own.ndim else own[()]


def _not_finite(name: str, array: Array) -> str:
    place = [int(n) for n in np.argwhere(~np.isfinite(array))[0]] if array.ndim else []
    where = f" at {name}{place}" if place else ""
    why = f"too large for {array.dtype}, or divided by 0; make x or the parameters smaller"
    return f"{name} becomes {array[tuple(place)]}{where}: {why}"
