"""Expressions of matrices as NumPy code; a vector is an array with one column or one row."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from fractions import Fraction
from keyword import iskeyword

from derive.core.term import Term
from derive.matrices.expression import (
    ONE,
    Applied,
    Constant,
    Diagonal,
    Difference,
    Expression,
    Hadamard,
    Identity,
    Named,
    Negative,
    Ones,
    Product,
    Scaled,
    Sum,
    Transpose,
)
from derive.matrices.symbols import numpy_name, taken

SUM, PRODUCT, POWER, WHOLE = range(4)  # how tightly a piece of code holds together
Code = tuple[str, int]
INFIX = {Sum: ("+", SUM), Difference: ("-", SUM), Product: ("@", PRODUCT), Hadamard: ("*", PRODUCT)}
# functions that NumPy has; any other is called by its own name
NUMPY = {name: name for name in ("exp", "log", "sqrt", "cbrt", "sign", "sin", "cos", "tan", "sinh", "cosh", "tanh")} | {
    "abs": "abs", "max": "maximum", "min": "minimum", "floor": "floor", "ceil": "ceil",
}  # fmt: skip


def numpy_source(expression: Expression, names: frozenset[str] | None = None) -> str:
    """The expression as NumPy code; names: what no matrix may be called.

    >>> from derive.core.term import num, sym
    >>> N, n, k = sym("N"), sym("n"), sym("k")
    >>> P, Y = (Named(sym(a)[n, k], n, k, (N, num(3))) for a in "py")
    >>> numpy_source(Scaled(Constant(ONE / N), Product(Transpose(Difference(P, Y)), Ones(N))))
    '(P - Y).T @ np.ones((N, 1)) / N'
    """
    return _code(expression, taken(expression) if names is None else names)[0]


def _code(e: Expression, names: frozenset[str]) -> Code:
    def inside(part: Expression, least: int) -> str:
        mixed = {type(e), type(part)} == {Product, Hadamard}  # Python knows which comes first, a reader may not
        return _held(_code(part, names), WHOLE if mixed else least)

    match e:
        case Named():
            return numpy_name(e, names), WHOLE
        case Constant(value):
            return _number(value, {})
        case Ones(size):
            return f"np.ones(({_number(size, {})[0]}, 1))", WHOLE
        case Identity(size):
            return f"np.eye({_number(size, {})[0]})", WHOLE
        case Transpose(Ones(size)):
            return f"np.ones((1, {_number(size, {})[0]}))", WHOLE
        case Transpose(of):
            return f"{inside(of, WHOLE)}.T", WHOLE
        case Negative(of):
            return f"-{inside(of, PRODUCT)}", SUM
        case Sum(left, right) | Difference(left, right) | Product(left, right) | Hadamard(left, right):
            sign, level = INFIX[type(e)]
            return f"{inside(left, level)} {sign} {inside(right, level + 1)}", level
        case Scaled(Constant(value), of) if value.op == "div" and value.args[0] == ONE:
            return f"{inside(of, PRODUCT)} / {_held(_number(value.args[1], {}), POWER)}", PRODUCT
        case Scaled(factor, of):
            return f"{inside(factor, PRODUCT)} * {inside(of, POWER)}", PRODUCT
        case Diagonal(of):
            return f"np.diagflat({inside(of, SUM)})", WHOLE
        case Applied(function, letters, to):
            return _number(function, {a: _code(each, names) for a, each in zip(letters, to, strict=True)})


def _held(code: Code, least: int) -> str:
    return code[0] if code[1] >= least else f"({code[0]})"


def _number(t: Term, by: Mapping[Term, Code]) -> Code:
    """A function of numbers, entry by entry, its letters replaced."""
    if t in by:
        return by[t]
    parts = [_number(a, by) for a in t.args]
    return _WRITERS[t.op](t, parts)


def _literal(t: Term, parts: list[Code]) -> Code:
    value = Fraction(t.value or 0)
    exact = Decimal(value.numerator) / Decimal(value.denominator)
    return (str(value.numerator) if value.denominator == 1 else format(exact, "f")), WHOLE


def _name(t: Term, parts: list[Code]) -> Code:
    name = str(t.value)
    return ("np.pi" if name == "pi" else f"{name}_" if iskeyword(name) else name), WHOLE


def _sum(t: Term, parts: list[Code]) -> Code:
    text = ""
    for term, part in zip(t.args, parts, strict=True):
        if term.op == "neg" and text:
            text += f" - {part[0].removeprefix('-')}"
        else:
            text += f" + {part[0]}" if text else part[0]
    return text, SUM


def _call(t: Term, parts: list[Code]) -> Code:
    name = str(t.value)
    arguments = ", ".join(part for part, _ in parts)
    if name == "step":
        return f"np.heaviside({arguments}, 0.5)", WHOLE
    return f"{f'np.{NUMPY[name]}' if name in NUMPY else name}({arguments})", WHOLE


def _cases(t: Term, parts: list[Code]) -> Code:
    then, left, right, otherwise = (part for part, _ in parts)
    return f"np.where({left} {t.value} {right}, {then}, {otherwise})", WHOLE


_WRITERS: Mapping[str, Callable[[Term, list[Code]], Code]] = {
    "num": _literal,
    "sym": _name,
    "neg": lambda t, parts: (f"-{_held(parts[0], PRODUCT)}", SUM),
    "add": _sum,
    "mul": lambda t, parts: (" * ".join(_held(part, POWER if n else PRODUCT) for n, part in enumerate(parts)), PRODUCT),
    "div": lambda t, parts: (f"{_held(parts[0], PRODUCT)} / {_held(parts[1], POWER)}", PRODUCT),
    "pow": lambda t, parts: (f"{_held(parts[0], WHOLE)} ** {_held(parts[1], WHOLE)}", POWER),
    "fn": _call,
    "cases": _cases,
}
