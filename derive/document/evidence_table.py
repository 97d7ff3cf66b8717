"""Several proofs in one table of evidence: a row each, a column a witness, and below it what each witness did."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from derive.document.nodes import (
    Evidence,
    EvidenceRow,
    EvidenceTable,
    Message,
    Name,
    Phrase,
    ProofEvidence,
    Setting,
    Slot,
    Within,
)
from derive.document.proof_blocks import as_slot, evidence_row
from derive.witness.verdict import NotRun, Proven, Verdict

# what is counted of the work of a witness: in its cell, and in the sentence about it
COUNTED: Mapping[str, tuple[str, ...]] = {
    "kernel": ("steps",), "balls": ("lines", "points"), "sympy": ("theorems", "compared"),
}  # fmt: skip
ADDED: Mapping[str, tuple[str, ...]] = {
    "kernel": ("steps", "theorems"), "balls": ("lines", "points"), "sympy": ("theorems",),
}  # fmt: skip


@dataclass(frozen=True)
class Checked:
    """A proof and its verdicts; title and stated: as in `ProofEvidence`; label: of its evidence."""

    label: str
    title: Slot
    stated: tuple[tuple[str, Slot], ...]
    verdicts: tuple[Verdict, ...]
    setting: Setting

    def of(self, by: str) -> Verdict:
        """What a witness said."""
        return next((verdict for verdict in self.verdicts if verdict.by == by), NotRun(by, "not-asked"))


def evidence_table(checked: Sequence[Checked]) -> EvidenceTable:
    """Who checked what, and what they found.

    A witness that looked at none of the proofs has no column (unless nobody did): a note says so, and why.

    >>> verdicts = (Proven("kernel", {"steps": 4, "theorems": 1}), NotRun("coq", "no-coq"))
    >>> table = evidence_table([Checked(name, Name(name), (), verdicts, Setting()) for name in "ab"])
    >>> [by.key for by in table.by], [note.key for note in table.notes]
    (['evidence.kernel'], ['evidence-table.kernel', 'evidence-table.not-run'])
    """
    witnesses = dict.fromkeys(verdict.by for each in checked for verdict in each.verdicts)
    found = {by: [each.of(by) for each in checked] for by in witnesses}
    ran = [by for by, verdicts in found.items() if any(not isinstance(verdict, NotRun) for verdict in verdicts)]
    asked = ran or list(found)
    idle = {by: verdicts for by, verdicts in found.items() if by not in asked}
    notes = [note for by in asked for note in _did(by, found[by])]
    return EvidenceTable(
        tuple(Message(f"evidence.{by}") for by in asked),
        tuple(_row(each, asked) for each in checked),
        (*notes, *([_not_run(idle)] if idle else [])),
    )


def _row(checked: Checked, asked: Sequence[str]) -> ProofEvidence:
    cells = tuple(_cell(checked.of(by), checked.setting) for by in asked)
    return ProofEvidence(checked.title, checked.stated, Evidence(checked.label, cells))


def _cell(verdict: Verdict, setting: Setting) -> EvidenceRow:
    """In short how much a witness looked at; in full why it does not agree."""
    row = evidence_row(verdict)
    return replace(row, detail=_counts(verdict) if isinstance(verdict, Proven) else Within(row.detail, setting))


def _counts(verdict: Proven) -> Slot:
    counts = [_count(what, verdict.detail[what]) for what in COUNTED[verdict.by] if what in verdict.detail]
    return Phrase(tuple(part for count in counts for part in (Name(", "), count))[1:])


def _count(what: str, number: object) -> Message:
    """So many of them.

    >>> _count("steps", 1).key
    'evidence-table.steps-one'
    """
    return _say(f"{what}-one") if number == 1 else _say(what, n=number)


def _did(by: str, verdicts: Sequence[Verdict]) -> Iterator[Message]:
    """What a witness did where it agreed, a sentence each; its numbers are added up over the proofs."""
    details = [verdict.detail for verdict in verdicts if isinstance(verdict, Proven)]
    if not details:
        return
    yield _say(by, **{what: _count(what, _added(details, what)) for what in ADDED[by]})
    if compared := [detail for detail in details if "digits" in detail]:
        digits = min(int(str(detail["digits"])) for detail in compared)
        points = _count("points", _added(compared, "points"))
        yield _say("by-values", compared=_added(compared, "compared"), digits=digits, points=points)
    yield from _sizes(details)
    if len(details) < len(verdicts):
        yield _say("some", agreed=len(details), proofs=len(verdicts))


def _sizes(details: Sequence[Mapping[str, Any]]) -> Iterator[Message]:
    """At which sizes a witness looked, and which it had to cut down."""
    tried = {size for detail in details if "cut" not in detail for size in detail.get("sizes", ())}
    if tried:
        yield _say("sizes", sizes=sorted(tried))
    cuts = dict.fromkeys((detail["cut"], detail["sizes"]) for detail in details if "cut" in detail)
    if cuts:
        yield _say("cut", cuts=[_say("cut-one", cut=cut, sizes=sizes) for cut, sizes in cuts])


def _not_run(idle: Mapping[str, Sequence[Verdict]]) -> Message:
    """Who did not look, and why."""
    reasons = {
        by: {v.why: evidence_row(v).detail for v in verdicts if isinstance(v, NotRun)} for by, verdicts in idle.items()
    }
    witnesses = [_say("skipped", by=Message(f"evidence.{by}"), why=list(why.values())) for by, why in reasons.items()]
    return _say("not-run", witnesses=witnesses)


def _added(details: Sequence[Mapping[str, object]], what: str) -> int:
    return sum(int(str(detail[what])) for detail in details)


def _say(key: str, **slots: object) -> Message:
    return Message(f"evidence-table.{key}", {name: as_slot(slot) for name, slot in slots.items()})
