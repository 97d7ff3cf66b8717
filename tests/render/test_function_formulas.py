"""A document about functions of one variable: roots, pieces, primes, ordinary derivatives."""

from __future__ import annotations

import re
import shutil

import pytest
from sample import word

from derive.core.functions import FUNCTIONS
from derive.core.term import Term, cases, d, exp, fn, lift, neg, num, sym, total
from derive.document.nodes import Block, Document, Equation, Formula, Line, ProofLines, Statement, Table
from derive.document.style import Style
from derive.render import FORMATS, render
from derive.render.breaking import broken, length
from derive.render.pdf import pdf
from derive.render.text import brace

x, y, n = map(sym, "xyn")
SIN, ROOT = fn("sin", x), fn("sqrt", x**2 + 1)
BELL = exp(neg(x**2 / lift(2)))
PIECES = cases(x**2, x, "<", 0, cases(x, x, "<=", 1, 1))
STEPS = ProofLines(
    "d",
    d(x**2 * SIN * BELL, x),
    (
        Line("product", d(x**2 * SIN, x) * BELL + x**2 * SIN * d(BELL, x), ((1,),)),
        Line("quotient", (d(SIN, x) * (ROOT + x) - SIN * d(ROOT + x, x)) / (ROOT + x) ** 2, ((0,),)),
        Line("power", PIECES, ((0,),), {}, (Line("first", x, ()), Line("second", y, ()))),
        Line("sum", fn("f'", x) + fn("g'1", x, y) + num(2) * PIECES, ((2,),)),
    ),
)


def _document(*blocks: Block, ordinary: tuple[str, ...] = ("x",)) -> Document:
    return Document(word("ui.proof"), word("ui.rule"), blocks, {}, Style(frozenset(ordinary)))


def _every_function() -> Table:
    shapes = [
        (u, fn(name, *[lift(2) * x / y, y][:arity]), u**2, lift(2) * u * y)
        for name, arity in ((name, f.arity) for name, f in FUNCTIONS.items())
        for u in [fn(name, *[x, y][:arity])]
    ]
    return Table("t", word("ui.table"), (word("ui.rule"),) * 4, tuple(shapes), "llll")


def _everything() -> Document:
    inside: tuple[Term, ...] = (
        PIECES + 1, PIECES**2, neg(PIECES), fn("f", PIECES), PIECES / x, fn("abs", PIECES), d(PIECES, x),
        exp(PIECES), exp(total(n, 3, x)), fn("cbrt", x / y), fn("f'''''", x), sym("w_max") * sym("W_1_2"),
        fn("g_1'", x), x ** (lift(1) / 2), fn("floor", x / y), fn("abs", fn("abs", x) - 1),
    )  # fmt: skip
    formulas = tuple(Formula(f"f{k}", Equation((sym("y"), t))) for k, t in enumerate(inside))
    return _document(
        Statement("s", "ui.theorem", word("ui.proof"), Equation((fn("f", x), PIECES)), (Equation((x, y), "≤"),)),
        STEPS,
        *formulas,
        _every_function(),
    )


@pytest.mark.parametrize("language", ["en", "pt"])
def test_typst_compiles(language: str) -> None:
    assert pdf(_everything(), language).startswith(b"%PDF")


@pytest.mark.latex
@pytest.mark.parametrize("language", ["en", "pt"])
def test_latex_compiles(language: str) -> None:
    if shutil.which("latexmk") is None:
        pytest.skip("latexmk is not installed")
    assert pdf(_everything(), language, "latex").startswith(b"%PDF")


@pytest.mark.parametrize("format", FORMATS)
def test_derivatives_are_ordinary_where_the_document_says_so(format: str) -> None:
    page = render(_document(STEPS), format)
    partial = {"latex": r"\partial", "latex-fragment": r"\partial", "markdown": r"\partial", "typst": "partial x"}
    assert partial.get(format, "∂/∂x") not in page.replace(r"\partial_1", "")
    assert partial.get(format, "∂/∂x") in render(_document(STEPS, ordinary=()), format)


def test_pieces_that_are_a_side_take_several_lines() -> None:
    page = render(_document(Formula("f", Equation((fn("f", x), PIECES))), STEPS), "text")
    assert "         ⎧ x²  if x < 0\n  f(x) = ⎨ x   if x ≤ 1\n         ⎩ 1   otherwise\n" in page
    assert re.search(r"^ {31}⎧ x²  if x < 0\n {29}= ⎨ x   if x ≤ 1\n {31}⎩ 1   otherwise +\(power\)$", page, re.M)
    assert "+ 2 {x² if x < 0; x if x ≤ 1; 1 otherwise}" in page


def test_a_brace_is_as_high_as_its_rows() -> None:
    rows = [("a", "b")] * 5
    assert [line[0] for line in brace(rows, 30)] == list("⎧⎪⎨⎪⎩")
    assert [line[0] for line in brace(rows[:4], 30)] == list("⎧⎪⎨⎩")
    assert [line[0] for line in brace(rows[:2], 30)] == list("⎧⎩")
    assert brace([("a + b", "if c > d")], 12) == ["⎧ a + b", "⎩   if c > d"]


@pytest.mark.parametrize("width", [30, 40, 64, 100])
@pytest.mark.parametrize("language", ["en", "pt"])
def test_no_line_is_too_wide(width: int, language: str) -> None:
    page = render(_everything(), "text", language, width=width, steps=True)
    assert max(map(length, page.split("\n"))) <= width


def test_new_pieces_are_coloured_and_nothing_moves() -> None:
    plain, coloured = (render(_document(STEPS), "text", colour=c, width=50) for c in (False, True))
    assert "⎧ \x1b[31mx²\x1b[39m  if x < 0" in coloured
    assert re.sub(r"\x1b\[\d+m", "", coloured) == plain


def test_finer_lines_are_indented() -> None:
    page = render(_document(STEPS), "text", steps=True)
    indents = {rule: re.search(rf"^( *)= .*\({rule}\)$", page, re.M) for rule in ("sum", "first", "second")}
    widths = {rule: len(found[1]) for rule, found in indents.items() if found}
    assert widths == {"sum": 29, "first": 33, "second": 33}
    assert "(first)" not in render(_document(STEPS), "text")


@pytest.mark.parametrize(
    ("text", "width", "lines"),
    [
        ("a + b · c", 20, ["a + b · c"]),
        ("a + b · c", 7, ["a", "+ b · c"]),
        ("(a + b) · c − d", 12, ["(a + b) · c", "− d"]),
        ("f(a + b, c) + g(a)", 14, ["f(a + b, c)", "+ g(a)"]),
        ("(aaaa + bbbb)", 8, ["(aaaa", "+ bbbb)"]),
        ("{a if x < 0; b otherwise}", 16, ["{a if x < 0;", "b otherwise}"]),
        ("abcdefghij", 4, ["abcd", "efgh", "ij"]),
    ],
)
def test_a_line_breaks_before_a_sign_outside_of_brackets(text: str, width: int, lines: list[str]) -> None:
    spaced = re.sub(r"(?<=[;,]) | (?=if|otherwise)", "\ue002", text).replace("if ", "if\ue002")
    assert [line.replace("\ue002", " ") for line in broken(spaced, width)] == lines


def test_a_marked_sign_is_a_sign() -> None:
    assert broken("aaa \ue000−\ue001 \ue000bbb\ue001", 7) == ["aaa", "\ue000−\ue001 \ue000bbb\ue001"]
