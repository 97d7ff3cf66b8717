"""What a user holds in hand of a lemma of the catalogue: its proofs, told and shown."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING

from derive.errors import UsageError, unknown
from derive.function import WITNESSES
from derive.problems import ProblemError
from derive.proving.lemmas import LEMMAS, Lemma
from derive.proving.proof import Proof
from derive.told import Told

__all__ = ["LEMMAS", "LemmaDerivation", "lemma"]

if TYPE_CHECKING:
    from derive.document.nodes import Document
    from derive.document.style import Style
    from derive.witness.verdict import Verdict


@dataclass(frozen=True, repr=False)
class LemmaDerivation(Told):
    """A proved lemma. proofs: every theorem by name, in the order in which they are told; the last is the lemma."""

    statement: Lemma
    proofs: Mapping[str, Proof] = field(repr=False)
    witnesses: tuple[str, ...] = WITNESSES

    @property
    def name(self) -> str:
        return self.statement.name

    @property
    def proof(self) -> Proof:
        return list(self.proofs.values())[-1]

    @property
    def style(self) -> Style:
        """Derivatives by a plain variable are ordinary; those of a loss by a pre-activation are its errors."""
        from derive.document.style import Style

        context = self.statement.context
        numbers = {name for name in ("x", "z") if name not in context.shapes}
        return Style(frozenset(numbers), "L" if context.depends else "")

    @cached_property
    def verdicts(self) -> tuple[Verdict, ...]:
        """One verdict a witness, on all theorems."""
        from derive.witness.panel import judge

        theorems = {name: proof.theorem for name, proof in self.proofs.items()}
        return judge(self.statement, theorems, self.witnesses)

    def proof_named(self, name: str | None) -> Proof:
        return self.proofs[name] if name else self.proof

    def document(self, detail: str = "lecture") -> Document:
        from derive.lectures.lemma_document import lemma_document

        return lemma_document(self.statement, self.proofs, self.verdicts, detail, self.style)

    def to(self, format: str = "text", lang: str = "en", detail: str = "lecture") -> str:
        """As of every derivation; but a lemma of the catalogue has no record, since it is proved anew at any time."""
        if format == "json":
            raise UsageError(f"a lemma of the catalogue has no record; derive prove {self.name} proves it again")
        return super().to(format, lang, detail)

    def quick(self) -> LemmaDerivation:
        return replace(self, witnesses=("kernel",))


def lemma(name: str, witnesses: Sequence[str] = WITNESSES) -> LemmaDerivation:
    """A lemma of the catalogue, proved. Raises ProblemError for a name that does not exist.

    >>> lemma("softplus-derivative")
    ds/dx = σ
    """
    if name not in LEMMAS:
        raise ProblemError(unknown("lemma", name, LEMMAS))
    row = LEMMAS[name]
    proofs = {proof.theorem.name: proof for proof in row.prove(row.context)}
    return LemmaDerivation(row, proofs, tuple(witnesses))
