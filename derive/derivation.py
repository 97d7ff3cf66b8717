"""What a user holds in hand: a problem, and the derivation that proves a gradient of it."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

from derive.core.term import Term, free
from derive.errors import unknown
from derive.function import WITNESSES, FunctionDerivation, check_witnesses, function_problem, prove_formula
from derive.names import entry_name, variable
from derive.problems import PROBLEMS, ProblemError, problem_named
from derive.problems import Problem as Statement
from derive.problems.namesakes import clash
from derive.proving.network import ROADS, SUM_TO_ONE, prove_all
from derive.proving.network import entries as named_entries
from derive.proving.proof import Proof
from derive.told import Told

if TYPE_CHECKING:
    import sympy

    from derive.document.nodes import Document
    from derive.lemmas import LemmaDerivation
    from derive.witness.verdict import Verdict


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
        return _prove_problem(self, wrt, road, WITNESSES)

    def judge(self, wrt: object = "b", claim: sympy.Expr | None = None, without: Sequence[str] = ()) -> Judgement:
        """What the witnesses say of a claimed gradient, which nobody has proved.

        claim: a SymPy expression in p, y, h, W as in `Derivation.result`; the proved one by default.
        without: names of assumptions to leave out. A refuted claim comes with its residual, factored, and
        with the assumptions that are missing. Raises WrtError, ProblemError or UnknownExpression.
        """
        from derive.syntax.from_sympy import from_sympy
        from derive.syntax.recognise import entry_terms
        from derive.witness.panel import judge_claim

        theorem = self.prove(wrt).theorem
        context = self.statement.context
        unknown = sorted(set(without) - set(context.assumptions))
        if unknown:
            raise ProblemError(f'there is no assumption "{unknown[0]}"; there is {", ".join(context.assumptions)}')
        right = theorem.right if claim is None else from_sympy(claim, entry_terms(self.statement))
        if (found := clash((theorem.left, right), context)) is not None:
            raise ProblemError(str(found))
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
    what: object, wrt: object = None, road: str = "jacobian", witnesses: Sequence[str] = WITNESSES, **options: Any
) -> Derivation | FunctionDerivation | LemmaDerivation:
    """Prove the gradient of a problem by its biases, weights, inputs or logits, or the derivative of any function.

    what: a problem, the name of one or of a lemma of the catalogue, its loss written in SymPy (as `Problem.loss`
    is); or a function: a formula as text (plain or LaTeX), or any other SymPy expression; see
    `derive.function.function_problem` for its options order, hessian and decimal.

    wrt: for a problem a family "b", "W", "h", "z", or one entry such as "b_3" (a name or a SymPy symbol). road:
    "jacobian" or "logits". witnesses: who is asked for a verdict beside the kernel, when verdicts are
    looked at. options: classes, target, ... as for `problem`. Raises ProblemError or WrtError.

    >>> prove("softmax-cross-entropy", wrt="b").theorem.right
    add(p[k], neg(y[k]))
    """
    check_witnesses(witnesses)
    if isinstance(what, str) and not named(what):
        return prove_formula(function_problem(what, wrt, **options), witnesses)
    if isinstance(what, str) and what not in PROBLEMS:
        from derive.lemmas import LEMMAS, lemma

        if what not in LEMMAS:
            raise ProblemError(unknown("problem or lemma", what, (*PROBLEMS, *LEMMAS)))
        if options or wrt is not None:
            raise ProblemError(f"{what} is a lemma; there is nothing to choose")
        return lemma(what, witnesses)
    if isinstance(what, str):
        what = problem(what, **options)
    if hasattr(what, "free_symbols"):
        from derive.syntax.recognise import recognised

        try:
            what = Problem(recognised(what))
        except ProblemError:
            return prove_formula(function_problem(what, wrt, **options), witnesses)
    if not isinstance(what, Problem):
        raise ProblemError(f"cannot prove {what!r}: give a problem, the name of one, a formula, or a SymPy expression")
    return _prove_problem(what, "b" if wrt is None else wrt, road, witnesses)


def named(text: str) -> bool:
    """Whether a text is the name of a problem, perhaps misspelled, rather than a formula."""
    if text in PROBLEMS:
        return True
    from derive.lemmas import LEMMAS  # fifteen contexts, which most questions do without

    known = (*PROBLEMS, *LEMMAS)
    if re.fullmatch(r"[a-z]{3,}(-[a-z]{2,})+", text) or text in known:
        return True
    return len(text) > 4 and any(name.startswith(text) for name in known)


def _prove_problem(what: Problem, wrt: object, road: str, witnesses: Sequence[str]) -> Derivation:
    if road not in ROADS:
        raise ProblemError(f'there is no road "{road}"; choose {" or ".join(ROADS)}')
    family, entry = variable(what.statement, str(wrt))
    proofs = prove_all(what.statement, road, (family,))
    return Derivation(what.statement, family, entry, road, proofs, tuple(witnesses))


@dataclass(frozen=True, repr=False)
class Derivation(Told):
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

    def proof_named(self, name: str | None) -> Proof:
        return self.proofs[name or self.main]

    def quick(self) -> Derivation:
        return replace(self, witnesses=("kernel",))


def expression(t: Term, statement: Statement) -> sympy.Expr:
    """A term of a problem as SymPy: plain symbols for concrete entries, indexed ones otherwise."""
    from derive.syntax.sympy_bridge import concrete, indexed

    if statement.classes is not None and not free(t) & set(statement.context.indices):
        return concrete(t, statement.context, statement.labels, {})
    return indexed(t, statement.context)
