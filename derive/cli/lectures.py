"""What `derive lecture` does: the lectures there are, a person's own, a new one, and one that is watched."""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from derive.errors import PROVEN, UsageError, unknown

if TYPE_CHECKING:
    from derive.document.nodes import Document

ENDINGS = (".pdf", ".tex", ".typ", ".md", ".txt", ".zip")
NEW, PAUSE = "new", 0.4
WATCHED = ("*.md", "*.toml", "*.csv")


def calls(options: argparse.Namespace) -> int:
    """Print what a lecture may call."""
    from derive.authoring.calls import told
    from derive.document.language import load_language

    found = told(load_language(options.lang or "en"))
    width = max(len(name) for name, _ in found)
    for name, says in found:
        print(f"{name:<{width}}  {says}")
    return PROVEN


def start(options: argparse.Namespace, name: str) -> Path:
    """Write the starter of a new lecture."""
    from derive.authoring.shipped import start as written
    from derive.document.language import load_language

    if options.output is not None:
        raise UsageError(f"a new lecture is written to {name.removesuffix('.md')}.md; leave -o out")
    return written(name, load_language(options.lang or "en").name)


def is_file(name: str) -> bool:
    """Whether a lecture is meant that is a file of the person's own."""
    return name.endswith(".md")


def source_of(options: argparse.Namespace, name: str) -> Path | None:
    """The Markdown file of a lecture; None for a lecture that is made in Python."""
    from derive.authoring.shipped import lectures
    from derive.lectures.catalogue import LECTURES

    if is_file(name):
        return Path(name)
    known = lectures(options.lang or "en")
    if name in known:
        return known[name]
    if name in LECTURES:
        return None
    raise UsageError(unknown("lecture", name, [*LECTURES, *known]))


def refuse(options: argparse.Namespace, source: Path | None) -> None:
    """UsageError for what does not go together."""
    if options.output is None:
        raise UsageError("say where to write the lecture: -o FILE.pdf, .tex, .typ, .md, .txt or .zip")
    if options.output.suffix.lower() not in ENDINGS:
        raise UsageError(f"{options.output.name}: a lecture ends in {', '.join(ENDINGS[:-1])} or {ENDINGS[-1]}")
    if source is not None:
        for name in ("classes", "target"):
            if getattr(options, name) is not None:
                raise UsageError(f"--{name} is for a lecture that is made for any classes; this one says its own")
        if options.output.resolve() == source.resolve():
            raise UsageError(f"{options.output} is the lecture itself; choose another name for what is made of it")
    else:
        for name in ("answers", "notation", "watch"):
            if getattr(options, name):
                raise UsageError(f"--{name} is for a lecture that is a file of your own")


def made(options: argparse.Namespace, source: Path, witnesses: Sequence[str]) -> tuple[Document, str]:
    """A lecture in Markdown as a document, and its language."""
    from derive.authoring.build import read_lecture
    from derive.authoring.shipped import shipped_folder

    ours = not is_file(str(options.problem[0]))
    return read_lecture(
        source, language=options.lang, detail=options.detail, notation=options.notation, answers=options.answers,
        witnesses=witnesses, folders=(shipped_folder() / "data",) if ours else (),
    )  # fmt: skip


def statuses(document: Document) -> set[str]:
    """What the boxes of evidence say; where there are none, the kernel has accepted every proof."""
    from derive.document.nodes import Evidence, walk_blocks

    boxes = [block for block in walk_blocks(document.blocks) if isinstance(block, Evidence)]
    return {row.status for box in boxes for row in box.rows} or {"proven"}


def states(source: Path) -> dict[Path, float]:
    """When each file of the lecture's folder was changed."""
    found: dict[Path, float] = {}
    for path in (each for pattern in WATCHED for each in source.parent.glob(pattern)):
        try:
            found[path] = path.stat().st_mtime
        except OSError:  # gone in between
            continue
    return found


def changes(source: Path, output: Path, pause: Callable[[float], Any] = time.sleep) -> Iterator[None]:
    """Once at the start, and whenever the lecture or its data have changed."""
    before: dict[Path, float] | None = None
    while True:
        now = {path: when for path, when in states(source).items() if path.resolve() != output.resolve()}
        if now != before:
            before = now
            yield
        pause(PAUSE)
