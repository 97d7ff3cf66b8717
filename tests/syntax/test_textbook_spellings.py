"""What textbooks write: 450 spellings, plain and in LaTeX, are the tree that is written out for them, or are refused.

data/spellings.json says what each means with every product, bracket and argument written out; SymPy reads those too.
"""

import json
from pathlib import Path

import pytest
import sympy as sp

import derive
from derive.cli import main
from derive.core.context import Context
from derive.core.term import Term, add, exp, fn, mul, num, sym
from derive.derivation.formula import function_problem
from derive.errors import UsageError
from derive.syntax.formula import parse, parse_line
from derive.syntax.grammar.names import run_of_letters
from derive.syntax.sympy_bridge import concrete

ROWS = json.loads((Path(__file__).parents[1] / "data" / "spellings.json").read_text(encoding="utf-8"))
a, b, c, g, h, k, m, n, r, s, t, x, y, z, N, W = map(sym, "abcghkmnrstxyzNW")
THEIRS = {
    "arcsin": sp.asin, "arctan": sp.atan, "arsinh": sp.asinh, "artanh": sp.atanh,
    "cbrt": lambda u: u ** sp.Rational(1, 3),
    "e": sp.E, "N": sp.Symbol("N"), "pi": sp.pi, "alpha": sp.Symbol("alpha"), "beta": sp.Symbol("beta"),
}  # fmt: skip


def test_there_are_as_many_spellings_as_were_collected():
    assert sum(len(row["plain"]) + len(row["latex"]) for row in ROWS) >= 400
    assert sum(bool(row["plain"] and row["latex"]) for row in ROWS) >= 100


@pytest.mark.parametrize("row", ROWS, ids=[row["means"] for row in ROWS])
def test_spellings_mean_what_is_written_out(row):
    by = row["by"].split(",")
    expected = parse(row["means"], variables=by).term
    for text in (*row["plain"], *row["latex"]):
        assert parse(text, variables=by).term == expected, text


WITH_VALUES = [row for row in ROWS if "f(" not in row["means"] and "f'" not in row["means"]]


def test_what_is_written_out_is_what_sympy_reads():
    for row in WITH_VALUES:
        text = row["means"].replace("^", "**").replace("lambda", "lambda_")
        names = {name: sp.Symbol(name) for name in ("I", "S", "C", "E", "Q", "O")} | THEIRS
        there = sp.sympify(text, locals=names | {"lambda_": sp.Symbol("lambda")})
        here = concrete(parse(row["means"]).term, Context(), {}, {})
        assert here.free_symbols == there.free_symbols, row
        at = {v: sp.Rational(11 + 3 * n, 37) for n, v in enumerate(sorted(here.free_symbols, key=str))}
        assert abs(here.subs(at).evalf(20) - there.subs(at).evalf(20)) < 1e-15, row


# the question, its variable, and what is differentiated
READ: list[tuple[str, str | None, Term]] = [
    ("f(x,y,z) = xyz", "x", mul(x, y, z)),
    ("f(x,y) = xy(1-x-y)", "x", x * y * add(num(1), -x, -y)),
    ("xyz + x + y + z", "x", add(mul(x, y, z), x, y, z)),
    ("ax + bx + abx", "x", add(a * x, b * x, mul(a, b, x))),
    ("m g h + mgh", "h", add(mul(m, g, h), mul(m, g, h))),
    ("xye^x", "x,y", mul(x, y, exp(x))),
    ("y(x)^2", "x", fn("y", x) ** 2),
    ("J_1(x)^2", "x", fn("J_1", x) ** 2),
    ("N(t)^2", "t", fn("N", t) ** 2),
    ("N(t)^2", None, fn("N", t) ** 2),
    (r"N\left(t\right)^{2}", "t", fn("N", t) ** 2),
    ("y(x)y'(x)", "x", fn("y", x) * fn("y'", x)),
    (r"J_{0}(x) J_1(x)", "x", fn("J_0", x) * fn("J_1", x)),
    (r"\theta'(t)", "t", fn("theta'", t)),
    ("1/P(t)^3", "t", num(1) / fn("P", t) ** 3),
    ("e^{y(x)}", "x", exp(fn("y", x))),
    ("xy(x)", "x", x * fn("y", x)),
    ("y(x) + y(x+1)", "x", add(fn("y", x), fn("y", add(x, num(1))))),
    ("u(x, t) w(x, t)", "x", fn("u", x, t) * fn("w", x, t)),
    ("f(x, y) = y(x+1)", "x", y * add(x, num(1))),
    ("n(n+1)", "n", n * add(n, num(1))),
    ("rate * x", "x", sym("rate") * x),
    ("rate x", "rate", sym("rate") * x),
    ("loss x + w_max", "loss", add(sym("loss") * x, sym("w_max"))),
    ("aW_kj", "W_kj", a * W[k, sym("j")]),
]  # fmt: skip


@pytest.mark.parametrize(("text", "by", "body"), READ, ids=[f"{row[0]} by {row[1]}" for row in READ])
def test_questions_are_read(text: str, by: str | None, body: Term):
    assert function_problem(text, by).body == body


# the question, its variable, and what the refusal says
REFUSED = [
    ("mgh", "h", "m g h for a product, m_gh for one name"),
    ("kxy + 1", "x", "k x y for a product, k_xy"),
    ("x sin xyz", "x", "x y z for a product"),
    ("f(x) = kxy", None, "k x y"),
    ("d/dx (kxy)", None, "k x y"),
    ("e^{kxy}", "x,y", "k x y"),
    ("abx^2", "x", "a b x"),
    ("abx_1", "x_1", "a b x"),
    ("tax", "x", "t a x"),
    ("rate * t", "t", "r a t e"),
    ("nRT", "T", "n R T"),
    ("kxy", None, "--wrt kxy"),
    ("xyz", None, "--wrt xyz"),
    ("sinxy", "x", "sin(x y)"),
    ("xsinx", "x", "x sin x"),
    ("xlnx", "x", "x ln x"),
    ("2pix", "x", "pi x"),
    ("senx", "x", "sen x"),
    ("tgx", "x", "tg x"),
    ("e^xy", "x", "^(x y) or ^x y"),
    ("x dx", "x", "d/dx"),
    ("1/xy", "x", "1/(x y)"),
    ("arsh x", "x", "did you mean arsinh"),
    ("tangent x", "x", "did you mean tan?"),
    ("arcsinus x", "x", "did you mean arcsin"),
    ("sine x", "x", "did you mean sin"),
    ("seno x", "x", "did you mean sin"),
    ("cosine x", "x", "did you mean cos"),
    ("arctn x", "x", "did you mean arctan"),
    ("foo x", "x", "no function foo"),
    ("rate x", "x", "rate * .. for a product"),
    ("foo |x|", "x", "no function foo"),
    (r"\operatorname{arsh} x", "x", "did you mean arsinh"),
    (r"\mathrm{foo} x", "x", "no function foo"),
    ("Sin x", "x", "write sin("),
    ("ch x", "x", "cosh(..)"),
    ("piecewise(x if x < 0 or x > 1; 1)", "x", "several pieces"),
    ("y(2x)^2", "x", "y * (2x) for a product, f(2x)"),
    ("J_1(2x)", "x", "for a function"),
    ("N(t-1)", "t", "N * (t-1) for a product, F(t-1)"),
    ("y + y(x)", "x", "y * x for a product"),
    ("f_1(x+1)", "x", "f_1 * (x+1)"),
    ("e(x)", "x", "e * x"),
    ("σ'(x)", "x", "no function"),
    ("x(t)", "x", "x * t for a product"),
    ("x(2)^2", "x", "x * 2"),
    ("J_1^2(x)", "x", "(J_1(x))^.. for a function"),
    (r"\frac{d^{59}}{dx^{59}} (\sin x)", None, "the orders are 1 to 10"),
    (r"\frac{d^{n}}{dx^{n}} (\sin x)", None, "a whole number"),
    (r"\frac{d^{2n}}{dx^{2n}} \sin x", None, "a whole number"),
    (r"\frac{d^{2}}{dx^{3}} (\sin x)", None, "2 above, 3 below"),
    (r"\frac{d^{12}}{dx^{11}} x^2", None, "the orders are 1 to 10"),
    (r"\frac{\partial^{12}}{\partial x^{12}} \sin x", None, "the orders are 1 to 10"),
    (r"\frac{\partial^{3}}{\partial x \partial y} (xy)", None, "3 above, 2 below"),
    (r"\frac{d^2}{(dx)^2} x^3", "x", "without brackets below"),
    ("d^12/dx^12 (x^3)", None, "the orders are 1 to 10"),
    ("d^{59}/dx^{59} (x^3)", None, "the orders are 1 to 10"),
    ("d¹²/dx¹² (x³)", None, "the orders are 1 to 10"),
    ("d^n/dx^n (x^3)", None, "a whole number"),
    ("d^0/dx^0 (x^3)", None, "once"),
    ("d^{1e3}/dx^{1e3} (x)", None, "a whole number"),
    ("d^3/dx^2 (x^3)", None, "3 above, 2 below"),
    ("d^{999999999999}/dx^{999999999999} (x)", None, "the orders are 1 to 10"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "by", "says"), REFUSED, ids=[f"{row[0]} by {row[1]}" for row in REFUSED])
def test_what_may_mean_two_things_is_refused_with_both(text: str, by: str | None, says: str):
    with pytest.raises(UsageError) as refusal:
        function_problem(text, by)
    assert says in str(refusal.value)
    assert refusal.value.exit_code == 2


@pytest.mark.parametrize(
    ("text", "order"),
    [
        (r"\frac{d^{10} \sin x}{dx^{10}}", 10), (r"\frac{d^{7}}{dx^{7}} (\sin x)", 7), ("d^4/dx^4 (sin x)", 4),
        (r"\frac{\partial^{3}}{\partial x^{3}} \sin x", 3), ("d^{4}/dx^{4} (sin x)", 4), ("d^10/dx^10 (sin x)", 10),
        ("d¹⁰/dx¹⁰ (sin x)", 10), ("d^1/dx^1 (sin x)", 1), (r"\frac{d^{2}}{dx\,dx} \sin x", 2),
        ("d**3/dx**3 (sin x)", 3),
    ],
)  # fmt: skip
def test_orders_are_read_exactly(text: str, order: int):
    problem = function_problem(text)
    assert (problem.body, problem.wrt, problem.order) == (fn("sin", x), (x,), order)


def test_a_mixed_derivative_is_one_after_the_other():
    for text in ("∂^3/∂x^2∂y (x^2y)", r"\frac{\partial^{3}}{\partial x^{2} \partial y} (x^2y)"):
        term = parse_line(text)[0].term
        assert repr(term) == "d(d(d(mul(pow(x, 2), y), y), x), x)"


def test_a_name_that_nobody_typed_can_be_asked_about_too():
    kinds = {
        name: run_of_letters(name, ["x"]).kind for name in ("rate", "alpha", "lnx", "sinx", "xy", "kxy", "x", "ln")
    }
    assert kinds == {
        "rate": "name", "alpha": "name", "lnx": "refused", "sinx": "refused", "xy": "product", "kxy": "refused",
        "x": "name", "ln": "refused",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("lang", "first"), [("en", "is 0 because x does not occur"), ("pt", "é 0 porque x não aparece")]
)
def test_what_does_not_occur_is_said_first(capsys, lang: str, first: str):
    for words in (["prove", "rate * a"], ["check", "rate * a", "0"]):
        assert main([*words, "--wrt", "x", "--lang", lang, "--width", "100"]) == 0
        paragraphs = capsys.readouterr().out.split("\n\n")
        assert first in paragraphs[1]
        assert "rate" in paragraphs[1]


def test_the_index_of_the_variable_is_no_size():
    derivation = derive.prove("sin(x_i y_j)", wrt="x_m")
    assert {v.status for v in derivation.verdicts if v.by in ("kernel", "balls", "sympy")} == {"proven"}
    assert repr(derivation) == "∂/∂xₘ[sin(xᵢ yⱼ)] = yⱼ cos(xᵢ yⱼ) δᵢₘ"
    for text, by in (("x_i y_j", "x_n"), ("x_i y_j", "y_m"), ("A_ij x_k", "x_n")):
        assert derive.prove(text, wrt=by, witnesses=("kernel", "balls")).theorem


def test_functions_of_ones_own_are_proved_and_checked():
    assert repr(derive.prove("y(x)^2", wrt="x")) == "d/dx[y(x)²] = 2 y(x) y′(x)"
    assert derive.check("y(x)^2", ["2 y(x) y'(x)"], wrt="x").ok
    assert derive.check("J_1(x)^2", ["2 J_1(x) J_1'(x)"], wrt="x").ok
    assert not derive.check("y(x)^2", ["2 y(x)"], wrt="x").ok
