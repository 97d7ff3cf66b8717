"""The document of a network: what it is, then each layer from the last to the first, then what was proved."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from derive.chains.network import EXAMPLES, NetworkProblem, layered
from derive.chains.spec import NetworkSpec, constants
from derive.core.term import Term, d, delta, sym
from derive.document.explain import OF_LAYER
from derive.document.matrices import matrix_blocks
from derive.document.nodes import (
    Block,
    Document,
    Equation,
    Formula,
    Heading,
    Listing,
    Message,
    Name,
    Prose,
    Slot,
    Statement,
    Table,
)
from derive.document.proof_blocks import defined, evidence, results_table, told
from derive.document.style import Style
from derive.lectures.network_conditions import everywhere
from derive.matrices.forms import matrix_forms
from derive.matrices.layout import Layout, usual_layout
from derive.proofs.proof import Proof
from derive.witness.verdict import Verdict

i, j, k, m = map(sym, "ijkm")
x, y, s, h = map(sym, "xysh")
INPUT = 0  # where the theorems about the input are told: after the first layer
THEOREMS = ("delta", "gradient")  # what is asked for; everything else is a lemma
UNNAMED = NetworkSpec.__dataclass_fields__["name"].default


def network_document(
    problem: NetworkProblem,
    families: Sequence[str],
    proofs: Mapping[str, Proof],
    verdicts: Sequence[Verdict],
    detail: str,
    layout: Layout | None = None,
) -> Document:
    """families: what was differentiated by. proofs: every theorem by name, in the order in which they are told.

    layout: of the matrix forms; the usual one by default.
    """
    return _Telling(problem, tuple(families), proofs, detail, layout or usual_layout(problem)).document(verdicts)


def style_of(problem: NetworkProblem) -> Style:
    """δ for the derivative of an example's loss by a pre-activation; classes are counted after the examples."""
    loss = problem.example_loss
    shapes = problem.context.shapes
    rows = {family: 1 for family, shape in shapes.items() if len(shape) > 1 and shape[0] == EXAMPLES}
    return Style(errors=str((loss.args or (loss,))[0].value), labelled=rows)


def layers_table(problem: NetworkProblem, label: str = "layers") -> Table:
    """The layers of a network, one row each."""
    return replace(_Telling(problem, (), {}, "lecture", usual_layout(problem)).layers(), label=label)


@dataclass(frozen=True)
class _Telling:
    problem: NetworkProblem
    families: tuple[str, ...]
    proofs: Mapping[str, Proof]
    detail: str
    layout: Layout

    def document(self, verdicts: Sequence[Verdict]) -> Document:
        spec = self.problem.spec
        blocks: list[Block] = [*self.question(), *self.network(), *self.plan()]
        for layer in range(self.problem.depth, 0, -1):
            blocks += self.layer(layer)
        if "x" in self.families:
            blocks += self.input()
        blocks += [
            *everywhere(self.problem, self.proofs),
            Heading("results", Message("proof.result")),
            self.results(),
            *self.matrices(),
            Heading("evidence", Message("proof.evidence")),
            evidence("evidence-table", verdicts, "network"),
        ]
        named = spec.name != UNNAMED
        title = Message("network.title-named", {"name": Name(spec.name)}) if named else Message("network.title")
        return Document(title, Message("network.subtitle"), tuple(blocks), self.problem.labels, style_of(self.problem))

    def matrices(self) -> Iterator[Block]:
        """The gradients as equations of matrices, each entry proved from the index line."""
        forms = matrix_forms(self.problem, self.proofs, self.layout)
        names = [name for name in forms.theorems if name.startswith(THEOREMS)]
        if names:
            yield Heading("matrix-form", Message("network.matrices"))
            yield from matrix_blocks(forms, names)

    # what is asked

    def question(self) -> Iterator[Block]:
        yield Heading("question", Message("proof.question"))
        yield Prose(Message("network.asked", {"derivatives": Listing(tuple(map(self.wanted, self.families)))}))

    def wanted(self, family: str) -> Term:
        """The derivative that was asked for."""
        return self.proofs[f"gradient-{family}"].theorem.left

    def network(self) -> Iterator[Block]:
        """The layers as a table, and everything written out, from the input to the loss."""
        problem = self.problem
        slots: dict[str, Slot] = {"inputs": problem.sizes[0], "x": problem.entry(x, j), "j": j, "s": s, "h": h}
        yield Heading("network", Message("network.network"))
        yield Prose(Message("network.described", slots))
        yield self.layers()
        for key, names in (("features", problem.spec.features), ("classes", problem.spec.classes)):
            if names:
                yield Prose(Message(f"network.{key}", {key: Listing(tuple(map(Name, names)))}))
        loss = problem.spec.loss
        yield Prose(Message("network.loss", {"loss": Message(f"loss.{loss.name}"), "y": problem.entry(y, k)}))
        yield from self.letters()
        if problem.batch:
            yield Prose(Message(f"network.batch-{loss.reduction}", {"n": problem.row[0], "count": EXAMPLES}))
        if problem.spec.l1 != 0 or problem.spec.l2 != 0:
            yield Prose(Message("network.penalty"))
        yield Prose(Message("network.written-out"))
        yield from self.defined(problem.context.definitions)

    def letters(self) -> Iterator[Block]:
        """What the letters of the loss stand for."""
        problem, loss = self.problem, self.problem.spec.loss
        if loss.target == "index":
            yield Prose(Message("network.letter-index", {"y": problem.entry(y, k)}))
        if loss.ignore_index is not None:
            slots: dict[str, Slot] = {"index": Name(str(loss.ignore_index)), "y": problem.entry(y, k)}
            yield Prose(Message("network.letter-ignored", slots))
        for family in map(sym, "zt"):
            if str(family.value) in problem.context.definitions:
                yield Prose(Message(f"network.letter-{family.value}", {str(family.value): problem.entry(family, k)}))
        if "u" in problem.context.definitions:
            yield Prose(Message("network.letter-u", {"u": sym("u")[problem.row]}))
        if "w" in problem.context.shapes:
            yield Prose(Message("network.letter-w", {"w": sym("w")[k]}))
        if given := constants(problem.spec):
            yield Prose(Message("network.letter-constants", {"constants": Listing(tuple(map(sym, given)))}))

    def layers(self) -> Table:
        """One row a layer."""
        columns = ("layer", "units", "activation", "weights", "biases")
        rows = tuple(map(self.layer_row, range(1, self.problem.depth + 1)))
        head = tuple(Message(f"network.column-{name}") for name in columns)
        return Table("layers", Message("network.layers"), head, rows, "lclll")

    def layer_row(self, layer: int) -> tuple[Slot, ...]:
        kind, units, before = (
            self.problem.spec.layers[layer - 1],
            self.problem.sizes[layer],
            self.problem.sizes[layer - 1],
        )
        weights = Message("network.matrix", {"W": layered("W", layer), "rows": units, "columns": before})
        biases = Message("network.vector", {"b": layered("b", layer), "rows": units})
        without = Name("–")
        activation: Slot = without if kind.activation == "identity" else Message(f"activation.{kind.activation}")
        return (Name(str(layer)), units, activation, weights, biases if kind.bias else without)

    def defined(self, names: Mapping[str, object] | Sequence[str], prefix: str = "") -> Iterator[Block]:
        """The definitions of some names, as displayed formulas."""
        for name in names:
            if name in self.problem.context.definitions:
                yield defined(self.problem.context.definitions[name], prefix)

    def plan(self) -> Iterator[Block]:
        """What the error of a layer is, and why the way leads backwards."""
        depth = self.problem.depth
        error = Equation((self.error(depth), self.slope(depth)), ":=")
        yield Heading("plan", Message("network.plan"))
        yield Prose(Message("network.plan-error"))
        yield Formula("error", error)
        yield Prose(Message("network.plan-kronecker", {"delta": delta(i, k)}))
        yield Prose(Message("network.plan-backwards" if depth > 1 else "network.plan-single"))

    def slope(self, layer: int) -> Term:
        return d(self.problem.example_loss, self.problem.entry(layered("s", layer), k))

    def error(self, layer: int) -> Term:
        """The δ of a layer."""
        return self.problem.entry(layered("delta", layer), k)

    # the layers

    def layer(self, layer: int) -> Iterator[Block]:
        """A section that can be read on its own."""
        if f"delta-{layer}" not in self.proofs:
            return
        last = layer == self.problem.depth
        yield Heading(f"layer-{layer}-section", self.say("last-layer" if last else "layer", layer))
        yield Prose(self.say("letters-batch" if self.problem.batch else "letters", layer))
        names = [f"s__{layer}", f"h__{layer}"]
        yield from self.defined([*names, *self.of_loss()] if last else names, f"layer-{layer}-")
        yield Heading(f"error-{layer}", self.say("error", layer), 2)
        plain = self.problem.spec.layers[layer - 1].activation == "identity"
        yield Prose(self.say("error-last" if last else "error-hidden-plain" if plain else "error-hidden", layer))
        yield from self.tell(name for name in self.of(layer) if not _is_parameter(name))
        for letter in "Wb":
            names = [name for name in self.of(layer) if _is_parameter(name) and _letter(name) == letter]
            if names:
                yield Heading(f"{letter}-{layer}-section", self.say(f"of-{letter}", layer), 2)
                yield Prose(self.say(f"of-{letter}-text", layer))
                yield from self.tell(names)

    def say(self, key: str, layer: int) -> Message:
        """A text about a layer, with all that it may speak of."""
        sizes, problem = self.problem.sizes, self.problem
        after = min(layer + 1, problem.depth)
        slots: dict[str, Slot] = {
            "layer": Name(str(layer)), "next": Name(str(after)), "error": self.error(layer), "k": k, "j": j, "m": m,
            "n": (*problem.row, EXAMPLES)[0],
            "units": sizes[layer], "before": sizes[layer - 1], "after": sizes[after], "W": layered("W", layer),
            "b": layered("b", layer), "weights": layered("W", after),
        }  # fmt: skip
        return Message(f"network.{key}", slots)

    def of_loss(self) -> list[str]:
        """What is defined after the last layer: the probabilities, the loss of an example."""
        own = {f"{letter}__{layer}" for letter in "sh" for layer in range(1, self.problem.depth + 1)}
        example = str((self.problem.example_loss.args or (self.problem.example_loss,))[0].value)
        named = [name for name in self.problem.context.definitions if name not in own]
        return named[: named.index(example) + 1]

    def of(self, layer: int) -> list[str]:
        """The theorems told in the section of a layer, in their order."""
        return [name for name in self.proofs if self.layer_of(name) == layer]

    def layer_of(self, name: str) -> int:
        """The layer a theorem is about; those about the loss belong to the last."""
        if found := OF_LAYER.fullmatch(name):
            return int(found[2])
        return INPUT if name.endswith("-x") else self.problem.depth

    def input(self) -> Iterator[Block]:
        yield Heading("input", Message("network.input"))
        yield Prose(self.say("input-text", 1))
        if self.problem.batch:
            yield Prose(Message("network.input-batch", {"q": self.problem.other_example}))
        yield from self.tell(self.of(INPUT))

    def tell(self, names: Iterator[str] | Sequence[str]) -> Iterator[Block]:
        """The statements and their derivations; that of an error says that it is one."""
        for name in names:
            theorem = name.startswith(THEOREMS)
            for block in told(self.proofs[name], self.detail, "ui.theorem" if theorem else "ui.lemma"):
                if isinstance(block, Statement) and name.startswith("delta-"):
                    t = self.proofs[name].theorem
                    error = self.error(self.layer_of(name))
                    block = replace(block, content=Equation((error, t.left, t.right)))
                yield block

    def results(self) -> Table:
        """Every error and every gradient, in their order."""
        named = [proof.theorem for name, proof in self.proofs.items() if name.startswith(THEOREMS)]
        return replace(results_table("results-table", named), caption=Message("network.caption"))


def _is_parameter(name: str) -> bool:
    return name.startswith(("affine-", "example-", "gradient-"))


def _letter(name: str) -> str:
    """W for affine-W-2 and for gradient-W__2."""
    return name.partition("-")[2][:1]
