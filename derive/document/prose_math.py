r"""The mathematics of an author's prose: LaTeX notation as a tree. Nothing is understood, and nothing is computed.

What a lecture computes comes from proofs and examples; between dollars there is only what a reader shall see, such as
$W^{(1)}$, $\partial L / \partial b_3$ or $p_i - y_i$. Letters side by side are factors.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from derive.document import notation_words as known
from derive.document.mathtree import (
    COMMA,
    ORDINARY,
    SPACE,
    TIMES,
    Accent,
    Apply,
    BigSum,
    Bold,
    CaseRows,
    Fence,
    Fraction,
    Function,
    Grid,
    Numeral,
    Operator,
    Prime,
    Root,
    Row,
    Script,
    Symbol,
    Text,
    Tree,
    row,
)
from derive.errors import UsageError

LONGEST, DEEPEST, LONGEST_RUN = 2000, 40, 3
PLACE = "\ue010\\d+\ue011"  # where something computed will stand
TOKEN = re.compile(
    rf"(?P<space>\s+)|(?P<place>{PLACE})|(?P<number>\d+(?:(?:\.|\{{,\}})\d+)?)|(?P<sign>\\[A-Za-z]+\*?|\\.|:=|.)",
    re.DOTALL,
)
CLOSING = frozenset(["}", ")", "]", "&", r"\\", r"\right", r"\end", *known.FENCES.values()]) - {"|", r"\|", r"\vert"}


class NotationError(UsageError):
    """Notation that cannot be read; position counts its characters from 0."""

    def __init__(self, message: str, position: int = 0) -> None:
        super().__init__(message)
        self.position = position


@dataclass(frozen=True)
class Token:
    kind: str
    text: str
    at: int
    spaced: bool  # whether a space stands before it


def read_notation(text: str, decimal: str = ".") -> Tree:
    r"""The tree of what stands between dollars. decimal: the decimal sign of the prose. Raises NotationError.

    >>> read_notation(r"W^{(1)}")
    Script(base=Symbol(letter='W'), sub=None, sup=Fence(left='(', body=Numeral(text='1'), right=')'))
    >>> from derive.render.unicode_math import unicode
    >>> unicode(read_notation(r"\frac{\partial L}{\partial b_3} = p_3 - y_3"))
    '∂L/∂b₃ = p₃ − y₃'
    """
    if not text.strip():
        raise NotationError("there is nothing between the dollars")
    if len(text) > LONGEST:
        raise NotationError(f"this formula has more than {LONGEST} characters; write it in parts")
    if decimal == "," and (found := re.search(r"(?<![\d,_^{])\d+,\d+(?![\d,}])", text)):
        raise NotationError(
            f'"{found[0]}" may be a decimal or a list; write {{,}} or a point, or a space after the comma'
        )
    reader = _Reader(_tokens(text))
    tree = reader.row()
    if reader.here.kind != "end":
        raise reader.fail(f'"{reader.here.text}" closes nothing')
    return tree


def _tokens(text: str) -> tuple[Token, ...]:
    found: list[Token] = []
    spaced = False
    for match in TOKEN.finditer(text):
        kind = str(match.lastgroup)
        if kind != "space" and match[0] not in known.NOTHING:
            found.append(Token(kind, match[0], match.start(), spaced))
        spaced = kind == "space"
    return (*found, Token("end", "", len(text), False))


class _Reader:
    """One formula on its way to a tree."""

    def __init__(self, tokens: tuple[Token, ...]) -> None:
        self.tokens, self.n, self.depth = tokens, 0, 0

    @property
    def here(self) -> Token:
        return self.tokens[self.n]

    def take(self) -> Token:
        token = self.here
        self.n += token.kind != "end"
        return token

    def fail(self, why: str, at: int | None = None) -> NotationError:
        return NotationError(why, self.here.at if at is None else at)

    def is_next(self, *texts: str) -> bool:
        return self.here.kind == "sign" and self.here.text in texts

    def expect(self, text: str, why: str) -> None:
        if not self.is_next(text):
            raise self.fail(why)
        self.take()

    # rows

    def row(self, *, short: bool = False, until: str = "") -> Tree:
        """What stands side by side up to a closing sign; short: only up to the next sum, relation or comma."""
        self.depth += 1
        if self.depth > DEEPEST:
            raise self.fail("this formula is nested too deeply; write it in parts")
        items: list[Tree] = []
        while self.here.kind != "end" and not self.is_next(*CLOSING) and not (until and self.is_next(until)):
            if short and items and self._ends_a_term():
                break
            item = self.item()
            items += ([TIMES] if items and _apart(items[-1], item) else []) + [item]
        self.depth -= 1
        return row(*items)

    def _ends_a_term(self) -> bool:
        sign = known.OPERATORS.get(self.here.text) if self.here.kind == "sign" else None
        return self.is_next(",") or (sign is not None and self.here.text not in (r"\cdot", "·", "/", r"\times"))

    def item(self) -> Tree:
        """A sign, or something with all that stands above, below and after it."""
        token = self.here
        if token.kind == "sign" and token.text in known.OPERATORS:
            return known.OPERATORS[self.take().text]
        if self.is_next(","):
            self.take()
            return COMMA
        if self._is_differential():
            self.take()
            return ORDINARY
        if token.text in known.BIG:
            return self.big()
        body = self.scripted(self.atom())
        name = body.base if isinstance(body, Script) else body
        return self.applied(body) if isinstance(name, Function) else body

    def _is_differential(self) -> bool:
        """The d of dL/db: a letter follows at once, and no letter stands right before it."""
        after = self.tokens[min(self.n + 1, len(self.tokens) - 1)]
        before = self.tokens[self.n - 1] if self.n else Token("end", "", 0, True)
        letter = (len(after.text) == 1 and after.text.isalpha()) or after.text in known.LETTERS
        free = self.here.spaced or not before.text.isalpha()
        alone = before.text == "{" and after.text == "}"
        follows = letter and not after.spaced and after.text != "d"
        return self.is_next("d") and (alone or (follows and free))

    def applied(self, head: Tree) -> Tree:
        """A named function and its argument, if it has one."""
        ends = self.here.kind == "end" or self.is_next(",", *CLOSING) or self.here.text in known.OPERATORS
        return head if ends else Apply(head, self.item())

    def big(self) -> Tree:
        sign = known.BIG[self.take().text]
        lower, upper = self._limits()
        return BigSum(lower, upper, self.row(short=True), sign)

    def _limits(self) -> tuple[Tree | None, Tree | None]:
        found: dict[str, Tree] = {}
        while self.is_next("_", "^"):
            place = self.take()
            if place.text in found:
                raise self.fail(f'two "{place.text}" after each other; put braces around the first', place.at)
            found[place.text] = self.argument()
        return found.get("_"), found.get("^")

    def scripted(self, base: Tree) -> Tree:
        primes = 0
        while self.is_next("'"):
            self.take()
            primes += 1
        if primes:
            base = Prime(base, primes)
        sub, sup = self._limits()
        return base if sub is None and sup is None else Script(base, sub, sup)

    # things

    def atom(self) -> Tree:
        token = self.take()
        if token.kind == "number":
            return Numeral(token.text.replace("{,}", "."))
        if token.kind == "place":
            return Text(token.text)
        if token.text in known.LETTERS:
            return known.LETTERS[token.text]
        if token.text.isascii() and token.text.isalpha():
            return self._letter(token)
        if token.text in known.FENCES:
            return self.fence(token)
        if token.text.startswith("\\") and token.text[1:] in known.FUNCTIONS:
            return Function(token.text[1:])
        read = self._commands().get(token.text)
        if read is None:
            raise self.fail(_unknown(token.text), token.at)
        return read(token)

    def _commands(self) -> dict[str, Callable[[Token], Tree]]:
        return {
            "{": self.group, r"\frac": self.fraction, r"\dfrac": self.fraction, r"\tfrac": self.fraction,
            r"\sqrt": self.root, r"\left": self.left, r"\begin": self.environment,
            **dict.fromkeys([r"\operatorname", r"\operatorname*"], lambda token: Function(self.word())),
            **dict.fromkeys(known.WORDS, lambda token: self.words()),
            **dict.fromkeys(known.BOLD, lambda token: Bold(self.argument())),
            **{name: self._accent(sign) for name, sign in known.ACCENTS.items()},
        }  # fmt: skip

    def _accent(self, sign: str) -> Callable[[Token], Tree]:
        return lambda token: Accent(self.argument(), sign)

    def _letter(self, token: Token) -> Tree:
        """A letter; letters in a row that are a word are hardly meant as a product."""
        run = token.text
        for following in self.tokens[self.n :]:
            if following.spaced or not (
                len(following.text) == 1 and following.text.isascii() and following.text.isalpha()
            ):
                break
            run += following.text
        first = self.n < 2 or not self.tokens[self.n - 2].text.isalpha() or token.spaced
        if first and run in known.FUNCTIONS:
            raise self.fail(f'write \\{run} for the function "{run}"', token.at)
        if first and len(run) > LONGEST_RUN:
            raise self.fail(f'"{run}" would be a product of letters; write \\mathrm{{{run}}} for a word', token.at)
        return Symbol(token.text)

    def group(self, token: Token) -> Tree:
        body = self.row()
        self.expect("}", "a { is not closed")
        return body

    def argument(self) -> Tree:
        """What stands in braces, or one thing."""
        if self.is_next("{"):
            return self.group(self.take())
        if self.here.kind == "end" or self.is_next("^", "_", *CLOSING):
            raise self.fail("something is missing here")
        token = self.here
        if token.kind == "sign" and token.text in known.OPERATORS:
            return known.OPERATORS[self.take().text]
        if token.kind == "number" and len(token.text) > 1:
            raise self.fail(f"put braces around {token.text}")
        return self.atom()

    def fraction(self, token: Token) -> Tree:
        return Fraction(self.argument(), self.argument())

    def root(self, token: Token) -> Tree:
        degree = None
        if self.is_next("["):
            self.take()
            degree = self.row()
            self.expect("]", "the degree of a root is not closed")
        return Root(self.argument(), degree)

    def fence(self, token: Token) -> Tree:
        close = known.FENCES[token.text]
        body = self.row(until=close)
        closing = self.here.text
        if closing != close and not {closing, close} <= known.INTERVAL:
            raise self.fail(f'"{token.text}" is not closed', token.at)
        self.take()
        return _fence(token.text, body, closing)

    def left(self, token: Token) -> Tree:
        opening = self.take()
        if opening.text not in known.FENCES:
            raise self.fail(r"after \left a bracket is expected", opening.at)
        body = self.row(until=r"\right")
        self.expect(r"\right", r"a \left has no \right")
        closing = self.take()
        if closing.text not in known.FENCES.values():
            raise self.fail(r"after \right a bracket is expected", closing.at)
        return _fence(opening.text, body, closing.text)

    def word(self) -> str:
        """The text in braces, as it stands."""
        self.expect("{", "a { is expected")
        found = ""
        while not self.is_next("}"):
            if self.here.kind == "end":
                raise self.fail("a { is not closed")
            token = self.take()
            found += (" " if token.spaced and found else "") + token.text.removeprefix("\\")
        self.take()
        return found

    def words(self) -> Tree:
        before = self.here
        start = self.n + 1
        text = self.word()
        opened = start < len(self.tokens) and self.tokens[start].spaced and before.text == "{"
        closed = self.tokens[self.n - 1].spaced
        return row(*([SPACE] if opened else []), Text(text), *([SPACE] if closed else []))

    def environment(self, token: Token) -> Tree:
        name = self.word()
        if name != "cases" and name not in known.MATRICES:
            raise self.fail(rf"\begin{{{name}}} is not known here; there are cases, pmatrix, bmatrix, matrix", token.at)
        rows = self.rows()
        self.expect(r"\end", rf"\begin{{{name}}} has no \end")
        if self.word() != name:
            raise self.fail(rf"\begin{{{name}}} ends as something else", token.at)
        if len({len(each) for each in rows}) != 1:
            raise self.fail("the rows have different numbers of entries", token.at)
        if name != "cases":
            signs = known.MATRICES[name]
            return Fence(signs[0], Grid(rows), signs[1]) if signs else Grid(rows)
        if len(rows[0]) > 2:
            raise self.fail("a case has a value and a condition, with one & between them", token.at)
        return CaseRows(tuple((each[0], each[1] if len(each) == 2 else Row(())) for each in rows))

    def rows(self) -> tuple[tuple[Tree, ...], ...]:
        rows: list[tuple[Tree, ...]] = []
        entries: list[Tree] = []
        while True:
            entries.append(self.row())
            if self.is_next("&"):
                self.take()
                continue
            rows.append(tuple(entries))
            entries = []
            if not self.is_next(r"\\"):
                break
            self.take()
            if self.is_next(r"\end"):
                break
        return tuple(rows)


def _fence(opening: str, body: Tree, closing: str) -> Fence:
    return Fence(known.SIGNS.get(opening, opening), body, known.SIGNS.get(closing, closing))


def _apart(left: Tree, right: Tree) -> bool:
    """Whether two things side by side are factors, with a thin space between them."""
    if isinstance(left, Operator) or (isinstance(right, Operator) and right not in (ORDINARY, known.LETTERS["∂"])):
        return False
    if isinstance(right, Row) or isinstance(left, Row) or left == Symbol("∇"):
        return False
    called = isinstance(left, Symbol | Script | Prime | Text | Accent | Bold)
    if isinstance(right, Fence) and right.left in "([" and called:
        return False
    return not (isinstance(left, Numeral) and isinstance(right, Symbol | Script | Fence))


def _unknown(text: str) -> str:
    if text.startswith("\\"):
        return f'"{text}" is not known here; what is: letters, scripts, \\frac, \\partial, \\sum, \\mathrm, relations'
    return f'"{text}" cannot stand here'
