"""What a user holds in hand: a problem, and the derivation that proves a gradient of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from derive.core.kernel import Theorem
from derive.core.term import Term, free
from derive.names import entry_name, variable
from derive.problems import Problem as Statement
from derive.problems import ProblemError, problem_named
from derive.proving.network import ROADS, SUM_TO_ONE, prove_all
from derive.proving.network import entries as named_entries
from derive.proving.proof import Proof

if TYPE_CHECKING:
    import sympy

    from derive.document.nodes import Document
    from derive.render.lines import ShownLine
    from derive.witness.verdict import Verdict

WITNESSES = ("kernel", "balls", "sympy")


@dataclass(frozen=True)
class Judgement:
    """A claim left = right, and what each witness says of it."""

    statement: Statement
    left: Term
    right: Term
    verdicts: tuple[Verdict, ...]

    def document(self) -> Document:
        from derive.lectures.proof_document import claim_document

        return claim_document(self.statement, self.left, self.right, self.verdicts)


@dataclass(frozen=True)
class Problem:
    """A chain to differentiate, for instance `derive.problem("softmax-cross-entropy")`."""

    statement: Statement

    @property
    def name(self) -> str:
        return self.statement.name

    @cached_property
    def loss(self) -> sympy.Expr:
        """The loss as a SymPy expression in W, h, b and y.

        Indexed sums for a symbolic number of classes, plain symbols (W_setosa_1, b_3) for concrete ones.
        """
        from derive.syntax.recognise import loss_of

        return loss_of(self.statement)

    def prove(self, wrt: object = "b", road: str = "jacobian") -> Derivation:
        return prove(self, wrt, road)

    def judge(self, wrt: object = "b", claim: sympy.Expr | None = None, without: Sequence[str] = ()) -> Judgement:
        """What the witnesses say of a claimed gradient, which nobody has proved.

        claim: a SymPy expression in p, y, h, W as in `Derivation.result`; the proved one by default.
        without: names of assumptions to leave out. A refuted claim comes with its residual, factored, and
        with the assumptions that are missing. Raises WrtError, ProblemError or UnknownExpression.
        """
        from derive.syntax.from_sympy import from_sympy
        from derive.syntax.recognise import entry_terms
        from derive.witness.panel import judge_claim

        theorem = prove(self, wrt).theorem
        context = self.statement.context
        unknown = sorted(set(without) - set(context.assumptions))
        if unknown:
            raise ProblemError(f'there is no assumption "{unknown[0]}"; there is {", ".join(context.assumptions)}')
        right = theorem.right if claim is None else from_sympy(claim, entry_terms(self.statement))
        assumed = theorem.assumptions if claim is None else frozenset([SUM_TO_ONE]) & set(context.assumptions)
        verdicts = judge_claim(context, theorem.left, right, frozenset(assumed) - set(without))
        return Judgement(self.statement, theorem.left, right, verdicts)


def problem(
    name: str,
    classes: int | list[str] | tuple[str, ...] | None = None,
    target: int | str | None = None,
    inputs: int | None = None,
    biases: list[str] | tuple[str, ...] | None = None,
) -> Problem:
    """A problem of the catalogue.

    classes: None for a symbolic number C, a number, or names. target: the true class, by name or by
    number from 1 ("r" for an unnamed one of C classes); None for free targets that sum to one.
    inputs: the number of inputs h_j (2 when classes are given). biases: names for the biases.
    Raises ProblemError.

    >>> problem("softmax-cross-entropy", classes=3, target=1).statement.classes
    ('1', '2', '3')
    """
    return Problem(problem_named(name, classes=classes, target=target, inputs=inputs, biases=biases))


def prove(
    what: object, wrt: object = "b", road: str = "jacobian", witnesses: Sequence[str] = WITNESSES, **options: Any
) -> Derivation:
    """Prove the gradient of a problem by its biases, weights, inputs or logits.

    what: a problem, the name of one, or its loss written in SymPy (as `Problem.loss` is).

    wrt: a family "b", "W", "h", "z", or one entry such as "b_3" (a name or a SymPy symbol). road:
    "jacobian" or "logits". witnesses: who is asked for a verdict beside the kernel, when verdicts are
    looked at. options: classes, target, ... as for `problem`. Raises ProblemError or WrtError.

    >>> prove("softmax-cross-entropy", wrt="b").theorem.right
    add(p[k], neg(y[k]))
    """
    if isinstance(what, str):
        what = problem(what, **options)
    if hasattr(what, "free_symbols"):
        from derive.syntax.recognise import recognised

        what = Problem(recognised(what))
    if not isinstance(what, Problem):
        raise ProblemError(f"cannot prove {what!r}: give a problem, the name of one, or its loss in SymPy")
    strangers = sorted(set(witnesses) - set(WITNESSES))
    if strangers:
        raise ProblemError(f'there is no witness "{strangers[0]}"; choose from {", ".join(WITNESSES)}')
    if road not in ROADS:
        raise ProblemError(f'there is no road "{road}"; choose {" or ".join(ROADS)}')
    family, entry = variable(what.statement, str(wrt))
    proofs = prove_all(what.statement, road, (family,))
    return Derivation(what.statement, family, entry, road, proofs, tuple(witnesses))


@dataclass(frozen=True)
class Derivation:
    """A proved gradient: its theorem, how it is told, what witnesses say, and the function it gives.

    proofs: every theorem made on the way, by name, in the order in which they are told.
    """

    statement: Statement
    family: str
    entry: str | None
    road: str
    proofs: Mapping[str, Proof]
    witnesses: tuple[str, ...] = WITNESSES

    @property
    def main(self) -> str:
        """The name of the theorem that was asked for."""
        return self.entry or f"gradient-{self.family}"

    @property
    def wrt(self) -> str:
        """The variable that was asked for: a family, or the name of one entry."""
        return self.family if self.entry is None else entry_name(self.statement, self.theorem.left.args[1])

    @property
    def proof(self) -> Proof:
        return self.proofs[self.main]

    @property
    def theorem(self) -> Theorem:
        return self.proof.theorem

    @property
    def needed(self) -> tuple[Proof, ...]:
        """The lemmas the main theorem rests on, then the theorem, then its single entries."""
        wanted: set[str] = set()
        todo = [self.theorem, *(proof.theorem for proof in self.single)]
        while todo:
            theorem = todo.pop()
            if theorem.name not in wanted:
                wanted.add(theorem.name)
                todo += theorem.lemmas
        extra = {"jacobian-same", "jacobian-different"} if "softmax-jacobian" in wanted else set()
        extra |= {"softmax-written-out", "loss-of-the-true-class"} & set(self.proofs)
        return tuple(proof for name, proof in self.proofs.items() if name in wanted | extra)

    @property
    def entries(self) -> tuple[str, ...]:
        """The theorems of the single entries that belong to what was asked for."""
        if self.entry is not None:
            return ()
        return tuple(name for name, _ in named_entries(self.statement, self.family))

    @property
    def single(self) -> tuple[Proof, ...]:
        return tuple(self.proofs[name] for name in self.entries)

    @property
    def assumptions(self) -> tuple[str, ...]:
        """The equations about the point that the theorem rests on, by name."""
        return tuple(sorted(self.theorem.assumptions))

    @property
    def conditions(self) -> tuple[str, ...]:
        """What must be positive or not zero and is not evident, as text."""
        return tuple(f"{c.kind}: {c.about[0]!r}" for c in self.theorem.conditions)

    @cached_property
    def result(self) -> sympy.Expr:
        """The proved gradient as a SymPy expression; a column (or, for W, a matrix) for concrete classes."""
        if not self.entries or not self.statement.classes:
            return expression(self.theorem.right, self.statement)
        from sympy import ImmutableMatrix

        rows = len(self.statement.classes) if self.family != "h" else len(self.entries)
        return ImmutableMatrix(rows, len(self.entries) // rows, list(self.results.values()))

    @cached_property
    def results(self) -> dict[sympy.Expr, sympy.Expr]:
        """Each entry's derivative: {b_3: p_setosa - 1, ...}, from the symbol to its expression."""
        theorems = [proof.theorem for proof in self.single or (self.proof,)]
        return {expression(t.left.args[1], self.statement): expression(t.right, self.statement) for t in theorems}

    @property
    def lines(self) -> tuple[ShownLine, ...]:
        """The lines of the main theorem as a lecturer would write them, in English."""
        return self.shown()

    def shown(self, lang: str = "en", detail: str = "lecture", name: str | None = None) -> tuple[ShownLine, ...]:
        """The lines of the main theorem, or of another one that was proved on the way."""
        from derive.render.lines import shown_lines

        return shown_lines(self.proofs[name or self.main], self.statement.labels, lang, detail)

    @cached_property
    def verdicts(self) -> tuple[Verdict, ...]:
        """What the witnesses say about this derivation; one that was not asked for has not run."""
        from derive.witness.panel import judge

        theorems = {proof.theorem.name: proof.theorem for proof in self.needed}
        return judge(self.statement, theorems, self.witnesses)

    def document(self, detail: str = "lecture") -> Document:
        """The derivation told as a document."""
        from derive.lectures.proof_document import proof_document

        return proof_document(self.statement, self.proof, self.needed, self.single, self.verdicts, detail)

    def to(self, format: str = "text", lang: str = "en", detail: str = "lecture") -> str:
        """The derivation as text, markdown, latex, latex-fragment, typst or json.

        Raises FormatError, LanguageError or DetailError.
        """
        if format == "json":
            from derive.record import to_json

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

    def lambdify(self) -> Callable[..., Any]:
        """The gradient as a NumPy function f(W, b, h, y, reduction="mean") of a batch.

        For a single entry such as b_3 it gives that entry.
        """
        from derive.gradients.function import function_from

        if self.entry is None:
            return function_from(self.theorem)
        whole = function_from(self.proofs[f"gradient-{self.family}"].theorem)
        place: tuple[Any, ...] = tuple(int(str(index.value)) - 1 for index in self.theorem.left.args[1].args[1:])
        if self.family in "zh":  # one row for each example
            place = (slice(None), *place)
        return lambda *arguments, **options: whole(*arguments, **options)[place]

    def __repr__(self) -> str:
        return self._formula("unicode")

    def _repr_latex_(self) -> str:
        return f"$\\displaystyle {self._formula('latex')}$"

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> dict[str, str]:
        return {
            "text/plain": self._formula("unicode"),
            "text/latex": self._repr_latex_(),
            "text/markdown": replace(self, witnesses=("kernel",)).to("markdown"),
        }

    def _formula(self, style: str) -> str:
        from derive.render.lines import formulas

        return formulas(self.theorem.left, self.theorem.right, self.statement.labels)[style]


def expression(t: Term, statement: Statement) -> sympy.Expr:
    """A term of a problem as SymPy: plain symbols for concrete entries, indexed ones otherwise."""
    from derive.syntax.sympy_bridge import concrete, indexed

    if statement.classes is not None and not free(t) & set(statement.context.indices):
        return concrete(t, statement.context, statement.labels, {})
    return indexed(t, statement.context)
