"""Nothing hangs: what a question costs is priced, and what is long is answered without being multiplied out."""

from fractions import Fraction
from math import prod

import pytest
import sympy as sp
from mpmath import mp, mpf, workdps

from derive.budget import LIMITS, OverBudget, budget_of, most_of
from derive.cli import main
from derive.core.arithmetic import equal
from derive.core.context import Context
from derive.core.kernel import Step, TooLong, check
from derive.core.term import Term, add, fn, mul, num, sym
from derive.derivation.derivation import derived
from derive.derivation.formula import function_problem
from derive.errors import UsageError
from derive.proofs import pretty as forms
from derive.proofs.prove import plan_of
from derive.render import render
from derive.render.formats import FORMATS
from derive.rules import RULES
from derive.syntax.to_sympy import indexed

X, x = sp.Symbol("x"), sym("x")


def nested(step, depth, inner="x"):
    for _ in range(depth):
        inner = step.format(inner)
    return inner


def proved(formula, order=1):
    chain = function_problem(formula, "x", order).chain
    return derived(chain, list(plan_of(chain).asked), ("kernel",))


FUNCTIONS = {
    "abs": abs, "sign": lambda u: (u > 0) - (u < 0), "max": max, "min": min, "sqrt": mp.sqrt, "exp": mp.exp,
    "log": mp.log, "sin": mp.sin, "cos": mp.cos, "tan": mp.tan, "sec": mp.sec,
    "sigmoid": lambda u: 1 / (1 + mp.exp(-u)),
}  # fmt: skip


def value(t: Term, at):
    """By exact arithmetic at a fraction, with many digits at a number; what is shared is worked out once."""
    known: dict[Term, Fraction] = {}

    def of(u: Term) -> Fraction:
        if u not in known:
            known[u] = _value(u, [of(a) for a in u.args] if u.op != "cases" else [])
        return known[u]

    def _value(u: Term, at_args: list[Fraction]) -> Fraction:
        match u.op:
            case "num":
                return at * 0 + u.value.numerator / (at * 0 + u.value.denominator)
            case "sym":
                return at
            case "neg":
                return -at_args[0]
            case "add":
                return sum(at_args, Fraction(0)) if isinstance(at, Fraction) else sum(at_args)
            case "mul":
                return prod(at_args)
            case "div":
                return at_args[0] / at_args[1]
            case "pow":
                return at_args[0] ** (int(at_args[1]) if at_args[1] == int(at_args[1]) else at_args[1])
            case "fn":
                return FUNCTIONS[u.value](*at_args)
            case "cases":
                then, left, right, otherwise = u.args
                a, b = of(left), of(right)
                return of(then if {"<": a < b, "<=": a <= b, ">": a > b, ">=": a >= b}[u.value] else otherwise)
        raise AssertionError(u)

    return of(t)


def slope(u: Term, at: Fraction) -> Fraction:
    """The derivative by dual numbers, which have nothing to do with the rules."""
    known: dict[Term, tuple[Fraction, Fraction]] = {}

    def of(t: Term) -> tuple[Fraction, Fraction]:
        if t not in known:
            known[t] = _dual(t, list(map(of, t.args)), at)
        return known[t]

    return of(u)[1]


def _dual(t: Term, at_args: list[tuple[Fraction, Fraction]], at: Fraction) -> tuple[Fraction, Fraction]:
    match t.op:
        case "num":
            return Fraction(t.value), Fraction(0)
        case "sym":
            return at, Fraction(1)
        case "neg":
            return -at_args[0][0], -at_args[0][1]
        case "add":
            return sum(a for a, _ in at_args), sum(b for _, b in at_args)
        case "mul":
            a, b = Fraction(1), Fraction(0)
            for c, d in at_args:
                a, b = a * c, a * d + b * c
            return a, b
        case "div":
            (a, b), (c, d) = at_args
            return a / c, (b * c - a * d) / c**2
        case "pow":
            (a, b), (n, _) = at_args
            return a ** int(n), n * a ** int(n - 1) * b
        case "fn":
            best = {"abs": lambda p: max(p, (-p[0], -p[1])), "max": max, "min": min}[t.value]
            return best(at_args[0]) if t.value == "abs" else best(at_args)
    raise AssertionError(t)


# a formula, the derivative's value is compared with that of dual numbers; the most nodes and steps that it may take
POLYNOMIALS = {
    "nested absolute values": (nested("abs({} - 1)", 30), 2000, 130),
    "a product of absolute values": (" ".join(f"abs(x - {n})" for n in range(15)), 800, 100),
    "a continued fraction": (nested("1/(x + {})", 20), 1000, 90),
    "bars in bars": (nested("|{} - 1|", 25), 1500, 110),
    "13 factors": ("".join(f"(x+{n})" for n in range(1, 14)), 400, 80),
    "20 factors": ("".join(f"(x+{n})" for n in range(1, 21)), 500, 110),
    "60 factors": ("".join(f"(x+{n})" for n in range(1, 61)), 2000, 310),
    "degree 100": (" + ".join(f"{n + 1} x^{n}" for n in range(101)), 600, 700),
    "400 terms": (" + ".join(f"x^{n}" for n in range(1, 401)), 2100, 2100),
    "a maximum of 20": ("max(" + ", ".join(f"{n} x" for n in range(1, 21)) + ")", 900, 110),
    "powers of powers": ("((x+1)^10+1)^10", 40, 20),
    "a power that is not multiplied out": ("(x+1)^40 (x-2)^40", 60, 40),
    # ten of our own
    "squares of squares": (nested("({}^2 + 1)", 12), 700, 80),
    "a tower of thirds": (nested("({} + 1)^3", 7), 300, 100),
    "powers of powers of powers": ("(((x+1)^8 + x)^8 + x)^8", 150, 40),
    "a sum of products": (" + ".join(f"(x+{n})(x-{n})(x+{2 * n})" for n in range(1, 21)), 900, 500),
    "a fraction of products": (
        "(" + "".join(f"(x+{n})" for n in range(1, 16)) + ")/(" + "".join(f"(x-{n}/7)" for n in range(1, 16)) + ")",
        2500, 250,
    ),
    "a sum of 60 fractions": (" + ".join(f"1/(x+{n})" for n in range(1, 61)), 600, 450),
    "an alternating sum": (nested("(1 - x {})", 25), 2500, 260),
    "smallest of largest": (nested("min(max({}, x - 1), 2x + 3)", 6), 1500, 130),
    "minus minus minus": (nested("-({} - 1)", 25), 60, 150),
    "factors in factors": (nested("(x + 1)({} + 2)", 20), 2500, 400),
}  # fmt: skip


@pytest.mark.parametrize("name", POLYNOMIALS)
def test_what_is_long_is_answered(name):
    formula, nodes, steps = POLYNOMIALS[name]
    derivation = proved(formula)
    theorem = derivation.proof.theorem
    assert (theorem.right.size <= nodes, len(theorem.steps) <= steps) == (True, True)
    for at in (Fraction(13, 29), Fraction(-17, 10)):
        assert value(theorem.right, at) == slope(derivation.statement.body, at)


@pytest.mark.parametrize(
    ("formula", "expected"),
    [
        ("(x+1)^1000000", 10**6 * (X + 1) ** 999_999),
        ("(2x)^1000000", 2 * 10**6 * (2 * X) ** 999_999),
        ("2^(x-x) x", sp.Integer(1)),
        ("3^(x-x) x^2", 2 * X),
        ("x^1000000", 10**6 * X**999_999),
    ],
)
def test_high_powers_and_powers_that_are_1(formula, expected):
    right = indexed(proved(formula).proof.theorem.right, Context())
    assert sp.simplify(right.subs(X, sp.Rational(1, 1)) - expected.subs(X, 1)) == 0
    assert proved(formula).proof.theorem.right.size < 12


@pytest.mark.parametrize(
    ("formula", "order", "nodes"),
    [
        (nested("sqrt(1+{})", 40), 1, 2600),
        (nested("2^(x-{})", 12), 1, 500),
        (nested("exp(-{}/2)", 20), 1, 1000),
        (nested("sin(x {})", 12), 1, 700),
        (nested("ln(x^2 + 3 + {})", 12), 1, 900),
        ("1/(1+exp(-x))", 8, 400),
        ("tan(x)", 8, 300),
        ("exp(x^2)", 9, 60),
        (" + ".join(f"sin({n}x)" for n in range(1, 61)), 1, 400),
        (" ".join(f"sin(x+{n})" for n in range(15)), 1, 1200),
    ],
)
def test_functions_of_functions(formula, order, nodes):
    derivation = proved(formula, order)
    right = derivation.proof.theorem.right
    assert right.size <= nodes
    with workdps(80):
        at, step, before = mpf(7) / 13, mpf(10) ** -25, derivation.proof.theorem.left.args[0]
        quotient = (value(before, at + step) - value(before, at - step)) / (2 * step)
        assert abs(value(right, at) - quotient) <= abs(quotient) / 10**12


def test_what_a_form_is_made_of_is_looked_at_once():
    """13 factors took 44 s, and each further one 3.3 times as long."""
    counts = []
    for n in (13, 26):
        forms._product.cache_clear()
        proved("".join(f"(x+{k})" for k in range(1, n + 1)))
        counts.append(forms._product.cache_info().misses)
    assert counts[1] < 6 * counts[0] < 30_000


@pytest.mark.parametrize("language", ["en", "pt"])
@pytest.mark.parametrize("format", FORMATS)
def test_printing_does_not_double_with_each_level(format, language):
    """What is new per level grows linearly, and so the text of all lines with the third power."""
    for step in ("|{} - 1|", "sqrt(1 + {})", "2^(x-{})", "1/(x + {})"):
        short, long = (render(proved(nested(step, n)).document(), format, language) for n in (6, 12))
        assert len(long) < 9 * len(short)


def test_many_terms_are_differentiated_in_one_line():
    few, many = (proved(" + ".join(f"x^{n}" for n in range(2, last))) for last in (6, 60))
    assert len(few.proof.moves) > 4 >= len(many.proof.moves)
    assert "60x⁵⁹" in render(proved(" + ".join(f"x^{n}" for n in range(1, 61))).document(), "text", "pt")


LONG = mul(*(add(x, num(n)) for n in range(1, 41)))


def test_long_products_are_compared_without_being_multiplied_out():
    turned = mul(*reversed(LONG.args))
    assert equal(LONG * 2 + turned, num(3) * LONG)
    with pytest.raises(OverBudget, match='the limit "monomials" is 20000; a larger --budget raises it'):
        equal(LONG, LONG + 1)


def test_a_larger_budget_answers_more_and_a_smaller_one_less():
    short = mul(*(add(x, num(n)) for n in range(1, 9)))
    other = mul(*(add(x, num(n)) for n in range(1, 7)), add(x**2, x * 15, num(56)))
    assert equal(short, other)
    with budget_of("0.01"), pytest.raises(OverBudget, match='"monomials" is 200;'):
        equal(short, other)
    assert equal(short, other)


@pytest.mark.parametrize("of", ["0", "-1", "many", "nan", "inf", "1e999999999", "1001", "1/0", "9" * 50])
def test_a_budget_is_a_sensible_number(of):
    with pytest.raises(UsageError, match=r"a budget is a number from 0.001 to 1000"), budget_of(of):
        pass


def test_limits_are_raised_for_what_runs_within_and_fixed_ones_are_not():
    with budget_of(10):
        assert most_of("steps") == 10 * LIMITS["steps"].most
        assert most_of("depth") == LIMITS["depth"].most
    assert most_of("steps") == LIMITS["steps"].most


@pytest.mark.parametrize(
    ("formula", "limit"),
    [
        ("x^100000001", "exponent"),
        ("x + " * 6000 + "x", "characters"),
        (" + ".join(f"x^{n}" for n in range(2, 999)), "steps"),
        (nested("({} + x^2) x", 50), "depth"),
    ],
)
def test_a_limit_that_is_met_names_itself(formula, limit, capsys, tmp_path):
    file = tmp_path / "formula.txt"
    file.write_text(formula)
    assert main(["prove", str(file), "--wrt", "x"]) == 2
    assert f'the limit "{limit}"' in capsys.readouterr().err


def test_a_proof_that_is_too_long_for_the_kernel_is_not_called_wrong():
    steps = (Step("double-negative", back=True), Step("double-negative")) * 1500
    with pytest.raises(OverBudget, match='"steps"'):
        check("long", Context(), x, x, steps, RULES)
    with pytest.raises(TooLong, match='"digits"') as found:
        check("long", Context(), num(7) ** 9999, x, (Step("rearrange", using=(("to", num(3) ** 9999),)),), RULES)
    assert found.value.exit_code == 2


def test_a_power_with_an_exponent_that_vanishes_is_1_only_where_that_is_certain():
    assert equal(Term("pow", (num(2), x - x)), num(1))
    assert not equal(Term("pow", (x, x - x)), num(1))
    assert not equal(Term("pow", (x, x - x)), x)
    assert equal(Term("pow", (x, x - x)) * 2, Term("pow", (x, fn("sin", x) - fn("sin", x))) * 2)
