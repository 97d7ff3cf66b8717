"""Sums over an index: what a Kronecker delta leaves of them, and what stands in front of them."""

from __future__ import annotations

from collections.abc import Iterator

from derive.core.term import Path, Term, free, mul, num, part, walk
from derive.proofs.builder import Builder
from derive.proofs.choice import CASES
from derive.proofs.pretty import linear, quotient, split

ONE, ZERO = num(1), num(0)


def collapse(lines: Builder) -> None:
    """Kronecker deltas are resolved, and what does not depend on an index leaves its sum."""
    while _pick(lines) or _resolve(lines) or _gather(lines) or _join(lines) or _pull(lines):
        pass


def separate(lines: Builder) -> None:
    """One line: a sum of sums as sums, constants in front of each."""
    start = len(lines.steps)
    while (path := next((p for p, t in _sums(lines.line) if t.args[2].op == "add"), None)) is not None:
        lines.cite("split-sum", path)
    lines.grouped(start)
    _pull(lines)
    for path, t in _sums(lines.line):
        if str(t.args[0].value) not in free(t.args[2]):
            lines.at("sum-of-constant", path)


def _pick(lines: Builder) -> bool:
    """In a sum over a Kronecker delta only one term remains."""
    for path, t in _sums(lines.line):
        index, _, body = t.args
        found = _delta_over(index, body)
        rest = None if found is None else quotient(body, found)
        if found is None or rest is None or any(t == found for _, t in walk(rest)):
            continue
        start = len(lines.steps)
        ordered = found if found.args[0] == index else Term("delta", (index, found.args[0]))
        wanted = found if rest == ONE else mul(rest, found)
        if wanted != body:
            lines.rearrange((*path, 2), wanted)
        if ordered != found:
            lines.cite("delta-order", (*path, 2) if rest == ONE else (*path, 2, len(wanted.args) - 1))
        headline = len(lines.steps)
        lines.cite("pick-one" if rest == ONE else "pick", path)
        lines.grouped(start, headline)
        return True
    return False


def _gather(lines: Builder) -> bool:
    """A sum with a delta in one of its terms becomes two sums."""
    for path, t in _sums(lines.line):
        index, _, body = t.args
        found = _delta_over(index, body)
        parts = None if found is None else linear(body, found)
        if found is None or parts is None:
            continue
        start, (factor, rest) = len(lines.steps), parts
        kept = found if factor == ONE else mul(factor, found)
        lines.rearrange((*path, 2), kept + rest)
        headline = len(lines.steps)
        lines.cite("split-difference" if rest.op == "neg" else "split-sum", path)
        lines.grouped(start, headline)
        return True
    return False


def _pull(lines: Builder) -> bool:
    """Numbers and factors without the index go in front of a sum, in one line."""
    start, headline = len(lines.steps), None
    while (found := _outer_factor(lines)) is not None:
        path, constant, rest = found
        if mul(constant, rest) != part(lines.line, (*path, 2)):
            lines.rearrange((*path, 2), mul(constant, rest))
        headline = len(lines.steps)
        lines.cite("factor-out", path, {"c": constant})
    if headline is not None:
        lines.grouped(start, headline)
    return headline is not None


def _join(lines: Builder) -> bool:
    """A delta in all pieces of a term by cases is their common factor."""
    for path, t in _sums(lines.line):
        found = _delta_over(t.args[0], t.args[2])
        if found is None:
            continue
        for inner, here in walk(t.args[2]):
            pieces = [_over(here.args[n], found) for n in (0, 3)] if here.op == "cases" else []
            whole = [mul(piece, found) for piece in pieces if piece is not None]
            if len(whole) < 2:
                continue
            start, at = len(lines.steps), (*path, 2, *inner)
            for n, piece in zip((0, 3), whole, strict=True):
                if piece != here.args[n]:
                    lines.rearrange((*at, n), piece)
            headline = len(lines.steps)
            lines.cite(f"cases-factor-{CASES[str(here.value)]}", at, {"c": found})
            lines.grouped(start, headline)
            return True
    return False


def _outer_factor(lines: Builder) -> tuple[Path, Term, Term] | None:
    """A sum, one factor that does not depend on its index, and what it multiplies."""
    for path, t in _sums(lines.line):
        parts = split(t.args[2], str(t.args[0].value))
        if parts is None:
            continue
        constant, rest = parts
        if constant.op == "mul" and rest.op == "mul":  # one at a time
            return path, constant.args[0], mul(*constant.args[1:], rest)
        return path, constant, rest
    return None


def _resolve(lines: Builder) -> bool:
    """A delta of two equal indices, or of two different numbers."""
    for path, t in walk(lines.line):
        if t.op == "delta" and (t.args[0] == t.args[1] or all(a.op == "num" for a in t.args)):
            start = len(lines.steps)
            lines.cite("delta-same" if t.args[0] == t.args[1] else "delta-other", path)
            lines.grouped(start)
            return True
    return False


def _sums(t: Term, path: Path = ()) -> Iterator[tuple[Path, Term]]:
    """The sums over an index, innermost first."""
    for n, a in enumerate(t.args):
        yield from _sums(a, (*path, n))
    if t.op == "sum":
        yield path, t


def _delta_over(index: Term, body: Term) -> Term | None:
    """The first Kronecker delta of the index with another."""
    deltas = (a for _, a in walk(body) if a.op == "delta" and index in a.args and a.args[0] != a.args[1])
    return next(deltas, None)


def _over(piece: Term, factor: Term) -> Term | None:
    """What times the factor is the piece."""
    rest = ZERO if piece == ZERO else quotient(piece, factor)
    return None if rest is None or any(t == factor for _, t in walk(rest)) else rest
