"""What the functions a person types stand for: their default arguments, and those that are written out."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from functools import reduce
from itertools import count

from derive.core.functions import FUNCTIONS
from derive.core.term import Term, add, delta, exp, fn, lift, log, mul, neg, num, sym, total
from derive.syntax.grammar.words import INDICES

SIZE_MARK = "_size"  # sizes that are not named yet; nobody can type a name that starts so
DEFAULTS: Mapping[str, Term] = {
    "leaky_relu": num(Fraction(1, 100)), "elu": num(1), "celu": num(1),
    "softshrink": num(Fraction(1, 2)), "hardshrink": num(Fraction(1, 2)),
}  # fmt: skip


class CallError(Exception):
    """Arguments that a function does not take; the message says what it takes."""


@dataclass
class Indices:
    """New indices and sizes for sums that are written out: letters that the formula does not use."""

    taken: frozenset[str]
    _counter: Iterator[int] = field(default_factory=count)

    def size(self) -> Term:
        return sym(f"{SIZE_MARK}{next(self._counter)}")

    def index(self, favourites: str = "ijkmlnpqr") -> Term:
        for letter in favourites + "ijkmlnpqr":
            if letter not in self.taken:
                return sym(letter)
        raise CallError("all index letters are in use: write the sum with its index")

    def over(self, body: Callable[[Term], Term], favourites: str = "ijkmlnpqr") -> Term:
        """The sum of body(i) over a new index."""
        index = self.index(favourites)
        return total(index, self.size(), body(index))


def entry(vector: Term, index: Term) -> Term:
    """The entry of a vector, or of sums and differences of vectors."""
    if vector.op == "sym":
        return vector[index]
    if vector.op in ("add", "neg"):
        return Term(vector.op, tuple(entry(a, index) for a in vector.args))
    raise CallError("a vector is given by its name, without indices: norm(x), dot(a, b), sum(i, exp(x_i))")


def _max(name: str) -> Callable[..., Term]:
    return lambda *u: reduce(lambda left, right: fn(name, left, right), u)


def _root(n: Term, u: Term) -> Term:
    if n == num(2):
        return fn("sqrt", u)
    return fn("cbrt", u) if n == num(3) else u ** (num(1) / n)


def _nth_root(u: Term, n: Term | None = None) -> Term:
    return _root(num(2) if n is None else n, u)


def _index_first(n: Term, u: Term) -> Term:
    """root(3, x), and not root(x, 3), which other programs mean by it."""
    if n.op != "num" and u.op == "num":
        raise CallError("root has its index first: write root(3, x), or x^(1/3)")
    return _root(n, u)


def _gamma_of_next(u: Term) -> Term:
    return fn("gamma", add(u, num(1)))


def _beta(*u: Term) -> Term:
    if len(u) == 1:
        raise CallError("beta before a bracket is unclear: write beta * (..) for a product, beta(x, y) for a function")
    a, b = u
    return fn("gamma", a) * fn("gamma", b) / fn("gamma", add(a, b))


def _polygamma(order: Term, u: Term) -> Term:
    if order not in map(num, range(len(POLYGAMMA))):
        raise CallError(f"polygamma is known for the orders 0 to {len(POLYGAMMA) - 1}: polygamma(1, x)")
    return fn(POLYGAMMA[int(order.value or 0)], u)


def _log(u: Term, base: Term | None = None) -> Term:
    return log(u) if base is None else fn("log_base", u, base)


PI = sym("pi")
POLYGAMMA = ("digamma", "trigamma", "tetragamma")
# name: the numbers of arguments, and what they make
SCALAR: Mapping[str, tuple[tuple[int, ...], Callable[..., Term]]] = {
    "log": ((1, 2), _log),
    "log2": ((1,), lambda u: fn("log_base", u, num(2))),
    "lb": ((1,), lambda u: fn("log_base", u, num(2))),
    "log10": ((1,), lambda u: fn("log_base", u, num(10))),
    "lg": ((1,), lambda u: fn("log_base", u, num(10))),
    "log1p": ((1,), lambda u: log(add(1, u))),
    "expm1": ((1,), lambda u: add(exp(u), neg(num(1)))),
    "exp2": ((1,), lambda u: num(2) ** u),
    "exp10": ((1,), lambda u: num(10) ** u),
    "square": ((1,), lambda u: u**2),
    "cube": ((1,), lambda u: u**3),
    "sinc": ((1,), lambda u: fn("sin", u) / u),
    "factorial": ((1,), _gamma_of_next),
    "beta": ((1, 2), _beta),
    "polygamma": ((2,), _polygamma),
    "erfcinv": ((1,), lambda u: fn("erfinv", num(1) - u)),
    "erfcx": ((1,), lambda u: mul(exp(u**2), fn("erfc", u))),
    "abs2": ((1,), lambda u: u**2),
    "rsqrt": ((1,), lambda u: num(1) / fn("sqrt", u)),
    "reciprocal": ((1,), lambda u: num(1) / u),
    "logit": ((1,), lambda u: log(u / (num(1) - u))),
    "xlogy": ((2,), lambda u, v: mul(u, log(v))),
    "logaddexp": ((2,), lambda u, v: log(add(exp(u), exp(v)))),
    "hypot": ((2,), lambda u, v: fn("sqrt", add(u**2, v**2))),
    "sinpi": ((1,), lambda u: fn("sin", mul(PI, u))),
    "cospi": ((1,), lambda u: fn("cos", mul(PI, u))),
    "clip": ((3,), lambda u, low, high: fn("min", fn("max", u, low), high)),
    "clamp": ((3,), lambda u, low, high: fn("min", fn("max", u, low), high)),
    "max": (tuple(range(2, 21)), _max("max")),
    "min": (tuple(range(2, 21)), _max("min")),
    "root": ((2,), _index_first),
    "nthroot": ((1, 2), _nth_root),
    "pow": ((2,), lambda u, n: u**n),
    "rational": ((2,), lambda p, q: p / q),
}


def _delta(i: Term, j: Term) -> Term:
    for index in (i, j):
        if not (index.op == "num" or (index.op == "sym" and index.value in INDICES)):
            raise CallError("delta takes two indices: delta(i, k)")
    return delta(i, j)


def _summed(make: Indices, *args: Term) -> Term:
    if len(args) == 1:
        return make.over(lambda i: entry(args[0], i))
    index, *limits, body = args
    if index.op != "sym" or index.value not in INDICES:
        raise CallError("a sum names its index first, one of i j k l m n p q r: sum(i, x_i y_i)")
    if not limits:
        return total(index, make.size(), body)
    first, last = limits
    if first != num(1):
        raise CallError("a sum starts at 1: sum(i, 1, n, x_i)")
    if not (last.op == "sym" or (last.op == "num" and last.value and last.value.denominator == 1)):  # type: ignore[union-attr]
        raise CallError("a sum ends at a letter or a whole number: sum(i, 1, n, x_i)")
    return total(index, last, body)


def _mean(make: Indices, *args: Term) -> Term:
    whole = _summed(make, *args)
    return whole / whole.args[1]


def _norm(make: Indices, x: Term) -> Term:
    return fn("sqrt", make.over(lambda i: entry(x, i) ** 2))


def _softmax(make: Indices, z: Term, index: Term) -> Term:
    return exp(entry(z, index)) / make.over(lambda m: exp(entry(z, m)), "m")


VECTOR: Mapping[str, tuple[tuple[int, ...], Callable[..., Term]]] = {
    "sum": ((1, 2, 4), _summed),
    "mean": ((1, 2, 4), _mean),
    "norm": ((1,), _norm),
    "dot": ((2,), lambda make, a, b: make.over(lambda i: entry(a, i) * entry(b, i))),
    "softmax": ((2,), _softmax),
    "logsumexp": ((1,), lambda make, z: log(make.over(lambda m: exp(entry(z, m)), "m"))),
}


def written_out(name: str, args: tuple[Term, ...], make: Indices) -> Term:
    """The function of the arguments as a term. Raises CallError.

    >>> written_out("norm", (sym("x"),), Indices(frozenset("i")))
    sqrt(sum(j, _size0, pow(x[j], 2)))
    """
    if name == "delta" and len(args) == 2:
        return _delta(*args)
    if name in SCALAR or name in VECTOR:
        numbers, build = SCALAR.get(name) or VECTOR[name]
        _count(name, len(args), numbers)
        return build(*args) if name in SCALAR else build(make, *args)
    known = FUNCTIONS.get(name)
    arity = known.arity if known else 2
    if len(args) == arity - 1 and name in DEFAULTS:
        args = (*args, DEFAULTS[name])
    _count(name, len(args), (arity - 1, arity) if name in DEFAULTS else (arity,))
    return fn(name, *map(lift, args))


def _count(name: str, given: int, numbers: tuple[int, ...]) -> None:
    if name == "softmax" and given == 1:
        raise CallError("softmax has one value for each class: write softmax(z)_i")
    if given not in numbers:
        fits = f"{numbers[0]} to {numbers[-1]}" if len(numbers) > 3 else " or ".join(map(str, numbers))
        raise CallError(f"{name} takes {fits} argument{'' if numbers == (1,) else 's'}, not {given}")
