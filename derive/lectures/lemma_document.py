"""The document of a lemma of the catalogue: what stands for what, each proof, a remark, the evidence."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from derive.chains.chain import Chain
from derive.core.term import Term, delta, sym
from derive.document.nodes import Block, Document, Heading, Message, Prose
from derive.document.proof_blocks import definitions, evidence, told
from derive.document.style import Style
from derive.proofs.proof import Proof
from derive.witness.verdict import Verdict

i, k, p = map(sym, "ikp")
# lemmas that deserve a remark, and what is set as mathematics in it
REMARKS: Mapping[str, Mapping[str, Term]] = {
    "hessian-is-a-variance": {"p": p[i], "hessian": p[i] * (delta(i, k) - p[k])},
    "backpropagation": {"L": sym("L"), "f": sym("f"), "delta": sym("delta")},
    "gauss-newton": {},
    "step-function": {},
}


def lemma_document(
    lemma: Chain,
    proofs: Mapping[str, Proof],
    results: Collection[str],
    verdicts: Sequence[Verdict],
    detail: str,
    style: Style,
) -> Document:
    """The results are theorems, what leads there are lemmas."""
    blocks: list[Block] = []
    if shown := definitions(lemma.context):
        blocks += [Heading("meaning", Message("lemma.meaning")), *shown]
    blocks.append(Heading("proofs", Message("lemma.proofs")))
    for name, proof in proofs.items():
        blocks += told(proof, detail, "ui.theorem" if name in results else "ui.lemma")
    if lemma.name in REMARKS:
        blocks.append(Prose(Message(f"lemma.remark.{lemma.name}", REMARKS[lemma.name])))
    blocks += [Heading("evidence", Message("proof.evidence")), evidence("evidence-table", verdicts, "lemma")]
    title = Message("lemma.title", {"summary": Message(f"lemma.summary.{lemma.name}")})
    return Document(title, Message("lemma.subtitle"), tuple(blocks), lemma.labels, style)
