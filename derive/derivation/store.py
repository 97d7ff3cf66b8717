"""A proof as JSON and back. Reading believes nothing: the kernel checks every step again."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from fractions import Fraction
from typing import Any

from derive.chains import SoftmaxCrossEntropy, function, problem_named
from derive.chains.chain import Chain
from derive.chains.function import FunctionProblem
from derive.chains.labels import number
from derive.chains.network import NetworkProblem, network_problem
from derive.chains.read_spec import read_network
from derive.chains.write_spec import to_mapping
from derive.core.context import Context
from derive.core.kernel import Refused, Step, Theorem, check
from derive.core.term import Path, Term, nodes
from derive.errors import Corrupted, UsageError
from derive.proofs.proof import Move, Proof
from derive.rules import RULES

NUMBER = re.compile(r"[0-9]{1,40}(/[0-9]{1,40})?")
FORMAT, VERSION = "derive-proof", 1
NETWORK = "network"  # what the problem of a record is called when it is a network
DEEPEST, MOST_STEPS, LONGEST_TEXT = 100, 20_000, 200


def term_to_json(t: Term) -> list[Any]:
    """A term as nested lists.

    >>> from derive.core.term import sym
    >>> term_to_json(sym("z")[1])
    ['elem', ['sym', 'z'], ['num', '1']]
    """
    head = [t.op] if t.value is None else [t.op, str(t.value)]
    return [*head, *map(term_to_json, t.args)]


def term_from_json(data: Any, depth: int = 0) -> Term:
    """The term of nested lists; Corrupted when they are anything else."""
    if depth > DEEPEST or not isinstance(data, list) or not data or not isinstance(data[0], str):
        raise Corrupted("a term is not written as nested lists")
    op, rest = data[0], data[1:]
    value: str | Fraction | None = None
    try:
        if rest and isinstance(rest[0], str):
            value, rest = rest[0][:LONGEST_TEXT], rest[1:]
            if op == "num":
                if not NUMBER.fullmatch(value):
                    raise Corrupted(f"{value[:20]!r} is not a number")
                value = Fraction(value)
        return Term(op, tuple(term_from_json(a, depth + 1) for a in rest), value)
    except (ValueError, ZeroDivisionError) as error:
        raise Corrupted(f"not a term: {error}") from None


def function_to_json(problem: FunctionProblem) -> dict[str, Any]:
    """What a function problem is made of."""
    context = problem.context
    return {
        "name": problem.name,
        "body": term_to_json(problem.body),
        "wrt": [term_to_json(x) for x in problem.wrt],
        "order": problem.order,
        "hessian": problem.hessian,
        "shapes": {name: [term_to_json(size) for size in shape] for name, shape in context.shapes.items()},
        "indices": {name: term_to_json(size) for name, size in context.indices.items()},
    }


def function_from_json(data: Any) -> FunctionProblem:
    """The function problem of a record. Raises Corrupted."""
    keys = {"name", "body", "wrt", "order", "hessian", "shapes", "indices"}
    if not isinstance(data, dict) or set(data) != keys or not isinstance(data["wrt"], list):
        raise Corrupted("the function is not stated")
    if not isinstance(data["hessian"], bool):
        raise Corrupted("the function is not stated")
    try:
        shapes = {str(name): tuple(map(term_from_json, shape)) for name, shape in data["shapes"].items()}
        indices = {str(name): term_from_json(size) for name, size in data["indices"].items()}
        wrt = tuple(map(term_from_json, data["wrt"]))
        context = Context(shapes=shapes, indices=indices)
        body = term_from_json(data["body"])
        problem = FunctionProblem(context, body, wrt, data["order"], data["hessian"])
    except (ValueError, TypeError, AttributeError) as error:
        raise Corrupted(f"the function cannot be stated: {error}") from None
    _refuse_other_families(problem)
    return problem


def _refuse_other_families(problem: FunctionProblem) -> None:
    """The families of a record are those of its function, each with as many indices; no value is a letter too."""
    parts = [t for side in (problem.body, *problem.wrt) for t in nodes(side)]
    ranks = {str(t.args[0].value): len(t.args) - 1 for t in parts if t.op == "elem"}
    stated = {name: len(shape) for name, shape in problem.context.shapes.items()}
    if ranks != stated:
        odd = sorted(name for name in {*ranks, *stated} if ranks.get(name) != stated.get(name))
        raise Corrupted(f"the families of the function are not those that are stated: {', '.join(odd)}")
    values = {str(t.value) for side in (problem.body, *problem.wrt) for t in _values(side)}
    if taken := sorted(values & set(problem.context.indices)):
        raise Corrupted(f"{taken[0]} is an index and also a value")


def _values(t: Term) -> Iterator[Term]:
    """The names in a term that stand for values, not for places."""
    if t.op == "sym":
        yield t
    kept = {"elem": (), "delta": (), "sum": t.args[2:]}.get(t.op, t.args)
    for part in kept:
        yield from _values(part)


def problem_to_json(problem: SoftmaxCrossEntropy) -> dict[str, Any]:
    """What `problem_named` needs to make the same problem again."""
    classes = list(problem.classes or ())
    return {
        "name": problem.name,
        "classes": None if not classes else classes if problem.named else len(classes),
        "target": _target_to_json(problem),
        "inputs": problem.inputs,
        "biases": list(problem.biases) or None,
    }


def _target_to_json(problem: SoftmaxCrossEntropy) -> str | int | None:
    """The number of the true class; its name, where classes are called by numbers."""
    if problem.target is None or problem.target.op == "sym":
        return None if problem.target is None else "r"
    place = int(str(problem.target.value))
    numbered = problem.named and any(number(name) is not None for name in problem.classes or ())
    return (problem.classes or ())[place - 1] if numbered else place


def problem_from_json(data: Any) -> SoftmaxCrossEntropy:
    if not isinstance(data, dict) or set(data) != {"name", "classes", "target", "inputs", "biases"}:
        raise Corrupted("the problem is not stated")
    options = dict(data)
    name = options.pop("name")
    try:
        return problem_named(str(name), **options)
    except (ValueError, TypeError) as error:
        raise Corrupted(f"the problem cannot be stated: {error}") from None


def network_to_json(problem: NetworkProblem) -> dict[str, Any]:
    """The network in the shape of its file, with numbers that JSON keeps exact."""
    return {"name": NETWORK, "spec": _exact(to_mapping(problem.spec)), "batch": problem.batch}


def _exact(value: Any) -> Any:
    """The same value in what JSON knows: a fraction as a whole number or as "1/10"."""
    match value:
        case dict():
            return {key: _exact(each) for key, each in value.items()}
        case list() | tuple():
            return list(map(_exact, value))
        case Fraction():
            return value.numerator if value.denominator == 1 else str(value)
    return value


def network_from_json(data: Any) -> NetworkProblem:
    """The network of a record. Raises Corrupted."""
    if not isinstance(data, dict) or set(data) != {"name", "spec", "batch"}:
        raise Corrupted("the network is not stated")
    if not isinstance(data["spec"], dict) or not isinstance(data["batch"], bool):
        raise Corrupted("the network is not stated")
    try:
        return network_problem(read_network(data["spec"]), data["batch"])
    except ValueError as error:
        raise Corrupted(f"the network cannot be stated: {error}") from None


def chain_to_json(chain: Chain) -> dict[str, Any]:
    """What the chain was written as. Raises UsageError for a lemma."""
    if chain.kind not in WRITTEN:
        raise UsageError(f"a lemma of the catalogue has no record; derive prove {chain.name} proves it again")
    return WRITTEN[chain.kind][0](chain.source)


def chain_from_json(data: Any) -> Chain:
    """The chain of a record. Raises Corrupted."""
    name = data.get("name") if isinstance(data, dict) else None
    kind = {NETWORK: "network", function.NAME: "formula"}.get(str(name), "problem")
    chain: Chain = WRITTEN[kind][1](data).chain
    return chain


WRITTEN: Mapping[str, tuple[Callable[[Any], dict[str, Any]], Callable[[Any], Any]]] = {
    "formula": (function_to_json, function_from_json),
    "problem": (problem_to_json, problem_from_json),
    "network": (network_to_json, network_from_json),
}


def letters_to_json(context: Context) -> dict[str, Any]:
    """How far the index letters of a theorem run; those of a network are not the same in all layers."""
    return {name: term_to_json(size) for name, size in context.indices.items()}


def letters_from_json(data: Any) -> dict[str, Term]:
    if not isinstance(data, dict):
        raise Corrupted("the index letters of a proof are not stated")
    return {name: term_from_json(size) for name, size in data.items()}


def proof_to_json(proof: Proof) -> dict[str, Any]:
    """The steps of a proof and how they are grouped; nothing that the kernel would work out itself."""
    t = proof.theorem
    return {
        "name": t.name,
        "left": term_to_json(t.left),
        "right": term_to_json(t.right),
        "steps": [_step_to_json(step) for step in t.steps],
        "moves": [[m.headline, m.start, m.stop, m.brief] for m in proof.moves],
    }


def _step_to_json(step: Step) -> dict[str, Any]:
    at = [list(n) if isinstance(n, tuple) else n for n in step.at]
    data: dict[str, Any] = {"rule": step.rule, "at": at}
    if step.back:
        data["back"] = True
    if step.using:
        data["using"] = {name: term_to_json(t) for name, t in step.using}
    if step.rename:
        data["rename"] = dict(step.rename)
    return data


def proof_from_json(data: Any, context: Context, lemmas: Mapping[str, Theorem]) -> Proof:
    """Check a stored proof with the kernel. Raises Corrupted or Refused."""
    if not isinstance(data, dict) or set(data) != {"name", "left", "right", "steps", "moves"}:
        raise Corrupted("a proof needs name, left, right, steps and moves")
    steps, moves, name = data["steps"], data["moves"], data["name"]
    if (
        not isinstance(steps, list)
        or len(steps) > MOST_STEPS
        or not isinstance(moves, list)
        or not isinstance(name, str)
    ):
        raise Corrupted("steps and moves must be lists, the name a text")
    left, right = term_from_json(data["left"]), term_from_json(data["right"])
    try:
        theorem = check(name, context, left, right, tuple(map(_step_from_json, steps)), RULES, lemmas)
    except Refused as refusal:
        raise Refused(f"{name}, {refusal}", refusal.step) from None
    return Proof(theorem, _moves_from_json(moves, len(steps)))


def _step_from_json(data: Any) -> Step:
    if not isinstance(data, dict) or not {"rule", "at"} <= set(data) <= {"rule", "at", "back", "using", "rename"}:
        raise Corrupted("a step needs a rule and a place")
    rule, using, rename = data["rule"], data.get("using", {}), data.get("rename", {})
    if not isinstance(rule, str) or not isinstance(using, dict) or not isinstance(rename, dict):
        raise Corrupted("a step is not written as derive writes it")
    if not all(isinstance(new, str) and new.isidentifier() for new in rename.values()):
        raise Corrupted("a new index letter is not a letter")
    bindings = tuple((name, term_from_json(t)) for name, t in using.items())
    return Step(rule, _path_from_json(data["at"]), data.get("back", False) is True, bindings, tuple(rename.items()))


def _path_from_json(data: Any) -> Path:
    if not isinstance(data, list):
        raise Corrupted("a place is not a list of numbers")
    return tuple(_child(n) for n in data)


def _child(n: Any) -> int | tuple[int, int]:
    if isinstance(n, int) and not isinstance(n, bool):
        return n
    if isinstance(n, list) and len(n) == 2 and all(isinstance(k, int) and not isinstance(k, bool) for k in n):
        return (n[0], n[1])
    raise Corrupted("a place is not a list of numbers")


def _moves_from_json(data: list[Any], steps: int) -> tuple[Move, ...]:
    """The moves must cover the steps, one after the other."""
    moves: list[Move] = []
    at = 0
    for item in data:
        if not isinstance(item, list) or len(item) != 4 or not all(type(n) is int for n in item[:3]):
            raise Corrupted("a move is not written as derive writes it")
        move = Move(item[0], item[1], item[2], item[3] is True)
        if move.start != at or not move.start <= move.headline < move.stop:
            raise Corrupted("the moves do not cover the steps")
        moves.append(move)
        at = move.stop
    if at != steps:
        raise Corrupted("the moves do not cover the steps")
    return tuple(moves)


def first_difference(have: Any, want: Any, path: str = "") -> str | None:
    """Where two JSON values differ first, as a path; None when they are equal."""
    if isinstance(have, dict) and isinstance(want, dict):
        for key in sorted(set(have) | set(want)):
            if key not in have or key not in want:
                return f"{path}.{key}".lstrip(".")
            found = first_difference(have[key], want[key], f"{path}.{key}")
            if found:
                return found
        return None
    if isinstance(have, list) and isinstance(want, list):
        if len(have) != len(want):
            return path.lstrip(".")
        pairs = (first_difference(h, w, f"{path}[{n}]") for n, (h, w) in enumerate(zip(have, want, strict=True)))
        return next((found for found in pairs if found), None)
    same = type(have) is type(want) and have == want
    return None if same else path.lstrip(".") or "the file"
