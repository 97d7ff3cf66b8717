"""The record of a network: checked from its text alone; every change in it is refused."""

import copy
import json
from dataclasses import replace
from typing import Any

import pytest

import derive
from derive.core.kernel import Refused
from derive.errors import Corrupted
from derive.proofs.prove import plan_of, prove

NET: dict[str, Any] = {
    "network": {
        "name": "iris",
        "input": 4,
        "layers": [{"units": 3, "activation": "leaky_relu", "slope": 0.1}, {"units": 3}],
        "classes": ["setosa", "versicolor", "virginica"],
    },
    "loss": {"name": "cross-entropy", "smoothing": "1/3", "weights": "w"},
    "regularization": {"l2": "lambda"},
}
SHORT: dict[str, Any] = {
    "network": {"input": 2, "layers": [{"units": 3, "activation": "tanh"}, {"units": "C"}]},
    "loss": {"name": "cross-entropy"},
}
BAD = (Refused, Corrupted)


@pytest.fixture(scope="module")
def record() -> dict[str, Any]:
    return json.loads(derive.network(SHORT).prove("W1", True, ("kernel",)).to("json"))


@pytest.mark.parametrize("wrt", ["all", "W1", "b1,b2"])
@pytest.mark.parametrize("batch", [False, True])
def test_what_is_written_is_accepted(batch: bool, wrt: str):
    text = derive.network(NET).prove(wrt, batch, ("kernel",)).to("json", "pt", "full")
    derivation = derive.verify(text)
    assert replace(derivation, witnesses=("kernel",)).to("json", "pt", "full") == text
    assert derivation.statement.spec == derive.network(NET).spec
    assert [verdict.status for verdict in derivation.verdicts] == ["proven"] * 3 + ["not run"]


def test_the_record_has_the_promised_shape(record: dict[str, Any]):
    assert record["problem"] == {
        "name": "network",
        "spec": SHORT | {"loss": {"name": "cross-entropy", "target": "one-hot"}},
        "batch": True,
    }
    assert record["claim"] == {"left": "∂L/∂W⁽¹⁾ₖⱼ", "right": "(1/N) Σ_{n=1}^{N} δ⁽¹⁾ₙₖ xₙⱼ"}
    assert record["results"]["δ⁽²⁾ₙₖ"] == "pₙₖ − yₙₖ"
    assert [fact["name"] for fact in record["assumptions"]] == ["targets-sum-to-one"]
    letters = {proof["name"]: proof["letters"] for proof in record["proofs"]}
    assert letters["layer-1"]["m"] == ["sym", "C"]
    assert letters["affine-W-1"]["m"] == ["num", "3"]


def test_fractions_stay_exact():
    spec = json.loads(derive.network(NET).prove("b2", witnesses=("kernel",)).to("json"))["problem"]["spec"]
    assert (spec["loss"]["smoothing"], spec["network"]["layers"][0]["slope"]) == ("1/3", "1/10")


def test_a_network_of_its_own_for_every_change_of_the_file(record: dict[str, Any]):
    def changed(*way: Any, to: Any) -> str:
        data = copy.deepcopy(record)
        here = data["problem"]
        for step in way[:-1]:
            here = here[step]
        here[way[-1]] = to
        return json.dumps(data)

    layers = ("spec", "network", "layers")
    for text in (
        changed("batch", to=False),
        changed("batch", to=1),
        changed("name", to="function"),
        changed("spec", to=None),
        changed("spec", "network", "input", to=3),
        changed(*layers, 0, "units", to=4),
        changed(*layers, 0, "activation", to="sigmoid"),
        changed(*layers, 0, "bias", to=False),
        changed(*layers, 1, "units", to=3),
        changed("spec", "loss", "name", to="focal"),
        changed("spec", "loss", "smoothing", to="1/10"),
        changed("spec", "loss", "temperature", to=2),
        changed("spec", "loss", "reduction", to="sum"),
        changed("spec", "loss", "target", to="nonsense"),
        changed("spec", "regularization", to={"l2": 1}),
        changed("spec", "network", "name", to=["x"]),
        changed("spec", "evil", to={}),
    ):
        with pytest.raises(BAD):
            derive.verify(text)


def places(data: Any, path: tuple[Any, ...] = ()):
    """Every leaf of a JSON value."""
    if isinstance(data, dict | list):
        for key, value in data.items() if isinstance(data, dict) else enumerate(data):
            yield from places(value, (*path, key))
    else:
        yield path


def tampered(record: dict[str, Any], path: tuple[Any, ...]) -> str:
    data = copy.deepcopy(record)
    here = data
    for step in path[:-1]:
        here = here[step]
    old = here[path[-1]]
    here[path[-1]] = not old if isinstance(old, bool) else old + 1 if isinstance(old, int) else f"{old}x"
    return json.dumps(data)


def test_every_change_of_what_is_told_is_refused(record: dict[str, Any]):
    told = [path for path in places(record) if path[0] not in ("proofs", "problem")]
    assert len(told) > 50
    for path in told:
        with pytest.raises(BAD):
            derive.verify(tampered(record, path))


def test_changed_letters_names_and_claims_are_refused(record: dict[str, Any]):
    paths = [path for path in places(record) if path[0] == "proofs" and path[2] in ("letters", "name", "left", "right")]
    assert len(paths) > 200
    for path in paths[::3]:
        with pytest.raises(BAD):
            derive.verify(tampered(record, path))


def test_a_changed_step_is_refused(record: dict[str, Any]):
    paths = [path for path in places(record) if path[0] == "proofs" and path[2] == "steps"]
    accepted = []
    for path in paths[::7]:
        try:
            derive.verify(tampered(record, path))
            accepted.append(path)
        except BAD:
            continue
    # the name of a bound index is free to choose
    assert [path for path in accepted if "rename" not in path and "using" not in path] == []


@pytest.mark.parametrize("name", ["m", "k", "n"])
def test_a_letter_that_runs_elsewhere_is_refused(record: dict[str, Any], name: str):
    data = copy.deepcopy(record)
    data["proofs"][-1]["letters"][name] = ["num", "7"]
    with pytest.raises(BAD, match="letters"):
        derive.verify(json.dumps(data))


def test_every_part_that_is_left_out_is_refused(record: dict[str, Any]):
    for n, proof in enumerate(record["proofs"]):
        proofs = record["proofs"][:n] + record["proofs"][n + 1 :]
        with pytest.raises(BAD):
            derive.verify(json.dumps({**record, "proofs": proofs}))
        for key in proof:
            short = [
                {k: v for k, v in proof.items() if k != key} if each is proof else each for each in record["proofs"]
            ]
            with pytest.raises(BAD):
                derive.verify(json.dumps({**record, "proofs": short}))


def test_a_theorem_keeps_its_name(record: dict[str, Any]):
    """The error of a layer is not to be called by the name of another."""
    data = copy.deepcopy(record)
    first = next(proof for proof in data["proofs"] if proof["name"] == "affine-W-1")
    first["name"] = "activation-1"
    with pytest.raises(BAD):
        derive.verify(json.dumps(data))
    first["name"] = "gradient-b__7"
    with pytest.raises(Corrupted, match="no theorem of this network"):
        derive.verify(json.dumps(data))


def test_odd_values_are_refused_without_a_crash(record: dict[str, Any]):
    for odd in (None, 3, "x", [], {}, [[]], [{}], True, -1, "\ud800"):
        for key in ("problem", "proofs", "wrt"):
            with pytest.raises(BAD):
                derive.verify(json.dumps({**record, key: odd}))
        for key in ("letters", "name", "steps"):
            with pytest.raises(BAD):
                derive.verify(json.dumps({**record, "proofs": [{**record["proofs"][0], key: odd}]}))


@pytest.mark.parametrize("batch", [False, True])
@pytest.mark.parametrize("loss", [{}, {"temperature": 2, "smoothing": 0.1}, {"reduction": "none"}])
@pytest.mark.parametrize("last", ["identity", "sigmoid"])
def test_every_theorem_that_is_proved_has_a_goal(last: str, loss: dict[str, Any], batch: bool):
    layers = [{"units": 2, "activation": "softmax"}, {"units": 3, "activation": last}]
    net = derive.network({"network": {"input": 2, "layers": layers}, "loss": {"name": "cross-entropy"} | loss})
    problem = net.batch if batch else net.example
    goals = plan_of(problem.chain).goals
    for name, proof in prove(problem.chain).items():
        assert proof.theorem.left == goals[name].left
        assert dict(proof.theorem.context.indices) == goals[name].letters
