"""What is special about a formula, a problem of the catalogue, a network and a lemma when proved: one row each."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from derive.chains import Problem
from derive.chains.function import FunctionProblem
from derive.chains.network import NetworkProblem, smaller
from derive.core.condition import Condition
from derive.document.style import PLAIN, Style
from derive.errors import UsageError
from derive.proofs.backpropagation import prove_network
from derive.proofs.function import conditions_together
from derive.proofs.lemmas import Lemma
from derive.proofs.proof import Proof

if TYPE_CHECKING:
    from derive.derivation.derivation import Derivation
    from derive.document.nodes import Document
    from derive.witness.verdict import Verdict

Statement = Problem | FunctionProblem | NetworkProblem | Lemma


@dataclass(frozen=True)
class Kind:
    """style: how derivatives are written. needs: the conditions of all that was asked. rests_on: the proofs
    whose assumptions are told. judged: what the witnesses say.

    about: of what the evidence speaks, where it has words of its own.
    """

    document: Callable[[Derivation, str], Document]
    lambdify: Callable[[Derivation], Callable[..., Any]]
    style: Callable[[Any], Style]
    needs: Callable[[Derivation], tuple[Condition, ...]] = lambda derivation: derivation.theorem.conditions
    rests_on: Callable[[Derivation], Iterable[Proof]] = lambda derivation: [derivation.proof]
    judged: Callable[[Derivation], tuple[Verdict, ...]] = lambda derivation: _judged(derivation)
    about: str = ""


def kind_of(statement: Statement) -> Kind:
    return KINDS[type(statement)]


def _judged(derivation: Derivation) -> tuple[Verdict, ...]:
    from derive.witness.panel import judge

    return judge(derivation.statement, derivation.theorems, derivation.witnesses)


# a formula


def _document_of_formula(derivation: Derivation, detail: str) -> Document:
    from derive.lectures.function_document import function_document

    return function_document(derivation.statement, derivation.proofs, derivation.verdicts, detail)


def _function_of_formula(derivation: Derivation) -> Callable[..., Any]:
    from derive.gradients.scalar import scalar_function

    rights = [proof.theorem.right for proof in derivation.gradients.values()]
    return scalar_function(rights, derivation.statement.variables)


# a problem of the catalogue


def _document_of_problem(derivation: Derivation, detail: str) -> Document:
    from derive.lectures.proof_document import proof_document

    of = derivation.statement, derivation.proof, derivation.needed, derivation.single
    return proof_document(*of, derivation.verdicts, detail)


def _function_of_problem(derivation: Derivation) -> Callable[..., Any]:
    from derive.gradients.function import function_from

    x = derivation.theorem.left.args[1]
    family = str(x.args[0].value)
    if derivation.wrt == family:
        return function_from(derivation.theorem)
    whole = function_from(derivation.proofs[f"gradient-{family}"].theorem)
    place: tuple[Any, ...] = tuple(int(str(index.value)) - 1 for index in x.args[1:])
    if family in "zh":  # one row for each example
        place = (slice(None), *place)
    return lambda *arguments, **options: whole(*arguments, **options)[place]


# a network


def _document_of_network(derivation: Derivation, detail: str) -> Document:
    from derive.lectures.network_document import network_document

    families = [name.removeprefix("gradient-") for name in derivation.asked.values()]
    of = derivation.statement, families, derivation.proofs
    return network_document(*of, derivation.verdicts, detail, derivation.layout)


def _function_of_network(derivation: Derivation) -> Callable[..., Any]:
    from derive.gradients.network import network_function

    return network_function(derivation.statement, derivation.theorems)


def _style_of_network(problem: NetworkProblem) -> Style:
    from derive.lectures.network_document import style_of

    return style_of(problem)


def _conditions_of_network(derivation: Derivation) -> tuple[Condition, ...]:
    from derive.lectures.network_conditions import conditions_of_all

    return conditions_of_all(derivation.statement, derivation.proofs)


def _judged_smaller(derivation: Derivation) -> tuple[Verdict, ...]:
    """They look at networks with fewer units where these have many."""
    from derive.witness.panel import judge

    problem = derivation.statement
    few = smaller(problem)
    if few is None:
        return _judged(derivation)
    families = tuple(name.removeprefix("gradient-") for name in derivation.asked.values())
    cut = {name: proof.theorem for name, proof in prove_network(few, families).items()}
    kernel, *others = judge(problem, derivation.theorems, derivation.witnesses, cut)
    return (kernel, *(_cut_down(verdict, problem.units, few.units) for verdict in others))


def _cut_down(verdict: Verdict, units: str, few: str) -> Verdict:
    """The verdict on a smaller network, saying that it was smaller."""
    from derive.witness.verdict import Proven

    if not isinstance(verdict, Proven):
        return verdict
    return replace(verdict, detail={**verdict.detail, "cut": units, "sizes": few})


# a lemma


def _document_of_lemma(derivation: Derivation, detail: str) -> Document:
    from derive.lectures.lemma_document import lemma_document

    of = derivation.statement, derivation.proofs, derivation.verdicts
    return lemma_document(*of, detail, derivation.style)


def _style_of_lemma(lemma: Lemma) -> Style:
    """Derivatives by a plain variable are ordinary; those of a loss by a pre-activation are its errors."""
    context = lemma.context
    numbers = {name for name in ("x", "z") if name not in context.shapes}
    return Style(frozenset(numbers), "L" if context.depends else "")


def _no_function(derivation: Derivation) -> Callable[..., Any]:
    raise UsageError(f"{derivation.statement.name} is a lemma; a function is made of a formula, a problem or a network")


KINDS: Mapping[type, Kind] = {
    FunctionProblem: Kind(
        _document_of_formula,
        _function_of_formula,
        style=lambda problem: Style(problem.ordinary),
        needs=lambda derivation: conditions_together(derivation.proofs, derivation.statement),
    ),
    Problem: Kind(_document_of_problem, _function_of_problem, style=lambda _: PLAIN),
    NetworkProblem: Kind(
        _document_of_network,
        _function_of_network,
        _style_of_network,
        _conditions_of_network,
        rests_on=lambda derivation: derivation.needed,
        judged=_judged_smaller,
        about="network",
    ),
    Lemma: Kind(_document_of_lemma, _no_function, _style_of_lemma, about="lemma"),
}
