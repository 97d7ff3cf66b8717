"""How terms are written: brackets, signs and letters, decided once for every format."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction as Rational

from derive.core.term import Path, Term
from derive.document.language import Language
from derive.document.mathtree import (
    COMMA,
    DOT,
    EQUALS,
    MINUS,
    PARTIAL,
    PLUS,
    TIMES,
    BigSum,
    CaseRows,
    Fence,
    Fraction,
    Function,
    Mark,
    Numeral,
    Operator,
    Script,
    Symbol,
    Text,
    Tree,
    brackets,
    row,
)
from derive.document.nodes import Cases, Equation, Number

Labels = Mapping[tuple[str, int], str]

GREEK = dict(  # noqa: C408 - as a literal it is three times as long
    alpha="α", beta="β", gamma="γ", delta="δ", epsilon="ε", zeta="ζ", eta="η", theta="θ", iota="ι", kappa="κ",
    mu="μ", nu="ν", xi="ξ", pi="π", rho="ρ", sigma="σ", tau="τ", upsilon="υ", phi="φ", chi="χ", psi="ψ", omega="ω",
    Gamma="Γ", Delta="Δ", Theta="Θ", Lambda="Λ", Xi="Ξ", Pi="Π", Sigma="Σ", Upsilon="Υ", Phi="Φ", Psi="Ψ", Omega="Ω",
) | {"lambda": "λ"}  # fmt: skip
# functions with a notation of their own name, in every language
NAMES = {"log": "ln", "relu": "ReLU", "sigmoid": "σ"}

# what needs brackets, by the place where it stands
BRACKETED = {
    "add": frozenset(["neg"]),
    "neg": frozenset(["add", "neg"]),
    "mul": frozenset(["add", "neg"]),
    "sum": frozenset(["add", "neg"]),
    "pow": frozenset(["add", "neg", "mul", "div", "pow", "fn", "sum", "d", "put"]),
}
Marks = tuple[Path, ...]  # the places of the parts that are new
ATOMIC = frozenset(["sym", "slot", "elem", "num"])


def layout(term: Term, labels: Labels, language: Language, changed: Marks = ()) -> Tree:
    """The term as it is written; changed are the places of the parts to be marked."""
    return _Layout(labels, language).tree(term, changed)


def layout_content(content: Equation | Cases, labels: Labels, language: Language) -> Tree:
    """An equation, or an equation by cases."""
    writer = _Layout(labels, language)
    return writer.equation(content) if isinstance(content, Equation) else writer.cases(content)


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


@dataclass(frozen=True)
class _Layout:
    labels: Labels
    language: Language

    def tree(self, t: Term, marks: Marks = ()) -> Tree:
        if () in marks:
            return Mark(self.tree(t))
        return _WRITERS[t.op](self, t, marks)

    def fenced(self, t: Term, marks: Marks, place: str) -> Tree:
        body = self.tree(t, marks)
        return brackets(body) if t.op in BRACKETED[place] else body

    def equation(self, content: Equation) -> Tree:
        relation = Operator(content.relation)
        items: list[Tree] = []
        for side in content.sides:
            items += [relation, self.tree(side)] if items else [self.tree(side)]
        return row(*items)

    def cases(self, content: Cases) -> Tree:
        word = Text(f"{self.language.text('ui.if')} ")
        rows = tuple((self.tree(value), row(word, self.equation(when))) for value, when in content.rows)
        return row(self.tree(content.left), EQUALS, CaseRows(rows))

    def symbol(self, t: Term, marks: Marks) -> Tree:
        return letters(str(t.value))

    def number(self, t: Term, marks: Marks) -> Tree:
        return Numeral(decimal(t, self.language))

    def index(self, t: Term, marks: Marks, family: str) -> Tree:
        if t.op == "num" and isinstance(t.value, Rational) and t.value.denominator == 1:
            label = self.labels.get((family, int(t.value)))
            if label is not None:
                named = Numeral(label) if label.isdecimal() else Text(label)
                return Mark(named) if () in marks else named
        return self.tree(t, marks)

    def indices(self, terms: tuple[Term, ...], places: list[Marks], families: tuple[str, ...]) -> Tree:
        shown = [self.index(*each) for each in zip(terms, places, families, strict=True)]
        return row(*(shown if all(map(_short, shown)) else _with_commas(shown)))

    def element(self, t: Term, marks: Marks) -> Tree:
        families = (str(t.args[0].value), *[""] * (len(t.args) - 2))  # only the first index counts classes
        places = [_down(marks, n) for n in range(1, len(t.args))]
        return Script(self.tree(t.args[0], _down(marks, 0)), sub=self.indices(t.args[1:], places, families))

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
            return (PLUS if n else None), self.tree(term, marks)
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
        if term.op == "sum" and n < len(t.args) - 1:
            body = brackets(body)
        return (_between(t.args[n - 1], term, isinstance(body, Fence)) if n else None), body

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
        base = self.fenced(t.args[0], _down(marks, 0), "pow")
        exponent = self.tree(t.args[1], _down(marks, 1))
        if isinstance(base, Script) and base.sup is None:
            return Script(base.base, base.sub, exponent)
        return Script(base, sup=exponent)

    def big_sum(self, t: Term, marks: Marks) -> Tree:
        lower = row(self.tree(t.args[0], _down(marks, 0)), EQUALS, Numeral("1"))
        body = self.fenced(t.args[2], _down(marks, 2), "sum")
        return BigSum(lower, self.tree(t.args[1], _down(marks, 1)), body)

    def derivative(self, t: Term, marks: Marks) -> Tree:
        body, below = self.tree(t.args[0], _down(marks, 0)), row(PARTIAL, self.tree(t.args[1], _down(marks, 1)))
        if t.args[0].op in ("sym", "slot", "elem"):
            return Fraction(row(PARTIAL, body), below)
        return row(Fraction(PARTIAL, below), Fence("[", body, "]"))

    def function(self, t: Term, marks: Marks) -> Tree:
        name, arguments = str(t.value), [self.tree(a, _down(marks, n)) for n, a in enumerate(t.args)]
        if name == "exp" and len(arguments) == 1:
            return Script(Symbol("e"), sup=arguments[0])
        if name == "abs" and len(arguments) == 1:
            return Fence("|", arguments[0], "|")
        called = self.language.function(NAMES.get(name, name))
        head: Tree = Function(called) if len(called) > 1 else Symbol(called)
        if name == "log" and t.args[0].op in ATOMIC:
            return row(head, arguments[0])
        return row(head, brackets(row(*_with_commas(arguments))))

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
    "put": _Layout.put,
}


def letters(name: str) -> Tree:
    """A name as it is set: a letter, a Greek letter, a letter with a number, or upright words.

    >>> letters("i'"), letters("beta"), letters("w11")
    (Symbol(letter='i'), Symbol(letter='β'), Script(base=Symbol(letter='w'), sub=Numeral(text='11'), sup=None))
    """
    name = name.rstrip("'") or name
    if name in GREEK or (len(name) == 1 and name.isalpha()):
        return Symbol(GREEK.get(name, name))
    numbered = re.fullmatch(r"([^\W\d_]+)_?([0-9]+)", name)
    if numbered and isinstance(base := letters(numbered[1]), Symbol):
        return Script(base, sub=Numeral(numbered[2]))
    return Text(name)


def decimal(t: Term, language: Language) -> str:
    """The digits of a number; its fraction ends, or it would not be a term."""
    value = t.value
    assert isinstance(value, Rational)
    places = 0
    while (value * 10**places).denominator > 1:
        places += 1
    digits = str(int(value * 10**places)).rjust(places + 1, "0")
    return digits[:-places] + language.decimal + digits[-places:] if places else digits


def _between(left: Term, right: Term, fenced: bool) -> Operator:
    """A dot where factors side by side would be read as something else."""
    starts_with = right.args[0] if right.op == "pow" else right
    called = fenced and left.op in ("sym", "slot")  # L (a + b) looks like a function
    open_ended = left.op == "fn" and left.value == "log" and left.args[0].op in ATOMIC
    numbers = left.op == "num" and right.op == "div"
    return DOT if starts_with.op == "num" or "d" in (left.op, right.op) or called or open_ended or numbers else TIMES


def _short(index: Tree) -> bool:
    match index:
        case Mark(body):
            return _short(body)
        case Symbol():
            return True
        case Numeral(text) | Text(text):
            return len(text) == 1
    return False


def _with_commas(items: list[Tree]) -> list[Tree]:
    return [each for n, item in enumerate(items) for each in ((COMMA, item) if n else (item,))]


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
