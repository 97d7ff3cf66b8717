"""Terms and proofs as one-line plain text, for docstrings and messages."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from fractions import Fraction
from textwrap import fill
from typing import Any, Protocol

from derive.core.term import Term

WIDTH = 100
# how tightly an operator binds; what binds less tightly than its surroundings gets parentheses
BINDS = {"add": 1, "neg": 1, "mul": 2, "div": 2, "pow": 3}
ATOM = 4


class Told(Protocol):
    """The part of a Proof that is read here."""

    @property
    def theorem(self) -> Any: ...
    @property
    def moves(self) -> Iterable[Any]: ...


def formula(t: Term) -> str:
    """A term in plain ASCII.

    >>> from derive.core.term import sym, total
    >>> p, y, W, m, j = map(sym, "pyWmj")
    >>> formula(total(m, sym("C"), (p[m] - y[m]) * W[m, j]))
    'sum(m=1..C, (p[m] - y[m])*W[m,j])'
    """
    if t.op in ("num", "sym", "slot"):
        return _atom(t)
    return WRITTEN[t.op](t) if t.op in WRITTEN else f"{t.value or t.op}({', '.join(map(formula, t.args))})"


def _atom(t: Term) -> str:
    if isinstance(t.value, Fraction):
        return str(t.value) if t.value.denominator == 1 else str(float(t.value))
    return str(t.value)


def _inside(t: Term, least: int) -> str:
    text = formula(t)
    return text if BINDS.get(t.op, ATOM) >= least else f"({text})"


def _named(t: Term) -> str:
    return formula(t) if t.op in ("sym", "elem") else f"({formula(t)})"


def _add(t: Term) -> str:
    signed = [(" - ", a.args[0], 2) if a.op == "neg" else (" + ", a, 1) for a in t.args]
    text = "".join(sign + _inside(a, least) for sign, a, least in signed)
    return ("-" if signed[0][0] == " - " else "") + text[3:]


def _elem(t: Term) -> str:
    return f"{formula(t.args[0])}[{','.join(map(formula, t.args[1:]))}]"


WRITTEN: dict[str, Callable[[Term], str]] = {
    "add": _add,
    "neg": lambda t: "-" + _inside(t.args[0], 2),
    "mul": lambda t: _inside(t.args[0], 2) + "".join("*" + _inside(a, 3) for a in t.args[1:]),
    "div": lambda t: f"{_inside(t.args[0], 2)}/{_inside(t.args[1], 3)}",
    "pow": lambda t: f"{_inside(t.args[0], 4)}^{_inside(t.args[1], 4)}",
    "elem": _elem,
    "d": lambda t: f"d{_named(t.args[0])}/d{_named(t.args[1])}",
    "sum": lambda t: f"sum({formula(t.args[0])}=1..{formula(t.args[1])}, {formula(t.args[2])})",
}


def rests_on(theorem: Any) -> frozenset[str]:
    """The names of the theorem and of every lemma below it."""
    return frozenset([theorem.name]).union(*map(rests_on, theorem.lemmas))


def told(proof: Told) -> str:
    """A proof as lines: the statement, then every line of the lecture with the rules it cites."""
    theorem = proof.theorem
    rest = f" (where {', '.join(sorted(theorem.assumptions))})" if theorem.assumptions else ""
    head = f"{theorem.name}{rest}: {formula(theorem.left)} = {formula(theorem.right)}"
    body = [f"  = {formula(theorem.lines[m.stop])}  [{theorem.steps[m.headline].rule}]" for m in proof.moves]
    return "\n".join(_wrapped(line) for line in [head, f"    {formula(theorem.lines[0])}", *body])


def _wrapped(line: str) -> str:
    return fill(line, WIDTH, subsequent_indent="        ", break_long_words=False, break_on_hyphens=False)
