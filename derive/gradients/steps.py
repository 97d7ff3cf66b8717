"""What a function of a chain does, step by step: a definition or the right side of a theorem each."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Protocol

import numpy as np

from derive.core.context import Context, Definition
from derive.core.term import Term, walk
from derive.gradients.arrays import CannotLower, Node, Values, evaluate
from derive.gradients.lowering import Lowering, indices_of, instance
from derive.gradients.numerics import softmax_of
from derive.gradients.plain import formula
from derive.gradients.stable import Probabilities, softmax_logits


class Proved(Protocol):
    """The part of a Theorem that is read here."""

    @property
    def name(self) -> str: ...
    @property
    def context(self) -> Context: ...
    @property
    def left(self) -> Term: ...
    @property
    def right(self) -> Term: ...
    @property
    def assumptions(self) -> frozenset[str]: ...
    @property
    def conditions(self) -> tuple[Any, ...]: ...


@dataclass(frozen=True)
class Step:
    """Values that are computed and kept under a name. sizes: of its axes; softmax: whether its values are logits."""

    name: str
    sizes: tuple[Term, ...]
    node: Node
    softmax: bool = False

    def __call__(self, values: Values) -> None:
        array = evaluate(self.node, values)
        shape = tuple(map(values.size, self.sizes))
        array = np.broadcast_to(np.asarray(array, values.dtype), shape)
        if self.softmax:
            values.softmaxes[self.name] = softmax_of(array)
            array = values.softmaxes[self.name].p
        values.arrays[self.name] = array


def kept(theorem: str) -> str:
    """The name under which the values of a theorem are kept; no family is called so."""
    return f"theorem {theorem}"


def defined(definition: Definition, context: Context, probabilities: Probabilities) -> Step:
    """The step of a definition; a softmax gives its logarithms and what is left to 1 as well."""
    shape = context.shapes[definition.name]
    lowering = Lowering(dict(zip(definition.params, shape, strict=True)), order=definition.params)
    logits = softmax_logits(definition)
    body = probabilities.stable(definition.body if logits is None else logits)
    return Step(definition.name, shape, lowering.array(body).along(definition.params), logits is not None)


def proved(name: str, theorem: Proved, lefts: Mapping[str, Term], probabilities: Probabilities) -> Step:
    """The step of a theorem's right side. lefts: the left sides of those whose values it may use."""
    ranges = theorem.context.indices
    return right_side(name, letters_of(theorem.left), theorem.right, Lowering(ranges, lefts), probabilities)


def letters_of(left: Term) -> tuple[str, ...]:
    """The axes of a derivative: the letters of what is differentiated, then those of the variable."""
    indices = dict.fromkeys(indices_of(left))
    if any(index.op != "sym" for index in indices):
        raise CannotLower(f"{formula(left)} is about single entries; a gradient needs letters")
    return tuple(str(index.value) for index in indices)


def right_side(
    name: str, letters: tuple[str, ...], right: Term, lowering: Lowering, probabilities: Probabilities
) -> Step:
    """The step of a right side whose axes are these letters."""
    body = replace(lowering, order=letters).array(probabilities.stable(right))
    if stray := sorted(set(body.letters) - set(letters)):
        raise CannotLower(f"{name}: the index {stray[0]} is free on the right side only")
    return Step(kept(name), tuple(lowering.ranges[letter] for letter in letters), body.along(letters))


def needed(theorems: Mapping[str, Proved], asked: Iterable[str]) -> dict[str, Proved]:
    """The theorems asked for, and those whose values they use, before them."""
    found: dict[str, Proved] = {}

    def collect(name: str) -> None:
        for _, t in walk(theorems[name].right):
            if t.op == "d" and (other := _about(t, theorems)) not in found:
                collect(other)
        found.setdefault(name, theorems[name])

    for name in asked:
        collect(name)
    return found


def _about(derivative: Term, theorems: Mapping[str, Proved]) -> str:
    for name, theorem in theorems.items():
        if theorem.left.op == "d" and instance(theorem.left, derivative) is not None:
            return name
    raise CannotLower(f"no theorem was given about {formula(derivative)}")
