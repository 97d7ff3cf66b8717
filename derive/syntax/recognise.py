"""A loss written in SymPy, recognised as a problem of the catalogue."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import product
from typing import Any

from derive.chains import ProblemError, SoftmaxCrossEntropy, problem_named, unfolded
from derive.chains.softmax_cross_entropy import NAME
from derive.core.term import Term, sym
from derive.syntax.sympy_bridge import concrete, indexed, symbol_name

Expr = Any
WEIGHT = re.compile(r"W_(.+)_(\d+)")


def loss_of(problem: SoftmaxCrossEntropy) -> Expr:
    """The loss in W, h, b and y: plain symbols for concrete classes, indexed sums otherwise."""
    loss = unfolded(sym("L"), problem.context.definitions)
    if problem.classes is None:
        return indexed(loss, problem.context)
    return concrete(loss, problem.context, problem.labels, {})


def recognised(expr: Expr) -> SoftmaxCrossEntropy:
    """The problem whose loss this is, whatever its classes and biases are called.

    Raises ProblemError when it is none of the catalogue.
    """
    for problem in _candidates(expr):
        if loss_of(problem) == expr:
            return problem
    raise ProblemError(
        "this expression is not the loss of a problem of the catalogue; build it from W_<class>_<input>, "
        "h_<input> and one bias b_<name> for each class, as in problem.loss"
    )


def _candidates(expr: Expr) -> Iterator[SoftmaxCrossEntropy]:
    names = {str(symbol) for symbol in expr.free_symbols}
    if "C" in names:
        yield from (problem_named(NAME), problem_named(NAME, target="r"))
        return
    biases, inputs = _logits(expr)
    classes = sorted(biases, key=lambda name: _natural(biases[name]))
    if len(classes) < 2:
        return
    numbered = classes == [str(n) for n in range(1, len(classes) + 1)]
    options = {
        "classes": len(classes) if numbered else classes,
        "inputs": inputs,
        "biases": [biases[name] for name in classes],
    }
    free = any(name.startswith("y_") for name in names)
    for target in [None] if free else classes:
        yield problem_named(NAME, target=target, **options)


def _natural(name: str) -> list[str | int]:
    """A sorting key that puts b_10 after b_9."""
    return [int(n) if n.isdecimal() else n for n in re.split(r"(\d+)", name)]


def _logits(expr: Expr) -> tuple[dict[str, str], int]:
    """The bias that each class is written with, and the number of inputs, read off the sums W h + b."""
    import sympy as sp

    biases: dict[str, str] = {}
    inputs = 0
    for part in expr.atoms(sp.Add):
        weights = [WEIGHT.fullmatch(str(s)) for term in part.args if term.is_Mul for s in term.args]
        found = [match for match in weights if match]
        own = [str(term) for term in part.args if term.is_Symbol and str(term).startswith("b_")]
        if len(own) == 1 and len({match[1] for match in found}) == 1:
            biases[found[0][1]] = own[0]
            inputs = len(found)
    return biases, inputs


def entry_terms(problem: SoftmaxCrossEntropy) -> dict[str, Term]:
    """What each plain symbol stands for: p_setosa for the first entry of p."""
    terms: dict[str, Term] = {}
    for family, shape in problem.context.shapes.items():
        if shape and all(size.op == "num" for size in shape):
            for at in product(*(range(1, int(size.value or 0) + 1) for size in shape)):
                terms[symbol_name(family, at, problem.labels)] = sym(family)[at]
    return terms
