"""What the README says works, works."""

import doctest
import re
import shlex
from pathlib import Path

import pytest

from derive.cli import main

ROOT = Path(__file__).parents[1]
WRITTEN = {
    "README.md": {"weights.md", "proof.json", "lecture.pdf", "why.pdf", "grad.py"},
    "docs/functions.md": {"second.md", "unit.json"},
    "docs/networks.md": {"iris.toml", "batch.toml", "short.md", "iris.pdf", "b2.tex", "batch.json"},
}


def commands(text: str) -> list[str]:
    return [line for line in text.splitlines() if line.startswith("derive ")]


def files(text: str) -> dict[str, str]:
    """The TOML files that a page shows: their first line says how they are called."""
    blocks = re.findall(r"```toml\n(# (\S+)\n.*?)```", text, re.DOTALL)
    return {name: content for content, name in blocks}


@pytest.mark.parametrize("name", WRITTEN)
def test_the_examples_in_python(name: str):
    found = doctest.testfile(str(ROOT / name), module_relative=False, encoding="utf-8")
    assert found.attempted >= 8
    assert found.failed == 0


@pytest.mark.parametrize("name", WRITTEN)
def test_the_commands_in_order(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    monkeypatch.chdir(tmp_path)
    page = (ROOT / name).read_text(encoding="utf-8")
    for file, content in files(page).items():
        (tmp_path / file).write_text(content, encoding="utf-8")
    found = commands(page)
    assert len(found) >= 9
    for command in found:
        assert main(shlex.split(command)[1:]) == 0, command
    capsys.readouterr()
    assert {path.name for path in tmp_path.iterdir()} == WRITTEN[name]


@pytest.mark.parametrize("name", WRITTEN)
def test_every_link_leads_somewhere(name: str):
    links = re.findall(r"\]\(([^)#]+)\)", (ROOT / name).read_text(encoding="utf-8"))
    folder = (ROOT / name).parent
    assert [link for link in links if not link.startswith("http") and not (folder / link).exists()] == []
