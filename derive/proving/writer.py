"""Writing a proof line by line: rules cited at places, then the form a person would write.

Untrusted and without search: every line is worked out here, and the kernel checks the whole proof once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache

from derive.core.arithmetic import equal
from derive.core.kernel import Step, Theorem, check, law_for, law_of
from derive.core.law import Context, Rule
from derive.core.match import Found, fill, match
from derive.core.procedures import PROCEDURES
from derive.core.term import Path, Term, add, free, mul, num, part, rebuild, rename_bound, swap, walk
from derive.proving.choice import LEAVES, Asked, Choice, NotDifferentiable, chosen, inside
from derive.proving.pretty import pretty
from derive.proving.proof import Move, Proof, places
from derive.proving.shapes import names_back
from derive.proving.sums import collapse
from derive.rules import RULES

ONE, ZERO = num(1), num(0)
MANY = 12  # terms that are differentiated in one line
SUMS = ("sum-rule", "difference-rule")
LETTERS = "lmijkqrstuv"  # for the sums that a definition brings in


@dataclass
class Writer:
    """The proof as far as it is written: the derivatives by x are carried out, those by anything else stay.

    lemmas: theorems that may be cited where their left side stands.
    """

    context: Context
    x: Term
    line: Term
    lemmas: Mapping[str, Theorem] = field(default_factory=dict)
    steps: list[Step] = field(default_factory=list)
    moves: list[Move] = field(default_factory=list)
    left: Term = field(init=False)

    def __post_init__(self) -> None:
        self.left = self.line
        self.asked = Asked(self.context, self.x)

    def todo(self) -> Iterator[Path]:
        """The places of the derivatives still to be carried out."""
        return _derivatives(self.line, self.x)

    def checked(self, name: str) -> Proof:
        """The proof, if the kernel accepts it; raises Refused."""
        theorem = check(name, self.context, self.left, self.line, tuple(self.steps), RULES, self.lemmas)
        return Proof(theorem, tuple(self.moves))

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
        self.moves.append(Move(headline, start, len(self.steps), brief=start == 0))

    def move(self, rule: str, path: Path = (), back: bool = False, **using: Term) -> None:
        """One line: a rule that was chosen beforehand."""
        start = len(self.steps)
        self.cite(rule, path, using, back)
        self.moves.append(Move(start, start, len(self.steps), brief=True))

    def everywhere(self, rule: str, back: bool = False) -> None:
        """One line: a definition, a lemma or an assumption wherever it fits."""
        law = law_for(Step(rule), self.line, self.context, RULES, self.lemmas).rule
        pattern, start = (law.right if back else law.left), len(self.steps)
        while (path := next((p for p, t in places(self.line) if match(pattern, t) is not None), None)) is not None:
            self.cite(rule, path, {}, back)
        if len(self.steps) > start:
            self.moves.append(Move(start, start, len(self.steps), brief=True))

    def inside(self, path: Path, goal: Term) -> None:
        """One line: a part of the line in another form."""
        start = len(self.steps)
        self.rearrange(path, goal)
        self.moves.append(Move(start, start, len(self.steps), brief=False))

    def to(self, goal: Term) -> None:
        """One line: the same in the form that is wanted."""
        if self.line != goal:
            start = len(self.steps)
            self.rearrange((), goal)
            self.moves.append(Move(start, start, len(self.steps), brief=True))

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
            self.moves.append(Move(start, start, len(self.steps), brief=True))

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
        if len(self.steps) > start:
            self.moves.append(Move(len(self.steps) - 1, start, len(self.steps), brief=True))

    def _plain(self, t: Term) -> bool:
        return t.args[0] == t.args[1] or not self.asked.moves(t.args[0])

    def _lemma_for(self, t: Term) -> Choice | None:
        """A lemma about this very derivative."""
        for name, theorem in self.lemmas.items():
            if match(law_of(theorem, self.context).rule.left, t) is not None:
                return name, {}, None
        return None

    def cite(self, rule: str, path: Path, using: Mapping[str, Term] | None = None, back: bool = False) -> None:
        here = part(self.line, path)
        found: Found = dict(using or {})
        law = self._law(rule, here, found)
        have, want = (law.right, law.left) if back else (law.left, law.right)
        bound = match(have, here, found)
        if bound is None:
            raise NotDifferentiable(f"{rule} does not fit {here}")
        new = fill(want, bound)
        renamed = self._renamed(new, here) if rule not in RULES and rule not in PROCEDURES else {}
        self.line = swap(self.line, path, rename_bound(new, renamed) if renamed else new)
        self.steps.append(Step(rule, path, back, tuple((using or {}).items()), tuple(renamed.items())))

    def _law(self, rule: str, here: Term, found: Found) -> Rule:
        if rule in PROCEDURES:
            return PROCEDURES[rule](here, found)
        return RULES[rule] if rule in RULES else law_for(Step(rule), here, self.context, RULES, self.lemmas).rule

    def _renamed(self, new: Term, here: Term) -> dict[str, str]:
        """Other letters for the sums that come in, where theirs stand for something else in the line."""
        bound = dict.fromkeys(str(t.args[0].value) for _, t in walk(new) if t.op == "sum")
        taken = free(self.line) | free(self.left) | {str(t.args[0].value) for _, t in walk(self.line) if t.op == "sum"}
        used = taken | free(new) | set(bound) | self.context.reserved
        spare = iter(letter for letter in LETTERS if letter not in used)
        return {name: next(spare) for name in bound if name in taken}

    def rearrange(self, path: Path, new: Term) -> None:
        self.steps.append(Step("rearrange", path, False, (("to", new),)))
        self.line = swap(self.line, path, new)

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
