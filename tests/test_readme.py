"""What the README says works, works."""

import doctest
import re
import shlex
from pathlib import Path

import pytest

from derive.cli import main

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
COMMANDS = [line for line in README.splitlines() if line.startswith("derive ")]


def test_the_examples_in_python():
    found = doctest.testfile(str(ROOT / "README.md"), module_relative=False, encoding="utf-8")
    assert found.attempted >= 8
    assert found.failed == 0


def test_the_commands_in_order(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]):
    monkeypatch.chdir(tmp_path)
    assert len(COMMANDS) >= 9
    for command in COMMANDS:
        assert main(shlex.split(command)[1:]) == 0, command
    capsys.readouterr()
    assert {path.name for path in tmp_path.iterdir()} == {"weights.md", "proof.json", "lecture.pdf", "grad.py"}


def test_every_link_leads_somewhere():
    links = re.findall(r"\]\(([^)#]+)\)", README)
    assert [link for link in links if not link.startswith("http") and not (ROOT / link).exists()] == []
