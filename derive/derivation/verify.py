"""Checking a record from its text alone."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType
from typing import Any

from derive.chains import Problem, function
from derive.chains.namesakes import clash, printed, run
from derive.chains.network import NetworkProblem
from derive.core.context import Context
from derive.core.kernel import Refused, Theorem
from derive.core.term import Term, d, free, nodes, same, substitute, sym
from derive.derivation.derivation import WITNESSES, Derivation
from derive.derivation.formula import derivation_of as of_formula
from derive.derivation.formula import refuse_misread
from derive.derivation.names import WrtError, variable
from derive.derivation.network import Network
from derive.derivation.network import derivation_of as of_network
from derive.derivation.prove import derivation_of as of_problem
from derive.derivation.record import KEYS, older_conditions
from derive.derivation.record import record as make_record
from derive.derivation.store import (
    FORMAT,
    NETWORK,
    VERSION,
    first_difference,
    function_from_json,
    letters_from_json,
    network_from_json,
    problem_from_json,
    proof_from_json,
)
from derive.document.explain import DetailError
from derive.document.language import LanguageError
from derive.document.layout import Labels
from derive.errors import Corrupted, UsageError
from derive.proofs.function import before
from derive.proofs.network import entries, facts
from derive.proofs.network_goals import network_goals
from derive.proofs.proof import Proof
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
    """The derivation with every theorem made again by the kernel."""
    if not isinstance(data["proofs"], list) or not isinstance(data["wrt"], str) or not _known(data["witnesses"]):
        raise Corrupted("proofs, wrt or witnesses are not written as derive writes them")
    name = data["problem"].get("name") if isinstance(data["problem"], dict) else None
    if name == NETWORK:
        return _network(data)
    return _function(data) if name == function.NAME else _catalogued(data)


def _function(data: dict[str, Any]) -> Derivation:
    problem = function_from_json(data["problem"])
    try:
        refuse_misread(problem)
    except UsageError as error:
        raise Refused(str(error)) from None
    proofs = _proofs(data["proofs"], problem.context)
    names = list(map(function.name_of_chain, problem.chains))
    if list(proofs) != names:
        raise Corrupted(f"the proofs should be {', '.join(names)}")
    for chain, name in zip(problem.chains, names, strict=True):
        goal = d(before(problem, chain, proofs), chain[-1])
        if proofs[name].theorem.left != goal:
            raise Refused(f"{name} is not about {goal}")
    return of_formula(problem, proofs, data["witnesses"])


def _proofs(items: list[Any], context: Context, labels: Labels = MappingProxyType({})) -> dict[str, Proof]:
    proofs: dict[str, Proof] = {}
    for item in items:
        proof = _readable(proof_from_json(item, context, {name: p.theorem for name, p in proofs.items()}), labels)
        proofs[proof.theorem.name] = proof
    return proofs


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


def _network(data: dict[str, Any]) -> Derivation:
    problem = network_from_json(data["problem"])
    try:
        families = Network(problem.spec).families_of(data["wrt"])
    except UsageError as error:
        raise Corrupted(str(error)) from None
    expected = {name: (layer, left) for name, layer, left in network_goals(problem)}
    proofs: dict[str, Proof] = {}
    for item in data["proofs"]:
        if item["name"] not in expected:
            raise Corrupted(f"no theorem of this network is called {item['name']!r}")
        proof = _network_proof(item, problem, proofs, *expected[item["name"]])
        proofs[proof.theorem.name] = proof
    first = min(expected[f"gradient-{family}"][0] for family in families)
    wanted = [f"delta-{layer}" for layer in range(problem.depth, first - 1, -1)]
    told = (*wanted, *(f"gradient-{family}" for family in families))
    for name in told:
        if name not in proofs:
            raise Corrupted(f"the proof of {name} is missing")
    for name in proofs:
        if name.startswith(("delta-", "gradient-")) and name not in told:
            raise Corrupted(f"the record proves {name}, and does not say so")
    return of_network(problem, families, proofs, data["witnesses"])


def _network_proof(
    item: dict[str, Any], problem: NetworkProblem, proofs: dict[str, Proof], layer: int, goal: Term
) -> Proof:
    """A theorem is about what its name says, and its index letters run as far as in its layer."""
    name, letters, own = item["name"], letters_from_json(item["letters"]), problem.letters(layer).indices
    if letters != {**own, "m": letters.get("m")} or letters["m"] not in (own["m"], own["k"]):
        raise Corrupted(f"the index letters of {name} are not those of its layer")
    steps = {key: value for key, value in item.items() if key != "letters"}
    lemmas = {proof.theorem.name: proof.theorem for proof in proofs.values()}
    proof = _readable(proof_from_json(steps, problem.context.with_letters(letters), lemmas), problem.labels)
    if proof.theorem.left != goal:
        raise Refused(f"{name} is not about {goal}")
    return proof


def _catalogued(data: dict[str, Any]) -> Derivation:
    problem = problem_from_json(data["problem"])
    proofs = _proofs(data["proofs"], problem.context, problem.labels)
    try:
        family, entry = variable(problem, data["wrt"])
    except WrtError as error:
        raise Corrupted(str(error)) from None
    if _road(proofs) not in (data["road"], None):
        raise Corrupted(f"the proofs do not take the road {data['road']!r}")
    said = facts(problem, family)
    asked = [entry] if entry else [f"gradient-{family}", *(name for name, _ in entries(problem, family))]
    for name, proof in proofs.items():
        if name not in said:
            raise Corrupted(f"no theorem of this problem is called {name!r}")
        left, right = said[name]
        exact = name in asked
        if not (proof.theorem.left == left if exact else _says(proof.theorem, left, right)):
            raise Refused(f"{name} is not about {left}")
    missing = [name for name in (*asked, *_beside(problem, proofs)) if name not in proofs]
    if missing:
        raise Corrupted(f"the proof of {missing[0]} is missing")
    return of_problem(problem, family, entry, str(data["road"]), proofs, data["witnesses"])


def _says(theorem: Theorem, left: Term, right: Term | None) -> bool:
    """Whether a theorem says left = right, but for the letters of its free indices."""
    have, want = ([theorem.left], [left]) if right is None else ([theorem.left, theorem.right], [left, right])
    letters = theorem.context.letters
    return all(map(same, _in_order(have, letters), _in_order(want, letters)))


def _in_order(sides: Sequence[Term], letters: frozenset[str]) -> list[Term]:
    """The sides with their free index letters renamed in the order in which they stand."""
    places = [str(t.value) for side in sides for t in nodes(side) if t.op == "sym" and t.value in free(side) & letters]
    names = {name: sym(f"index{n}") for n, name in enumerate(dict.fromkeys(places))}
    return [substitute(side, names) for side in sides]


def _beside(problem: Problem, proofs: dict[str, Proof]) -> list[str]:
    """The theorems that are told beside those which the main one rests on."""
    told = ["jacobian-same", "jacobian-different"] if "softmax-jacobian" in proofs else []
    return told + (["loss-of-the-true-class"] if problem.target is not None else [])


def _road(proofs: dict[str, Proof]) -> str | None:
    """Which road the proofs take: the Jacobian road is the one with the chain rule over the probabilities."""
    if "loss-by-logit" not in proofs:
        return None
    rules = {step.rule for step in proofs["loss-by-logit"].theorem.steps}
    return "jacobian" if "chain-rule" in rules else "logits"


def _known(witnesses: Any) -> bool:
    return isinstance(witnesses, list) and witnesses == [by for by in WITNESSES if by in witnesses]
