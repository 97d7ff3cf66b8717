"""Labels of figures: words and formulas in the dialect that the plotting library sets itself, without TeX."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

from derive.document.figures import FigureError
from derive.document.mathtree import Tree
from derive.document.nodes import Slot
from derive.document.reshape import inline
from derive.errors import MissingTool
from derive.render.escape import printable
from derive.render.latex_math import GITHUB, Dialect, spelled
from derive.render.unicode_math import unicode
from derive.render.wording import Wording, unmarked

FONT = "STIXGeneral"  # its shapes are in the figures, so that nobody needs the font
FONT_SETTINGS: dict[Any, Any] = {"font.family": FONT, "mathtext.fontset": "stix", "font.size": 11}
REPLACED = {r"\lvert": "|", r"\rvert": "|", r"\frac": r"\dfrac"}  # fractions as large as the letters beside them
_SPECIAL = str.maketrans({"\\": r"$\backslash$", "$": r"\$"})


@dataclass(frozen=True)
class Size:
    """Of a label, in points: above and below the line on which it stands."""

    width: float
    above: float
    below: float

    @property
    def height(self) -> float:
        return self.above + self.below


Measure = Callable[[str, float], Size]


def labels(wording: Wording) -> Callable[[Slot], str]:
    """How the library is told a label, in the language and notation of a wording."""
    return replace(wording, words=words, formula=lambda tree: formula(inline(tree)), markup=unmarked).say


def words(text: str) -> str:
    r"""Literal text; a dollar in it begins no formula. FigureError for a letter that the font lacks.

    >>> print(words("5$ a_b"))
    5\$ a_b
    """
    shown = printable(text)
    if missing := [c for c in dict.fromkeys(shown) if ord(c) not in _letters()]:
        raise FigureError(f'the font of figures has no "{missing[0]}"; choose another name')
    return shown.translate(_SPECIAL)


def formula(tree: Tree) -> str:
    r"""A formula between dollars; FigureError for what the library cannot set, such as a brace with cases.

    >>> from derive.document.mathtree import Fraction, Numeral, Symbol
    >>> print(formula(Fraction(Numeral("1"), Symbol("p"))))
    $\dfrac{1}{p}$
    """
    said = f"${spelled(tree, MATHTEXT)}$"
    for tex, known in REPLACED.items():
        said = said.replace(tex, known)
    try:
        measure(said, 11.0)
    except ValueError as error:
        raise FigureError(f"a figure cannot hold the formula {unicode(tree)}; write it beside the figure") from error
    return said


@lru_cache(maxsize=4096)
def measure(text: str, size: float) -> Size:
    """How much room a label takes; it is drawn exactly so large."""
    rc_context = library().rc_context
    from matplotlib.font_manager import FontProperties
    from matplotlib.textpath import text_to_path

    math = "$" in text.replace(r"\$", "")
    shown = text if math else text.replace(r"\$", "$")
    with rc_context(FONT_SETTINGS):
        font = FontProperties(family=FONT, size=size)  # takes the font of its formulas from the settings
        width, height, below = text_to_path.get_text_width_height_descent(shown, font, math)
    return Size(float(width), float(height - below), float(below))


def library() -> Any:
    """The plotting library; MissingTool where there is none."""
    try:
        import matplotlib
    except ImportError as error:
        raise MissingTool("figures need the matplotlib package; install it: pip install matplotlib") from error
    return matplotlib


@lru_cache(maxsize=1)
def _letters() -> frozenset[int]:
    """What the font holds."""
    from matplotlib.ft2font import FT2Font

    folder = os.path.join(library().get_data_path(), "fonts", "ttf")
    return frozenset(FT2Font(os.path.join(folder, f"{FONT}.ttf")).get_charmap())


def _text(text: str) -> str:
    r"""Upright words inside a formula; a backslash stands outside, where it is a sign."""
    words(text)  # refuses what the font lacks
    pieces = ["".join(f"\\{c}" if c in "{}$" else c for c in piece) for piece in printable(text).split("\\")]
    return r"\backslash ".join(rf"\text{{{piece}}}" if piece else "" for piece in pieces)


MATHTEXT = Dialect(
    _text,
    r"\mathrm",
    lambda body, sign: body,
    GITHUB.operators | {"<": "<", ">": ">", "\u2063": r"\,"},
    GITHUB.brackets,
    False,
)
