"""Checking a record from its text alone."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from derive.chains.chain import Chain
from derive.chains.namesakes import clash, printed, run
from derive.core.kernel import Refused, Theorem
from derive.core.term import Term, free, nodes, same, substitute, sym
from derive.derivation.derivation import WITNESSES, Derivation, derivation_of
from derive.derivation.formula import refuse_misread
from derive.derivation.kinds import kind_of
from derive.derivation.record import KEYS, older_conditions
from derive.derivation.record import record as make_record
from derive.derivation.store import (
    FORMAT,
    VERSION,
    chain_from_json,
    first_difference,
    letters_from_json,
    proof_from_json,
)
from derive.document.explain import DetailError
from derive.document.language import LanguageError
from derive.document.layout import Labels
from derive.errors import Corrupted, UsageError
from derive.proofs.goals import Goal, Plan
from derive.proofs.proof import Proof
from derive.proofs.prove import plan_of
from derive.syntax.grammar.words import function_misread


def verify(record: str | Path) -> Derivation:
    """Check a record from its text (or its file) alone: the kernel again, every word of it, all the witnesses.

    The derivation that comes back is judged by every witness, whichever the record names. Raises
    Corrupted when it is no record of derive, Refused when a proof does not hold, when a witness refutes it or when
    anything in the record is not what the proofs give.
    """
    text = record.read_text(encoding="utf-8") if isinstance(record, Path) else record
    try:
        derivation = _verified(text)
        if derivation.witnesses != WITNESSES:
            derivation = replace(derivation, witnesses=WITNESSES)
        return _unrefuted(derivation)
    except (RecursionError, MemoryError, IndexError, KeyError, AttributeError, TypeError) as error:
        raise Corrupted(f"the record is not written as derive writes it ({type(error).__name__})") from None


def _unrefuted(derivation: Derivation) -> Derivation:
    """The derivation, if no witness refutes it, whatever the others say."""
    for verdict in derivation.verdicts:
        if verdict.status == "refuted":
            raise Refused(f"{verdict.by} refutes what the record says")
    return derivation


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """An object of JSON in which every key stands once: of two, a reader and a program may see different ones."""
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a key stands twice in one object")
    return found


def _no_number(text: str) -> None:
    raise ValueError(f"{text} is not a number")


def _verified(text: str) -> Derivation:
    try:
        data = json.loads(text, object_pairs_hook=_once, parse_constant=_no_number)
    except (ValueError, RecursionError) as error:
        raise Corrupted(f"not JSON: {error}") from None
    if not isinstance(data, dict) or data.get("format") != FORMAT:
        raise Corrupted(f'not a proof written by derive: there is no "format": "{FORMAT}"')
    if type(data.get("version")) is not int or data["version"] != VERSION:
        raise Corrupted(f"the record has version {data.get('version')!r}; this program reads version {VERSION}")
    if set(data) != KEYS:
        odd = sorted(KEYS ^ set(data))
        raise Corrupted(f"the record is not complete, or has something added: {', '.join(odd)}")
    derivation = _reproved(data)
    try:
        fresh = make_record(derivation, str(data["lang"]), str(data["detail"]))
    except (LanguageError, DetailError) as error:
        raise Corrupted(str(error)) from None
    if data["conditions"] != fresh["conditions"] and data["conditions"] == older_conditions(derivation, data["lang"]):
        raise Refused("the conditions do not say for which entries they hold, as records once did; prove it again")
    place = first_difference(data, json.loads(json.dumps(fresh)))
    if place is not None:
        raise Refused(f"{place} is not what the proof gives")
    return derivation


def _reproved(data: dict[str, Any]) -> Derivation:
    """The derivation with every theorem made again by the kernel, and about what its name says."""
    if not isinstance(data["proofs"], list) or not isinstance(data["wrt"], str) or not _known(data["witnesses"]):
        raise Corrupted("proofs, wrt or witnesses are not written as derive writes them")
    chain = chain_from_json(data["problem"])
    _refuse_misread(chain)
    try:
        plan = plan_of(chain, str(data["road"]), [data["wrt"]])
        names = kind_of(chain).asked(plan, data["wrt"])
    except UsageError as error:
        raise Corrupted(str(error)) from None
    if plan.road != data["road"]:
        raise Corrupted(f"the proofs do not take the road {data['road']!r}")
    expected = {goal.name: goal for goal in plan.needed(goal for name in names for goal in plan.asked[name])}
    proofs: dict[str, Proof] = {}
    for item in data["proofs"]:
        if item["name"] not in plan.goals:
            raise Corrupted(f"no theorem of this {chain.kind} is called {item['name']!r}")
        if item["name"] not in expected:
            raise Corrupted(f"the record proves {item['name']}, and does not say so")
        proofs[item["name"]] = _proved(item, plan.goals[item["name"]], chain, plan, proofs)
    for name in expected:
        if name not in proofs:
            raise Corrupted(f"the proof of {name} is missing")
    return derivation_of(chain, names, proofs, data["witnesses"], plan.road)


def _refuse_misread(chain: Chain) -> None:
    if chain.kind == "formula":
        try:
            refuse_misread(chain.source)
        except UsageError as error:
            raise Refused(str(error)) from None


def _proved(item: dict[str, Any], goal: Goal, chain: Chain, plan: Plan, proofs: dict[str, Proof]) -> Proof:
    """A theorem says what its goal says, rests on no other than that may, and its letters run as far."""
    context = chain.context
    if goal.letters is not None:
        if letters_from_json(item["letters"]) != goal.letters:
            raise Corrupted(f"the index letters of {goal.name} are not those of its layer")
        context = context.with_letters(goal.letters)
    steps = {key: value for key, value in item.items() if key != "letters" or goal.letters is None}
    proof = _readable(proof_from_json(steps, context, goal.lemmas(proofs)), chain.labels)
    theorem = proof.theorem
    stated = goal.stated(proofs)
    if not (theorem.left == stated if goal.right is None else _says(theorem, stated, goal.right)):
        raise Refused(f"{goal.name} is not about {stated}")
    if plan.road and goal.cites and not theorem.lemmas:
        raise Corrupted(f"the proofs do not take the road {plan.road!r}")
    return proof


def _readable(proof: Proof, labels: Labels) -> Proof:
    """A proof in which no two names are printed alike: a record may have renamed an index."""
    called = {run(label) for label in labels.values()}
    letters = {str(t.args[0].value) for line in proof.theorem.lines for t in nodes(line) if t.op == "sum"}
    for letter in sorted(letters):
        base, below = printed(letter)
        if run(letter) in called or len(base) > 1 or not all(map(str.isdecimal, below)):
            raise Refused(f"{proof.theorem.name}: the index {letter} would be read as something else")
    if (name := function_misread(proof.theorem.lines)) is not None:
        raise Refused(f"{proof.theorem.name}: a function called {name} would be taken for one that is known")
    if (found := clash(proof.theorem.lines, proof.theorem.context)) is not None:
        raise Refused(f"{proof.theorem.name}: {found}")
    return proof


def _says(theorem: Theorem, left: Term, right: Term) -> bool:
    """Whether a theorem says left = right, but for the letters of its free indices."""
    letters = theorem.context.letters
    return all(map(same, _in_order([theorem.left, theorem.right], letters), _in_order([left, right], letters)))


def _in_order(sides: Sequence[Term], letters: frozenset[str]) -> list[Term]:
    """The sides with their free index letters renamed in the order in which they stand."""
    places = [str(t.value) for side in sides for t in nodes(side) if t.op == "sym" and t.value in free(side) & letters]
    names = {name: sym(f"index{n}") for n, name in enumerate(dict.fromkeys(places))}
    return [substitute(side, names) for side in sides]


def _known(witnesses: Any) -> bool:
    return isinstance(witnesses, list) and witnesses == [by for by in WITNESSES if by in witnesses]
