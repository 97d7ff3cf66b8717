"""Where a term is continuous and has a derivative, as conditions; what is asked for in a piece of a term by cases."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from functools import reduce

from derive.core.arithmetic import equal
from derive.core.condition import Condition, for_each
from derive.core.context import Context, is_whole_number
from derive.core.functions import FUNCTIONS
from derive.core.match import fill
from derive.core.meaning import base
from derive.core.signs import Known, evident
from derive.core.term import Term, free, fresh, walk

ONE = Term("num", (), Fraction(1))


# where what has the kink at 0 is 0 everywhere, there is no kink: max(u, u) is u, |0| is 0
WITHOUT_KINK = frozenset(("max", "min", "abs", "relu"))


def continuous(u: Term, context: Context) -> bool:
    """Whether u has no jumps where it is defined, looking through the definitions.

    An abstract function has none; a term by cases may have some.

    >>> from derive.core.term import fn, sym
    >>> continuous(fn("tanh", sym("x")), Context()), continuous(fn("sign", sym("x")), Context())
    (True, False)
    """
    bodies = (context.bodies[name] for name in context.reach(free(u)) & set(context.bodies))
    return all(_has_no_jump(t) for term in (u, *bodies) for _, t in walk(term))


def _has_no_jump(t: Term) -> bool:
    return t.op not in ("cases", "d") and (
        t.op != "fn" or t.value not in FUNCTIONS or FUNCTIONS[str(t.value)].continuous
    )


def smooth(
    u: Term, x: Term, context: Context, known: dict[Term, tuple[Condition, ...]] | None = None
) -> Iterator[Condition]:
    """Under which conditions u is continuously differentiable along x, looking through the definitions down to x.

    Raises ValueError where none says so. A condition inside a sum holds for every value of its index.

    >>> x = Term("sym", (), "x")
    >>> list(smooth(x * Term("fn", (x - 1,), "abs"), x, Context()))
    [Condition(kind='nonzero', about=(add(x, neg(1)),))]
    """
    if known is None:  # a definition is read once, however often it is mentioned
        known = context._smoothness.setdefault(base(x), {})
    if u.op in ("sym", "elem"):
        if u not in known:
            known[u] = tuple(dict.fromkeys(_smooth_name(u, x, context, known)))
        yield from known[u]
        return
    if u.op in ("num", "delta"):
        return
    for n, a in enumerate(u.args):
        if u.op == "sum" and n < 2:
            continue
        for condition in smooth(a, x, context, known):
            if u.op == "cases" and n in (0, 3):
                if _evident_in_piece(condition, u, n == 3, context):
                    continue
                condition = in_piece(condition, u, n == 3)
            yield for_each(condition, u.args[0]) if u.op == "sum" else condition
    if u.op in ("fn", "pow", "cases", "d") and base(x) in context.reach(free(u)):
        yield from _own_conditions(u, context)


def _smooth_name(u: Term, x: Term, context: Context, known: dict[Term, tuple[Condition, ...]]) -> Iterator[Condition]:
    name = str((u.args or (u,))[0].value)
    if name == base(x) or name not in context.rough:
        return
    for family in context.depends.get(name, ()):  # of every entry
        letters = tuple(Term("sym", (), letter) for letter in _letters_of(family, context))
        entry = Term("sym", (), family)[letters] if letters else Term("sym", (), family)
        for condition in smooth(entry, x, context, known):
            yield reduce(for_each, letters, condition)
    definition = context.definitions.get(name)
    if definition is None:
        return
    yield from smooth(definition.at(u.args[1:]), x, context, known)


def _letters_of(family: str, context: Context) -> tuple[str, ...]:
    """Letters for the indices of a family that mean nothing else."""
    if family in context.definitions:
        return context.definitions[family].params
    letters: list[str] = []
    for n in range(len(context.shapes.get(family, ()))):
        letters.append(fresh(f"i{n}", context.reserved | context.letters | set(letters)))
    return tuple(letters)


def _evident_in_piece(condition: Condition, cases: Term, otherwise: bool, context: Context) -> bool:
    """Whether a condition on a piece follows from being in that piece, and not at its border, which is excluded."""
    return evident((condition.kind, condition.about[0]), Known(context.bodies, {said(cases, otherwise)[0]}))


def in_piece(condition: Condition, cases: Term, otherwise: bool) -> Condition:
    """The condition where this piece is in use: about 1, where it is not.

    >>> x = Term("sym", (), "x")
    >>> in_piece(Condition("positive", (x - 1,)), Term("cases", (x, x, x * x, -x), "<"), otherwise=False).about
    (cases(add(x, neg(1)), x < mul(x, x), 1),)
    """
    (t,), (_, left, right, _) = condition.about, cases.args
    return Condition(
        condition.kind, (Term("cases", (ONE, left, right, t) if otherwise else (t, left, right, ONE), cases.value),)
    )


def pieces_around(about: Term) -> tuple[Term, tuple[tuple[Term, bool], ...]]:
    """What a condition asks for, and the pieces it is asked for in, outermost first; True: where one is not in use.

    >>> x = Term("sym", (), "x")
    >>> pieces_around(Term("cases", (ONE, x, x * x, -x), "<"))
    (neg(x), ((cases(1, x < mul(x, x), neg(x)), True),))
    """
    pieces: list[tuple[Term, bool]] = []
    while about.op == "cases" and ONE in (about.args[0], about.args[3]):
        pieces.append((about, about.args[0] == ONE))
        about = about.args[3 if about.args[0] == ONE else 0]
    return about, tuple(pieces)


def said(cases: Term, otherwise: bool) -> tuple[Term, bool]:
    """What is positive (or, if not strict, at least zero) where this piece of a term by cases is in use.

    >>> x = Term("sym", (), "x")
    >>> said(Term("cases", (x, x, x * x, -x), "<="), otherwise=True)
    (add(x, neg(mul(x, x))), True)
    """
    _, left, right, _ = cases.args
    above = str(cases.value).startswith(">") != otherwise
    strict = (len(str(cases.value)) == 1) != otherwise
    return (left - right if above else right - left), strict


def _own_conditions(u: Term, context: Context) -> Iterator[Condition]:
    """Those of the outermost operation; where it is defined on an open domain there are none."""
    if u.op == "d":
        raise ValueError(f"{u} need not have a derivative")
    if u.op == "pow":
        if not is_whole_number(u.args[1]):
            yield Condition("positive", (u.args[0],))
    elif u.op == "cases":
        yield Condition("nonzero", (u.args[1] - u.args[2],))
    elif u.value in FUNCTIONS:
        needed = FUNCTIONS[str(u.value)].smooth
        if needed is None:
            raise ValueError(f"{u.value} jumps")
        given = dict(zip("uv", u.args, strict=False))
        conditions = [Condition(kind, (fill(about, given),)) for kind, about in needed]
        if u.value not in WITHOUT_KINK or not all(_is_nought(c.about[0]) for c in conditions):
            yield from conditions


def _is_nought(t: Term) -> bool:
    try:
        return equal(t, Term("num", (), Fraction(0)))
    except (ValueError, ZeroDivisionError):
        return False
