"""A derivation as a JSON record that another program can re-check."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from derive.chains.chain import Chain
from derive.core.condition import Condition
from derive.core.context import Context
from derive.core.term import Term
from derive.derivation.kinds import kind_of
from derive.derivation.store import (
    FORMAT,
    VERSION,
    chain_to_json,
    letters_to_json,
    proof_to_json,
)
from derive.document.explain import for_every, of_every_index
from derive.document.language import load_language
from derive.document.proof_blocks import evidence_row
from derive.proofs.proof import Proof
from derive.render.lines import ShownLine, shown_lines
from derive.render.unicode_math import unicode
from derive.render.wording import Wording
from derive.witness.verdict import Verdict

if TYPE_CHECKING:
    from derive.derivation.derivation import Derivation

KEYS = frozenset((
    "format", "version", "lang", "detail", "problem", "wrt", "road", "witnesses", "claim", "assumptions",
    "conditions", "lines", "result", "results", "verdicts", "proofs",
))  # fmt: skip


def to_json(derivation: Derivation, lang: str = "en", detail: str = "lecture") -> str:
    return json.dumps(record(derivation, lang, detail), ensure_ascii=False, indent=1) + "\n"


def record(derivation: Derivation, lang: str, detail: str) -> dict[str, Any]:
    """Everything that is told about the derivation, and what `verify` needs to check it."""
    language = load_language(lang)
    chain, theorem = derivation.chain, derivation.proof.theorem
    wording = Wording(chain.labels, language, str, unicode, derivation.style)
    shown = shown_lines(derivation.proof, chain.labels, lang, detail, style=derivation.style)
    about = kind_of(chain).about
    return {
        "format": FORMAT,
        "version": VERSION,
        "lang": lang,
        "detail": detail,
        "problem": chain_to_json(chain),
        "wrt": derivation.wrt,
        "road": derivation.road,
        "witnesses": list(derivation.witnesses),
        "claim": {"left": _text(theorem.left, wording), "right": _text(theorem.right, wording)},
        "assumptions": _assumptions(derivation.assumptions, theorem.context, wording),
        "conditions": [f"{c.kind}: {wording.say(for_every(*c.about * 2))}" for c in conditions(derivation)],
        "lines": [_line(line) for line in shown],
        "result": _text(theorem.right, wording),
        "results": {_text(p.theorem.left, wording): _text(p.theorem.right, wording) for p in derivation.single},
        "verdicts": [_verdict(v, about, wording) for v in derivation.verdicts],
        "proofs": [_proof(proof, chain) for proof in derivation.proofs.values()],
    }


def conditions(derivation: Derivation) -> tuple[Condition, ...]:
    """What must be positive or not zero; those of a network are about every unit and every example."""
    return tuple(map(of_every_index, derivation.needs)) if kind_of(derivation.chain).general else derivation.needs


def older_conditions(derivation: Derivation, lang: str) -> list[str]:
    """The conditions as earlier versions wrote them: without the indices for which they hold."""
    wording = Wording(derivation.chain.labels, load_language(lang), str, unicode, derivation.style)
    return [f"{c.kind}: {_text(c.about[0], wording)}" for c in derivation.needs]


def _proof(proof: Proof, chain: Chain) -> dict[str, Any]:
    """With its index letters, where they are not those of the chain."""
    context = proof.theorem.context
    return proof_to_json(proof) | (
        {} if context.indices == chain.context.indices else {"letters": letters_to_json(context)}
    )


def _text(t: Term, wording: Wording) -> str:
    return unicode(wording.tree(t))


def _assumptions(names: Sequence[str], context: Context, wording: Wording) -> list[dict[str, str]]:
    found = []
    for name in names:
        left, right = context.assumptions[name]
        formula = f"{_text(left, wording)} = {_text(right, wording)}"
        found.append({"name": name, "says": wording.title(name), "formula": formula})
    return found


def _line(line: ShownLine) -> dict[str, Any]:
    return {
        "rule": line.rule, "title": line.title, "says": line.says, "formula": line.formula, "latex": line.latex,
        "changed": line.changed, "steps": [_line(step) for step in line.steps],
    }  # fmt: skip


def _verdict(verdict: Verdict, about: str, wording: Wording) -> dict[str, str]:
    row = evidence_row(verdict, about)
    return {"by": verdict.by, "status": verdict.status, "detail": wording.say(row.detail)}
