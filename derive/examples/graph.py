"""Computational graphs with numbers: values forward along the nodes, gradients backward along the edges.

Every node is one operation. An edge knows the local derivative of the operation by that input, as a theorem that the
kernel checked; the gradient of a node is the sum over the edges that leave it (reverse accumulation).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from numpy.typing import NDArray

from derive.core.kernel import Theorem
from derive.core.term import Term
from derive.errors import UsageError

LEAF, FORWARD, START, EDGE, SUM = "leaf", "forward", "start", "edge", "sum"
Number = float | NDArray[Any]


@dataclass(frozen=True, eq=False)
class Node:
    """One operation, or a variable.

    name: of its value; symbol: the same as a term, q or p[2]. term: what it computes, in variables. operation: the
    same in the symbols of its inputs; None for a variable. value: forward. gradient: the derivative of the output by
    it; None for what is not differentiated by, such as targets.
    """

    name: str
    symbol: Term
    term: Term
    operation: Term | None
    inputs: tuple[str, ...]
    value: Number
    gradient: Number | None = None

    @property
    def is_leaf(self) -> bool:
        return self.operation is None


@dataclass(frozen=True, eq=False)
class Edge:
    """From an input to the operation that takes it, at a position among its inputs.

    derivative: of the operation by this input, in the symbols of nodes. theorem: what proves it, in letters of its own.
    local: its value; between vectors all derivatives of entries by entries. gradient: what comes back along this edge,
    the gradient of the target times local.
    """

    source: str
    target: str
    position: int
    derivative: Term
    theorem: Theorem = field(repr=False)
    local: Number
    gradient: Number


@dataclass(frozen=True, eq=False)
class Stroke:
    """One thing that is drawn.

    kind: "leaf" and "forward", a node with its value; "start", the gradient of the output by itself; "edge", a local
    derivative and the gradient along the edge; "sum", the gradients of several edges added up at their common source.
    value: the number that is written then.
    """

    kind: str
    node: str
    value: Number
    edge: Edge | None = None


@dataclass(frozen=True, eq=False)
class Graph:
    """nodes: inputs before operations. edges: by target, in the order of the inputs. output: the last node's name.

    typed: whether it is of a formula that somebody has typed, with letters of its own, and not of a network.
    """

    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]
    typed: bool = False

    @property
    def output(self) -> str:
        return self.nodes[-1].name

    @cached_property
    def by_name(self) -> Mapping[str, Node]:
        return {node.name: node for node in self.nodes}

    def __getitem__(self, name: str) -> Node:
        """The node with this name. Raises UsageError."""
        if name not in self.by_name:
            raise UsageError(f'the graph has no node "{name}"; it has {", ".join(self.by_name)}')
        return self.by_name[name]

    @property
    def leaves(self) -> tuple[Node, ...]:
        """The variables, in the order in which they appear."""
        return tuple(node for node in self.nodes if node.is_leaf)

    @property
    def gradients(self) -> dict[str, Number]:
        """The derivative of the output by each variable."""
        return {node.name: node.gradient for node in self.leaves if node.gradient is not None}

    def into(self, name: str) -> tuple[Edge, ...]:
        """The edges that end in a node."""
        return tuple(edge for edge in self.edges if edge.target == name)

    def out_of(self, name: str) -> tuple[Edge, ...]:
        """The edges that start in a node."""
        return tuple(edge for edge in self.edges if edge.source == name)

    @cached_property
    def levels(self) -> Mapping[str, int]:
        """How many operations lie between each node and the variables at most: the column to draw it in."""
        found: dict[str, int] = {}
        for node in self.nodes:
            found[node.name] = 1 + max((found[name] for name in node.inputs), default=-1)
        return found

    @property
    def strokes(self) -> tuple[Stroke, ...]:
        """Everything that is drawn, in the order of a lecture: values forward, then gradients backward."""
        return (*self._forward(), *self._backward())

    def _forward(self) -> Iterator[Stroke]:
        for node in sorted(self.nodes, key=lambda node: not node.is_leaf):
            yield Stroke(LEAF if node.is_leaf else FORWARD, node.name, node.value)

    def _backward(self) -> Iterator[Stroke]:
        waiting = Counter(edge.source for edge in self.edges)
        several = {name for name, edges in waiting.items() if edges > 1}
        start = self[self.output].gradient
        yield Stroke(START, self.output, 1.0 if start is None else start)
        for node in reversed(self.nodes):
            for edge in self.into(node.name):
                yield Stroke(EDGE, edge.source, edge.gradient, edge)
                waiting[edge.source] -= 1
                gradient = self[edge.source].gradient
                if edge.source in several and not waiting[edge.source] and gradient is not None:
                    yield Stroke(SUM, edge.source, gradient)
