"""The gallery: examples of everything derive writes, which are also the golden files of the tests."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from derive.checking import check
from derive.derivation import problem, prove
from derive.document.language import load_language
from derive.examples.iris import CLASSES
from derive.gradients.__main__ import generated
from derive.lectures.catalogue import LECTURES, lecture_named
from derive.lectures.rule_list import rules_document
from derive.lemmas import LEMMAS, lemma
from derive.networks import NetworkDerivation, network
from derive.problems.softmax_cross_entropy import NAME
from derive.render import render
from derive.render.save import save, write

LANGUAGES = ("en", "pt")
FLOWERS = {"classes": list(CLASSES), "target": "setosa"}


@dataclass(frozen=True)
class Example:
    """One derivation of the gallery and the endings of the files it is written to."""

    name: str
    wrt: str
    options: dict[str, Any]
    says: str
    endings: tuple[str, ...] = (".md", ".txt")
    road: str = "jacobian"
    detail: str = "lecture"


EXAMPLES = (
    Example("biases", "b", {}, "any number of classes, by the biases", (".md", ".txt", ".fragment.tex", ".json")),
    Example("weights", "W", {}, "any number of classes, by the weights"),
    Example("inputs", "h", {}, "any number of classes, by the inputs"),
    Example("logits-road", "z", {}, "by the logits, on the logits road", road="logits"),
    Example("biases-full", "b", {}, "by the biases, every step", (".md",), detail="full"),
    Example("biases-brief", "b", {}, "by the biases, milestones only", (".md",), detail="brief"),
    Example("one-hot", "b", {"target": "r"}, "any number of classes, one true class r"),
    Example("iris-biases", "b", FLOWERS, "three species, setosa observed, by b_3, b_4, b_5", (".md", ".txt", ".json")),
    Example("iris-weights", "W", FLOWERS, "three species, setosa observed, by the weights"),
    Example("three-classes", "b", {"classes": 3}, "three classes without names"),
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

    @cached_property
    def derivation(self) -> NetworkDerivation:
        return network(tomllib.loads(self.file)).prove(batch=self.batch)


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


def build(folder: Path, bar: Callable[[int], Any] | None = None) -> list[Path]:
    """Write the whole gallery into a folder; returns the files. The same program writes the same bytes."""
    tasks = list(_tasks())
    progress = bar(len(tasks)) if bar else None
    written: list[Path] = []
    for name, task in tasks:
        if progress:
            progress.step(name)
        written += task(folder)
    if progress:
        progress.done()
    return written


Task = Callable[[Path], list[Path]]
FORMATS = {".md": "markdown", ".txt": "text", ".tex": "latex", ".fragment.tex": "latex-fragment", ".json": "json"}


def _tasks() -> Iterator[tuple[str, Task]]:
    for lang in LANGUAGES:
        for example in EXAMPLES:
            yield example.name, _proof_task(example, lang)
        for formula in FORMULAS:
            yield formula.name, _formula_task(formula, lang)
        for net in NETWORKS:
            yield net.name, _network_task(net, lang)
        for name in LEMMAS:
            yield name, _lemma_task(name, lang)
        for name in LECTURES:
            yield name, _lecture_task(name, lang)
        yield "rules", _rules_task(lang)
    yield "networks", lambda folder: [_write(folder / "networks" / f"{net.name}.toml", net.file) for net in NETWORKS]
    yield "gradient", lambda folder: [_write(folder / "gradient.py", generated())]
    yield "README", lambda folder: [_write(folder / "README.md", _index())]


def _write(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    write(path, text.encode())
    return path


def _proof_task(example: Example, lang: str) -> Task:
    def task(folder: Path) -> list[Path]:
        derivation = prove(problem(NAME, **example.options), example.wrt, example.road)
        paths = []
        for ending in example.endings:
            path = folder / "proofs" / lang / f"{example.name}{ending}"
            paths.append(_write(path, derivation.to(FORMATS[ending], lang, example.detail)))
        return paths

    return task


def _formula_task(example: FormulaExample, lang: str) -> Task:
    def task(folder: Path) -> list[Path]:
        told: Any
        if example.lines:
            told = check(example.formula, example.lines, lang=lang).document()
        else:
            told = prove(example.formula, **example.options)
        paths = []
        for ending in example.endings:
            format = FORMATS[ending]
            text = render(told, format, lang) if example.lines else told.to(format, lang, example.detail)
            paths.append(_write(folder / "functions" / lang / f"{example.name}{ending}", text))
        return paths

    return task


def _network_task(example: NetworkExample, lang: str) -> Task:
    def task(folder: Path) -> list[Path]:
        paths = []
        for ending in example.endings:
            path = folder / "networks" / lang / f"{example.name}{ending}"
            paths.append(_write(path, example.derivation.to(FORMATS[ending], lang)))
        return paths

    return task


def _lemma_task(name: str, lang: str) -> Task:
    return lambda folder: [_write(folder / "lemmas" / lang / f"{name}.md", lemma(name).to("markdown", lang))]


def _lecture_task(name: str, lang: str) -> Task:
    def task(folder: Path) -> list[Path]:
        document = lecture_named(name)
        paths = []
        for ending in (".md", ".tex", ".typ"):
            path = folder / "lectures" / f"{name}.{lang}{ending}"
            path.parent.mkdir(parents=True, exist_ok=True)
            save(document, path, lang)
            paths.append(path)
        return paths

    return task


def _rules_task(lang: str) -> Task:
    return lambda folder: [_write(folder / f"rules.{lang}.md", render(rules_document(), "markdown", lang))]


def _index() -> str:
    """The list of everything, as Markdown."""
    lines = ["# Gallery", "", "Written by `derive build`; the tests compare it byte for byte.", "", "## Lectures", ""]
    for name in LECTURES:
        files = " · ".join(
            f"[{lang}{end}](lectures/{name}.{lang}{end})" for lang in LANGUAGES for end in (".md", ".tex", ".typ")
        )
        lines.append(f"- {name}: {files}")
    lines += ["", "## Proofs", "", "| what | files |", "| --- | --- |"]
    for example in EXAMPLES:
        files = " · ".join(
            f"[{lang}{end}](proofs/{lang}/{example.name}{end})" for lang in LANGUAGES for end in example.endings
        )
        lines.append(f"| {example.says} | {files} |")
    lines += ["", "## Functions", "", "| what | typed | files |", "| --- | --- | --- |"]
    for formula in FORMULAS:
        files = " · ".join(
            f"[{lang}{end}](functions/{lang}/{formula.name}{end})" for lang in LANGUAGES for end in formula.endings
        )
        lines.append(f"| {formula.says} | `{formula.formula}` | {files} |")
    lines += ["", "## Networks", "", "| what | described by | files |", "| --- | --- | --- |"]
    for net in NETWORKS:
        files = " · ".join(
            f"[{lang}{end}](networks/{lang}/{net.name}{end})" for lang in LANGUAGES for end in net.endings
        )
        lines.append(f"| {net.says} | [{net.name}.toml](networks/{net.name}.toml) | {files} |")
    lines += ["", "## Lemmas", "", "| what | files |", "| --- | --- |"]
    for name in LEMMAS:
        files = " · ".join(f"[{lang}.md](lemmas/{lang}/{name}.md)" for lang in LANGUAGES)
        lines.append(f"| {load_language('en').text(f'lemma.summary.{name}')} | {files} |")
    lines += ["", "## More", "", "- [the gradient as a module](gradient.py)"]
    lines += [f"- [every rule, {lang}](rules.{lang}.md)" for lang in LANGUAGES]
    return "\n".join(lines) + "\n"
