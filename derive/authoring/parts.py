"""The calls for what stands between proofs: numbers, formulas, tables, exercises, references, data."""

from __future__ import annotations

import csv
import re
from collections.abc import Sequence
from io import StringIO
from math import isfinite
from typing import Any

from jinja2.runtime import Undefined

from derive.authoring.author import Author, need
from derive.authoring.error import LectureError
from derive.authoring.inline import LABEL
from derive.authoring.values import Anchor, Blocks, Inline, Marker, Net
from derive.document.nodes import Equation, Excerpt, Formula, Number, Reference, Setting, Slot, Table, Within
from derive.document.style import TYPED
from derive.render.printer import LONG_TABLE

MOST_DECIMALS, MOST_CELLS, MOST_RANGE = 15, 20_000, 1000
LONGEST_SHOWN = 30  # letters of what a person wrote, in a message


def number(author: Author, value: object, decimals: int, *, exponent: bool = False) -> Inline:
    """A number with so many decimals, written as the language writes it."""
    if isinstance(value, Undefined):
        str(value)  # says what is not defined
    if isinstance(value, bool) or not isinstance(value, int | float):
        shown = f', not "{value}"' if isinstance(value, str) and len(value) < LONGEST_SHOWN else ""
        raise LectureError(f"number(...) takes a number{shown}")
    if not isfinite(value):
        raise LectureError("this number is not finite; look at what was computed")
    return Inline(Number(value, checked_decimals(decimals), bool(exponent)))


def formula(author: Author, text: str) -> Inline:
    """A formula in the grammar of derive, plain or LaTeX: in a sentence, or displayed on a line of its own.

    Its letters stay as they are typed, in every notation.
    """
    from derive.syntax.formula import parse_line

    sides = parse_line(need(text, str, "a formula, in quotes"), decimal=author.language.decimal)
    terms = tuple(side.term for side in sides)
    slot: Slot = Equation(terms) if len(terms) > 1 else terms[0]
    block = Formula(author.labels.of("formula"), Equation(terms))
    as_typed = Setting(style=TYPED)
    return Inline(Within(slot, as_typed), (Excerpt((block,), as_typed),))


def table(
    author: Author, head: Sequence[object], rows: Sequence[Sequence[object]], caption: object = None, *,
    decimals: int = 4, align: str | None = None, label: str | None = None,
) -> Blocks:  # fmt: skip
    """A table of texts and numbers; texts may hold Markdown and mathematics."""
    columns = len(need(head, list, "a list of heads"))
    checked_decimals(decimals)
    if not columns or sum(len(need(row, list, "a list of rows")) for row in need(rows, list, "a list")) > MOST_CELLS:
        raise LectureError(f"a table has one column or more, and at most {MOST_CELLS} cells")
    for n, row in enumerate(rows, 1):
        if len(row) != columns:
            raise LectureError(f"row {n} of the table has {len(row)} cells, and its head has {columns}")
    numeric = ["r" if rows and all(_is_number(row[n]) for row in rows) else "l" for n in range(columns)]
    sides = align or "".join(numeric)
    if len(sides) != columns or set(sides) - set("lcr"):
        raise LectureError(f'align is one of l, c and r for each of the {columns} columns, such as "{"l" * columns}"')
    if caption is None and len(rows) > LONG_TABLE:
        raise LectureError(f"a table of more than {LONG_TABLE} rows needs a caption")
    cells = tuple(tuple(author.cell(cell, decimals) for cell in row) for row in rows)
    said = None if caption is None else author.text(caption)
    return Blocks((Table(author.label(label, "table"), said, tuple(map(author.text, head)), cells, sides),))


def layers(author: Author, net: Net) -> Blocks:
    """The layers of a network as a table."""
    from derive.lectures.network_document import layers_table, style_of

    problem = need(net, Net, "network(...)").network.example
    block = layers_table(problem, author.labels.of("layers"))
    return Blocks((Excerpt((block,), Setting(problem.labels, style_of(problem))),))


def exercise(author: Author, title: object = None, *, label: str | None = None) -> Marker:
    """Where an exercise begins; what follows is its question, up to solution() or end()."""
    named = None if title is None else author.text(title)
    return Marker("exercise", author.label(label, "exercise"), named)


def solution(author: Author) -> Marker:
    """Where the solution of an exercise begins, up to end()."""
    return Marker("solution")


def end(author: Author) -> Marker:
    """Where an exercise ends."""
    return Marker("end")


def label(author: Author, name: str) -> Anchor:
    """A label for the heading in which it stands; {#name} at its end does the same."""
    if not isinstance(name, str) or not LABEL.fullmatch(name):
        raise LectureError(f'"{name}" is no label; letters, digits, - and : after a letter are')
    return Anchor(name)


def ref(author: Author, name: str) -> Inline:
    """The kind and the number of what has a label: Figure 2."""
    return Inline(Reference(need(name, str, "a label, in quotes")))


def data(author: Author, name: str, *columns: str) -> Any:
    """Numbers from a .toml or .csv file in the lecture's folder; of a .csv file a list for each column."""
    if need(name, str, "the name of a file, in quotes").endswith(".toml"):
        return dict(author.toml(name))
    if not name.endswith(".csv"):
        raise LectureError(f'"{name}": data come from .toml and .csv files')
    rows = list(csv.reader(StringIO(author.read(name))))
    if not rows:
        raise LectureError(f"{name} is empty; its first line names the columns")
    head = [cell.strip() for cell in rows[0]]
    if len(set(head)) < len(head):
        raise LectureError(f"{name}:1: two columns have the same name")
    for column in columns:
        if column not in head:
            raise LectureError(f'{name}:1: there is no column "{column}"; there are {", ".join(head)}')
    found: dict[str, list[Any]] = {column: [] for column in columns or head}
    for n, row in enumerate(rows[1:], 2):
        if row and len(row) != len(head):
            hint = "; columns are separated by commas" if ";" in rows[0][0] else ""
            raise LectureError(f"{name}:{n}: {len(row)} cells, and the first line names {len(head)} columns{hint}")
        for column, cell in zip(head, row, strict=False):
            if column in found:
                found[column].append(_cell(cell.strip(), f"{name}:{n}", column))
    for column, cells in found.items():
        _refuse_mixed(name, column, cells)
    return found


def _refuse_mixed(name: str, column: str, cells: Sequence[Any]) -> None:
    """A column holds numbers or words; a word among numbers is a mistake."""
    if any(isinstance(cell, float) for cell in cells):
        for n, cell in enumerate(cells, 2):
            if isinstance(cell, str):
                hint = "; a decimal mark in a file is a point" if "," in cell else ""
                raise LectureError(f'{name}:{n}: "{cell}" in the column "{column}" is not a number{hint}')
    elif any(re.fullmatch(r"[-+]?[0-9]+,[0-9]+", cell) for cell in cells):
        raise LectureError(f'{name}:2: the column "{column}" has decimal commas; a decimal mark in a file is a point')


def bounded_range(author: Author, *bounds: int) -> list[int]:
    """The numbers from the first up to, but not including, the second."""
    if not 1 <= len(bounds) <= 3 or any(isinstance(n, bool) or not isinstance(n, int) for n in bounds):
        raise LectureError("range(...) takes one to three whole numbers")
    if len(bounds) == 3 and bounds[2] == 0:
        raise LectureError("range(...) cannot step by 0")
    found = range(*bounds)
    if abs(bounds[0]) > 10**9 or len(found) > MOST_RANGE:
        raise LectureError(f"range(...) gives at most {MOST_RANGE} numbers")
    return list(found)


def _cell(text: str, place: str, column: str) -> Any:
    if not text:
        raise LectureError(f'{place}: a value is missing in the column "{column}"')
    try:
        value = float(text)
    except ValueError:
        return text
    if not isfinite(value):
        raise LectureError(f'{place}: "{text}" in the column "{column}" is not a finite number')
    return value


def checked_decimals(decimals: object) -> int:
    if isinstance(decimals, bool) or not isinstance(decimals, int) or not 0 <= decimals <= MOST_DECIMALS:
        raise LectureError(f"decimals is a whole number from 0 to {MOST_DECIMALS}")
    return decimals


def _is_number(cell: object) -> bool:
    return isinstance(cell, int | float) or (isinstance(cell, Inline) and isinstance(cell.slot, Number))
