"""The flowers against published facts about them."""

import numpy as np

from derive.examples.iris import MEASURED, iris


def test_fifty_of_each_in_order():
    features, labels, classes = iris()
    assert classes == ("setosa", "versicolor", "virginica")
    assert (features.shape, features.dtype, labels.dtype) == ((150, 4), np.float64, np.int64)
    assert labels.tolist() == [0] * 50 + [1] * 50 + [2] * 50


def test_means_of_each_species():
    """Fisher 1936, Table II (virginica: R's datasets::iris)."""
    means = iris().features.reshape(3, 50, 4).mean(axis=1)
    expected = [[5.006, 3.428, 1.462, 0.246], [5.936, 2.770, 4.260, 1.326], [6.588, 2.974, 5.552, 2.026]]
    np.testing.assert_allclose(means, expected, rtol=1e-12)


def test_summary_statistics():
    """The UCI description: minimum, maximum, mean and standard deviation, to its two digits."""
    features = iris().features
    assert features.min(axis=0).tolist() == [4.3, 2.0, 1.0, 0.1]
    assert features.max(axis=0).tolist() == [7.9, 4.4, 6.9, 2.5]
    np.testing.assert_allclose(features.mean(axis=0), [5.84, 3.05, 3.76, 1.20], atol=0.01)
    np.testing.assert_allclose(features.std(axis=0, ddof=1), [0.83, 0.43, 1.76, 0.76], atol=0.01)


def test_rows_that_the_widespread_copy_has_wrong():
    features = iris().features
    assert features[34].tolist() == [4.9, 3.1, 1.5, 0.2]
    assert features[37].tolist() == [4.9, 3.6, 1.4, 0.1]
    assert MEASURED == ("sepal_length", "sepal_width", "petal_length", "petal_width")


def test_first_and_last_row():
    features = iris().features
    assert (features[0].tolist(), features[-1].tolist()) == ([5.1, 3.5, 1.4, 0.2], [5.9, 3.0, 5.1, 1.8])
