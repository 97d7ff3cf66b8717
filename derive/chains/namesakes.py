"""Names that are printed alike: which two they are, and what is said about them.

A proof speaks about names; its reader sees letters with something below. Two names that a reader cannot tell apart,
x1 and x_1, would make a true theorem read as a false one.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from derive.core.context import Context
from derive.core.functions import FUNCTIONS
from derive.core.term import Term

GREEK: Mapping[str, str] = dict(  # noqa: C408 - as a literal it is three times as long
    alpha="α", beta="β", gamma="γ", delta="δ", epsilon="ε", zeta="ζ", eta="η", theta="θ", iota="ι", kappa="κ",
    mu="μ", nu="ν", xi="ξ", pi="π", rho="ρ", sigma="σ", tau="τ", upsilon="υ", phi="φ", chi="χ", psi="ψ", omega="ω",
    Gamma="Γ", Delta="Δ", Theta="Θ", Lambda="Λ", Xi="Ξ", Pi="Π", Sigma="Σ", Upsilon="Υ", Phi="Φ", Psi="Ψ", Omega="Ω",
) | {"lambda": "λ", "ell": "ℓ"}  # fmt: skip
VARIANTS: Mapping[str, str] = {"ϵ": "ε", "ϑ": "θ", "ϰ": "κ", "ϱ": "ρ", "ς": "σ", "ϕ": "φ"}  # one letter, drawn twice
NUMBERS: Mapping[str, str] = {"π": "pi", "e": ""}  # letters that are numbers, and the name of that number
KRONECKER = "Kronecker's delta"
LOOKALIKES = str.maketrans(
    "АВЕЅІЈКМНОРСТУХасеіјорѕухԁһԛԝΑΒΕΖΗΙΚΜΝΟΡΤΥΧοϲ", "ABESIJKMHOPCTYXaceijopsyxdhqwABEZHIKMNOPTYXoc"
)
_NUMBERED = re.compile(r"([^\W\d_]+)([0-9]+)")
_HINT = "write both in the same way, or give one of them another letter"

WITHOUT_BRACES = str.maketrans({"{": None, "}": None, ",": "_", " ": None})  # W_{1,12} is W_1_12

Letter = tuple[str, tuple[str, ...]]


def printed(name: str) -> Letter:
    """The letter that a name is printed as, and what stands below it.

    >>> printed("x1"), printed("x_1"), printed("alpha_max"), printed("W__2")
    (('x', ('1',)), ('x', ('1',)), ('α', ('max',)), ('W__2', ()))
    """
    name = unicodedata.normalize("NFC", name.rstrip("'") or name)
    letter, layer, number = name.partition("__")
    first, *below = name.split("_")
    if layer or not all((first, *below)):
        return (f"{_letter(letter)}{layer}{number}" if letter else name), ()
    if numbered := _NUMBERED.fullmatch(first):
        first, below = numbered[1], [numbered[2], *below]
    return _letter(first), tuple(map(_letter, below))


def _letter(word: str) -> str:
    letter = GREEK.get(word, word)
    return VARIANTS.get(letter, letter)


def spelled(name: str, among: Iterable[str]) -> str | None:
    """The name that is printed as this one is, if there is exactly one.

    >>> spelled("W12", ["W_1_1", "W_1_2"]), spelled("W_{1,12}", ["W_1_12", "W_11_2"]), spelled("b", ["b_1"])
    ('W_1_2', 'W_1_12', None)
    """
    wanted = _key(name.translate(WITHOUT_BRACES))
    found = [each for each in among if _key(each) == wanted]
    return found[0] if len(found) == 1 else None


def look(text: str) -> str:
    """What a reader sees of a word: the same for words that differ only in letters that look alike.

    >>> look("сorvo") == look("corvo"), look("maçã") == look("maca")
    (True, False)
    """
    return " ".join(unicodedata.normalize("NFKC", text).translate(LOOKALIKES).split())


def lookalikes(words: Iterable[str]) -> tuple[str, str] | None:
    """Two different words that a reader cannot tell apart, if there are any."""
    seen: dict[str, str] = {}
    return next(((seen[look(word)], word) for word in words if seen.setdefault(look(word), word) != word), None)


@dataclass(frozen=True)
class Clash:
    """What is wrong with a name, and what to do about it."""

    name: str
    message: str
    hint: str = _HINT

    def __str__(self) -> str:
        return f"{self.message}; {self.hint}"


def clash(terms: Iterable[Term], context: Context, names: Iterable[str] = ()) -> Clash | None:
    """The first name in the terms, in the context or among the names that a reader would take for another one.

    >>> from derive.core.term import sym
    >>> clash([sym("x1") * sym("x_1")], Context()).message
    'x1 and x_1 are two names that are printed alike'
    >>> clash([sym("x")[1] * sym("x1")], Context()).message
    'x1 and the entries of x are printed alike'
    """
    found = _Names.of(terms, context, names)
    return found.strange() or found.alike() or found.of_families()


@dataclass
class _Names:
    """plain: names that are printed as they are; families: how many indices each has; letters: its index letters."""

    plain: dict[str, None] = field(default_factory=dict)
    families: dict[str, int] = field(default_factory=dict)
    letters: set[str] = field(default_factory=set)

    @classmethod
    def of(cls, terms: Iterable[Term], context: Context, names: Iterable[str]) -> _Names:
        found = cls()
        sizes = [size for shape in context.shapes.values() for size in shape]
        for t in _different((*terms, *sizes, *context.indices.values(), *context.fixed.values())):
            found._collect(t)
        found.plain |= dict.fromkeys((*context.indices, *context.fixed, *context.shapes, *names))
        found.letters |= {*context.indices, *context.fixed}
        found.families |= {name: len(shape) for name, shape in context.shapes.items() if shape}
        for family in found.families:
            found.plain.pop(family, None)
        found.letters = {_letter(letter) for letter in found.letters}
        return found

    def _collect(self, t: Term) -> None:
        places = t.args[1:] if t.op == "elem" else t.args if t.op == "delta" else t.args[:1] if t.op == "sum" else ()
        self.letters |= {str(place.value) for place in places if place.op == "sym"}
        if t.op == "elem":
            self.families[str(t.args[0].value)] = len(t.args) - 1
        elif t.op == "delta":
            self.families[KRONECKER] = 2
        elif t.op == "sym":
            self.plain[str(t.value)] = None
        elif t.op == "fn" and (name := str(t.value).partition("'")[0]) not in FUNCTIONS:
            self.plain[name] = None

    def strange(self) -> Clash | None:
        """A name with a letter of another script, or the name of a number."""
        for name in (*self.plain, *self.families):
            odd = next((c for c in unicodedata.normalize("NFC", name) if name != KRONECKER and not _plain(c)), "")
            if odd:
                called = unicodedata.name(odd, f"U+{ord(odd):04X}")
                instead = look(odd)
                hint = f"write {instead}" if instead.isascii() and instead.isalpha() else "choose another letter"
                return Clash(name, f"{name!r} has a letter that is neither Latin nor Greek ({called})", hint)
        for name in self.plain:
            letter, below = printed(name)
            if not below and NUMBERS.get(letter, name) != name:
                return Clash(name, f"{name} is printed as the number {letter}", "give it another letter")
        return None

    def alike(self) -> Clash | None:
        """Two names that are printed alike."""
        seen: dict[tuple[str, str], str] = {}
        for name in self.plain:
            other = seen.setdefault(_key(name), name)
            if other != name:
                return Clash(name, f"{other} and {name} are two names that are printed alike")
        return None

    def of_families(self) -> Clash | None:
        """Two families whose entries are printed alike, or a name that is printed as an entry: x1 beside x_k."""
        heads: dict[tuple[str, int, tuple[str, ...]], str] = {}  # the letter, how much is below it, what is fixed
        for family, rank in self.families.items():
            letter, fixed = _head(family)
            heads.setdefault((letter, len(fixed) + rank, fixed), family)

        def other(letter: str, below: tuple[str, ...], own: str = "") -> str | None:
            """Another family with an entry that is printed so."""
            cuts = (n for n in range(len(below) + 1) if all(map(self._index, below[n:])))
            found = (heads.get((letter, len(below), below[:n])) for n in cuts)
            return next((family for family in found if family not in (None, own)), None)

        for family, rank in self.families.items():
            letter, fixed = _head(family)
            if found := other(letter, fixed + ("k",) * rank, family):
                return Clash(family, f"the entries of {found} and of {family} are printed alike")
        for name in self.plain:
            letter, below = printed(name)
            for reading in _readings(below):
                if found := other(letter, reading):
                    return Clash(name, f"{name} and the entries of {found} are printed alike")
        return None

    def _index(self, word: str) -> bool:
        """Whether it may be an index: they count from 1, so that w0 is no entry of w."""
        return word[0] != "0" if word.isdecimal() else len(word) == 1 or word in self.letters


def _head(family: str) -> Letter:
    return ("δ", ()) if family == KRONECKER else printed(family)


def _key(name: str) -> tuple[str, str]:
    letter, below = printed(name)
    return letter, _run(below)


def run(name: str) -> str:
    """A name as it is printed, with what stands below in one run.

    >>> run("b_1_2"), run("b_12"), run("b_max")
    ('b_12', 'b_12', 'b_max')
    """
    return "_".join(filter(None, _key(name)))


def _run(below: tuple[str, ...]) -> str:
    """What stands below a letter, in one run: single characters need no commas, as in W_12."""
    return ("" if all(len(each) == 1 for each in below) else ",").join(below)


def _readings(below: tuple[str, ...]) -> Collection[tuple[str, ...]]:
    """12 below a letter may be twelve, or one and two."""
    run = _run(below)
    return {below} if "," in run else {below, (run,), tuple(run)}


def _plain(c: str) -> bool:
    """A Latin letter, with its accents, or a Greek one that has a name here."""
    known = c.isascii() or c in GREEK.values() or c in VARIANTS
    return known or (c.isalpha() and unicodedata.normalize("NFD", c)[0].isascii())


def _different(terms: Iterable[Term]) -> Iterator[Term]:
    """Every term inside the terms, once."""
    seen: set[Term] = set()
    waiting = list(terms)[::-1]
    while waiting:
        here = waiting.pop()
        if here not in seen:
            seen.add(here)
            yield here
            waiting.extend(reversed(here.args))
