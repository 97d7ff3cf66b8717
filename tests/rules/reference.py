"""Values of terms by mpmath with 30 digits: derivatives are limits of differences, nothing is looked up in derive."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from fractions import Fraction
from itertools import product
from random import Random

from mpmath import mp, mpf

from derive.core.condition import Condition
from derive.core.context import Context
from derive.core.term import Term, free

Value = mpf | None  # None where the term has no real value, infinite where it is too large to be looked at
Point = Mapping[str, object]  # of names and of entries such as "x[1]", and the values of index letters and sizes
DIGITS = 30
mp.dps = DIGITS
TINY, HUGE = mpf(10) ** -12, mpf(10) ** 60

SELU_SCALE, SELU_ALPHA = mpf("1.0507009873554805"), mpf("1.6732632423543772")


class NoValue(ArithmeticError):
    """The term has no real value at the point."""


class TooLarge(ArithmeticError):
    """The term, or something in it, is too large: e^(e^(e^u)) would take all memory."""


def _above(x: mpf, low: int = 0) -> mpf:
    if not x > low:
        raise NoValue
    return x


def _between(x: mpf) -> mpf:
    return _above(1 - x * x) and x


def _cbrt(x: mpf) -> mpf:
    return mp.sign(x) * mp.cbrt(abs(x))


def _sigmoid(x: mpf) -> mpf:
    return 1 / (1 + mp.exp(-x))


def _softplus(x: mpf) -> mpf:
    return mp.log1p(mp.exp(-abs(x))) + max(x, 0)


def _clip(x: mpf, low: int, high: int) -> mpf:
    return min(max(x, mpf(low)), mpf(high))


def _elu(x: mpf, a: mpf) -> mpf:
    return x if x > 0 else a * mp.expm1(x)


def _softshrink(x: mpf, a: mpf) -> mpf:
    return x - a if x > _above(a) else x + a if x < -a else mpf(0)


def _hardshrink(x: mpf, a: mpf) -> mpf:
    return x if abs(x) > _above(a) else mpf(0)


# one row a function, as its textbook defines it: Abramowitz and Stegun, or the paper or library it comes from
FUNCTIONS: Mapping[str, Callable[..., mpf]] = {
    "exp": mp.exp, "log": mp.log, "log_base": lambda x, b: mp.log(x) / mp.log(b), "sqrt": mp.sqrt, "cbrt": _cbrt,
    "sin": mp.sin, "cos": mp.cos, "tan": mp.tan, "cot": mp.cot, "sec": mp.sec, "csc": mp.csc,
    "arcsin": mp.asin, "arccos": mp.acos, "arctan": mp.atan, "arccot": mp.acot, "arcsec": mp.asec, "arccsc": mp.acsc,
    "arctan2": mp.atan2,
    "sinh": mp.sinh, "cosh": mp.cosh, "tanh": mp.tanh, "coth": mp.coth, "sech": mp.sech, "csch": mp.csch,
    "arsinh": mp.asinh, "arcosh": mp.acosh, "artanh": mp.atanh, "arcoth": mp.acoth, "arsech": mp.asech,
    "arcsch": mp.acsch,
    "abs": abs, "max": max, "min": min, "sign": mp.sign, "step": lambda x: mpf(x > 0),
    "floor": mp.floor, "ceil": mp.ceil, "round": lambda x: mp.floor(x + mpf(1) / 2),
    "erf": mp.erf, "erfc": mp.erfc, "erfinv": lambda x: mp.erfinv(_between(x)),
    "gamma": mp.gamma, "loggamma": lambda x: mp.loggamma(_above(x)),
    "digamma": lambda x: mp.psi(0, x), "trigamma": lambda x: mp.psi(1, x), "tetragamma": lambda x: mp.psi(2, x),
    "erfi": mp.erfi, "Si": mp.si, "Ci": lambda x: mp.ci(_above(x)), "Shi": mp.shi, "Chi": lambda x: mp.chi(_above(x)),
    "Ei": mp.ei, "li": lambda x: mp.li(_above(x)),
    "sigmoid": _sigmoid, "softplus": _softplus, "relu": lambda x: max(x, mpf(0)),
    "leaky_relu": lambda x, a: x if x > 0 else a * x,
    "elu": _elu, "celu": lambda x, a: x if x > 0 else a * mp.expm1(x / a),
    "selu": lambda x: SELU_SCALE * _elu(x, SELU_ALPHA),
    "gelu": lambda x: x * mp.ncdf(x),
    "gelu_tanh": lambda x: x * _sigmoid(2 * mp.sqrt(2 / mp.pi) * (x + mpf("0.044715") * x**3)),
    "silu": lambda x: x * _sigmoid(x), "mish": lambda x: x * mp.tanh(_softplus(x)),
    "softsign": lambda x: x / (1 + abs(x)), "logsigmoid": lambda x: -_softplus(-x),
    "relu6": lambda x: _clip(x, 0, 6), "hardtanh": lambda x: _clip(x, -1, 1),
    "hardsigmoid": lambda x: _clip(x + 3, 0, 6) / 6, "hardswish": lambda x: x * _clip(x + 3, 0, 6) / 6,
    "softshrink": _softshrink, "hardshrink": _hardshrink, "tanhshrink": lambda x: x - mp.tanh(x),
}  # fmt: skip

RELATIONS: Mapping[str, Callable[[mpf, mpf], bool]] = {
    "<": lambda a, b: a < b,
    "<=": lambda a, b: a <= b,
    ">": lambda a, b: a > b,
    ">=": lambda a, b: a >= b,
}


def value(t: Term, point: Point) -> Value:
    """The value of t, or None where it has none.

    >>> from derive.core.term import d, log, sym
    >>> x = sym("x")
    >>> value(log(x), {"x": -1}), mp.nstr(value(d(x**3, x), {"x": 2}), 10)
    (None, '12.0')
    """
    try:
        return _real(_value(t, point))
    except (NoValue, ZeroDivisionError, ValueError, OverflowError, mp.NoConvergence):
        return None
    except TooLarge:
        return mp.inf


def agree(a: Value, b: Value) -> bool:
    """Whether two values are the same, as far as numerical derivatives can tell."""
    if a is None or b is None:
        return a is b
    return bool(a == b or abs(a - b) <= TINY * (1 + max(abs(a), abs(b))))


def compared(pairs: Iterable[tuple[Value, Value]]) -> set[str]:
    """How the second differs from the first, wherever the first has a value: "same", "other", "no value"."""
    return {
        "no value" if there is None else "same" if agree(here, there) else "other"
        for here, there in pairs
        if here is not None and mp.inf not in (here, there)
    }


def holds(condition: Condition, point: Point) -> bool:
    """Whether something is positive, or not zero."""
    at = value(condition.about[0], point)
    return at not in (None, mp.inf) and bool(at > 0 if condition.kind == "positive" else at != 0)


def point_of(terms: Iterable[Term], context: Context, sizes: Mapping[str, int], seed: str) -> Point:
    """Random values of the free names: numbers, entries of families, index letters."""
    rng = Random(seed)
    point: dict[str, object] = dict(sizes)
    for name in sorted(frozenset[str]().union(*map(free, terms)) - set(sizes) - {"pi"}):
        if name in context.indices:
            point[name] = rng.randint(1, int(_value(context.indices[name], point)))
            continue
        for at in product(*(range(1, int(_value(size, point)) + 1) for size in context.shapes.get(name, ()))):
            entry = f"{name}[{','.join(map(str, at))}]" if at else name
            point[entry] = mpf(rng.choice((-1, 1)) * rng.randint(5, 160)) / rng.choice((53, 101, 211))
    return point


def _real(x: object) -> mpf:
    if isinstance(x, mp.mpc) or not mp.isfinite(x):
        raise NoValue
    if abs(x) > HUGE:
        raise TooLarge
    return mpf(x)


def _value(t: Term, point: Point) -> mpf:
    match t.op:
        case "num":
            number = Fraction(t.value or 0)
            return mpf(number.numerator) / number.denominator
        case "sym":
            return +mp.pi if t.value == "pi" else _read(point[str(t.value)])
        case "elem":
            return _read(point[_entry(t, point)])
        case "sum":
            index, size, body = t.args
            values = range(1, int(_value(size, point)) + 1)
            return mp.fsum(_value(body, {**point, str(index.value): n}) for n in values)
        case "d":
            return _slope(t, point)
        case "cases":
            then, left, right, otherwise = t.args
            holds = RELATIONS[str(t.value)](_value(left, point), _value(right, point))
            return _value(then if holds else otherwise, point)
    at = [_real(_value(a, point)) for a in t.args]
    return _real(FUNCTIONS[str(t.value)](*at) if t.op == "fn" else _OPERATORS[t.op](*at))


def _read(x: object) -> mpf:
    return mpf(x.numerator) / x.denominator if isinstance(x, Fraction) else mpf(x)


def _entry(t: Term, point: Point) -> str:
    at = ",".join(str(int(_value(a, point))) for a in t.args[1:])
    return f"{t.args[0].value}[{at}]"


def _slope(t: Term, point: Point) -> mpf:
    u, x = t.args
    name = _entry(x, point) if x.op == "elem" else str(x.value)
    return mp.diff(lambda here: _value(u, {**point, name: here}), _read(point[name]))


def _power(base: mpf, exponent: mpf) -> mpf:
    if base == 0 and exponent <= 0:
        raise NoValue
    if exponent == int(exponent):
        return base ** int(exponent)
    return mp.power(_above(base), exponent)


def _added(*terms: mpf) -> mpf:
    return mp.fsum(terms)


def _multiplied(*factors: mpf) -> mpf:
    return mp.fprod(factors)


_OPERATORS: Mapping[str, Callable[..., mpf]] = {
    "add": _added,
    "mul": _multiplied,
    "neg": lambda u: -u,
    "div": lambda u, v: u / v,
    "pow": _power,
    "delta": lambda i, j: mpf(i == j),
}
