"""What classes, features and biases are called: a number is its own, and nothing reads as something else."""

import unicodedata
from typing import Any

import pytest

import derive
from derive.problems import ProblemError, problem_named
from derive.problems.labels import LETTERS, misread, number
from derive.problems.read_spec import NetworkError, read_network

NAME = "softmax-cross-entropy"


def network(classes: list[str] | None = None, features: list[str] | None = None) -> dict[str, Any]:
    names = {key: value for key, value in (("classes", classes), ("features", features)) if value}
    size = len(features or "ab")
    layers = [{"units": 3, "activation": "tanh"}, {"units": len(classes or "abc")}]
    return {"network": {"input": size, "layers": layers, **names}, "loss": {"name": "cross-entropy"}}


@pytest.mark.parametrize(
    ("classes", "biases"),
    [
        (["1", "2", "3"], ("b_1", "b_2", "b_3")), (["3", "1", "2"], ("b_3", "b_1", "b_2")), (3, ("b_1", "b_2", "b_3")),
        (["0", "1", "2"], ("b_0", "b_1", "b_2")), (["1", "2", "other"], ("b_1", "b_2", "b_other")),
        (["-1", "1"], ("b_-1", "b_1")), (["cat", "dog"], ("b_3", "b_4")), (["10", "20"], ("b_10", "b_20")),
    ],
)  # fmt: skip
def test_biases_have_the_numbers_of_their_classes(classes: Any, biases: tuple[str, ...]):
    assert problem_named(NAME, classes=classes).biases == biases


@pytest.mark.parametrize("classes", [["1", "2", "3"], ["3", "1", "2"], ["0", "1", "3"], ["3", "x", "y"]])
def test_the_bias_of_a_number_belongs_to_the_class_of_that_number(classes: list[str]):
    if "x" in classes:
        with pytest.raises(ProblemError, match="would be read as"):
            derive.problem(NAME, classes=classes)
        return
    problem = derive.problem(NAME, classes=classes)
    proof = derive.prove(problem, "b_3", witnesses=("kernel",))
    assert (repr(proof), str(proof.result)) == ("∂L/∂b₃ = p₃ − y₃", "p_3 - y_3")
    if classes[0] == "3":
        assert [derive.check(problem, line, "b_3").exit_code for line in ("p_3 - y_3", "p_1 - y_1")] == [0, 3]


@pytest.mark.parametrize(
    ("classes", "target", "place"),
    [(["0", "1", "2"], 1, 2), (["0", "1", "2"], "1", 2), (["3", "1", "2"], 3, 1), (["cat", "dog"], 2, 2), (3, 2, 2)],
)
def test_a_target_that_is_a_number_is_the_class_called_so(classes: Any, target: Any, place: int):
    assert str(problem_named(NAME, classes=classes, target=target).target) == str(place)


def test_a_record_keeps_the_class_that_is_called_by_a_number():
    problem = derive.problem(NAME, classes=["2", "0", "1"], target=0)
    record = derive.prove(problem, "b", witnesses=("kernel",)).to("json")
    assert derive.verify(record).statement.target == problem.statement.target
    with pytest.raises(ProblemError, match="not one of the classes"):
        derive.problem(NAME, classes=["0", "1", "2"], target=3)


@pytest.mark.parametrize(
    ("classes", "biases"),
    [
        (3, ["b_3", "b_2", "b_1"]), (3, ["b_2", "b_3", "b_4"]), (["a", "b", "c"], ["b_3", "b_2", "b_1"]), (2, ["b_02", "b_9"]),
        (["1", "2"], ["b_2", "b_1"]), (["1", "2"], ["b_7", "b_1"]), (["cat", "dog"], ["b_dog", "b_cat"]), (2, ["b_k", "b_m"]),
        (["cat", "dog"], ["b_1", "b_01"]), (["cat", "dog"], ["b_12", "b_1_2"]), (2, ["b_１", "b_2"]), (2, ["b_а", "b_2"]),
        (2, ["b_x\u0301", "b_2"]), (2, ["b_١", "b_2"]), (12, ["b_1_2", *(f"b_x{n}" for n in range(11))]),
    ],
)  # fmt: skip
def test_biases_that_read_as_others_are_refused(classes: Any, biases: list[str]):
    with pytest.raises(ProblemError, match=r"would be read|look|stands for any|is not a bias"):
        problem_named(NAME, classes=classes, biases=biases)


@pytest.mark.parametrize(
    "name",
    [
        "i", "k", "m", "j", "r", "n", "q", "l", "i'", "k′", "𝑖", "ｋ", "１", "١", "²", "①", "сор", "cаt", "Α", "x\u0304", "cat\u0332",
        "a\ufe0f", "a\u034f", "a\u3164", "\u115fa", "7\u0301",
    ],
)  # fmt: skip
def test_labels_that_read_as_something_else_are_refused(name: str):
    with pytest.raises(ProblemError, match="choose another name"):
        problem_named(NAME, classes=[name, "other"])
    for names in ({"classes": [name, "one", "two"]}, {"features": [name, "other"]}):
        with pytest.raises(NetworkError, match=r"choose another name|is not a name"):
            read_network(network(**names))


@pytest.mark.parametrize(
    "names",
    [
        ["a", "b", "c"], ["cat", "milk", "nl"], ["кошка", "собака", "рука"], ["CO₂", "H₂O", "m²"], ["µm", "nm", "mm"],
        ["e\u0301", "ñ", "ção"], ["हिन्दी", "ไทยที่", "日本"], ["x1", "p53", "z"], ["C", "N", "H"], ["α", "β-carotene", "γ"],
    ],
)  # fmt: skip
def test_labels_that_are_clear_are_not(names: list[str]):
    composed = tuple(unicodedata.normalize("NFC", name) for name in names)
    assert problem_named(NAME, classes=names).classes == composed
    assert read_network(network(classes=names, features=names)).classes == composed


@pytest.mark.parametrize("classes", [["1", "01"], ["1", "1.0"], ["2", "+2"], ["cat", "dog", "1"], ["h_1", "a"], ["b_4", "a"]])
def test_classes_that_read_as_other_entries(classes: list[str]):
    with pytest.raises(ProblemError, match=r"one number|would be read as"):
        problem_named(NAME, classes=classes)


def test_features_and_classes_of_a_network_that_are_numbers():
    digits = [str(n) for n in range(10)]
    assert read_network(network(classes=digits)).classes == tuple(digits)
    assert read_network(network(features=["1", "2"])).features == ("1", "2")
    for features in (["2", "1"], ["0", "1"], ["1", "01"], ["size", "1"]):
        with pytest.raises(NetworkError, match=r"would be read as|one number"):
            read_network(network(features=features))


def test_the_letters_are_those_of_the_problem():
    context = problem_named(NAME, target="r").context
    assert {*context.indices, *context.fixed} == LETTERS
    assert [misread(letter) is None for letter in "kcxi"] == [False, True, True, False]
    assert [number(text) for text in ("3", "b", "3x", "−1", "1e5", "")] == [3, None, None, -1, None, None]
