"""What classes and biases may be called: nothing that reads as another entry, as an index or as another letter."""

import pytest
import sympy as sp

import derive
from derive.chains import ProblemError
from derive.chains.network import network_problem
from derive.chains.read_spec import read_network
from derive.chains.spec_problem import NetworkError
from derive.cli import main
from derive.core.term import sym

NAME = "softmax-cross-entropy"
REFUSED_CLASSES = [
    ["i", "k"], ["j", "cat"], ["cat", "m"], ["k'", "cat"],  # index letters: any entry
    ["cat", "dog", "1"], ["2", "cat"], ["dog", "2", "1"],  # the place of another one
    ["1", "01"], ["1", "1.0"], ["-1", "−1"],  # one number
    ["а", "a"], ["c\u0430t", "dog"], ["b１", "b2"], ["\U0001d41a", "b"], ["cat\u200b", "cat"], ["ca\u0338t", "dog"],
    ["e\u0301", "\u00e9"], ["cat\u202e", "dog"], ["\u3164", "dog"], ["ｃat", "dog"], ["٣", "٤"],
]  # fmt: skip


@pytest.mark.parametrize("classes", REFUSED_CLASSES, ids=ascii)
def test_classes_that_read_as_something_else_are_refused(classes: list[str]) -> None:
    with pytest.raises(ProblemError):
        derive.problem(NAME, classes=classes)
    spec = {
        "network": {"input": 2, "layers": [{"units": len(classes)}], "classes": classes},
        "loss": {"name": "cross-entropy"},
    }
    with pytest.raises(NetworkError):
        network_problem(read_network(spec), False)


BIASES = {  # the classes: what their biases are called
    ("1", "2", "3"): ["b_1", "b_2", "b_3"], ("3", "1", "2"): ["b_3", "b_1", "b_2"], ("0", "1"): ["b_0", "b_1"],
    ("cat", "dog"): ["b_3", "b_4"], ("setosa", "versicolor", "virginica"): ["b_3", "b_4", "b_5"],
    ("7", "9"): ["b_7", "b_9"],
}  # fmt: skip


@pytest.mark.parametrize("classes", BIASES, ids=str)
def test_classes_that_are_numbers_give_them_to_their_biases(classes: tuple[str, ...]) -> None:
    problem = derive.problem(NAME, classes=list(classes))
    results = problem.prove("b").results
    for (bias, value), name, called in zip(results.items(), classes, BIASES[classes], strict=True):
        assert str(bias) == called
        assert value == sp.Symbol(f"p_{name}") - sp.Symbol(f"y_{name}")


@pytest.mark.parametrize(
    ("classes", "biases"),
    [
        (3, ["b_3", "b_2", "b_1"]), (2, ["b_2", "b_3"]), (["1", "2"], ["b_2", "b_1"]), (["1", "2"], ["b_2", "b_3"]),
        (["cat", "dog"], ["b_2", "b_1"]), (["3", "4"], ["b_4", "b_3"]), (3, ["b_1", "b_3", "b_2"]),
        (2, ["b_１", "b_２"]), (2, ["b_1", "b_1"]), (["cat", "dog"], ["b_k", "b_j"]),
    ],
)  # fmt: skip
def test_a_bias_that_carries_the_number_of_another_class_is_refused(classes: object, biases: list[str]) -> None:
    with pytest.raises(ProblemError):
        derive.problem(NAME, classes=classes, biases=biases)


def test_the_class_that_is_asked_for_is_the_one_that_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    """Once b_3 of the classes 1, 2, 3 was the bias of the first: dL/db_3 = p_1 - y_1."""
    assert main(["prove", NAME, "--classes", "1,2,3", "--wrt", "b_3"]) == 0
    shown = capsys.readouterr().out
    assert "p₃ − y₃" in shown
    assert "p₁ − y₁" not in shown
    assert main(["check", NAME, "--classes", "1,2,3", "--wrt", "b_3", "p_3 - y_3"]) == 0
    assert main(["check", NAME, "--classes", "1,2,3", "--wrt", "b_3", "p_1 - y_1"]) == 3


MISREAD = ["lnx", "sinx", "xy", "x__2", "cosx", "kxy", "expx", "sqrtx", "xlnx", "logx", "tanx", "xsinx", "ax", "ln"]


@pytest.mark.parametrize("name", MISREAD)
def test_names_that_nobody_typed_obey_the_rule_for_those_that_are(name: str) -> None:
    """d(lnx)/dx = 0, with a constant that is called lnx."""
    x = sp.Symbol("x")
    for what, by in ((sp.Symbol(name) + x, x), (sp.Symbol(name) * x**2, x), (sym(name) + sym("x"), sym("x"))):
        with pytest.raises(ProblemError):
            derive.prove(what, wrt=by)


@pytest.mark.parametrize("name", ["rate", "alpha", "lr", "w_max", "x_1", "mu", "beta_2", "a", "weight", "psi", "omega"])
def test_other_names_of_symbols_remain(name: str) -> None:
    x = sp.Symbol("t" if name != "rate" and "t" not in name else "z")
    assert derive.prove(sp.Symbol(name) * x**2, wrt=x).result == 2 * sp.Symbol(name) * x
