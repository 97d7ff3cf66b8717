"""Networks on the command line: what is told, what is refused and how, and the exit codes."""

import json
from pathlib import Path

import pytest

from derive.cli import main

IRIS = """\
[network]
name = "iris"
input = 4
layers = [{units = 3, activation = "tanh"}, {units = 3}]
classes = ["setosa", "versicolor", "virginica"]
[loss]
name = "cross-entropy"
"""
WRONG = """\
[network]
input = 0
layers = [{units = 3, activation = "tanhh"}]
[loss]
name = "bce"
"""
ODD = """\
[network]
input = 4
layers = [{units = 3, activation = "softmax"}]
[loss]
name = "cross-entropy"
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    for name, text in {"iris": IRIS, "wrong": WRONG, "odd": ODD}.items():
        (tmp_path / f"{name}.toml").write_text(text, encoding="utf-8")
    return tmp_path


def run(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, str, str]:
    code = main(words)
    out, err = capsys.readouterr()
    assert "Traceback" not in out + err
    return code, out, err


@pytest.mark.parametrize(
    ("words", "shown", "absent"),
    [
        ([], "∂L/∂xⱼ = Σ_{m=1}^{3} δ⁽¹⁾ₘ W⁽¹⁾ₘⱼ", "Camada"),
        (["--wrt", "all"], "∂L/∂W⁽²⁾ₖⱼ = (pₖ − yₖ) h⁽¹⁾ⱼ", "NaN"),
        (["--wrt", "W1"], "∂L/∂W⁽¹⁾ₖⱼ = δ⁽¹⁾ₖ xⱼ", "∂L/∂b⁽¹⁾ₖ"),
        (["--wrt", "W1,b1"], "∂L/∂b⁽¹⁾ₖ = δ⁽¹⁾ₖ", "∂L/∂xⱼ"),
        (["--wrt", "b2", "--batch"], "∂L/∂b⁽²⁾ₖ = (1/N) Σ_{n=1}^{N} (pₙₖ − yₙₖ)", "Layer 1"),
        (["--wrt", "b2", "--lang", "pt"], "Camada 2, a última", "Layer"),
        (["--wrt", "b2", "--detail", "brief"], "pₖ − yₖ", "(split the fraction)"),
    ],
)
def test_a_network_is_proved(capsys, folder: Path, words: list[str], shown: str, absent: str):
    code, out, err = run(capsys, "prove", "iris.toml", "--no-sympy", "--width", "120", *words)
    assert (code, err) == (0, "")
    assert shown in out
    assert absent not in out


@pytest.mark.parametrize(
    ("file", "start"),
    [("n.md", "# The gradients of the network iris"), ("n.tex", r"\documentclass"), ("n.typ", "#"), ("n.pdf", "%PDF"),
     ("n.txt", "The gradients"), ("n.json", "{")],
)  # fmt: skip
def test_a_network_is_written(capsys, folder: Path, file: str, start: str):
    code, out, err = run(capsys, "prove", "iris.toml", "--wrt", "b2", "--no-sympy", "-o", file)
    assert (code, out, err) == (0, "", f"wrote {file}\n")
    assert (folder / file).read_bytes().decode("utf-8", "replace").startswith(start)


def test_a_fragment_has_no_preamble(capsys, folder: Path):
    code, out, _ = run(capsys, "prove", "iris.toml", "--wrt", "b2", "--no-sympy", "--format", "latex-fragment")
    assert code == 0
    assert r"\documentclass" not in out
    assert r"\derivestatement{delta-2}" in out


def test_a_record_is_verified_from_the_file_alone(capsys, folder: Path):
    assert run(capsys, "prove", "iris.toml", "--wrt", "W1", "--batch", "--no-sympy", "-o", "w.json")[0] == 0
    (folder / "iris.toml").unlink()
    code, out, err = run(capsys, "verify", "w.json")
    assert (code, err) == (0, "")
    assert out.startswith("∂L/∂W⁽¹⁾ₖⱼ = (1/N) Σ_{n=1}^{N} δ⁽¹⁾ₙₖ xₙⱼ")
    assert "assumption: targets-sum-to-one\n" in out
    record = json.loads((folder / "w.json").read_text(encoding="utf-8"))
    record["problem"]["spec"]["network"]["layers"][0]["units"] = 5
    (folder / "w.json").write_text(json.dumps(record), encoding="utf-8")
    code, out, err = run(capsys, "verify", "w.json")
    assert (code, out) == (3, "")


def test_everything_that_is_wrong_is_said_at_once(capsys, folder: Path):
    for words in (["prove", "wrong.toml"], ["prove", "wrong.toml", "-o", "w.pdf"], ["lint", "wrong.toml"]):
        code, out, err = run(capsys, *words)
        assert (code, out) == (2, "")
        lines = err.splitlines()
        assert [line.split(": ")[:2] for line in lines] == [
            ["derive", "network.input"], ["derive", "network.layers[0].activation"], ["derive", "loss.name"],
        ]  # fmt: skip
        assert 'did you mean "tanh"?' in lines[1]
    assert not (folder / "w.pdf").exists()


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["--order", "2"], "--order is for a formula"),
        (["--hessian"], "--hessian is for a formula"),
        (["--classes", "3"], "not for a network"),
        (["--target", "1"], "not for a network"),
        (["--inputs", "2"], "not for a network"),
        (["--road", "logits"], "--road is for a formula or a problem"),
        (["--without", "targets-sum-to-one"], "not for a network"),
        (["--wrt", "W9"], 'there is no "W9"; differentiate by all or by W2, b2, W1, b1, x'),
        (["--wrt", "W1,"], 'there is no ""'),
        (["--lang", "fr"], "fr"),
        (["--detail", "silly"], "there is no detail"),
        (["--format", "html"], "there is no format"),
        (["-o", "x.docx"], "names no format"),
    ],
)
def test_what_does_not_fit_is_refused(capsys, folder: Path, words: list[str], says: str):
    code, out, err = run(capsys, "prove", "iris.toml", "--no-sympy", *words)
    assert (code, out) == (2, "")
    assert says in err
    assert {path.name for path in folder.iterdir()} == {"iris.toml", "wrong.toml", "odd.toml"}


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["prove", "x^2", "--batch"], "--batch is of a network"),
        (["prove", "softmax-cross-entropy", "--batch"], "--batch is of a network"),
        (["prove", "x^2", "--road", "logits"], "--road is for a problem"),
        (["prove", "nothing.toml"], "there is no such file"),
        (["lint", "nothing.toml"], "there is no such file"),
        (["lint", "iris.toml", "--lang", "fr"], "fr"),
        (["check", "iris.toml", "p_k - y_k"], "lines about a network are not judged"),
    ],
)
def test_what_is_not_about_a_network_is_said(capsys, folder: Path, words: list[str], says: str):
    code, out, err = run(capsys, *words)
    assert (code, out) == (2, "")
    assert says in err


@pytest.mark.parametrize(
    ("file", "lang", "says"),
    [
        ("odd", "en", "softmax twice"),
        ("odd", "en", "At network.layers[0].activation:"),
        ("odd", "pt", "Em network.layers[0].activation:"),
        ("iris", "en", "Nothing was found"),
        ("iris", "pt", "Nada foi encontrado"),
    ],
)
def test_lint_gives_advice(capsys, folder: Path, file: str, lang: str, says: str):
    code, out, err = run(capsys, "lint", f"{file}.toml", "--lang", lang, "--width", "100")
    assert (code, err) == (0, "")
    assert says in out


def test_a_file_may_hold_anything(capsys, folder: Path):
    for content in (b"", b"\xff\xfe", b"[network]\ninput = 4\n\x00", b"[" * 5000, b"a = 1\n" * 100_000):
        (folder / "any.toml").write_bytes(content)
        code, out, err = run(capsys, "prove", "any.toml")
        assert (code, out) == (2, "")
        assert err.startswith("derive: ")
