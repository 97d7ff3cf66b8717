"""Writing the gallery: what is to be done, in its order."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

from derive.gallery.examples import LANGUAGES, LECTURES, NETWORKS, SECTIONS, Example, LectureExample
from derive.gallery.index import Made, index
from derive.gradients.__main__ import generated
from derive.lectures.rule_list import rules_document
from derive.render import render
from derive.render.save import save, write

Task = Callable[[Path], list[Path]]
FORMATS = {
    ".md": "markdown", ".txt": "text", ".tex": "latex", ".fragment.tex": "latex-fragment", ".typ": "typst",
    ".json": "json",
}  # fmt: skip


def build(folder: Path, bar: Callable[[int], Any] | None = None) -> list[Path]:
    """Write the whole gallery into a folder; returns the files. The same program writes the same bytes.

    bar: what shows how far it is, made for a number of steps, with `step(name)` and `done()`.
    """
    tasks = list(_tasks())
    progress = bar(len(tasks)) if bar else None
    written: list[Path] = []
    for name, task in tasks:
        if progress:
            progress.step(name)
        written += task(folder)
    if progress:
        progress.done()
    return written


def _tasks() -> Iterator[tuple[str, Task]]:
    for section in SECTIONS:
        for example in section.examples:
            yield example.name, _told(section.folder, example)
    made = cache(LectureExample.documents)  # once, for the files and for the index
    for lecture in LECTURES:
        yield lecture.name, _lecture(lecture, made)
    yield "rules", _rules
    yield "networks", lambda folder: [_write(folder / "networks" / f"{net.name}.toml", net.file) for net in NETWORKS]
    yield "gradient", lambda folder: [_write(folder / "gradient.py", generated())]
    yield "README", lambda folder: [_write(folder / "README.md", index(made))]


def _write(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    write(path, text.encode())
    return path


def _told(section: str, example: Example) -> Task:
    def task(folder: Path) -> list[Path]:
        tell = example.tell()
        return [
            _write(folder / section / lang / f"{example.name}{ending}", tell(FORMATS[ending], lang))
            for lang in LANGUAGES
            for ending in example.endings
        ]

    return task


def _lecture(lecture: LectureExample, made: Made) -> Task:
    """The figures are written for the Markdown only: those of the .tex are in the archive that derive lecture makes."""

    def task(folder: Path) -> list[Path]:
        written: list[Path] = []
        for lang, document in made(lecture).items():
            for ending in lecture.endings:
                path = folder / "lectures" / lecture.name / f"{lecture.name}.{lang}{ending}"
                path.parent.mkdir(parents=True, exist_ok=True)
                if ending == ".md":
                    written += save(document, path, lang)
                else:
                    written.append(_write(path, render(document, FORMATS[ending], lang, page=path.stem)))
        return written

    return task


def _rules(folder: Path) -> list[Path]:
    document = rules_document()
    return [_write(folder / f"rules.{lang}.md", render(document, "markdown", lang)) for lang in LANGUAGES]
