"""How fast proofs and documents are, as ratios in one run: python benchmarks/proofs.py [--rounds 5].

warm: proving dL/db for any number of classes, against SymPy's diff and simplify of the chain with 3
classes and 2 inputs. cold: whole commands, each a process of its own, against `import sympy`.
growth: the time to prove and to tell one gradient as the number of named classes grows. Printed, never asserted.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from statistics import median
from time import perf_counter, sleep

NAME = "softmax-cross-entropy"
PAUSE = 0.15
LIMITS = {"warm": 1 / 20, "prove": 1.0, "lecture": 8.0, "help": 0.15}
CLASSES = (5, 10, 20, 50)


def seconds(task: Callable[[], object]) -> float:
    start = perf_counter()
    task()
    return perf_counter() - start


def interleaved(tasks: dict[str, Callable[[], object]], rounds: int) -> dict[str, float]:
    """Median seconds of each; every round runs each task once."""
    times: dict[str, list[float]] = {name: [] for name in tasks}
    for _ in range(rounds):
        for name, task in tasks.items():
            sleep(PAUSE)
            times[name].append(seconds(task))
    return {name: median(found) for name, found in times.items()}


def by_sympy() -> None:
    import sympy as sp
    from sympy.core.cache import clear_cache

    clear_cache()
    z = [sum(sp.Symbol(f"W_{c}_{n}") * sp.Symbol(f"h_{n}") for n in (1, 2)) + sp.Symbol(f"b_{c}") for c in (1, 2, 3)]
    loss = -sum(sp.Symbol(f"y_{c}") * sp.log(sp.exp(z[c - 1]) / sum(map(sp.exp, z))) for c in (1, 2, 3))
    for c in (1, 2, 3):
        sp.simplify(loss.diff(sp.Symbol(f"b_{c}")))


def by_derive() -> None:
    import derive

    _ = derive.prove(NAME, "b").theorem


def process(*words: str) -> Callable[[], object]:
    return lambda: subprocess.run([sys.executable, *words], check=True, capture_output=True)


def cold(folder: Path) -> dict[str, Callable[[], object]]:
    pdf = str(folder / "lecture.pdf")
    return {
        "sympy": process("-c", "import sympy"),
        "help": process("-m", "derive.cli", "--help"),
        "prove": process("-m", "derive.cli", "prove", NAME, "--wrt", "b", "--no-sympy", "--format", "markdown"),
        "lecture": process("-m", "derive.cli", "lecture", NAME, "--lang", "pt", "-o", pdf),
    }


def growth(rounds: int) -> dict[str, float]:
    import derive

    def task(count: int) -> Callable[[], object]:
        chain = derive.problem(NAME, classes=[f"class {n}" for n in range(count)], target=1)
        return lambda: chain.prove("b")

    return interleaved({str(count): task(count) for count in CLASSES}, rounds)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=5)
    rounds = parser.parse_args().rounds
    os.environ.setdefault("PYTHONPATH", str(Path(__file__).resolve().parents[1]))

    warm = interleaved({"sympy": by_sympy, "derive": by_derive}, rounds)
    ratio = warm["derive"] / warm["sympy"]
    limit = f"x SymPy diff + simplify (at most {LIMITS['warm']:.3f})"
    print(f"warm   prove dL/db       {warm['derive']:8.4f} s   {ratio:6.3f} {limit}")

    with tempfile.TemporaryDirectory() as folder:
        times = interleaved(cold(Path(folder)), rounds)
    print(f"cold   import sympy      {times['sympy']:8.4f} s")
    for name, says in (("prove", "prove to Markdown"), ("lecture", "lecture to PDF")):
        ratio = times[name] / times["sympy"]
        print(f"cold   {says:<17} {times[name]:8.4f} s   {ratio:6.3f} x import sympy (at most {LIMITS[name]})")
    print(f"cold   --help            {times['help']:8.4f} s   (at most {LIMITS['help']} s)")

    found = growth(rounds)
    for before, after in pairwise(CLASSES):
        ratio, limit = found[str(after)] / found[str(before)], f"x (at most {(after / before) ** 2:.2f})"
        print(f"growth {before:>2} to {after:>2} classes  {found[str(after)]:8.4f} s   {ratio:6.3f} {limit}")


if __name__ == "__main__":
    main()
