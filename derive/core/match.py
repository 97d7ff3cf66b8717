"""Find the slots of a pattern in a term, and fill the slots of a template.

The kernel does not rely on `match`: what it finds is filled in again and compared.
"""

from __future__ import annotations

from itertools import accumulate, pairwise

from derive.core.term import N_ARY, Term, free, fresh, rebuild, same, slots, substitute, sym

Found = dict[str, Term]


def match(pattern: Term, t: Term, found: Found | None = None) -> Found | None:
    """The bindings under which the pattern reads as t, or None.

    In a longer sum or product one slot takes several neighbours.

    >>> from derive.core.term import slot
    >>> u, v, a, b, c = slot("u"), slot("v"), *map(sym, "abc")
    >>> match(u * v, a * b * c)
    {'u': a, 'v': mul(b, c)}
    """
    found = {} if found is None else found
    if pattern.op == "slot":
        old = found.get(str(pattern.value))
        if old is not None:
            return found if same(old, t) else None
        return {**found, str(pattern.value): t}
    if pattern.op != t.op or pattern.value != t.value:
        return None
    if pattern.op == "sum" and pattern.args[0].op == "sym":
        return _match_sum(pattern, t, found)
    if pattern.op in N_ARY:
        return _match_many(pattern, t, found)
    return _match_each(pattern.args, t.args, found)


def _match_each(patterns: tuple[Term, ...], terms: tuple[Term, ...], found: Found) -> Found | None:
    if len(patterns) != len(terms):
        return None
    for p, t in zip(patterns, terms, strict=True):
        step = match(p, t, found)
        if step is None:
            return None
        found = step
    return found


def _match_many(pattern: Term, t: Term, found: Found) -> Found | None:
    widths = [_width(p, t.op, found) for p in pattern.args]
    extra = len(t.args) - sum(widths)
    if extra == 0:
        return _match_each(pattern.args, _grouped(t, widths), found)
    for n in reversed(range(len(pattern.args))):
        if extra > 0 and pattern.args[n].op == "slot" and widths[n] == 1:
            wider = [*widths[:n], 1 + extra, *widths[n + 1 :]]
            result = _match_each(pattern.args, _grouped(t, wider), found)
            if result is not None:
                return result
    return None


def _width(pattern: Term, op: str, found: Found) -> int:
    """How many neighbours a part of a sum or product takes: more than one where it is already known what it is."""
    known = found.get(str(pattern.value)) if pattern.op == "slot" else None
    return len(known.args) if known is not None and known.op == op else 1


def _grouped(t: Term, widths: list[int]) -> tuple[Term, ...]:
    starts = list(accumulate(widths, initial=0))
    return tuple(t.args[a] if b - a == 1 else Term(t.op, t.args[a:b]) for a, b in pairwise(starts))


def _match_sum(pattern: Term, t: Term, found: Found) -> Found | None:
    """A pattern with a written index letter fits a sum with any letter."""
    letter, other = pattern.args[0], t.args[0]
    body = t.args[2]
    if letter != other:
        if letter.value in free(body):
            return None
        body = substitute(body, {str(other.value): letter})
    return _match_each(pattern.args[1:], (t.args[1], body), found)


def fill(template: Term, found: Found) -> Term:
    """The template with its slots filled; KeyError names a slot that was not given."""
    if template.op == "slot":
        return found[str(template.value)]
    if not template.args:
        return template
    if template.op == "put":
        body, index, by = (fill(a, found) for a in template.args)
        return substitute(body, {str(index.value): by})
    if template.op == "sum" and template.args[0].op == "sym":
        template = _step_aside(template, found)
    return rebuild(template, tuple(fill(a, found) for a in template.args))


def _step_aside(template: Term, found: Found) -> Term:
    """A written index gives way when what is filled in would be captured by it."""
    index, size, body = template.args
    coming = frozenset[str]().union(*(free(found[s]) for s in slots(body) if s in found))
    if index.value not in coming:
        return template
    new = sym(fresh(str(index.value), coming | free(body)))
    return Term("sum", (new, size, substitute(body, {str(index.value): new})))
