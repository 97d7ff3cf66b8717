"""The derivatives of any function: from a formula, a SymPy expression or a term to a proof that is told."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from derive.chains.chain import ProblemError
from derive.chains.function import FunctionProblem, name_of, variables, with_free_letters, with_letters
from derive.chains.namesakes import clash, printed
from derive.core.context import Context
from derive.core.term import Term, sym
from derive.derivation.derivation import WITNESSES, Derivation, derived
from derive.derivation.names import WrtError
from derive.errors import UsageError
from derive.proofs.choice import NotDifferentiable
from derive.proofs.prove import plan_of

if TYPE_CHECKING:
    from derive.syntax.question import Asked

NOWHERE = (
    "no real numbers were found at which this formula has a value, or only single points, where nothing has a slope; "
    "look at its roots, logarithms and inverse functions"
)


class EmptyDomain(UsageError):
    """A formula that has a real value nowhere, as far as a good search can tell."""


def function_problem(
    what: object, wrt: object = None, order: int = 1, hessian: bool = False, decimal: str = "."
) -> FunctionProblem:
    """What is asked about a formula: text (plain or LaTeX), a SymPy expression, or a Term.

    wrt: the variable, several with commas or as a list, SymPy symbols too; when the formula has only one, or says
    it as f(x) = .. or d/dx (..) do, it may be left out. Raises FormulaError, WrtError, ProblemError, EmptyDomain, or
    UnknownExpression.

    >>> function_problem("x^2 sin(x)").wrt, function_problem("f(t) = a t^2").wrt
    ((x,), (t,))
    """
    return refuse_misread(_problem(_asked(what, decimal, _typed(wrt)), wrt, order, hessian))


def _problem(asked: Asked, wrt: object, order: int, hessian: bool) -> FunctionProblem:
    if asked.order and (wrt is not None or order != 1 or hessian):
        raise WrtError("the formula itself says d/dx; leave its d/dx out, or the variable and the order")
    body, context = asked.formula.term, Context(shapes=asked.formula.shapes, indices=asked.formula.indices)
    wrt, order = asked.by if wrt is None else wrt, asked.order or order
    if wrt is None:
        names = sorted(variables(body, context))
        if len(names) != 1 or context.shapes.get(names[0]):
            known = ", ".join(names) or "none"
            raise WrtError(f"say what to differentiate by; the names in the formula: {known}")
        _refuse_only_letters(names[0])
        return FunctionProblem(context, body, (sym(names[0]),), order, hessian)
    chosen = tuple(_variable(x, body, context) for x in several(wrt))
    for x in chosen:
        if x.op == "sym" and asked.name and printed(str(x.value)) == printed(asked.name):
            raise WrtError(f"{x} is what the formula defines; differentiate by a name on its right side")
        _refuse_half_a_name(x, variables(body, context))
    body = with_free_letters(body, chosen)
    return FunctionProblem(with_letters(context, chosen), body, chosen, order, hessian)


def refuse_misread(problem: FunctionProblem) -> FunctionProblem:
    """Names that would be read as something else where they are printed are refused, wherever they come from."""
    from derive.syntax.grammar.names import name_misread

    variables = {str((x.args or (x,))[0].value) for x in problem.wrt}
    if (why := name_misread((problem.body, *problem.wrt), variables)) is not None:
        raise ProblemError(f"{why}; give it another name, such as one letter")
    return problem


def _variable(x: object, body: Term, context: Context) -> Term:
    """A variable of differentiation: as it is called in the formula, if it is typed; a symbol means itself."""
    from derive.syntax.formula import parse_variable

    if isinstance(x, Term):
        return x
    if not hasattr(x, "free_symbols"):
        return parse_variable(str(x), context=context, names=sorted(variables(body, context)))
    from derive.syntax.from_sympy import from_sympy

    term = from_sympy(x)
    if term.op not in ("sym", "elem"):
        raise WrtError(f"{x} is an expression, and not a variable")
    return term


def several(wrt: object) -> list[object]:
    """The variables of a list, or of a text with commas; those in braces, as in W_{k,j}, do not count."""
    if isinstance(wrt, str):
        return list(re.split(r",(?![^{]*\})", wrt))
    return list(wrt) if isinstance(wrt, list | tuple) else [wrt]


def _refuse_only_letters(name: str) -> None:
    """xyz alone is hardly a variable of three letters; whoever means it says so."""
    from derive.syntax.grammar.words import GREEK_NAMES

    letters = name.rstrip("0123456789")
    if len(letters) > 1 and letters.isalpha() and letters not in GREEK_NAMES:
        apart = " ".join(letters[:20])
        raise WrtError(f"{name} may be one name or a product: say --wrt {name}, or write {apart} for a product")


def _refuse_half_a_name(x: Term, names: frozenset[str]) -> None:
    """b where the formula speaks of b_3 and b4 is hardly meant as a variable that does not occur."""
    if x.op != "sym" or x.value in names:
        return
    letter, below = printed(str(x.value))
    longer = sorted(name for name in names if printed(name)[0] == letter)
    if longer and not below:
        raise WrtError(f"there is no {x.value} in the formula; differentiate by one of: {', '.join(longer[:12])}")


def _typed(wrt: object) -> tuple[str, ...]:
    """The names to differentiate by, as far as they are given as such."""
    given = [] if wrt is None else several(wrt)
    return tuple(name_of(x) if isinstance(x, Term) else str(x).replace("[", "_") for x in given)


def _asked(what: object, decimal: str, named: tuple[str, ...]) -> Asked:
    """The formula as a term, what it is about, and what it says itself about the question."""
    from derive.syntax.formula import Formula
    from derive.syntax.question import Asked, parse_question

    if isinstance(what, str):
        return parse_question(what, decimal=decimal, variables=named)
    if isinstance(what, Term):
        return Asked(Formula("", _readable(what, Context())))
    from derive.syntax.from_sympy import from_sympy
    from derive.syntax.grammar.sizes import sized

    found = sized((from_sympy(what),), Context(), frozenset())
    context = Context(shapes=found.shapes, indices=found.indices)
    return Asked(Formula("", _readable(found.terms[0], context), found.shapes, found.indices))


def _readable(body: Term, context: Context) -> Term:
    """A term that nobody typed; a reader can tell its names apart."""
    from derive.syntax.grammar.words import function_misread

    if (name := function_misread([body])) is not None:
        raise ProblemError(f"a function called {name} would be taken for one that is known; call it f or g")
    if (found := clash([body], context)) is not None:
        raise ProblemError(str(found))
    return body


def prove_formula(problem: FunctionProblem, witnesses: Sequence[str] = WITNESSES) -> Derivation:
    """Prove every derivative that is asked for. Raises NotDifferentiable or EmptyDomain."""
    from derive.witness.applies import domain_point

    if domain_point(problem.body, problem.context) is None:
        raise EmptyDomain(NOWHERE)
    try:
        return derived(problem.chain, list(plan_of(problem.chain).asked), witnesses)
    except NotDifferentiable as refusal:
        raise NotDifferentiable(_readably(refusal, problem), refusal.needed) from None


def _readably(refusal: NotDifferentiable, problem: FunctionProblem) -> str:
    """Why there is no derivative, with the formula in it as it is printed."""
    if refusal.needed is None:
        return str(refusal)
    from derive.document.explain import needed
    from derive.document.language import load_language
    from derive.render.unicode_math import unicode
    from derive.render.wording import Wording

    wording = Wording(problem.labels, load_language("en"), str, unicode)
    return f"there is no real derivative: {wording.say(needed(refusal.needed))} would be needed, which is never so"
