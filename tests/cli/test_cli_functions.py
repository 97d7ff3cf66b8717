"""Formulas on the command line: what is read, what is refused and how, and the exit codes."""

import subprocess
import sys
from pathlib import Path

import pytest

from derive.cli import main

SLOPE = "x² cos x"


def run(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, str, str]:
    code = main(words)
    out, err = capsys.readouterr()
    assert "Traceback" not in out + err
    return code, out, err


@pytest.mark.parametrize(
    ("words", "shown"),
    [
        (["x^2 sin(x)", "--wrt", "x"], "2x sin x + x² cos x"),
        ([r"\frac{x^{2}}{2}"], "= x"),
        (["x^3", "--order", "2"], "6x"),
        (["x^2 y", "--wrt", "x,y", "--hessian"], "2y"),
        (["-x^2"], "−2x"),
        (["-sin(x)"], "−cos x"),
        (["-.5x^2"], "= −x"),
        (["-h x", "--wrt", "x"], "= −h"),
        (["-o^2"], "−2o"),
        (["--", "-x^2"], "−2x"),
    ],
)
def test_a_formula_is_proved(capsys, words: list[str], shown: str):
    code, out, err = run(capsys, "prove", "--no-sympy", "--width", "100", *words)
    assert (code, err) == (0, "")
    assert shown in out


@pytest.mark.parametrize(
    ("name", "text", "shown"),
    [("f.txt", "x^2 sin(x)\n", SLOPE), ("f.tex", "\ufeff\\[ x^{2} \\sin x \\]\n", SLOPE)],
)
def test_a_formula_is_read_from_a_file(capsys, tmp_path: Path, name: str, text: str, shown: str):
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    code, out, err = run(capsys, "prove", str(path), "--no-sympy", "--width", "100")
    assert (code, err) == (0, "")
    assert shown in out


@pytest.mark.parametrize(
    ("content", "code", "says"),
    [
        (None, 1, "No such file"),
        (b"", 2, "is empty"),
        (b"x^2 \xff", 2, "not a text in UTF-8 (byte 5)"),
        (b"x" * 100_001, 2, "too long"),
        (b"x + " * 10_000, 2, "20000"),
    ],
)
@pytest.mark.parametrize("ending", [".txt", ".tex"])
def test_a_file_that_holds_no_formula(capsys, tmp_path: Path, content: bytes | None, code: int, says: str, ending: str):
    path = tmp_path / f"f{ending}"
    if content is not None:
        path.write_bytes(content)
    got, out, err = run(capsys, "prove", str(path))
    assert (got, out) == (code, "")
    assert says in err


def test_decimal_commas_in_portuguese(capsys):
    code, out, _ = run(capsys, "prove", "max(x; 0,5) + 0,25x", "--lang", "pt", "--no-sympy", "--width", "100")
    assert code == 0
    assert "0,25" in out
    code, _, err = run(capsys, "prove", "0.5x", "--lang", "pt")
    assert code == 2
    assert "write 1,5" in err


def test_the_caret_is_shown_on_stderr(capsys):
    code, out, err = run(capsys, "prove", "x + arcsn(x)")
    assert (code, out) == (2, "")
    assert err == "derive: there is no function arcsn (column 5)\nx + arcsn(x)\n    ^\ndid you mean arcsin?\n"


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["softmax-crossentropy"], 'did you mean "softmax-cross-entropy"'),
        ([""], "there is no formula here"),
        (["   "], "there is no formula here"),
        (["x y"], "the names in the formula: x, y"),
        (["x", "--wrt", ""], "there is no variable here"),
        (["x", "--wrt", "x,"], "there is no variable here"),
        (["x", "--wrt", "x + 1"], "not a variable"),
        (["x", "--order", "0"], "from 1 to 10"),
        (["x", "--order", "two"], "invalid int"),
        (["x", "--order", "2", "--hessian"], "Hessian"),
        (["x", "--lang", "fr"], "fr"),
        (["x", "--classes", "3"], "--classes is for a problem"),
        (["x", "--without", "targets-sum-to-one"], "--without is for a problem"),
        (["softmax-cross-entropy", "--order", "2"], "--order is of a formula"),
        (["softmax-cross-entropy", "--order", "0"], "--order is of a formula"),
        (["sqrt(-1 - x^2)"], "no real numbers"),
        (["floor(x)"], "jumps"),
        (["np.exp(x)"], "leave np. out"),
        (["x", "--ordre", "2"], "unrecognized arguments: --ordre 2"),
        (["x", "y"], "unrecognized arguments: y"),
        (["\udcff"], "has no meaning"),
    ],
)
def test_what_cannot_be_proved_is_said(capsys, words: list[str], says: str):
    code, out, err = run(capsys, "prove", *words, "--no-sympy")
    assert (code, out) == (2, "")
    assert err.startswith("derive: ")
    assert says in err


@pytest.mark.parametrize(
    ("words", "code", "says"),
    [
        (["x^2 sin x", "= 2x sin x + x^2 cos x", "= x(2 sin x + x cos x)"], 0, ""),
        (["x^2 sin x", "2x cos x"], 3, "product"),
        (["x^2", "2x +"], 2, "missing"),
        (["x^2", "2x", "= foo bar("], 2, "no function bar"),
        (["-x^2", "-2x"], 0, ""),
        (["x^3", "--order", "2", "6x"], 0, ""),
        (["x^3", "6x", "--order", "2"], 0, ""),
        (["x^3", "3x^2", "--order", "2"], 3, ""),
        (["x y", "y", "--wrt", "x"], 0, ""),
        (["softmax-cross-entropy", "p_k - y_k", "--wrt", "b"], 0, ""),
        (["softmax-cross-entropy", "p_k - y_k", "--without", "targets-sum-to-one"], 3, "targets"),
        (["0,5x^2", "x", "--lang", "pt"], 0, ""),
    ],
)
def test_lines_are_judged(capsys, words: list[str], code: int, says: str):
    got, out, err = run(capsys, "check", *words, "--width", "100")
    assert (got, err) == (code, "")
    assert says in out


@pytest.mark.parametrize(
    ("words", "code", "says"),
    [
        (["x^2"], 2, "no line"),
        (["x^2", "2x", "--file", "/no/such/file"], 1, "No such file"),
        (["x^2", "2x", "--format", "json"], 2, "not written as json"),
        (["x^2", "2x", "-o", "x.json"], 2, "not written as json"),
        (["x^2", "2x", "--classes", "3"], 2, "--classes is for a problem"),
        (["x^2", "2x", "--without", "gravity"], 2, "--without is for a problem"),
        (["softmax-cross-entropy", "p_k", "--without", "gravity"], 2, "gravity"),
        (["softmax-cross-entropy", "p_k", "--order", "2"], 2, "--order is of a formula"),
        (["softmax-crossentropy", "p_k"], 2, "did you mean"),
        (["x y", "y", "--wrt", "x,y"], 2, "one derivative"),
        (["x y", "y"], 2, "the names in the formula"),
        (["x^2", "2x", "--detail", "brief"], 2, "unrecognized arguments: --detail"),
    ],
)
def test_what_cannot_be_judged_is_said(capsys, words: list[str], code: int, says: str):
    got, out, err = run(capsys, "check", *words)
    assert (got, out) == (code, "")
    assert says in err


def test_lines_come_from_a_file_and_go_to_one(capsys, tmp_path: Path):
    lines, told = tmp_path / "lines.txt", tmp_path / "told.md"
    lines.write_text("2x sin x + x^2 cos x\n\n= x(2 sin x + x cos x)\n")
    code, out, err = run(capsys, "check", "x^2 sin x", "--file", str(lines), "-o", str(told))
    assert (code, out) == (0, "")
    assert err == f"wrote {told}\n"
    assert told.read_text(encoding="utf-8").startswith("# ")
    lines.write_bytes(b"2x \xff")
    assert run(capsys, "check", "x^2", "--file", str(lines))[0] == 2


@pytest.mark.parametrize("words", [["--help"], ["prove", "--help"], ["check", "--help"]])
def test_help_imports_nothing_heavy(words: list[str]):
    command = [sys.executable, "-X", "importtime", "-m", "derive.cli", *words]
    seen = subprocess.run(command, capture_output=True, text=True, check=True)
    imported = {line.split("|")[-1].strip().split(".")[0] for line in seen.stderr.splitlines()}
    assert "argparse" in imported
    assert not imported & {"sympy", "lark", "numpy", "jinja2", "flint", "matplotlib", "typst"}


def test_a_number_may_stand_right_after_a_bracket(capsys):
    code, out, _ = run(capsys, "check", "(x^2-1)/(x^2+1)", "(2x(x^2+1) - (x^2-1)2x)/(x^2+1)^2", "4x/(x^2+1)^2")
    assert code == 0
    assert "follows" in out
