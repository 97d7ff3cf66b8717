"""From a lecture's file to a document."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from derive.authoring.author import Author
from derive.authoring.blocks import DEEPEST_HEADING, Markdown
from derive.authoring.calls import bound
from derive.authoring.inline import Sentences
from derive.authoring.labels import Labels
from derive.authoring.proofs import derivation
from derive.authoring.sandbox import run_calls
from derive.authoring.source import Source, read_source
from derive.document.explain import DETAILS
from derive.document.language import LanguageError, load_language
from derive.document.letterings import lettered, load_letters
from derive.document.nodes import (
    Block,
    Document,
    Heading,
    Items,
    Message,
    Quote,
    Slot,
    Solution,
    inner,
    walk_blocks,
)
from derive.errors import UsageError
from derive.render.printer import REFERRED

ANSWERS = ("here", "end", "hidden")
WITNESSES = ("kernel", "balls", "sympy")


def read_lecture(
    path: str | Path, *, language: str | None = None, detail: str | None = None, notation: str | None = None,
    answers: str | None = None, witnesses: Sequence[str] = WITNESSES, folders: Iterable[Path] = (), torch: bool = True,
) -> tuple[Document, str]:  # fmt: skip
    """A lecture from its file as a document, and its language. Raises LectureError, or OSError.

    What is given here wins over what the lecture says of itself; folders: where its data may lie beside its own; torch:
    whether gradients are compared with those of PyTorch where it is installed; its column says "not run" otherwise.
    """
    source = read_source(Path(path))
    spoken = _said(source, "language", language) or "en"
    document = lecture_document(
        source, language=spoken, detail=detail, notation=notation, answers=answers, witnesses=witnesses,
        folders=folders, torch=torch,
    )  # fmt: skip
    return document, spoken


def lecture_document(
    source: Source, *, language: str = "en", detail: str | None = None, notation: str | None = None,
    answers: str | None = None, witnesses: Sequence[str] = WITNESSES, folders: Iterable[Path] = (), torch: bool = True,
) -> Document:  # fmt: skip
    """A lecture that has been read as a document. Raises LectureError.

    >>> from derive.authoring.source import parse_source
    >>> lecture_document(parse_source("# Slopes\\n\\nA *text*.")).blocks[0].message.items[1]
    Emphasis(body=Phrase(items=(Name(text='text'),)))
    """
    try:
        spoken = load_language(language)
    except LanguageError as error:
        raise source.fail(str(error), source.lines.get("language")) from None
    labels = Labels(source)
    zoom = _choice(source, "detail", detail, DETAILS)
    places = (source.folder, *folders)
    author = Author(source, spoken, zoom or "lecture", tuple(witnesses), labels, places, derivation, torch)
    lines = run_calls(source, bound(author), author.show)
    markdown = Markdown(source, lines, author.places, labels, spoken.decimal)
    try:
        blocks = markdown.blocks()
    except RecursionError:
        raise source.fail("this is nested too deeply") from None
    title, blocks = _title(source, blocks, author.sentences)
    placed = tuple(_answered(_levelled(blocks), _choice(source, "answers", answers, ANSWERS) or "here"))
    _check_references(source, placed, labels)
    subtitle = author.sentences.parsed(source.front.get("subtitle", ""), source.lines.get("subtitle"))
    document = Document(title, subtitle, placed, author=source.front.get("author", ""))
    return _in_letters(source, document, notation)


def _in_letters(source: Source, document: Document, notation: str | None) -> Document:
    chosen = _said(source, "notation", notation)
    if not chosen:
        return document
    try:
        return lettered(document, load_letters(chosen, source.folder))
    except UsageError as error:
        raise source.fail(str(error), None if notation else source.lines.get("notation")) from None


def _said(source: Source, key: str, given: str | None) -> str | None:
    return given if given is not None else source.front.get(key) or None


def _choice(source: Source, key: str, given: str | None, known: Sequence[str]) -> str | None:
    said = _said(source, key, given)
    if said is not None and said not in known:
        why = f'there is no {key} "{said}"; choose {", ".join(known)}'
        raise source.fail(why, source.lines.get(key) if given is None else None)
    return said


def _title(source: Source, blocks: list[Block], sentences: Sentences) -> tuple[Slot, list[Block]]:
    """The title of the front matter, or the heading with which the lecture begins."""
    if source.front.get("title"):
        return sentences.parsed(source.front["title"], source.lines["title"]), blocks
    first = blocks[0] if blocks else None
    if not isinstance(first, Heading) or first.level != 1:
        why = 'a lecture needs a title: "title: ..." between two lines of ---, or "# ..." on its first line'
        raise source.fail(why, source.first)
    return first.title, blocks[1:]


def _levelled(blocks: Sequence[Block]) -> list[Block]:
    """Headings counted from the highest level that is used."""
    levels = [block.level for block in blocks if isinstance(block, Heading)]
    top = min(levels, default=1) - 1
    return [
        replace(block, level=min(block.level - top, DEEPEST_HEADING)) if isinstance(block, Heading) else block
        for block in blocks
    ]


def _answered(blocks: Sequence[Block], where: str) -> Iterator[Block]:
    """The blocks with the solutions where they are wanted."""
    if where == "here":
        yield from blocks
        return
    yield from _without_solutions(blocks)
    solutions = [block for block in walk_blocks(blocks) if isinstance(block, Solution)]
    if where == "end" and solutions:
        yield Heading("derive-answers", Message("ui.answers"))
        yield from solutions


def _without_solutions(blocks: Iterable[Block]) -> Iterator[Block]:
    """Solutions stand beside exercises, which stand in quotations and lists too."""
    for block in blocks:
        if isinstance(block, Items):
            yield replace(block, items=tuple(tuple(_without_solutions(run)) for run in block.items))
        elif isinstance(block, Quote):
            yield replace(block, blocks=tuple(_without_solutions(inner(block)[0])))
        elif not isinstance(block, Solution):
            yield block


def _check_references(source: Source, blocks: Sequence[Block], labels: Labels) -> None:
    known = {block.label for block in walk_blocks(blocks) if isinstance(block, REFERRED)}
    for label, line in labels.wanted.items():
        if label not in known:
            chosen = ", ".join(sorted(known)[:12]) or "none"
            raise source.fail(f'nothing with a number has the label "{label}"; the labels here: {chosen}', line)
