"""The document of the derivatives of one function."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from derive.chains.function import FunctionProblem, name_of_chain
from derive.core.functions import FUNCTIONS
from derive.core.kernel import Theorem
from derive.core.term import Term, fn, free, sym, walk
from derive.document.nodes import Block, Document, Equation, Formula, Heading, Listing, Message, Name, Prose, Table
from derive.document.proof_blocks import evidence, told, where
from derive.document.style import Style
from derive.proofs.formula import conditions_together
from derive.proofs.proof import Proof
from derive.witness.verdict import Verdict

KINKS = frozenset(("abs-rule", "relu-rule", "sign-rule", "step-rule", "max-rule", "min-rule"))
LETTERS = ("f", "g", "F", "G", "f_1")


def function_document(
    problem: FunctionProblem, proofs: Mapping[str, Proof], verdicts: Sequence[Verdict], detail: str
) -> Document:
    """What was understood, each derivative with its lines, the result with its conditions, the evidence."""
    f = called(problem)
    absent = [x for x in problem.wrt if not _occurs(x, problem)]
    blocks: list[Block] = [
        *(not_there(x, problem.variables) for x in absent),
        Prose(Message("function.asked", {"wrt": Listing(problem.wrt)})),
        Formula("function", Equation((f, problem.body))),
    ]
    several = len(proofs) > 1
    for name, proof in proofs.items():
        if several:
            blocks.append(Heading(f"part-{name}", Message("function.part", {"derivative": _sign(f, name, problem)})))
        blocks += told(proof, detail, "ui.theorem")
        blocks += remarks(proof.theorem)
    if several:
        blocks += [
            Heading("results", Message("proof.result")),
            _results(problem, proofs),
            *where(conditions_together(proofs, problem.context), "function.where"),
        ]
    blocks += [Heading("evidence", Message("proof.evidence")), evidence("evidence-table", verdicts)]
    kind = "hessian" if problem.hessian else "gradient" if len(problem.wrt) > 1 else "title"
    title = Message(f"function.{kind}", {"function": problem.body})
    return Document(title, Message("function.subtitle"), tuple(blocks), problem.labels, Style(problem.ordinary))


def called(problem: FunctionProblem) -> Term:
    """f(x): a letter that the formula does not use, of its variables."""
    used = free(problem.body) | {str(t.value).partition("'")[0] for _, t in walk(problem.body) if t.op == "fn"}
    letter = next((name for name in LETTERS if name not in used), "f_2")
    arguments = [sym(name) for name in problem.variables if not problem.context.shapes.get(name)]
    return fn(letter, *arguments) if arguments and len(arguments) <= 6 else sym(letter)


def _sign(f: Term, name: str, problem: FunctionProblem) -> Term:
    """The sign of a derivative: df/dx, and so on."""
    chain = next(chain for chain in problem.chains if name_of_chain(chain) == name)
    sign = f if f.op == "sym" else sym(str(f.value))
    for x in chain:
        sign = Term("d", (sign, x))
    return sign


def remarks(theorem: Theorem) -> Iterator[Block]:
    """What a reader should know: kinks, abstract functions."""
    if has_kink(theorem):
        yield Prose(Message("function.kinks"))
    abstract = sorted({str(t.value).partition("'")[0] for _, t in walk(theorem.left) if t.op == "fn"} - set(FUNCTIONS))
    if abstract:
        yield Prose(Message("function.abstract", {"functions": Listing(tuple(sym(name) for name in abstract))}))


def not_there(x: Term, names: Sequence[str]) -> Block:
    """That the variable does not occur, and which names do."""
    known = Listing(tuple(sym(name) for name in names)) if names else Name("–")
    return Prose(Message("function.absent", {"x": x, "names": known}))


def has_kink(theorem: Theorem) -> bool:
    """Whether something was differentiated that has no derivative at a kink, or where pieces meet."""
    cited = {step.rule for step in theorem.steps}
    return bool(cited & KINKS) or any(rule.startswith("cases-rule") for rule in cited)


def _occurs(x: Term, problem: FunctionProblem) -> bool:
    return str((x.args or (x,))[0].value) in problem.variables


def _results(problem: FunctionProblem, proofs: Mapping[str, Proof]) -> Table:
    f = called(problem)
    rows = tuple(
        (_sign(f, name_of_chain(chain), problem), proofs[name_of_chain(chain)].theorem.right) for chain in problem.asked
    )
    head = (Message("results.derivative"), Message("results.value"))
    return Table("results-table", Message("function.caption"), head, rows, "ll")
