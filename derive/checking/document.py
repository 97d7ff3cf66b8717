"""A person's own derivation, told line by line: what follows, what skips steps, what is wrong and why."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from derive.checking.slips.diagnose import Diagnosis
from derive.checking.slips.verdict import LineVerdict
from derive.core.condition import Condition
from derive.core.term import Term, slots
from derive.document.nodes import (
    Block,
    Code,
    Document,
    Equation,
    Formula,
    Heading,
    Listing,
    Message,
    Name,
    Number,
    Prose,
    RuleName,
    Slot,
    Table,
)
from derive.document.proof_blocks import where
from derive.document.style import Style
from derive.lectures.function_document import not_there

# why a line could not be decided, in words without slots
DECIMALS = 6
TOLD = ("no-point", "not-reduced", "undefined-on-one-side", "too-wide", "too-large", "not-real", "nested-derivative")
SMALL, LARGE = 1e-3, 1e6  # beyond them a value is told with an exponent


def check_document(
    start: Term,
    problem: str,
    lines: Sequence[LineVerdict],
    labels: Mapping[tuple[str, int], str],
    ordinary: Collection[str] = (),
    conditions: Sequence[Condition] = (),
    absent_from: Sequence[str] | None = None,
) -> Document:
    """start: the derivative the lines are about. problem: its name, "function" for a function of the user's own.

    ordinary: the variables whose derivatives are written d/dx. conditions: where the derivative has a value.
    absent_from: the names of the function, where the variable is none of them.
    """
    blocks: list[Block] = [] if absent_from is None else [not_there(start.args[1], absent_from)]
    blocks += [Prose(Message("check.asked", {"derivative": start})), *where(conditions, "check.where")]
    blocks.append(_overview(lines))
    for n, line in enumerate(lines, 1):
        if line.status == "wrong":
            blocks += [Heading(f"line-{n}", Message("check.line-wrong", {"number": _count(n)})), *_wrong(line, n)]
        if line.status == "unread":
            blocks += [
                Heading(f"line-{n}", Message("check.line-unread", {"number": _count(n)})),
                Code("text", line.why),
            ]
    subtitle = Message("check.function") if problem == "function" else Message(f"problem.{problem}")
    return Document(Message("check.title"), subtitle, tuple(blocks), dict(labels), Style(frozenset(ordinary)))


def _count(n: int) -> Number:
    return Number(n, 0)


def _overview(lines: Sequence[LineVerdict]) -> Table:
    head = tuple(Message(f"check.{word}") for word in ("number", "line", "verdict", "because"))
    rows = tuple(
        (_count(n), _shown(line), Message(f"check.{line.status}"), _because(line)) for n, line in enumerate(lines, 1)
    )
    return Table("lines", Message("check.caption"), head, rows, "rlll")


def _shown(line: LineVerdict) -> Slot:
    return line.term if line.term is not None else Name(line.text)


def _because(line: LineVerdict) -> Slot:
    """The rule, the rules left out, or the slip."""
    if line.status == "follows" and line.rule:
        return RuleName(line.rule)
    if line.status == "equal" and line.skipped:
        return Message("check.skips", {"rules": Listing(tuple(map(_quoted, line.skipped)))})
    if line.status == "wrong":
        return _named(line)
    if line.status == "undecided" and line.why in TOLD:
        return Message(f"evidence.{line.why}")
    return Message("check.nothing")


def _quoted(rule: str) -> Message:
    """A title may have commas of its own."""
    return Message("check.quoted", {"rule": RuleName(rule)})


def _named(line: LineVerdict) -> Slot:
    if line.rule:
        return Message("check.carried")
    return Message(f"slip.{line.slip}.title") if line.slip else Message("check.unknown")


def _wrong(line: LineVerdict, n: int) -> list[Block]:
    told: list[Block] = []
    if line.point:
        point = Listing(tuple(Name(f"{name} = {value}") for name, value in line.point.items()))
        left, right = line.left or 0.0, line.right or 0.0
        values: dict[str, Slot] = {"point": point, "left": _value(left)}
        if abs(left - right) < 10.0**-DECIMALS * max(1.0, abs(left)):
            told.append(Prose(Message("check.alike", values)))
        else:
            told.append(Prose(Message("check.at-point", values | {"right": _value(right)})))
    if line.residual is not None:
        told.append(Prose(Message("check.residual", {"residual": line.residual})))
    if line.missing:
        names = Listing(tuple(Message(f"rule.{name}") for name in line.missing))
        told.append(Prose(Message("check.missing", {"assumptions": names})))
    if line.rule:
        told.append(Prose(Message("check.inherited", {"rule": _quoted(line.rule)})))
    return told + (_diagnosed(line.diagnosis, n) if line.diagnosis else [])


def _diagnosed(found: Diagnosis, n: int) -> list[Block]:
    """What was done, what is right, and where it happened."""
    name = found.slip.name
    told: list[Block] = [
        Prose(Message("check.slip", {"slip": Message(f"slip.{name}.title")})),
        Prose(Message(f"slip.{name}.says")),
    ]
    if not slots(found.at) | slots(found.became):
        told.append(Formula(f"slip-{n}", Equation((found.at, found.became), "≠")))
    return told


def array_document(
    wrt: str,
    ok: bool,
    slips: Sequence[str],
    entry: str,
    values: tuple[float, float, float, float] | None,
    shapes: tuple[str, str],
) -> Document:
    """A numeric gradient beside the proved one. values: the right one, the given one, the error, the tolerance."""
    blocks: list[Block] = [Prose(Message("check.array-right" if ok else "check.array-wrong", {"variable": Name(wrt)}))]
    if values is not None:
        left, right, error, allowed = values
        facts: dict[str, Slot] = {
            "left": _digits(left),
            "right": _digits(right),
            "error": _digits(error),
            "allowed": _digits(allowed),
        }
        blocks.append(Prose(Message("check.array-worst", {"entry": Name(entry), **facts})))
    else:
        blocks.append(Prose(Message("check.array-shape", {"expected": Name(shapes[0]), "given": Name(shapes[1])})))
    for name in slips:
        blocks.append(Prose(Message("check.slip", {"slip": Message(f"slip.{name}.title")})))
        blocks.append(Prose(Message(f"slip.{name}.says")))
    if not ok and not slips:
        blocks.append(Prose(Message("check.unknown-slip")))
    return Document(Message("check.array-title"), Message("check.array-subtitle"), tuple(blocks))


def _digits(value: float) -> Number:
    return Number(value, 3, exponent=True)


def _value(value: float) -> Number:
    return Number(value, DECIMALS) if value == 0 or SMALL < abs(value) < LARGE else _digits(value)
