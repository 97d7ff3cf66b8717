"""A theorem about one row as a function of a batch of rows; nothing is compiled or executed as text."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from derive.core.context import Context, Definition
from derive.core.functions import CONSTANTS
from derive.core.term import Term, delta, free, rebuild, sym, total
from derive.gradients.arrays import CannotLower, Values
from derive.gradients.checks import Batch, check_reduction, checked_batch
from derive.gradients.lowering import Lowering
from derive.gradients.numerics import refuse_overflow, share
from derive.gradients.plain import formula
from derive.gradients.stable import Probabilities
from derive.gradients.steps import Proved, Step, defined, letters_of, right_side

REDUCED = ("mean", "sum")
ROWS, DIVISOR = sym("N"), sym("divisor")
DATA, ARGUMENTS = ("h", "y"), ("W", "b", "h", "y")
ENFORCED = frozenset(["targets-sum-to-one"])  # the checks of the arguments enforce this one


@dataclass(frozen=True)
class Program:
    """What a theorem comes to for a batch: the definitions it needs, step by step, then its right side.

    theorem, formula: where it comes from. variable: what is differentiated by. of_loss: whether the loss is
    differentiated (then rows are reduced), or a quantity of each row. steps: what is run, the theorem last.
    definitions: all of them. classes, features: the sizes the theorem is about, None for any. target: the only label
    it is about; "label" for any single label, None for any targets.
    """

    theorem: str
    formula: str
    variable: str
    of_loss: bool
    steps: tuple[Step, ...]
    definitions: tuple[Step, ...] = ()
    classes: int | None = None
    features: int | None = None
    target: int | str | None = None


def lower(theorem: Proved) -> Program:
    """The theorem for N rows: whatever depends on the data has the row as its first index. Raises CannotLower.

    >>> from derive.chains import problem_named
    >>> from derive.proofs.prove import prove
    >>> proofs = prove(problem_named("softmax-cross-entropy").chain)
    >>> program = lower(proofs["gradient-W"].theorem)
    >>> program.formula, [step.name for step in program.steps]
    ('(p[k] - y[k])*h[j]', ['z', 'p', 'theorem gradient-W'])
    """
    _check_meaning(theorem)
    context, (value, variable) = theorem.context, theorem.left.args
    own = {name: d for name, d in context.definitions.items() if name not in DATA}
    moving = {*DATA, *(name for name in own if context.reach([name]) & {*DATA})}
    row = next(sym(letter) for letter in "nqrst" if letter not in context.letters)
    family, of_loss = str((variable.args or (variable,))[0].value), not value.args
    right = _of_row(theorem.right, moving, row)
    if of_loss and family not in moving:
        right = total(row, ROWS, right)
    if of_loss:
        right = right / DIVISOR
    shapes = {name: ((ROWS,) if name in moving else ()) + shape for name, shape in context.shapes.items()}
    definitions = {
        name: Definition(name, (str(row.value), *d.params), _of_row(d.body, moving, row)) for name, d in own.items()
    }
    rows = Context(definitions, shapes)
    probabilities = Probabilities(definitions)
    lowering = Lowering({**context.indices, str(row.value): ROWS})
    letters = (*([str(row.value)] if not of_loss or family in moving else []), *letters_of(theorem.left))
    needed = rows.reach(free(right)) | free(right)
    every = tuple(defined(d, rows, probabilities) for d in definitions.values())
    steps = [step for step in every if step.name in needed]
    steps.append(right_side(theorem.name, letters, right, lowering, probabilities))
    classes, features = map(_whole, (context.shapes["z"][0], context.shapes["h"][0]))
    written = formula(theorem.right)
    return Program(theorem.name, written, family, of_loss, tuple(steps), every, classes, features, _target(context))


def _check_meaning(theorem: Proved) -> None:
    """The theorem is a derivative by what can be given, and holds for every batch."""
    if theorem.left.op != "d":
        raise CannotLower(f"{theorem.name}: the left side {formula(theorem.left)} is not a derivative")
    for assumption in sorted(theorem.assumptions - ENFORCED):
        raise CannotLower(f"{theorem.name} holds only under {assumption!r}, which is not a property of a batch")
    for condition in theorem.conditions:
        raise CannotLower(f"{theorem.name} holds only where {condition.kind} {condition.about}")
    context = theorem.context
    known = {*ARGUMENTS, *context.definitions, *context.letters, *context.size_names, *CONSTANTS}
    for t in (theorem.left, theorem.right):
        if unknown := sorted(free(t) - known):
            raise CannotLower(f"{theorem.name}: no numeric quantity is known for {unknown[0]}")


def _of_row(t: Term, moving: Collection[str], row: Term) -> Term:
    """The term about one row of many: L is L[n], p[k] is p[n,k]."""
    if t.op == "sym":
        return t[row] if t.value in moving else t
    if t.op == "elem":
        family, *places = t.args
        return family[(row, *places)] if family.value in moving else t
    if t.op == "d":
        raise CannotLower(f"{formula(t)} stands on the right side; no theorem was given about it")
    return rebuild(t, tuple(_of_row(a, moving, row) for a in t.args)) if t.args else t


def _whole(size: Term) -> int | None:
    """The number that a size is, if it is one."""
    return int(str(size.value)) if size.op == "num" else None


def _target(context: Context) -> int | str | None:
    definition = context.definitions.get("y")
    if definition is None:
        return None
    place = definition.body.args[1] if definition.body.op == "delta" else None
    if place is None or definition.body != delta(sym(definition.params[0]), place):
        raise CannotLower(f"targets defined as {formula(definition.body)} have no lowering")
    number = _whole(place)
    return "label" if number is None else number - 1


@dataclass(frozen=True)
class Function:
    """f(W, b, h, y, reduction): the gradient that one theorem states, for a batch.

    W (C, H), b (C,), h (N, H), y (N,) labels 0..C-1 or (N, C) probabilities. A gradient of the
    loss has the shape of its variable and belongs to the "mean" (the default) or "sum" over rows;
    any other derivative is given row by row, its first axis N, and takes no reduction.
    Raises ValueError or TypeError naming the argument that does not fit.
    """

    program: Program

    @property
    def __name__(self) -> str:
        return self.program.theorem

    @np.errstate(over="ignore", under="ignore", invalid="ignore")
    def __call__(
        self, W: ArrayLike, b: ArrayLike, h: ArrayLike, y: ArrayLike, reduction: str | None = None
    ) -> NDArray[Any]:
        chosen = reduction
        if self.program.of_loss:
            chosen = "mean" if reduction is None else reduction
            check_reduction(chosen, REDUCED)
        elif reduction is not None:
            raise ValueError(f"reduction is {reduction!r}; {self.program.theorem} is about each row, leave it out")
        batch = checked_batch(W, b, h, y)
        check_sizes(self.program, batch)
        values = values_of(batch, str(chosen))
        for step in self.program.steps:
            step(values)
            if step.softmax:
                refuse_overflow(values.softmaxes[step.name].others)
        return np.array(values.arrays[self.program.steps[-1].name])


def values_of(batch: Batch, reduction: str) -> Values:
    """The arguments by name; labels are kept as labels."""
    (classes, features), rows = batch.W.shape, len(batch.h)
    arrays = {"W": batch.W, "b": batch.b, "h": batch.h, "divisor": batch.W.dtype.type(share(reduction, rows))}
    values = Values(arrays, {"N": rows, "C": classes, "H": features}, batch.W.dtype)
    if batch.y.ndim == 1:
        values.labels["y"] = batch.y, classes
    else:
        values.arrays["y"] = batch.y
    return values


def function_from(theorem: Proved) -> Function:
    """The function of a theorem. Raises CannotLower when its right side has no form as arrays.

    >>> from derive.chains import problem_named
    >>> from derive.proofs.prove import prove
    >>> proofs = prove(problem_named("softmax-cross-entropy").chain)
    >>> f = function_from(proofs["gradient-b"].theorem)
    >>> f([[0.0], [0.0]], [0.0, 0.0], [[1.0]], [0])
    array([-0.5,  0.5])
    """
    return Function(lower(theorem))


def check_sizes(program: Program, batch: Batch) -> None:
    """A theorem about 3 classes, or about one true class, says nothing about others."""
    classes, features = batch.W.shape
    for axis, wanted, size in (("classes", program.classes, classes), ("features", program.features, features)):
        if wanted is not None and wanted != size:
            raise ValueError(
                f"W has {size} {axis}; {program.theorem} was proved for {wanted}; leave sizes open for any"
            )
    if program.target is not None and batch.y.ndim != 1:
        raise ValueError(f"y has shape {batch.y.shape}; {program.theorem} was proved for labels, one true class a row")
    if isinstance(program.target, int) and (batch.y != program.target).any():
        row = int((batch.y != program.target).argmax())
        raise ValueError(
            f"y has label {batch.y[row]} in row {row}; {program.theorem} was proved for {program.target}, "
            "leave the target open for any"
        )
