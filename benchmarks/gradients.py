"""How fast the generated gradient is: python benchmarks/gradients.py [--rounds 15].

Each round runs every contestant once in random order, pinned to one thread of one core; printed are
median times and the ratios to the generated gradient (above 1: the generated one is faster). All
return the loss and its gradient by W, b and h; torch and the generated one also guard against
overflow, the generated one also checks its arguments and returns the gradient by z.
"""

from __future__ import annotations

import argparse
import os
import random
from collections.abc import Callable, Mapping
from statistics import median
from time import perf_counter, sleep
from typing import Any

for variable in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[variable] = "1"  # before NumPy is imported

import numpy as np  # noqa: E402

from derive.gradients.softmax_cross_entropy import value_and_grad  # noqa: E402

SIZES = ((4, 2, 3), (150, 4, 3), (1024, 64, 10), (8192, 64, 100), (2048, 512, 1000))  # rows, features, classes
BLOCK = 0.02  # seconds a contestant runs before it is the next one's turn
PAUSE = 0.15  # BLAS threads keep spinning for a while


def contestants(rows: int, features: int, classes: int, dtype: str) -> dict[str, Callable[[], Any]]:
    rng = np.random.default_rng(0)
    W = (rng.normal(size=(classes, features)) / features**0.5).astype(dtype)
    b, h = rng.normal(size=classes).astype(dtype), rng.normal(size=(rows, features)).astype(dtype)
    y = rng.integers(0, classes, rows)
    found: dict[str, Callable[[], Any]] = {
        "generated": lambda: value_and_grad(W, b, h, y),
        "naive": lambda: naive(W, b, h, y),
    }
    try:
        import torch
    except ImportError:
        return found
    torch.set_num_threads(1)
    arguments = [torch.tensor(a, requires_grad=True) for a in (W, b, h)]
    labels = torch.tensor(y)

    def autograd() -> Any:
        value = torch.nn.functional.cross_entropy(arguments[2] @ arguments[0].T + arguments[1], labels)
        return value, torch.autograd.grad(value, arguments)

    return {**found, "torch": autograd}


def naive(W: Any, b: Any, h: Any, y: Any) -> tuple[Any, ...]:
    """What one writes by hand: no checks, p - 1 loses its digits, large logits overflow."""
    e = np.exp(h @ W.T + b)
    p = e / e.sum(axis=1, keepdims=True)
    target = np.eye(len(b), dtype=W.dtype)[y]
    residual = (p - target) / len(h)
    return -(target * np.log(p)).sum() / len(h), residual.T @ h, residual.sum(axis=0), residual @ W


def timed(functions: Mapping[str, Callable[[], Any]], rounds: int) -> dict[str, float]:
    """Median seconds a call, interleaved."""
    repeats = {name: max(1, int(BLOCK / once(function, 2))) for name, function in functions.items()}
    times: dict[str, list[float]] = {name: [] for name in functions}
    for _ in range(rounds):
        for name in random.sample(list(functions), len(functions)):
            sleep(PAUSE)
            functions[name]()
            times[name].append(once(functions[name], repeats[name]))
    return {name: median(values) for name, values in times.items()}


def once(function: Callable[[], Any], repeats: int) -> float:
    start = perf_counter()
    for _ in range(repeats):
        function()
    return (perf_counter() - start) / repeats


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=15)
    rounds = parser.parse_args().rounds
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})
    print(f"{'type':8} {'rows':>5} {'feat':>4} {'class':>5} {'generated':>12} {'naive/gen':>10} {'torch/gen':>10}")
    for dtype in ("float64", "float32"):
        for size in SIZES:
            times = timed(contestants(*size, dtype), rounds)
            mine = times["generated"]
            ratios = [f"{times[name] / mine:.2f}" if name in times else "not run" for name in ("naive", "torch")]
            print(
                f"{dtype:8} {size[0]:5} {size[1]:4} {size[2]:5} {mine * 1e6:9.1f} us",
                *(f"{r:>10}" for r in ratios),
                flush=True,
            )


if __name__ == "__main__":
    main()
