"""Names: y1, x_1, w_max, W_kj, p_setosa; which of them are entries of a family, and of which."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Literal

from derive.chains.namesakes import printed
from derive.core.context import Context
from derive.core.term import Term, delta, fn, nodes, num, sym
from derive.syntax.grammar.error import FormulaError
from derive.syntax.grammar.words import FOREIGN, GREEK, GREEK_NAMES, INDICES, MEANT, NOT_INDICES, WORDS, one_alphabet

E_NUMBER = fn("exp", num(1))  # one object: the reader knows the number e by its identity
LARGEST_INDEX = 1_000_000
_RUN = re.compile(rf"(?:\d+|[{''.join(sorted(INDICES))}])+")
_NUMBERED = re.compile(r"([A-Za-z]+)([1-9][0-9]*)")
_ITEM = re.compile(r"\d+|[a-z]")


_GLUED = re.compile(rf"([A-Za-z]?)({'|'.join(sorted((w for w in WORDS if len(w) > 1), key=len, reverse=True))})(.*)")


@dataclass(frozen=True)
class Run:
    """How letters that stand together are read; for those that are refused, why, and what to write instead."""

    kind: Literal["name", "product", "refused"]
    why: str = ""
    hint: str = ""


def run_of_letters(letters: str, variables: Collection[str] = (), singles: Collection[str] = ()) -> Run:
    """The one rule for letters that stand together, wherever they come from.

    variables: what is differentiated by, and the arguments of f(x, y); singles: letters that are names of their own
    in the question. A letter, a Greek name or a variable is a name. A function without its argument is refused, alone
    or run together with letters. Letters that are all names of their own are their product, and so are any two
    letters. More of them are one name, unless a variable is among them: then both readings are shown.

    >>> [run_of_letters(run, ["x"], ["x", "y", "z"]).kind for run in ("alpha", "rate", "ax", "xyz", "kxy", "sinx")]
    ['name', 'name', 'product', 'product', 'refused', 'refused']
    >>> run_of_letters("kxy", ["x"]).hint
    'write k x y for a product, k_xy for one name'
    """
    if len(letters) < 2 or not letters.isalpha() or letters in GREEK_NAMES or letters in variables:
        return Run("name")
    apart = " ".join(letters)
    alone = set(singles) | set(variables) | {"e"}
    if (word := WORDS.get(letters) or WORDS.get(letters.lower())) is not None:
        arguments = "i, x_i" if word in ("sum", "mean") else "..."
        spelled = letters if letters in WORDS else letters.lower()
        return Run("refused", f"{letters} is a function", f"write {spelled}({arguments})")
    if letters not in MEANT and (glued := _glued(letters)) is not None:
        return Run("refused", f"{letters[:30]} is unclear", f"write {glued}, or choose another name")
    if set(letters) <= alone:
        return Run("product")
    if letters in FOREIGN:
        return Run("refused", f"{letters} is unclear", f"write {FOREIGN[letters]}, or {apart} for a product")
    if len(letters) == 2 and letters[0] == "d":
        return Run("refused", f"{letters} is unclear", f"a derivative is written d/dx (..), a product {apart}")
    if len(letters) == 2:
        return Run("product")
    inside = next((name for name in variables if name and name in letters), None)
    if inside is None:
        return Run("name")
    found = _GLUED.fullmatch(letters)
    head, word, tail = found.groups() if found else ("", "", "")
    called = f"{head} {word}({' '.join(tail)})".strip() if tail else ""
    why = f"{letters[:30]} may be one name, or a product with {inside} in it"
    one = f"c_{letters}" if letters[0] in variables else f"{letters[0]}_{letters[1:]}"
    product = f"{called} for a function" if called else f"{apart} for a product"
    return Run(
        "refused", why, f"write {product}, {one} for one name" if len(apart) < 60 else "put spaces between factors"
    )


def name_misread(terms: Iterable[Term], variables: Collection[str]) -> str | None:
    """Why a name that nobody typed would be read as something else where it is typed; None where all are names.

    >>> from derive.core.term import sym
    >>> name_misread([sym("lnx")], "t"), name_misread([sym("xy")], "x")
    ('lnx is unclear', 'xy is a product with x in it')
    >>> name_misread([sym("rate") * sym("x")], "x"), name_misread([sym("xi") * sym("x")], "x")
    (None, None)
    """
    names = {str(u.value) for t in terms for u in nodes(t) if u.op == "sym"}
    return next((why for name in sorted(names) if (why := _misread(name, variables)) is not None), None)


def _misread(name: str, variables: Collection[str]) -> str | None:
    if "__" in name:
        return f"{name} is a name of a layer"
    letters = name.rstrip("'").partition("_")[0].rstrip("0123456789")
    letter, _ = printed(letters)
    if len(letter) == 1:  # alpha
        return None
    run = run_of_letters(letters, variables)
    inside = next((v for v in variables if v in letters and v != letters), None)
    if run.kind == "product" and inside is not None:
        return f"{name} is a product with {inside} in it"
    return run.why if run.kind == "refused" else None


def _glued(letters: str) -> str | None:
    """x sin x for xsinx, pi r for pir: a function or a Greek name run together with a letter, taken apart."""
    found = _GLUED.fullmatch(letters)
    if found is not None and found[2] in _OFTEN_GLUED | {letters[:-1]} and len(found[3]) <= 1:
        return " ".join(filter(None, found.groups()))
    if letters[:-1] in WORDS or letters[:-1] in GREEK_NAMES:
        return f"{letters[:-1]} {letters[-1]}"
    return f"{letters[0]} {letters[1:]}" if letters[1:] in GREEK_NAMES else None


_OFTEN_GLUED = frozenset(("sin", "sen", "cos", "tan", "tg", "exp", "log", "ln", "sqrt"))


def letter_of(name: str) -> str:
    r"""The letter of an argument as it is typed: theta for \theta_1, x for x_1.

    >>> letter_of(r"\theta_1"), letter_of("α"), letter_of("x1")
    ('theta', 'alpha', 'x1')
    """
    letter = one_alphabet(name).strip().lstrip("\\").partition("_")[0]
    return GREEK.get(letter, letter)


@dataclass(frozen=True)
class Name:
    """A letter or word and what stands below it, as written: W and ("k", "j"), or w and ("max",).

    indices: the same read as indices, where they can be; numeric: they are numbers only.
    """

    base: str
    below: tuple[str, ...]
    start: int
    stop: int
    bracketed: bool = False  # x[1], which is an entry in any case
    whole: bool = False  # set as one word by the typesetting, as with mathrm: never a product of its letters

    @property
    def text(self) -> str:
        return "_".join((self.base, *self.below))

    @property
    def apart(self) -> Name:
        """x1 as x with 1 below; any other name as it is, x0 too: no entry has the number 0."""
        found = None if self.below else _NUMBERED.fullmatch(self.base)
        return self if found is None else replace(self, base=found[1], below=(found[2],))

    @property
    def numeric(self) -> bool:
        return bool(self.below) and all(part.isdecimal() for part in self.below)

    @property
    def indices(self) -> tuple[str, ...] | None:
        """The indices below, if that is what they are.

        >>> [Name("W", below, 0, 1).indices for below in (("kj",), ("1", "j"), ("max",), ("min",), ("ijk",))]
        [('k', 'j'), ('1', 'j'), None, None, ('i', 'j', 'k')]
        """
        if len(self.below) == 1:
            return _run(self.below[0])
        fits = all(part.isdecimal() or part in INDICES for part in self.below)
        return self.below if self.below and fits else None


def _run(below: str) -> tuple[str, ...] | None:
    if not _RUN.fullmatch(below) or (below,) in NOT_INDICES:
        return None
    if below.isalpha() and len(below) > 2 and below not in "ijklmnpqr":  # x_min is a name, x_ijk an entry
        return None
    return tuple(_ITEM.findall(below))


@dataclass(frozen=True)
class Vocabulary:
    """What names stand for: those given from outside, the families, and the variable of differentiation.

    names: those in use around the text, of which no more is known; variables: all that the question names.
    """

    known: Mapping[str, Term]
    context: Context
    variable: str = ""
    names: tuple[str, ...] = ()
    variables: tuple[str, ...] = ()

    @property
    def around(self) -> tuple[str, ...]:
        """Every name that is a value of its own outside the text."""
        single = [name for name, shape in self.context.shapes.items() if not shape]
        outside = (*self.names, *single, *self.context.letters, self.variable)
        families = {name for name, shape in self.context.shapes.items() if shape}
        return tuple(dict.fromkeys(name for name in outside if name and name not in families))

    def given(self, name: Name) -> bool:
        """Known from outside, and so never a function or a word to be explained."""
        return bool({name.text, name.base} & self.known.keys()) or self.is_variable(name.base)

    def is_variable(self, base: str) -> bool:
        return base == self.variable or base in self.context.shapes or base in self.context.definitions

    def families(self, names: Iterable[Name]) -> dict[str, int]:
        """The names that carry indices, and how many."""
        ranks = {family: len(shape) for family, shape in self.context.shapes.items() if shape}
        for name in names:
            entry = name.indices if name.bracketed or not name.numeric else None
            kronecker = name.base == "delta" and len(name.indices or ()) == 2
            if name.base and entry and name.text not in self.known and not kronecker:
                ranks.setdefault(self._family(name.base), len(entry))
        return ranks

    def _family(self, base: str) -> str:
        known = self.known.get(base)
        return str(known.value) if known is not None and known.op == "sym" else base

    def term(self, name: Name, families: Mapping[str, int], text: str) -> Term:
        """The symbol or entry that a name stands for."""
        if name.text in self.known:
            return self.known[name.text]
        apart = name.apart
        if apart is not name and self._family(apart.base) in families and not self.is_variable(name.base):
            return self.term(apart, families, text)
        family = self._family(name.base)
        known = self.known.get(name.base)
        if name.below and known is not None and known.op != "sym":
            raise FormulaError(f"{name.base} stands for {known} and has no indices", text, name.start)
        if name.below in NOT_INDICES:
            hint = f"write {name.base}_{{i,n}} for an entry, {name.base}_input for a name"
            raise FormulaError(f"{name.text} is unclear", text, name.start, hint)
        if name.text in ("e", "pi") and not self.given(name):
            return E_NUMBER if name.text == "e" else sym("pi")
        indices = name.indices
        if name.below and not indices and family in families:
            hint = "an entry has an index i j k l m n p q r or a number; give the name another letter otherwise"
            raise FormulaError(f"{name.base} has entries here, and {name.text} is none of them", text, name.start, hint)
        if indices and name.base == "delta" and len(indices) == 2 and family not in families:
            return delta(*(_index(part, name, text) for part in indices))
        if not indices or (name.numeric and not name.bracketed and family not in families):
            return sym("_".join((family, *name.below)))
        return sym(family)[tuple(_index(part, name, text) for part in _split(indices, families[family], name, text))]


def _split(indices: tuple[str, ...], rank: int, name: Name, text: str) -> tuple[str, ...]:
    """W_12 is W_{1,2} where W has two indices."""
    if len(indices) == 1 and indices[0].isdecimal() and len(indices[0]) == rank > 1:
        indices = tuple(indices[0])
    if len(indices) != rank:
        raise FormulaError(f"{name.base} has {rank} {'index' if rank == 1 else 'indices'} elsewhere", text, name.start)
    return indices


def _index(part: str, name: Name, text: str) -> Term:
    if not part.isdecimal():
        return sym(part)
    if len(part) > 7 or not 1 <= int(part) <= LARGEST_INDEX:
        raise FormulaError(f"{part[:20]} is not an index: they count from 1", text, name.start)
    return num(int(part))
