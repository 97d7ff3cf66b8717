"""SymPy as a witness for functions of plain numbers: it differentiates the function itself, as one of real numbers.

What is left of the claim is reduced to 0 for all real numbers at once, or in each region that points were found in.
Where that takes too much work, or does not succeed, many digits of both sides are compared in every region, and the
verdict says so. A claim is refuted only by its values at points where everything on both sides is real.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import islice
from typing import Any, TypeAlias

from derive.budget import most_of
from derive.core.condition import Condition
from derive.core.context import Context
from derive.core.term import Term
from derive.syntax.sympy_bridge import UnknownExpression, from_sympy
from derive.witness.at_point import Question
from derive.witness.cas_sides import FEWEST, SAME_DIGITS, Point, Sides
from derive.witness.counterexamples import left_value, refuted_at
from derive.witness.cover import needs, patterns
from derive.witness.in_regions import LARGE
from derive.witness.normal_form import vanishes
from derive.witness.polynomials import MOST_FACTORED, numerator_size
from derive.witness.rational import Work
from derive.witness.regions import Explorer, Signs, scalars
from derive.witness.sampling import Unsuited
from derive.witness.single_points import Jumps, has_jumps
from derive.witness.verdict import Proven, Refuted, Undecided, Verdict

Expr: TypeAlias = Any
BY, SEED = "sympy", "0"  # the points are those of the balls
TRIED, GLANCES = 40, 3  # points where it is not reduced; points looked at where it is


def check_function(
    context: Context,
    left: Term,
    right: Term,
    names: Sequence[str],
    conditions: Sequence[Condition] = (),
    exact: bool = False,
) -> Verdict:
    """Whether left = right, where left may be a derivative; names are the variables, all of them plain numbers.

    A verdict with "digits" in its detail rests on values that were compared, not on an identity.
    exact: nobody has proved it; then right must have a value wherever left has one, but at single points, and where
    it jumps it must have the right one.
    """
    sides = Sides.of(context, left, right, conditions)
    values = sides.stood_in()
    explorer = Explorer(context, names, (left, right, *(t for c in conditions for t in c.about)), SEED, {})
    question = Question((left,), context, frozenset(), tuple(conditions), 1, int(SEED))
    why = _remains(sides, Work())
    looked: list[tuple[Signs, Point]] = []
    tried = min(TRIED, max(FEWEST, most_of("compared") // sides.size)) if why else GLANCES
    for signs, point, differs in islice(values.looked_at(explorer, question), tried):
        if differs:
            here, there = values.at(point)
            return Refuted(BY, point, float(here), float(there), _said(sides.left - sides.right))
        looked.append((signs, point))
    if not looked:
        return Undecided(BY, "no-point")
    if why is None or why.why != "too-large":
        uncovered = _uncovered(context, left, right, sides, names, exact, why is None)
        if isinstance(uncovered, Refuted):
            return uncovered
        why = uncovered
    if why is None:
        return Proven(BY, {"sizes": (), "points": len(looked), "regions": len({signs for signs, _ in looked})})
    compared = None if sides.abstract else _compared(values, looked)
    return Undecided(BY, why.why, why.slots) if compared is None else Proven(BY, {"sizes": (), **compared})


def _uncovered(
    context: Context, left: Term, right: Term, sides: Sides, names: Sequence[str], exact: bool, everywhere: bool
) -> Unsuited | Refuted | None:
    """Why the claim is not shown in every region and, if exact, at every single point; None where it is.

    everywhere: nothing remains whatever the signs are.
    """
    work = Work()
    try:
        if not everywhere or (exact and set(needs(context, right)) - set(needs(context, left))):
            for pattern in patterns(context, left, right, sides, names, work):
                if exact and pattern.outside:
                    return Unsuited("undefined-on-one-side")
                why = None if everywhere else _remains(replace(sides, positive=pattern.positive, known={}), work)
                if why is not None:
                    point = pattern.point if exact else None
                    refuted = None if point is None else refuted_at(context, left, right, point)
                    return why if refuted is None else refuted
    except Unsuited as reason:
        return reason
    if not exact or not has_jumps(sides.right):
        return None
    return _wrong_at_a_jump(context, left, sides, names, work)


def _wrong_at_a_jump(
    context: Context, left: Term, sides: Sides, names: Sequence[str], work: Work
) -> Unsuited | Refuted | None:
    """Why it cannot be said that both sides are equal where the right one jumps, as they are beside it."""
    x = sides.symbols([str(left.args[1].value)])[0] if left.op == "d" else None
    try:
        jumps = Jumps(sides.left, sides.right, x, sides.symbols(names), work)
        if jumps.fine():
            return None
        found = jumps.differing(lambda point: left_value(context, left, point))
    except Unsuited as reason:
        return reason
    return Unsuited("not-reduced") if found is None else Refuted(BY, *found)


def _remains(sides: Sides, work: Work) -> Unsuited | None:
    """None if nothing remains of the difference, or why that cannot be said."""
    if sides.left == sides.right:  # as SymPy writes them; no more is needed, however long they are
        return None
    try:
        if vanishes(sides.left - sides.right, sides.positive, (*sides.inside, sides.right), work):
            return None
    except Unsuited as reason:
        return reason
    return Unsuited("not-reduced")


def _compared(values: Sides, looked: Sequence[tuple[Signs, Point]]) -> Mapping[str, object] | None:
    """At how many points both sides agree in many digits, if they do at all, and at some in every region.

    As for the balls, a region is no reason to doubt where it is far away and its numbers are too large to be told.
    """
    agreed: Counter[Signs] = Counter()
    for signs, point in looked:
        same = values.agree(point)
        if same is False:
            return None
        agreed[signs] += bool(same)
    near = {signs for signs, point in looked if all(abs(value) <= LARGE for value in point.values())}
    if agreed.total() < FEWEST or not all(agreed[signs] for signs in near):
        return None
    return {"digits": SAME_DIGITS, "points": agreed.total(), "regions": len(+agreed)}


def residual_term(left: Term, right: Term, context: Context) -> Term | None:
    """left - right as SymPy factors it, for scalar functions; None where it has no words for it.

    >>> from derive.core.term import d, lift, sym
    >>> x = sym("x")
    >>> residual_term(d(x**3, x), lift(2) * x**2, Context())
    pow(x, 2)
    """
    try:
        if scalars(context, (left, right)) is None:
            return None
        sides = Sides.of(context, left, right, ())
        return _said(sides.left - sides.right)
    except (Unsuited, UnknownExpression):
        return None


def _said(difference: Expr) -> Term | None:
    """As a product, where there are words for it."""
    import sympy as sp

    if numerator_size(difference) > MOST_FACTORED:
        return None
    names = sorted(difference.atoms(sp.Function), key=lambda f: (-sum(1 for _ in sp.preorder_traversal(f)), str(f)))
    by = {f: sp.Dummy(f"f{n}") for n, f in enumerate(names)}
    try:
        whole = sp.factor(difference.xreplace(by), deep=False)
        return from_sympy(whole.xreplace({symbol: f for f, symbol in by.items()}))
    except (UnknownExpression, sp.PolynomialError):
        return None
