"""The lines of a proof as texts: for a program or a notebook rather than for a page."""

from __future__ import annotations

from dataclasses import dataclass

from derive.core.term import Term, part
from derive.document.explain import lines
from derive.document.language import load_language
from derive.document.layout import Labels, layout
from derive.document.nodes import Line
from derive.document.style import PLAIN, Style
from derive.proofs.proof import Proof
from derive.render.latex_math import latex
from derive.render.unicode_math import unicode
from derive.render.wording import Wording


@dataclass(frozen=True)
class ShownLine:
    """One displayed line.

    rule: its name on the card; title: what it is called; says: why it holds; formula: the line as plain
    text; latex: the same as LaTeX, without marks; changed: what is new in it, as plain text; steps:
    the finer lines inside it.
    """

    rule: str
    title: str
    says: str
    formula: str
    latex: str
    changed: str
    steps: tuple[ShownLine, ...]


def shown_lines(
    proof: Proof, labels: Labels, lang: str = "en", detail: str = "lecture", *, style: Style = PLAIN
) -> tuple[ShownLine, ...]:
    """The lines of a proof."""
    wording = Wording(labels, load_language(lang), str, unicode, style)
    return tuple(_shown(line, wording) for line in lines(proof, detail))


def _shown(line: Line, wording: Wording) -> ShownLine:
    tree = wording.tree(line.formula)
    changed = "; ".join(unicode(wording.tree(part(line.formula, place))) for place in line.changed)
    return ShownLine(
        line.rule, wording.title(line.rule, line.slots), wording.sentence(line), unicode(tree), latex(tree), changed,
        tuple(_shown(step, wording) for step in line.steps),
    )  # fmt: skip


def formulas(left: Term, right: Term, labels: Labels, lang: str = "en", *, style: Style = PLAIN) -> dict[str, str]:
    """left = right as plain text and as LaTeX."""
    language = load_language(lang)
    trees = [layout(side, labels, language, style=style) for side in (left, right)]
    return {"unicode": " = ".join(map(unicode, trees)), "latex": " = ".join(map(latex, trees))}
