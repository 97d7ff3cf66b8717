"""The computational graph of a formula: one node an operation, equal parts once, sums and products two at a time."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from math import isfinite
from numbers import Real

from derive.core.functions import CONSTANTS
from derive.core.term import N_ARY, Term, free, neg, rebuild, substitute, sym, walk
from derive.errors import UsageError
from derive.examples.graph import Graph
from derive.examples.graph_numbers import Operation, entry_name, letters, operation, with_numbers
from derive.gradients.plain import formula as plain
from derive.syntax.formula import Formula, parse

DRAWN = frozenset(["num", "sym", "elem", "add", "mul", "neg", "div", "pow", "fn", "cases"])


def graph_of(
    formula: str | Formula | Term,
    values: Mapping[str, float],
    names: Mapping[str, str | Term] | None = None,
    pairs: bool = True,
) -> Graph:
    """The graph of a formula at a point.

    values: a number for each variable. names: what intermediate values are called, each by variables or by names
    before it, {"q": "x + y", "f": "q z"}; others are v1, v2, ... pairs: whether a sum of three is drawn as two sums of
    two. Numbers stay inside the operation that takes them: 1 + u and 1/u have one input, and so has u - v two. Raises
    FormulaError for what cannot be read, UsageError for what has no graph, no value, or no derivative there.

    >>> graph = graph_of("(a+b)*c", {"a": 2, "b": 3, "c": 4}, names={"d": "a+b", "f": "d*c"})
    >>> [(node.name, node.operation, node.value, node.gradient) for node in graph.nodes if not node.is_leaf]
    [('d', add(a, b), 5.0, 4.0), ('f', mul(d, c), 20.0, 1.0)]
    >>> graph.gradients, [(edge.source, edge.derivative, edge.gradient) for edge in graph.into("f")]
    ({'a': 4.0, 'b': 4.0, 'c': 5.0}, [('d', c, 4.0), ('c', d, 5.0)])
    """
    term = _term(formula)
    for _, part in walk(term):
        _refuse_other(part)
    variables = _variables(term)
    wanted = _wanted(names or {}, variables)
    builder = _Builder(pairs, wanted, set(variables))
    builder.place(term)
    if unplaced := [name for part, name in wanted.items() if part not in builder.placed]:
        raise UsageError(f"{unplaced[0]} is no part of {plain(term)} that the graph computes; leave its name out")
    numbers = _numbers(values, variables)
    graph = with_numbers({sym(name): number for name, number in numbers.items()}, builder.operations)
    return replace(graph, typed=True)


def _wanted(names: Mapping[str, str | Term], variables: Sequence[str]) -> dict[Term, str]:
    """The name of each part; one that is a variable too is refused when it is given to a part."""
    parts: dict[str, Term] = {}
    for name, given in names.items():
        before = {each: part for each, part in parts.items() if each not in variables}
        parts[name] = substitute(_term(given), before)
    return {part: name for name, part in parts.items()}


def _term(given: str | Formula | Term) -> Term:
    if isinstance(given, Term):
        return given
    return given.term if isinstance(given, Formula) else parse(given).term


def _refuse_other(part: Term) -> None:
    if part.op not in DRAWN:
        raise UsageError(f"{plain(part)} has no graph; write sums out, and leave derivatives to the edges")


def _leaf(t: Term) -> str | None:
    """The name of a variable: x, or z_1 for an entry with a number; None for anything else."""
    if t.op == "sym" and t.value not in CONSTANTS:
        return str(t.value)
    if t.op == "elem":
        if any(index.op != "num" for index in t.args[1:]):
            raise UsageError(f"{plain(t)} is no single number; a graph needs entries such as {t.args[0]}_1")
        return entry_name(t)
    return None


def _variables(t: Term) -> list[str]:
    """The names of the variables in the order in which they are read."""
    name = _leaf(t)
    if name is not None:
        return [name]
    return list(dict.fromkeys(inner for a in t.args for inner in _variables(a)))


def _numbers(values: Mapping[str, float], variables: list[str]) -> dict[str, float]:
    if not variables:
        raise UsageError("there are no variables in the formula, so there is nothing to differentiate by")
    if missing := [name for name in variables if name not in values]:
        raise UsageError(f"a value for {missing[0]} is missing; the variables are {', '.join(variables)}")
    if surplus := [name for name in values if name not in variables]:
        raise UsageError(f"there is no {surplus[0]} in the formula; the variables are {', '.join(variables)}")
    for name in variables:
        value = values[name]
        if isinstance(value, bool) or not isinstance(value, Real) or not isfinite(value):
            raise UsageError(f"{name} is {value!r:.40}; it must be a finite number")
    return {name: float(values[name]) for name in variables}


@dataclass
class _Builder:
    """Places parts of a formula, inputs first, each part once."""

    pairs: bool
    wanted: Mapping[Term, str]
    taken: set[str]
    operations: list[Operation] = field(default_factory=list)
    placed: dict[Term, str] = field(default_factory=dict)

    def place(self, t: Term) -> str:
        """The name of the node that computes a part."""
        leaf = _leaf(t)
        if leaf is not None:
            return leaf
        if t not in self.placed:
            pattern, inputs = self._taken_apart(t)
            sources = [self.place(part) for part in inputs]
            self.placed[t] = self._name(t)
            self.operations.append(operation(self.placed[t], t, pattern, sources))
        return self.placed[t]

    def _taken_apart(self, t: Term) -> tuple[Term, list[Term]]:
        """The operation with a letter for each input, and the inputs."""
        if t.op in N_ARY and len(t.args) > 2 and self.pairs:
            parts: tuple[Term, ...] = (rebuild(t, t.args[:-1]), t.args[-1])
        else:
            parts = t.args
        inputs: list[Term] = []
        names = iter(letters(len(parts)))
        pattern = Term(t.op, tuple(_input(t, part, inputs, names) for part in parts), t.value)
        return pattern, inputs

    def _name(self, t: Term) -> str:
        if t in self.wanted and self.wanted[t] in self.taken:
            raise UsageError(f"{self.wanted[t]} is already the name of something else in the graph; choose another")
        numbered = (f"v{n}" for n in range(1, len(self.taken) + len(self.wanted) + 2))
        reserved = {*self.taken, *self.wanted.values()}
        name = self.wanted[t] if t in self.wanted else next(free_ for free_ in numbered if free_ not in reserved)
        self.taken.add(name)
        return name


def _input(whole: Term, part: Term, inputs: list[Term], names: Iterator[str]) -> Term:
    """What stands for a part in the operation: a number as it is, a letter for an input; u - v is one operation."""
    if not free(part) - set(CONSTANTS):
        return part
    if whole.op == "add" and part.op == "neg":
        inputs.append(part.args[0])
        return neg(sym(next(names)))
    inputs.append(part)
    return sym(next(names))
