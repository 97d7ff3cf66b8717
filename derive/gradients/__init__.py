"""Numeric gradients, generated from proved formulas. NumPy only; importing this imports no SymPy.

>>> from derive.gradients import softmax_cross_entropy
>>> value, gradient = softmax_cross_entropy.value_and_grad([[0.0], [0.0]], [0.0, 0.0], [[1.0]], [0])
>>> gradient.b
array([-0.5,  0.5])
"""

from __future__ import annotations

from derive.gradients import softmax_cross_entropy
from derive.gradients.arrays import CannotLower
from derive.gradients.emit import emit
from derive.gradients.function import Function, function_from, lower

__all__ = ["CannotLower", "Function", "emit", "function_from", "lower", "softmax_cross_entropy"]
