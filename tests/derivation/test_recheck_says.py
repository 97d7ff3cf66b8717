"""Theorems of a record are called what they say, its indices are letters, and its keys are known at every level."""

import copy
import json
from functools import cache
from itertools import combinations
from typing import Any

import pytest

import derive
from derive.core.kernel import Refused
from derive.errors import Corrupted

BAD = (Refused, Corrupted)
NAME = "softmax-cross-entropy"
LAYERS = [{"units": 2, "activation": "relu"}, {"units": 3}]
NET: dict[str, Any] = {
    "network": {"input": 2, "layers": LAYERS, "classes": ["cat", "dog", "owl"]},
    "loss": {"name": "cross-entropy", "smoothing": 0.1},
}


@cache
def record(name: str) -> str:
    if name == "network":
        return derive.network(NET).prove("W1,b2", witnesses=("kernel",)).to("json")
    options = {"classes": ["setosa", "versicolor", "virginica"], "target": 1} if name == "classes" else {}
    return derive.prove(derive.problem(NAME, **options), "b", witnesses=("kernel",)).to("json")


def swapped(text: str, one: str, other: str, everywhere: bool) -> str:
    """Two theorems called by each other's name, and cited so too."""
    data = json.loads(text)
    for proof in data["proofs"]:
        for item in [proof, *(proof["steps"] if everywhere else [])]:
            key = "name" if "name" in item else "rule"
            item[key] = {one: other, other: one}.get(item[key], item[key])
    return json.dumps(data)


@pytest.mark.parametrize("name", ["symbolic", "classes", "network"])
def test_no_two_theorems_can_change_their_names(name: str):
    pairs = list(combinations([proof["name"] for proof in json.loads(record(name))["proofs"]], 2))
    assert len(pairs) >= 21
    for pair in pairs[:: 1 + len(pairs) // 30]:
        for everywhere in (False, True):
            with pytest.raises(BAD):
                derive.verify(swapped(record(name), *pair, everywhere))


def test_another_letter_for_any_entry_is_the_same_theorem():
    data = json.loads(record("symbolic"))
    proof = next(each for each in data["proofs"] if each["name"] == "loss-by-probability")
    proof |= json.loads(json.dumps({key: proof[key] for key in ("left", "right", "steps")}).replace('"i"', '"q"'))
    for step in proof["steps"]:
        if "rename" in step:
            step["rename"] = {"i" if old == "q" else old: new for old, new in step["rename"].items()}
    assert str(derive.verify(json.dumps(data)).proofs["loss-by-probability"].theorem.left) == "d(L, p[q])"


@pytest.mark.parametrize("new", ["setosa", "virginica", "p", "e", "ik", "C_x"])
def test_a_bound_index_is_not_called_as_something_else_is(new: str):
    data = json.loads(record("classes"))
    proofs = json.dumps(data["proofs"])
    changed = proofs.replace('"rename": {"i": "m"}', f'"rename": {{"i": "{new}"}}')
    assert changed != proofs
    with pytest.raises(BAD):
        derive.verify(json.dumps(data | {"proofs": json.loads(changed)}))


KEYED = [(), ("problem",), ("claim",), ("results",), ("verdicts", 0), ("lines", 0), ("proofs", 0), ("problem", "spec"),
         ("proofs", 0, "steps", 0), ("problem", "spec", "network"), ("problem", "spec", "network", "layers", 0),
         ("problem", "spec", "loss"), ("proofs", 0, "letters")]  # fmt: skip


@pytest.mark.parametrize("path", KEYED, ids=str)
def test_a_key_that_is_unknown_or_stands_twice_is_refused(path: tuple[Any, ...]):
    def changed(key: str, value: Any) -> Any:
        data = copy.deepcopy(json.loads(record("network")))
        here = data
        for step in path:
            here = here[step]
        first = next(iter(here))
        here[key] = here[first] if value is None else value
        return first, json.dumps(data)

    for odd in ("note", "Name", "name\u200b"):
        with pytest.raises(BAD):
            derive.verify(changed(odd, "x")[1])
    first, text = changed("the key", None)
    for twice in (first, f"\\u{ord(first[0]):04x}{first[1:]}"):
        with pytest.raises(Corrupted, match="stands twice"):
            derive.verify(text.replace('"the key"', f'"{twice}"'))


@pytest.mark.parametrize("constant", ["NaN", "Infinity", "1e999"])
def test_what_is_no_number_is_refused(constant: str):
    with pytest.raises(BAD):
        derive.verify(record("classes").replace('"inputs": 2', f'"inputs": {constant}'))
