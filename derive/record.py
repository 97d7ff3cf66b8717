"""A derivation as a JSON record that another program can re-check, and the check itself."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from derive.core.kernel import Refused, Theorem
from derive.core.term import Term, part
from derive.derivation import WITNESSES, Derivation, variable
from derive.document.explain import lines
from derive.document.language import load_language
from derive.document.nodes import Line
from derive.document.notation import layout
from derive.document.tell import evidence_row
from derive.prove.proof import Proof
from derive.render.latex_math import latex
from derive.render.speaker import Speaker
from derive.render.unicode_math import unicode
from derive.store import (
    FORMAT,
    VERSION,
    Corrupted,
    first_difference,
    problem_from_json,
    problem_to_json,
    proof_from_json,
    proof_to_json,
)

Labels = Mapping[tuple[str, int], str]


@dataclass(frozen=True)
class ShownLine:
    """One displayed line.

    rule: its name on the card; title: what it is called; says: why it holds; formula: the line as plain
    text; latex: the same as LaTeX, without marks; changed: the part that is new, as plain text; steps:
    the finer lines inside it.
    """

    rule: str
    title: str
    says: str
    formula: str
    latex: str
    changed: str
    steps: tuple[ShownLine, ...]


def shown_lines(proof: Proof, labels: Labels, lang: str = "en", detail: str = "lecture") -> tuple[ShownLine, ...]:
    language = load_language(lang)
    speaker = Speaker(labels, language, str, unicode)
    return tuple(_shown(line, speaker) for line in lines(proof, detail))


def _shown(line: Line, speaker: Speaker) -> ShownLine:
    tree = layout(line.formula, speaker.labels, speaker.language)
    changed = "" if line.changed is None else unicode(speaker.tree(_part(line)))
    return ShownLine(
        line.rule, speaker.title(line.rule, line.slots), speaker.sentence(line), unicode(tree), latex(tree), changed,
        tuple(_shown(step, speaker) for step in line.steps),
    )  # fmt: skip


def _part(line: Line) -> Term:
    assert line.changed is not None
    return part(line.formula, line.changed)


def formulas(left: Term, right: Term, labels: Labels, lang: str = "en") -> dict[str, str]:
    """left = right as plain text and as LaTeX."""
    language = load_language(lang)
    trees = [layout(side, labels, language) for side in (left, right)]
    return {"unicode": " = ".join(map(unicode, trees)), "latex": " = ".join(map(latex, trees))}


def to_json(derivation: Derivation, lang: str = "en", detail: str = "lecture") -> str:
    return json.dumps(record(derivation, lang, detail), ensure_ascii=False, indent=1) + "\n"


def record(derivation: Derivation, lang: str, detail: str) -> dict[str, Any]:
    """Everything that is told about the derivation, and what `verify` needs to check it."""
    language = load_language(lang)
    statement, theorem = derivation.statement, derivation.theorem
    speaker = Speaker(statement.labels, language, str, unicode)
    return {
        "format": FORMAT,
        "version": VERSION,
        "lang": lang,
        "detail": detail,
        "problem": problem_to_json(statement),
        "wrt": derivation.wrt,
        "road": derivation.road,
        "witnesses": list(derivation.witnesses),
        "claim": {"left": _text(theorem.left, speaker), "right": _text(theorem.right, speaker)},
        "assumptions": _assumptions(theorem, speaker),
        "conditions": [f"{c.kind}: {_text(c.about[0], speaker)}" for c in theorem.conditions],
        "lines": [_line(line) for line in shown_lines(derivation.proofs[derivation.main], statement.labels, lang, detail)],
        "result": _text(theorem.right, speaker),
        "results": {
            _text(t.left, speaker): _text(t.right, speaker)
            for t in (derivation.proofs[name].theorem for name in derivation.entries)
        },
        "verdicts": [_verdict(v, speaker) for v in derivation.verdicts],
        "proofs": [proof_to_json(proof) for proof in derivation.needed],
    }


def _text(t: Term, speaker: Speaker) -> str:
    return unicode(speaker.tree(t))


def _assumptions(theorem: Theorem, speaker: Speaker) -> list[dict[str, str]]:
    found = []
    for name in sorted(theorem.assumptions):
        left, right = theorem.context.assumptions[name]
        found.append({"name": name, "says": speaker.title(name), "formula": f"{_text(left, speaker)} = {_text(right, speaker)}"})
    return found


def _line(line: ShownLine) -> dict[str, Any]:
    return {
        "rule": line.rule, "title": line.title, "says": line.says, "formula": line.formula, "latex": line.latex,
        "changed": line.changed, "steps": [_line(step) for step in line.steps],
    }  # fmt: skip


def _verdict(verdict: Any, speaker: Speaker) -> dict[str, str]:
    row = evidence_row(verdict)
    return {"by": verdict.by, "status": verdict.status, "detail": speaker.say(row.detail)}


KEYS = frozenset((
    "format", "version", "lang", "detail", "problem", "wrt", "road", "witnesses", "claim", "assumptions",
    "conditions", "lines", "result", "results", "verdicts", "proofs",
))  # fmt: skip


def verify(text: str) -> Derivation:
    """Check a record from its text alone: the kernel and the witnesses again, then every word of it.

    Raises Corrupted when it is no record of derive, Refused when a proof does not hold or when
    anything in the record is not what the proofs give.
    """
    try:
        data = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise Corrupted(f"not JSON: {error}") from None
    if not isinstance(data, dict) or data.get("format") != FORMAT:
        raise Corrupted(f'not a proof written by derive: there is no "format": "{FORMAT}"')
    if data.get("version") != VERSION:
        raise Corrupted(f"the record has version {data.get('version')!r}; this program reads version {VERSION}")
    if set(data) != KEYS:
        odd = sorted(KEYS ^ set(data))
        raise Corrupted(f"the record is not complete, or has something added: {', '.join(odd)}")
    derivation = _reproved(data)
    fresh = record(derivation, data["lang"], data["detail"])
    place = first_difference(data, json.loads(json.dumps(fresh)))
    if place is not None:
        raise Refused(f"{place} is not what the proof gives")
    return derivation


def _reproved(data: dict[str, Any]) -> Derivation:
    """The derivation with every theorem made again by the kernel."""
    if not isinstance(data["proofs"], list) or not isinstance(data["wrt"], str) or not _known(data["witnesses"]):
        raise Corrupted("proofs, wrt or witnesses are not written as derive writes them")
    problem = problem_from_json(data["problem"])
    proofs: dict[str, Proof] = {}
    for item in data["proofs"]:
        proof = proof_from_json(item, problem, {name: p.theorem for name, p in proofs.items()})
        proofs[proof.theorem.name] = proof
    derivation = Derivation(
        problem, *variable(problem, data["wrt"]), str(data["road"]), proofs, tuple(data["witnesses"])
    )
    missing = [name for name in (derivation.main, *derivation.entries) if name not in proofs]
    if missing:
        raise Corrupted(f"the proof of {missing[0]} is missing")
    return derivation


def _known(witnesses: Any) -> bool:
    return isinstance(witnesses, list) and set(map(str, witnesses)) <= set(WITNESSES)

