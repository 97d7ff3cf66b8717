"""The gradients of networks: all witnesses agree with every theorem, and none with its bad twins."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from functools import cache
from itertools import pairwise

import pytest
from twins import twins

from derive.chains.network import NetworkProblem, network_problem
from derive.chains.spec import ACTIVATIONS, REDUCTIONS, LayerSpec, LossSpec, NetworkSpec
from derive.core.kernel import Refused
from derive.core.term import Term, d, fn, num, sym, total
from derive.errors import UsageError
from derive.proofs.proof import Proof
from derive.proofs.prove import prove
from derive.witness.balls import check_equation, check_theorem
from derive.witness.cas import Claimed, check_claim

i, j, k, m, n, L, x, y, p, ell, N, C = (sym(c) for c in ("i", "j", "k", "m", "n", "L", "x", "y", "p", "ell", "N", "C"))
W1, W2, s1, s2, h1, h2 = (sym(f"{c}__{layer}") for c in "Wsh" for layer in (1, 2))
TENTH, HALF = Fraction(1, 10), Fraction(1, 2)
RELU = LayerSpec(3, "relu")

# what is proved of the last layer, written by hand
LOSSES: dict[str, tuple[str, LossSpec, Term]] = {
    "cross-entropy": ("identity", LossSpec(), p[k] - y[k]),
    "index": ("identity", LossSpec(target="index"), p[k] - y[k]),
    "weights": (
        "identity", LossSpec(weights="w"), p[k] * total(i, C, sym("w")[i] * y[i]) - sym("w")[k] * y[k],
    ),
    "smoothing": ("identity", LossSpec(smoothing=TENTH), p[k] - (num(Fraction(9, 10)) * y[k] + num(TENTH) / C)),
    "temperature": ("identity", LossSpec(temperature="T"), (p[k] - y[k]) / sym("T")),
    "base": ("identity", LossSpec(base=Fraction(2)), (p[k] - y[k]) / fn("log", num(2))),
    "ignored": ("identity", LossSpec(target="index", ignore_index=-1), p[k] * total(i, C, y[i]) - y[k]),
    "kl-divergence": ("identity", LossSpec("kl-divergence", "soft"), p[k] - y[k]),
    "probabilities": ("softmax", LossSpec(source="probabilities"), h2[k] - y[k]),
    "binary": (
        "identity", LossSpec("binary-cross-entropy", "binary"), num(1) / (num(1) + fn("exp", -s2[k])) - y[k],
    ),
    "binary-probability": ("sigmoid", LossSpec("binary-cross-entropy", "binary", source="probabilities"), h2[k] - y[k]),
    "squared": ("identity", LossSpec("squared-error", "value"), s2[k] - y[k]),
    "squared-sum": ("identity", LossSpec("squared-error", "value", scale="sum"), num(2) * (s2[k] - y[k])),
    "squared-mean": ("identity", LossSpec("squared-error", "value", scale="mean"), num(2) * (s2[k] - y[k]) / C),
    "squared-sigmoid": ("sigmoid", LossSpec("squared-error", "value"), (h2[k] - y[k]) * h2[k] * (num(1) - h2[k])),
    "squared-softmax": (
        "softmax", LossSpec("squared-error", "one-hot"),
        h2[k] * ((h2[k] - y[k]) - total(i, C, (h2[i] - y[i]) * h2[i])),
    ),
    "double-softmax": (
        "softmax", LossSpec(), h2[k] * ((p[k] - y[k]) - total(i, C, (p[i] - y[i]) * h2[i])),
    ),
    "absolute": ("identity", LossSpec("absolute-error", "value"), fn("sign", s2[k] - y[k])),
    "hinge": (
        "identity", LossSpec("hinge"),
        (num(1) - y[k]) * fn("step", num(1) + s2[k] - total(j, C, y[j] * s2[j]))
        - y[k] * total(i, C, (num(1) - y[i]) * fn("step", num(1) + s2[i] - total(j, C, y[j] * s2[j]))),
    ),
}  # fmt: skip
MORE = {
    "focal": ("identity", LossSpec("focal")),
    "focal-weights": ("identity", LossSpec("focal", gamma=HALF, weights="w")),
    "huber": ("identity", LossSpec("huber", "value", delta="kappa")),
    "kl-temperature": ("identity", LossSpec("kl-divergence", "soft", temperature=Fraction(3))),
    "smoothed-weights": ("identity", LossSpec(smoothing="epsilon", weights="w", ignore_index=0, target="index")),
}
NAMED = {name: row[:2] for name, row in LOSSES.items()} | MORE


@cache
def proved(loss: str, batch: bool = False, reduction: str = "mean") -> tuple[NetworkProblem, dict[str, Proof]]:
    activation, spec = NAMED[loss]
    layers = (RELU, LayerSpec("C", activation))
    problem = network_problem(NetworkSpec(2, layers, replace(spec, reduction=reduction)), batch)
    return problem, prove(problem.chain)


@pytest.mark.parametrize("loss", LOSSES)
def test_the_last_delta_is_what_is_written_by_hand(loss: str) -> None:
    problem, proofs = proved(loss)
    theorem = proofs["delta-2"].theorem
    expected = LOSSES[loss][2]
    verdict = check_equation(theorem.right, expected, theorem.context, theorem.assumptions)
    assert verdict.status == "proven", (theorem, verdict)
    assert check_equation(theorem.left, expected, theorem.context, theorem.assumptions).status == "proven"
    del problem


@pytest.mark.parametrize("batch", [False, True])
@pytest.mark.parametrize("loss", NAMED)
def test_witnesses_agree_with_every_theorem(loss: str, batch: bool) -> None:
    agree(proved(loss, batch)[1])


def agree(proofs: dict[str, Proof]) -> None:
    for name, proof in proofs.items():
        assert check_theorem(proof.theorem, points=1).status == "proven", name
        verdict = check_claim(proof.theorem.context, proof.theorem)
        assert verdict.status == "proven", (name, verdict)


@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_every_activation_goes_back(activation: str) -> None:
    layers = (LayerSpec(3, activation), LayerSpec(2, activation if activation == "softmax" else "tanh"), LayerSpec(2))
    problem = network_problem(NetworkSpec("n", layers, LossSpec("squared-error", "value")))
    agree(prove(problem.chain))


@pytest.mark.parametrize("reduction", REDUCTIONS)
def test_reductions_and_penalties(reduction: str) -> None:
    layers = (LayerSpec(2, "tanh", bias=False), LayerSpec("C"))
    spec = NetworkSpec("n", layers, LossSpec(reduction=reduction), l1="alpha", l2=TENTH)
    for batch in (False, True):
        proofs = prove(network_problem(spec, batch).chain)
        agree(proofs)
        assert "gradient-b__1" not in proofs
        penalised = "alpha" in repr(proofs["gradient-W__1"].theorem.right)
        assert penalised is not (batch and reduction == "none")


def test_the_mean_shows_its_one_over_n() -> None:
    _, proofs = proved("squared", batch=True)
    expected = num(1) / N * total(n, N, (s2[n, k] - y[n, k]) * h1[n, j])
    assert proofs["gradient-W__2"].theorem.right == expected
    assert proofs["gradient-W__2"].theorem.conditions == ()


def test_hidden_layers_are_written_as_on_the_board() -> None:
    _, proofs = proved("cross-entropy")
    assert proofs["gradient-W__2"].theorem.right == (p[k] - y[k]) * h1[j]
    assert proofs["gradient-b__2"].theorem.right == p[k] - y[k]
    assert proofs["gradient-W__1"].theorem.right == d(L, s1[k]) * x[j]
    assert proofs["gradient-b__1"].theorem.right == d(L, s1[k])
    recursion = total(m, C, W2[m, k] * d(L, s2[m])) * fn("step", s1[k])
    assert (
        check_equation(proofs["delta-1"].theorem.right, recursion, proofs["delta-1"].theorem.context).status == "proven"
    )


@pytest.mark.parametrize("reduction", REDUCTIONS)
def test_no_line_says_the_same_as_the_one_before(reduction: str) -> None:
    layers = (LayerSpec(2, "sigmoid"), LayerSpec("C"))
    problem = network_problem(NetworkSpec(2, layers, LossSpec(reduction=reduction)), batch=True)
    for proof in prove(problem.chain).values():
        told = [proof.theorem.lines[0], *(proof.theorem.lines[move.stop] for move in proof.moves)]
        assert [line for line, after in pairwise(told) if line == after] == []


def test_kinks_are_recorded() -> None:
    _, proofs = proved("squared")
    kinds = {(c.kind, c.about[0]) for c in proofs["gradient-W__1"].theorem.conditions}
    assert ("nonzero", s1[sym("k'")]) in kinds or any(about.args[0] == s1 for _, about in kinds)


# bad twins


WRONG = {
    "transposed": total(m, C, W1[m, k] * d(L, s2[m])) * (num(1) - h1[k] ** 2),
    "no-derivative": total(m, C, W2[m, k] * d(L, s2[m])),
    "of-the-wrong-layer": total(m, C, W2[m, k] * d(L, s2[m])) * (num(1) - s2[1] ** 2),
    "at-the-output": total(m, C, W2[m, k] * d(L, s2[m])) * (num(1) - fn("tanh", h1[k]) ** 2),
    "value-for-slope": total(m, C, W2[m, k] * d(L, s2[m])) * h1[k],
    "one-path-only": W2[1, k] * d(L, s2[1]) * (num(1) - h1[k] ** 2),
    "sign": -total(m, C, W2[m, k] * d(L, s2[m])) * (num(1) - h1[k] ** 2),
}


@pytest.mark.parametrize("twin", WRONG)
def test_a_wrong_recursion_is_refuted(twin: str) -> None:
    layers = (LayerSpec("C", "tanh"), LayerSpec("C"))
    problem = network_problem(NetworkSpec("C", layers))
    theorem = prove(problem.chain)["delta-1"].theorem
    assert check_equation(theorem.left, WRONG[twin], theorem.context).status == "refuted"
    assert check_claim(theorem.context, Claimed(theorem.left, WRONG[twin])).status != "proven"


@pytest.mark.parametrize("loss", ["cross-entropy", "squared-softmax", "temperature"])
@pytest.mark.parametrize("batch", [False, True])
def test_tampered_proofs_are_refused(loss: str, batch: bool) -> None:
    refused, accepted = 0, []
    for name, proof in proved(loss, batch)[1].items():
        if not name.startswith(("delta", "gradient", "layer", "own")):
            continue
        for twin in twins(proof):
            try:
                theorem = twin.check()
            except Refused:
                refused += 1
            else:
                accepted.append((twin.kind, theorem))
    assert refused >= 300
    for kind, theorem in accepted:
        assert check_theorem(theorem, points=1).status != "refuted", (kind, theorem)


def test_without_the_sum_of_the_targets_the_factor_stays() -> None:
    _, proofs = proved("cross-entropy")
    theorem = proofs["delta-2"].theorem
    assert theorem.assumptions == {"targets-sum-to-one"}
    assert check_equation(theorem.left, theorem.right, theorem.context).status == "refuted"


def test_what_does_not_exist_cannot_be_asked_for() -> None:
    problem, _ = proved("cross-entropy")
    with pytest.raises(UsageError, match="W3"):
        prove(problem.chain, ("W3",))


def test_only_what_is_needed_is_proved() -> None:
    problem, _ = proved("cross-entropy")
    assert "delta-1" not in prove(problem.chain, ("W2",))
    assert "gradient-W__2" not in prove(problem.chain, ("b1",))


def test_the_number_of_steps_of_a_layer_does_not_grow_with_the_depth() -> None:
    def steps(depth: int) -> dict[str, int]:
        layers = (*(LayerSpec(f"n_{layer}", "tanh") for layer in range(1, depth)), LayerSpec("C"))
        proofs = prove(network_problem(NetworkSpec("n_0", layers)).chain)
        return {name: len(proof.theorem.steps) for name, proof in proofs.items()}

    few, many = steps(3), steps(12)
    for name in ("delta", "layer", "gradient-W_", "gradient-b_"):
        sep = "_" if name.endswith("_") else "-"
        assert few[f"{name}{sep}1"] == many[f"{name}{sep}1"] == many[f"{name}{sep}7"]
