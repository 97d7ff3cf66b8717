"""Differentiating any function: at the first derivative still to be carried out, the rule that fits it.

Untrusted and without search: every line is worked out here, and the kernel checks the whole proof once.
"""

from __future__ import annotations

import re

from derive.budget import OverBudget, afford
from derive.core.kernel import Refused, TooLong
from derive.core.law import Context
from derive.core.term import Term, d
from derive.proving.choice import NotDifferentiable
from derive.proving.proof import Proof
from derive.proving.writer import Writer

__all__ = ["NotDifferentiable", "carried_out", "differentiate"]


def differentiate(name: str, context: Context, u: Term, x: Term) -> Proof:
    """The proof of d(u, x) = the derivative in the form a person would write.

    Raises NotDifferentiable where no rule applies or a condition can never hold.

    >>> from derive.core.term import fn, sym
    >>> t = sym("t")
    >>> differentiate("example", Context(), fn("sin", t**2), t).theorem.right
    mul(2, t, cos(pow(t, 2)))
    """
    try:
        writer = Writer(context, x, d(u, x))
        if u.op != "pow":  # a power of its own has a line of its own
            writer.everywhere("power-zero")
        carried_out(writer)
        writer.finish()
        return writer.checked(name)
    except RecursionError:
        raise OverBudget("depth", what="this is nested too deeply") from None
    except TooLong:
        raise
    except Refused as refusal:
        raise NotDifferentiable(_why(str(refusal))) from None


def carried_out(writer: Writer) -> None:
    """Writes until no derivative by the variable is left."""
    while (path := next(writer.todo(), None)) is not None:
        afford("steps", len(writer.steps), "this proof is too long")
        writer.carry_out(path)


def _why(refusal: str) -> str:
    """What the kernel refused, for somebody who does not know the kernel."""
    found = re.search(r"(\S+) needs: (positive|nonzero) \((.*),\)$", refusal)
    if found is None:
        return f"this is not proved: {refusal}"
    rule, kind, what = found.groups()
    sign = "> 0" if kind == "positive" else "≠ 0"
    return f"there is no real derivative: the {rule.replace('-', ' ')} needs {what} {sign}, which is never so"
