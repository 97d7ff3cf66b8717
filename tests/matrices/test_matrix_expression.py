"""Shapes are checked where an expression is made, and a mismatch names both matrices."""

import re

import pytest

from derive.core.term import d, fn, num, sym
from derive.matrices.expression import (
    ONE,
    Applied,
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
    leaves,
    transposed,
)

i, j, k, n, u, v, N = map(sym, "ijknuvN")
H = Named(sym("h")[n, k], n, k, (N, num(3)))
P = Named(sym("p")[n, k], n, k, (N, num(2)))
W = Named(sym("W")[k, j], k, j, (num(2), num(3)))
b = Named(sym("b")[k], k, None, (num(2), ONE))


@pytest.mark.parametrize(
    ("expression", "shape"),
    [
        (Product(Transpose(P), H), (num(2), num(3))),
        (Product(H, Transpose(W)), (N, num(2))),
        (Product(Ones(N), Transpose(b)), (N, num(2))),
        (Scaled(Product(Transpose(b), b), W), (num(2), num(3))),
        (Applied(fn("tanh", u), (u,), (H,)), (N, num(3))),
        (Diagonal(b), (num(2), num(2))),
        (Diagonal(Transpose(b)), (num(2), num(2))),
        (Hadamard(P, Negative(P)), (N, num(2))),
        (Identity(N), (N, N)),
    ],
)
def test_shapes(expression, shape):
    assert expression.shape == shape


@pytest.mark.parametrize(
    ("made", "said"),
    [
        (lambda: Product(P, H), "p[n, k] (N x 2) and h[n, k] (N x 3) cannot be multiplied"),
        (lambda: Sum(P, H), "p[n, k] (N x 2) and h[n, k] (N x 3) cannot be added"),
        (lambda: Difference(b, Transpose(b)), "b[k] (2 x 1) and b[k]^T (1 x 2) cannot be subtracted"),
        (lambda: Hadamard(W, H), "W[k, j] (2 x 3) and h[n, k] (N x 3) cannot be multiplied entry by entry"),
        (lambda: Scaled(b, W), "b[k] (2 x 1) is not a number"),
        (lambda: Diagonal(W), "W[k, j] (2 x 3) is not a vector"),
        (lambda: Applied(fn("max", u, v), (u, v), (P, H)), "p[n, k] (N x 2) and h[n, k] (N x 3) cannot be put into"),
        (lambda: Applied(fn("max", u, v), (u, v), (P,)), "needs 2 matrices, not 1"),
        (lambda: Named(sym("b")[k], k, None, (num(2), num(5))), "no index that counts 5"),
    ],
)
def test_what_does_not_fit_is_refused_and_named(made, said):
    with pytest.raises(ShapeError, match=re.escape(said)):
        made()


@pytest.mark.parametrize(
    ("expression", "turned"),
    [
        (Product(Transpose(P), H), Product(Transpose(H), P)),
        (Difference(P, P), Transpose(Difference(P, P))),
        (Hadamard(Transpose(P), Product(W, Transpose(H))), Hadamard(P, Product(H, Transpose(W)))),
        (Scaled(Constant(ONE / N), Transpose(P)), Scaled(Constant(ONE / N), P)),
        (Applied(fn("tanh", u), (u,), (Transpose(P),)), Applied(fn("tanh", u), (u,), (P,))),
        (Diagonal(b), Diagonal(b)),
        (Transpose(Sum(P, P)), Sum(P, P)),
    ],
)
def test_the_transpose_of_a_product_is_that_of_its_factors_turned_round(expression, turned):
    assert transposed(expression) == turned


def test_the_leaves_are_told_once():
    assert leaves(Sum(Product(W, Transpose(W)), Product(b, Transpose(b)))) == (W, b)
    assert leaves(Product(Ones(N), Transpose(b))) == (Ones(N), b)
    assert leaves(Named(d(sym("L"), sym("s")[k]), k, None, (N, ONE)))[0].family.op == "d"
