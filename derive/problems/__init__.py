"""The catalogue of problems, by name."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from difflib import get_close_matches

from derive.problems.problem import Problem, ProblemError, unfolded
from derive.problems.softmax_cross_entropy import NAME, softmax_cross_entropy

__all__ = ["PROBLEMS", "SUMMARIES", "Problem", "ProblemError", "problem_named", "unfolded"]

PROBLEMS: Mapping[str, Callable[..., Problem]] = {NAME: softmax_cross_entropy}
SUMMARIES: Mapping[str, Mapping[str, str]] = {
    NAME: {
        "en": "cross-entropy of the softmax of an affine layer: L(softmax(W h + b))",
        "pt": "entropia cruzada do softmax de uma camada afim: L(softmax(W h + b))",
    }
}


def problem_named(name: str, **options: object) -> Problem:
    """The problem of the catalogue with this name. Raises ProblemError with the nearest name."""
    if name not in PROBLEMS:
        near = get_close_matches(name, PROBLEMS, n=1, cutoff=0.3)
        hint = f'; did you mean "{near[0]}"?' if near else ""
        raise ProblemError(f'there is no problem "{name}"{hint} ("derive list" shows them all)')
    return PROBLEMS[name](**options)
