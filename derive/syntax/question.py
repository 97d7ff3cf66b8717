"""What a person asks by a formula: y = x^2, f(x) = x^2 and d/dx (x^2) all ask for the derivative of x^2."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass

from derive.chains.namesakes import WITHOUT_BRACES, printed
from derive.core.context import Context
from derive.core.term import Term, free, walk
from derive.syntax.formula import Formula, FormulaError, parse, parse_line, parse_variable

_NAME = r"(?:\\[A-Za-z]+(?:\s*\{\s*\w\s*\})?|[^\W\d_]+[0-9]*)(?:_(?:\w+|\{[^{}]*\}))?"
_LEFT = re.compile(
    rf"\s*\$*\s*(?P<name>{_NAME})\s*(?:(?:\\left)?\(\s*(?P<of>{_NAME}(?:\s*[,;]\s*{_NAME})*)\s*(?:\\right)?\)\s*)?=(?![=<>])"
)
_EQUAL = re.compile(r"(?<![<>!=])=(?!=)")


@dataclass(frozen=True)
class Asked:
    """A formula, and what was said around it: its name, the variable, how often it is differentiated (0: not said)."""

    formula: Formula
    name: str = ""
    by: Term | None = None
    order: int = 0


def parse_question(text: str, *, decimal: str = ".", variables: Collection[str] = ()) -> Asked:
    r"""The formula that a text asks about; variables: names to differentiate by. Raises FormulaError.

    >>> parse_question("f(t) = a t^2").by, parse_question(r"\frac{d^2}{dx^2}(x^3)").order
    (t, 2)
    """
    left = _LEFT.match(text)
    if left is not None and not _EQUAL.search(text, left.end()):
        return _defined(text, left, decimal, variables)
    try:
        return Asked(parse(text, decimal=decimal, variables=variables))
    except FormulaError:
        asked = _differentiated(text, decimal, variables)
        if asked is None:
            raise
        return asked


def _defined(text: str, left: re.Match[str], decimal: str, variables: Collection[str]) -> Asked:
    """The right side of y = .. or f(x) = ..; columns stay what they are."""
    arguments = [name.strip() for name in re.split(r"[,;]", left["of"] or "") if name.strip()]
    named = (*variables, *arguments)
    dollars = "$" if text.strip().startswith("$") else ""
    try:
        formula = parse(
            dollars + " " * (left.end() - len(dollars)) + text[left.end() :], decimal=decimal, variables=named
        )
    except FormulaError as error:
        raise FormulaError(error.message, text, error.position, error.hint) from None
    name = left["name"]
    plain, names = name.lstrip("\\").translate(WITHOUT_BRACES), free(formula.term)
    known = names | {str(t.value).partition("'")[0] for _, t in walk(formula.term) if t.op == "fn"}
    if printed(plain) in map(printed, known):
        raise FormulaError(f"{name} stands on both sides", text, left.start("name"), "write the right side only")
    if len(arguments) != 1:
        return Asked(formula, plain)
    context = Context(shapes=formula.shapes)
    return Asked(formula, plain, parse_variable(arguments[0], decimal=decimal, context=context, names=sorted(names)))


def _differentiated(text: str, decimal: str, variables: Collection[str]) -> Asked | None:
    """What stands in d/dx (..), if nothing else does."""
    try:
        sides = parse_line(text, decimal=decimal, variables=variables)
    except FormulaError:
        return None
    inner, by = sides[0].term, list[Term]()
    while inner.op == "d":
        by.append(inner.args[1])
        inner = inner.args[0]
    if len(sides) > 1 or len(set(by)) != 1 or any(t.op == "d" for _, t in walk(inner)):
        return None
    side = sides[0]
    formula = Formula(side.text, inner, side.shapes, side.indices, side.functions)
    return Asked(formula, "", by[0], len(by))
