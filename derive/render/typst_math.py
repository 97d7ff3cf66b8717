"""Formulas in Typst."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from derive.document.mathtree import (
    Accent,
    Apply,
    BigSum,
    Bold,
    CaseRows,
    Fence,
    Fraction,
    Function,
    Grid,
    Mark,
    Numeral,
    Operator,
    Prime,
    Root,
    Row,
    Script,
    Symbol,
    Text,
    Tree,
    numeric,
    spaced,
    tall,
)  # fmt: skip
from derive.render.escape import typst_string


def typst(tree: Tree) -> str:
    """A formula of a Typst document, without its dollars.

    >>> typst(Fraction(Numeral("0,5"), Symbol("p")))
    'frac(0 decimal 5, p)'
    """
    return _NODES[type(tree)](tree)


def _symbol(tree: Symbol) -> str:
    return _LETTERS.get(tree.letter) or (tree.letter if tree.letter.isalpha() else typst_string(tree.letter))


def _numeral(tree: Numeral) -> str:
    """Digits; a decimal comma is spelled, because Typst sets a text with a comma apart, like a word."""
    whole, _, decimals = tree.text.partition(",")
    if whole.isdecimal() and decimals.isdecimal():
        return f"{whole} decimal {decimals}"
    return tree.text if tree.text.isdecimal() else typst_string(tree.text)


def _operator(tree: Operator) -> str:
    return _OPERATORS[tree.text]


def _row(tree: Row) -> str:
    return " ".join(map(typst, spaced(tree)))


def _fraction(tree: Fraction) -> str:
    return f"frac({typst(tree.top)}, {typst(tree.bottom)})"


def _script(tree: Script) -> str:
    last = tree.base.argument if isinstance(tree.base, Apply) else tree.base
    if isinstance(last, Fence) and last.left in "([" and not tall(last):
        opening, closing = typst(tree.base).rsplit(" class(", 1)  # so that a line may break between the brackets
        return f"{opening} {_scripts(f'class({closing}', tree)}"
    return _scripts(typst(tree.base), tree)


def _scripts(base: str, tree: Script) -> str:
    sub = "" if tree.sub is None else f", b: {typst(tree.sub)}"
    sup = "" if tree.sup is None else f", t: {typst(tree.sup)}"
    return f"attach({base}{sub}{sup})"


def _big_sum(tree: BigSum) -> str:
    lower = "" if tree.lower is None else f", b: {typst(tree.lower)}"
    upper = "" if tree.upper is None else f", t: {typst(tree.upper)}"
    return f"attach({_BIG[tree.sign]}{lower}{upper}) {typst(tree.body)}"


def _fence(tree: Fence) -> str:
    left, right = _FENCES[tree.left], _FENCES_RIGHT[tree.right]
    if tall(tree.body) or tree.left not in "([":
        return f"lr({left} {typst(tree.body)} {right})"
    return f'class("opening", {left}) {typst(tree.body)} class("closing", {right})'  # a line may break in between


def _function(tree: Function) -> str:
    return f"op({typst_string(tree.name)})"


def _apply(tree: Apply) -> str:
    return f"{typst(tree.head)} {typst(tree.argument)}"


def _prime(tree: Prime) -> str:
    signs = _PRIMES[tree.count] if tree.count < len(_PRIMES) else " ".join(["prime"] * tree.count)
    return f"attach({typst(tree.base)}, tr: {signs})"


def _root(tree: Root) -> str:
    return f"sqrt({typst(tree.body)})" if tree.degree is None else f"root({typst(tree.degree)}, {typst(tree.body)})"


def _text(tree: Text) -> str:
    return f"upright({typst_string(tree.text.rstrip())})"  # words have spaces around them


def _mark(tree: Mark) -> str:
    return f"new({typst(tree.body)})"


def _case_rows(tree: CaseRows) -> str:
    return f"cases({', '.join(f'{typst(value)} & quad {typst(when)}' for value, when in tree.rows)})"


def _accent(tree: Accent) -> str:
    return f"{_ACCENTS[tree.sign]}({typst(tree.base)})"


def _bold(tree: Bold) -> str:
    return f"bold({typst(tree.base)})"


def _grid(tree: Grid) -> str:
    sides = "align: #right, column-gap: #0.8em, " if numeric(tree) else ""
    return f"mat(delim: #none, {sides}{'; '.join(', '.join(map(typst, row)) for row in tree.rows)})"


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
    Apply: _apply,
    Prime: _prime,
    Root: _root,
    Text: _text,
    Mark: _mark,
    CaseRows: _case_rows,
    Accent: _accent,
    Bold: _bold,
    Grid: _grid,
}

_OPERATORS = {
    "+": "+", "−": "-", "=": "=", "≠": "eq.not", "<": "<", "≤": "lt.eq", ">": ">", "≥": "gt.eq", "≈": "approx",
    ":=": "colon.eq", "·": "dot.op", ",": "comma", ";": "semi", "/": "slash", "∂": "partial", "d": "upright(d)",
    "\u2062": "thin", "\u2063": "juxtaposed", "∞": "infinity", "⊙": "dot.o",
    "→": "arrow.r", "←": "arrow.l", "↦": "arrow.r.bar", "⇒": "arrow.r.double", "⇔": "arrow.l.r.double", "∈": "in",
    "∉": "in.not", "⊂": "subset", "∪": "union", "∩": "inter", "×": "times", "±": "plus.minus", "∘": "compose",
    "∝": "prop", "∼": "tilde.op", "≡": "equiv", "≫": "gt.double", "≪": "lt.double", "…": "dots.h", "⋯": "dots.h.c",
    "⋮": "dots.v", "∇": "nabla", ":": "colon", "|": "bar.v", "!": "excl", "%": "percent", "∀": "forall", "∃": "exists",
    "\u2003": "quad", "\u2005": "space", "*": "ast.op", "∅": "emptyset",
}  # fmt: skip
_LETTERS = {"𝟙": "bb(1)", "⊤": "top", "∇": "nabla"}
_BIG = {"∑": "sum", "∏": "product", "∫": "integral"}
_ACCENTS = {"^": "hat", "¯": "macron", "~": "tilde", "→": "arrow", "˙": "dot"}
_PRIMES = ("", "prime", "prime.double", "prime.triple", "prime.quad")
_FENCES = {
    "(": "paren.l", "[": "bracket.l", "|": "bar.v", "⌊": "floor.l", "⌈": "ceil.l", "{": "brace.l", "‖": "bar.v.double",
}  # fmt: skip
_FENCES_RIGHT = {
    ")": "paren.r", "]": "bracket.r", "|": "bar.v", "⌋": "floor.r", "⌉": "ceil.r", "}": "brace.r", "‖": "bar.v.double",
}  # fmt: skip
