"""The functions the kernel knows by name: their arguments, jumps and signs, and where they have a derivative.

Any other name is an abstract function, continuously differentiable in all its arguments together: f(x), with f'.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from derive.core.term import Term, num, slot

CONSTANTS = ("pi",)  # symbols that are numbers; e is exp(1)


Kinks = tuple[tuple[str, Term], ...]  # "nonzero" or "positive", and of what; u and v are the arguments
_u, _v = slot("u"), slot("v")


@dataclass(frozen=True)
class Function:
    """What holds wherever the function is defined.

    sign: "positive", "nonnegative" or "". smooth: under which conditions it is continuously differentiable (in all
    its arguments together); None where no condition says so.
    """

    arity: int = 1
    continuous: bool = True
    sign: str = ""
    smooth: Kinks | None = ()


def _nonzero(*terms: Term) -> Kinks:
    return tuple(("nonzero", t) for t in terms)


def _positive(*terms: Term) -> Kinks:
    return tuple(("positive", t) for t in terms)


_PLAIN = Function()
_POSITIVE = Function(sign="positive")
_AT_ZERO = _nonzero(_u)
_JUMPS = Function(continuous=False, smooth=None)

FUNCTIONS: Mapping[str, Function] = {
    # powers and logarithms; log is the natural logarithm, log_base(u, b) has the base b
    "exp": _POSITIVE, "log": _PLAIN, "log_base": Function(2),
    "sqrt": Function(sign="nonnegative", smooth=_positive(_u)), "cbrt": Function(smooth=_AT_ZERO),
    # trigonometric, inverse, hyperbolic, inverse
    "sin": _PLAIN, "cos": _PLAIN, "tan": _PLAIN, "cot": _PLAIN, "sec": _PLAIN, "csc": _PLAIN,
    "arcsin": Function(smooth=_positive(num(1) - _u**2)),
    "arccos": Function(sign="nonnegative", smooth=_positive(num(1) - _u**2)),
    "arctan": _PLAIN, "arccot": Function(continuous=False, smooth=_AT_ZERO),
    "arcsec": Function(sign="nonnegative", smooth=_positive(_u**2 - 1)),
    "arccsc": Function(smooth=_positive(_u**2 - 1)),
    "arctan2": Function(2, continuous=False, smooth=_positive(_v + Term("fn", (_u**2 + _v**2,), "sqrt"))),
    "sinh": _PLAIN, "cosh": _POSITIVE, "tanh": _PLAIN, "coth": _PLAIN, "sech": _POSITIVE, "csch": _PLAIN,
    "arsinh": _PLAIN, "arcosh": Function(sign="nonnegative", smooth=_positive(_u**2 - 1)), "artanh": _PLAIN,
    "arcoth": _PLAIN, "arsech": Function(sign="nonnegative", smooth=_positive(num(1) - _u**2)), "arcsch": _PLAIN,
    # with kinks or jumps
    "abs": Function(sign="nonnegative", smooth=_AT_ZERO), "sign": Function(continuous=False, smooth=_AT_ZERO),
    "max": Function(2, smooth=_nonzero(_u - _v)), "min": Function(2, smooth=_nonzero(_u - _v)),
    "step": Function(continuous=False, sign="nonnegative", smooth=_AT_ZERO),
    "floor": _JUMPS, "ceil": _JUMPS, "round": _JUMPS,
    # special
    "erf": _PLAIN, "erfc": _POSITIVE, "erfinv": _PLAIN, "erfi": _PLAIN, "gamma": _PLAIN, "loggamma": _PLAIN,
    "digamma": _PLAIN, "trigamma": _PLAIN, "tetragamma": _PLAIN,
    # integrals of sin u/u, cos u/u, sinh u/u, cosh u/u, e^u/u, 1/ln u
    "Si": _PLAIN, "Ci": _PLAIN, "Shi": _PLAIN, "Chi": _PLAIN, "Ei": _PLAIN, "li": _PLAIN,
    # deep learning
    "sigmoid": _POSITIVE, "softplus": _POSITIVE, "relu": Function(sign="nonnegative", smooth=_AT_ZERO),
    "leaky_relu": Function(2, smooth=_AT_ZERO), "elu": Function(2, smooth=_AT_ZERO),
    "celu": Function(2, smooth=_AT_ZERO), "selu": Function(smooth=_AT_ZERO), "gelu": _PLAIN, "gelu_tanh": _PLAIN,
    "silu": _PLAIN, "mish": _PLAIN, "softsign": Function(smooth=_AT_ZERO), "logsigmoid": _PLAIN, "tanhshrink": _PLAIN,
    "relu6": Function(sign="nonnegative", smooth=_nonzero(_u, _u - 6)),
    "hardtanh": Function(smooth=_nonzero(_u - 1, _u + 1)),
    "hardsigmoid": Function(sign="nonnegative", smooth=_nonzero(_u - 3, _u + 3)),
    "hardswish": Function(smooth=_nonzero(_u - 3, _u + 3)),
    # for a < 0 they jump
    "softshrink": Function(2, continuous=False, smooth=_nonzero(_u - _v, _u + _v)),
    "hardshrink": Function(2, continuous=False, smooth=_nonzero(_u - _v, _u + _v)),
}  # fmt: skip
