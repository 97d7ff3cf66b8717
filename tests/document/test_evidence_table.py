"""Several proofs in one table: what a witness did not do is never told as done."""

import pytest

from derive.core.term import sym
from derive.document.evidence_table import Checked, evidence_table
from derive.document.nodes import (
    Document,
    Equation,
    EvidenceTable,
    Message,
    Name,
    Setting,
    Slot,
    Statement,
    walk_blocks,
)
from derive.render import render
from derive.render.pdf import pdf
from derive.witness.verdict import NotRun, Proven, Refuted, Undecided, Verdict

FORMATS, LANGUAGES = ("text", "markdown", "latex", "typst"), ("en", "pt")
KERNEL, KERNEL_2 = (Proven("kernel", {"steps": n, "theorems": 1}) for n in (4, 11))
BALLS = Proven("balls", {"lines": 5, "points": 8, "sizes": (2, 5)})
BALLS_2 = Proven("balls", {"lines": 12, "points": 1, "sizes": (3,)})
SYMPY = Proven("sympy", {"theorems": 1, "sizes": ()})
COQ = NotRun("coq", "no-coq")
REFUTED = Refuted("balls", point={"x": 0.5}, left=1.5, right=1.25, residual=sym("q"))
STATED = Statement("thm-one", "ui.theorem", Name("the first"), Equation((sym("a"), sym("b"))))


def checked(name: str, *verdicts: Verdict, stated: tuple[tuple[str, Slot], ...] = ()) -> Checked:
    return Checked(f"evidence-{name}", Name(name), stated, verdicts, Setting())


def document(*rows: Checked) -> Document:
    return Document(Name("T"), Name(""), (STATED, evidence_table(rows)))


def text(*rows: Checked, language: str = "en", format: str = "text") -> str:
    page = render(document(*rows), format, language)
    return " ".join(page.split()) if format == "text" else page


def test_a_row_for_each_proof_and_a_column_for_each_witness_that_looked():
    table = evidence_table([checked("a", KERNEL, BALLS, COQ), checked("b", KERNEL_2, BALLS_2, COQ)])
    assert table.by == (Message("evidence.kernel"), Message("evidence.balls"))
    assert [[row.status for row in proof.found.rows] for proof in table.proofs] == [["proven", "proven"]] * 2
    page = render(document(checked("a", KERNEL, BALLS, COQ), checked("b", KERNEL_2, BALLS_2, COQ)), "markdown")
    assert "| proof | kernel | ball arithmetic |\n|:---|:---|:---|\n" in page
    assert "| a | **proven**: 4 steps | **proven**: 5 lines, 8 points |" in page
    assert "| b | **proven**: 11 steps | **proven**: 12 lines, 1 point |" in page


def test_below_the_table_the_numbers_are_added_up():
    page = text(checked("a", KERNEL, BALLS, SYMPY, COQ), checked("b", KERNEL_2, BALLS_2, SYMPY, COQ))
    assert "The kernel accepted 15 steps in 2 theorems:" in page
    assert "Ball arithmetic computed 17 lines at 9 points" in page
    assert "they agree. Sizes tried: 2, 3 and 5. SymPy worked out 2 theorems" in page
    assert page.endswith("found the same. Not run: Coq (formal proofs are not part of this version).")


def test_below_the_table_in_portuguese():
    page = text(checked("a", KERNEL, BALLS, COQ), checked("b", KERNEL_2, BALLS_2, COQ), language="pt")
    assert "provado: 5 linhas, 8 pontos" in page
    assert "O núcleo aceitou 15 passos em 2 teoremas:" in page
    assert "calculou 17 linhas em 9 pontos" in page
    assert "Tamanhos testados: 2, 3 e 5. Não executado: Coq (demonstrações formais" in page


def test_who_was_not_asked_has_no_column_but_a_reason():
    idle = NotRun("balls", "not-asked"), NotRun("sympy", "not-asked"), COQ
    page = text(checked("a", KERNEL, *idle), checked("b", KERNEL, *idle))
    assert page.count("proven") == 2  # the kernel's
    assert "Ball arithmetic computed" not in page
    assert "SymPy worked" not in page
    assert "Not run: ball arithmetic (was not asked for), SymPy (was not asked for) and Coq (formal proofs" in page


def test_where_nobody_looked_every_cell_says_so():
    table = evidence_table([checked(name, NotRun("kernel", "not-asked"), COQ) for name in "ab"])
    assert [row.status for proof in table.proofs for row in proof.found.rows] == ["not-run"] * 4
    assert table.notes == ()


@pytest.mark.parametrize(
    ("format", "badge", "shown"),
    [
        ("text", "proven:", "refuted: left 1.500000, right 1.250000; the difference is q, at x = 0.5"),
        ("markdown", "**proven**", "**refuted**: left 1.500000, right 1.250000; the difference is $`q`$, at x = 0.5 |"),
        ("latex", r"\deriveproven{proven}", r"\emph{ball arithmetic}: left 1.500000, right 1.250000; the difference"),
        ("typst", "[proven]", r"#emph[ball arithmetic]: left 1\.500000, right 1\.250000; the difference is #maths("),
    ],
)  # fmt: skip
def test_what_is_refuted_is_shown_with_its_detail(format: str, badge: str, shown: str):
    page = text(checked("a", KERNEL, BALLS), checked("b", KERNEL, REFUTED), format=format)
    assert shown in page.replace("proven: 4 steps refuted", "refuted")
    assert page.count(badge) == 3  # twice the kernel's, and once that of the balls
    assert "computed 5 lines at 8 points" in page  # where they agree
    assert "agreed in 1 of 2 proofs" in page


@pytest.mark.parametrize("format", FORMATS)
def test_what_is_refuted_in_portuguese(format: str):
    page = text(checked("a", KERNEL, BALLS), checked("b", KERNEL, REFUTED), language="pt", format=format)
    assert "refutado" in page
    assert page.count("esquerda 1") == 1
    assert "calculou 5 linhas em 8 pontos" in page
    assert "Concordou em 1 de 2 provas" in page


def test_if_all_are_refuted_nothing_is_said_to_agree():
    page = text(checked("a", KERNEL, REFUTED), checked("b", KERNEL, REFUTED))
    assert "Ball arithmetic" not in page
    assert page.count("refuted") == 2


def test_what_is_undecided_is_shown_with_its_reason():
    unclear = Undecided("sympy", "function", {"function": Name("zeta")})
    page = text(
        checked("a", KERNEL, SYMPY), checked("b", KERNEL, unclear), checked("c", KERNEL, NotRun("sympy", "too-wide"))
    )
    assert "undecided: does not know" in page
    assert "function zeta" in page
    assert "not run: the" in page
    assert "It agreed in 1 of 3 proofs" in page


def test_agreement_in_numbers_only_is_told_as_such():
    numbers = Proven("sympy", {"theorems": 3, "sizes": (), "compared": 2, "digits": 20, "points": 7})
    page = text(checked("a", SYMPY), checked("b", numbers))
    assert "proven: 3 theorems, 2 by their values" in page
    assert "SymPy worked out 4 theorems" in page
    assert "In 2 of them the difference was not reduced to 0, but both values agree to 20 digits, at 7 points." in page


def test_what_was_cut_down_is_no_size_that_was_tried():
    cut = Proven("balls", {"lines": 7, "points": 2, "sizes": "4–3–3", "cut": "4–64–10"})
    page = text(checked("a", BALLS), checked("b", cut))
    assert "Sizes tried: 2 and 5. Large sizes were cut down: from 4–64–10 to 4–3–3." in page


@pytest.mark.parametrize(
    ("format", "named"),
    [
        ("text", "Theorem 1, the first; with Theorem 1"), ("markdown", "**Theorem 1**, the first; with Theorem 1 |"),
        ("latex", r"\textbf{Theorem~\ref{thm-one}}, the first; with Theorem~\ref{thm-one}"),
        ("typst", "#strong[#link(<thm-one>)[Theorem~1];];, the first; with #link(<thm-one>)[Theorem~1];"),
    ],
)  # fmt: skip
def test_a_proof_is_named_by_its_statements(format: str, named: str):
    rows = checked("a", KERNEL, stated=(("thm-one", STATED.title), ("thm-one", Name("again")))), checked("b", KERNEL)
    page = text(*rows, format=format)
    assert named in page.replace("proven: 4 steps ", "")


def test_a_statement_that_is_left_out_is_not_referred_to():
    page = text(checked("a", KERNEL, stated=(("thm-gone", Name("lost")),)), checked("b", KERNEL), format="markdown")
    assert "| a | **proven**" in page


def test_the_boxes_are_found_in_a_document():
    """So that the exit code of a lecture knows of them."""
    from derive.cli.lectures import statuses

    found = document(checked("a", KERNEL, REFUTED), checked("b", KERNEL, BALLS))
    assert statuses(found) == {"proven", "refuted"}
    assert sum(isinstance(block, EvidenceTable) for block in walk_blocks(found.blocks)) == 1


@pytest.mark.parametrize("language", LANGUAGES)
def test_typst_prints_every_status(language: str):
    rows = [checked("a", KERNEL, REFUTED, SYMPY), checked("b", Undecided("kernel", "too-wide"), BALLS, COQ)]
    assert pdf(document(*rows), language).startswith(b"%PDF")
