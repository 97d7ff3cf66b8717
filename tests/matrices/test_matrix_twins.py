"""Wrong matrix forms are refused: by their shapes, or, where these happen to fit, by the kernel."""

from collections.abc import Iterator
from dataclasses import fields, is_dataclass, replace

import numpy as np
import pytest
from matrix_values import LAYOUTS, SIZES, World, evaluate, forms_of, ids, proved

from derive.chains.network import NetworkProblem, network_problem
from derive.chains.spec import LayerSpec, NetworkSpec
from derive.core.context import Context, Definition
from derive.core.kernel import Refused, Step, check
from derive.core.term import num, sym
from derive.matrices.expression import (
    ONE,
    Constant,
    Diagonal,
    Difference,
    Hadamard,
    Identity,
    Named,
    Negative,
    Ones,
    Product,
    Scaled,
    ShapeError,
    Sum,
    Transpose,
    children,
)
from derive.matrices.forms import matrix_form
from derive.matrices.layout import Layout, NoMatrixForm
from derive.matrices.theorem import MatrixTheorem, prove_entries
from derive.proofs.prove import prove
from derive.rules import RULES

k, j, n, N = map(sym, "kjnN")
# every layer has as many units as there are inputs, so that shapes alone catch little
SQUARE = NetworkSpec(3, (LayerSpec(3, "softmax"), LayerSpec(3, "tanh"), LayerSpec(3)))


def square(batch: bool) -> tuple[NetworkProblem, dict]:
    problem = network_problem(SQUARE, batch)
    return problem, prove(problem.chain)


def refused(name, batch, layout, twin):
    problem, proofs = square(batch)
    right = matrix_form(proofs[name].theorem, problem, layout)
    with pytest.raises((Refused, ShapeError)) as refusal:
        prove_entries(name, proofs[name].theorem, right.left, twin(right.right), layout)
    return refusal.type


COLUMNS, ROWS = Layout("columns"), Layout("rows")


@pytest.mark.parametrize(
    ("name", "batch", "layout", "twin", "by"),
    [
        # (p - y)^T h, and h (p - y)^T, for (p - y) h^T
        ("gradient-W__3", False, COLUMNS, lambda r: Product(Transpose(r.left), r.right.of), ShapeError),
        ("gradient-W__3", False, COLUMNS, lambda r: Product(r.right.of, Transpose(r.left)), Refused),
        # the same form in the other layout
        ("gradient-W__3", False, Layout("columns", "numerator"), Transpose, Refused),
        # y - p, p + y, and p alone
        ("delta-3", False, COLUMNS, lambda r: Difference(r.right, r.left), Refused),
        ("delta-3", False, COLUMNS, lambda r: Sum(r.left, r.right), Refused),
        ("delta-3", False, COLUMNS, lambda r: r.left, Refused),
        # W delta for W^T delta
        ("delta-2", False, COLUMNS, lambda r: replace(r, left=Product(r.left.left.of, r.left.right)), Refused),
        # delta alone, without the derivative of the activation
        ("delta-2", False, COLUMNS, lambda r: r.left, Refused),
        # diag(h) W^T delta, without the rest of the derivative of the softmax
        ("delta-1", False, COLUMNS, lambda r: Product(Product(r.left.left.left, r.left.right), r.right), Refused),
        # the batch without 1/N, with the entry by entry product, with the transposed product
        ("gradient-W__2", True, ROWS, lambda r: r.of, Refused),
        ("gradient-W__2", True, ROWS, lambda r: replace(r, of=Transpose(r.of)), Refused),
        ("gradient-W__2", True, ROWS, lambda r: replace(r, of=Hadamard(r.of.left.of, r.of.right)), ShapeError),
        ("gradient-W__2", True, ROWS, lambda r: replace(r, factor=Constant(N)), Refused),
        ("gradient-W__2", True, ROWS, Negative, Refused),
        # the sum over the units for the sum over the examples
        ("gradient-b__2", True, ROWS, lambda r: replace(r, of=Product(r.of.left, Ones(num(3)))), ShapeError),
        # delta W^T for delta W, and the two multiplied entry by entry
        ("gradient-x", True, ROWS, lambda r: replace(r, of=Product(r.of.left, Transpose(r.of.right))), Refused),
        ("delta-2", True, ROWS, lambda r: replace(r, left=Product(r.left.left, Identity(num(3)))), Refused),
        ("delta-1", True, ROWS, lambda r: r.left, Refused),
    ],
)  # fmt: skip
def test_what_students_write_instead_is_refused(name, batch, layout, twin, by):
    assert refused(name, batch, layout, twin) is by


def variants(e) -> Iterator:
    """Everything that differs from an expression in one place."""
    made = [lambda: Transpose(e), lambda: Negative(e)]
    match e:
        case Product(left, right):
            made += [lambda: Product(right, left), lambda: Hadamard(left, right), lambda: Sum(left, right)]
        case Hadamard(left, right):
            made += [lambda: Product(left, right), lambda: left, lambda: right, lambda: Product(left, Transpose(right))]
        case Sum(left, right):
            made += [lambda: Difference(left, right), lambda: left, lambda: right]
        case Difference(left, right):
            made += [lambda: Difference(right, left), lambda: Sum(left, right), lambda: left]
        case Scaled(_, of):
            made += [lambda: of, lambda: Scaled(Constant(num(2)), of)]
        case Diagonal(of):
            made += [lambda: Product(of, Transpose(of)), lambda: Identity(e.shape[0])]
        case Ones(size):
            made += [lambda: Scaled(Constant(ONE / size), e)]
    for make in made:
        try:
            yield make()
        except ShapeError:
            continue
    for child in children(e):
        for variant in variants(child):
            try:
                yield put(e, child, variant)
            except ShapeError:
                continue


def put(e, child, new):
    """The expression with one of its children exchanged."""
    named = {f.name: getattr(e, f.name) for f in fields(e)} if is_dataclass(e) else {}
    changed = {key: new for key, old in named.items() if old is child}
    if "to" in named:
        changed = {"to": tuple(new if old is child else old for old in named["to"])}
    return replace(e, **changed)


@pytest.mark.parametrize("batch", [False, True], ids=["example", "batch"])
@pytest.mark.parametrize("layout", LAYOUTS, ids=ids)
def test_the_kernel_accepts_nothing_that_differs_in_numbers(batch, layout, monkeypatch):
    """Of several hundred tampered forms each is either equal in numbers or refused."""
    problem, proofs = square(batch)
    monkeypatch.setitem(SIZES, "N", 3)  # so that examples and units are as many
    world, tried, false = World(problem), 0, 0
    for name in ("delta-3", "delta-2", "delta-1", "gradient-W__3", "gradient-W__2", "gradient-b__1", "gradient-x"):
        right = matrix_form(proofs[name].theorem, problem, layout)
        wanted = evaluate(right.right, world)
        for twin in variants(right.right):
            if twin.shape != right.right.shape:
                continue
            tried += 1
            if np.allclose(evaluate(twin, world), wanted):
                continue
            false += 1
            with pytest.raises(Refused):
                prove_entries(name, proofs[name].theorem, right.left, twin, layout)
    assert false > 60
    assert tried > false


# making a matrix theorem without its proof


def test_a_matrix_theorem_says_what_its_entries_say():
    theorems = forms_of("cross-entropy", False, COLUMNS).theorems
    right, other = theorems["gradient-W__2"], theorems["gradient-W__1"]
    with pytest.raises(ValueError, match="not about the entries"):
        MatrixTheorem("x", COLUMNS, right.left, right.right, other.entries)
    with pytest.raises(ValueError, match="not about the entries"):
        MatrixTheorem("x", COLUMNS, right.left, Negative(right.right), right.entries)
    with pytest.raises(ShapeError, match=r"3 x 3\) is not .*3 x 4"):
        MatrixTheorem("x", COLUMNS, right.left, other.right, right.entries)
    with pytest.raises(ValueError, match="not about the entries"):
        MatrixTheorem("x", COLUMNS, right.left, right.right, None)  # type: ignore[arg-type]


def test_a_matrix_does_not_depend_on_where_one_looks():
    """h_j as a number in front of a column, where j is the column that was asked for."""
    theorem = proved("cross-entropy", False)[1]["gradient-W__2"].theorem
    left = Named(theorem.left, k, j, (num(3), num(3)))
    error = Difference(*(Named(sym(a)[k], k, None, (num(3), ONE)) for a in "py"))
    number = Named(sym("h__1")[j], None, None, (ONE, ONE))
    row = Transpose(Ones(num(3)))
    with pytest.raises(ValueError, match="j does not stand for every one of 3"):
        prove_entries("x", theorem, left, Product(error, Scaled(number, row)), COLUMNS)


def test_a_theorem_about_one_entry_is_not_one_about_a_matrix():
    """q_k = p_k, where k is one entry that was fixed, or where there are fewer of them than the matrix has rows."""
    q, p, three = sym("q"), sym("p"), num(3)
    definitions = {"q": Definition("q", ("i",), p[sym("i")])}
    right = Named(p[k], k, None, (three, ONE))
    for letters, length in (({"fixed": {"k": three}}, three), ({"indices": {"k": three}}, num(4))):
        context = Context(definitions, {"p": (three,), "q": (three,)}, **letters)
        entries = check("one", context, q[k], p[k], (Step("definition:q"),), RULES)
        sides = (Named(q[k], k, None, (length, ONE)), replace(right, shape=(length, ONE)))
        with pytest.raises(ValueError, match="k does not stand for every one of"):
            MatrixTheorem("one", COLUMNS, *sides, entries)
    context = Context(definitions, {"p": (three,), "q": (three,)}, {"k": three})
    entries = check("any", context, q[k], p[k], (Step("definition:q"),), RULES)
    assert MatrixTheorem("any", COLUMNS, Named(q[k], k, None, (three, ONE)), right, entries).entries is entries


# lines without a matrix form


@pytest.mark.parametrize(
    ("name", "batch", "line", "why"),
    [
        ("weights", False, "activation-1", "is no number, vector or matrix"),
        ("cross-entropy", True, "softmax-jacobian", "has more than two indices"),
        ("cross-entropy", True, "activation-1", "has more than two indices"),
    ],
)
def test_where_there_is_no_matrix_form_the_reason_is_said(name, batch, line, why):
    problem, proofs = proved(name, batch)
    with pytest.raises(NoMatrixForm, match=why):
        matrix_form(proofs[line].theorem, problem, ROWS)
    forms = forms_of(name, batch, ROWS)
    assert line not in forms.theorems
    assert why in forms.reasons[line]
