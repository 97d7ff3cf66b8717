"""What the guide shows, works."""

import re
import shlex
from pathlib import Path

import pytest

from derive.cli import main

GUIDE = Path(__file__).parents[2] / "docs" / "lectures.md"


def test_the_commands_of_the_guide(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]):
    monkeypatch.chdir(tmp_path)
    page = GUIDE.read_text(encoding="utf-8")
    (example,) = re.findall(r"```markdown\n(.*?)```", page, re.DOTALL)
    (tmp_path / "flowers.md").write_text(example, encoding="utf-8")
    (letters,) = re.findall(r"```toml\n# mine.toml\n(.*?)```", page, re.DOTALL)
    (tmp_path / "mine.toml").write_text(letters, encoding="utf-8")
    commands = [line for block in re.findall(r"```sh\n(.*?)```", page, re.DOTALL) for line in block.splitlines()]
    assert len(commands) == 8
    for command in commands:
        assert main(shlex.split(command)[1:]) == 0, command
    assert "∂L/∂bₖ = qₖ − yₖ" in capsys.readouterr().out
    told = (tmp_path / "flowers.txt").read_text(encoding="utf-8")
    assert "add up to 2.67" in told  # the published total
    assert r"\beta_k" in (tmp_path / "flowers.tex").read_text(encoding="utf-8")
    assert (tmp_path / "slopes.pdf").read_bytes().startswith(b"%PDF")


def test_every_notation_is_named_in_the_guide():
    from derive.document.letterings import letterings

    page = GUIDE.read_text(encoding="utf-8")
    assert [name for name in letterings() if f"`{name}`" not in page] == []
