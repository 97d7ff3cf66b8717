"""Functions entry by entry: which part of a term a function is applied to, and which factors make up one function."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from derive.core.term import Term, free, mul, rebuild, sym, walk

INDEXED = ("elem", "sum", "d", "delta")
LETTERS = "uvabcefgh"


@dataclass(frozen=True)
class Split:
    """t as a function of the letters, and what each letter stands for."""

    function: Term
    letters: tuple[Term, ...]
    to: tuple[Term, ...]


def indexed(t: Term) -> bool:
    """Whether something in t has an index."""
    return any(a.op in INDEXED for _, a in walk(t))


def covered(t: Term) -> Split:
    """t as a function of the smallest term that holds all its indices; of several entries if no one does.

    >>> from derive.core.term import fn
    >>> s, y, k = map(sym, "syk")
    >>> covered(fn("sign", s[k] - y[k]))
    Split(function=sign(u), letters=(u,), to=(add(s[k], neg(y[k])),))
    """
    letters = [sym(a) for a in LETTERS if a not in free(t)]
    parts = list(dict.fromkeys(a for a in _inside(t) if indexed(a)))
    whole = [a for a in parts if a != t and not indexed(_put(t, {a: letters[0]}))]
    to = [min(whole, key=lambda a: a.size)] if whole else [a for a in parts if a.op in INDEXED]
    by = dict(zip(to, letters, strict=False))
    return Split(_put(t, by), tuple(by.values()), tuple(by))


def is_pointwise(t: Term) -> bool:
    """Whether t is a function of one entry that has more to it than sums and products."""
    return _own_entry(t) is not None and _more_than_polynomial(t)


def gathered(factors: Sequence[Term]) -> list[Term]:
    """The factors, those that are functions of the same entry as one."""
    groups: dict[Term, list[Term]] = {}
    for factor in factors:
        groups.setdefault(_own_entry(factor) or factor, []).append(factor)
    made: list[Term] = []
    for group in groups.values():
        made += [mul(*group)] if any(map(_more_than_polynomial, group)) else group
    return made


def _own_entry(t: Term) -> Term | None:
    """The one entry that t is a function of."""
    entries = {a for a in _inside(t) if a.op in INDEXED}
    return next(iter(entries)) if len(entries) == 1 and next(iter(entries)).op == "elem" else None


def _more_than_polynomial(t: Term) -> bool:
    return any(
        a.op in ("fn", "cases")
        or (a.op == "div" and indexed(a.args[1]))
        or (a.op == "pow" and indexed(a) and a.args[1].op != "num")
        for a in _inside(t)
        if indexed(a)
    )


def _inside(t: Term) -> Iterator[Term]:
    """t and what is in it, not looking into what has an index."""
    yield t
    if t.op not in INDEXED:
        for a in t.args:
            yield from _inside(a)


def _put(t: Term, by: dict[Term, Term]) -> Term:
    if t in by:
        return by[t]
    return t if t.op in INDEXED or not t.args else rebuild(t, tuple(_put(a, by) for a in t.args))
