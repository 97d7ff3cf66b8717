"""A formula as it is printed: a small tree, its brackets already set, before any format."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass


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
    lower: Tree
    upper: Tree
    body: Tree


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
class Text:
    """Upright words, printed literally: a user's name of a class may stand here."""

    text: str


@dataclass(frozen=True)
class Mark:
    """The part of a line that is new."""

    body: Tree


@dataclass(frozen=True)
class CaseRows:
    """Values, each with its condition."""

    rows: tuple[tuple[Tree, Tree], ...]


Tree = Symbol | Numeral | Operator | Row | Fraction | Script | BigSum | Fence | Function | Text | Mark | CaseRows

PLUS, MINUS, EQUALS, DOT, COMMA, PARTIAL, SLASH = (Operator(sign) for sign in "+−=·,∂/")
TIMES = Operator("\u2062")  # invisible: factors side by side
BREAK = Operator("\u2063")  # the same, where a line may break


def row(*items: Tree) -> Tree:
    return items[0] if len(items) == 1 else Row(items)


def brackets(body: Tree) -> Fence:
    return Fence("(", body, ")")


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
            yield from (lower, upper, body)
        case Fence(_, body, _) | Mark(body):
            yield body
        case CaseRows(rows):
            yield from (part for pair in rows for part in pair)


def tall(tree: Tree) -> bool:
    """Whether the tree is higher than a line of text; scripts do not count."""
    if isinstance(tree, Fraction | BigSum | CaseRows):
        return True
    return any(map(tall, (tree.base,) if isinstance(tree, Script) else parts(tree)))


def rigid(tree: Tree) -> Iterator[Tree]:
    """The outermost parts inside which a line cannot break."""
    high = isinstance(tree, Fence) and tall(tree)
    if high or (isinstance(tree, Fraction | CaseRows | Script) and not _broken_power(tree)):
        yield tree
    else:
        yield from (found for part in parts(tree) for found in rigid(part))


def _broken_power(tree: Tree) -> bool:
    return isinstance(tree, Script) and isinstance(tree.base, Fence) and not tall(tree.base)


def loosen(tree: Tree, too_long: Callable[[Tree], bool]) -> Tree:
    """A fraction that no line can hold is written with a slash, where a line may break."""
    match tree:
        case Fraction(top, bottom) if too_long(top) or too_long(bottom):
            return row(brackets(top), SLASH, brackets(bottom))
        case Row(items):
            factors = TIMES in items or DOT in items
            loose = [(item, loosen(item, too_long)) for item in items]
            return Row(tuple(brackets(new) if factors and new != old else new for old, new in loose))
        case Mark(body):
            return Mark(loosen(body, too_long))
        case Fence(left, body, right):
            return Fence(left, loosen(body, too_long), right)
        case BigSum(lower, upper, body):
            return BigSum(lower, upper, loosen(body, too_long))
    return tree


def breakable(tree: Tree) -> Tree:
    """A formula whose lines may break between factors that stand side by side."""
    match tree:
        case Row(items):
            return Row(tuple(BREAK if item == TIMES else breakable(item) for item in items))
        case Mark(body):
            return Mark(breakable(body))
        case Fence(left, body, right) if not tall(body):
            return Fence(left, breakable(body), right)
        case BigSum(lower, upper, body):
            return BigSum(lower, upper, breakable(body))
    return tree


def inline(tree: Tree) -> Tree:
    """For a line of text: the derivative of a letter is written with a slash."""
    match tree:
        case Fraction(Row((operator, *_)) as top, bottom) if operator == PARTIAL:
            return Row((top, SLASH, bottom))
        case Row(items):
            return Row(tuple(map(inline, items)))
    return tree


def spaced(tree: Row) -> tuple[Tree, ...]:
    """The items without the space before ln or a big sum, which have a space of their own."""
    following = (*tree.items[1:], None)
    pairs = zip(tree.items, following, strict=True)
    return tuple(item for item, after in pairs if item not in (TIMES, BREAK) or not _big(after))


def _big(tree: Tree | None) -> bool:
    match tree:
        case Mark(body):
            return _big(body)
        case Row(items):
            return _big(items[0])
    return isinstance(tree, BigSum | Function)
