"""Prose mathematics made ready to print: numbers and functions as a language has them, letters as a notation."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import fields, is_dataclass, replace
from typing import Any

from derive.core.term import Term, walk
from derive.document.language import Language
from derive.document.letters import letters
from derive.document.mathtree import (
    COMMA,
    BigSum,
    Fence,
    Function,
    Numeral,
    Script,
    Symbol,
    Text,
    Tree,
    parts,
    row,
)
from derive.document.nodes import Document, Shown, Slot, Within
from derive.document.style import layer_of
from derive.errors import UsageError

Change = Callable[[Tree], Tree]


def settled(shown: Shown, language: Language, called: Mapping[str, str], place: Callable[[Slot], Tree]) -> Tree:
    """The tree of prose mathematics as it is printed; place lays out what stands in its slots.

    >>> from derive.document.language import load_language
    >>> settled(Shown(Numeral("0.5")), load_language("pt"), {}, lambda slot: Text("?"))
    Numeral(text='0,5')
    """

    def leaf(tree: Tree) -> Tree:
        match tree:
            case Numeral(text):
                return Numeral(text.replace(".", language.decimal))
            case Function(name):
                return Function(language.function(name))
            case Text(text) if text in shown.slots:
                return place(shown.slots[text])
        return tree

    return mapped(relettered(shown.tree, called), leaf)


def relettered(tree: Tree, called: Mapping[str, str]) -> Tree:
    """The tree with other letters; letters below others, and below a big sign, count something and stay.

    >>> relettered(Script(Symbol("p"), sub=Symbol("p")), {"p": "o"})
    Script(base=Symbol(letter='o'), sub=Symbol(letter='p'), sup=None)
    >>> relettered(Script(Symbol("h"), sup=Fence("(", Numeral("2"), ")")), {"h__l": "o"}).base
    Symbol(letter='o')
    """
    if not called:
        return tree
    return _renamed(tree, _by_letter(called))


def _by_letter(called: Mapping[str, str]) -> dict[str, Tree]:
    """What is shown for each letter; for a capital, the matrix of a small letter, the capital of the new one."""
    found: dict[str, Tree] = {}
    for name, shown in called.items():
        match letters(name):
            case Script(Symbol(letter), None, Fence()):  # h__l: in all layers
                found[f"{letter}()"] = letters(shown)
                if len(shown) == 1 and letter.islower() and letter.isascii():
                    found[f"{letter.upper()}()"] = letters(shown.upper())
            case Symbol(letter):
                found[letter] = letters(shown)
                if len(shown) == 1 and letter.islower() and letter.isascii() and letter.upper() not in called:
                    found.setdefault(letter.upper(), letters(shown.upper()))
    return found


def _renamed(tree: Tree, called: Mapping[str, Tree]) -> Tree:
    match tree:
        case Symbol(letter):
            return called.get(letter, tree)
        case Script(Symbol(letter), sub, Fence() as layer) if f"{letter}()" in called:
            return Script(called[f"{letter}()"], sub, layer)
        case Script(base, sub, sup):
            return scripts(_renamed(base, called), sub, sup if sup is None else _renamed(sup, called))
        case BigSum(lower, upper, body, sign):
            return BigSum(lower, upper, _renamed(body, called), sign)
    return mapped_children(tree, lambda child: _renamed(child, called))


def scripts(base: Tree, sub: Tree | None, sup: Tree | None) -> Tree:
    """Something below and above a letter that may have something there already."""
    if not isinstance(base, Script) or (sub is None and sup is None):
        return base if sub is None and sup is None else Script(base, sub, sup)
    if base.sup is not None and sup is not None:
        return Script(base, sub, sup)
    below = sub if base.sub is None else base.sub if sub is None else row(base.sub, COMMA, sub)
    return Script(base.base, below, sup if base.sup is None else base.sup)


def mapped(tree: Tree, change: Change) -> Tree:
    """The tree with every leaf changed."""
    return (
        mapped_children(tree, lambda child: mapped(child, change)) if any(True for _ in parts(tree)) else change(tree)
    )


def mapped_children(tree: Tree, change: Change) -> Tree:
    """The tree with the trees directly inside it changed."""
    new: dict[str, Any] = {f.name: _changed(getattr(tree, f.name), change) for f in fields(tree)}
    return replace(tree, **new)


def _changed(value: Any, change: Change) -> Any:
    if isinstance(value, tuple):
        return tuple(_changed(each, change) for each in value)
    return change(value) if isinstance(value, Tree) else value


def refuse_clashes(document: Document, called: Mapping[str, str]) -> None:
    """UsageError where a notation gives two names of a document the same letters."""
    shown: dict[Tree, str] = {}
    for name in sorted(set(_names(document))):
        tree = letters(name, called)
        if tree in shown and letters(name) != letters(shown[tree]):
            raise UsageError(
                f"this notation writes {shown[tree]} and {name} alike, and both are used here; choose another notation"
            )
        shown[tree] = name


def _names(value: object) -> Iterator[str]:
    """The names of families and symbols in a document, wherever they stand."""
    if isinstance(value, Term):
        yield from (str(t.value) for _, t in walk(value) if t.op == "sym" and not layer_of(str(t.value))[0].isdigit())
    elif isinstance(value, Mapping):
        for each in value.values():
            yield from _names(each)
    elif isinstance(value, tuple):
        for each in value:
            yield from _names(each)
    elif is_dataclass(value) and not (isinstance(value, Within) and value.setting.style.typed):
        for f in fields(value):
            yield from _names(getattr(value, f.name))
