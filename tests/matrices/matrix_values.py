"""Networks in matrix form, and three ways to a number that share no code: loops over indices, matrices, the source."""

from __future__ import annotations

import ast
import math
from collections.abc import Mapping
from fractions import Fraction
from functools import lru_cache
from typing import Any

import numpy as np

from derive.chains.network import NetworkProblem, network_problem
from derive.chains.spec import LayerSpec, LossSpec, NetworkSpec
from derive.core.term import Term
from derive.matrices.expression import (
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
from derive.matrices.forms import Forms, matrix_forms
from derive.matrices.layout import Layout
from derive.proofs.proof import Proof
from derive.proofs.prove import prove

LAYOUTS = tuple(Layout(e, d) for e in ("rows", "columns") for d in ("denominator", "numerator"))
ids = [f"{layout.examples}-{layout.derivative}" for layout in LAYOUTS]

SPECS: dict[str, NetworkSpec] = {
    "cross-entropy": NetworkSpec(4, (LayerSpec(3, "tanh"), LayerSpec(3))),
    "softmax-inside": NetworkSpec(
        2, (LayerSpec(3, "softmax"), LayerSpec(2, "softmax")), LossSpec("squared-error", "one-hot")
    ),
    "penalties": NetworkSpec(
        3, (LayerSpec(2, "silu"), LayerSpec(2)), LossSpec("binary-cross-entropy", "binary"),
        l1=Fraction(1, 10), l2=Fraction(1, 2),
    ),
    "weights": NetworkSpec(
        2, (LayerSpec(3, "leaky_relu", slope=Fraction(1, 100)), LayerSpec(3)),
        LossSpec(weights="w", smoothing=Fraction(1, 10), temperature="T"),
    ),
    "focal": NetworkSpec(2, (LayerSpec(2, "sigmoid"), LayerSpec(3)), LossSpec("focal")),
    "hinge": NetworkSpec(2, (LayerSpec(2, "gelu", bias=False), LayerSpec(3)), LossSpec("hinge", "one-hot")),
    "mean": NetworkSpec(2, (LayerSpec(2), LayerSpec(3)), LossSpec("squared-error", "value", scale="mean")),
    "absolute": NetworkSpec(2, (LayerSpec(2, "softplus"), LayerSpec(1)), LossSpec("absolute-error", "value")),
    "summed": NetworkSpec(2, (LayerSpec(2, "relu"), LayerSpec(3)), LossSpec(reduction="sum")),
}  # fmt: skip


@lru_cache
def proved(name: str, batch: bool) -> tuple[NetworkProblem, Mapping[str, Proof]]:
    problem = network_problem(SPECS[name], batch)
    return problem, prove(problem.chain)


@lru_cache
def forms_of(name: str, batch: bool, layout: Layout) -> Forms:
    return matrix_forms(*proved(name, batch), layout)


# numbers for everything that a network speaks of

FUNCTIONS: dict[str, Any] = {
    "exp": np.exp, "log": np.log, "sqrt": np.sqrt, "tanh": np.tanh, "sign": np.sign, "abs": np.abs, "max": np.maximum,
    "min": np.minimum, "erf": np.vectorize(math.erf, otypes=[float]), "sigmoid": lambda u: 1 / (1 + np.exp(-u)),
    "softplus": lambda u: np.log1p(np.exp(u)), "relu": lambda u: np.maximum(u, 0), "step": lambda u: (u > 0) * 1.0,
    "silu": lambda u: u / (1 + np.exp(-u)), "leaky_relu": lambda u, a: np.where(u > 0, u, a * u),
    "gelu": lambda u: u * (1 + np.vectorize(math.erf, otypes=[float])(u / math.sqrt(2))) / 2,
}  # fmt: skip
SIZES = {"N": 5}


class World:
    """Random arrays for every family and every derivative, made when they are asked for."""

    def __init__(self, problem: NetworkProblem, seed: int = 0) -> None:
        self.problem, self.random = problem, np.random.default_rng(seed)
        self.arrays: dict[str, Any] = {}

    def size(self, t: Term) -> int:
        return int(t.value) if t.op == "num" else SIZES[str(t.value)]

    def family(self, name: str, like: str | None = None) -> Any:
        if name not in self.arrays:
            shape = tuple(map(self.size, self.problem.context.shapes.get(like or name, ())))
            self.arrays[name] = self.random.uniform(0.1, 0.9, shape)
        return self.arrays[name]

    def array_of(self, atom: Term) -> tuple[Any, tuple[Term, ...]]:
        """The array that an atom is an entry of, and its indices."""
        if atom.op != "d":
            return self.family(str(atom.args[0].value)), atom.args[1:]
        x = atom.args[1]
        assert atom.args[0].args[1:] in ((), x.args[1:2])
        name = str(x.args[0].value)
        return self.family(f"d{name}", name), x.args[1:]


def value(t: Term, world: World, letters: Mapping[str, int]) -> Any:
    """A term by loops over its indices."""

    def of(a: Term) -> Any:
        return value(a, world, letters)

    match t.op:
        case "num":
            return float(t.value)
        case "sym":
            name = str(t.value)
            return letters.get(name, math.pi if name == "pi" else SIZES.get(name, 1.75))
        case "elem" | "d":
            array, indices = world.array_of(t)
            return array[tuple(letters[str(i.value)] for i in indices)]
        case "delta":
            return float(of(t.args[0]) == of(t.args[1]))
        case "sum":
            index, size, body = t.args
            inner = [{**letters, str(index.value): at} for at in range(world.size(size))]
            return sum(value(body, world, here) for here in inner)
        case "add":
            return sum(map(of, t.args))
        case "mul":
            return math.prod(map(of, t.args))
        case "neg":
            return -of(t.args[0])
        case "div":
            return of(t.args[0]) / of(t.args[1])
        case "pow":
            return of(t.args[0]) ** of(t.args[1])
        case "fn":
            return FUNCTIONS[str(t.value)](*map(of, t.args))
        case "cases":
            then, left, right, otherwise = t.args
            a, b = of(left), of(right)
            holds = {"<": a < b, "<=": a <= b, ">": a > b, ">=": a >= b}[str(t.value)]
            return of(then) if holds else of(otherwise)
    raise AssertionError(t)


def evaluate(e: Expression, world: World) -> Any:
    """An expression by NumPy, matrix by matrix."""

    def of(part: Expression) -> Any:
        return evaluate(part, world)

    match e:
        case Named(family, rows, columns):
            array, indices = world.array_of(family)
            both = (rows, columns)
            turned = np.transpose(array, [indices.index(a) for a in both if a is not None])
            return turned.reshape([1 if a is None else array.shape[indices.index(a)] for a in both])
        case Constant(number):
            return np.full((1, 1), value(number, world, {}))
        case Ones(size):
            return np.ones((world.size(size), 1))
        case Identity(size):
            return np.eye(world.size(size))
        case Transpose(inner):
            return of(inner).T
        case Negative(inner):
            return -of(inner)
        case Product(left, right):
            return of(left) @ of(right)
        case Hadamard(left, right):
            return of(left) * of(right)
        case Sum(left, right):
            return of(left) + of(right)
        case Difference(left, right):
            return of(left) - of(right)
        case Scaled(factor, inner):
            return of(factor).item() * of(inner)
        case Diagonal(inner):
            return np.diagflat(of(inner))
        case Applied(function, letters, to):
            given = [of(each) for each in to]
            results = np.empty(given[0].shape)
            for at in np.ndindex(results.shape):
                by = {str(a.value): array[at] for a, array in zip(letters, given, strict=True)}
                results[at] = value(function, world, by)
            return results


OPERATORS: dict[type, Any] = {
    ast.Add: np.add, ast.Sub: np.subtract, ast.Mult: np.multiply, ast.Div: np.divide, ast.MatMult: np.matmul,
    ast.Pow: np.power, ast.Lt: np.less, ast.LtE: np.less_equal, ast.Gt: np.greater, ast.GtE: np.greater_equal,
}  # fmt: skip


def run(source: str, given: Mapping[str, Any]) -> Any:
    """NumPy code of one expression, read by Python's own parser and carried out here."""

    def of(node: ast.expr) -> Any:
        match node:
            case ast.BinOp(left, operator, right):
                return OPERATORS[type(operator)](of(left), of(right))
            case ast.UnaryOp(ast.USub(), inside):
                return -of(inside)
            case ast.Compare(left, [operator], [right]):
                return OPERATORS[type(operator)](of(left), of(right))
            case ast.Attribute(ast.Name("np"), name):
                return getattr(np, name)
            case ast.Attribute(inside, "T"):
                return of(inside).T
            case ast.Call(called, arguments):
                return of(called)(*map(of, arguments))
            case ast.Tuple(parts):
                return tuple(map(of, parts))
            case ast.Name(name):
                return given[name] if name in given else FUNCTIONS[name]
            case ast.Constant(number):
                return number
        raise AssertionError(ast.dump(node))

    return of(ast.parse(source, mode="eval").body)
