"""Where pages end: figures that let the text go on, and texts that stay with what they announce."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest
from lecture_texts import body, document

from derive.render.pdf import pdf

HIGH = '{{ figure("sigmoid-and-step", caption="A high one.") }}'
LOW = '{{ figure("graph", graph_of("a*b", {"a": 2, "b": 3}), caption="A low one.") }}'
FILLER = "Words that fill the page, line after line, until little of it is left. " * 4


def filled(paragraphs: int) -> str:
    """So much text that little of a page is left; fourteen fill it."""
    return "\n\n".join([FILLER] * paragraphs)


def floats(text: str) -> list[str]:
    return re.findall(r"float: (true|false),\n\)", body(text, "typst"))


def pages(text: str, folder: Path) -> list[str]:
    if shutil.which("pdftotext") is None:
        pytest.skip("pdftotext is not installed")
    target = folder / "x.pdf"
    target.write_bytes(pdf(document(text)))
    told = subprocess.run(["pdftotext", target, "-"], capture_output=True, text=True, check=True)
    return told.stdout.split("\f")


def test_only_a_high_figure_may_leave_its_place():
    assert floats(f"{HIGH}\n\n{LOW}") == ["true", "false"]


def test_what_is_inside_a_list_stays_there():
    assert floats(f"- Look:\n\n  {HIGH}\n") == ["false"]
    assert floats(f"{{{{ exercise() }}}}\n{HIGH}\n\n{{{{ end() }}}}") == ["true"]


def test_the_text_goes_on_where_a_figure_does_not_fit(tmp_path: Path):
    first, second, *_ = pages(f"{filled(9)}\n\n{HIGH}\n\nWhat comes after.", tmp_path)
    assert "What comes after." in first
    assert "Figure 1" in second


def test_figures_stay_in_their_order(tmp_path: Path):
    told = "".join(pages(f"{filled(9)}\n\n{HIGH}\n\n{LOW}\n\nThe end.", tmp_path))
    assert re.findall(r"Figure \d", told) == ["Figure 1", "Figure 2"]
    assert told.index("A high one.") < told.index("A low one.")


def test_a_text_that_ends_with_a_colon_stays_with_what_follows():
    table = '{{ table(["a"], [[1]], "C") }}'
    assert "#lead[In numbers:]" in body(f"In numbers:\n\n{table}", "typst")
    assert "#lead" not in body(f"In numbers.\n\n{table}", "typst").split("#show: article")[1]
    assert "#lead" not in body("In numbers:\n\nMore.", "typst").split("#show: article")[1]


def test_a_statement_may_end_a_page(tmp_path: Path):
    proved = '{{ derivation(prove("softmax-cross-entropy", wrt="z"), "softmax-jacobian") }}'
    first, second, *_ = pages(f"{filled(11)}\n\n{proved}", tmp_path)
    assert "Lemma 1" in first
    assert "quotient rule" in second
