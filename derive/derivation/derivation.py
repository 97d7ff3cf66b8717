"""What a user holds once something is proved: theorems, how they are told, what witnesses say, what can be run."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from derive.chains import ProblemError
from derive.core.condition import Condition
from derive.core.kernel import Theorem
from derive.derivation.kinds import kind_of
from derive.proofs.proof import Proof

if TYPE_CHECKING:
    import sympy

    from derive.document.nodes import Document
    from derive.document.style import Style
    from derive.matrices.layout import Layout
    from derive.render.lines import ShownLine
    from derive.witness.verdict import Verdict

WITNESSES = ("kernel", "balls", "sympy")


def check_witnesses(names: Sequence[str]) -> None:
    """Raises ProblemError for a witness that does not exist."""
    strangers = sorted(set(names) - set(WITNESSES))
    if strangers:
        raise ProblemError(f'there is no witness "{strangers[0]}"; choose from {", ".join(WITNESSES)}')


@dataclass(frozen=True, repr=False)
class Derivation:
    """Proved derivatives of a formula, of a problem, of a network, or a lemma.

    proofs: every theorem made on the way, by name, in the order in which they are told. asked: the theorems that were
    asked for, the main one first, by what a person calls them ("W2", "x"). tabled: those whose results make a table.
    left_out: theorems that were made and are not told. wrt, road, layout: what was asked, as it was asked.
    """

    statement: Any  # a Statement; what is special about each is in `kinds`
    proofs: Mapping[str, Proof]
    asked: Mapping[str, str]
    witnesses: tuple[str, ...] = WITNESSES
    wrt: str = ""
    road: str = ""
    tabled: tuple[str, ...] = ()
    left_out: frozenset[str] = field(default=frozenset())
    layout: Layout | None = None

    @property
    def main(self) -> str:
        """The name of the main theorem."""
        return next(iter(self.asked.values()))

    @property
    def proof(self) -> Proof:
        """The main proof."""
        return self.proofs[self.main]

    @property
    def theorem(self) -> Theorem:
        return self.proof.theorem

    @property
    def gradients(self) -> dict[str, Proof]:
        """The proof of everything that was asked for, by what a person calls it: W2, b2, ..."""
        return {called: self.proofs[name] for called, name in self.asked.items()}

    @property
    def needed(self) -> tuple[Proof, ...]:
        """What is told: the theorems that others rest on first."""
        return tuple(proof for name, proof in self.proofs.items() if name not in self.left_out)

    @property
    def single(self) -> tuple[Proof, ...]:
        """The theorems whose results make a table."""
        return tuple(self.proofs[name] for name in self.tabled)

    @property
    def theorems(self) -> dict[str, Theorem]:
        """What is told, by name."""
        return {proof.theorem.name: proof.theorem for proof in self.needed}

    @property
    def style(self) -> Style:
        """How derivatives are written."""
        return kind_of(self.statement).style(self.statement)

    @property
    def assumptions(self) -> tuple[str, ...]:
        """The equations about the point that what was asked rests on, by name."""
        rests_on = kind_of(self.statement).rests_on(self)
        return tuple(sorted({name for proof in rests_on for name in proof.theorem.assumptions}))

    @property
    def needs(self) -> tuple[Condition, ...]:
        """What must be positive or not zero and is not evident, for everything that was asked."""
        return kind_of(self.statement).needs(self)

    @property
    def conditions(self) -> tuple[str, ...]:
        """What it needs, as text."""
        return tuple(f"{c.kind}: {c.about[0]!r}" for c in self.needs)

    @cached_property
    def results(self) -> Mapping[Any, sympy.Expr]:
        """Each derivative as a SymPy expression, by its symbol; of a formula by the names it was differentiated by."""
        from derive.derivation.expressions import results_of

        return results_of(self)

    @cached_property
    def result(self) -> sympy.Expr:
        """The derivative as a SymPy expression; a column or a matrix where several were asked for."""
        from derive.derivation.expressions import result_of

        return result_of(self)

    @cached_property
    def verdicts(self) -> tuple[Verdict, ...]:
        """What the witnesses say, one verdict each on all theorems; one that was not asked for has not run."""
        return kind_of(self.statement).judged(self)

    def document(self, detail: str = "lecture") -> Document:
        """The derivation told as a document."""
        return kind_of(self.statement).document(self, detail)

    def lambdify(self) -> Callable[..., Any]:
        """What was proved as a NumPy function.

        Of a formula: of its variables, in alphabetical order or by name; a gradient gives a tuple. Of a problem:
        f(W, b, h, y, reduction="mean") of a batch; for a single entry such as b_3 it gives that entry. Of a network:
        f(params, x, y), the loss and the gradients. Raises CannotLower for what NumPy has no function for.
        """
        return kind_of(self.statement).lambdify(self)

    def proof_named(self, name: str | None) -> Proof:
        """One of the proofs that were made, or the main one."""
        return self.proofs[name or self.main]

    def quick(self) -> Derivation:
        """The same, with no witnesses asked but the kernel."""
        return replace(self, witnesses=("kernel",))

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
            from derive.derivation.record import to_json

            return to_json(self, lang, detail)
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
