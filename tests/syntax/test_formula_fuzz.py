"""Whatever is typed is read or refused with a FormulaError, at once."""

import importlib.util
import random
import subprocess
import sys
from pathlib import Path
from time import process_time

from hypothesis import given, settings
from hypothesis import strategies as st

from derive.core.term import Term, free
from derive.syntax.formula import Formula, FormulaError, parse

_SPEC = importlib.util.spec_from_file_location(
    "fuzz_formulas", Path(__file__).parents[2] / "benchmarks" / "fuzz_formulas.py"
)
assert _SPEC is not None
assert _SPEC.loader is not None
fuzz = importlib.util.module_from_spec(_SPEC)
_SPEC.loader.exec_module(fuzz)


def read(text: str) -> Formula | None:
    try:
        return parse(text)
    except FormulaError:
        return None


@settings(max_examples=1000, deadline=None)
@given(st.text(max_size=60))
def test_any_text(text: str):
    fuzz.try_all(text)


@settings(max_examples=1000, deadline=None)
@given(st.lists(st.sampled_from(fuzz.TOKENS), max_size=30).map("".join))
def test_any_tokens(text: str):
    formula = read(text)
    if formula is not None:
        assert isinstance(formula.term, Term)
        assert not any(name.startswith("_") for name in free(formula.term))


def test_ten_thousand_texts_take_seconds():
    source = random.Random(1)
    read("x")  # the grammar is built once
    start = process_time()
    found = [read(fuzz.noise(source)) for _ in range(10_000)]
    assert 100 < sum(formula is not None for formula in found) < 5000
    assert process_time() - start < 60


def test_importing_is_cheap():
    code = "import sys, derive.syntax.formula; print({'lark', 'sympy'} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"
