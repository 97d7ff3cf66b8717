"""What is rarely meant in a network, as a document."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from derive.document.nodes import Block, Document, Heading, Message, Name, Prose
from derive.problems.lint import Lint


def lint_document(file: str, found: Sequence[Lint]) -> Document:
    """A section a finding: where it is, why it matters, what to do."""
    blocks = [block for n, each in enumerate(found, 1) for block in _told(each, n)]
    title = Message("network.lint", {"file": Name(file)})
    subtitle = Message("network.lint-found" if found else "network.lint-nothing")
    return Document(title, subtitle, tuple(blocks))


def _told(each: Lint, number: int) -> Iterator[Block]:
    slots = {name: Name(value) for name, value in each.slots.items()}
    yield Heading(f"finding-{number}", Message(f"lint.{each.key}.title", slots))
    yield Prose(Message("network.lint-place", {"path": Name(each.path)}))
    yield Prose(Message(f"lint.{each.key}.why", slots))
    yield Prose(Message(f"lint.{each.key}.do", slots))
