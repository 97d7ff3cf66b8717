"""Formulas as one line of Unicode: for the terminal, and as the spoken text beside a picture of a formula."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from derive.document.mathtree import (
    PARTIAL,
    SLASH,
    TIMES,
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
)  # fmt: skip
from derive.render.escape import printable

# zero-width signs around a marked part; no printable text contains them
MARK_ON, MARK_OFF = "\ue000", "\ue001"
TIGHT = "\ue002"  # a space where a line is rather not broken

_SUB = dict(zip("0123456789+−=aehijklmnoprstuvxβγρφχ", "₀₁₂₃₄₅₆₇₈₉₊₋₌ₐₑₕᵢⱼₖₗₘₙₒₚᵣₛₜᵤᵥₓᵦᵧᵨᵩᵪ", strict=True))
_SUP = dict(zip("0123456789−ni", "⁰¹²³⁴⁵⁶⁷⁸⁹⁻ⁿⁱ", strict=True))

SMALL = frozenset([*_SUB.values(), *_SUP.values()])


def unicode(tree: Tree) -> str:
    """The formula in one line, nothing marked.

    >>> unicode(Script(Symbol("p"), sub=Symbol("k"))), unicode(Fraction(Numeral("1"), Symbol("p")))
    ('pₖ', '1/p')
    """
    return marked(tree).translate({ord(MARK_ON): None, ord(MARK_OFF): None, ord(TIGHT): " "})


def marked(tree: Tree) -> str:
    """The formula in one line, with signs around what is marked."""
    return _NODES[type(tree)](tree)


def _plain(tree: Symbol | Numeral | Function | Text) -> str:
    match tree:
        case Symbol(text) | Numeral(text) | Function(text) | Text(text):
            return printable(text).replace(" ", TIGHT)


def _operator(tree: Operator) -> str:
    return tree.text if tree != TIMES else TIGHT


def _bare(tree: Tree) -> Tree:
    return _bare(tree.body) if isinstance(tree, Mark) else tree


def _row(tree: Row) -> str:
    """Spaces around signs between two things; brackets around a fraction beside a factor."""
    text = ""
    items = tree.items
    product = TIMES in items or Operator("·") in items
    for n, item in enumerate(items):
        here, before = _bare(item), _bare(items[n - 1]) if n else None
        shown = marked(item)
        if product and isinstance(here, Fraction) and not _derivative(here):
            shown = f"({shown})"
        if isinstance(here, Operator) and here not in (TIMES, PARTIAL, SLASH):
            sign = n == 0 or isinstance(before, Operator)
            text += shown if sign else f"{shown}{TIGHT}" if here.text == "," else f" {shown} "
        else:
            text += TIGHT + shown if isinstance(before, Function) and not isinstance(here, Fence) else shown
    return text


def _derivative(tree: Tree) -> bool:
    top = _bare(tree.top) if isinstance(tree, Fraction) else tree
    return top == PARTIAL or (isinstance(top, Row) and top.items[0] == PARTIAL)


def _fraction(tree: Fraction) -> str:
    if _derivative(tree):
        return f"{marked(tree.top)}/{marked(tree.bottom)}"
    return f"{_grouped(tree.top)}/{_grouped(tree.bottom)}"


def _grouped(tree: Tree) -> str:
    """In brackets when it is more than one thing."""
    return f"({marked(tree)})" if isinstance(_bare(tree), Row | BigSum | Fraction) else marked(tree)


def _script(tree: Script) -> str:
    base = marked(tree.base)
    sub = "" if tree.sub is None else _small(tree.sub, _SUB, "_")
    return base + sub + ("" if tree.sup is None else _small(tree.sup, _SUP, "^"))


def _small(tree: Tree, letters: dict[str, str], sign: str) -> str:
    text = unicode(tree)
    plain = isinstance(_bare(tree), Text) and text.isalnum()
    if all(c in letters for c in text) and not isinstance(_bare(tree), Text):
        return "".join(letters.get(c, c) for c in marked(tree))
    return f"{sign}{marked(tree)}" if len(text) == 1 or plain else f"{sign}{{{marked(tree)}}}"


def _big_sum(tree: BigSum) -> str:
    lower = marked(tree.lower).replace(" ", "")
    body = f"({marked(tree.body)})" if isinstance(_bare(tree.body), Fraction) else marked(tree.body)
    return f"Σ_{{{lower}}}^{{{marked(tree.upper)}}}{TIGHT}{body}"


def _fence(tree: Fence) -> str:
    return f"{tree.left}{marked(tree.body)}{tree.right}"


def _mark(tree: Mark) -> str:
    return f"{MARK_ON}{marked(tree.body)}{MARK_OFF}"


def _case_rows(tree: CaseRows) -> str:
    return "; ".join(f"{marked(value)}, {marked(when)}" for value, when in tree.rows)


_NODES: dict[type, Callable[[Any], str]] = {
    Symbol: _plain,
    Numeral: _plain,
    Function: _plain,
    Text: _plain,
    Operator: _operator,
    Row: _row,
    Fraction: _fraction,
    Script: _script,
    BigSum: _big_sum,
    Fence: _fence,
    Mark: _mark,
    CaseRows: _case_rows,
}
