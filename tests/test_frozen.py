"""What users rely on stays as it is: texts and exit codes of the command line, records, names in Python."""

import inspect
import json
import os
import sys
from pathlib import Path

import pytest
from frozen import FILES, FOLDER, RECORDS, RULE, commands, prepared, said

import derive
from derive.errors import Corrupted

BLOCKS = (FOLDER / "commands.txt").read_text(encoding="utf-8").split(f"{RULE}\n")
OF_PYTHON = ("--help", "derive nonsense", "$ derive\n")  # argparse words these in its own way in each version


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory):
    """One folder for all, as later commands read what earlier ones wrote."""
    here, columns = Path.cwd(), os.environ.get("COLUMNS")
    path = tmp_path_factory.mktemp("frozen")
    os.chdir(path)
    prepared(path)
    yield path
    os.chdir(here)
    os.environ.pop("COLUMNS") if columns is None else os.environ.update(COLUMNS=columns)


def test_every_command_has_its_text():
    assert [block.splitlines()[0].removeprefix("$ ") for block in BLOCKS] == commands()
    ends = [block.splitlines()[-1] for block in BLOCKS]
    assert {f"[exit {code}]" for code in (0, 1, 2, 3, 4)} == set(ends)
    assert len(BLOCKS) > 70
    assert len(FILES) > 5


@pytest.mark.xdist_group("frozen")
@pytest.mark.parametrize("number", range(len(BLOCKS)), ids=lambda n: BLOCKS[n].splitlines()[0][2:50])
def test_a_command_says_what_it_said(number: int, folder: Path):
    block = BLOCKS[number]
    if sys.version_info[:2] != (3, 11) and any(words in block for words in OF_PYTHON):
        pytest.skip("argparse has other words")
    if "proof.json" in block and not (folder / "proof.json").exists() and "-o proof.json" not in block:
        said('derive prove "x^2" -o proof.json')
    assert said(commands()[number]) == block


@pytest.mark.parametrize("path", sorted(RECORDS.glob("*.json")), ids=lambda path: path.stem)
def test_a_record_of_an_earlier_version_still_verifies(path: Path):
    derivation = derive.verify(path)
    assert [verdict.status for verdict in derivation.verdicts[:3]] == ["proven"] * 3
    data = json.loads(path.read_text(encoding="utf-8"))
    assert json.loads(derivation.to("json"))["proofs"] == data["proofs"]


def test_a_record_of_another_version_is_refused_by_its_version():
    data = json.loads((RECORDS / "formula.json").read_text(encoding="utf-8"))
    for version in (0, 99, "1", None, True):
        with pytest.raises(Corrupted, match="the record has version"):
            derive.verify(json.dumps(data | {"version": version}))


# what README and the manuals use; parameters in order
SIGNATURES = {
    "prove": "(what, wrt, road, witnesses, **options)",
    "problem": "(name, classes, target, inputs, biases)",
    "network": "(source)",
    "objective": "(loss)",
    "check": "(problem, lines, wrt, lang, without, decimal, **options)",
    "check_array": "(wrt, mine, W, b, h, y, problem, reduction, tolerance, lang)",
    "verify": "(record)",
    "budget_of": "(of)",
}
EVERY = (
    "assumptions", "conditions", "document", "lines", "needs", "proof", "proof_named", "quick", "save", "shown",
    "statement", "theorem", "to", "verdicts", "witnesses",
)  # fmt: skip
OBJECTS = {
    "formula": (lambda: derive.prove("x^2", wrt="x"), (*EVERY, "result", "results", "lambdify", "wrt")),
    "problem": (
        lambda: derive.prove("softmax-cross-entropy"),
        (*EVERY, "result", "results", "lambdify", "wrt", "road"),
    ),
    "network": (
        lambda: derive.network(NET).prove("b1"),
        (*EVERY, "lambdify", "gradients", "layout", "wrt"),
    ),
    "lemma": (lambda: derive.prove("softmax-jacobian"), EVERY),
    "a problem": (lambda: derive.problem("softmax-cross-entropy"), ("judge", "loss", "name", "prove", "statement")),
    "a network": (
        lambda: derive.network(NET),
        ("batch", "example", "forward", "initial", "matrix_forms", "parameters", "prove", "spec", "value_and_grad"),
    ),
}
NET = {"network": {"input": 2, "layers": [{"units": 3}]}, "loss": {"name": "cross-entropy"}}


def test_the_names_of_the_package():
    assert set(derive.__all__) == set(dir(derive))
    assert set(SIGNATURES) <= set(derive.__all__)
    assert {"Derivation", "Network", "Problem", "examples", "gradients", "__version__"} <= set(derive.__all__)


def test_the_names_of_the_examples_and_the_gradients():
    examples = {"chain_numbers", "compared_with_differences", "compared_with_torch", "descend", "errata", "errata_of",
                "graph_of", "landscape", "layer_graph", "network_graph", "seed_example"}  # fmt: skip
    assert examples <= set(dir(derive.examples))
    assert {"function", "softmax_cross_entropy", "CannotLower"} <= set(dir(derive.gradients))


@pytest.mark.parametrize("name", SIGNATURES)
def test_the_parameters_of_a_function(name: str):
    parameters = inspect.signature(getattr(derive, name)).parameters.values()
    shown = ", ".join(("**" if p.kind is p.VAR_KEYWORD else "") + p.name for p in parameters)
    assert f"({shown})" == SIGNATURES[name]


@pytest.mark.parametrize("name", OBJECTS)
def test_the_names_of_what_a_user_holds(name: str):
    make, names = OBJECTS[name]
    held = make()
    assert [each for each in names if not hasattr(held, each)] == []
