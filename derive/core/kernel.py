"""The trusted core. A Theorem leaves this file only if every step was an instance of a law."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import InitVar, dataclass, field
from functools import reduce
from typing import Any, ClassVar
from weakref import WeakSet

from derive.budget import OverBudget, afford
from derive.core.condition import RECORDED, Condition, for_each, with_first_marks
from derive.core.context import Context, sizes_of_primed
from derive.core.law import Rule, Scope, holds
from derive.core.match import Found, fill, match
from derive.core.meaning import base, evidently_sound, unsound
from derive.core.procedures import PROCEDURES
from derive.core.signs import Known, Needed, contradictory, evident, impossible, plain, simpler
from derive.core.smooth import continuous, in_piece, pieces_around, said, smooth
from derive.core.term import Path, Term, free, num, part, rename_bound, same, slot, slots, substitute, swap
from derive.errors import UsageError

# children whose value may be exchanged; not an index, a size, a family or a variable of differentiation
VALUES = {"sum": (2,), "d": (0,), "elem": (), "delta": ()}
MOST_COMPARED = 60  # conditions; more are kept as they are
_SEAL = object()
_ONE = num(1)
_MADE: WeakSet[Theorem] = WeakSet()


class Refused(Exception):
    """A step that is not what it claims to be. `step` is its number, from 0; `needed` what it needs and never holds."""

    exit_code: ClassVar[int] = 3  # what the command line answers with

    def __init__(self, why: str, step: int | None = None, needed: Condition | None = None) -> None:
        super().__init__(why if step is None else f"step {step + 1}: {why}")
        self.step, self.needed = step, needed


class TooLong(Refused, UsageError):
    """A step that may be right, and is too long to be looked at."""

    exit_code: ClassVar[int] = UsageError.exit_code


@dataclass(frozen=True)
class Step:
    """Cite a rule at a place, forwards or backwards.

    using binds the slots that matching does not determine; rename chooses letters for the bound
    indices that the rule brings in.
    """

    rule: str
    at: Path = ()
    back: bool = False
    using: tuple[tuple[str, Term], ...] = ()
    rename: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, eq=False)
class Theorem:
    """left = right, with everything it rests on. Only `check` can make one.

    assumptions: equations about the point that were cited. conditions: what must be positive or not
    zero and is not evident. definitions: the names that were unfolded. lines: first to last. cards: the
    rules that were cited, here and in lemmas; a theorem is as true as they are.
    """

    name: str
    context: Context
    left: Term
    right: Term
    steps: tuple[Step, ...]
    lines: tuple[Term, ...]
    bindings: tuple[Mapping[str, Term], ...]
    assumptions: frozenset[str]
    conditions: tuple[Condition, ...]
    definitions: frozenset[str]
    lemmas: tuple[Theorem, ...]
    cards: frozenset[Rule]
    seal: InitVar[object] = field(kw_only=True)

    def __post_init__(self, seal: object) -> None:
        if seal is not _SEAL:
            raise TypeError("only the kernel makes theorems")

    def __repr__(self) -> str:
        return f"<{self.name}: {self.left} = {self.right}>"


@dataclass(frozen=True)
class Law:
    """A rule as the kernel sees it: with what it rests on."""

    rule: Rule
    assumptions: frozenset[str] = frozenset()
    definitions: frozenset[str] = frozenset()
    conditions: tuple[Condition, ...] = ()
    cards: frozenset[Rule] = frozenset()


def check(
    name: str,
    context: Context,
    left: Term,
    right: Term,
    steps: tuple[Step, ...],
    cards: Mapping[str, Rule],
    lemmas: Mapping[str, Theorem] | None = None,
) -> Theorem:
    """The theorem left = right, or Refused with the step that fails."""
    if type(context) is not Context or type(left) is not Term or type(right) is not Term:
        raise Refused("a theorem is about terms in a context")
    for side in (left, right):
        _refuse_unsound(side, context)
    lines, bindings, seen = [left], [], left.size
    taken: list[Step] = []
    assumptions: set[str] = set()
    definitions: set[str] = set()
    conditions: list[Condition] = []
    known = dict(lemmas or {})  # read once
    cited: dict[str, Theorem] = {}
    rests_on: set[Rule] = set()
    afford("steps", len(steps), "this proof is too long")
    for n, step in enumerate(steps):
        try:
            step = _copied(step)
            law, line, found, recorded = apply(step, lines[-1], context, cards, known)
        except Refused as refusal:
            raise type(refusal)(str(refusal), n, refusal.needed) from None
        seen += line.size
        afford("lines", seen, "this proof is too long")
        lines.append(line)
        bindings.append(found)
        taken.append(step)
        assumptions |= law.assumptions
        definitions |= law.definitions
        rests_on |= law.cards
        conditions += recorded
        if step.rule in known:
            cited[step.rule] = known[step.rule]
    if not same(lines[-1], right):
        raise Refused(f"the proof ends at {lines[-1]}, not at {right}")
    theorem = Theorem(
        name, context, left, right, tuple(taken), tuple(lines), tuple(bindings), frozenset(assumptions),
        _readable(conditions, context), frozenset(definitions), tuple(cited.values()),
        frozenset(rests_on), seal=_SEAL,
    )  # fmt: skip
    _MADE.add(theorem)
    return theorem


def _copied(step: Step) -> Step:
    """The step in plain tuples, letters and terms, read once: an object of another class may read differently later."""
    if type(step) is not Step or type(step.rule) is not str or type(step.back) is not bool:
        raise Refused("what is not a step of plain parts proves nothing")
    try:
        at = tuple(n if type(n) is int else _pair(n, int, int) for n in tuple(step.at))
        using = tuple(_pair(each, str, Term) for each in tuple(step.using))
        rename = tuple(_pair(each, str, str) for each in tuple(step.rename))
    except Exception as error:  # whatever an object of another class may raise
        raise Refused(f"{step.rule}: {type(error).__name__}") from None
    return Step(step.rule, at, step.back, using, rename)


def _pair(of: Any, first: type, second: type) -> Any:
    one, other = tuple(of)
    if type(one) is not first or type(other) is not second:
        raise TypeError(f"a pair of {first.__name__} and {second.__name__} is needed")
    return one, other


def _refuse_unsound(t: Term, context: Context) -> None:
    why = None if evidently_sound(t, context) else unsound(t, context)
    if why is not None:
        raise Refused(why)


def apply(
    step: Step, line: Term, context: Context, cards: Mapping[str, Rule], lemmas: Mapping[str, Theorem]
) -> tuple[Law, Term, Found, list[Condition]]:
    """One step: the law it cites, the next line, the bindings, the conditions that are not evident.

    Raises Refused, whatever the step is made of.
    """
    try:
        return _applied(step, line, context, cards, lemmas)
    except KeyError as missing:
        raise Refused(f"{step.rule} needs a value for {missing}") from None
    except OverBudget as limit:
        raise TooLong(f"{step.rule}: {limit}") from None
    except (IndexError, ValueError, TypeError, AttributeError, ZeroDivisionError, RecursionError) as error:
        raise Refused(f"{step.rule}: {error}") from None


def _applied(
    step: Step, line: Term, context: Context, cards: Mapping[str, Rule], lemmas: Mapping[str, Theorem]
) -> tuple[Law, Term, Found, list[Condition]]:
    law = law_for(step, line, context, cards, lemmas)
    _refuse_stray_bindings(law.rule, step)
    here = part(line, step.at)
    scope, variables = _around(line, step.at, context)
    piece, found = _rewritten(law.rule, step, here)
    new = swap(line, step.at, piece)
    _refuse_unsound(new, context)
    spoken = (law.rule.left, law.rule.right, *(t for c in law.conditions for t in c.about))
    if frozenset[str]().union(*map(free, spoken)) & set(scope.bound):
        raise Refused(f"{law.rule.name} speaks of an index that is bound here")
    _refuse_under_derivative(law, variables, context)
    for each in (c.filled(found).about[0] for c in law.rule.where if c.kind in RECORDED):
        if (why := unsound(each, context, {**context.indices, **context.fixed, **scope.bound})) is not None:
            raise Refused(why)
    recorded = _recorded(law.rule, [c.filled(found) for c in (*law.rule.where, *law.conditions)], scope)
    recorded += _recorded(law.rule, _existing(here, piece, law, found, scope, bool(variables)), scope)
    if variables and not all(continuous(pieces_around(c.about[0])[0], context) for c in recorded):
        raise Refused(f"{law.rule.name}: a condition on something with jumps holds at the point, not around it")
    return law, new, found, recorded


def _refuse_stray_bindings(rule: Rule, step: Step) -> None:
    """What is given must fill a slot, or nothing would have looked at it."""
    parts = (rule.left, rule.right, *(t for c in rule.where for t in c.about))
    if stray := {name for name, _ in step.using} - frozenset[str]().union(*map(slots, parts)):
        raise Refused(f"{rule.name} has no place for {min(stray)}")


def _recorded(rule: Rule, conditions: list[Condition], scope: Scope) -> list[Condition]:
    """The conditions that are not evident; Refused when one does not hold, or never can."""
    recorded = []
    for needed in conditions:
        if holds(needed, scope):
            continue
        if needed.kind not in RECORDED or impossible((needed.kind, needed.about[0])):
            raise Refused(f"{rule.name} needs: {needed.kind} {needed.about}", needed=needed)
        recorded.append(_for_every(_in_its_piece(needed, scope), scope.bound))
        try:
            sizes_of_primed(recorded[-1].about, scope.context)
        except ValueError as error:
            raise Refused(f"{rule.name}: a condition for every index: {error}") from None
    return recorded


def _in_its_piece(needed: Condition, scope: Scope, outer: int = 0) -> Condition:
    """The condition where the pieces around it are in use; x != 0 is enough for x > 0 in a piece where x >= 0.

    outer: how many of the pieces, from outside, are seen to by whoever asks.
    """
    for fact in sorted(scope.nonnegative, key=repr):
        known = Known(scope.known.bodies, {*scope.known.positive, fact}, (), scope.nonnegative)
        if evident((needed.kind, needed.about[0]), known):
            return Condition("nonzero", (fact,))
    return reduce(lambda condition, piece: in_piece(condition, *piece), reversed(scope.pieces[outer:]), needed)


def _readable(conditions: list[Condition], context: Context) -> tuple[Condition, ...]:
    """The conditions of a theorem in their simplest form. Raises Refused for what never holds."""
    needed = simplest(conditions, context)
    if contradictory([c.about[0] for c in needed if c.kind == "positive"]):
        raise Refused(f"these conditions never hold together: {', '.join(map(str, needed))}")
    return needed


def _guarded(needed: Needed, context: Context) -> Needed:
    """The condition without the pieces in which it is asked for, where it holds outside of them anyway."""
    about, pieces = pieces_around(needed[1])
    kind = needed[0]
    for piece, otherwise in reversed(pieces):
        outside, strict = said(piece, otherwise=not otherwise)
        facts = {outside, plain(outside)}
        if not evident((kind, about), Known(context.bodies, facts if strict else (), (), () if strict else facts)):
            (about,) = in_piece(Condition(kind, (about,)), piece, otherwise).about
    return kind, about


def simplest(conditions: Iterable[Condition], context: Context) -> tuple[Condition, ...]:
    """The conditions in their simplest form, without those that follow from the others."""
    plain = [_guarded(each, context) for c in conditions for each in _pieces(c, context)]
    kept = list({(kind, with_first_marks(t)): (kind, t) for kind, t in reversed(plain)}.values())[::-1]
    for needed in list(kept) if len(kept) <= MOST_COMPARED else []:
        border, here = _by_piece(needed[1])
        others = [(kind, *_by_piece(t)) for kind, t in kept if (kind, t) != needed]
        above, apart = (
            [t for kind, around, t in others if kind == asked and around in (None, border)]
            for asked in ("positive", "nonzero")
        )
        if evident((needed[0], here), Known(context.bodies, above, apart)):
            kept.remove(needed)
    return tuple(Condition(kind, (t,)) for kind, t in kept)


def _by_piece(t: Term) -> tuple[object, Term]:
    """The border and the side of it where a condition is asked for, None for everywhere, and what it asks there."""
    if t.op != "cases" or _ONE not in (t.args[0], t.args[3]):
        return None, t
    then, left, right, otherwise = t.args
    return (left, t.value, right, then == _ONE), otherwise if then == _ONE else then


def _pieces(condition: Condition, context: Context) -> list[Needed]:
    """A condition in parts, or whole where a part would not say any more over what its index runs."""
    whole: Needed = (condition.kind, condition.about[0])
    parts = list(simpler(whole))
    try:
        for _, about in parts:
            sizes_of_primed((about,), context)
    except ValueError:
        return [whole]
    return parts


def law_for(step: Step, line: Term, context: Context, cards: Mapping[str, Rule], lemmas: Mapping[str, Theorem]) -> Law:
    """What the step cites: a definition, a procedure, a card, an assumption or a lemma, looked up in this order."""
    kind, _, name = step.rule.partition(":")
    if kind == "definition" and name in context.definitions:
        return _definition(name, context)
    if step.rule in PROCEDURES:
        if step.back:
            raise Refused(f"{step.rule} only goes forward")
        return Law(PROCEDURES[step.rule](part(line, step.at), dict(step.using)))
    if step.rule in cards:
        return Law(cards[step.rule], cards=frozenset([cards[step.rule]]))
    if step.rule in context.assumptions:
        return _assumption(step.rule, context)
    if step.rule in lemmas:
        return law_of(lemmas[step.rule], context)
    raise Refused(f"there is no rule {step.rule!r}")


def _definition(name: str, context: Context) -> Law:
    definition = context.definitions[name]
    holes = {p: slot(p) for p in definition.params}
    left = Term("sym", (), name)
    sizes = context.shapes.get(name, ())
    where = tuple(Condition("ranges", (holes[p], size)) for p, size in zip(definition.params, sizes, strict=True))
    rule = Rule(
        f"definition:{name}",
        left[tuple(holes.values())] if holes else left,
        substitute(definition.body, holes),
        where,
    )
    return Law(rule, definitions=frozenset([name]))


def _assumption(name: str, context: Context) -> Law:
    """An assumption as a rule; an index with a prime may be any."""
    sides = context.assumptions[name]
    sizes = sizes_of_primed(sides, context)
    holes = {letter: slot(letter.rstrip("'")) for letter in sizes}
    where = tuple(Condition("ranges", (holes[letter], size)) for letter, size in sorted(sizes.items()))
    left, right = (substitute(side, dict(holes)) for side in sides)
    return Law(Rule(name, left, right, where), assumptions=frozenset([name]))


def law_of(theorem: Theorem, context: Context) -> Law:
    """A theorem as a rule: its free indices are general unless an assumption speaks of them."""
    if type(theorem) is not Theorem or theorem not in _MADE:
        raise Refused(f"{theorem!r} is not a theorem of the kernel")
    if not theorem.context.same_but_letters(context) or not theorem.context.size_names <= context.size_names:
        raise Refused(f"{theorem.name} was proved about something else")
    spoken = frozenset[str]().union(*(free(side) for a in theorem.assumptions for side in context.assumptions[a]))
    general = {
        name: slot(name)
        for name in (free(theorem.left) | free(theorem.right)) & set(theorem.context.indices)
        if name not in spoken
    }
    _refuse_other_ranges(theorem, context, spoken, general)
    left, right = (substitute(side, dict(general)) for side in (theorem.left, theorem.right))
    ranges = theorem.context.indices
    where = tuple(Condition("ranges", (hole, ranges[name])) for name, hole in sorted(general.items()))
    conditions = tuple(
        Condition(c.kind, tuple(substitute(t, dict(general)) for t in c.about)) for c in theorem.conditions
    )
    return Law(
        Rule(theorem.name, left, right, where), theorem.assumptions, theorem.definitions, conditions, theorem.cards
    )


def _refuse_other_ranges(
    theorem: Theorem, context: Context, spoken: frozenset[str], general: Mapping[str, Term]
) -> None:
    """A letter of the theorem that stays as it is must mean the same here."""
    said = (theorem.left, theorem.right, *(t for c in theorem.conditions for t in c.about))
    letters = (frozenset[str]().union(*map(free, said)) | spoken) & {*theorem.context.indices, *context.indices}
    for name in letters - set(general):
        if theorem.context.indices.get(name) != context.indices.get(name):
            raise Refused(f"{theorem.name}: the letter {name} means something else here")


def _rewritten(rule: Rule, step: Step, here: Term) -> tuple[Term, Found]:
    """What the place becomes, and the bindings."""
    have, want = (rule.right, rule.left) if step.back else (rule.left, rule.right)
    found = match(have, here, dict(step.using))
    if found is None or not same(fill(have, found), here):
        raise Refused(f"{rule.name} does not fit {here}")
    new = fill(want, found)
    return rename_bound(new, dict(step.rename)) if step.rename else new, found


def _for_every(condition: Condition, bound: Mapping[str, Term]) -> Condition:
    """A condition met under a sum holds for every value of its index; a prime marks such an index."""
    return reduce(for_each, (Term("sym", (), name) for name in bound), condition)


def _around(line: Term, path: Path, context: Context) -> tuple[Scope, list[Term]]:
    """The indices bound around a place, what the pieces around it say, and the variables of the derivatives."""
    bound: dict[str, Term] = {}
    variables: list[Term] = []
    scope = Scope(context, bound)
    for n, t in zip(path, _along(line, path), strict=True):
        if isinstance(n, int) and n not in VALUES.get(t.op, range(len(t.args))):
            raise ValueError("an index, a size or the variable of a derivative is not rewritten")
        if t.op == "sum":
            bound[str(t.args[0].value)] = t.args[1]
        if t.op == "d":
            variables.append(t.args[1])
        scope = _into(t, n, scope, bool(variables))
    return scope, variables


def _into(t: Term, n: int | tuple[int, int], scope: Scope, varied: bool) -> Scope:
    """What the pieces around a place say of the n-th child of t.

    varied: under a derivative, where nothing is asked for in a piece only; its border moves with the variable.
    """
    positive, nonnegative, pieces = scope.positive, scope.nonnegative, scope.pieces
    if t.op == "sum":
        letter = t.args[0].value
        positive, nonnegative = (
            frozenset(u for u in facts if letter not in free(u)) for facts in (positive, nonnegative)
        )
        pieces = tuple((c, other) for c, other in pieces if letter not in free(c.args[1]) | free(c.args[2]))
    if t.op == "d":  # what holds at the point holds around it only if it is an open condition without jumps
        positive, nonnegative = frozenset(u for u in positive if continuous(u, scope.context)), frozenset()
    if t.op == "cases" and n in (0, 3):
        difference, strict = said(t, otherwise=n == 3)
        positive |= {difference, plain(difference)} if strict else set()
        nonnegative |= set() if strict else {difference, plain(difference)}
        pieces = pieces if varied else (*pieces, (t, n == 3))
    return Scope(scope.context, scope.bound, positive, nonnegative, pieces)


def _along(t: Term, path: Path) -> Iterator[Term]:
    for n in path:
        yield t
        t = part(t, (n,))


def _existing(here: Term, piece: Term, law: Law, found: Found, scope: Scope, varied: bool) -> list[Condition]:
    """What makes the derivatives exist that a step brings in or drops, and the chain rule hold."""
    context = scope.context
    before, after = (list(_derivatives(side, scope, varied)) for side in (here, piece))
    kept = {(t, binders) for t, binders, _ in before} & {(t, binders) for t, binders, _ in after}
    conditions: list[Condition] = []
    for t, binders, inner in (*before, *after):
        if (t, binders) not in kept:
            needed = [c for c in smooth(t.args[0], t.args[1], context) if not holds(c, inner)]
            conditions += [reduce(for_each, binders, _in_its_piece(c, inner, len(scope.pieces))) for c in needed]
    for condition in law.rule.where:
        if condition.kind in ("through", "through-row"):
            u, q, *_ = condition.filled(found).about
            conditions += smooth(u, q, context)
    return list(dict.fromkeys(conditions))


def _derivatives(
    t: Term, scope: Scope, varied: bool, binders: tuple[Term, ...] = ()
) -> Iterator[tuple[Term, tuple[Term, ...], Scope]]:
    """Every derivative in t, the indices that are bound around it, innermost first, and what its pieces say."""
    if t.op == "d":
        yield t, binders, scope
    for n, a in enumerate(t.args):
        inside = (t.args[0], *binders) if t.op == "sum" and n == 2 else binders
        inner = _into(t, n, scope, varied) if t.op in ("sum", "d", "cases") else scope
        yield from _derivatives(a, inner, varied or t.op == "d", inside)


def _refuse_under_derivative(law: Law, variables: list[Term], context: Context) -> None:
    for x in variables:
        if base(x) in law.definitions:
            raise Refused(f"{law.rule.name} unfolds {base(x)}, which is the variable of the derivative")
        for name in law.assumptions:
            spoken = frozenset[str]().union(*map(free, context.assumptions[name]))
            if base(x) in context.reach(spoken):
                raise Refused(f"{name} holds at the point, not along {base(x)}")
