"""A proved derivative of plain variables as a NumPy function."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from derive.core.term import Term, nodes
from derive.gradients.arrays import CannotLower, Values, evaluate
from derive.gradients.lowering import Lowering


def scalar_function(rights: Sequence[Term], variables: Sequence[str]) -> Callable[..., Any]:
    """f(x, y, ...): the values of the terms, arrays broadcast against each other; one value, or a tuple.

    Raises CannotLower for a function that NumPy does not have.

    >>> from derive.core.term import fn, sym
    >>> x = sym("x")
    >>> float(scalar_function([x**2 * fn("sin", x)], ["x"])(0.0))
    0.0
    """
    outputs = [Lowering({}).array(_scalar(t)) for t in rights]

    def function(*arguments: ArrayLike, **named: ArrayLike) -> Any:
        if len(arguments) > len(variables) or set(named) - set(variables[len(arguments) :]):
            raise TypeError(f"the arguments are {', '.join(variables)}")
        given = {**dict(zip(variables, arguments, strict=False)), **named}
        if missing := [name for name in variables if name not in given]:
            raise TypeError(f"a value for {missing[0]} is missing; the arguments are {', '.join(variables)}")
        arrays = {name: np.asarray(value) for name, value in given.items()}
        floats = [a.dtype if a.dtype.kind == "f" else np.float64 for a in arrays.values()]
        dtype = np.result_type(np.float32, *floats) if floats else np.dtype(np.float64)
        values = Values({name: a.astype(dtype) for name, a in arrays.items()}, {}, dtype)
        shape = np.broadcast_shapes(*(a.shape for a in arrays.values()))
        with np.errstate(all="ignore"):
            results = tuple(np.broadcast_to(evaluate(output, values), shape)[()] for output in outputs)
        return results[0] if len(results) == 1 else results

    return function


def _scalar(t: Term) -> Term:
    """The term, if it is one of plain variables."""
    for part in nodes(t):
        if part.op in ("elem", "sum", "delta", "d"):
            raise CannotLower(f"NumPy has no function for {part.op}")
    return t
