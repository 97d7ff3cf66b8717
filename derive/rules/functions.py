"""Derivatives of functions, each with the chain rule inside, and the formulas that some stand for: a card a row."""

from __future__ import annotations

from derive.core.condition import Condition
from derive.core.functions import FUNCTIONS as KNOWN
from derive.core.law import Rule
from derive.core.term import RELATIONS, cases, d, fn, lift, log
from derive.rules.cards import a, b, card, constant, nonzero, positive, u, v, x

ONE, ZERO = lift(1), lift(0)
CASES = [
    card(
        f"cases-rule-{name}", d(cases(u, a, relation, b, v), x), cases(d(u, x), a, relation, b, d(v, x)),
        nonzero(a - b),
    )
    for relation, name in zip(RELATIONS, ("less", "at-most", "greater", "at-least"), strict=True)
]  # fmt: skip
# of functions of two arguments, and of what is constant between jumps
OWN = {
    "log_base": [
        card(
            "log_base-rule", d(fn("log_base", u, b), x), ONE / (u * log(b)) * d(u, x),
            constant(b, x), positive(u), positive(b), nonzero(log(b)),
        ),
    ],
    "arctan2": [
        card(
            "arctan2-rule", d(fn("arctan2", u, v), x), (v * d(u, x) - u * d(v, x)) / (u**2 + v**2),
            positive(v + fn("sqrt", u**2 + v**2)),
        ),
    ],
    "sign": [card("sign-rule", d(fn("sign", u), x), ZERO, nonzero(u))],
    "step": [card("step-rule", d(fn("step", u), x), ZERO, nonzero(u))],
    "max": [card("max-rule", d(fn("max", u, v), x), cases(d(u, x), u, ">", v, d(v, x)), nonzero(u - v))],
    "min": [card("min-rule", d(fn("min", u, v), x), cases(d(u, x), u, "<", v, d(v, x)), nonzero(u - v)), *CASES],
}  # fmt: skip


def _conditions(name: str) -> list[Condition]:
    return [Condition(kind, (about,)) for kind, about in KNOWN[name].where]


def _derivative(name: str) -> list[Rule]:
    """The derivative of name(u) is its slope times that of u."""
    slope = KNOWN[name].slope
    if name in OWN or slope is None:
        return OWN.get(name, [])
    return [card(f"{name}-rule", d(fn(name, u), x), slope * d(u, x), *_conditions(name))]


FUNCTIONS = [rule for name in KNOWN for rule in _derivative(name)]
MEANINGS = [
    card(f"definition-{name}", fn(name, *(u, a)[: known.arity]), known.meaning, *_conditions(name))
    for name, known in KNOWN.items()
    if known.meaning is not None
]
# those whose argument is an inner function
CHAINED = frozenset(rule.name for rule in FUNCTIONS if rule.left.args[0].op == "fn" and rule.right.op == "mul")
