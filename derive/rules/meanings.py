"""Functions that stand for a formula: the activations of deep learning, by their definitions."""

from __future__ import annotations

from fractions import Fraction

from derive.core.functions import FUNCTIONS
from derive.core.law import Condition, Rule
from derive.core.term import Term, cases, exp, fn, lift, log, sym
from derive.rules.cards import a, card, nonzero, u

ONE, SIX = lift(1), lift(6)


def _number(decimal: str) -> Term:
    return lift(Fraction(decimal))


def _meaning(name: str, called: tuple[str, str], body: Term, *where: Condition) -> Rule:
    arguments = (u, a)[: FUNCTIONS[name].arity]
    en, pt = called
    return card(
        f"definition-{name}", fn(name, *arguments), body, *where,
        en=(f"definition of {en}", "the formula it stands for"),
        pt=(f"definição de {pt}", "a fórmula que ela representa"),
    )  # fmt: skip


# name, called in English and Portuguese, formula
MEANINGS = [
    _meaning("silu", ("SiLU", "SiLU"), u * fn("sigmoid", u)),
    _meaning("gelu", ("GELU", "GELU"), u * (ONE + fn("erf", u / fn("sqrt", lift(2)))) / 2),
    _meaning(
        "gelu_tanh", ("the tanh form of GELU", "GELU na forma com tanh"),
        u / 2 * (ONE + fn("tanh", fn("sqrt", lift(2) / sym("pi")) * (u + _number("0.044715") * u**3))),
    ),
    _meaning("mish", ("Mish", "Mish"), u * fn("tanh", fn("softplus", u))),
    _meaning("softsign", ("softsign", "softsign"), u / (ONE + fn("abs", u))),
    _meaning("logsigmoid", ("log-sigmoid", "log-sigmoide"), log(fn("sigmoid", u))),
    _meaning("tanhshrink", ("tanhshrink", "tanhshrink"), u - fn("tanh", u)),
    _meaning("leaky_relu", ("leaky ReLU", "ReLU com vazamento"), cases(u, u, ">", 0, a * u)),
    _meaning("elu", ("ELU", "ELU"), cases(u, u, ">", 0, a * (exp(u) - 1))),
    _meaning("celu", ("CELU", "CELU"), cases(u, u, ">", 0, a * (exp(u / a) - 1)), nonzero(a)),
    _meaning(
        "selu", ("SELU", "SELU"),
        _number("1.0507009873554805") * fn("elu", u, _number("1.6732632423543772")),
    ),
    _meaning("relu6", ("ReLU6", "ReLU6"), fn("min", fn("max", lift(0), u), SIX)),
    _meaning("hardtanh", ("hard tanh", "tanh rígida"), fn("max", -ONE, fn("min", ONE, u))),
    _meaning("hardsigmoid", ("hard sigmoid", "sigmoide rígida"), fn("relu6", u + 3) / 6),
    _meaning("hardswish", ("hard swish", "swish rígida"), u * fn("hardsigmoid", u)),
    _meaning("softshrink", ("soft shrinkage", "encolhimento suave"),
             cases(u - a, u, ">", a, cases(u + a, u, "<", -a, 0))),
    _meaning("hardshrink", ("hard shrinkage", "encolhimento rígido"), cases(u, u, ">", a, cases(u, u, "<", -a, 0))),
]  # fmt: skip
