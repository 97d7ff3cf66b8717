"""The matrix forms of a network: its forward pass and the gradients that were proved."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from derive.chains.network import NetworkProblem, layered
from derive.core.kernel import Refused, Step, Theorem, check
from derive.core.term import sym
from derive.matrices.expression import Expression, Named, Transpose
from derive.matrices.layout import Arrangement, Layout, NoMatrixForm
from derive.matrices.reading import Reader
from derive.matrices.theorem import MatrixTheorem, prove_entries
from derive.proofs.proof import Proof
from derive.rules import RULES

TOLD = ("softmax-jacobian", "activation-", "layer-", "loss-by-", "delta-", "gradient-")


@dataclass(frozen=True)
class Forms:
    """theorems: by name, in the order in which they are told. reasons: why the others have no matrix form."""

    theorems: Mapping[str, MatrixTheorem]
    reasons: Mapping[str, str]


def matrix_form(theorem: Theorem, problem: NetworkProblem, layout: Layout) -> MatrixTheorem:
    """An index theorem of a network as a theorem about matrices.

    Raises NoMatrixForm where the line is no expression of matrices, or the kernel does not accept what was read.
    """
    arrangement = Arrangement(problem, layout)
    left = arrangement.named(theorem.left)
    right = _read(Reader(arrangement, theorem.context.indices), theorem, left)
    try:
        return prove_entries(theorem.name, theorem, left, right, layout)
    except Refused as refusal:
        raise NoMatrixForm(f"{theorem.name} was read as matrices, but is not proved: {refusal}") from None


def _read(reader: Reader, theorem: Theorem, left: Named) -> Expression:
    """The right side; the derivative of a vector by a vector as in numerator layout, then perhaps transposed."""
    if theorem.left.op == "d" and left.columns is not None and reader.arrangement.layout.derivative == "denominator":
        u, x = theorem.left.args
        if left.columns in u.args and left.columns not in x.args:
            return Transpose(reader.read(theorem.right, left.columns, left.rows))
    return reader.read(theorem.right, left.rows, left.columns)


def matrix_forms(problem: NetworkProblem, proofs: Mapping[str, Proof], layout: Layout) -> Forms:
    """The forward pass, and every proved line that has a matrix form.

    >>> from derive.chains.network import network_problem
    >>> from derive.chains.spec import LayerSpec, NetworkSpec
    >>> from derive.proofs.prove import prove
    >>> problem = network_problem(NetworkSpec(4, (LayerSpec(3),)))
    >>> forms = matrix_forms(problem, prove(problem.chain), Layout("columns"))
    >>> forms.theorems["gradient-W__1"].entries.right
    mul(add(p[k], neg(y[k])), x[j])
    """
    proved = [proof.theorem for name, proof in proofs.items() if name.startswith(TOLD)]
    theorems: dict[str, MatrixTheorem] = {}
    reasons: dict[str, str] = {}
    for theorem in (*forward(problem), *proved):
        try:
            theorems[theorem.name] = matrix_form(theorem, problem, layout)
        except NoMatrixForm as reason:
            reasons[theorem.name] = str(reason)
    return Forms(theorems, reasons)


def forward(problem: NetworkProblem) -> Iterator[Theorem]:
    """What each layer computes, as theorems: an entry is what it was defined to be."""
    for layer in range(1, problem.depth + 1):
        for letter in ("s", "h"):
            yield from _unfolded(problem, str(layered(letter, layer).value), layer)
    for name in ("z", "p", "t", "u"):
        yield from _unfolded(problem, name, problem.depth)


def _unfolded(problem: NetworkProblem, name: str, layer: int) -> Iterator[Theorem]:
    definition = problem.context.definitions.get(name)
    if definition is not None:
        left = sym(name)[tuple(map(sym, definition.params))]
        steps = (Step(f"definition:{name}"),)
        yield check(f"forward-{name}", problem.letters(layer), left, definition.body, steps, RULES)
