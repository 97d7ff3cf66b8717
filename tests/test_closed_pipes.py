"""What a command answers does not depend on who listens."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
import sympy as sp

import derive
from derive.core.term import Term, sym
from derive.function import function_problem
from derive.problems import ProblemError

RUN = f'"{sys.executable}" -m derive.cli'
REPOSITORY = Path(__file__).parent.parent


def answer(command: str, end: str) -> tuple[int, str]:
    """The exit code of a command whose output nobody reads, and what was said on stderr."""
    line = f"set -o pipefail; {RUN} {command} {end}"
    done = subprocess.run(["bash", "-c", line], cwd=REPOSITORY, capture_output=True, text=True, env=dict(os.environ))
    return done.returncode, done.stderr


@pytest.mark.skipif(os.name != "posix", reason="needs a shell")
@pytest.mark.parametrize(
    ("command", "code"),
    [("check x^2 3x", 3), ("prove x^2", 0), ("verify BAD", 3), ("prove softmax-cross-entropy --without different-indices", 0),
     ("--help", 0), ("prove lnx", 2)],
)  # fmt: skip
def test_a_closed_pipe_does_not_change_the_answer(command: str, code: int, tmp_path: Path):
    bad = tmp_path / "bad.json"
    bad.write_text((REPOSITORY / "output/proofs/en/biases.json").read_text().replace("pₖ − yₖ", "pₖ + yₖ"))
    for end in ("| true", ">&-", "2>&1 | true"):
        found, said = answer(command.replace("BAD", str(bad)), end)
        assert found == code, end
        assert "Traceback" not in said
        assert "ignored" not in said
        assert code != 0 or not said


def of_names(name: str) -> tuple[Term, sp.Expr]:
    x = "x"
    return sym(name) * sym(x) ** 2, sp.Symbol(name) * sp.Symbol(x) ** 2


@pytest.mark.parametrize(
    "name",
    ["lnx", "sinx", "xy", "x__2", "cosx", "senx", "kxy", "xsinx", "αx", "alphax", "max", "sqrt", "sin2", "lnab", "W__1", "xx",
     "expx", "tgx", "e2x"],
)  # fmt: skip
def test_names_of_terms_and_symbols_obey_the_rule_of_those_that_are_typed(name: str):
    for what in of_names(name):
        with pytest.raises(ProblemError, match="would be read as"):
            function_problem(what, "x")


@pytest.mark.parametrize("name", ["rate", "mass", "mgh", "xi", "alpha", "theta", "lambda", "x2", "x_max", "w_x", "gamma", "ell"])
def test_names_that_hold_no_variable_stay(name: str):
    for what in of_names(name):
        assert function_problem(what, "x").wrt == (sym("x"),)
    assert derive.prove(of_names(name)[1], "x", witnesses=("kernel",)).result == 2 * sp.Symbol(name) * sp.Symbol("x")
