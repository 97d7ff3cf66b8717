"""The kinds of values a network file holds: each reads a value, or reports what is wrong, and has a JSON Schema."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Protocol

from derive.chains.exact import FRACTION, MOST_DIGITS, exact, finite, is_numeral, unquoted
from derive.chains.labels import misplaced, misread, one_number
from derive.chains.namesakes import look
from derive.chains.spec_problem import Report, shown
from derive.chains.symbols import INDICES, OF_A_LAYER, QUANTITIES, SYMBOL, symbol_problem
from derive.chains.synonyms import hint

WIDEST = 10_000  # units of a layer, entries of the input
LONGEST_NAME = 30
WEIGHTS = "w"  # what the weights of the classes are called when they have no values
Schema = dict[str, Any]
# what schemas refer to instead of saying it again
SYMBOL_REF, FRACTION_REF = {"$ref": "#/$defs/symbol"}, {"$ref": "#/$defs/fraction"}
DEFINITIONS: Schema = {
    "symbol": {
        "description": "the name of a size or a constant that has no value",
        "type": "string",
        "pattern": f"^{SYMBOL.pattern}$",
        "not": {"anyOf": [{"enum": sorted(INDICES | QUANTITIES)}, {"pattern": f"^{OF_A_LAYER.pattern}$"}]},
    },
    "fraction": {
        "description": "a number without an end in decimals",
        "type": "string",
        "pattern": f"^{FRACTION.pattern}$",
    },
}


class _Unread:
    """What stands for a value that was refused."""


UNREAD = _Unread()


class Kind(Protocol):
    """read gives the value, or reports what is wrong with it and gives UNREAD."""

    def read(self, value: object, path: str, report: Report) -> Any: ...

    def schema(self) -> Schema: ...


@dataclass(frozen=True)
class Flag:
    """true or false."""

    def read(self, value: object, path: str, report: Report) -> Any:
        if isinstance(value, bool):
            return value
        return _refuse(report, path, f"must be true or false, not {shown(value)}")

    def schema(self) -> Schema:
        return {"type": "boolean"}


@dataclass(frozen=True)
class Whole:
    """A whole number from low to high; symbolic: or the name of one."""

    low: int
    high: int
    symbolic: bool = False

    def read(self, value: object, path: str, report: Report) -> Any:
        if isinstance(value, str) and self.symbolic and not is_numeral(value):
            return _symbol(value, path, report)
        if isinstance(value, int) and not isinstance(value, bool) and self.low <= value <= self.high:
            return int(value)
        name = ", or a name in quotes" if self.symbolic else ""
        wanted = f"must be a whole number from {self.low} to {self.high}{name}, not {shown(value)}"
        return _refuse(report, path, wanted + unquoted(value))

    def schema(self) -> Schema:
        number: Schema = {"type": "integer", "minimum": self.low, "maximum": self.high}
        return {"anyOf": [number, SYMBOL_REF]} if self.symbolic else number


@dataclass(frozen=True)
class Real:
    """An exact number, between bounds that may themselves be allowed or not; symbolic: or the name of one."""

    low: int
    low_allowed: bool = True
    below: int | None = None
    symbolic: bool = True

    @property
    def bounds(self) -> str:
        """The bounds in words.

        >>> Real(0).bounds, Real(1, low_allowed=False).bounds, Real(0, below=1).bounds
        ('a number of at least 0', 'a number greater than 1', 'a number of at least 0 and less than 1')
        """
        first = f"of at least {self.low}" if self.low_allowed else f"greater than {self.low}"
        return f"a number {first}" + ("" if self.below is None else f" and less than {self.below}")

    def read(self, value: object, path: str, report: Report) -> Any:
        if isinstance(value, str) and self.symbolic and not is_numeral(value) and not FRACTION.fullmatch(value):
            return _symbol(value, path, report)
        number = exact(value)
        if number is not None and self._holds(number):
            return number
        name = ", or a name in quotes" if self.symbolic else ""
        digits = f"; at most {MOST_DIGITS} digits are read" if number is None and finite(value) else ""
        quotes = unquoted(value) if isinstance(value, str) else ""
        return _refuse(report, path, f"must be {self.bounds}{name}, not {shown(value)}{digits}{quotes}")

    def _holds(self, number: Fraction) -> bool:
        above = number >= self.low if self.low_allowed else number > self.low
        return above and (self.below is None or number < self.below)

    def schema(self) -> Schema:
        number: Schema = {"type": "number", "minimum" if self.low_allowed else "exclusiveMinimum": self.low}
        if self.below is not None:
            number["exclusiveMaximum"] = self.below
        return {"anyOf": [number, FRACTION_REF, *([SYMBOL_REF] if self.symbolic else [])]}


@dataclass(frozen=True)
class Choice:
    """One of some names. noun: what they name; synonyms: what others call them, as hints."""

    noun: str
    names: tuple[str, ...]
    synonyms: Mapping[str, str]

    def read(self, value: object, path: str, report: Report) -> Any:
        if not isinstance(value, str):
            return _refuse(report, path, f"must be the name of {_a(self.noun)} in quotes, not {shown(value)}")
        if value in self.names:
            return value
        found = hint(value, self.names, self.synonyms)
        return _refuse(report, path, f"there is no {self.noun} {shown(value)}; {found}")

    def schema(self) -> Schema:
        return {"enum": list(self.names)}


@dataclass(frozen=True)
class Name:
    """A name of the user's own, printed as it is."""

    def read(self, value: object, path: str, report: Report) -> Any:
        if not isinstance(value, str):
            return _refuse(report, path, f"must be a name in quotes, not {shown(value)}")
        if not value.strip() or value != value.strip() or len(value) > LONGEST_NAME or not value.isprintable():
            needs = f"it needs 1 to {LONGEST_NAME} printable characters and no blank at its ends"
            return _refuse(report, path, f"{shown(value)} is not a name: {needs}")
        return value

    def schema(self) -> Schema:
        return {"type": "string", "minLength": 1, "maxLength": LONGEST_NAME}


@dataclass(frozen=True)
class Label(Name):
    """A name that stands below a letter, and is read as nothing else there."""

    def read(self, value: object, path: str, report: Report) -> Any:
        name = super().read(value, path, report)
        if isinstance(name, str) and (why := misread(name)) is not None:
            return _refuse(report, path, f"{shown(name)} {why}; choose another name")
        return unicodedata.normalize("NFC", name) if isinstance(name, str) else name


@dataclass(frozen=True)
class Names:
    """A list of names, all different."""

    def read(self, value: object, path: str, report: Report) -> Any:
        names = each(Label(), value, path, report, "a list of names")
        if not isinstance(value, list | tuple):
            return UNREAD
        first: dict[str, int] = {}
        for n, name in enumerate(value[:WIDEST]):
            earlier = first.setdefault(look(name), n) if isinstance(name, str) else n
            if earlier != n:
                twice = len({unicodedata.normalize("NFC", each) for each in (name, value[earlier])}) == 1
                how = "is named twice, first in" if twice else "looks like the name in"
                report(f"{path}[{n}]", f"{shown(name)} {how} {path}[{earlier}]; each needs its own")
                names = UNREAD
        if names is not UNREAD and (same := one_number(names)) is not None:
            return _refuse(report, path, f"has {shown(same[0])} and {shown(same[1])}, which are one number")
        if names is not UNREAD and (one := misplaced(names)) is not None:
            return _refuse(report, path, f"has {shown(one)}, which would be read as the one in place {one}")
        return names

    def schema(self) -> Schema:
        return {"type": "array", "items": Name().schema(), "maxItems": WIDEST, "uniqueItems": True}


@dataclass(frozen=True)
class Weights:
    """A list of numbers, one for each class and not all 0; or "w", weights without values."""

    def read(self, value: object, path: str, report: Report) -> Any:
        if value == WEIGHTS and isinstance(value, str):
            return value
        weights = each(Real(0, symbolic=False), value, path, report, f'a list of numbers, or "{WEIGHTS}"')
        if weights is not UNREAD and not sum(weights):
            return _refuse(report, path, "the weights sum to 0; at least one must be greater than 0")
        return weights

    def schema(self) -> Schema:
        listed = {"type": "array", "items": Real(0, symbolic=False).schema(), "minItems": 1, "maxItems": WIDEST}
        return {"anyOf": [listed, {"const": WEIGHTS}]}


def each(kind: Kind, value: object, path: str, report: Report, wanted: str) -> Any:
    """Every item of a list, as a tuple; UNREAD if there is no list, or one of its items was refused."""
    if not isinstance(value, list | tuple):
        return _refuse(report, path, f"must be {wanted}, not {shown(value)}")
    if len(value) > WIDEST:
        return _refuse(report, path, f"has {len(value)} items; {WIDEST} are the most")
    items = tuple(kind.read(item, f"{path}[{n}]", report) for n, item in enumerate(value))
    return UNREAD if UNREAD in items else items


def _symbol(name: str, path: str, report: Report) -> Any:
    problem = symbol_problem(name)
    return name if problem is None else _refuse(report, path, problem)


def _a(noun: str) -> str:
    return f"an {noun}" if noun[0] in "aeiou" else f"a {noun}"


def _refuse(report: Report, path: str, message: str) -> Any:
    report(path, message)
    return UNREAD
