"""The functions of formulas as NumPy computes them."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from statistics import NormalDist
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]


def _sigmoid(u: Array) -> Array:
    small = np.exp(-np.abs(u))
    return np.where(u >= 0, 1 / (1 + small), small / (1 + small))


def _each(function: Callable[[float], float]) -> Callable[[Any], Any]:
    """A function of one number for every entry."""

    def applied(u: Any) -> Any:
        try:
            return function(u)
        except (ValueError, OverflowError):  # a pole, or too large a number
            return math.nan

    return np.vectorize(applied, otypes=[float])


def _erfinv(u: float) -> float:
    """The quantile of the normal distribution, and a step of Newton's method."""
    start = NormalDist().inv_cdf((1 + u) / 2) / math.sqrt(2)
    return start - (math.erf(start) - u) * math.sqrt(math.pi) / 2 * math.exp(start * start)


# of a digamma function of large numbers: ln u - 1/(2u) and these over u^2, u^4, ...
_BERNOULLI = (-1 / 12, 1 / 120, -1 / 252, 1 / 240, -1 / 132, 691 / 32760, -1 / 12)
_LARGE = 12


def _polygamma(order: int) -> Callable[[float], float]:
    """The derivative of so high an order of the digamma function, for u > 0."""
    sign, whole = -1.0 if order % 2 else 1.0, float(math.factorial(order))
    falling = [c * math.prod(range(2 * k, 2 * k + order)) for k, c in enumerate(_BERNOULLI, 1)]

    def applied(u: float) -> float:
        if not u > 0:
            return math.nan
        steps = max(0, _LARGE - math.floor(u))
        large = u + steps
        first = math.log(large) if order == 0 else -whole / order / large**order
        series = sum(c / large ** (2 * k + order) for k, c in enumerate(falling, 1))
        below = sum(1 / (u + n) ** (order + 1) for n in range(steps))
        return sign * (first - whole / (2 * large ** (order + 1)) + series - whole * below)

    return applied


FUNCTIONS: Mapping[str, Callable[..., Any]] = {
    "exp": np.exp, "log": np.log, "log_base": lambda u, b: np.log(u) / np.log(b), "sqrt": np.sqrt, "cbrt": np.cbrt,
    "sin": np.sin, "cos": np.cos, "tan": np.tan, "cot": lambda u: 1 / np.tan(u), "sec": lambda u: 1 / np.cos(u),
    "csc": lambda u: 1 / np.sin(u), "arcsin": np.arcsin, "arccos": np.arccos, "arctan": np.arctan,
    "arccot": lambda u: np.arctan(1 / u), "arcsec": lambda u: np.arccos(1 / u), "arccsc": lambda u: np.arcsin(1 / u),
    "arctan2": np.arctan2, "sinh": np.sinh, "cosh": np.cosh, "tanh": np.tanh, "coth": lambda u: 1 / np.tanh(u),
    "sech": lambda u: 1 / np.cosh(u), "csch": lambda u: 1 / np.sinh(u), "arsinh": np.arcsinh, "arcosh": np.arccosh,
    "artanh": np.arctanh, "arcoth": lambda u: np.arctanh(1 / u), "arsech": lambda u: np.arccosh(1 / u),
    "arcsch": lambda u: np.arcsinh(1 / u), "abs": np.abs, "sign": np.sign, "max": np.maximum, "min": np.minimum,
    "step": lambda u: np.heaviside(u, 0.0), "sigmoid": _sigmoid, "softplus": lambda u: np.logaddexp(0.0, u),
    "relu": lambda u: np.maximum(u, 0.0), "silu": lambda u: u * _sigmoid(u),
    "logsigmoid": lambda u: -np.logaddexp(0, -u),
    "erf": _each(math.erf), "erfc": _each(math.erfc), "gamma": _each(math.gamma), "loggamma": _each(math.lgamma),
    "erfinv": _each(_erfinv), "digamma": _each(_polygamma(0)), "trigamma": _each(_polygamma(1)),
    "tetragamma": _each(_polygamma(2)),
    "elu": lambda u, a: np.where(u > 0, u, a * np.expm1(np.minimum(u, 0.0))),
    "relu6": lambda u: np.clip(u, 0.0, 6.0), "hardtanh": lambda u: np.clip(u, -1.0, 1.0),
    "hardsigmoid": lambda u: np.clip(u + 3, 0.0, 6.0) / 6, "softsign": lambda u: u / (1 + np.abs(u)),
    "leaky_relu": lambda u, a: np.where(u > 0, u, a * u),
}  # fmt: skip
COMPARE: Mapping[str, Callable[..., Any]] = {
    "<": np.less, "<=": np.less_equal, ">": np.greater, ">=": np.greater_equal,
}  # fmt: skip
