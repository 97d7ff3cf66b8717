"""Formulas that a person types, in plain text or in LaTeX, as Terms. Nothing is evaluated, re-ordered or executed."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from derive.budget import OverBudget, most_of
from derive.chains.namesakes import clash, printed
from derive.core.context import Context
from derive.core.term import Term, sym, walk
from derive.syntax.grammar.error import FormulaError
from derive.syntax.grammar.names import Name, Vocabulary, letter_of
from derive.syntax.grammar.tokens import Call, SumSign, Token
from derive.syntax.grammar.words import INDICES, one_alphabet

_NO_CONTEXT = Context()
_ONE_VARIABLE = "name one variable, for example x, w11 or W_kj"

__all__ = ["Formula", "FormulaError", "parse", "parse_line", "parse_variable"]


@dataclass(frozen=True)
class Formula:
    """A formula that has been read: its term, and what its names are.

    shapes gives the sizes of each family's indices, indices the range of each free index letter, functions the names
    of the abstract functions; core.law.Context(shapes=.., indices=..) is made of them.
    """

    text: str
    term: Term
    shapes: Mapping[str, tuple[Term, ...]] = field(default_factory=dict)
    indices: Mapping[str, Term] = field(default_factory=dict)
    functions: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        for part in ("shapes", "indices"):
            object.__setattr__(self, part, MappingProxyType(dict(getattr(self, part))))


def parse(
    text: str,
    *,
    decimal: str = ".",
    known: Mapping[str, Term] | None = None,
    context: Context | None = None,
    wrt: Term | None = None,
    variables: Collection[str] = (),
) -> Formula:
    r"""One formula, without derivatives. Text with a backslash or in $..$ is LaTeX.

    known says what spelled names stand for, and wins over every other reading; context gives families and indices
    that exist already; wrt is the variable, which is never a function; variables are the names that the question
    gives to its variables. x1, x_1 and x₁ are one name, called as it is first written. Raises FormulaError, also for
    two names that are printed alike.

    >>> parse("x^2 sin(2x)/3").term
    div(mul(pow(x, 2), sin(mul(2, x))), 3)
    >>> parse(r"\frac{x^{2} \sin 2x}{3}").term == parse("x^2 sin(2x)/3").term
    True
    >>> parse("sum(j, W_kj h_j) + b_k").shapes["W"]
    (m, n)
    >>> parse("x_1^2 + x1").term, parse("sum_k x_k + x1").term
    (add(pow(x_1, 2), x_1), add(sum(k, n, x[k]), x[1]))
    """
    sides = _read(text, decimal, known, context, wrt, lines=False, variables=variables)
    return sides[0]


def parse_line(
    text: str,
    *,
    decimal: str = ".",
    known: Mapping[str, Term] | None = None,
    context: Context | None = None,
    wrt: Term | None = None,
    names: Collection[str] = (),
    variables: Collection[str] = (),
) -> tuple[Formula, ...]:
    """A line of a derivation: its sides, which may hold derivatives not yet carried out. Raises FormulaError.

    names: those in use around it; a line means x_1 by x1 where x_1 is in use.

    >>> from derive.core.term import sym
    >>> [side.term for side in parse_line("= d/dx (x^2) = (x^2)' = 2x", wrt=sym("x"))]
    [d(pow(x, 2), x), d(pow(x, 2), x), mul(2, x)]
    """
    return _read(text, decimal, known, context, wrt, lines=True, names=names, variables=variables)


def parse_variable(
    text: str,
    *,
    decimal: str = ".",
    known: Mapping[str, Term] | None = None,
    context: Context | None = None,
    names: Collection[str] = (),
) -> Term:
    """The variable of differentiation: a symbol or an entry. Raises FormulaError.

    names: those in use in the formula; x1 means x_1 where x_1 is in use.

    >>> parse_variable("w11"), parse_variable("W_{kj}"), parse_variable("α"), parse_variable("x1", names=["x_1"])
    (w11, W[k, j], alpha, x_1)
    """
    given = dict(known or {})
    if not text.strip():
        raise FormulaError("there is no variable here", text, 0, _ONE_VARIABLE)
    if text.strip() in given:
        term = given[text.strip()]
    else:
        term = _read(text, decimal, given, context, None, lines=False, names=names)[0].term
    if term.op not in ("sym", "elem") or term.value == "pi":
        raise FormulaError("this is an expression, and not a variable", text, 0, _ONE_VARIABLE)
    return term


def _read(
    text: str,
    decimal: str,
    known: Mapping[str, Term] | None,
    context: Context | None,
    wrt: Term | None,
    lines: bool,
    names: Collection[str] = (),
    variables: Collection[str] = (),
) -> tuple[Formula, ...]:
    _refuse_length(text)
    if decimal not in (".", ","):
        raise ValueError(f'the decimal sign is "." or ",", not {decimal!r}')
    variable = str((wrt.args or (wrt,))[0].value) if wrt is not None else ""
    words = Vocabulary(
        dict(known or {}), context or _NO_CONTEXT, variable, tuple(names), tuple(map(letter_of, variables))
    )
    reserved = frozenset(c for name in variables for c in name.partition("_")[2] if c in INDICES)
    try:
        return _Reading(text, words, wrt, decimal, lines, reserved).formulas()
    except (RecursionError, ValueError) as error:
        if isinstance(error, FormulaError):
            raise
        why = str(error) if isinstance(error, OverBudget) else "this is too large or too deep"
        raise FormulaError(why, text, 0, "write it in parts") from None


def _refuse_length(text: str) -> None:
    if not text.strip():
        raise FormulaError("there is no formula here", text, 0, "write, for example, x^2 sin(x)")
    if len(text) > (most := most_of("characters")):
        why = f'a formula of {len(text)} characters, and the limit "characters" is {most}'
        raise FormulaError(why, text, most, "write it in parts, or give it a larger --budget")


class _FamilyFound(Exception):
    """Letters that turn out to be families while a formula is read, and how many indices they have."""

    def __init__(self, ranks: Mapping[str, int]) -> None:
        super().__init__()
        self.ranks = ranks


class _Reading:
    """One text on its way to formulas."""

    def __init__(
        self, text: str, words: Vocabulary, wrt: Term | None, decimal: str, lines: bool, reserved: frozenset[str]
    ) -> None:
        self.reserved = reserved  # index letters of the variables, which name no size
        self.text, self.words, self.wrt, self.lines, self.decimal = text, words, wrt, lines, decimal
        self.latex = "\\" in text or (len(text.strip()) > 1 and text.strip()[0] == text.strip()[-1] == "$")
        self.names: list[Name] = []
        self.signs: list[SumSign] = []
        self.families: Mapping[str, int] = {}
        self.spellings = {printed(name): name for name in reversed(words.around)}

    def fail(self, message: str, at: int, hint: str = "") -> FormulaError:
        return FormulaError(message, self.text, at, hint)

    def resolve(self, name: Name) -> Term:
        """What a name stands for; another spelling of a name that is in use is that name."""
        term = self.words.term(name, self.families, self.text)
        if term.op != "sym":
            return term
        return sym(self.spellings.setdefault(printed(str(term.value)), str(term.value)))

    def formulas(self) -> tuple[Formula, ...]:
        tokens = self._tokens()
        try:
            return self._formulas(tokens)
        except _FamilyFound as found:  # norm(x) x_1: only the norm tells that x_1 is an entry
            self.families = {**self.families, **found.ranks}
            return self._formulas(tokens)

    def _formulas(self, tokens: list[Token]) -> tuple[Formula, ...]:
        from derive.syntax.grammar.calls import Indices
        from derive.syntax.grammar.parser import read
        from derive.syntax.grammar.reader import Reader
        from derive.syntax.grammar.rules import Setting
        from derive.syntax.grammar.sizes import SizeError, checked, sized

        taken = self._taken()
        setting = Setting(self.text, self.latex, self.resolve, Indices(taken), self.lines, self.wrt)
        reader = Reader(setting)
        sides = read(self._with_parts(tokens), reader, setting)
        if not self.lines and (len(sides) > 1 or tokens[0].kind == "_EQ"):
            equal = next(token for token in tokens if token.kind == "_EQ")
            raise self.fail("an equation, where one formula is asked for", equal.start, "write the right side only")
        self._refuse_functions(reader.abstract, tuple(side.term for side in sides))
        try:
            found = sized(tuple(side.term for side in sides), self.words.context, taken | self.reserved)
            checked(found)
        except SizeError as error:
            raise self.fail(str(error), self._where(error.name), "give every name one meaning") from None
        self._look_for_entries(found.shapes)
        self._refuse_namesakes(found.terms, Context(shapes=found.shapes, indices=found.indices))
        self._refuse_outside(reader.sum_signs, found.indices)
        functions = tuple(sorted(reader.abstract))
        texts = self._texts(tokens) if self.lines else [self.text.strip()]
        return tuple(
            Formula(text, term, found.shapes, found.indices, functions)
            for text, term in zip(texts, found.terms, strict=True)
        )

    def _look_for_entries(self, shapes: Mapping[str, tuple[Term, ...]]) -> None:
        """A name with something below it whose letter turns out to be a family has to be read again."""
        ranks = {family: len(shape) for family, shape in shapes.items() if shape}
        entries = [name if name.below else name.apart for name in self.names]
        if any(name.below and name.base in ranks and name.base not in self.families for name in entries):
            raise _FamilyFound(ranks)

    def _refuse_namesakes(self, terms: tuple[Term, ...], context: Context) -> None:
        found = clash(terms, context, self.words.around)
        if found is not None and found.name not in self.words.known:
            raise self.fail(found.message, self._where(found.name), found.hint)

    def _tokens(self) -> list[Token]:
        from derive.syntax.grammar.bars import with_sides
        from derive.syntax.grammar.latex import LatexScanner
        from derive.syntax.grammar.plain import PlainScanner
        from derive.syntax.grammar.runs import with_letters, with_runs
        from derive.syntax.grammar.structure import (
            paired,
            with_calls,
            with_derivatives,
            with_dots,
            with_factorials,
            with_indicators,
            with_products,
        )

        scanner = LatexScanner if self.latex else PlainScanner
        scanned = scanner(one_alphabet(self.text), self.text, self.decimal, self.words).scan()
        raw = with_runs(scanned, self.words, not self.latex, self.fail)
        if not raw:
            raise self.fail("there is no formula here", 0, "write, for example, x^2 sin(x)")
        barred = with_sides(with_factorials(with_products(raw)), self.text, not self.latex, self.fail)
        closed, pairs = paired(barred, self.fail)
        lettered = with_letters(closed, pairs, self.words, self.text, not self.latex, self.fail)
        tokens, partner = with_dots(*with_calls(lettered, pairs), self.fail)
        tokens = with_derivatives(with_indicators(tokens, partner), partner, self.fail)
        values = [token.value.below if isinstance(token.value, Call) else token.value for token in tokens]
        self.names = [value for value in values if isinstance(value, Name)]
        self.signs = [value for value in values if isinstance(value, SumSign)]
        self.families = self.words.families(self.names)
        return tokens

    def _with_parts(self, tokens: list[Token]) -> list[Token]:
        """Names and numbers as parts; whatever else the names stand for is settled by now."""
        from dataclasses import replace

        from derive.syntax.grammar.part import Part, number

        def part(token: Token) -> Token:
            if token.kind == "NUMBER":
                return replace(token, value=number(str(token.value), token.start, token.stop))
            if token.kind == "NAME" and isinstance(token.value, Name):
                term = self.resolve(token.value)
                return replace(token, value=Part(term, token.start, token.stop, "name"))
            return token

        return [part(token) for token in tokens]

    def _taken(self) -> frozenset[str]:
        """Every name that is in use, in the text or around it."""
        context = self.words.context
        outside = {*context.shapes, *context.definitions, *context.letters, *self.words.known, self.words.variable}
        inside = {part for name in self.names for part in (name.base, name.text, *(name.indices or name.below))}
        return frozenset(outside | inside | {letter for sign in self.signs for letter in (sign.index, sign.last)})

    def _where(self, name: str) -> int:
        near = sorted(self.names, key=lambda n: (n.text != name, n.base != name))  # the bare name is the odd one
        return next((n.start for n in near if name in (n.base, n.text, *(n.indices or n.below))), 0)

    def _refuse_outside(self, signs: list[tuple[str, int]], indices: Mapping[str, Term]) -> None:
        for letter, at in signs:
            if letter in indices:
                hint = "put the sum in brackets with all that belongs to it, or use another letter outside"
                raise self.fail(f"{letter} stands inside and outside this sum", at, hint)

    def _refuse_functions(self, functions: Mapping[str, tuple[int, int]], terms: tuple[Term, ...]) -> None:
        symbols = {str(u.value) for t in terms for _, u in walk(t) if u.op == "sym"}
        for name, (_, at) in functions.items():
            if name in symbols or name == self.words.variable:
                hint = f"write {name} * (..) for a product, or call the function otherwise"
                raise self.fail(f"{name} is a function and a variable", at, hint)

    def _texts(self, tokens: list[Token]) -> list[str]:
        cuts = [token for token in tokens if token.kind == "_EQ"]
        if tokens[0].kind == "_EQ":
            cuts = cuts[1:]
        starts = [tokens[0].stop if tokens[0].kind == "_EQ" else 0, *(cut.stop for cut in cuts)]
        stops = [*(cut.start for cut in cuts), len(self.text)]
        return [self.text[a:b].strip() for a, b in zip(starts, stops, strict=True)]
