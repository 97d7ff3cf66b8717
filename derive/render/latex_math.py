"""Formulas in LaTeX, for documents and, in its own dialect, for GitHub's Markdown."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from derive.document.mathtree import (
    MINUS,
    PARTIAL,
    SEPARATORS,
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
    numeric,
    once,
    parts,
    spaced,
    tall,
)  # fmt: skip
from derive.render import escape


@dataclass(frozen=True)
class Dialect:
    """How words, names of functions, marks and high brackets are spelled."""

    text: Callable[[str], str]
    function: str
    mark: Callable[[str, bool], str]  # a marked part, and whether it is a sign between two others
    operators: dict[str, str]
    brackets: Callable[[Tree], tuple[str, str]]
    roomy: bool = True  # whether a function that TeX does not know has spaces around its name

    def own_space(self, tree: Function) -> bool:
        return self.roomy or tree.name in _KNOWN


def latex(tree: Tree) -> str:
    """A formula of a LaTeX document.

    >>> latex(Fraction(Numeral("1"), Symbol("p")))
    '\\\\frac{1}{p}'
    """
    return _say(tree, ARTICLE)


def github(tree: Tree) -> str:
    """A formula of a Markdown page."""
    return _say(tree, GITHUB)


def spelled(tree: Tree, dialect: Dialect) -> str:
    """A formula in a dialect of one's own."""
    return _say(tree, dialect)


def _say(tree: Tree, dialect: Dialect) -> str:
    return _NODES[type(tree)](tree, dialect)


def _symbol(tree: Symbol, dialect: Dialect) -> str:
    letter = tree.letter
    if letter.isascii() and letter.isalpha():
        return letter
    return _LETTERS.get(letter) or dialect.text(letter)


def _numeral(tree: Numeral, dialect: Dialect) -> str:
    return tree.text.replace(",", "{,}")


def _operator(tree: Operator, dialect: Dialect) -> str:
    return dialect.operators.get(tree.text, tree.text)


def _row(tree: Row, dialect: Dialect) -> str:
    """Items with spaces in between; none after a sign in front, before a comma, or between letters of an index."""
    text = ""
    close = all(isinstance(item, Symbol | Numeral) for item in tree.items)
    items = spaced(tree, dialect.own_space)
    for n, item in enumerate(items):
        said = _say(item, dialect)
        before = items[n - 1] if n else None
        sign = before in SEPARATORS or (n == 1 and before == MINUS)
        if (n and not close and not sign and item not in SEPARATORS) or _runs_on(text, said):
            text += " "
        text += said
    return text


def _runs_on(text: str, following: str) -> bool:
    """Whether a letter would become part of the command before it."""
    return bool(re.search(r"\\[A-Za-z]+$", text)) and following[:1].isalpha()


def _fraction(tree: Fraction, dialect: Dialect) -> str:
    inside = replace(dialect, brackets=_growing)
    return rf"\frac{{{_say(tree.top, inside)}}}{{{_say(tree.bottom, inside)}}}"


def _script(tree: Script, dialect: Dialect) -> str:
    base = _say(tree.base, dialect)
    text = base if _carries(tree.base) else f"{{{base}}}"
    text += "" if tree.sub is None else f"_{_argument(tree.sub, dialect)}"
    return text + ("" if tree.sup is None else f"^{_argument(tree.sup, dialect)}")


def _carries(base: Tree) -> bool:
    """Whether a script behind it needs no braces around it."""
    closed = isinstance(base, Apply) and isinstance(base.argument, Fence)
    return closed or isinstance(base, Symbol | Numeral | Fence | Function) or base == PARTIAL


def _argument(tree: Tree, dialect: Dialect) -> str:
    """In braces, unless it is one letter or digit."""
    said = _say(tree, dialect)
    return said if len(said) == 1 and said.isalnum() else f"{{{said}}}"


def _big_sum(tree: BigSum, dialect: Dialect) -> str:
    lower = "" if tree.lower is None else "_" + _argument(tree.lower, dialect).replace(" = ", "=")
    upper = "" if tree.upper is None else "^" + _argument(tree.upper, dialect)
    return f"{_BIG[tree.sign]}{lower}{upper} {_say(tree.body, dialect)}"


def _fence(tree: Fence, dialect: Dialect) -> str:
    before, after = dialect.brackets(tree.body)
    body = _say(tree.body, dialect)
    left, right = _FENCES.get(tree.left, (tree.left, tree.right))
    return f"{before}{left} {body} {after}{right}" if before or tree.left in _FENCES else f"{left}{body}{right}"


def _function(tree: Function, dialect: Dialect) -> str:
    if tree.name in _KNOWN:
        return f"\\{tree.name}"
    plain = tree.name.isascii() and tree.name.isalnum()
    return f"{dialect.function}{{{tree.name}}}" if plain else dialect.text(tree.name)


def _apply(tree: Apply, dialect: Dialect) -> str:
    """f(x) and \\sin (x): a name before brackets; \\sin x, with a space where the name has none of its own."""
    head, argument = _say(tree.head, dialect), _say(tree.argument, dialect)
    name = bare(tree.head.base if isinstance(tree.head, Script | Prime) else tree.head)
    if isinstance(tree.argument, Fence):
        return f"{head} {argument}" if isinstance(name, Function) else f"{head}{argument}"
    return (
        f"{head} {argument}" if not isinstance(name, Function) or dialect.own_space(name) else rf"{head} \, {argument}"
    )


def _prime(tree: Prime, dialect: Dialect) -> str:
    base = _say(tree.base, dialect)
    return f"{base}{chr(39) * tree.count}"


def _root(tree: Root, dialect: Dialect) -> str:
    inside = replace(dialect, brackets=_growing)
    degree = "" if tree.degree is None else f"[{_say(tree.degree, inside)}]"
    return rf"\sqrt{degree}{{{_say(tree.body, inside)}}}"


def _text(tree: Text, dialect: Dialect) -> str:
    return dialect.text(tree.text)


def _mark(tree: Mark, dialect: Dialect) -> str:
    return dialect.mark(_say(tree.body, dialect), isinstance(tree.body, Operator))


def _case_rows(tree: CaseRows, dialect: Dialect) -> str:
    rows = r" \\ ".join(f"{_say(value, dialect)} & {_say(when, dialect)}" for value, when in tree.rows)
    return rf"\begin{{cases}} {rows} \end{{cases}}"


def _accent(tree: Accent, dialect: Dialect) -> str:
    return rf"{_ACCENTS[tree.sign]}{{{_say(tree.base, dialect)}}}"


def _bold(tree: Bold, dialect: Dialect) -> str:
    return rf"\mathbf{{{_say(tree.base, dialect)}}}"


def _grid(tree: Grid, dialect: Dialect) -> str:
    rows = r" \\ ".join(" & ".join(_say(entry, dialect) for entry in row) for row in tree.rows)
    if numeric(tree):
        return rf"\begin{{array}}{{{'r' * len(tree.rows[0])}}} {rows} \end{{array}}"
    return rf"\begin{{matrix}} {rows} \end{{matrix}}"


_NODES: dict[type, Callable[[Any, Dialect], str]] = {
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
    "−": "-", "≠": r"\neq", "≤": r"\leq", "≥": r"\geq", "≈": r"\approx", "·": r"\cdot", "∂": r"\partial",
    "d": r"\mathrm{d}", "\u2062": r"\,", "∞": r"\infty", ":=": r"\mathrel{:=}", "\u2063": r"\derivetimes",
    "⊙": r"\odot", "→": r"\to", "←": r"\leftarrow", "↦": r"\mapsto", "⇒": r"\Rightarrow", "⇔": r"\Leftrightarrow",
    "∈": r"\in", "∉": r"\notin", "⊂": r"\subset", "∪": r"\cup", "∩": r"\cap", "×": r"\times", "±": r"\pm",
    "∘": r"\circ", "∝": r"\propto", "∼": r"\sim", "≡": r"\equiv", "≫": r"\gg", "≪": r"\ll", "…": r"\dots",
    "⋯": r"\cdots", "⋮": r"\vdots", "∇": r"\nabla", "%": r"\%", "∀": r"\forall", "∃": r"\exists",
    "\u2003": r"\quad", "\u2005": r"\ ", "*": r"\ast", "∅": r"\emptyset", "|": r"\mid",
}  # fmt: skip
_KNOWN = frozenset([
    "ln", "exp", "log", "max", "min", "sin", "cos", "tan", "cot", "sec", "csc", "arcsin", "arccos", "arctan",
    "sinh", "cosh", "tanh", "coth",
])  # fmt: skip
_BIG = {"∑": r"\sum", "∏": r"\prod", "∫": r"\int"}
_ACCENTS = {"^": r"\hat", "¯": r"\bar", "~": r"\tilde", "→": r"\vec", "˙": r"\dot"}
_FENCES = {
    "{": (r"\{", r"\}"), "‖": (r"\lVert", r"\rVert"), "|": (r"\lvert", r"\rvert"),
    "⌊": (r"\lfloor", r"\rfloor"), "⌈": (r"\lceil", r"\rceil"),
}  # fmt: skip
_LETTERS = {"𝟙": r"\mathbf{1}", "ℓ": r"\ell", "⊤": r"\top", "∇": r"\nabla"} | escape.GREEK


def _growing(body: Tree) -> tuple[str, str]:
    return (r"\left", r"\right") if tall(body) else ("", "")


def _fixed(body: Tree) -> tuple[str, str]:
    """Brackets of a fixed size: a line may break between them, which left and right forbid."""
    if not tall(body):
        return "", ""
    if _with_rows(body):
        return r"\left", r"\right"
    size = "Bigg" if _storeys(body) > 2 else "bigg"
    return rf"\{size}l", rf"\{size}r"


@once
def _with_rows(tree: Tree) -> bool:
    """Whether there is something in it that has any number of rows."""
    return isinstance(tree, CaseRows | Grid) or any(map(_with_rows, parts(tree)))


@once
def _storeys(tree: Tree) -> int:
    """How many formulas stand on top of each other."""
    below = max(map(_storeys, parts(tree)), default=1) if not isinstance(tree, Script) else _storeys(tree.base)
    return (
        below + 1 if isinstance(tree, Fraction | CaseRows | Grid) else max(below, 2 if isinstance(tree, BigSum) else 1)
    )


_SPELLED = {c: f"\\{c}" for c in "_%#&${}"} | {
    "\\": r"\backslash ", "^": r"\wedge ", "~": r"\sim ", "<": r"\lt ", ">": r"\gt ", "|": r"\vert ",
    "`": r"\grave{\ }", "*": r"\ast ",
}  # fmt: skip


def _github_text(text: str) -> str:
    """Words outside of which every special character stands, because inside MathJax shows a backslash."""
    shown = escape.printable(text)
    pieces: list[str] = []
    plain = ""
    for c in shown + "\0":
        if c in _SPELLED or c == "\0":
            pieces += [rf"\text{{{plain}}}"] if plain else []
            plain = ""
        pieces += [_SPELLED[c]] if c in _SPELLED else []
        plain += c if c not in _SPELLED else ""
    return "".join(pieces).rstrip() if len(pieces) != 1 else pieces[0]


def _coloured(body: str, sign: bool) -> str:
    """GitHub colours one group; a sign in it would lose its spaces."""
    return rf"\mathbin{{\color{{brown}}{{{body}}}}}" if sign else rf"{{\color{{brown}}{{{body}}}}}"


ARTICLE = Dialect(
    lambda text: rf"\textnormal{{{escape.latex(text)}}}",
    r"\operatorname",
    lambda body, sign: rf"\derivenew{{{body}}}",
    _OPERATORS,
    _fixed,
)
GITHUB = Dialect(
    _github_text, r"\mathrm", _coloured, _OPERATORS | {":=": ":=", "<": r"\lt", ">": r"\gt"}, _growing, False
)
