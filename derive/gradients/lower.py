"""From a proved formula to numeric operations: right sides in index notation become contractions over a batch."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from itertools import count
from string import ascii_lowercase
from typing import Any, Protocol

from derive.core.context import Context, Definition
from derive.core.match import Found, match
from derive.core.term import Term, delta, exp, log, slot, substitute, sym, total
from derive.gradients.monomials import BOUND, CannotLower, Factor, Scope, base, covered, monomials, whole
from derive.gradients.plain import formula
from derive.gradients.program import DIVIDED, OPERANDS, ROW, Product, Program

W, h, b, z, p, y, L = map(sym, ("W", "h", "b", "z", "p", "y", "L"))
i, j, m = map(sym, "ijm")
CLASSES, FEATURES = map(slot, ("classes", "features"))


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


# what the primitives compute; a theorem about other definitions is not theirs
MEANINGS: Mapping[str, tuple[tuple[str, ...], Term]] = {
    "z": (("m",), total(j, FEATURES, W[m, j] * h[j]) + b[m]),
    "p": (("i",), exp(z[i]) / total(m, CLASSES, exp(z[m]))),
    "L": ((), -total(i, CLASSES, y[i] * log(p[i]))),
}
# the input checks of the gradient enforce this one
ENFORCED = frozenset(["targets-sum-to-one"])


def lower(theorem: Proved) -> Program:
    """The theorem's right side as contractions over a batch. Raises CannotLower.

    >>> from derive.chains import problem_named
    >>> from derive.proofs.prove import prove
    >>> proofs = prove(problem_named("softmax-cross-entropy").chain)
    >>> program = lower(proofs["gradient-W"].theorem)
    >>> program.formula, [(part.operands, part.spec) for part in program.products]
    ('(p[k] - y[k])*h[j]', [(('residual', 'h'), 'nk,nj->kj')])
    """
    context = theorem.context
    check_meaning(theorem)
    value, variable = theorem.left.args
    output = _letters(theorem.left)
    classes, features = context.shapes["z"][0], context.shapes["h"][0]
    sizes = {features: "features", classes: "classes"}
    axes = {name: sizes[size] for name, size in context.indices.items() if size in sizes}
    of_loss = value == L
    keeps_rows = not of_loss or OPERANDS[base(variable)].has_rows
    terms = monomials(theorem.right, Scope(axes, sizes, count()))
    return Program(
        theorem.name,
        formula(theorem.right),
        base(variable),
        of_loss,
        tuple(contraction(c, factors, output, axes, keeps_rows) for c, factors in terms),
        whole(classes),
        whole(features),
        _target(context),
    )


def check_meaning(theorem: Proved) -> None:
    """The theorem is a derivative about the definitions that the primitives compute."""
    if theorem.left.op != "d":
        raise CannotLower(f"{theorem.name}: the left side {formula(theorem.left)} is not a derivative")
    for assumption in sorted(theorem.assumptions - ENFORCED):
        raise CannotLower(f"{theorem.name} holds only under {assumption!r}, which is not a property of a batch")
    for condition in theorem.conditions:
        raise CannotLower(f"{theorem.name} holds only where {condition.kind} {condition.about}")
    found: Found | None = {}
    for name, (params, body) in MEANINGS.items():
        found = _same_meaning(theorem.context.definitions.get(name), params, body, found or {})
        if found is None:
            raise CannotLower(f"{theorem.name} gives {name} another meaning than {formula(body)}")
    for end in theorem.left.args:
        if base(end) not in OPERANDS and end != L:
            raise CannotLower(f"{theorem.name}: no numeric quantity is known for {formula(end)}")


def _same_meaning(definition: Definition | None, params: tuple[str, ...], body: Term, found: Found) -> Found | None:
    if definition is None or len(params) != len(definition.params):
        return None
    letters = {ours: sym(theirs) for ours, theirs in zip(params, definition.params, strict=True)}
    return match(substitute(body, letters), definition.body, found)


def contraction(
    coefficient: Fraction, factors: tuple[Factor, ...], output: list[str], axes: Mapping[str, str], keeps_rows: bool
) -> Product:
    """One monomial as a contraction: what is not in the output, rows included, is summed over."""
    factors = covered(factors, output, axes)
    stray = {letter for f in factors for letter in f.letters if not letter.endswith(BOUND)} - set(output)
    if stray:
        raise CannotLower(f"the index {min(stray)} is free on the right side only")
    if not any(OPERANDS[f.operand].has_rows for f in factors):
        factors = (Factor("ones_rows", ()), *factors)
    names = dict.fromkeys([*output, *(letter for f in factors for letter in f.letters)])
    spare = iter(c for c in ascii_lowercase if c != ROW and c not in names)
    short = {name: name if len(name) == 1 and name != ROW else next(spare) for name in names}
    inputs = [ROW * OPERANDS[f.operand].has_rows + "".join(short[letter] for letter in f.letters) for f in factors]
    result = ROW * keeps_rows + "".join(short[letter] for letter in output)
    operands = tuple(f.operand for f in factors)
    if operands.count(DIVIDED) > 1:
        raise CannotLower("a product of two residuals p[i] - y[i] has no lowering")
    return Product(coefficient, operands, f"{','.join(inputs)}->{result}")


def _letters(left: Term) -> list[str]:
    """The axes of the result: the indices of what is differentiated, then those of the variable."""
    indices = [a for end in left.args if end.op == "elem" for a in end.args[1:]]
    letters = [formula(a) for a in indices]
    if any(a.op != "sym" for a in indices) or len(set(letters)) != len(letters):
        raise CannotLower(f"{formula(left)} is about single entries; a gradient needs free, different indices")
    return letters


def _target(context: Context) -> int | str | None:
    definition = context.definitions.get("y")
    if definition is None:
        return None
    place = definition.body.args[1] if definition.body.op == "delta" else None
    if place is None or definition.body != delta(sym(definition.params[0]), place):
        raise CannotLower(f"targets defined as {formula(definition.body)} have no lowering")
    number = whole(place)
    return "label" if number is None else number - 1
