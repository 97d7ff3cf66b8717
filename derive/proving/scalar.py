"""Differentiating any function: at the first derivative still to be carried out, the rule that fits it.

Untrusted and without search: every line is worked out here, and the kernel checks the whole proof once.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from fractions import Fraction

from derive.core.arithmetic import equal
from derive.core.functions import FUNCTIONS
from derive.core.kernel import Refused, Step, check
from derive.core.law import Context, base
from derive.core.match import Found, fill, match
from derive.core.procedures import PROCEDURES
from derive.core.term import Path, Term, add, d, free, mul, num, part, rebuild, swap, walk
from derive.errors import UsageError
from derive.proving.pretty import pretty, quotient, split
from derive.proving.proof import Move, Proof
from derive.proving.shapes import names_back
from derive.rules import RULES
from derive.rules.meanings import MEANINGS

ONE, ZERO = num(1), num(0)
MOST_STEPS = 600
CASES = {"<": "less", "<=": "at-most", ">": "greater", ">=": "at-least"}


class NotDifferentiable(UsageError):
    """A function, or a place in it, that no rule differentiates; the message says which and why."""


def differentiate(name: str, context: Context, u: Term, x: Term) -> Proof:
    """The proof of d(u, x) = the derivative in the form a person would write.

    Raises NotDifferentiable where no rule applies or a condition can never hold.

    >>> from derive.core.term import fn, sym
    >>> t = sym("t")
    >>> differentiate("example", Context(), fn("sin", t**2), t).theorem.right
    mul(2, t, cos(pow(t, 2)))
    """
    writer = _Writer(context, x, d(u, x))
    while (path := _first(writer.line)) is not None:
        if len(writer.steps) > MOST_STEPS:
            raise NotDifferentiable(f"the derivative takes more than {MOST_STEPS} steps")
        writer.carry_out(path)
    writer.finish()
    try:
        theorem = check(name, context, writer.left, writer.line, tuple(writer.steps), RULES)
    except Refused as refusal:
        raise NotDifferentiable(_why(str(refusal))) from None
    return Proof(theorem, tuple(writer.moves))


def _why(refusal: str) -> str:
    """What the kernel refused, for somebody who does not know the kernel."""
    found = re.search(r"(\S+) needs: (positive|nonzero) \((.*),\)$", refusal)
    if found is None:
        return f"this is not proved: {refusal}"
    rule, kind, what = found.groups()
    sign = "> 0" if kind == "positive" else "≠ 0"
    return f"there is no real derivative: the {rule.replace('-', ' ')} needs {what} {sign}, which is never so"


def _first(line: Term) -> Path | None:
    """The place of the first derivative that has no other inside."""
    return next(_derivatives(line), None)


def _derivatives(t: Term, path: Path = ()) -> Iterator[Path]:
    if t.op == "d":
        yield path
        return
    for n, a in enumerate(t.args):
        if a.args:
            yield from _derivatives(a, (*path, n))


@dataclass
class _Writer:
    """The proof as far as it is written."""

    context: Context
    x: Term
    line: Term
    steps: list[Step] = field(default_factory=list)
    moves: list[Move] = field(default_factory=list)
    left: Term = field(init=False)

    def __post_init__(self) -> None:
        self.left = self.line

    def carry_out(self, path: Path) -> None:
        """One line of the lecture: the first derivative by its rule, and all that are plain to see."""
        trivial = [p for p in _derivatives(self.line) if self._plain(part(self.line, p))]
        path = next((p for p in _derivatives(self.line) if p not in trivial), path)
        start = len(self.steps)
        u = part(self.line, path).args[0]
        rule, using, prepared = self._chosen(u)
        if prepared is not None:
            self._rearrange((*path, 0), prepared)
        headline = len(self.steps)
        self._cite(rule, (*path, 0) if rule in INSIDE else path, using)
        self._same_rule_again(rule, path)
        self._lower_exponent(path)
        if rule in LEAVES or path in trivial:
            self._settle()
        self.moves.append(Move(headline, start, len(self.steps), brief=start == 0))

    def finish(self) -> None:
        """The form a person would write."""
        while self._pick() or self._resolve() or self._pull():
            pass
        for _ in range(8):
            self._tidy()
            named = names_back(self.line)
            if named is None:
                return
            rule, path, using = named
            start = len(self.steps)
            self._cite(rule, path, using)
            self.moves.append(Move(start, start, len(self.steps), brief=True))

    def _tidy(self) -> None:
        """One line: whatever exact arithmetic does not look into first, then the whole."""
        start = len(self.steps)
        for path in (*_inner(self.line), ()):
            here = part(self.line, path)
            new = pretty(here)
            if new != here and _can_be_seen(here, new):
                self._rearrange(path, new)
        if len(self.steps) > start:
            self.moves.append(Move(len(self.steps) - 1, start, len(self.steps), brief=True))

    def _pick(self) -> bool:
        """In a sum over a Kronecker delta only one term remains."""
        for path, t in _sums(self.line):
            index, _, body = t.args
            found = next(
                (a for _, a in walk(body) if a.op == "delta" and index in a.args and a.args[0] != a.args[1]), None
            )
            rest = None if found is None else quotient(body, found)
            if found is None or rest is None or any(t == found for _, t in walk(rest)):
                continue
            start = len(self.steps)
            ordered = found if found.args[0] == index else Term("delta", (index, found.args[0]))
            wanted = found if rest == ONE else mul(rest, found)
            if wanted != body:
                self._rearrange((*path, 2), wanted)
            if ordered != found:
                self._cite("delta-order", (*path, 2) if rest == ONE else (*path, 2, len(wanted.args) - 1))
            headline = len(self.steps)
            self._cite("pick-one" if rest == ONE else "pick", path)
            self.moves.append(Move(headline, start, len(self.steps), brief=True))
            return True
        return False

    def _pull(self) -> bool:
        """Numbers and factors without the index go in front of a sum."""
        for path, t in _sums(self.line):
            parts = split(t.args[2], str(t.args[0].value))
            if parts is None:
                continue
            start, (constant, rest) = len(self.steps), parts
            if mul(constant, rest) != t.args[2]:
                self._rearrange((*path, 2), mul(constant, rest))
            headline = len(self.steps)
            self._cite("factor-out", path, {"c": constant})
            self.moves.append(Move(headline, start, len(self.steps), brief=True))
            return True
        return False

    def _resolve(self) -> bool:
        """A delta of two equal indices, or of two different numbers."""
        for path, t in walk(self.line):
            if t.op == "delta" and (t.args[0] == t.args[1] or all(a.op == "num" for a in t.args)):
                start = len(self.steps)
                self._cite("delta-same" if t.args[0] == t.args[1] else "delta-other", path)
                self.moves.append(Move(start, start, len(self.steps), brief=True))
                return True
        return False

    def _plain(self, t: Term) -> bool:
        return t.args[0] == t.args[1] or not self._moves(t.args[0])

    def _moves(self, u: Term) -> bool:
        """Whether u depends on the variable."""
        return base(self.x) in self.context.reach(free(u))

    def _cite(self, rule: str, path: Path, using: Mapping[str, Term] | None = None, back: bool = False) -> None:
        here = part(self.line, path)
        found: Found = dict(using or {})
        law = PROCEDURES[rule](here, found) if rule in PROCEDURES else RULES[rule]
        have, want = (law.right, law.left) if back else (law.left, law.right)
        bound = match(have, here, found)
        if bound is None:
            raise NotDifferentiable(f"{rule} does not fit {here}")
        self.line = swap(self.line, path, fill(want, bound))
        self.steps.append(Step(rule, path, back, tuple((using or {}).items())))

    def _rearrange(self, path: Path, new: Term) -> None:
        self.steps.append(Step("rearrange", path, False, (("to", new),)))
        self.line = swap(self.line, path, new)

    def _same_rule_again(self, rule: str, path: Path) -> None:
        """A sum of many terms is differentiated term by term in one line."""
        if rule == "constant-factor":
            self._factors_again(path[:-1])
        if rule not in ("sum-rule", "difference-rule"):
            return
        parent = path[:-1]  # the new sum may have joined the one around it
        while True:
            todo = [
                p for p in _derivatives(self.line)
                if p[: len(parent)] == parent and part(self.line, p).args[0].op in ("add", "neg")
                and len(p) <= len(path) + 2
            ]  # fmt: skip
            if not todo:
                return
            u = part(self.line, todo[0]).args[0]
            self._cite("sum-rule" if u.op == "add" else "negative-rule", todo[0])

    def _factors_again(self, parent: Path) -> None:
        """Several constant factors leave the derivative in one line."""
        while True:
            place = next((p for p in _derivatives(self.line) if p[: len(parent)] == parent), None)
            u = part(self.line, place).args[0] if place is not None else ZERO
            if place is None or u.op != "mul" or self._moves(u.args[0]):
                return
            self._cite("constant-factor", place, {"c": u.args[0]})

    def _lower_exponent(self, path: Path) -> None:
        """3 - 1 is 2."""
        for place, t in _powers(part(self.line, path[:-1]) if path else self.line, path[:-1]):
            exponent = t.args[1]
            if exponent.args and not free(exponent):
                inner = exponent.args[0] if exponent.op == "neg" else exponent
                if inner.op == "add":
                    self._rearrange((*place, 1), pretty(exponent))
                    if pretty(exponent) == ONE:
                        self._cite("power-one", place)

    def _settle(self) -> None:
        """The derivatives that are plain to see, then no factors 1 and no terms 0."""
        start = len(self.steps)
        while True:
            path = next((p for p in _derivatives(self.line) if self._plain(part(self.line, p))), None)
            if path is None:
                break
            u, x = part(self.line, path).args
            self._cite("variable" if u == x else "constant", path)
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
            self._rearrange(path, after)

    def _chosen(self, u: Term) -> tuple[str, dict[str, Term], Term | None]:
        """The rule for the derivative of u, what it needs to be told, and u rewritten before it if need be."""
        if u == self.x:
            return "variable", {}, None
        if not self._moves(u):
            return "constant", {}, None
        return _CHOICE[u.op](self, u) if u.op in _CHOICE else _no_rule(u)

    def _of_add(self, u: Term) -> tuple[str, dict[str, Term], Term | None]:
        pair = len(u.args) == 2 and u.args[1].op == "neg"
        return ("difference-rule" if pair else "sum-rule"), {}, None

    def _of_neg(self, u: Term) -> tuple[str, dict[str, Term], Term | None]:
        return "negative-rule", {}, None

    def _of_mul(self, u: Term) -> tuple[str, dict[str, Term], Term | None]:
        still = [a for a in u.args if not self._moves(a)]
        moving = [a for a in u.args if self._moves(a)]
        if not still:
            return "product-rule", {"u": u.args[0], "v": mul(*u.args[1:])}, None
        ordered = mul(*_one_number(still), *moving)
        return "constant-factor", {"c": ordered.args[0]}, None if ordered == u else ordered

    def _of_div(self, u: Term) -> tuple[str, dict[str, Term], Term | None]:
        top, bottom = u.args
        if not self._moves(bottom):
            return "constant-denominator", {}, None
        return ("quotient-rule" if self._moves(top) else "reciprocal-rule"), {}, None

    def _of_pow(self, u: Term) -> tuple[str, dict[str, Term], Term | None]:
        bottom, exponent = u.args
        if not self._moves(exponent):
            if _is_whole(exponent):
                if exponent == ONE:
                    return "power-one", {}, None
                return ("whole-power-rule" if exponent != ZERO else "power-zero"), {}, None
            if exponent.op == "neg" and _is_whole(exponent.args[0]) and exponent.args[0] != ZERO:
                return "negative-power-rule", {}, None
            return "power-rule", {}, None
        return ("logarithmic-differentiation" if self._moves(bottom) else "exponential-rule"), {}, None

    def _of_fn(self, u: Term) -> tuple[str, dict[str, Term], Term | None]:
        name = str(u.value)
        if name not in FUNCTIONS:
            return "abstract-chain", {}, None
        if name == "log_base" and self._moves(u.args[1]):
            return "change-of-base", {}, None
        for rule in (f"{name}-rule", f"definition-{name}"):
            if rule in RULES:
                return rule, {}, None
        return _no_rule(u)

    def _of_cases(self, u: Term) -> tuple[str, dict[str, Term], Term | None]:
        return f"cases-rule-{CASES[str(u.value)]}", {}, None

    def _of_sum(self, u: Term) -> tuple[str, dict[str, Term], Term | None]:
        return "series-rule", {}, None

    def _of_elem(self, u: Term) -> tuple[str, dict[str, Term], Term | None]:
        return ("coordinates" if len(u.args) == 2 else "matrix-coordinates"), {}, None


_CHOICE = {
    op: getattr(_Writer, f"_of_{op}") for op in ("add", "neg", "mul", "div", "pow", "fn", "cases", "sum", "elem")
}


def _one_number(factors: list[Term]) -> list[Term]:
    """The numbers among the factors multiplied, in front."""
    numbers = [a for a in factors if not free(a) and pretty(a).op in ("num", "neg", "div")]
    if len(numbers) < 2:
        return factors
    return [pretty(mul(*numbers)), *(a for a in factors if a not in numbers)]


# these rewrite what stands under the derivative, rather than the derivative
INSIDE = frozenset(("power-one", "power-zero", "change-of-base", *(rule.name for rule in MEANINGS)))
STRUCTURE = ("product-rule", "quotient-rule", "series-rule")
LEAVES = frozenset(RULES) - frozenset(STRUCTURE) | {"abstract-chain"}


# functions that are read but not differentiated, and why
WITHOUT_RULE = {
    "floor": "it jumps at every whole number",
    "ceil": "it jumps at every whole number",
    "round": "it jumps half-way between whole numbers",
    "trigamma": "its derivative has no name here",
}


def _no_rule(u: Term) -> tuple[str, dict[str, Term], Term | None]:
    name = str(u.value if u.op == "fn" else u.op)
    why = WITHOUT_RULE.get(name, "there is no rule for it")
    raise NotDifferentiable(f"cannot differentiate {name}: {why}; write the function without it")


def _is_whole(n: Term) -> bool:
    return n.op == "num" and isinstance(n.value, Fraction) and n.value.denominator == 1


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


def _sums(t: Term, path: Path = ()) -> Iterator[tuple[Path, Term]]:
    """The sums over an index, innermost first."""
    for n, a in enumerate(t.args):
        yield from _sums(a, (*path, n))
    if t.op == "sum":
        yield path, t


def _inner(line: Term, path: Path = ()) -> Iterator[Path]:
    """Places that exact arithmetic does not look into: arguments, pieces, bodies of sums; innermost first."""
    for n, a in enumerate(line.args):
        if a.args and a.op != "d":
            yield from _inner(a, (*path, n))
    places = {"cases": (0, 3), "sum": (2,), "fn": range(len(line.args))}.get(line.op, ())
    yield from ((*path, n) for n in places if line.args[n].args)


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
