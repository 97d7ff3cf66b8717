"""Sentences of Markdown as phrases: emphasis, code, links, notes, mathematics, and what calls have put there."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlsplit

from derive.authoring.error import LectureError
from derive.authoring.values import Anchor, Blocks, Inline, Marker, Value
from derive.document.nodes import (
    Emphasis,
    Footnote,
    Link,
    Monospace,
    Name,
    Number,
    Phrase,
    Reference,
    Shown,
    Slot,
    Strong,
    Within,
)
from derive.document.prose_math import NotationError, read_notation

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.tree import SyntaxTreeNode

PLACE = re.compile("\ue010(\\d+)\ue011")
LABEL = re.compile(r"[A-Za-z][\w:.-]{0,80}")
BRACED = re.compile(r"\s*\{#([^{}]*)\}\s*$")
SAFE = ":/?#[]@!&()*+,;=%-._"


def token(number: int) -> str:
    """The mark in a text for the value with that number."""
    return f"\ue010{number}\ue011"


@lru_cache(maxsize=1)
def markdown() -> MarkdownIt:
    """CommonMark with tables, footnotes and dollars; no HTML."""
    from markdown_it import MarkdownIt
    from mdit_py_plugins.dollarmath import dollarmath_plugin
    from mdit_py_plugins.footnote import footnote_plugin

    parser = MarkdownIt("commonmark", {"html": False}).enable("table")
    parser.validateLink = lambda url: True  # type: ignore[method-assign]  # a wrong one is refused, not left as text
    return parser.use(dollarmath_plugin, allow_digits=False).use(footnote_plugin)


@dataclass(frozen=True)
class Sentences:
    """Turns what stands in a line into phrases.

    file: for errors. decimal: the sign of decimals in the language. places: what calls have given, by number.
    notes: the footnotes, by number. wanted: the labels that are referred to, each with the line of the first time.
    """

    file: str
    decimal: str
    places: Sequence[Value]
    notes: Mapping[int, Slot] = field(default_factory=dict)
    wanted: dict[str, int | None] = field(default_factory=dict)

    def fail(self, why: str, line: int | None) -> LectureError:
        return LectureError(why, self.file, line)

    def parsed(self, text: str, line: int | None = None) -> Phrase:
        """A sentence that stands alone, such as a caption."""
        tokens = markdown().parseInline(text.replace("\n", " "), {})
        return self.phrase([_tree(tokens)], line)

    def phrase(self, nodes: Sequence[SyntaxTreeNode], line: int | None) -> Phrase:
        return joined(self.slots(nodes, line))

    def slots(self, nodes: Sequence[SyntaxTreeNode], line: int | None) -> Iterator[Slot]:
        for node in nodes:
            yield from self.slot(node, line)
            if node.type in ("softbreak", "hardbreak") and line is not None:
                line += 1

    def slot(self, node: SyntaxTreeNode, line: int | None) -> Iterator[Slot]:
        match node.type:
            case "inline" | "root":
                yield from self.slots(node.children, line)
            case "text":
                yield from self.text(node.content, line)
            case "softbreak" | "hardbreak":
                yield Name(" ")
            case "em":
                yield Emphasis(self.phrase(node.children, line))
            case "strong":
                yield Strong(self.phrase(node.children, line))
            case "code_inline":
                yield Monospace(self.literal(node.content, line))
            case "math_inline":
                yield self.math(node.content, line)
            case "link":
                yield Link(self.phrase(node.children, line), self.address(str(node.attrs.get("href", "")), line))
            case "footnote_ref":
                yield Footnote(self.notes[node.meta["id"]])
            case "image":
                raise self.fail("a picture from a file has no place in a lecture; draw it with {{ figure(...) }}", line)
            case other:
                raise self.fail(f'"{other}" has no place in a sentence of a lecture', line)

    def text(self, text: str, line: int | None) -> Iterator[Slot]:
        start = 0
        for found in PLACE.finditer(text):
            if text[start : found.start()]:
                yield Name(text[start : found.start()])
            yield self.placed(int(found[1]), line)
            start = found.end()
        if text[start:]:
            yield Name(text[start:])

    def placed(self, number: int, line: int | None) -> Slot:
        """What a call has given, in a sentence."""
        match self.places[number]:
            case Inline(slot):
                if isinstance(slot, Reference):
                    self.wanted.setdefault(slot.label, line)
                return slot
            case Blocks() | Marker():
                raise self.fail("what this call gives stands on a line of its own, not in a sentence", line)
            case Anchor(label):
                raise self.fail(f'the label "{label}" belongs to a heading or to the caption of a table', line)
        raise AssertionError

    def math(self, text: str, line: int | None) -> Shown:
        """Mathematics between dollars; the values of calls in it keep their marks, and stand beside it."""
        try:
            tree = read_notation(text, self.decimal)
        except NotationError as error:
            line = None if line is None else line + text[: error.position].count("\n")
            raise self.fail(f"in the formula {_short(text)}: {error}", line) from None
        return Shown(tree, {found[0]: self.placed(int(found[1]), line) for found in PLACE.finditer(text)})

    def literal(self, text: str, line: int | None) -> str:
        """Code, in which the values of calls are plain text."""

        def plain(found: re.Match[str]) -> str:
            slot = self.placed(int(found[1]), line)
            slot = slot.slot if isinstance(slot, Within) else slot
            if isinstance(slot, Name):
                return slot.text
            if isinstance(slot, Number) and not slot.exponent:
                return f"{slot.value:.{slot.decimals}f}"
            raise self.fail("only names and numbers can stand in code", line)

        return PLACE.sub(plain, text)

    def address(self, href: str, line: int | None) -> str:
        href = self.literal(href, line)
        try:
            parts = urlsplit(href)
            known = parts.scheme in ("http", "https") and bool(parts.hostname)
        except ValueError:
            known = False
        if not known:
            raise self.fail(f"a link leads to http:// or https://, not to {_short(href)}", line)
        return quote(href, safe=SAFE)


def labelled(phrase: Phrase) -> tuple[Phrase, str]:
    """A heading or a caption without the {#label} at its end, and the label; "" where there is none."""
    *before, last = phrase.items or (Name(""),)
    if isinstance(last, Name) and (found := BRACED.search(last.text)):
        rest = last.text[: found.start()]
        return Phrase((*before, *([Name(rest)] if rest else []))), found[1].strip()
    return phrase, ""


def joined(slots: Iterator[Slot]) -> Phrase:
    """The slots as a phrase, words that stand side by side together."""
    items: list[Slot] = []
    for slot in slots:
        before = items[-1] if items else None
        if isinstance(slot, Name) and isinstance(before, Name):
            items[-1] = replace(before, text=before.text + slot.text)
        else:
            items.append(slot)
    return Phrase(tuple(items))


def _tree(tokens: Any) -> SyntaxTreeNode:
    from markdown_it.tree import SyntaxTreeNode

    return SyntaxTreeNode(tokens)


def _short(text: str) -> str:
    shown = " ".join(PLACE.sub("...", text).split())
    return shown if len(shown) <= 60 else f"{shown[:57]}..."
