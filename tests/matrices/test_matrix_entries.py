"""What an entry of an expression is, against NumPy and against the index lines, in all layouts."""

import numpy as np
import pytest
from matrix_values import LAYOUTS, SPECS, World, evaluate, forms_of, ids, proved, value

from derive.core.term import num, substitute, sym, total, walk
from derive.matrices.entries import entry
from derive.matrices.expression import ONE, Named, Product, Transpose

BOTH = pytest.mark.parametrize("batch", [False, True], ids=["example", "batch"])
EVERY = pytest.mark.parametrize("layout", LAYOUTS, ids=ids)
k, j, m, n = map(sym, "kjmn")
# no index line of a batch has more than two free indices and a matrix form
NO_MATRIX = ("activation-", "softmax-jacobian", "layer-")


def letters_of(left, shape):
    """The index letters at every place of a matrix."""
    for at in np.ndindex(shape):
        yield at, {str(a.value): i for a, i in zip((left.rows, left.columns), at, strict=True) if a is not None}


def spelled(condition):
    """A condition; what is said of every entry, with the same letters each time."""
    about = condition.about[0]
    every = dict.fromkeys(str(t.value) for _, t in walk(about) if t.op == "sym" and str(t.value).endswith("'"))
    return condition.kind, substitute(about, {name: sym(f"any{place}") for place, name in enumerate(every)})


@pytest.mark.parametrize("name", SPECS)
@BOTH
@EVERY
def test_matrices_loops_and_index_lines_agree(name, batch, layout):
    problem, proofs = proved(name, batch)
    world = World(problem)
    theorems = forms_of(name, batch, layout).theorems
    assert {f"gradient-{family}" for family in problem.parameters} <= set(theorems)
    assert {f"delta-{layer}" for layer in range(1, problem.depth + 1)} <= set(theorems)
    for theorem in theorems.values():
        matrix = evaluate(theorem.right, world)
        assert matrix.shape == tuple(map(world.size, theorem.right.shape))
        told = entry(theorem.right, theorem.left.rows or ONE, theorem.left.columns or ONE)
        index = proofs[theorem.name].theorem.right if theorem.name in proofs else theorem.entries.lines[1]
        for at, letters in letters_of(theorem.left, matrix.shape):
            expected = value(index, world, letters)
            assert np.isclose(matrix[at], expected), (theorem.name, at)
            assert np.isclose(value(told, world, letters), expected), (theorem.name, at)


@pytest.mark.parametrize("name", SPECS)
@BOTH
@EVERY
def test_the_entries_are_the_index_theorem_and_nothing_more_is_assumed(name, batch, layout):
    _, proofs = proved(name, batch)
    forms = forms_of(name, batch, layout)
    for theorem in forms.theorems.values():
        entries = theorem.entries
        assert entries.right == entry(theorem.right, theorem.left.rows or ONE, theorem.left.columns or ONE)
        if theorem.name in proofs:
            index = proofs[theorem.name].theorem
            assert index in entries.lemmas
            assert entries.left == index.left
            assert entries.assumptions == index.assumptions
            assert set(map(spelled, entries.conditions)) == set(map(spelled, index.conditions))
        else:
            assert entries.definitions == {theorem.name.removeprefix("forward-")}
    batch_only = {why for line, why in forms.reasons.items() if not line.startswith(NO_MATRIX)}
    assert batch_only == set()


def test_an_inner_product_is_a_sum_and_an_outer_product_is_none():
    W = Named(sym("W")[k, j], k, j, (num(3), num(2)))
    d = Named(sym("d")[k], k, None, (num(3), ONE))
    assert entry(Product(Transpose(W), d), j) == total(m, 3, sym("W")[m, j] * sym("d")[m])
    assert entry(Product(d, Transpose(d)), k, j) == sym("d")[k] * sym("d")[j]


def test_one_unit_is_still_summed_over():
    W = Named(sym("W")[k, j], k, j, (ONE, num(2)))
    assert entry(Product(Transpose(W), W), j, k) == total(m, 1, sym("W")[m, j] * sym("W")[m, k])


def test_no_sum_binds_a_name_of_the_expression():
    W = Named(sym("W")[k, j], k, j, (sym("m"), sym("m")))
    assert entry(Product(W, W), sym("l"), j).args[0] == k


def test_two_sums_have_two_letters():
    W = Named(sym("W")[k, j], k, j, (num(2), num(2)))
    outer = entry(Product(Product(W, W), W), sym("a"), sym("b"))
    inner = outer.args[2].args[0]
    assert (outer.op, inner.op) == ("sum", "sum")
    assert outer.args[0] != inner.args[0]
