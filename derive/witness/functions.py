"""What each function known by name does to balls and to power series.

A row is a composition of flint's own series, so that a derivative is never looked up. Where a function is
undefined, has a kink or jumps, its value is not a number; a ball that cannot tell is not a number either.
Conventions: cbrt is the real root, also of negative numbers; arccot(u) = arctan(1/u); loggamma is the logarithm
of a positive number, u > 0; softshrink and hardshrink have a threshold that is positive, or exactly 0.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from random import Random
from typing import Any, TypeAlias

from flint import arb, arb_series

Ball: TypeAlias = Any  # arb, or arb_series of precision 2; flint has no stubs
NAN = arb.nan()
SELU_ALPHA = "1.6732632423543772"
SELU_SCALE = "1.0507009873554805"


def middle(x: Ball) -> Ball:
    """The value without the derivative."""
    return x[0] if isinstance(x, arb_series) else x


def slope(x: Ball) -> Ball:
    return x[1] if isinstance(x, arb_series) else arb(0)


def by_sign(x: Ball, below: Callable[[Ball], Ball], above: Callable[[Ball], Ball]) -> Ball:
    """below(x) where x < 0, above(x) where x > 0; at 0 the value, if it is the same from both sides, but no slope.

    Where x stands still at 0, what changes there has a slope, if it is the same from both sides: |u - u| and max(u, u).
    """
    at = middle(x)
    if at == 0 and isinstance(x, arb_series) and x[1] == 0:
        low, high = below(x), above(x)
        return high if middle(low) == middle(high) and slope(low) == slope(high) else NAN
    if at == 0 and not isinstance(x, arb_series):
        low, high = below(x), above(x)
        plain = not isinstance(low, arb_series) and not isinstance(high, arb_series)
        return high if plain and low.is_finite() and low == high else NAN
    return above(x) if at > 0 else below(x) if at < 0 else NAN


def positive(x: Ball) -> Ball:
    """x where x > 0."""
    return x if middle(x) > 0 else NAN


def cbrt(x: Ball) -> Ball:
    return by_sign(x, lambda u: -((-u).log() / 3).exp(), lambda u: (u.log() / 3).exp())


def sinh(x: Ball) -> Ball:
    return (x.exp() - (-x).exp()) / 2


def cosh(x: Ball) -> Ball:
    return (x.exp() + (-x).exp()) / 2


def tanh(x: Ball) -> Ball:
    return 1 - 2 / ((2 * x).exp() + 1)


def arsinh(x: Ball) -> Ball:
    if middle(x) < 0:  # where u + sqrt(u^2 + 1) would cancel
        return -arsinh(-x)
    return (x + (x * x + 1).sqrt()).log()


def arcosh(x: Ball) -> Ball:
    return (x + (x - 1).sqrt() * (x + 1).sqrt()).log()


def artanh(x: Ball) -> Ball:
    return ((1 + x).log() - (1 - x).log()) / 2


def arctan2(y: Ball, x: Ball) -> Ball:
    """The angle of the point (x, y), by quadrants; on the negative x-axis it jumps."""
    if middle(x) > 0:
        return (y / x).atan()
    return by_sign(y, lambda v: -arb.pi() / 2 - (x / v).atan(), lambda v: arb.pi() / 2 - (x / v).atan())


def floor(x: Ball) -> Ball:
    at = middle(x)
    return at.floor() if at.is_finite() and not at.contains_integer() else NAN


def sign(x: Ball) -> Ball:
    return by_sign(x, lambda u: arb(-1), lambda u: arb(1))


def absolute(x: Ball) -> Ball:
    return by_sign(x, lambda u: -u, lambda u: u)


def larger(u: Ball, v: Ball) -> Ball:
    return u if u is v else by_sign(u - v, lambda _: v, lambda _: u)


def smaller(u: Ball, v: Ball) -> Ball:
    return u if u is v else by_sign(u - v, lambda _: u, lambda _: v)


def _composed(series: Callable[[Ball], Ball], x: Ball) -> Ball:
    """f(x) for an f given by its power series around a number."""
    at = series(arb_series([middle(x), 1], 5))
    return arb_series([at[0], at[1] * x[1]], 2) if isinstance(x, arb_series) else at[0]


def _log_slope_of_gamma(x: Ball) -> Ball:
    if middle(x) > 1:  # gamma itself would be too large
        return x.lgamma().derivative()
    of = x.gamma()
    return of.derivative() / of


def erfinv(x: Ball) -> Ball:
    at = middle(x).erfinv()
    steep = arb_series([at, 1], 2).erf()[1]
    return arb_series([at, x[1] / steep], 2) if isinstance(x, arb_series) else at


def softplus(x: Ball) -> Ball:
    return (1 + x.exp()).log() if middle(x) < 0 else x + (1 + (-x).exp()).log()


def sigmoid(x: Ball) -> Ball:
    return 1 / (1 + (-x).exp())


def exponential_unit(x: Ball, scale: Ball, below: Ball) -> Ball:
    """u, or scale (e^below - 1) where u < 0."""
    return by_sign(x, lambda u: scale * (below.exp() - 1), lambda u: u)


def clipped(x: Ball, low: int, high: int) -> Ball:
    return smaller(larger(x, arb(low)), arb(high))


def gelu_tanh(x: Ball) -> Ball:
    return x * (1 + tanh((2 / arb.pi()).sqrt() * (x + arb("0.044715") * x * x * x))) / 2


def softshrink(x: Ball, threshold: Ball) -> Ball:
    if middle(threshold) == 0:
        return x
    threshold = positive(threshold)
    return by_sign(x, lambda u: smaller(u + threshold, arb(0)), lambda u: larger(u - threshold, arb(0)))


def hardshrink(x: Ball, threshold: Ball) -> Ball:
    if middle(threshold) == 0:
        return x
    return by_sign(absolute(x) - positive(threshold), lambda _: 0 * middle(x), lambda _: x)


# one row a function
FUNCTIONS: Mapping[str, Callable[..., Ball]] = {
    "exp": lambda x: x.exp(),
    "log": lambda x: x.log(),
    "log_base": lambda x, b: x.log() / b.log(),
    "sqrt": lambda x: x.sqrt(),
    "cbrt": cbrt,
    "sin": lambda x: x.sin(),
    "cos": lambda x: x.cos(),
    "tan": lambda x: x.tan(),
    "cot": lambda x: x.cos() / x.sin(),
    "sec": lambda x: 1 / x.cos(),
    "csc": lambda x: 1 / x.sin(),
    "arcsin": lambda x: x.asin(),
    "arccos": lambda x: x.acos(),
    "arctan": lambda x: x.atan(),
    "arccot": lambda x: (1 / x).atan(),
    "arcsec": lambda x: (1 / x).acos(),
    "arccsc": lambda x: (1 / x).asin(),
    "arctan2": arctan2,
    "sinh": sinh,
    "cosh": cosh,
    "tanh": tanh,
    "coth": lambda x: 1 + 2 / ((2 * x).exp() - 1),
    "sech": lambda x: 1 / cosh(x),
    "csch": lambda x: 1 / sinh(x),
    "arsinh": arsinh,
    "arcosh": arcosh,
    "artanh": artanh,
    "arcoth": lambda x: artanh(1 / x),
    "arsech": lambda x: arcosh(1 / x),
    "arcsch": lambda x: arsinh(1 / x),
    "abs": absolute,
    "max": larger,
    "min": smaller,
    "sign": sign,
    "step": lambda x: (sign(x) + 1) / 2,
    "floor": floor,
    "ceil": lambda x: -floor(-x),
    "round": lambda x: floor(x + arb(1) / 2),
    "erf": lambda x: x.erf(),
    "erfc": lambda x: x.erfc(),
    "erfinv": erfinv,
    "erfi": lambda x: x.erfi(),
    "gamma": lambda x: x.gamma(),
    "loggamma": lambda x: positive(x).lgamma(),
    "digamma": lambda x: _composed(_log_slope_of_gamma, x),
    "trigamma": lambda x: _composed(lambda u: _log_slope_of_gamma(u).derivative(), x),
    "tetragamma": lambda x: _composed(lambda u: _log_slope_of_gamma(u).derivative().derivative(), x),
    "Si": lambda x: x.si(),
    "Ci": lambda x: positive(x).ci(),
    "Shi": lambda x: x.shi(),
    "Chi": lambda x: positive(x).chi(),
    "Ei": lambda x: x.ei(),
    "li": lambda x: positive(x).li(),
    "sigmoid": sigmoid,
    "softplus": softplus,
    "relu": lambda x: larger(x, arb(0)),
    "leaky_relu": lambda x, a: by_sign(x, lambda u: a * u, lambda u: u),
    "elu": lambda x, a: exponential_unit(x, a, x),
    "celu": lambda x, a: exponential_unit(x, a, x / a),
    "selu": lambda x: arb(SELU_SCALE) * exponential_unit(x, arb(SELU_ALPHA), x),
    "gelu": lambda x: x * (-x / arb(2).sqrt()).erfc() / 2,
    "gelu_tanh": gelu_tanh,
    "silu": lambda x: x * sigmoid(x),
    "mish": lambda x: x * tanh(softplus(x)),
    "softsign": lambda x: x / (1 + absolute(x)),
    "logsigmoid": lambda x: -softplus(-x),
    "relu6": lambda x: clipped(x, 0, 6),
    "hardtanh": lambda x: clipped(x, -1, 1),
    "hardsigmoid": lambda x: clipped(x + 3, 0, 6) / 6,
    "hardswish": lambda x: x * clipped(x + 3, 0, 6) / 6,
    "softshrink": softshrink,
    "hardshrink": hardshrink,
    "tanhshrink": lambda x: x - tanh(x),
}


def abstract(name: str, at: tuple[Ball, ...]) -> Ball:
    """What stands in for a function of the user's: f(u, v) = a sin(b u + c v + e) + g u^2 + h u v + k v^2 + l.

    The coefficients belong to the name, and f'12 is its true derivative by the first argument and then the second.
    """
    plain, prime, order = name.partition("'")
    by = [int(digit) - 1 for digit in order] if order.strip("'") else [0] * len(prime + order)
    n = len(at)
    if any(not 0 <= k < n for k in by):
        return NAN
    rng = Random(f"abstract|{plain}|{n}")  # noqa: S311 - a test function, not a secret
    high, shift, low = _coefficient(rng), _coefficient(rng), _coefficient(rng)
    slopes = [_coefficient(rng) for _ in at]
    square = [[_coefficient(rng) if i <= j else arb(0) for j in range(n)] for i in range(n)]
    return _wave(high, shift, slopes, at, by) + _quadratic(low, square, at, by)


def _coefficient(rng: Random) -> Ball:
    return arb(rng.choice((-1, 1)) * rng.randint(40, 160)) / 101


def _wave(high: Ball, shift: Ball, slopes: list[Ball], at: tuple[Ball, ...], by: list[int]) -> Ball:
    phase = shift
    for slope, u in zip(slopes, at, strict=True):
        phase = phase + slope * u
    for k in by:
        high = high * slopes[k]
    turned = (phase.sin, phase.cos)[len(by) % 2]()
    return -high * turned if len(by) % 4 in (2, 3) else high * turned


def _quadratic(low: Ball, square: list[list[Ball]], at: tuple[Ball, ...], by: list[int]) -> Ball:
    of = [[square[i][j] + square[j][i] for j in range(len(at))] for i in range(len(at))]
    if len(by) > 2:
        return arb(0)
    if len(by) == 2:
        return of[by[0]][by[1]]
    linear = [_dot(row, at) for row in of]
    return linear[by[0]] if by else _dot(linear, at) / 2 + low


def _dot(a: list[Ball], b: list[Ball] | tuple[Ball, ...]) -> Ball:
    result = arb(0)
    for x, y in zip(a, b, strict=True):
        result = result + x * y
    return result
