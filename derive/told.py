"""What every derivation can do once it is proved: be told, shown, and written to a file."""

from __future__ import annotations

from abc import ABC, abstractmethod
from pathlib import Path
from typing import TYPE_CHECKING, Any

from derive.core.kernel import Theorem
from derive.core.law import Condition
from derive.proving.proof import Proof

if TYPE_CHECKING:
    from derive.document.nodes import Document
    from derive.document.style import Style
    from derive.render.lines import ShownLine


class Told(ABC):
    """A proved derivative. Whoever inherits says what its main proof, its proofs and its document are."""

    statement: Any

    @property
    @abstractmethod
    def proof(self) -> Proof:
        """The main proof."""

    @abstractmethod
    def proof_named(self, name: str | None) -> Proof:
        """One of the proofs that were made, or the main one."""

    @abstractmethod
    def document(self, detail: str = "lecture") -> Document:
        """The derivation told as a document."""

    @abstractmethod
    def quick(self) -> Told:
        """The same, with no witnesses asked but the kernel."""

    @property
    def style(self) -> Style:
        """How derivatives are written."""
        from derive.document.style import Style

        return Style(frozenset(getattr(self.statement, "ordinary", ())))

    @property
    def theorem(self) -> Theorem:
        return self.proof.theorem

    @property
    def assumptions(self) -> tuple[str, ...]:
        """The equations about the point that the theorem rests on, by name."""
        return tuple(sorted(self.theorem.assumptions))

    @property
    def needs(self) -> tuple[Condition, ...]:
        """What must be positive or not zero and is not evident, for everything that was asked."""
        return self.theorem.conditions

    @property
    def conditions(self) -> tuple[str, ...]:
        """What it needs, as text."""
        return tuple(f"{c.kind}: {c.about[0]!r}" for c in self.needs)

    @property
    def lines(self) -> tuple[ShownLine, ...]:
        """The lines of the main theorem as a lecturer would write them, in English."""
        return self.shown()

    def shown(self, lang: str = "en", detail: str = "lecture", name: str | None = None) -> tuple[ShownLine, ...]:
        """The lines of the main theorem, or of another one that was proved on the way."""
        from derive.render.lines import shown_lines

        return shown_lines(self.proof_named(name), self.statement.labels, lang, detail, style=self.style)

    def to(self, format: str = "text", lang: str = "en", detail: str = "lecture") -> str:
        """The derivation as text, markdown, latex, latex-fragment, typst or json.

        Raises FormatError, LanguageError or DetailError.
        """
        if format == "json":
            from derive.record import to_json

            return to_json(self, lang, detail)  # type: ignore[arg-type]
        from derive.render import render

        return render(self.document(detail), format, lang)

    def save(self, path: str | Path, lang: str = "en", detail: str = "lecture", engine: str = "typst") -> Path:
        """Write the derivation; the format is named by the ending: .md .tex .typ .txt .pdf .json."""
        from derive.render.save import save, write

        path = Path(path)
        if path.suffix.lower() == ".json":
            write(path, self.to("json", lang, detail).encode())
        else:
            save(self.document(detail), path, lang, engine)
        return path

    def __repr__(self) -> str:
        return self._formula("unicode")

    def _repr_latex_(self) -> str:
        return f"$\\displaystyle {self._formula('latex')}$"

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> dict[str, str]:
        return {
            "text/plain": self._formula("unicode"),
            "text/latex": self._repr_latex_(),
            "text/markdown": self.quick().to("markdown"),
        }

    def _formula(self, style: str) -> str:
        from derive.render.lines import formulas

        sides = self.theorem.left, self.theorem.right
        return formulas(*sides, self.statement.labels, style=self.style)[style]
