"""What the variables of a problem are called in plain text: b, b_3, W_setosa_1."""

from __future__ import annotations

from derive.chains import Problem
from derive.chains.namesakes import spelled
from derive.core.term import Term
from derive.errors import UsageError
from derive.proofs.network import FAMILIES, entries

GENERAL = ("b_k", "z_k", "W_kj", "W_{kj}", "h_j")  # other spellings of a family


class WrtError(UsageError):
    """There is no such variable to differentiate by; the message lists those that exist."""


def variable(problem: Problem, wrt: str) -> tuple[str, str | None]:
    """The family, and the theorem of a single entry if one was named."""
    names: dict[str, tuple[str, str]] = {}
    for family in FAMILIES:
        for theorem, x in entries(problem, family):
            names[entry_name(problem, x)] = (family, theorem)
    if problem.named:  # b_setosa is b_3
        for n, label in enumerate(problem.classes or (), 1):
            names.setdefault(f"b_{label}", ("b", f"gradient-b-{n}"))
    if wrt in names:
        return names[wrt]
    if wrt in FAMILIES or wrt in GENERAL:
        return wrt[0], None
    if (same := spelled(wrt, names)) is not None:
        return names[same]
    choices = [*FAMILIES, *names]
    shown = ", ".join(choices[:12]) + (", ..." if len(choices) > 12 else "")
    hint = "" if problem.classes else "; single entries need classes"
    raise WrtError(f'there is no variable "{wrt}"; differentiate by one of: {shown}{hint}')


def entry_name(problem: Problem, x: Term) -> str:
    """What an entry is called in plain text: b_3, W_setosa_1, p_k."""
    family = str(x.args[0].value)
    below = [
        problem.labels.get((family, int(index.value)), str(index.value))
        if index.op == "num" and place == 0 and index.value is not None
        else str(index.value)
        for place, index in enumerate(x.args[1:])
    ]
    return "_".join([family, *below])
