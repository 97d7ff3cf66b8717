"""A record is checked from its text alone, and every change in it is refused."""

import json
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
    assert derivation.to("json", "pt", "full") == text


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
