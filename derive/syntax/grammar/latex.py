r"""LaTeX as tokens: \frac{1}{2} x^{2} \sin x, W_{kj}, \frac{\partial L}{\partial b_k}. Letters in a row multiply."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import ClassVar

from derive.syntax.grammar.tokens import SUBSCRIPT, SUPERSCRIPT, Scanner, Token, subscripts
from derive.syntax.grammar.words import GREEK, GREEK_LETTERS, GREEK_NAMES, WORDS, nearest

_WRAPPED = r"\\(?:text|textrm|textnormal|mathrm|operatorname)\s*\{[^{}\\]*\}"
_GROUP = rf"\{{(?:[^{{}}]|{_WRAPPED})*\}}"
_GREEK_COMMAND = rf"\\(?:var)?(?:{'|'.join(sorted(GREEK_NAMES, key=len, reverse=True))})(?![A-Za-z])"
_BELOW = rf"\s*(?:{SUBSCRIPT}|_\s*(?:{_GROUP}|{_WRAPPED}|{_GREEK_COMMAND}|[A-Za-z0-9{GREEK_LETTERS}]))"
_STYLED = rf"(?P<styled>{_GREEK_COMMAND}|[A-Za-z1{GREEK_LETTERS}])"
_LIMIT = rf"(?:{_GROUP}|[A-Za-z0-9])"
_ACCENT = r"\\(?P<accent>hat|bar|tilde|widehat|overline)\s*(?:\{\s*(?P<under>[A-Za-z])\s*\}|\s(?P<under1>[A-Za-z]))"
_SKIPPED = "displaystyle|textstyle|limits|nolimits|left|right|[bB]igg?[lr]?|quad|qquad|thinspace"
_COMMANDS = (
    "cdot|times|ast|div|lvert|rvert|vert|mid|lVert|rVert|Vert|leq?|leqslant|geq?|geqslant|lt|gt|partial|lfloor|rfloor"
    "|lceil|rceil|lbrace|rbrace|langle|rangle"
)
_WORDS = r"\\(?:operatorname\*?|mathrm|mathit|text|textrm|textnormal|textit|mathop)\s*\{\s*(?P<words>[^{}\\]*?)\s*\}"
_STYLES = r"\\(?P<style>mathbf|boldsymbol|bm|mathcal|mathbb|vec|underline)(?![A-Za-z])"
_VECTORS = ("mathbf", "boldsymbol", "bm", "vec")
_DOT = re.compile(rf"\s*\\cdot\s*(?=\\(?:{'|'.join(_VECTORS)})(?![A-Za-z]))")  # between two vectors
_FUNCTION = rf"{_GREEK_COMMAND}|[A-Za-z{GREEK_LETTERS}]"
_TOP = r"\\(?:top|intercal|(?:mathrm|mathsf|text|operatorname)\s*\{\s*T\s*\})"
_SIZED = re.compile(r"\\(?:(?=left|right)|[bB]igg?(?=[lr]))(?P<side>left|right|l|r)\s*\Z")
_ENVIRONMENTS = r"\\(?:begin|end)\s*\{\s*(?:equation|align|aligned|gather|displaymath|math)\*?\s*\}"
_ARRAY = r"\\left\s*\\(?:\{|lbrace)\s*\\begin\s*\{\s*array\s*\}\s*\{[lcr@{} ]*\}"  # cases, spelled out
_AROUND = rf"{_ENVIRONMENTS}|\\(?:label|tag)\*?\s*\{{[^{{}}]*\}}"
_PRIMES = r"(?:'+|\^\s*\{?\s*(?:\\prime\s*)+\}?)"
_DECIMALS = {".": r"[0-9]+(?:\.[0-9]+|\{,\}[0-9]+)?|\.[0-9]+", ",": r"[0-9]+(?:[.,][0-9]+|\{,\}[0-9]+)?"}


def _pattern(number: str) -> re.Pattern[str]:
    kinds = {
        "BEGIN": rf"\\begin\s*\{{\s*d?cases\s*\}}|{_ARRAY}",
        "END": r"\\end\s*\{\s*d?cases\s*\}|\\end\s*\{\s*array\s*\}\s*\\right\s*\.",
        "SPACE": rf"(?:\s|~|\\[,;:!> ]|\\(?:{_SKIPPED})(?![A-Za-z])|{_AROUND}|\$|\\\(|\\\)|\\\[|\\\])+",
        "SUMSIGN": rf"(?:\\sum|Σ)(?:\\(?:no)?limits)?\s*_\s*(?P<below>{_LIMIT})(?:\s*\^\s*(?P<above>{_LIMIT}))?",
        "NEWROW": r"\\\\(?:\[[^\]]*\])?",
        "NUMBER": number,
        "PRIMED": rf"(?P<letter>{_FUNCTION})"
        rf"(?P<number>_\s*(?:[0-9]|\{{\s*[0-9]+\s*\}}))?(?P<order>{_PRIMES}[0-9]*)(?=\s*(?:\\left\s*)?\()",
        "PARTIALLY": rf"\\partial\s*_\s*(?:\{{\s*)?(?P<places>[1-9]+)(?:\s*\}})?\s*(?P<function>{_FUNCTION})"
        r"(?=\s*(?:\\left\s*)?\()",
        "TRANSPOSE": rf"\^\s*(?:\{{\s*{_TOP}\s*\}}|{_TOP})",
        "STYLED": rf"{_STYLES}\s*(?:\{{\s*{_STYLED}\s*\}}|{_STYLED.replace('styled', 'bare')})(?P<sub5>{_BELOW})?",
        "PRIMES": _PRIMES,
        "ACCENT": rf"{_ACCENT}(?P<sub0>{_BELOW})?",
        "FRAC": r"\\[dtc]?frac(?![A-Za-z])",
        "SQRT": r"\\sqrt(?![A-Za-z])",
        "SIGN": rf"\\(?:{_COMMANDS})(?![A-Za-z])|\\[{{}}|]|<=|>=|[-+*/^()|‖<>≤≥=;\[\]{{}}&∂√!]",
        "WRAPPED": rf"{_WORDS}(?P<sub1>{_BELOW})?",
        "GREEK": rf"(?P<greek>{_GREEK_COMMAND})(?P<sub2>{_BELOW})?",
        "COMMAND": rf"\\(?P<command>[A-Za-z]+)(?P<sub3>{_BELOW})?",
        "LETTER": rf"(?P<letter1>[A-Za-z{GREEK_LETTERS}])(?P<sub4>{_BELOW})?",
        "SUPER": SUPERSCRIPT,
        "COMMA": ",",
        "SUBSCRIPT": rf"_\s*(?P<after>{_GROUP}|[A-Za-z0-9])",
    }
    return re.compile("|".join(f"(?P<{kind}>{pattern})" for kind, pattern in kinds.items()))


_CONDITION_WORDS: Mapping[str, str] = {
    **dict.fromkeys(("if", "for", "when", "se", "para"), "_IF"), **dict.fromkeys(("and", "e"), "_AND"),
    **dict.fromkeys(("otherwise", "else", "caso contrário", "senão", "c.c.", "otherwise.", "elsewhere"), "OTHERWISE"),
}  # fmt: skip


_INSTEAD: Mapping[str, str] = {
    "int": "integrals are not read", "lim": "limits are not read", "prod": "write exp of a sum of logarithms",
    "infty": "there is no infinity in a formula", "nabla": "ask for the gradient with --wrt x,y",
    "begin": "only cases are read, or a single formula", "documentclass": "give the formula alone",
    "binom": r"write it with \Gamma(n + 1)", "top": r"a transpose is written w^\top x",
}  # fmt: skip


class LatexScanner(Scanner):
    patterns: ClassVar[Mapping[str, re.Pattern[str]]] = {
        decimal: _pattern(number) for decimal, number in _DECIMALS.items()
    }
    single: ClassVar[Mapping[str, str]] = {
        "^": "CARET", "+": "PLUS", "-": "MINUS", "*": "TIMES", "/": "DIV", "(": "LPAR", ")": "RPAR", "[": "LSQ",
        "]": "RSQ", "{": "LBRACE", "}": "RBRACE", "|": "BAR", "‖": "NORMBAR", "<": "REL", ">": "REL", "<=": "REL",
        ">=": "REL", "≤": "REL", "≥": "REL", "=": "_EQ", ";": "_COMMA", "&": "_AMP", "∂": "PARTIAL", "√": "ROOT",
        "!": "BANG",
        r"\{": "LPAR", r"\}": "RPAR", r"\lbrace": "LPAR", r"\rbrace": "RPAR", r"\|": "NORMBAR",
        r"\lvert": "LBAR", r"\rvert": "RBAR", r"\vert": "BAR", r"\mid": "BAR",
        r"\lVert": "NORMBAR", r"\rVert": "NORMBAR", r"\Vert": "NORMBAR",
        r"\cdot": "TIMES", r"\times": "TIMES", r"\ast": "TIMES", r"\div": "DIV", r"\partial": "PARTIAL",
        r"\lt": "REL", r"\gt": "REL", r"\lfloor": "LFLOOR", r"\rfloor": "RFLOOR", r"\lceil": "LCEIL",
        r"\rceil": "RCEIL", r"\langle": "LANGLE", r"\rangle": "RANGLE",
    } | {rf"\{word}": "REL" for word in ("le", "leq", "leqslant", "ge", "geq", "geqslant")}  # fmt: skip

    def scan_sign(self, match: re.Match[str]) -> None:
        r"""Of \left| and \right| the side is known."""
        kind = self.single[match[0]]
        sized = _SIZED.search(self.text, 0, match.start()) if kind == "BAR" else None
        self.put(kind if sized is None else "LBAR" if sized["side"] in ("left", "l") else "RBAR", match, match[0])

    def scan_sumsign(self, match: re.Match[str]) -> None:
        self.sum_sign(match, match["below"], match["above"] or "")

    def scan_begin(self, match: re.Match[str]) -> None:
        self.put("BEGIN", match)

    def scan_end(self, match: re.Match[str]) -> None:
        self.put("END", match)

    def scan_newrow(self, match: re.Match[str]) -> None:
        self.put("_NEWROW", match)

    def scan_sqrt(self, match: re.Match[str]) -> None:
        self.put("SQRT", match)

    def scan_partially(self, match: re.Match[str]) -> None:
        r"""\partial_1 f(x, y) is f'1(x, y)."""
        self.primed(match, _greek(match["function"]), f"'{match['places']}")

    def scan_styled(self, match: re.Match[str]) -> int | None:
        r"""\mathbf{x} is x, \vec{w} \cdot \vec{x} a product of vectors, and \mathbf{1}[x > 0] the indicator."""
        letter, below = match["styled"] or match["bare"], match["sub5"]
        if letter != "1":
            self.word(match, _greek(letter), _below(below))
            dot = _DOT.match(self.text, match.end()) if match["style"] in _VECTORS else None
            if dot is None:
                return None
            self.put("TRANSPOSE", dot)
            return dot.end()
        self.put("NUMBER", match, "1")
        return match.start("sub5") + len(below) - len(below.lstrip("_ ")) if below else None  # 1_{x > 0}

    def scan_frac(self, match: re.Match[str]) -> int | None:
        r"""\frac12 has two arguments of one digit each."""
        self.put("FRAC", match)
        digits = re.compile(r"\s*([0-9])\s*([0-9])?(?![0-9.,])").match(self.text, match.end())
        if digits is None:
            return None
        for group in (1, 2):
            if digits[group]:
                self.tokens.append(Token("NUMBER", digits.start(group), digits.end(group), digits[group]))
        return digits.end()

    def scan_number(self, match: re.Match[str]) -> None:
        if self.tokens and self.tokens[-1].kind == "CARET" and len(match[0]) > 1:
            raise self.error(
                f"^{match[0][:20]} raises only the first digit in LaTeX", match.start(), f"write ^{{{match[0][:20]}}}"
            )
        super().scan_number(match)

    def scan_primed(self, match: re.Match[str]) -> None:
        primes = match["order"].count("'") or match["order"].count("prime")
        letter = "_".join((_greek(match["letter"]), *_below(match["number"])))
        self.primed(match, letter, "'" * primes + match["order"].lstrip("^{}' \\prime"))

    def scan_primes(self, match: re.Match[str]) -> None:
        self.primes(match, match[0].count("'") or match[0].count("prime"))

    def scan_accent(self, match: re.Match[str]) -> None:
        r"""\hat{y} is y_hat."""
        accent = {"widehat": "hat", "overline": "bar"}.get(match["accent"], match["accent"])
        letter = match["under"] or match["under1"]
        self.word(match, f"{letter}_{accent}", _below(match["sub0"]))

    def scan_wrapped(self, match: re.Match[str]) -> None:
        words = match["words"].strip(" ,").replace(r"\ ", " ")
        if words in _CONDITION_WORDS and words != "e":
            self.put(_CONDITION_WORDS[words], match)
        elif not words:
            return
        elif not re.fullmatch(rf"[A-Za-z{GREEK_LETTERS}][A-Za-z0-9_]*", words):
            raise self.error("these words have no meaning here", match.start(), "a name is written in letters")
        else:
            base, *below = words.split("_")
            self.word(match, GREEK.get(base, base), (*below, *_below(match["sub1"])), whole=len(base) > 1)

    def scan_greek(self, match: re.Match[str]) -> None:
        self.word(match, _greek(match["greek"]), _below(match["sub2"]))

    def scan_command(self, match: re.Match[str]) -> None:
        command = match["command"]
        if command not in WORDS:
            others = ("frac", "sqrt", "cdot", "left", "right", "sum", "partial")
            hint = _INSTEAD.get(command) or nearest(command, (*WORDS, *GREEK_NAMES, *others))
            raise self.error(f"\\{command[:30]} has no meaning here", match.start(), hint)
        self.word(match, command, _below(match["sub3"]))

    def scan_letter(self, match: re.Match[str]) -> None:
        self._refuse_words(match)
        self.word(match, GREEK.get(match["letter1"], match["letter1"]), _below(match["sub4"]))

    def _refuse_words(self, match: re.Match[str]) -> None:
        """sinx is s i n x in LaTeX, which nobody means."""
        if match.start() and self.text[match.start() - 1].isalpha():
            return
        run = re.compile("[A-Za-z]*").match(self.text, match.start())
        letters = run[0] if run else ""
        meant = [word for word in (*WORDS, *GREEK_NAMES) if word == letters or (len(word) > 2 and word in letters)]
        if meant and len(letters) > 1:
            word = max(meant, key=len)
            hint = f"write \\{word}, or put spaces between the factors"
            raise self.error(f"{letters[:30]} is a product of letters in LaTeX", match.start(), hint)


def _greek(written: str) -> str:
    word = written.removeprefix("\\")
    word = word.removeprefix("var") if word.startswith("var") else word
    return GREEK.get(word, word)


def _below(written: str | None) -> tuple[str, ...]:
    if written is None:
        return ()
    plain = re.sub(r"\\(?:text|textrm|textnormal|mathrm|operatorname)\s*\{([^{}]*)\}", r"\1", written)
    return subscripts(re.sub(_GREEK_COMMAND, lambda m: _greek(m[0]), plain).replace("\\,", "").replace(" ", ""))
