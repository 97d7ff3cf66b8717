"""The descent of the softmax lecture on real flowers: it learns, and another library takes the same path."""

import numpy as np
import pytest

from derive.examples.gradient_descent import Trace, descend
from derive.examples.iris import iris
from derive.lectures.iris_numbers import NETWORK, RATE, STEPS, compute

START = {"W1": np.zeros((3, 4)), "b1": np.zeros(3)}


@pytest.fixture(scope="module")
def trace() -> Trace:
    return compute(with_sympy=False).trace


def test_it_learns(trace: Trace):
    numbers = compute(with_sympy=False)
    losses = np.array(trace.losses)
    assert losses.shape == (501,)
    assert losses[0] == pytest.approx(np.log(3), rel=1e-12)
    assert numbers.right >= 146
    assert (np.diff(losses) < 0).all()
    for name, array in numbers.trace.params.items():
        np.testing.assert_array_equal(array, trace.params[name])


def test_the_first_step_is_the_rate_times_the_gradient():
    """At W = 0 every p is 1/3, so the gradient by b is 0 and by W is a difference of means."""
    features, labels, _ = iris()
    one = descend(NETWORK, START, features, labels, 0.06, 1).params
    means = features.reshape(3, 50, 4).mean(axis=1)
    np.testing.assert_allclose(one["W1"], 0.06 * (means - features.mean(axis=0)) / 3, rtol=1e-10)
    np.testing.assert_allclose(one["b1"], 0, atol=1e-15)


def test_torch_takes_the_same_path(trace: Trace):
    torch = pytest.importorskip("torch")
    features, labels, _ = iris()
    h, y = torch.tensor(features), torch.tensor(labels)
    W, b = (torch.zeros(shape, dtype=torch.float64, requires_grad=True) for shape in ((3, 4), (3,)))
    descent = torch.optim.SGD([W, b], lr=RATE)
    for _ in range(STEPS):
        descent.zero_grad()
        torch.nn.functional.cross_entropy(h @ W.T + b, y).backward()
        descent.step()
    np.testing.assert_allclose(trace.params["W1"], W.detach().numpy(), rtol=1e-9)
    np.testing.assert_allclose(trace.params["b1"], b.detach().numpy(), rtol=1e-9)


def test_the_rate_is_safe_and_not_timid():
    """The curvature in (W, b) is at most half the largest eigenvalue of the mean of x x' (Boehning 1992)."""
    features, labels, _ = iris()
    x = np.column_stack([features, np.ones(150)])
    safe = 4 / np.linalg.eigvalsh(x.T @ x / 150)[-1]
    assert RATE < safe < 1.1 * RATE
    assert descend(NETWORK, START, features, labels, safe, 100).rises == 0
    assert descend(NETWORK, START, features, labels, 2 * safe, 100).rises > 0
