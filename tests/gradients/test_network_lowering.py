"""Terms in index notation as arrays, against loops; and forms that keep their digits, against the written ones."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from derive.core.context import Definition
from derive.core.term import Term, add, cases, d, delta, exp, fn, log, mul, neg, num, sym, total, walk
from derive.gradients import CannotLower
from derive.gradients.arrays import Values, evaluate
from derive.gradients.functions import COMPARE, FUNCTIONS
from derive.gradients.lowering import Lowering, instance
from derive.gradients.numerics import complement_of, logarithm_of, losses_of, residual_of, softmax_of
from derive.gradients.stable import Probabilities, softmax_logits

i, j, k, m, n, q = map(sym, "ijkmnq")
a, b, W, x, ell, s, T = map(sym, ("a", "b", "W", "x", "ell", "s", "T"))
N, C, H = map(sym, "NCH")
SIZES = {"N": 4, "C": 3, "H": 2}
RANGES = {"n": N, "q": N, "k": C, "m": C, "i": C, "j": H}
SHAPES = {"a": (3,), "b": (4, 3), "W": (3, 2), "x": (4, 2), "T": ()}
RNG = np.random.default_rng(1)
VALUES = Values({name: RNG.normal(size=shape) for name, shape in SHAPES.items()}, SIZES, np.dtype(float))


def looped(t: Term, at: dict[str, int]) -> float:
    """The value of a term at given letters, by the meaning of each operator."""
    inner = [] if t.op in ("sum", "elem", "sym", "delta") else [looped(u, at) for u in t.args]
    match t.op:
        case "num":
            return float(t.value)
        case "sym":
            return float(SIZES[t.value] if t.value in SIZES else VALUES.arrays[t.value])
        case "elem":
            places = [at[u.value] if u.op == "sym" else int(u.value) - 1 for u in t.args[1:]]
            return float(VALUES.arrays[t.args[0].value][tuple(places)])
        case "delta":
            return float(at[t.args[0].value] == at[t.args[1].value])
        case "sum":
            return sum(looped(t.args[2], {**at, t.args[0].value: place}) for place in range(VALUES.size(t.args[1])))
        case "add":
            return sum(inner)
        case "mul":
            return float(np.prod(inner))
        case "neg":
            return -inner[0]
        case "div":
            return inner[0] / inner[1]
        case "pow":
            return inner[0] ** inner[1]
        case "cases":
            return inner[0] if COMPARE[t.value](inner[1], inner[2]) else inner[3]
    return float(FUNCTIONS[t.value](*inner))


def check(t: Term) -> None:
    node = Lowering(RANGES).array(t)
    array = evaluate(node, VALUES)
    assert np.shape(array) == tuple(VALUES.size(RANGES[letter]) for letter in node.letters)
    for place in np.ndindex(np.shape(array)):
        expected = looped(t, dict(zip(node.letters, place, strict=True)))
        assert array[place] == pytest.approx(expected, rel=1e-11, abs=1e-12)


WRITTEN = [
    total(j, H, W[k, j] * x[n, j]) + a[k],
    total(m, C, mul(b[n, m], W[m, j], fn("tanh", x[n, j]))),
    total(m, C, b[n, m] * (W[m, j] - total(i, H, W[m, i] * x[n, i]))),
    total(k, C, total(j, H, W[k, j] ** 2)) / 2,
    total(k, C, num(1)),
    total(n, N, x[n, j]),
    total(m, C, a[k]),
    total(m, C, mul(a[m], delta(m, k))),
    total(m, C, neg((a[m] - b[n, m]) / (T * 3))),
    total(m, C, a[m] * (total(k, C, W[k, j] * a[k]) + W[m, j])),  # the inner k is another
    total(n, N, mul(x[n, j], total(n, N, b[n, k]))),
    cases(b[n, k], a[k], ">", 0, x[n, j]),
    C * a[k] + N,
    b[n, 2] * W[1, j],
    a[k] ** 3,
]


@pytest.mark.parametrize("t", WRITTEN, ids=str)
def test_terms_against_loops(t):
    check(t)


leaves = st.sampled_from([a[k], a[m], b[n, k], b[n, m], W[k, j], W[m, j], x[n, j], x[q, j], T, num(2), C, delta(k, m)])
terms = st.recursive(
    leaves,
    lambda inner: st.one_of(
        st.builds(add, inner, inner),
        st.builds(mul, inner, inner),
        st.builds(neg, inner),
        st.builds(lambda u: fn("tanh", u), inner),
        st.builds(lambda u, v: u / (fn("abs", v) + 1), inner, inner),
        st.builds(lambda u: total(m, C, u), inner),
        st.builds(lambda u: total(j, H, u), inner),
        st.builds(lambda u: total(n, N, u), inner),
        st.builds(lambda u, v: cases(u, v, "<=", T, neg(u)), inner, inner),
    ),
    max_leaves=6,
)


@given(terms)
def test_random_terms_against_loops(t):
    check(t)


def test_pi():
    assert evaluate(Lowering({}).array(sym("pi")), VALUES) == np.pi


@pytest.mark.parametrize(
    ("t", "message"),
    [
        (b[k, k], "b[k,k]: its letters must differ and have a range"),
        (sym("c")[sym("r")], "c[r]: its letters must differ"),
        (delta(k, 2), "only two letters with a range have a lowering"),
        (fn("mystery", T), "NumPy has no function for mystery"),
        (d(ell[n], s[n, k]), "no theorem was given about dell[n]/ds[n,k]"),
    ],
)
def test_what_has_no_lowering_is_refused(t, message):
    with pytest.raises(CannotLower) as caught:
        Lowering(RANGES).array(t)
    assert message in str(caught.value)


def test_a_derivative_is_read_with_the_letters_it_is_written_with():
    left = d(ell[n], s[n, k])
    lowering = Lowering(RANGES, {"kept": left})
    values = Values({"kept": VALUES.arrays["b"], "W": VALUES.arrays["W"]}, SIZES, np.dtype(float))
    product = lowering.array(total(m, C, W[m, j] * d(ell[q], s[q, m])))
    np.testing.assert_allclose(evaluate(product.along(("q", "j")), values), VALUES.arrays["b"] @ VALUES.arrays["W"])
    assert instance(left, d(ell[q], s[n, m])) is None
    assert instance(left, d(ell[n], x[n, k])) is None
    with pytest.raises(CannotLower):
        lowering.array(d(ell[q], s[n, k]))


def test_0_ln_0_is_0():
    values = Values({"a": np.array([0.0, 1.0, 0.5])}, SIZES, np.dtype(float))
    with np.errstate(all="ignore"):
        entropy = evaluate(Lowering(RANGES).array(total(k, C, a[k] * log(a[k]))), values)
    assert entropy == -0.5 * np.log(2)


# forms that keep their digits

z, p, h = map(sym, "zph")
KNOWN = Probabilities(
    {
        "p": Definition("p", ("i",), exp(z[i]) / total(m, C, exp(z[m]))),
        "h": Definition("h", ("k",), fn("sigmoid", s[k])),
    }
)
LOGITS = {"z": np.array([0.3, -1.0, 2.5]), "s": np.array([3.0, -0.2, 0.5]), "y": np.array([0.0, 0.2, 0.8]), "T": 0.7}


def evaluated(t: Term) -> np.ndarray:
    softmax = softmax_of(LOGITS["z"])
    families = {"p": softmax.p, "h": 1 / (1 + np.exp(-LOGITS["s"]))}
    return evaluate(Lowering(RANGES).array(t), Values({**LOGITS, **families}, SIZES, np.dtype(float), {"p": softmax}))


y = sym("y")
FORMS = [
    log(p[k]), num(1) - p[k], log(num(1) - p[k]), p[k] - y[k], y[k] - p[k], p[k] * (T + 2) - y[k] * T,
    num(1) - mul(2, p[k], log(p[k])) - p[k], p[k] - 1, log(h[k]), num(1) - h[k], log(num(1) - h[k]), h[k] - y[k],
    mul(h[k], num(1) - h[k]), fn("sigmoid", s[k]) - y[k], log(num(1) - fn("sigmoid", neg(s[k]))),
    fn("softplus", s[k]) - y[k] * s[k], -y[k] * s[k] + fn("softplus", s[k]), fn("gelu", s[k]), fn("mish", s[k]),
    fn("selu", s[k]), T - mul(p[k], p[k]), y[k] + h[k] * p[k], p[k] - y[k] + 1, -total(i, C, y[i] * log(p[i])),
    -p[k] + y[k], p[2] - y[2],
]  # fmt: skip


@pytest.mark.parametrize("t", FORMS, ids=str)
def test_a_stable_form_has_the_same_value(t):
    found = KNOWN.stable(t)
    assert found != t
    named = {str(u.value) for _, u in walk(t) if u.op == "fn"}
    if named <= set(FUNCTIONS):
        np.testing.assert_allclose(evaluated(found), evaluated(t), rtol=1e-12)


@pytest.mark.parametrize("t", [z[k] - y[k], log(y[k]), num(1) - y[k] ** 2, p[k] * y[k], fn("softplus", z[k])], ids=str)
def test_other_terms_stay_as_they_are(t):
    assert KNOWN.stable(t) == t


def test_what_is_a_softmax():
    same = Definition("p", ("n", "i"), exp(z[n, i] / T) / total(m, C, exp(z[n, m] / T)))
    assert softmax_logits(same) == z[n, i] / T
    for body in (
        exp(z[n, i]) / total(m, C, exp(z[n, m] / T)),
        exp(z[n, i]) / total(n, N, exp(z[n, i])),
        exp(z[n, i]) / T,
        exp(z[n, i]),
        fn("tanh", z[n, i]) / total(m, C, fn("tanh", z[n, m])),
    ):
        assert softmax_logits(Definition("p", ("n", "i"), body)) is None


def test_the_parts_of_a_softmax():
    """Against 30-digit values of e^-40 and e^-800, which is too small for a float."""
    logits = np.array([[40.0, 0.0, 0.0], [800.0, 0.0, -5.0], [0.0, 0.0, 0.0]])
    softmax = softmax_of(logits)
    logarithm, probability, rest = logarithm_of(softmax), softmax.p, complement_of(softmax)
    small = 4.248354255291589e-18
    np.testing.assert_allclose(rest[0], [2 * small, 1, 1], rtol=1e-15)
    np.testing.assert_allclose(logarithm[0], [-2 * small, -40, -40], rtol=1e-15)
    np.testing.assert_allclose(probability[0], [1, small, small], rtol=1e-15)
    assert 0 < rest[1, 0] < 1e-307
    assert logarithm[1].tolist() == [0, -800, -805]
    np.testing.assert_allclose(rest[2], 2 / 3, rtol=1e-15)


def test_the_residual_and_the_losses_of_labels_and_of_probabilities():
    """Of single examples, of rows and of rows of rows."""
    rng = np.random.default_rng(0)
    for shape in ((3,), (5, 3), (2, 4, 3)):
        z, labels = 20 * rng.normal(size=shape), rng.integers(0, 3, shape[:-1])
        softmax, dense = softmax_of(z), np.eye(3)[labels]
        np.testing.assert_allclose(softmax.p, np.exp(z) / np.exp(z).sum(axis=-1, keepdims=True), rtol=1e-12)
        np.testing.assert_allclose(residual_of(softmax, labels), softmax.p - dense, atol=1e-15)
        np.testing.assert_array_equal(residual_of(softmax, labels), residual_of(softmax, dense))
        expected = -(dense * np.log(softmax.p)).sum(axis=-1)
        np.testing.assert_allclose(losses_of(softmax, labels), expected, rtol=1e-12, atol=1e-15)
        np.testing.assert_allclose(losses_of(softmax, dense), expected, rtol=1e-12, atol=1e-15)
