"""Step-by-step derivative proofs for deep learning, checked line by line.

>>> import derive
>>> derivation = derive.prove("softmax-cross-entropy", wrt="b")
>>> derivation.theorem.right
add(p[k], neg(y[k]))
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from derive import examples, gradients
    from derive.arrays import check_array
    from derive.budget import budget_of
    from derive.checking import check
    from derive.derivation import Derivation, Problem, problem, prove
    from derive.function import FunctionDerivation
    from derive.lemmas import LemmaDerivation
    from derive.networks import Network, network, objective
    from derive.recheck import verify

__version__ = "0.1.0"
__all__ = [
    "Derivation", "FunctionDerivation", "LemmaDerivation", "Network", "Problem", "__version__", "budget_of", "check",
    "check_array", "examples", "gradients", "network", "objective", "problem", "prove", "verify",
]  # fmt: skip

# loaded when first asked for, so that the command line answers --help at once
_HOMES = {
    "Derivation": "derive.derivation",
    "FunctionDerivation": "derive.function",
    "Network": "derive.networks",
    "Problem": "derive.derivation",
    "problem": "derive.derivation",
    "budget_of": "derive.budget",
    "check": "derive.checking",
    "check_array": "derive.arrays",
    "LemmaDerivation": "derive.lemmas",
    "network": "derive.networks",
    "objective": "derive.networks",
    "prove": "derive.derivation",
    "verify": "derive.recheck",
}


def __getattr__(name: str) -> Any:
    if name in ("examples", "gradients"):
        return import_module(f"derive.{name}")
    if name in _HOMES:
        return getattr(import_module(_HOMES[name]), name)
    raise AttributeError(f"module 'derive' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted(__all__)
