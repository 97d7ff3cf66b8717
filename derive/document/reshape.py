"""Formulas in other shapes: where a line may break, and fractions that stand on one line."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from derive.document.mathtree import (
    BREAK,
    DOT,
    SLASH,
    TIMES,
    Apply,
    BigSum,
    CaseRows,
    Fence,
    Fraction,
    Grid,
    Mark,
    Prime,
    Root,
    Row,
    Script,
    Tree,
    bare,
    brackets,
    differential,
    parts,
    row,
    tall,
)  # fmt: skip


def rigid(tree: Tree) -> Iterator[Tree]:
    """The outermost parts inside which a line cannot break."""
    high = isinstance(tree, Fence) and tall(tree)
    if high or (isinstance(tree, Fraction | CaseRows | Grid | Script | Root | Prime) and not _broken_power(tree)):
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
        case Apply(head, argument):
            return Apply(head, loosen(argument, too_long))
        case BigSum(lower, upper, body, sign):
            return BigSum(lower, upper, loosen(body, too_long), sign)
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
        case Apply(head, argument):
            return Apply(head, breakable(argument))
        case BigSum(lower, upper, body, sign):
            return BigSum(lower, upper, breakable(body), sign)
    return tree


def inline(tree: Tree) -> Tree:
    """For a line of text: the derivative of a letter is written with a slash."""
    match tree:
        case Fraction(Row() as top, bottom) if differential(top):
            return Row((top, SLASH, bottom))
        case Row(items):
            return Row(tuple(map(inline, items)))
    return tree


def slashed(tree: Tree) -> Tree:
    """For an exponent: fractions are written with a slash, in brackets where they are factors."""
    match tree:
        case Fraction(top, bottom) if not differential(bare(top)):
            return row(_whole(slashed(top)), SLASH, _whole(slashed(bottom)))
        case Row(items):
            factors = TIMES in items or DOT in items
            flat = [(item, slashed(item)) for item in items]
            return Row(tuple(brackets(new) if factors and _is_fraction(old) else new for old, new in flat))
        case Mark(body):
            return Mark(slashed(body))
        case Fence(left, body, right):
            return Fence(left, slashed(body), right)
        case Apply(head, argument):
            return Apply(head, slashed(argument))
    return tree


def _is_fraction(tree: Tree) -> bool:
    inner = bare(tree)
    return isinstance(inner, Fraction) and not differential(bare(inner.top))


def _whole(tree: Tree) -> Tree:
    """In brackets when it is more than one thing."""
    inner = bare(tree)
    several = isinstance(inner, Row | BigSum | Fraction) or (
        isinstance(inner, Apply) and not isinstance(inner.argument, Fence)
    )
    return brackets(tree) if several else tree
