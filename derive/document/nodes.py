"""What is told: a document as data, without format and without language.

Words are message keys of templates/words/<language>.toml; formulas are terms; numbers are numbers.
Nothing here is ever a sentence.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from derive.core.term import Path, Term
from derive.document.style import PLAIN, Style


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


# what may stand in a sentence or in a cell of a table
Slot = Term | Number | Name | Equation | Cases | RuleName | Message | Listing


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
    title: Message
    level: int = 1


@dataclass(frozen=True)
class Prose:
    message: Message


@dataclass(frozen=True)
class Formula:
    """A displayed formula."""

    label: str
    content: Equation | Cases


@dataclass(frozen=True)
class Statement:
    """A lemma or a theorem: kind is a message key; needs lists its assumptions and conditions."""

    label: str
    kind: str
    title: Message
    content: Equation | Cases
    needs: tuple[Slot, ...] = ()


@dataclass(frozen=True)
class Derivation:
    """left, and the lines that follow it."""

    label: str
    left: Term
    lines: tuple[Line, ...]


@dataclass(frozen=True)
class Table:
    """align: one of l c r for each column."""

    label: str
    caption: Message
    head: tuple[Slot, ...]
    rows: tuple[tuple[Slot, ...], ...]
    align: str


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
class EvidenceRow:
    """status: proven, refuted, undecided or not-run."""

    by: Message
    status: str
    detail: Message


@dataclass(frozen=True)
class Evidence:
    label: str
    rows: tuple[EvidenceRow, ...]


@dataclass(frozen=True)
class Code:
    language: str
    text: str


Block = Heading | Prose | Formula | Statement | Derivation | Table | Figure | Evidence | Code


@dataclass(frozen=True)
class Document:
    """labels: what is printed below a letter for a numbered entry, ("b", 1) -> "3"."""

    title: Message
    subtitle: Message
    blocks: tuple[Block, ...]
    labels: Mapping[tuple[str, int], str] = field(default_factory=dict)
    style: Style = PLAIN
