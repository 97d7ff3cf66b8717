"""Ten derivatives, one for each idea of the chapter: what the rules are, and how an answer is brought into form."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from derive.chains.function import FunctionProblem, with_letters
from derive.core.context import Context
from derive.core.kernel import Theorem
from derive.document.nodes import Block, Document, Equation, Formula, Heading, Message, Prose
from derive.document.proof_blocks import evidence, told
from derive.document.style import Style
from derive.lectures.function_document import called, remarks
from derive.proofs.proof import Proof
from derive.proofs.prove import prove
from derive.syntax.formula import parse, parse_variable
from derive.witness.panel import judge


@dataclass(frozen=True)
class Example:
    """What is differentiated, as a person types it; the words file says why under lecture.examples.<key>."""

    key: str
    formula: str
    wrt: str = "x"
    order: int = 1


EXAMPLES = (
    Example("product", "x^2 sin x"),
    Example("quotient", "sin(x)/x"),
    Example("chain", "exp(-x^2/2)", order=2),
    Example("logarithm", "ln(1 + x^2)"),
    Example("power", "x^x"),
    Example("sigmoid", "1/(1 + e^-x)"),
    Example("gelu", "gelu(x)"),
    Example("kink", "relu(w x + b)", "w"),
    Example("abstract", "f(g(x))"),
    Example("logsumexp", "logsumexp(z)", "z_k"),
)


def worked_examples(
    detail: str = "lecture", witnesses: Sequence[str] = ("kernel", "balls", "sympy"),
    progress: Callable[[str], object] = lambda what: None,
) -> Document:  # fmt: skip
    """The document; every theorem in it is judged."""
    progress("proofs")
    problems = [_problem(example) for example in EXAMPLES]
    proofs = [prove(problem.chain) for problem in problems]
    progress("witnesses")
    theorems = {
        f"{example.key}: {name}": proof.theorem
        for example, found in zip(EXAMPLES, proofs, strict=True)
        for name, proof in found.items()
    }
    verdicts = judge(problems[0].context, theorems, witnesses)
    progress("numbers")
    blocks: list[Block] = [Prose(Message("lecture.examples.intro"))]
    for n, example in enumerate(EXAMPLES):
        blocks += _told(example, problems[n], proofs[n], detail)
    blocks += [Heading("evidence", Message("proof.evidence")), evidence("evidence-table", verdicts)]
    title, subtitle = Message("lecture.examples.title"), Message("lecture.examples.subtitle")
    ordinary = frozenset[str]().union(*(problem.ordinary for problem in problems))
    return Document(title, subtitle, tuple(blocks), {}, Style(ordinary))


def _problem(example: Example) -> FunctionProblem:
    formula = parse(example.formula)
    context = Context(shapes=formula.shapes, indices=formula.indices)
    x = parse_variable(example.wrt, context=context)
    return FunctionProblem(with_letters(context, (x,)), formula.term, (x,), example.order)


def _told(example: Example, problem: FunctionProblem, proofs: Mapping[str, Proof], detail: str) -> list[Block]:
    theorems: list[Theorem] = [proof.theorem for proof in proofs.values()]
    blocks: list[Block] = [
        Heading(example.key, Message(f"lecture.examples.{example.key}")),
        Prose(Message(f"lecture.examples.{example.key}-why")),
        Formula(f"function-{example.key}", Equation((called(problem), problem.body))),
    ]
    for proof in proofs.values():
        blocks += told(proof, detail, "ui.theorem", f"{example.key}-")
    return [*blocks, *remarks(theorems[0])]
