"""Differentiate random formulas, see that each ends: python benchmarks/fuzz_budget.py [--count 500] [--seed 0] [--all].

Formulas of all functions, up to six levels deep, in one to three variables. Each must be answered, or refused by name,
within five times what `import sympy` takes (CPU time). --all asks the balls and SymPy too. Every question that takes
longer, ends in anything else or does not end is printed, and the exit code is 1. Faults are found by formula, so a
number of the report (say 17) is tried again by --first 17 --count 1.
"""

from __future__ import annotations

import argparse
import json
import random
import resource
import selectors
import statistics
import subprocess
import sys
from time import process_time

from derive.core.functions import FUNCTIONS
from derive.core.term import Term, cases, fn, neg, num, sym

ALLOWED, GIVEN_UP = 5, 120.0  # imports of SymPy, seconds after which a question is stopped
DEEPEST, NAMES = 6, "xyz"
OPERATIONS = ("add", "add", "mul", "mul", "sub", "div", "power", "whole", "neg", "cases", "fn", "fn", "fn", "fn")


def formula(source: random.Random, names: str, depth: int) -> Term:
    """A random term; it need not have a value anywhere."""
    if depth <= 1 or source.random() < 0.12:
        return sym(source.choice(names)) if source.random() < 0.7 else num(source.randrange(1, 5))
    u, v = (formula(source, names, depth - 1) for _ in range(2))
    match source.choice(OPERATIONS):
        case "add":
            return u + v
        case "sub":
            return u - v
        case "mul":
            return u * v
        case "div":
            return u / v
        case "power":
            return u**v
        case "whole":
            return u ** source.randrange(2, 9)
        case "neg":
            return neg(u)
        case "cases":
            left, right = (formula(source, names, min(depth - 1, 2)) for _ in range(2))
            return cases(u, left, source.choice(("<", "<=", ">", ">=")), right, v)
    name = source.choice(sorted(FUNCTIONS))
    return fn(name, *(u, v, u + v)[: FUNCTIONS[name].arity])


def question(seed: int, number: int) -> tuple[Term, str]:
    """The formula with this number, and by what it is differentiated; the same on every machine."""
    source = random.Random(f"{seed}-{number}")  # noqa: S311
    names = NAMES[: source.randrange(1, 4)]
    return formula(source, names, source.randrange(2, DEEPEST + 1)), source.choice(names)


def answered(u: Term, x: str, everybody: bool) -> str:
    """How the question ends: an answer, a refusal with its reason, or a fault."""
    from derive.core.kernel import Refused
    from derive.derivation.derivation import WITNESSES, derived
    from derive.derivation.formula import function_problem, prove_formula
    from derive.errors import UsageError
    from derive.render import render

    try:
        problem = function_problem(u, sym(x))
        if everybody:
            derivation = prove_formula(problem, WITNESSES)
            verdicts = ", ".join(f"{verdict.by} {verdict.status}" for verdict in derivation.verdicts)
        else:
            derivation, verdicts = derived(problem.chain, [x], ("kernel",)), ""
        render(derivation.document(), "text")
    except (UsageError, Refused) as refusal:
        return f"refused: {refusal}"
    except Exception as error:
        return f"fault: {type(error).__name__}: {error}"
    return f"answered {verdicts}"


def work(seed: int, first: int, count: int, everybody: bool) -> None:
    """What a worker does: a line for each question, before and after."""
    for number in range(first, first + count):
        u, x = question(seed, number)
        print(json.dumps([number]), flush=True)
        start = process_time()
        end = answered(u, x, everybody)
        memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        print(json.dumps([number, process_time() - start, memory, end]), flush=True)


def results(seed: int, first: int, count: int, everybody: bool) -> list[tuple[int, float, float, str]]:
    """Number, seconds, megabytes and end of each question; a worker that does not answer is stopped."""
    found: list[tuple[int, float, float, str]] = []
    number = first
    while number < first + count:
        options = ["--seed", str(seed), "--first", str(number), "--count", str(first + count - number), "--work"]
        command = [sys.executable, __file__, *options, *(["--all"] if everybody else [])]
        with subprocess.Popen(command, stdout=subprocess.PIPE, bufsize=0) as worker:
            assert worker.stdout is not None
            ready = selectors.DefaultSelector()
            ready.register(worker.stdout, selectors.EVENT_READ)
            while number < first + count and ready.select(GIVEN_UP):
                line = worker.stdout.readline()
                if not line:
                    break
                told = json.loads(line)
                if len(told) > 1:
                    found.append(tuple(told))
                    number += 1
            worker.kill()
        if number < first + count:
            found.append((number, GIVEN_UP, 0.0, "fault: it does not end"))
            number += 1
    return found


def unit() -> float:
    """The seconds of CPU that `import sympy` takes."""
    taken = []
    for _ in range(3):
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        subprocess.run([sys.executable, "-c", "import sympy"], check=True)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        taken.append(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)
    return min(taken)


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--count", type=int, default=500)
    options.add_argument("--seed", type=int, default=0)
    options.add_argument("--first", type=int, default=0)
    options.add_argument("--all", action="store_true", help="ask all witnesses")
    options.add_argument("--work", action="store_true", help=argparse.SUPPRESS)
    given = options.parse_args()
    if given.work:
        work(given.seed, given.first, given.count, given.all)
        return 0
    one = unit()
    found = results(given.seed, given.first, given.count, given.all)
    times = [seconds / one for _, seconds, _, _ in found]
    kinds = [end.split(" ")[0].rstrip(":") for *_, end in found]
    print(f"{len(found)} formulas: " + ", ".join(f"{kinds.count(kind)} {kind}" for kind in sorted(set(kinds))))
    print(
        f"import sympy takes {one:.2f} s; median {statistics.median(times):.2f}, longest {max(times):.2f} of it; ",
        end="",
    )
    print(f"{max(memory for _, _, memory, _ in found):.0f} MB at most")
    wrong = [each for each in found if each[3].startswith("fault") or each[1] > ALLOWED * one]
    for number, seconds, _, end in wrong:
        u, x = question(given.seed, number)
        print(f"number {number}, by {x}, {seconds / one:.1f} imports, {end:.200}\n  {u}")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
