"""Writing a proof line by line: rules cited at places, then the form a person would write.

Untrusted and without search: every line is worked out here, and the kernel checks the whole proof once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache

from derive.core.arithmetic import equal
from derive.core.kernel import law_of
from derive.core.match import match
from derive.core.term import Path, Term, add, free, mul, num, part, rebuild
from derive.proofs.builder import Builder
from derive.proofs.choice import LEAVES, Asked, Choice, chosen, inside
from derive.proofs.pretty import pretty
from derive.proofs.shapes import names_back
from derive.proofs.sums import collapse

ONE, ZERO = num(1), num(0)
MANY = 12  # terms that are differentiated in one line
SUMS = ("sum-rule", "difference-rule")


@dataclass
class Writer(Builder):
    """A proof by differentiating: the derivatives by x are carried out, those by anything else stay."""

    x: Term = field(kw_only=True)

    def __post_init__(self) -> None:
        super().__post_init__()
        self.asked = Asked(self.context, self.x)

    def todo(self) -> Iterator[Path]:
        """The places of the derivatives still to be carried out."""
        return _derivatives(self.line, self.x)

    def carry_out(self, path: Path) -> None:
        """One line of the lecture: the first derivative by its rule, and all that are plain to see."""
        trivial = [p for p in self.todo() if self._plain(part(self.line, p))]
        path = next((p for p in self.todo() if p not in trivial), path)
        start = len(self.steps)
        here = part(self.line, path)
        rule, using, prepared = self._lemma_for(here) or chosen(self.asked, here.args[0])
        if prepared is not None:
            self._prepare((*path, 0), prepared)
        if rule in LEAVES and rule not in SUMS:
            self._many_alike(rule, path)
        headline = len(self.steps)
        self.cite(rule, (*path, 0) if inside(rule) else path, using)
        self._same_rule_again(rule, path)
        self._lower_exponent(path)
        if rule in LEAVES or path in trivial:
            self._settle()
        self.grouped(start, headline, brief=start == 0)

    def inside(self, path: Path, goal: Term) -> None:
        """One line: a part of the line in another form."""
        start = len(self.steps)
        self.rearrange(path, goal)
        self.grouped(start, brief=False)

    def to(self, goal: Term) -> None:
        """One line: the same in the form that is wanted."""
        if self.line != goal:
            start = len(self.steps)
            self.rearrange((), goal)
            self.grouped(start)

    def finish(self, told: Callable[[Term], Term] = lambda t: t) -> None:
        """The form a person would write; told brings the whole into the order that is wanted."""
        collapse(self)
        for _ in range(8):
            self._tidy(told)
            named = names_back(self.line)
            if named is None:
                return
            rule, path, using = named
            start = len(self.steps)
            self.cite(rule, path, using)
            self.grouped(start)

    def _tidy(self, told: Callable[[Term], Term]) -> None:
        """One line: whatever exact arithmetic does not look into first, then the whole; none where that leads back."""
        start, before = len(self.steps), self.line
        for path in (*_inner(self.line), ()):
            here = part(self.line, path)
            new = pretty(here) if path else told(pretty(here))
            if new != here and _can_be_seen(here, new):
                self.rearrange(path, new)
        if self.line == before:
            del self.steps[start:]
        self.grouped(start, len(self.steps) - 1)

    def _plain(self, t: Term) -> bool:
        return t.args[0] == t.args[1] or not self.asked.moves(t.args[0])

    def _lemma_for(self, t: Term) -> Choice | None:
        """A lemma about this very derivative."""
        for name, theorem in self.lemmas.items():
            if match(law_of(theorem, self.context).rule.left, t) is not None:
                return name, {}, None
        return None

    def _prepare(self, path: Path, new: Term) -> None:
        """What is differentiated as its rule wants it; of a function the arguments, of a power the exponent."""
        old = part(self.line, path)
        if old.op not in ("fn", "pow"):
            self.rearrange(path, new)
            return
        for n, (before, after) in enumerate(zip(old.args, new.args, strict=True)):
            if before != after:
                self.rearrange((*path, n), after)

    def _many_alike(self, rule: str, first: Path) -> None:
        """Many terms to which the same rule applies are differentiated in one line, from the last to the second."""
        alike = [p for p in self.todo() if p != first and self._chosen(p) == rule]
        for path in reversed(alike) if len(alike) >= MANY else ():  # what stands before a place stays where it is
            _, using, prepared = chosen(self.asked, part(self.line, path).args[0])
            if prepared is not None:
                self._prepare((*path, 0), prepared)
            self.cite(rule, (*path, 0) if inside(rule) else path, using)
            term = path[:-1] if part(self.line, path[:-1]).op == "mul" else path
            if rule == "constant-factor":
                self._factors_again(term)
            self._lower_exponent((*term, 0))

    def _chosen(self, path: Path) -> str:
        """The rule for a derivative that is not plain to see and has no lemma."""
        here = part(self.line, path)
        return "" if self._plain(here) or self._lemma_for(here) else chosen(self.asked, here.args[0])[0]

    def _same_rule_again(self, rule: str, path: Path) -> None:
        """A sum of many terms is differentiated term by term in one line."""
        if rule == "constant-factor":
            self._factors_again(path[:-1])
        if rule not in SUMS:
            return
        parent = path[:-1]  # the new sum may have joined the one around it
        while True:
            todo = [
                p for p in self.todo()
                if p[: len(parent)] == parent and part(self.line, p).args[0].op in ("add", "neg")
                and len(p) <= len(path) + 2
            ]  # fmt: skip
            if not todo:
                return
            u = part(self.line, todo[0]).args[0]
            self.cite("sum-rule" if u.op == "add" else "negative-rule", todo[0])

    def _factors_again(self, parent: Path) -> None:
        """Several constant factors leave the derivative in one line."""
        while True:
            place = next((p for p in self.todo() if p[: len(parent)] == parent), None)
            u = part(self.line, place).args[0] if place is not None else ZERO
            if place is None or u.op != "mul" or self.asked.moves(u.args[0]):
                return
            self.cite("constant-factor", place, {"c": u.args[0]})

    def _lower_exponent(self, path: Path) -> None:
        """3 - 1 is 2."""
        for place, t in _powers(part(self.line, path[:-1]) if path else self.line, path[:-1]):
            exponent = t.args[1]
            if exponent.args and not free(exponent):
                inner = exponent.args[0] if exponent.op == "neg" else exponent
                if inner.op == "add":
                    self.rearrange((*place, 1), pretty(exponent))
                    if pretty(exponent) == ONE:
                        self.cite("power-one", place)

    def _settle(self) -> None:
        """The derivatives that are plain to see, then no factors 1 and no terms 0."""
        start = len(self.steps)
        while True:
            path = next((p for p in self.todo() if self._plain(part(self.line, p))), None)
            if path is None:
                break
            u, x = part(self.line, path).args
            self.cite("variable" if u == x else "constant", path)
        if len(self.steps) > start:
            for path in (*_inner(self.line), ()):
                here = part(self.line, path)
                self._clean(path, here, _cleaned(here))

    def _clean(self, path: Path, before: Term, after: Term) -> None:
        """Rearrange at the innermost place that holds the whole change."""
        if before == after:
            return
        changed = [n for n, (a, b) in enumerate(zip(before.args, after.args, strict=False)) if a != b]
        if before.op == after.op and len(before.args) == len(after.args) and before.op != "d":
            for n in changed:
                self._clean((*path, n), before.args[n], after.args[n])
        else:
            self.rearrange(path, after)


def _derivatives(t: Term, x: Term, path: Path = ()) -> Iterator[Path]:
    """The places of the derivatives by x, the innermost if one holds another."""
    if t.op == "d":
        if t.args[1] == x:
            yield path
        return
    for n, a in enumerate(t.args):
        if a.args:
            yield from _derivatives(a, x, (*path, n))


def _can_be_seen(before: Term, after: Term) -> bool:
    """Whether exact arithmetic sees that both are equal; it has limits."""
    try:
        return equal(before, after)
    except (ValueError, ZeroDivisionError):
        return False


def _powers(t: Term, path: Path) -> Iterator[tuple[Path, Term]]:
    if t.op == "pow":
        yield path, t
    for n, a in enumerate(t.args):
        if a.args and t.op != "d":
            yield from _powers(a, (*path, n))


def _inner(line: Term, path: Path = ()) -> Iterator[Path]:
    """Places that exact arithmetic does not look into: arguments, pieces, bodies of sums; innermost first."""
    for n, a in enumerate(line.args):
        if a.args and a.op != "d":
            yield from _inner(a, (*path, n))
    places = {"cases": (0, 3), "sum": (2,), "fn": range(len(line.args))}.get(line.op, ())
    yield from ((*path, n) for n in places if line.args[n].args)


@lru_cache(maxsize=16_384)
def _cleaned(t: Term) -> Term:
    """t without factors 1, terms 0 and products with 0; everything else stays where it is."""
    if not t.args or t.op == "d":
        return t
    args = tuple(map(_cleaned, t.args))
    match t.op:
        case "add":
            kept = [a for a in args if a != ZERO]
            return add(*kept) if kept else ZERO
        case "mul":
            if ZERO in args:
                return ZERO
            kept = [a for a in args if a != ONE]
            return mul(*kept) if kept else ONE
        case "div" if args[0] == ZERO:
            return ZERO
        case "div" if args[1] == ONE:
            return args[0]
        case "neg" if args[0] == ZERO:
            return ZERO
        case "neg" if args[0].op == "neg":
            return args[0].args[0]
    return rebuild(t, args)
