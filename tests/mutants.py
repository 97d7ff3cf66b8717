"""Records with one thing changed: `python tests/mutants.py 2000` counts what is accepted of so many."""

from __future__ import annotations

import json
import random
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from functools import cache
from typing import Any

import derive
from derive.core.kernel import Refused
from derive.core.term import Term
from derive.errors import Corrupted
from derive.recheck import Verified
from derive.store import term_from_json, term_to_json
from twins import slips

NAME = "softmax-cross-entropy"
LAYERS = [{"units": 2, "activation": "relu"}, {"units": 3}]
NET: dict[str, Any] = {
    "network": {"input": 2, "layers": LAYERS, "classes": ["cat", "dog", "owl"]},
    "loss": {"name": "cross-entropy", "smoothing": 0.1},
}
LOOKALIKES = {"a": "а", "c": "с", "e": "е", "o": "о", "p": "р", "x": "х", "1": "１", "2": "２", "b": "b\u0301"}
HIDDEN = ("\u200b", "\u202e", "\u0301", "\u2060", "\u034f", "\ufe0f", "\u3164")
Place = tuple[Any, ...]


@cache
def records() -> dict[str, str]:
    """Genuine records, of every kind of problem."""
    kernel = ("kernel",)
    classes = derive.problem(NAME, classes=["setosa", "versicolor", "virginica"], target=1)
    made = {
        "function": derive.prove("x^2 sin(x) + ln(x)", order=2, witnesses=kernel),
        "entries": derive.prove("sum(i, y_i ln(x_i))", "x_k", witnesses=kernel),
        "gradient": derive.prove("x^2 y + exp(x y)", "x,y", witnesses=kernel),
        "softmax": derive.prove(derive.problem(NAME), "W", witnesses=kernel),
        "classes": derive.prove(classes, "b", witnesses=kernel),
        "numbers": derive.prove(derive.problem(NAME, classes=["0", "1", "2"], target="1"), "z", witnesses=kernel),
        "network": derive.network(NET).prove("W1,b2", witnesses=kernel),
        "batch": derive.network(NET).prove("b1", True, kernel),
    }
    return {name: each.to("json") for name, each in made.items()}


def places(data: Any, path: Place = ()) -> Iterator[tuple[Place, Any]]:
    """Every value inside a JSON value, and where it is."""
    yield path, data
    if isinstance(data, dict | list):
        for key, value in list(data.items() if isinstance(data, dict) else enumerate(data)):
            yield from places(value, (*path, key))


def put(data: Any, path: Place, value: Any) -> None:
    for key in path[:-1]:
        data = data[key]
    data[path[-1]] = value


def _some(data: Any, kind: type | tuple[type, ...], chance: random.Random) -> tuple[Place, Any]:
    found = [(path, value) for path, value in places(data) if path and isinstance(value, kind)]
    weighed = [each for each in found if each[0][0] != "proofs"]  # what is told is as likely as the many steps
    return chance.choice(weighed if weighed and chance.random() < 0.4 else found)


def leaf(data: Any, chance: random.Random) -> None:
    path, value = _some(data, (str, int, bool), chance)
    new: Any = not value if isinstance(value, bool) else value + chance.choice((-1, 1)) if isinstance(value, int) else ""
    if isinstance(value, str):
        new = chance.choice((value + "x", value[:-1], value[::-1], value.upper(), "k", "1"))
    put(data, path, new)


def looks_alike(data: Any, chance: random.Random) -> None:
    """One letter or digit exchanged for one that looks so, or a sign put in that is not seen: here, or everywhere."""
    path, value = _some(data, str, chance)
    exchanged = [value.replace(old, new, 1) for old, new in LOOKALIKES.items() if old in value]
    new = chance.choice([*exchanged, *(value + sign for sign in HIDDEN), f"\u202e{value}"])
    spots = [spot for spot, each in places(data) if each == value] if chance.random() < 0.5 else [path]
    for spot in spots:
        put(data, spot, new)


def left_out(data: Any, chance: random.Random) -> None:
    path, value = _some(data, (dict, list), chance)
    if value:
        del value[chance.choice(list(value) if isinstance(value, dict) else range(len(value)))]


def added(data: Any, chance: random.Random) -> None:
    _, value = _some(data, (dict, list), chance)
    if isinstance(value, dict):
        value[chance.choice(("note", "k", "labels", "name ", "Right"))] = chance.choice((None, True, [], {}, "x"))
    else:
        value.append(json.loads(json.dumps(chance.choice(value))) if value else "x")


def exchanged(data: Any, chance: random.Random) -> None:
    """Two values under the same key, or two items of a list."""
    path, value = _some(data, (str, int, list, dict), chance)
    others = [spot for spot, each in places(data) if spot and spot[-1] == path[-1] and type(each) is type(value)]
    spot = chance.choice(others)
    if path[: len(spot)] != spot and spot[: len(path)] != path:
        other = next(each for here, each in places(data) if here == spot)
        put(data, path, other)
        put(data, spot, value)


def renamed(data: Any, chance: random.Random) -> None:
    """Two theorems called by each other's name, everywhere."""
    one, other = (chance.choice(data["proofs"])["name"] for _ in range(2))
    for path, value in list(places(data)):
        if path and value in (one, other) and path[0] == "proofs":
            put(data, path, other if value == one else one)


def slipped(data: Any, chance: random.Random) -> None:
    """A slip in a term: in a claim, or in what a step puts in."""
    found = []
    for path, value in places(data):
        if path and path[-1] in ("left", "right", "to", "body") and isinstance(value, list):
            found.append((path, value))
    path, value = chance.choice(found)
    made = list(slips(term_from_json(value)))
    if made:
        put(data, path, term_to_json(chance.choice(made)[1]))


def of_another_type(data: Any, chance: random.Random) -> None:
    path, value = _some(data, (str, int, list, dict), chance)
    put(data, path, chance.choice((None, True, 1, 1.0, "1", [], {}, [value], str(value))))


CHANGES: tuple[Callable[[Any, random.Random], None], ...] = (
    leaf, looks_alike, left_out, added, exchanged, renamed, slipped, of_another_type,
)  # fmt: skip


def twice(text: str, chance: random.Random) -> str:
    """A key that stands twice in its object, first with another value."""
    spots = [n for n, c in enumerate(text) if c == "{" and text[n + 1 : n + 3].strip(" \n}")]
    at = chance.choice(spots)
    key = text[at:].split('"', 2)[1] if '"' in text[at : at + 40] else "name"
    return f'{text[: at + 1]}"{key}": "x",{text[at + 1 :]}'


def mutant(seed: int) -> tuple[str, str, str]:
    """The name of a record, what was done to it, and the text that came of it."""
    chance = random.Random(seed)
    name = chance.choice(list(records()))
    before = records()[name]
    if chance.random() < 0.06:
        return name, "twice", twice(before, chance)
    while True:
        data, change = json.loads(before), chance.choice(CHANGES)
        change(data, chance)
        if data != json.loads(before) or json.dumps(data) != json.dumps(json.loads(before)):
            return name, change.__name__, json.dumps(data)


def says(derivation: Verified, text: str) -> tuple[Any, ...]:
    """All that a record says and proves: what is told, and each theorem with what it rests on.

    How many inputs there are and what classes are called is left out where nothing else in the record says it: a
    record about other ones is as genuine.
    """
    told = {key: value for key, value in json.loads(text).items() if key not in ("proofs", "problem", "lines")}
    theorems = {proof.theorem.name: _said(proof.theorem.left, proof.theorem.right) for proof in derivation.needed}
    rest = {
        proof.theorem.name: (sorted(proof.theorem.assumptions), len(proof.theorem.conditions))
        for proof in derivation.needed
    }
    context = derivation.statement.context
    shapes = {name: shape for name, shape in context.shapes.items() if name not in ("W", "h")}
    definitions = {name: each.body for name, each in context.definitions.items() if name != "z"}
    return told, theorems, rest, shapes, definitions


def _said(left: Term, right: Term) -> str:
    """An equation, but for the letters of its bound indices."""
    def spelled(t: Term, bound: tuple[str, ...]) -> str:
        if t.op == "sym" and t.value in bound:
            return f"#{len(bound) - 1 - bound[::-1].index(str(t.value))}"
        if t.op == "sum":
            bound = (*bound, str(t.args[0].value))
        return f"{t.op}:{t.value}({','.join(spelled(a, bound) for a in t.args)})"

    return f"{spelled(left, ())}={spelled(right, ())}"


def accepted(seed: int) -> tuple[str, str, bool] | None:
    """None where a mutant is refused; else its record, what was done, and whether it says the same thing."""
    name, change, text = mutant(seed)
    try:
        derivation = derive.verify(text)
    except (Refused, Corrupted):
        return None
    return name, change, says(derivation, text) == says(original(name), records()[name])


@cache
def original(name: str) -> Verified:
    return derive.verify(records()[name])


if __name__ == "__main__":
    counts: Counter[str] = Counter()
    for seed in range(int(sys.argv[1])):
        found = accepted(seed)
        kind = "refused" if found is None else "accepted, the same" if found[2] else "ACCEPTED, ANOTHER"
        counts[f"{kind}: {mutant(seed)[1]}"] += 1
        if found is not None:
            print(seed, found)
    print(dict(counts))
