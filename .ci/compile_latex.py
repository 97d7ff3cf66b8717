"""Compile every .tex of the gallery, two at a time; a line that is more than 2 pt too wide is an error.

The lectures are compiled out of the archives that `derive lecture` makes, with their figures.
"""

from __future__ import annotations

import re
import subprocess
import sys
import tempfile
import zipfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
GALLERY = ROOT / "output"
LECTURES = GALLERY / "lectures"
WIDEST = 2.0
WRAPPER = r"""\documentclass[11pt,a4paper]{article}
\usepackage[margin=2.6cm]{geometry}
\usepackage[T1]{fontenc}\usepackage{lmodern}\usepackage[%s]{babel}
\usepackage{amsmath,textcomp,xcolor,graphicx,booktabs,tabularx}\usepackage{hyperref}
\begin{document}\input{%s}\end{document}
"""


def unpacked(path: Path, folder: Path) -> Path:
    """The .tex of a lecture, out of its archive, among its figures."""
    name, lang, _ = path.name.split(".")
    archive = folder / f"{name}.zip"
    command = [sys.executable, "-m", "derive.cli", "lecture", name, "--lang", lang, "-o", str(archive)]
    subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=300, check=True)
    with zipfile.ZipFile(archive) as opened:
        opened.extractall(folder)
    return folder / name / f"{name}.tex"


def copied(path: Path, folder: Path) -> Path:
    """Any other .tex; a fragment in a document of its own."""
    source, text = folder / "document.tex", path.read_text(encoding="utf-8")
    if path.name.endswith(".fragment.tex"):
        (folder / "fragment.tex").write_text(text, encoding="utf-8")
        text = WRAPPER % ("brazilian" if "/pt/" in path.as_posix() else "english", "fragment.tex")
    source.write_text(text, encoding="utf-8")
    return source


def compiled(path: Path) -> list[str]:
    """What is wrong with a file: errors, references that lead nowhere, or lines that are too wide."""
    with tempfile.TemporaryDirectory() as folder:
        try:
            source = (unpacked if path.is_relative_to(LECTURES) else copied)(path, Path(folder))
        except subprocess.CalledProcessError as error:
            return [str(error.stderr).strip() or f"derive ended with {error.returncode}"]
        except subprocess.TimeoutExpired:
            return ["derive did not end"]
        command = ["latexmk", "-pdf", "-interaction=nonstopmode", "-halt-on-error", "-no-shell-escape", source.name]
        try:
            result = subprocess.run(command, cwd=source.parent, capture_output=True, timeout=300, check=False)
        except subprocess.TimeoutExpired:
            return ["latexmk did not end"]
        log = source.with_suffix(".log")
        lines = log.read_text(encoding="latin-1") if log.exists() else "! no log"
    errors = (
        (re.findall(r"^!.*", lines, re.M) or [f"latexmk ended with {result.returncode}"]) if result.returncode else []
    )
    wide = [w for w in re.findall(r"^Overfull \\hbox \((\d+\.\d+)pt too wide\)", lines, re.M) if float(w) > WIDEST]
    lost = re.findall(r"^LaTeX Warning: (Reference .*?) on page", lines, re.M)
    return [*errors, *lost, *(f"overfull by {w} pt" for w in wide)]


def main() -> int:
    paths = sorted(GALLERY.rglob("*.tex"))
    with ThreadPoolExecutor(2) as pool:
        found = dict(zip(paths, pool.map(compiled, paths), strict=True))
    for path, problems in found.items():
        print(f"{path.relative_to(ROOT)}: {'; '.join(problems) or 'ok'}")
    return 1 if any(found.values()) or not paths else 0


if __name__ == "__main__":
    sys.exit(main())
