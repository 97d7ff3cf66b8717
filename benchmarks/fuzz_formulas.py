"""Type nonsense into the formula parser: python benchmarks/fuzz_formulas.py [--minutes 5] [--seed 0].

Random characters, random tokens, and formulas with random changes. Whatever is typed must be read or refused with a
FormulaError, within five seconds. The first text that does anything else is printed, and the exit code is 1.
"""

from __future__ import annotations

import argparse
import random
import sys
from time import perf_counter, process_time

from derive.core.term import sym
from derive.syntax.formula import FormulaError, parse, parse_line, parse_variable

SLOWEST = 5.0
CHARACTERS = "xyzabefdkijnmWL0123456789+-*/^()[]{}|=<>,;'_.&%$#@!?\"\\ \n\tπσφ²ₖ√Σ∂≥≠·−‖⌊⌋\x00\ud800\u202e𝑥"
PIECES = r"""
sin cos exp ln log sqrt max sum softmax piecewise norm dot mean if and True otherwise d/dx ⁻¹ Σ_i sum_i sum(i, x_i W_kj
W_{1,2} f( f'( g(x) e^ x^2 1/2 0.5 1e9 ** <= \frac \frac{ }{ \sqrt \sqrt[3] \sin \left( \right) \left| \right| \cdot
\partial \sum_{i=1}^{n} \begin{cases} & \\ \end{cases} \text{if} \operatorname{ \mathrm{d} \alpha \delta_{ik} _{ ^{
__import__ lambda 9^9^9 ((((( ))))) ----- x^x^
"""
TOKENS = (*CHARACTERS, *PIECES.split(), "sin ", "sin sin ")
FORMULAS = r"""
x^2 sin(x)
1/(1 + e^-x)
piecewise(x^2 if x < 0; x if x < 1; 1)
-sum(i, y_i ln(softmax(z)_i))
sum(j, W_kj h_j) + b_k
d/dx (x^2 sin x) = (x^2)' sin x + x^2 cos x
max(0, x, y) |x - 1|
log_2(x) + log(x, b)
f'(g(x)) g'(x)
norm(x - y)^2 + dot(a, b) + logsumexp(z)
\frac{1}{2} x^{2} \sin 2x
\sum_{i=1}^{n} y_i \ln p_i
\sqrt[3]{x} + \left|x\right|^{2}
\begin{cases} x^2 & x < 0 \\ x & \text{if } x < 1 \\ 1 & \text{otherwise} \end{cases}
\frac{\partial L}{\partial b_k} = p_k - y_k
""".strip().splitlines()


def noise(source: random.Random) -> str:
    """Characters of any kind, or tokens, or a formula that was damaged."""
    kind = source.randrange(3)
    if kind == 0:
        return "".join(chr(source.choice((source.randrange(128), source.randrange(0x110000)))) for _ in range(30))
    if kind == 1:
        return "".join(source.choice(TOKENS) for _ in range(source.randrange(1, 40)))
    text = source.choice(FORMULAS)
    for _ in range(source.randrange(1, 6)):
        at = source.randrange(len(text) + 1)
        text = text[:at] + source.choice((source.choice(TOKENS), "")) + text[at + source.randrange(3) :]
    return text * source.choice((1, 1, 1, 1, 40))


def try_all(text: str) -> bool:
    """Whether any of the ways to read it succeeds. Anything but FormulaError goes through."""
    read = False
    for attempt in (
        lambda: parse(text),
        lambda: parse(text, decimal=","),
        lambda: parse_line(text, wrt=sym("x")),
        lambda: parse_variable(text),
    ):
        try:
            attempt()
            read = True
        except FormulaError as error:
            if len(error.pointed.splitlines()) != 2 or not str(error):
                raise RuntimeError(f"the message {error!r} does not point at anything") from error
    return read


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--minutes", type=float, default=5.0)
    options.add_argument("--seed", type=int, default=0)
    given = options.parse_args()
    source, until = random.Random(given.seed), perf_counter() + 60 * given.minutes  # noqa: S311
    count = read = 0
    slowest = 0.0
    while perf_counter() < until:
        text, start = noise(source), process_time()
        try:
            read += try_all(text)
        except Exception as error:
            print(f"{type(error).__name__}: {error}\nfor {text!a}")
            return 1
        slowest = max(slowest, process_time() - start)
        count += 1
        if slowest > SLOWEST:
            print(f"{slowest:.1f} s for {text!a}")
            return 1
    print(f"{count} texts, {read} of them read, slowest {slowest * 1000:.0f} ms")
    return 0


if __name__ == "__main__":
    sys.exit(main())
