"""Problems and their proofs, made once."""

from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import settings

from derive.chains import SoftmaxCrossEntropy, problem_named
from derive.proofs.proof import Proof
from derive.proofs.prove import plan_of, prove

# the same examples on every machine; a longer search is benchmarks/fuzz_formulas.py
settings.register_profile("derive", derandomize=True, deadline=None)
settings.load_profile("derive")

ROOT = Path(__file__).parents[1]
SLOW = frozenset(line for line in (ROOT / "tests" / "slow.txt").read_text().splitlines() if line and line[0] != "#")


def pytest_collection_modifyitems(items: Sequence[pytest.Item]) -> None:
    """The tests of tests/slow.txt are slow."""
    for item in items:
        if item.nodeid.partition("[")[0] in SLOW:
            item.add_marker(pytest.mark.slow)


FLOWERS = ("setosa", "versicolor", "virginica")


def everything(problem: SoftmaxCrossEntropy, road: str = "jacobian") -> dict[str, Proof]:
    """Every theorem that there is about a problem."""
    return prove(problem.chain, (), road, plan_of(problem.chain, road).goals)


@pytest.fixture(scope="session")
def symbolic() -> SoftmaxCrossEntropy:
    return problem_named("softmax-cross-entropy")


@pytest.fixture(scope="session")
def one_hot() -> SoftmaxCrossEntropy:
    return problem_named("softmax-cross-entropy", target="r")


@pytest.fixture(scope="session")
def flowers() -> SoftmaxCrossEntropy:
    return problem_named("softmax-cross-entropy", classes=FLOWERS, target="setosa")


@pytest.fixture(scope="session")
def symbolic_proofs(symbolic: SoftmaxCrossEntropy) -> dict[str, Proof]:
    return everything(symbolic)


@pytest.fixture(scope="session")
def logits_proofs(symbolic: SoftmaxCrossEntropy) -> dict[str, Proof]:
    return everything(symbolic, "logits")


@pytest.fixture(scope="session")
def one_hot_proofs(one_hot: SoftmaxCrossEntropy) -> dict[str, Proof]:
    return everything(one_hot)


@pytest.fixture(scope="session")
def flowers_proofs(flowers: SoftmaxCrossEntropy) -> dict[str, Proof]:
    return everything(flowers)
