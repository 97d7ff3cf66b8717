"""The functions the kernel knows by name: how many arguments they take, where they jump, what sign they have.

Any other name is an abstract function, differentiable where it is used: f(x), with f' for its derivative.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

CONSTANTS = ("pi",)  # symbols that are numbers; e is exp(1)


@dataclass(frozen=True)
class Function:
    """continuous: wherever it is defined. sign: "positive", "nonnegative" or "", wherever it is defined."""

    arity: int = 1
    continuous: bool = True
    sign: str = ""


_PLAIN = Function()
_POSITIVE = Function(sign="positive")
_NONNEGATIVE = Function(sign="nonnegative")
_JUMPS = Function(continuous=False)
_TWO = Function(2)

FUNCTIONS: Mapping[str, Function] = {
    # powers and logarithms; log is the natural logarithm, log_base(u, b) has the base b
    "exp": _POSITIVE, "log": _PLAIN, "log_base": _TWO, "sqrt": _NONNEGATIVE, "cbrt": _PLAIN,
    # trigonometric, inverse, hyperbolic, inverse
    "sin": _PLAIN, "cos": _PLAIN, "tan": _PLAIN, "cot": _PLAIN, "sec": _PLAIN, "csc": _PLAIN,
    "arcsin": _PLAIN, "arccos": _NONNEGATIVE, "arctan": _PLAIN, "arccot": _JUMPS, "arcsec": _NONNEGATIVE,
    "arccsc": _PLAIN, "arctan2": Function(2, continuous=False),
    "sinh": _PLAIN, "cosh": _POSITIVE, "tanh": _PLAIN, "coth": _PLAIN, "sech": _POSITIVE, "csch": _PLAIN,
    "arsinh": _PLAIN, "arcosh": _NONNEGATIVE, "artanh": _PLAIN, "arcoth": _PLAIN, "arsech": _NONNEGATIVE,
    "arcsch": _PLAIN,
    # with kinks or jumps
    "abs": _NONNEGATIVE, "max": _TWO, "min": _TWO, "sign": _JUMPS,
    "step": Function(continuous=False, sign="nonnegative"),
    "floor": _JUMPS, "ceil": _JUMPS, "round": _JUMPS,
    # special
    "erf": _PLAIN, "erfc": _POSITIVE, "erfinv": _PLAIN, "gamma": _PLAIN, "loggamma": _PLAIN,
    "digamma": _PLAIN, "trigamma": _PLAIN,
    # deep learning
    "sigmoid": _POSITIVE, "softplus": _POSITIVE, "relu": _NONNEGATIVE, "leaky_relu": _TWO, "elu": _TWO, "celu": _TWO,
    "selu": _PLAIN, "gelu": _PLAIN, "gelu_tanh": _PLAIN, "silu": _PLAIN, "mish": _PLAIN, "softsign": _PLAIN,
    "logsigmoid": _PLAIN, "relu6": _NONNEGATIVE, "hardtanh": _PLAIN, "hardsigmoid": _NONNEGATIVE, "hardswish": _PLAIN,
    "softshrink": Function(2), "hardshrink": Function(2, continuous=False), "tanhshrink": _PLAIN,
}  # fmt: skip
