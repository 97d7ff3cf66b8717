"""Few lost digits: confident networks, huge logits, float32; checked against 60 digits of mpmath."""

import mpmath
import numpy as np
import pytest

from derive.gradients.softmax_cross_entropy import loss, value_and_grad

NEAR, ULPS = 32, 24  # logits within 32 of the largest keep all but 24 units in the last place
FAR_ULPS = 40  # up to 64 from it: rounding z - max z alone can cost 32


def at(z, y, dtype=float):
    """Arguments whose logits are exactly the rows of z: W = 1, b = 0."""
    z = np.atleast_2d(np.asarray(z, dtype=dtype))
    return np.eye(z.shape[1], dtype=dtype), np.zeros(z.shape[1], dtype=dtype), z, y


def exact(row, target):
    """p_k - y_k and the loss of one row in 60 digits; target a label or exact probabilities."""
    with mpmath.workdps(60):
        e = [mpmath.exp(mpmath.mpf(float(u))) for u in row]
        y = [mpmath.mpf(int(k == target)) for k in range(len(row))] if np.ndim(target) == 0 else target
        p = [u / mpmath.fsum(e) for u in e]
        return [a - b for a, b in zip(p, y, strict=True)], -mpmath.fsum(
            b * mpmath.log(a) for a, b in zip(p, y, strict=True)
        )


def off(ours, expected, dtype):
    """The distance in units of the last place of the expected number."""
    return abs(mpmath.mpf(float(ours)) - expected) / mpmath.mpf(float(np.spacing(dtype(abs(float(expected))))))


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("lead", [0, 1, 5, 10, 15, 20, 30, 40])
def test_every_entry_keeps_its_digits(lead, dtype):
    rng = np.random.default_rng(lead)
    z = rng.normal(size=(60, 10)).astype(dtype)
    labels = rng.integers(0, 10, 60)
    z[np.arange(60), labels] += dtype(lead)
    labels[:20] = rng.integers(0, 10, 20)  # some of them confidently wrong
    _, gradient = value_and_grad(*at(z, labels, dtype), reduction="sum")
    losses = loss(*at(z, labels, dtype), reduction="none")
    assert (gradient.z.dtype, losses.dtype) == (dtype, dtype)
    for row, label, ours, value in zip(z, labels, gradient.z, losses, strict=True):
        expected, expected_loss = exact(row, label)
        allowed = ULPS if row.max() - row.min() < NEAR else FAR_ULPS
        assert max(off(a, b, dtype) for a, b in zip(ours, expected, strict=True)) <= allowed
        assert off(value, expected_loss, dtype) <= allowed


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_soft_targets_near_one_keep_their_digits(dtype):
    z = np.array([30.0, 0.0, 1.0], dtype=dtype)
    small = dtype(2.0**-20)
    target = np.array([1 - 2 * small, small, small], dtype=dtype)
    _, gradient = value_and_grad(*at(z, [target], dtype))
    expected, _ = exact(z, [mpmath.mpf(float(t)) for t in target])
    assert max(off(a, b, dtype) for a, b in zip(gradient.z[0], expected, strict=True)) <= 2


def test_many_classes_with_soft_targets_keep_their_digits():
    """With every p small, 1 minus the others would lose what p - y keeps."""
    z = np.zeros(5000)
    z[7] = 1.0
    _, gradient = value_and_grad(*at(z, [[2.0**-13] * 4999 + [1 - 4999 * 2.0**-13]]))
    expected, _ = exact(z, [mpmath.mpf(2) ** -13] * 4999 + [1 - 4999 * mpmath.mpf(2) ** -13])
    assert off(gradient.z[0, 7], expected[7], np.float64) <= 4


def test_where_torch_returns_zero():
    """ln(1 + e^-40) is 4.248354255291589e-18; 1 - p and ln p lose it whole."""
    tiny = pytest.approx(4.248354255291589e-18, rel=1e-15, abs=0)
    value, gradient = value_and_grad(*at([40.0, 0.0], [0]))
    assert (value, -gradient.b[0], gradient.b[1]) == (tiny, tiny, tiny)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize(
    ("label", "value", "z"),
    [(0, 0.0, [0, 0, 0]), (1, 20000.0, [1, -1, 0]), (2, 10000.0, [1, 0, -1])],
)
def test_huge_logits_are_exact(label, value, z, dtype):
    got, gradient = value_and_grad(*at([1e4, -1e4, 0.0], [label], dtype))
    assert (got, gradient.z.tolist()) == (value, [z])
    soft, same = value_and_grad(*at([1e4, -1e4, 0.0], [np.eye(3)[label]], dtype))
    assert (soft, same.z.tolist()) == (value, [z])


def test_equal_huge_logits():
    value, gradient = value_and_grad(*at([1e4, 1e4], [0]))
    assert (value, gradient.z.tolist()) == (pytest.approx(np.log(2), rel=1e-15), [[-0.5, 0.5]])


def test_strict_floating_point_settings_do_not_trip():
    with np.errstate(all="raise"):
        value_and_grad(*at([1e4, -1e4, 0.0], [1]))


@pytest.mark.parametrize(
    ("dtypes", "expected"),
    [
        (("f4", "f4", "f4"), "f4"), (("f8", "f8", "f8"), "f8"), (("f4", "f8", "f4"), "f8"),
        (("i8", "i8", "i8"), "f8"), (("f4", "f4", "i4"), "f8"),
    ],
)  # fmt: skip
def test_float_types_are_kept(dtypes, expected):
    W, b, h = (np.ones(shape, kind) for shape, kind in zip(((2, 3), (2,), (4, 3)), dtypes, strict=True))
    for y in ([0, 1, 1, 0], np.full((4, 2), 0.5)):
        value, gradient = value_and_grad(W, b, h, y)
        assert {value.dtype, loss(W, b, h, y, "none").dtype, *(g.dtype for g in gradient)} == {np.dtype(expected)}


def test_float32_column_sums_do_not_drift():
    """h = 0 and one label: every row gives the same residual, so 300 000 like terms are added."""
    rows = 300_000
    h, y = np.zeros((rows, 1), "f4"), np.zeros(rows, int)
    _, gradient = value_and_grad(np.zeros((3, 1), "f4"), np.array([0.3, 0.1, 0.2], "f4"), h, y, reduction="sum")
    expected = gradient.z.sum(axis=0, dtype="f8")
    assert np.abs(gradient.b / expected - 1).max() < 1e-6
