"""A formula as it is printed: a small tree, its brackets already set, before any format."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import wraps
from typing import Any, TypeVar

Found = TypeVar("Found")


@dataclass(frozen=True)
class Symbol:
    """One letter, set in italics."""

    letter: str


@dataclass(frozen=True)
class Numeral:
    """Digits, with the decimal separator of the language."""

    text: str


@dataclass(frozen=True)
class Operator:
    """A relation or an operator; without sides it is a sign in front."""

    text: str


@dataclass(frozen=True)
class Row:
    items: tuple[Tree, ...]


@dataclass(frozen=True)
class Fraction:
    top: Tree
    bottom: Tree


@dataclass(frozen=True)
class Script:
    base: Tree
    sub: Tree | None = None
    sup: Tree | None = None


@dataclass(frozen=True)
class BigSum:
    """A large sign with its limits; None for a limit that is not written."""

    lower: Tree | None
    upper: Tree | None
    body: Tree
    sign: str = "∑"


@dataclass(frozen=True)
class Fence:
    left: str
    body: Tree
    right: str


@dataclass(frozen=True)
class Function:
    """The upright name of a function."""

    name: str


@dataclass(frozen=True)
class Apply:
    """A function and its argument, in brackets or, where that is clear, without."""

    head: Tree
    argument: Tree


@dataclass(frozen=True)
class Prime:
    """f with so many primes."""

    base: Tree
    count: int


@dataclass(frozen=True)
class Root:
    """A radical; degree None is the square root."""

    body: Tree
    degree: Tree | None = None


@dataclass(frozen=True)
class Text:
    """Upright words, printed literally: a user's name of a class may stand here."""

    text: str


@dataclass(frozen=True)
class Accent:
    """A sign above: one of ^ ¯ ~ → ˙"""

    base: Tree
    sign: str


@dataclass(frozen=True)
class Bold:
    base: Tree


@dataclass(frozen=True)
class Grid:
    """The entries of a matrix, without its brackets; every row is as long."""

    rows: tuple[tuple[Tree, ...], ...]


@dataclass(frozen=True)
class Mark:
    """The part of a line that is new."""

    body: Tree


@dataclass(frozen=True)
class CaseRows:
    """Values, each with its condition."""

    rows: tuple[tuple[Tree, Tree], ...]


Tree = (
    Symbol | Numeral | Operator | Row | Fraction | Script | BigSum | Fence
    | Function | Apply | Prime | Root | Text | Mark | CaseRows | Accent | Bold | Grid
)  # fmt: skip

PLUS, MINUS, EQUALS, DOT, COMMA, SEMICOLON, PARTIAL, ORDINARY, SLASH = (Operator(sign) for sign in "+−=·,;∂d/")
SEPARATORS = (COMMA, SEMICOLON)
DIFFERENTIALS = (PARTIAL, ORDINARY)
TIMES = Operator("\u2062")  # invisible: factors side by side
BREAK = Operator("\u2063")  # the same, where a line may break
SPACE, QUAD = Operator("\u2005"), Operator("\u2003")  # beside words


def row(*items: Tree) -> Tree:
    return items[0] if len(items) == 1 else Row(items)


def brackets(body: Tree) -> Fence:
    return Fence("(", body, ")")


def bare(tree: Tree) -> Tree:
    """The tree without marks around it."""
    return bare(tree.body) if isinstance(tree, Mark) else tree


def differential(tree: Tree) -> bool:
    """Whether it begins with the sign of a derivative."""
    first = tree.items[0] if isinstance(tree, Row) else tree
    return first in DIFFERENTIALS


def parts(tree: Tree) -> Iterator[Tree]:
    """The trees directly inside."""
    match tree:
        case Row(items):
            yield from items
        case Fraction(top, bottom):
            yield from (top, bottom)
        case Script(base, sub, sup):
            yield from (part for part in (base, sub, sup) if part is not None)
        case BigSum(lower, upper, body):
            yield from (part for part in (lower, upper, body) if part is not None)
        case Apply(function, argument):
            yield from (function, argument)
        case Root(body, degree):
            yield from (body,) if degree is None else (degree, body)
        case Fence(_, body, _) | Mark(body) | Prime(body) | Accent(body) | Bold(body):
            yield body
        case CaseRows(rows) | Grid(rows):
            yield from (part for each in rows for part in each)


def once(look: Callable[[Tree], Found]) -> Callable[[Tree], Found]:
    """What is found out about a tree is kept with it: lines share their parts, and parts are asked again and again."""
    name = f"_{look.__module__}.{look.__name__}"

    @wraps(look)
    def known(tree: Tree) -> Found:
        kept: dict[str, Any] = vars(tree)
        if name not in kept:
            kept[name] = look(tree)
        found: Found = kept[name]
        return found

    return known


@once
def tall(tree: Tree) -> bool:
    """Whether the tree is higher than a line of text; scripts do not count."""
    if isinstance(tree, Fraction | BigSum | CaseRows | Grid):
        return True
    return any(map(tall, (tree.base,) if isinstance(tree, Script) else parts(tree)))


def numeric(tree: Grid) -> bool:
    """Whether all entries are numbers, whose digits stand below each other."""
    return all(isinstance(_unsigned(entry), Numeral) for each in tree.rows for entry in each)


def _unsigned(tree: Tree) -> Tree:
    match tree:
        case Row((Operator("−"), after)):
            return after
    return tree


def spaced(tree: Row, own_space: Callable[[Function], bool] = lambda _: True) -> tuple[Tree, ...]:
    """The items without the space before what has a space of its own: a big sum, and the name of a function."""
    following = (*tree.items[1:], None)
    pairs = zip(tree.items, following, strict=True)
    return tuple(item for item, after in pairs if item not in (TIMES, BREAK) or not _roomy(after, own_space))


def _roomy(tree: Tree | None, own_space: Callable[[Function], bool]) -> bool:
    match tree:
        case Function():
            return own_space(tree)
        case Mark(first) | Row((first, *_)) | Apply(first) | Script(first):
            return _roomy(first, own_space)
    return isinstance(tree, BigSum)
