"""What a refuted claim would need: the assumptions of the context that make it hold."""

from __future__ import annotations

from collections.abc import Callable

from derive.core.context import Context
from derive.witness.verdict import Proven, Verdict


def missing_assumptions(
    judge: Callable[[frozenset[str]], Verdict], context: Context, having: frozenset[str]
) -> tuple[str, ...]:
    """The names of the assumptions each of which, added to those already in use, leaves nothing over."""
    others = sorted(set(context.assumptions) - having)
    return tuple(name for name in others if isinstance(judge(having | {name}), Proven))
