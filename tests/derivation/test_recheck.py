"""A record is checked from its text alone, and every change in it is refused."""

import json
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

import derive
from derive.core.kernel import Refused
from derive.errors import Corrupted

FLOWERS = ["setosa", "versicolor", "virginica"]
NAME = "softmax-cross-entropy"


@pytest.fixture(scope="module")
def record() -> dict[str, Any]:
    chain = derive.problem(NAME, classes=FLOWERS, target="setosa")
    return json.loads(derive.prove(chain, "b", witnesses=("kernel",)).to("json"))


@pytest.mark.parametrize("options", [{}, {"target": "r"}, {"classes": 3}, {"classes": FLOWERS, "target": 2}])
@pytest.mark.parametrize("wrt", "zbWh")
def test_what_is_written_is_accepted(options: dict[str, Any], wrt: str):
    text = derive.prove(derive.problem(NAME, **options), wrt, "logits", ("kernel",)).to("json", "pt", "full")
    derivation = derive.verify(text)
    assert replace(derivation, witnesses=("kernel",)).to("json", "pt", "full") == text
    assert [v.status for v in derivation.verdicts] == ["proven", "proven", "proven", "not run"]


def test_the_record_has_the_promised_shape(record: dict[str, Any]):
    assert set(record["claim"]) == {"left", "right"}
    assert {"assumptions", "conditions", "lines", "result", "verdicts"} <= set(record)
    assert all({"rule", "says", "formula", "latex", "changed"} <= set(line) for line in record["lines"])
    assert all({"by", "status", "detail"} == set(verdict) for verdict in record["verdicts"])


def places(data: Any, path: tuple[Any, ...] = ()):
    """Every leaf of a JSON value."""
    if isinstance(data, dict):
        for key, value in data.items():
            yield from places(value, (*path, key))
    elif isinstance(data, list):
        for n, value in enumerate(data):
            yield from places(value, (*path, n))
    else:
        yield path


def tampered(record: dict[str, Any], path: tuple[Any, ...]) -> dict[str, Any]:
    copy = json.loads(json.dumps(record))
    here = copy
    for step in path[:-1]:
        here = here[step]
    old = here[path[-1]]
    here[path[-1]] = not old if isinstance(old, bool) else old + 1 if isinstance(old, int) else f"{old}x"
    return copy


def test_every_change_of_what_is_told_is_refused(record: dict[str, Any]):
    # the same steps prove the same about another number of inputs, and the record then says so
    told = [path for path in places(record) if path[0] != "proofs" and path != ("problem", "inputs")]
    assert len(told) > 50
    for path in told:
        with pytest.raises((Refused, Corrupted)):
            derive.verify(json.dumps(tampered(record, path)))


def test_a_changed_step_is_refused_unless_only_a_letter_or_a_line_break_changed(record: dict[str, Any]):
    steps = [path for path in places(record) if path[0] == "proofs"]
    assert len(steps) > 1000
    accepted = []
    for path in steps[::3]:
        try:
            derive.verify(json.dumps(tampered(record, path)))
            accepted.append(path)
        except (Refused, Corrupted):
            continue
    # the name of a bound index, and whether a line is also shown in brief, are free to choose
    letters = [
        path
        for path in accepted
        if path[2] == "steps" and ("rename" in path or path[-2:] == ("m", 1) or path[-2:] == ("i", 1))
    ]
    assert [path for path in accepted if path[2] == "steps" and path not in letters] == []


def test_every_part_that_is_left_out_is_refused(record: dict[str, Any]):
    for key in record:
        with pytest.raises((Refused, Corrupted)):
            derive.verify(json.dumps({k: v for k, v in record.items() if k != key}))
    for n in range(len(record["proofs"])):
        proofs = record["proofs"][:n] + record["proofs"][n + 1 :]
        with pytest.raises((Refused, Corrupted)):
            derive.verify(json.dumps({**record, "proofs": proofs}))


def test_a_claim_of_something_else_is_refused(record: dict[str, Any]):
    with pytest.raises(Refused, match=r"claim\.right"):
        derive.verify(json.dumps({**record, "claim": {**record["claim"], "right": "pₖ + yₖ"}}))
    verdicts = [{"by": "coq", "status": "proven", "detail": "trust me"}]
    with pytest.raises(Refused, match="verdicts"):
        derive.verify(json.dumps({**record, "verdicts": verdicts}))


@pytest.mark.parametrize(
    "text",
    ["", "{", "[]", "null", "3", '{"format": "derive-proof"}', '{"format": "derive-proof", "version": 2}', "[" * 5000,
     '{"format": "other"}', "\x00", '{"format": "derive-proof", "version": 1e400}'],
)  # fmt: skip
def test_what_is_no_record_is_refused(text: str):
    with pytest.raises(Corrupted):
        derive.verify(text)


def test_odd_values_are_refused_without_a_crash(record: dict[str, Any]):
    for key in record:
        for odd in (None, 3, "x", [], {}, [[]], [{}], True, -1, "\ud800"):
            if odd == record[key]:
                continue
            with pytest.raises((Refused, Corrupted)):
                derive.verify(json.dumps({**record, key: odd}))


def term(op: str, *args):
    return [op, *args]


X = term("sym", "x")
HOSTILE = {
    "a huge number": term("num", "1e300000000"),
    "a tiny number": term("num", "1e-300000000"),
    "not a number": term("num", "٣"),
    "a deep term": ["neg", *[X]],
    "no term": [],
    "an unknown operator": term("evil", X),
    "odd arity": term("div", X),
    "a name with code in it": term("sym", "__import__('os')"),
    "derivative by a number": term("d", X, term("num", "1")),
}


@pytest.mark.parametrize("left", HOSTILE.values(), ids=HOSTILE)
def test_hostile_terms_are_refused_at_once(record: dict[str, Any], left):
    copy = json.loads(json.dumps(record))
    copy["proofs"][0]["left"] = left
    start = time.perf_counter()
    with pytest.raises((Refused, Corrupted)):
        derive.verify(json.dumps(copy))
    assert time.perf_counter() - start < 10  # a hang, not a measurement


def powers(levels: int):
    t = ["add", X, term("sym", "y")]
    for _ in range(levels):
        t = ["pow", t, term("num", "12")]
    return t


def sums(levels: int):
    t = X
    for n in range(levels):
        t = ["sum", term("sym", f"n{n}"), term("num", "12"), t]
    return t


@pytest.mark.parametrize(
    ("left", "steps"),
    [
        (powers(7), [{"rule": "rearrange", "at": [], "using": {"to": X}}]),
        (sums(9), [{"rule": "write-out", "at": [2] * n} for n in reversed(range(9))]),
        (X, [{"rule": "double-negative", "at": [], "back": True}] * 2000),
        (X, [{"rule": "cancel-all", "at": [], "back": True, "using": {"u": powers(2)}}]),
        (X, [{"rule": "rename", "at": [[0, 10**30]]}]),
        (X, [{"rule": "rearrange", "at": [[0, 2], [0, 2]], "using": {"to": X}}]),
    ],
)
def test_steps_that_explode_are_refused_at_once(record: dict[str, Any], left, steps):
    copy = json.loads(json.dumps(record))
    moves = [[n, n, n + 1, True] for n in range(len(steps))]
    copy["proofs"][0] |= {"left": left, "right": left, "steps": steps, "moves": moves}
    start = time.perf_counter()
    with pytest.raises((Refused, Corrupted)):
        derive.verify(json.dumps(copy))
    assert time.perf_counter() - start < 20


def test_the_record_does_not_choose_its_judges(record: dict[str, Any]):
    assert record["witnesses"] == ["kernel"]
    assert [v.status for v in derive.verify(json.dumps(record)).verdicts] == ["proven"] * 3 + ["not run"]


def test_the_main_theorem_is_about_what_was_asked_for(record: dict[str, Any]):
    copy = json.loads(json.dumps(record))
    main = next(proof for proof in copy["proofs"] if proof["name"] == "gradient-b-2")
    main |= {"left": X, "right": X, "steps": [], "moves": []}
    with pytest.raises(Refused, match="is not about"):
        derive.verify(json.dumps(copy))


def test_a_file_is_read_by_its_path(tmp_path: Path, record: dict[str, Any]):
    path = tmp_path / "proof.json"
    path.write_text(json.dumps(record))
    assert repr(derive.verify(path)) == "∂L/∂bₖ = pₖ − yₖ"
