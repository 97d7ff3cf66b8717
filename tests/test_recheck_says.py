"""A record says what its proofs prove: the names of theorems, the families, each key once; and nothing is refuted."""

import copy
import json
from collections.abc import Callable
from itertools import permutations
from pathlib import Path
from typing import Any

import pytest
from mutants import accepted, records

import derive
from derive.core.kernel import Refused
from derive.errors import Corrupted
from derive.witness import panel
from derive.witness.verdict import Refuted

BAD = (Refused, Corrupted)
NAME = "softmax-cross-entropy"
MUTANTS = 150  # tests/mutants.py tries as many as one likes


def test_mutated_records_say_nothing_else():
    found = list(filter(None, map(accepted, range(MUTANTS))))
    assert [each for each in found if not each[2]] == []
    assert len(found) < MUTANTS / 20


def swapped(text: str, one: str, other: str, everywhere: bool) -> str:
    """Two theorems called by each other's name, and cited so too."""
    data = json.loads(text)
    for proof in data["proofs"]:
        for item in [proof, *(proof["steps"] if everywhere else [])]:
            key = "name" if "name" in item else "rule"
            item[key] = {one: other, other: one}.get(item[key], item[key])
    return json.dumps(data)


@pytest.mark.parametrize("name", ["softmax", "classes", "network"])
def test_no_two_theorems_can_change_their_names(name: str):
    names = [proof["name"] for proof in json.loads(records()[name])["proofs"]]
    pairs = [pair for pair in permutations(names, 2) if pair[0] < pair[1]]
    assert len(pairs) >= 21
    for everywhere in (False, True):
        for pair in pairs[:: 1 if everywhere else 4]:
            with pytest.raises(BAD):
                derive.verify(swapped(records()[name], *pair, everywhere))


def test_another_letter_for_any_entry_is_the_same_theorem():
    data = json.loads(records()["softmax"])
    proof = next(each for each in data["proofs"] if each["name"] == "loss-by-probability")
    proof |= json.loads(json.dumps({key: proof[key] for key in ("left", "right", "steps")}).replace('"i"', '"q"'))
    for step in proof["steps"]:
        if step.get("rename"):
            step["rename"] = {"i" if old == "q" else old: new for old, new in step["rename"].items()}
    assert derive.verify(json.dumps(data)).proofs["loss-by-probability"].theorem.left.args[1].args[1].value == "q"


def _at(data: Any, *path: Any) -> Any:
    for key in path:
        data = data[key]
    return data


CHANGES: dict[str, tuple[str, Callable[[Any], Any]]] = {
    "a family left out": ("entries", lambda d: d["problem"]["shapes"].pop("y")),
    "a family without its index": ("entries", lambda d: d["problem"]["shapes"].update(y=[])),
    "a family with an index more": ("entries", lambda d: d["problem"]["shapes"].update(x=[["sym", "n"], ["sym", "n"]])),
    "a family that is not there": ("entries", lambda d: d["problem"]["shapes"].update(w=[["sym", "n"]])),
    "a value as an index": ("gradient", lambda d: d["problem"]["indices"].update(y=["num", "2"])),
    "fewer variables": ("network", lambda d: d.update(wrt="b2")),
    "other variables": ("network", lambda d: d.update(wrt="b2,b1")),
    "a witness twice": ("function", lambda d: d.update(witnesses=["kernel", "kernel"])),
    "a lemma beside left out": ("softmax", lambda d: d["proofs"].pop(1)),
    "the name of a class": ("numbers", lambda d: d["problem"]["classes"].__setitem__(0, "3")),
    "a full-width digit": ("classes", lambda d: d["problem"]["biases"].__setitem__(0, "b_３")),
    "a Cyrillic letter": ("network", lambda d: _at(d, "problem", "spec", "network", "classes").__setitem__(0, "саt")),
    "a mark": ("network", lambda d: _at(d, "problem", "spec", "network", "classes").__setitem__(0, "cat\u0332")),
    "an unseen sign": ("network", lambda d: _at(d, "problem", "spec", "network", "classes").__setitem__(0, "ca\u034ft")),
    "from right to left": ("network", lambda d: _at(d, "problem", "spec", "network", "classes").__setitem__(0, "\u202ecat")),
    "composed otherwise": ("network", lambda d: _at(d, "problem", "spec", "network", "classes").__setitem__(0, "e\u0301")),
    "an index as a class": ("network", lambda d: _at(d, "problem", "spec", "network", "classes").__setitem__(0, "k")),
}  # fmt: skip
KEYED = [(), ("problem",), ("claim",), ("results",), ("verdicts", 0), ("lines", 0), ("proofs", 0), ("proofs", 0, "steps", 0),
         ("problem", "spec"), ("problem", "spec", "network"), ("problem", "spec", "network", "layers", 0),
         ("problem", "spec", "loss"), ("proofs", 0, "letters")]  # fmt: skip


@pytest.mark.parametrize("change", CHANGES)
def test_a_record_that_is_not_its_proofs_is_refused(change: str):
    name, do = CHANGES[change]
    data = json.loads(records()[name])
    do(data)
    with pytest.raises(BAD):
        derive.verify(json.dumps(data))


@pytest.mark.parametrize("path", KEYED, ids=str)
def test_unknown_keys_and_keys_that_stand_twice_are_refused(path: tuple[Any, ...]):
    data = json.loads(records()["network"])
    for odd in ("note", "Name", "name\u200b"):
        more = copy.deepcopy(data)
        _at(more, *path)[odd] = "x"
        with pytest.raises(BAD):
            derive.verify(json.dumps(more))
    there = _at(data, *path)
    key = next(iter(there), None)
    there["the key"] = there.get(key)
    for value in (f'"{key}":', f'"{json.dumps(key)[1:2].join(["", ""])}\\u{ord((key or "x")[0]):04x}{(key or "x")[1:]}":'):
        with pytest.raises(BAD):
            derive.verify(json.dumps(data).replace('"the key":', value))


@pytest.mark.parametrize("constant", ["NaN", "Infinity", "-Infinity", "1e999"])
def test_what_is_no_number_is_refused(constant: str):
    with pytest.raises(BAD):
        derive.verify(records()["function"].replace('"order": 2', f'"order": {constant}'))


@pytest.mark.parametrize("by", ["balls", "sympy"])
@pytest.mark.parametrize("name", ["function", "batch"])
def test_a_record_that_a_witness_refutes_is_refused(name: str, by: str, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(panel, "WITNESSES", {**panel.WITNESSES, by: lambda *asked: Refuted(by)})
    with pytest.raises(Refused, match=f"{by} refutes"):
        derive.verify(records()[name])


def test_conditions_keep_for_which_indices_they_hold(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    from derive.cli import main

    said = {"entries": ["positive: xᵢ for every i"], "network": ["nonzero: s⁽¹⁾ₖ for every k"],
            "batch": ["nonzero: s⁽¹⁾ₙₖ for every k and n"], "function": ["positive: x"]}  # fmt: skip
    for name, conditions in said.items():
        assert json.loads(records()[name])["conditions"] == conditions
        (tmp_path / name).write_text(records()[name])
        assert main(["verify", str(tmp_path / name)]) == 0
        formula, _, every = conditions[0].partition(": ")[2].partition(" for")
        relation = ">" if "positive" in conditions[0] else "≠"
        assert f"condition: {formula} {relation} 0{' for' if every else ''}{every}\n" in capsys.readouterr().out


@pytest.mark.parametrize("name", ["entries", "network"])
def test_records_that_say_conditions_as_earlier_versions_did_are_read(name: str):
    data = json.loads(records()[name])
    data["conditions"] = [each.partition(" for every")[0] for each in data["conditions"]]
    assert derive.verify(json.dumps(data)).needs
    data["conditions"] = ["positive: yᵢ"]
    with pytest.raises(Refused, match="conditions"):
        derive.verify(json.dumps(data))


@pytest.mark.parametrize("text", ["lnx", "sinx", "xy", "x__2", "mx", "logx", "exp_x"])
def test_names_that_are_refused_where_they_are_typed_are_refused_in_a_record(text: str):
    data = json.dumps(json.loads(derive.prove("a x^2", "x", witnesses=("kernel",)).to("json")))
    changed = data.replace('["sym", "a"]', f'["sym", "{text}"]')
    assert changed != data
    with pytest.raises(BAD):
        derive.verify(changed)


def test_grouping_and_letters_that_nothing_uses_may_be_said_otherwise():
    data = json.loads(records()["entries"])
    data["problem"]["indices"]["s"] = ["sym", "n"]
    move = data["proofs"][0]["moves"][1]
    move[3] = not move[3]
    assert derive.verify(json.dumps(data)).theorem.right == derive.verify(records()["entries"]).theorem.right


@pytest.mark.parametrize("new", ["setosa", "virginica", "p", "e", "ik"])
def test_a_bound_index_is_not_called_as_something_else_is(new: str):
    data = json.loads(records()["classes"])
    proofs = json.dumps(data["proofs"])
    changed = proofs.replace('"rename": {"i": "m"}', f'"rename": {{"i": "{new}"}}')
    assert changed != proofs
    with pytest.raises(BAD):
        derive.verify(json.dumps(data | {"proofs": json.loads(changed)}))
