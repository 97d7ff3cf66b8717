"""Rendering: a document, a format and a language give a text."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING, Any
from unicodedata import normalize

from derive.core.term import Term
from derive.document import mathtree
from derive.document.language import Language, load_language, templates_folder
from derive.document.layout import layout
from derive.document.mathtree import CaseRows, Mark, Operator, Script, Text, Tree, row
from derive.document.nodes import (
    Block,
    Cases,
    Divider,
    Document,
    Emphasis,
    Equation,
    Excerpt,
    Exercise,
    Figure,
    Footnote,
    Formula,
    Heading,
    Items,
    Line,
    Link,
    Markup,
    Monospace,
    Phrase,
    Picture,
    ProofLines,
    Prose,
    Quote,
    Reference,
    Setting,
    Shown,
    Slot,
    Solution,
    Statement,
    Strong,
    Table,
    Within,
    inner,
    walk_blocks,
)  # fmt: skip
from derive.document.reshape import breakable, inline, loosen, rigid
from derive.render import text
from derive.render.columns import Layout, breadth, laid_out, multiples
from derive.render.escape import markdown_paragraph, printable, typst_string
from derive.render.formats import Format, format_named
from derive.render.stacked import stacked
from derive.render.unicode_math import SMALL, unicode
from derive.render.wording import Wording, unmarked

if TYPE_CHECKING:
    from jinja2 import Environment

    from derive.render import figures

Pieces = tuple[tuple[str, str], ...]
LONG_PART = 40  # letters; anything shorter fits a line for certain
LONGEST_FRACTION = 130  # about what a line holds, somewhat smaller
LINE = 85  # about what fits beside the name of a rule, or a little more
LONG_TABLE = 25  # lines; a longer table goes over more than one page
HIGH_PICTURE = 200  # points, more than a quarter of a page
AUTHORED = (Items, Quote, Divider, Exercise, Solution)
REFERRED = (Heading, Formula, Statement, Table, Figure, Picture, Exercise)
REFERRED_AS = {
    "Heading": "ui.section", "Formula": "ui.equation", "Table": "ui.table", "Figure": "ui.figure",
    "Picture": "ui.figure", "Exercise": "ui.exercise",
}  # fmt: skip


@dataclass(frozen=True)
class Row:
    """A line of a derivation; each format spells what it needs of it."""

    printer: Printer
    line: Line
    cites: Mapping[str, str] | None = None

    @cached_property
    def _new(self) -> Tree:
        return self.printer.new(self.line)

    @property
    def formula(self) -> str:
        return self.printer.marked(self._new)

    @property
    def pieces(self) -> Pieces:
        """The rows of a brace, when the formula is one."""
        return self.printer.pieces(self._new)

    @cached_property
    def alt(self) -> str:
        return unicode(self.printer.tree(self.line.formula))

    @property
    def rule(self) -> str:
        return self.printer.cited(self.line, self.printer.wording, self.cites)

    @property
    def rule_alt(self) -> str:
        return self.printer.cited(self.line, self.printer.in_words, self.cites)

    @property
    def rule_math(self) -> str:
        return self.printer.cited(self.line, self.printer.in_math, self.cites)

    @property
    def sentence(self) -> str:
        return self.printer.wording.sentence(self.line) if self.printer.sentences else ""

    @property
    def rigid(self) -> tuple[str, ...]:
        """The long parts inside which no line breaks."""
        parts = rigid(self.printer.tree(self.line.formula))
        return tuple(self.printer.format.math(part) for part in parts if len(unicode(part)) > LONG_PART)

    @property
    def height(self) -> int:
        """About how many lines the formula takes."""
        return 1 + len(self.alt) // LINE

    @property
    def steps(self) -> tuple[Row, ...]:
        return self.printer.rows(self.line.steps, self.cites)


def render(
    document: Document,
    format: str,
    language: str = "en",
    *,
    width: int = text.WIDTH,
    colour: bool = False,
    sentences: bool | None = None,
    steps: bool = False,
    page: str = "",
) -> str:
    """The document in a format: text, markdown, latex, latex-fragment or typst.

    width, colour and steps matter for text only. sentences: whether to tell why each line holds; by default
    as the format does. steps: whether the finer lines inside a line are told. page: the name of the file it is for,
    with which the names of the figures beside it begin. Raises FormatError or LanguageError.
    """
    row = format_named(format)
    printer = Printer(document, row, load_language(language), width, sentences, steps, page)
    context = {"p": printer, "document": document, "lay": text}
    told = printer.environment.get_template(f"{row.folder}/{row.template}.jinja").render(context)
    told = re.sub(r"\n{3,}", "\n\n", told).strip("\n") + "\n"
    return text.paint(told, colour) if row.name == "text" else told


class Printer:
    """What the templates may ask for; it spells, and the templates arrange."""

    def __init__(
        self,
        document: Document,
        format: Format,
        language: Language,
        width: int = text.WIDTH,
        sentences: bool | None = None,
        steps: bool = False,
        page: str = "",
    ) -> None:
        self.document, self.format, self.language = document, format, language
        self.width, self.steps, self.page = max(width, text.NARROWEST), steps, page
        self.sentences = format.sentences if sentences is None else sentences
        self.wording = Wording(document.labels, language, format.escape, self._inline, document.style, self._markup)
        self.notes: list[str] = []  # footnotes, in formats that have them at the end
        self._drawn: dict[str, figures.Drawn] = {}
        self._layouts: dict[int, Layout] = {}  # of tables
        self._written: dict[Term, Tree] = {}  # in the lines of derivations
        self.in_words = replace(self.wording, words=printable, formula=unicode, markup=self._plain_markup)
        self.in_math = replace(self.wording, words=lambda words: format.math(Text(words)), formula=format.math)

    @cached_property
    def environment(self) -> Environment:
        return _environment(self.format.braces)

    @cached_property
    def macros(self) -> Any:
        template = self.environment.get_template(f"{self.format.folder}/blocks.jinja")
        return template.make_module({"p": self, "document": self.document, "lay": text})

    def blocks(self) -> Iterator[str]:
        """Every block, written by the macro of its kind."""
        yield from self._printed(self.document.blocks)

    def _printed(self, blocks: Iterable[Block]) -> Iterator[str]:
        for block in blocks:
            yield str(getattr(self.macros, type(block).__name__)(block)).strip("\n")

    def inside(self, blocks: Iterable[Block], narrower: int = 0) -> str:
        """The blocks inside another one, on lines that are somewhat shorter."""
        printer = self._like(self.document.setting, self.width - narrower) if narrower else self
        return "\n\n".join(printer._printed(blocks))

    def excerpt(self, block: Excerpt) -> str:
        """A part of another document; the notation of this one is kept."""
        style = block.setting.style.called(self.document.style.letters)
        return self._like(Setting(block.setting.labels, style), self.width).inside(block.blocks)

    def _like(self, setting: Setting, width: int) -> Printer:
        """A printer of the same document in another setting; it counts, and collects notes, together with this one."""
        document = replace(self.document, labels=setting.labels, style=setting.style)
        other = Printer(document, self.format, self.language, width, self.sentences, self.steps, self.page)
        other.notes, other._drawn, other._layouts = self.notes, self._drawn, self._layouts
        shared = ("_numbers", "_statements", "_labelled", "_after", "_inside")
        other.__dict__.update({name: getattr(self, name) for name in shared})
        return other

    def has(self, kind: str) -> bool:
        return any(type(block).__name__ == kind for block in walk_blocks(self.document.blocks))

    def lectured(self) -> bool:
        """Whether there are blocks of an author's text, which have macros of their own."""
        blocks = list(walk_blocks(self.document.blocks))
        numbered = any(isinstance(block, Formula) and block.numbered for block in blocks)
        grid = any(isinstance(block, Table) and block.caption is None for block in blocks)
        return numbered or grid or any(isinstance(block, AUTHORED) for block in blocks)

    def say(self, slot: Slot) -> str:
        return self.wording.say(slot)

    def plain(self, slot: Slot) -> str:
        """As words without any format, not escaped."""
        return self.in_words.say(slot)

    def bookmark(self, slot: Slot) -> str:
        """For the title of a PDF, which has no small letters."""
        return self.escape("".join(normalize("NFKC", c) if c in SMALL else c for c in self.plain(slot)))

    def string(self, slot: Slot) -> str:
        """As a string of Typst."""
        return typst_string(self.plain(slot))

    def cells(self, slots: Iterable[Slot]) -> list[str]:
        return list(map(self.say, slots))

    def records(self, rows: Iterable[Iterable[Slot]]) -> list[list[str]]:
        return [self.cells(row) for row in rows]

    def high(self, slot: Slot) -> bool:
        """Whether a cell of a table holds a formula that is higher than a line."""
        if isinstance(slot, Phrase):
            return any(map(self.high, slot.items))
        if isinstance(slot, Within):
            return self.high(slot.slot)
        if not isinstance(slot, Term | Equation | Cases | Shown):
            return False
        tree = inline(self.wording.tree(slot))
        return mathtree.tall(tree) or _stacked(tree)

    def listed(self, slots: Iterable[Slot]) -> str:
        """Several things that may have commas of their own."""
        return self.escape("; ").join(self.cells(slots))

    def stacked(self, content: Equation | Cases | Shown, width: int) -> list[str]:
        """The lines of a formula with matrices, in plain text; none for another one."""
        return stacked(self.wording.tree(content), width)

    def cases(self, content: Equation | Cases | Shown) -> tuple[str, str, Pieces] | None:
        """Left side, relation and rows of an equation by cases, each spelled; None for another equation."""
        match self.wording.tree(content):
            case mathtree.Row((*left, Operator(relation), CaseRows() as last)):
                return self.format.math(row(*left)), relation, self.pieces(last)
        return None

    def pieces(self, tree: Tree) -> Pieces:
        """The rows of a brace, each spelled; none for another formula."""
        match tree:
            case Mark(CaseRows(rows)):
                rows = tuple((Mark(value), Mark(when)) for value, when in rows)
            case CaseRows(rows):
                pass
            case _:
                return ()
        return tuple((self.format.math(value), self.format.math(when)) for value, when in rows)

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
        return sum(isinstance(block, Heading) for block in walk_blocks(self.document.blocks)) > 2

    def backticked(self, code: str) -> str:
        """Code in a sentence of Markdown."""
        ticks = "`" * (1 + max(map(len, re.findall("`+", code)), default=0))
        space = " " if code[:1] in " `" or code[-1:] in " `" or not code else ""
        return f"{ticks}{space}{printable(code)}{space}{ticks}"

    def noted(self, note: str) -> int:
        """The number of a footnote that is told at the end."""
        self.notes.append(note)
        return len(self.notes)

    multiples = staticmethod(multiples)
    quote = staticmethod(typst_string)
    paragraph = staticmethod(markdown_paragraph)

    def word(self, key: str, **slots: Slot) -> str:
        return self.wording.fill(self.language.text(key), slots)

    def kind(self, statement: Statement) -> str:
        return self.word(self._kind(statement))

    def _kind(self, statement: Statement) -> str:
        return statement.kind if self.language.has(statement.kind) else f"ui.{statement.kind}"

    def escape(self, words: str) -> str:
        return self.format.escape(words)

    def math(self, content: Term | Equation | Cases | Shown) -> str:
        return self.format.math(self.wording.tree(content))

    def alt(self, content: Term | Equation | Cases | Shown) -> str:
        """A formula in words, as near as Unicode comes to them."""
        return unicode(self.wording.tree(content))

    def rows(self, lines: tuple[Line, ...], cites: Mapping[str, str] | None = None) -> tuple[Row, ...]:
        return tuple(Row(self, line, cites) for line in lines)

    def number(self, block: Block) -> str:
        """The number of a heading (1, 1.1, ..), or of a block among those of its kind."""
        return self._numbers[id(block)]

    def cited(self, line: Line, wording: Wording, cites: Mapping[str, str] | None = None) -> str:
        """The title of a line's rule; after its number, when it is a statement of this document."""
        title = wording.title(line.rule, line.slots)
        statement = self._statements.get(line.rule if cites is None else cites.get(line.rule, ""))
        if statement is None:
            return title
        kind = self.language.text(self._kind(statement))
        if self.format.refers and wording is self.wording:
            return rf"{wording.words(kind)}~\ref{{{self.slug(statement.label)}}}, {title}"
        return f"{wording.words(f'{kind} {self.number(statement)}, ')}{title}"

    def height(self, derivation: ProofLines) -> int:
        """About how many lines the formulas take."""
        return sum(row.height for row in self.rows(derivation.lines))

    def long(self, table: Table) -> bool:
        """Whether a table may need more than a page."""
        return sum(self.laid_out(table).heights) > LONG_TABLE

    def airy(self, table: Table) -> bool:
        """Whether most rows take several lines, so that they have to be set apart."""
        return 2 * sum(height > 1 for height in self.laid_out(table).heights) > len(table.rows)

    def longtables(self) -> bool:
        return any(isinstance(block, Table) and self.long(block) for block in walk_blocks(self.document.blocks))

    def folded(self, table: Table, row: Sequence[Slot]) -> list[str]:
        """The cells of a row on a page, a remark below what it is about."""
        *cells, last = self.cells(row)
        return [*cells[:-1], str(self.macros.remarked(cells[-1], last))] if table.remarked else [*cells, last]

    def body(self, table: Table) -> list[list[str]]:
        """The rows of a table on a page."""
        return [self.folded(table, row) for row in table.rows]

    def sides(self, table: Table) -> str:
        """The alignment of each column of a page."""
        return table.align[:-1] if table.remarked else table.align

    def widest(self, table: Table) -> list[str]:
        """The longest cell of each column."""
        rows = [self.folded(table, row) for row in (table.head, *table.rows)]
        return [rows[n][place] for place, n in enumerate(self.laid_out(table).longest)]

    def laid_out(self, table: Table) -> Layout:
        if id(table) not in self._layouts:
            rows = [self._spelled(table, row) for row in (table.head, *table.rows)]
            self._layouts[id(table)] = laid_out(rows, self.sides(table))
        return self._layouts[id(table)]

    def _spelled(self, table: Table, row: Sequence[Slot]) -> list[str]:
        """The cells of a row with as many letters as they are wide."""
        *cells, last = map(self._measured.say, row)
        return [*cells[:-1], f"{cells[-1]}\n{last}"] if table.remarked else [*cells, last]

    @cached_property
    def _measured(self) -> Wording:
        return replace(self.in_words, formula=lambda tree: "x" * round(breadth(inline(tree))))

    def slug(self, label: str) -> str:
        """The label with nothing in it that means something to a format."""
        return re.sub(r"[^A-Za-z0-9]+", "-", label).strip("-")

    def file(self, figure: Figure | Picture, suffix: str = "svg") -> str:
        """The name of its file; two pages may lie in one folder, and have figures of one label."""
        page, label = _ascii(self.page), self.slug(figure.label)
        return f"{page}--{label}.{suffix}" if page else f"{label}.{self.language.name}.{suffix}"

    def files(self) -> dict[str, bytes]:
        """The figures that a page of this format finds in files beside it."""
        blocks = list(walk_blocks(self.document.blocks))
        if self.format.folder == "latex":
            return {self.file(each, "pdf"): self.drawn(each).pdf for each in blocks if isinstance(each, Picture)}
        if self.format.folder == "markdown":
            shown = [each for each in blocks if isinstance(each, Figure | Picture)]
            return {self.file(each): self.svg(each).encode() for each in shown}
        return {}

    def svg(self, figure: Figure | Picture) -> str:
        if isinstance(figure, Picture):
            return self.drawn(figure).svg
        from derive.render import figures  # with all that draws; few documents have a figure

        return figures.svg(figure, self.plain, self.language.decimal)

    def drawn(self, picture: Picture) -> figures.Drawn:
        """The picture, drawn once."""
        if picture.label not in self._drawn:
            from derive.render import figures

            self._drawn[picture.label] = figures.drawn(picture, self.wording)
        return self._drawn[picture.label]

    def floats(self, picture: Picture) -> bool:
        """Whether it is so high that the text goes on and it stands at the top or at the bottom of a page."""
        return id(picture) not in self._inside and self.drawn(picture).height > HIGH_PICTURE

    def settles(self, block: Block) -> bool:
        """Whether it holds a figure that stands where it is told: those before it that float must be printed first."""
        pictures = (each for each in walk_blocks([block]) if isinstance(each, Picture))
        return any(not self.floats(each) for each in pictures)

    def curves(self, figure: Figure) -> tuple[str, ...]:
        from derive.render import figures

        return tuple(map(figures.coordinates, figure.series))

    def leads(self, prose: Prose) -> bool:
        """Whether a text announces what follows and should not be torn from it."""
        after = self._after.get(id(prose))
        announced = after is not None and not isinstance(after, Prose | Heading)
        return announced and self.plain(prose.message).rstrip().endswith(":")

    def stroke(self, n: int) -> str:
        from derive.render.plots import STROKES

        return STROKES[n % len(STROKES)].tikz

    def tree(self, term: Term) -> Tree:
        """The term with fractions that are too long for a line put on a slash."""
        return loosen(self.wording.tree(term), _too_long)

    def new(self, line: Line) -> Tree:
        """The line with what is new in it marked."""
        document = self.document
        return layout(
            line.formula, document.labels, self.language, line.changed, style=document.style, known=self._written
        )

    def marked(self, tree: Tree) -> str:
        """The same, spelled."""
        if self.format.braces:
            return self.format.math(tree)
        tree = loosen(tree, _too_long)
        return self.format.math(breakable(tree) if len(unicode(tree)) > LINE else tree)

    def _inline(self, tree: Tree) -> str:
        words = unicode(tree) if self.format.worded else ""
        return str(self.macros.inline(self.format.math(inline(tree)), words))

    @cached_property
    def _statements(self) -> dict[str, Statement]:
        return {block.label: block for block in walk_blocks(self.document.blocks) if isinstance(block, Statement)}

    @cached_property
    def _labelled(self) -> dict[str, Block]:
        """Every block that may be referred to, by its label."""
        blocks = walk_blocks(self.document.blocks)
        return {block.label: block for block in blocks if isinstance(block, REFERRED) and not _alone(block)}

    @cached_property
    def _inside(self) -> frozenset[int]:
        """The blocks in lists and quotations."""
        around = [block for block in walk_blocks(self.document.blocks) if isinstance(block, Items | Quote)]
        return frozenset(id(each) for block in around for run in inner(block) for each in walk_blocks(run))

    @cached_property
    def _after(self) -> dict[int, Block]:
        """What follows each text, wherever it stands."""
        runs = [self.document.blocks, *(run for block in walk_blocks(self.document.blocks) for run in inner(block))]
        return {id(a): b for run in runs for a, b in pairwise(run) if isinstance(a, Prose)}

    def referred(self, label: str) -> tuple[str, str, str]:
        """The kind of what has a label, its number, and its label as an anchor."""
        block = self._labelled[label]
        key = self._kind(block) if isinstance(block, Statement) else REFERRED_AS[type(block).__name__]
        return self.word(key), self.number(block), self.slug(label)

    def title_of(self, label: str) -> str:
        """The title of a heading that has no number in this format."""
        block = self._labelled[label]
        return self.say(block.title) if isinstance(block, Heading) else ""

    def exercise_of(self, label: str) -> str:
        """Exercise 2."""
        return " ".join(self.referred(label)[:2])

    def _markup(self, slot: Markup, say: Callable[[Slot], str]) -> str:
        """What is marked in a sentence, by the macro of its kind."""
        match slot:
            case Emphasis(body) | Strong(body) | Footnote(body):
                arguments: tuple[str, ...] = (say(body),)
            case Link(body, address):
                arguments = (say(body), address)
            case Monospace(code):
                arguments = (printable(code),)
            case Reference(label):
                arguments = (*self.referred(label), label)
        return str(getattr(self.macros, type(slot).__name__)(*arguments))

    def _plain_markup(self, slot: Markup, say: Callable[[Slot], str]) -> str:
        if isinstance(slot, Reference):
            return " ".join(self.referred(slot.label)[:2])
        return unmarked(slot, say)

    @cached_property
    def _numbers(self) -> dict[int, str]:
        numbers: dict[int, str] = {}
        counts: dict[str, int] = {}
        levels: list[int] = []
        for block in walk_blocks(self.document.blocks):
            if _alone(block):
                continue
            if isinstance(block, Heading):
                levels = [*levels, *[0] * block.level][: block.level]
                levels[-1] += 1
                numbers[id(block)] = ".".join(map(str, levels))
            elif isinstance(block, Statement | Table | Figure | Picture | Exercise | Formula):
                kind = "Figure" if isinstance(block, Picture) else type(block).__name__
                counts[kind] = counts.get(kind, 0) + 1
                numbers[id(block)] = str(counts[kind])
        return numbers


def _ascii(name: str) -> str:
    """A name of a file in letters that every format takes as they are; other letters by their numbers.

    >>> _ascii("aula 1"), _ascii("aula é.pt")
    ('aula-1', 'aula-u233-pt')
    """
    spelled = (c if c.isascii() and c.isalnum() else "-" if c.isascii() else f"-u{ord(c)}-" for c in name)
    return re.sub(r"-+", "-", "".join(spelled)).strip("-")


def _alone(block: Block) -> bool:
    """Whether a table has no caption, and so no number; a formula has one only when it is asked for."""
    return (isinstance(block, Table) and block.caption is None) or (isinstance(block, Formula) and not block.numbered)


def _stacked(tree: Tree) -> bool:
    """Whether a letter has something above and below."""
    both = isinstance(tree, Script) and tree.sub is not None and tree.sup is not None
    return both or any(map(_stacked, mathtree.parts(tree)))


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
