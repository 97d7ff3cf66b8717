"""How a chain is asked about, told and run, by how it was written: one row each."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from derive.chains.chain import Chain
from derive.chains.network import smaller
from derive.core.condition import Condition
from derive.derivation.expressions import by_names, by_symbol, hessian_or_gradient, one_or_matrix
from derive.derivation.names import variable
from derive.document.style import PLAIN, Style
from derive.errors import UsageError
from derive.proofs.formula import conditions_together
from derive.proofs.goals import Plan
from derive.proofs.proof import Proof
from derive.proofs.prove import prove

if TYPE_CHECKING:
    from derive.derivation.derivation import Derivation
    from derive.document.nodes import Document
    from derive.witness.verdict import Verdict

ALL = "all"


@dataclass(frozen=True)
class Kind:
    """asked: the variables of a plan that a text names. style: how derivatives are written. needs: the conditions of
    all that was asked. rests_on: the proofs whose assumptions are told. judged: what the witnesses say. general:
    whether conditions are about every unit and every example. results, result: as SymPy expressions.

    about: of what the evidence speaks, where it has words of its own.
    """

    document: Callable[[Derivation, str], Document]
    lambdify: Callable[[Derivation], Callable[..., Any]]
    style: Callable[[Chain], Style]
    asked: Callable[[Plan, str], Sequence[str]]
    needs: Callable[[Derivation], tuple[Condition, ...]] = lambda derivation: derivation.theorem.conditions
    rests_on: Callable[[Derivation], Iterable[Proof]] = lambda derivation: [derivation.proof]
    judged: Callable[[Derivation], tuple[Verdict, ...]] = lambda derivation: _judged(derivation)
    general: bool = False
    results: Callable[[Derivation], dict[Any, Any]] = by_symbol
    result: Callable[[Derivation], Any] = one_or_matrix
    about: str = ""


def kind_of(chain: Chain) -> Kind:
    return KINDS[chain.kind]


def _everything(plan: Plan, wrt: str) -> Sequence[str]:
    if wrt != plan.wrt:
        raise UsageError(f"it is differentiated by {plan.wrt}, not by {wrt}")
    return tuple(plan.asked)


def _judged(derivation: Derivation) -> tuple[Verdict, ...]:
    from derive.witness.panel import judge

    return judge(derivation.chain.context, derivation.theorems, derivation.witnesses)


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

    of = derivation.statement, derivation.proof, tuple(derivation.proofs.values()), derivation.single
    return proof_document(*of, derivation.verdicts, detail)


def _function_of_problem(derivation: Derivation) -> Callable[..., Any]:
    from derive.gradients.function import function_from

    x = derivation.theorem.left.args[1]
    family = str(x.args[0].value)
    whole = function_from(derivation.proof_named(f"gradient-{family}").theorem)
    if derivation.wrt == family:
        return whole
    place: tuple[Any, ...] = tuple(int(str(index.value)) - 1 for index in x.args[1:])
    if family in "zh":  # one row for each example
        place = (slice(None), *place)
    return lambda *arguments, **options: whole(*arguments, **options)[place]


# a network


def families_of(plan: Plan, wrt: str | Sequence[str]) -> Sequence[str]:
    """What a text with commas, or a list, names of the families of a network, in their order."""
    asked = [name.strip() for name in wrt.split(",")] if isinstance(wrt, str) else list(wrt)
    if ALL in asked:
        return tuple(plan.asked)
    for name in asked:
        if name not in plan.asked:
            raise UsageError(f'there is no "{name}"; differentiate by {ALL} or by {", ".join(plan.asked)}')
    return tuple(name for name in plan.asked if name in asked)


def _document_of_network(derivation: Derivation, detail: str) -> Document:
    from derive.lectures.network_document import network_document

    families = [name.removeprefix("gradient-") for name in derivation.asked.values()]
    of = derivation.statement, families, derivation.proofs
    return network_document(*of, derivation.verdicts, detail, derivation.layout)


def _function_of_network(derivation: Derivation) -> Callable[..., Any]:
    from derive.gradients.network import network_function

    return network_function(derivation.statement, derivation.theorems)


def _style_of_network(chain: Chain) -> Style:
    from derive.lectures.network_document import style_of

    return style_of(chain.source)


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
    cut = {name: proof.theorem for name, proof in prove(few.chain, derivation.asked).items()}
    kernel, *others = judge(problem.context, derivation.theorems, derivation.witnesses, cut)
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

    results = {derivation.main, *derivation.tabled}
    return lemma_document(derivation.chain, derivation.proofs, results, derivation.verdicts, detail, derivation.style)


def _style_of_lemma(chain: Chain) -> Style:
    """Derivatives by a plain variable are ordinary; those of a loss by a pre-activation are its errors."""
    numbers = {name for name in ("x", "z") if name not in chain.context.shapes}
    return Style(frozenset(numbers), "L" if chain.context.depends else "")


def _no_function(derivation: Derivation) -> Callable[..., Any]:
    raise UsageError(f"{derivation.chain.name} is a lemma; a function is made of a formula, a problem or a network")


KINDS: Mapping[str, Kind] = {
    "formula": Kind(
        _document_of_formula,
        _function_of_formula,
        style=lambda chain: Style(chain.source.ordinary),
        asked=_everything,
        needs=lambda derivation: conditions_together(derivation.proofs, derivation.chain.context),
        results=by_names,
        result=hessian_or_gradient,
    ),
    "problem": Kind(
        _document_of_problem,
        _function_of_problem,
        style=lambda _: PLAIN,
        asked=lambda plan, wrt: (variable(plan, wrt),),
    ),
    "network": Kind(
        _document_of_network,
        _function_of_network,
        _style_of_network,
        families_of,
        _conditions_of_network,
        rests_on=lambda derivation: derivation.proofs.values(),
        judged=_judged_smaller,
        general=True,
        about="network",
    ),
    "lemma": Kind(_document_of_lemma, _no_function, _style_of_lemma, asked=_everything, about="lemma"),
}
