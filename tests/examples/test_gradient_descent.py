"""Descent on networks: rows that can be checked by hand, how it ends, and one minimum from everywhere."""

import numpy as np
import pytest

from derive.derivation.network import network
from derive.errors import UsageError
from derive.examples.chain import chain_numbers
from derive.examples.gradient_descent import DIVERGED, LIMITED, SMALL, descend
from derive.examples.seeds import seed_example

MINIMUM = -0.031652958487830896  # of the loss over b_3, computed elsewhere


def arguments(name="last-bias"):
    example = seed_example(name)
    return example.spec, example.params, example.x, example.y


def line(**loss):
    """L = (w x + b - y)^2 / 2."""
    return network({"network": {"input": 1, "layers": [{"units": 1}]}, "loss": {"name": "squared-error", **loss}})


def test_rows_by_hand():
    """b: the slope at x = 0 is b - y; w does not move."""
    trace = descend(line(), {"W1": [[7.0]], "b1": [3.0]}, [[0.0]], [[1.0]], 0.5, steps=3)
    assert [row.parameter["b1"].tolist() for row in trace.rows] == [[3.0], [2.0], [1.5]]
    assert [row.slope["b1"].tolist() for row in trace.rows] == [[2.0], [1.0], [0.5]]
    assert [row.step_size["b1"].tolist() for row in trace.rows] == [[1.0], [0.5], [0.25]]
    assert trace.losses == (2.0, 0.5, 0.125, 0.03125)
    assert (trace.ended, trace.params["W1"].tolist(), trace.params["b1"].tolist()) == (LIMITED, [[7.0]], [1.25])
    assert (trace.rises, trace.worse) == (0, False)


def test_only_what_was_asked_for_moves():
    spec, params, x, y = arguments("softmax-graph")
    trace = descend(spec, params, x, y, 1.0, steps=2, only=["W2[0, 1]", "b1"])
    changed = {name: np.argwhere(trace.params[name] != params[name]).tolist() for name in params}
    assert changed == {"W1": [], "b1": [[0], [1]], "W2": [[0, 1]], "b2": []}
    assert len(trace.path("W2[0, 1]")) == 3
    assert trace.path("b1")[0].tolist() == params["b1"].tolist()


def test_all_parameters_by_default_along_the_proved_gradient():
    spec, params, x, y = arguments("softmax-graph")
    found = chain_numbers(spec, params, x, y)
    trace = descend(spec, params, x, y, 0.1)
    assert len(trace.rows) == 1
    for name in params:
        np.testing.assert_allclose(trace.params[name], params[name] - 0.1 * found[f"dL/d{name}"], rtol=1e-14)


def test_torch_takes_the_same_path():
    torch = pytest.importorskip("torch")
    spec, params, x, y = arguments("backpropagation")
    leaves = {name: torch.tensor(np.array(array), requires_grad=True) for name, array in params.items()}
    descent = torch.optim.SGD(leaves.values(), lr=0.5)
    for _ in range(20):
        descent.zero_grad()
        h = torch.tensor(np.array(x))
        for n in (1, 2, 3):
            h = torch.nn.functional.linear(torch.sigmoid(h) if n > 1 else h, leaves[f"W{n}"], leaves[f"b{n}"])
        torch.nn.functional.cross_entropy(h, torch.tensor(np.array(y))).backward()
        descent.step()
    trace = descend(spec, params, x, y, 0.5, steps=20)
    for name, leaf in leaves.items():
        np.testing.assert_allclose(trace.params[name], leaf.detach().numpy(), rtol=1e-10)


def test_it_ends_at_a_tiny_step():
    spec, params, x, y = arguments()
    trace = descend(spec, params, x, y, 1.0, until=1e-3, only=["b2[0]"])
    sizes = [abs(row.step_size["b2[0]"]) for row in trace.rows]
    assert trace.ended == SMALL
    assert sizes[-1] <= 1e-3 < min(sizes[:-1])
    assert descend(spec, params, x, y, 1.0, steps=3, until=1e-3, only=["b2[0]"]).ended == LIMITED


@pytest.mark.slow
def test_one_minimum_from_a_thousand_starts():
    """The loss is convex in b_3: its second derivative is the sum of p (1 - p) > 0. So there is one minimum."""
    spec, params, x, y = arguments()
    starts = np.random.default_rng(0).uniform(-5, 5, 1000)
    ends = []
    for start in starts:
        trace = descend(spec, {**params, "b2": [start, 0.0, 1.0]}, x, y, 1.0, until=1e-7, only=["b2[0]"])
        assert trace.ended == SMALL
        ends.append(trace.path("b2[0]")[-1])
    assert np.abs(np.array(ends) - MINIMUM).max() < 3e-7


@pytest.mark.parametrize("rate", [2.1, 50.0, 1e160, 1e308])
def test_a_rate_that_is_too_large(rate):
    """Beyond 2 a parabola is climbed; no warning, and the path can be drawn."""
    trace = descend(line(), {"W1": [[0.0]], "b1": [3.0]}, [[0.0]], [[1.0]], rate, steps=1000, only=["b1[0]"])
    assert trace.ended == DIVERGED
    assert trace.worse
    assert trace.rises >= 1
    assert len(trace.path("b1[0]")) == len(trace.rows) + 1 <= 7


def test_a_rate_that_goes_back_and_forth():
    trace = descend(line(), {"W1": [[0.0]], "b1": [3.0]}, [[0.0]], [[1.0]], 2, steps=10, only=["b1[0]"])
    assert (trace.ended, set(trace.path("b1[0]"))) == (LIMITED, {3.0, -1.0})


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"only": ["b3[0]"]}, 'there is no parameter "b3\\[0\\]"; there are W2, b2, W1, b1, and entries such as b1'),
        ({"only": ["x"]}, 'there is no parameter "x"'),
        ({"only": ["b2[3]"]}, 'there is no entry "b2\\[3\\]"; b2 has shape \\(3,\\), and entries count from 0'),
        ({"only": ["W2[1]"]}, 'there is no entry "W2\\[1\\]"; W2 has shape \\(3, 2\\)'),
        ({"only": "b2"}, 'only is "b2"; it must be a list, such as \\["b2"\\]'),
        ({"learning_rate": 0}, "rate is 0; it must be a positive number"),
        ({"learning_rate": float("nan")}, "rate is nan"),
        ({"steps": 0}, "steps is 0; it must be a whole number, 1 or more"),
        ({"until": -1.0}, "until is -1.0; it must be a positive number"),
    ],
)
def test_messages(options, message):
    given = {"learning_rate": 1.0, **options}
    with pytest.raises(ValueError, match=message):
        descend(*arguments(), **given)


def test_a_loss_for_each_example_is_not_descended():
    with pytest.raises(UsageError, match='the reduction "none" gives a loss for each example'):
        descend(line(reduction="none"), {"W1": [[0.0]], "b1": [3.0]}, [[0.0]], [[1.0]], 1.0)
    trace = descend(line(), {"W1": [[0.0]], "b1": [3.0]}, [[0.0]], [[1.0]], 1.0, only=["b1"])
    with pytest.raises(UsageError, match='"W1" was not followed; there is b1'):
        trace.path("W1")
