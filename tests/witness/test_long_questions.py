"""Long questions: what the witnesses do is priced by what they look at, and every one of them still answers."""

import pytest

import derive
from derive.budget import budget_of, most_of
from derive.core.term import Term, exp, sym
from derive.witness.polynomials import numerator_size
from derive.witness.regions import distinct, numbers


def nested(start: str, around: str, times: int) -> str:
    for _ in range(times):
        start = around.replace("@", start)
    return start


LONG = {
    "a continued fraction": nested("x", "1/(x + @)", 18),
    "absolute values": nested("x", "|@ - 1|", 12),
    "roots": nested("x", "sqrt(@ + 1)", 12),
    "powers": nested("x", "2^(x - @)", 10),
    "a product": "".join(f"(x + {n})" for n in range(1, 31)),
    "a polynomial": " + ".join(f"{n + 1} x^{n}" for n in range(2, 61)),
    "a sum": " + ".join(f"sin({n} x)" for n in range(1, 81)),
    "a high power": "(x + 1)^1000000",
    "a power of a power": "((x + 1)^10 + 1)^10",
    "hyperbolic functions of what SymPy does not know to be real": "gelu_tanh(softsign(exp(x^2) + Ei(mish(x + 1)))^2)",
}


@pytest.mark.parametrize("name", LONG)
def test_every_witness_answers(name: str) -> None:
    verdicts = derive.prove(LONG[name]).verdicts
    assert [verdict.status for verdict in verdicts[:3]] == ["proven"] * 3


def test_what_stands_again_and_again_is_looked_at_once() -> None:
    t: Term = sym("x")
    for _ in range(60):
        t = exp(t + 1) if t.op != "fn" else t + t.args[0].args[0]
        if t.size > 5_000:
            break
    assert len(list(distinct([t] * 100))) < 200
    assert numbers([t] * 100) == numbers([t])


def test_the_size_of_a_fraction_in_a_fraction_is_found_at_once() -> None:
    """A count of what is multiplied out once took longer than multiplying out."""
    import sympy as sp

    x = sp.Symbol("x", real=True)
    fraction = x
    for _ in range(40):
        fraction = 1 / (x + fraction)
    assert numerator_size(fraction) >= 1
    assert numerator_size((x + 1) ** 5) == 6


MANY_SIGNS = "piecewise(((x/z)^5 (y + z) Ei(y))^(z^x) if selu(y) > x; max(piecewise(2 if y > 4; 3), y x, celu(3, y)))"


@pytest.mark.parametrize("formula", ["Ci(trigamma(cot(3)^9)) x", "trigamma(-10^9 - 1/2) x", MANY_SIGNS])
def test_what_takes_very_long_in_a_library_or_in_many_regions_is_left_undecided(formula: str) -> None:
    """mpmath adds up as many terms as a negative argument of the trigamma function is large; each once took minutes."""
    kernel, *others = derive.prove(formula, wrt="x").verdicts[:3]
    assert kernel.status != "refuted"
    assert {verdict.status for verdict in others} <= {"proven", "undecided"}


def test_a_budget_raises_what_a_witness_looks_at() -> None:
    few = most_of("looked at")
    with budget_of(3):
        assert most_of("looked at") == 3 * few
