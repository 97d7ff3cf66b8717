"""The functions that are known by name, one row each: arguments, jumps, sign, where they have a derivative, and which.

Any other name is an abstract function, continuously differentiable in all its arguments together: f(x), with f'.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from derive.core.term import Term, cases, exp, fn, lift, log, num, slot, sym

CONSTANTS = ("pi",)  # symbols that are numbers; e is exp(1)


Kinks = tuple[tuple[str, Term], ...]  # "nonzero" or "positive", and of what; u and v are the arguments
u, v, a = slot("u"), slot("v"), slot("a")


@dataclass(frozen=True)
class Function:
    """What holds wherever the function is defined.

    sign: "positive", "nonnegative" or "". smooth: under which conditions it is continuously differentiable (in all
    its arguments together); None where no condition says so. slope: its derivative by u, where what stands under
    `where` holds; meaning: the formula that it stands for. Both become cards, which say no more than they do.
    """

    arity: int = 1
    continuous: bool = True
    sign: str = ""
    smooth: Kinks | None = ()
    slope: Term | None = None
    meaning: Term | None = None
    where: Kinks = ()


def _nonzero(*terms: Term) -> Kinks:
    return tuple(("nonzero", t) for t in terms)


def _positive(*terms: Term) -> Kinks:
    return tuple(("positive", t) for t in terms)


def _of(name: str) -> Term:
    return fn(name, u)


def _root(t: Term) -> Term:
    return fn("sqrt", t)


def _slope(slope: Term, where: Kinks = (), *, sign: str = "", smooth: Kinks = (), continuous: bool = True) -> Function:
    return Function(1, continuous, sign, smooth, slope, None, where)


def _edged(slope: Term, where: Kinks, sign: str = "", continuous: bool = True) -> Function:
    """It has a slope, and is smooth, only where its card says."""
    return Function(1, continuous, sign, where, slope, None, where)


def _means(
    meaning: Term, *kinks: Term, arity: int = 1, sign: str = "", continuous: bool = True, where: Kinks = ()
) -> Function:
    return Function(arity, continuous, sign, _nonzero(*kinks), None, meaning, where)


def _decimal(text: str) -> Term:
    return lift(Fraction(text))


_ONE, _TWO, _PI = num(1), num(2), sym("pi")
_JUMPS = Function(continuous=False, smooth=None)
_INSIDE, _OUTSIDE = _positive(_ONE - u**2), _positive(u**2 - 1)

FUNCTIONS: Mapping[str, Function] = {
    # powers and logarithms; log is the natural logarithm, log_base(u, v) has the base v; their rules are in rules/
    "exp": Function(sign="positive"), "log": Function(),
    "sqrt": _edged(_ONE / (_TWO * _of("sqrt")), _positive(u), "nonnegative"),
    "cbrt": _edged(_ONE / (lift(3) * _of("cbrt") ** 2), _nonzero(u)),
    "log_base": Function(2),
    # trigonometric, inverse
    "sin": _slope(_of("cos")),
    "cos": _slope(-_of("sin")),
    "tan": _slope(_of("sec") ** 2, _nonzero(_of("cos"))),
    "cot": _slope(-(_of("csc") ** 2), _nonzero(_of("sin"))),
    "sec": _slope(_of("sec") * _of("tan"), _nonzero(_of("cos"))),
    "csc": _slope(-(_of("csc") * _of("cot")), _nonzero(_of("sin"))),
    "arcsin": _edged(_ONE / _root(_ONE - u**2), _INSIDE),
    "arccos": _edged(-(_ONE / _root(_ONE - u**2)), _INSIDE, "nonnegative"),
    "arctan": _slope(_ONE / (_ONE + u**2)),
    "arccot": _edged(-(_ONE / (_ONE + u**2)), _nonzero(u), continuous=False),
    "arcsec": _edged(_ONE / (fn("abs", u) * _root(u**2 - 1)), _OUTSIDE, "nonnegative"),
    "arccsc": _edged(-(_ONE / (fn("abs", u) * _root(u**2 - 1))), _OUTSIDE),
    "arctan2": Function(2, continuous=False, smooth=_positive(v + _root(u**2 + v**2))),
    # hyperbolic, inverse
    "sinh": _slope(_of("cosh")),
    "cosh": _slope(_of("sinh"), sign="positive"),
    "tanh": _slope(_ONE - _of("tanh") ** 2),
    "coth": _slope(-(_of("csch") ** 2), _nonzero(u)),
    "sech": _slope(-(_of("sech") * _of("tanh")), sign="positive"),
    "csch": _slope(-(_of("csch") * _of("coth")), _nonzero(u)),
    "arsinh": _slope(_ONE / _root(u**2 + 1)),
    "arcosh": _edged(_ONE / _root(u**2 - 1), _OUTSIDE, "nonnegative"),
    "artanh": _slope(_ONE / (_ONE - u**2), _INSIDE),
    "arcoth": _slope(_ONE / (_ONE - u**2), _OUTSIDE),
    "arsech": _slope(-(_ONE / (u * _root(_ONE - u**2))), _nonzero(u) + _INSIDE, sign="nonnegative", smooth=_INSIDE),
    "arcsch": _slope(-(_ONE / (fn("abs", u) * _root(_ONE + u**2))), _nonzero(u)),
    # special
    "erf": _slope(_TWO / _root(_PI) * exp(-(u**2))),
    "erfc": _slope(-(_TWO / _root(_PI) * exp(-(u**2))), sign="positive"),
    "erfinv": _slope(_root(_PI) / 2 * exp(_of("erfinv") ** 2), _INSIDE),
    "erfi": _slope(_TWO / _root(_PI) * exp(u**2)),
    "gamma": _slope(_of("gamma") * _of("digamma"), _positive(u)),
    "loggamma": _slope(_of("digamma"), _positive(u)),
    "digamma": _slope(_of("trigamma"), _positive(u)),
    "trigamma": _slope(_of("tetragamma"), _positive(u)),
    "tetragamma": Function(),
    "sigmoid": _slope(_of("sigmoid") * (_ONE - _of("sigmoid")), sign="positive"),
    "softplus": _slope(_of("sigmoid"), sign="positive"),
    # integrals of sin u/u, cos u/u, sinh u/u, cosh u/u, e^u/u, 1/ln u
    "Si": _slope(_of("sin") / u, _nonzero(u)),
    "Ci": _slope(_of("cos") / u, _positive(u)),
    "Shi": _slope(_of("sinh") / u, _nonzero(u)),
    "Chi": _slope(_of("cosh") / u, _positive(u)),
    "Ei": _slope(exp(u) / u, _nonzero(u)),
    "li": _slope(_ONE / log(u), _positive(u) + _nonzero(log(u))),
    # with kinks or jumps
    "abs": _edged(_of("sign"), _nonzero(u), "nonnegative"),
    "relu": _edged(_of("step"), _nonzero(u), "nonnegative"),
    "sign": _edged(num(0), _nonzero(u), continuous=False),
    "step": _edged(num(0), _nonzero(u), "nonnegative", continuous=False),
    "max": Function(2, smooth=_nonzero(u - v)), "min": Function(2, smooth=_nonzero(u - v)),
    "floor": _JUMPS, "ceil": _JUMPS, "round": _JUMPS,
    # deep learning: what stands for a formula
    "silu": _means(u * _of("sigmoid")),
    "gelu": _means(u * (_ONE + fn("erf", u / _root(lift(2)))) / 2),
    "gelu_tanh": _means(
        u / 2 * (_ONE + fn("tanh", _root(lift(2) / _PI) * (u + _decimal("0.044715") * u**3)))
    ),
    "mish": _means(u * fn("tanh", _of("softplus"))),
    "softsign": _means(u / (_ONE + _of("abs")), u),
    "logsigmoid": _means(log(_of("sigmoid"))),
    "tanhshrink": _means(u - _of("tanh")),
    "leaky_relu": _means(cases(u, u, ">", 0, a * u), u, arity=2),
    "elu": _means(cases(u, u, ">", 0, a * (exp(u) - 1)), u, arity=2),
    "celu": _means(cases(u, u, ">", 0, a * (exp(u / a) - 1)), u, arity=2, where=_nonzero(a)),
    "selu": _means(_decimal("1.0507009873554805") * fn("elu", u, _decimal("1.6732632423543772")), u),
    "relu6": _means(fn("min", fn("max", lift(0), u), lift(6)), u, u - 6, sign="nonnegative"),
    "hardtanh": _means(fn("max", -_ONE, fn("min", _ONE, u)), u - 1, u + 1),
    "hardsigmoid": _means(fn("relu6", u + 3) / 6, u - 3, u + 3, sign="nonnegative"),
    "hardswish": _means(u * _of("hardsigmoid"), u - 3, u + 3),
    # for a < 0 they jump; the second argument is v where smoothness speaks of it
    "softshrink": _means(
        cases(u - a, u, ">", a, cases(u + a, u, "<", -a, 0)), u - v, u + v, arity=2, continuous=False
    ),
    "hardshrink": _means(cases(u, u, ">", a, cases(u, u, "<", -a, 0)), u - v, u + v, arity=2, continuous=False),
}  # fmt: skip
