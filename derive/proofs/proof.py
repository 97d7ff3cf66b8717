"""A theorem and how its proof is grouped into the lines of a lecture."""

from __future__ import annotations

from dataclasses import dataclass

from derive.core.kernel import Theorem


@dataclass(frozen=True)
class Move:
    """One line of the lecture: steps start..stop, told by the rule of the headline step."""

    headline: int
    start: int
    stop: int
    brief: bool


@dataclass(frozen=True)
class Proof:
    """A theorem and how its steps are grouped into the lines of a lecture."""

    theorem: Theorem
    moves: tuple[Move, ...]
