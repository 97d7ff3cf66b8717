"""Problems and their proofs, made once."""

import pytest
from hypothesis import settings

from derive.chains import Problem, problem_named
from derive.proofs.network import prove_all
from derive.proofs.proof import Proof

# the same examples on every machine; a longer search is benchmarks/fuzz_formulas.py
settings.register_profile("derive", derandomize=True, deadline=None)
settings.load_profile("derive")

FLOWERS = ("setosa", "versicolor", "virginica")


@pytest.fixture(scope="session")
def symbolic() -> Problem:
    return problem_named("softmax-cross-entropy")


@pytest.fixture(scope="session")
def one_hot() -> Problem:
    return problem_named("softmax-cross-entropy", target="r")


@pytest.fixture(scope="session")
def flowers() -> Problem:
    return problem_named("softmax-cross-entropy", classes=FLOWERS, target="setosa")


@pytest.fixture(scope="session")
def symbolic_proofs(symbolic: Problem) -> dict[str, Proof]:
    return prove_all(symbolic)


@pytest.fixture(scope="session")
def logits_proofs(symbolic: Problem) -> dict[str, Proof]:
    return prove_all(symbolic, "logits")


@pytest.fixture(scope="session")
def one_hot_proofs(one_hot: Problem) -> dict[str, Proof]:
    return prove_all(one_hot)


@pytest.fixture(scope="session")
def flowers_proofs(flowers: Problem) -> dict[str, Proof]:
    return prove_all(flowers)
