"""Lines read, judged one after the other, and told."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from derive.chains.namesakes import clash
from derive.checking.judge import judged, out_of_range
from derive.checking.question import Question, question_about
from derive.checking.slips.algebra import alike
from derive.checking.slips.verdict import LineVerdict
from derive.core.context import Context
from derive.core.functions import FUNCTIONS
from derive.core.meaning import unreadable
from derive.core.term import Term, free, same, walk
from derive.errors import PROVEN, REFUTED, UNDECIDED, USAGE, UsageError
from derive.witness.balls import check_equation
from derive.witness.verdict import Proven

if TYPE_CHECKING:
    from derive.document.nodes import Document
    from derive.syntax.formula import Formula

CODES = {"wrong": REFUTED, "unread": USAGE, "undecided": UNDECIDED}  # the worst first


@dataclass(frozen=True)
class Checked:
    """A person's lines, and what is said of each."""

    question: Question
    lines: tuple[LineVerdict, ...]
    lang: str = "en"

    @property
    def ok(self) -> bool:
        """Whether every line is right."""
        return all(line.status in ("follows", "equal") for line in self.lines)

    @property
    def exit_code(self) -> int:
        """0 when all lines are right, 3 when one is wrong, 2 when one cannot be read, 4 when one is undecided."""
        found = {line.status for line in self.lines}
        return next((code for status, code in CODES.items() if status in found), PROVEN)

    def document(self) -> Document:
        """What was found, as a document."""
        from derive.checking.document import check_document

        q = self.question
        x = q.start.args[1]
        absent_from = None if q.body is None or str((x.args or (x,))[0].value) in q.names else q.names
        return check_document(q.start, q.problem, self.lines, q.labels, q.ordinary, q.conditions, absent_from)

    def to(self, format: str = "text", lang: str | None = None) -> str:
        """The document as text, markdown, latex, latex-fragment or typst. Raises FormatError or LanguageError."""
        from derive.render import render

        return render(self.document(), format, lang or self.lang)

    def __repr__(self) -> str:
        return f"<{len(self.lines)} lines: {', '.join(line.status for line in self.lines)}>"


def check(
    problem: object,
    lines: str | Term | Sequence[str | Term],
    wrt: object = None,
    lang: str = "en",
    without: Sequence[str] = (),
    decimal: str = ".",
    **options: Any,
) -> Checked:
    """Judge a person's own lines, each against the one before it and against the derivative that was asked for.

    problem: a problem, the name of one, a function as text ("x^2 sin(x)") or as a Term. lines: text or Terms; a line
    may repeat the left side, continue with "=", or be a chain of several sides. wrt: the variable, if there is a
    choice. without: assumptions to leave out. decimal:
    "," where people write 0,5. options: classes, target, order, ... as for `derive.prove`.
    A line that cannot be read is reported as such, the others are judged.
    Raises UsageError when the question itself cannot be understood.
    """
    question = question_about(problem, wrt, without, decimal, **options)
    single = isinstance(lines, str | Term)
    given: list[str | Term] = [lines] if isinstance(lines, str | Term) else list(lines)
    if single and isinstance(lines, str):
        given = [line for line in lines.splitlines() if line.strip()]
    if not given:
        raise UsageError("there is no line to check")
    return Checked(question, tuple(_all(given, question)), lang)


Side = tuple[str, Term]  # as it was written, and as it was understood


def _all(given: Sequence[str | Term], question: Question) -> Iterator[LineVerdict]:
    before, right = question.start, True
    for item in given:
        try:
            about, sides = _about(_sides(item, question), before, question)
        except UsageError as error:
            yield LineVerdict(str(item).strip(), None, "unread", question.start, why=str(error))
            continue
        if about is not question:
            question, before, right = about, about.start, True
        for text, side in sides:
            verdict = judged(text, side, before, right, question)
            yield verdict
            before, right = side, verdict.status in ("follows", "equal")


def _sides(item: str | Term, question: Question) -> tuple[Side, ...]:
    """The sides of a line; a UsageError says why it cannot be read."""
    if isinstance(item, Term):
        sides: tuple[Side, ...] = ((repr(item), item),)
        if (found := clash((item, question.start), question.context)) is not None:
            raise UsageError(str(found))
    else:
        sides = _parsed(item, question)
    for _, side in sides:
        why = unreadable(side, question.context)
        if why is not None:
            raise UsageError(why)
    return sides


def _parsed(text: str, question: Question) -> tuple[Side, ...]:
    """A line whose indices run over the wrong entries, as in W_jk for W_kj, is read too: it is a known slip."""
    from derive.syntax.formula import FormulaError, parse_line

    def read(context: Context) -> tuple[Side, ...]:
        formulas = parse_line(
            text,
            decimal=question.decimal,
            known=question.known,
            context=context,
            wrt=question.start.args[1],
            names=question.names,
        )
        _refuse_strangers(formulas, question.context)
        return tuple((formula.text, formula.term) for formula in formulas)

    try:
        return read(question.context)
    except FormulaError as error:
        try:
            sides = read(_of_one_size(question.context))
        except FormulaError:
            raise error from None
        if any(out_of_range(side, question.context) for _, side in sides):
            return sides
        raise


def _refuse_strangers(formulas: Sequence[Formula], context: Context) -> None:
    """Families and index letters that the question does not have."""
    for formula in formulas:
        for family in sorted(set(formula.shapes) - set(context.shapes)):
            if formula.shapes[family]:
                raise UsageError(f"there is no {family} with indices in the question")
        for letter in sorted(set(formula.indices) - context.letters):
            raise UsageError(f"the index {letter} means nothing here; the question does not have it")


def _of_one_size(context: Context) -> Context:
    """The families and letters, all with as many entries as the first."""
    sizes = [size for shape in context.shapes.values() for size in shape]
    one = dict.fromkeys({**context.indices, **context.fixed}, sizes[0]) if sizes else {}
    return Context(shapes={name: tuple(sizes[:1] * len(shape)) for name, shape in context.shapes.items()}, indices=one)


def _about(sides: tuple[Side, ...], before: Term, question: Question) -> tuple[Question, tuple[Side, ...]]:
    """The question a line is about, and the sides that are new.

    A left side that only repeats the question or the line before is not judged; another derivative on the left
    is a question of its own.
    """
    (_, first), rest = sides[0], sides[1:]
    if not rest:
        return question, sides
    if _names_the_function(first, question):
        start = question.named_by(first)
        return question if same(start, question.start) else question.about(start), rest
    if same(first, question.start) or alike(first, before):
        return question, rest
    if first.op == "d" and not _equal(first, question):
        return question.about(first), rest
    return question, sides


def _names_the_function(side: Term, question: Question) -> bool:
    """f'(x), y', df/dx or d(f(x), x), where f is only a name for the function that was given."""
    inside = side.args[0] if side.op == "d" else side
    if inside.op == "sym":
        return side.op == "d" and inside.value not in question.context.reach(free(question.start))
    if inside.op != "fn":
        return False
    plain, prime, _ = str(inside.value).partition("'")
    known = {str(t.value).partition("'")[0] for _, t in walk(question.start) if t.op == "fn"}
    return plain not in FUNCTIONS and plain not in known and (bool(prime) or side.op == "d")


def _equal(side: Term, question: Question) -> bool:
    verdict = check_equation(question.start, side, question.context, question.assumptions)
    return isinstance(verdict, Proven)
