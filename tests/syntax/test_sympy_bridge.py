"""Terms to SymPy and back; SymPy's own algebra is the judge."""

from __future__ import annotations

import subprocess
import sys
from fractions import Fraction

import pytest
import sympy as sp
from flint import ctx as flint_context
from hypothesis import given, settings
from hypothesis import strategies as st

from derive.chains import problem_named
from derive.core.context import Context
from derive.core.functions import FUNCTIONS as KNOWN
from derive.core.term import Term, cases, d, delta, exp, fn, lift, log, mul, neg, same, sym, total
from derive.syntax.sympy_bridge import UnknownExpression, concrete, from_sympy, indexed, symbol_name
from derive.syntax.to_sympy import COMPOSED, FUNCTIONS
from derive.witness.evaluate import Evaluator
from derive.witness.sampling import Values

PROBLEM = problem_named("softmax-cross-entropy")
CONTEXT = PROBLEM.context
W, h, b, z, p, y, L, x, C = map(sym, ("W", "h", "b", "z", "p", "y", "L", "x", "C"))
i, j, k, m = map(sym, "ijkm")
I, K = sp.symbols("i k", integer=True)
SIZE = sp.Symbol("C", integer=True, positive=True)
u, v, w = sp.symbols("u v w")


def test_indexed_is_what_one_would_write() -> None:
    Z, Y = sp.IndexedBase("z"), sp.IndexedBase("y")
    assert indexed(exp(z[i]) / total(m, C, exp(z[m])), CONTEXT) == sp.exp(Z[I]) / sp.Sum(
        sp.exp(Z[sp.Symbol("m", integer=True)]), (sp.Symbol("m", integer=True), 1, SIZE)
    )
    assert indexed(delta(i, k), CONTEXT) == sp.KroneckerDelta(I, K, (1, SIZE))
    collapsed = indexed(total(i, C, y[i] * delta(i, k)), CONTEXT).doit()
    assert collapsed.subs(SIZE, 3).subs(K, 2) == Y[2]


def test_a_derivative_is_only_written_when_asked_for() -> None:
    with pytest.raises(UnknownExpression, match="derivative"):
        indexed(d(x**2, x), CONTEXT)
    assert indexed(d(x**2, x), CONTEXT, derivatives=True).doit() == 2 * sp.Symbol("x")


def test_concrete_names() -> None:
    iris = problem_named("softmax-cross-entropy", classes=["setosa", "versicolor", "virginica"], target=1)
    assert symbol_name("W", (1, 2), iris.labels) == "W_setosa_2"
    assert str(concrete(b[1], iris.context, iris.labels, {})) == "b_3"
    assert str(concrete(z[1], iris.context, iris.labels, {})) == "z_setosa"
    assert str(concrete(W[1, 2] * h[1], iris.context, iris.labels, {})) == "W_setosa_2*h_1"
    assert str(concrete(W[1, 2], CONTEXT, {}, {"C": 3})) == "W_1_2"


def test_concrete_writes_sums_and_deltas_out() -> None:
    z1, z2 = sp.symbols("z_1 z_2")
    assert concrete(total(i, C, exp(z[i])), CONTEXT, {}, {"C": 2}) == sp.exp(z1) + sp.exp(z2)
    assert concrete(total(i, C, z[i] * delta(i, k)), CONTEXT, {}, {"C": 2}, {"k": 2}) == z2
    assert concrete(p[k], CONTEXT, {}, {"C": 2}, {"k": 1}, unfold=["p"]) == sp.exp(z1) / (sp.exp(z1) + sp.exp(z2))
    assert concrete(total(i, C, y[i] * C), CONTEXT, {}, {"C": 2}) == 2 * sum(sp.symbols("y_1 y_2"))


def test_concrete_reproduces_the_chain() -> None:
    logits, targets = sp.symbols("z_1:4"), sp.symbols("y_1:4")
    shares = [sp.exp(a) / sum(map(sp.exp, logits)) for a in logits]
    expected = -sum(t * sp.log(s) for t, s in zip(targets, shares, strict=True))
    assert concrete(L, CONTEXT, {}, {"C": 3}, unfold=["L", "p"]) == expected


def test_the_letter_of_a_definition_is_not_captured() -> None:
    context = problem_named("softmax-cross-entropy", target="r").context
    everything = total(sym("r"), C, y[sym("r")])
    assert concrete(everything, context, {}, {"C": 3}, {"r": 2}, unfold=["y"]) == 1


def test_derivatives_of_concrete_terms_are_for_the_witness() -> None:
    with pytest.raises(UnknownExpression):
        concrete(d(exp(z[1]), z[1]), CONTEXT, {}, {"C": 2})
    done = concrete(d(exp(z[1]), z[1]), CONTEXT, {}, {"C": 2}, differentiate=sp.diff)
    assert done == sp.exp(sp.Symbol("z_1"))


READ = [
    (u - v, sym("u") - sym("v")),
    (-u / v, neg(sym("u") / sym("v"))),
    (sp.Rational(1, 3), lift(1) / 3),
    (sp.Integer(-2), neg(lift(2))),
    (u**-2, lift(1) / sym("u") ** 2),
    (sp.sqrt(u), fn("sqrt", sym("u"))),
    (sp.E, exp(lift(1))),
    (sp.log(u) * sp.exp(v), mul(exp(sym("v")), log(sym("u")))),
    (sp.IndexedBase("z")[I, 2], z[i, 2]),
    (sp.KroneckerDelta(I, K, (1, SIZE)), delta(i, k)),
    (sp.Sum(sp.IndexedBase("y")[I], (I, 1, SIZE)), total(i, C, y[i])),
]


@pytest.mark.parametrize(("expr", "term"), READ)
def test_reading(expr: sp.Expr, term: Term) -> None:
    assert same(from_sympy(expr), term)


def test_names_say_what_a_symbol_stands_for() -> None:
    assert from_sympy(u + 1, {"u": z[1]}) == z[1] + 1


f = sp.Function("f")
REFUSED = [
    (sp.Symbol("pi"), "a symbol called pi, which is a number here"),
    (sp.EulerGamma, "EulerGamma"),
    (sp.I * u, "ImaginaryUnit"),
    (sp.oo, "Infinity"),
    (sp.nan, "NaN"),
    (sp.polygamma(3, u), "polygamma of order 3"),
    (sp.polygamma(v, u), "polygamma of order v"),
    (sp.Function("log")(u), "a function called log"),
    (sp.Function("gelu")(u), "a function called gelu"),
    (sp.Function("f'")(u), "f'"),
    (sp.Function("exec('1')")(u), "exec"),
    (sp.zeta(u), "zeta"),
    (sp.besselj(1, u), "besselj"),
    (sp.Integral(u, u), "Integral"),
    (sp.Derivative(f(u * v), u, v), "a derivative of a derivative"),
    (sp.Subs(sp.Derivative(f(u * v), u), u, 2), "Subs of something else"),
    (sp.Subs(sp.Derivative(sp.besselj(1, u), u), u, 2), "Subs of something else"),
    (sp.Subs(u**2, u, v), "Subs of something else"),
    (sp.Piecewise((u, u > 0)), "does not end with"),
    (sp.Piecewise((u, sp.Contains(u, sp.S.Integers)), (0, True)), "Contains is not a condition"),
    (sp.Piecewise(*((k, u < k) for k in range(99)), (0, True)), "too many pieces"),
    (sp.MatrixSymbol("A", 2, 2), "MatrixSymbol"),
    (sp.Matrix([[1]]), "Matrix"),
    (sp.Sum(u, (I, 0, 3)), "starts at 0"),
    (sp.Symbol("a b"), "a b"),
    (sp.Symbol("__import__('os')"), "import"),
    (sp.Dummy("u"), "Dummy"),
    (u - sp.Symbol("u", positive=True), "two different symbols are called u"),
    (u > v, "StrictGreaterThan"),
    ("u + 1", "str is not a SymPy expression"),
    (2, "int is not a SymPy expression"),
]


@pytest.mark.parametrize(("expr", "named"), REFUSED)
def test_everything_else_is_refused_by_name(expr: object, named: str) -> None:
    with pytest.raises(UnknownExpression, match=named.replace("(", r"\(")):
        from_sympy(expr)


NO_COUNTERPART = [
    (fn("log", x, x), "log of 2 arguments"),
    (fn("max", x), "max of 1 arguments"),
    (fn("f'2", x), "f'2 of 1 arguments"),
    (lift(9) ** (lift(9) ** lift(9)), "too large"),
    (fn("gamma", lift(10**9)), "too large"),
    (cases(1, fn("sqrt", -lift(1)), "<", x, 0), "cannot be compared"),
]


@pytest.mark.parametrize(("term", "named"), NO_COUNTERPART)
def test_a_term_without_a_counterpart_is_refused(term: Term, named: str) -> None:
    with pytest.raises(UnknownExpression, match=named):
        indexed(term, CONTEXT)


TABLES = sorted(set(FUNCTIONS) | set(COMPOSED))


def read(t: Term) -> sp.Expr:
    return concrete(t, Context(), {}, {})


def test_every_function_has_a_word_in_sympy() -> None:
    assert set(TABLES) == set(KNOWN)


@pytest.mark.parametrize("name", TABLES)
def test_every_function_means_the_same_in_sympy(name: str) -> None:
    """The balls and SymPy's own evaluation agree at points on both sides of the kinks."""
    term = fn(name, x) if KNOWN[name].arity == 1 else fn(name, x, sym("y"))
    looked = 0
    for at in ("-3.5", "-2.2", "-0.4", "0.3", "0.9", "1.7", "6.5"):
        point = {"x": Fraction(at), "y": Fraction("0.75")}
        with flint_context.workprec(128):
            ball = Evaluator(Context(), {}, Values.given(point)).at(term, {})
        if ball.is_finite():
            there = read(term).subs({sp.Symbol(k): sp.Rational(v.numerator, v.denominator) for k, v in point.items()})
            assert complex(there.evalf(30)) == pytest.approx(float(ball.mid()), rel=1e-12, abs=1e-14)
            looked += 1
    assert looked >= 2


NEW = [
    (sp.pi * u, mul(sym("pi"), sym("u"))),
    (sp.atan2(u, v), fn("arctan2", sym("u"), sym("v"))),
    (sp.log(u, 3), log(sym("u")) / log(lift(3))),
    (sp.Abs(u), fn("abs", sym("u"))),
    (sp.Max(u, v), fn("max", sym("u"), sym("v"))),
    (sp.Max(u, v, w), fn("max", sym("u"), fn("max", sym("v"), sym("w")))),
    (sp.Heaviside(u), fn("step", sym("u"))),
    (sp.Heaviside(u, 1), fn("step", sym("u"))),
    (sp.ceiling(u), fn("ceil", sym("u"))),
    (sp.digamma(u), fn("digamma", sym("u"))),
    (sp.polygamma(1, u), fn("trigamma", sym("u"))),
    (sp.polygamma(2, u), fn("tetragamma", sym("u"))),
    (sp.erfi(u), fn("erfi", sym("u"))),
    (sp.Si(u) + sp.li(v), fn("Si", sym("u")) + fn("li", sym("v"))),
    (sp.acot(u), fn("arccot", sym("u"))),
    (sp.erfinv(u), fn("erfinv", sym("u"))),
    (sp.cbrt(u), sym("u") ** (lift(1) / 3)),
    (f(u), fn("f", sym("u"))),
    (f(u).diff(u), fn("f'", sym("u"))),
    (f(u).diff(u, 3), fn("f" + 3 * "'", sym("u"))),
    (f(u, v).diff(v, u), fn("f'12", sym("u"), sym("v"))),
    (f(u**2).diff(u), mul(lift(2), sym("u"), fn("f'", sym("u") ** 2))),
    (f(1, v).diff(v), fn("f'2", lift(1), sym("v"))),
    (f(u, u).diff(u), fn("f'1", sym("u"), sym("u")) + fn("f'2", sym("u"), sym("u"))),
    (sp.Derivative(u**2, u), d(sym("u") ** 2, sym("u"))),
    (sp.Piecewise((u, u > 0), (0, True)), cases(sym("u"), sym("u"), ">", 0, 0)),
    (sp.Piecewise((u, u <= v), (v, u > w), (1, True)),
     cases(sym("u"), sym("u"), "<=", sym("v"), cases(sym("v"), sym("u"), ">", sym("w"), 1))),
]  # fmt: skip


# what has no name here, and what it is written out as
WRITTEN_OUT = [
    (sp.sinc(u), sp.sin(u) / u),
    (sp.factorial(u), sp.gamma(u + 1)),
    (sp.beta(u, v), sp.gamma(u) * sp.gamma(v) / sp.gamma(u + v)),
    (sp.erfcinv(u), sp.erfinv(1 - u)),
]


@pytest.mark.parametrize(("expr", "written"), WRITTEN_OUT, ids=str)
def test_functions_that_are_written_out(expr: sp.Expr, written: sp.Expr) -> None:
    assert read(from_sympy(expr)) == written
    at = {u: sp.Rational(7, 5), v: sp.Rational(4, 7)}
    here, there = (complex(e.subs(at).evalf(30)) for e in (expr.rewrite(sp.erfinv), written))
    assert here == pytest.approx(there, rel=1e-14)


@pytest.mark.parametrize(("expr", "term"), NEW, ids=lambda side: str(side))
def test_functions_pieces_and_derivatives_both_ways(expr: sp.Expr, term: Term) -> None:
    assert same(from_sympy(expr), term)
    if not expr.has(sp.Heaviside) and term.op != "d":
        assert read(term) == expr


CONDITIONS = [
    sp.Piecewise((u, (u > 0) & (u < 1)), (1, (u > 4) | (u < -3)), (2, True)),
    sp.Piecewise((sp.sin(u) / u, sp.Ne(u, 0)), (1, True)),
    sp.Piecewise((3, sp.Eq(u, 2)), (u, True)),
]


@pytest.mark.parametrize("expr", CONDITIONS, ids=str)
def test_conditions_of_several_parts(expr: sp.Expr) -> None:
    back = read(from_sympy(expr))
    for at in (-4, -3, -1, 0, sp.Rational(1, 2), 1, 2, 3, 4, 5):
        assert back.subs(u, at) == expr.subs(u, at)


NUMBERS = st.builds(sp.Rational, st.integers(-9, 9), st.integers(1, 9))
ATOMS = st.one_of(NUMBERS, st.sampled_from([u, v, w, sp.IndexedBase("z")[I], sp.IndexedBase("z")[2]]))


def deeper(inner: st.SearchStrategy[sp.Expr]) -> st.SearchStrategy[sp.Expr]:
    pairs = st.tuples(inner, inner)
    return st.one_of(
        pairs.map(lambda e: e[0] + e[1]),
        pairs.map(lambda e: e[0] * e[1]),
        pairs.map(lambda e: e[0] - e[1]),
        st.tuples(inner, st.integers(-3, 3)).map(lambda e: e[0] ** e[1]),
        inner.map(sp.exp),
        inner.map(lambda e: sp.log(1 + e**2)),
        inner.map(lambda e: sp.Function("f")(e)),
        pairs.map(lambda e: sp.Piecewise((e[0], u < v), (e[1], True))),
        inner.map(lambda e: sp.Sum(e * sp.IndexedBase("y")[K], (K, 1, SIZE))),
        inner.map(lambda e: e * sp.KroneckerDelta(I, K, (1, SIZE))),
    )


@settings(max_examples=150, deadline=None)
@given(st.recursive(ATOMS, deeper, max_leaves=8))
def test_round_trip(expr: sp.Expr) -> None:
    if expr.has(sp.zoo, sp.nan, sp.oo):
        return
    back = indexed(from_sympy(expr), CONTEXT)
    assert back == expr or sp.expand(back - expr) == 0 or sp.simplify(back - expr) == 0


def test_sympy_is_imported_only_when_needed() -> None:
    code = "import sys, derive.syntax.sympy_bridge, derive.witness.cas; sys.exit('sympy' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
