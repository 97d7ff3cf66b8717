"""What the gallery shows, as data: each example is proved once and told in every format and language."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from derive.authoring.build import read_lecture
from derive.authoring.shipped import lectures
from derive.chains.softmax_cross_entropy import NAME
from derive.checking import check
from derive.derivation import problem, prove
from derive.derivation.network import network
from derive.derivation.prove import lemma
from derive.document.language import load_language
from derive.document.nodes import Document
from derive.examples.iris import CLASSES
from derive.lectures import catalogue
from derive.proofs.lemmas import LEMMAS as CATALOGUE_OF_LEMMAS
from derive.render import render

LANGUAGES = ("en", "pt")
FLOWERS = {"classes": list(CLASSES), "target": "setosa"}
Tell = Callable[[str, str], str]  # the text in a format and a language


class Example(Protocol):
    """What a section of the gallery lists. endings: of its files; cells: what the index says of it."""

    @property
    def name(self) -> str: ...
    @property
    def endings(self) -> tuple[str, ...]: ...
    @property
    def cells(self) -> tuple[str, ...]: ...
    def tell(self) -> Tell:
        """Prove it, once for all formats and languages."""


@dataclass(frozen=True)
class LectureExample:
    """A lecture. figure: the label of the one that the index shows, of those in English."""

    name: str
    figure: str | None = None
    endings: tuple[str, ...] = (".md", ".tex")

    def documents(self) -> Mapping[str, Document]:
        """The lecture in each language; PyTorch is left alone, so that it is the same on every machine."""
        if self.name in catalogue.LECTURES:
            return dict.fromkeys(LANGUAGES, catalogue.lecture_named(self.name))
        return {lang: read_lecture(lectures(lang)[self.name], language=lang, torch=False)[0] for lang in LANGUAGES}


LECTURES = (
    LectureExample("why-cross-entropy", "fig-curves"),
    LectureExample("last-bias", "fig-loss"),
    LectureExample("softmax-graph", "fig-layer"),
    LectureExample("backpropagation", "fig-surface"),
    LectureExample(NAME, "training-curve", (".md", ".tex", ".typ")),
    LectureExample(catalogue.EXAMPLES, None, (".md", ".tex", ".typ")),
)


@dataclass(frozen=True)
class ProofExample:
    """A derivation of the problem of the catalogue."""

    name: str
    wrt: str
    options: dict[str, Any]
    says: str
    endings: tuple[str, ...] = (".md", ".txt")
    road: str = "jacobian"
    detail: str = "lecture"

    @property
    def cells(self) -> tuple[str, ...]:
        return (self.says,)

    def tell(self) -> Tell:
        derivation = prove(problem(NAME, **self.options), self.wrt, self.road)
        return lambda format, lang: derivation.to(format, lang, self.detail)


PROOFS = (
    ProofExample("biases", "b", {}, "any number of classes, by the biases", (".md", ".txt", ".fragment.tex", ".json")),
    ProofExample("weights", "W", {}, "any number of classes, by the weights"),
    ProofExample("inputs", "h", {}, "any number of classes, by the inputs"),
    ProofExample("logits-road", "z", {}, "by the logits, on the logits road", road="logits"),
    ProofExample("biases-full", "b", {}, "by the biases, every step", (".md",), detail="full"),
    ProofExample("biases-brief", "b", {}, "by the biases, milestones only", (".md",), detail="brief"),
    ProofExample("one-hot", "b", {"target": "r"}, "any number of classes, one true class r"),
    ProofExample(
        "iris-biases", "b", FLOWERS, "three species, setosa observed, by b_3, b_4, b_5", (".md", ".txt", ".json")
    ),
    ProofExample("iris-weights", "W", FLOWERS, "three species, setosa observed, by the weights"),
    ProofExample("three-classes", "b", {"classes": 3}, "three classes without names"),
)


@dataclass(frozen=True)
class FormulaExample:
    """Derivatives of a formula, or (with lines) what is said of a person's own lines about it."""

    name: str
    formula: str
    says: str
    options: dict[str, Any] = field(default_factory=dict)
    lines: tuple[str, ...] = ()
    endings: tuple[str, ...] = (".md", ".txt")
    detail: str = "lecture"

    @property
    def cells(self) -> tuple[str, ...]:
        return self.says, f"`{self.formula}`"

    def tell(self) -> Tell:
        if self.lines:
            return lambda format, lang: render(check(self.formula, self.lines, lang=lang).document(), format, lang)
        derivation = prove(self.formula, **self.options)
        return lambda format, lang: derivation.to(format, lang, self.detail)


FORMULAS = (
    FormulaExample("product", "x^2 sin(x)", "x² sin x, every step", endings=(".md", ".txt", ".json"), detail="full"),
    FormulaExample("latex", r"\frac{\sin x}{1+x^2}", "a formula in LaTeX", endings=(".md", ".fragment.tex")),
    FormulaExample("second", "ln(x)/x", "a second derivative", {"order": 2}),
    FormulaExample("hessian", "x^3 y^2 + sin(x y)", "a gradient and a Hessian", {"wrt": "x,y", "hessian": True}),
    FormulaExample("pieces", "piecewise(x^2 if x < 0; x ln x if x < 1; abs(x - 3))", "pieces and kinks"),
    FormulaExample(
        "squared-error", "sum(i, (y_i - sum(j, W_ij h_j))^2)/2", "squared error by a weight", {"wrt": "W_kl"}
    ),
    FormulaExample("abstract", "f(x g(x))", "functions without a formula"),
    FormulaExample(
        "check-right", "x^2 sin(x)", "a person's lines, all right",
        lines=("(x^2)' sin x + x^2 (sin x)'", "2x sin x + x^2 cos x", "x (2 sin x + x cos x)"),
    ),
    FormulaExample(
        "check-wrong", "sin(x^2)/x", "a person's lines, with a lost inner derivative",
        lines=("(cos(x^2) x - sin(x^2))/x^2",),
    ),
)  # fmt: skip


@dataclass(frozen=True)
class NetworkExample:
    """The gradients of a network, from the file that describes it. batch: of the loss over N examples."""

    name: str
    file: str
    says: str
    batch: bool = False
    endings: tuple[str, ...] = (".md", ".txt")

    @property
    def cells(self) -> tuple[str, ...]:
        return self.says, f"[{self.name}.toml](networks/{self.name}.toml)"

    def tell(self) -> Tell:
        return network(tomllib.loads(self.file)).prove(batch=self.batch).to


NETWORKS = (
    NetworkExample(
        "iris",
        """\
[network]
name = "iris"
input = 4
layers = [
  {units = 3, activation = "tanh"},
  {units = 3},
]
features = ["sepal length", "sepal width", "petal length", "petal width"]
classes = ["setosa", "versicolor", "virginica"]

[loss]
name = "cross-entropy"
""",
        "tanh, softmax and cross-entropy: every gradient for one example",
        endings=(".md", ".tex", ".txt", ".json"),
    ),
    NetworkExample(
        "batch",
        """\
[network]
input = 4
layers = [
  {units = "H", activation = "relu"},
  {units = 2},
]

[loss]
name = "squared-error"
reduction = "mean"

[regularization]
l2 = "lambda"
""",
        "ReLU, squared error and weight decay: every gradient for N examples",
        batch=True,
    ),
)


@dataclass(frozen=True)
class LemmaExample:
    """A lemma of the catalogue."""

    name: str
    endings: tuple[str, ...] = (".md",)

    @property
    def cells(self) -> tuple[str, ...]:
        return (load_language("en").text(f"lemma.summary.{self.name}"),)

    def tell(self) -> Tell:
        return lemma(self.name).to


LEMMAS = tuple(map(LemmaExample, CATALOGUE_OF_LEMMAS))


@dataclass(frozen=True)
class Section:
    """Examples of one kind, in a folder of their own. head: of the cells in the index."""

    title: str
    folder: str
    head: tuple[str, ...]
    examples: tuple[Example, ...]


SECTIONS = (
    Section("Proofs", "proofs", ("what",), PROOFS),
    Section("Functions", "functions", ("what", "typed"), FORMULAS),
    Section("Networks", "networks", ("what", "described by"), NETWORKS),
    Section("Lemmas", "lemmas", ("what",), LEMMAS),
)
