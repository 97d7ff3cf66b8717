"""SymPy on functions of plain numbers: true derivatives of every kind, false ones, and what it cannot tell."""

from __future__ import annotations

from fractions import Fraction

import pytest
import sympy as sp
from derivation.test_corpus import CASES, typed

import derive
from derive.core.condition import Condition
from derive.core.context import Context, Definition
from derive.core.functions import FUNCTIONS
from derive.core.law import CHECKS
from derive.core.match import fill
from derive.core.term import Term, cases, d, exp, fn, lift, log, num, slots, sym
from derive.proofs.scalar import differentiate
from derive.rules import RULES
from derive.syntax.sympy_bridge import from_sympy
from derive.witness import cas_functions
from derive.witness.balls import check_equation
from derive.witness.cas import Claimed, check_claim
from derive.witness.cas_functions import residual_term
from derive.witness.sampling import Unsuited
from derive.witness.verdict import Proven, Refuted, Undecided, Verdict

x, y, a, pi = map(sym, ("x", "y", "a", "pi"))
EMPTY = Context()
HALF, TINY = lift(1) / 2, lift(1) / 10**20


def sympys(left: Term, right: Term, *conditions: Condition) -> Verdict:
    return check_claim(EMPTY, Claimed(left, right, frozenset(), conditions))


def balls(left: Term, right: Term, *conditions: Condition) -> Verdict:
    return check_equation(left, right, EMPTY, conditions=conditions)


WITNESSES = pytest.mark.parametrize("witness", [balls, sympys], ids=["balls", "sympy"])
f_, X, Y = sp.Function("f"), sp.Symbol("x"), sp.Symbol("y")

# function and derivative, in SymPy's words, from tables of derivatives
TABLE = [
    ("x**x", X**X, X**X * (sp.log(X) + 1)),
    ("product", X**2 * sp.sin(X), 2 * X * sp.sin(X) + X**2 * sp.cos(X)),
    ("quotient", sp.sin(X) / X, (X * sp.cos(X) - sp.sin(X)) / X**2),
    ("tan", sp.tan(2 * X), 2 / sp.cos(2 * X) ** 2),
    ("cot", sp.cot(2 * X), -2 * sp.csc(2 * X) ** 2),
    ("sec", sp.sec(X), sp.sin(X) / sp.cos(X) ** 2),
    ("x tan", X * sp.tan(X), 2 * X / (1 + sp.cos(2 * X)) + sp.tan(X)),
    ("x coth", X * sp.coth(X), -2 * X / (sp.cosh(2 * X) - 1) + sp.coth(X)),
    ("asec", sp.asec(X), 1 / (sp.Abs(X) * sp.sqrt(X**2 - 1))),
    ("acsc", X * sp.acsc(X), sp.acsc(X) - 1 / (X * sp.sqrt(1 - 1 / X**2))),
    ("acot", sp.acot(2 * X), -2 / (4 * X**2 + 1)),
    ("acosh", sp.acosh(X), 1 / (sp.sqrt(X - 1) * sp.sqrt(X + 1))),
    ("asech", sp.asech(2 * X), -1 / (X * sp.sqrt(1 - 4 * X**2))),
    ("acoth", sp.acoth(X), 1 / (1 - X**2)),
    ("log cosh", sp.log(sp.cosh(X)), sp.tanh(X)),
    ("logsumexp", sp.log(sp.exp(X) + sp.exp(Y)), sp.exp(X - sp.log(sp.exp(X) + sp.exp(Y)))),
    ("erf", sp.erf(X), 2 * sp.exp(-(X**2)) / sp.sqrt(sp.pi)),
    ("erfinv", sp.erfinv(X), sp.sqrt(sp.pi) / 2 * sp.exp(sp.erfinv(X) ** 2)),
    ("gamma", sp.gamma(X), sp.gamma(X) * sp.digamma(X)),
    ("atan2", sp.atan2(Y, X), -Y / (X**2 + Y**2)),
    ("base", sp.log(X, 3) + 3**X, 1 / (X * sp.log(3)) + 3**X * sp.log(3)),
    ("abs", sp.Abs(2 * X + 1), 2 * sp.sign(2 * X + 1)),
    ("max", sp.Max(X, Y, 0), sp.Piecewise((1, (X > 0) & (X > Y)), (0, True))),
    (
        "pieces",
        sp.Piecewise((sp.exp(X**2), X < 1), (1 / X, True)),
        sp.Piecewise((2 * X * sp.exp(X**2), X < 1), (-1 / X**2, True)),
    ),
    ("abstract", f_(X**2) * f_(X), 2 * X * f_(X**2).diff(X) / (2 * X) * f_(X) + f_(X**2) * f_(X).diff(X)),
    ("roots", sp.sqrt(X + sp.sqrt(X)), (1 + 1 / (2 * sp.sqrt(X))) / (2 * sp.sqrt(X + sp.sqrt(X)))),
    (
        "logs in logs",
        sp.log(sp.log(sp.log(sp.cos(X**2) ** Y))),
        -2 * X * sp.tan(X**2) / (sp.log(sp.cos(X**2)) * sp.log(Y * sp.log(sp.cos(X**2)))),
    ),
]
IDS = [row[0] for row in TABLE]


@WITNESSES
@pytest.mark.parametrize(("name", "function", "slope"), TABLE, ids=IDS)
def test_tables_of_derivatives(witness, name: str, function: sp.Expr, slope: sp.Expr) -> None:
    verdict = witness(d(from_sympy(function), x), from_sympy(slope).args and from_sympy(slope))
    assert isinstance(verdict, Proven)
    assert int(str(verdict.detail["points"])) >= 1


@WITNESSES
@pytest.mark.parametrize(("name", "function", "slope"), TABLE, ids=IDS)
def test_wrong_signs_factors_and_remainders(witness, name: str, function: sp.Expr, slope: sp.Expr) -> None:
    left, right = d(from_sympy(function), x), from_sympy(slope)
    for wrong in (-right, right * 2, right + lift(1) / 1000, right * exp(x)):
        verdict = witness(left, wrong)
        assert isinstance(verdict, Refuted)
        assert verdict.left != verdict.right


INNER = [x**2 + x * 3, x * y - 1, fn("sin", x) * 2 + HALF, fn("f", x)]
SLOPES = [
    rule for name, rule in RULES.items()
    if name.endswith("-rule") and rule.left.op == "d" and rule.left.args[0].op == "fn"
    and rule.left.args[0].value in FUNCTIONS
]  # fmt: skip


def instance(rule, u: Term) -> tuple[Term, Term, tuple[Condition, ...]]:
    needed = slots(rule.left) | slots(rule.right)
    found = {k: v for k, v in {"u": u, "x": x, "v": y, "b": a, "a": a}.items() if k in needed}
    conditions = tuple(c.filled(found) for c in rule.where if c.kind not in CHECKS)
    return fill(rule.left, found), fill(rule.right, found), conditions


@WITNESSES
@pytest.mark.parametrize("rule", SLOPES, ids=lambda rule: rule.name)
def test_every_card_of_a_function(witness, rule) -> None:
    for u in INNER:
        left, right, conditions = instance(rule, u)
        assert witness(left, right, *conditions).status == "proven"
        assert witness(left, right + lift(1) / 1000, *conditions).status == "refuted"
    _, without_inner, _ = instance(rule, x)
    if without_inner != num(0) and len(left.args[0].args) == 1:
        left, _, conditions = instance(rule, x * 2 + 1)
        forgotten, _ = instance(rule, x * 2 + 1)[1].args[:1], None
        if instance(rule, x * 2 + 1)[1].op == "mul":
            assert witness(left, *forgotten, *conditions).status == "refuted"


WRONG_IN_ONE_REGION = [
    (x**2, lift(2) * fn("abs", x)),  # for x < 0
    (fn("abs", x), lift(1)),
    (fn("abs", x), fn("step", x)),
    (x**3, lift(3) * x**2 + fn("relu", fn("abs", x) - 1)),  # for |x| > 1
    (fn("hardtanh", x), lift(1)),
    (fn("relu6", x), fn("step", x)),  # above 6
    (fn("arcsec", x), lift(1) / (x * fn("sqrt", x**2 - 1))),  # for x < -1
    (fn("leaky_relu", x, a), fn("step", x)),
    (cases(log(x), x, ">", 0, x), cases(lift(1) / x, x, ">", 0, fn("sign", x))),
    (fn("arsech", x**2 + x * 3), d(fn("arsech", x**2 + x * 3), x) + fn("relu", -x)),  # a strip of width 0.3
    (fn("hardtanh", fn("arsech", lift(3) - x)), num(0)),  # 2 < x < 2.35, next to a border at a whole number
]


@WITNESSES
@pytest.mark.parametrize(("function", "slope"), WRONG_IN_ONE_REGION)
def test_wrong_in_one_region(witness, function: Term, slope: Term) -> None:
    assert witness(d(function, x), slope).status == "refuted"


ACTIVATIONS = [
    (fn("softplus", x), fn("sigmoid", x)),
    (fn("sigmoid", x), fn("sigmoid", x) * fn("sigmoid", -x)),
    (fn("silu", x), fn("sigmoid", x) * (lift(1) + x * fn("sigmoid", -x))),
    (fn("softsign", x), lift(1) / (lift(1) + fn("abs", x)) ** 2),
    (fn("logsigmoid", x), fn("sigmoid", -x)),
    (fn("tanhshrink", x), fn("tanh", x) ** 2),
    (fn("elu", x, a), cases(1, x, ">", 0, fn("elu", x, a) + a)),
    (fn("celu", x, a), cases(1, x, ">", 0, exp(x / a))),
    (fn("relu6", x), cases(0, x, "<", 0, cases(1, x, "<", 6, 0))),
    (fn("hardswish", x), cases(0, x, "<", -lift(3), cases((x * 2 + 3) / 6, x, "<", 3, 1))),
    (fn("hardshrink", x, HALF), cases(1, fn("abs", x), ">", HALF, 0)),
    (fn("gelu", x), (fn("erf", x / fn("sqrt", lift(2))) + 1) / 2 + x * exp(-(x**2) / 2) / fn("sqrt", pi * 2)),
    (fn("floor", x) * x, fn("floor", x)),
    (fn("round", x) * x, fn("round", x)),
    (fn("cbrt", x), lift(1) / (fn("cbrt", x) ** 2 * 3)),
    (fn("sqrt", x * y) * fn("sqrt", x / y), fn("sign", x)),
    (fn("abs", fn("gamma", x)), fn("abs", fn("gamma", x)) * fn("digamma", x)),
    (fn("abs", fn("f", x)), fn("sign", fn("f", x)) * fn("f'", x)),
    (fn("g'12", x**2, y), fn("g'112", x**2, y) * 2 * x),
]


@WITNESSES
@pytest.mark.parametrize(("function", "slope"), ACTIVATIONS)
def test_activations_and_abstract_functions(witness, function: Term, slope: Term) -> None:
    assert witness(d(function, x), slope).status == "proven"
    assert witness(d(function, x), slope + lift(1) / 1000).status == "refuted"


def test_conditions_are_used() -> None:
    claim = (d(fn("abs", x), x), lift(1))
    assert sympys(*claim).status == "refuted"
    assert sympys(*claim, Condition("positive", (x,))).status == "proven"
    assert sympys(d(fn("abs", x - y), x), lift(1), Condition("positive", (x - y,))).status == "proven"


def test_nowhere_defined_is_undecided() -> None:
    assert sympys(d(log(-exp(x)), x), lift(1)) == Undecided("sympy", "no-point")


def test_numbers_too_large_to_write_out_are_not_written_out() -> None:
    nine = lift(9)
    for huge in (nine**nine**nine, fn("gamma", lift(10**9)), fn("digamma", lift(10**9))):
        verdict = sympys(d(x * huge, x), huge)
        assert isinstance(verdict, Undecided)
        assert verdict.why == "unknown-expression"


def test_digits_that_cancel_refute_nothing() -> None:
    one = fn("cosh", x * 30) ** 2 - fn("sinh", x * 30) ** 2
    assert sympys(d(x * one, x), lift(1)).status == "proven"
    hidden = fn("f", one) - fn("f", lift(1))  # cosh and sinh inside another function
    assert sympys(d(x * hidden, x), num(0)).status == "proven"


def test_definitions_are_followed() -> None:
    context = Context({"u": Definition("u", (), x**2 + 1), "w": Definition("w", (), log(sym("u")))})
    for left, right, status in (
        (d(sym("w"), x), lift(2) * x / sym("u"), "proven"),
        (d(sym("w"), sym("u")), lift(1) / sym("u"), "proven"),
        (d(sym("w"), sym("u")), lift(1) / (x**2 + 1), "proven"),
        (d(sym("w"), x), lift(1) / sym("u"), "refuted"),
        (d(sym("w") * x, sym("u")), x / sym("u") + 1, "refuted"),
    ):
        assert check_claim(context, Claimed(left, right)).status == status


RESIDUALS = [
    (d(x**3, x), lift(2) * x**2, x**2),
    (d(fn("sin", x**2), x), fn("cos", x**2), (x * 2 - 1) * fn("cos", x**2)),
    (d(exp(x) * x, x), exp(x), x * exp(x)),
]


@pytest.mark.parametrize(("left", "right", "rest"), RESIDUALS)
def test_what_is_left_over_is_factored(left: Term, right: Term, rest: Term) -> None:
    found = residual_term(left, right, EMPTY)
    assert found is not None
    assert check_equation(found, rest, EMPTY).status == "proven"
    assert found.op in ("mul", "pow", "neg")
    refuted = sympys(left, right)
    assert isinstance(refuted, Refuted)
    assert refuted.residual == found


def test_there_is_no_residual_of_families() -> None:
    assert residual_term(sym("v")[1], x, Context(shapes={"v": (sym("C"),)})) is None
    assert residual_term(d(x**2, x), lift(2) * x, EMPTY) == num(0)


def test_a_refutation_shows_a_point_and_both_values() -> None:
    verdict = sympys(d(x**3, x), lift(2) * x**2)
    assert isinstance(verdict, Refuted)
    at = float(Fraction(str(verdict.point["x"])))
    assert (verdict.left, verdict.right) == (pytest.approx(3 * at**2), pytest.approx(2 * at**2))


# digits, where there is no identity


@pytest.fixture
def no_identities(monkeypatch: pytest.MonkeyPatch) -> None:
    """As if everything were too large to reduce."""

    monkeypatch.setattr(cas_functions, "_remains", lambda *_: Unsuited("too-large"))


@pytest.mark.usefixtures("no_identities")
@pytest.mark.parametrize(("name", "function", "slope"), TABLE, ids=IDS)
def test_digits_agree_where_nothing_is_reduced(name: str, function: sp.Expr, slope: sp.Expr) -> None:
    verdict = sympys(d(from_sympy(function), x), from_sympy(slope))
    if name == "abstract":  # one function that stands for any other proves nothing
        assert verdict == Undecided("sympy", "too-large")
    else:
        assert isinstance(verdict, Proven)
        assert verdict.detail["digits"] == 30
        assert int(str(verdict.detail["points"])) >= 5


@pytest.mark.usefixtures("no_identities")
@pytest.mark.parametrize(("name", "function", "slope"), TABLE, ids=IDS)
def test_digits_prove_nothing_that_is_false(name: str, function: sp.Expr, slope: sp.Expr) -> None:
    left, right = d(from_sympy(function), x), from_sympy(slope)
    for wrong in (-right, right * 2, right + lift(1) / 1000, right * exp(x)):
        assert sympys(left, wrong).status == "refuted"
    for wrong in (right * (TINY + 1), right + TINY):
        assert sympys(left, wrong) == Undecided("sympy", "too-large")


@pytest.mark.usefixtures("no_identities")
@pytest.mark.parametrize(("function", "slope"), WRONG_IN_ONE_REGION)
def test_digits_are_compared_in_every_region(function: Term, slope: Term) -> None:
    assert sympys(d(function, x), slope).status == "refuted"


@pytest.mark.usefixtures("no_identities")
@pytest.mark.parametrize("beyond", [0, 2, 7])
def test_what_differs_by_little_on_a_part_is_not_proven(beyond: int) -> None:
    for side in (x, -x):
        off = cases(TINY, side, ">", beyond, 0)
        assert sympys(d(fn("sin", x) * exp(x / 9), x), d(fn("sin", x) * exp(x / 9), x)).status == "proven"
        claimed = d(fn("sin", x) * exp(x / 9), x) + off
        assert sympys(d(fn("sin", x) * exp(x / 9), x), claimed) == Undecided("sympy", "too-large")


LOST = [
    # 1 - tanh(e^(e^x)) is positive, and of no digit that could be written down for x > 8
    (fn("tanh", exp(exp(x))), num(0), Condition("positive", (x - 8,))),
    (fn("erf", exp(exp(x))), num(0), Condition("positive", (x - 8,))),
    (exp(x) + exp(-exp(exp(x))), exp(x), Condition("positive", (x - 8,))),
]


@pytest.mark.usefixtures("no_identities")
@pytest.mark.parametrize(("function", "slope", "where"), LOST)
def test_digits_that_are_lost_are_not_compared(function: Term, slope: Term, where: Condition) -> None:
    assert sympys(d(function, x), slope, where).status != "proven"


@pytest.mark.usefixtures("no_identities")
def test_digits_that_cancel_are_looked_for_further_back() -> None:
    hidden = fn("cosh", x * 60) ** 2 - fn("sinh", x * 60) ** 2  # at x = 1 the first 50 digits cancel
    assert sympys(d(x * hidden, x), lift(1)).status == "proven"
    assert sympys(d(x * hidden, x), lift(1) + TINY).status == "undecided"


@pytest.mark.usefixtures("no_identities")
def test_a_narrow_domain_is_looked_at_in_enough_points() -> None:
    narrow = fn("sqrt", x - lift(5) / 2) + fn("sqrt", lift(251) / 100 - x)
    slope = lift(1) / (fn("sqrt", x - lift(5) / 2) * 2) - lift(1) / (fn("sqrt", lift(251) / 100 - x) * 2)
    verdict = sympys(d(narrow, x), slope)
    assert isinstance(verdict, Proven)
    assert int(str(verdict.detail["points"])) >= 5
    assert sympys(d(narrow, x), slope * 2).status == "refuted"


LARGE = [
    fn("silu", fn("selu", x) / x) + fn("gelu", x) * x,
    fn("cbrt", fn("sinh", fn("sigmoid", fn("artanh", lift(3) - x)))),
    fn("tanh", x * 2) / (fn("sech", fn("hardswish", x + 1) - x) * x * 2),
]


@pytest.mark.parametrize("function", LARGE)
def test_what_is_too_large_is_compared_in_digits(function: Term) -> None:
    theorem = differentiate("large", EMPTY, function, x).theorem
    left, right, conditions = theorem.left, theorem.right, theorem.conditions
    verdict = sympys(left, right, *conditions)
    assert isinstance(verdict, Proven)
    assert verdict.detail["digits"] == 30
    assert sympys(left, right + lift(1) / 1000, *conditions).status == "refuted"
    for wrong in (right * (TINY + 1), cases(right, x, ">", lift(3), right * (TINY + 1))):
        assert sympys(left, wrong, *conditions).status == "undecided"


def test_numbers_that_are_not_real_are_no_crash() -> None:
    assert sympys(d(x * fn("max", fn("arsech", lift(3)), num(0)), x), lift(1)).status == "undecided"


@pytest.mark.parametrize("case", CASES, ids=[case["id"] for case in CASES])
def test_the_collected_derivatives_are_proven_by_identities(case: dict[str, str]) -> None:
    derivation = derive.prove(typed(case["function"]), wrt=case["variable"])
    (verdict,) = (v for v in derivation.verdicts if v.by == "sympy")
    assert isinstance(verdict, Proven)
    assert "digits" not in verdict.detail
