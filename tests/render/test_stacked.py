"""Matrices drawn in plain text."""

import pytest

from derive.document.mathtree import EQUALS, QUAD, Fence, Grid, Numeral, Row, Symbol
from derive.document.prose_math import read_notation
from derive.render.breaking import length
from derive.render.stacked import stacked


def test_a_formula_without_a_matrix_is_not_drawn():
    assert stacked(read_notation("a = b"), 80) == []


def test_numbers_stand_below_each_other():
    assert stacked(read_notation(r"A = \begin{pmatrix} 1 & -10 \\ 20 & 3 \\ 0 & 0.5 \end{pmatrix}"), 80) == [
        "    ⎛ 1  −10⎞",
        "A = ⎜20    3⎟",
        "    ⎝ 0  0.5⎠",
    ]


def test_letters_stand_in_the_middle_and_what_follows_a_matrix_beside_it():
    shown = stacked(read_notation(r"\begin{bmatrix} a + b \\ c \end{bmatrix} + x = 0"), 80)
    assert shown == ["⎡a + b⎤ + x = 0", "⎣  c  ⎦"]


def test_a_row_has_plain_brackets():
    assert stacked(read_notation(r"b = \begin{pmatrix} 1 & 2 \end{pmatrix}"), 80) == ["b = (1  2)"]


@pytest.mark.parametrize("width", [12, 20, 30, 60])
def test_no_line_runs_over_the_margin(width: int):
    column = Fence("(", Grid(((Numeral("1"),), (Numeral("22"),))), ")")
    equation = (Symbol("x"), EQUALS, column)
    lines = stacked(Row((*equation, QUAD, *equation, QUAD, *equation)), width)
    assert max(map(length, lines)) <= width
    assert len(lines) == {12: 6, 20: 4, 30: 2, 60: 2}[width]


def test_one_that_is_too_wide_is_left_to_those_who_break_lines():
    assert stacked(read_notation(r"x = \begin{pmatrix} 1 & 2 & 3 \end{pmatrix}"), 10) == []
