"""How long the proofs of networks take: in depth, in width, and beside SymPy's own diff and simplify, in one run.

python benchmarks/networks.py [--rounds 3] [--limit 90]

SymPy differentiates the written-out loss of a 4-3-3 network with one hidden layer by one weight of the first layer,
and simplifies; it is stopped after --limit seconds, in a process of its own.
"""

from __future__ import annotations

import argparse
import multiprocessing
import statistics
import time
from collections.abc import Callable


def measured(run: Callable[[], object], rounds: int) -> float:
    """The median of seconds that one run takes."""
    times = []
    for _ in range(rounds):
        start = time.perf_counter()
        run()
        times.append(time.perf_counter() - start)
    return statistics.median(times)


def proofs(sizes: list[int] | list[str], activation: str) -> Callable[[], object]:
    """The proofs of all gradients of a network with these numbers of units."""
    from derive.chains.network import network_problem
    from derive.chains.spec import LayerSpec, NetworkSpec
    from derive.proofs.prove import prove

    first, *hidden, last = sizes
    spec = NetworkSpec(first, (*(LayerSpec(units, activation) for units in hidden), LayerSpec(last)))
    return lambda: prove(network_problem(spec).chain)


def naive() -> None:
    """What one does with SymPy alone: write the loss out, differentiate by a weight, simplify."""
    import sympy as sp

    x, w, v = sp.symbols("x1:5"), sp.Matrix(3, 4, sp.symbols("w1:13")), sp.Matrix(3, 3, sp.symbols("v1:10"))
    b, c, y = sp.symbols("b1:4"), sp.symbols("c1:4"), sp.symbols("y1:4")
    hidden = [sp.tanh(sum(w[k, j] * x[j] for j in range(4)) + b[k]) for k in range(3)]
    logits = [sum(v[k, j] * hidden[j] for j in range(3)) + c[k] for k in range(3)]
    total = sum(map(sp.exp, logits))
    loss = -sum(target * sp.log(sp.exp(z) / total) for target, z in zip(y, logits, strict=True))
    sp.simplify(sp.diff(loss, w[0, 0]))


def stopped_after(run: Callable[[], None], limit: float) -> float | None:
    """The seconds a run takes in a process of its own; None if it did not end in time."""
    process = multiprocessing.get_context("spawn").Process(target=run)
    start = time.perf_counter()
    process.start()
    process.join(limit)
    if process.is_alive():
        process.kill()
        process.join()
        return None
    return time.perf_counter() - start


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--limit", type=float, default=90)
    options = parser.parse_args()
    proofs([2, 2, 2], "tanh")()
    for activation in ("tanh", "relu"):
        layers = {depth: [f"n_{layer}" for layer in range(depth)] + ["C"] for depth in (6, 64)}
        each = {depth: measured(proofs(sizes, activation), options.rounds) / depth for depth, sizes in layers.items()}
        ratio = each[64] / each[6]
        print(
            f"{activation:5} 6 layers {each[6] * 1e3:7.2f} ms a layer, 64 layers {each[64] * 1e3:7.2f} ms a layer",
            end="",
        )
        print(f"   {ratio:.2f} x (at most 10)")
    widths = {width: measured(proofs([width] * 3, "tanh"), options.rounds) for width in (3, 3000)}
    print(
        f"width 3 {widths[3] * 1e3:.2f} ms, width 3000 {widths[3000] * 1e3:.2f} ms   {widths[3000] / widths[3]:.2f} x"
    )
    ours = measured(proofs([4, 3, 3], "tanh"), options.rounds)
    print(f"4-3-3 network, all gradients proved  {ours:9.4f} s")
    theirs = stopped_after(naive, options.limit)
    taken = f"not done after {options.limit:.0f} s" if theirs is None else f"{theirs:9.4f} s"
    share = options.limit if theirs is None else theirs
    print(f"sympy diff + simplify, one weight    {taken}   ours is {ours / share:.5f} x of that")


if __name__ == "__main__":
    main()
