"""What a class, a feature or a bias may be called: nothing that a reader would take for something else."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from fractions import Fraction

from derive.chains.namesakes import LOOKALIKES, look

LETTERS = frozenset("ijklmnqr")  # as an index each of them stands for any entry
FILLERS = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0")  # printable, and yet nothing is seen
DRAWN = ("<wide>", "<narrow>", "<font>")  # a letter or digit drawn in another way
_NUMBER = re.compile(r"[+-]?[0-9]+([.,][0-9]+)?")
_WORD = re.compile(r"[^\W\d_]+")


def misread(label: str) -> str | None:
    """What a reader would take a label for, instead of what it is; None where nothing is wrong.

    >>> misread("setosa"), misread("k"), misread("１")
    (None, 'is an index, which stands for any entry', 'has a letter or sign that looks like another one')
    """
    composed = unicodedata.normalize("NFC", label)
    if any(map(_hidden, composed)) or any(_marked(a, b) for a, b in zip(" " + composed, composed, strict=False)):
        return "has a sign that is not seen, or a mark on a sign that bears none"
    if any(map(_drawn_otherwise, composed)) or any(map(_of_two_alphabets, _WORD.findall(composed))):
        return "has a letter or sign that looks like another one"
    shown = look(composed).rstrip("'′’")
    if shown.isascii() and not composed.isascii() and (number(shown) is not None or _has_lookalikes(composed)):
        return "has a letter or sign that looks like another one"
    return "is an index, which stands for any entry" if shown in LETTERS else None


def number(label: str) -> Fraction | None:
    """The number that a label is, if it is one.

    >>> number("3"), number("03"), number("-1"), number("b3")
    (Fraction(3, 1), Fraction(3, 1), Fraction(-1, 1), None)
    """
    shown = look(label).replace("−", "-").replace("–", "-")
    return Fraction(shown.replace(",", ".")) if _NUMBER.fullmatch(shown) else None


def one_number(labels: Sequence[str]) -> tuple[str, str] | None:
    """Two labels that are the same number, such as 1 and 01."""
    seen: dict[Fraction, str] = {}
    for label in labels:
        if (value := number(label)) is not None and seen.setdefault(value, label) != label:
            return seen[value], label
    return None


def misplaced(labels: Sequence[str]) -> str | None:
    """A number among words that is the place of another one: of cat, dog and 1 the first would be read as 1.

    >>> misplaced(["cat", "dog", "1"]), misplaced(["1", "2", "other"]), misplaced(["0", "1", "2"])
    ('1', None, None)
    """
    numbers = [number(label) for label in labels]
    if None not in numbers:
        return None
    places = range(1, len(labels) + 1)
    return next((labels[n - 1] for n in places if numbers[n - 1] in places and numbers[n - 1] != n), None)


def _hidden(c: str) -> bool:
    return c in FILLERS or not c.isprintable() or unicodedata.name(c, "").startswith("VARIATION SELECTOR")


def _marked(before: str, c: str) -> bool:
    """A mark that makes no letter of the alphabet it stands in: those of Indic or Arabic letters do."""
    if not unicodedata.category(c).startswith("M"):
        return False
    return unicodedata.name(before, "").split(" ")[0] != unicodedata.name(c, "").split(" ")[0]


def _drawn_otherwise(c: str) -> bool:
    """A full-width or mathematical letter, or a digit of another script."""
    return unicodedata.decomposition(c).startswith(DRAWN) or (c.isdecimal() and not c.isascii())


def _of_two_alphabets(word: str) -> bool:
    """Whether a Latin word holds a letter that only looks Latin."""
    return _has_lookalikes(word) and any(unicodedata.name(c, "").startswith("LATIN") for c in word)


def _has_lookalikes(text: str) -> bool:
    return any(ord(c) in LOOKALIKES for c in text)
