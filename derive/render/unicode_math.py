"""Formulas as one line of Unicode: for the terminal, and as the spoken text beside a picture of a formula."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from derive.document.mathtree import (
    DIFFERENTIALS,
    QUAD,
    SLASH,
    SPACE,
    TIMES,
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
    bare,
    differential,
    once,
)  # fmt: skip
from derive.render.escape import printable

SPACES = (TIMES, SPACE, QUAD)
# zero-width signs around a marked part; no printable text contains them
MARK_ON, MARK_OFF = "\ue000", "\ue001"
TIGHT = "\ue002"  # a space where a line is rather not broken

_SUB = dict(zip("0123456789+−=aehijklmnoprstuvxβγρφχ", "₀₁₂₃₄₅₆₇₈₉₊₋₌ₐₑₕᵢⱼₖₗₘₙₒₚᵣₛₜᵤᵥₓᵦᵧᵨᵩᵪ", strict=True))
_SUP = dict(zip("0123456789−ni", "⁰¹²³⁴⁵⁶⁷⁸⁹⁻ⁿⁱ", strict=True))

_RAISED = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")

SMALL = frozenset([*_SUB.values(), *_SUP.values(), *"⁽⁾"])


def unicode(tree: Tree) -> str:
    """The formula in one line, nothing marked.

    >>> unicode(Script(Symbol("p"), sub=Symbol("k"))), unicode(Fraction(Numeral("1"), Symbol("p")))
    ('pₖ', '1/p')
    """
    return _without_marks(marked(tree))


def _without_marks(text: str) -> str:
    return text.translate({ord(MARK_ON): None, ord(MARK_OFF): None, ord(TIGHT): " "})


@once
def marked(tree: Tree) -> str:
    """The formula in one line, with signs around what is marked."""
    return _NODES[type(tree)](tree)


def _plain(tree: Symbol | Numeral | Function | Text) -> str:
    match tree:
        case Symbol(text) | Numeral(text) | Function(text) | Text(text):
            return printable(text).replace(" ", TIGHT)


def _operator(tree: Operator) -> str:
    return TIGHT if tree in SPACES else tree.text


def _row(tree: Row) -> str:
    """Spaces around signs between two things; brackets around a fraction beside a factor."""
    text = ""
    items = tree.items
    product = TIMES in items or Operator("·") in items
    for n, item in enumerate(items):
        here, before = bare(item), bare(items[n - 1]) if n else None
        shown = marked(item)
        if product and isinstance(here, Fraction) and not _derivative(here):
            shown = f"({shown})"
        if isinstance(here, Operator) and here not in (*SPACES, SLASH, *DIFFERENTIALS):
            sign = n == 0 or isinstance(before, Operator)
            text += shown if sign else f"{shown}{TIGHT}" if here.text in ",;" else f" {shown} "
        elif here == TIMES and _needs_dot(before, bare(items[n + 1])):
            text += " · "
        else:
            text += shown
    return text


def _needs_dot(left: Tree | None, right: Tree) -> bool:
    """√2 · x is not √(2 x), and x · (1/2) is not a function of 1/2."""
    fraction = isinstance(right, Fraction) and not _derivative(right)
    return (isinstance(left, Root) and _alone(left.body)) or (isinstance(left, Symbol) and fraction)


def _derivative(tree: Fraction) -> bool:
    return differential(bare(tree.top))


def _fraction(tree: Fraction) -> str:
    if _derivative(tree):
        return f"{marked(tree.top)}/{marked(tree.bottom)}"
    top = bare(tree.top)
    whole = isinstance(top, Row) and isinstance(first := bare(top.items[0]), Fraction) and _derivative(first)
    alone = whole and isinstance(top, Row) and len(top.items) == 2  # d/dx[x²]/2
    return f"{marked(tree.top) if alone else _grouped(tree.top)}/{_grouped(tree.bottom)}"


def _grouped(tree: Tree) -> str:
    """In brackets when it is more than one thing; those of sin(x) are enough."""
    inner = bare(tree)
    if isinstance(inner, Apply) and not isinstance(inner.argument, Fence | Apply):
        called = f"{marked(inner.head)}({marked(inner.argument)})"
        return called if inner is tree else f"{MARK_ON}{called}{MARK_OFF}"
    return f"({marked(tree)})" if isinstance(inner, Row | BigSum | Fraction) else marked(tree)


def _apply(tree: Apply) -> str:
    head, argument = marked(tree.head), bare(tree.argument)
    if isinstance(argument, Fence) and argument.left == "(":
        return f"{head}({marked(argument.body)})"
    return head + ("" if isinstance(argument, Fence) else TIGHT) + marked(tree.argument)


def _prime(tree: Prime) -> str:
    signs = ("", "′", "″", "‴", "⁗")
    return marked(tree.base) + (signs[tree.count] if tree.count < len(signs) else "′" * tree.count)


def _root(tree: Root) -> str:
    sign = "√" if tree.degree is None else "∛"
    return sign + (marked(tree.body) if _alone(tree.body) else f"({marked(tree.body)})")


def _alone(tree: Tree) -> bool:
    """Whether a radical needs no brackets around it."""
    inner = bare(tree)
    return isinstance(inner, Symbol | Numeral) or (isinstance(inner, Script) and inner.sup is None)


def _script(tree: Script) -> str:
    base = marked(tree.base)
    sub = "" if tree.sub is None else _small(tree.sub, _SUB, "_")
    match tree.sup:
        case None:
            return base + sub
        case Fence("(", Numeral(layer), ")"):  # a number in brackets belongs to the name
            return f"{base}⁽{layer.translate(_RAISED)}⁾{sub}"
    return base + sub + _small(tree.sup, _SUP, "^")


def _small(tree: Tree, letters: dict[str, str], sign: str) -> str:
    shown = marked(tree)  # once: what is nested would be written twice at each level
    text = _without_marks(shown)
    plain = isinstance(bare(tree), Text) and text.isalnum()
    if all(c in letters for c in text) and not isinstance(bare(tree), Text):
        return "".join(letters.get(c, c) for c in shown)
    return f"{sign}{shown}" if len(text) == 1 or plain else f"{sign}{{{shown}}}"


def _big_sum(tree: BigSum) -> str:
    lower = "" if tree.lower is None else f"_{{{marked(tree.lower).replace(' ', '')}}}"
    upper = "" if tree.upper is None else f"^{{{marked(tree.upper)}}}"
    body = f"({marked(tree.body)})" if isinstance(bare(tree.body), Fraction) else marked(tree.body)
    return f"{_BIG.get(tree.sign, tree.sign)}{lower}{upper}{TIGHT}{body}"


def _fence(tree: Fence) -> str:
    body = marked(tree.body)
    if tree.left == "(" and isinstance(bare(tree.body), CaseRows):
        return body
    if tree.left == "|" and "|" in body:  # which bar would close which?
        return f"abs({body})"
    return f"{tree.left}{body}{tree.right}"


def _mark(tree: Mark) -> str:
    return f"{MARK_ON}{marked(tree.body)}{MARK_OFF}"


def _case_rows(tree: CaseRows) -> str:
    return f"{{{f';{TIGHT}'.join(f'{marked(value)}{TIGHT}{marked(when)}' for value, when in tree.rows)}}}"


def _accent(tree: Accent) -> str:
    body = marked(tree.base)
    return f"{body}{_ACCENTS[tree.sign]}" if len(body) == 1 else f"({body}){_ACCENTS[tree.sign]}"


def _bold(tree: Bold) -> str:
    return marked(tree.base)


def _grid(tree: Grid) -> str:
    rows = [list(map(marked, entries)) for entries in tree.rows]
    comma = "" if any("," in entry for row in rows for entry in row) else ","  # of a decimal
    return "; ".join(f"{comma} ".join(row) for row in rows).replace(" ", TIGHT)


_BIG = {"∑": "Σ", "∏": "Π"}
_ACCENTS = {"^": "\u0302", "¯": "\u0304", "~": "\u0303", "→": "\u20d7", "˙": "\u0307"}
_NODES: dict[type, Callable[[Any], str]] = {
    Symbol: _plain,
    Numeral: _plain,
    Function: _plain,
    Apply: _apply,
    Prime: _prime,
    Root: _root,
    Text: _plain,
    Operator: _operator,
    Row: _row,
    Fraction: _fraction,
    Script: _script,
    BigSum: _big_sum,
    Fence: _fence,
    Mark: _mark,
    CaseRows: _case_rows,
    Accent: _accent,
    Bold: _bold,
    Grid: _grid,
}
