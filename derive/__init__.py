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
    from derive.budget import budget_of
    from derive.checking import check
    from derive.checking.arrays import check_array
    from derive.derivation import Derivation, Problem, problem, prove
    from derive.derivation.network import Network, network, objective
    from derive.derivation.verify import verify

__version__ = "0.1.0"
__all__ = [
    "Derivation", "Network", "Problem", "__version__", "budget_of", "check",
    "check_array", "examples", "gradients", "network", "objective", "problem", "prove", "verify",
]  # fmt: skip

# loaded when first asked for, so that the command line answers --help at once
_HOMES = {
    "Derivation": "derive.derivation",
    "Network": "derive.derivation.network",
    "Problem": "derive.derivation",
    "problem": "derive.derivation",
    "budget_of": "derive.budget",
    "check": "derive.checking",
    "check_array": "derive.checking.arrays",
    "network": "derive.derivation.network",
    "objective": "derive.derivation.network",
    "prove": "derive.derivation",
    "verify": "derive.derivation.verify",
}


def __getattr__(name: str) -> Any:
    if name in ("examples", "gradients"):
        return import_module(f"derive.{name}")
    if name in _HOMES:
        return getattr(import_module(_HOMES[name]), name)
    raise AttributeError(f"module 'derive' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted(__all__)
