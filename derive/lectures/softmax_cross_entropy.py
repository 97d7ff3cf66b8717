"""The lecture on L(softmax(W h + b)) with cross-entropy: proofs, a table for every bias, numbers, training."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from derive.chains import SoftmaxCrossEntropy
from derive.core.term import Term, d, delta, lift, sym, total
from derive.document.explain import lines
from derive.document.nodes import (
    Block,
    Cases,
    Document,
    Equation,
    Formula,
    Heading,
    Message,
    Name,
    Number,
    ProofLines,
    Prose,
    Slot,
    Table,
)
from derive.document.proof_blocks import definitions, evidence, observed_table, told
from derive.lectures.iris_numbers import Numbers, numbers_blocks, training_blocks
from derive.proofs.proof import Proof
from derive.witness.verdict import Verdict

W, h, b, z, p, y, L, C, H = map(sym, ("W", "h", "b", "z", "p", "y", "L", "C", "H"))
i, j, k, m, r = map(sym, "ijkmr")
MOST_IN_TABLE = 6
NOTATION: tuple[tuple[Term, str], ...] = (
    (C, "C"), (H, "H"), (h[j], "h"), (W[k, j], "W"), (b[k], "b"), (z[k], "z"), (p[k], "p"), (y[k], "y"), (L, "L"),
    (delta(i, k), "delta"), (d(L, b[k]), "partial"),
)  # fmt: skip


@dataclass(frozen=True)
class Material:
    """Everything the lecture tells, proved and judged beforehand.

    general: theorems for C classes by the Jacobian road; logits: by the logits road. concrete: those of
    the named classes, whose true class is problem.target; observed: for every class that may be the
    true one, the derivatives by each bias. numbers: of the irises, None for other classes.
    """

    problem: SoftmaxCrossEntropy
    general: Mapping[str, Proof]
    logits: Mapping[str, Proof]
    concrete: Mapping[str, Proof]
    observed: Sequence[Sequence[Proof]]
    numbers: Numbers | None
    verdicts: Sequence[Verdict]


def lecture(material: Material, detail: str = "lecture") -> Document:
    blocks: list[Block] = [
        *_question(material),
        *_factors(material, detail),
        *_jacobian_road(material, detail),
        *_logits_road(material, detail),
        *_parameters(material, detail),
        *_classes(material, detail),
        *(numbers_blocks(material.numbers) if material.numbers else ()),
        *(training_blocks(material.numbers) if material.numbers else ()),
        Heading("evidence", _say("evidence")),
        Prose(_say("evidence-text")),
        evidence("evidence-table", material.verdicts),
    ]
    return Document(_say("title"), _say("subtitle"), tuple(blocks), material.problem.labels)


def _say(key: str, **slots: Slot) -> Message:
    return Message(f"lecture.softmax.{key}", slots)


def _question(material: Material) -> tuple[Block, ...]:
    context = material.general["gradient-b"].theorem.context
    answer = Equation((d(L, b[k]), p[k] - y[k]))
    return (
        Heading("question", _say("question")),
        Prose(_say("question-chain", h=h[j], z=z[m], p=p[i], L=L)),
        *definitions(context),
        Prose(_say("question-asked", b=d(L, b[k]), W=d(L, W[k, j]))),
        Formula("answer", answer),
        Prose(_say("question-plan")),
        *([Prose(_say("question-plan-flowers"))] if material.numbers else []),
        Heading("notation", _say("notation")),
        Table(
            "notation-table",
            _say("notation-caption"),
            (_say("notation-sign"), _say("notation-meaning")),
            tuple((sign, _say(f"sign-{key}", j=j, k=k)) for sign, key in NOTATION),
            "ll",
        ),
    )


def _factors(material: Material, detail: str) -> tuple[Block, ...]:
    proofs = material.general
    jacobian = Cases(
        d(p[i], z[k]),
        ((p[i] * (lift(1) - p[i]), Equation((i, k))), (-(p[i] * p[k]), Equation((i, k), "≠"))),
    )
    return (
        Heading("factors", _say("factors")),
        Prose(_say("factors-text")),
        Heading("factor-loss", _say("factor-loss", derivative=d(L, p[i])), 2),
        Prose(_say("factor-loss-text", p=p[i])),
        *told(proofs["loss-by-probability"], detail),
        Heading("factor-softmax", _say("factor-softmax", derivative=d(p[i], z[k])), 2),
        Prose(_say("factor-softmax-text", z=z[k])),
        *told(proofs["jacobian-same"], detail),
        Prose(_say("factor-softmax-second")),
        *told(proofs["jacobian-different"], detail),
        Prose(_say("factor-softmax-cases")),
        Formula("jacobian-cases", jacobian),
        Prose(_say("factor-softmax-merged", delta=delta(i, k))),
        *told(proofs["softmax-jacobian"], detail),
        Heading("factor-affine", _say("factor-affine"), 2),
        Prose(_say("factor-affine-text", z=z[m])),
        *told(proofs["logit-by-bias"], detail),
        *told(proofs["logit-by-weight"], detail),
        *told(proofs["logit-by-input"], detail),
    )


def _jacobian_road(material: Material, detail: str) -> tuple[Block, ...]:
    return (
        Heading("jacobian-road", _say("jacobian-road")),
        Prose(_say("jacobian-road-text", z=z[k], p=p[i])),
        *told(material.general["loss-by-logit"], detail, "ui.theorem"),
        Prose(_say("sum-to-one-text", y=total(i, C, y[i]))),
        *told(material.general["gradient-z"], detail, "ui.theorem"),
    )


def _logits_road(material: Material, detail: str) -> tuple[Block, ...]:
    proof = material.logits["loss-by-logit"]
    second = ProofLines("proof-logits-road", proof.theorem.left, lines(proof, detail))
    return (
        Heading("logits-road", _say("logits-road")),
        Prose(_say("logits-road-text")),
        second,
        Prose(_say("logits-road-end", derivative=proof.theorem.left)),
    )


def _parameters(material: Material, detail: str) -> tuple[Block, ...]:
    proofs = material.general
    return (
        Heading("parameters", _say("parameters")),
        Prose(_say("parameters-text", z=z[m])),
        *told(proofs["gradient-b"], detail, "ui.theorem"),
        *told(proofs["gradient-W"], detail, "ui.theorem"),
        *told(proofs["gradient-h"], detail, "ui.theorem"),
        Prose(_say("parameters-input", h=h[j])),
    )


def _classes(material: Material, detail: str) -> tuple[Block, ...]:
    """The concrete classes: the way from the loss to each bias, and the table of all of them."""
    problem, proofs = material.problem, material.concrete
    assert problem.classes is not None
    assert problem.target is not None
    true = int(str(problem.target.value))
    other = 2 if true == 1 else 1
    named = {"true": Name(problem.classes[true - 1]), "other": Name(problem.classes[other - 1])}
    blocks: list[Block] = [
        Heading("classes", _say("classes")),
        Prose(_say("classes-text", count=Number(len(problem.classes), 0), **named)),
    ]
    if problem.named and problem.biases != tuple(f"b_{name}" for name in problem.classes):
        blocks.append(Prose(_say("classes-biases")))
    blocks += told(proofs["softmax-written-out"], detail) if "softmax-written-out" in proofs else ()
    blocks += told(proofs["loss-of-the-true-class"], detail)
    blocks += [
        Prose(_say("classes-true", b=b[true], **named)),
        *told(proofs[f"gradient-b-{true}"], detail, "ui.corollary"),
    ]
    blocks += [Prose(_say("classes-other", b=b[other], **named))]
    blocks += told(proofs[f"gradient-b-{other}"], detail, "ui.corollary")
    if material.observed:
        columns = [d(L, b[n]) for n in range(1, len(problem.classes) + 1)]
        blocks += [
            Prose(_say("classes-table")),
            observed_table("observed", problem.classes, columns, _results(material.observed)),
        ]
    return tuple(blocks)


def _results(rows: Sequence[Sequence[Proof]]) -> list[list[Term]]:
    return [[proof.theorem.right for proof in row] for row in rows]
