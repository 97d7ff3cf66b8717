#!/usr/bin/env python3
"""Everything in one command, on a machine with nothing but Python 3.11 or newer:

    python3 run.py lectures    every lecture in Portuguese and English, as PDF, in lectures/
    python3 run.py tests       every test

Each makes its own environment in .venv first, so a system Python that is "externally managed" is left alone.
"""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent
ENVIRONMENT = Path(os.environ.get("DERIVE_ENVIRONMENT", ROOT / ".venv"))
PYTHON = ENVIRONMENT / ("Scripts" if os.name == "nt" else "bin") / "python"
CONSTRAINTS = ROOT / "constraints.txt"


def main() -> int:
    tasks = {"lectures": lectures, "tests": tests}
    if len(sys.argv) < 2 or sys.argv[1] not in tasks:
        print(__doc__, file=sys.stderr)
        return 2
    if sys.version_info < (3, 11):
        print(f"run.py: Python 3.11 or newer is needed, this is {sys.version.split()[0]}", file=sys.stderr)
        return 5
    return tasks[sys.argv[1]](sys.argv[2:])


def lectures(arguments: list[str]) -> int:
    prepare("")
    folder = ROOT / "lectures"
    folder.mkdir(exist_ok=True)
    pages = sorted((ROOT / "output" / "lectures").glob("*/*.md"))  # the gallery has them all
    codes = [lecture(*page.name.split(".")[:2], folder, arguments) for page in pages]
    return next((code for code in codes if code), 0 if codes else 1)


def lecture(name: str, lang: str, folder: Path, arguments: list[str]) -> int:
    path = folder / f"{name}.{lang}.pdf"
    return run(PYTHON, "-m", "derive.cli", "lecture", name, "--lang", lang, "-o", path, *arguments)


def tests(arguments: list[str]) -> int:
    prepare("[test]")
    return run(PYTHON, "-m", "pytest", *arguments)


def prepare(extra: str) -> None:
    """Make the environment and install the project into it; nothing is done when nothing has changed."""
    wanted = hashlib.sha256((ROOT / "pyproject.toml").read_bytes() + CONSTRAINTS.read_bytes()).hexdigest()
    mark = ENVIRONMENT / f"installed{extra.strip('[]')}.txt"
    if mark.is_file() and mark.read_text() == wanted:
        return
    if not PYTHON.is_file() and run(sys.executable, "-m", "venv", ENVIRONMENT):
        sys.exit("run.py: Python cannot make an environment; on Debian or Ubuntu: sudo apt install python3-venv")
    pip = (PYTHON, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "-c", CONSTRAINTS)
    if run(*pip, "--editable", f"{ROOT}{extra}"):
        sys.exit("run.py: installing failed; pip said why above")
    mark.write_text(wanted)


def run(*command: object) -> int:
    return subprocess.call([str(word) for word in command], cwd=ROOT)


if __name__ == "__main__":
    sys.exit(main())
