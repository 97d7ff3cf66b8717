"""Where the lines of a formula break: rather before a sign outside of brackets than inside them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from derive.render.unicode_math import MARK_OFF, MARK_ON, TIGHT

# how much a break before each sign is disliked; one between factors, and one inside a word, is a last resort
OPERATORS = dict.fromkeys(("=", ":=", "≠", "≈", "+", "−"), 0) | {"·": 4} | dict.fromkeys(("<", "≤", ">", "≥"), 8)
LINE, BRACKET, FACTOR, WORD, NEVER = 10, 7, 40, 400, 4000
OPENING, CLOSING = "([{⌊⌈", ")]}⌋⌉"


def length(text: str) -> int:
    """Columns on a terminal.

    >>> length("pₖ"), length("類")
    (2, 2)
    """
    return len(text) if text.isascii() else sum(map(_columns, text))


@cache
def _columns(c: str) -> int:
    if c in (MARK_ON, MARK_OFF) or unicodedata.combining(c):
        return 0
    return 2 if unicodedata.east_asian_width(c) in "WF" else 1


@dataclass(frozen=True)
class Piece:
    """What is never torn, the space before it, and how much a break before it is disliked."""

    space: str
    text: str
    penalty: int

    @property
    def length(self) -> int:
        return length(self.text)


def broken(text: str, width: int, first: str = "", rest: str | None = None) -> list[str]:
    """A formula in lines of at most width columns, as few and as little torn as possible.

    >>> broken("(a + b) · (c + d) + e", 24, "x = ")
    ['x = (a + b) · (c + d)', '    + e']
    """
    indent = " " * length(first) if rest is None else rest
    if length(first) + length(text) <= width:
        return [first + text]
    room = width - length(first), width - length(indent)
    pieces = list(_pieces(text, max(min(room), 1)))
    cuts = _best(pieces, *room)
    lines = ["".join(p.space + p.text for p in pieces[a:b]).lstrip(f" {TIGHT}") for a, b in cuts]
    return [(indent if n else first) + line for n, line in enumerate(lines)]


def _pieces(text: str, width: int) -> Iterator[Piece]:
    depth, after = 0, ""
    for space, word in re.findall(rf"([ {TIGHT}]?)([^ {TIGHT}]+)", text):
        sign = word.strip(MARK_ON + MARK_OFF)
        own = 0 if after == ";" else OPERATORS.get(sign, FACTOR)
        penalty = NEVER if after in OPERATORS or not space else own + BRACKET * depth
        for n, part in enumerate(_cut(word, width)):
            yield Piece("" if n else space, part, WORD if n else penalty)
        depth += sum(c in OPENING for c in word) - sum(c in CLOSING for c in word)
        after = sign if sign in OPERATORS else word[-1:]


def _cut(word: str, width: int) -> Iterator[str]:
    while length(word) > width:
        end = next((n for n in range(len(word), 0, -1) if length(word[:n]) <= width), 1)
        yield word[:end]
        word = word[end:]
    yield word


def _best(pieces: list[Piece], first: int, rest: int) -> list[tuple[int, int]]:
    """The cheapest way to lines, as ranges of pieces."""
    lengths, spaces = [p.length for p in pieces], [len(p.space) for p in pieces]
    costs = [LINE + p.penalty if n else 0 for n, p in enumerate(pieces)]
    longest = max(first, rest)
    best: list[tuple[int, int]] = [(0, 0)]  # up to each piece: the cost, and where its last line begins
    for stop in range(1, len(pieces) + 1):
        last = stop - 1
        used, cheapest, begins = lengths[last], best[last][0] + costs[last], last
        for start in range(last - 1, -1, -1):
            used += lengths[start] + spaces[start + 1]
            if used > longest:
                break
            if used <= (rest if start else first) and (cost := best[start][0] + costs[start]) < cheapest:
                cheapest, begins = cost, start
        best.append((cheapest, begins))
    cuts: list[tuple[int, int]] = []
    stop = len(pieces)
    while stop:
        cuts.insert(0, (best[stop][1], stop))
        stop = best[stop][1]
    return cuts
