"""Terms by cases, kinks and abstract functions: what the kernel accepts, what it records, what it refuses."""

from __future__ import annotations

import re

import pytest

from derive.core.context import Context, Definition
from derive.core.functions import FUNCTIONS
from derive.core.kernel import Refused, Step, Theorem, check
from derive.core.term import Path, Term, cases, d, exp, fn, log, mul, num, sym
from derive.rules import RULES

x, y, a = map(sym, "xya")
ZERO, ONE = num(0), num(1)


def f(*arguments: Term) -> Term:
    return fn("f", *arguments)


def to(new: Term, *at: int) -> Step:
    return Step("rearrange", at, using=(("to", new),))


def prove(left: Term, right: Term, *steps: Step, context: Context | None = None) -> Theorem:
    return check("claim", context or Context(), left, right, steps, RULES)


def needs(theorem: Theorem) -> set[tuple[str, Term]]:
    return {(c.kind, c.about[0]) for c in theorem.conditions}


def refused(match: str, left: Term, right: Term, *steps: Step) -> None:
    with pytest.raises(Refused, match=match):
        prove(left, right, *steps)


def said_of(left: Term, right: Term, step: Step, context: Context | None = None) -> tuple[str, set[tuple[str, Term]]]:
    """Why a step is refused, or what it records."""
    try:
        return "", needs(prove(left, right, step, context=context))
    except Refused as refusal:
        return str(refusal), set()


FIRST, OTHERWISE = 0, 3


# x/x = 1, or exp(log(x)) = x, is used inside one piece; the facts of the piece decide what is recorded
@pytest.mark.parametrize(
    ("border", "relation", "piece", "recorded"),
    [
        (1, ">", FIRST, set()),  # x > 1
        (1, ">=", FIRST, set()),
        (1, "<", FIRST, {("nonzero", x)}),  # x < 1 may be 0
        (1, "<=", FIRST, {("nonzero", x)}),
        (1, "<", OTHERWISE, set()),  # x >= 1
        (1, "<=", OTHERWISE, set()),  # x > 1
        (1, ">", OTHERWISE, {("nonzero", x)}),
        (0, ">", FIRST, set()),
        (0, ">=", FIRST, {("nonzero", x)}),  # 0 itself is in the piece
        (0, "<", OTHERWISE, {("nonzero", x)}),
        (0, "<=", OTHERWISE, set()),
        (0, "<", FIRST, set()),  # x < 0 is not 0
        (0, "<=", FIRST, {("nonzero", x)}),
    ],
)
def test_a_division_inside_a_piece(border: int, relation: str, piece: int, recorded: set[object]) -> None:
    pieces = {FIRST: (x / x, ONE), OTHERWISE: (a, a)}
    left, right = (
        cases(pieces[FIRST][n], x, relation, border, pieces[OTHERWISE][n])
        if piece == FIRST
        else cases(pieces[OTHERWISE][n], x, relation, border, pieces[FIRST][n])
        for n in (0, 1)
    )
    assert needs(prove(left, right, Step("cancel-all", (piece,)))) == recorded


@pytest.mark.parametrize(
    ("relation", "recorded"),
    [
        (">", set()),
        (">=", {("nonzero", x)}),
        ("<", {("positive", cases(x, x, "<", 0, 1))}),  # a logarithm that is not in use says nothing
        ("<=", {("positive", x)}),  # beyond 0 it holds anyway
    ],
)
def test_a_logarithm_inside_a_piece(relation: str, recorded: set[object]) -> None:
    left, right = (cases(u, x, relation, 0, a) for u in (exp(log(x)), x))
    assert needs(prove(left, right, Step("exp-log", (FIRST,)))) == recorded


def test_the_border_may_stand_on_either_side_and_be_any_term() -> None:
    left, right = (cases(u, ONE + y**2, "<", x, a) for u in (x / x, ONE))
    assert needs(prove(left, right, Step("cancel-all", (FIRST,)))) == {
        ("nonzero", cases(x, ONE + y**2, "<", x, 1))  # it holds, which nothing here can see
    }
    left, right = (cases(u, y, "<", x, a) for u in ((x - y) / (x - y), ONE))
    assert needs(prove(left, right, Step("cancel-all", (FIRST,)))) == set()


def test_facts_of_several_pieces_add_up() -> None:
    """In the middle piece of three, 0 < x <= 1."""
    middle = cases(ZERO, x, "<=", 0, cases(log(x) * (x / x), x, "<=", 1, a))
    after = cases(ZERO, x, "<=", 0, cases(log(x) * ONE, x, "<=", 1, a))
    assert needs(prove(middle, after, Step("cancel-all", (OTHERWISE, FIRST, 1)))) == set()


def test_a_fact_does_not_leave_its_piece() -> None:
    """Neither for the other piece, nor for the border, nor for what stands outside."""
    whole = cases(a, x, ">", 1, x / x)
    assert needs(prove(whole, cases(a, x, ">", 1, ONE), Step("cancel-all", (OTHERWISE,)))) == {("nonzero", x)}
    border = cases(a, x / x, ">", 1, y)
    assert needs(prove(border, cases(a, ONE, ">", 1, y), Step("cancel-all", (1,)))) == {("nonzero", x)}
    outside = cases(a, x, ">", 1, y) * (x / x)
    assert needs(prove(outside, cases(a, x, ">", 1, y) * ONE, Step("cancel-all", (1,)))) == {("nonzero", x)}


def test_a_fact_of_a_strict_piece_holds_under_a_derivative_inside_it() -> None:
    """x > 0 at the point holds around it; x >= 0 does not."""
    for relation, recorded in ((">", set()), (">=", {("positive", cases(x, x, ">=", 0, 1))})):
        left, right = (cases(u, x, relation, 0, a) for u in (d(exp(log(x)), x), d(x, x)))
        assert needs(prove(left, right, Step("exp-log", (FIRST, 0)))) == recorded


def test_differentiating_log_in_the_piece_where_it_is_defined() -> None:
    """log x where x > 1, else x: nothing is recorded but that the pieces meet at x = 1."""
    left = d(cases(log(x), x, ">", 1, x), x)
    middle = cases(d(log(x), x), x, ">", 1, d(x, x))
    right = cases(ONE / x * d(x, x), x, ">", 1, d(x, x))
    theorem = prove(left, right, Step("cases-rule-greater"), Step("log-rule", (FIRST,)))
    assert theorem.lines[1] == middle
    assert needs(theorem) == {("nonzero", x - 1)}


def test_at_the_edge_of_a_piece_the_logarithm_needs_its_condition() -> None:
    """x >= 0 leaves x = 0, which log does not allow; the border is excluded for the pieces anyway."""
    left = d(cases(log(x), x, ">=", 0, x), x)
    right = cases(ONE / x * d(x, x), x, ">=", 0, d(x, x))
    theorem = prove(left, right, Step("cases-rule-at-least"), Step("log-rule", (FIRST,)))
    assert needs(theorem) == {("nonzero", x)}


@pytest.mark.parametrize(
    ("rule", "u", "jump"),
    [
        ("max-rule", fn("max", fn("sign", x), x), x),
        ("min-rule", fn("min", x, fn("step", x - 1)), x - 1),
        ("cases-rule-less", cases(x, 0, "<", fn("sign", x), a), x),
        ("cases-rule-greater", cases(x, fn("floor", x), ">", 0, a), None),
        ("sign-rule", fn("sign", fn("step", x)), x),
        ("step-rule", fn("step", fn("ceil", x)), None),
    ],
)
def test_where_the_border_jumps_nothing_is_claimed(rule: str, u: Term, jump: Term | None) -> None:
    """At a jump sign(x) and x may change places without ever being equal: refused, or the jump is excluded."""
    after = ZERO if rule in ("sign-rule", "step-rule") else _by_pieces(u)
    why, recorded = said_of(d(u, x), after, Step(rule))
    assert re.search("continuous|jumps", why) if why else ("nonzero", jump) in recorded


def _by_pieces(u: Term) -> Term:
    if u.op == "cases":
        then, left, right, otherwise = u.args
        return cases(d(then, x), left, str(u.value), right, d(otherwise, x))
    left, right = u.args
    return cases(d(left, x), left, ">" if u.value == "max" else "<", right, d(right, x))


@pytest.mark.parametrize(
    ("rule", "u"),
    [
        ("max-rule", fn("max", x**2, x)),
        ("min-rule", fn("min", x, fn("abs", x))),
        ("cases-rule-greater", cases(x, fn("max", x, y), ">", 0, a)),
        ("cases-rule-at-most", cases(fn("sign", x), x, "<=", 0, a)),
    ],
)
def test_a_border_without_jumps_may_have_kinks_and_the_pieces_may_jump(rule: str, u: Term) -> None:
    level = (u.args[1] - u.args[2]) if u.op == "cases" else (u.args[0] - u.args[1])
    theorem = prove(d(u, x), _by_pieces(u), Step(rule))
    assert needs(theorem) & {("nonzero", level), ("nonzero", u.args[1])}


def test_a_jump_hidden_in_a_definition_is_found() -> None:
    context = Context({"s": Definition("s", (), fn("sign", x))}, {"s": (), "x": ()})
    u = fn("max", sym("s"), x)
    why, recorded = said_of(d(u, x), _by_pieces(u), Step("max-rule"), context=context)
    assert "continuous" in why or ("nonzero", x) in recorded


@pytest.mark.parametrize("jump", [fn("sign", x), -fn("step", x), cases(0, x, ">", 0, 1)])
def test_a_condition_on_something_that_jumps_is_refused_under_a_derivative(jump: Term) -> None:
    """It holds at the point, and at x = 0 nowhere around it."""
    refused("jumps", d((jump + 2) / (jump + 2), x), d(ONE, x), Step("cancel-all", (0,)))
    assert prove((jump + 2) / (jump + 2), ONE, Step("cancel-all"))


@pytest.mark.parametrize("u", [fn("sign", x), fn("abs", x), fn("cbrt", x), fn("step", x), cases(1, x, ">", 0, 0)])
@pytest.mark.parametrize(
    ("rule", "before", "back"),
    [
        ("zero-times", lambda t: ZERO * t, False),
        ("times-zero", lambda t: t * ZERO, False),
        ("rearrange", lambda t: ZERO * t, False),
        ("rearrange", lambda t: t - t, False),
    ],
)
def test_a_derivative_that_may_not_exist_does_not_vanish(u, rule, before, back) -> None:
    """0 times the slope of sign at 0 is not 0: there is no slope. Refused, or x = 0 is excluded."""
    left = before(d(u, x))
    step = to(ZERO) if rule == "rearrange" else Step(rule, (), back)
    why, recorded = said_of(left, ZERO, step)
    assert why or ("nonzero", x) in recorded


def test_a_derivative_of_a_smooth_function_may_vanish() -> None:
    assert needs(prove(ZERO * d(fn("sin", x), x), ZERO, Step("zero-times"))) == set()


def test_pieces_that_agree() -> None:
    assert prove(cases(y, x, ">", 0, y), y, Step("cases-same-greater")).right == y
    refused("does not fit", cases(y, x, ">", 0, a), y, Step("cases-same-greater"))
    refused("does not fit", cases(y, x, ">", 0, y), y, Step("cases-same-less"))


def test_the_relation_matters() -> None:
    assert cases(x, x, ">", 0, y) != cases(x, x, ">=", 0, y)
    refused("does not fit", d(cases(x, x, ">", 0, y), x), d(x, x), Step("cases-rule-less"))
    refused("cannot be rearranged", cases(x, x, ">", 0, y), cases(x, x, ">=", 0, y), to(cases(x, x, ">=", 0, y)))
    with pytest.raises(ValueError, match="not a term"):
        cases(x, x, "=", 0, y)


# --- abstract functions


def test_the_chain_rule_of_one_argument() -> None:
    theorem = prove(d(f(x**2), x), fn("f'", x**2) * d(x**2, x), Step("abstract-chain"))
    assert needs(theorem) == set()


def test_the_chain_rule_of_two_arguments() -> None:
    u, v = x**2, x * y
    right = fn("f'1", u, v) * d(u, x) + fn("f'2", u, v) * d(v, x)
    assert prove(d(f(u, v), x), right, Step("abstract-chain")).right == right


def test_higher_and_mixed_derivatives() -> None:
    assert prove(d(fn("f'", x), x), fn("f''", x) * d(x, x), Step("abstract-chain"))
    assert prove(d(fn("f''", x), x), fn("f'''", x) * d(x, x), Step("abstract-chain"))
    mixed = fn("f'12", x, y)
    first = mul(fn("f'11", x, y), d(x, y)) + mixed * d(y, y)
    second = mixed * d(x, x) + mul(fn("f'22", x, y), d(y, x))
    assert prove(d(fn("f'1", x, y), y), first, Step("abstract-chain"))
    assert prove(d(fn("f'2", x, y), x), second, Step("abstract-chain"))  # in either order the same


@pytest.mark.parametrize(
    "wrong",
    [
        fn("f", x**2) * d(x**2, x),
        fn("f'", x) * d(x**2, x),
        fn("f'", x**2),
        fn("g'", x**2) * d(x**2, x),
        fn("f''", x**2) * d(x**2, x),
    ],
)
def test_other_chain_rules_are_refused(wrong: Term) -> None:
    refused("ends at", d(f(x**2), x), wrong, Step("abstract-chain"))


@pytest.mark.parametrize("name", FUNCTIONS)
def test_a_function_known_by_name_is_not_abstract(name: str) -> None:
    arguments = (x, y)[: FUNCTIONS[name].arity]
    u = fn(name, *arguments)
    slopes = [fn(f"{name}'", x)] if len(arguments) == 1 else [fn(f"{name}'1", x, y), fn(f"{name}'2", x, y)]
    right = slopes[0] * d(x, x) if len(arguments) == 1 else slopes[0] * d(x, x) + slopes[1] * d(y, x)
    refused("abstract|known|argument|not the name", d(u, x), right, Step("abstract-chain"))


def test_an_abstract_function_has_no_sign_and_no_jump() -> None:
    assert needs(prove(f(x) / f(x), ONE, Step("cancel-all"))) == {("nonzero", f(x))}
    assert prove(d(f(x) / f(x), x), d(ONE, x), Step("cancel-all", (0,)))


def test_paths_lead_to_pieces() -> None:
    piece: Path = (OTHERWISE, FIRST)
    left = cases(ONE, x, ">", 1, cases(x / x, x, ">", 0, y))
    assert needs(prove(left, cases(ONE, x, ">", 1, cases(ONE, x, ">", 0, y)), Step("cancel-all", piece))) == set()
