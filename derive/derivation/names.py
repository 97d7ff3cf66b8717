"""What the variables of a chain are called in plain text: b, b_3, W_setosa_1, W2."""

from __future__ import annotations

from derive.chains.namesakes import spelled
from derive.errors import UsageError
from derive.proofs.goals import Plan

MOST_SHOWN = 12


class WrtError(UsageError):
    """There is no such variable to differentiate by; the message lists those that exist."""


def variable(plan: Plan, wrt: str, hint: str = "") -> str:
    """The variable that a name means, as the plan calls it. hint: what else to say where there is none."""
    if wrt in plan.asked:
        goals = plan.asked[wrt]
        return next(name for name, own in plan.asked.items() if own == goals)
    if wrt in plan.also:
        return plan.also[wrt]
    if (same := spelled(wrt, plan.asked)) is not None:
        return variable(plan, same)
    shown = ", ".join([*plan.asked][:MOST_SHOWN]) + (", ..." if len(plan.asked) > MOST_SHOWN else "")
    raise WrtError(f'there is no variable "{wrt}"; differentiate by one of: {shown}{hint}')
