"""Which letters a PDF cannot show."""

from __future__ import annotations

import re
from collections.abc import Iterable

from derive.errors import UsageError
from derive.render.unicode_math import SMALL

# in the fonts inside Typst for certain: Latin, Greek and Cyrillic letters
CERTAIN = re.compile(r"[\x00-\u017f\u0391-\u03c9\u0410-\u044f]")
NOWHERE = "\U0010fffd"  # a letter that no font has; what is shown for it is shown for every missing letter
SHOWN = re.compile(r'<use [^>]*href="#(\w+)"')
PROBE = '#set page(width: 20cm, height: auto)\n#set text(font: "New Computer Modern")\n'


def needs_system_fonts(source: str) -> bool:
    """Whether a Typst document has letters that only a font of this computer shows; UsageError if none does.

    The small letters and digits of spoken formulas are not printed, and do not matter.
    """
    rare = sorted({c for c in source if not CERTAIN.match(c)} - SMALL)
    missing = _missing(rare, system=False) if rare else []
    if missing and (nowhere := _missing(missing, system=True)):
        raise refusal(nowhere, "--format markdown")
    return bool(missing)


def refusal(letters: Iterable[str], instead: str) -> UsageError:
    """What to say when letters cannot be shown.

    >>> str(refusal("猫", "--format markdown"))
    'the PDF font has no "猫"; choose another name, or use --format markdown'
    """
    shown = ", ".join(f'"{c}"' for c in dict.fromkeys(letters))
    return UsageError(f"the PDF font has no {shown}; choose another name, or use {instead}")


def _missing(letters: list[str], *, system: bool) -> list[str]:
    """The letters in whose place Typst draws what it draws for a letter that no font has."""
    unknown = _drawn(NOWHERE, system)
    return [c for c in letters if _drawn(c, system) == unknown]


def _drawn(letter: str, system: bool) -> list[str]:
    """The names of the shapes that Typst draws for a letter."""
    import typst

    source = f"{PROBE}#text({typst_literal(letter)})"
    made = typst.compile(source.encode(), format="svg", ignore_system_fonts=not system)
    assert isinstance(made, bytes)
    return SHOWN.findall(made.decode())


def typst_literal(letter: str) -> str:
    """A letter as a string of Typst, by its number."""
    return rf'"\u{{{ord(letter):x}}}"'
