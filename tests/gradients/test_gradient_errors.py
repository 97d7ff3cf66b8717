"""What does not fit is refused in one line that names the argument and what would fit."""

import numpy as np
import pytest

from derive.gradients.softmax_cross_entropy import loss, value_and_grad

GOOD = {"W": np.ones((3, 2)), "b": np.zeros(3), "h": np.ones((4, 2)), "y": np.array([0, 1, 2, 0])}
SOFT = np.full((4, 3), 1 / 3)


def without(array, place, value):
    changed = np.array(array, dtype=float)
    changed[place] = value
    return changed


TABLE = [
    ({"W": np.ones(3)}, ValueError, "W has shape (3,); it must be (C, H): one row per class, one column per feature"),
    ({"W": np.ones((3, 0))}, ValueError, "W has shape (3, 0)"),
    ({"W": 1.0}, ValueError, "W has shape ()"),
    ({"b": np.zeros(4)}, ValueError, "b has shape (4,); W has 3 rows, so b must have shape (3,)"),
    ({"b": np.zeros((3, 1))}, ValueError, "b has shape (3, 1)"),
    ({"h": np.ones((4, 5))}, ValueError, "h has shape (4, 5); W has 2 columns, so h must be (N, 2): one row per"),
    ({"h": np.ones(2)}, ValueError, "h has shape (2,)"),
    ({"h": np.ones((0, 2)), "y": []}, ValueError, "h has no rows; a batch needs at least one sample"),
    ({"y": [0, 1, 2]}, ValueError, "y has shape (3,); h has 4 rows, so y must be (4,) labels or (4, 3) probabilities"),
    ({"y": 1}, ValueError, "y has shape ()"),
    ({"y": SOFT[:, :2]}, ValueError, "y has shape (4, 2)"),
    ({"h": without(GOOD["h"], (2, 1), np.nan)}, ValueError, "h has nan in row 2, at h[2, 1]; it must be finite"),
    ({"W": without(GOOD["W"], (1, 0), np.inf)}, ValueError, "W has inf in row 1, at W[1, 0]"),
    ({"b": without(GOOD["b"], 2, -np.inf)}, ValueError, "b has -inf in row 2, at b[2]"),
    ({"y": without(SOFT, (3, 0), np.nan)}, ValueError, "y has nan in row 3, at y[3, 0]"),
    ({"y": [0, 1, 3, 0]}, ValueError, "y has label 3 in row 2; labels are 0..2, one for each row of W"),
    ({"y": [0, -1, 2, 0]}, ValueError, "y has label -1 in row 1; labels are 0..2"),
    ({"y": [0.0, 1.0, 2.0, 0.0]}, TypeError, "y has dtype float64; labels are integers 0..2 (probabilities have shape"),
    ({"y": [True, False, True, True]}, TypeError, "y has dtype bool"),
    ({"y": ["a", "b", "c", "a"]}, TypeError, "y has dtype <U1"),
    ({"y": without(without(SOFT, (1, 0), -1 / 3), (1, 1), 1)}, ValueError, "y has the negative entry -0.3333333333"),
    ({"y": without(SOFT, (1, 0), 0.5)}, ValueError, "y sums to 1.16666667 in row 1; targets must sum to 1 (within"),
    ({"y": np.zeros((4, 3), int)}, ValueError, "y sums to 0 in row 0; targets must sum to 1"),
    ({"y": SOFT + 1e-6}, ValueError, "y sums to 1.000003 in row 0"),
    ({"W": np.ones((3, 2)) * 1j}, TypeError, "W has dtype complex128; it must be float64, float32 or integers"),
    ({"h": np.ones((4, 2), object)}, TypeError, "h has dtype object"),
    ({"h": np.ones((4, 2), bool)}, TypeError, "h has dtype bool"),
    ({"b": np.zeros(3, np.float16)}, TypeError, "b has dtype float16"),
    ({"b": ["x", "y", "z"]}, TypeError, "b has dtype <U1"),
    ({"b": None}, TypeError, "b has dtype object"),
    ({"h": [[1.0, 2.0], [3.0]]}, ValueError, "h is not a rectangular array of numbers: its rows differ in length"),
    ({"h": np.ma.masked_array(GOOD["h"], mask=GOOD["h"] > 0)}, TypeError, "h is a masked array"),
    ({"reduction": "average"}, ValueError, "reduction is 'average'; it must be one of 'mean', 'sum'"),
    ({"reduction": None}, ValueError, "reduction is None; it must be one of 'mean', 'sum'"),
    ({"reduction": ["mean"]}, ValueError, "reduction is ['mean']; it must be one of"),
    ({"W": np.full((3, 2), 1e300), "h": np.full((4, 2), 1e300)}, ValueError, "h gives logits in row 0 that are too"),
]  # fmt: skip


@pytest.mark.parametrize("function", [value_and_grad, loss])
@pytest.mark.parametrize(("change", "error", "message"), TABLE)
def test_the_message_names_the_argument_and_what_would_fit(change, error, message, function):
    with pytest.raises(error) as caught:
        function(**{**GOOD, **change})
    assert str(caught.value).startswith(message)
    assert "\n" not in str(caught.value)


def test_overflow_in_float32_names_the_row():
    h = np.zeros((4, 2), "f4")
    h[2] = 1e30
    arrays = {"W": np.full((3, 2), 1e30, "f4"), "b": np.zeros(3, "f4"), "h": h}
    with pytest.raises(ValueError, match="h gives logits in row 2 that are too large for float32"):
        value_and_grad(**arrays, y=GOOD["y"])


def test_a_logit_of_minus_infinity_is_probability_zero():
    """-1e400 does not fit float64, but its probability does; the loss of its class does not."""
    arrays = {"W": [[1.0], [-1e200]], "b": [0.0, 0.0], "h": [[1e200]]}
    value, gradient = value_and_grad(**arrays, y=[0])
    assert (value, gradient.z.tolist()) == (0.0, [[0.0, 0.0]])
    with pytest.raises(ValueError, match="h gives logits in row 0 that are too large for float64"):
        value_and_grad(**arrays, y=[1])


def test_a_gradient_of_unreduced_losses_is_refused():
    assert loss(**GOOD, reduction="none").shape == (4,)
    with pytest.raises(ValueError, match="reduction is 'none'; it must be one of 'mean', 'sum'"):
        value_and_grad(**GOOD, reduction="none")


def test_sums_within_the_tolerance_pass():
    value_and_grad(**{**GOOD, "y": SOFT + 1e-8})
    value_and_grad(**{**GOOD, "y": (SOFT + 1e-6).astype("f4")})
    with pytest.raises(ValueError, match=r"within 0\.0001"):
        value_and_grad(**{**GOOD, "y": (SOFT + 1e-4).astype("f4")})


def test_lists_of_integers_are_fine():
    value, gradient = value_and_grad([[0], [0]], [0, 0], [[1]], [0])
    assert (round(float(value), 6), gradient.b.tolist()) == (0.693147, [-0.5, 0.5])
