"""A new lecture, its archive, and watching it; everything by the command line."""

import shutil
import subprocess
import zipfile
from pathlib import Path

import pytest

from derive.cli import lectures, main


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def names(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


@pytest.mark.parametrize("language", ["en", "pt"])
def test_a_new_lecture_builds_and_is_not_written_over(folder: Path, language: str, capsys: pytest.CaptureFixture[str]):
    assert main(["lecture", "new", "mine", "--lang", language]) == 0
    written = (folder / "mine.md").read_text(encoding="utf-8")
    assert main(["lecture", "mine.md", "-o", "out.txt"]) == 0
    told = (folder / "out.txt").read_text(encoding="utf-8")
    assert {"en": "Theorem 1", "pt": "Teorema 1"}[language] in told
    assert {"en": "0.88", "pt": "0,88"}[language] in told
    assert main(["lecture", "new", "mine"]) == 2
    assert "exists already" in capsys.readouterr().err
    assert (folder / "mine.md").read_text(encoding="utf-8") == written
    assert main(["lecture", "new", "../mine"]) == 2


def test_an_archive_holds_all_that_compiles_elsewhere(folder: Path):
    text = "---\ntitle: T\n---\n{{ figure('sigmoid-and-step', label='fig') }}\n"
    (folder / "my.md").write_text(text, encoding="utf-8")
    assert main(["lecture", "my.md", "-o", "my.zip"]) == 0
    with zipfile.ZipFile(folder / "my.zip") as archive:
        assert archive.namelist() == ["my/README.txt", "my/fig.en.pdf", "my/my.tex"]
        assert "latexmk -pdf my.tex" in archive.read("my/README.txt").decode()
    first = (folder / "my.zip").read_bytes()
    assert main(["lecture", "my.md", "-o", "my.zip"]) == 0
    assert (folder / "my.zip").read_bytes() == first


@pytest.mark.latex
@pytest.mark.skipif(shutil.which("latexmk") is None, reason="needs latexmk")
def test_the_archive_compiles(folder: Path):
    main(["lecture", "new", "mine"])
    assert main(["lecture", "mine.md", "-o", "mine.zip"]) == 0
    with zipfile.ZipFile(folder / "mine.zip") as archive:
        archive.extractall(folder)
    made = subprocess.run(
        ["latexmk", "-pdf", "-interaction=nonstopmode", "mine.tex"], cwd=folder / "mine", capture_output=True
    )
    assert made.returncode == 0
    assert "Overfull" not in (folder / "mine" / "mine.log").read_text(encoding="latin-1")


def test_nothing_is_half_written(folder: Path, capsys: pytest.CaptureFixture[str]):
    (folder / "my.md").write_text("# T\n\n{{ nope() }}\n", encoding="utf-8")
    assert main(["lecture", "my.md", "-o", "out.pdf"]) == 2
    assert 'my.md:3: there is no "nope"' in capsys.readouterr().err
    assert names(folder) == {"my.md"}


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["lecture", "my.md"], "-o"),
        (["lecture", "my.md", "-o", "my.md"], "is the lecture itself"),
        (["lecture", "my.md", "-o", "my.docx"], ".pdf"),
        (["lecture", "my.md", "-o", "x.pdf", "--classes", "3"], "--classes"),
        (["lecture", "my.md", "-o", "x.txt", "--answers", "no"], "hidden"),
        (["lecture", "my.md", "-o", "x.txt", "--notation", "no"], "o-s-theta-beta"),
        (["lecture", "my.md", "-o", "x.txt", "--lang", "xx"], "xx"),
        (["lecture", "none.md", "-o", "x.txt"], "none.md"),
        (["lecture", "nope", "-o", "x.txt"], "no lecture"),
        (["lecture"], "name one lecture"),
        (["lecture", "softmax-cross-entropy", "-o", "x.txt", "--notation", "p-z-W-b"], "--notation"),
        (["prove", "x^2", "--notation", "none"], "no notation"),
        (["prove", "x^2", "--notation", "p-z-W-b", "--format", "json"], "letters"),
    ],
)
def test_what_does_not_fit_is_refused(folder: Path, words: list[str], says: str, capsys: pytest.CaptureFixture[str]):
    (folder / "my.md").write_text("# T\n\ntext\n", encoding="utf-8")
    assert main(words) in (1, 2)
    assert says in capsys.readouterr().err
    assert names(folder) == {"my.md"}


def test_watching_writes_again_when_something_has_changed(folder: Path):
    source, output = folder / "my.md", folder / "out.txt"
    source.write_text("# T", encoding="utf-8")
    stamps = iter([1.0, 1.0, 2.0])
    pauses: list[float] = []

    def pause(seconds: float) -> None:
        pauses.append(seconds)
        import os

        os.utime(source, (next(stamps),) * 2)

    states = lectures.changes(source, output, pause)
    next(states)
    next(states)  # the first stamp differs from the time of writing
    next(states)  # the second does not, the third does
    assert len(pauses) == 3


def test_watching_ends_on_interrupt_and_survives_errors(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    source = folder / "my.md"
    source.write_text("# T\n\n{{ nope() }}\n", encoding="utf-8")
    turns = []

    def pause(seconds: float) -> None:
        turns.append(seconds)
        if len(turns) > 1:
            raise KeyboardInterrupt
        source.write_text("# T\n\nright now\n", encoding="utf-8")

    monkeypatch.setattr(lectures.time, "sleep", pause)
    monkeypatch.setattr(lectures.changes, "__defaults__", (pause,))
    assert main(["lecture", "my.md", "-o", "out.txt", "--watch"]) == 0
    assert "my.md:3" in capsys.readouterr().err
    assert "right now" in (folder / "out.txt").read_text(encoding="utf-8")


@pytest.mark.parametrize("language", ["en", "pt"])
def test_the_calls_are_told(language: str, capsys: pytest.CaptureFixture[str]):
    from derive.authoring.calls import CALLS

    assert main(["lecture", "--calls", "--lang", language]) == 0
    told = [line.split()[0] for line in capsys.readouterr().out.splitlines()]
    assert told == list(CALLS)


def test_a_notation_on_the_command_line(capsys: pytest.CaptureFixture[str]):
    assert main(["prove", "softmax-cross-entropy", "--notation", "o-s-theta-beta", "--no-sympy"]) == 0
    told = capsys.readouterr().out
    assert "∂L/∂βₖ = oₖ − yₖ" in told
    assert "pₖ" not in told


def test_letters_that_would_coincide_are_refused(folder: Path, capsys: pytest.CaptureFixture[str]):
    (folder / "n.toml").write_text('[letters]\np = "y"\n', encoding="utf-8")
    assert main(["prove", "softmax-cross-entropy", "--notation", "n.toml", "--no-sympy"]) == 2
    assert "alike" in capsys.readouterr().err
