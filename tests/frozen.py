"""What the command line says, as text: python tests/frozen.py writes tests/frozen/commands.txt anew.

A block for each command: the command, what it prints, what it says on the side, how it ends. The file is read like
code when it changes; tests/test_frozen.py compares it.
"""

from __future__ import annotations

import contextlib
import io
import os
import re
import shlex
import tempfile
from pathlib import Path

FOLDER = Path(__file__).parent / "frozen"
RECORDS = FOLDER / "records"
RULE = "=" * 100
FILES = {  # what lies in the folder in which the commands run
    "net.toml": '[network]\nname = "small"\ninput = 2\nlayers = [{units = 2, activation = "tanh"}, {units = 3}]\n\n'
    '[loss]\nname = "cross-entropy"\n',
    "bad.toml": '[network]\ninput = 2\nlayers = [{units = 2, activation = "tanch"}]\n\n[loss]\nname = "mse"\n',
    "formula.txt": "x^2 sin(x)\n",
    "empty.txt": "\n",
    "mine.txt": "2x sin x + x^2 cos x\nx (2 sin x + x cos x)\n",
    "lines.txt": "= 2x sin x + x^2 cos x\n= x (2 sin x - x cos x)\n",
    "lecture.md": "# A small lecture\n\nA theorem:\n\n{{ theorem(prove('x^2')) }}\n\n{{ lines(prove('x^2')) }}\n",
    "wrong.md": "# A lecture\n\n{{ theorem(prove('x^2 +')) }}\n\n{{ nothing(1) }}\n",
    "no.json": "{}\n",
}


def commands() -> list[str]:
    """One command a line; an empty line and what stands behind # is for the reader."""
    lines = (FOLDER / "asked.txt").read_text(encoding="utf-8").splitlines()
    return [line for line in lines if line and not line.startswith("#")]


def said(command: str) -> str:
    """The block of one command, run in the current folder."""
    from derive.cli import main

    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        try:
            code = main(shlex.split(command)[1:])
        except SystemExit as end:
            code = int(end.code or 0)
    written = out.getvalue() + "".join(f"! {line}\n" for line in err.getvalue().splitlines())
    written = re.sub(r"(?m)[ \t]+$", "", written)
    return f"$ {command}\n{written}[exit {code}]\n"


def records() -> dict[str, str]:
    """Records as this version writes them, by name: one of each kind of question."""
    import derive

    softmax = "softmax-cross-entropy"
    flowers = derive.problem(softmax, classes=["setosa", "versicolor", "virginica"], target="setosa", inputs=2)
    net = {"network": {"input": 2, "layers": [{"units": 2, "activation": "tanh"}, {"units": 3}]},
           "loss": {"name": "cross-entropy"}}  # fmt: skip
    made = {
        "problem-b": derive.prove(softmax, wrt="b"),
        "problem-W-logits": derive.prove(softmax, wrt="W", road="logits"),
        "flowers-b_3": derive.prove(flowers, wrt="b_3"),
        "flowers-h": derive.prove(flowers, wrt="h"),
        "formula": derive.prove("x^2 sin(x)"),
        "formula-order-2": derive.prove("ln(x)/x", order=2),
        "formula-hessian": derive.prove("x^2 y + e^(x y)", wrt="x,y", hessian=True),
        "formula-sum": derive.prove("norm(x)^2", wrt="x_k"),
        "formula-pieces": derive.prove("piecewise(sqrt(x) if x > -5; x)"),
        "network": derive.network(net).prove("W1,b2"),
        "network-batch": derive.network(net).prove("b1", batch=True),
    }
    return {name: derivation.to("json") for name, derivation in made.items()}


def prepared(folder: Path) -> None:
    """Puts the files there, and the columns of the terminal at 100."""
    os.environ["COLUMNS"] = "100"
    for name, text in FILES.items():
        (folder / name).write_text(text, encoding="utf-8")


def main() -> None:
    here = Path.cwd()
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        prepared(Path(folder))
        blocks = [said(command) for command in commands()]
        os.chdir(here)
    (FOLDER / "commands.txt").write_text(f"{RULE}\n".join(blocks), encoding="utf-8")
    for name, text in records().items():
        if not (RECORDS / f"{name}.json").exists():  # a record that somebody keeps is not written again
            (RECORDS / f"{name}.json").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
