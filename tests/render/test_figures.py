"""Pictures as files: both languages, the same bytes each time, names that mean harm."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree

import pytest
from pictures import ALT, CAPTION, NASTY, PICTURES, descent, say, wording
from sample import plot

from derive.core.term import d, exp, lift, sym, total
from derive.document.figures import (
    Axis,
    Contours,
    FigureError,
    Panel,
    Plot,
)
from derive.document.mathtree import CaseRows, Fence, Symbol, Text
from derive.document.nodes import Document, Emphasis, Equation, Name, Number, Phrase, Picture, Slot
from derive.document.pictures import training_curve, typed
from derive.document.style import PLAIN
from derive.errors import MissingTool
from derive.render import plots, render
from derive.render.figures import SETTINGS, drawn
from derive.render.mathtext import formula, labels, measure, words
from derive.render.pdf import pdf
from derive.render.save import save


def told(picture: Picture, language: str = "pt") -> list[str]:
    """What is written in a picture: beside the shapes of the letters the library leaves a comment."""
    return [text.strip() for text in re.findall(r"<!--(.*?)-->", drawn(picture, wording(language)).svg)]


@pytest.mark.parametrize("picture", PICTURES.values(), ids=PICTURES)
def test_svg_is_well_formed_and_carries_its_letters(picture: Picture) -> None:
    for language in ("pt", "en"):
        made = drawn(picture, wording(language))
        root = ElementTree.fromstring(made.svg)
        assert root.tag == "{http://www.w3.org/2000/svg}svg"
        kinds = {each.tag.rpartition("}")[2] for each in root.iter()}
        assert not kinds & {"script", "text", "foreignObject", "image", "a"}
        assert "dc:date" not in made.svg
        assert made.pdf.startswith(b"%PDF")
        assert not re.search(b"CreationDate|ModDate|Producer|FlateDecode", made.pdf)
        assert 20 <= made.share <= 100


@pytest.mark.parametrize("picture", PICTURES.values(), ids=PICTURES)
def test_svg_is_small_and_its_last_digits_are_rounded(picture: Picture) -> None:
    svg = drawn(picture, wording()).svg
    assert len(svg) < 60_000
    numbers = re.sub(r"<!--.*?-->|scale\([^)]*\)", "", svg, flags=re.DOTALL)
    assert not re.search(r"\d\.\d{3}", numbers)
    assert "-0 " not in numbers
    names = re.findall(r'id="([^"]*)"', svg)
    assert len(names) == len(set(names))
    assert set(re.findall(r'#([\w.-]+)[")]', svg)) <= {*names, *re.findall(r"#([0-9a-f]{6})\b", svg)}
    assert not [name for name in names if re.fullmatch(r"[a-zA-Z][0-9a-f]{10}", name)]  # a hash of unrounded numbers


@pytest.mark.parametrize("label", ["graph", "entropy-and-squares", "hills", "nasty", "network"])
def test_the_same_bytes_twice(label: str) -> None:
    one, other = drawn(PICTURES[label], wording()), drawn(PICTURES[label], wording())
    assert (one.svg, one.pdf) == (other.pdf, other.svg)[::-1]  # whichever is written first


def test_the_same_bytes_in_another_process() -> None:
    here = Path(__file__).resolve().parent
    code = (
        f"import sys; sys.path[:0] = {[str(here), str(here.parents[1])]!r}; import hashlib, pictures as t; "
        "from derive.render.figures import drawn; "
        "made = [drawn(picture, t.wording()) for picture in t.PICTURES.values()]; "
        "print([hashlib.sha256(m.svg.encode() + m.pdf).hexdigest() for m in made])"
    )
    runs = {
        subprocess.run(
            [sys.executable, "-c", code], capture_output=True, text=True, check=True,
            env=os.environ | {"PYTHONHASHSEED": seed},
        ).stdout
        for seed in ("1", "2")
    }  # fmt: skip
    assert len(runs) == 1


def test_numbers_have_the_comma_of_the_language() -> None:
    assert {"−4,00", "−3,00", "2,00"} <= set(told(PICTURES["graph"], "pt"))
    assert {"−4.00", "−3.00", "2.00"} <= set(told(PICTURES["graph"], "en"))
    assert {"0,5", "1,0"} <= set(told(training_curve("t", [1.0, 0.5]), "pt"))
    assert {"inclinação −10,0", "inclinação −1,8"} <= set(told(PICTURES["entropy-and-squares"], "pt"))
    assert {"slope −10.0", "slope −1.8"} <= set(told(PICTURES["entropy-and-squares"], "en"))
    for label in ("graph", "entropy-and-squares", "b3", "hills", "training", "sigmoid-and-step"):
        assert not [text for text in told(PICTURES[label], "pt") if re.search(r"\d\.\d", text)]
        assert not [text for text in told(PICTURES[label], "en") if re.search(r"\d,\d", text)]


def test_pictures_speak_the_language() -> None:
    assert {"entropia cruzada", "erro quadrático", "tangente", "perda"} <= set(told(PICTURES["entropy-and-squares"]))
    assert {"cross-entropy", "squared error", "tangent", "loss"} <= set(told(PICTURES["entropy-and-squares"], "en"))
    assert {"função degrau", "saída", "$x$"} <= set(told(PICTURES["sigmoid-and-step"]))
    assert {"caminho da descida", "início", "fim"} <= set(told(PICTURES["hills"]))


def test_what_is_marked_in_a_label_is_told_without_its_mark() -> None:
    """The words of an axis may be Markdown; no format's emphasis has a place in a figure."""
    marked = replace(wording(), markup=lambda slot, say: f"#emph[{say(slot.body)}]")
    phrase = Phrase((Name("viés da "), Emphasis(Name("setosa"))))
    assert labels(marked)(phrase) == "viés da setosa"


def test_a_typed_formula_keeps_its_letters() -> None:
    """In a notation that calls x otherwise; the same formula of a network follows the notation."""
    lettered = replace(wording(), style=PLAIN.called({"x": "output", "b": "beta"}))
    comments = re.findall(r"<!-- (.*?) -->", drawn(PICTURES["sigmoid-and-step"], lettered).svg)
    assert "$x$" in comments
    assert not [comment for comment in comments if "output" in comment]
    assert (labels(lettered)(typed(sym("b"))), labels(lettered)(sym("b"))) == ("$b$", r"$\beta$")


def test_the_labels_of_a_document_stand_below_the_letters() -> None:
    assert "$b_3$" in told(descent())
    assert "$b_3$ = 0,19" in told(descent())


def test_curves_differ_without_colour() -> None:
    assert len({str(stroke.dashes) for stroke in plots.STROKES}) == len(plots.STROKES)
    assert len({str(look["linestyle"]) + str(look.get("marker")) for look in plots.ROLES.values()}) == len(plots.ROLES)


def test_names_are_shown_and_never_obeyed() -> None:
    svg = drawn(PICTURES["nasty"], wording()).svg
    assert "<script" not in svg
    from matplotlib import rc_context
    from matplotlib.mathtext import MathTextParser

    for text in (NASTY, "$", "$$", "\\", "\\$", "a\\frac{1}{2}", "$x$ _y_", "\\$x^"):
        escaped = words(text)
        assert (escaped.count("$") - escaped.count(r"\$")) % 2 == 0
        with rc_context(SETTINGS):
            MathTextParser("path").parse(formula(Text(text)))
        assert measure(formula(Text(text)), 11.0).width > 0
    widths = [measure(words(text), 11.0).width for text in ("$x$", "\\frac{1}{2}")]
    assert widths == pytest.approx(
        [measure(words("x"), 11.0).width + 11.0, measure("frac{1}{2}", 11.0).width + 5.0], abs=3
    )


def test_what_cannot_be_shown_is_refused() -> None:
    with pytest.raises(FigureError, match='the font of figures has no "猫"'):
        words("gato 猫")
    with pytest.raises(FigureError, match='no "猫"'):
        formula(Text("猫"))
    cases = CaseRows(((Symbol("x"), Symbol("y")),))
    with pytest.raises(FigureError, match="a figure cannot hold the formula"):
        formula(Fence("(", cases, ")"))


@pytest.mark.parametrize(
    "content",
    [
        d(sym("L"), sym("b")[1]), exp(-sym("z")) / (lift(1) + sym("p")[1]) ** 2,
        total(sym("i"), sym("C"), sym("y")[sym("i")]),
        Equation((sym("theta")[0], lift(1) / 2), ":="), Equation((sym("p"), sym("q")), "≠"), sym("W__2")[1, 3],
        Number(1.5e-7, 2, True), Number(-0.5, 3),
    ],
)  # fmt: skip
def test_formulas_are_set_without_tex(content: Slot) -> None:
    for language in ("pt", "en"):
        assert measure(say(language)(content), 11.0).width > 5


def test_matplotlib_is_named_when_it_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    with pytest.raises(MissingTool, match="pip install matplotlib"):
        drawn(PICTURES["graph"], wording())


def document() -> Document:
    return Document(CAPTION, CAPTION, (PICTURES["graph"], PICTURES["nasty"]), {("b", 1): "3"})


def test_every_format_tells_what_is_to_be_seen() -> None:
    alts = {
        "text": NASTY,
        "markdown": "![Um grafo computacional, da esquerda para a direita: a\\_b<span>$</span>\\#{x}%",
        "latex": r"\derivepicture{0.4", "typst": r'a_b$#{x}%\\\"<>|*`~^&@ --> </svg><script>',
    }  # fmt: skip
    for format, alt in alts.items():
        page = render(document(), format, "pt")
        assert re.sub(r"\s+", " ", alt) in re.sub(r"\s+", " ", page), format
        assert "Figura" in page
    assert r"graph.pt.pdf}{Um grafo computacional, da esquerda para a direita: a\_b\$\#\{x\}\%" in render(
        document(), "latex", "pt"
    )


def test_figures_of_all_kinds_are_counted_together() -> None:
    page = render(replace(document(), blocks=(plot(), *document().blocks)), "markdown", "pt")
    assert re.findall(r"\*\*Figura (\d)\.\*\*", page) == ["1", "2", "3"]


def test_pictures_are_written_beside_the_page(tmp_path: Path) -> None:
    assert [path.name for path in save(document(), tmp_path / "a.md", "pt")] == ["a--graph.svg", "a--nasty.svg", "a.md"]
    assert "](a--graph.svg)" in (tmp_path / "a.md").read_text(encoding="utf-8")
    ElementTree.parse(tmp_path / "a--nasty.svg")
    assert [path.name for path in save(document(), tmp_path / "b.tex", "en")] == [
        "b--graph.pdf",
        "b--nasty.pdf",
        "b.tex",
    ]
    assert (tmp_path / "b--graph.pdf").read_bytes().startswith(b"%PDF")
    assert [path.name for path in save(document(), tmp_path / "a.typ", "en")] == ["a.typ"]


def test_pictures_in_a_pdf() -> None:
    assert pdf(document(), "pt") == pdf(document(), "pt")


@pytest.mark.latex
def test_pictures_in_a_pdf_by_latex() -> None:
    import shutil

    if shutil.which("latexmk") is None:
        pytest.skip("no latexmk")
    assert pdf(document(), "pt", "latex").startswith(b"%PDF")


def test_contours_are_labelled_in_the_language() -> None:
    panel = Panel(
        Axis(Name("x")),
        Axis(Name("y")),
        contours=Contours((0.0, 1.0), (0.0, 1.0), ((0.0, 1.0), (1.0, 2.0)), (0.5, 1.5)),
    )
    assert {"0,5", "1,5"} <= set(told(Picture("c", CAPTION, ALT, Plot((panel, panel))), "pt"))


def test_a_label_is_as_large_whoever_asks_first() -> None:
    """Also for one who has other settings, or has those of the figures already."""
    from matplotlib import rc_context

    from derive.render.mathtext import FONT_SETTINGS

    measure.cache_clear()
    plain = measure(r"$\theta^{(2)}_{11}$", 11.0)
    measure.cache_clear()
    with rc_context(FONT_SETTINGS):
        same = measure(r"$\theta^{(2)}_{11}$", 11.0)
    measure.cache_clear()
    with rc_context({"mathtext.fontset": "cm"}):
        assert measure(r"$\theta^{(2)}_{11}$", 11.0) == plain == same


@pytest.mark.parametrize(("one", "other"), [("aula é", "aula ã"), ("日本", "中国"), ("x", "x-c")])
def test_two_pages_in_one_folder_keep_their_figures_apart(one: str, other: str, tmp_path: Path) -> None:
    names = [path.name for page in (one, other) for path in save(document(), tmp_path / f"{page}.md")]
    assert len(set(names)) == len(names)
