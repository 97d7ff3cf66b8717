"""Numbers as they are printed: rounded to so many decimals, and compared with what somebody printed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import numpy as np

Place = tuple[int, ...]


def printed(value: float, decimals: int) -> str:
    """A number rounded to so many decimals; zero has no sign.

    >>> printed(1.0644180, 4), printed(-0.00004, 4)
    ('1.0644', '0.0000')
    """
    text = f"{float(value):.{decimals}f}"
    return text.removeprefix("-") if float(text) == 0 else text


def decimals_of(text: str) -> int:
    """How many decimals a printed number has, in front of a power of ten if there is one.

    >>> decimals_of("-3.1310"), decimals_of("0."), decimals_of("4"), decimals_of("1.06e-01")
    (4, 0, 0, 2)
    """
    return len(text.partition("e")[0].partition(".")[2])


def agrees(value: float, text: str) -> bool:
    """Whether a number, rounded to the decimals of a printed one, is that one.

    >>> agrees(0.2332806, "0.2333"), agrees(0.2332806, "0.2332"), agrees(-0.0, "0."), agrees(0.10588, "1.06e-01")
    (True, False, True, True)
    """
    decimals = decimals_of(text)
    rounded = f"{value:.{decimals}e}" if "e" in text else printed(value, decimals)
    return float(rounded) == float(text)


def cells(texts: Any, place: Place = ()) -> Iterator[tuple[Place, str]]:
    """Every printed number of a nested list, with its place.

    >>> list(cells([["1.0", "2.0"], ["3.0"]]))
    [((0, 0), '1.0'), ((0, 1), '2.0'), ((1, 0), '3.0')]
    """
    if isinstance(texts, str):
        yield place, texts
        return
    for n, inner in enumerate(texts):
        yield from cells(inner, (*place, n))


def differing(values: Any, texts: Any) -> dict[Place, str]:
    """The printed numbers that are not the values rounded to their digits, by place.

    Raises ValueError where the shapes differ.

    >>> differing([[0.21738, 0.26]], [["0.2174", "0.25"]])
    {(0, 1): '0.25'}
    """
    array, found = np.asarray(values, dtype=float), dict(cells(texts))
    if set(found) != set(np.ndindex(array.shape)):
        raise ValueError(f"the values have shape {array.shape}; what was printed has not")
    return {place: text for place, text in found.items() if not agrees(array[place], text)}


def count(tables: Iterable[Any]) -> int:
    """How many numbers were printed in all the tables.

    >>> count([["1", "2"], "3"])
    3
    """
    return sum(1 for texts in tables for _ in cells(texts))
