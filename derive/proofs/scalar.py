"""Differentiating any function: at the first derivative still to be carried out, the rule that fits it.

Untrusted and without search: every line is worked out here, and the kernel checks the whole proof once.
"""

from __future__ import annotations

from derive.budget import afford
from derive.core.condition import RECORDED
from derive.core.context import Context
from derive.core.match import fill, match
from derive.core.signs import impossible
from derive.core.term import Term, d, nodes, walk
from derive.proofs.choice import ZERO, NotDifferentiable
from derive.proofs.goals import Goal, finish, prove_goal
from derive.proofs.pretty import pretty
from derive.proofs.proof import Proof
from derive.proofs.writer import Writer
from derive.rules import RULES

CLOSED = ("sqrt", "cbrt", "arcsin", "arccos", "arcosh", "arcsec", "arccsc")  # with a value where their slope ends
__all__ = ["NotDifferentiable", "carried_out", "differentiate"]


def differentiate(name: str, context: Context, u: Term, x: Term) -> Proof:
    """The proof of d(u, x) = the derivative in the form a person would write.

    Raises NotDifferentiable where no rule applies or a condition can never hold.

    >>> from derive.core.term import fn, sym
    >>> t = sym("t")
    >>> differentiate("example", Context(), fn("sin", t**2), t).theorem.right
    mul(2, t, cos(pow(t, 2)))
    """
    return prove_goal(Goal(name, d(u, x), DIFFERENTIATED), context)


def settle(writer: Writer) -> None:
    """Writes what only seems to depend on the variable as what it is: sqrt(x - x) as sqrt(0), max(x, x) as x.

    A function or a power of it may have no slope where it is, as the root has none at 0.
    """
    (u, _) = writer.line.args
    for path, t in sorted(walk(u), key=lambda place: -len(place[0])):
        if t.op in ("fn", "pow") and _has_value(t):
            for n, a in enumerate(t.args):
                if a.args and writer.asked.moves(a) and not writer.asked.moves(value := pretty(a)):
                    writer.inside((0, *path, n), value)
    for name in ("max", "min"):
        if any(t.op == "fn" and t.value == name and t.args[0] == t.args[1] for t in nodes(writer.line)):
            writer.everywhere(f"{name}-same")
    if any(t.op == "pow" and t.args[1] == ZERO for a in writer.line.args[0].args for t in nodes(a)):
        writer.everywhere("power-zero")


def _has_value(t: Term) -> bool:
    """Whether a function may have a value where it is asked for, as the root has at 0, and the logarithm has not."""
    rule = RULES.get(f"{t.value}-rule") if t.op == "fn" else None
    found = None if rule is None else match(rule.left.args[0], t)
    if rule is None or found is None:
        return True
    needed = [(c.kind, fill(c.about[0], found)) for c in rule.where if c.kind in RECORDED]
    return all(
        not impossible((kind, about)) or (t.value in CLOSED and impossible(("nonzero", about)))
        for kind, about in needed
    )


def carried_out(writer: Writer) -> None:
    """Writes until no derivative by the variable is left."""
    while (path := next(writer.todo(), None)) is not None:
        afford("steps", len(writer.steps), "this proof is too long")
        writer.carry_out(path)


DIFFERENTIATED = (settle, carried_out, finish)
