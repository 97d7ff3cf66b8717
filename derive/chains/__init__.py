"""The catalogue of problems, by name."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from derive.chains.chain import Chain, ProblemError, unfolded
from derive.chains.softmax_cross_entropy import NAME, SoftmaxCrossEntropy, softmax_cross_entropy
from derive.errors import unknown

__all__ = ["PROBLEMS", "Chain", "ProblemError", "SoftmaxCrossEntropy", "problem_named", "unfolded"]

PROBLEMS: Mapping[str, Callable[..., SoftmaxCrossEntropy]] = {NAME: softmax_cross_entropy}


def problem_named(name: str, **options: object) -> SoftmaxCrossEntropy:
    """The problem of the catalogue with this name. Raises ProblemError with the nearest name."""
    if name not in PROBLEMS:
        raise ProblemError(unknown("problem", name, PROBLEMS))
    return PROBLEMS[name](**options)
