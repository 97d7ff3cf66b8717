"""The lecture about a network: its parts, its words, its formulas; in every format and both languages."""

import re
from pathlib import Path
from typing import Any

import pytest

from derive.chains.file_shape import LAYER, LOSS, NETWORK, REGULARIZATION
from derive.chains.spec import ACTIVATIONS, OPTIONS, TARGETS
from derive.derivation.network import Derivation, network
from derive.document.nodes import Document, Evidence, Formula, Heading, Statement, Table
from derive.render import FORMATS, render

ROOT = Path(__file__).parents[2]
ENGLISH = re.compile(r"\b(the|of|and|is|with|by|where|every|layer|weights|biases|error|loss|examples|input)\b")


def proved(*layers: dict[str, Any], batch: bool = False, wrt: str = "all", **tables: Any) -> Derivation:
    net = {"input": 4, "layers": list(layers)} | tables.pop("network", {})
    loss = {"name": "cross-entropy"} | tables.pop("loss", {})
    return network({"network": net, "loss": loss, **tables}).prove(wrt, batch, ("kernel",))


TANH = ({"units": 3, "activation": "tanh"}, {"units": 3})


@pytest.fixture(scope="module")
def iris() -> Derivation:
    return proved(*TANH, network={"name": "iris", "classes": ["setosa", "versicolor", "virginica"]})


@pytest.fixture(scope="module")
def batch() -> Derivation:
    return proved({"units": "H", "activation": "relu"}, {"units": 2}, batch=True, loss={"name": "squared-error"})


def headings(document: Document, lang: str = "en") -> list[str]:
    found = re.findall(r"^#+ (.*)$", render(document, "markdown", lang), re.MULTILINE)
    return [re.sub(r"\$`(.*?)`\$", r"\1", each) for each in found[1:]]


def test_the_sections_go_from_the_last_layer_to_the_first(iris: Derivation):
    assert headings(iris.document()) == [
        "The question", "The network", "The plan",
        "Layer 2, the last", r"Its error \delta_k^{(2)}", "Its weights W^{(2)}", "Its biases b^{(2)}",
        "Layer 1", r"Its error \delta_k^{(1)}", "Its weights W^{(1)}", "Its biases b^{(1)}",
        "The input", "Where this holds", "The result", "Matrix form", "Evidence",
    ]  # fmt: skip


def test_every_theorem_is_told_once_and_in_order(iris: Derivation, batch: Derivation):
    for derivation in (iris, batch):
        told = [block.label for block in derivation.document().blocks if isinstance(block, Statement)]
        index = [label for label in told if not label.startswith("matrix-")]
        assert index == list(derivation.proofs)
        results = [name for name in derivation.proofs if name.startswith(("delta", "gradient"))]
        assert told[len(index) :] == [f"matrix-{name}" for name in results]


def test_labels_are_unlike_also_as_they_are_printed(batch: Derivation):
    labels = [re.sub("[^A-Za-z0-9]+", "-", b.label) for b in batch.document().blocks if hasattr(b, "label")]
    assert sorted(labels) == sorted(set(labels))


@pytest.mark.parametrize(
    "line",
    [
        "δ⁽²⁾ₖ := ∂L/∂s⁽²⁾ₖ",
        "δ⁽²⁾ₖ = ∂L/∂s⁽²⁾ₖ = pₖ − yₖ",
        "δ⁽¹⁾ₖ = ∂L/∂s⁽¹⁾ₖ = (Σ_{m=1}^{3} W⁽²⁾ₘₖ δ⁽²⁾ₘ) (1 − (h⁽¹⁾ₖ)²)",
        "∂L/∂W⁽¹⁾ₖⱼ = δ⁽¹⁾ₖ xⱼ",
        "∂L/∂b⁽²⁾ₖ = pₖ − yₖ",
        "∂L/∂xⱼ = Σ_{m=1}^{3} δ⁽¹⁾ₘ W⁽¹⁾ₘⱼ",
        "Assumed: targets sum to one, Σ_{i=1}^{3} yᵢ = 1.",
        "stand, in this order, for setosa, versicolor and virginica.",
        "1        3    hyperbolic tangent  W⁽¹⁾: 3 × 4  b⁽¹⁾: 3",
        "2        3    –                   W⁽²⁾: 3 × 3  b⁽²⁾: 3",
    ],
)
def test_what_the_lecture_on_the_flowers_says(iris: Derivation, line: str):
    assert line in render(iris.document(), "text", "en", width=120)


@pytest.mark.parametrize(
    "line",
    [
        "Há N exemplos, e n os conta; a perda da rede é a média das perdas dos exemplos.",
        "δ⁽²⁾ₙₖ = ∂ℓₙ/∂s⁽²⁾ₙₖ = s⁽²⁾ₙₖ − yₙₖ",
        "Hipóteses: s⁽¹⁾ₙⱼ ≠ 0 para todo j e n.",
        "Tudo isto vale onde s⁽¹⁾ₙₖ ≠ 0, para todos os valores dos índices.",
        "formam um bico",
        "gradiente em relação aos vieses da camada 1",
    ],
)
def test_what_the_lecture_on_a_batch_says(batch: Derivation, line: str):
    assert line in render(batch.document(), "text", "pt", width=120)


def test_the_table_of_results_holds_every_error_and_every_gradient(iris: Derivation):
    *_, results, _ = [block for block in iris.document().blocks if isinstance(block, Table)]
    lefts = [iris.proofs[name].theorem.left for name in iris.proofs if name.startswith(("delta", "gradient"))]
    assert [row[0] for row in results.rows] == lefts
    assert len(lefts) == 2 + 5


def test_the_evidence_is_what_was_run(iris: Derivation):
    [evidence] = [block for block in iris.document().blocks if isinstance(block, Evidence)]
    assert [row.status for row in evidence.rows] == ["proven", "not-run", "not-run", "not-run"]


@pytest.mark.parametrize("lang", ["en", "pt"])
@pytest.mark.parametrize("format", FORMATS)
def test_every_format_shows_layers_and_no_names_of_programs(batch: Derivation, format: str, lang: str):
    page = render(batch.document(), format, lang)
    assert "delta__" not in page
    assert not re.search(r"[Wbsh]__\d", page)
    assert "∂" in page or r"\partial" in page


def test_a_portuguese_lecture_is_in_portuguese(iris: Derivation, batch: Derivation):
    for derivation in (iris, batch):
        page = render(derivation.document(), "markdown", "pt")
        page = re.sub(r"```math.*?```|\$`.*?`\$", " ", page, flags=re.DOTALL)
        assert set(ENGLISH.findall(page.lower())) == set()
    for word in ("pesos", "vieses", "pré-ativação", "Retropropagação", "entropia cruzada", "erro"):
        assert word in render(iris.document(), "markdown", "pt")


@pytest.mark.parametrize("name", [name for name in ACTIVATIONS if name != "identity"])
def test_every_activation_has_a_name_in_the_table(name: str):
    document = proved({"units": 2, "activation": name}, {"units": 2}, wrt="b2").document()
    layers = next(block for block in document.blocks if isinstance(block, Table))
    assert layers.rows[0][2].key == f"activation.{name}"  # type: ignore[union-attr]
    assert render(document, "text", "pt")


@pytest.mark.parametrize("name", TARGETS)
def test_every_loss_is_called_by_its_name(name: str):
    page = render(proved({"units": "C"}, loss={"name": name}).document(), "text", "en")
    assert {"huber": "Huber", "kl-divergence": "Kullback"}.get(name, name.split("-")[0]) in page


def test_only_what_was_asked_for_is_told():
    document = proved(*TANH, wrt="W2").document()
    assert "Layer 1" not in headings(document)
    assert "The input" not in headings(document)
    assert "Its biases b^{(2)}" not in headings(document)


def test_a_single_layer_has_no_layer_before_it():
    page = render(proved({"units": "C"}).document(), "text", "en")
    assert "Layer 1, the last" in page
    assert "backpropagation" not in page


def test_three_layers_and_a_layer_without_biases():
    layers = ({"units": 2, "activation": "tanh", "bias": False}, {"units": 3}, {"units": 2})
    page = render(proved(*layers).document(), "text", "en", width=120)
    assert "There is no activation on the way." in page
    assert "layer after it. Unit k is received by every unit m of layer 3, with m from 1 to 2" in page.replace(
        "\n", " "
    )
    assert "Its biases b⁽¹⁾" not in page
    assert "pre-activations of layers 2 and 3" in page


@pytest.mark.parametrize(("reduction", "says"), [("mean", "the mean of"), ("sum", "the sum of"), ("none", "by itself")])
def test_how_the_examples_are_put_together(reduction: str, says: str):
    page = render(proved({"units": 2}, batch=True, loss={"reduction": reduction}).document(), "text", "en", width=120)
    assert says in page


def test_a_penalty_is_announced():
    says = "a penalty on the weights"
    assert says in render(proved({"units": 2}, regularization={"l2": 0.1}).document(), "text", "en")
    assert says not in render(proved({"units": 2}).document(), "text", "en")


def test_the_letter_of_the_examples_gives_way_to_a_size():
    page = render(proved({"units": 2}, batch=True, network={"input": "n"}).document(), "text", "en", width=120)
    assert "There are N examples, and q counts them" in page
    assert "δ⁽¹⁾_{qk}" in page


def test_detail_is_passed_on(iris: Derivation):
    brief, full = (len(render(iris.document(detail), "text")) for detail in ("brief", "full"))
    assert brief < len(render(iris.document(), "text")) < full


def test_definitions_come_before_they_are_used(iris: Derivation):
    blocks = iris.document().blocks
    labels = [block.label for block in blocks if isinstance(block, Formula)]
    assert labels[:5] == [f"definition-{name}" for name in ("s__1", "h__1", "s__2", "p", "L")]
    section = [block.label for block in blocks if isinstance(block, Heading | Formula)]
    start = section.index("layer-1-section")
    assert section[start + 1 : start + 3] == ["layer-1-definition-s__1", "layer-1-definition-h__1"]


def test_names_of_classes_are_escaped():
    odd = ["a_b$#{x}%", "<b>", "`c`"]
    document = proved({"units": 3}, network={"classes": odd, "name": "100% \\mine"}).document()
    for format in FORMATS:
        assert render(document, format, "pt")
    assert r"a\_b\$\#\{x\}\%" in render(document, "latex")


def rows(page: str, start: str) -> list[list[str]]:
    """The rows of the table that begins with these words, without its head."""
    table = page[page.index(start) :].split("\n\n")[0].splitlines()[2:]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in table]


def test_the_page_lists_every_key():
    page = (ROOT / "docs" / "networks.md").read_text(encoding="utf-8")
    tables = {"`[network]`": NETWORK, "a layer": LAYER, "`[loss]`": LOSS, "`[regularization]`": REGULARIZATION}
    wanted = [
        [title, f"`{key.name}`" + " (required)" * key.required, key.says]
        for title, table in tables.items()
        for key in table.keys
    ]
    assert rows(page, "| table | key |") == wanted
    losses = rows(page, "| loss | targets |")
    assert [row[0].strip("`") for row in losses] == list(TARGETS)
    for name, targets, _, options in losses:
        assert re.findall("`(.*?)`", targets) == list(TARGETS[name.strip("`")])
        assert re.findall("`(.*?)`", options) == list(OPTIONS[name.strip("`")])
    listed = next(line for line in page.splitlines() if line.startswith("Activations:"))
    assert re.findall("`(.*?)`", listed) == list(ACTIVATIONS)


def test_a_large_network_is_looked_at_in_small_and_the_document_says_so():
    spec = {"network": {"input": 30, "layers": [{"units": 64, "activation": "tanh"}, {"units": 10}]}}
    derivation = network({**spec, "loss": {"name": "cross-entropy"}}).prove("b2")
    kernel, balls, sympy, _ = derivation.verdicts
    assert [v.status for v in (kernel, balls, sympy)] == ["proven"] * 3
    assert "cut" not in kernel.detail
    for verdict in (balls, sympy):
        assert verdict.detail["cut"] == "30-64-10"
        assert all(int(units) <= 5 for units in verdict.detail["sizes"].split("-"))
    assert derivation.to("text").count("cut down from 30-64-10 units") == 2
    assert derivation.to("text", "pt").count("30-64-10") == 2
