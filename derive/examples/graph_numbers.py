"""Operations on numbers, differentiated by proved rules and run forward and backward."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from math import isfinite

from derive.chains.network import plain_name
from derive.core.condition import RECORDED, Condition
from derive.core.context import Context
from derive.core.kernel import Theorem
from derive.core.term import Term, rebuild, substitute, sym
from derive.errors import UsageError
from derive.examples.graph import Edge, Graph, Node
from derive.gradients.plain import formula
from derive.gradients.scalar import scalar_function
from derive.proofs.scalar import differentiate

LETTERS = ("u", "v", "w")


@dataclass(frozen=True)
class Slope:
    """The derivative of an operation by one input, in the symbols of nodes, what proves it, and what it needs."""

    derivative: Term
    theorem: Theorem
    needs: tuple[Condition, ...] = ()


@dataclass(frozen=True)
class Operation:
    """A node before its numbers. slopes: one an input; None where it is not differentiated by."""

    name: str
    symbol: Term
    term: Term
    operation: Term
    inputs: tuple[str, ...]
    slopes: tuple[Slope | None, ...]


def operation(name: str, term: Term, pattern: Term, inputs: Sequence[str]) -> Operation:
    """A node for a pattern of one operation, whose letters u, v, w, a4, ... stand for the inputs in order.

    >>> u, v, c, d = map(sym, "uvcd")
    >>> product = operation("f", d * c, u * v, ["d", "c"])
    >>> product.operation, [slope.derivative for slope in product.slopes]
    (mul(d, c), [c, d])
    """
    named = {letter: sym(source) for letter, source in zip(letters(len(inputs)), inputs, strict=True)}
    slopes = tuple(_slope(local_derivative(pattern, letter), named) for letter in named)
    return Operation(name, sym(name), term, substitute(pattern, named), tuple(inputs), slopes)


def letters(inputs: int) -> list[str]:
    """The letters of a pattern with so many inputs.

    >>> letters(5)
    ['u', 'v', 'w', 'a4', 'a5']
    """
    return [*LETTERS, *(f"a{n}" for n in range(4, inputs + 1))][:inputs]


@lru_cache(maxsize=1024)
def local_derivative(pattern: Term, letter: str) -> Theorem:
    """The theorem about the derivative of one operation by one of its inputs.

    >>> theorem = local_derivative(sym("u") / sym("v"), "v")
    >>> theorem.right, theorem.conditions[0].kind
    (neg(div(u, pow(v, 2))), 'nonzero')
    """
    return differentiate("local-derivative", Context(), pattern, sym(letter)).theorem


def _slope(theorem: Theorem, named: Mapping[str, Term]) -> Slope:
    needs = tuple(Condition(c.kind, tuple(substitute(t, dict(named)) for t in c.about)) for c in theorem.conditions)
    return Slope(substitute(theorem.right, dict(named)), theorem, needs)


def entry_name(symbol: Term) -> str:
    """What the value of a variable or of an entry is called.

    >>> W = sym("W__2")
    >>> entry_name(sym("x")), entry_name(W[1, 3]), entry_name(W[1, 10])
    ('x', 'W2_13', 'W2_1_10')
    """
    if symbol.op == "sym":
        return str(symbol.value)
    family, *indices = symbol.args
    places = [str(index.value) for index in indices]
    return "_".join([plain_name(str(family.value)), ("_" if max(map(len, places)) > 1 else "").join(places)])


def with_numbers(leaves: Mapping[Term, float], operations: Sequence[Operation]) -> Graph:
    """The graph of the operations, each after its inputs: values forward, gradients backward.

    Raises UsageError where a value does not exist, or the derivative of an operation does not.
    """
    nodes = {entry_name(t): Node(entry_name(t), t, t, None, (), value) for t, value in leaves.items()}
    values = {name: float(node.value) for name, node in nodes.items()}
    for each in operations:
        values[each.name] = _value(each.operation, values)
        nodes[each.name] = Node(each.name, each.symbol, each.term, each.operation, each.inputs, values[each.name])
    gradients = {list(nodes)[-1]: 1.0}
    edges = [tuple(_backward(each, values, gradients)) for each in reversed(operations)]
    told = tuple(replace(node, gradient=gradients.get(name)) for name, node in nodes.items())
    return Graph(told, tuple(edge for several in reversed(edges) for edge in several))


def _backward(each: Operation, values: Mapping[str, float], gradients: dict[str, float]) -> Iterator[Edge]:
    """The edges into an operation; what comes back along them is added to the gradients of their sources."""
    for position, (source, slope) in enumerate(zip(each.inputs, each.slopes, strict=True)):
        if slope is None:
            continue
        for condition in slope.needs:
            _refuse_unmet(each, condition, values)
        local = _value(slope.derivative, values)
        gradient = gradients[each.name] * local
        gradients[source] = gradients.get(source, 0.0) + gradient
        yield Edge(source, each.name, position, slope.derivative, slope.theorem, local, gradient)


def _refuse_unmet(each: Operation, condition: Condition, values: Mapping[str, float]) -> None:
    (about,) = condition.about
    value = _value(about, values)
    if not (meets := RECORDED[condition.kind]).holds(value):
        raise UsageError(
            f"{each.name} = {formula(each.operation)} has no derivative here: "
            f"{formula(about)} is {value:g} and must be {meets.said}; change the values a little"
        )


def _value(t: Term, values: Mapping[str, float]) -> float:
    given = _in_names(t)
    value = float(scalar_function([given], list(values))(**values))
    if not isfinite(value):
        raise UsageError(f"{formula(t)} has no finite value here; change the values")
    return value


def _in_names(t: Term) -> Term:
    """Entries as plain names, for NumPy."""
    return sym(entry_name(t)) if t.op == "elem" else rebuild(t, tuple(map(_in_names, t.args)))
