"""Compile every .tex of the gallery; a line that is more than 2 pt too wide is an error."""

from __future__ import annotations

import re
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
WIDEST = 2.0
WRAPPER = r"""\documentclass[11pt,a4paper]{article}
\usepackage[margin=2.6cm]{geometry}
\usepackage[T1]{fontenc}\usepackage{lmodern}\usepackage[%s]{babel}
\usepackage{amsmath,textcomp,xcolor,graphicx,booktabs,tabularx}\usepackage{hyperref}
\begin{document}\input{%s}\end{document}
"""


def compiled(path: Path) -> list[str]:
    """What is wrong with a file: errors, or lines that are too wide."""
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder, "document.tex")
        text = path.read_text(encoding="utf-8")
        if path.name.endswith(".fragment.tex"):
            Path(folder, "fragment.tex").write_text(text, encoding="utf-8")
            text = WRAPPER % ("brazilian" if "/pt/" in path.as_posix() else "english", "fragment.tex")
        source.write_text(text, encoding="utf-8")
        command = ["latexmk", "-pdf", "-interaction=nonstopmode", "-halt-on-error", "-no-shell-escape", source.name]
        result = subprocess.run(command, cwd=folder, capture_output=True, timeout=300, check=False)
        log = source.with_suffix(".log")
        lines = log.read_text(encoding="latin-1") if log.exists() else "! no log"
    errors = re.findall(r"^!.*", lines, re.M) if result.returncode else []
    wide = [w for w in re.findall(r"^Overfull \\hbox \((\d+\.\d+)pt too wide\)", lines, re.M) if float(w) > WIDEST]
    return [*errors, *(f"overfull by {w} pt" for w in wide)]


def main() -> int:
    paths = sorted((ROOT / "output").rglob("*.tex"))
    with ThreadPoolExecutor(2) as pool:
        found = dict(zip(paths, pool.map(compiled, paths), strict=True))
    for path, problems in found.items():
        print(f"{path.relative_to(ROOT)}: {'; '.join(problems) or 'ok'}")
    return 1 if any(found.values()) or not paths else 0


if __name__ == "__main__":
    sys.exit(main())
