"""Cards put to the test: a rule's slots are filled with concrete terms, and the balls compare both sides."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from random import Random

from derive.core.condition import RECORDED, Condition
from derive.core.context import Context, Definition
from derive.core.law import CHECKS, Rule, Scope, holds
from derive.core.match import Found, fill
from derive.core.term import Term, exp, lift, num, slots, sym, total, walk
from derive.witness.balls import BY, check_equation
from derive.witness.verdict import Proven, Refuted, Undecided, Verdict

CLASSES, INPUTS = sym("C"), sym("H")
SIZES = (2, 3)
INSTANCES = 6
POINTS = 4
SMALLEST = {"whole": 2, "natural": 1}


@dataclass(frozen=True)
class Instance:
    """One way of filling the slots, and the context it lives in."""

    found: Found
    context: Context
    conditions: tuple[Condition, ...]


def check_rule(rule: Rule, right: Term | None = None) -> Verdict:
    """Whether both sides of a card agree for random fillings; or its left side and another right side."""
    looked = 0
    unclear: Undecided | None = None
    for instance in instances(rule):
        left = fill(rule.left, instance.found)
        other = fill(rule.right if right is None else right, instance.found)
        verdict = check_equation(
            left, other, instance.context, sizes=SIZES, points=POINTS, conditions=instance.conditions
        )
        if isinstance(verdict, Refuted):
            return verdict
        if isinstance(verdict, Proven):
            looked += int(str(verdict.detail["points"]))
        if isinstance(verdict, Undecided):
            unclear = verdict
    return Proven(BY, {"sizes": SIZES, "points": looked, "lines": 2}) if unclear is None else unclear


ROWS = sym("N")
_n, _q, _j, _k, _m, _x, _s, _e, _t, _g, _w = map(sym, "nqjkmxsetgw")
_mixed = total(_m, CLASSES, total(_q, INPUTS, _g[_m, _q] ** 2))  # every s_nk depends on every weight
_BATCH = Context(
    {
        "s": Definition("s", ("n", "k"), total(_j, INPUTS, _g[_k, _j] * _x[_n, _j] * _mixed) + exp(_x[_n, 1])),
        "e": Definition("e", ("n",), total(_k, CLASSES, _s[_n, _k] ** 2 * _w[_n])),
        "t": Definition("t", ("n",), _e[_n] * _s[_n, 1] + _w[_n]),
    },
    {"x": (ROWS, INPUTS), "g": (CLASSES, INPUTS), "w": (ROWS,), "s": (ROWS, CLASSES), "e": (ROWS,), "t": (ROWS,)},
    {"n": ROWS, "q": ROWS, "j": INPUTS, "k": CLASSES},
)
# rules about the rows of a batch: their conditions are too narrow to be met by chance
OF_ROWS: Mapping[str, tuple[Found, ...]] = {
    "chain-rule-row": tuple(
        {"w": loss, "q": _s, "k": row, "m": _m, "n": CLASSES, "x": at}
        for loss, row in ((_e[_n], _n), (_t[_q] * 2 + _e[_q], _q), (exp(_t[1]), lift(1)))
        for at in (_g[_k, _j], _g[1, 1])
    ),
    "own-row": tuple(
        {"w": loss, "v": _x, "k": row, "i": _q, "j": _j}
        for loss, row in ((_e[_n], _n), (_t[_n] * _s[_n, 1], _n), (_e[1] ** 2, lift(1)))
    ),
}


def instances(rule: Rule) -> Iterator[Instance]:
    """Fillings that meet the conditions of the rule; values of every sign that these allow."""
    if rule.name in OF_ROWS:
        yield from _of_rows(rule)
        return
    roles = Roles.of(rule)
    for n in range(INSTANCES):
        found, context = Filling(rule, roles, n).made()
        needed = [c.filled(found) for c in rule.where]
        scope = Scope(context, {})
        for condition in needed:
            if condition.kind in CHECKS and not holds(condition, scope):
                raise ValueError(f"{rule.name}: no instance with {condition.kind} {condition.about}")
        yield Instance(found, context, tuple(c for c in needed if c.kind not in CHECKS))


def _of_rows(rule: Rule) -> Iterator[Instance]:
    for found in OF_ROWS[rule.name]:
        for condition in (c.filled(found) for c in rule.where):
            if not holds(condition, Scope(_BATCH, {})):
                raise ValueError(f"{rule.name}: no instance with {condition.kind} {condition.about}")
        yield Instance(found, _BATCH, ())


@dataclass(frozen=True)
class Roles:
    """What each slot of a rule stands for, read off from where it is used."""

    binders: frozenset[str]
    sizes: frozenset[str]
    variables: frozenset[str]
    families: Mapping[str, int]  # and how many indices they have
    classes: frozenset[str]  # indices of the first place
    inputs: frozenset[str]  # indices of the second place
    exponents: frozenset[str]
    numerals: Mapping[str, int]  # and the smallest that will do
    scopes: Mapping[str, frozenset[str]]  # the binders around a slot
    where: tuple[Condition, ...]

    @staticmethod
    def of(rule: Rule) -> Roles:
        nodes = [t for side in (rule.left, rule.right) for _, t in walk(side)]
        about = {kind: [c.about for c in rule.where if c.kind == kind] for kind in CHECKS}
        elems = [t.args for t in nodes if t.op == "elem"]
        binders = _named([t.args[0] for t in nodes if t.op == "sum"])
        second = _named([args[2] for args in elems if len(args) > 2])
        first = _named([args[1] for args in elems] + [a for t in nodes if t.op == "delta" for a in t.args])
        ranged = _named([index for index, _ in about["ranges"]] + [i for pair in about["distinct"] for i in pair])
        return Roles(
            binders,
            _named([t.args[1] for t in nodes if t.op == "sum"] + [n for _, n in about["sized"]]),
            _named([t.args[1] for t in nodes if t.op == "d"]),
            {str(args[0].value): len(args) - 1 for args in elems if args[0].op == "slot"},
            (first | ranged) - second - binders,
            second - binders,
            _named([t.args[1] for t in nodes if t.op == "pow"]),
            {str(n.value): SMALLEST[kind] for kind in SMALLEST for (n,) in about[kind]},
            _scopes(rule),
            rule.where,
        )

    @property
    def plain(self) -> bool:
        """Whether the rule is about numbers that have no indices; the balls then look in every region."""
        return not (self.binders or self.families or self.classes or self.inputs)

    @property
    def everywhere(self) -> bool:
        """Whether the rule holds whatever the values."""
        return not any(c.kind in RECORDED for c in self.where)

    def concerns(self, kind: str, name: str) -> list[tuple[Term, ...]]:
        return [c.about for c in self.where if c.kind == kind and any(a.value == name for a in c.about)]


def _named(terms: list[Term]) -> frozenset[str]:
    return frozenset(str(t.value) for t in terms if t.op == "slot")


def _scopes(rule: Rule) -> dict[str, frozenset[str]]:
    """The indices of the sums, or replaced by `put`, around every occurrence of a slot."""
    around: dict[str, frozenset[str]] = {}

    def visit(t: Term, bound: frozenset[str]) -> None:
        if t.op == "slot":
            around[str(t.value)] = around.get(str(t.value), frozenset()) | bound
        for n, a in enumerate(t.args):
            binder = {("sum", 2): 0, ("put", 0): 1}.get((t.op, n))
            visit(a, bound if binder is None else bound | {str(t.args[binder].value)})

    visit(rule.left, frozenset())
    visit(rule.right, frozenset())
    return around


class Filling:
    """The n-th way to fill the slots of a rule."""

    def __init__(self, rule: Rule, roles: Roles, n: int) -> None:
        self.rule, self.roles, self.n = rule, roles, n
        self.rng = Random(f"{rule.name}|{n}")
        self.found: Found = {}
        entry = n % 2 and (roles.everywhere or not roles.plain)  # x_j, or else a plain number
        self.shapes: dict[str, tuple[Term, ...]] = {"g": (CLASSES,), "x": (CLASSES,) if entry else ()}
        self.variable = sym("x")[sym("j0")] if entry else sym("x")
        self.definitions: dict[str, Definition] = {}

    def made(self) -> tuple[Found, Context]:
        names = sorted(slots(self.rule.left) | slots(self.rule.right) | set(self.roles.families))
        for name in names:
            self._structural(name)
        for name in names:
            if name not in self.found:
                self.found[name] = self._value(name)
        indices = dict.fromkeys((*self.roles.classes, "j0"), CLASSES) | dict.fromkeys(self.roles.inputs, INPUTS)
        return self.found, Context(self.definitions, self.shapes, indices)

    def _structural(self, name: str) -> None:
        """Indices, sizes, families and variables."""
        roles = self.roles
        if name in roles.families:
            self._family(name, roles.families[name])
        elif name in roles.sizes:
            self.found[name] = CLASSES
        elif roles.concerns("distinct", name):
            self.found[name] = num(1 + [t.value for t in roles.concerns("distinct", name)[0]].index(name))
        elif name in roles.binders | roles.classes | roles.inputs:
            self.found[name] = sym(name)
        elif name in roles.variables:
            self.found[name] = self.variable
        elif name in roles.numerals:
            self.found[name] = num(roles.numerals[name] + self.n)
        elif name in roles.exponents and self.n % 3 == 0:
            self.found[name] = num(4)  # other exponents are any number

    def _family(self, name: str, places: int) -> None:
        self.found[name] = sym(f"{name}0")
        self.shapes[f"{name}0"] = (CLASSES, INPUTS)[:places]
        if self.roles.concerns("through", name):
            e, s, x = sym("e"), sym("s"), sym("x")
            moved = total(s, CLASSES, x[s] * x[s] * sym("g")[s]) if self.variable.op == "elem" else x
            body = moved * sym("g")[e] + moved * moved
            self.definitions[f"{name}0"] = Definition(f"{name}0", ("e",), body)

    def _value(self, name: str) -> Term:
        atoms = self._atoms(name)
        value = self._random(atoms, 2)
        if self.roles.concerns("positive", name) and self.n % 2 and not self.roles.plain:
            return exp(value)
        return value

    def _atoms(self, name: str) -> list[Term]:
        """What the slot may be made of: numbers, entries by an index in scope, the variable if it may move."""
        kept_apart = {str(about[0].value) for about in self.roles.concerns("apart", name)}
        scope = sorted(self.roles.scopes.get(name, frozenset()) - kept_apart)
        atoms = [sym(f"{name}1"), *(sym("g")[sym(k)] for k in scope)]
        for _, q, _ in (a for a in self.roles.concerns("through", name) if a[0].value == name):
            family = sym(f"{q.value}0")
            return [family[1], total(sym("e"), CLASSES, family[sym("e")] * sym("g")[sym("e")]), *atoms]
        moved = self.roles.variables | set(self.roles.families)
        if moved and not self.roles.concerns("constant", name):
            atoms.append(self.variable)
            if self.variable.op == "elem":
                atoms += [sym("x")[sym(k)] for k in scope]
        return atoms

    def _random(self, atoms: list[Term], depth: int) -> Term:
        """A term in which every atom occurs."""
        term = atoms[0]
        for atom in atoms[1:]:
            grown = atom * atom if self.roles.plain else exp(atom)  # e^(e^u) is beyond the balls where u is not small
            term = self.rng.choice((term + atom, term * atom, term - atom, term + grown, term * grown))
        return term if self.rng.random() < 1 / depth else self.rng.choice((term * lift(3), exp(term), term - 2))
