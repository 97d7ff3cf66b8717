"""Theorems become contractions, the same ones in the emitted file and in the interpreted function."""

import ast
import importlib.util
import re
import subprocess
import sys
from dataclasses import dataclass, replace

import numpy as np
import pytest

from derive.chains import problem_named
from derive.core.condition import Condition
from derive.core.context import Context, Definition
from derive.core.term import d, delta, exp, fn, log, num, sym, total
from derive.gradients import CannotLower, emit, function_from, lower, softmax_cross_entropy
from derive.gradients.__main__ import GRADIENTS, TARGET, generated
from derive.proofs.prove import prove

W, h, b, z, p, y, L, C = map(sym, ("W", "h", "b", "z", "p", "y", "L", "C"))
i, j, k, m = map(sym, "ijkm")
SOFT = np.random.default_rng(1).dirichlet(np.ones(3), 5)


@dataclass(frozen=True)
class Stated:
    """What lowering reads of a theorem, without its proof: for shapes of right sides only."""

    left: object
    right: object
    context: Context = problem_named("softmax-cross-entropy").context
    name: str = "stated"
    assumptions: frozenset = frozenset()
    conditions: tuple = ()


def arrays(rows=5, classes=3, features=2):
    rng = np.random.default_rng(rows)
    return rng.normal(size=(classes, features)), rng.normal(size=classes), rng.normal(size=(rows, features))


def chances():
    weights, bias, rows = arrays()
    e = np.exp(rows @ weights.T + bias)
    return e / e.sum(axis=1, keepdims=True)


def test_the_committed_module_is_what_the_proofs_give():
    assert TARGET.read_text(encoding="utf-8") == generated(alone=False), "run python -m derive.gradients"


def test_the_formulas_are_read_off_the_theorems(symbolic_proofs):
    """As one would write them by hand."""
    text = generated(alone=False)
    assert [line.strip() for line in text.splitlines() if re.match(r" +[Wbhz]=", line)] == [
        "W=residual.T @ h / divisor,",
        "b=column_sums(residual) / divisor,",
        "h=residual @ W / divisor,",
        "z=residual / divisor,",
    ]


@pytest.mark.parametrize("reduction", ["mean", "sum"])
@pytest.mark.parametrize("y_", [np.array([0, 1, 2, 0, 1]), SOFT])
@pytest.mark.parametrize("dtype", ["f4", "f8"])
def test_the_function_and_the_emitted_source_agree_to_the_bit(symbolic_proofs, reduction, y_, dtype):
    given = [a.astype(dtype) for a in arrays()]
    _, gradient = softmax_cross_entropy.value_and_grad(*given, y_, reduction)
    for name in GRADIENTS:
        got = function_from(symbolic_proofs[name].theorem)(*given, y_, reduction)
        np.testing.assert_array_equal(got, getattr(gradient, name[-1]), strict=True)


def test_the_mean_is_the_default(symbolic_proofs):
    f = function_from(symbolic_proofs["gradient-b"].theorem)
    np.testing.assert_array_equal(f(*arrays(), SOFT), f(*arrays(), SOFT, reduction="mean"))
    assert f.__name__ == "gradient-b"


@pytest.mark.parametrize("road", ["jacobian", "logits"])
def test_every_road_gives_the_same_programs(road):
    proofs = prove(problem_named("softmax-cross-entropy").chain, road=road)
    assert lower(proofs["gradient-h"].theorem).formula == "sum(m=1..C, (p[m] - y[m])*W[m,j])"


def test_derivatives_of_single_rows(symbolic_proofs):
    weights, bias, rows = arrays()
    q = chances()
    jacobian = function_from(symbolic_proofs["softmax-jacobian"].theorem)(weights, bias, rows, [0] * 5)
    np.testing.assert_allclose(jacobian, q[:, :, None] * (np.eye(3) - q[:, None, :]), rtol=1e-12, atol=1e-16)
    by_weight = function_from(symbolic_proofs["logit-by-weight"].theorem)(weights, bias, rows, [0] * 5)
    np.testing.assert_array_equal(by_weight, np.einsum("mk,nj->nmkj", np.eye(3), rows))
    by_bias = function_from(symbolic_proofs["logit-by-bias"].theorem)(weights, bias, rows, [0] * 5)
    np.testing.assert_array_equal(by_bias, np.broadcast_to(np.eye(3), (5, 3, 3)))
    by_input = function_from(symbolic_proofs["logit-by-input"].theorem)(weights, bias, rows, [0] * 5)
    np.testing.assert_array_equal(by_input, np.broadcast_to(weights, (5, 3, 2)))
    with pytest.raises(ValueError, match="is about each row, leave it out"):
        function_from(symbolic_proofs["logit-by-input"].theorem)(weights, bias, rows, [0] * 5, "sum")


Q, Y = chances(), SOFT
ROWS = arrays()[2]
SHAPES = [
    (L, b[k], p[k] * total(i, C, y[i]) - y[k], (Q - Y).sum(0)),
    (L, b[k], num(2) * p[k] - p[k] / 4 + 3, (1.75 * Q + 3).sum(0)),
    (L, z[k], (p[k] - 1) * y[k], (Q - 1) * Y),
    (L, z[k], (num(1) - p[k]) * y[k], (1 - Q) * Y),
    (L, z[k], y[k] - p[k], Y - Q),
    (L, z[k], -y[k] + p[k], Q - Y),
    (L, z[k], p[k] ** 2, Q**2),
    (L, z[k], total(i, C, delta(i, k) * (p[i] - y[i])), Q - Y),
    (L, z[k], total(i, C, p[i]) * total(i, C, y[i] * p[i]) + p[k] * 0, (Y * Q).sum(1, keepdims=True) + 0 * Q),
    (L, W[k, j], num(1), np.full((3, 2), 5.0)),
    (L, W[k, j], h[j], np.broadcast_to(ROWS.sum(0), (3, 2))),
    (L, h[j], total(k, C, W[k, j]) * total(m, sym("H"), num(1)), np.tile(2 * arrays()[0].sum(0), (5, 1))),
    (L, b[k], z[k], (ROWS @ arrays()[0].T + arrays()[1]).sum(0)),
    (L, z[k], total(j, sym("H"), h[j] * W[k, j]), ROWS @ arrays()[0].T),
    (p[i], b[k], p[i] * b[k], Q[:, :, None] * arrays()[1]),
    (L, z[k], exp(z[k]), np.exp(ROWS @ arrays()[0].T + arrays()[1])),
    (L, z[k], log(p[k]) * y[k], np.log(Q) * Y),
    (L, p[i], -(y[i] / p[i]), -Y / Q),
    (L, z[k], p[k] ** num(9), Q**9),
    (L, z[k], p[num(1)] + p[k] * 0, Q[:, :1] + 0 * Q),
    (L, z[k], (p[k] - y[k]) * (p[k] - y[k]), (Q - Y) ** 2),
]  # fmt: skip


@pytest.mark.parametrize(("value", "variable", "right", "expected"), SHAPES)
def test_sums_products_deltas_and_numbers_lower(value, variable, right, expected):
    f = function_from(Stated(d(value, variable), right))
    got = f(*arrays(), SOFT, *(["sum"] if value == L else []))
    np.testing.assert_allclose(got, expected, rtol=1e-12, atol=1e-14)
    if value == L:
        np.testing.assert_allclose(f(*arrays(), SOFT), expected / 5, rtol=1e-12, atol=1e-14)


def test_one_less_p_keeps_its_digits():
    f = function_from(Stated(d(L, z[k]), num(1) - p[k]))
    got = f(np.eye(2), [40.0, 0.0], np.zeros((1, 2)), [0])
    np.testing.assert_allclose(got, [[4.248354255291589e-18, 1.0]], rtol=1e-15)


def test_overflow_is_refused_before_it_spreads():
    with pytest.raises(ValueError, match="h gives logits in row 0 that are too large"):
        function_from(Stated(d(L, z[k]), p[k]))(np.full((3, 2), 1e300), np.zeros(3), np.full((1, 2), 1e300), [0])


def test_the_row_letter_is_not_an_index_of_the_theorem():
    n = sym("n")
    f = function_from(Stated(d(L, W[n, j]), (p[n] - y[n]) * h[j]))
    np.testing.assert_array_equal(f(*arrays(), SOFT), softmax_cross_entropy.value_and_grad(*arrays(), SOFT)[1].W)


OTHER = replace(Stated(d(L, z[k]), p[k]).context, definitions={
    **Stated(d(L, z[k]), p[k]).context.definitions,
    "p": Definition("p", ("i",), exp(-z[i]) / total(m, C, exp(-z[m]))),
})  # fmt: skip
REFUSED = [
    (Stated(L, p[k]), "is not a derivative"),
    (Stated(d(L, z[k]), fn("mystery", z[k])), "NumPy has no function for mystery"),
    (Stated(d(L, z[k]), d(L, p[k])), "no theorem was given about it"),
    (Stated(d(L, z[k]), sym("c")[k]), "no numeric quantity is known for c"),
    (Stated(d(L, sym("t")), p[k]), "no numeric quantity is known for t"),
    (Stated(d(L, z[k]), p[i]), "the index i is free on the right side only"),
    (Stated(d(L, z[num(1)]), p[num(1)]), "is about single entries"),
    (Stated(d(L, z[k]), p[k], assumptions=frozenset(["different-indices"])), "holds only under 'different-indices'"),
    (Stated(d(L, z[k]), p[k], conditions=(Condition("nonzero", (z[k],)),)), "holds only where nonzero"),
]


@pytest.mark.parametrize(("theorem", "message"), REFUSED)
def test_what_has_no_lowering_is_refused_with_the_reason(theorem, message):
    with pytest.raises(CannotLower) as caught:
        function_from(theorem)
    assert message in str(caught.value)


def test_a_theorem_about_other_definitions_is_run_with_them():
    expected = np.exp(-(ROWS @ arrays()[0].T + arrays()[1]))
    got = function_from(Stated(d(L, z[k]), p[k], OTHER))(*arrays(), SOFT, "sum")
    np.testing.assert_allclose(got, expected / expected.sum(axis=1, keepdims=True), rtol=1e-12)


def test_conditional_theorems_are_refused(symbolic_proofs):
    with pytest.raises(CannotLower, match="different-indices"):
        lower(symbolic_proofs["jacobian-different"].theorem)


def test_a_theorem_about_given_sizes_and_targets_is_kept_to_them():
    problem = problem_named("softmax-cross-entropy", classes=3, target=2)
    f = function_from(Stated(d(L, b[k]), p[k] - y[k], problem.context))
    weights, bias, rows = arrays()
    _, gradient = softmax_cross_entropy.value_and_grad(weights, bias, rows, [1] * 5)
    np.testing.assert_array_equal(f(weights, bias, rows, [1] * 5), gradient.b)
    with pytest.raises(ValueError, match="y has label 0 in row 2; stated was proved for 1"):
        f(weights, bias, rows, [1, 1, 0, 1, 1])
    with pytest.raises(ValueError, match="was proved for labels"):
        f(weights, bias, rows, SOFT)
    with pytest.raises(ValueError, match="W has 4 classes; stated was proved for 3"):
        f(*arrays(classes=4), [1] * 5)
    with pytest.raises(CannotLower, match="given sizes or targets"):
        emit({"b": Stated(d(L, b[k]), p[k] - y[k], problem.context)}, "")


def test_without_its_pattern_the_residual_is_a_difference():
    text = emit({"z": Stated(d(L, z[k]), p[k] - y[k] * 2)}, "")
    assert "residual_of(" not in text.split("def value_and_grad")[1]


def test_the_standalone_text_needs_numpy_only(symbolic_proofs, tmp_path):
    text = emit(
        {name: symbolic_proofs[name].theorem for name in GRADIENTS}, 'line \\ one\n"""', "the shift lemma", "by hand"
    )
    imports = [node for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Import | ast.ImportFrom)]
    assert {ast.unparse(node).split()[1] for node in imports} == {"__future__", "typing", "numpy", "numpy.typing"}
    assert "the shift lemma" in text
    (tmp_path / "alone.py").write_text(text, encoding="utf-8")
    code = "import alone; print(alone.value_and_grad([[0.0], [0.0]], [0.0, 0.0], [[1.0]], [0])[1].b)"
    done = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, check=True)
    assert done.stdout == "[-0.5  0.5]\n"


def test_what_the_residual_does_not_carry_is_written_too(tmp_path):
    """And gives the same when it is run."""
    theorem = Stated(d(L, z[k]), p[k] * total(i, C, y[i]) - y[k])
    text = emit({"z": theorem}, "")
    assert "targets = dense_targets(y, softmax.p)\n" in text
    path = tmp_path / "written.py"
    path.write_text(text, encoding="utf-8")
    spec = importlib.util.spec_from_file_location("written", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    for targets in (SOFT, [0, 1, 2, 0, 1]):
        expected = function_from(theorem)(*arrays(), targets)
        np.testing.assert_array_equal(module.value_and_grad(*arrays(), targets)[1].z, expected)


def test_importing_the_gradients_does_not_import_sympy():
    code = "import sys, derive.gradients; print(sorted({'sympy', 'flint', 'matplotlib'} & set(sys.modules)))"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "[]\n"
