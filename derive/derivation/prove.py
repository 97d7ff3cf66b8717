"""What a user holds in hand: a problem, and the derivation that proves a gradient of it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from derive.chains import PROBLEMS, ProblemError, SoftmaxCrossEntropy, problem_named
from derive.chains.namesakes import clash
from derive.core.term import Term
from derive.derivation.derivation import WITNESSES, Derivation, check_witnesses, derived
from derive.derivation.formula import function_problem, prove_formula
from derive.derivation.names import WrtError, variable
from derive.errors import unknown
from derive.proofs.lemmas import LEMMAS
from derive.proofs.prove import plan_of
from derive.proofs.softmax_cross_entropy import SUM_TO_ONE

if TYPE_CHECKING:
    import sympy

    from derive.document.nodes import Document
    from derive.witness.verdict import Verdict


@dataclass(frozen=True)
class Judgement:
    """A claim left = right, and what each witness says of it."""

    statement: SoftmaxCrossEntropy
    left: Term
    right: Term
    verdicts: tuple[Verdict, ...]

    def document(self) -> Document:
        from derive.lectures.proof_document import claim_document

        return claim_document(self.statement, self.left, self.right, self.verdicts)


@dataclass(frozen=True)
class Problem:
    """A chain to differentiate, for instance `derive.problem("softmax-cross-entropy")`."""

    statement: SoftmaxCrossEntropy

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
) -> Derivation:
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
    known = (*PROBLEMS, *LEMMAS)
    if re.fullmatch(r"[a-z]{3,}(-[a-z]{2,})+", text) or text in known:
        return True
    return len(text) > 4 and any(name.startswith(text) for name in known)


def _prove_problem(what: Problem, wrt: object, road: str, witnesses: Sequence[str]) -> Derivation:
    chain = what.statement.chain
    hint = "" if what.statement.classes else "; single entries need classes"
    try:
        name = variable(plan_of(chain, road, [str(wrt)]), str(wrt))
    except WrtError:  # with all that there is
        name = variable(plan_of(chain, road), str(wrt), hint)
    return derived(chain, [name], witnesses, road)


def lemma(name: str, witnesses: Sequence[str] = WITNESSES) -> Derivation:
    """A lemma of the catalogue, proved. Raises ProblemError for a name that does not exist.

    >>> lemma("softplus-derivative")
    ds/dx = σ
    """
    if name not in LEMMAS:
        raise ProblemError(unknown("lemma", name, LEMMAS))
    return derived(LEMMAS[name], [name], witnesses)
