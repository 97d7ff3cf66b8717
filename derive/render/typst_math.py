"""Formulas in Typst."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from derive.document.mathtree import (
    BigSum,
    CaseRows,
    Fence,
    Fraction,
    Function,
    Mark,
    Numeral,
    Operator,
    Row,
    Script,
    Symbol,
    Text,
    Tree,
    spaced,
    tall,
)  # fmt: skip
from derive.render.escape import typst_string


def typst(tree: Tree) -> str:
    """A formula of a Typst document, without its dollars.

    >>> typst(Fraction(Numeral("0,5"), Symbol("p")))
    'frac("0,5", p)'
    """
    return _NODES[type(tree)](tree)


def _symbol(tree: Symbol) -> str:
    return tree.letter if tree.letter.isalpha() else typst_string(tree.letter)


def _numeral(tree: Numeral) -> str:
    return tree.text if tree.text.isdecimal() else typst_string(tree.text)


def _operator(tree: Operator) -> str:
    return _OPERATORS[tree.text]


def _row(tree: Row) -> str:
    return " ".join(map(typst, spaced(tree)))


def _fraction(tree: Fraction) -> str:
    return f"frac({typst(tree.top)}, {typst(tree.bottom)})"


def _script(tree: Script) -> str:
    if isinstance(tree.base, Fence) and not tall(tree.base) and tree.base.left != "|":
        opening, closing = typst(tree.base).rsplit(" class(", 1)  # so that a line may break between the brackets
        return f"{opening} {_scripts(f'class({closing}', tree)}"
    return _scripts(typst(tree.base), tree)


def _scripts(base: str, tree: Script) -> str:
    sub = "" if tree.sub is None else f", b: {typst(tree.sub)}"
    sup = "" if tree.sup is None else f", t: {typst(tree.sup)}"
    return f"attach({base}{sub}{sup})"


def _big_sum(tree: BigSum) -> str:
    return f"attach(sum, b: {typst(tree.lower)}, t: {typst(tree.upper)}) {typst(tree.body)}"


def _fence(tree: Fence) -> str:
    left, right = _FENCES[tree.left], _FENCES_RIGHT[tree.right]
    if tall(tree.body) or tree.left == "|":
        return f"lr({left} {typst(tree.body)} {right})"
    return f'class("opening", {left}) {typst(tree.body)} class("closing", {right})'  # a line may break in between


def _function(tree: Function) -> str:
    return f"op({typst_string(tree.name)})"


def _text(tree: Text) -> str:
    space = " space" if tree.text.endswith(" ") else ""
    return f"upright({typst_string(tree.text.rstrip())}){space}"


def _mark(tree: Mark) -> str:
    return f"new({typst(tree.body)})"


def _case_rows(tree: CaseRows) -> str:
    return f"cases({', '.join(f'{typst(value)} & quad {typst(when)}' for value, when in tree.rows)})"


_NODES: dict[type, Callable[[Any], str]] = {
    Symbol: _symbol,
    Numeral: _numeral,
    Operator: _operator,
    Row: _row,
    Fraction: _fraction,
    Script: _script,
    BigSum: _big_sum,
    Fence: _fence,
    Function: _function,
    Text: _text,
    Mark: _mark,
    CaseRows: _case_rows,
}

_OPERATORS = {
    "+": "+", "−": "-", "=": "=", "≠": "eq.not", ">": ">", "≈": "approx", ":=": "colon.eq", "·": "dot.op",
    ",": "comma", "/": "slash", "∂": "partial", "\u2062": "thin", "\u2063": "juxtaposed", "∞": "infinity",
}  # fmt: skip
_FENCES = {"(": "paren.l", "[": "bracket.l", "|": "bar.v"}
_FENCES_RIGHT = {")": "paren.r", "]": "bracket.r", "|": "bar.v"}
