"""Every number that the four original texts print, computed again; those that differ are exactly the errata."""

import json
import math
from pathlib import Path

import numpy as np
import pytest

from derive.examples.chain import chain_numbers
from derive.examples.digits import agrees, cells, count, decimals_of, differing
from derive.examples.gradient_descent import descend
from derive.examples.seeds import EXAMPLES, LANGUAGES, errata, errata_of, seed_example

DATA = json.loads((Path(__file__).parents[1] / "data" / "seed_tables.json").read_text(encoding="utf-8"))
TABLES = DATA["tables"]
PRINTED = {(table["seed"], table["id"]): table["printed"] for table in TABLES}
ENTRIES, DIFFERING = 205, 16  # numbers in all the tables, and those of the errata


def numbers(name):
    return seed_example(name).numbers()


def true_class(found):
    return (found["p"] * found["y"]).sum(axis=1)


def step(example):
    return descend(example.spec, example.params, example.x, example.y, example.learning_rate, only=example.only).rows[0]


def minus_ln(texts):
    return [-math.log(float(text)) for text in texts]


# what is not a quantity by its own name
OTHERS = {
    "y ln p": lambda table, found: found["y"] * np.log(found["p"]),
    "p observed": lambda table, found: true_class(found),
    "p setosa": lambda table, found: found["p"][:, 0],
    "slope": lambda table, found: step(seed_example(table["example"])).slope["b2[0]"],
    "new": lambda table, found: step(seed_example(table["example"])).new["b2[0]"],
    # the video goes on with the rounded numbers
    "-ln of the printed p": lambda table, found: minus_ln(PRINTED[table["seed"], "p-observed"]),
    "sum of the printed losses": lambda table, found: sum(map(float, PRINTED[table["seed"], "cross-entropy"])),
}


def values(table):
    found = numbers(table["example"])
    other = OTHERS.get(table["quantity"])
    array = np.asarray(found[table["quantity"]] if other is None else other(table, found))
    return array[table["rows"]][0] if "rows" in table else array


def found_differing():
    return {
        (table["seed"], table["id"], place): text
        for table in TABLES
        for place, text in differing(values(table), table["printed"]).items()
    }


def test_every_printed_entry_agrees_but_those_of_the_errata():
    listed = {
        (name.partition("-")[0], table, tuple(place)) for name, rows in DATA["errata"].items() for table, place in rows
    }
    assert count(table["printed"] for table in TABLES) == ENTRIES
    assert set(found_differing()) == listed
    assert len(listed) == DIFFERING


def test_no_text_prints_a_table_that_is_not_tested():
    per_seed = {seed: count(t["printed"] for t in TABLES if t["seed"] == seed) for seed in ("000", "001", "002", "003")}
    assert per_seed == {"000": 12, "001": 184, "002": 7, "003": 2}


def test_a_wrong_digit_would_be_found():
    table = next(table for table in TABLES if table["id"] == "jacobian")
    changed = [[[text.replace("0.2472", "0.2473") for text in row] for row in block] for block in table["printed"]]
    assert (0, 1, 1) in differing(values(table), changed)


def test_errata_of_the_package_are_those_of_the_tables():
    """The cells that lectures print: what was printed, and the computed correction."""
    of_tables = {(name, table, text) for name, table, text in _listed()}
    of_package = {(e.id, cell.table, cell.printed) for e in errata() for cell in e.cells}
    assert of_package == of_tables


def _listed():
    for name, rows in DATA["errata"].items():
        for table, place in rows:
            texts = dict(cells(PRINTED[name.partition("-")[0], table]))
            yield name, table, texts[tuple(place)]


@pytest.mark.parametrize("erratum", [e for e in errata() if e.cells], ids=lambda e: e.id)
def test_corrections_are_computed(erratum):
    found = numbers(erratum.example)
    for cell in erratum.cells:
        assert cell.computed(found) == cell.correct
        assert not agrees(found[cell.quantity][cell.place], cell.printed)
        assert all(f"${cell.printed}$" in text for text in erratum.printed.values())
        assert all(f"${cell.correct}$" in text for text in erratum.correct.values())


def test_last_digits_were_cut_off():
    """What the reason of these errata says: the exact value without its further digits is what was printed."""
    cut = [(e, cell) for e in errata() if e.kind == "last-digit" for cell in e.cells]
    assert {e.id for e, _ in cut} == {f"001-E{n}" for n in (7, 9, 10, 11, 12, 13, 14)}
    for e, cell in cut:
        power = 10 ** decimals_of(cell.printed)
        value = numbers(e.example)[cell.quantity][cell.place]
        assert math.trunc(value * power) / power == float(cell.printed), e.id


def test_every_erratum_is_told_in_both_languages():
    assert len({e.id for e in errata()}) == len(errata()) == sum(len(errata_of(name)) for name in EXAMPLES)
    for e in errata():
        assert e.seed == seed_example(e.example).seed
        assert set(e.says) == set(LANGUAGES)
        assert all(text.strip().endswith(".") and 20 < len(text) < 160 for text in e.says.values())
        assert e.says["en"] != e.says["pt"]
        assert all(set(texts) == set(LANGUAGES) and all(texts.values()) for texts in (e.printed, e.correct))


def test_every_erratum_found_in_the_originals_is_listed():
    """All but those of style, of the scanner, and of symbols that the texts use differently."""
    found = {
        "000": ("E1", "E2", "E3"),
        "001": ("E1", "E2", "E2b", *(f"E{n}" for n in range(3, 16)), "E17", "E18", "E20"),
        "002": ("E1", "E2", "E3"),
        "003": (*(f"E{n}" for n in range(1, 9)), "M1"),
    }
    assert {e.id for e in errata()} == {f"{seed}-{name}" for seed, names in found.items() for name in names}


def test_what_the_errata_refer_to_exists():
    for e in errata():
        proofs = numbers(e.example).proofs
        named = {*proofs, *(f"definition:{name}" for name in numbers(e.example).problem.context.definitions)}
        assert e.by in named | {"descend", "step", "chain-rule-row"}, e.id


@pytest.mark.parametrize("name", ["L", "p", "delta2", "dp/ds2", "dell/dW2", "dL/dW2"])
def test_all_digits_of_the_softmax_graph(name):
    """Recomputed elsewhere in double precision."""
    np.testing.assert_allclose(numbers("softmax-graph")[name], DATA["recomputed"][name], rtol=1e-12, atol=1e-15)


def test_the_lost_parameters_are_the_only_ones_with_two_decimals():
    """Each lies in an interval that holds no other number with two decimals."""
    example = seed_example("softmax-graph")
    rows = np.column_stack([example.params["W2"], example.params["b2"]])
    for value, (low, high) in zip(rows.ravel(), np.reshape(DATA["reconstructed"]["intervals"], (-1, 2)), strict=True):
        assert low <= value <= high
        assert math.ceil(low * 100) == math.floor(high * 100) == round(value * 100)


def test_the_mean_is_that_of_the_four_blocks_and_not_the_printed_one():
    found = numbers("softmax-graph")
    np.testing.assert_allclose(found["dL/dW2"], found.mean("W2"), rtol=1e-14)
    np.testing.assert_allclose(found.summed("W2"), 4 * found.mean("W2"), rtol=1e-14)


# the last text: p = 0.1732, rate 0.05


def test_backpropagation_has_the_printed_numbers():
    found = numbers("backpropagation")
    assert sum(array.size for array in seed_example("backpropagation").params.values()) == 47
    assert found["delta3"][0, 1] == pytest.approx(DATA["seed_003"]["grad_bias_true_class"], abs=1e-5)


@pytest.mark.parametrize(("sign", "rule"), [(-1, "correct"), (1, "printed_plus")])
def test_the_sign_of_the_update(sign, rule):
    """With a plus the loss rises: only the bias of the true class is moved."""
    example, found = seed_example("backpropagation"), numbers("backpropagation")
    bias = example.params["b3"].copy()
    bias[1] += sign * example.learning_rate * found["dL/db3"][1]
    moved = chain_numbers(example.spec, {**example.params, "b3": bias}, example.x, example.y)
    assert moved["L"] == pytest.approx(DATA["seed_003"]["loss_after_only_true_bias_updated"][rule], abs=2e-5)
    assert (moved["L"] < found["L"]) == (rule == "correct")
    assert moved["p"][0, 1] == pytest.approx(DATA["seed_003"]["p_after_only_true_bias_updated"][rule], abs=5e-6)


def test_one_step_of_the_last_biases():
    example = seed_example("backpropagation")
    trace = descend(example.spec, example.params, example.x, example.y, example.learning_rate, only=["b3[1]"])
    assert trace.rows[0].step_size["b3[1]"] == pytest.approx(-DATA["seed_003"]["delta_b_correct"], abs=1e-6)
    trace = descend(example.spec, example.params, example.x, example.y, example.learning_rate, only=example.only)
    low, high = DATA["seed_003"]["loss_after_all_three_biases_range"]
    assert low < trace.loss < high


# why cross-entropy: slopes by p and by the logit


@pytest.mark.parametrize("row", DATA["seed_002"], ids=lambda row: str(row["p"]))
def test_slopes_of_the_two_losses(row):
    """-ln p and (1 - p)^2 of the true class, for two classes with logits (z, 0)."""
    z = math.log(row["p"] / (1 - row["p"]))
    spec = seed_example("why-cross-entropy").spec
    assert spec.loss.name == "cross-entropy"
    from derive.examples.graph_formula import graph_of

    entropy = graph_of("-ln(sigmoid(z))", {"z": z}, {"p": "sigmoid(z)"})
    squares = graph_of("(1 - sigmoid(z))^2", {"z": z}, {"p": "sigmoid(z)"})
    for graph, short in ((entropy, "ce"), (squares, "sr")):
        assert graph[graph.output].value == pytest.approx(row[short], rel=1e-12)
        assert graph["p"].gradient == pytest.approx(row[f"{short}_slope"], rel=1e-12)
        assert graph["z"].gradient == pytest.approx(row[f"{short}_logit_slope"], rel=1e-12)


@pytest.mark.parametrize("name", EXAMPLES)
def test_where_every_array_comes_from(name):
    example = seed_example(name)
    assert set(example.origin) == {*example.params, "x", "y"}
    assert set(example.origin.values()) <= {"printed", "source", "reconstructed", "own"}
    with pytest.raises(ValueError, match="read-only"):
        example.x[0, 0] = 1


def test_an_example_that_does_not_exist():
    with pytest.raises(ValueError, match='there is no example "iris"; there are why-cross-entropy'):
        seed_example("iris")
