"""The figures of the lectures: letters that can be read on paper, words of the language, the same bytes each time."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from xml.etree import ElementTree

import pytest
from lecture_texts import body, document, refused

from derive.authoring.build import lecture_document
from derive.authoring.shipped import lectures
from derive.authoring.source import read_source
from derive.document.language import load_language
from derive.document.nodes import Picture, walk_blocks
from derive.render.figures import Drawn
from derive.render.formats import format_named
from derive.render.printer import Printer

NAMES = ("why-cross-entropy", "last-bias", "softmax-graph", "backpropagation")
LANGUAGES = ("en", "pt")
EVERY = [(name, language) for name in NAMES for language in LANGUAGES]
TEXT_WIDTH = (21.0 - 2 * 2.6) / 2.54 * 72  # of A4 with the margins of both templates, in points
SMALLEST = 7.5  # of a letter on paper, in points
NOT_WORDS = r"\$[^$]*\$|\d[\d.,]*|[−+(){}=×]"
HERE = {"en": r"\b(bias|step|loss|value|logit|argument|probability)\b",
        "pt": r"\b(viés|passo|perda|valor|logit|argumento|probabilidade)\b"}  # fmt: skip


@cache
def figures(name: str, language: str) -> dict[str, tuple[Picture, Drawn, str]]:
    """Each figure, as it is drawn, and its alt text."""
    read = lecture_document(read_source(lectures(language)[name]), language=language, witnesses=("kernel",))
    printer = Printer(read, format_named("typst"), load_language(language))
    pictures = [block for block in walk_blocks(read.blocks) if isinstance(block, Picture)]
    return {each.label: (each, printer.drawn(each), printer.plain(each.alt)) for each in pictures}


def said(drawn: Drawn) -> list[str]:
    return re.findall(r"<!-- (.*?) -->", drawn.svg, re.DOTALL)


def letters(element: ElementTree.Element, scale: float = 1.0) -> Iterator[float]:
    """The size of each letter of an SVG in its own points: outlines are drawn for a size of 100, and then scaled."""
    for found in re.findall(r"scale\(([\d.]+)", element.get("transform", "")):
        scale *= float(found)
    if element.tag.endswith("}use") and "STIX" in element.get("{http://www.w3.org/1999/xlink}href", ""):
        yield 100 * scale
    for child in element:
        yield from letters(child, scale)


@pytest.mark.parametrize(("name", "language"), EVERY)
def test_every_letter_can_be_read_on_paper(name: str, language: str) -> None:
    """Letters below and above others, too."""
    found = figures(name, language)
    assert len(found) >= 2
    for label, (_, drawn, _) in found.items():
        root = ElementTree.fromstring(drawn.svg)
        wide = float(root.get("width", "").removesuffix("pt"))
        sizes = [size * drawn.share / 100 * TEXT_WIDTH / wide for size in letters(root)]
        assert len(sizes) > 10, label
        assert min(sizes) >= SMALLEST, (label, min(sizes))
        assert max(sizes) <= 12, (label, max(sizes))


@pytest.mark.parametrize(("name", "language"), EVERY)
def test_every_figure_is_small_and_told_in_words(name: str, language: str) -> None:
    for label, (_, drawn, alt) in figures(name, language).items():
        assert len(drawn.svg.encode()) < 60_000, label
        assert len(drawn.pdf) < 60_000, label
        assert len(alt.split()) > 10, label
        assert not re.search(r"#emph|\\emph|\*\w", " ".join([*said(drawn), alt])), label


@pytest.mark.parametrize(("name", "language"), EVERY)
def test_axes_are_named_in_words(name: str, language: str) -> None:
    plots = [drawn for _, drawn, _ in figures(name, language).values() if drawn.canvas.axes[0].get_xlabel()]
    assert plots
    for axes in (axes for drawn in plots for axes in drawn.canvas.axes):
        for words in (axes.get_xlabel(), axes.get_ylabel()):
            assert re.search(HERE[language], re.sub(NOT_WORDS, "", words)), words


def test_a_function_keeps_its_own_letter() -> None:
    """The notation of this lecture writes output for the letter of pre-activations."""
    _, drawn, _ = figures("backpropagation", "en")["fig-sigmoid"]
    assert r"sigmoid, $\sigma(x) = \dfrac{1}{1 + e^{-x}}$" in said(drawn)
    assert not [text for text in said(drawn) if "output" in text]


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_graph_of_the_slides(language: str) -> None:
    """(a + b) c at 2, 3, 4, in its own letters, although this notation writes β for b."""
    _, drawn, alt = figures("softmax-graph", language)["fig-small" if language == "en" else "fig-soma"]
    assert {"$a$", "$b$", "$c$", "$d$", "$f$"} <= set(said(drawn))
    values = [text.replace(",", ".") for text in said(drawn) if re.fullmatch(r"\d+[.,]\d\d", text)]
    assert sorted(values) == sorted(["2.00", "3.00", "4.00", "5.00", "20.00", "4.00", "4.00", "5.00", "4.00", "1.00"])
    assert "d = a + b = 5" in alt
    assert "β" not in alt


def test_a_formula_keeps_the_letters_it_is_typed_with() -> None:
    page = body("$b$ and {{ formula('a + b') }}", notation="o-s-theta-beta")
    assert page == "β and a + b"
    document("$z_i$ and {{ formula('s + z') }}", notation="o-s-theta-beta")  # two names, and no clash


def test_only_what_has_axes_has_names_along_them() -> None:
    net = 'network({"network": {"input": 1, "layers": [{"units": 2}]}, "loss": {"name": "cross-entropy"}})'
    assert "has no axes; leave x= out" in str(refused(f"{{{{ figure('network', {net}, x='passo') }}}}"))
    made = document("{{ figure('training', [1.5, 0.5], x='step $k$') }}").blocks[0]
    assert isinstance(made, Picture)
    (panel,) = made.drawing.panels
    spoken = Printer(document("a"), format_named("text"), load_language("en"))
    assert (spoken.say(panel.x.name), spoken.say(panel.y.name)) == ("step k", "loss")


def test_the_same_bytes_in_another_process() -> None:
    here = Path(__file__).resolve()
    code = (
        f"import sys; sys.path[:0] = {[str(here.parents[n]) for n in range(3)]!r}; import hashlib; "
        "from test_lecture_figures import figures; "
        "names = ('softmax-graph', 'backpropagation'); "
        "made = [drawn for name in names for _, drawn, _ in figures(name, 'pt').values()]; "
        "print(len(made), [hashlib.sha256(each.svg.encode() + each.pdf).hexdigest() for each in made])"
    )
    started = [
        subprocess.Popen(
            [sys.executable, "-c", code], stdout=subprocess.PIPE, text=True, env=os.environ | {"PYTHONHASHSEED": seed}
        )
        for seed in ("1", "2")
    ]
    one, other = (process.communicate()[0] for process in started)
    assert one.startswith("9 ")
    assert one == other
