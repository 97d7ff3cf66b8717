"""Plain text as tokens: x^2 sin(x), W_kj, ∂L/∂b_k."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import ClassVar

from derive.syntax.grammar.names import Name
from derive.syntax.grammar.tokens import SUBSCRIPT, SUPERSCRIPT, Scanner, Token, subscripts
from derive.syntax.grammar.words import GREEK, GREEK_LETTERS, GREEK_NAMES

_SQUARE = r"\[\s*[0-9a-z]+(?:\s*,\s*[0-9a-z]+)*\s*\]"
_BELOW = rf"(?:{SUBSCRIPT}|(?:_(?:\{{[^{{}}]*\}}|[A-Za-z0-9{GREEK_LETTERS}]+))+|{_SQUARE})"
_BASE = rf"(?P<base>log1p(?![A-Za-z0-9])|[A-Za-z]+[0-9]*|[{GREEK_LETTERS}][0-9]*)(?P<sub>{_BELOW})?"
_WORDS = "|".join(sorted(GREEK_NAMES, key=len, reverse=True))
_ONE = rf"(?:(?:{_WORDS}|[A-Za-z{GREEK_LETTERS}])[0-9]*{_BELOW}?(?![A-Za-z0-9_{GREEK_LETTERS}]))"
_LIMIT = r"(?:\{[^{}]*\}|[A-Za-z0-9])"
_D = r"(?:d|∂)"


def _pattern(number: str) -> re.Pattern[str]:
    kinds = {
        "SPACE": r"\s+",
        "SUMSIGN": rf"(?:[Ss]um|Σ)\s*_(?P<below>{_LIMIT})(?:\s*\^\s*(?P<above>{_LIMIT}))?(?![A-Za-z0-9])",
        "DERIVATIVE": rf"{_D}(?P<of>{_ONE})?\s*/\s*{_D}\s?(?P<by>{_ONE})",
        "NUMBER": number,
        "PRIMED": r"(?P<letter>phi|psi|[A-Za-zφϕψ])(?P<order>'+[0-9]*|″)(?=\s*\()",
        "WORD": _BASE,
        "SUPER": SUPERSCRIPT,
        "PRIMES": r"['″]+",
        "SIGN": r"\*\*|<=|>=|==|!=|[-+*/^()|‖<>≤≥=≠√∛;\[\]{}Σ∂⌊⌋⌈⌉]",
        "COMMA": ",",
        "SUBSCRIPT": rf"_(?P<after>{_LIMIT}+)",
    }
    return re.compile("|".join(f"(?P<{kind}>{pattern})" for kind, pattern in kinds.items()))


_NUMBERS = {
    ".": r"(?:[0-9]+(?:\.[0-9]+)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?",
    ",": r"(?:[0-9]+(?:[.,][0-9]+)?|,[0-9]+)(?:[eE][+-]?[0-9]+)?",
}


class PlainScanner(Scanner):
    patterns: ClassVar[Mapping[str, re.Pattern[str]]] = {sign: _pattern(number) for sign, number in _NUMBERS.items()}
    single: ClassVar[Mapping[str, str]] = {
        "**": "CARET", "^": "CARET", "+": "PLUS", "-": "MINUS", "*": "TIMES", "/": "DIV", "(": "LPAR", ")": "RPAR",
        "[": "LSQ", "]": "RSQ", "{": "LBRACE", "}": "RBRACE", "|": "BAR", "‖": "NORMBAR", "<": "REL", ">": "REL",
        "<=": "REL", ">=": "REL", "≤": "REL", "≥": "REL", "=": "_EQ", "==": "EQUALS", "!=": "EQUALS", "≠": "EQUALS",
        "√": "ROOT", "∛": "ROOT", ";": "_COMMA", "Σ": "BARESUM", "∂": "PARTIAL",
        "⌊": "LFLOOR", "⌋": "RFLOOR", "⌈": "LCEIL", "⌉": "RCEIL",
    }  # fmt: skip

    def scan_sign(self, match: re.Match[str]) -> None:
        if match[0] == "{" and (not self.tokens or self.tokens[-1].kind != "CARET"):
            raise self.unknown(match.start())
        super().scan_sign(match)

    def scan_sumsign(self, match: re.Match[str]) -> None:
        self.sum_sign(match, match["below"], match["above"] or "")

    def scan_primed(self, match: re.Match[str]) -> None:
        self.primed(match, GREEK.get(match["letter"], match["letter"]), match["order"].replace("″", "''"))

    def scan_primes(self, match: re.Match[str]) -> None:
        self.primes(match, len(match[0].replace("″", "''")))

    def scan_derivative(self, match: re.Match[str]) -> int | None:
        """d/dx and ∂L/∂b_k."""
        if self.words.given(Name("d", (), 0, 0)) and match[0][0] == "d":
            word = _WORD.match(self.text, match.start())
            return None if word is None else self.scan_word(word) or word.end()
        by = self._name(match.start("by"))
        self.tokens.append(Token("DERIV", match.start(), match.end(), by))
        if match["of"]:
            of = self._name(match.start("of"))
            before, after = (Token(kind, of.start, of.stop) for kind in ("LPAR", "RPAR"))
            self.tokens += [before, Token("NAME", of.start, of.stop, of), after]
        return None

    def _name(self, at: int) -> Name:
        match = _WORD.match(self.text, at)
        assert match is not None, self.text
        return _spelled(match)

    def scan_word(self, match: re.Match[str]) -> int | None:
        name = _spelled(match)
        after = self.text[match.end() : match.end() + 1]
        if match["sub"] is None and name.base[-1].isdecimal() and after.isascii() and after.isalpha():
            raise self.error(f"{match[0] + after} is unclear", match.start(), "put spaces between factors")
        if match["sub"] and match["sub"][0] == "[":
            self._square(name)
        elif self.closes_derivative(name):
            return None
        self.word(match, name.base, name.below, match["sub"] is not None and match["sub"][0] == "[")
        return None

    def _square(self, name: Name) -> None:
        if name.indices is None:
            raise self.error(f"{name.base}[..] is unclear", name.start, "indices are single letters i j k or numbers")

    def closes_derivative(self, name: Name) -> bool:
        """The dx of d(x^2)/dx."""
        if self.words.given(name) or [t.kind for t in self.tokens[-2:]] != ["RPAR", "DIV"]:
            return False
        one = _ONE_NAME.match(self.text, name.start + 1) if self.text[name.start] == "d" else None
        if one is None or one.end() != name.stop:
            return False
        self.tokens.append(Token("DX", name.start, name.stop, self._name(name.start + 1)))
        return True


_WORD = re.compile(_BASE)
_ONE_NAME = re.compile(_ONE)


def _spelled(match: re.Match[str]) -> Name:
    base, sub = match["base"], match["sub"] or ""
    base = GREEK.get(base[0], base[0]) + base[1:]
    below = subscripts(sub) if sub[:1] != "[" else tuple(part.strip() for part in sub[1:-1].split(","))
    return Name(base, below, match.start(), match.end(), sub[:1] == "[")
