"""Reading a network: what a file means, what is refused and with which words, and what no input may do."""

from __future__ import annotations

import tomllib
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from network_examples import GONE, IRIS, JUNK, NEARLY, NUMBERS, changed, networks, spoiled

from derive.chains import synonyms
from derive.chains.file_shape import FILE, LAYER, LOSS, NETWORK, REGULARIZATION
from derive.chains.network import network_problem
from derive.chains.read_spec import NetworkError, SpecProblem, read_network
from derive.chains.spec import (
    ACTIVATIONS,
    OPTIONS,
    REDUCTIONS,
    SCALES,
    SOURCES,
    TARGETS,
    LayerSpec,
    LossSpec,
    NetworkSpec,
)
from derive.chains.spec_problem import MOST_SHOWN
from derive.chains.symbols import symbol_problem
from derive.chains.write_spec import to_mapping, to_toml
from derive.core.term import walk
from derive.errors import USAGE, UsageError

TEXT = """\
# the flowers
[network]
input = 2
layers = [{units = 2, activation = "sigmoid"}, {units = 3, activation = "identity", bias = true}]
classes = ["setosa", "versicolor", "virginica"]
name = "iris"

[loss]
name = "cross-entropy"
target = "index"
reduction = "mean"

[regularization]
l1 = 0.0
l2 = 0.01
"""
SPEC = NetworkSpec(
    2, (LayerSpec(2, "sigmoid"), LayerSpec(3)), LossSpec("cross-entropy", "index"), Fraction(0), Fraction(1, 100),
    "iris", ("setosa", "versicolor", "virginica"),
)  # fmt: skip


def refused(data: Any) -> tuple[SpecProblem, ...]:
    with pytest.raises(NetworkError) as caught:
        read_network(data)
    return caught.value.problems


def written(folder: Path, data: bytes) -> Path:
    path = folder / "net.toml"
    path.write_bytes(data)
    return path


@pytest.mark.parametrize("data", [TEXT.encode(), b"\xef\xbb\xbf" + TEXT.encode(), TEXT.replace("\n", "\r\n").encode()])
def test_a_file_is_read(tmp_path: Path, data: bytes) -> None:
    path = written(tmp_path, data)
    assert read_network(path) == read_network(str(path)) == SPEC


def test_a_mapping_says_the_same() -> None:
    assert read_network(IRIS) == SPEC
    assert read_network(changed(("network.layers", tuple(IRIS["network"]["layers"])))) == SPEC


def test_what_is_left_out() -> None:
    spec = read_network({"network": {"input": "n", "layers": [{"units": "C"}]}, "loss": {"name": "kl-divergence"}})
    assert spec == NetworkSpec("n", (LayerSpec("C", "identity", True, None),), LossSpec("kl-divergence", "soft"))
    loss = read_network(changed(("loss", {"name": "binary-cross-entropy"}))).loss
    assert (loss.target, loss.source, loss.reduction) == ("binary", "logits", "mean")


@pytest.mark.parametrize(
    ("given", "exact"),
    [
        (0.1, Fraction(1, 10)), (Decimal("0.10"), Fraction(1, 10)), (Fraction(1, 3), Fraction(1, 3)),
        ("1/3", Fraction(1, 3)), (1e-5, Fraction(1, 100_000)), (2, Fraction(2)), ("lambda", "lambda"),
    ],
)  # fmt: skip
def test_numbers_are_as_exact_as_they_are_written(given: Any, exact: Any) -> None:
    read = read_network(changed(("regularization.l2", given))).l2
    assert read == exact
    assert isinstance(read, Fraction | str)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("0.1", Fraction(1, 10)), ("1e-3", Fraction(1, 1000)), ("1_000.25", Fraction(4001, 4)),
        ("0.1000000000000000000000000000001", Fraction(10**30 + 1, 10**31)), ("+3", Fraction(3)),
    ],
)  # fmt: skip
def test_a_number_of_a_file_is_its_decimals(tmp_path: Path, text: str, value: Fraction) -> None:
    assert read_network(written(tmp_path, TEXT.replace("0.01", text).encode())).l2 == value


WRONG: tuple[tuple[list[tuple[str, Any]], str, str], ...] = (
    # tables and keys
    ([("network", GONE)], "network", "is missing"),
    ([("network", [])], "network", "must be a table with input, layers; not a list"),
    ([("loss", "mse")], "loss", 'must be a table with name; not "mse"'),
    ([("regularization", 1)], "regularization", "must be a table with l1, l2; not 1"),
    ([("optimizer", {})], "optimizer", "not how it is trained"),
    ([("regularisation", {})], "regularisation", "did you mean regularization?"),
    ([("network.inptu", 3)], "network.inptu", "did you mean input?"),
    ([("network.\nx", 3)], "network.\\u000ax", "no such key; choose one of name, input, layers"),
    ([("loss.l2", 1)], "loss.l2", "did you mean l2 below [regularization]?"),
    ([("loss.from_logits", True)], "loss.from_logits", 'did you mean from = "logits"?'),
    ([("loss.label_smoothing", 0.1)], "loss.label_smoothing", "did you mean smoothing?"),
    ([("regularization.weight_decay", 0.1)], "regularization.weight_decay", "did you mean l2?"),
    # sizes
    ([("network.input", GONE)], "network.input", "is missing"),
    ([("network.input", 0)], "network.input", "from 1 to 10000, or a name in quotes, not 0"),
    ([("network.input", -2)], "network.input", "not -2"),
    ([("network.input", True)], "network.input", "not true"),
    ([("network.input", 2.0)], "network.input", "not 2.0; write 2"),
    ([("network.input", 2.5)], "network.input", "not 2.5"),
    ([("network.input", "2")], "network.input", 'not "2"; write it without quotes'),
    ([("network.input", None)], "network.input", "not nothing"),
    ([("network.input", 10**5000)], "network.input", "not a huge number"),
    ([("network.input", "two inputs")], "network.input", '"two inputs" is not a name'),
    ([("network.input", "λ")], "network.input", "letters a-z"),
    ([("network.input", "n__1")], "network.input", "is not a name"),
    ([("network.input", "k")], "network.input", '"k" is already an index'),
    ([("network.input", "W1")], "network.input", "already the name of something"),
    ([("network.input", "exp")], "network.input", "already the name of a function"),
    ([("network.layers.1.units", 10_001)], "network.layers[1].units", "from 1 to 10000"),
    ([("network.layers.1.units", GONE)], "network.layers[1].units", "is missing"),
    # layers
    ([("network.layers", [])], "network.layers", "from 1 to 128 layers, not 0"),
    ([("network.layers", [{"units": 3}] * 129)], "network.layers", "from 1 to 128 layers, not 129"),
    ([("network.layers", {"units": 3})], "network.layers", "must be a list of tables"),
    ([("network.layers.0", 3)], "network.layers[0]", "must be a table with units; not 3"),
    ([("network.layers.0.bias", 1)], "network.layers[0].bias", "must be true or false, not 1"),
    ([("network.layers.0.activation", "ReLU")], "network.layers[0].activation", 'did you mean "relu"?'),
    ([("network.layers.0.activation", "LeakyReLU")], "network.layers[0].activation", 'did you mean "leaky_relu"?'),
    ([("network.layers.0.activation", "swish")], "network.layers[0].activation", 'did you mean "silu"?'),
    ([("network.layers.0.activation", "linear")], "network.layers[0].activation", 'did you mean "identity"?'),
    ([("network.layers.0.activation", "sigmiod")], "network.layers[0].activation", 'did you mean "sigmoid"?'),
    ([("network.layers.0.activation", "qqq")], "network.layers[0].activation", "choose one of identity, sigmoid"),
    ([("network.layers.0.activation", None)], "network.layers[0].activation", "name of an activation in quotes"),
    ([("network.layers.0.slope", 0.1)], "network.layers[0].slope", "only leaky_relu and elu do"),
    ([("network.layers.0", {"units": 1, "activation": "softmax"})], "network.layers[0].activation", "is always 1"),
    *(
        ([(f"network.layers.0.{key}", 1)], f"network.layers[0].{key}", "a network is a chain")
        for key in ("from", "inputs", "next", "to", "skip")
    ),
    ([("network.layers.0.name", "first")], "network.layers[0].name", "layers have no names"),
    # names
    ([("network.name", "a\x1b[2J")], "network.name", '"a\\u001b[2J" is not a name'),
    ([("network.name", "x" * 31)], "network.name", "1 to 30 printable characters"),
    ([("network.classes", "setosa")], "network.classes", "must be a list of names"),
    ([("network.classes.1", 2)], "network.classes[1]", "must be a name in quotes, not 2"),
    ([("network.classes.1", " ")], "network.classes[1]", "no blank at its ends"),
    ([("network.classes.1", "a\u202eb")], "network.classes[1]", '"a\\u202eb" is not a name'),
    ([("network.classes.2", "setosa")], "network.classes[2]", '"setosa" is named twice, first in network.classes[0]'),
    ([("network.classes", ["é", "e\u0301", "f"])], "network.classes[1]", "is named twice"),
    # what must be as many
    ([("network.classes", ["a", "b"])], "network.classes", "has 2 items, but network.layers[1].units is 3"),
    ([("network.layers.1.units", "C")], "network.classes", 'but network.layers[1].units is "C"'),
    ([("network.features", ["a"])], "network.features", "has 1 item, but network.input is 2"),
    ([("loss.weights", [1, 2])], "loss.weights", "has 2 items, but network.layers[1].units is 3"),
    # the loss
    ([("loss.name", GONE)], "loss.name", "is missing"),
    ([("loss.name", "mse")], "loss.name", 'did you mean "squared-error" with scale = "mean"?'),
    ([("loss.name", "nll")], "loss.name", 'did you mean "cross-entropy" with target = "index"?'),
    ([("loss.name", "categorical_crossentropy")], "loss.name", 'did you mean "cross-entropy"?'),
    ([("loss.name", "softmax_cross_entropy")], "loss.name", 'did you mean "cross-entropy"?'),
    ([("loss.name", "BCE")], "loss.name", 'did you mean "binary-cross-entropy"?'),
    ([("loss.name", "CrossEntropy")], "loss.name", 'did you mean "cross-entropy"?'),
    ([("loss.name", ["mse"])], "loss.name", "name of a loss in quotes, not a list"),
    ([("loss.target", "onehot")], "loss.target", 'did you mean "one-hot"?'),
    ([("loss.target", "value")], "loss.target", "cross-entropy does not take value targets; it takes one-hot or"),
    ([("loss.reduction", "avg")], "loss.reduction", 'did you mean "mean"?'),
    ([("loss.from", "logit")], "loss.from", 'did you mean "logits"?'),
    ([("loss", {"name": "huber", "from": "logits"})], "loss.from", "takes what the last layer gives as it is"),
    ([("loss", {"name": "hinge", "gamma": 2})], "loss.gamma", "hinge has none; focal has it"),
    ([("loss", {"name": "hinge", "temperature": 2})], "loss.temperature",
     "hinge has none; cross-entropy, focal and kl-divergence have it"),
    ([("loss.scale", "half")], "loss.scale", "cross-entropy has none"),
    ([("loss.smoothing", 1)], "loss.smoothing", "at least 0 and less than 1"),
    ([("loss.smoothing", -0.1)], "loss.smoothing", "not -0.1"),
    ([("loss.smoothing", "0.1")], "loss.smoothing", "write it without quotes"),
    ([("loss.smoothing", float("nan"))], "loss.smoothing", "not nan"),
    ([("loss.smoothing", True)], "loss.smoothing", "not true"),
    ([("loss.temperature", 0)], "loss.temperature", "greater than 0"),
    ([("loss.temperature", float("inf"))], "loss.temperature", "not inf"),
    ([("loss.temperature", "-1/3")], "loss.temperature", "greater than 0"),
    ([("loss.temperature", 1e300)], "loss.temperature", "at most 40 digits are read"),
    ([("loss.temperature", Decimal("1e999999999"))], "loss.temperature", "at most 40 digits are read"),
    ([("loss.base", 1)], "loss.base", "greater than 1"),
    ([("loss.base", -2)], "loss.base", "greater than 1"),
    ([("loss", {"name": "focal", "gamma": -1})], "loss.gamma", "at least 0"),
    ([("loss", {"name": "huber", "delta": 0})], "loss.delta", "greater than 0"),
    ([("loss", {"name": "hinge", "margin": 0})], "loss.margin", "greater than 0"),
    ([("loss.weights", [0, 0.0, 0])], "loss.weights", "sum to 0"),
    ([("loss.weights", [])], "loss.weights", "sum to 0"),
    ([("loss.weights", [1, -1, 1])], "loss.weights[1]", "at least 0, not -1"),
    ([("loss.weights", "v")], "loss.weights", 'must be a list of numbers, or "w"'),
    ([("loss.ignore_index", 1.0)], "loss.ignore_index", "not 1.0; write 1"),
    ([("loss.ignore_index", -100), ("loss.target", "soft")], "loss.ignore_index", "soft targets have no index"),
    # the loss and the last layer
    ([("loss.from", "probabilities")], "loss.from", "needs softmax as activation of the last layer, not identity"),
    ([("loss.from", "probabilities"), ("network.layers.1.activation", "sigmoid")], "loss.from", "needs softmax"),
    ([("loss", {"name": "binary-cross-entropy", "from": "probabilities"})], "loss.from", "needs sigmoid"),
    ([("loss", {"name": "binary-cross-entropy"}), ("network.layers.1.activation", "softmax")],
     "network.layers[1].activation", "takes each output by itself"),
    ([("loss.from", "probabilities"), ("network.layers.1.activation", "softmax"), ("loss.temperature", 2)],
     "loss.temperature", "divides logits"),
    ([("network.layers.1.units", 1), ("network.classes", ["a"])], "network.layers[1].units", "at least 2 units"),
    ([("network.layers.1.units", 1), ("network.classes", []), ("loss", {"name": "hinge"})],
     "network.layers[1].units", "at least 2 units"),
    # penalties
    ([("regularization.l1", -1)], "regularization.l1", "at least 0"),
    ([("regularization.l2", [1])], "regularization.l2", "not a list"),
    # one name, two meanings
    ([("network.input", "n"), ("regularization.l2", "n")], "regularization.l2", "in network.input it is a size"),
)  # fmt: skip


@pytest.mark.parametrize(("changes", "path", "message"), WRONG, ids=[f"{row[1]}-{row[2][:20]}" for row in WRONG])
def test_each_mistake_is_said_where_it_is_and_nothing_else(
    changes: list[tuple[str, Any]], path: str, message: str
) -> None:
    problems = refused(changed(*changes))
    assert [problem.path for problem in problems] == [path]
    assert message in problems[0].message
    assert str(problems[0]).isprintable()


def test_all_mistakes_at_once() -> None:
    data = changed(
        ("network.input", 0), ("network.layers.0.activation", "swish"), ("network.classes", ["a", "a"]),
        ("loss.gamma", -1), ("loss.target", "value"), ("loss.weights", [1]), ("regularization.l1", None),
    )  # fmt: skip
    with pytest.raises(NetworkError) as caught:
        read_network(data)
    lines = str(caught.value).split("\n")
    assert sorted(line.split(": ")[0] for line in lines) == [
        "loss.gamma", "loss.gamma", "loss.target", "loss.weights", "network.classes[1]", "network.input",
        "network.layers[0].activation", "regularization.l1",
    ]  # fmt: skip
    assert isinstance(caught.value, UsageError)
    assert caught.value.exit_code == USAGE


def test_thousands_of_mistakes_are_not_printed() -> None:
    data = changed(("network.classes", [1] * 10_000))
    with pytest.raises(NetworkError) as caught:
        read_network(data)
    assert len(caught.value.problems) == 10_000
    assert str(caught.value).split("\n")[MOST_SHOWN:] == ["... and 9950 more"]


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"[network]\ninput 2\n", "is not TOML at line 2, column 7: Expected '=' after a key"),
        (b"[network", "is not TOML at the end of the file"),
        (TEXT.encode() + b"[loss]\n", "Cannot declare ('loss',) twice"),
        (b"[network]\nname = \"caf\xe9\"\n", "is not UTF-8 text: line 2 has the byte 0xe9"),
        (b"a = " + b"[" * 5000, "is nested too deeply"),
        (b"a = " + b"9" * 5000, "holds a number with too many digits"),
        (b"a = 1e99999999999999999999", "holds a number with too many digits"),
        (b"a" + b".a" * 17 + b"=1", "has a key with more than 16 dots"),
        (b"[" + b"a." * 17 + b"a]", "has a key with more than 16 dots"),
        (b'x = {k = """y"""", a' + b".a" * 17 + b' = "z"}', "has a key with more than 16 dots"),
        (b"a" + b'."="' * 17 + b"=1", "has a key with more than 16 dots"),
        (b"#" * 2**18 + b"\n", "is too large"),
    ],
)  # fmt: skip
def test_files_that_are_none(tmp_path: Path, data: bytes, message: str) -> None:
    [problem] = refused(written(tmp_path, data))
    assert problem.path == "net.toml"
    assert message in problem.message


def test_dots_in_strings_and_comments_are_no_keys(tmp_path: Path) -> None:
    data = TEXT.replace("# the flowers", f"# {'.' * 99}").replace('"iris"', f'"{"." * 30}"')
    assert read_network(written(tmp_path, data.encode())).name == "." * 30


def test_there_is_no_file(tmp_path: Path) -> None:
    assert refused(tmp_path)[0].message == "is a folder; give a .toml file"
    assert refused(tmp_path / "no.toml") == (SpecProblem("no.toml", "there is no such file"),)
    assert refused("a\0b")[0].message == "there is no such file"
    assert "is not the name of a file" in refused(TEXT)[0].message
    assert "must be a file or a table, not a list" in refused([IRIS])[0].message


def test_nothing_in_a_file_runs_long(tmp_path: Path) -> None:
    data = b"[network]\ninput = 2\nlayers = [{units = 3}]\n[loss]\nname = 'huber'\ndelta = 1e-999999999\n"
    assert "at most 40 digits" in refused(written(tmp_path, data))[0].message


@settings(max_examples=300)
@given(JUNK | NEARLY | spoiled())
def test_anything_else_is_refused_in_the_same_way(data: Any) -> None:
    try:
        read: NetworkSpec | NetworkError = read_network(data)
    except NetworkError as error:
        read = error
    if isinstance(read, NetworkError):
        assert read.problems
        assert all(line.isprintable() for line in str(read).split("\n"))
    else:
        assert to_toml(read)


@settings(max_examples=100)
@given(networks())
def test_written_and_read_again(data: dict[str, Any]) -> None:
    spec = read_network(data)
    assert read_network(to_mapping(spec)) == spec
    assert read_network(tomllib.loads(to_toml(spec), parse_float=Decimal)) == spec


def test_a_written_file_is_read_again(tmp_path: Path) -> None:
    spec = NetworkSpec("n", (LayerSpec(3),), LossSpec(smoothing=Fraction(1, 3)), name='a "b" \\', features=())
    assert 'name = "a \\"b\\" \\\\"\n' in to_toml(spec)
    assert 'smoothing = "1/3"' in to_toml(spec)
    assert read_network(written(tmp_path, to_toml(spec).encode())) == spec


@pytest.mark.parametrize(
    ("spec", "path"),
    [
        (NetworkSpec(2, ()), "network.layers"),
        (NetworkSpec(2, (LayerSpec(True),)), "network.layers[0].units"),
        (NetworkSpec(2, (LayerSpec(3),), LossSpec("hinge", "index", gamma=Fraction(3))), "loss.gamma"),
        (NetworkSpec(2, (LayerSpec(3),), name="a\n[loss]"), "network.name"),
    ],
)
def test_a_network_that_no_file_describes_is_not_written(spec: NetworkSpec, path: str) -> None:
    with pytest.raises(NetworkError) as caught:
        to_toml(spec)
    assert [problem.path for problem in caught.value.problems] == [path]


TABLES = {
    "ACTIVATION_SYNONYMS": ACTIVATIONS,
    "LOSS_SYNONYMS": TARGETS,
    "TARGET_SYNONYMS": {target for row in TARGETS.values() for target in row},
    "REDUCTION_SYNONYMS": REDUCTIONS,
    "SOURCE_SYNONYMS": SOURCES["cross-entropy"],
    "SCALE_SYNONYMS": SCALES,
    **{f"{name}_KEYS": [key.name for key in table.keys] for name, table in
       {"FILE": FILE, "NETWORK": NETWORK, "LAYER": LAYER, "LOSS": LOSS, "REGULARIZATION": REGULARIZATION}.items()},
}  # fmt: skip


@pytest.mark.parametrize("table", TABLES)
def test_synonyms_lead_to_something_that_exists(table: str) -> None:
    known = set(TABLES[table])
    for other, meant in getattr(synonyms, table).items():
        assert other == synonyms.folded(other)
        assert other not in map(synonyms.folded, known), f"{other} is a name itself"
        assert meant in known or " " in meant, f"{other} leads to {meant}"


def test_no_symbol_has_the_name_of_something_in_a_network() -> None:
    loss = LossSpec(smoothing="epsilon", temperature="T", weights="w", ignore_index=-1)
    layers = (LayerSpec("H", "tanh"), LayerSpec("C", "softmax"), LayerSpec("D"))
    problem = network_problem(NetworkSpec("A", layers, loss, "alpha", "lambda"), batch=True)
    context = problem.context
    bodies = [definition.body for definition in context.definitions.values()]
    names = {str(term.value) for body in bodies for _, term in walk(body) if term.op == "sym"}
    names |= {param for definition in context.definitions.values() for param in definition.params}
    names |= set(context.definitions) | set(context.shapes)
    ours = {"A", "H", "C", "D", "epsilon", "T", "alpha", "lambda"}
    assert ours < names
    assert {name for name in names - ours if symbol_problem(name) is None} <= {"n"}  # the number of the example
    assert {name for name in ours if symbol_problem(name) is not None} == set()


@pytest.mark.parametrize(("loss", "option"), [(loss, option) for loss in OPTIONS for option in OPTIONS[loss]])
def test_no_hyperparameter_is_read_and_then_ignored(loss: str, option: str) -> None:
    """What a loss is said to use changes the definitions of the network."""
    last = "sigmoid" if loss.startswith("binary") else "tanh"
    target = "index" if option == "ignore_index" else TARGETS[loss][0]
    network = {"input": 2, "layers": [{"units": 3, "activation": last}]}
    plain = read_network({"network": network, "loss": {"name": loss, "target": target}})
    before = network_problem(plain, batch=True).context.definitions
    for value in NUMBERS[option]:
        spec = read_network({"network": network, "loss": {"name": loss, "target": target, option: value}})
        if spec != plain and not (option == "scale" and value == ("half" if loss == "squared-error" else "sum")):
            assert network_problem(spec, batch=True).context.definitions != before, f"{option} = {value}"
