"""What a finding of the lint shows: the theorem that a person would write down as the reason."""

from __future__ import annotations

import pytest

from derive.chains.lint import lint
from derive.chains.network import network_problem
from derive.chains.spec import LayerSpec, LossSpec, NetworkSpec
from derive.core.term import Term, num, sym, total
from derive.proofs.prove import prove
from derive.witness.balls import check_equation

i, k, m, p, y, C = (sym(c) for c in "ikmpyC")
s, h, s1, W2 = sym("s__2"), sym("h__2"), sym("s__1"), sym("W__2")
ONE = num(1)
SHOWN: list[tuple[str, str, LossSpec, Term]] = [
    ("double-softmax", "softmax", LossSpec(), h[k] * ((p[k] - y[k]) - total(i, C, (p[i] - y[i]) * h[i]))),
    ("saturation", "sigmoid", LossSpec("squared-error", "value"), (h[k] - y[k]) * h[k] * (ONE - h[k])),
    ("log-of-zero", "softmax", LossSpec(source="probabilities"), -(y[k] / h[k])),
    ("soft-targets", "identity", LossSpec(target="soft"), p[k] * total(i, C, y[i]) - y[k]),
    ("soft-targets", "softmax", LossSpec(target="soft", source="probabilities"), h[k] * total(i, C, y[i]) - y[k]),
    ("linear-layer", "identity", LossSpec("squared-error", "value"), W2[m, k]),
]


@pytest.mark.parametrize(("key", "activation", "loss", "expected"), SHOWN)
def test_the_theorem_shows_the_consequence(key: str, activation: str, loss: LossSpec, expected: Term) -> None:
    hidden = "identity" if key == "linear-layer" else "tanh"
    spec = NetworkSpec(2, (LayerSpec(3, hidden), LayerSpec("C", activation)), loss)
    found = next(each for each in lint(spec) if each.key == key)
    theorem = prove(network_problem(spec).chain, (), also=[found.proof])[found.proof].theorem
    verdict = check_equation(theorem.right, expected, theorem.context, theorem.assumptions)
    assert verdict.status == "proven", theorem
    assert check_equation(theorem.left, expected, theorem.context, theorem.assumptions).status == "proven"


def test_without_the_assumption_the_sum_stays() -> None:
    spec = NetworkSpec(2, (LayerSpec("C"),), LossSpec(target="soft"))
    [found] = lint(spec)
    assert prove(network_problem(spec).chain, (), also=[found.proof])[found.proof].theorem.assumptions == frozenset()
