"""What may be the name of a symbolic size or constant: nothing that a network already calls something else."""

from __future__ import annotations

import re

from derive.chains.spec import ACTIVATIONS
from derive.chains.spec_problem import shown
from derive.core.functions import CONSTANTS, FUNCTIONS

LONGEST_SYMBOL = 20
SYMBOL = re.compile(rf"(?!.*__)[A-Za-z][A-Za-z0-9_]{{0,{LONGEST_SYMBOL - 1}}}")
INDICES = frozenset("cijklmoqr")  # n is free: it is what many call the number of inputs
QUANTITIES = frozenset("WbshxypztwuLNed") | {"ell", "loss", "penalty"}
# gamma is also a function, but the exponent of the focal loss is called nothing else
WORDS = (frozenset(FUNCTIONS) | set(CONSTANTS) | set(ACTIVATIONS) | {"softmax", "sum", "ln", "lg"}) - {"gamma"}
RESERVED = INDICES | QUANTITIES | WORDS
OF_A_LAYER = re.compile(r"([Wbshzp]|delta)_*[0-9]+")  # W1 belongs to the first layer


def symbol_problem(name: str) -> str | None:
    """What is wrong with the name of a symbol, or None.

    >>> symbol_problem("lambda"), symbol_problem("W1")
    (None, '"W1" is already the name of something in the network; choose another, such as "n", "C" or "lambda"')
    """
    if not SYMBOL.fullmatch(name):
        return (
            f"{shown(name)} is not a name: it needs 1 to {LONGEST_SYMBOL} letters a-z, digits and single _,"
            ' a letter first, such as "n" or "lambda"'
        )
    if name in RESERVED or OF_A_LAYER.fullmatch(name):
        what = "an index" if name in INDICES else "the name of a function" if name in WORDS else ""
        taken = what or "the name of something in the network"
        return f'{shown(name)} is already {taken}; choose another, such as "n", "C" or "lambda"'
    return None
