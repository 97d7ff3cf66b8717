"""From a proof to the lines that are told: three zoom levels of one proof."""

from __future__ import annotations

import re
from typing import Literal, get_args

from derive.budget import afford, most_of
from derive.core.condition import RECORDED, Condition
from derive.core.kernel import Theorem
from derive.core.smooth import pieces_around
from derive.core.term import N_ARY, Path, Term, free, nodes, num, substitute, sym
from derive.document.layout import RELATIONS
from derive.document.nodes import Equation, Line, Listing, Message, Name, ProofLines, RuleName, Slot, Statement
from derive.errors import UsageError
from derive.proofs.proof import Move, Proof

Detail = Literal["brief", "lecture", "full"]
DETAILS: tuple[Detail, ...] = get_args(Detail)
OF_LAYER = re.compile(
    r"((?:delta|layer|activation|affine-[Wb])(?=-)|(?:gradient-[Wb]|example-[Wb]|loss-by-h)(?=__))[-_]+([0-9]+)"
)
NEGATED = {"<": ">=", "<=": ">", ">": "<=", ">=": "<"}
FIXED = {"sum": (0, 1), "d": (1,)}  # children whose change makes the whole new


class DetailError(UsageError):
    """A zoom level that does not exist."""


def lines(proof: Proof, detail: str = "lecture") -> tuple[Line, ...]:
    """The displayed lines: every step, one line a move, or only the milestones.

    A line of a coarser level keeps the finer lines as its sub-steps, unless they are too long for anybody to read.
    """
    if detail not in DETAILS:
        raise DetailError(f'there is no detail "{detail}"; choose {", ".join(DETAILS)}')
    told = proof.theorem.lines if detail == "full" else [proof.theorem.lines[move.stop] for move in proof.moves]
    afford("told", sum(line.size for line in told), "this proof is too long to be told")
    if detail == "full":
        return tuple(_step(proof, n) for n in range(len(proof.theorem.steps)))
    if detail == "lecture":
        return tuple(_move(proof, move) for move in proof.moves)
    return tuple(_milestone(proof, group) for group in _groups(proof.moves))


def derivation(proof: Proof, detail: str = "lecture") -> ProofLines:
    return ProofLines(f"proof-{proof.theorem.name}", proof.theorem.left, lines(proof, detail))


def statement(proof: Proof, kind: str = "ui.lemma") -> Statement:
    """The theorem, with all it rests on that is not evident."""
    t = proof.theorem
    needs: list[Slot] = [assumed(name, *t.context.assumptions[name]) for name in sorted(t.assumptions)]
    needs += map(needed, t.conditions)
    return Statement(t.name, kind, title(t.name), Equation((t.left, t.right)), tuple(needs))


def assumed(name: str, left: Term, right: Term) -> Message:
    """An assumption by its name and its formula; that a delta is 0 says that its indices differ."""
    different = left.op == "delta" and right.value == 0
    formula = Equation(left.args, "≠") if different else Equation((left, right))
    return Message("ui.assumed", {"name": RuleName(name), "formula": formula})


def needed(condition: Condition) -> Slot:
    """What must be positive or not zero; an index with a prime stands for every entry.

    >>> i = sym("i'")
    >>> needed(Condition("positive", (sym("x")[i],))).key
    'ui.needed-for-every'
    >>> from derive.core.term import cases
    >>> x = sym("x")
    >>> needed(Condition("positive", (cases(x - 3, x, ">", 2, 1),))).key  # asked for in one piece only
    'ui.needed-where'
    """
    about, pieces = pieces_around(condition.about[0])
    formula: Slot = Equation((about, num(0)), RECORDED[condition.kind].relation)
    if pieces:
        formula = Message("ui.needed-where", {"formula": formula, "where": Listing(tuple(map(_in_use, pieces)))})
    return for_every(formula, condition.about[0])


def _in_use(piece: tuple[Term, bool]) -> Equation:
    """Where a piece of a term by cases is in use, as a relation."""
    t, otherwise = piece
    return Equation(t.args[1:3], RELATIONS[NEGATED[str(t.value)] if otherwise else str(t.value)])


def for_every(formula: Slot, about: Term) -> Slot:
    """The formula, which speaks of a term, and for which of its indices it holds."""
    every = tuple(sym(name) for name in sorted(free(about)) if name.endswith("'"))
    return Message("ui.needed-for-every", {"formula": formula, "indices": Listing(every)}) if every else formula


def of_every_index(condition: Condition) -> Condition:
    """The condition with a prime on each of its free indices: it holds for every value of them.

    >>> of_every_index(Condition("nonzero", (sym("s")[sym("k")],))).about
    (s[k'],)
    """
    about = condition.about[0]
    places = {str(place.value) for t in nodes(about) if t.op == "elem" for place in t.args[1:] if place.op == "sym"}
    letters = {name: sym(f"{name}'") for name in places & free(about) if not name.endswith("'")}
    return Condition(condition.kind, (substitute(about, letters),))


def title(name: str) -> Message:
    """The title of a theorem; those of single entries share one, and those of each layer of a network."""
    if of_layer := OF_LAYER.fullmatch(name):
        what, layer = of_layer.groups()
        slots = {"layer": Name(layer), "next": Name(str(int(layer) + 1))} if what == "layer" else {"layer": Name(layer)}
        return Message(f"title.layer.{what}", slots)
    if name.endswith("-l"):  # of any layer l
        return Message(f"title.{name}")
    for family in ("gradient-b-", "gradient-z-", "gradient-W-", "gradient-h-"):
        if name.startswith(family):
            return Message(f"title.{family}entry")
    if name.startswith("derivative-"):
        return Message("title.derivative" if name.count("-") == 1 else "title.higher-derivative")
    return Message(f"title.{name}")


def _step(proof: Proof, n: int) -> Line:
    t = proof.theorem
    before, after = t.lines[n], t.lines[n + 1]
    return Line(t.steps[n].rule, after, changed(before, after), t.bindings[n])


def _move(proof: Proof, move: Move) -> Line:
    t = proof.theorem
    numbers = range(move.start, move.stop) if _can_be_finer(t) else (move.headline,)
    steps = {n: _step(proof, n) for n in numbers}
    before, after = t.lines[move.start], t.lines[move.stop]
    headline = steps[move.headline]
    several = any(step.rule == headline.rule and step.slots != headline.slots for step in steps.values())
    # "definition of p" when it is put in for p_i and for p_k
    slots = {} if several and headline.rule.startswith("definition:") else headline.slots
    return Line(headline.rule, after, changed(before, after), slots, tuple(steps.values()) if len(steps) > 1 else ())


def _can_be_finer(t: Theorem) -> bool:
    return sum(line.size for line in t.lines) <= most_of("finer")


def _groups(moves: tuple[Move, ...]) -> list[tuple[Move, ...]]:
    """Moves up to and including each milestone; the last line is always one."""
    groups: list[tuple[Move, ...]] = []
    current: tuple[Move, ...] = ()
    for n, move in enumerate(moves):
        current = (*current, move)
        if move.brief or n == len(moves) - 1:
            groups.append(current)
            current = ()
    return groups


def _milestone(proof: Proof, group: tuple[Move, ...]) -> Line:
    finer = tuple(_move(proof, move) for move in group)
    t = proof.theorem
    before, after = t.lines[group[0].start], t.lines[group[-1].stop]
    last = finer[-1]
    return Line(last.rule, after, changed(before, after), last.slots, finer if len(finer) > 1 else last.steps)


def changed(before: Term, after: Term) -> tuple[Path, ...]:
    """The smallest places of after that are new; none when nothing but letters of bound indices changed.

    >>> from derive.core.term import sym
    >>> a, b, c = map(sym, "abc")
    >>> changed(a * b + a, c * b + c)
    ((0, 0), (1,))
    """
    if before == after:
        return ()
    if before.op != after.op or before.value != after.value or after.op in ("elem", "delta", "num", "sym"):
        return ((),)
    if after.op in N_ARY and len(before.args) != len(after.args):
        return _changed_among(before.args, after.args)
    if len(before.args) != len(after.args) or any(before.args[n] != after.args[n] for n in FIXED.get(after.op, ())):
        return ((),)
    return tuple(
        (n, *path)
        for n, (old, new) in enumerate(zip(before.args, after.args, strict=True))
        for path in changed(old, new)
    )


def _changed_among(before: tuple[Term, ...], after: tuple[Term, ...]) -> tuple[Path, ...]:
    """The neighbours that are new in a sum or a product that became longer or shorter."""
    start, end = 0, 0
    shorter = min(len(before), len(after))
    while start < shorter and before[start] == after[start]:
        start += 1
    while end < shorter - start and before[-1 - end] == after[-1 - end]:
        end += 1
    stop = len(after) - end
    if stop - start == 1:
        return ((start,),)
    return (((start, stop),),) if 1 < stop - start < len(after) else ((),)
