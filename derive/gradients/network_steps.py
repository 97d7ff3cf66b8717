"""What a network's function does, step by step: a definition or the right side of a theorem each."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np

from derive.core.context import Context, Definition
from derive.core.term import Term, walk
from derive.gradients.lower import Proved
from derive.gradients.monomials import CannotLower
from derive.gradients.plain import formula
from derive.gradients.stable import LOG, REST, Probabilities, softmax_logits
from derive.gradients.tensors import Array, Lowering, Run, Values, indices_of, instance


@dataclass(frozen=True)
class Step:
    """Values that are computed and kept under a name. sizes: of its axes; softmax: whether its values are logits."""

    name: str
    sizes: tuple[Term, ...]
    run: Run
    softmax: bool = False

    def __call__(self, values: Values) -> None:
        array = self.run(values)
        if self.softmax:
            log, p, rest = softmax_of(array)
            values.arrays.update({self.name: p, self.name + LOG: log, self.name + REST: rest})
        else:
            shape = tuple(map(values.size, self.sizes))
            values.arrays[self.name] = np.broadcast_to(np.asarray(array, values.dtype), shape)


def softmax_of(logits: Array) -> tuple[Array, Array, Array]:
    """ln p, p and 1 - p along the last axis, without overflow and each with all its digits.

    1 - p is at least the smallest float, since no probability is 1.
    """
    at = np.expand_dims(logits.argmax(axis=-1), -1)
    shifted = logits - np.take_along_axis(logits, at, axis=-1)
    powers = np.exp(shifted)
    np.put_along_axis(powers, at, 0, axis=-1)
    others = powers.sum(axis=-1, keepdims=True)
    np.put_along_axis(powers, at, 1, axis=-1)
    log = shifted - np.log1p(others)
    return log, powers / (1 + others), np.maximum(-np.expm1(log), np.finfo(logits.dtype).tiny)


def kept(theorem: str) -> str:
    """The name under which the values of a theorem are kept; no family is called so."""
    return f"theorem {theorem}"


def defined(definition: Definition, context: Context, probabilities: Probabilities) -> Step:
    """The step of a definition; a softmax gives its logarithms and what is left to 1 as well."""
    shape = context.shapes[definition.name]
    lowering = Lowering(dict(zip(definition.params, shape, strict=True)))
    logits = softmax_logits(definition)
    body = probabilities.stable(definition.body if logits is None else logits)
    return Step(definition.name, shape, lowering.tensor(body).along(definition.params), logits is not None)


def proved(name: str, theorem: Proved, lefts: Mapping[str, Term], probabilities: Probabilities) -> Step:
    """The step of a theorem's right side. lefts: the left sides of those whose values it may use."""
    indices = dict.fromkeys(indices_of(theorem.left))
    if any(index.op != "sym" for index in indices):
        raise CannotLower(f"{formula(theorem.left)} is about a single entry; a gradient needs letters")
    letters = tuple(str(index.value) for index in indices)
    ranges = theorem.context.indices
    body = Lowering(ranges, lefts).tensor(probabilities.stable(theorem.right))
    if not set(body.letters) <= set(letters):
        raise CannotLower(f"{name}: a letter is free on the right side only")
    return Step(kept(name), tuple(ranges[letter] for letter in letters), body.along(letters))


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
