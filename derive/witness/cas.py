"""SymPy as a witness: it differentiates the written-out chain itself and reduces it to what was claimed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import product
from random import Random
from typing import Any, Protocol, TypeAlias

from derive.core.condition import Condition
from derive.core.context import Context
from derive.core.meaning import base
from derive.core.term import Term, add, free, lift, substitute, sym
from derive.syntax.sympy_bridge import UnknownExpression, concrete, symbol_name
from derive.witness.cas_functions import check_function
from derive.witness.cas_layers import Plain, standing
from derive.witness.cover import needs
from derive.witness.missing import missing_assumptions
from derive.witness.normal_form import vanishes
from derive.witness.regions import scalars
from derive.witness.residual import Generators, at_random, factored, over_field
from derive.witness.sampling import (
    Constraints,
    Letters,
    Unsuited,
    assignments,
    constraints,
    extent,
    letter_ranges,
    numerals,
    size_names,
)
from derive.witness.shrink import shrunk
from derive.witness.single_points import has_jumps
from derive.witness.sizes import generalised, valued
from derive.witness.verdict import Proven, Refuted, Undecided, Verdict

BY = "sympy"
SIZES = (2, 3)
OTHER_SIZES = 2
MOST_ASSIGNMENTS = 1  # and each pattern of equal and different indices: entries of a family are alike
SMALLEST_DIFFERENCE = 1e-9
Expr: TypeAlias = Any


class Claim(Protocol):
    """What is claimed: a Theorem, or anything with two sides and the assumptions it rests on."""

    @property
    def left(self) -> Term: ...
    @property
    def right(self) -> Term: ...
    @property
    def assumptions(self) -> frozenset[str]: ...
    @property
    def conditions(self) -> tuple[Condition, ...]: ...


@dataclass(frozen=True)
class Claimed:
    """A claim that no proof stands behind."""

    left: Term
    right: Term
    assumptions: frozenset[str] = frozenset()
    conditions: tuple[Condition, ...] = ()


def check_gradient(context: Context, claims: Mapping[str, Claim]) -> dict[str, Verdict]:
    """Whether SymPy's own derivative of the chain is the claimed one, for each claim by name."""
    chains: dict[object, _Chain] = {}
    return {name: _check(context, claim, chains) for name, claim in claims.items()}


def check_claim(context: Context, claim: Claim) -> Verdict:
    """The same for one claim about any context."""
    return _check(context, claim, {})


def check_unproved(context: Context, claim: Claimed) -> Verdict:
    """The same for one that nobody has proved: of a chain nothing less than an identity is told.

    A size that is a value must agree as a variable of its own.
    """
    names = valued(context, (claim.left, claim.right))
    if not names:
        return _check(context, claim, {}, exact=True)
    wider, (left, right), positive = generalised(context, (claim.left, claim.right))
    verdict = _check(wider, Claimed(left, right, claim.assumptions, (*claim.conditions, *positive)), {}, exact=True)
    if not isinstance(verdict, Proven):
        verdict = _check(context, claim, {}, exact=True)
        if isinstance(verdict, Proven):
            return Undecided(BY, "size-as-value", {"size": ", ".join(sorted(names))})
    return verdict


def _check(context: Context, claim: Claim, chains: dict[object, _Chain], exact: bool = False) -> Verdict:
    try:
        names = scalars(context, (claim.left, claim.right))
        if names is not None:
            constraints(context, claim.assumptions)  # raises for those that say something about a plain number
            return check_function(context, claim.left, claim.right, names, claim.conditions, exact)
        smaller, (left, right), cut = shrunk(context, (claim.left, claim.right))
        key = (*smaller.shapes.items(), *((name, d.body) for name, d in smaller.definitions.items()))
        chain = chains.setdefault(key, _Chain(smaller, exact))
        question = Claimed(left, right, claim.assumptions)
        if question not in chain.judged:
            chain.judged[question] = chain.judge(question, {"cut": cut} if cut else {})
        return chain.judged[question]
    except Unsuited as reason:
        return Undecided(BY, reason.why, reason.slots)
    except UnknownExpression as reason:
        return Undecided(BY, "unknown-expression", {"what": str(reason)})


@dataclass(frozen=True)
class _Case:
    """One size and one assignment of the index letters, with the assumptions in use."""

    sizes: Letters
    letters: Letters
    assumptions: frozenset[str]


@dataclass(frozen=True)
class _Chain:
    """The definitions of a context, written out and differentiated; what was worked out is kept.

    exact: values that agree are not enough.
    """

    context: Context
    exact: bool = False
    written: dict[object, Expr] = field(default_factory=dict)
    slopes: dict[object, Expr] = field(default_factory=dict)
    judged: dict[Claimed, Verdict] = field(default_factory=dict)

    def judge(self, claim: Claim, detail: Mapping[str, object], explain: bool = True) -> Verdict:
        cases = self._cases(claim)
        for case in cases:
            if self._agrees_closed(claim, case):
                continue
            if standing(claim.right):
                raise Unsuited("not-reduced")
            generators, left, right = self._sides(claim, case)
            try:
                rest = over_field(left - right, generators.by, self._normalised(case))
            except Unsuited:  # roots and absolute values are no field; over the real numbers more is known of them
                if not self._vanishes_over_reals(claim, case):
                    raise
                continue
            if rest != 0:
                return self._refuted(claim, case, generators, rest) if explain else Refuted(BY)
        sizes = tuple(dict.fromkeys(n for case in cases for n in case.sizes.values()))
        return Proven(BY, {"sizes": sizes, "points": len(cases), **detail})

    def _agrees_closed(self, claim: Claim, case: _Case) -> bool:
        """Whether both sides are one while all that the variable does not reach stays a name.

        It says nothing if they are not: the definitions may be needed.
        """
        cut, summed = _cut(claim), constraints(self.context, case.assumptions).simplex
        by = standing(claim.right) if cut else {}
        plain = Plain.of(self.context, case.sizes, case.letters, cut, by, summed)
        left = plain.left(claim.left) if cut else plain.read(claim.left)
        right = plain.right(claim.right)
        if self.exact and set(needs(Context(), right)) - set(needs(Context(), left)):
            names = sorted(free(left) | free(right))
            verdict = check_function(Context(), left, right, names, plain.conditions(claim.conditions), exact=True)
            if not isinstance(verdict, Proven):
                raise Unsuited(verdict.why if isinstance(verdict, Undecided) else "not-reduced")
            return True
        try:
            rest, smooth = self._difference(left, right, case)
            if rest == 0:
                return True
            if cut and smooth:  # over a field that is all there is to say, while names stand for what is defined
                return False
        except (Unsuited, UnknownExpression):
            pass
        if cut in summed:
            return False
        last = {name: lift(1) - add(*others) for family in summed for name, others in plain.rows(family)}
        left, right = substitute(left, last), substitute(right, last)
        names = sorted(free(left) | free(right))
        verdict = check_function(Context(), left, right, names, plain.conditions(claim.conditions), self.exact)
        return isinstance(verdict, Proven) and not (self.exact and "digits" in verdict.detail)

    def _difference(self, left: Term, right: Term, case: _Case) -> tuple[Expr, bool]:
        """What is left of a claim about plain numbers, and whether it holds nothing but exponentials and logarithms."""
        import sympy as sp

        here, there = (concrete(t, Context(), {}, {}, {}, (), sp.diff) for t in (left, right))
        generators = Generators.of(here, there)
        smooth = all(isinstance(f, (sp.exp, sp.log)) for f in generators.by)
        return over_field(here - there, generators.by, self._normalised(case)), smooth

    def _vanishes_over_reals(self, claim: Claim, case: _Case) -> bool:
        """Whether nothing remains of the difference when every entry is real, as it is."""
        import sympy as sp

        cut = _cut(claim)
        if not cut or case.assumptions:
            return False
        written = (self._written(t, case, cut) for t in (*claim.left.args, claim.right))
        above, below, right = _as_real(*written)
        if self.exact and has_jumps(right):
            return False
        return vanishes(sp.diff(above, below) - right, (), (above, right))

    def _cases(self, claim: Claim) -> list[_Case]:
        names = size_names(self.context, (claim.left, claim.right))
        rows = [{**dict.fromkeys(names, OTHER_SIZES), names[0]: n} for n in SIZES] if names else [{}]
        limits = constraints(self.context, claim.assumptions)
        spoken = [side for name in claim.assumptions for side in self.context.assumptions[name]]
        terms = (claim.left, claim.right, *spoken)
        cases = [
            _Case(row, letters, claim.assumptions) for row in rows for letters in self._letters(terms, row, limits)
        ]
        if not cases:
            raise Unsuited("no-assignment")
        return cases

    def _letters(self, terms: tuple[Term, ...], row: Letters, limits: Constraints) -> list[dict[str, int]]:
        rng = Random(0)  # noqa: S311 - which entries are looked at, not a secret
        return assignments(letter_ranges(self.context, terms, row), numerals(terms), limits, rng, MOST_ASSIGNMENTS)

    def _sides(self, claim: Claim, case: _Case) -> tuple[Generators, Expr, Expr]:
        """Both sides in the entries of the variable of differentiation, all that lies above it unfolded."""
        cut = _cut(claim)
        right = self._written(claim.right, case, cut)
        left = self._slope(claim.left, case, cut) if cut else self._written(claim.left, case, cut)
        key = ("generators", left, right)
        if key not in self.written:
            self.written[key] = Generators.of(left, right)
        return self.written[key], left, right

    def _slope(self, t: Term, case: _Case, cut: str) -> Expr:
        import sympy as sp

        u, x = t.args
        above, below = self._written(u, case, cut), self._written(x, case, cut)
        if (above, below) not in self.slopes:
            self.slopes[above, below] = sp.diff(above, below)
        return self.slopes[above, below]

    def _written(self, t: Term, case: _Case, cut: str) -> Expr:
        spoken = self.context.reach(free(t))
        key = (t, cut, *case.sizes.items(), *(item for item in case.letters.items() if item[0] in spoken))
        if key not in self.written:
            unfold = set(self.context.definitions) - {cut}
            self.written[key] = concrete(t, self.context, {}, case.sizes, case.letters, unfold)
        return self.written[key]

    def _normalised(self, case: _Case) -> dict[Expr, Expr]:
        """The last entry of a row of a family that sums to one, by the others."""
        import sympy as sp

        entries = {}
        for family in constraints(self.context, case.assumptions).simplex:
            every = self._entries(family, case, family)
            length = extent(self.context.shapes[family][-1], case.sizes)
            for start in range(0, len(every), length):
                *others, last = every[start : start + length]
                entries[last] = 1 - sp.Add(*others)
        return entries

    def _entries(self, family: str, case: _Case, cut: str) -> list[Expr]:
        """All entries of a family, row by row."""
        runs = (range(1, extent(size, case.sizes) + 1) for size in self.context.shapes[family])
        return [self._written(sym(family)[at], case, cut) for at in product(*runs)]

    def _probabilities(self, generators: Generators, case: _Case, cut: str) -> dict[Expr, Expr]:
        """E_m -> p_m, where the context defines a softmax p over the generators."""
        import sympy as sp

        for family, definition in self.context.definitions.items():
            if family == cut or len(definition.params) != 1:
                continue
            written = [e.xreplace(dict(generators.by)) for e in self._entries(family, case, cut)]
            tops = [sp.numer(e) for e in written]
            if all(e == top / sp.Add(*tops) and top.is_Symbol for e, top in zip(written, tops, strict=True)):
                return dict(zip(tops, self._entries(family, case, family), strict=True))
        return {}

    def _refuted(self, claim: Claim, case: _Case, generators: Generators, rest: Expr) -> Verdict:
        _, left, right = self._sides(claim, case)
        fixed = self._normalised(case)
        point, here, there = at_random(left.xreplace(fixed), right.xreplace(fixed))
        if not abs(here - there) > SMALLEST_DIFFERENCE:  # not a number, or functions related in ways a field is not
            return Undecided(BY, "not-reduced")
        missing = missing_assumptions(
            lambda names: self.judge(Claimed(claim.left, claim.right, names), {}, explain=False),
            self.context,
            claim.assumptions,
        )
        probabilities = self._probabilities(generators, case, _cut(claim))
        residual = factored(rest, probabilities, generators, self._names(case))
        return Refuted(BY, {**case.sizes, **case.letters, **point}, here, there, residual, missing)

    def _names(self, case: _Case) -> dict[str, Term]:
        """What the plain symbols stand for: y_2 for the second entry of y."""
        runs = {
            family: product(*(range(1, extent(size, case.sizes) + 1) for size in shape))
            for family, shape in self.context.shapes.items()
            if shape
        }
        return {symbol_name(family, at, {}): sym(family)[at] for family, run in runs.items() for at in run}


def _as_real(*exprs: Expr) -> tuple[Expr, ...]:
    """The expressions with real symbols."""
    import sympy as sp

    real = {s: sp.Symbol(s.name, real=True) for e in exprs for s in e.free_symbols}
    return tuple(e.xreplace(real) for e in exprs)


def _cut(claim: Claim) -> str:
    """The family of the variable of differentiation."""
    return base(claim.left.args[1]) if claim.left.op == "d" else ""
