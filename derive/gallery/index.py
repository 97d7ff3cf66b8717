"""The first page of the gallery: its lectures with a picture each, and lists of everything else."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from derive.document.language import load_language
from derive.document.nodes import Document, Figure, Picture, walk_blocks
from derive.gallery.examples import LANGUAGES, LECTURES, SECTIONS, LectureExample, Section
from derive.render.formats import format_named
from derive.render.printer import Printer

Made = Callable[[LectureExample], Mapping[str, Document]]
TYPED = {".md": "Markdown", ".tex": "LaTeX", ".typ": "Typst"}
INTRODUCTION = """\
# Gallery

Everything that derive writes, by example. `derive build` makes these pages, and the tests compare them byte for byte.
Every line of every proof was checked when they were made; each page says by whom.

## Lectures

Each in English and in Portuguese. `derive lecture last-bias --lang pt -o last-bias.pdf` makes a PDF of one, and
`-o last-bias.zip` its LaTeX with the figures. Where gradients are compared with those of PyTorch, these pages say
"not run", to be the same on every machine; `derive lecture` runs the comparison wherever PyTorch is installed.
"""


def index(made: Made) -> str:
    """The page as Markdown. made: a lecture's documents by their language."""
    parts = [INTRODUCTION, *(_lecture(lecture, made(lecture)) for lecture in LECTURES), *map(_section, SECTIONS)]
    more = ["## More\n", "- [the gradient as a module](gradient.py)"]
    more += [f"- [every rule, {lang}](rules.{lang}.md)" for lang in LANGUAGES]
    return "\n".join([*parts, *more]) + "\n"


def _lecture(lecture: LectureExample, documents: Mapping[str, Document]) -> str:
    """Title, subtitle, a figure, and the files."""
    printers = [
        Printer(documents[lang], format_named("markdown"), load_language(lang), page=f"{lecture.name}.{lang}")
        for lang in LANGUAGES
    ]
    titles = " · ".join(printer.say(printer.document.title) for printer in printers)
    subtitles = "\\\n".join(printer.say(printer.document.subtitle) for printer in printers)
    folder = f"lectures/{lecture.name}"
    shown = [_figure(printers[0], lecture.figure, folder)] if lecture.figure else []
    files = " · ".join(
        f"{printer.language.text('language.name')}: "
        + ", ".join(f"[{TYPED[end]}]({folder}/{lecture.name}.{printer.language.name}{end})" for end in lecture.endings)
        for printer in printers
    )
    return "\n\n".join([f"### {titles}", subtitles, *shown, files]) + "\n"


def _figure(printer: Printer, label: str, folder: str) -> str:
    """A figure with its caption for words: what it shows in detail is told in the lecture."""
    figures = {each.label: each for each in walk_blocks(printer.document.blocks) if isinstance(each, Figure | Picture)}
    figure = figures[label]
    return f"![{printer.escape(printer.plain(figure.caption))}]({folder}/{printer.file(figure)})"


def _section(section: Section) -> str:
    head = (*section.head, "files")
    rows = ((*example.cells, _files(section.folder, example.name, example.endings)) for example in section.examples)
    return "\n".join([f"## {section.title}\n", _row(head), _row(["---"] * len(head)), *map(_row, rows)]) + "\n"


def _files(folder: str, name: str, endings: Sequence[str]) -> str:
    return " · ".join(f"[{lang}{end}]({folder}/{lang}/{name}{end})" for lang in LANGUAGES for end in endings)


def _row(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"
