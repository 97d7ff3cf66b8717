"""Every theorem that is called proven comes with a certified point; one about nothing is marked, whoever made it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from math import atan, cos, exp, log, pi, sin, tan

import pytest

import derive
from derive.cli import main
from derive.core.context import Context
from derive.core.kernel import Refused, Step, Theorem, check
from derive.core.term import Term, fn, lift, mul, num, sym, total
from derive.core.term import exp as exp_of
from derive.core.term import log as log_of
from derive.derivation.formula import Derivation, function_problem
from derive.errors import REFUTED, UNDECIDED
from derive.proofs.proof import Move, Proof
from derive.rules import RULES
from derive.syntax.formula import parse
from derive.witness.applies import applies_at
from derive.witness.at_point import Question
from derive.witness.at_sizes import judge_rows
from derive.witness.panel import judge
from derive.witness.verdict import Proven, Undecided

x, i, C = map(sym, ("x", "i", "C"))
EMPTY = Context()
PROBLEM = function_problem("x^2")
ALL = ("kernel", "balls", "sympy")


def under(*needed: str, context: Context = EMPTY) -> Theorem:
    """A theorem that holds where these are positive, or not zero if "!= 0" stands behind: e^ln c = c, c/c = 1."""
    terms = [(text.endswith("!= 0"), parse(text.removesuffix("!= 0")).term) for text in needed]
    return theorem_under(context, *terms)


def theorem_under(context: Context, *terms: tuple[bool, Term]) -> Theorem:
    left = [c / c if zero else exp_of(log_of(c)) for zero, c in terms]
    right = [lift(1) if zero else c for zero, c in terms]
    steps = [
        Step("cancel-all" if zero else "exp-log", () if len(terms) == 1 else (n,)) for n, (zero, _) in enumerate(terms)
    ]
    start = left[0] if len(terms) == 1 else Term("mul", tuple(left))
    if len(terms) > 1 and any(t.op == "mul" for t in right):
        raise ValueError("a product in a product moves the places")
    return check("under", context, start, mul(*right), tuple(steps), RULES)


NOWHERE = [  # why: a largest value, or two facts that exclude each other
    ["sin(x) - 2"], ["cos(x) - 1.5"], ["1 - cosh(x)"],
    ["ln(x) - x"],  # at most -1, at x = 1
    ["arctan(x) - 2"],  # below pi/2
    ["tanh(x) - 1"], ["sin(x) + cos(x) - 1.5"],  # at most sqrt 2
    ["sin(x) cos(x) - 0.6"],  # at most 1/2
    ["x e^(-x) - 0.4"],  # at most 1/e
    ["x/(1 + x^2) - 0.51"],  # at most 1/2
    ["erf(x) - 1.1"], ["sigmoid(x) - 1"], ["x - e^x"], ["sin(x)^2 - x^2 - 0.1"], ["ln(1 + x^2) - x^2 - 0.01"],
    ["cos(x) - x^2 - 1.1"], ["e^(-x^2) - 1.01"],
    ["arcsin(x) - 1.6"], ["arccos(x) - 3.2"],  # pi/2 and pi
    ["sqrt(1 - x^2) - 1.1"],
    ["ln(x) - sqrt(x)"],  # at most ln 4 - 2, at x = 4
    ["abs(sin(x)) - 1.01"],
    ["0.3 - e^sin(x)"],  # e^sin x is at least 1/e
    ["x^2 e^(-x^2) - 0.4"], ["min(x, -x) - 0.1"], ["sin(x) sin(y) - 1.1"], ["sin(x + y) - 1.2"],
    ["1 - cosh(x) cosh(y)"], ["x - 1", "-x - 1"], ["x", "-x"],
    ["sin(x) - 0.9", "cos(x) - 0.9"],  # the squares would add up to more than 1
    ["e^x - 10", "2 - x"],  # ln 10 is 2.30
    ["ln(x) - 1", "2 - x"],  # e is 2.72
    ["x + y - 1", "-x - y"],
    ["1 - x^2 - y^2", "x + y - 1.5"],  # at most sqrt 2 on the circle
    ["x y - 1", "1 - x^2 - y^2"],  # at most 1/2 on the circle
    ["y - x^2", "-y - 0.1"], ["x - y", "y - z", "z - x"],
    ["sin(x)^2 + cos(x)^2 - 1 != 0"], ["cosh(x)^2 - sinh(x)^2 - 1 != 0"], ["sin(2x) - 2 sin(x) cos(x) != 0"],
    ["abs(x) - sqrt(x^2) != 0"], ["relu(x) + relu(-x) - abs(x) != 0"], ["max(x, y) + min(x, y) - x - y != 0"],
    ["-1 - x^2"],
]  # fmt: skip


@pytest.mark.parametrize("needed", NOWHERE, ids=" and ".join)
def test_a_theorem_about_nothing_is_not_called_proven(needed: list[str]) -> None:
    try:
        theorem = under(*needed)
    except Refused as refusal:  # better still
        assert "needs: " in str(refusal) or "never hold together" in str(refusal)  # noqa: PT017
        return
    assert theorem.conditions
    assert applies_at(theorem) is None
    kernel, *_ = judge(PROBLEM.context, {"under": theorem}, ("kernel",))
    assert kernel == Undecided("kernel", "applies-nowhere", {"theorem": "under"})


NARROW: list[tuple[str, Callable[..., bool]]] = [
    ("sqrt(x - 1000) ln(1001 - x)", lambda x: 1000 < x < 1001),
    ("arcsin(x - 50)", lambda x: 49 < x < 51),
    ("ln(x - 10^7)", lambda x: x > 10**7),
    ("ln(-x - 10^12)", lambda x: x < -(10**12)),
    ("sqrt(1 - 10^6 (x - 3)^2)", lambda x: abs(x - 3) < Fraction(1, 1000)),
    ("sqrt(1 - 10^12 (x - pi)^2)", lambda x: abs(float(x) - pi) < 1e-6),
    ("arccos(x^2 - 10^4)", lambda x: 9999 < x * x < 10001),
    ("arcsin(x^3 - 5*10^8)", lambda x: abs(x**3 - 5 * 10**8) < 1),
    ("arcsin(x - 10^9)", lambda x: abs(x - 10**9) < 1),
    ("sqrt(x - 10^20) ln(10^20 + 1 - x)", lambda x: 10**20 < x < 10**20 + 1),
    ("sqrt(10^-12 - x) ln(x)", lambda x: 0 < x < Fraction(1, 10**12)),
    ("arcsin(10^5 (x - sqrt(2)))", lambda x: abs(float(x) - 2**0.5) < 1e-5),
    ("ln(ln(x) - 100)", lambda x: log(x) > 100),
    ("ln(ln(ln(ln(ln(x)))))", lambda x: log(log(log(log(x)))) > 0),
    ("ln(sin(x) - 0.9999999)", lambda x: sin(x) > 0.9999999),
    ("sqrt(x - 1) sqrt(1.0001 - x)", lambda x: 1 < x < Fraction("1.0001")),
    ("arcosh(x) arcsin(x/1.00001)", lambda x: 1 < x < Fraction("1.00001")),
    ("sqrt(x^2 - 10^8) arcsin(x/10001)", lambda x: 10**4 < abs(x) < 10001),
    ("arcsin(e^x - 1000)", lambda x: 999 < exp(x) < 1001),
    ("artanh(ln(x) - 20)", lambda x: 19 < log(x) < 21),
    ("sqrt(cos(x) - 0.999) ln(x - 100)", lambda x: x > 100 and cos(x) > 0.999),
    ("ln(0.2500001 - x + x^2 - 0.2500002 + x - 1)", lambda x: x * x > 1),
    ("ln(x - x^2 - 0.2499999999)", lambda x: x - x * x > Fraction("0.2499999999")),
    ("erfinv(x/7 - 300)", lambda x: abs(x / 7 - 300) < 1),
    ("gamma(x) ln(x - 150) sqrt(151 - x)", lambda x: 150 < x < 151),
    ("ln(tan(x) - 10^4)", lambda x: tan(x) > 10**4),
    ("arcosh(3 - (x + 77)^2)", lambda x: (x + 77) ** 2 < 2),
    ("arsech(x - 123)", lambda x: 123 < x < 124),
    ("ln(arctan(x) - 1.57)", lambda x: atan(x) > 1.57),
    ("ln(1 - x^2 - 9 (x - 0.9)^2) sqrt(x - 0.8)", lambda x: x > 0.8 and 1 - x * x > 9 * (float(x) - 0.9) ** 2),
    ("sqrt(x + y - 100) sqrt(y - x - 90)", lambda x, y: x + y > 100 and x - y < -90),
    ("sqrt(1 - 10^6 (x^2 + y^2 - 25)^2)", lambda x, y: abs(x * x + y * y - 25) < Fraction(1, 1000)),
    ("sqrt(10^-6 - (x - y)^2) sqrt(10^-6 - (x + y - 7)^2)", lambda x, y: max(abs(x - y), abs(x + y - 7)) < 1e-3),
    ("arcsin(x y - 1000) arccos(x - y - 50)", lambda x, y: abs(x * y - 1000) < 1 and abs(x - y - 50) < 1),
    ("sqrt(1/1000 - abs(x - y)) ln(x + y - 2000)", lambda x, y: abs(x - y) < 1e-3 and x + y > 2000),
    ("log(x, y - 100) sqrt(101 - y)", lambda x, y: x > 0 and 100 < y < 101),
    ("sqrt(0.01 - (x - 100)^2 - (y - 200)^2 - (z - 300)^2)",
     lambda x, y, z: (x - 100) ** 2 + (y - 200) ** 2 + (z - 300) ** 2 < Fraction("0.01")),
    ("ln(x - 500) arccos(y - 700) sqrt(2 - z^2 - (z - 1)^2)",
     lambda x, y, z: x > 500 and 699 < y < 701 and z * z + (z - 1) ** 2 < 2),
    ("ln(x y z - 10^9) sqrt(2 - x)", lambda x, y, z: x * y * z > 10**9 and x < 2),
    ("sqrt(1 - (x - 100)^2 - (y - 200)^2 - (z - 300)^2 - (w - 400)^2)",
     lambda w, x, y, z: (x - 100) ** 2 + (y - 200) ** 2 + (z - 300) ** 2 + (w - 400) ** 2 < 1),
    ("sqrt(x - y - 10) sqrt(y - z - 10) sqrt(z - w - 10) sqrt(w - 1000)",
     lambda w, x, y, z: x - 10 > y and y - 10 > z and z - 10 > w > 1000),
]  # fmt: skip


@pytest.mark.parametrize(("formula", "inside"), NARROW, ids=[formula for formula, _ in NARROW])
def test_a_narrow_domain_has_a_point(formula: str, inside: Callable[..., bool]) -> None:
    derivation = derive.prove(formula, wrt="x", witnesses=("kernel",))
    kernel = derivation.verdicts[0]
    assert isinstance(kernel, Proven)
    (point,) = kernel.detail["applies"].values()
    assert inside(**point), point


@pytest.mark.parametrize("formula", ["sqrt(x - 1000) ln(1001 - x)", "arcsin(x - 10^9)", "arccos(x^2 - 10^4)"])
def test_every_witness_looks_there(formula: str) -> None:
    assert [v.status for v in derive.prove(formula, wrt="x").verdicts[:3]] == ["proven"] * 3
    assert main(["check", formula, "7", "--wrt", "x"]) == REFUTED


OF_FAMILIES: list[tuple[str, str, Callable[[dict[str, Fraction]], bool]]] = [
    ("ln(x_i - 1000)", "x_i", lambda at: at[f"x[{at['i']}]"] > 1000),
    ("sqrt(sum(i, x_i) - 10^7)", "x_k", lambda at: sum(v for n, v in at.items() if n[0] == "x") > 10**7),
    ("arcsin(sum(i, x_i^2) - 50)", "x_k", lambda at: 49 < sum(v * v for n, v in at.items() if n[0] == "x") < 51),
    ("ln(z_7 - 40)", "z_7", lambda at: at["z_7"] > 40),
]  # fmt: skip


@pytest.mark.parametrize(("formula", "wrt", "inside"), OF_FAMILIES, ids=[row[0] for row in OF_FAMILIES])
def test_families_are_searched_too(formula: str, wrt: str, inside: Callable[[dict[str, Fraction]], bool]) -> None:
    verdicts = derive.prove(formula, wrt=wrt).verdicts[:3]
    assert [v.status for v in verdicts] == ["proven"] * 3
    assert isinstance(verdicts[0], Proven)
    (point,) = verdicts[0].detail["applies"].values()
    assert inside(point), point


def test_a_condition_of_every_entry_holds_for_every_entry() -> None:
    derivation = derive.prove("sum(i, sqrt(x_i) + sqrt(3 - x_i))", wrt="x_k", witnesses=("kernel",))
    kernel = derivation.verdicts[0]
    assert isinstance(kernel, Proven)
    (point,) = kernel.detail["applies"].values()
    entries = [value for name, value in point.items() if name.startswith("x[")]
    assert len(entries) == 2
    assert all(0 < value < 3 for value in entries)


def every_entry_of(*terms: Term) -> Theorem:
    """ln of products of all entries, which the kernel notes with a primed index: sum_i e^ln c_i = sum_i c_i."""
    context = Context(shapes={"z": (C,)})
    sums = [total(i, C, exp_of(log_of(c))) for c in terms]
    steps = [Step("exp-log", (2,) if len(terms) == 1 else (n, 2)) for n in range(len(terms))]
    left, right = sums[0], total(i, C, terms[0])
    for one, other in zip(sums[1:], terms[1:], strict=True):
        left, right = left + one, right + total(i, C, other)
    return check("every", context, left, right, tuple(steps), RULES)


def test_a_condition_of_every_entry_that_never_holds() -> None:
    some = every_entry_of(sym("z")[i] - 300)
    assert [c.about[0] for c in some.conditions] == [sym("z")[sym("i'")] - 300]
    point = applies_at(some)
    assert point is not None
    assert all(value > 300 for name, value in point.items() if name.startswith("z["))
    assert applies_at(every_entry_of(fn("sin", sym("z")[i]) - 2)) is None
    assert applies_at(every_entry_of(exp_of(sym("z")[i]) - 10, lift(2) - sym("z")[i])) is None
    with pytest.raises(Refused, match="never hold together"):
        every_entry_of(sym("z")[i] - 3, lift(2) - sym("z")[i])


def seven() -> Proof:
    """d(x^2)/dx = 7: 2x = 2x c/c = 7 c/c = 7, where c = |x| - sqrt(x^2) is 0 everywhere."""
    honest = derive.prove("x^2", witnesses=("kernel",)).proof.theorem
    size = fn("abs", x)
    c = size - fn("sqrt", x**2)
    steps = (
        *honest.steps,
        Step("cancel", (), True, (("v", c),)),
        Step("root-of-square", (0, 2, 1, 0)),
        Step("rearrange", (0,), False, (("to", mul(7, size - size)),)),
        Step("root-of-square", (0, 1, 1, 0), True),
        Step("cancel"),
    )
    seventh = num(7)
    theorem = check(honest.name, honest.context, honest.left, seventh, steps, RULES)
    return Proof(theorem, tuple(Move(n, n, n + 1, False) for n in range(len(steps))))


def about_seven(witnesses: tuple[str, ...] = ALL) -> Derivation:
    derivation = derive.prove("x^2", witnesses=witnesses)
    assert isinstance(derivation, Derivation)
    return replace(derivation, proofs={"derivative-x": seven()})


MARKS = {
    "en": "proven, but no point is known where it applies",
    "pt": "provado, mas não se conhece nenhum ponto em que se aplique",
}


@pytest.mark.parametrize("lang", MARKS)
@pytest.mark.parametrize("format", ["text", "markdown", "latex", "typst", "json"])
def test_every_document_shows_the_mark(format: str, lang: str) -> None:
    told = about_seven(("kernel",)).to(format, lang)
    assert MARKS[lang] in " ".join(told.split())


def test_a_record_about_nothing_is_not_accepted(tmp_path, capsys) -> None:
    derivation = about_seven()
    assert [v.status for v in derivation.verdicts[:3]] == ["undecided", "undecided", "refuted"]
    path = tmp_path / "seven.json"
    path.write_text(derivation.to("json"), encoding="utf-8")
    assert main(["verify", str(path)]) == REFUTED
    assert "sympy refutes" in capsys.readouterr().err


def test_where_nobody_refutes_the_record_stays_undecided(tmp_path, capsys) -> None:
    assert main(["prove", "sqrt(min(x, -x) + abs(x))", "-o", str(tmp_path / "one.json")]) == UNDECIDED
    assert main(["verify", str(tmp_path / "one.json")]) == UNDECIDED
    assert MARKS["en"] in capsys.readouterr().out


def test_python_reads_where_it_applies() -> None:
    detail = derive.prove("x^2 sin(x)", witnesses=("kernel",)).verdicts[0].detail
    assert detail == {"steps": 10, "theorems": 1, "applies": {"derivative-x": {"x": 2}}}


def test_who_has_looked_at_nothing_says_nothing() -> None:
    assert {v.status for v in judge(PROBLEM.context, {}, ALL)} == {"not run"}
    question = Question((x, x), EMPTY, frozenset(), (), 1, 0)
    assert judge_rows(question, [], (0, 0), {}) == Undecided("balls", "no-point")
    derivation = derive.prove("sqrt(min(x, -x) + abs(x))")
    assert {v.status for v in derivation.verdicts} == {"undecided", "not run"}
