"""What a person's lines are compared with: the derivative that was asked for, and what may be cited about it."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from derive.chains import SoftmaxCrossEntropy
from derive.chains.function import FunctionProblem, name_of_chain, variables
from derive.checking.slips.carry import conditions_of
from derive.core.condition import Condition
from derive.core.context import Context
from derive.core.kernel import Theorem
from derive.core.term import Term, d, same, sym
from derive.derivation import Derivation, Problem, named
from derive.derivation import problem as problem_of
from derive.derivation.formula import function_problem
from derive.errors import UsageError
from derive.proofs.choice import NotDifferentiable
from derive.proofs.formula import conditions_together
from derive.proofs.proof import Proof
from derive.proofs.prove import prove

FACTORS: Mapping[str, Term | None] = {"z": None, "b": None, "W": sym("h")[sym("j")]}  # dL/dv = dL/dz_k times this


class QuestionError(UsageError):
    """There is nothing to compare the lines with; the message says what is missing."""


@dataclass(frozen=True)
class Question:
    """start is the derivative d(f, x), not carried out.

    assumptions: names of those that hold. conditions: where start has a value. known: what a name in a line stands
    for. lemmas: theorems that a line may cite. proofs: what was proved about the problem. also: more lines equal to
    start. body: the function, where it is one that somebody typed. ordinary: variables x whose derivatives are written
    d/dx. decimal: how lines write 0.5.
    """

    start: Term
    context: Context
    assumptions: frozenset[str] = frozenset()
    conditions: tuple[Condition, ...] = ()
    labels: Mapping[tuple[str, int], str] = field(default_factory=dict)
    known: Mapping[str, Term] = field(default_factory=dict)
    lemmas: Mapping[str, Theorem] = field(default_factory=dict)
    proofs: tuple[Proof, ...] = ()
    also: tuple[Term, ...] = ()
    body: Term | None = None
    problem: str = "function"
    ordinary: Collection[str] = ()
    decimal: str = "."

    @property
    def names(self) -> tuple[str, ...]:
        """The names in the function that stand for numbers; a line may spell them otherwise."""
        return () if self.body is None else tuple(sorted(variables(self.body, self.context)))

    @property
    def own_proofs(self) -> tuple[Proof, ...]:
        """Those that begin at start."""
        return tuple(proof for proof in self.proofs if same(proof.theorem.left, self.start))

    @property
    def right_lines(self) -> tuple[Term, ...]:
        """Lines that are known to be right."""
        return (*(line for proof in self.own_proofs for line in proof.theorem.lines), *self.also)

    def named_by(self, side: Term) -> Term:
        """The derivative that f'(x), f''(x) or df/dx stands for, where f is the function that was given."""
        x = self.start.args[1]
        if self.body is None:
            return self.start
        if side.op == "d":
            return self.start if side.args[1] == x else d(self.body, side.args[1])
        order = str(side.value).count("'")
        name = name_of_chain((x,) * order)
        found = next((proof.theorem.left for proof in self.proofs if proof.theorem.name == name), None)
        if found is None and order > 1:
            raise QuestionError(
                f"{side.value} is a derivative of order {order}, which was not asked for; ask with order"
            )
        return self.start if found is None else found

    def about(self, start: Term) -> Question:
        """The same problem, with another derivative asked for."""
        return replace(self, start=start, conditions=conditions_of(start, self.context), also=())


def question_about(
    problem: object, wrt: object = None, without: Sequence[str] = (), decimal: str = ".", **options: Any
) -> Question:
    """The question a problem, its name, a formula, a SymPy expression or a Term asks.

    options: as for `derive.derivation.problem` or `derive.function.function_problem`. Raises UsageError.
    """
    if isinstance(problem, str) and named(problem):
        problem, options = problem_of(problem, **options), {}
    if isinstance(problem, Problem):
        if options:
            raise QuestionError(f"{min(options)} is said when the problem is made, not here")
        return replace(_about_network(problem.prove("b" if wrt is None else wrt), without), decimal=decimal)
    if without:
        raise QuestionError("a function has no assumptions to leave out")
    return replace(_about_function(function_problem(problem, wrt, decimal=decimal, **options)), decimal=decimal)


def _about_function(problem: FunctionProblem) -> Question:
    """With its proof, where there is one; the last derivative, when it is one of a higher order."""
    context, chain = problem.context, problem.asked[0]
    try:
        proofs = prove(problem.chain)
    except NotDifferentiable:
        if len(chain) > 1:
            raise
        start = d(problem.body, chain[0])
        return Question(
            start, context, conditions=conditions_of(start, context), body=problem.body, ordinary=problem.ordinary
        )
    theorem = proofs[name_of_chain(chain)].theorem
    return Question(
        theorem.left,
        context,
        conditions=conditions_together(proofs, context),
        labels=problem.labels,
        proofs=tuple(proofs.values()),
        body=problem.body,
        ordinary=problem.ordinary,
    )


def _about_network(derivation: Derivation, without: Sequence[str]) -> Question:
    chain, start = derivation.chain, derivation.theorem.left
    context = chain.context
    unknown = sorted(set(without) - set(context.assumptions))
    if unknown:
        raise QuestionError(f'there is no assumption "{unknown[0]}"; there is {", ".join(context.assumptions)}')
    family = str(start.args[1].args[0].value)
    proofs = prove(chain, [family], derivation.road, ["softmax-shift"])  # whatever may be said about the family
    return Question(
        start,
        context,
        derivation.theorem.assumptions - set(without),
        labels=chain.labels,
        known=known_names(derivation.statement),
        lemmas={n: p.theorem for n, p in proofs.items() if not same(p.theorem.left, start)},
        proofs=tuple(proofs.values()),
        also=_through_the_logits(proofs, derivation.wrt),
        problem=chain.name,
    )


def _through_the_logits(proofs: Mapping[str, Proof], wrt: str) -> tuple[Term, ...]:
    """The lines about a logit are lines about its bias too, and about a weight when multiplied by the input."""
    logits = proofs.get("loss-by-logit")
    if logits is None or wrt not in FACTORS:
        return ()
    factor = FACTORS[wrt]
    return tuple(line if factor is None else line * factor for line in logits.theorem.lines)


def known_names(problem: SoftmaxCrossEntropy) -> dict[str, Term]:
    """What is written for the entries of a problem: p_k, W_kj, W_{kj}; p_setosa and b_3 when there are classes."""
    from derive.syntax.recognise import entry_terms

    names = entry_terms(problem)
    context = problem.context
    letters = {**context.indices, **context.fixed}
    for family, shape in context.shapes.items():
        if len(shape) == 1:
            names |= {f"{family}_{i}": sym(family)[sym(i)] for i, size in letters.items() if size == shape[0]}
        if len(shape) == 2:
            pairs = [(i, j) for i, n in letters.items() for j, m in letters.items() if (n, m) == shape]
            names |= {f"{family}_{i}{j}": sym(family)[sym(i), sym(j)] for i, j in pairs}
    return names
