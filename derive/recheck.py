"""Checking a record from its text alone."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

from derive.core.kernel import Refused
from derive.core.law import Context
from derive.core.term import Term, d
from derive.derivation import Derivation
from derive.document.explain import DetailError
from derive.document.language import LanguageError
from derive.errors import Corrupted, UsageError
from derive.function import WITNESSES, FunctionDerivation
from derive.names import WrtError, variable
from derive.networks import Network, NetworkDerivation
from derive.problems import function
from derive.problems.namesakes import clash
from derive.problems.network import NetworkProblem
from derive.proving.function import before
from derive.proving.network import goals
from derive.proving.network_goals import network_goals
from derive.proving.proof import Proof
from derive.record import KEYS
from derive.record import record as make_record
from derive.store import (
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
from derive.syntax.grammar.words import function_misread

Verified = Derivation | FunctionDerivation | NetworkDerivation


def verify(record: str | Path) -> Verified:
    """Check a record from its text (or its file) alone: the kernel again, every word of it, all the witnesses.

    The derivation that comes back is judged by every witness, whichever the record names. Raises
    Corrupted when it is no record of derive, Refused when a proof does not hold or when anything in
    the record is not what the proofs give.
    """
    text = record.read_text(encoding="utf-8") if isinstance(record, Path) else record
    try:
        derivation = _verified(text)
        return derivation if derivation.witnesses == WITNESSES else replace(derivation, witnesses=WITNESSES)
    except (RecursionError, MemoryError, IndexError, KeyError, AttributeError, TypeError) as error:
        raise Corrupted(f"the record is not written as derive writes it ({type(error).__name__})") from None


def _verified(text: str) -> Verified:
    try:
        data = json.loads(text)
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
    place = first_difference(data, json.loads(json.dumps(fresh)))
    if place is not None:
        raise Refused(f"{place} is not what the proof gives")
    return derivation


def _reproved(data: dict[str, Any]) -> Verified:
    """The derivation with every theorem made again by the kernel."""
    if not isinstance(data["proofs"], list) or not isinstance(data["wrt"], str) or not _known(data["witnesses"]):
        raise Corrupted("proofs, wrt or witnesses are not written as derive writes them")
    name = data["problem"].get("name") if isinstance(data["problem"], dict) else None
    if name == NETWORK:
        return _network(data)
    return _function(data) if name == function.NAME else _catalogued(data)


def _function(data: dict[str, Any]) -> FunctionDerivation:
    problem = function_from_json(data["problem"])
    proofs = _proofs(data["proofs"], problem.context)
    derivation = FunctionDerivation(problem, proofs, tuple(data["witnesses"]))
    names = list(map(function.name_of_chain, problem.chains))
    if list(proofs) != names:
        raise Corrupted(f"the proofs should be {', '.join(names)}")
    for chain, name in zip(problem.chains, names, strict=True):
        goal = d(before(problem, chain, proofs), chain[-1])
        if proofs[name].theorem.left != goal:
            raise Refused(f"{name} is not about {goal}")
    return derivation


def _proofs(items: list[Any], context: Context) -> dict[str, Proof]:
    proofs: dict[str, Proof] = {}
    for item in items:
        proof = _readable(proof_from_json(item, context, {name: p.theorem for name, p in proofs.items()}))
        proofs[proof.theorem.name] = proof
    return proofs


def _readable(proof: Proof) -> Proof:
    """A proof in which no two names are printed alike: a record may have renamed an index."""
    if (name := function_misread(proof.theorem.lines)) is not None:
        raise Refused(f"{proof.theorem.name}: a function called {name} would be taken for one that is known")
    if (found := clash(proof.theorem.lines, proof.theorem.context)) is not None:
        raise Refused(f"{proof.theorem.name}: {found}")
    return proof


def _network(data: dict[str, Any]) -> NetworkDerivation:
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
    for name in (*wanted, *(f"gradient-{family}" for family in families)):
        if name not in proofs:
            raise Corrupted(f"the proof of {name} is missing")
    return NetworkDerivation(problem, families, proofs, tuple(data["witnesses"]))


def _network_proof(
    item: dict[str, Any], problem: NetworkProblem, proofs: dict[str, Proof], layer: int, goal: Term
) -> Proof:
    """A theorem is about what its name says, and its index letters run as far as in its layer."""
    name, letters, own = item["name"], letters_from_json(item["letters"]), problem.letters(layer).indices
    if letters != {**own, "m": letters.get("m")} or letters["m"] not in (own["m"], own["k"]):
        raise Corrupted(f"the index letters of {name} are not those of its layer")
    steps = {key: value for key, value in item.items() if key != "letters"}
    lemmas = {proof.theorem.name: proof.theorem for proof in proofs.values()}
    proof = _readable(proof_from_json(steps, problem.context.with_letters(letters), lemmas))
    if proof.theorem.left != goal:
        raise Refused(f"{name} is not about {goal}")
    return proof


def _catalogued(data: dict[str, Any]) -> Derivation:
    problem = problem_from_json(data["problem"])
    proofs = _proofs(data["proofs"], problem.context)
    try:
        family, entry = variable(problem, data["wrt"])
    except WrtError as error:
        raise Corrupted(str(error)) from None
    derivation = Derivation(problem, family, entry, str(data["road"]), proofs, tuple(data["witnesses"]))
    if _road(proofs) not in (data["road"], None):
        raise Corrupted(f"the proofs do not take the road {data['road']!r}")
    for name, goal in goals(problem, family).items():
        if name in proofs and proofs[name].theorem.left != goal:
            raise Refused(f"{name} is not about {goal}")
    missing = [name for name in (derivation.main, *derivation.entries) if name not in proofs]
    if missing:
        raise Corrupted(f"the proof of {missing[0]} is missing")
    return derivation


def _road(proofs: dict[str, Proof]) -> str | None:
    """Which road the proofs take: the Jacobian road is the one with the chain rule over the probabilities."""
    if "loss-by-logit" not in proofs:
        return None
    rules = {step.rule for step in proofs["loss-by-logit"].theorem.steps}
    return "jacobian" if "chain-rule" in rules else "logits"


def _known(witnesses: Any) -> bool:
    return isinstance(witnesses, list) and set(map(str, witnesses)) <= set(WITNESSES)
