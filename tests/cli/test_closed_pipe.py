"""Nobody may be listening: a closed pipe does not turn "refuted" into success, and nothing is said about it."""

import subprocess
import sys
from pathlib import Path

import pytest

import derive

ROOT = Path(derive.__file__).parent.parent
CALLS = {
    ("check", "x^2", "3x"): 3,
    ("check", "x^2", "2x"): 0,
    ("prove", "x^2 sin(x)"): 0,
    ("prove", "x^2", "--format", "json"): 0,
    ("prove", "ln("): 2,
    ("prove", "softmax-cross-entropy", "--wrt", "b", "--without", "targets-sum-to-one"): 3,
    ("verify", "bad.json"): 3,
    ("lint", "no-such.toml"): 2,
    ("rules",): 0,
    ("list",): 0,
    ("prove", "--help"): 0,
}


@pytest.mark.parametrize("call", CALLS, ids=" ".join)
def test_the_answer_survives_a_reader_who_has_gone(call: tuple[str, ...], tmp_path: Path) -> None:
    record = derive.prove("x^2", witnesses=("kernel",)).to("json").replace("2x", "3x")
    (tmp_path / "bad.json").write_text(record, encoding="utf-8")
    code = f"import sys; sys.path.insert(0, {str(ROOT)!r}); from derive.cli import main; sys.exit(main({list(call)!r}))"
    command = subprocess.Popen(
        [sys.executable, "-c", code], cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    assert command.stdout is not None
    assert command.stderr is not None
    command.stdout.close()  # before anything is written
    said = command.stderr.read().decode()
    command.stderr.close()
    assert command.wait() == CALLS[call]
    assert "Traceback" not in said
    assert "Exception ignored" not in said
    assert "Broken pipe" not in said
