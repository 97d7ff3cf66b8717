"""The catalogue of lemmas: each is what the books say, all witnesses agree, and its twins are refused."""

from __future__ import annotations

import pytest
from twins import twins

from derive.core.kernel import Refused
from derive.core.term import Term, d, delta, exp, fn, num, sym, total
from derive.proofs.lemmas import LEMMAS
from derive.proofs.proof import Proof
from derive.proofs.prove import prove
from derive.witness.balls import check_equation, check_theorem
from derive.witness.cas import check_claim

a, b, c, i, j, k, l, m, v, x = map(sym, "abcijklmvx")
h, o, p, q, s, t, u, y, z, L, W, K, V, C, D, M, N = map(sym, "hopqstuyzLWKVCDMN")
sigma = sym("sigma")
ONE = num(1)

# main theorem of a lemma, by its name, as a book states it
STATED: dict[str, tuple[str, Term, Term]] = {
    "sigmoid-derivative": ("sigmoid-derivative", d(sigma, x), sigma * (ONE - sigma)),
    "tanh-derivative": ("tanh-derivative", d(t, x), ONE - t**2),
    "softplus-derivative": ("softplus-derivative", d(s, x), sigma),
    "step-function": ("no-gradient-through-steps", d(L, s[k]), num(0)),
    "softmax-jacobian": ("softmax-jacobian", d(p[i], z[k]), p[i] * (delta(i, k) - p[k])),
    "softmax-shift": ("softmax-shift", exp(z[i] - c) / total(m, C, exp(z[m] - c)), p[i]),
    "softmax-of-two": ("softmax-of-two", p[1], ONE / (ONE + exp(-(z[1] - z[2])))),
    "log-sum-exp-gradient": ("log-sum-exp-gradient", d(u, z[k]), p[k]),
    "cross-entropy-of-logits": ("cross-entropy-of-logits", L, u - total(i, C, y[i] * z[i])),
    "cross-entropy-hessian": ("cross-entropy-hessian", d(p[k] - y[k], z[l]), p[k] * (delta(k, l) - p[l])),
    "hessian-is-a-variance": (
        "hessian-is-a-variance",
        total(i, C, total(k, C, v[i] * (p[i] * (delta(i, k) - p[k])) * v[k])),
        total(i, C, p[i] * (v[i] - u) ** 2),
    ),
    "gauss-newton": (
        "gauss-newton", d((p[k] - y[k]) * h[j], W[l, q]), h[j] * (p[k] * (delta(k, l) - p[l])) * h[q],
    ),
    "binary-cross-entropy-gradient": ("binary-cross-entropy-gradient", d(L, z), q - y),
    "attention": (
        "attention-by-query", d(o[c], q[a]),
        total(m, N, p[m] * (V[m, c] - o[c]) * K[m, a]) / fn("sqrt", D),
    ),
    "backpropagation": (
        "delta-l", d(L, sym("s__l")[k]),
        total(m, M, sym("W__next")[m, k] * d(L, sym("s__next")[m])) * fn("f'", sym("s__l")[k]),
    ),
}  # fmt: skip


def proofs(name: str) -> dict[str, Proof]:
    return prove(LEMMAS[name])


def test_every_lemma_is_stated_here() -> None:
    assert set(STATED) == set(LEMMAS)


@pytest.mark.parametrize("name", LEMMAS)
def test_it_is_what_the_books_say(name: str) -> None:
    main, left, right = STATED[name]
    theorem = proofs(name)[main].theorem
    assert theorem.left == left
    verdict = check_equation(theorem.right, right, theorem.context, theorem.assumptions, conditions=theorem.conditions)
    assert verdict.status == "proven", theorem
    assert list(proofs(name))[-1] == main or name in ("attention", "backpropagation")


@pytest.mark.parametrize("name", LEMMAS)
def test_witnesses_agree(name: str) -> None:
    for proof in proofs(name).values():
        theorem = proof.theorem
        assert check_theorem(theorem).status == "proven", theorem
        assert check_claim(theorem.context, theorem).status == "proven", theorem


@pytest.mark.parametrize("name", LEMMAS)
def test_tampered_proofs_are_refused(name: str) -> None:
    refused = 0
    for proof in proofs(name).values():
        for twin in twins(proof):
            try:
                theorem = twin.check()
            except Refused:
                refused += 1
            else:
                assert check_theorem(theorem, points=1).status != "refuted", (twin.kind, theorem)
    assert refused >= 10


@pytest.mark.parametrize(
    ("name", "wrong"),
    [
        ("sigmoid-derivative", sigma * (ONE + sigma)),
        ("tanh-derivative", ONE - t),
        ("softplus-derivative", ONE - sigma),
        ("log-sum-exp-gradient", p[k] * z[k]),
        ("cross-entropy-hessian", p[k] * (delta(k, l) + p[l])),
        ("cross-entropy-hessian", -(p[k] * p[l])),  # the dropped delta
        ("gauss-newton", h[j] * p[k] * (ONE - p[k]) * h[q]),  # the diagonal everywhere
        ("attention", total(m, N, p[m] * V[m, c] * K[m, a]) / fn("sqrt", D)),
        ("attention", total(m, N, p[m] * (V[m, c] - o[c]) * K[m, a])),
        ("backpropagation", total(m, M, sym("W__next")[m, k] * d(L, sym("s__next")[m])) * fn("f'", sym("h__l")[k])),
    ],
)
def test_a_wrong_statement_is_refuted(name: str, wrong: Term) -> None:
    theorem = proofs(name)[STATED[name][0]].theorem
    assert check_equation(theorem.left, wrong, theorem.context, theorem.assumptions).status == "refuted"


def test_kinks_and_logarithms_leave_their_conditions() -> None:
    step = proofs("step-function")["no-gradient-through-steps"].theorem
    assert {c.kind for c in step.conditions} == {"nonzero"}
    assert proofs("cross-entropy-hessian")["gradient-z"].theorem.assumptions == {"targets-sum-to-one"}
    assert proofs("cross-entropy-hessian")["cross-entropy-hessian"].theorem.assumptions == frozenset()


def test_the_sums_are_of_squares_with_positive_weights() -> None:
    """So the quadratic form is never negative, and the loss convex in the logits."""
    from derive.core.signs import Known, evident

    theorem = proofs("hessian-is-a-variance")["hessian-is-a-variance"].theorem
    weight, square = theorem.right.args[2].args
    assert evident(("positive", weight), Known(theorem.context.bodies))
    assert square.op == "pow"
    assert square.args[1] == num(2)
