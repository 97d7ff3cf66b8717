"""Quantities of a network as displayed equations: a letter, and the matrix of its numbers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from derive.authoring.arrays import indexed
from derive.authoring.author import Author, need
from derive.authoring.error import LectureError
from derive.authoring.inline import token
from derive.authoring.numbers import letters_of, quantity_of, setting_of, without_rows
from derive.authoring.parts import checked_decimals
from derive.authoring.values import Blocks, Opened
from derive.core.term import Term, sym
from derive.document.letters import letters
from derive.document.mathtree import EQUALS, QUAD, Fence, Grid, Numeral, Script, Symbol, Text, Tree, brackets, row
from derive.document.nodes import Excerpt, Formula, Number, Shown, Slot

if TYPE_CHECKING:
    from derive.examples.quantities import Quantity

EXAMPLES = ("n", "q")  # what counts the examples; q where n is bound by the sum over them
MOST_ENTRIES = 400
LINE = 82  # letters, about what fits beside each other
AROUND = 12  # letters of the left side, the brackets and the space to the next


@dataclass(frozen=True, eq=False)
class Matrix:
    """A quantity, or what it is for one example. letter: its own one, "" for a derivative that has none.

    example: which one, from 1; None for all of them. values: rows and columns.
    """

    letter: str
    term: Term
    example: int | None
    values: Any = field(repr=False)


def matrix(
    author: Author, numbers: Opened, *names: str, decimals: int = 4, example: int | None = None,
    label: str | None = None,
) -> Blocks:  # fmt: skip
    """Quantities side by side, each a letter and the matrix of its numbers: matrix(n, "W1", "b1", decimals=2).

    The last index goes across and the others down, as in matrix_table. The values for one example are columns where
    the network has one example, and rows where it has several, as its layers are written. example: which one, from 0;
    what has a matrix for each example shows all of them otherwise. What does not fit goes on further lines, and
    label numbers the last of them.
    """
    digits = checked_decimals(decimals)
    if not names:
        raise LectureError('matrix(...) needs the name of a quantity, such as "W1"')
    shown = [each for name in names for each in _matrices(numbers, name, example)]
    if sum(each.values.size for each in shown) > MOST_ENTRIES:
        raise LectureError(f"more than {MOST_ENTRIES} numbers in one formula; make a table of them")
    *before, last = (_equations(each, digits) for each in _filled(shown, digits))
    formulas = [Formula(author.labels.of("matrix"), content) for content in before]
    formulas.append(Formula(author.label(label, "matrix"), last, numbered=label is not None))
    return Blocks((Excerpt(tuple(formulas), setting_of(numbers)),))


def _matrices(numbers: Opened, name: str, example: int | None) -> Iterator[Matrix]:
    """The matrix of a quantity, or those of the examples."""
    quantity = quantity_of(numbers, need(name, str, 'the name of a quantity in quotes, such as "W1",'))
    names, values = letters_of(indexed(quantity)), quantity.values
    many = len(quantity_of(numbers, "x").values)
    counted = bool(names) and names[0] in EXAMPLES
    if example is not None and not (counted and _is_one_of(example, many)):
        raise LectureError(f'"{name}" has no example {example}; ' + (f"0 to {many - 1}" if counted else "leave it out"))
    if counted and (many == 1 or example is not None or values.ndim == 3):
        for n in range(many) if example is None else (example,):
            yield _matrix(quantity, names[1:], values[n], n + 1 if many > 1 else None, many)
    else:
        yield _matrix(quantity, names, values, None, many)


def _is_one_of(example: object, many: int) -> bool:
    return isinstance(example, int) and not isinstance(example, bool) and 0 <= example < many


def _matrix(quantity: Quantity, names: Sequence[str], values: Any, example: int | None, many: int) -> Matrix:
    from derive.matrices.expression import ONE, Named
    from derive.matrices.symbols import symbol

    if values.ndim == 0:
        raise LectureError(f'"{quantity.name}" is one number; write number(values(..., "{quantity.name}"), 4)')
    down, across = (sym(names[0]), sym(names[1])) if len(names) == 2 else (None, None)
    term = without_rows(quantity.term, letters_of(quantity.term))
    letter = symbol(Named(quantity.term, down, across, (ONE, ONE)))
    row_of_a_batch = many > 1 and names[0] not in EXAMPLES
    flat = values if values.ndim == 2 else values.reshape((1, -1) if row_of_a_batch else (-1, 1))
    return Matrix(letter, term, example, flat)


def _filled(shown: Sequence[Matrix], digits: int) -> Iterator[list[Matrix]]:
    """The matrices in lines that are not too long."""
    line: list[Matrix] = []
    for each in shown:
        if line and sum(_width(one, digits) for one in (*line, each)) > LINE:
            yield line
            line = []
        line.append(each)
    yield line


def _width(each: Matrix, digits: int) -> int:
    widest = max(len(f"{value:.{digits}f}") for value in each.values.flat)
    return AROUND + int(each.values.shape[1]) * (widest + 2)


def _equations(shown: Sequence[Matrix], digits: int) -> Shown:
    """letter = numbers, side by side; the numbers stand in slots, and each format and language writes them."""
    slots: dict[str, Slot] = {}

    def place(slot: Slot) -> Text:
        key = token(len(slots))
        slots[key] = slot
        return Text(key)

    items: list[Tree] = []
    for each in shown:
        left = letters(each.letter) if each.letter else place(each.term)
        entries = tuple(tuple(place(Number(float(value), digits)) for value in line) for line in each.values)
        items += [QUAD] if items else []
        items += [_for_example(left, each.example), EQUALS, brackets(Grid(entries))]
    return Shown(row(*items), slots)


def _for_example(left: Tree, example: int | None) -> Tree:
    if example is None:
        return left
    return Script(Fence("[", left, "]"), sub=row(Symbol(EXAMPLES[0]), EQUALS, Numeral(str(example))))
