"""A number in a formula is one thing, and a sign before it belongs to it."""

import json
import tempfile
from pathlib import Path

import pytest

from derive.document.language import load_language
from derive.document.nodes import Shown
from derive.document.prose_math import read_notation
from derive.document.prose_trees import settled
from derive.render.latex_math import latex
from derive.render.typst_math import typst
from derive.render.unicode_math import unicode

PT = load_language("pt")
SIGNED = (
    "x = -0.77",
    r"b_3 \approx -0.03",
    "(-0.3203; -0.5412; 0.2209)",
    "-1/p_r = -5.7737",
    "-0.5",
    "0.5 p",
    "2 - 0.5",
)


def in_portuguese(notation: str):
    return settled(Shown(read_notation(notation)), PT, {}, lambda slot: slot)


def width(*formulas: str) -> list[float]:
    """How wide Typst sets each formula, in points."""
    compiler = pytest.importorskip("typst")
    style = '#let decimal = math.class("normal", $,$.body)\n#set text(font: "New Computer Modern")\n'
    shown = "".join(
        f"#context [#metadata(measure(math.equation($ {each} $.body)).width.pt()) <wide>]\n" for each in formulas
    )
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder, "x.typ")
        source.write_text(style + shown, encoding="utf-8")
        return json.loads(compiler.query(str(source), "<wide>", field="value"))


def test_the_macro_that_is_measured_here_is_that_of_the_documents():
    style = Path(__file__).parents[2] / "templates" / "typst" / "style.jinja"
    assert '#let decimal = math.class("normal", $,$.body)\n' in style.read_text(encoding="utf-8")


@pytest.mark.parametrize("notation", SIGNED)
def test_a_decimal_comma_takes_the_room_of_a_point_in_typst(notation: str):
    comma, point = width(typst(in_portuguese(notation)), typst(read_notation(notation)))
    assert comma == pytest.approx(point, abs=0.01)


def test_what_is_measured_sees_a_loose_sign():
    tight, loose = width("x = - 0 decimal 5", 'x = - "0,5"')
    assert loose > tight + 2


@pytest.mark.parametrize(
    ("notation", "told"),
    [
        (r"b_3 \approx -0.03", "b₃ ≈ −0,03"),
        ("(-0.3203; -0.5412; 0.2209)", "(−0,3203; −0,5412; 0,2209)"),
        ("-1/p_r = -5.7737", "−1/pᵣ = −5,7737"),
        ("x - 0.5", "x − 0,5"),
    ],
)
def test_in_plain_text(notation: str, told: str):
    assert unicode(in_portuguese(notation)) == told


@pytest.mark.parametrize(
    ("notation", "told"),
    [
        (r"b_3 \approx -0.03", r"b_3 \approx - 0{,}03"),  # TeX sees no left side, and sets the sign tight
        ("(-0.32; -0.54)", "(-0{,}32;- 0{,}54)"),
        ("x - 0.5", "x - 0{,}5"),
    ],
)
def test_in_latex(notation: str, told: str):
    assert latex(in_portuguese(notation)) == told
