"""What a formula is made of: tokens, and what both ways of writing have in common."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import ClassVar

from derive.syntax.grammar.error import FormulaError
from derive.syntax.grammar.names import Name, Vocabulary
from derive.syntax.grammar.words import (
    GREEK,
    GREEK_NAMES,
    INDICES,
    ONLY_BEFORE_BRACKET,
    PRIMES,
    SUBSCRIPTS,
    SUPERSCRIPTS,
    UNCLEAR_CALLS,
    WORDS,
    function_named,
)

LONGEST_NUMERAL = 50
FOLLOWED = re.compile(r"((?:\s|\\left|\\[,;:! ])*)(\(|\\\{)")  # an opening bracket comes next
SUPERSCRIPT = f"[{''.join(SUPERSCRIPTS)}]+"
SUBSCRIPT = f"[{''.join(SUBSCRIPTS)}]+"


@dataclass(frozen=True, slots=True)
class Token:
    """kind is a terminal of the grammar, or NAME or NUMBER."""

    kind: str
    start: int
    stop: int
    value: object = None


@dataclass(frozen=True, slots=True)
class Call:
    """A function word: its name, and what is written below it (the base of a logarithm)."""

    name: str
    below: Name | None = None


@dataclass(frozen=True, slots=True)
class SumSign:
    """The index of a sum sign, and the number of terms if it is given."""

    index: str
    last: str


class Scanner:
    """Cuts a text into tokens: one pattern, and one method for each kind that needs thought."""

    patterns: ClassVar[Mapping[str, re.Pattern[str]]]  # for each decimal sign
    single: ClassVar[Mapping[str, str]]  # signs that are one token

    def __init__(self, text: str, shown: str, decimal: str, words: Vocabulary) -> None:
        self.text, self.shown, self.decimal, self.words = text, shown, decimal, words
        self.tokens: list[Token] = []

    def scan(self) -> list[Token]:
        at, pattern = 0, self.patterns[self.decimal]
        while at < len(self.text):
            match = pattern.match(self.text, at)
            if match is None:
                raise self.unknown(at)
            kind = str(match.lastgroup)
            scan: Callable[[re.Match[str]], int | None] = getattr(self, f"scan_{kind.lower()}")
            at = scan(match) or match.end()
        return self.tokens

    def scan_space(self, match: re.Match[str]) -> None:
        """Nothing."""

    def scan_sign(self, match: re.Match[str]) -> None:
        self.put(self.single[match[0]], match, match[0])

    def scan_subscript(self, match: re.Match[str]) -> None:
        """softmax(z)_i, and the 2 of a norm."""
        if self.tokens and self.tokens[-1].kind == "NORMBAR":
            if subscripts(match["after"]) == ("2",):
                return
            raise self.error("only the norm with a 2 is known", match.start(), "write sum(i, |x_i|), and so on")
        if not self.tokens or self.tokens[-1].kind != "RPAR":
            raise self.unknown(match.start())
        self.put("SUBSCRIPT", match, Name("", subscripts(match["after"]), match.start(), match.end()))

    def primed(self, match: re.Match[str], letter: str, order: str) -> None:
        """f'(x): a derivative of an abstract function, and ψ'(x), the trigamma function."""
        order = "".join(PRIMES.get(c, c) for c in order)
        if (letter, order) == ("psi", "'") and not self.words.given(Name(letter, (), 0, 0)):
            self.put("FUNC", match, Call("trigamma"))
        elif not self._may_be_function(letter):
            raise self.error(f"{letter}' is no function", match.start(), "write d/dx (..), or f'(x)")
        else:
            self.put("ABSTRACT", match, letter + order)

    def _may_be_function(self, letter: str) -> bool:
        """Any letter but a number's, a variable's and that of a function that is known."""
        name = Name(letter, (), 0, 0)
        known = letter in ("e", "d", "pi") or letter in ONLY_BEFORE_BRACKET or letter in UNCLEAR_CALLS
        return not known and not self.words.given(name) and letter not in self.words.variables

    def scan_transpose(self, match: re.Match[str]) -> None:
        self.put("TRANSPOSE", match)

    def primes(self, match: re.Match[str], count: int) -> None:
        """(x^2)': a derivative by the variable at hand."""
        if not self.tokens or self.tokens[-1].kind not in ("RPAR", "RSQ"):
            raise self.error("a prime stands after a bracket", match.start(), "write (..)' or d/dx (..) or f'(x)")
        for _ in range(count):
            self.put("PRIME", match)

    def put(self, kind: str, match: re.Match[str], value: object = None) -> None:
        self.tokens.append(Token(kind, match.start(), match.end(), value))

    def error(self, message: str, at: int, hint: str = "") -> FormulaError:
        return FormulaError(message, self.shown, at, hint)

    def unknown(self, at: int) -> FormulaError:
        sign = self.text[at]
        shown = f'"{sign}"' if sign.isprintable() else f"U+{ord(sign):04X}"
        return self.error(f"{shown} has no meaning here", at, HINTS.get(sign, ""))

    def scan_number(self, match: re.Match[str]) -> None:
        written = match[0].replace("{,}", ".").replace(",", ".").lower()
        if "." in match[0] and self.decimal == ",":
            raise self.error("a dot in a number, though the decimal sign is a comma", match.start(), "write 1,5")
        mantissa, _, exponent = written.partition("e")
        if len(exponent) > 4 or len(mantissa) + abs(int(exponent or 0)) > LONGEST_NUMERAL:
            raise self.error(f"a number of more than {LONGEST_NUMERAL} digits", match.start())
        self.put("NUMBER", match, written)

    def scan_comma(self, match: re.Match[str]) -> None:
        if self.decimal == ",":
            raise self.error("a comma is the decimal sign here", match.start(), "separate arguments by ;")
        self.put("_COMMA", match)

    def scan_super(self, match: re.Match[str]) -> None:
        """x² is x^{2}."""
        start, stop = match.span()
        inner = "".join(SUPERSCRIPTS[c] for c in match[0])
        sign, number = ("+-".find(inner[0]), inner[1:]) if inner[0] in "+-" else (-1, inner)
        if not (number.isdecimal() or (len(number) == 1 and number.isalpha())):
            raise self.error(f"the exponent {match[0]} is unclear", start, "write it with ^( )")
        self.tokens += [Token("CARET", start, start), Token("LBRACE", start, start)]
        if sign == 1:
            self.tokens.append(Token("MINUS", start, stop))
        if number.isdecimal():
            if len(number) > LONGEST_NUMERAL:
                raise self.error(f"a number of more than {LONGEST_NUMERAL} digits", start)
            self.tokens.append(Token("NUMBER", start, stop, number))
        else:
            self.tokens.append(Token("NAME", start, stop, Name(number, (), start, stop)))
        self.tokens.append(Token("RBRACE", stop, stop))

    def sum_sign(self, match: re.Match[str], below: str, above: str) -> None:
        """Σ_i, or with its limits Σ_{i=1}^{n}."""
        at = match.start()
        index, equal, first = (part.strip() for part in _bare(below).partition("="))
        if index not in INDICES:
            raise self.error(f"{index[:20]!r} is no index of a sum", at, "an index is one of i j k l m n p q r")
        if equal and first != "1":
            raise self.error("a sum starts at 1 here", at, f"write the sum from {index} = 1")
        last = _bare(above)
        if last and not re.fullmatch(r"[A-Za-z]|[1-9][0-9]{0,5}", last):
            raise self.error(f"a sum ends at a letter or a whole number, not at {last[:20]!r}", at)
        self.put("SUMSIGN", match, SumSign(index, last))

    def word(
        self, match: re.Match[str], base: str, below: tuple[str, ...], square: bool = False, whole: bool = False
    ) -> None:
        """A name or a function: what a word means depends on what is known, and on a bracket that follows."""
        name = Name(base, below, match.start(), match.end(), square, whole)
        if not all(part.isalnum() and part.isascii() for part in below):
            raise self.error("this subscript is unclear", name.start, "write x_1, x_i, W_{k,j} or x_name")
        if name.indices is None and any(part[0].isdecimal() and not part.isdecimal() for part in below):
            raise self.error(f"{name.text} is unclear", name.start, "put spaces between factors")
        follows = FOLLOWED.match(self.text, match.end())
        if name.text in KEYWORDS and not self.words.given(name):
            self.put(KEYWORDS[name.text], match)
        elif self.words.given(name) or not self._function(match, name, follows):
            self.put("NAME", match, name)

    def _function(self, match: re.Match[str], name: Name, follows: re.Match[str] | None) -> bool:
        called = follows is not None
        function = function_named(name.text, called)
        below = None
        if function is None and len(name.below) == 1 and WORDS.get(name.base) in ("log", "softmax"):
            function, below = WORDS[name.base], replace(name, base=name.below[0], below=())
            if not (below.base.isdecimal() or len(below.base) == 1 or below.base in GREEK_NAMES):
                raise self.error(f"{name.text} is unclear", name.start, f"write {name.base}_{below.base[0]}(..)")
        if function is None:
            return False
        if follows and name.text in ("gamma", "sigma", "beta", "psi", "psi_1", "psi_2"):
            self._refuse_factor(match, name, follows[1])
        self.put("FUNC", match, Call(function, below))
        return True

    def _refuse_factor(self, match: re.Match[str], name: Name, between: str) -> None:
        """gamma (x - mu)/sigma has a factor gamma, and the letter γ is hardly ever the function Γ."""
        letter = match[0] != name.text
        if (letter and name.text == "gamma") or (between and not match[0].startswith("\\")):
            called = "gamma(..) or Γ(..)" if name.text == "gamma" else f"{name.text}(..)"
            hint = f"write {called}, without a space, for the function, and {name.text} * (..) for a product"
            raise self.error(f"{match[0]} before a bracket is unclear", name.start, hint)


def _bare(group: str) -> str:
    group = group.strip()
    return group[1:-1].strip() if group[:1] == "{" else group


def subscripts(written: str) -> tuple[str, ...]:
    """What stands below a name: _{1,2}, _kj, ₁ or _setosa_1.

    >>> subscripts("_{k, 1}"), subscripts("_setosa_1"), subscripts("₁₂")
    (('k', '1'), ('setosa', '1'), ('12',))
    """
    plain = "".join(SUBSCRIPTS.get(c) or GREEK.get(c, c) for c in re.sub(r"[\s{}]", "", written))
    return tuple(part for part in re.split("[_,]", plain) if part)


KEYWORDS: Mapping[str, str] = {
    "if": "_IF", "and": "_AND", "True": "TRUE", "otherwise": "OTHERWISE", "else": "OTHERWISE",
    "se": "_IF",
}  # fmt: skip
HINTS: Mapping[str, str] = {
    "%": "write x/100", "_": "a subscript stands directly after its letter: x_1",
    ".": "a decimal is written 0.5", "{": "braces are only for exponents and subscripts; group with ( )",
    "}": "braces are only for exponents and subscripts; group with ( )", '"': "a formula has no text in it",
    "\\": "write the whole formula in LaTeX, or the whole in plain text", "∫": "integrals are not read",
    ":": "write x = .. or f(x)", "&": "write 'and' between conditions", "°": "angles are in radians: x pi/180",
    "∞": "there is no infinity in a formula", "≠": "conditions use < <= > >=",
    "→": "limits are not read", "@": "write sum(j, W_kj x_j)", "ŷ": "write y_hat", "ẑ": "write z_hat",
    "ȳ": "write y_bar", "\u0302": "write x_hat", "\u0304": "write x_bar", "\u0307": "write x_dot",
    "½": "write 1/2", "¼": "write 1/4", "¾": "write 3/4", "⅓": "write 1/3", "=": "conditions use < <= > >=",
}  # fmt: skip
INSTEAD: Mapping[str, str] = {  # functions of other programs
    "where": "write piecewise(x if x > 0; 0)", "square": "write (..)^2", "divide": "write a/b",
    "multiply": "write a * b", "matmul": "write sum(j, W_kj x_j)", "log_softmax": "write ln(softmax(z)_i)",
    "transpose": "write dot(w, x), or the entries of a matrix: sum(j, W_kj x_j)", "diff": "leave it out",
    "cross_entropy": "write -sum(i, y_i ln(softmax(z)_i))", "limit": "limits are not read",
    "integrate": "integrals are not read", "binomial": "write it with gamma(n + 1)",
    **dict.fromkeys(("besselj", "bessely", "besseli", "besselk"), "Bessel functions are not known here"),
    **dict.fromkeys(("airyai", "airybi"), "Airy functions are not known here"),
    **dict.fromkeys(("LambertW", "fresnels", "fresnelc", "polylog", "expint"), "this function is not known here"),
    "mse": "write mean(i, (y_i - p_i)^2)",
}  # fmt: skip
