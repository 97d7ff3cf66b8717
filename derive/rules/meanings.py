"""Functions that stand for a formula: the activations of deep learning, by their definitions."""

from __future__ import annotations

from fractions import Fraction

from derive.core.condition import Condition
from derive.core.functions import FUNCTIONS
from derive.core.law import Rule
from derive.core.term import Term, cases, exp, fn, lift, log, sym
from derive.rules.cards import a, card, nonzero, u

ONE, SIX = lift(1), lift(6)


def _number(decimal: str) -> Term:
    return lift(Fraction(decimal))


def _meaning(name: str, body: Term, *where: Condition) -> Rule:
    arguments = (u, a)[: FUNCTIONS[name].arity]
    return card(f"definition-{name}", fn(name, *arguments), body, *where)


MEANINGS = [
    _meaning("silu", u * fn("sigmoid", u)),
    _meaning("gelu", u * (ONE + fn("erf", u / fn("sqrt", lift(2)))) / 2),
    _meaning(
        "gelu_tanh",
        u / 2 * (ONE + fn("tanh", fn("sqrt", lift(2) / sym("pi")) * (u + _number("0.044715") * u**3))),
    ),
    _meaning("mish", u * fn("tanh", fn("softplus", u))),
    _meaning("softsign", u / (ONE + fn("abs", u))),
    _meaning("logsigmoid", log(fn("sigmoid", u))),
    _meaning("tanhshrink", u - fn("tanh", u)),
    _meaning("leaky_relu", cases(u, u, ">", 0, a * u)),
    _meaning("elu", cases(u, u, ">", 0, a * (exp(u) - 1))),
    _meaning("celu", cases(u, u, ">", 0, a * (exp(u / a) - 1)), nonzero(a)),
    _meaning(
        "selu",
        _number("1.0507009873554805") * fn("elu", u, _number("1.6732632423543772")),
    ),
    _meaning("relu6", fn("min", fn("max", lift(0), u), SIX)),
    _meaning("hardtanh", fn("max", -ONE, fn("min", ONE, u))),
    _meaning("hardsigmoid", fn("relu6", u + 3) / 6),
    _meaning("hardswish", u * fn("hardsigmoid", u)),
    _meaning("softshrink",
             cases(u - a, u, ">", a, cases(u + a, u, "<", -a, 0))),
    _meaning("hardshrink", cases(u, u, ">", a, cases(u, u, "<", -a, 0))),
]  # fmt: skip
