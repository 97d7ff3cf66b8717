"""False theorems that once left the kernel, proofs that took for ever, and the tables they went through."""

import operator
from collections.abc import Callable, Mapping
from fractions import Fraction
from random import Random

import mpmath as mp
import pytest

from derive.core.context import Context, Definition
from derive.core.functions import FUNCTIONS, Function
from derive.core.kernel import Refused, Step, check
from derive.core.term import Term, add, cases, d, delta, exp, fn, log, neg, num, slots, sym, total, walk
from derive.rules import RULES

x, y, z, w, p, q, k, i, j, m, C = map(sym, "xyzwpqkijmC")
ZERO, ONE, TWO = num(0), num(1), num(2)
PLAIN = Context()


def prove(left, right, *steps, context=PLAIN, lemmas=None):
    return check("claim", context, left, right, tuple(steps), RULES, lemmas)


def refused(match, left, right, *steps, **options):
    with pytest.raises(Refused, match=match):
        prove(left, right, *steps, **options)


def step(rule, at=(), back=False, **using):
    return Step(rule, at, back, tuple(using.items()))


def to(t, at=()):
    return step("rearrange", at, to=t)


def needs(theorem):
    return {(c.kind, c.about[0]) for c in theorem.conditions}


# --- derivatives that must exist


@pytest.mark.parametrize(
    ("outer", "excluded"),
    [
        (lambda a, b: fn("cbrt", a * b**2), {("nonzero", q[1]), ("nonzero", q[2])}),  # q1 = q2 = 0: 1 = 0
        (lambda a, b: fn("abs", a) * b, {("nonzero", q[1])}),
        (
            lambda a, b: fn("max", ZERO, fn("min", a, b)) + fn("min", ZERO, fn("max", a, b)),
            {("nonzero", q[1] - q[2]), ("nonzero", fn("min", q[1], q[2])), ("nonzero", fn("max", q[1], q[2]))},
        ),
    ],
)
def test_the_chain_rule_needs_more_than_partial_derivatives(outer, excluded):
    context = Context({"q": Definition("q", ("i",), x)}, {"q": (TWO,), "x": ()})
    u = outer(q[1], q[2])
    theorem = prove(d(u, x), total(m, 2, d(u, q[m]) * d(q[m], x)), step("chain-rule", q=q, m=m, n=TWO), context=context)
    assert needs(theorem) == excluded


def test_the_chain_rule_looks_for_kinks_through_definitions():
    context = Context(
        {"q": Definition("q", ("i",), x), "r": Definition("r", (), fn("abs", q[1] + q[2]))}, {"q": (TWO,), "x": ()}
    )
    r = sym("r")
    theorem = prove(d(r, x), total(m, 2, d(r, q[m]) * d(q[m], x)), step("chain-rule", q=q, m=m, n=TWO), context=context)
    assert needs(theorem) == {("nonzero", q[1] + q[2])}


def test_a_coefficient_that_is_zero_at_the_point_drops_no_derivative():
    context = Context(shapes={"x": ()}, assumptions={"zero": (fn("cbrt", x), ZERO), "x0": (x, ZERO)})
    cube, slope = fn("cbrt", x) ** 3, num(3) * fn("cbrt", x) ** 2 * d(fn("cbrt", x), x)
    steps = (step("whole-power-rule"), to(slope), step("zero", (1, 0)), to(ZERO))
    assert ("nonzero", x) in needs(prove(d(cube, x), ZERO, *steps, context=context))  # at 0 the truth is 1
    square = fn("sign", x) ** 2
    steps = (step("product-rule"), step("variable", (0, 0)), step("one-times", (0,)), step("x0", (1, 0)))
    direct = (*steps, step("zero-times", (1,)), step("plus-zero"))
    hidden = (
        *steps,
        step("constant-factor", (1,), True), step("zero-times", (1, 0)), step("constant", (1,)), step("plus-zero"),
    )  # fmt: skip
    for proof in (direct, hidden):
        assert ("nonzero", x) in needs(prove(d(x * square, x), square, *proof, context=context))


def test_a_derivative_is_not_lost_in_a_sum():
    jump = fn("step", x)
    steps = (step("sum-rule", (), True), to(ZERO, (0,)), step("constant"))
    assert needs(prove(d(jump, x) + d(neg(jump), x), ZERO, *steps)) == {("nonzero", x)}
    steps = (step("zero-times"),)
    refused("floor jumps", ZERO * d(fn("floor", x), x), ZERO, *steps)
    refused("need not have a derivative", ZERO * d(d(fn("f", x), x), x), ZERO, *steps)


def test_a_piecewise_rule_needs_pieces_that_meet_without_jumps():
    shrunk = fn("max", fn("softshrink", x, neg(ONE)), fn("softshrink", neg(x + 2), neg(ONE)))  # jumps at -1
    left = d(cases(0, shrunk, "<", neg(ONE), x + 1), x)
    right = cases(0, shrunk, "<", neg(ONE), d(x + 1, x))
    theorem = prove(left, right, step("cases-rule-less"), step("constant", (0,)))
    assert ("nonzero", x + 1) in needs(theorem)


@pytest.mark.parametrize(
    ("level", "why"),
    [
        (delta(x, 0), "names a place"),  # 1 at 0 alone
        (d(fn("cbrt", x**3 + y**3), y), "need not have a derivative"),
        (ZERO ** (x**2), "positive"),
    ],
)
def test_a_border_that_is_no_function_of_x_along_x(level, why):
    half = num(Fraction(1, 2))
    left, right = d(cases(0, level, ">", half, x), x), cases(0, level, ">", half, 1)
    refused(why, left, right, step("cases-rule-greater"), step("constant", (0,)), step("variable", (3,)))


def test_conditions_on_something_with_jumps_do_not_hold_around_the_point():
    jump = fn("sign", x) ** 2
    refused("something with jumps", d(jump / jump, x), d(ONE, x), step("cancel-all", (0,)))
    assert needs(prove(d(x / x, x), d(ONE, x), step("cancel-all", (0,)))) == {("nonzero", x)}


def test_a_condition_that_follows_from_the_piece_is_not_recorded():
    left = cases(ZERO * d(fn("abs", x), x), x, ">", 0, 0)
    steps = (step("zero-times", (0,)), step("cases-same-greater"))
    assert needs(prove(left, ZERO, *steps)) == set()
    elsewhere = cases(ZERO * d(fn("abs", x), x), x, ">=", 0, 0)
    steps = (step("zero-times", (0,)), step("cases-same-at-least"))
    assert needs(prove(elsewhere, ZERO, *steps)) == {("nonzero", x)}


# --- letters, arities, parameters


def test_no_letter_is_captured_when_terms_are_compared():
    letter = sym("bound0")
    context = Context(shapes={"z": (C,), "w": (C,)}, indices={"i": C, "bound0": C})
    one, other = total(i, C, w[letter] * z[i]), total(i, C, w[i] * z[i])
    refused("cannot be rearranged", fn("sqrt", one) * fn("sqrt", one), other, to(other), context=context)
    left, right = ONE / (one + 1) * (one + 1), ONE / (one + 1) * (other + 1)
    refused("cannot be rearranged", left, right, to(right), context=context)


@pytest.mark.parametrize("u", [fn("exp", x, y), fn("sqrt", x, y), fn("max", x), fn("f'", x, y), fn("f'3", x, y)])
def test_a_function_takes_its_arguments(u):
    refused("does not take", u, u)


def test_a_parameter_is_not_the_name_of_something_else():
    q_is_negative = Definition("q", (), neg(exp(x)))
    with pytest.raises(ValueError, match="means something else"):
        Context({"q": q_is_negative, "p": Definition("p", ("q",), q)}, {"p": (C,)}, {"k": C})
    with pytest.raises(ValueError, match="used twice"):
        Context({"p": Definition("p", ("i", "i"), x)}, {"p": (C, C)})


def test_pi_is_a_number():
    refused("is a number", d(total(k, sym("pi"), x), x), ZERO)
    refused("is a number", d(sym("pi"), sym("pi")), ONE)


def test_nothing_is_proved_by_what_is_no_term():
    for using in (5, "a"):
        refused("times-one", x * 1, x, step("times-one", u=using))
    for at in ((None,), ((0, 1, 2),), (("a", "b"),)):
        refused("times-one", x * 1, x, step("times-one", at))
    refused("not a theorem", x * 1, x, step("forged"), lemmas={"forged": 3})
    refused("plain parts", x * 1, x, Step(None))


# --- signs


def test_the_logarithm_of_zero_has_no_sign():
    nothing = log(ZERO)
    theorem = prove(ONE, nothing / nothing, step("cancel-all", (), True, u=nothing))
    assert needs(theorem) == {("nonzero", nothing)}


# --- what used to hang: each of these is answered, whatever the answer


def _nested_roots(depth):
    u = x
    for _ in range(depth):
        u = fn("sqrt", u) ** 12
    return u


def _fractions(count):
    return add(*(ONE / (sym(f"x{n}") + sym(f"y{n}")) for n in range(count)))


def _high_powers(count):
    return add(*(((x + y) ** 12) ** 11 + num(n) for n in range(1, count)))


@pytest.mark.parametrize(
    ("before", "after", "why"),
    [
        (_fractions(16), ZERO, "common denominator"),
        (_fractions(12), ZERO, "common denominator"),
        (_high_powers(30), _high_powers(29), "too long"),
        (num(7) ** 9999, num(3) ** 9999, "too large"),
        (x ** num(10**9), x, "too high"),
        ((x + y + z + w) ** 12 * (x - y + z - w) ** 12, ZERO, "too"),
    ],
)
def test_arithmetic_that_explodes_is_refused(before, after, why):
    refused(why, before, after, to(after))


def test_arithmetic_that_only_looks_long_is_done():
    assert prove(_high_powers(30), _high_powers(30) + 0, to(_high_powers(30) + 0))
    roots = _nested_roots(10)
    assert needs(prove(roots, roots + 0, to(roots + 0))) == {("positive", x)}
    turned = add(*reversed(_fractions(12).args))
    assert prove(_fractions(12), turned, to(turned))


def _doubled(first, count):
    """Each definition mentions the one before it twice: 2^count mentions of x."""
    names = [f"a{n}" for n in range(count)]
    bodies = [first, *(sym(name) * sym(name) for name in names[:-1])]
    return Context({name: Definition(name, (), body) for name, body in zip(names, bodies, strict=True)}), sym(names[-1])


def test_signs_of_definitions_are_read_once():
    context, last = _doubled(x, 40)
    assert needs(prove(last / last, ONE, step("cancel-all"), context=context)) == {("nonzero", last)}
    context, last = _doubled(exp(x), 40)
    assert needs(prove(last / last, ONE, step("cancel-all"), context=context)) == set()


# --- the second round


def test_a_condition_of_a_lemma_is_not_met_by_a_bound_index():
    # z_j = 0 for the free j, z > 0 elsewhere, x != y: the assumption holds, the two sums differ
    context = Context(
        shapes={"z": (C,), "x": (), "y": ()}, indices={"j": C}, assumptions={"same": (z[j] * x, z[j] * y)}
    )
    steps = (step("cancel", (), True, v=z[j]), step("swap-factors", (0,)), step("same", (0,)), to(y))
    lemma = prove(x, y, *steps, context=context)
    assert needs(lemma) == {("nonzero", z[j])}
    left, right = (total(j, C, cases(u, z[j], ">", 0, 0)) for u in (x, y))
    refused("bound here", left, right, step("lemma", (2, 0)), context=context, lemmas={"lemma": lemma})


def _zero_only_by_definition():
    """A border that is y^2 + 1 at p = 0 and y^2 elsewhere; p is 0 by definition."""
    context = Context({"p": Definition("p", (), ZERO)}, {"p": (), "y": ()})
    below = cases(fn("relu", neg(ONE / p)), p, "<", 0, fn("relu", ZERO))
    above = cases(fn("relu", ONE / p), p, ">", 0, fn("relu", ZERO))
    return context, add(y**2, ONE, p * below, neg(p * above))


def _slope_by_pieces(at=()):
    first = (step("cases-rule-greater", at), step("constant", (*at, 3)), step("constant-factor", (*at, 0)))
    return (*first, step("variable", (*at, 0, 1)), step("times-one", (*at, 0)))


def test_a_definition_is_not_relied_on_under_its_own_variable():
    context, border = _zero_only_by_definition()
    left, right = cases(p * y, border, ">", 0, 0), cases(p, border, ">", 0, 0)
    refused(
        "something with jumps", d(d(left, y), p), d(right, p), *_slope_by_pieces((0,)), context=context
    )  # at y = 0: 1 = 0


def test_a_lemma_that_relied_on_a_definition_is_not_cited_under_its_variable():
    context, border = _zero_only_by_definition()
    left, right = cases(p * y, border, ">", 0, 0), cases(p, border, ">", 0, 0)
    lemma = prove(d(left, y), right, *_slope_by_pieces(), context=context)
    refused(
        "something with jumps",
        d(d(left, y), p),
        d(right, p),
        step("lemma", (0,)),
        context=context,
        lemmas={"lemma": lemma},
    )


def test_a_derivative_inside_a_sum_exists_for_every_index():
    context = Context(shapes={"z": (C,), "x": ()}, indices={"i": C})
    slopes = ZERO * total(i, C, d(fn("abs", z[i] * x), x))
    assert ("nonzero", z[sym("i'")]) in needs(prove(slopes, ZERO, step("zero-times"), context=context))


def test_smoothness_of_definitions_is_read_once():
    context, last = _doubled(fn("abs", x), 40)
    assert needs(prove(ZERO * d(last, x), ZERO, step("zero-times"), context=context)) == {("nonzero", x)}


# --- the functions of the kernel against mpmath

mp_real = mp.mpf


class Undefined(Exception):
    """A real function outside its domain."""


def _where(condition: bool, value: Callable[[], object]) -> object:
    if not condition:
        raise Undefined
    return value()


PLAINLY = ("exp", "sin", "cos", "tan", "cot", "sec", "csc", "sinh", "cosh", "tanh", "sech", "erf", "erfc", "gamma")
REFERENCE: Mapping[str, Callable[..., object]] = {
    **{name: getattr(mp, name) for name in PLAINLY},
    "coth": lambda u: mp.cosh(u) / mp.sinh(u), "csch": lambda u: 1 / mp.sinh(u),
    "log": lambda u: _where(u > 0, lambda: mp.log(u)),
    "log_base": lambda u, b: _where(u > 0 and b > 0 and b != 1, lambda: mp.log(u) / mp.log(b)),
    "sqrt": lambda u: _where(u >= 0, lambda: mp.sqrt(u)), "cbrt": lambda u: mp.sign(u) * mp.cbrt(abs(u)),
    "arcsin": mp.asin, "arccos": mp.acos, "arctan": mp.atan, "arccot": mp.acot, "arcsec": mp.asec, "arccsc": mp.acsc,
    "arctan2": lambda u, v: _where(bool(u or v), lambda: mp.atan2(u, v)),
    "arsinh": mp.asinh, "arcosh": mp.acosh, "artanh": mp.atanh, "arcoth": mp.acoth, "arsech": mp.asech,
    "arcsch": mp.acsch, "abs": abs, "sign": mp.sign, "max": max, "min": min, "step": lambda u: mp_real(u > 0),
    "floor": mp.floor, "ceil": mp.ceil, "round": mp.nint,
    "erfinv": lambda u: _where(abs(u) < 1, lambda: mp.erfinv(u)),
    "loggamma": lambda u: _where(u > 0, lambda: mp.loggamma(u)),
    "digamma": mp.digamma, "trigamma": lambda u: mp.psi(1, u), "tetragamma": lambda u: mp.psi(2, u),
    "erfi": mp.erfi, "Si": mp.si, "Shi": mp.shi, "Ei": mp.ei, "Ci": lambda u: _where(u > 0, lambda: mp.ci(u)),
    "Chi": lambda u: _where(u > 0, lambda: mp.chi(u)), "li": lambda u: _where(u > 0, lambda: mp.li(u)),
    "sigmoid": lambda u: 1 / (1 + mp.exp(-u)), "softplus": lambda u: mp.log1p(mp.exp(u)),
    "relu": lambda u: max(u, mp_real(0)), "leaky_relu": lambda u, a: u if u > 0 else a * u,
    "elu": lambda u, a: u if u > 0 else a * mp.expm1(u),
    "celu": lambda u, a: _where(a != 0, lambda: u if u > 0 else a * mp.expm1(u / a)),
    "selu": lambda u: mp_real("1.0507009873554805") * (u if u > 0 else mp_real("1.6732632423543772") * mp.expm1(u)),
    "gelu": lambda u: u * mp.ncdf(u),
    "gelu_tanh": lambda u: u / 2 * (1 + mp.tanh(mp.sqrt(2 / mp.pi) * (u + mp_real("0.044715") * u**3))),
    "silu": lambda u: u / (1 + mp.exp(-u)), "mish": lambda u: u * mp.tanh(mp.log1p(mp.exp(u))),
    "softsign": lambda u: u / (1 + abs(u)), "logsigmoid": lambda u: -mp.log1p(mp.exp(-u)),
    "tanhshrink": lambda u: u - mp.tanh(u), "relu6": lambda u: min(max(u, mp_real(0)), mp_real(6)),
    "hardtanh": lambda u: max(mp_real(-1), min(mp_real(1), u)),
    "hardsigmoid": lambda u: min(max(u + 3, mp_real(0)), mp_real(6)) / 6,
    "hardswish": lambda u: u * min(max(u + 3, mp_real(0)), mp_real(6)) / 6,
    "softshrink": lambda u, a: u - a if u > a else u + a if u < -a else mp_real(0),
    "hardshrink": lambda u, a: u if u > a or u < -a else mp_real(0),
}  # fmt: skip
NEAR = mp_real(10) ** -15
RELATIONS = {"<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge}
OPERATIONS = {
    "add": lambda *a: mp.fsum(a), "mul": lambda *a: mp.fprod(a), "neg": operator.neg,
    "div": lambda a, b: _where(b != 0, lambda: a / b),
}  # fmt: skip


def _function(name, *arguments):
    try:
        value = mp.mpmathify(REFERENCE[name](*arguments))
    except (ValueError, ZeroDivisionError):
        raise Undefined from None
    if abs(mp.im(value)) > 0 or not mp.isfinite(value):
        raise Undefined
    return mp.re(value)


def _power(base, exponent):
    if exponent == int(exponent):
        return _where(base != 0 or exponent > 0, lambda: base ** int(exponent))
    return _where(base > 0, lambda: base**exponent)


def _value(t, given, at):
    """The number a pattern stands for; every slot is a function of one variable, and d is the slope along it."""
    if t.op == "num":
        return mp_real(t.value.numerator) / t.value.denominator
    if t.op in ("sym", "slot"):
        return mp.pi if t.value == "pi" else given[str(t.value)](at)
    if t.op == "d":
        h = mp_real(10) ** -9
        back, before, after, ahead = (_value(t.args[0], given, at + n * h) for n in (-2, -1, 1, 2))
        return (back - 8 * before + 8 * after - ahead) / (12 * h)
    if t.op == "cases":
        left, right = (_value(t.args[n], given, at) for n in (1, 2))
        return _value(t.args[0 if RELATIONS[t.value](left, right) else 3], given, at)
    arguments = [_value(a, given, at) for a in t.args]
    if t.op == "fn":
        return _function(t.value, *arguments)
    return _power(*arguments) if t.op == "pow" else OPERATIONS[t.op](*arguments)


def _met(kind, t, given):
    value = _value(t, given, mp_real(0))
    return abs(value) > 1e-6 and (value > 0 or kind == "nonzero")


def _lies(name: str, function: Function, points: int = 400) -> str | None:
    """What the row says that is not so, at the first point where it is not."""
    random = Random(f"{name} row")
    for _ in range(points):
        centre = [mp_real(random.choice([random.uniform(-4, 4), random.randint(-12, 12) / 2])) for _ in "uv"]
        way = [mp_real(random.uniform(-1, 1)) for _ in "uv"]

        def along(t, centre=centre, way=way):
            arguments = [c + t * s for c, s in zip(centre, way, strict=True)]
            return _function(name, *arguments[: function.arity])

        try:
            here = along(0)
        except Undefined:
            continue
        if (function.sign == "positive" and here <= 0) or (function.sign and here < 0):
            return f"{name}{centre} is {here}"
        if function.continuous and any(
            abs(there - here) > 1e-4 * (1 + abs(here)) for there in _defined(along, NEAR, -NEAR)
        ):
            return f"{name} jumps at {centre}"
        given = {letter: lambda at, c=c: c for letter, c in zip("uv", centre, strict=True)}
        if function.smooth is None or not all(_met(kind, t, given) for kind, t in function.smooth):
            continue
        slopes = [(there - here) / h for h in (NEAR, -NEAR, NEAR / 8, -NEAR / 8) for there in _defined(along, h)]
        if len(slopes) < 4 or max(slopes) - min(slopes) > 1e-3 * (1 + max(map(abs, slopes))):
            return f"{name} has no derivative at {centre}: {slopes}"
    return None


def _defined(function, *points):
    for at in points:
        try:
            yield function(at)
        except Undefined:
            continue


@pytest.mark.parametrize("name", FUNCTIONS)
def test_what_the_table_says_of_a_function_is_so(name):
    with mp.workdps(50):
        assert _lies(name, FUNCTIONS[name]) is None


@pytest.mark.parametrize(
    ("name", "row"),
    [
        ("abs", Function()), ("sign", Function(smooth=None)), ("sin", Function(sign="nonnegative")),
        ("softshrink", Function(2, smooth=None)), ("cbrt", Function()), ("max", Function(2)), ("arctan2", Function(2)),
        ("elu", Function(2)), ("relu6", Function(smooth=(("nonzero", Term("slot", (), "u")),))),
    ],
)  # fmt: skip
def test_a_wrong_row_would_be_found(name, row):
    with mp.workdps(50):
        assert _lies(name, row) is not None


# --- every card without sums, both ways

POINTLESS = {"sum", "delta", "put", "elem"}
BOTH_WAYS = [
    rule for rule in RULES.values() if not POINTLESS & {t.op for side in (rule.left, rule.right) for _, t in walk(side)}
]
# the formula of the right side has values where the function has none; the line with it is not defined there
WIDER = {"arcosh-rule", "arsech-rule"}


def _filled(rule, random):
    """For every slot a function of one variable; constants and whole numbers where the card says so."""
    kept = {c.about[0].value for c in rule.where if c.kind == "constant"}
    whole = {c.about[0].value for c in rule.where if c.kind in ("whole", "natural")}
    given = {}
    for name in sorted(slots(rule.left) | slots(rule.right)):
        number = random.randint(2, 5)
        start = mp_real(random.choice([random.uniform(-3, 3), random.uniform(-1, 1), random.randint(-3, 3)]))
        one, two = (mp_real(random.uniform(-2, 2)) for _ in range(2))
        if name == "x":
            given[name] = lambda at: at
        elif name in whole:
            given[name] = lambda at, number=number: mp_real(number)
        elif name in kept:
            given[name] = lambda at, start=start: start
        else:
            given[name] = lambda at, start=start, one=one, two=two: start + one * at + two * at**2
    return given


def _side(t, given):
    return next(_defined(lambda at: _value(t, given, at), mp_real(0)), None)


@pytest.mark.parametrize("rule", BOTH_WAYS, ids=lambda rule: rule.name)
def test_where_one_side_of_a_card_is_defined_the_other_is_the_same(rule):
    random, compared = Random(rule.name), 0
    with mp.workdps(30):
        for _ in range(150):
            given = _filled(rule, random)
            try:
                if not all(_met(c.kind, c.about[0], given) for c in rule.where if c.kind in ("positive", "nonzero")):
                    continue
            except Undefined:
                continue
            left, right = _side(rule.left, given), _side(rule.right, given)
            if left is None and (right is None or rule.name in WIDER):
                continue
            assert None not in (left, right), {name: f(0) for name, f in given.items()}
            assert abs(left - right) <= 1e-8 * (1 + abs(left))
            compared += 1
    assert compared >= 10


class Changing:
    """An iterable that reads differently the second time."""

    def __init__(self, *readings: object) -> None:
        self.readings = list(readings)

    def __iter__(self):
        return iter(self.readings.pop(0) if len(self.readings) > 1 else self.readings[0])


def test_a_step_is_read_once():
    """Between the check that a rearrangement is one and the next line, its goal changed from 1 to 2."""

    def turning() -> Step:
        return Step("rearrange", (), False, Changing([("to", ONE)], [("to", TWO)]))

    refused("ends at 1", ONE, TWO, turning())
    assert prove(ONE, ONE, turning()).right == ONE


@pytest.mark.parametrize("value", [type("Any", (str,), {"__eq__": lambda s, o: True, "__hash__": str.__hash__})("x")])
def test_a_name_of_another_class_is_no_name(value: str):
    with pytest.raises(ValueError, match="not a term"):
        Term("sym", (), value)


def test_a_place_of_another_class_is_copied():
    class At(tuple):
        def __iter__(self):
            return iter((0,) if tuple.__len__(self) else ())

    x, y = sym("x"), sym("y")
    theorem = check("t", Context(), x * 0 + y, num(0) + y, (Step("times-zero", At((0,))),), RULES)
    assert type(theorem.steps[0].at) is tuple


def test_a_part_of_a_condition_keeps_the_range_of_its_index():
    """z_k' (k' - b) is not zero for every k' that z has; k' - b alone would not say over what k' runs."""
    k, b, z, C, N = map(sym, "kbzCN")
    context = Context({}, {"z": (C,), "b": ()}, {"k": N})
    u = z[k] * (k - b)
    steps = (Step("cancel-all", (2,)),)
    theorem = check("t", context, total(k, C, u / u), total(k, C, num(1)), steps, RULES)
    (condition,) = theorem.conditions
    mark = sym("k'")
    assert condition.about == (z[mark] * (mark - b),)
    other = Context({}, {"z": (C,), "y": (N,), "b": ()}, {"k": N})
    v = sym("y")[k] * (k - b)
    both = check(
        "both", other, total(k, C, u / u) + total(k, N, v / v), total(k, C, num(1)) + total(k, N, num(1)),
        (Step("cancel-all", (0, 2)), Step("cancel-all", (1, 2))), RULES,
    )  # fmt: skip
    assert len(both.conditions) == 2  # over C and over N


def test_conditions_with_a_range_in_each_part_are_still_split():
    k, z, C = sym("k"), sym("z"), sym("C")
    context = Context({}, {"z": (C,), "w": (C,)}, {"k": C})
    u = z[k] * sym("w")[k]
    theorem = check("t", context, total(k, C, u / u), total(k, C, num(1)), (Step("cancel-all", (2,)),), RULES)
    assert {str(c.about[0]) for c in theorem.conditions} == {"z[k']", "w[k']"}


def test_a_theorem_is_about_plain_terms():
    """A term of another class may have another value when the theorem is cited."""

    class Turning(Term):
        pass

    with pytest.raises(Refused, match="about terms in a context"):
        check("m", PLAIN, Turning("sym", (), "x"), x, (), {})
    with pytest.raises(Refused, match="about terms in a context"):
        check("m", PLAIN, x, Turning("sym", (), "x"), (), {})


@pytest.mark.parametrize("back", [1, "yes", None])
def test_a_direction_is_true_or_false(back: object):
    with pytest.raises(Refused, match="plain parts"):
        check("m", PLAIN, x, x, (Step("rearrange", (), back, (("to", x),)),), RULES)


def test_whatever_a_step_raises_is_a_refusal():
    class Bad:
        def __iter__(self):
            raise ZeroDivisionError("no")

    with pytest.raises(Refused):
        check("m", PLAIN, x, x, (Step("rearrange", (), False, Bad()),), RULES)
