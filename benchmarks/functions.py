"""How long proofs of single derivatives take, beside SymPy's own diff of the same function, in one run.

python benchmarks/functions.py [--rounds 5]

SymPy remembers every derivative it ever took; its cache is cleared before each round, and so is ours.
The second column of SymPy is a repeated call, which looks the answer up.
"""

from __future__ import annotations

import argparse
import json
import statistics
import time
from collections.abc import Callable
from pathlib import Path

CORPUS = Path(__file__).parents[1] / "tests" / "data" / "derivatives.json"
SPELLINGS = (("**", "^"), ("Rational(1,3)", "(1/3)"), ("Rational(4,5)", "(4/5)"), ("^E", "^e"), ("Abs", "abs"))


def typed(function: str) -> str:
    """A function of the corpus, written for SymPy, as a person types it."""
    for theirs, ours in SPELLINGS:
        function = function.replace(theirs, ours)
    return function


def measured(run: Callable[[], object], before: Callable[[], object], rounds: int) -> float:
    """The median of seconds that one run takes."""
    times = []
    for _ in range(rounds):
        before()
        start = time.perf_counter()
        run()
        times.append(time.perf_counter() - start)
    return statistics.median(times)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=5)
    rounds = parser.parse_args().rounds
    start = time.perf_counter()
    import sympy

    imported = time.perf_counter() - start
    from sympy.core.cache import clear_cache

    from derive.core.arithmetic import polynomial
    from derive.derivation.derivation import derived
    from derive.derivation.formula import function_problem
    from derive.proofs import prove as prover
    from derive.syntax.sympy_bridge import indexed

    rows: list[tuple[str, float, float, float, float]] = []
    for case in json.loads(CORPUS.read_text(encoding="utf-8")):
        problem = function_problem(typed(case["function"]), case["variable"])
        expression = indexed(problem.body, problem.context)
        x = sympy.Symbol(case["variable"], real=True)
        x = next((s for s in expression.free_symbols if s.name == case["variable"]), x)

        def prove(problem=problem):
            return prover.prove(problem.chain)

        def page(problem=problem, wrt=(case["variable"],)):
            return derived(problem.chain, wrt, ("kernel",)).to("markdown")

        def diff(expression=expression, x=x):
            return expression.diff(x)

        prove(), page()
        ours = measured(prove, polynomial.cache_clear, rounds)
        shown = measured(page, polynomial.cache_clear, rounds)
        fresh = measured(diff, clear_cache, rounds)
        again = measured(diff, lambda: None, rounds)
        rows.append((case["function"], ours, shown, fresh, again))

    ours, shown, fresh, again = (statistics.median(row[n] for row in rows) for n in (1, 2, 3, 4))
    slowest = max(rows, key=lambda row: row[1])
    print(f"import sympy            {imported * 1e3:9.2f} ms")
    print(f"sympy.diff, fresh       {fresh * 1e3:9.3f} ms   median of {len(rows)} functions")
    print(f"sympy.diff, looked up   {again * 1e3:9.3f} ms")
    print(f"proof                   {ours * 1e3:9.3f} ms   {ours / fresh:7.3f} x sympy.diff (at most 1.0)")
    print(f"proof, ratio by ratio   {'':9}      {statistics.median(r[1] / r[3] for r in rows):7.3f} x")
    print(f"page in Markdown        {shown * 1e3:9.3f} ms   {shown / fresh:7.3f} x sympy.diff (at most 5.0)")
    ratio = slowest[1] / imported
    print(f"slowest proof           {slowest[1] * 1e3:9.3f} ms   {ratio:7.3f} x import sympy (at most 0.5)")
    print(f"                        {slowest[0]}")


if __name__ == "__main__":
    main()
