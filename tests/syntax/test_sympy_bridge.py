"""Terms to SymPy and back; SymPy's own algebra is the judge."""

from __future__ import annotations

import subprocess
import sys

import pytest
import sympy as sp
from hypothesis import given, settings
from hypothesis import strategies as st

from derive.core.term import Term, d, delta, exp, fn, lift, log, mul, neg, same, sym, total
from derive.problems import problem_named
from derive.syntax.sympy_bridge import UnknownExpression, concrete, from_sympy, indexed, symbol_name

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
    (sp.pi, "Pi"),
    (sp.I * u, "ImaginaryUnit"),
    (sp.oo, "Infinity"),
    (sp.nan, "NaN"),
    (sp.gamma(u), "gamma"),
    (f(u), "f"),
    (sp.Function("log")(u), "log"),
    (sp.Integral(u, u), "Integral"),
    (sp.Derivative(f(u), u), "Derivative"),
    (sp.Piecewise((u, u > 0), (0, True)), "Piecewise"),
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


def test_a_term_without_a_counterpart_is_refused() -> None:
    with pytest.raises(UnknownExpression, match="hyper"):
        indexed(fn("hyper", x), CONTEXT)


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
