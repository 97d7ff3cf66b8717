"""The lectures that can be made, by name: what each needs is proved, computed and judged here."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from derive.chains import ProblemError, SoftmaxCrossEntropy, problem_named
from derive.chains.softmax_cross_entropy import NAME
from derive.document.nodes import Document
from derive.errors import unknown
from derive.proofs.proof import Proof
from derive.proofs.prove import prove
from derive.witness.panel import WITNESSES, judge

Told = Callable[[str], object]
EXAMPLES = "worked-examples"


def softmax_lecture(
    classes: Sequence[str] | int | None = None,
    target: str | int | None = None,
    detail: str = "lecture",
    witnesses: Sequence[str] = tuple(WITNESSES),
    progress: Told = lambda what: None,
) -> Document:
    """The softmax lecture for some classes (the three species of iris by default) and a true class."""
    from derive.examples.iris import CLASSES as FLOWERS  # the list of lectures does not wait for NumPy
    from derive.lectures.iris_numbers import compute
    from derive.lectures.softmax_cross_entropy import MOST_IN_TABLE, Material, lecture

    names = classes if classes is not None else FLOWERS
    first = names[0] if isinstance(names, list | tuple) and names else 1
    progress("proofs")
    problem = problem_named(NAME, classes=names, target=first if target is None else target, inputs=4)
    chain = problem_named(NAME).chain
    general = prove(chain, also=["softmax-shift"])
    logits = prove(chain, road="logits")
    concrete = prove(problem.chain, ["b"], also=["softmax-shift"])
    observed = _observed(problem, concrete, MOST_IN_TABLE)
    progress("witnesses")
    theorems = {name: proof.theorem for name, proof in general.items()}
    theorems |= {f"logits road: {name}": logits[name].theorem for name in ("loss-by-logit",)}
    theorems |= {f"classes: {name}": proof.theorem for name, proof in concrete.items()}
    for true, row in enumerate(observed, 1):
        theorems |= {f"class {true}: {proof.theorem.name}": proof.theorem for proof in row}
    verdicts = judge(chain.context, theorems, witnesses)
    progress("numbers")
    numbers = compute("sympy" in witnesses) if tuple(problem.classes or ()) == FLOWERS else None
    return lecture(Material(problem, general, logits, concrete, observed, numbers, verdicts), detail)


def _observed(problem: SoftmaxCrossEntropy, own: Mapping[str, Proof], most: int) -> list[list[Proof]]:
    """The derivative by each bias, for each class that may be the true one; empty when there are many classes."""
    assert problem.classes is not None
    count = len(problem.classes)
    if count > most:
        return []
    rows = []
    for true in problem.classes:
        other = problem_named(NAME, classes=list(problem.classes), target=true, inputs=problem.inputs)
        proofs = own if other.target == problem.target else prove(other.chain, ["b"])
        rows.append([proofs[f"gradient-b-{n}"] for n in range(1, count + 1)])
    return rows


def examples_lecture(
    classes: object = None,
    target: object = None,
    detail: str = "lecture",
    witnesses: Sequence[str] = tuple(WITNESSES),
    progress: Told = lambda what: None,
) -> Document:
    """Ten worked derivatives; there are no classes to choose."""
    if classes is not None or target is not None:
        raise ProblemError(f"{EXAMPLES} has neither classes nor a target")
    from derive.lectures.worked_examples import worked_examples  # the softmax lecture does not wait for the parser

    return worked_examples(detail, witnesses, progress)


LECTURES: Mapping[str, Callable[..., Document]] = {NAME: softmax_lecture, EXAMPLES: examples_lecture}


def lecture_named(name: str, **options: Any) -> Document:
    """The lecture with this name. Raises ProblemError with the nearest name."""
    if name not in LECTURES:
        raise ProblemError(unknown("lecture", name, LECTURES))
    return LECTURES[name](**options)
