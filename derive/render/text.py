"""Plain text: lines that never run over the margin."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import zip_longest
from typing import TYPE_CHECKING

from derive.render.breaking import OPERATORS, broken, length
from derive.render.unicode_math import MARK_OFF, MARK_ON, TIGHT

if TYPE_CHECKING:
    from derive.render.printer import Row

WIDTH = 100
NARROWEST = 30
RED, PLAIN = "\x1b[31m", "\x1b[39m"
BRACES = {1: "{", 2: "⎧⎩", 3: "⎧⎨⎩"}  # a higher one is extended


def wrap(text: str, width: int, first: str = "", rest: str | None = None) -> str:
    """Text in lines of at most width columns; a formula inside it rather breaks before an operator."""
    indent = " " * length(first) if rest is None else rest
    lines: list[str] = []
    line = first
    empty = True
    for word in _words(text, width - max(length(first), length(indent))):
        if not empty and length(line) + 1 + length(word) > width:
            lines.append(line)
            line, empty = indent, True
        line += word if empty else f" {word}"
        empty = False
    return "\n".join([*lines, line])


def _words(text: str, width: int) -> Iterator[str]:
    """The words, an operator together with what follows it; a word that fits no line is cut."""
    held = ""
    for word in _chunks(text, width):
        if word in OPERATORS:
            if held:
                yield held
            held = word
            continue
        word = f"{held} {word}" if held else word
        held = ""
        while length(word) > width:
            cut = next(n for n in range(len(word), 0, -1) if length(word[:n]) <= width)
            yield word[:cut]
            word = word[cut:]
        yield word
    if held:
        yield held


def _chunks(text: str, width: int) -> Iterator[str]:
    """Split at spaces; inside a factor only where the factor is wider than a line."""
    for chunk in text.split():
        yield from chunk.replace(TIGHT, " ").split() if length(chunk) + 2 > width else [chunk]


def sides(left: str, right: str, width: int) -> str:
    """Something at the right margin, on the last line when there is room, otherwise below."""
    last = left.rsplit("\n", 1)[-1]
    room = width - length(last) - length(right)
    if room >= 2:
        return f"{left}{' ' * room}{right}"
    return "\n".join([left, *(pad(line, width, "r") for line in wrap(right, width - 4).split("\n"))])


def formula(text: str, width: int, first: str = "", rest: str | None = None) -> str:
    """A formula that stands alone, in lines."""
    return "\n".join(broken(text, width, first, rest))


def row(left: str, each: Row, width: int) -> str:
    """A line of a derivation."""
    start = f"{left} = "
    if each.pieces:
        shown = beside(start, brace(each.pieces, width - length(start)))
    else:
        shown = formula(each.formula, width, start)
    return sides(shown, f"({each.rule})", width) if each.rule else shown


def derivation(left: str, rows: Sequence[Row], width: int, steps: bool = False) -> str:
    """Lines one below the other at their equals signs; a left side that is long has a line of its own."""
    lines: list[str] = []
    if length(left) > width // 3 or not rows:
        lines.append(formula(left, width, "  ", "      "))
        left = " " * 4
    else:
        left = f"  {left}"
    for each in rows:
        lines.append(row(left, each, width))
        left = " " * length(left)
        if each.sentence:
            lines.append(wrap(each.sentence, width, f"{left}   "))
        if steps:
            lines += [row(f"{left}    ", step, width) for step in each.steps]
    return "\n".join(lines)


def cases(width: int, indent: str, left: str, relation: str, rows: Sequence[tuple[str, str]]) -> str:
    """left = { value  if condition, one below the other; a left side that is long has a line of its own."""
    start = f"{indent}{left} {relation} "
    if length(start) <= width // 2:
        return beside(start, brace(rows, width - length(start)))
    start = f"{indent}    {relation} "
    return "\n".join([formula(left, width, indent), beside(start, brace(rows, width - length(start)))])


def brace(rows: Sequence[tuple[str, str]], width: int) -> list[str]:
    """One row a piece, the conditions one below the other, behind a brace as high as they are."""
    values = max(length(value) for value, _ in rows)
    room = width - 2
    lines: list[str] = []
    for value, when in rows:
        line = f"{pad(value, values)}  {when}"
        lines += [line] if length(line) <= room else [*broken(value, room), *broken(when, room, "  ")]
    more = len(lines) - 3
    signs = BRACES.get(len(lines)) or f"⎧{'⎪' * (more - more // 2)}⎨{'⎪' * (more // 2)}⎩"
    return [f"{sign} {line}" for sign, line in zip(signs, lines, strict=True)]


def beside(start: str, lines: Sequence[str]) -> str:
    """Several lines behind something that stands in their middle."""
    middle = (len(lines) - 1) // 2
    return "\n".join((start if n == middle else " " * length(start)) + line for n, line in enumerate(lines))


def pad(text: str, width: int, align: str = "l") -> str:
    room = max(width - length(text), 0)
    before = {"l": 0, "c": room // 2, "r": room}[align]
    return " " * before + text + " " * (room - before)


def grid(head: Sequence[str], rows: Sequence[Sequence[str]], align: str, width: int) -> str:
    """A table with rules, its widest columns wrapped until it fits."""
    widths = _widths([head, *rows], width)
    rule = "─" * (sum(widths) + 2 * (len(widths) - 1))
    body = [_record(cells, align, widths) for cells in rows]
    return "\n".join([rule, _record(head, align, widths), rule, *body, rule])


def _widths(rows: Sequence[Sequence[str]], width: int) -> list[int]:
    widths = [max(map(length, column)) for column in zip(*rows, strict=True)]
    while sum(widths) + 2 * (len(widths) - 1) > width and max(widths) > 1:
        widths[widths.index(max(widths))] -= 1
    return widths


def _record(cells: Sequence[str], align: str, widths: Sequence[int]) -> str:
    columns = [wrap(cell, size).split("\n") for cell, size in zip(cells, widths, strict=True)]
    lines = (
        "  ".join(pad(part, size, where) for part, size, where in zip(parts, widths, align, strict=True))
        for parts in zip_longest(*columns, fillvalue="")
    )
    return "\n".join(line.rstrip() for line in lines)


def hang(text: str, first: str) -> str:
    """Lines behind a sign, all as far to the right.

    >>> print(hang("a\\nb", "1. "))
    1. a
       b
    """
    lines = text.split("\n")
    return "\n".join((first if n == 0 else " " * length(first) if line else "") + line for n, line in enumerate(lines))


def quoted(text: str) -> str:
    """Lines of Markdown as a quotation."""
    return "\n".join(f"> {line}".rstrip() for line in text.split("\n"))


def loose(code: str, escape: Callable[[str], str]) -> str:
    """Code in a sentence of LaTeX, which may break after a sign."""
    return "".join(escape(c) + (r"\allowbreak{}" if c in "_./-(,=" else "") for c in code)


def latex_address(address: str) -> str:
    r"""The address of a link, as LaTeX wants it.

    >>> latex_address("https://example.org/a_b?c=1&d#e%20f")
    'https://example.org/a\\_b?c=1\\&d\\#e\\%20f'
    """
    return "".join("\\" + c if c in "%#&_" else c for c in address)


def cut(text: str, width: int) -> str:
    """Code, its long lines broken without any regard for words."""
    return "\n".join(
        line[n : n + width] for line in text.expandtabs(4).split("\n") for n in range(0, max(len(line), 1), width)
    )


def paint(page: str, colour: bool) -> str:
    """Marked parts in colour, line by line; or no marks at all."""
    if not colour:
        return page.translate({ord(MARK_ON): None, ord(MARK_OFF): None, ord(TIGHT): " "})
    return "\n".join(_painted(page.replace(TIGHT, " ").split("\n")))


def _painted(lines: list[str]) -> Iterator[str]:
    depth = 0
    for line in lines:
        shown = RED if depth else ""
        for c in line:
            if c == MARK_ON:
                shown += RED if depth == 0 else ""
                depth += 1
            elif c == MARK_OFF:
                depth -= 1
                shown += PLAIN if depth == 0 else ""
            else:
                shown += c
        yield shown + (PLAIN if depth else "")
