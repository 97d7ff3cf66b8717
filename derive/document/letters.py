"""Names and numbers as they are set."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from fractions import Fraction as Rational
from types import MappingProxyType

from derive.chains.namesakes import GREEK
from derive.core.term import Term
from derive.document.language import Language
from derive.document.mathtree import (
    COMMA,
    DOT,
    MINUS,
    PLUS,
    Numeral,
    Operator,
    Script,
    Symbol,
    Text,
    Tree,
    brackets,
    row,
)  # fmt: skip
from derive.document.nodes import Number
from derive.document.style import layer_of

INDICES = frozenset("ijklmnpq")  # two of these below a letter are two indices: W_kj
WORDS = frozenset(["in"])


def letters(name: str, called: Mapping[str, str] = MappingProxyType({})) -> Tree:
    """A name as it is set: a letter, a Greek letter, a letter with something above or below, or upright words.

    called: what a notation shows for a name, for a letter in all layers (W__l), or for a letter anywhere.

    >>> letters("i'"), letters("beta"), letters("w11")
    (Symbol(letter='i'), Symbol(letter='β'), Script(base=Symbol(letter='w'), sub=Numeral(text='11'), sup=None))
    >>> letters("W__2", {"W": "theta"}).base
    Symbol(letter='θ')
    """
    name = name.rstrip("'") or name
    if name in called and not name.endswith("__l"):
        return letters(called[name])
    letter, layer = layer_of(name)
    if layer and (key := next((k for k in (f"{letter}__l", letter) if k in called), "")):
        shown = letters(called[key])
        plain = isinstance(shown, Symbol | Text)
        return Script(shown, sup=brackets(_layer(layer))) if plain else Script(brackets(shown), sup=_layer(layer))
    if layer and (above := _symbol(letter)) is not None:
        return Script(above, sup=brackets(_layer(layer)))
    if (symbol := _symbol(name)) is not None:
        return symbol
    numbered = re.fullmatch(r"([^\W\d_]+)([0-9]+)", name)
    first, *below = numbered.groups() if numbered else name.split("_")
    base = _symbol(first)
    if base is None or not all(below):
        return Text(name)
    return Script(base, sub=row(*commas([_below(each) for each in below])))


def _layer(layer: str) -> Tree:
    """The number of a layer, or l + 1."""
    signs = {"+": PLUS, "−": MINUS}
    return row(*(signs.get(each) or (Numeral(each) if each.isdecimal() else Symbol(each)) for each in layer.split()))


def _symbol(name: str) -> Symbol | None:
    return Symbol(GREEK.get(name, name)) if name in GREEK or (len(name) == 1 and name.isalpha()) else None


def _below(name: str) -> Tree:
    if name.isdecimal():
        return Numeral(name)
    if len(name) == 2 and set(name) <= INDICES and name not in WORDS:
        return row(*map(Symbol, name))
    return _symbol(name) or Text(name)


def commas(items: Sequence[Tree], sign: Operator = COMMA) -> list[Tree]:
    return [each for n, item in enumerate(items) for each in ((sign, item) if n else (item,))]


def decimal(t: Term, language: Language) -> str:
    """The digits of a number; its fraction ends, or it would not be a term."""
    value = t.value
    assert isinstance(value, Rational)
    places = 0
    while (value * 10**places).denominator > 1:
        places += 1
    digits = str(int(value * 10**places)).rjust(places + 1, "0")
    return digits[:-places] + language.decimal + digits[-places:] if places else digits


def layout_number(number: Number, language: Language) -> Tree:
    """A number with its decimals: 0,665 or 6,7 · 10^-8, and 10^-9 rather than 1 · 10^-9.

    >>> from derive.document.language import load_language
    >>> layout_number(Number(0.6652, 3), load_language("pt"))
    Numeral(text='0,665')
    """
    if number.value != number.value:
        return Text("NaN")
    sign = (MINUS,) if str(number.value).startswith("-") else ()
    digits, _, power = format(abs(number.value), f".{number.decimals}{'e' if number.exponent else 'f'}").partition("e")
    size: tuple[Tree, ...] = (Numeral(digits.replace(".", language.decimal)),)
    if digits == "inf":
        size = (Operator("∞"),)
    elif not digits.strip("0."):  # nothing but zeros: a sign would be noise
        sign = ()
    if power and digits.strip("0."):
        small = (MINUS,) if int(power) < 0 else ()
        ten = Script(Numeral("10"), sup=row(*small, Numeral(str(abs(int(power))))))
        size = (ten,) if digits == "1" else (*size, DOT, ten)
    return row(*sign, *size)
