"""The command line, as a user meets it: what is printed where, and the exit codes."""

import io
import json
import subprocess
import sys
from pathlib import Path

import pytest

from derive.cli import main
from derive.cli.commands import _verdict_code
from derive.witness.verdict import NotRun, Proven, Refuted, Undecided

NAME = "softmax-cross-entropy"
FLOWERS = ["--classes", "setosa,versicolor,virginica", "--target", "setosa"]


def run(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, str, str]:
    code = main(words)
    out, err = capsys.readouterr()
    return code, out, err


def test_list(capsys):
    code, out, err = run(capsys, "list")
    assert (code, err) == (0, "")
    assert out.startswith(NAME)


def test_prove_prints_the_theorem_and_the_verdicts(capsys):
    code, out, err = run(capsys, "prove", NAME, "--wrt", "b", "--width", "100")
    assert (code, err) == (0, "")
    assert "∂L/∂bₖ = pₖ − yₖ" in out
    assert "SymPy: proven" in out
    assert "Coq: not run" in out
    assert max(map(len, out.splitlines())) <= 100
    assert "\x1b" not in out


def test_prove_in_portuguese_with_named_classes(capsys):
    code, out, _ = run(capsys, "prove", NAME, "--wrt", "b", *FLOWERS, "--lang", "pt", "--no-sympy")
    assert code == 0
    assert "∂L/∂b₃ = p_setosa − 1" in out
    assert "regra da cadeia" in out
    assert "chain rule" not in out


@pytest.mark.parametrize("format", ["text", "markdown", "latex", "latex-fragment", "typst", "json"])
@pytest.mark.parametrize("lang", ["en", "pt"])
def test_every_format_in_every_language(capsys, format: str, lang: str):
    code, out, err = run(capsys, "prove", NAME, "--wrt", "W", "--format", format, "--lang", lang, "--no-sympy")
    assert (code, err) == (0, "")
    assert len(out) > 1000


@pytest.mark.parametrize("ending", [".txt", ".md", ".tex", ".typ", ".json", ".pdf"])
def test_the_ending_names_the_format(capsys, tmp_path: Path, ending: str):
    path = tmp_path / f"proof{ending}"
    code, out, err = run(capsys, "prove", NAME, "--no-sympy", "-o", str(path))
    assert (code, out) == (0, "")
    assert "wrote" in err
    start = {".pdf": b"%PDF", ".json": b"{", ".md": b"# ", ".tex": b"", ".typ": b"", ".txt": b""}[ending]
    assert path.read_bytes().startswith(start)


def test_a_written_proof_is_verified(capsys, tmp_path: Path):
    path = tmp_path / "proof.json"
    assert run(capsys, "prove", NAME, "--wrt", "b", *FLOWERS, "-o", str(path))[0] == 0
    code, out, err = run(capsys, "verify", str(path))
    assert (code, err) == (0, "")
    assert "sympy: proven" in out
    record = json.loads(path.read_text())
    record["claim"]["right"] = "p_setosa"
    path.write_text(json.dumps(record))
    code, out, err = run(capsys, "verify", str(path))
    assert (code, out) == (3, "")
    assert err == "derive: claim.right is not what the proof gives\n"
    path.write_bytes(b"\xff\xfe")
    assert run(capsys, "verify", str(path))[0] == 3


def test_the_gradient_is_a_module_of_its_own(capsys, tmp_path: Path):
    path = tmp_path / "grad.py"
    assert run(capsys, "gradient", NAME, "-o", str(path))[0] == 0
    program = (
        "import grad, sys; value, g = grad.value_and_grad([[0.0], [0.0]], [0.0, 0.0], [[2.0]], [0]);"
        "print(round(float(value), 6), g.b.tolist(), g.W.tolist()); assert 'derive' not in sys.modules"
    )
    result = subprocess.run(
        [sys.executable, "-P", "-c", f"import sys; sys.path.insert(0, {str(tmp_path)!r}); {program}"],
        capture_output=True, text=True, cwd=tmp_path, check=True,
    )  # fmt: skip
    assert result.stdout == "0.693147 [-0.5, 0.5] [[-1.0], [1.0]]\n"
    assert "∂L" in path.read_text() or "dL/db" in path.read_text()


def test_a_claim_without_its_assumption_is_refuted(capsys):
    code, out, err = run(capsys, "prove", NAME, "--wrt", "b", "--without", "targets-sum-to-one", "--width", "200")
    assert (code, err) == (3, "")
    assert "missing: targets sum to one" in out
    assert "(y₁ + y₂ − 1)" in out
    assert run(capsys, "prove", NAME, "--without", "gravity")[0] == 2


@pytest.mark.parametrize(
    ("statuses", "code"),
    [
        (["proven", "proven", "not run"], 0),
        (["proven", "refuted", "undecided"], 3),
        (["proven", "undecided"], 4),
        (["not run", "not run"], 4),
    ],
)
def test_the_exit_code_tells_the_worst_verdict(statuses: list[str], code: int):
    kinds = {"proven": Proven, "refuted": Refuted, "undecided": Undecided, "not run": NotRun}
    assert _verdict_code([kinds[status]("someone") for status in statuses]) == code


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(("variable", "coloured"), [(None, True), ("NO_COLOR", False)])
def test_colour_is_for_terminals_that_want_it(monkeypatch, variable: str | None, coloured: bool):
    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.setenv("TERM", "xterm")
    if variable:
        monkeypatch.setenv(variable, "1")
    screen = Terminal()
    monkeypatch.setattr(sys, "stdout", screen)
    assert main(["prove", NAME, "--no-sympy"]) == 0
    assert ("\x1b[" in screen.getvalue()) == coloured


def test_a_bar_is_shown_to_someone_who_looks(monkeypatch, tmp_path: Path):
    screen = Terminal()
    monkeypatch.setattr(sys, "stderr", screen)
    assert main(["lecture", NAME, "--no-sympy", "-o", str(tmp_path / "l.md")]) == 0
    assert "[#" in screen.getvalue()
    assert "witnesses" in screen.getvalue()


def test_more_inputs(capsys):
    words = ["prove", NAME, *FLOWERS, "--wrt", "W_setosa_4", "--inputs", "4", "--no-sympy"]
    code, out, _ = run(capsys, *words)
    assert code == 0
    assert "(p_setosa − 1) h₄" in out


def test_rules_in_both_languages(capsys):
    code, out, _ = run(capsys, "rules", "--lang", "pt", "--width", "200")
    assert code == 0
    assert "regra do quociente" in out
    code, out, _ = run(capsys, "rules", "--width", "200")
    assert "quotient rule" in out


@pytest.mark.parametrize(
    ("words", "code", "says"),
    [
        (["prove", "softmax"], 2, 'did you mean "softmax-cross-entropy"'),
        (["prove", NAME, "--wrt", "q"], 2, 'no variable "q"'),
        (["prove", NAME, "--lang", "fr"], 2, "fr"),
        (["prove", NAME, "--detail", "huge"], 2, 'no detail "huge"'),
        (["prove", NAME, "--format", "word"], 2, 'no format "word"'),
        (["prove", NAME, "--road", "scenic"], 2, 'no road "scenic"'),
        (["prove", NAME, "-o", "proof.docx"], 2, "ending"),
        (["prove", NAME, "--classes", "a,b", "--target", "c"], 2, "not one of the classes"),
        (["prove", NAME, "--classes", "a,a"], 2, "twice"),
        (["prove", NAME, "--classes", "a"], 2, "from 2"),
        (["prove", NAME, "--target", "setosa"], 2, "without classes"),
        (["prove"], 2, "WHAT"),
        (["prove", NAME, "--wrt", ""], 2, "no variable"),
        (["prove", NAME, "--wrt", "bW"], 2, "no variable"),
        (["prove", NAME, "--wrt", "b_3"], 2, "single entries need classes"),
        (["prove", NAME, "--classes", "3", "--target", "r"], 2, "unnamed true class"),
        (["prove", NAME, "--classes", "3", "--target", "9" * 5000], 2, "not one of the classes"),
        (["prove", NAME, "--classes", "3", "--inputs", "0"], 2, "inputs must"),
        (["prove", NAME, "--format", "json", "-o", "x.pdf"], 2, "a pdf file"),
        (["prove", NAME, "--engine", "word"], 2, "engine"),
        (["fly"], 2, "fly"),
        (["lecture", NAME], 2, "-o"),
        (["lecture", NAME, "-o", "x.docx"], 2, "a lecture ends in"),
        (["lecture", "softmax", "-o", "x.pdf"], 2, "did you mean"),
        (["gradient", "softmax"], 2, "did you mean"),
        (["verify", "/no/such/file.json"], 1, "No such file"),
        (["prove", NAME, "--no-sympy", "-o", "/no/such/folder/proof.md"], 1, "/no/such/folder"),
    ],
)
def test_errors_are_one_clear_line(capsys, words: list[str], code: int, says: str):
    got, out, err = run(capsys, *words)
    assert (got, out) == (code, "")
    assert says in err
    assert err.startswith("derive: ")
    assert err.count("\n") == 1
    assert "Traceback" not in err


def test_nothing_is_half_written(capsys, tmp_path: Path):
    path = tmp_path / "proof.md"
    path.write_text("old")
    assert run(capsys, "prove", NAME, "--lang", "fr", "-o", str(path))[0] == 2
    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]


ODD = r"a_b$#{x}%,\"<>|*`~^&"


@pytest.mark.parametrize(
    ("format", "shown"),
    [
        ("text", r"a_b$#{x}%"),
        ("markdown", r"a\_b<span>$</span>\#{x}%"),
        ("latex", r"a\_b\$\#\{x\}\%"),
        ("typst", r"a\_b\$\#"),
        ("json", r"a_b$#{x}%"),
    ],
)
def test_odd_class_names_are_printed_literally(capsys, format: str, shown: str):
    code, out, _ = run(capsys, "prove", NAME, "--classes", ODD, "--target", "1", "--no-sympy", "--format", format)
    assert code == 0
    assert shown in out


def python(*words: str, **options):
    return subprocess.run([sys.executable, *words], capture_output=True, text=True, check=False, **options)


def test_help_does_not_wait_for_sympy():
    seen = python("-X", "importtime", "-m", "derive.cli", "--help")
    assert seen.returncode == 0
    assert "examples:" in seen.stdout
    imported = {line.split("|")[-1].strip().split(".")[0] for line in seen.stderr.splitlines()}
    assert not imported & {"sympy", "numpy", "jinja2", "flint", "matplotlib", "typst"}


def test_proving_does_not_import_sympy():
    program = (
        "import sys; from derive.cli import main; main(['prove', 'softmax-cross-entropy', '--no-sympy',"
        " '--format', 'markdown']); sys.exit('sympy' in sys.modules or 'matplotlib' in sys.modules)"
    )
    assert python("-c", program).returncode == 0


def test_the_list_waits_for_no_library_of_numbers():
    program = (
        "import sys; from derive.cli import main; main(['list']);"
        " sys.exit(any(name in sys.modules for name in ('numpy', 'matplotlib', 'sympy', 'flint')))"
    )
    assert python("-c", program).returncode == 0


def test_a_reader_that_stops_reading_is_no_error():
    command = f"{sys.executable} -m derive.cli prove {NAME} --no-sympy | head -1"
    seen = subprocess.run(["sh", "-c", command], capture_output=True, text=True, check=True)
    assert seen.stderr == ""


def test_a_missing_tool_says_how_to_install_it(tmp_path: Path):
    path = tmp_path / "proof.pdf"
    words = ["-m", "derive.cli", "prove", NAME, "--no-sympy", "--engine", "latex", "-o", str(path)]
    seen = python(*words, env={"PATH": "", "HOME": str(tmp_path)})
    assert seen.returncode == 5
    assert "latexmk" in seen.stderr
    assert not path.exists()
