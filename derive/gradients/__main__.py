"""Write softmax_cross_entropy.py anew: python -m derive.gradients."""

from __future__ import annotations

from pathlib import Path

from derive.chains import problem_named
from derive.gradients.emit import emit
from derive.gradients.plain import rests_on, told
from derive.proofs.prove import prove

GRADIENTS = ("gradient-W", "gradient-b", "gradient-h", "gradient-z")
TARGET = Path(__file__).with_name("softmax_cross_entropy.py")


def generated(alone: bool = True) -> str:
    """The text of the module, from theorems proved on the spot; alone: with its derivation and all that it calls."""
    proofs = prove(problem_named("softmax-cross-entropy").chain, also=["softmax-shift"])
    theorems = {name: proofs[name].theorem for name in GRADIENTS}
    if not alone:
        return emit(theorems, alone=False)
    needed = frozenset[str]().union(*map(rests_on, theorems.values()))
    derivation = "\n\n".join(told(proof) for name, proof in proofs.items() if name in needed)
    return emit(theorems, derivation, told(proofs["softmax-shift"]))


if __name__ == "__main__":
    TARGET.write_text(generated(alone=False), encoding="utf-8")
    print(f"wrote {TARGET.name}")
