"""Plain text as tokens: x^2 sin(x), W_kj, ∂L/∂b_k."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import ClassVar

from derive.syntax.grammar.names import Name, Vocabulary
from derive.syntax.grammar.structure import order_of, refuse_orders
from derive.syntax.grammar.tokens import SUBSCRIPT, SUPERSCRIPT, Scanner, Token, subscripts
from derive.syntax.grammar.words import GREEK, GREEK_LETTERS, GREEK_NAMES, PRIMES, SUPERSCRIPTS, WORDS

_SQUARE = r"\[\s*[0-9a-z]+(?:\s*,\s*[0-9a-z]+)*\s*\]"
_SMALL = rf"(?:{SUBSCRIPT}|(?:_(?:\{{[^{{}}]*\}}|[A-Za-z0-9{GREEK_LETTERS}]+))+)"
_BELOW = rf"(?:{_SMALL}|{_SQUARE})"
_BASE = rf"(?P<base>log1p(?![A-Za-z0-9])|[A-Za-z]+[0-9]*|[{GREEK_LETTERS}][0-9]*)(?P<sub>{_BELOW})?"
_WORDS = "|".join(sorted(GREEK_NAMES, key=len, reverse=True))
_ONE = rf"(?:(?:{_WORDS}|[A-Za-z{GREEK_LETTERS}])[0-9]*{_BELOW}?(?![A-Za-z0-9_{GREEK_LETTERS}]))"
_FEW = rf"(?:[0-9]+|{_SMALL}|{_SQUARE}(?=\s*[(\[]))"  # d/dx[0] has no entry of x
_BY = rf"(?:(?:{_WORDS}|[A-Za-z{GREEK_LETTERS}]){_FEW}?(?![A-Za-z0-9_{GREEK_LETTERS}]))"
_LIMIT = r"(?:\{[^{}]*\}|[A-Za-z0-9])"
_FUNCTION = rf"{_WORDS}|[A-Za-z{GREEK_LETTERS}]"
_D = r"(?:d|∂)"
_ORDER = (  # of d²/dx²; what is no number is refused
    rf"(?:\s?(?:\^|\*\*)\s?(?:\{{[^{{}}]*\}}|\([^()]*\)|[0-9]+|[A-Za-z](?![A-Za-z]))|[{''.join(SUPERSCRIPTS)}]+)"
)
_PREFIXES = "np|numpy|jnp|math|Math|cmath|torch|tf|keras|nn|F|jax|sp|sympy|scipy|special"
_HAS_PIECES = re.compile(r"\{[^{}]*?\b(?:if|se|otherwise)\b|\{[^{}]*caso contr")


def _pattern(number: str) -> re.Pattern[str]:
    kinds = {
        "SPACE": r"\s+",
        "PREFIX": rf"(?:(?:{_PREFIXES})\.)+(?=[A-Za-z])",
        "SUMSIGN": rf"(?:[Ss]um|Σ)\s*(?:_(?P<below>{_LIMIT})|(?P<small>{SUBSCRIPT}))"
        rf"(?:\s*\^\s*(?P<above>{_LIMIT}))?(?![A-Za-z0-9])",
        "PARTIALLY": rf"∂(?P<places>[₁-₉]+|_[1-9]|_\{{[1-9]+\}})\s*(?P<function>{_FUNCTION})(?=\s*\()",
        "HIGHER": rf"{_D}(?P<order>{_ORDER})\s?(?P<of2>{_ONE})?\s*/\s*(?P<by2>(?:{_D}\s?{_BY}{_ORDER}?\s?)+)",
        "DERIVATIVE": rf"{_D}(?P<of>{_ONE})\s*/\s*{_D}\s?(?P<by_entry>{_ONE})"
        rf"|(?:∂(?P<word>[A-Za-z]{{3,}}{_SMALL}?)|{_D})\s*/\s*{_D}\s?(?P<by>{_BY})",
        "NUMBER": number,
        "PRIMED": rf"(?P<letter>{_FUNCTION})"
        rf"(?P<number>_[0-9]+|_\{{[0-9]+\}}|[₀-₉]+)?(?P<order1>['″‴⁗]+[0-9]*)(?=\s*\()",
        "OTHERWISE": r"caso\s+contr[áa]rio|senão",
        "WORD": _BASE,
        "SUPER": SUPERSCRIPT,
        "PRIMES": r"['″‴⁗]+",
        "TRANSPOSE": r"\^?ᵀ",
        "SIGN": r"\*\*|<=|>=|==|!=|[-+*/^()|‖<>≤≥=≠√∛∜;\[\]{}Σ∂⌊⌋⌈⌉⟨⟩!]",
        "COMMA": ",",
        "SUBSCRIPT": rf"(?P<after>_{_LIMIT}+|{SUBSCRIPT})",
    }
    return re.compile("|".join(f"(?P<{kind}>{pattern})" for kind, pattern in kinds.items()))


_NUMBERS = {
    ".": r"(?:[0-9]+(?:\.[0-9]+)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?",
    ",": r"(?:[0-9]+(?:[.,][0-9]+)?|,[0-9]+)(?:[eE][+-]?[0-9]+)?",
}


class PlainScanner(Scanner):
    """Plain text. Braces are told apart where they open."""

    patterns: ClassVar[Mapping[str, re.Pattern[str]]] = {sign: _pattern(number) for sign, number in _NUMBERS.items()}
    single: ClassVar[Mapping[str, str]] = {
        "**": "CARET", "^": "CARET", "+": "PLUS", "-": "MINUS", "*": "TIMES", "/": "DIV", "(": "LPAR", ")": "RPAR",
        "[": "LSQ", "]": "RSQ", "{": "LBRACE", "}": "RBRACE", "|": "BAR", "‖": "NORMBAR", "<": "REL", ">": "REL",
        "<=": "REL", ">=": "REL", "≤": "REL", "≥": "REL", "=": "_EQ", "==": "EQUALS", "!=": "EQUALS", "≠": "EQUALS",
        "√": "ROOT", "∛": "ROOT", "∜": "ROOT", "!": "BANG", ";": "_COMMA", "Σ": "BARESUM", "∂": "PARTIAL",
        "⌊": "LFLOOR", "⌋": "RFLOOR", "⌈": "LCEIL", "⌉": "RCEIL", "⟨": "LANGLE", "⟩": "RANGLE",
    }  # fmt: skip

    def __init__(self, text: str, shown: str, decimal: str, words: Vocabulary) -> None:
        super().__init__(text, shown, decimal, words)
        self.braces: list[str] = []

    def scan_sign(self, match: re.Match[str]) -> None:
        """Braces stand around an exponent, or around pieces: {x if x > 0; 0 otherwise}."""
        if match[0] == "{":
            exponent = bool(self.tokens) and self.tokens[-1].kind == "CARET"
            if not exponent and not _HAS_PIECES.match(self.text, match.start()):
                raise self.unknown(match.start())
            self.braces.append("BRACE" if exponent else "PIECES")
            self.put(f"L{self.braces[-1]}", match)
        elif match[0] == "}":
            self.put(f"R{self.braces.pop() if self.braces else 'BRACE'}", match)
        else:
            super().scan_sign(match)

    def scan_prefix(self, match: re.Match[str]) -> None:
        raise self.error(f"{match[0]} has no meaning here", match.start(), f"leave {match[0]} out: exp(x), sin(x)")

    def scan_otherwise(self, match: re.Match[str]) -> None:
        self.put("OTHERWISE", match)

    def scan_partially(self, match: re.Match[str]) -> None:
        """∂₁f(x, y) is f'1(x, y)."""
        places = "".join(subscripts(match["places"]))
        self.primed(match, GREEK.get(match["function"], match["function"]), f"'{places}")

    def scan_sumsign(self, match: re.Match[str]) -> None:
        self.sum_sign(match, match["below"] or "".join(subscripts(match["small"])), match["above"] or "")

    def scan_primed(self, match: re.Match[str]) -> None:
        number = subscripts(match["number"] or "")
        self.primed(match, "_".join((GREEK.get(match["letter"], match["letter"]), *number)), match["order1"])

    def scan_primes(self, match: re.Match[str]) -> None:
        self.primes(match, sum(len(PRIMES.get(c, c)) for c in match[0]))

    def scan_derivative(self, match: re.Match[str]) -> int | None:
        """d/dx and ∂L/∂b_k."""
        if self.words.given(Name("d", (), 0, 0)) and match[0][0] == "d":
            word = _WORD.match(self.text, match.start())
            return None if word is None else self.scan_word(word) or word.end()
        self.put("DERIV", match, self._name(*match.span("by_entry" if match["of"] else "by")))
        self._differentiated(match, "word" if match["word"] else "of")
        return None

    def scan_higher(self, match: re.Match[str]) -> int | None:
        """d²/dx², and ∂²L/∂x∂y: one derivative after the other."""
        if self.words.given(Name("d", (), 0, 0)) and match[0][0] == "d":
            word = _WORD.match(self.text, match.start())
            return None if word is None else self.scan_word(word) or word.end()
        order = self._order(match["order"], match.start("order"))
        by: list[Name] = []
        for one in _HIGHER_BY.finditer(self.text, *match.span("by2")):
            by += [self._name(*one.span("one"))] * self._order(one["times"] or "1", one.start())
        refuse_orders(order, len(by), match.start(), self.error)
        for name in by:
            self.put("DERIV", match, name)
        self._differentiated(match, "of2")
        return None

    def _order(self, written: str, at: int) -> int:
        number = "".join(SUPERSCRIPTS.get(c, c) for c in written).strip("^*{}() ")
        return order_of(number, at, self.error)

    def _differentiated(self, match: re.Match[str], group: str) -> None:
        """The L of ∂L/∂x, in brackets."""
        if match[group]:
            of = self._name(*match.span(group))
            before, after = (Token(kind, of.start, of.stop) for kind in ("LPAR", "RPAR"))
            self.tokens += [before, Token("NAME", of.start, of.stop, of), after]

    def _name(self, start: int, stop: int) -> Name:
        match = _WORD.match(self.text, start, stop)
        assert match is not None, self.text
        return _spelled(match)

    def scan_word(self, match: re.Match[str]) -> int | None:
        name, run = _spelled(match), match["base"]
        letters = not name.below and len(run) > 1 and run.isalpha() and run not in {*WORDS, *GREEK_NAMES}
        if letters and _PRIMED_AFTER.match(self.text, match.end()) and not self.words.given(name):
            shorter = _WORD.match(self.text, match.start(), match.end() - 1)  # x f'(x), written xf'(x)
            return None if shorter is None else self.scan_word(shorter) or shorter.end()
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
        self.tokens.append(Token("DX", name.start, name.stop, self._name(name.start + 1, name.stop)))
        return True


_WORD = re.compile(_BASE)
_PRIMED_AFTER = re.compile(r"['″‴⁗]+[0-9]*\s*\(")
_ONE_NAME = re.compile(_ONE)
_HIGHER_BY = re.compile(rf"{_D}\s?(?P<one>{_BY})(?P<times>{_ORDER})?")


def _spelled(match: re.Match[str]) -> Name:
    base, sub = match["base"], match["sub"] or ""
    base = GREEK.get(base[0], base[0]) + base[1:]
    below = subscripts(sub) if sub[:1] != "[" else tuple(part.strip() for part in sub[1:-1].split(","))
    return Name(base, below, match.start(), match.end(), sub[:1] == "[")
