"""Rendering: a document, a format and a language give a text."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from derive.core.term import Term
from derive.document.language import Language, load_language, templates_folder
from derive.document.mathtree import Text, Tree, inline, loosen, rigid
from derive.document.nodes import (
    Block,
    Cases,
    Document,
    Equation,
    Figure,
    Heading,
    Line,
    Prose,
    Slot,
    Statement,
    Table,
)  # fmt: skip
from derive.document.notation import layout
from derive.render import figures, text
from derive.render.escape import markdown_paragraph, printable, typst_string
from derive.render.formats import Format, format_named
from derive.render.speaker import Speaker
from derive.render.unicode_math import unicode

if TYPE_CHECKING:
    from jinja2 import Environment

LONG_PART = 40  # letters; anything shorter fits a line for certain
LONGEST_FRACTION = 130  # about what a line holds, somewhat smaller
LONGEST_LEAD = 500
LONG_CELL = 36  # a column of a table with longer words than this is a column of prose


@dataclass(frozen=True)
class Row:
    """A line of a derivation; each format spells what it needs of it."""

    printer: Printer
    line: Line

    @property
    def formula(self) -> str:
        return self.printer.marked(self.line)

    @property
    def alt(self) -> str:
        return unicode(self.printer.tree(self.line.formula))

    @property
    def rule(self) -> str:
        return self.printer.speaker.title(self.line.rule, self.line.slots)

    @property
    def rule_alt(self) -> str:
        return self.printer.in_words.title(self.line.rule, self.line.slots)

    @property
    def rule_math(self) -> str:
        return self.printer.in_math.title(self.line.rule, self.line.slots)

    @property
    def sentence(self) -> str:
        return self.printer.speaker.sentence(self.line) if self.printer.sentences else ""

    @property
    def rigid(self) -> tuple[str, ...]:
        """The long parts inside which no line breaks."""
        parts = rigid(self.printer.tree(self.line.formula))
        return tuple(self.printer.format.math(part) for part in parts if len(unicode(part)) > LONG_PART)

    @property
    def steps(self) -> tuple[Row, ...]:
        return self.printer.rows(self.line.steps)


def render(
    document: Document,
    format: str,
    language: str = "en",
    *,
    width: int = text.WIDTH,
    colour: bool = False,
    sentences: bool | None = None,
) -> str:
    """The document in a format: text, markdown, latex, latex-fragment or typst.

    width and colour matter for text only. sentences: whether to tell why each line holds; by default
    as the format does. Raises FormatError or LanguageError.
    """
    row = format_named(format)
    printer = Printer(document, row, load_language(language), width, sentences)
    context = {"p": printer, "document": document, "lay": text}
    page = printer.environment.get_template(f"{row.folder}/{row.template}.jinja").render(context)
    page = re.sub(r"\n{3,}", "\n\n", page).strip("\n") + "\n"
    return text.paint(page, colour) if row.name == "text" else page


class Printer:
    """What the templates may ask for; it spells, and the templates arrange."""

    def __init__(
        self,
        document: Document,
        format: Format,
        language: Language,
        width: int = text.WIDTH,
        sentences: bool | None = None,
    ) -> None:
        self.document, self.format, self.language = document, format, language
        self.width = max(width, text.NARROWEST)
        self.sentences = format.sentences if sentences is None else sentences
        self.speaker = Speaker(document.labels, language, format.escape, self._inline)
        self.in_words = Speaker(document.labels, language, printable, unicode)
        self.in_math = Speaker(document.labels, language, lambda words: format.math(Text(words)), format.math)

    @cached_property
    def environment(self) -> Environment:
        return _environment(self.format.braces)

    @cached_property
    def macros(self) -> Any:
        template = self.environment.get_template(f"{self.format.folder}/blocks.jinja")
        return template.make_module({"p": self, "document": self.document, "lay": text})

    def blocks(self) -> Iterator[str]:
        """Every block, written by the macro of its kind."""
        for block in self.document.blocks:
            yield str(getattr(self.macros, type(block).__name__)(block)).strip("\n")

    def has(self, kind: str) -> bool:
        return any(type(block).__name__ == kind for block in self.document.blocks)

    def say(self, slot: Slot) -> str:
        return self.speaker.say(slot)

    def plain(self, slot: Slot) -> str:
        """As words without any format, not escaped."""
        return self.in_words.say(slot)

    def string(self, slot: Slot) -> str:
        """As a string of Typst."""
        return typst_string(self.plain(slot))

    def cells(self, slots: Iterable[Slot]) -> list[str]:
        return list(map(self.say, slots))

    def records(self, rows: Iterable[Iterable[Slot]]) -> list[list[str]]:
        return [self.cells(row) for row in rows]

    def listed(self, slots: Iterable[Slot]) -> str:
        """Several things that may have commas of their own."""
        return self.escape("; ").join(self.cells(slots))

    def cases(self, content: Equation | Cases) -> tuple[str, tuple[tuple[str, str], ...]] | None:
        """Left side and rows of an equation by cases, each spelled; None for another equation."""
        if isinstance(content, Equation):
            return None
        condition = self.word("ui.if")
        return self.math(content.left), tuple((self.math(v), f"{condition} {self.math(w)}") for v, w in content.rows)

    def code(self, lines: str) -> str:
        """Code without control characters."""
        return "\n".join(map(printable, lines.strip("\n").expandtabs(4).split("\n")))

    def fence(self, lines: str) -> str:
        """Backticks, more than stand together in the code."""
        return "`" * max(3, 1 + max(map(len, re.findall("`+", lines)), default=0))

    def quote_lines(self, lines: str) -> str:
        """Lines as a string of Typst."""
        return '"' + "\\n".join(typst_string(line)[1:-1] for line in lines.split("\n")) + '"'

    def contents(self) -> bool:
        """Whether there are sections enough for a table of contents."""
        return sum(isinstance(block, Heading) for block in self.document.blocks) > 2

    quote = staticmethod(typst_string)
    paragraph = staticmethod(markdown_paragraph)

    def word(self, key: str, **slots: Slot) -> str:
        return self.speaker.fill(self.language.text(key), slots)

    def kind(self, statement: Statement) -> str:
        key = statement.kind
        return self.word(key if self.language.has(key) else f"ui.{key}")

    def escape(self, words: str) -> str:
        return self.format.escape(words)

    def math(self, content: Term | Equation | Cases) -> str:
        return self.format.math(self.speaker.tree(content))

    def alt(self, content: Term | Equation | Cases) -> str:
        """A formula in words, as near as Unicode comes to them."""
        return unicode(self.speaker.tree(content))

    def rows(self, lines: tuple[Line, ...]) -> tuple[Row, ...]:
        return tuple(Row(self, line) for line in lines)

    def number(self, block: Block) -> str:
        """The number of a heading (1, 1.1, ..), or of a block among those of its kind."""
        return self._numbers[id(block)]

    def wide(self, table: Table) -> list[bool]:
        """Which columns hold prose."""
        return [
            align == "l" and any(len(self.plain(row[n])) > LONG_CELL for row in table.rows)
            for n, align in enumerate(table.align)
        ]

    def slug(self, label: str) -> str:
        """The label with nothing in it that means something to a format."""
        return re.sub(r"[^A-Za-z0-9]+", "-", label).strip("-")

    def file(self, figure: Figure) -> str:
        return f"{self.slug(figure.label)}.{self.language.name}.svg"

    def svg(self, figure: Figure) -> str:
        return figures.svg(figure, self.plain, self.language.decimal)

    def curves(self, figure: Figure) -> tuple[str, ...]:
        return tuple(map(figures.coordinates, figure.series))

    def leads(self, prose: Prose) -> bool:
        """Whether a short text announces what follows and should not be torn from it."""
        blocks = self.document.blocks
        after = [b for a, b in pairwise(blocks) if a is prose]
        short = len(self.plain(prose.message)) < LONGEST_LEAD
        return short and bool(after) and not isinstance(after[0], Prose | Heading)

    def stroke(self, n: int) -> str:
        return figures.STROKES[n % len(figures.STROKES)].tikz

    def tree(self, term: Term) -> Tree:
        """The term with fractions that are too long for a line put on a slash."""
        return loosen(layout(term, self.document.labels, self.language), _too_long)

    def marked(self, line: Line) -> str:
        """The line with what is new in it marked."""
        tree = layout(line.formula, self.document.labels, self.language, line.changed)
        return self.format.math(tree if self.format.braces else loosen(tree, _too_long))

    def _inline(self, tree: Tree) -> str:
        words = unicode(tree) if self.format.worded else ""
        return str(self.macros.inline(self.format.math(inline(tree)), words))

    @cached_property
    def _numbers(self) -> dict[int, str]:
        numbers: dict[int, str] = {}
        counts: dict[str, int] = {}
        levels: list[int] = []
        for block in self.document.blocks:
            if isinstance(block, Heading):
                levels = [*levels, *[0] * block.level][: block.level]
                levels[-1] += 1
                numbers[id(block)] = ".".join(map(str, levels))
            elif isinstance(block, Statement | Table | Figure):
                kind = type(block).__name__
                counts[kind] = counts.get(kind, 0) + 1
                numbers[id(block)] = str(counts[kind])
        return numbers


def _too_long(tree: Tree) -> bool:
    return len(unicode(tree)) > LONGEST_FRACTION


@lru_cache(maxsize=2)
def _environment(braces: bool) -> Environment:
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    own: dict[str, Any] = {
        "block_start_string": "((*",
        "block_end_string": "*))",
        "variable_start_string": "(((",
        "variable_end_string": ")))",
        "comment_start_string": "((#",
        "comment_end_string": "#))",
    }
    return Environment(  # noqa: S701 - no HTML; each format has an escape function of its own
        loader=FileSystemLoader(templates_folder()),
        undefined=StrictUndefined,
        auto_reload=False,
        trim_blocks=True,
        lstrip_blocks=True,
        **({} if braces else own),
    )
