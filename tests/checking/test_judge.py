"""What a person's line is called when it agrees at points only."""

from __future__ import annotations

import pytest

from derive.checking import check
from derive.checking.lines import Checked

NETWORK = "softmax-cross-entropy"
SQUARES = "sum_{k=1}^n x_k^2"


def of_squares(line: str) -> Checked:
    return check(SQUARES, [line], wrt="x_k")


@pytest.mark.parametrize(
    "line",
    [
        "2x + 10^-40",
        "2x + exp(-200)",
        "2x + sin(10^-45 x)",
        "2x + max(0, x - 10^6)",
        "2x + max(0, 10^-9 - (x - pi)^2)",
        "2x + max(0, 10^-9 - (x^2 - 2)^2)",
        "2x + exp(-10^6 (x - 1/3)^2)",
    ],
)
def test_false_lines_about_a_function(line):
    checked = check("x^2", [line])
    assert (checked.lines[0].status, checked.exit_code) == ("wrong", 3)
    assert checked.lines[0].slip is None  # a slip that gives 2x gives something else


@pytest.mark.parametrize(
    "line",
    [
        "2 x_k + (n-2)(n-3)(n-5)(n-7)",
        "2 x_k + max(0, n - 10)",
        "2 x_k + max(0, x_k - 1000)",
        "2 x_k + 10^-40",
    ],
)
def test_false_lines_about_a_family(line):
    checked = of_squares(line)
    assert (checked.lines[0].status, checked.exit_code) == ("wrong", 3)


@pytest.mark.parametrize("wrong", ["(C-2)(C-3)(C-5)(C-7)", "max(0, C - 10)"])
def test_false_lines_about_a_number_of_classes(wrong):
    assert check(NETWORK, [f"p_k - y_k + {wrong}"], wrt="b").lines[0].status == "wrong"


# false where no point lies: nobody may call them right
@pytest.mark.parametrize("line", ["2x + exp(-10^7 (x^2 - 2)^2)", "2x + exp(-10^5 - x^2)"])
def test_a_line_that_agrees_at_every_point_tried_is_undecided(line):
    checked = check("x^2", [line])
    assert (checked.lines[0].status, checked.lines[0].why) == ("undecided", "not-reduced")
    assert not checked.ok
    assert checked.exit_code == 4
    assert "could neither reduce the difference to 0" in checked.to("markdown")


@pytest.mark.parametrize("line", ["2 x_k + max(0, n - 1000)", "2 x_k + (n-2)(n-3)(n-5)(n-7)(n-11)(n-13)(n-29)"])
def test_a_line_that_agrees_at_every_size_tried_is_undecided(line):
    assert (of_squares(line).lines[0].status, of_squares(line).exit_code) == ("undecided", 4)


def test_what_follows_from_an_undecided_line_is_undecided():
    checked = check("x^2", ["2x + exp(-10^5 - x^2)", "x + x + exp(-10^5 - x^2)"])
    assert [line.status for line in checked.lines] == ["undecided", "undecided"]


@pytest.mark.parametrize("line", ["2 x_k + n - n", "2 x_k + (n + 1) - 1 - n", "2 x_k n/n", "x_k + x_k"])
def test_right_lines_in_which_a_size_is_a_value(line):
    assert of_squares(line).ok


@pytest.mark.parametrize("line", ["(2/n) x_k", "2 x_k/n", "(n + 1) x_k/n + x_k/n - x_k"])
def test_right_lines_about_a_mean(line):
    assert check("(1/n) sum_{k=1}^n x_k^2", [line], wrt="x_k").ok


@pytest.mark.parametrize(
    ("function", "line"),
    [
        ("|x|", "2 step(x) - 1"),
        ("|x|^3", "3 x |x|"),
        ("sin(x)^2", "sin(2x)"),
        ("tanh(x)", "1/cosh(x)^2"),
        ("max(x, 1)", "step(x - 1)"),
    ],
)
def test_what_no_rule_shows_sympy_may(function, line):
    assert check(function, [line], wrt="x").lines[0].status == "equal"


def test_values_that_print_alike_are_said_to_differ():
    checked = check("x^2", ["2x + 10^-40"])
    assert "both 4.000000 as far as printed, and they differ" in " ".join(checked.to("text").split())
    assert "ambos 4,000000 até onde se imprime" in " ".join(checked.to("text", "pt").split())
    assert "yours is 6.000000" in " ".join(check("x^2", ["3x"]).to("text").split())
