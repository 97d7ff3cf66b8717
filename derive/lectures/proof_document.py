"""The document of one derivation: what was asked, every lemma with its lines, the result, the evidence."""

from __future__ import annotations

from collections.abc import Sequence

from derive.chains import SoftmaxCrossEntropy
from derive.core.term import Term, d, sym
from derive.document.nodes import Block, Document, Equation, Formula, Heading, Message, Name, Prose
from derive.document.proof_blocks import definitions, evidence, results_table, told
from derive.proofs.proof import Proof
from derive.witness.verdict import Verdict


def proof_document(
    problem: SoftmaxCrossEntropy,
    main: Proof,
    needed: Sequence[Proof],
    entries: Sequence[Proof],
    verdicts: Sequence[Verdict],
    detail: str,
) -> Document:
    """needed: every proof to tell, lemmas first. entries: those of single entries, for the table."""
    theorem = main.theorem
    singles = {proof.theorem.name for proof in entries}
    question = Equation((d(sym("L"), theorem.left.args[1]),))
    blocks: list[Block] = [
        Heading("question", Message("proof.question")),
        Prose(Message("proof.asked", {"derivative": question.sides[0]})),
        *definitions(problem.context),
    ]
    lemmas = [proof for proof in needed if proof is not main and proof.theorem.name not in singles]
    if lemmas:
        blocks.append(Heading("lemmas", Message("proof.lemmas")))
    for lemma in lemmas:
        blocks += told(lemma, detail)
    blocks += [Heading("result", Message("proof.result")), *told(main, detail, "ui.theorem")]
    blocks += _entry_blocks(problem, entries, detail)
    blocks += [Heading("evidence", Message("proof.evidence")), evidence("evidence-table", verdicts)]
    title = Message("proof.title", {"derivative": theorem.left})
    return Document(title, Message(f"problem.{problem.name}"), tuple(blocks), problem.labels)


def _entry_blocks(problem: SoftmaxCrossEntropy, entries: Sequence[Proof], detail: str) -> list[Block]:
    """The single entries: a table, and the proof of the true class's and of another class's."""
    if not entries:
        return []
    blocks: list[Block] = [Heading("entries", Message("proof.entries"))]
    if problem.target is not None and problem.classes:
        blocks.append(Prose(Message("proof.true-class", {"class": Name(true_class(problem))})))
    chosen = _examples(problem, entries)
    for proof in chosen:
        blocks += told(proof, detail, "ui.corollary")
    blocks.append(results_table("results", [proof.theorem for proof in entries]))
    return blocks


def true_class(problem: SoftmaxCrossEntropy) -> str:
    assert problem.classes is not None
    assert problem.target is not None
    return problem.classes[int(str(problem.target.value)) - 1]


def _examples(problem: SoftmaxCrossEntropy, entries: Sequence[Proof]) -> list[Proof]:
    """With a true class: its entry and one of another class."""
    if problem.target is None:
        return []
    own = [proof for proof in entries if problem.target in proof.theorem.left.args[1].args]
    others = [proof for proof in entries if proof not in own]
    return own[:1] + others[:1]


def claim_document(problem: SoftmaxCrossEntropy, left: Term, right: Term, verdicts: Sequence[Verdict]) -> Document:
    """A claim that nobody has proved, and what the witnesses say of it."""
    blocks: tuple[Block, ...] = (
        Formula("claim", Equation((left, right))),
        *definitions(problem.context),
        evidence("evidence-table", verdicts),
    )
    return Document(Message("proof.claim"), Message(f"problem.{problem.name}"), blocks, problem.labels)
