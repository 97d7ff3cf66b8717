"""A text of Markdown as blocks of a document."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from derive.authoring.inline import LABEL, PLACE, Sentences, joined, labelled, markdown
from derive.authoring.labels import Labels
from derive.authoring.source import Source
from derive.authoring.values import Anchor, Blocks, Inline, Marker, Value
from derive.budget import OverBudget, afford
from derive.document.nodes import (
    Block,
    Code,
    Divider,
    Emphasis,
    Exercise,
    Footnote,
    Formula,
    Heading,
    Items,
    Link,
    Name,
    Phrase,
    Prose,
    Quote,
    Slot,
    Solution,
    Strong,
    Table,
)
from derive.render.printer import LONG_TABLE

if TYPE_CHECKING:
    from markdown_it.tree import SyntaxTreeNode

Lines = Sequence[tuple[str, int]]
ALIGN = {"text-align:left": "l", "text-align:center": "c", "text-align:right": "r"}
DEEPEST_HEADING = 3


@dataclass
class Markdown:
    """Reads the text of a lecture whose calls are done.

    lines: each line with its number in the file. places: what the calls have given. labels: who has which label.
    """

    source: Source
    lines: Lines
    places: Sequence[Value]
    labels: Labels
    decimal: str
    sentences: Sentences = field(init=False)
    inside: int = 0

    def __post_init__(self) -> None:
        self.sentences = Sentences(self.source.name, self.decimal, self.places, wanted=self.labels.wanted)

    def blocks(self) -> list[Block]:
        """The blocks, headings at the levels at which they were written. Raises LectureError."""
        from markdown_it.tree import SyntaxTreeNode

        tokens = markdown().parse("\n".join(line for line, _ in self.lines), {})
        try:
            afford("headings", sum(token.type == "heading_open" for token in tokens), "this lecture is too long")
        except OverBudget as limit:
            raise self.source.fail(str(limit)) from None
        root = SyntaxTreeNode(tokens)
        self.sentences = replace(self.sentences, notes=self.notes(root))
        return self.run([node for node in root.children if node.type != "footnote_block"])

    def line(self, node: SyntaxTreeNode) -> int | None:
        """Where something stands in the file."""
        while not node.is_root and node.map is None and node.parent is not None:
            node = node.parent
        return None if node.is_root or not node.map else self.lines[min(node.map[0], len(self.lines) - 1)][1]

    def notes(self, root: SyntaxTreeNode) -> dict[int, Slot]:
        found: dict[int, Slot] = {}
        for block in (node for node in root.children if node.type == "footnote_block"):
            for note in block.children:
                texts = [child for child in note.children if child.type != "footnote_anchor"]
                if len(texts) != 1 or texts[0].type not in ("paragraph", "inline"):
                    raise self.source.fail("a footnote is one paragraph", self.line(note))
                inner = [node for node in _inline(texts[0]) if node.type != "footnote_anchor"]
                found[note.meta["id"]] = self.sentences.phrase(inner, self.line(note))
        return found

    def run(self, nodes: Sequence[SyntaxTreeNode]) -> list[Block]:
        """Blocks that stand below each other, exercises and solutions put together."""
        flow: list[tuple[Block | Marker, int | None]] = []
        for node in nodes:
            for each in self.block(node, flow):
                flow.append((each, self.line(node)))
        return Exercises(self, flow).together()

    def block(self, node: SyntaxTreeNode, before: list[tuple[Block | Marker, int | None]]) -> Iterator[Block | Marker]:
        line = self.line(node)
        match node.type:
            case "paragraph":
                yield from self.paragraph(node, before, line)
            case "heading":
                yield self.heading(node, line)
            case "bullet_list" | "ordered_list":
                start = int(node.attrs.get("start", 1)) if node.type == "ordered_list" else None
                yield Items(tuple(tuple(self.nested(item)) for item in node.children), start)
            case "blockquote":
                yield Quote(tuple(self.nested(node)))
            case "fence" | "code_block":
                said = (node.info or "").split()
                language = said[0] if said and re.fullmatch(r"[A-Za-z0-9+#-]{1,20}", said[0]) else ""
                yield Code(language, self.sentences.literal(node.content.rstrip("\n"), line))
            case "hr":
                yield Divider()
            case "table":
                yield self.table(node, line)
            case "math_block" | "math_block_label":
                yield self.formula(node, line)
            case other:
                raise self.source.fail(f'"{other}" has no place in a lecture', line)

    def nested(self, node: SyntaxTreeNode) -> list[Block]:
        self.inside += 1
        found = self.run(node.children)
        self.inside -= 1
        return found

    def paragraph(
        self, node: SyntaxTreeNode, before: list[tuple[Block | Marker, int | None]], line: int | None
    ) -> Iterator[Block | Marker]:
        """Text, and on lines of their own what calls have given."""
        inline = _inline(node)
        if _is_caption(inline) and before and isinstance(before[-1][0], Table) and before[-1][0].caption is None:
            self.caption(inline, before, line)
            return
        text: list[SyntaxTreeNode] = []
        start = line
        for n, row in enumerate(_rows(inline)):
            here = None if line is None else self.source_line(node, n)
            value = self.alone(row)
            if value is None:
                start = start if text else here
                text += row
                continue
            if text:
                yield Prose(self.sentences.phrase(text, start))
                text = []
            yield from [value] if isinstance(value, Marker) else value
        if text:
            phrase = self.sentences.phrase(_stripped(text), start)
            if phrase.items:
                yield Prose(phrase)

    def source_line(self, node: SyntaxTreeNode, n: int) -> int | None:
        return self.lines[min(node.map[0] + n, len(self.lines) - 1)][1] if node.map else self.line(node)

    def alone(self, row: Sequence[SyntaxTreeNode]) -> tuple[Block, ...] | Marker | None:
        """The blocks of a call that stands on a line of its own; None where the line is text."""
        nodes = [node for node in _stripped(row) if node.type != "text" or node.content.strip()]
        found = PLACE.fullmatch(nodes[0].content.strip()) if len(nodes) == 1 and nodes[0].type == "text" else None
        match self.places[int(found[1])] if found else None:
            case Blocks(blocks):
                return blocks
            case Inline(alone=blocks) if blocks is not None:
                return blocks
            case Marker() as marker:
                return marker
        return None

    def heading(self, node: SyntaxTreeNode, line: int | None) -> Heading:
        if self.inside:
            raise self.source.fail("a heading stands outside of lists and quotations", line)
        phrase, label = self.labelled(_inline(node), line)
        self.refuse_notes(phrase, "a heading", line)
        if not phrase.items:
            raise self.source.fail("a heading without words", line)
        return Heading(
            self.labels.claim(label, line) if label else self.labels.of_title(phrase), phrase, int(node.tag[1])
        )

    def labelled(self, inline: Sequence[SyntaxTreeNode], line: int | None) -> tuple[Phrase, str]:
        """A sentence and the label in it: {#label} at its end, or a call."""
        anchors = [int(found[1]) for node in inline for found in PLACE.finditer(node.content or "")]
        called = [self.places[n] for n in anchors]
        labels = [value.label for value in called if isinstance(value, Anchor)]
        phrase = joined(slot for slot in self.without_anchors(inline, line))
        phrase, label = labelled(phrase)
        if label and not LABEL.fullmatch(label):
            raise self.source.fail(f'"{label}" is no label; letters, digits, - and : after a letter are', line)
        return phrase, (labels or [label])[0]

    def without_anchors(self, inline: Sequence[SyntaxTreeNode], line: int | None) -> Iterator[Slot]:
        for node in inline:
            if node.type != "text":
                yield from self.sentences.slot(node, line)
                continue
            text = PLACE.sub(lambda m: "" if isinstance(self.places[int(m[1])], Anchor) else m[0], node.content)
            yield from self.sentences.text(text, line)

    def refuse_notes(self, phrase: Slot, where: str, line: int | None) -> None:
        match phrase:
            case Footnote():
                raise self.source.fail(f"{where} cannot hold a footnote; put it into the text", line)
            case Phrase(items):
                for item in items:
                    self.refuse_notes(item, where, line)
            case Emphasis(body) | Strong(body) | Link(body):
                self.refuse_notes(body, where, line)

    def table(self, node: SyntaxTreeNode, line: int | None) -> Table:
        rows = [row for part in node.children for row in part.children]
        head, *body = [[self.cell(cell) for cell in row.children] for row in rows]
        align = "".join(ALIGN.get(str(cell.attrs.get("style", "")), "l") for cell in rows[0].children)
        if len(body) > LONG_TABLE and not self._captioned(node):
            raise self.source.fail(
                f"a table of more than {LONG_TABLE} rows needs a caption: a line below that begins with a colon",
                line,
            )
        return Table(self.labels.of("table"), None, tuple(head), tuple(map(tuple, body)), align)

    def _captioned(self, node: SyntaxTreeNode) -> bool:
        after = node.next_sibling
        return after is not None and after.type == "paragraph" and _is_caption(_inline(after))

    def cell(self, cell: SyntaxTreeNode) -> Slot:
        line = self.line(cell)
        phrase = self.sentences.phrase(_inline(cell), line)
        self.refuse_notes(phrase, "a table", line)
        return phrase.items[0] if len(phrase.items) == 1 else phrase

    def caption(
        self, inline: Sequence[SyntaxTreeNode], before: list[tuple[Block | Marker, int | None]], line: int | None
    ) -> None:
        """The line below a table that begins with a colon."""
        phrase, label = self.labelled(inline, line)
        self.refuse_notes(phrase, "a caption", line)
        first, *rest = phrase.items
        assert isinstance(first, Name)
        text = Name(first.text.removeprefix(":").lstrip())
        table, where = before[-1]
        assert isinstance(table, Table)
        named = self.labels.claim(label, line) if label else table.label
        before[-1] = replace(table, caption=Phrase((text, *rest)), label=named), where

    def formula(self, node: SyntaxTreeNode, line: int | None) -> Formula:
        """A displayed formula; a label in brackets behind it makes it a numbered one."""
        label = (node.info or "").strip() if node.type == "math_block_label" else ""
        content = self.sentences.math(node.content.strip(), line)
        if label and not LABEL.fullmatch(label):
            raise self.source.fail(f'"{label}" is no label; letters, digits, - and : after a letter are', line)
        if label:
            return Formula(self.labels.claim(label, line), content, numbered=True)
        return Formula(self.labels.of("formula"), content)


@dataclass
class Exercises:
    """Blocks between the marks of an exercise, its solution, and its end."""

    markdown: Markdown
    flow: Sequence[tuple[Block | Marker, int | None]]

    def together(self) -> list[Block]:
        found: list[Block] = []
        here: list[Block] = found
        exercise: Marker | None = None
        question: list[Block] = []
        solution: list[Block] | None = None
        opened: int | None = None
        for each, line in self.flow:
            if not isinstance(each, Marker):
                here.append(each)
            elif each.kind == "exercise":
                if exercise is not None:
                    raise self.fail("the exercise before has no {{ end() }}", line)
                exercise, question, solution, opened = each, [], None, line
                here = question
            elif exercise is None:
                raise self.fail(f"{{{{ {each.kind}() }}}} stands outside of an exercise", line)
            elif each.kind == "solution":
                if solution is not None:
                    raise self.fail("this exercise has two solutions", line)
                solution = here = []
            else:
                found.append(Exercise(exercise.label, exercise.title, tuple(question)))
                found += [Solution(exercise.label, tuple(solution))] if solution is not None else []
                exercise, here = None, found
        if exercise is not None:
            raise self.fail("this exercise has no {{ end() }}", opened)
        return found

    def fail(self, why: str, line: int | None) -> Exception:
        return self.markdown.source.fail(why, line)


def _inline(node: SyntaxTreeNode) -> list[SyntaxTreeNode]:
    return [child for part in node.children for child in (part.children if part.type == "inline" else [part])]


def _rows(inline: Sequence[SyntaxTreeNode]) -> Iterator[list[SyntaxTreeNode]]:
    """The lines of a paragraph, each with the break that ends it."""
    row: list[SyntaxTreeNode] = []
    for node in inline:
        row.append(node)
        if node.type in ("softbreak", "hardbreak"):
            yield row
            row = []
    yield row


def _stripped(row: Sequence[SyntaxTreeNode]) -> list[SyntaxTreeNode]:
    """Without breaks at the end."""
    nodes = list(row)
    while nodes and nodes[-1].type in ("softbreak", "hardbreak"):
        nodes.pop()
    return nodes


def _is_caption(inline: Sequence[SyntaxTreeNode]) -> bool:
    return bool(inline) and inline[0].type == "text" and inline[0].content.startswith(":")
