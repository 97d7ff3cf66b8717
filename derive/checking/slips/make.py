"""Making mistakes: every way in which one slip fits a line, and what comes out.

Derivatives are carried out with the cards; a slip takes the place of one of them, once. Nothing here is trusted:
what comes out is wrong on purpose.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import product

from derive.checking.slips.algebra import neat
from derive.checking.slips.carry import (
    CARDS,
    CHAINED,
    MOST,
    Bound,
    Card,
    cards_used,
    carried_out,
    children,
    first_card,
    is_open,
    unfolded_for,
)
from derive.checking.slips.table import SLIPS, Slip, slips_with
from derive.core.context import Context
from derive.core.law import Scope
from derive.core.match import Found, fill, match
from derive.core.procedures import PROCEDURES
from derive.core.term import Path, Term, part, rebuild, swap, walk
from derive.proofs.builder import places

INSIDE = "derivative-inside"


@dataclass(frozen=True)
class Mistake:
    """A slip made at one place: what stood there, what it became, and the whole line."""

    slip: Slip
    at: Term
    became: Term
    whole: Term


def mistakes(
    t: Term, context: Context | None = None, entries: Iterable[Term] = (), slips: Sequence[Slip] = SLIPS
) -> Iterator[Mistake]:
    """Every line that one slip makes of this one. entries: what a slip may confuse indices with."""
    context = context or Context()
    wrong_rules = [slip for slip in slips if slip.scope == "derivative"]
    if wrong_rules and is_open(t):
        yield from _while_differentiating(t, context, wrong_rules)
    chosen = list(dict.fromkeys(entries))
    for slip in slips:
        if slip.scope != "derivative":
            yield from _rewritten(t, slip, context, chosen)


def twins(t: Term, context: Context | None = None) -> Iterator[tuple[Slip, Term]]:
    """Bad twins of a line: each with one slip in it. Some slips leave the value as it is; a witness knows which.

    >>> from derive.core.term import d, sym
    >>> x = sym("x")
    >>> next(line for slip, line in twins(d(x * x, x)) if slip.name == "product-of-derivatives")
    1
    """
    context = context or Context()
    seen = {t}
    for mistake in mistakes(t, context, letters_of(context, t)):
        if mistake.whole not in seen:
            seen.add(mistake.whole)
            yield mistake.slip, mistake.whole


def letters_of(context: Context, *terms: Term) -> list[Term]:
    """The index letters and the numbers used as indices, in order."""
    known = {**context.indices, **context.fixed}
    nodes = [here for t in terms for _, here in walk(t)]
    used = [a for here in nodes for a in {"elem": here.args[1:], "delta": here.args}.get(here.op, ())]
    bound = {str(here.args[0].value) for here in nodes if here.op == "sum"}
    return list(dict.fromkeys(a for a in used if a.op == "num" or a.value in known or str(a.value) in bound))


def _while_differentiating(t: Term, context: Context, slips: Sequence[Slip]) -> Iterator[Mistake]:
    start = unfolded_for(t, context)
    used = set(cards_used(start, context))
    ways = [(slip, Card(slip.left, slip.right, slip.where, slip.name)) for slip in slips if used & set(slip.cards)]
    yield from _once(start, context, ways, {}, lambda whole: carried_out(whole, context))
    for slip, way in ways:  # the same slip wherever it fits
        cards = [way if card.name in slip.cards else card for card in CARDS]
        yield Mistake(slip, way.left, way.right, neat(carried_out(start, context, cards)))


def _once(
    t: Term, context: Context, ways: Sequence[tuple[Slip, Card]], bound: Bound, around: Callable[[Term], Term]
) -> Iterator[Mistake]:
    """One slip at one derivative, everything else carried out rightly."""
    if t.op != "d":
        for n, (a, inner) in enumerate(children(t, bound)):
            if is_open(a):
                yield from _once(a, context, ways, inner, _hole(t, n, around))
        return
    if is_open(t.args[0]):
        yield from _once(t.args[0], context, ways, bound, _hole(t, 0, around))
        return
    name, opened = first_card(t, context, CARDS, bound)
    for slip, way in (*ways, *_about_abstract(t, name)):
        plain = slip.name == INSIDE and t.args[1] in t.args[0].args  # nobody writes cos(1) for cos(x)
        wrong = way.opened(t, context, bound) if name in slip.cards and not plain else None
        if wrong is not None:
            became = carried_out(wrong, context, bound=bound)
            yield Mistake(slip, t, neat(became), neat(around(became)))
    if opened is not None and opened.size <= MOST:
        yield from _once(neat(opened), context, ways, bound, around)


def _about_abstract(t: Term, name: str) -> list[tuple[Slip, Card]]:
    """The slips with the chain rule of a function that is only a name."""
    if name != CHAINED:
        return []
    return [(slip, Card(slip.left, slip.right, (), slip.name)) for slip in slips_with(PROCEDURES[CHAINED](t, {}))]


def _hole(t: Term, n: int, around: Callable[[Term], Term]) -> Callable[[Term], Term]:
    return lambda inside: around(rebuild(t, (*t.args[:n], inside, *t.args[n + 1 :])))


def _rewritten(t: Term, slip: Slip, context: Context, entries: Sequence[Term]) -> Iterator[Mistake]:
    for path, here in _places(t, slip.scope):
        found = match(slip.left, here)
        if found is None:
            continue
        for more in _choices(slip, context, entries, found):
            try:
                became = fill(slip.right, {**found, **more})
                whole = neat(swap(t, path, became))
            except (ValueError, IndexError):  # a number where only a letter may stand
                continue
            if whole != t and became != here:
                yield Mistake(slip, part(t, path), became, whole)


def _choices(slip: Slip, context: Context, entries: Sequence[Term], found: Found) -> Iterator[Found]:
    """The values of the slots that the left side leaves open."""
    sizes = sorted({s for shape in context.shapes.values() for s in shape if s.value != 1}, key=repr)
    runs = [
        [value for value in (entries if run == "entry" else sizes) if found.get(name, value) == value]
        for name, run in slip.choose
    ]
    scope = Scope(context, {})
    for values in product(*runs):
        if len(values) > 1 and len({scope.size_of(value) for value in values}) > 1:
            continue  # indices of different ranges are not mixed up
        yield dict(zip((name for name, _ in slip.choose), values, strict=True))


def _places(t: Term, scope: str) -> Iterator[tuple[Path, Term]]:
    if scope == "whole":
        return iter([((), t)])
    if scope == "anywhere":
        return ((path, here) for path, here in places(t) if _rewritable(t, path))
    parent = "add" if scope == "term" else "mul"
    return ((path, here) for path, here in walk(t) if path and _parent(t, path).op == parent)


def _parent(t: Term, path: Path) -> Term:
    return part(t, path[:-1])


def _rewritable(t: Term, path: Path) -> bool:
    """Not an index, a size, or the variable of a derivative."""
    for n in path:
        if (t.op in ("elem", "delta")) or (t.op == "sum" and n != 2) or (t.op == "d" and n != 0):
            return False
        t = part(t, (n,))
    return True
