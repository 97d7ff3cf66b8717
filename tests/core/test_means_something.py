"""Terms that mean nothing, and conditions that never hold: the kernel makes no theorem about them."""

import itertools

import pytest

from derive.core.context import Context, Definition
from derive.core.kernel import Refused, Step, Theorem, check
from derive.core.signs import contradictory, impossible
from derive.core.term import Term, cases, d, delta, exp, fn, log, neg, num, sym, total
from derive.rules import RULES

x, y, z, W, s, i, j, k = map(sym, ("x", "y", "z", "W", "s", "i", "j", "k"))
C, H = sym("C"), sym("H")
THREE = num(3)
CONTEXT = Context({}, {"z": (THREE,), "v": (C,), "W": (C, H), "s": ()}, {"i": C, "j": H, "k": THREE})
v = sym("v")
ZERO, ONE, TWO = num(0), num(1), num(2)


def identity(t: Term, context: Context = CONTEXT) -> Theorem:
    """t = t, which is true of anything that means something."""
    return check("claim", context, t, t, (), RULES)


def f(*args: Term, name: str = "f") -> Term:
    return fn(name, *args)


ILL_FORMED = [
    # an index that is no whole number from 1
    z[num(1) / 2], z[num(0)], z[neg(ONE)], z[Term("num", (), num(5).value / 2)], z[x], z[i + 1], z[z[1]], v[num(0)],
    delta(num(0), k), delta(ONE / 2, k), delta(k, Term("num", (), num(1).value / 4)),
    # an entry out of the range of its family
    z[4], z[7], z[i], z[j], v[j], v[k], W[j, i], W[i, i], W[k, j], z[sym("q")],
    delta(sym("q"), k),
    z[1] + z[4], exp(z[4]), d(z[4], x), d(x, z[4]), total(k, C, z[k]), total(k, num(5), z[k]), total(k, THREE, v[k]),
    total(i, H, W[i, j]), total(j, C, W[i, j]), total(i, C, total(j, C, W[i, j])), total(i, THREE, z[i] + v[i]),
    total(k, num(2), z[k] + z[4]), total(i, C, delta(i, sym("q"))),
    # the wrong number of indices
    z, v, W, z[1, 2], W[1], W[i], W[1, 1, 1], s[1], x[1], x[i], z + 1, exp(W), d(z, x), d(W[i], x), z[1] * v, log(v),
    x[1, 2],
    # names of functions that are none
    f(x, name="sin'"), f(x, name="exp''"), f(x, name="log'1"), f(x, y, name="max'1"), f(x, name="tanh'"),
    f(x, name="z"), f(x, name="v"), f(x, name="W'"), f(x, name="s"), f(x, name="i"), f(x, name="C"), f(x, name="x"),
    f(x) + sym("f"), f(x) + f(x, y), f(x, name="f'") + f(x, y), f(x, name="pi"), f(x, name="g") * sym("g"),
    f(x, name="f'12"), f(x, y, name="f'"), f(x, y, name="f'3"), fn("sin", x, y), fn("max", x), d(f(x, name="sin'"), x),
]  # fmt: skip


@pytest.mark.parametrize("t", ILL_FORMED, ids=str)
def test_what_means_nothing_is_refused(t: Term) -> None:
    with pytest.raises(Refused):
        identity(t)


WELL_FORMED = [
    z[1], z[3], z[k], v[i], v[1], v[2], W[1, 2], W[i, j], W[1, 1], W[1, j], total(k, THREE, z[k]),
    total(i, C, v[i] * W[i, j]),
    total(i, C, total(j, H, W[i, j])), total(sym("m"), C, v[sym("m")]), total(i, num(7), x), delta(k, num(2)),
    delta(i, k),
    d(z[k], z[2]), d(v[i], v[1]), d(total(i, C, v[i]), v[1]), s + x, f(x), f(x, y), f(x, y, name="f'12"),
    f(x, name="f''"), f(z[1]), fn("max", x, y), total(k, THREE, delta(k, num(2)) * z[k]), cases(z[1], x, "<", y, z[2]),
    f(f(x), name="f'"),
]  # fmt: skip


@pytest.mark.parametrize("t", WELL_FORMED, ids=str)
def test_what_means_something_is_not(t: Term) -> None:
    assert identity(t).right == t


@pytest.mark.parametrize(
    "make",
    [
        lambda: Context({"p": Definition("p", ("i",), z[i])}, {"p": (C,), "z": (THREE,)}),
        lambda: Context({"p": Definition("p", ("i",), z[4])}, {"p": (C,), "z": (THREE,)}),
        lambda: Context({"p": Definition("p", (), z)}, {"z": (THREE,)}),
        lambda: Context({"p": Definition("p", (), total(i, C, z[i]))}, {"z": (THREE,)}, counts=(C,)),
        lambda: Context({"p": Definition("p", (), f(x, name="z"))}, {"z": (THREE,)}),
        lambda: Context({"p": Definition("p", (), f(x, name="sin'"))}),
        lambda: Context({}, {"z": (THREE,)}, assumptions={"one": (total(i, num(4), z[i]), ONE)}),
        lambda: Context({}, {"z": (THREE,)}, assumptions={"one": (z[5], ONE)}),
        lambda: Context({}, {"z": (THREE,)}, {"i": C}, assumptions={"one": (z[i], ONE)}, counts=(C,)),
        lambda: Context({}, {"z": (THREE,)}, assumptions={"one": (z, ONE)}),
    ],
)
def test_neither_definitions_nor_assumptions_say_what_means_nothing(make: object) -> None:
    with pytest.raises(ValueError, match=r"indices|no entry|something else|derivative of|runs over|no range"):
        make()  # type: ignore[operator]


def to(t: Term, *at: int) -> Step:
    return Step("rearrange", at, using=(("to", t),))


SIN, COS = fn("sin", x), fn("cos", x)
NOTHING = [  # each is 0 everywhere
    SIN**2 + COS**2 - 1, x - x, (x + 1) ** 2 - x**2 - x * 2 - 1, fn("cosh", x) ** 2 - fn("sinh", x) ** 2 - 1,
    fn("sec", x) ** 2 - fn("tan", x) ** 2 - 1, COS**4 - (num(1) - SIN**2) ** 2, exp(x) * exp(-x) - 1,
    x * (SIN**2) + x * COS**2 - x, (x + y) * (x - y) - x**2 + y**2, fn("sech", y) ** 2 + fn("tanh", y) ** 2 - 1,
    COS**3 + COS * SIN**2 - COS, ONE / (x + 1) - ONE / (ONE + x), fn("csc", x) ** 2 - fn("cot", x) ** 2 - 1,
]  # fmt: skip


@pytest.mark.parametrize("nothing", NOTHING, ids=str)
@pytest.mark.parametrize("what", [ONE, x, exp(x), num(7), y * 2], ids=str)
def test_nothing_is_cancelled_in(nothing: Term, what: Term) -> None:
    """d(x^2)/dx = 7 begins by writing what divided by what, and what is 0."""
    assert impossible(("nonzero", nothing))
    with pytest.raises(Refused, match=r"nonzero|division by zero"):
        check("claim", CONTEXT, what, what * nothing / nothing, (to(what * nothing / nothing),), RULES)


NEVER_POSITIVE = [
    -(x**2), x * -x, -(x**2) - 1, neg(exp(x)), ZERO - 3, -(x**2) * exp(y), -(SIN**2) - COS**2, x - x - 1,
    -((x + y) ** 2),
    -(x**2) - y**4 - 2, neg(fn("cosh", x)), fn("abs", x) * neg(ONE),
]  # fmt: skip


@pytest.mark.parametrize("t", NEVER_POSITIVE, ids=str)
def test_the_root_of_what_is_never_positive_has_no_derivative(t: Term) -> None:
    assert impossible(("positive", t))
    with pytest.raises(Refused):
        check("claim", CONTEXT, fn("sqrt", t) ** 2, t, (to(t),), RULES)


APART = [(x, -x), (x - 2, num(1) - x), (x * 2, -x), (x * y - 1, -(x * y)), (exp(x) - 3, num(2) - exp(x)),
         (SIN - 1, -SIN),
         (x - y, y - x), (x + y - 5, num(5) - x - y), (z[1], neg(z[1])), (log(x) - 1, ONE - log(x))]  # fmt: skip


@pytest.mark.parametrize(("one", "other"), APART, ids=str)
def test_conditions_that_never_hold_together_are_refused(one: Term, other: Term) -> None:
    assert contradictory((one, other))
    roots = fn("sqrt", one) ** 2 + fn("sqrt", other) ** 2
    with pytest.raises(Refused, match="never hold together"):
        check("claim", CONTEXT, roots, one + other, (to(one + other),), RULES)


TOGETHER = [
    (x, y),
    (x - 1, num(2) - x),
    (x, -x + 10**6),
    (x * y, -x),
    (SIN, -COS),
    (x - y, y - x + 1),
    (x**2, -x),
    (exp(x), -x),
]


@pytest.mark.parametrize(("one", "other"), TOGETHER, ids=str)
def test_conditions_that_may_hold_together_are_not(one: Term, other: Term) -> None:
    assert not contradictory((one, other))
    roots = fn("sqrt", one) ** 2 + fn("sqrt", other) ** 2
    assert check("claim", CONTEXT, roots, one + other, (to(one + other),), RULES)


def test_three_conditions_that_never_hold_together_are_refused() -> None:
    names = [sym(name) for name in ("a", "b", "c", "p")]
    for one, other, third in itertools.permutations(names, 3):
        assert contradictory((one, other, -one - other * 2)), (one, other)
        assert contradictory((one - other, other - third, third - one))
        assert contradictory((one - 1, other - 1, num(2) - one - other, third))
        assert not contradictory((one - other, other - third, one - third))
        assert not contradictory((one - 1, other - 1, num(3) - one - other, third))


def test_two_hundred_theorems_about_nothing_are_refused() -> None:
    """Any of these, and any true line: what divided by 0 is brought in, and the line is gone."""
    lines = [x, x**2, exp(x), SIN, log(x), x + y, ONE / x, fn("sqrt", x), d(x**2, x), z[1], total(k, THREE, z[k]),
             x * y,             fn("tanh", x), num(3), x - y, f(x)]  # fmt: skip
    refused = 0
    for line, nothing in itertools.product(lines, NOTHING):
        with pytest.raises(Refused):
            check("claim", CONTEXT, line, line * nothing / nothing, (to(line * nothing / nothing),), RULES)
        refused += 1
    assert refused >= 200
