"""Blocks that every document about a proof shares: definitions, proofs, results, evidence."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from derive.core.condition import Condition
from derive.core.context import Context, Definition
from derive.core.kernel import Theorem
from derive.core.term import Term, sym
from derive.document.explain import derivation, needed, statement
from derive.document.nodes import (
    Block,
    Equation,
    Evidence,
    EvidenceRow,
    Formula,
    Listing,
    Message,
    Name,
    Number,
    Prose,
    Slot,
    Table,
)
from derive.proofs.proof import Proof
from derive.witness.verdict import NotRun, Proven, Refuted, Undecided, Verdict

# said in other words of a single theorem
SINGLE = (("kernel", "proven"), ("sympy", "proven-function"), ("sympy", "proven-function-digits"))


def definitions(context: Context) -> tuple[Block, ...]:
    """Each definition as a displayed formula, in the order in which they build on each other."""
    return tuple(map(defined, context.definitions.values()))


def defined(definition: Definition, prefix: str = "") -> Formula:
    """One definition; the prefix keeps the labels apart where it is told again."""
    letter = sym(definition.name)
    left = letter[tuple(map(sym, definition.params))] if definition.params else letter
    return Formula(f"{prefix}definition-{definition.name}", Equation((left, definition.body), ":="))


def told(proof: Proof, detail: str, kind: str = "ui.lemma", prefix: str = "") -> tuple[Block, ...]:
    """The statement and its derivation; the prefix keeps the labels of several functions apart."""
    said, lines = statement(proof, kind), derivation(proof, detail)
    return (replace(said, label=prefix + said.label), replace(lines, label=prefix + lines.label))


def where(conditions: Iterable[Condition], key: str) -> Iterator[Block]:
    """Where something holds, as a sentence; nothing when it holds everywhere."""
    said = tuple(map(needed, conditions))
    if said:
        yield Prose(Message(key, {"conditions": Listing(said)}))


def results_table(label: str, theorems: Sequence[Theorem]) -> Table:
    """What was proved, one row a derivative."""
    rows = tuple((t.left, t.right) for t in theorems)
    head = (Message("results.derivative"), Message("results.value"))
    return Table(label, Message("results.caption"), head, rows, "ll")


def observed_table(
    label: str, observed: Sequence[str], columns: Sequence[Term], rows: Sequence[Sequence[Term]]
) -> Table:
    """One row for each class that may be the true one, one column for each bias."""
    head: tuple[Slot, ...] = (Message("results.observed"), *columns)
    body: tuple[tuple[Slot, ...], ...] = tuple((Name(name), *row) for name, row in zip(observed, rows, strict=True))
    return Table(label, Message("results.observed-caption"), head, body, "l" + "c" * len(columns))


def evidence(label: str, verdicts: Iterable[Verdict], about: str = "") -> Evidence:
    """Who checked what, and what they found."""
    return Evidence(label, tuple(evidence_row(verdict, about) for verdict in verdicts))


def evidence_row(verdict: Verdict, about: str = "") -> EvidenceRow:
    """One witness; about: "network" or "lemma", of which is spoken in other words."""
    status = verdict.status.replace(" ", "-")
    return EvidenceRow(Message(f"evidence.{verdict.by}"), status, _detail(verdict, about))


def _detail(verdict: Verdict, about: str) -> Message:
    """What the witness looked at, or where it fails, as a message."""
    match verdict:
        case Proven() if about and verdict.by != "kernel":
            key = "cut" if verdict.detail.get("cut") else "sizes" if verdict.detail.get("sizes") else "fixed"
            return Message(f"evidence.{verdict.by}-{about}-{key}", _slots(verdict.detail))
        case Proven():
            key = "proven-cut" if "cut" in verdict.detail else "proven"
            if verdict.detail.get("sizes") == ():  # nothing was said of classes
                key = "proven-function-digits" if "digits" in verdict.detail else "proven-function"
            single = f"{key}-one" if verdict.detail.get("theorems", 1) == 1 else key
            shown = single if (verdict.by, key) in SINGLE else key
            return Message(f"evidence.{verdict.by}-{shown}", _slots({"theorems": 1, **verdict.detail}))
        case Refuted():
            return _refuted(verdict)
        case Undecided() | NotRun():
            return Message(f"evidence.{verdict.why}", _slots(verdict.slots))


def _refuted(verdict: Refuted) -> Message:
    """Where it fails, by how much, and what would save it."""
    point = Listing(tuple(Name(f"{name} = {_short(value)}") for name, value in verdict.point.items()))
    facts = _slots({"left": verdict.left, "right": verdict.right, "residual": verdict.residual, "point": point})
    if not verdict.missing:
        return Message("evidence.refuted", facts)
    missing = Listing(tuple(Message(f"rule.{name}") for name in verdict.missing))
    return Message("evidence.refuted-missing", {**facts, "missing": missing})


def _short(value: object) -> str:
    return f"{value:.4g}" if isinstance(value, float) else str(value)


def _slots(detail: Mapping[str, object]) -> dict[str, Slot]:
    return {name: as_slot(value) for name, value in detail.items()}


def as_slot(value: object) -> Slot:
    """A fact of a verdict as something that can stand in a sentence."""
    if isinstance(value, Term | Number | Name | Message | Listing):
        return value
    if isinstance(value, float):
        return Number(value, 6)
    if isinstance(value, tuple | list | frozenset):
        return Listing(tuple(map(as_slot, value)))
    return Name(str(value))
