"""Three flowers, three ways to their gradient."""

from fractions import Fraction

import numpy as np
import pytest

from derive.examples.gradient_descent import descend
from derive.examples.iris import iris
from derive.examples.numbers import EARLY_B, EARLY_STEPS, EARLY_W, ROWS, Slopes, by_differences, distance, row_numbers
from derive.lectures.iris_numbers import NETWORK, RATE


def test_the_early_weights_are_those_of_the_descent():
    features, labels, _ = iris()
    start = {"W1": np.zeros((3, 4)), "b1": np.zeros(3)}
    found = descend(NETWORK, start, features, labels, RATE, EARLY_STEPS).params
    np.testing.assert_allclose(found["W1"], EARLY_W, atol=0.005 + 1e-12)
    np.testing.assert_allclose(found["b1"], EARLY_B, atol=0.005 + 1e-12)


@pytest.mark.parametrize("row", ROWS)
def test_formula_differences_and_sympy_agree(row):
    features, labels, classes = iris()
    numbers = row_numbers(EARLY_W, EARLY_B, features[row - 1], int(labels[row - 1]))
    assert classes[labels[row - 1]] == dict(zip(ROWS, classes, strict=True))[row]
    assert numbers.off_differences < 1e-9
    assert numbers.off_sympy < 1e-14
    assert numbers.probabilities.sum() == pytest.approx(1, rel=1e-15)
    assert numbers.loss == pytest.approx(-np.log(numbers.probabilities[labels[row - 1]]), rel=1e-14)


def test_the_first_setosa_by_hand():
    """z = W h + b in exact decimals; the rest with the four digits of a pocket calculator."""
    features, labels, _ = iris()
    numbers = row_numbers(EARLY_W, EARLY_B, features[0], int(labels[0]), with_sympy=False)
    h = [Fraction(x) for x in ("5.1", "3.5", "1.4", "0.2")]
    W = [[Fraction(str(w)) for w in row] for row in EARLY_W]
    z = [sum(map(Fraction.__mul__, row, h)) + Fraction(str(c)) for row, c in zip(W, EARLY_B, strict=True)]
    assert [str(float(u)) for u in z] == ["1.471", "-0.208", "-1.218"]
    np.testing.assert_allclose(numbers.logits, [float(u) for u in z], rtol=1e-12)
    # e^1.471 = 4.3536, e^-0.208 = 0.8122, e^-1.218 = 0.2958; together 5.4616
    np.testing.assert_allclose(numbers.probabilities, [0.7971, 0.1487, 0.0542], atol=5e-5)
    np.testing.assert_allclose(numbers.formula.b, [-0.2029, 0.1487, 0.0542], atol=5e-5)
    assert numbers.loss == pytest.approx(0.2267, abs=1e-4)
    assert numbers.sympy is numbers.off_sympy is None


def test_the_distance_sees_one_wrong_entry():
    point = Slopes(np.array(EARLY_W), np.array(EARLY_B), iris().features[0])
    slopes = by_differences(point, 0)
    wrong = slopes._replace(h=slopes.h + np.array([0, 0, 0.25, 0]))
    assert distance(slopes, wrong) == pytest.approx(0.25)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((EARLY_W, EARLY_B, [1.0, 2.0], 0), "h has shape (1, 2); W has 4 columns"),
        ((EARLY_W, EARLY_B, [1.0, 2.0, 3.0, 4.0], 3), "y has label 3 in row 0"),
        ((EARLY_W, EARLY_B[:2], [1.0, 2.0, 3.0, 4.0], 0), "b has shape (2,)"),
    ],
)
def test_what_does_not_fit_is_refused(arguments, message):
    with pytest.raises(ValueError) as caught:  # noqa: PT011
        row_numbers(*arguments)
    assert str(caught.value).startswith(message)
