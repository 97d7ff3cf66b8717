"""Matrices in plain text, drawn over several lines."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby

from derive.document.mathtree import QUAD, TIMES, Fence, Grid, Row, Text, Tree, numeric, row
from derive.render.breaking import length
from derive.render.text import pad
from derive.render.unicode_math import marked

# of one line; of the first, of the last and of the others where there are several
BRACKETS = {"(": "(⎛⎝⎜", ")": ")⎞⎠⎟", "[": "[⎡⎣⎢", "]": "]⎤⎦⎥"}
BETWEEN, APART = "  ", "   "  # entries, formulas
Box = Sequence[str]  # lines that are as long as each other


def stacked(tree: Tree, width: int) -> list[str]:
    """A formula with matrices, in lines; none where it has no matrix, or one that is too wide.

    >>> from derive.document.mathtree import EQUALS, Numeral, Symbol
    >>> column = Fence("(", Grid(((Numeral("1"),), (Numeral("10"),))), ")")
    >>> print(*stacked(Row((Symbol("x"), EQUALS, column)), 40), sep="\\n")
    x = ⎛ 1⎞
        ⎝10⎠
    """
    items = tree.items if isinstance(tree, Row) else (tree,)
    if not any(map(_is_matrix, items)):
        return []
    formulas = [
        _beside(list(_boxes(list(run))), " ") for gap, run in groupby(items, lambda item: item == QUAD) if not gap
    ]
    if max(length(each[0]) for each in formulas) > width:
        return []
    return [line.rstrip() for each in _filled(formulas, width) for line in _beside(each, APART)]


def _is_matrix(tree: Tree) -> bool:
    return isinstance(tree, Fence) and isinstance(tree.body, Grid) and tree.left in BRACKETS and tree.right in BRACKETS


def _boxes(items: Sequence[Tree]) -> Iterator[Box]:
    """Each matrix, and what stands between matrices."""
    before: tuple[Tree, ...] = ()
    for drawn, run in groupby(items, _is_matrix):
        if drawn:
            yield from map(_matrix, run)
            before = (Text(""),)  # a sign behind a matrix stands between two things
        elif text := marked(row(*before, *(item for item in run if item != TIMES))).strip():
            yield (text,)


def _matrix(tree: Tree) -> Box:
    assert isinstance(tree, Fence)
    assert isinstance(tree.body, Grid)
    side = "r" if numeric(tree.body) else "c"
    cells = [list(map(marked, entries)) for entries in tree.body.rows]
    widths = [max(map(length, column)) for column in zip(*cells, strict=True)]
    lines = [BETWEEN.join(pad(cell, w, side) for cell, w in zip(line, widths, strict=True)) for line in cells]
    count = len(lines)
    places = [0] if count == 1 else [1, *[3] * (count - 2), 2]
    left, right = BRACKETS[tree.left], BRACKETS[tree.right]
    return [left[place] + line + right[place] for place, line in zip(places, lines, strict=True)]


def _beside(boxes: Sequence[Box], between: str) -> Box:
    """Boxes side by side, their middles on one line."""
    middles = [(len(box) - 1) // 2 for box in boxes]
    above = max(middles)
    below = max(len(box) - middle for box, middle in zip(boxes, middles, strict=True))
    columns = []
    for box, middle in zip(boxes, middles, strict=True):
        empty = " " * length(box[0])
        before, after = above - middle, below - (len(box) - middle)
        columns.append([*[empty] * before, *box, *[empty] * after])
    return [between.join(parts) for parts in zip(*columns, strict=True)]


def _filled(boxes: Sequence[Box], width: int) -> Iterator[list[Box]]:
    """As many boxes side by side as there is room for."""
    line: list[Box] = []
    for box in boxes:
        if line and sum(length(each[0]) + len(APART) for each in line) + length(box[0]) > width:
            yield line
            line = []
        line.append(box)
    yield line
