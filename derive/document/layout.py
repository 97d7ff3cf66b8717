"""How terms are written: brackets, signs and letters, decided once for every format."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from fractions import Fraction as Rational

from derive.core.term import Path, Term
from derive.document.functions import closed, fenced, named, of_number, open_ended, power_of_name, written
from derive.document.language import Language
from derive.document.letters import commas, decimal, layout_number, letters
from derive.document.mathtree import (
    COMMA,
    DOT,
    EQUALS,
    MINUS,
    ORDINARY,
    PARTIAL,
    PLUS,
    TIMES,
    Apply,
    BigSum,
    CaseRows,
    Fence,
    Fraction,
    Mark,
    Numeral,
    Operator,
    Script,
    Symbol,
    Text,
    Tree,
    bare,
    brackets,
    row,
)  # fmt: skip
from derive.document.nodes import Cases, Equation
from derive.document.reshape import slashed
from derive.document.style import PLAIN, Style

__all__ = ["Labels", "Marks", "layout", "layout_content", "layout_number", "letters"]

Labels = Mapping[tuple[str, int], str]

# what needs brackets, by the place where it stands
BRACKETED = {
    "side": frozenset(["cases"]),
    "add": frozenset(["cases"]),
    "index": frozenset(["mul"]),
    "neg": frozenset(["add", "neg", "cases"]),
    "mul": frozenset(["add", "neg", "cases"]),
    "sum": frozenset(["add", "neg", "cases"]),
    "pow": frozenset(["add", "neg", "mul", "div", "pow", "sum", "d", "put", "cases"]),
}
RELATIONS = {"<": "<", "<=": "≤", ">": ">", ">=": "≥"}
Marks = tuple[Path, ...]  # the places of the parts that are new


def layout(
    term: Term,
    labels: Labels,
    language: Language,
    changed: Marks = (),
    *,
    style: Style = PLAIN,
    known: dict[Term, Tree] | None = None,
) -> Tree:
    """The term as it is written; changed are the places of the parts to be marked.

    known: what was written before with the same labels, language and style; the lines of a proof share most parts.
    """
    return _Layout(labels, language, style, {} if known is None else known).tree(term, changed)


def layout_content(content: Equation | Cases, labels: Labels, language: Language, *, style: Style = PLAIN) -> Tree:
    """An equation, or an equation by cases."""
    writer = _Layout(labels, language, style)
    return writer.equation(content) if isinstance(content, Equation) else writer.rows(content)


@dataclass(frozen=True)
class _Layout:
    labels: Labels
    language: Language
    style: Style = PLAIN
    known: dict[Term, Tree] = field(default_factory=dict, compare=False)

    def tree(self, t: Term, marks: Marks = ()) -> Tree:
        if () in marks:
            return Mark(self.tree(t))
        if marks:
            return _WRITERS[t.op](self, t, marks)
        if t not in self.known:
            self.known[t] = _WRITERS[t.op](self, t, ())
        return self.known[t]

    def fenced(self, t: Term, marks: Marks, place: str) -> Tree:
        body = self.tree(t, marks)
        return brackets(body) if t.op in BRACKETED[place] else body

    def equation(self, content: Equation) -> Tree:
        relation = Operator(content.relation)
        *before, last = content.sides
        spelled = replace(
            self, style=self.style.spelled, known={}
        )  # a left side says what a δ stands for, and a definition too
        items = [item for side in before for item in (spelled.fenced(side, (), "side"), relation)]
        return row(*items, (spelled if content.relation == ":=" else self).tree(last))

    def rows(self, content: Cases) -> Tree:
        rows = tuple((self.tree(value), row(self.word("if"), self.equation(when))) for value, when in content.rows)
        return row(self.tree(content.left), EQUALS, CaseRows(rows))

    def word(self, key: str) -> Text:
        return Text(self.language.text(f"ui.{key}") + ("" if key == "otherwise" else " "))

    def cases(self, t: Term, marks: Marks) -> Tree:
        return CaseRows(tuple(self.pieces(t, marks)))

    def pieces(self, t: Term, marks: Marks) -> Iterator[tuple[Tree, Tree]]:
        """One row a piece; pieces inside the last piece are rows of the same brace."""
        then, left, right = (self.tree(t.args[n], _down(marks, n)) for n in range(3))
        yield then, row(self.word("if"), left, Operator(RELATIONS[str(t.value)]), right)
        last, marks = t.args[3], _down(marks, 3)
        if last.op != "cases":
            yield self.tree(last, marks), self.word("otherwise")
        elif () in marks:
            yield from ((Mark(value), Mark(when)) for value, when in self.pieces(last, ()))
        else:
            yield from self.pieces(last, marks)

    def symbol(self, t: Term, marks: Marks) -> Tree:
        return letters(str(t.value), self.style.letters)

    def number(self, t: Term, marks: Marks) -> Tree:
        return Numeral(decimal(t, self.language))

    def index(self, t: Term, marks: Marks, family: str) -> Tree:
        if t.op == "num" and isinstance(t.value, Rational) and t.value.denominator == 1:
            label = self.labels.get((family, int(t.value)))
            if label is not None:
                named = Numeral(label) if label.isdecimal() else Text(label)
                return Mark(named) if () in marks else named
        return self.fenced(t, marks, "index")

    def indices(self, terms: tuple[Term, ...], places: list[Marks], families: tuple[str, ...]) -> Tree:
        shown = [self.index(*each) for each in zip(terms, places, families, strict=True)]
        return row(*(shown if all(map(_short, shown)) else commas(shown)))

    def element(self, t: Term, marks: Marks) -> Tree:
        return self.entry(t, marks, str(t.args[0].value))

    def entry(self, t: Term, marks: Marks, family: str) -> Tree:
        """A letter with its indices below; family: which labels they have."""
        counts = self.style.labelled.get(family, 0)  # only one of the indices counts classes
        families = tuple(family if n == counts else "" for n in range(len(t.args) - 1))
        places = [_down(marks, n) for n in range(1, len(t.args))]
        base, below = self.tree(t.args[0], _down(marks, 0)), self.indices(t.args[1:], places, families)
        if isinstance(base, Script):  # the layer stands above, or a word below
            under = below if base.sub is None else row(base.sub, COMMA, below)
            return Script(base.base, under, base.sup)
        return Script(base, below)

    def delta(self, t: Term, marks: Marks) -> Tree:
        places = [_down(marks, 0), _down(marks, 1)]
        return Script(Symbol("δ"), sub=self.indices(t.args, places, ("z", "z")))

    def negative(self, t: Term, marks: Marks) -> Tree:
        return row(MINUS, self.fenced(t.args[0], _down(marks, 0), "neg"))

    def add(self, t: Term, marks: Marks) -> Tree:
        return self.neighbours(t, marks, _Layout.summand)

    def summand(self, t: Term, n: int, marks: Marks) -> tuple[Tree | None, Tree]:
        """The sign before the n-th term, and the term."""
        term = t.args[n]
        if term.op != "neg":
            return (PLUS if n else None), self.fenced(term, marks, "add")
        if n == 0:
            return None, self.tree(term, marks)
        body = self.fenced(term.args[0], _down(marks, 0), "neg")
        return (Mark(MINUS), Mark(body)) if () in marks else (MINUS, body)

    def mul(self, t: Term, marks: Marks) -> Tree:
        return self.neighbours(t, marks, _Layout.factor)

    def factor(self, t: Term, n: int, marks: Marks) -> tuple[Tree | None, Tree]:
        """What stands before the n-th factor, and the factor."""
        term = t.args[n]
        body = self.fenced(term, marks, "mul")
        if n < len(t.args) - 1:  # nothing that follows may seem to belong to it
            body = brackets(body) if term.op == "sum" else fenced(body) if of_number(term) else body
        return (_between(self.named(t.args[n - 1]), self.named(term), body) if n else None), body

    def named(self, t: Term) -> Term:
        """The letter that a derivative is written as, where it is."""
        return (self.style.error(t) or t) if t.op == "d" else t

    def neighbours(self, t: Term, marks: Marks, write: _Writer) -> Tree:
        """A sum or a product; neighbours that are new together get one mark."""
        marks = tuple(map(_straight, marks))
        ends = {path[0][0]: path[0][1] for path in marks if path and isinstance(path[0], tuple)}
        items: list[Tree] = []
        group: list[Tree] = []
        stop = 0
        for n in range(len(t.args)):
            first = n >= stop and n in ends
            sign, body = write(self, t, n, _down(marks, n))
            if sign is not None:  # the sign before a group is not part of its row
                (items if first or n >= stop else group).append(Mark(sign) if first and sign == MINUS else sign)
            stop = ends[n] if first else stop
            (group if n < stop else items).append(body)
            if n == stop - 1:
                items.append(Mark(row(*group)))
                group = []
        return row(*items)

    def divide(self, t: Term, marks: Marks) -> Tree:
        return Fraction(self.tree(t.args[0], _down(marks, 0)), self.tree(t.args[1], _down(marks, 1)))

    def power(self, t: Term, marks: Marks) -> Tree:
        if power_of_name(t):
            return self.named_power(t, marks)
        base = self.fenced(t.args[0], _down(marks, 0), "pow")
        called = t.args[0].op == "fn" and not closed(t.args[0], base)
        base = brackets(base) if called or _layered(t.args[0], base) else base
        exponent = slashed(self.tree(t.args[1], _down(marks, 1)))
        if isinstance(base, Script) and base.sup is None:
            return Script(base.base, base.sub, exponent)
        return Script(base, sup=exponent)

    def named_power(self, t: Term, marks: Marks) -> Tree:
        """sin² x, where the name and what follows it are new together."""
        inner = _down(marks, 0)
        written = self.function(t.args[0], tuple(path for path in inner if path))
        assert isinstance(written, Apply)
        exponent = self.tree(t.args[1], _down(marks, 1))
        power = Apply(Script(written.head, sup=exponent), written.argument)
        return Mark(power) if () in inner else power

    def big_sum(self, t: Term, marks: Marks) -> Tree:
        lower = row(self.tree(t.args[0], _down(marks, 0)), EQUALS, Numeral("1"))
        body = self.fenced(t.args[2], _down(marks, 2), "sum")
        return BigSum(lower, self.tree(t.args[1], _down(marks, 1)), body)

    def derivative(self, t: Term, marks: Marks) -> Tree:
        if (error := self.style.error(t)) is not None:
            within = ((),) if _down(marks, 0) else _down(marks, 1)
            shown = self.entry(error, tuple(path for path in within if path), str(t.args[1].args[0].value))
            return Mark(shown) if () in within else shown
        sign = ORDINARY if str((t.args[1].args or t.args[1:])[0].value) in self.style.ordinary else PARTIAL
        body, below = self.tree(t.args[0], _down(marks, 0)), row(sign, self.tree(t.args[1], _down(marks, 1)))
        run_in = sign == ORDINARY and isinstance(bare(body), Text)  # d/dx [rate], because drate is no word
        if t.args[0].op in ("sym", "slot", "elem") and not run_in:
            return Fraction(row(sign, body), below)
        return row(Fraction(sign, below), Fence("[", body, "]"))

    def function(self, t: Term, marks: Marks) -> Tree:
        return written(t, [self.tree(a, _down(marks, n)) for n, a in enumerate(t.args)], self.language)

    def put(self, t: Term, marks: Marks) -> Tree:
        body, index, by = (self.tree(a, _down(marks, n)) for n, a in enumerate(t.args))
        return Script(Fence("[", body, "]"), sub=row(index, EQUALS, by))


_Writer = Callable[[_Layout, Term, int, "Marks"], "tuple[Tree | None, Tree]"]

_WRITERS: dict[str, Callable[[_Layout, Term, Marks], Tree]] = {
    "num": _Layout.number,
    "sym": _Layout.symbol,
    "slot": _Layout.symbol,
    "elem": _Layout.element,
    "neg": _Layout.negative,
    "add": _Layout.add,
    "mul": _Layout.mul,
    "div": _Layout.divide,
    "pow": _Layout.power,
    "fn": _Layout.function,
    "sum": _Layout.big_sum,
    "delta": _Layout.delta,
    "d": _Layout.derivative,
    "cases": _Layout.cases,
    "put": _Layout.put,
}


def _between(left: Term, right: Term, body: Tree) -> Operator | None:
    """A dot where factors side by side would be read as something else, and nothing in 2x."""
    starts_with = right.args[0] if right.op == "pow" else right
    digits = starts_with.op == "num" or (left.op == "num" and starts_with.value == "step")
    called = isinstance(body, Fence) and left.op in ("sym", "slot")  # L (a + b) looks like a function
    numbers = left.op == "num" and right.op == "div"
    run_on = open_ended(left) and not of_number(left) and not named(right)  # but sin x cos x
    if digits or "d" in (left.op, right.op) or called or run_on or numbers:
        return DOT
    return None if left.op == "num" and _letter(body) else TIMES


def _layered(t: Term, body: Tree) -> bool:
    """Whether something stands above a name already, where its exponent would be."""
    inner = bare(body)
    return t.op in ("sym", "elem") and isinstance(inner, Script) and inner.sup is not None


def _letter(body: Tree) -> bool:
    """Whether it is a letter that may stand right behind a number; 2e would be read as the beginning of 2e3."""
    inner = bare(body)
    letter = bare(inner.base) if isinstance(inner, Script) else inner
    return isinstance(letter, Symbol) and letter.letter not in "eE"


def _short(index: Tree) -> bool:
    match index:
        case Mark(body):
            return _short(body)
        case Symbol():
            return True
        case Numeral(text) | Text(text):
            return len(text) == 1
    return False


def _down(marks: Marks, n: int) -> Marks:
    """The rest of each path that leads through child n."""
    return tuple(path[1:] for path in marks if path and path[0] == n)


def _straight(path: Path) -> Path:
    """The path with no pair before its end: what follows a pair counts from the start of the pair."""
    while path and len(path) > 1 and isinstance(path[0], tuple):
        start, inner = path[0][0], path[1]
        moved = start + inner if isinstance(inner, int) else (start + inner[0], start + inner[1])
        path = (moved, *path[2:])
    return path
