"""What does not fit a network is refused in one line that names it and says what would fit."""

import numpy as np
import pytest

from derive.derivation.network import network
from derive.errors import UsageError
from derive.gradients import CannotLower
from derive.gradients.network import network_function

LAYERS = [{"units": "H", "activation": "tanh"}, {"units": 3}]
GOOD = {"W1": np.ones((4, 2)), "b1": np.zeros(4), "W2": np.ones((3, 4)), "b2": np.zeros(3)}
X, Y = np.ones((5, 2)), np.array([0, 1, 2, 0, 1])


def made(units=3, name="cross-entropy", **loss):
    layers = [LAYERS[0], {"units": units, **({"activation": "softmax"} if loss.get("from") else {})}]
    return network({"network": {"input": 2, "layers": layers}, "loss": {"name": name, **loss}})


LABELS = made(target="index")


def refused(net, params=GOOD, x=X, y=Y):
    """The message, which both functions give."""
    with pytest.raises(UsageError) as caught:
        net.value_and_grad(params, x, y)
    with pytest.raises(UsageError) as forward:
        net.forward(params, x, y)
    assert str(forward.value) == str(caught.value)
    assert "\n" not in str(caught.value)
    return str(caught.value)


PARAMETERS = [
    ({"W1": None}, "W1 has dtype object; it must be float64, float32 or integers"),
    ({"W2": np.ones((3, 5))}, "W2 has shape (3, 5); it must be (3, 4), where H is 4 as in W1"),
    ({"b1": np.zeros(5)}, "b1 has shape (5,); it must be (4,), where H is 4 as in W1"),
    ({"b2": np.zeros((3, 1))}, "b2 has shape (3, 1); it must be (3,)"),
    ({"W1": np.ones((4, 3))}, "W1 has shape (4, 3); it must be (H, 2)"),
    ({"W1": np.ones((0, 2)), "b1": []}, "W1 has shape (0, 2); it must be (H, 2)"),
    ({"W1": 1.0}, "W1 has shape (); it must be (H, 2)"),
    ({"W1": np.full((4, 2), np.nan)}, "W1 has nan in row 0, at W1[0, 0]; it must be finite"),
    ({"b2": [0, np.inf, 0]}, "b2 has inf in row 1, at b2[1]; it must be finite"),
    ({"b2": ["a", "b", "c"]}, "b2 has dtype <U1; it must be float64, float32 or integers"),
    ({"b2": [True, False, True]}, "b2 has dtype bool"),
    ({"b2": np.zeros(3) * 1j}, "b2 has dtype complex128"),
    ({"b2": np.ma.masked_array(np.zeros(3), [True, False, True])}, "b2 is a masked array"),
    ({"W2": [[1, 2, 3, 4], [1]]}, "W2 is not a rectangular array of numbers: its rows differ in length"),
    ({"W3": 1}, 'params has "W3", which the network does not have; it has W1, b1, W2, b2'),
    ({"bias": 1}, 'params has "bias", which the network does not have; it has W1, b1, W2, b2'),
    ({7: 1}, 'params has "7", which the network does not have; it has W1, b1, W2, b2'),
]


@pytest.mark.parametrize(("change", "message"), PARAMETERS)
def test_parameters(change, message):
    assert refused(LABELS, {**GOOD, **change}).startswith(message)


def test_a_parameter_is_missing():
    assert (
        refused(LABELS, {"W1": GOOD["W1"], "W2": GOOD["W2"], "b2": GOOD["b2"]}) == "params has no b1; it must be (H,)"
    )
    assert refused(made(target="index", temperature="T")) == "params has no T; it must be a number"
    assert refused(made("C", target="index", weights="w")) == "params has no w; it must be (C,)"
    assert refused(LABELS, [1, 2]) == "params is of type list; it must be a mapping with W1, b1, W2, b2"
    assert refused(LABELS, None).startswith("params is of type NoneType")


def test_weights_with_values_are_not_parameters():
    weighted = made(target="index", weights=[1, 2, 3])
    assert refused(weighted, {**GOOD, "w": [1, 1, 1]}).startswith('params has "w", which the network does not have')


@pytest.mark.parametrize(
    ("T", "message"),
    [
        ([1.0, 2.0], "T has shape (2,); it must be a number"),
        (np.nan, "T is nan; it must be a finite float64 number"),
        ("hot", "T has dtype <U3; it must be"),
    ],
)
def test_constants(T, message):
    assert refused(made(target="index", temperature="T"), {**GOOD, "T": T}).startswith(message)


@pytest.mark.parametrize(
    ("described", "name", "value", "wanted"),
    [
        ({"temperature": "T"}, "T", 0, "greater than 0"),
        ({"temperature": "T"}, "T", -1, "greater than 0"),
        ({"smoothing": "alpha"}, "alpha", 1, "at least 0 and less than 1"),
        ({"smoothing": "alpha"}, "alpha", -2, "at least 0 and less than 1"),
        ({"weights": "w"}, "w", [-1, 1, 0], "at least 0, and not all 0"),
        ({"weights": "w"}, "w", [0, 0, 0], "at least 0, and not all 0"),
        ({"base": "beta"}, "beta", 1, "greater than 1"),
    ],
)
def test_a_constant_out_of_its_bounds(described, name, value, wanted):
    with pytest.raises(UsageError, match=rf"^{name} is .*; it must be {wanted}$"):
        made(target="index", **described).value_and_grad({**GOOD, name: value}, X, Y)


@pytest.mark.parametrize(
    ("x", "message"),
    [
        (np.ones((5, 3)), "x has shape (5, 3); it must be (N, 2): one row per example"),
        (np.ones(3), "x has shape (1, 3); it must be (N, 2)"),
        (np.ones((0, 2)), "x has shape (0, 2); it must be (N, 2)"),
        (np.ones((5, 2, 1)), "x has shape (5, 2, 1)"),
        (1.0, "x has shape ()"),
        ([[1, np.inf]], "x has inf in row 0, at x[0, 1]; it must be finite"),
        (None, "x has dtype object"),
    ],
)
def test_examples(x, message):
    assert refused(LABELS, x=x).startswith(message)


TARGETS = [
    (made(target="index"), Y[:4], "y has shape (4,); x has 5 rows, so y must be (5,) labels"),
    (made(target="index"), np.eye(3)[Y], "y has shape (5, 3); x has 5 rows, so y must be (5,) labels"),
    (made(target="index"), 1, "y has shape (); x has 5 rows, so y must be (5,) labels"),
    (made(target="index"), [0, 1, 3, 0, 0], "y has label 3 in row 2; labels are 0..2"),
    (made(target="index"), [0, -1, 2, 0, 0], "y has label -1 in row 1; labels are 0..2"),
    (made(target="index"), Y * 1.0, "y has dtype float64; labels are integers 0..2"),
    (made(target="index"), Y > 0, "y has dtype bool"),
    (
        made(target="index", ignore_index=-1),
        [0, -1, -2, 0, 0],
        "y has label -2 in row 2; labels are 0..2, or -1 for an",
    ),
    (made(target="index", ignore_index=1), [1] * 5, "y: no example counts, so they have no mean: all are ignored"),
    (made(target="index", weights=[0, 1, 1]), [0] * 5, "y: no example counts, so they have no mean"),
    (made(target="one-hot"), Y, "y has shape (5,); x has 5 rows and the network 3 outputs, so y must be (5, 3)"),
    (made(target="one-hot"), np.full((5, 3), 1 / 3), "y has 0.3333333333333333 at y[0, 0]; one-hot targets are 0 or 1"),
    (made(target="one-hot"), np.ones((5, 3)), "y has 3 ones in row 0; a one-hot row has exactly one"),
    (made(target="one-hot"), np.zeros((5, 3), int), "y has 0 ones in row 0"),
    (made(target="soft"), np.full((5, 3), 0.5), "y sums to 1.5 in row 0; targets must sum to 1 (within 1e-06)"),
    (made(target="soft"), [[2, -1, 0]] * 5, "y has 2 at y[0, 0]; soft targets are from 0 to 1"),
    (made(target="soft"), [[np.nan, 1, 0]] * 5, "y has nan at y[0, 0]; soft targets are from 0 to 1"),
    (made(name="kl-divergence"), np.full((5, 3), 0.3), "y sums to 0.9 in row 0"),
    (made(name="hinge", target="one-hot"), np.zeros((5, 3)), "y has 0 ones in row 0"),
    (made(name="binary-cross-entropy"), np.full((5, 3), 0.5), "y has 0.5 at y[0, 0]; binary targets are 0 or 1"),
    (made(name="squared-error"), np.full((5, 3), np.nan), "y has nan in row 0, at y[0, 0]; it must be finite"),
    (made(name="squared-error"), np.ones(5), "y has shape (5,); x has 5 rows and the network 3 outputs"),
]


@pytest.mark.parametrize(("net", "y", "message"), TARGETS)
def test_targets(net, y, message):
    assert refused(net, y=y).startswith(message)


def test_targets_of_one_example():
    one = {"params": GOOD, "x": X[0]}
    assert refused(LABELS, **one, y=Y) == "y has shape (5,); x is one example, so y must be a single label"
    message = refused(made(name="squared-error"), **one, y=1.0)
    assert message.startswith("y has shape (); x is one example and the network 3 outputs, so y must be (3,)")
    single = {"W1": GOOD["W1"], "b1": GOOD["b1"], "W2": np.ones((1, 4)), "b2": [0.0]}
    message = refused(made(1, name="squared-error"), single, y=[1, 2])
    assert message.endswith("x has 5 rows and the network 1 output, so y must be (5, 1) or (5,)")


def test_a_loss_needs_targets():
    with pytest.raises(UsageError, match=r"^y is None; a loss needs targets$"):
        LABELS.value_and_grad(GOOD, X, None)


def test_targets_may_be_off_one_by_rounding():
    net = made(target="soft")
    net.value_and_grad(GOOD, X, np.full((5, 3), 1 / 3 + 1e-8))
    net.value_and_grad(GOOD, X, np.full((5, 3), 1 / 3 + 1e-5, "f4"))
    assert refused(net, y=np.full((5, 3), 1 / 3 + 1e-3, "f4")).endswith("(within 0.0001)")


def test_targets_of_a_weighted_class_or_a_binary_loss_need_not_sum_to_one():
    made(name="binary-cross-entropy", target="soft").value_and_grad(GOOD, X, np.full((5, 3), 0.7))


def test_what_is_too_large():
    big = {**GOOD, "W2": np.full((3, 4), 1e308)}
    message = "s2 becomes inf at s2[0, 0]: too large for float64, or divided by 0; make x or the parameters smaller"
    assert refused(LABELS, big) == message
    single = {name: np.float32(array) for name, array in {**GOOD, "W2": np.full((3, 4), 1e38)}.items()}
    assert refused(LABELS, single, X.astype("f4")).startswith("s2 becomes inf at s2[0, 0]: too large for float32")


def test_random_parameters_need_every_size():
    with pytest.raises(UsageError, match=r"^the size H has no number; give one, as in initial\(H=3\)$"):
        LABELS.initial()
    with pytest.raises(UsageError, match=r"^the network has no size C; without a number: H$"):
        LABELS.initial(H=3, C=2)
    for wrong in (0, 2.5, True, "4"):
        with pytest.raises(UsageError, match=r"^the size H is .*; it must be a whole number from 1$"):
            LABELS.initial(H=wrong)
    assert {name: array.shape for name, array in LABELS.initial(H=4).items()} == {
        name: array.shape for name, array in GOOD.items()
    }


def test_theorems_about_another_network_are_refused():
    proofs = made(name="squared-error").prove(batch=True).proofs
    with pytest.raises(CannotLower, match="gradient-W__2 is not about the derivatives of this network"):
        network_function(LABELS.batch, {name: proof.theorem for name, proof in proofs.items()})


def test_a_gradient_without_the_theorem_it_uses_is_refused():
    theorem = LABELS.prove("W1", batch=True).proofs["gradient-W__1"].theorem
    with pytest.raises(CannotLower, match=r"^no theorem was given about dell\[n\]/ds__1\[n,k\]$"):
        network_function(LABELS.batch, {theorem.name: theorem})
