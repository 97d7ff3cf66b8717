"""What a user holds once something is proved: theorems, how they are told, what witnesses say, what can be run."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from derive.chains.chain import Chain, ProblemError
from derive.core.condition import Condition
from derive.core.kernel import Theorem
from derive.derivation.kinds import kind_of
from derive.proofs.proof import Proof
from derive.proofs.prove import plan_of, prove

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
    """Proved derivatives of a chain: of a formula, of a problem, of a network, or a lemma.

    proofs: what is told, by name: the theorems that others rest on first. asked: the theorems that were asked for, the
    main one first, by what a person calls them ("W2", "x"). tabled: those whose results make a table.
    wrt, road, layout: what was asked, as it was asked.
    """

    chain: Chain
    proofs: Mapping[str, Proof]
    asked: Mapping[str, str]
    witnesses: tuple[str, ...] = WITNESSES
    wrt: str = ""
    road: str = ""
    tabled: tuple[str, ...] = ()
    layout: Layout | None = None

    @property
    def statement(self) -> Any:
        """What was asked about, as it was written."""
        return self.chain if self.chain.source is None else self.chain.source

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
    def single(self) -> tuple[Proof, ...]:
        """The theorems whose results make a table."""
        return tuple(self.proofs[name] for name in self.tabled)

    @property
    def theorems(self) -> dict[str, Theorem]:
        """What is told, by name."""
        return {name: proof.theorem for name, proof in self.proofs.items()}

    @property
    def style(self) -> Style:
        """How derivatives are written."""
        return kind_of(self.chain).style(self.chain)

    @property
    def assumptions(self) -> tuple[str, ...]:
        """The equations about the point that what was asked rests on, by name."""
        rests_on = kind_of(self.chain).rests_on(self)
        return tuple(sorted({name for proof in rests_on for name in proof.theorem.assumptions}))

    @property
    def needs(self) -> tuple[Condition, ...]:
        """What must be positive or not zero and is not evident, for everything that was asked."""
        return kind_of(self.chain).needs(self)

    @property
    def conditions(self) -> tuple[str, ...]:
        """What it needs, as text."""
        return tuple(f"{c.kind}: {c.about[0]!r}" for c in self.needs)

    @cached_property
    def results(self) -> Mapping[Any, sympy.Expr]:
        """Each derivative as a SymPy expression, by its symbol; of a formula by the names it was differentiated by."""
        return kind_of(self.chain).results(self)

    @cached_property
    def result(self) -> sympy.Expr:
        """The derivative as a SymPy expression; a column or a matrix where several were asked for."""
        return kind_of(self.chain).result(self)

    @cached_property
    def verdicts(self) -> tuple[Verdict, ...]:
        """What the witnesses say, one verdict each on all theorems; one that was not asked for has not run."""
        return kind_of(self.chain).judged(self)

    def document(self, detail: str = "lecture") -> Document:
        """The derivation told as a document."""
        return kind_of(self.chain).document(self, detail)

    def lambdify(self) -> Callable[..., Any]:
        """What was proved as a NumPy function.

        Of a formula: of its variables, in alphabetical order or by name; a gradient gives a tuple. Of a problem:
        f(W, b, h, y, reduction="mean") of a batch; for a single entry such as b_3 it gives that entry. Of a network:
        f(params, x, y), the loss and the gradients. Raises CannotLower for what NumPy has no function for.
        """
        return kind_of(self.chain).lambdify(self)

    def proof_named(self, name: str | None) -> Proof:
        """The main proof, or another one about the chain, made now if it was not needed. Raises UsageError."""
        if name is None or name in self.proofs:
            return self.proofs[name or self.main]
        return prove(self.chain, (), self.road, also=[name])[name]

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

        return shown_lines(self.proof_named(name), self.chain.labels, lang, detail, style=self.style)

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
        return formulas(*sides, self.chain.labels, style=self.style)[style]


def derived(
    chain: Chain, called: Sequence[str], witnesses: Sequence[str] = WITNESSES, road: str = "", **more: Any
) -> Derivation:
    """The derivatives of a chain by some variables, as its plan calls them, proved. Raises as `prove` does."""
    return derivation_of(chain, called, prove(chain, called, road), witnesses, road, **more)


def derivation_of(
    chain: Chain,
    called: Sequence[str],
    proofs: Mapping[str, Proof],
    witnesses: Sequence[str],
    road: str = "",
    layout: Layout | None = None,
) -> Derivation:
    """What a user holds of the proofs about some variables."""
    plan = plan_of(chain, road, called)
    asked = {name: plan.asked[name][0] for name in called}
    results = tuple(name for name in proofs if plan.goals[name].result)
    tabled = () if results == tuple(asked.values()) and len(results) == 1 else results
    wrt = plan.wrt or ",".join(asked)
    return Derivation(chain, proofs, asked, tuple(witnesses), wrt, road, tabled, layout)
