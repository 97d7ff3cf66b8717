"""What is rarely meant in a network, as a document."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from derive.chains.lint import Lint
from derive.chains.network import NetworkProblem
from derive.document.nodes import Block, Document, Equation, Formula, Heading, Message, Name, Prose
from derive.lectures.network_document import style_of
from derive.proofs.prove import prove


def lint_document(file: str, found: Sequence[Lint], problem: NetworkProblem) -> Document:
    """A section a finding: where it is, why it matters, the theorem that shows it, what to do."""
    blocks = [block for n, each in enumerate(found, 1) for block in _told(each, n, problem)]
    title = Message("network.lint", {"file": Name(file)})
    subtitle = Message("network.lint-found" if found else "network.lint-nothing")
    return Document(title, subtitle, tuple(blocks), problem.labels, style_of(problem))


def _told(each: Lint, number: int, problem: NetworkProblem) -> Iterator[Block]:
    slots = {name: Name(value) for name, value in each.slots.items()}
    yield Heading(f"finding-{number}", Message(f"lint.{each.key}.title", slots))
    yield Prose(Message("network.lint-place", {"path": Name(each.path)}))
    yield Prose(Message(f"lint.{each.key}.why", slots))
    theorem = prove(problem.chain, (), also=[each.proof])[each.proof].theorem
    yield Prose(Message("network.lint-proved"))
    yield Formula(f"consequence-{number}", Equation((theorem.left, theorem.right)))
    yield Prose(Message(f"lint.{each.key}.do", slots))
