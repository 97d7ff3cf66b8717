"""Worked examples that others have published, each run again and compared with the digits they printed."""

import json
from pathlib import Path

import numpy as np
import pytest

from derive.core.term import delta, neg, sym
from derive.derivation.network import network
from derive.examples.chain import chain_numbers
from derive.examples.compared import compared_with_differences
from derive.examples.digits import cells, count, differing
from derive.examples.gradient_descent import descend
from derive.examples.graph_formula import graph_of
from derive.examples.seeds import seed_example

CASES = {
    case["id"]: case
    for case in json.loads((Path(__file__).parents[1] / "data" / "published.json").read_text(encoding="utf-8"))
}
NUMBERS = [name for name, case in CASES.items() if case["published"]]
CLOSED_FORMS = [name for name, case in CASES.items() if not case["published"]]
# printed, but not what the number rounds to: cut off, or rounded from a rounded number
OFF = {
    ("cs231n-svm-vs-softmax", "probs", (0,)): "0.016",
    ("cs231n-softmax-1", "exp_", (0,)): "2.71",
    ("karpathy-hackers", "after", ()): "0.8825",
}
SIGMOID_OF_A_LINE = "sigmoid(a*x + b*y + c)"


def inputs(name):
    return CASES[name]["inputs"]


def net(layers, loss, size, **options):
    """A network from (units, activation) pairs."""
    made = [{"units": units, "activation": activation, **options} for units, activation in layers]
    return network({"network": {"input": size, "layers": made}, "loss": loss})


def softmax_of(rows):
    """Logits that are given: the identity without biases."""
    rows = np.array(rows, float)
    size = rows.shape[1]
    spec = net([(size, "identity")], {"name": "cross-entropy", "target": "index"}, size, bias=False)
    return chain_numbers(spec, {"W1": np.eye(size)}, rows, [0] * len(rows))


def flowers(name):
    """The StatQuest flowers: one step and a descent of the bias of setosa."""
    example = seed_example(name)
    found = example.numbers()
    trace = descend(
        example.spec, example.params, example.x, example.y, example.learning_rate, until=1e-12, only=example.only
    )
    return example, found, trace


def part7():
    _, found, trace = flowers("last-bias")
    first = trace.rows[0]
    return {
        "p_observed": (found["p"] * found["y"]).sum(axis=1), "cross_entropy": found["ell"],
        "total_cross_entropy": found["L"], "p_setosa": found["p"][:, 0], "slope": first.slope["b2[0]"],
        "new_b3": first.new["b2[0]"],
    }  # fmt: skip


def part6():
    """The video takes the logarithms of the probabilities it has rounded, and adds rounded losses."""
    _, found, _ = flowers("why-cross-entropy")
    printed = CASES["statquest-part6"]["published"]
    return {
        "p_observed": (found["p"] * found["y"]).sum(axis=1),
        "cross_entropy": -np.log([float(text) for text in printed["p_observed"]]),
        "total_cross_entropy": sum(map(float, printed["cross_entropy"])),
    }


def part2():
    _, found, trace = flowers("squared-residuals")
    first, second = trace.rows[:2]
    return {
        "predicted": found["s2"][:, 0], "ssr": found["L"], "slope": first.slope["b2[0]"],
        "step": first.step_size["b2[0]"], "new_b3": first.new["b2[0]"], "slope2": second.slope["b2[0]"],
        "b3_2": second.new["b2[0]"], "b3_final": trace.path("b2[0]")[-1],
    }  # fmt: skip


def cs231n_xyz():
    graph = graph_of("(x+y)z", inputs("cs231n-xyz"), {"q": "x+y", "f": "(x+y)z"})
    slopes = {f"d{name}": graph[name].gradient for name in "xyzq"}
    return {"q": graph["q"].value, "f": graph["f"].value, **slopes}


def sigmoid_neuron():
    given = inputs("cs231n-sigmoid-neuron")
    values = {f"w{n}": w for n, w in enumerate(given["w"])} | {f"x{n}": x for n, x in enumerate(given["x"])}
    dot = "w0 x0 + w1 x1 + w2"
    parts = {"w0x0": "w0 x0", "w1x1": "w1 x1", "sum1": "w0 x0 + w1 x1", "dot": dot, "neg": f"-({dot})"}
    parts |= {"exp_": f"exp(-({dot}))", "plus1": f"1 + exp(-({dot}))", "f": f"1/(1 + exp(-({dot})))"}
    graph = graph_of(parts["f"], values, {name.replace("_", ""): text for name, text in parts.items()})
    found = {name: graph[name.replace("_", "")].value for name in parts}
    found |= {f"d_{name}": graph[name].gradient for name in ("plus1", "exp", "neg", "dot")}
    return found | {f"d{name}": graph[name].gradient for name in values}


def svm_and_softmax():
    given = inputs("cs231n-svm-vs-softmax")
    params, x, y = {"W1": given["W"], "b1": given["b"]}, given["x"], given["y"]
    found = chain_numbers(net([(3, "identity")], {"name": "cross-entropy", "target": "index"}, 4), params, x, y)
    hinge = chain_numbers(net([(3, "identity")], {"name": "hinge", "target": "index"}, 4), params, x, y)
    scores = found["s1"][0]
    return {
        "scores": scores, "exp_": np.exp(scores), "probs": found["p"][0], "softmax_loss": found["L"],
        "hinge_loss": hinge["L"],
    }  # fmt: skip


def cs231n_softmax(name):
    found = softmax_of([inputs(name)["z"]])
    return {"exp_": np.exp(found["s1"][0]), "probs": found["p"][0]}


def micrograd_tanh():
    given = inputs("micrograd-lecture-tanh")
    values = {"x1": given["x"][0], "x2": given["x"][1], "w1": given["w"][0], "w2": given["w"][1], "b": given["b"]}
    graph = graph_of("tanh(x1 w1 + x2 w2 + b)", values, {"o": "tanh(x1 w1 + x2 w2 + b)"})
    return {"o": graph["o"].value, **{f"d{name}": graph[name].gradient for name in ("x1", "w1", "x2", "w2")}}


def micrograd_loss():
    graph = graph_of("(a*b+c)*f", inputs("micrograd-lecture-L"), {"L": "(a*b+c)*f"})
    return {"L": graph["L"].value, **{f"d{name}": graph[name].gradient for name in "fabc"}}


def colah():
    graph = graph_of("(a+b)(b+1)", inputs("colah"), {"c": "a+b", "d": "b+1", "e": "(a+b)(b+1)"})
    values = {name: graph[name].value for name in "cde"}
    return {**values, "de_da": graph["a"].gradient, "de_db": graph["b"].gradient}


def hackers_guide():
    """A step up the gradient: the output grows."""
    values = dict(inputs("karpathy-hackers"))
    step = values.pop("step_size")
    graph = graph_of(SIGMOID_OF_A_LINE, values)
    moved = {name: value + step * graph[name].gradient for name, value in values.items()}
    after = graph_of(SIGMOID_OF_A_LINE, moved)
    gradients = [graph[name].gradient for name in "abcxy"]
    return {"s": graph[graph.output].value, "grads": gradients, "after": after[after.output].value}


def scipy_softmax():
    far = net([(2, "identity")], {"name": "cross-entropy", "target": "index", "reduction": "none"}, 2, bias=False)
    losses = chain_numbers(far, {"W1": np.eye(2)}, [[1000.0, 1.0]], [0], long=False)
    other = chain_numbers(far, {"W1": np.eye(2)}, [[1000.0, 1.0]], [1], long=False)
    logarithms = [-losses["ell"][0], -other["ell"][0]]
    rows = softmax_of(inputs("scipy-softmax")["x"])["p"]
    in_order = np.concatenate([rows[0], rows[1], rows[2]])
    return {"rows": in_order, "log_softmax_1000_1": logarithms}


def scikit_learn():
    p = inputs("sklearn-logloss")["p_true"]
    return {"loss": softmax_of([[np.log(q), np.log(1 - q)] for q in p])["L"]}


def hmkcode():
    given = inputs("hmkcode")
    spec = net([(2, "identity"), (1, "identity")], {"name": "squared-error"}, 2, bias=False)
    params = {"W1": np.transpose(given["W1"]), "W2": [given["w2"]]}
    x, y, rate = [given["x"]], [[given["target"]]], given["lr"]
    found = chain_numbers(spec, params, x, y)
    trace = descend(spec, params, x, y, rate)
    after = chain_numbers(spec, trace.params, x, y)
    step = trace.rows[0].step_size
    return {
        "h": found["s1"][0], "prediction": found["s2"][0, 0], "error": found["L"], "delta": found["delta2"][0, 0],
        "dw56": step["W2"][0], "w56": trace.params["W2"][0], "dW1": step["W1"].T.ravel(),
        "W1": trace.params["W1"].T.ravel(), "h2": after["s1"][0], "prediction2": after["s2"][0, 0],
    }  # fmt: skip


def nielsen_toy():
    given = inputs("nielsen-toy")
    return {name: neuron("quadratic", given[start])[1] for name, start in (("a1", "start1"), ("a2", "start2"))}


def neuron(cost, start, epochs=None):
    """Nielsen's neuron, x = 1 and y = 0: its gradient and its output, and its output after some epochs."""
    rate = inputs("nielsen-toy")["lr_quadratic" if cost == "quadratic" else "lr_ce"]
    quadratic = net([(1, "sigmoid")], {"name": "squared-error"}, 1)
    entropy = net([(1, "identity")], {"name": "binary-cross-entropy"}, 1)
    spec = quadratic if cost == "quadratic" else entropy
    params = {"W1": [[start["w"]]], "b1": [start["b"]]}
    if epochs:
        params = descend(spec, params, [[1.0]], [[0.0]], rate, steps=epochs).params
    output = quadratic.forward(params, [[1.0]])["h1"][0, 0]
    return chain_numbers(spec, params, [[1.0]], [[0.0]])["dL/dW1"][0, 0], output


WORKED = {
    "statquest-part7": part7, "statquest-part6": part6, "statquest-part2": part2, "cs231n-xyz": cs231n_xyz,
    "cs231n-sigmoid-neuron": sigmoid_neuron, "cs231n-svm-vs-softmax": svm_and_softmax,
    "cs231n-softmax-1": lambda: cs231n_softmax("cs231n-softmax-1"),
    "cs231n-softmax-2": lambda: cs231n_softmax("cs231n-softmax-2"), "micrograd-lecture-tanh": micrograd_tanh,
    "micrograd-lecture-L": micrograd_loss, "colah": colah, "karpathy-hackers": hackers_guide,
    "scipy-softmax": scipy_softmax, "sklearn-logloss": scikit_learn, "hmkcode": hmkcode, "nielsen-toy": nielsen_toy,
}  # fmt: skip


def test_every_published_case_is_an_example():
    assert set(WORKED) == set(NUMBERS)
    assert len(NUMBERS) == 16
    assert sum(count(CASES[name]["published"].values()) for name in NUMBERS) == 134


@pytest.mark.parametrize("name", NUMBERS)
def test_published_digits(name):
    found, printed = WORKED[name](), CASES[name]["published"]
    assert set(found) == set(printed)
    off = {
        (name, quantity, place): text
        for quantity, texts in printed.items()
        for place, text in differing(found[quantity], texts).items()
    }
    assert off == {key: text for key, text in OFF.items() if key[0] == name}


def test_what_is_off_was_printed_so():
    for (name, quantity, place), text in OFF.items():
        assert dict(cells(CASES[name]["published"][quantity]))[place] == text


# all digits, recomputed elsewhere in double precision


def test_part_7_to_convergence():
    _, found, trace = flowers("last-bias")
    notes = CASES["statquest-part7"]["notes"]
    np.testing.assert_allclose(found["s2"], notes["raw_outputs"], rtol=1e-12, atol=1e-14)
    np.testing.assert_allclose(found["p"], notes["all_probabilities"], rtol=1e-12)
    for row, known in zip(trace.rows, notes["trajectory_lr1"], strict=False):
        ours = [row.parameter["b2[0]"], row.loss, row.slope["b2[0]"], row.step_size["b2[0]"]]
        np.testing.assert_allclose(ours, [known[key] for key in ("b3", "total_ce", "slope", "step_size")], rtol=1e-11)
    assert trace.ended == "small-step"
    assert trace.path("b2[0]")[-1] == pytest.approx(notes["b3_at_convergence"], abs=1e-11)
    assert trace.loss == pytest.approx(notes["total_ce_at_convergence"], rel=1e-14)


def test_part_2_step_by_step():
    _, _, trace = flowers("squared-residuals")
    for row, known in zip(trace.rows, CASES["statquest-part2"]["notes"]["trajectory"], strict=False):
        ours = [row.parameter["b2[0]"], row.loss, row.slope["b2[0]"], row.step_size["b2[0]"]]
        np.testing.assert_allclose(ours, [known[key] for key in ("b3", "ssr", "slope", "step")], rtol=1e-10)


def test_svm_and_softmax_gradients():
    given = inputs("cs231n-svm-vs-softmax")
    spec = net([(3, "identity")], {"name": "cross-entropy", "target": "index"}, 4)
    found = chain_numbers(spec, {"W1": given["W"], "b1": given["b"]}, given["x"], given["y"])
    known = CASES["cs231n-svm-vs-softmax"]["notes"]["gradients_float64"]
    for name, ours in (("ds", found["delta1"][0]), ("db", found["dL/db1"]), ("dW", found["dL/dW1"])):
        np.testing.assert_allclose(ours, known[name], rtol=1e-11)
    np.testing.assert_allclose(found["dL/dx"][0], known["dx"], rtol=1e-11)


@pytest.mark.parametrize("start", ["start1", "start2"])
def test_nielsen_learning_curves(start):
    """The quadratic cost learns slowly from a bad start, the cross-entropy does not."""
    notes, given = CASES["nielsen-toy"]["notes"], inputs("nielsen-toy")[start]
    for cost, after in (("quadratic", "after_300_epochs_quadratic"), ("ce", "after_300_epochs_ce_lr_005")):
        assert neuron(cost, given)[0] == pytest.approx(notes[f"grad_{start}"][cost], rel=1e-12)
        assert neuron(cost, given, epochs=300)[1] == pytest.approx(notes[after][start], rel=1e-9)


# closed forms


i, k, n, p, y, s = map(sym, ("i", "k", "n", "p", "y", "s__2"))


@pytest.fixture(scope="module")
def classifier():
    """Five examples of a tanh layer and a softmax."""
    spec = net([(4, "tanh"), (3, "identity")], {"name": "cross-entropy", "target": "soft", "reduction": "sum"}, 2)
    rng = np.random.default_rng(5)
    x, t = rng.normal(size=(5, 2)), rng.dirichlet(np.ones(3), 5)
    params = spec.initial(2)
    return spec, params, x, t, chain_numbers(spec, params, x, t)


def bishop(classifier):
    """4.106: dy_k/da_j = y_k (I_kj - y_j); 4.109: sum_n (y_nj - t_nj) phi_n."""
    *_, t, found = classifier
    assert found.quantity("dp/ds2").right == p[n, i] * (delta(i, k) - p[n, k])
    np.testing.assert_allclose(found["dL/dW2"], (found["p"] - t).T @ found["h1"], rtol=1e-13)


def d2l(classifier):
    """l = ln sum exp(o) - sum y_j o_j, so that dl/do_j = softmax(o)_j - y_j."""
    *_, t, found = classifier
    o = found["s2"]
    np.testing.assert_allclose(found["ell"], np.log(np.exp(o).sum(axis=1)) - (t * o).sum(axis=1), rtol=1e-13)
    assert found.short.right == p[n, k] + neg(y[n, k])


def roelants(classifier):
    """The long way: -t_i/y_i y_i (1 - y_i) - sum_{j != i} t_j/y_j (-y_j y_i) = y_i - t_i."""
    *_, t, found = classifier
    q = found["p"]
    others = np.einsum("nj,ji->ni", t, 1 - np.eye(3))
    np.testing.assert_allclose(found["dell/ds2"], -t * (1 - q) + others * q, rtol=1e-12)
    assert found.gap < 1e-15


def nielsen(classifier):
    """BP1 to BP4, for a quadratic cost and sigmoids."""
    spec = net([(4, "sigmoid"), (3, "sigmoid"), (2, "sigmoid")], {"name": "squared-error"}, 3)
    params, x, t = spec.initial(3), np.array([[0.3, -1.2, 0.8]]), np.array([[0.1, 0.9]])
    found = chain_numbers(spec, params, x, t)
    a = {0: x, **{layer: found[f"h{layer}"] for layer in (1, 2, 3)}}
    error = (a[3] - t) * a[3] * (1 - a[3])
    for layer in (3, 2, 1):
        np.testing.assert_allclose(found[f"delta{layer}"], error, rtol=1e-12)
        np.testing.assert_allclose(found[f"dL/db{layer}"], error[0], rtol=1e-12)
        np.testing.assert_allclose(found[f"dL/dW{layer}"], np.outer(error, a[layer - 1]), rtol=1e-12)
        error = error @ params[f"W{layer}"] * a[layer - 1] * (1 - a[layer - 1])


def parr_and_howard(classifier):
    """A ReLU neuron and a squared error: 2/N sum of e_i x_i, and of e_i, over the active examples."""
    spec = net([(1, "relu")], {"name": "squared-error", "scale": "sum"}, 3)
    rng = np.random.default_rng(0)
    params, x, t = {"W1": rng.normal(size=(1, 3)), "b1": [0.1]}, rng.normal(size=(20, 3)), rng.normal(size=(20, 1))
    found = chain_numbers(spec, params, x, t)
    active = found["s1"][:, 0] > 0
    error = (found["h1"] - t)[active]
    assert 0 < active.sum() < 20
    np.testing.assert_allclose(found["dL/dW1"], 2 / 20 * error.T @ x[active], rtol=1e-12)
    np.testing.assert_allclose(found["dL/db1"], 2 / 20 * error.sum(axis=0), rtol=1e-12)


def goodfellow(classifier):
    """J = softplus((1 - 2y) z), dJ/dz = sigma(z) - y."""
    z, t = np.array([[-3.0], [-0.5], [0.0], [2.0]]), np.array([[1], [0], [1], [1]])
    spec = net([(1, "identity")], {"name": "binary-cross-entropy", "reduction": "none"}, 1, bias=False)
    found = chain_numbers(spec, {"W1": [[1.0]]}, z, t)
    np.testing.assert_allclose(found["ell"], np.log1p(np.exp((1 - 2 * t) * z))[:, 0], rtol=1e-13)
    np.testing.assert_allclose(found["delta1"], 1 / (1 + np.exp(-z)) - t, rtol=1e-13)


FORMS = {
    "bishop-4.109": bishop, "d2l-softmax-grad": d2l, "roelants-softmax": roelants, "nielsen-bp1-4": nielsen,
    "parr-howard": parr_and_howard, "goodfellow-softplus": goodfellow,
}  # fmt: skip


def test_every_closed_form_is_an_example():
    assert set(FORMS) == set(CLOSED_FORMS)


@pytest.mark.parametrize("name", CLOSED_FORMS)
def test_closed_forms(name, classifier):
    FORMS[name](classifier)


def test_the_classifier_against_differences(classifier):
    spec, params, x, t, _ = classifier
    assert compared_with_differences(spec, params, x, t).worst < 1e-8
