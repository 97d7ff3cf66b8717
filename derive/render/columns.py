"""How wide the columns of a table are: as wide as their cells, or a share of what these leave of the line."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import ceil, sqrt

from derive.document.mathtree import (
    TIMES,
    BigSum,
    CaseRows,
    Fence,
    Fraction,
    Function,
    Grid,
    Numeral,
    Operator,
    Root,
    Row,
    Script,
    Symbol,
    Text,
    Tree,
    parts,
)

LINE = 83  # letters
GAP = 3  # letters, on both sides of a column together
PROSE = 36  # a column with a longer cell is prose, whose lines break
SHORT = 16  # a column without a longer cell is never made narrower
COMFORT = 0.4  # of a line: where a column of prose would have less, the columns of phrases beside it give way
SMALL = 0.7  # what stands above or below a letter, or in a fraction in a line of text


@dataclass(frozen=True)
class Need:
    """What a column needs, in letters. least: its longest word, which is never torn. most: its longest cell.

    weight: the more, the more text it has.
    """

    least: int
    most: int
    weight: float


@dataclass(frozen=True)
class Layout:
    """A table on a page. shares: of its columns, as `shares` says. heights: about how many lines each row takes.

    longest: the row of the longest cell of each column, 0 for the head.
    """

    shares: tuple[float | None, ...]
    heights: tuple[int, ...]
    longest: tuple[int, ...]

    @property
    def parts(self) -> tuple[float | None, ...]:
        """The shares, each with the gap beside its column."""
        return tuple(None if share is None else share + GAP / LINE for share in self.shares)


def multiples(parts: Sequence[float | None]) -> tuple[str | None, ...]:
    """Parts of a line as multiples of their mean; they add up to their number.

    >>> multiples((None, 0.3, 0.5)), multiples((0.7,))
    ((None, '0.75', '1.25'), ('1',))
    """
    given = [part for part in parts if part is not None]
    thousandths = [round(1000 * part * len(given) / sum(given)) for part in given]
    rest = 1000 * len(given) - sum(thousandths)
    found = (f"{(each + (rest if n == 0 else 0)) / 1000:g}" for n, each in enumerate(thousandths))
    return tuple(None if part is None else next(found) for part in parts)


def laid_out(rows: Sequence[Sequence[str]], align: str) -> Layout:
    """The layout of a table whose cells are spelled with as many letters as they are wide; the head is the first row.

    >>> laid_out([["letter", "meaning"], ["b", "bias"], ["W", "word " * 30]], "ll").heights
    (1, 3)
    """
    columns = list(zip(*rows, strict=True))
    part = shares([need(column) for column in columns], align)
    longest = (max(range(len(rows)), key=lambda n: len(column[n])) for column in columns)
    return Layout(part, tuple(_lines(row, part) for row in rows[1:]), tuple(longest))


def breadth(tree: Tree | None) -> float:
    """About how many letters wide a formula is that stands in a line.

    >>> breadth(Fraction(Text("1234567890"), Text("1"))), breadth(Grid(((Numeral("12"), Numeral("3")),)))
    (8.0, 5)
    """
    match tree:
        case None:
            return 0
        case Symbol(letter):
            return 1.5 if letter.isupper() or letter in "∇mw" else 1.1
        case Numeral(text) | Text(text) | Function(text):
            return len(text)
        case Operator(sign):
            return 0.4 if tree == TIMES else 1.2 if sign in ",;/d∂·" else 2.6
        case Row((Operator(), *rest)):  # a sign in front has no space around it
            return 1.4 + sum(map(breadth, rest))
        case Fraction(top, bottom):
            return SMALL * max(breadth(top), breadth(bottom)) + 1
        case Script(base, sub, sup):
            return breadth(base) + SMALL * max(breadth(sub), breadth(sup))
        case BigSum(lower, upper, body):
            return 2 + SMALL * max(breadth(lower), breadth(upper)) + breadth(body)
        case Grid(rows) | CaseRows(rows):
            high = 2 if len(rows) > 1 else 0  # what high brackets have more than others
            return high - 2 + sum(max(map(breadth, column)) + 2 for column in zip(*rows, strict=True))
    return (1.6 if isinstance(tree, Fence | Root) else 0) + sum(map(breadth, parts(tree)))


def need(cells: Iterable[str]) -> Need:
    """What a column needs whose cells are spelled with as many letters as they are wide; a cell may have lines.

    >>> need(["two words", "three\\nlines\\nthere."])
    Need(least=6, most=9, weight=5.0)
    """
    lines = [line for cell in cells for line in cell.split("\n")]
    lengths = [len(line) for line in lines]
    least = max((len(word) for line in lines for word in line.split()), default=0)
    return Need(least, max(lengths, default=0), sqrt(sum(lengths)))


def shares(needs: Sequence[Need], align: str) -> tuple[float | None, ...]:
    """The part of a line that each column gets; None for a column that is as wide as its longest cell.

    Columns of prose share what the others leave: each gets the more the more text it has, but never less than its
    longest word. Where that would be too little, columns of phrases are made narrower too.

    >>> shares([Need(6, 8, 5.0), Need(12, 200, 30.0)], "ll")[0], shares([Need(6, 8, 5.0), Need(12, 30, 9.0)], "ll")
    (None, (None, None))
    """
    prose = [side == "l" and each.most > PROSE for each, side in zip(needs, align, strict=True)]
    if any(prose) and _left(needs, prose) < COMFORT * LINE * sum(prose):
        phrases = [side == "l" and each.most > max(SHORT, each.least) for each, side in zip(needs, align, strict=True)]
        prose = [a or b for a, b in zip(prose, phrases, strict=True)]
    unit = _unit(_left(needs, prose), [each for each, wide in zip(needs, prose, strict=True) if wide])
    return tuple(
        max(each.least, each.weight * unit) / LINE if wide else None for each, wide in zip(needs, prose, strict=True)
    )


def _unit(room: float, needs: Sequence[Need]) -> float:
    """How much of the room there is for each unit of weight when no column gets less than its longest word."""
    unit = max(room, 1) / max(sum(each.weight for each in needs), 1)
    tight = [each for each in needs if each.least > each.weight * unit]
    if not tight or len(tight) == len(needs):
        return unit
    return _unit(room - sum(each.least for each in tight), [each for each in needs if each not in tight])


def _lines(cells: Sequence[str], part: Sequence[float | None]) -> int:
    """About how many lines a row takes in columns with these shares."""
    return max(
        sum(1 if share is None else max(ceil(len(line) / (share * LINE)), 1) for line in cell.split("\n"))
        for cell, share in zip(cells, part, strict=True)
    )


def _left(needs: Sequence[Need], prose: Sequence[bool]) -> float:
    """What the columns that are as wide as their cells leave of the line."""
    return LINE - sum(GAP + (0 if wide else each.most) for each, wide in zip(needs, prose, strict=True))
