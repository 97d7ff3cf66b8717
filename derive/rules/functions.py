"""Derivatives of the elementary functions: one row a function, each with the chain rule inside."""

from __future__ import annotations

from derive.core.condition import Condition
from derive.core.law import Rule
from derive.core.term import RELATIONS, Term, cases, d, exp, fn, lift, log, sym
from derive.rules.cards import a, b, card, constant, nonzero, positive, u, v, x

ONE, TWO, PI = lift(1), lift(2), sym("pi")


def _of(name: str) -> Term:
    return fn(name, u)


def _root(t: Term) -> Term:
    return fn("sqrt", t)


def _derivative(name: str, slope: Term, *where: Condition) -> Rule:
    """The derivative of name(u) is slope times that of u."""
    return card(
        f"{name}-rule", d(_of(name), x), slope * d(u, x), *where,
    )  # fmt: skip


POWERS = [
    _derivative(
        "sqrt", ONE / (TWO * _root(u)), positive(u),
    ),
    _derivative(
        "cbrt", ONE / (lift(3) * _of("cbrt") ** 2), nonzero(u),
    ),
    card(
        "log_base-rule", d(fn("log_base", u, b), x), ONE / (u * log(b)) * d(u, x),
        constant(b, x), positive(u), positive(b), nonzero(log(b)),
    ),
]  # fmt: skip

TRIGONOMETRIC = [
    _derivative(
        "sin", _of("cos"),
    ),
    _derivative(
        "cos", -_of("sin"),
    ),
    _derivative(
        "tan", _of("sec") ** 2, nonzero(_of("cos")),
    ),
    _derivative(
        "cot", -(_of("csc") ** 2), nonzero(_of("sin")),
    ),
    _derivative(
        "sec", _of("sec") * _of("tan"), nonzero(_of("cos")),
    ),
    _derivative(
        "csc", -(_of("csc") * _of("cot")), nonzero(_of("sin")),
    ),
    _derivative(
        "arcsin", ONE / _root(ONE - u**2), positive(ONE - u**2),
    ),
    _derivative(
        "arccos", -(ONE / _root(ONE - u**2)), positive(ONE - u**2),
    ),
    _derivative(
        "arctan", ONE / (ONE + u**2),
    ),
    _derivative(
        "arccot", -(ONE / (ONE + u**2)), nonzero(u),
    ),
    _derivative(
        "arcsec", ONE / (fn("abs", u) * _root(u**2 - 1)), positive(u**2 - 1),
    ),
    _derivative(
        "arccsc", -(ONE / (fn("abs", u) * _root(u**2 - 1))), positive(u**2 - 1),
    ),
    card(
        "arctan2-rule", d(fn("arctan2", u, v), x), (v * d(u, x) - u * d(v, x)) / (u**2 + v**2),
        positive(v + _root(u**2 + v**2)),
    ),
]  # fmt: skip

HYPERBOLIC = [
    _derivative(
        "sinh", _of("cosh"),
    ),
    _derivative(
        "cosh", _of("sinh"),
    ),
    _derivative(
        "tanh", ONE - _of("tanh") ** 2,
    ),
    _derivative(
        "coth", -(_of("csch") ** 2), nonzero(u),
    ),
    _derivative(
        "sech", -(_of("sech") * _of("tanh")),
    ),
    _derivative(
        "csch", -(_of("csch") * _of("coth")), nonzero(u),
    ),
    _derivative(
        "arsinh", ONE / _root(u**2 + 1),
    ),
    _derivative(
        "arcosh", ONE / _root(u**2 - 1), positive(u**2 - 1),
    ),
    _derivative(
        "artanh", ONE / (ONE - u**2), positive(ONE - u**2),
    ),
    _derivative(
        "arcoth", ONE / (ONE - u**2), positive(u**2 - 1),
    ),
    _derivative(
        "arsech", -(ONE / (u * _root(ONE - u**2))), nonzero(u), positive(ONE - u**2),
    ),
    _derivative(
        "arcsch", -(ONE / (fn("abs", u) * _root(ONE + u**2))), nonzero(u),
    ),
]  # fmt: skip

SPECIAL = [
    _derivative(
        "erf", TWO / _root(PI) * exp(-(u**2)),
    ),
    _derivative(
        "erfc", -(TWO / _root(PI) * exp(-(u**2))),
    ),
    _derivative(
        "erfinv", _root(PI) / 2 * exp(_of("erfinv") ** 2), positive(ONE - u**2),
    ),
    _derivative(
        "erfi", TWO / _root(PI) * exp(u**2),
    ),
    _derivative(
        "gamma", _of("gamma") * _of("digamma"), positive(u),
    ),
    _derivative(
        "loggamma", _of("digamma"), positive(u),
    ),
    _derivative(
        "digamma", _of("trigamma"), positive(u),
    ),
    _derivative(
        "trigamma", _of("tetragamma"), positive(u),
    ),
    _derivative(
        "sigmoid", _of("sigmoid") * (ONE - _of("sigmoid")),
    ),
    _derivative(
        "softplus", _of("sigmoid"),
    ),
]  # fmt: skip

INTEGRALS = [
    _derivative(
        "Si", _of("sin") / u, nonzero(u),
    ),
    _derivative(
        "Ci", _of("cos") / u, positive(u),
    ),
    _derivative(
        "Shi", _of("sinh") / u, nonzero(u),
    ),
    _derivative(
        "Chi", _of("cosh") / u, positive(u),
    ),
    _derivative(
        "Ei", exp(u) / u, nonzero(u),
    ),
    _derivative(
        "li", ONE / log(u), positive(u), nonzero(log(u)),
    ),
]  # fmt: skip

KINKS = [
    _derivative(
        "abs", _of("sign"), nonzero(u),
    ),
    _derivative(
        "relu", _of("step"), nonzero(u),
    ),
    card(
        "sign-rule", d(_of("sign"), x), lift(0), nonzero(u),
    ),
    card(
        "step-rule", d(_of("step"), x), lift(0), nonzero(u),
    ),
    card(
        "max-rule", d(fn("max", u, v), x), cases(d(u, x), u, ">", v, d(v, x)),
        nonzero(u - v),
    ),
    card(
        "min-rule", d(fn("min", u, v), x), cases(d(u, x), u, "<", v, d(v, x)),
        nonzero(u - v),
    ),
    *(
        card(
            f"cases-rule-{name}", d(cases(u, a, relation, b, v), x), cases(d(u, x), a, relation, b, d(v, x)),
            nonzero(a - b),
        )
        for relation, name in zip(RELATIONS, ("less", "at-most", "greater", "at-least"), strict=True)
    ),
]  # fmt: skip

# those whose argument is an inner function
CHAINED = frozenset(
    rule.name
    for rule in (*POWERS, *TRIGONOMETRIC, *HYPERBOLIC, *SPECIAL, *INTEGRALS, *KINKS)
    if rule.left.args[0].op == "fn" and rule.right.op == "mul"
)
FUNCTIONS = [*POWERS, *TRIGONOMETRIC, *HYPERBOLIC, *SPECIAL, *INTEGRALS, *KINKS]
