"""Records changed at random: none is accepted that says or proves anything else.

DERIVE_MUTATIONS=2000 looks at so many instead of a few.
"""

import copy
import json
import os
from collections.abc import Callable
from functools import cache
from random import Random
from typing import Any

import pytest

import derive
from derive.core.kernel import Refused
from derive.errors import Corrupted, UsageError

HOW_MANY = int(os.environ.get("DERIVE_MUTATIONS", "160"))
LAYERS = [{"units": 2, "activation": "tanh"}, {"units": 2}]
NET = {"network": {"input": 2, "layers": LAYERS}, "loss": {"name": "squared-error"}}
# how steps are grouped into lines, which letter a bound index has, bindings that fit anyway; and of how many inputs
# the network is whose biases are asked about
HARMLESS = ("moves", "rename", "using", "inputs")


@cache
def originals() -> tuple[str, ...]:
    problem = derive.problem("softmax-cross-entropy", classes=["cat", "dog"], target="cat")
    symbolic = derive.problem("softmax-cross-entropy")
    made = [
        derive.prove("x^2 sin(x)", witnesses=("kernel",)),
        derive.prove("ln(x)/x + a_k x", wrt="x", witnesses=("kernel",)),
        derive.prove(problem, "b", witnesses=("kernel",)),
        derive.prove(symbolic, "b", "logits", ("kernel",)),
        derive.network(NET).prove("W1", witnesses=("kernel",)),
    ]
    return tuple(derivation.to("json") for derivation in made)


def leaves(data: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    items = data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else ()
    return [path, *(leaf for key, value in items for leaf in leaves(value, (*path, key)))]


def at(data: Any, path: tuple[Any, ...]) -> Any:
    for key in path:
        data = data[key]
    return data


def changed(value: Any, rng: Random) -> Any:
    match value:
        case bool():
            return not value
        case int():
            return value + rng.choice((-1, 1, 7))
        case str() if value:
            letters = list(value)
            n = rng.randrange(len(letters))
            letters[n] = rng.choice(("x", "y", "k", "1", "２", "а", "\u200b", letters[n].swapcase() + "'", ""))
            return "".join(letters)
        case list() if value:
            several = [*value]
            n, m = rng.randrange(len(several)), rng.randrange(len(several))
            kind = rng.randrange(4)
            if kind == 0:
                several[n], several[m] = several[m], several[n]
            elif kind == 1:
                del several[n]
            elif kind == 2:
                several.insert(m, copy.deepcopy(several[n]))
            else:
                several[n] = changed(several[n], rng)
            return several
        case dict() if value:
            items = dict(value)
            key = rng.choice(sorted(items))
            kind = rng.randrange(3)
            if kind == 0:
                del items[key]
            elif kind == 1:
                items[f"{key}_"] = items.pop(key)
            else:
                items[f"{key} "] = items[key]
            return items
    return "x" if value in ("", None) else None


def mutated(text: str, rng: Random) -> str:
    data = json.loads(text)
    for _ in range(rng.choice((1, 1, 1, 2))):
        path = rng.choice(leaves(data)[1:])
        parent = at(data, path[:-1])
        other = rng.choice(leaves(data)[1:])
        if rng.random() < 0.2 and isinstance(at(data, other), type(parent[path[-1]])):
            parent[path[-1]] = copy.deepcopy(at(data, other))  # what stands somewhere else in the record
        else:
            parent[path[-1]] = changed(parent[path[-1]], rng)
    return json.dumps(data, ensure_ascii=False)


def without_the_harmless(data: Any) -> Any:
    if isinstance(data, dict):
        return {key: without_the_harmless(value) for key, value in data.items() if key not in HARMLESS}
    return [without_the_harmless(value) for value in data] if isinstance(data, list) else data


def accepted(text: str) -> bool:
    try:
        derive.verify(text)
    except (Corrupted, Refused, UsageError):
        return False
    return True


@pytest.mark.parametrize("part", range(5))
def test_no_mutated_record_says_or_proves_anything_else(part: int) -> None:
    rng, original = Random(part), originals()[part]
    assert accepted(original)
    said = without_the_harmless(json.loads(original))
    refused, wrong = 0, []
    for _ in range(HOW_MANY // 5):
        text = mutated(original, rng)
        if json.loads(text) == json.loads(original):
            continue
        if not accepted(text):
            refused += 1
        elif without_the_harmless(json.loads(text)) != said:
            wrong.append(text)
    assert wrong == []
    assert refused >= 0.8 * (HOW_MANY // 5)


Change = Callable[[dict[str, Any]], object]


def _swap_lemmas(data: dict[str, Any]) -> None:
    """Exchange two names everywhere: each lemma is then called as the other."""
    one, other = data["proofs"][0]["name"], data["proofs"][1]["name"]
    text = json.dumps(data["proofs"]).replace(f'"{one}"', '"@"').replace(f'"{other}"', f'"{one}"')
    data["proofs"] = json.loads(text.replace('"@"', f'"{other}"'))


SAYS_SOMETHING_ELSE: dict[str, tuple[int, Change]] = {
    "two lemmas exchange their names": (2, _swap_lemmas),
    "two lemmas exchange their names, for symbolic sizes": (3, _swap_lemmas),
    "an unknown key": (0, lambda data: data.update(note="checked by hand")),
    "an unknown key of a proof": (0, lambda data: data["proofs"][0].update(note="")),
    "an unknown key of a step": (0, lambda data: data["proofs"][0]["steps"][0].update(note="")),
    "an unknown key of a verdict": (0, lambda data: data["verdicts"][0].update(note="")),
    "an unknown key of the problem": (2, lambda data: data["problem"].update(note="")),
    "an unknown key of a line": (0, lambda data: data["lines"][0].update(note="")),
    "a key of a step that says what is so anyway": (0, lambda data: data["proofs"][0]["steps"][0].update(back=False)),
    "a family is not stated": (1, lambda data: data["problem"]["shapes"].pop("a")),
    "a letter is not stated": (1, lambda data: data["problem"]["indices"].pop("k")),
    "a family more": (0, lambda data: data["problem"]["shapes"].update(q=[["num", "3"]])),
    "a class with a full-width letter": (2, lambda data: data["problem"].update(classes=["ｃat", "dog"])),
    "a class with a Cyrillic letter": (2, lambda data: data["problem"].update(classes=["c\u0430t", "dog"])),
    "a class with a sign that is not seen": (2, lambda data: data["problem"].update(classes=["cat\u200d", "dog"])),
    "a bias with a full-width digit": (2, lambda data: data["problem"].update(biases=["b_１", "b_2"])),
    "a bias that is called as another one": (2, lambda data: data["problem"].update(biases=["b_2", "b_1"])),
    "a proof is left out": (2, lambda data: data["proofs"].pop(0)),
    "the families of a network are fewer": (4, lambda data: data.update(wrt="b1")),
    "verdicts that say more": (0, lambda data: data["verdicts"][3].update(status="proven")),
    "a condition without its letters": (1, lambda data: data.update(conditions=["positive: y"])),
}  # fmt: skip


@pytest.mark.parametrize("name", SAYS_SOMETHING_ELSE)
def test_a_record_that_says_something_else_is_refused(name: str) -> None:
    part, change = SAYS_SOMETHING_ELSE[name]
    data = json.loads(originals()[part])
    change(data)
    assert not accepted(json.dumps(data, ensure_ascii=False))


def test_a_key_that_stands_twice_is_refused() -> None:
    text = originals()[0]
    assert not accepted(text.replace('"lang": "en"', '"lang": "pt",\n "lang": "en"', 1))
    assert not accepted(text.replace('"rule":', '"rule": "sine", "rule":', 1))


@pytest.mark.parametrize(
    ("body", "x"), [("lnx", "x"), ("xy", "x"), ("sinx", "x"), ("x__2", "x"), ("kxy", "y"), ("expx", "x")]
)
def test_names_in_records_obey_the_rule_for_names_that_are_typed(body: str, x: str) -> None:
    """d(lnx)/dx = 0, with lnx a constant."""
    text = derive.prove("q", wrt="x", witnesses=("kernel",)).to("json")
    assert accepted(text)
    assert not accepted(text.replace('"q"', f'"{body}"').replace('"x"', f'"{x}"'))


@pytest.mark.parametrize("refuted", ["balls", "sympy"])
def test_what_a_witness_refutes_is_refused(refuted: str, monkeypatch: pytest.MonkeyPatch) -> None:
    from derive.witness import panel
    from derive.witness.verdict import Refuted

    monkeypatch.setitem(panel.WITNESSES, refuted, lambda *_: Refuted(refuted))  # type: ignore[arg-type, index]
    with pytest.raises(Refused, match="refutes"):
        derive.verify(originals()[0])


@pytest.mark.parametrize("formula", ["sum(k, ln(x_k))", "sum(i, sqrt(x_i) y_i)", "prod"])
def test_a_condition_keeps_for_which_entries_it_holds(formula: str) -> None:
    if formula == "prod":
        formula = "ln(sum(m, ln(x_m)))"
    data = json.loads(derive.prove(formula, wrt="x_j", witnesses=("kernel",)).to("json"))
    assert any(" for every " in condition for condition in data["conditions"])
    assert accepted(json.dumps(data))
    data["conditions"] = [condition.partition(" for every")[0] for condition in data["conditions"]]
    assert not accepted(json.dumps(data))
