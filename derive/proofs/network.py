"""Strategies for L(softmax(W h + b)): which rule a lecturer would cite next."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from derive.chains.problem import Problem
from derive.core.term import Term, d, delta, exp, lift, log, sym, total
from derive.proofs.builder import Builder, script
from derive.proofs.proof import Proof

W, h, b, z, p, y, L = map(sym, ("W", "h", "b", "z", "p", "y", "L"))
c, i, j, k, l, m = map(sym, "cijklm")
ONE = lift(1)
SUM_TO_ONE = "targets-sum-to-one"
MOST_WRITTEN = 4
FAMILIES = ("z", "b", "W", "h")
GENERAL = {"z": z[k], "b": b[k], "W": W[k, j], "h": h[j]}  # a general entry of each family
Known = Mapping[str, Proof]


def loss_by_probability(problem: Problem, known: Known) -> Proof:
    draft = script("loss-by-probability", problem.context, d(L, p[i]))
    draft.move("definition:L", rename={"i": "m"}, brief=True)
    draft.move("series-rule", before=[("negative-rule", None)])
    draft.move("constant-factor")
    draft.move("log-rule", brief=True)
    draft.move("coordinates")
    draft.move("pick", brief=True).also("times-fraction")
    return draft.qed(-(y[i] / p[i]))


def softmax_jacobian(problem: Problem, known: Known) -> Proof:
    draft = script("softmax-jacobian", problem.context, d(p[i], z[k]))
    draft.move("definition:p", brief=True)
    draft.move("quotient-rule", brief=True)
    draft.move("exp-rule").also("coordinates")
    draft.move("series-rule").also("exp-rule").also("coordinates")
    draft.move("pick", brief=True)
    draft.move("common-factor")
    draft.move("split-square")
    draft.move("divide-terms").also("cancel")
    draft.move("definition:p", back=True, everywhere=True, brief=True)
    return draft.qed(p[i] * (delta(i, k) - p[k]))


def jacobian_same(problem: Problem, known: Known) -> Proof:
    draft = script("jacobian-same", problem.context, d(p[i], z[i]))
    draft.move("definition:p", brief=True)
    draft.move("quotient-rule", brief=True)
    draft.move("exp-rule").also("coordinates").also("delta-same")
    draft.move("series-rule").also("exp-rule").also("coordinates")
    draft.move("pick", brief=True)
    draft.move("common-factor")
    draft.move("split-square")
    draft.move("divide-terms").also("cancel-all")
    draft.move("definition:p", back=True, everywhere=True, brief=True)
    return draft.qed(p[i] * (ONE - p[i]))


def jacobian_different(problem: Problem, known: Known) -> Proof:
    draft = script("jacobian-different", problem.context, d(p[i], z[k]))
    draft.move("definition:p", brief=True)
    draft.move("quotient-rule", brief=True)
    draft.move("exp-rule").also("coordinates")
    draft.move("different-indices")
    draft.move("series-rule").also("exp-rule").also("coordinates")
    draft.move("pick", brief=True)
    draft.move("negative-numerator")
    draft.move("split-square")
    draft.move("definition:p", back=True, everywhere=True, brief=True)
    return draft.qed(-(p[i] * p[k]))


def logit_by_bias(problem: Problem, known: Known) -> Proof:
    draft = script("logit-by-bias", problem.context, d(z[m], b[k]))
    draft.move("definition:z", brief=True)
    draft.move("sum-rule")
    draft.move("constant")
    draft.move("coordinates", brief=True)
    return draft.qed(delta(m, k))


def logit_by_weight(problem: Problem, known: Known) -> Proof:
    draft = script("logit-by-weight", problem.context, d(z[m], W[k, j]))
    draft.move("definition:z", rename={"j": "l"}, brief=True)
    draft.move("sum-rule")
    draft.move("constant")
    draft.move("series-rule")
    draft.move("constant-factor-right")
    draft.move("matrix-coordinates")
    draft.move("pick", brief=True, before=[("swap-factors", (2, (1, 3)))])
    return draft.qed(delta(m, k) * h[j])


def logit_by_input(problem: Problem, known: Known) -> Proof:
    draft = script("logit-by-input", problem.context, d(z[m], h[j]))
    draft.move("definition:z", rename={"j": "l"}, brief=True)
    draft.move("sum-rule")
    draft.move("constant")
    draft.move("series-rule")
    draft.move("constant-factor")
    draft.move("coordinates")
    draft.move("pick", brief=True)
    return draft.qed(W[m, j])


def loss_by_logit_jacobian(problem: Problem, known: Known) -> Proof:
    """The Jacobian road: every factor is solved, then multiplied and collapsed."""
    draft = script("loss-by-logit", problem.context, d(L, z[k]), known)
    draft.move("chain-rule", at=(), q=p, m=i, n=problem.size, brief=True)
    draft.move("loss-by-probability")
    draft.move("softmax-jacobian", brief=True)
    draft.move("cancel-factor", before=[("negative-first", (2,))])
    return _collapsed(draft, problem)


def loss_by_logit_logits(problem: Problem, known: Known) -> Proof:
    """The logits road: softmax goes into the loss, the logarithm undoes the exponential, one differentiation."""
    draft = script("loss-by-logit", problem.context, d(L, z[k]), known)
    draft.move("definition:L", brief=True)
    draft.move("definition:p", brief=True)
    draft.move("log-quotient")
    draft.move("log-exp", brief=True)
    draft.move("series-rule", before=[("negative-rule", None)])
    draft.move("constant-factor")
    draft.move("difference-rule").also("coordinates")
    draft.move("log-rule", brief=True)
    draft.move("series-rule").also("exp-rule").also("coordinates")
    draft.move("pick")
    draft.move("fraction-times")
    draft.move("definition:p", back=True, brief=True)
    return _collapsed(draft, problem)


def _collapsed(draft: Builder, problem: Problem) -> Proof:
    """From sum_i y_i (delta_ik - p_k), with its sign, to p_k sum_i y_i - y_k."""
    if draft.line.op == "sum":
        draft.move("negative-sum")
    draft.move("distribute").also("split-difference")
    draft.move("pick", brief=True)
    draft.move("factor-out-right").also("swap-factors", at=(0, 1, 0))
    draft.move("resolve-bracket", brief=True)
    return draft.qed(p[k] * total(i, problem.size, y[i]) - y[k])


def targets_sum_to_one(problem: Problem, known: Known) -> Proof | None:
    """With a true class the targets are a Kronecker delta, and the assumption becomes a lemma."""
    if problem.target is None:
        return None
    draft = script(SUM_TO_ONE, problem.context, total(i, problem.size, y[i]))
    draft.move("definition:y", brief=True)
    draft.move("pick-one", brief=True)
    return draft.qed(ONE)


def gradient_z(problem: Problem, known: Known) -> Proof:
    draft = script("gradient-z", problem.context, d(L, z[k]), known)
    draft.move("loss-by-logit", brief=True)
    draft.move(SUM_TO_ONE, brief=True)
    return draft.qed(p[k] - y[k])


def gradient_b(problem: Problem, known: Known) -> Proof:
    draft = _through_logits("gradient-b", problem, known, b[k], "logit-by-bias")
    draft.move("pick", brief=True)
    draft.move(SUM_TO_ONE, brief=True)
    return draft.qed(p[k] - y[k])


def gradient_W(problem: Problem, known: Known) -> Proof:  # noqa: N802 - W is the field's letter
    draft = _through_logits("gradient-W", problem, known, W[k, j], "logit-by-weight")
    draft.move("pick", brief=True, before=[("swap-factors", (2, (1, 3)))])
    draft.move(SUM_TO_ONE, brief=True)
    return draft.qed((p[k] - y[k]) * h[j])


def gradient_h(problem: Problem, known: Known) -> Proof:
    draft = _through_logits("gradient-h", problem, known, h[j], "logit-by-input")
    draft.move(SUM_TO_ONE, brief=True)
    return draft.qed(total(m, problem.size, (p[m] - y[m]) * W[m, j]))


def _through_logits(name: str, problem: Problem, known: Known, variable: Term, factor: str) -> Builder:
    draft = script(name, problem.context, d(L, variable), known)
    draft.move("chain-rule", at=(), q=z, m=m, n=problem.size, brief=True)
    draft.move("loss-by-logit", brief=True)
    draft.move(factor)
    return draft


def softmax_written_out(problem: Problem, known: Known) -> Proof | None:
    """For few classes, the definition without the summation sign."""
    if problem.size.op != "num" or len(problem.classes or ()) > MOST_WRITTEN:
        return None
    draft = script("softmax-written-out", problem.context, p[problem.target or k])
    draft.move("definition:p", brief=True)
    draft.move("write-out", brief=True)
    return draft.qed(draft.line)


def softmax_shift(problem: Problem, known: Known) -> Proof:
    """The softmax does not change when the same number is taken from every logit."""
    shifted = exp(z[i] - c) / total(m, problem.size, exp(z[m] - c))
    draft = script("softmax-shift", problem.context, shifted)
    draft.move("exp-difference", everywhere=True, brief=True)
    draft.move("divide-sum")
    draft.move("common-denominator", brief=True)
    draft.move("definition:p", back=True, brief=True)
    return draft.qed(p[i])


def loss_of_the_true_class(problem: Problem, known: Known) -> Proof | None:
    """Of the sum over the classes one term remains: L = -ln p of the true class."""
    if problem.target is None:
        return None
    draft = script("loss-of-the-true-class", problem.context, L)
    draft.move("definition:L", brief=True)
    draft.move("definition:y")
    draft.move("pick", brief=True, before=[("swap-factors", (0, 2))])
    return draft.qed(-log(p[problem.target]))


def entries(problem: Problem, family: str) -> list[tuple[str, Term]]:
    """The entries of a family that have names of their own: b_3, W_12, or b_r of the true class."""
    classes = _named_classes(problem)
    columns = [(f"-{n}", lift(n)) for n in range(1, problem.inputs + 1)] if problem.inputs else [("", j)]
    if family == "h":
        named = columns if problem.inputs else [("-target", j)] if problem.target else []
        return [(f"gradient-h{suffix}", h[column]) for suffix, column in named]
    if family == "W":
        return [(f"gradient-W-{name}{end}", W[entry, column]) for name, entry in classes for end, column in columns]
    return [(f"gradient-{family}-{name}", sym(family)[entry]) for name, entry in classes]


def goals(problem: Problem, family: str) -> dict[str, Term]:
    """What each theorem of a family is about, by name: the derivative on its left side."""
    return {f"gradient-{family}": d(L, GENERAL[family])} | {name: d(L, x) for name, x in entries(problem, family)}


def facts(problem: Problem, family: str) -> dict[str, tuple[Term, Term | None]]:
    """What each theorem that a proof may rest on says, by name: left = right; None where it depends on the target."""
    rights = {
        "gradient-z": p[k] - y[k], "gradient-b": p[k] - y[k], "gradient-W": (p[k] - y[k]) * h[j],
        "gradient-h": total(m, problem.size, (p[m] - y[m]) * W[m, j]),
    }  # fmt: skip
    said: dict[str, tuple[Term, Term | None]] = {
        "loss-by-probability": (d(L, p[i]), -(y[i] / p[i])),
        "jacobian-same": (d(p[i], z[i]), p[i] * (ONE - p[i])),
        "jacobian-different": (d(p[i], z[k]), -(p[i] * p[k])),
        "softmax-jacobian": (d(p[i], z[k]), p[i] * (delta(i, k) - p[k])),
        "logit-by-bias": (d(z[m], b[k]), delta(m, k)),
        "logit-by-weight": (d(z[m], W[k, j]), delta(m, k) * h[j]),
        "logit-by-input": (d(z[m], h[j]), W[m, j]),
        "loss-by-logit": (d(L, z[k]), p[k] * total(i, problem.size, y[i]) - y[k]),
        SUM_TO_ONE: (total(i, problem.size, y[i]), ONE),
        "softmax-shift": (exp(z[i] - c) / total(m, problem.size, exp(z[m] - c)), p[i]),
        "softmax-written-out": (p[problem.target or k], None),
        "loss-of-the-true-class": (L, -log(p[problem.target or k])),
    }
    return said | {name: (left, rights.get(name)) for name, left in goals(problem, family).items()}


def prove_entries(problem: Problem, known: Known, family: str) -> dict[str, Proof]:
    """Every entry's derivative, from the general theorems."""
    on_the_board = family == "b" and problem.target is not None
    strategy = _bias_entry if on_the_board else _entry
    return {name: strategy(name, problem, known, x) for name, x in entries(problem, family)}


def _named_classes(problem: Problem) -> list[tuple[str, Term]]:
    if problem.classes:
        return [(str(n), lift(n)) for n in range(1, len(problem.classes) + 1)]
    return [("true", problem.target), ("other", k)] if problem.target else []


def _entry(name: str, problem: Problem, known: Known, x: Term) -> Proof:
    """An instance of the general gradient, with the target's delta put in."""
    family = str(x.args[0].value)
    draft = script(name, problem.context, d(L, x), known)
    draft.move(f"gradient-{family}", brief=True)
    if problem.target is None:
        return draft.qed(draft.line)
    draft.move("definition:y")
    if family == "h":  # of the targets one remains, and with it one weight
        draft.move("distribute", before=[("swap-factors", (2,))])
        draft.move("split-difference")
        draft.move("pick", brief=True)
    else:
        _delta_value(draft, x.args[1], problem.target)
    return draft.qed(draft.line)


def _bias_entry(name: str, problem: Problem, known: Known, x: Term) -> Proof:
    """dL/dp of the true class, times dp/dz, times dz/db: the way it is told on the board."""
    r, c = problem.target, x.args[1]
    assert r is not None
    draft = script(name, problem.context, d(L, x), known)
    draft.move("chain-rule", at=(), q=z, m=m, n=problem.size, brief=True)
    draft.move("logit-by-bias").also("pick")
    draft.move("chain-rule", at=(), q=p, m=i, n=problem.size, brief=True)
    draft.move("loss-by-probability")
    draft.move("definition:y").also("rearrange", at=(2,), to=-(ONE / p[i]) * d(p[i], z[c]) * delta(i, r))
    draft.move("pick", brief=True)
    draft.move("softmax-jacobian", brief=True)
    _delta_value(draft, r, c)
    draft.move("cancel-factor", at=(0, (0, 2)), before=[("negative-first", ())], brief=c != r)
    if c == r:
        draft.move("resolve-bracket", brief=True)
    return draft.qed(p[c] - 1 if c == r else p[c])


def _delta_value(draft: Builder, one: Term, other: Term) -> None:
    """The delta of two classes that are known to be equal, or different."""
    if one == other:
        draft.move("delta-same")
    elif one.op == other.op == "num":
        draft.move("delta-other")
    else:
        draft.move("other-class", before=[] if one == k else [("delta-order", None)])


Strategy = Callable[[Problem, Known], Proof | None]
ROADS: Mapping[str, Strategy] = {"jacobian": loss_by_logit_jacobian, "logits": loss_by_logit_logits}
# in the order in which they are told; each with the families whose gradient needs it
BEFORE: tuple[tuple[Strategy, Sequence[str]], ...] = (
    (loss_by_probability, FAMILIES),
    (jacobian_same, FAMILIES),
    (jacobian_different, FAMILIES),
    (softmax_jacobian, FAMILIES),
    (logit_by_bias, ("b",)),
    (logit_by_weight, ("W",)),
    (logit_by_input, ("h",)),
)
AFTER: tuple[tuple[Strategy, Sequence[str]], ...] = (
    (targets_sum_to_one, FAMILIES),
    (gradient_z, ("z",)),
    (gradient_b, ("b",)),
    (gradient_W, ("W",)),
    (gradient_h, ("h",)),
    (softmax_written_out, FAMILIES),
    (softmax_shift, FAMILIES),
    (loss_of_the_true_class, FAMILIES),
)


def prove_all(
    problem: Problem, road: str = "jacobian", families: Sequence[str] = FAMILIES, single: Sequence[str] | None = None
) -> dict[str, Proof]:
    """The theorems of the chain by name, in the order in which they are told.

    families: by which variables the gradient is wanted; single: of which of them the single entries are
    proved too (all of them by default).
    """
    proofs: dict[str, Proof] = {}
    for strategy, serves in (*BEFORE, (ROADS[road], FAMILIES), *AFTER):
        proof = strategy(problem, proofs) if set(serves) & set(families) else None
        if proof is not None:
            proofs[proof.theorem.name] = proof
    general = dict(proofs)
    for family in families if single is None else single:
        proofs |= prove_entries(problem, general, family)
    return proofs
