"""What is told: a document as data, without format and without language.

Words are message keys of templates/words/<language>.toml; formulas are terms; numbers are numbers.
Nothing here is ever a sentence.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from derive.core.term import Path, Term
from derive.document.style import PLAIN, Style

if TYPE_CHECKING:  # what is drawn and what is typed is loaded by those who draw and type it
    from derive.document.figures import Graph, Network, Plot
    from derive.document.mathtree import Tree


@dataclass(frozen=True)
class Number:
    """A computed value and how many decimals are shown; with exponent, digits of a x 10^n."""

    value: float
    decimals: int
    exponent: bool = False


@dataclass(frozen=True)
class Name:
    """A word of the user's own (a class, a file): printed literally, escaped for the format."""

    text: str


@dataclass(frozen=True)
class Equation:
    """left = right; a chain when there are more than two sides. relation is one of = ≠ < ≤ > ≥ ≈ :="""

    sides: tuple[Term, ...]
    relation: str = "="


@dataclass(frozen=True)
class Cases:
    """left = the value of the first row whose condition holds."""

    left: Term
    rows: tuple[tuple[Term, Equation], ...]


@dataclass(frozen=True)
class RuleName:
    """The title of a rule, in the document's language."""

    rule: str


@dataclass(frozen=True)
class Listing:
    """Several things, with commas between them."""

    items: tuple[Slot, ...]


@dataclass(frozen=True)
class Message:
    """A text of the words file, its slots filled."""

    key: str
    slots: Mapping[str, Slot] = field(default_factory=dict)


@dataclass(frozen=True)
class Shown:
    """Mathematics of an author's prose: notation, laid out as it was written and never computed.

    slots: what stands in the place of a Text with that key, such as a computed number.
    """

    tree: Tree
    slots: Mapping[str, Slot] = field(default_factory=dict)


@dataclass(frozen=True)
class Phrase:
    """Things one after the other: a sentence of an author."""

    items: tuple[Slot, ...]


@dataclass(frozen=True)
class Emphasis:
    body: Slot


@dataclass(frozen=True)
class Strong:
    body: Slot


@dataclass(frozen=True)
class Monospace:
    text: str


@dataclass(frozen=True)
class Link:
    """address: http or https."""

    body: Slot
    address: str


@dataclass(frozen=True)
class Footnote:
    body: Slot


@dataclass(frozen=True)
class Reference:
    """The kind and the number of the block with that label: Figure 2."""

    label: str


@dataclass(frozen=True)
class Setting:
    """How terms are written: the labels and the style of the document they come from."""

    labels: Mapping[tuple[str, int], str] = field(default_factory=dict)
    style: Style = PLAIN


@dataclass(frozen=True)
class Within:
    """Something told in its own setting."""

    slot: Slot
    setting: Setting


# what is marked in a sentence; each format has a macro for it
Markup = Emphasis | Strong | Monospace | Link | Footnote | Reference
# what may stand in a sentence or in a cell of a table
Slot = Term | Number | Name | Equation | Cases | RuleName | Message | Listing | Shown | Phrase | Within | Markup


@dataclass(frozen=True)
class Line:
    """One line of a derivation: the rule, the term it leads to, the parts that are new, and its steps.

    slots fill the rule's sentence. changed are places in formula.
    """

    rule: str
    formula: Term
    changed: tuple[Path, ...]
    slots: Mapping[str, Term] = field(default_factory=dict)
    steps: tuple[Line, ...] = ()


@dataclass(frozen=True)
class Heading:
    label: str
    title: Slot
    level: int = 1


@dataclass(frozen=True)
class Prose:
    message: Slot


@dataclass(frozen=True)
class Formula:
    """A displayed formula; a numbered one has its number at the margin."""

    label: str
    content: Equation | Cases | Shown
    numbered: bool = False


@dataclass(frozen=True)
class Statement:
    """A lemma or a theorem: kind is a message key; needs lists its assumptions and conditions."""

    label: str
    kind: str
    title: Slot
    content: Equation | Cases
    needs: tuple[Slot, ...] = ()


@dataclass(frozen=True)
class ProofLines:
    """left, and the lines that follow it.

    cites: the labels of the statements of its lemmas, by rule; None where each is called as its rule is.
    """

    label: str
    left: Term
    lines: tuple[Line, ...]
    cites: Mapping[str, str] | None = None


@dataclass(frozen=True)
class Table:
    """align: one of l c r for each column. A table without caption has no number.

    remarked: whether the last column is a remark on the one before it, which stands small below it on a page.
    """

    label: str
    caption: Slot | None
    head: tuple[Slot, ...]
    rows: tuple[tuple[Slot, ...], ...]
    align: str
    remarked: bool = False


@dataclass(frozen=True)
class Series:
    name: Message
    x: tuple[float, ...]
    y: tuple[float, ...]


@dataclass(frozen=True)
class Figure:
    """A line plot; alt tells in words what is to be seen."""

    label: str
    caption: Message
    alt: Message
    x_axis: Message
    y_axis: Message
    series: tuple[Series, ...]


@dataclass(frozen=True)
class Picture:
    """A drawn figure; alt tells in words what is to be seen."""

    label: str
    caption: Slot
    alt: Slot
    drawing: Plot | Graph | Network


@dataclass(frozen=True)
class EvidenceRow:
    """status: proven, refuted, undecided or not-run."""

    by: Message
    status: str
    detail: Slot

    @property
    def told(self) -> Message:
        """Both in words."""
        status = Strong(Message(f"status.{self.status}"))
        return Message("evidence-table.told", {"status": status, "detail": self.detail})


@dataclass(frozen=True)
class Evidence:
    label: str
    rows: tuple[EvidenceRow, ...]


@dataclass(frozen=True)
class ProofEvidence:
    """A proof in a table of evidence, and what each witness found of it.

    title: what it is called where nothing of it is stated; stated: labels and titles, the main statement first.
    """

    title: Slot
    stated: tuple[tuple[str, Slot], ...]
    found: Evidence

    def named(self, document: Document) -> Slot:
        """Which proof it is: by the statements that stand in the document (solutions may be left out), or its title."""
        there = {block.label for block in walk_blocks(document.blocks) if isinstance(block, Statement)}
        known = [(label, title) for label, title in self.stated if label in there]
        if not known:
            return self.title
        (label, title), *others = known
        slots: dict[str, Slot] = {"statement": Strong(Reference(label)), "title": title}
        if not others:
            return Message("evidence-table.stated", slots)
        listed = Listing(tuple(Reference(label) for label, _ in others))
        return Message("evidence-table.stated-with", {**slots, "others": listed})


@dataclass(frozen=True)
class EvidenceTable:
    """Several proofs: a row each, with a cell for each witness of `by`; notes are sentences about the witnesses."""

    by: tuple[Slot, ...]
    proofs: tuple[ProofEvidence, ...]
    notes: tuple[Slot, ...]

    def cells(self, document: Document) -> tuple[tuple[Slot, ...], ...]:
        """What each row says in words: which proof it is, and the status and the detail of each witness."""
        return tuple((proof.named(document), *(row.told for row in proof.found.rows)) for proof in self.proofs)


@dataclass(frozen=True)
class Code:
    language: str
    text: str


@dataclass(frozen=True)
class Items:
    """A list; start is the first number of a numbered one, None for one without numbers."""

    items: tuple[tuple[Block, ...], ...]
    start: int | None = None


@dataclass(frozen=True)
class Quote:
    blocks: tuple[Block, ...]


@dataclass(frozen=True)
class Divider:
    """A line between two parts of a text."""


@dataclass(frozen=True)
class Exercise:
    """What a reader is asked to do; its solution stands wherever the document puts it."""

    label: str
    title: Slot | None
    blocks: tuple[Block, ...]


@dataclass(frozen=True)
class Solution:
    """of: the label of the exercise."""

    of: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True)
class Excerpt:
    """A part of another document, in its own setting."""

    blocks: tuple[Block, ...]
    setting: Setting


Block = (
    Heading | Prose | Formula | Statement | ProofLines | Table | Figure | Picture | Evidence | EvidenceTable | Code
    | Items | Quote | Divider | Exercise | Solution | Excerpt
)  # fmt: skip
Labelled = Heading | Formula | Statement | ProofLines | Table | Figure | Picture | Evidence | Exercise


def inner(block: Block) -> tuple[tuple[Block, ...], ...]:
    """The blocks inside a block, one tuple for each run that is read from top to bottom.

    >>> inner(Items(((Divider(),), ()))), inner(Divider())
    (((Divider(),), ()), ())
    """
    if isinstance(block, Items):
        return block.items
    if isinstance(block, EvidenceTable):
        return (tuple(proof.found for proof in block.proofs),)
    return (block.blocks,) if isinstance(block, Quote | Exercise | Solution | Excerpt) else ()


def walk_blocks(blocks: Iterable[Block]) -> Iterator[Block]:
    """Every block, those inside others too, in the order of reading."""
    for block in blocks:
        yield block
        for run in inner(block):
            yield from walk_blocks(run)


@dataclass(frozen=True)
class Document:
    """labels: what is printed below a letter for a numbered entry, ("b", 1) -> "3"."""

    title: Slot
    subtitle: Slot
    blocks: tuple[Block, ...]
    labels: Mapping[tuple[str, int], str] = field(default_factory=dict)
    style: Style = PLAIN
    author: str = ""

    @property
    def setting(self) -> Setting:
        return Setting(self.labels, self.style)
