"""Descent on real flowers: it learns, it repeats itself, and it says so when it diverges."""

import numpy as np
import pytest

from derive.examples.descent import Diverged, safe_rate, train
from derive.examples.iris import iris


@pytest.fixture(scope="module")
def trace():
    return train(*iris())


def test_it_learns(trace):
    assert trace.losses.shape == trace.accuracy.shape == (501,)
    assert trace.losses[0] == pytest.approx(np.log(3), rel=1e-12)
    assert trace.accuracy[0] == pytest.approx(1 / 3)
    assert trace.accuracy[-1] >= 0.97
    assert (np.diff(trace.losses) < 0).all()


def test_it_repeats_itself(trace):
    again = train(*iris())
    for one, other in zip(trace, again, strict=True):
        np.testing.assert_array_equal(one, other)


def test_the_first_step_is_the_rate_times_the_gradient():
    """At W = 0 every p is 1/3, so the gradient by b is 0 and by W is a difference of means."""
    features, labels, classes = iris()
    one = train(features, labels, classes, rate=0.06, steps=1)
    means = features.reshape(3, 50, 4).mean(axis=1)
    np.testing.assert_allclose(one.W, 0.06 * (means - features.mean(axis=0)) / 3, rtol=1e-10)
    np.testing.assert_allclose(one.b, 0, atol=1e-15)


def test_torch_takes_the_same_path(trace):
    torch = pytest.importorskip("torch")
    features, labels, _ = iris()
    h, y = torch.tensor(features), torch.tensor(labels)
    W, b = (torch.zeros(shape, dtype=torch.float64, requires_grad=True) for shape in ((3, 4), (3,)))
    descent = torch.optim.SGD([W, b], lr=0.06)
    for _ in range(500):
        descent.zero_grad()
        torch.nn.functional.cross_entropy(h @ W.T + b, y).backward()
        descent.step()
    np.testing.assert_allclose(trace.W, W.detach().numpy(), rtol=1e-9)
    np.testing.assert_allclose(trace.b, b.detach().numpy(), rtol=1e-9)


def test_the_safe_rate_is_safe_and_not_timid():
    features, labels, classes = iris()
    rate = safe_rate(features)
    assert (np.diff(train(features, labels, classes, rate=rate).losses) < 0).all()
    with pytest.raises(Diverged):
        train(features, labels, classes, rate=2 * rate)


@pytest.mark.parametrize("rate", [1.0, 100.0, 1e200, 1e308])
def test_divergence_names_the_step_and_a_rate(rate):
    message = r"the loss went from 1\.09861 to .* in step 1 with rate .*at most 0\.0642"
    with pytest.raises(Diverged, match=message) as caught:
        train(*iris(), rate=rate)
    assert caught.value.step == 1
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"rate": 0}, "rate is 0; it must be a positive number"),
        ({"rate": -0.1}, "rate is -0.1"),
        ({"rate": float("nan")}, "rate is nan"),
        ({"rate": True}, "rate is True"),
        ({"steps": 0}, "steps is 0; it must be a whole number"),
        ({"steps": 2.5}, "steps is 2.5"),
        ({"classes": 2}, "y has label 2 in row 100; labels are 0..1"),
        ({"labels": [0, 1]}, "y has shape (2,); h has 150 rows"),
    ],
)
def test_what_does_not_fit_is_refused(change, message):
    with pytest.raises(ValueError) as caught:  # noqa: PT011
        train(**{**iris()._asdict(), **change})
    assert str(caught.value).startswith(message)
