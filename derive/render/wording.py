"""Messages as text: their slots filled, in one language."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import cast

from derive.core.term import Term, sym
from derive.document.explain import title
from derive.document.language import Language, pieces, slots_of
from derive.document.layout import Labels, layout, layout_content, layout_number
from derive.document.mathtree import Text, Tree
from derive.document.nodes import (
    Cases,
    Emphasis,
    Equation,
    Footnote,
    Line,
    Link,
    Listing,
    Markup,
    Message,
    Monospace,
    Name,
    Number,
    Phrase,
    Reference,
    RuleName,
    Setting,
    Shown,
    Slot,
    Strong,
    Within,
)
from derive.document.prose_trees import relettered, settled
from derive.document.style import PLAIN, Style
from derive.render.unicode_math import unicode
from derive.rules import CHAINED


def unmarked(slot: Markup, say: Callable[[Slot], str]) -> str:
    """What is marked, without its mark: for alt texts and titles, where nothing is emphasised and no note stands.

    >>> unmarked(Emphasis(Name("x")), lambda slot: slot.text)
    'x'
    """
    match slot:
        case Emphasis(body) | Strong(body) | Link(body):
            return say(body)
        case Monospace(text) | Reference(text):
            return say(Name(text))
    return ""


@dataclass(frozen=True)
class Wording:
    """words spells literal text, formula an inline formula, and markup what is marked, each in some format."""

    labels: Labels
    language: Language
    words: Callable[[str], str]
    formula: Callable[[Tree], str]
    style: Style = PLAIN
    markup: Callable[[Markup, Callable[[Slot], str]], str] = unmarked

    def say(self, slot: Slot) -> str:
        """Whatever may stand in a sentence."""
        match slot:
            case Message(key, slots):
                return self.fill(self.language.text(key), slots)
            case Name(text):
                return self.words(text)
            case RuleName(rule):
                return self.title(rule)
            case Listing(items):
                return self.listed([self.say(item) for item in items])
            case Number(exponent=exponent):
                tree = layout_number(slot, self.language)
                return self.formula(tree) if exponent else self.words(unicode(tree))
            case Term() | Equation() | Cases() | Shown():
                return self.formula(self.tree(slot))
            case Phrase(items):
                return "".join(map(self.say, items))
            case Within(inside, setting):
                return self.within(setting).say(inside)
            case Emphasis() | Strong() | Monospace() | Link() | Footnote() | Reference():
                return self.markup(slot, self.say)
        raise TypeError(f"{slot!r} cannot stand in a sentence")

    def listed(self, items: Sequence[str]) -> str:
        """Commas between them, and a word before the last."""
        *most, last = items or ("",)
        joined = self.words(f" {self.language.text('ui.and')} ")
        return f"{self.words(', ').join(most)}{joined}{last}" if most else last

    def within(self, setting: Setting) -> Wording:
        """The same in another setting; a notation is kept."""
        return replace(self, labels=setting.labels, style=setting.style.called(self.style.letters))

    def tree(self, content: Term | Equation | Cases | Shown) -> Tree:
        if isinstance(content, Shown):
            return settled(content, self.language, self.style.letters, self.placed)
        if isinstance(content, Equation) and hasattr(content, "tree"):  # of matrices, which few documents need
            return relettered(cast(Tree, content.tree(self.language)), self.style.letters)
        if isinstance(content, Term):
            return layout(content, self.labels, self.language, style=self.style)
        return layout_content(content, self.labels, self.language, style=self.style)

    def placed(self, slot: Slot) -> Tree:
        """Something computed, as a part of prose mathematics."""
        match slot:
            case Within(inside, setting):
                return self.within(setting).placed(inside)
            case Number():
                return layout_number(slot, self.language)
            case Term() | Equation() | Cases() | Shown():
                return self.tree(slot)
        return Text(replace(self, words=str, formula=unicode, markup=unmarked).say(slot))

    def fill(self, text: str, slots: Mapping[str, Slot]) -> str:
        """A text of the words file, or a rule's sentence, with its slots filled."""
        told = []
        for words, slot in pieces(text):
            told.append(self.words(words.replace("'", "’")) if words else "")
            if slot is not None:
                if slot not in slots:
                    raise KeyError(f"nothing fills {{{slot}}} in {text!r}")
                told.append(self.say(slots[slot]))
        return "".join(told)

    def title(self, rule: str, slots: Mapping[str, Term] | None = None) -> str:
        """What a rule, a procedure, an assumption or a lemma is called; an unknown one by its own name."""
        if self.language.has(f"card.{rule}.title"):
            chained = self.language.text("ui.chained") if _chained(rule, slots) else ""
            return self.words(self.language.text(f"card.{rule}.title") + chained)
        kind, _, name = rule.partition(":")
        if kind == "definition" and name:
            indices = tuple((slots or {}).values())
            defined = sym(name)[indices] if indices else sym(name)
            return self.fill(self.language.text("rule.definition"), {"name": defined})
        for message in (Message(f"rule.{rule}"), title(rule)):
            if self.language.has(message.key):
                return self.say(message)
        return self.words(rule)

    def sentence(self, line: Line) -> str:
        """Why the line holds: the words of its rule, or that it is a definition, an assumption, a lemma."""
        if not self.language.has(f"card.{line.rule}.says"):
            kind = line.rule.partition(":")[0]
            key = f"says.{kind}" if self.language.has(f"says.{kind}") else "says.lemma"
            return self.words(self.language.text(key))
        text = self.language.text(f"card.{line.rule}.says")
        slots = {name: self._class(name, term) for name, term in line.slots.items()}
        if not slots_of(text) <= set(slots):
            return ""
        said = self.fill(text, slots)
        return said + self.fill(self.language.text("ui.inner"), slots) if _chained(line.rule, line.slots) else said

    def _class(self, slot: str, term: Term) -> Slot:
        """A number that stands for an index, by the name of its class."""
        if slot in ("i", "j", "k") and term.op == "num" and term.value is not None:
            label = self.labels.get(("z", int(term.value)), "")
            return Name(label) if label and not label.isdecimal() else term
        return term


def _chained(rule: str, slots: Mapping[str, Term] | None) -> bool:
    """Whether the rule's argument is an inner function, and not the variable itself."""
    given = slots or {}
    return rule in CHAINED and given.get("u") != given.get("x")
