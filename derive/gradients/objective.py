"""Gradient and diagonal Hessian of a loss in its scores, row by row, as gradient-boosting libraries ask for them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from derive.chains.network import NetworkProblem, network_problem
from derive.chains.spec import LayerSpec, LossSpec, NetworkSpec
from derive.core.term import free
from derive.errors import UsageError
from derive.gradients.arrays import CannotLower
from derive.gradients.network_inputs import constants, values_of
from derive.gradients.network_targets import array_of
from derive.gradients.stable import Probabilities
from derive.gradients.steps import Step, defined, kept, proved
from derive.proofs.proof import Proof
from derive.proofs.prove import prove

GRADIENT, HESSIAN = "delta-1", "hessian-diagonal"


@dataclass(frozen=True)
class Objective:
    """f(scores, y) -> (gradient, hessian), both of the shape (N, C) of the scores; nothing is averaged.

    scores: (N, C), or (N,) for one output, which is then the shape of the results. y: labels 0..C-1 (N,) where the
    targets are an index, else (N, C). proofs: the theorems that are run, by name. Raises UsageError.
    """

    problem: NetworkProblem
    proofs: Mapping[str, Proof] = field(repr=False)
    steps: tuple[Step, ...] = field(repr=False)

    def __call__(self, scores: ArrayLike, y: ArrayLike, **values: ArrayLike) -> tuple[NDArray[Any], NDArray[Any]]:
        array = array_of("scores", scores)
        flat = array.ndim == 1
        if array.ndim not in (1, 2):
            raise UsageError(f"scores has shape {array.shape}; it must be (N, C), or (N,) for one output")
        rows = array[:, None] if flat else array
        known = constants(self.problem)
        if unknown := sorted(set(values) - set(known)):
            raise UsageError(f"there is no {unknown[0]} in this loss; it has {', '.join(known) or 'no constants'}")
        found, _ = values_of(self.problem, {"W1": np.eye(rows.shape[1], dtype=_float(rows)), **values}, rows, y)
        with np.errstate(all="ignore"):
            for step in self.steps:
                step(found)
        gradient, hessian = (found.arrays[kept(name)].copy() for name in (GRADIENT, HESSIAN))
        for name, result in (("gradient", gradient), ("Hessian", hessian)):
            if not np.isfinite(result).all():
                raise UsageError(f"the {name} is not finite; make the scores smaller")
        return (gradient[:, 0], hessian[:, 0]) if flat else (gradient, hessian)


def objective(loss: LossSpec) -> Objective:
    """The function of a loss of scores.

    >>> softmax = objective(LossSpec(target="index"))
    >>> gradient, hessian = softmax([[0.0, 0.0]], [1])
    >>> gradient, hessian
    (array([[ 0.5, -0.5]]), array([[0.25, 0.25]]))
    """
    problem = network_problem(NetworkSpec("C", (LayerSpec("C", bias=False),), loss), batch=True)
    proofs = prove(problem.chain, (), also=["hessian", HESSIAN])
    probabilities = Probabilities(problem.context.definitions)
    wanted = frozenset[str]().union(*(free(proofs[name].theorem.right) for name in (GRADIENT, HESSIAN)))
    used = problem.context.reach(wanted)
    forward = [d for name, d in problem.context.definitions.items() if name in used or name == "s__1"]
    steps = [defined(definition, problem.context, probabilities) for definition in forward]
    for name in (GRADIENT, HESSIAN):
        theorem = proofs[name].theorem
        if theorem.assumptions - {"targets-sum-to-one"}:
            raise CannotLower(f"{name} rests on {', '.join(sorted(theorem.assumptions))}")
        steps.append(proved(name, theorem, {}, probabilities))
    return Objective(problem, proofs, tuple(steps))


def _float(array: NDArray[Any]) -> np.dtype[Any]:
    return array.dtype if array.dtype.kind == "f" else np.dtype(np.float64)
