"""The forms that books write, in all four layouts; and their NumPy source against automatic differentiation."""

import numpy as np
import pytest
from matrix_values import LAYOUTS, SPECS, World, evaluate, forms_of, ids, proved, run, value

from derive.core.term import sym
from derive.derivation.network import network
from derive.errors import UsageError
from derive.matrices.expression import Named, leaves
from derive.matrices.layout import Layout, usual_layout
from derive.matrices.symbols import numpy_name

# written by hand, from textbooks: (examples, derivative) -> the forms of a batch, and of one example
BATCH = {
    ("rows", "denominator"): {
        "forward-s__1": "X @ W1.T + np.ones((N, 1)) @ b1.T",
        "delta-2": "P - Y",
        "delta-1": "(Delta2 @ W2) * (np.ones((N, 1)) @ np.ones((1, 3)) - H1 * H1)",
        "gradient-W__2": "(P - Y).T @ H1 / N",
        "gradient-b__2": "(P - Y).T @ np.ones((N, 1)) / N",
        "gradient-W__1": "Delta1.T @ X / N",
        "gradient-x": "Delta1 @ W1 / N",
    },
    ("columns", "denominator"): {
        "forward-s__1": "W1 @ X + b1 @ np.ones((1, N))",
        "delta-2": "P - Y",
        "delta-1": "(W2.T @ Delta2) * (np.ones((3, 1)) @ np.ones((1, N)) - H1 * H1)",
        "gradient-W__2": "(P - Y) @ H1.T / N",
        "gradient-b__2": "(P - Y) @ np.ones((N, 1)) / N",
        "gradient-W__1": "Delta1 @ X.T / N",
        "gradient-x": "W1.T @ Delta1 / N",
    },
    ("rows", "numerator"): {
        "forward-s__1": "X @ W1.T + np.ones((N, 1)) @ b1.T",
        "delta-2": "(P - Y).T",
        "gradient-W__2": "H1.T @ (P - Y) / N",
        "gradient-b__2": "np.ones((1, N)) @ (P - Y) / N",
        "gradient-W__1": "X.T @ Delta1.T / N",
        "gradient-x": "W1.T @ Delta1 / N",
    },
    ("columns", "numerator"): {
        "delta-2": "(P - Y).T",
        "gradient-W__2": "H1 @ (P - Y).T / N",
        "gradient-W__1": "X @ Delta1 / N",
        "gradient-x": "Delta1 @ W1 / N",
    },
}
EXAMPLE = {
    ("columns", "denominator"): {
        "forward-s__1": "W1 @ x + b1",
        "delta-2": "p - y",
        "delta-1": "(W2.T @ delta2) * (np.ones((3, 1)) - h1 * h1)",
        "gradient-W__2": "(p - y) @ h1.T",
        "gradient-W__1": "delta1 @ x.T",
        "gradient-x": "W1.T @ delta1",
        "softmax-jacobian": "(np.diagflat(p) - p @ p.T).T",
        "layer-1": "(W2 @ np.diagflat(np.ones((3, 1)) - h1 * h1)).T",
    },
    ("rows", "denominator"): {
        "forward-s__1": "x @ W1.T + b1.T",
        "gradient-W__2": "(p - y).T @ h1",
        "gradient-W__1": "delta1.T @ x",
        "gradient-x": "delta1 @ W1",
    },
    ("columns", "numerator"): {
        "delta-2": "(p - y).T",
        "gradient-W__2": "h1 @ (p - y).T",
        "gradient-W__1": "x @ delta1",
        "gradient-x": "delta1 @ W1",
        "softmax-jacobian": "np.diagflat(p) - p @ p.T",
        "layer-1": "W2 @ np.diagflat(np.ones((3, 1)) - h1 * h1)",
    },
    ("rows", "numerator"): {"gradient-W__2": "h1.T @ (p - y)", "gradient-W__1": "x.T @ delta1.T"},
}


@pytest.mark.parametrize(("batch", "written"), [(True, BATCH), (False, EXAMPLE)], ids=["batch", "example"])
def test_the_forms_of_the_books(batch, written):
    for (examples, derivative), forms in written.items():
        theorems = forms_of("cross-entropy", batch, Layout(examples, derivative)).theorems
        assert {name: theorems[name].numpy() for name in forms} == forms


@pytest.mark.parametrize(
    ("name", "line", "code"),
    [
        ("softmax-inside", "delta-1", "(np.diagflat(h1) - h1 @ h1.T) @ W2.T @ delta2"),
        ("softmax-inside", "delta-2", "(np.diagflat(h2) - h2 @ h2.T) @ (h2 - y)"),
        ("penalties", "gradient-W__1", "delta1 @ x.T + W1 / 2 + np.sign(W1) / 10"),
        ("weights", "loss-by-z", "t.T @ w * p - t * w"),
        ("mean", "delta-2", "2 / 3 * (s2 - y)"),
        ("absolute", "delta-2", "np.sign(s2 - y)"),
    ],
)
def test_the_forms_of_other_losses(name, line, code):
    assert forms_of(name, False, Layout("columns")).theorems[line].numpy() == code


@pytest.mark.parametrize("batch", [False, True], ids=["example", "batch"])
def test_a_layout_transposes_the_statement_and_its_proof(batch):
    """The entry in row i and column j of one layout is proved in row j and column i of the other."""
    below, beside = (forms_of("cross-entropy", batch, Layout("rows", way)).theorems for way in LAYOUT_OF_DERIVATIVES)
    for name in ("gradient-W__1", "delta-1", "gradient-x"):
        one, other = below[name], beside[name]
        assert one.left.shape == other.left.shape[::-1]
        assert (one.left.rows, one.left.columns) == (other.left.columns, other.left.rows)
        assert one.entries is not other.entries
        assert one.entries.left == other.entries.left


LAYOUT_OF_DERIVATIVES = ("denominator", "numerator")

try:
    import torch
except ImportError:  # the tests of the README run without it
    torch = None

TORCH = {} if torch is None else {
    "tanh": torch.tanh, "identity": lambda s: s, "sigmoid": torch.sigmoid, "silu": torch.nn.functional.silu,
    "softmax": lambda s: torch.softmax(s, -1), "leaky_relu": torch.nn.functional.leaky_relu,
    "softplus": torch.nn.functional.softplus, "relu": torch.relu, "gelu": torch.nn.functional.gelu,
}  # fmt: skip


def torch_loss(name, spec, logits, y, w, temperature):
    """The losses of the examples, as PyTorch computes them."""
    match name:
        case "penalties":
            return torch.nn.functional.binary_cross_entropy_with_logits(logits, y, reduction="none").sum(-1)
        case "softmax-inside":
            return ((logits - y) ** 2).sum(-1) / 2
        case "mean":
            return ((logits - y) ** 2).mean(-1)
        case "absolute":
            return (logits - y).abs().sum(-1)
        case "weights":
            t = 0.9 * y + 0.1 / y.shape[-1]
            return -(w * t * torch.log_softmax(logits / temperature, -1)).sum(-1)
    return -(y * torch.log_softmax(logits, -1)).sum(-1)


def torch_gradients(name, world, weighted):
    """The loss and all gradients by automatic differentiation."""
    spec = SPECS[name]
    tensors = {key: torch.tensor(world.arrays[key], requires_grad=key != "y") for key in world.arrays}
    h = tensors["x"]
    for number, layer in enumerate(spec.layers, 1):
        s = h @ tensors[f"W__{number}"].T + tensors[f"b__{number}"]
        h = TORCH[layer.activation](s)
    losses = torch_loss(name, spec, h, tensors["y"], tensors.get("w"), 1.75)
    if losses.ndim and spec.loss.reduction == "mean":
        losses = losses / (weighted.sum() if weighted is not None else len(losses))
    loss = losses.sum()
    for number in range(1, len(spec.layers) + 1):
        W = tensors[f"W__{number}"]
        loss = loss + float(spec.l1) * W.abs().sum() + float(spec.l2) / 2 * (W**2).sum()
    loss.backward()
    return {key: tensor.grad.numpy() for key, tensor in tensors.items() if tensor.grad is not None}


@pytest.mark.skipif(torch is None, reason="torch is not installed")
@pytest.mark.parametrize(
    "name", ["cross-entropy", "softmax-inside", "penalties", "weights", "mean", "absolute", "summed"]
)
@pytest.mark.parametrize("batch", [False, True], ids=["example", "batch"])
@pytest.mark.parametrize("layout", LAYOUTS, ids=ids)
def test_the_source_computes_the_gradients_of_pytorch(name, batch, layout):
    """Forward and backward by the code of the matrix forms alone."""
    problem, _ = proved(name, batch)
    theorems = forms_of(name, batch, layout).theorems
    world = World(problem, seed=7)
    for family in (*problem.parameters, "y", *(["w"] if name == "weights" else [])):
        world.family(family)
    world.arrays["y"] = one_hot(world.arrays["y"], SPECS[name].loss.name)
    given = {"np": np, "N": 5, "T": 1.75, **placed(world, problem, theorems)}
    order = sorted((t for t in theorems if not t.startswith(("softmax-jacobian", "activation", "layer"))), key=rank)
    for line in order:
        theorem = theorems[line]
        given[theorem.numpy_name] = run(theorem.numpy(), given)
    expected = torch_gradients(name, world, weights_of(world, problem))
    for family in problem.parameters:
        computed = given[theorems[f"gradient-{family}"].numpy_name]
        turned = transposed(family, problem, layout)
        right = expected[family].reshape(computed.shape[::-1] if turned else computed.shape)
        assert np.allclose(computed, right.T if turned else right, atol=1e-12), family


def one_hot(array, loss):
    if loss in ("squared-error", "absolute-error", "binary-cross-entropy"):
        return array
    return (array == array.max(-1, keepdims=True)) * 1.0


def weights_of(world, problem):
    """What each example counts, where the classes have weights: the weight of its class."""
    weighted = "w" in world.arrays and problem.batch
    return torch.tensor(world.arrays["y"] @ world.arrays["w"]) if weighted else None


def placed(world, problem, theorems):
    """The arrays of the inputs as the layout has them, by the names of the source."""
    inputs = {*world.arrays} - set(problem.context.definitions)
    every = [leaf for t in theorems.values() for leaf in leaves(t.right) if isinstance(leaf, Named)]
    names = theorems["delta-1"].names
    return {
        numpy_name(leaf, names): evaluate(leaf, world)
        for leaf in every
        if leaf.family.op == "elem" and str(leaf.family.args[0].value) in inputs
    }


def rank(line):
    """Forward, then the errors from the last layer to the first, then the gradients."""
    kind, _, rest = line.partition("-")
    if kind == "forward":
        letter, _, layer = rest.partition("__")
        return 0, int(layer or 9), {"s": 0, "h": 1, "z": 2, "t": 2, "p": 3, "u": 4}[letter]
    return {"loss": 1, "delta": 2, "gradient": 3}[kind], -int(rest) if kind == "delta" else 0, line


def transposed(family, problem, layout):
    """Whether a gradient lies the other way round than PyTorch has it."""
    turned = layout.derivative == "numerator"
    by_columns = family == "x" and problem.batch and layout.examples == "columns"
    return turned != by_columns


def test_the_usual_layouts():
    net = network({"network": {"input": 2, "layers": [{"units": 3}]}, "loss": {"name": "cross-entropy"}})
    assert (usual_layout(net.example).examples, usual_layout(net.batch).examples) == ("columns", "rows")
    assert net.matrix_forms(Layout("rows"))["gradient-W__1"].numpy() == "(p - y).T @ x"


@pytest.mark.parametrize(("examples", "derivative"), [("lines", "numerator"), ("rows", "hessian")])
def test_an_unknown_layout(examples, derivative):
    with pytest.raises(UsageError, match=r"not '(lines|hessian)'"):
        Layout(examples, derivative)


def test_a_size_named_like_a_matrix_keeps_its_name():
    data = {"network": {"input": 2, "layers": [{"units": "H1", "activation": "tanh"}, {"units": 3}]},
            "loss": {"name": "cross-entropy"}}  # fmt: skip
    form = network(data).matrix_forms(batch=True)["delta-1"]
    assert form.numpy() == "(Delta2 @ W2) * (np.ones((N, 1)) @ np.ones((1, H1)) - h1 * h1)"


def test_a_size_may_be_called_n():
    """The examples are then counted by another letter."""
    data = {"network": {"input": 2, "layers": [{"units": "n", "activation": "tanh"}, {"units": 3}]},
            "loss": {"name": "cross-entropy"}}  # fmt: skip
    theorems = network(data).matrix_forms(batch=True)
    assert theorems["gradient-b__2"].numpy() == "(P - Y).T @ np.ones((N, 1)) / N"
    assert theorems["delta-1"].left.shape == (sym("N"), sym("n"))


def test_the_values_of_loops_are_plain_numbers():
    problem, proofs = proved("cross-entropy", False)
    assert isinstance(value(proofs["delta-2"].theorem.right, World(problem), {"k": 0}), float)
