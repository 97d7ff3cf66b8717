"""Lines of a derivation that a person writes."""

import pytest

from derive.core.term import Term, d, fn, neg, num, sym
from derive.syntax.formula import FormulaError, parse, parse_line

L, W, b, j, k, p, t, x, y = map(sym, "LWbjkptxy")


def sin(u: Term) -> Term:
    return fn("sin", u)


def cos(u: Term) -> Term:
    return fn("cos", u)


@pytest.mark.parametrize(
    ("text", "sides"),
    [
        ("2x", [num(2) * x]),
        ("= x^2", [x**2]),
        ("x y = y x = x*y", [x * y, y * x, x * y]),
        ("d/dx (x^2)", [d(x**2, x)]),
        ("d/dx x^2", [d(x**2, x)]),
        ("d/dx sin x", [d(sin(x), x)]),
        ("d(x^2 + 1)/dx", [d(x**2 + 1, x)]),
        ("∂/∂t(t x)", [d(t * x, t)]),
        ("∂(t x)/∂t", [d(t * x, t)]),
        ("∂L/∂b_k = p_k - y_k", [d(L, b[k]), p[k] - y[k]]),
        ("dy/dx", [d(y, x)]),
        ("dL/dw11", [d(L, sym("w11"))]),
        ("d/dtheta (theta^2)", [d(sym("theta") ** 2, sym("theta"))]),
        ("(x^2)' = [x^2]'", [d(x**2, x), d(x**2, x)]),
        ("(x^2)''", [d(d(x**2, x), x)]),
        ("x^2 d/dx (sin x) + d/dx (x^2) sin x", [x**2 * d(sin(x), x) + d(x**2, x) * sin(x)]),
        ("-d/dx(cos x)", [neg(d(cos(x), x))]),
        (r"\frac{d}{dx}\left(x^2\right)", [d(x**2, x)]),
        (r"\frac{\mathrm{d}}{\mathrm{d}x} \sin x", [d(sin(x), x)]),
        (r"\frac{d(x^2)}{dx} = \frac{d x^2}{dx}", [d(x**2, x), d(x**2, x)]),
        (r"\frac{\partial L}{\partial b_k} = p_k - y_k", [d(L, b[k]), p[k] - y[k]]),
        (r"\frac{\partial}{\partial x}(x y)", [d(x * y, x)]),
    ],
)
def test_sides_of_a_line(text: str, sides: list[Term]):
    assert [side.term for side in parse_line(text, wrt=x)] == sides


def test_each_side_keeps_its_text():
    assert [side.text for side in parse_line("= x^2 = x * x ")] == ["x^2", "x * x"]


@pytest.mark.parametrize(
    "text",
    ["x = ", "= = x", "x == y", "d/dx x^2 sin x", "d/dx (x+1)^2", "d/dx", "d(x)/d", "d^2y/dx", r"\frac{d^2 y}{dx^3}",
     "d/dpi (x)", "d/de (x)", "∂", "dx", r"\frac{d}{d(x+1)} x", "x'", "sin'(x)"],
)  # fmt: skip
def test_lines_that_are_refused(text: str):
    with pytest.raises(FormulaError):
        parse_line(text, wrt=x)


@pytest.mark.parametrize("text", ["d/dx (x^2)", "(x^2)'", "x = y", "= x", r"\frac{d}{dx} x"])
def test_a_formula_is_no_line(text: str):
    with pytest.raises(FormulaError):
        parse(text, wrt=x)


def test_a_prime_needs_its_variable():
    with pytest.raises(FormulaError, match="no variable"):
        parse_line("(x^2)'")


@pytest.mark.parametrize(
    ("text", "inner", "by"),
    [
        ("d²/dx² (x³)", x ** num(3), (x, x)),
        ("d^3/dx^3 (x)", x, (x, x, x)),
        ("∂²L/∂x∂y", L, (y, x)),
        ("∂²L/∂b_k²", L, (b[k], b[k])),
        (r"\frac{d^2}{dx^2} x", x, (x, x)),
        (r"\frac{\partial^{2} L}{\partial x \partial y}", L, (y, x)),
        ("d/dx[rate]", sym("rate"), (x,)),
        ("∂rate/∂x", sym("rate"), (x,)),
        ("d/dx[0]", num(0), (x,)),
        ("∂L/∂W[k,j]", L, (W[k, j],)),
    ],
)
def test_derivatives_of_any_order(text: str, inner: Term, by: tuple[Term, ...]):
    for variable in by:
        inner = d(inner, variable)
    assert parse_line(text, wrt=x)[0].term == inner


@pytest.mark.parametrize("text", ["d^2/dx (x)", "∂²L/∂x∂y∂z", "∂sin/∂x", r"\frac{\partial^2 L}{\partial x}"])
def test_an_order_that_does_not_fit_is_refused(text: str):
    with pytest.raises(FormulaError):
        parse_line(text, wrt=x)
