"""A person's own lines: what follows, what skips steps, what is wrong, and why."""

import pytest

import derive
from derive.checking import check
from derive.checking.question import QuestionError
from derive.core.term import d, delta, fn, num, sym, total
from derive.errors import UsageError

NETWORK = "softmax-cross-entropy"
x = sym("x")
b, p, y, z, L, C = map(sym, ("b", "p", "y", "z", "L", "C"))
i, k, m = map(sym, "ikm")
FLOWERS = ["setosa", "versicolor", "virginica"]


def statuses(problem, *lines, **options):
    return [line.status for line in check(problem, list(lines), **options).lines]


def only(problem, line, **options):
    (found,) = check(problem, line, **options).lines
    return found


def test_a_derivation_in_small_steps_follows():
    lines = [
        "d/dx(x^2 sin(x)) = d/dx(x^2) sin(x) + x^2 d/dx(sin(x))",
        "= 2 x sin(x) + x^2 d/dx(sin(x))",
        "= 2 x sin(x) + x^2 cos(x)",
        "= x (2 sin(x) + x cos(x))",
    ]
    checked = check("x^2 sin(x)", lines)
    assert [(line.status, line.rule) for line in checked.lines] == [
        ("follows", "product-rule"),
        ("follows", "whole-power-rule"),
        ("follows", "sin-rule"),
        ("follows", "rearrange"),
    ]
    assert checked.ok
    assert checked.exit_code == 0


def test_the_sides_of_one_line_are_judged_one_after_the_other():
    checked = check("x^2 sin(x)", "f'(x) = 2 x sin(x) + x^2 cos(x) = x (2 sin(x) + x cos(x))")
    assert [line.status for line in checked.lines] == ["equal", "follows"]
    assert [line.text for line in checked.lines] == ["2 x sin(x) + x^2 cos(x)", "x (2 sin(x) + x cos(x))"]


def test_a_right_result_that_skips_steps_names_the_rules():
    line = only("x^2 sin(x)", "2 x sin(x) + x^2 cos(x)")
    assert line.status == "equal"
    assert {"product-rule", "sin-rule"} <= set(line.skipped)


def test_a_wrong_line_has_a_point_a_residual_and_a_slip():
    line = only("x^2 sin(x)", "2 x cos(x)")
    assert (line.status, line.slip) == ("wrong", "product-of-derivatives")
    # by hand, at x = 2: 4 sin 2 + 4 cos 2 against 4 cos 2
    assert {name: str(value) for name, value in line.point.items()} == {"x": "2"}
    assert line.left == pytest.approx(1.9726023611141572)
    assert line.right == pytest.approx(-1.6645873461885696)
    assert line.residual is not None
    assert check("x^2 sin(x)", "2 x cos(x)").exit_code == 3


@pytest.mark.parametrize(
    ("function", "wrong", "slip"),
    [
        ("sin(2x)", "cos(2x)", "inner-derivative-lost"),
        ("sin(x)/x", "(x cos(x) - sin(x))/x", "quotient-without-square"),
        ("sin(x)/x", "(sin(x) - x cos(x))/x^2", "quotient-reversed"),
        ("cos(x)", "sin(x)", "rule-sign"),
        ("ln(x)", "1/(x ln(10))", "log-base"),
        ("x^x", "x x^(x-1)", "exponential-as-power"),
        ("x^x", "x^x ln(x)", "power-as-exponential"),
        ("sqrt(x)", "1/sqrt(x)", "half-lost"),
        (r"\frac{1}{x}", r"\frac{1}{x^2}", "rule-sign"),
    ],
)
def test_known_slips_of_functions(function, wrong, slip):
    line = only(function, wrong)
    assert (line.status, line.slip) == ("wrong", slip)


@pytest.mark.parametrize(
    ("wrong", "wrt", "slip"),
    [
        ("y_k - p_k", "b", "target-minus-prediction"),
        ("-y_k (1 - p_k)", "z", "one-term-of-the-sum"),
        ("(y_k - p_k) h_j", "W", "target-minus-prediction"),
        ("(p_k - y_k) h_k", "W", "index-swapped"),
        ("sum(m, (p_m - y_m) W_jm)", "h", "transposed"),
        ("2 (p_k - y_k)", "b", "twice"),
        ("(p_k - y_k)/ln(2)", "b", "log-base"),
        ("exp(p_k)/sum(m, exp(p_m)) - y_k", "b", "double-softmax"),
        ("z_k - y_k", "b", "logits-for-probabilities"),
        ("C (p_k - y_k)", "b", "times-the-number"),
        ("p_k", "b", "target-not-subtracted"),
        ("p_k - 2 y_k", "b", "target-twice"),
    ],
)
def test_known_slips_of_the_network(wrong, wrt, slip):
    line = only(NETWORK, wrong, wrt=wrt)
    assert (line.status, line.slip) == ("wrong", slip)


def test_another_derivative_on_the_left_is_a_question_of_its_own():
    assert only(NETWORK, "∂p_i/∂z_k = p_i (δ_ik - p_k)").rule == "softmax-jacobian"
    assert only(NETWORK, "∂p_i/∂z_k = p_i (1 - p_k)").slip == "delta-lost"
    assert only(NETWORK, "∂p_i/∂z_k = p_i (1 - p_i)").slip == "equal-indices-only"
    assert only(NETWORK, "∂L/∂p_i = y_i/p_i").status == "wrong"
    # it holds only where the indices differ, and that is an assumption with a name
    assert only(NETWORK, "∂p_i/∂z_k = -p_i p_k").missing == ("different-indices",)


def test_the_gradient_of_the_network_step_by_step():
    lines = [
        total(m, C, d(L, z[m]) * d(z[m], b[k])),
        total(m, C, d(L, z[m]) * delta(m, k)),
        d(L, z[k]),
        p[k] * total(i, C, y[i]) - y[k],
        p[k] - y[k],
    ]
    found = [(line.status, line.rule) for line in check(NETWORK, lines).lines]
    assert found == [
        ("follows", "chain-rule"),
        ("follows", "logit-by-bias"),
        ("follows", "pick"),
        ("follows", "loss-by-logit"),
        ("follows", "targets-sum-to-one"),
    ]


def test_each_variable_of_a_gradient_has_its_own_lines():
    checked = check("x^2 y", ["∂f/∂x = 2 x y", "∂f/∂y = x^2", "∂f/∂y = 2 x"], wrt="x,y")
    assert [line.status for line in checked.lines] == ["follows", "follows", "wrong"]


def test_primes_say_which_derivative_a_line_is_about():
    checked = check("x^4", ["f'(x) = 4 x^3", "f''(x) = 12 x^2"], order=2)
    assert checked.ok
    assert [line.status for line in checked.lines] == ["follows", "follows"]
    assert only("x^4", "f'(x) = 12 x^2", order=2).status == "wrong"
    assert only("x^4", "f''(x) = 12 x^2").status == "unread"


def test_names_that_the_question_does_not_have():
    assert only("x^2", "2 z_k").status == "unread"
    assert only("x^2", "2 q").status == "wrong"


def test_a_right_slip_is_found_after_another_wrong_line():
    assert check(NETWORK, ["p_k + 1", "y_k - p_k"]).lines[1].slip == "target-minus-prediction"


def test_an_assumption_that_was_left_out_is_named():
    line = only(NETWORK, "p_k - y_k", without=["targets-sum-to-one"])
    assert (line.status, line.missing, line.slip) == ("wrong", ("targets-sum-to-one",), "assumption-missing")
    assert only(NETWORK, "p_k sum(i, y_i) - y_k", without=["targets-sum-to-one"]).status == "equal"


def test_classes_by_their_names():
    options = {"classes": FLOWERS, "target": "setosa"}
    assert only(NETWORK, "p_setosa - 1", wrt="b_3", **options).status == "equal"
    assert only(NETWORK, "1 - p_setosa", wrt="b_3", **options).slip == "target-minus-prediction"
    assert only(NETWORK, "p_versicolor", wrt="b_4", **options).status == "equal"
    assert only(NETWORK, "p_versicolor - 1", wrt="b_4", **options).status == "wrong"
    problem = derive.problem(NETWORK, **options)
    assert only(problem, "p_setosa - 1", wrt="b_3").status == "equal"


def test_a_line_after_a_wrong_one_is_compared_with_it_and_with_the_truth():
    checked = check("x^2 sin(x)", ["2x sin(x) - x^2 cos(x)", "x (2 sin(x) - x cos(x))", "2x sin(x) + x^2 cos(x)", "2"])
    first, second, third, fourth = checked.lines
    assert (first.status, first.slip) == ("wrong", "product-minus")
    assert (second.status, second.rule, second.slip) == ("wrong", "rearrange", None)
    assert third.status == "equal"
    assert (fourth.status, fourth.rule) == ("wrong", None)


def test_the_number_of_terms_is_missed_in_a_mean():
    mean = "(1/N) sum(i, 1, N, (x_i - m)^2)"
    assert only(mean, "(2/N) sum(i, 1, N, m - x_i)", wrt="m").status == "equal"
    assert only(mean, "2 sum(i, 1, N, m - x_i)", wrt="m").slip == "times-the-number"
    assert only(mean, "(2/N) sum(i, 1, N, x_i - m)", wrt="m").status == "wrong"


def test_a_line_that_cannot_be_read_does_not_stop_the_others():
    checked = check("x^2", ["2 x (", "2 x"])
    assert [line.status for line in checked.lines] == ["unread", "follows"]
    assert "never closed" in checked.lines[0].why
    assert checked.exit_code == 2


def test_wrong_is_worse_than_unread_or_undecided():
    assert check("x^2", ["2 x (", "3 x"]).exit_code == 3


def test_every_way_of_writing_the_lines():
    assert statuses("x^2", "2 x") == ["follows"]
    assert [line.status for line in check("x^2", "2 x\n\n= x + x").lines] == ["follows", "follows"]
    assert [line.status for line in check(x**2, num(2) * x).lines] == ["follows"]
    assert [line.status for line in check("y x^2", "2 x y", wrt="x").lines] == ["follows"]


@pytest.mark.parametrize(
    ("function", "right"),
    [
        ("x^2 sin(x)", "x^2 cos(x) + 2 x sin(x)"),
        ("sin(x)/x", "cos(x)/x - sin(x)/x^2"),
        ("exp(-x^2)", "-2 x e^(-x^2)"),
        ("ln(x)", "1/x"),
        ("sqrt(x)", "1/(2 sqrt(x))"),
        ("|x|", "x/|x|"),
        ("x^x", "x^x (1 + ln(x))"),
        ("tanh(x)", "1 - tanh(x)^2"),
        ("arctan(x)", "1/(1 + x^2)"),
        ("f(x) g(x)", "f'(x) g(x) + f(x) g'(x)"),
        ("sin(x)^2", "sin(2x)"),
        ("relu(x)", "step(x)"),
    ],
)
def test_right_results_are_never_called_wrong(function, right):
    assert only(function, right, wrt="x").status in ("follows", "equal")


def test_questions_that_cannot_be_asked():
    with pytest.raises(UsageError):
        check("x y", ["y"])  # which variable?
    with pytest.raises(QuestionError, match="no assumption"):
        check(NETWORK, ["p_k"], without=["no-such"])
    with pytest.raises(QuestionError, match="no assumptions"):
        check("x^2", ["2 x"], without=["targets-sum-to-one"])
    with pytest.raises(UsageError, match="no line"):
        check("x^2", [])
    with pytest.raises(UsageError):
        check("softmax-cross-entropie", ["p_k"])


@pytest.mark.parametrize("format", ["text", "markdown", "latex", "typst"])
def test_it_is_told_in_both_languages(format):
    checked = check("x^2 sin(x)", ["2x cos(x)", "2 x cos(", "x (2 sin(x) + x cos(x))"])
    english, portuguese = checked.to(format), checked.to(format, "pt")
    assert "known slip" in english
    assert "deslize conhecido" in portuguese
    assert "product rule" in english
    assert "regra do produto" in portuguese
    assert "the right value is" in english


def test_told_in_the_language_that_was_asked_for():
    assert "Sua derivação" in check("x^2", ["2 x"], lang="pt").to()


def test_what_happened_to_a_function_by_name():
    line = only("f(x) g(x)", "f'(x) g'(x)", wrt="x")
    assert line.slip == "product-of-derivatives"
    assert only(fn("f", x**2), "f'(x^2)", wrt="x").slip == "inner-derivative-lost"


# each equals the derivative where it has a value, and has none where the derivative has one
@pytest.mark.parametrize(
    ("function", "line"),
    [
        ("x ln(x^2)", "2 ln(x) + 2"),
        ("x^2/2", "sqrt(x)^2"),
        ("x^2/2", "exp(ln(x))"),
        ("arctan(x)", "1/(1+x^2) + ln(x) - ln(x)"),
    ],
)
def test_a_line_without_a_value_somewhere_is_not_called_right(function, line):
    checked = check(function, [line])
    assert checked.lines[0].status == "undecided"
    assert not checked.ok
    assert checked.exit_code == 4
    assert "another has none" in checked.to("markdown")


@pytest.mark.parametrize("line", ["piecewise(2x if x < 1; 2x if x > 1; 7)", "2x + 1 - sign(x - 5)^2"])
def test_a_line_that_is_wrong_at_one_point_is_no_known_slip(line: str):
    """Once it was told as d/dx[x^2] != 2x, the lost inner derivative."""
    (found,) = derive.check("x^2", [line]).lines
    assert (found.status, found.slip) == ("wrong", None)
