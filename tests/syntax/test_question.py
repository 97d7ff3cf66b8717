"""What a formula says itself about the question: y = .., f(x) = .., d/dx (..)."""

from __future__ import annotations

import pytest

import derive
from derive.core.term import Term, fn, num, sym
from derive.derivation.formula import function_problem
from derive.derivation.names import WrtError
from derive.syntax.formula import FormulaError
from derive.syntax.question import parse_question

a, t, w, x, y = map(sym, "atwxy")

# the text, what is differentiated, by what, how often
ASKED: list[tuple[str, Term, Term, int]] = [
    ("y = x^2", x**2, x, 1),
    ("f(x) = a x^2", a * x**2, x, 1),
    ("g(t)=a t", a * t, t, 1),
    ("y(x) = x^3", x**3, x, 1),
    ("L(w) = (w x - y)^2", (w * x - y) ** 2, w, 1),
    ("sigma(x) = 1/x", num(1) / x, x, 1),
    ("f(x) = 5", num(5), x, 1),
    ("$f(x)=x^{3}$", x**3, x, 1),
    (r"f\left(x\right) = \sin x", fn("sin", x), x, 1),
    (r"\hat{y} = x^2", x**2, x, 1),
    ("y_1 = 1[x >= 0] x", Term("cases", (num(1), x, num(0), num(0)), ">=") * x, x, 1),
    ("d/dx (x^2 y)", x**2 * y, x, 1),
    ("d/dx[sin(x)]", fn("sin", x), x, 1),
    ("d/dx sin x", fn("sin", x), x, 1),
    ("d²/dx² (x³)", x**3, x, 2),
    (r"\frac{d}{dx}\left(x^2\right)", x**2, x, 1),
    (r"\frac{\partial}{\partial x}(x y)", x * y, x, 1),
]


@pytest.mark.parametrize(("text", "body", "by", "order"), ASKED, ids=[row[0] for row in ASKED])
def test_what_is_asked(text: str, body: Term, by: Term, order: int) -> None:
    problem = function_problem(text)
    assert (problem.body, problem.wrt, problem.order) == (body, (by,), order)


@pytest.mark.parametrize(
    ("text", "position", "word"),
    [
        ("f(x) = x f(x)", 0, "both sides"),
        ("y = x y", 0, "both sides"),
        ("y = x^2 + #", 10, "no meaning"),
        ("$y = x^2 + #$", 11, "no meaning"),
        ("x = y = 2", 2, "equation"),
        ("x^2 + y^2 = 1", 10, "equation"),
        ("dy/dx = x^2", 0, "leave d/dx out"),
        ("∂²/∂x∂y (x y)", 0, "leave d/dx out"),
        ("d/dx (x) + 1", 0, "leave d/dx out"),
        ("d/dx (x d/dx (x))", 8, "leave d/dx out"),
        ("y == x", 2, "condition"),
        ("y =", 0, "no formula"),
    ],
)
def test_what_is_no_question_is_refused(text: str, position: int, word: str) -> None:
    with pytest.raises(FormulaError) as caught:
        parse_question(text)
    assert caught.value.position == position
    assert caught.value.text == text
    assert word in f"{caught.value.message} {caught.value.hint}"


@pytest.mark.parametrize(
    ("text", "options", "word"),
    [
        ("y = a x^2", {"wrt": "y"}, "what the formula defines"),
        ("y = a x^2", {}, "a, x"),
        ("f(x, y) = x y", {}, "x, y"),
        ("d/dx (x^3)", {"wrt": "x"}, "leave its d/dx out"),  # once or twice?
        ("d/dx (x^3)", {"order": 2}, "leave its d/dx out"),
        ("d/dx (x^3)", {"hessian": True}, "leave its d/dx out"),
    ],
)
def test_two_questions_at_once_are_refused(text: str, options: dict[str, object], word: str) -> None:
    with pytest.raises(WrtError, match=word):
        function_problem(text, **options)  # type: ignore[arg-type]


def test_another_variable_may_be_named() -> None:
    assert function_problem("f(x) = a x^2", wrt="a").wrt == (a,)
    assert function_problem("f(x) = x^3", order=2).order == 2


def test_it_can_be_proved_and_checked() -> None:
    assert repr(derive.prove("y = x^2").theorem.right) == "mul(2, x)"
    assert derive.check("f(x) = x^2", ["f'(x) = 2x"]).lines[0].status == "follows"
