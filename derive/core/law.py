"""What may be cited: rules with their conditions, definitions, assumptions; and where they are cited."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Set
from copy import copy
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property, reduce
from itertools import combinations
from types import MappingProxyType

from derive.core.arithmetic import equal
from derive.core.functions import CONSTANTS, FUNCTIONS
from derive.core.match import Found, fill
from derive.core.signs import Known, evident
from derive.core.term import Term, free, fresh, is_size, nodes, substitute, walk

ONE = Term("num", (), Fraction(1))


@dataclass(frozen=True)
class Condition:
    """One of the conditions below, about slots of a rule or, recorded, about terms."""

    kind: str
    about: tuple[Term, ...]

    def __post_init__(self) -> None:
        if self.kind not in CHECKS and self.kind not in RECORDED:
            raise ValueError(f"no condition {self.kind!r}")

    def filled(self, found: Found) -> Condition:
        return Condition(self.kind, tuple(fill(t, found) for t in self.about))


@dataclass(frozen=True)
class Definition:
    """name with its index letters stands for body: p_i := exp(z_i) / sum_m exp(z_m)."""

    name: str
    params: tuple[str, ...]
    body: Term


@dataclass(frozen=True)
class Context:
    """What a proof is about.

    shapes gives the size of each index of a family; indices the range of each free index letter, which
    stands for any entry; fixed the range of each letter that stands for one entry; assumptions the named
    equations that may be cited as holding at the point, for every value of an index with a prime. depends:
    numbers of which nothing is known but that they are continuously differentiable functions of the entries
    of these families (any loss of the logits). counts: sizes that are those of no family.
    """

    definitions: Mapping[str, Definition] = field(default_factory=dict)
    shapes: Mapping[str, tuple[Term, ...]] = field(default_factory=dict)
    indices: Mapping[str, Term] = field(default_factory=dict)
    fixed: Mapping[str, Term] = field(default_factory=dict)
    assumptions: Mapping[str, tuple[Term, Term]] = field(default_factory=dict)
    depends: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    counts: tuple[Term, ...] = ()

    def __post_init__(self) -> None:
        for part in ("definitions", "shapes", "indices", "fixed", "assumptions", "depends"):  # nobody changes them
            object.__setattr__(self, part, MappingProxyType(dict(getattr(self, part))))
        self._refuse_odd_types()
        self._refuse_odd_names()
        for definition in self.definitions.values():
            if any(t.op == "d" for _, t in walk(definition.body)):
                raise ValueError(f"definition of {definition.name}: a definition holds no derivative")
        for name, definition in self.definitions.items():
            taken = {*self.definitions, *self.shapes, *CONSTANTS, *self.depends, *self._spoken, *self.size_names}
            if len(set(definition.params)) != len(definition.params) or set(definition.params) & taken:
                raise ValueError(f"definition of {name}: an index letter is used twice, or means something else")
            if definition.name != name or len(definition.params) != len(self.shapes.get(name, ())):
                raise ValueError(f"definition of {name}: its indices do not fit its shape")
            if name in self.reach(free(definition.body) - set(definition.params)):
                raise ValueError(f"definition of {name} goes round in a circle")
            if stray := _places_from_outside(definition) - set(self.fixed):
                raise ValueError(f"definition of {name} has the index {min(stray)}, which it does not bind")
        for t, ranges in self._said():
            if (why := unsound(t, self, ranges)) is not None:
                raise ValueError(why)
        self._refuse_odd_letters()
        self._refuse_odd_dependence()

    def _said(self) -> Iterator[tuple[Term, Mapping[str, Term]]]:
        """What the definitions and assumptions say, and over what the letters in it run."""
        for name, definition in self.definitions.items():
            yield (
                definition.body,
                {**self.fixed, **dict(zip(definition.params, self.shapes.get(name, ()), strict=True))},
            )
        for sides in self.assumptions.values():
            primed = {letter.rstrip("'"): size for letter, size in _found_sizes(sides, self).items()}
            yield from ((without_primes(side), {**self.indices, **self.fixed, **primed}) for side in sides)

    def with_letters(self, indices: Mapping[str, Term]) -> Context:
        """The same definitions, assumptions and sizes, with these index letters.

        Everything else was checked when this context was made, and is shared.
        """
        _ = (
            self.reserved,
            self.families,
            self.bodies,
            self.rough,
            self.sizes,
            self._smoothness,
        )  # worked out once for all
        other = copy(self)
        object.__setattr__(other, "indices", MappingProxyType(dict(indices)))
        for part in ("letters", "sizes", "size_names", "reserved", "no_numbers"):  # these depend on the letters
            other.__dict__.pop(part, None)
        other._refuse_odd_types()
        other._refuse_odd_names()
        other._refuse_odd_letters()
        return other

    def same_but_letters(self, other: Context) -> bool:
        """Whether both are about the same things; a theorem of one is then a theorem of the other."""
        parts = ("definitions", "shapes", "fixed", "assumptions", "depends", "counts")
        return all(getattr(self, part) is getattr(other, part) for part in parts) or all(
            getattr(self, part) == getattr(other, part) for part in parts
        )

    def _refuse_odd_letters(self) -> None:
        for name, definition in self.definitions.items():
            if (free(definition.body) - set(definition.params)) & set(self.indices):
                raise ValueError(f"definition of {name} mentions an index that it does not bind")

    def _refuse_odd_dependence(self) -> None:
        for name, families in self.depends.items():
            if not isinstance(name, str) or type(families) is not tuple or name in self.definitions:
                raise ValueError(f"{name} either depends on families or has a definition")
            if self.shapes.get(name, ()) != () or not set(families) <= self.families or name in self.reach(families):
                raise ValueError(f"{name} is a number that depends on families, and not on itself")

    @cached_property
    def _mentioned(self) -> Mapping[str, frozenset[str]]:
        """What each name that has a definition, or depends on families, speaks of."""
        defined = {name: free(d.body) - set(d.params) for name, d in self.definitions.items()}
        return defined | {name: frozenset(families) for name, families in self.depends.items()}

    @cached_property
    def _smoothness(self) -> dict[str, dict[Term, tuple[Condition, ...]]]:
        """What `smooth` found of the entries of families, by the variable's family."""
        return {}

    def row_wise(self, q: str) -> frozenset[str]:
        """The definitions whose first index is the only first index of q that they mention, by however many steps."""
        if q not in self._row_wise:
            found: set[str] = set()
            for name in self.in_order:
                definition = self.definitions[name]
                if name != q and definition.params and q in self.reach([name]):
                    row = Term("sym", (), definition.params[0])
                    if _only_row(definition.body, q, row, self, frozenset(found)):
                        found.add(name)
            self._row_wise[q] = frozenset(found)
        return self._row_wise[q]

    @cached_property
    def in_order(self) -> tuple[str, ...]:
        """The definitions, each after those that it mentions."""
        return tuple(sorted(self.definitions, key=lambda name: len(self.reach([name]))))

    @cached_property
    def _row_wise(self) -> dict[str, frozenset[str]]:
        return {}

    @cached_property
    def reserved(self) -> frozenset[str]:
        """The names that no sum may bind: families, definitions, sizes, fixed letters."""
        named = (*self.shapes, *self.definitions, *self.depends, *self.fixed)
        return self._spoken.union(named, self.size_names)

    @cached_property
    def _spoken(self) -> frozenset[str]:
        """The names that definitions mention beside their own indices."""
        return frozenset[str]().union(*(free(d.body) - set(d.params) for d in self.definitions.values()))

    @cached_property
    def families(self) -> frozenset[str]:
        """The names that stand for values."""
        return frozenset((*self.shapes, *self.definitions, *self.depends))

    @cached_property
    def letters(self) -> frozenset[str]:
        """The names that stand for places and sizes, and never for a family or a variable."""
        return frozenset((*self.indices, *self.fixed)).union(*map(free, self._sizes()))

    @cached_property
    def size_names(self) -> frozenset[str]:
        """The names of the symbolic sizes: they count entries, and are no values of anything else."""
        return frozenset[str]().union(*map(free, self._sizes()))

    @cached_property
    def no_numbers(self) -> frozenset[str]:
        """The names that do not stand for one number each: indices, sizes, and families with entries."""
        return self.letters | {name for name, shape in self.shapes.items() if shape}

    @cached_property
    def sizes(self) -> frozenset[Term]:
        """The symbolic sizes; each is at least 1."""
        return frozenset(size for size in self._sizes() if size.op == "sym")

    @cached_property
    def bodies(self) -> Mapping[str, Term]:
        return MappingProxyType({name: definition.body for name, definition in self.definitions.items()})

    def _refuse_odd_types(self) -> None:
        sides = [side for sides in self.assumptions.values() for side in sides]
        terms = [*sides, *(d.body for d in self.definitions.values() if isinstance(d, Definition)), *self._sizes()]
        if not all(isinstance(t, Term) for t in terms) or not all(
            isinstance(d, Definition) and type(d.params) is tuple for d in self.definitions.values()
        ):
            raise ValueError("a context is made of definitions and terms")
        if not all(type(part) is tuple for part in (*self.shapes.values(), self.counts)):
            raise ValueError("a shape is a tuple of sizes")

    def _refuse_odd_names(self) -> None:
        """A letter is an index, a fixed entry, a size or a family, and only one of them."""
        if not all(is_size(size) and size.op != "slot" for size in self._sizes()):
            raise ValueError("a size is a name or a whole number from 1")
        named = set(self.shapes) | set(self.definitions) | set(self.depends)
        sizes = frozenset[str]().union(*map(free, self._sizes()))
        for one, other in combinations((set(self.indices), set(self.fixed), named, set(sizes)), 2):
            if one & other:
                raise ValueError(f"{min(one & other)} is also the name of something else")
        if taken := (named | set(self.indices) | set(self.fixed) | set(sizes)) & set(CONSTANTS):
            raise ValueError(f"{min(taken)} is a number")
        if any("'" in name for name in (*named, *self.indices, *self.fixed, *sizes)):
            raise ValueError("a prime marks the index of a recorded condition, nothing else")

    @cached_property
    def rough(self) -> frozenset[str]:
        """The definitions in which something is not smooth everywhere, themselves or by what they mention."""
        own = {name for name, body in self.bodies.items() if any(_is_rough(t) for _, t in walk(body))}
        return frozenset(name for name in (*self.definitions, *self.depends) if self.reach([name]) & own)

    def _sizes(self) -> list[Term]:
        shapes = (n for shape in self.shapes.values() for n in shape)
        return [*self.indices.values(), *self.fixed.values(), *shapes, *self.counts]

    def reach(self, names: Iterable[str], cut: Iterable[str] = ()) -> frozenset[str]:
        """The names, and every name their definitions mention; definitions of `cut` stay closed."""
        seen: set[str] = set()
        todo, closed = set(names), set(cut)
        while todo:
            name = todo.pop()
            seen.add(name)
            if name in self._mentioned and name not in closed:
                todo |= self._mentioned[name] - seen
        return frozenset(seen)


def _places_from_outside(definition: Definition) -> set[str]:
    """The index letters of a definition that are neither its own nor bound in it."""

    def stray(t: Term, known: frozenset[str]) -> set[str]:
        if t.op == "sum":
            known = known | {str(t.args[0].value)}
        places = t.args[1:] if t.op == "elem" else t.args if t.op == "delta" else ()
        here = {str(a.value) for a in places if a.op == "sym"} - known
        return here.union(*(stray(a, known) for a in t.args))

    return stray(definition.body, frozenset(definition.params))


def _is_rough(t: Term) -> bool:
    """Whether this operation may lack a derivative where it is defined."""
    if t.op in ("cases", "d") or (t.op == "pow" and not _is_whole_number(t.args[1])):
        return True
    return t.op == "fn" and t.value in FUNCTIONS and FUNCTIONS[str(t.value)].smooth != ()


def evidently_sound(t: Term, context: Context) -> bool:
    """Whether `unsound` finds nothing in t, because t has nothing in it but numbers, known functions and derivatives.

    The lines of a proof share most of their parts; what is known about those is not looked at again.
    """
    return _is_plain(t) and free(t).isdisjoint(context.no_numbers)


def _is_plain(t: Term) -> bool:
    if t._plain is None:  # worked out once
        match t.op:
            case "sym":
                plain = str(t.value).isidentifier()
            case "fn":
                known = FUNCTIONS.get(str(t.value))
                plain = known is not None and known.arity == len(t.args)
            case "d":
                plain = t.args[1].op == "sym" and t.args[1].value not in CONSTANTS
            case op:
                plain = op in ("num", "neg", "add", "mul", "div", "pow", "cases")
        object.__setattr__(t, "_plain", plain and all(map(_is_plain, t.args)))
    return bool(t._plain)


def unsound(t: Term, context: Context, ranges: Mapping[str, Term] | None = None) -> str | None:
    """Why nothing may be proved about a term: it means nothing, or uses a letter for two things.

    ranges: over what its free index letters run; those of the context if it is not given.
    """
    known = {**context.indices, **context.fixed} if ranges is None else ranges
    return unreadable(t, context) or _no_number(t, context, known)


def unreadable(t: Term, context: Context) -> str | None:
    """Why a term says nothing, right or wrong: it has a hole, or uses a name for two things."""
    bound: set[str] = set()
    sizes: set[str] = set()
    heads: set[str] = set()  # families and variables of differentiation
    places: set[str] = set()  # index letters
    for here in nodes(t):
        if here.op in ("slot", "put"):
            return f"{t} has a hole"
        if here.op == "sym" and not str(here.value).isidentifier():
            return f"{here} is the mark of a recorded condition"
        if here.op == "sum":
            bound.add(str(here.args[0].value))
            sizes |= free(here.args[1])
        if here.op in ("elem", "delta"):
            letters = here.args[1:] if here.op == "elem" else here.args
            if any(a.op not in ("sym", "num") for a in letters):
                return f"{here} has an index that is neither a letter nor a number"
            places |= {str(a.value) for a in letters if a.op == "sym"}
        if here.op in ("elem", "d"):
            heads.add(str(here.args[0].value) if here.op == "elem" else base(here.args[1]))
    if (heads | bound | sizes | places) & set(CONSTANTS):
        return f"{min((heads | bound | sizes | places) & set(CONSTANTS))} is a number"
    if strangers := sizes - context.size_names:
        return f"{min(strangers)} is not a size"
    clash = sorted(bound & (sizes | heads | context.reserved)) + sorted(heads & (context.letters | sizes))
    clash += sorted(places & (heads | context.families))
    if clash:
        return f"{clash[0]} names a place or a size, and something else too"
    return _odd_function(t, context, bound | free(t))


def _odd_function(t: Term, context: Context, names: Set[str]) -> str | None:
    """Why a function of t is none: its name is taken, or it does not take so many arguments."""
    arguments: dict[str, int] = {}
    for here in nodes(t):
        if here.op != "fn":
            continue
        plain, prime, order = str(here.value).partition("'")
        if plain in FUNCTIONS:
            if prime:
                return f"{here.value} is not the name of the derivative of {plain}"
        elif plain in names or plain in context.families or plain in context.letters or plain in CONSTANTS:
            return f"{plain} is a function, and something else too"
        if not _fits(here, order if order.isdecimal() else "") or arguments.setdefault(plain, len(here.args)) != len(
            here.args
        ):
            return f"{here.value} does not take {len(here.args)} arguments"
    return None


def _fits(t: Term, numbers: str) -> bool:
    """Whether a function has as many arguments as it takes; a derivative by number belongs to several arguments."""
    known = FUNCTIONS.get(str(t.value))
    if known is not None:
        return known.arity == len(t.args)
    if "'" not in str(t.value):
        return True
    return len(t.args) == 1 if not numbers else len(t.args) > 1 and all(1 <= int(n) <= len(t.args) for n in numbers)


def _no_number(t: Term, context: Context, ranges: Mapping[str, Term]) -> str | None:
    """Why a part of t has no value: a family where a number should stand, or an entry that there is not."""
    waiting = [(t, ranges)]
    while waiting:
        here, known = waiting.pop()
        if here.op == "sum":
            waiting.append((here.args[2], {**known, str(here.args[0].value): here.args[1]}))
        elif here.op in ("sym", "elem"):
            shape, indices = context.shapes.get(base(here), ()), here.args[1:]
            if len(indices) != len(shape):
                return f"{here} has {len(indices)} indices, and {base(here)} has {len(shape)}"
            for index, size in zip(indices, shape, strict=True):
                if not _may_be_entry(index, size, known.get(str(index.value))):
                    return f"{here}: the index {index} is no entry of what ranges from 1 to {size}"
        elif here.op == "delta":
            for index in here.args:
                if not is_entry(index, index, None) if index.op == "num" else str(index.value) not in known:
                    return f"{here}: the index {index} ranges over nothing"
        else:
            waiting.extend((a, known) for a in here.args)
    return None


def _may_be_entry(index: Term, size: Term, runs: Term | None) -> bool:
    """As is_entry, but for a number below a size that is a name: there is such an entry for some sizes."""
    return is_entry(index, size, runs) or (index.op == "num" and size.op == "sym" and is_size(index))


def is_entry(index: Term, size: Term, runs: Term | None) -> bool:
    """Whether an index that runs from 1 to `runs`, or a number, is one of the entries from 1 to size.

    Of a size that is a name it is only known that it is at least 1.
    """
    if index.op != "num":
        return runs == size
    return is_size(index) and Fraction(index.value or 0) <= (Fraction(size.value or 0) if size.op == "num" else 1)


@dataclass(frozen=True)
class Scope:
    """The context together with what surrounds the place at hand.

    bound: the indices bound by sums. positive, nonnegative: what the conditions of the pieces around it say. pieces:
    the terms by cases around it, outermost first, and whether the place is in what they are otherwise.
    """

    context: Context
    bound: Mapping[str, Term]
    positive: frozenset[Term] = frozenset()
    nonnegative: frozenset[Term] = frozenset()
    pieces: tuple[tuple[Term, bool], ...] = ()

    @property
    def known(self) -> Known:
        return Known(self.context.bodies, self.positive | self.context.sizes, (), self.nonnegative)

    def size_of(self, index: Term) -> Term | None:
        if index.op != "sym":
            return None
        name = str(index.value)
        return self.bound.get(name) or self.context.indices.get(name) or self.context.fixed.get(name)


def base(x: Term) -> str:
    """The family or variable with respect to which is differentiated."""
    return str((x.args or (x,))[0].value)


def _apart(s: Scope, index: Term, u: Term) -> bool:
    return index.op == "sym" and index.value not in free(u)


def _constant(s: Scope, u: Term, x: Term) -> bool:
    return base(x) not in s.context.reach(free(u))


def _through(s: Scope, u: Term, q: Term, x: Term) -> bool:
    if any(t.op == "d" for _, t in walk(u)):  # a derivative inside u looks through the q, which are to stay closed
        return False
    return base(q) != base(x) and base(x) not in s.context.reach(free(u), cut=[base(q)])


def _through_row(s: Scope, u: Term, q: Term, row: Term, x: Term) -> bool:
    return _through(s, u, q, x) and _rows(s, u, q, row)


def _rows(s: Scope, u: Term, q: Term, row: Term) -> bool:
    shape = s.context.shapes.get(base(q), ())
    if any(t.op == "d" for _, t in walk(u)) or len(shape) != 2 or not _ranges(s, row, shape[0]):
        return False
    return _only_row(u, base(q), row, s.context, s.context.row_wise(base(q)))


def _only_row(t: Term, q: str, row: Term, context: Context, row_wise: frozenset[str]) -> bool:
    """Whether whatever t mentions of the family q, by way of its definitions too, has this first index."""
    if q not in context.reach(free(t)):
        return True
    if t.op == "sum" and t.args[0] == row:
        return False
    if t.op not in ("sym", "elem"):
        return all(_only_row(a, q, row, context, row_wise) for a in t.args)
    own = base(t) in row_wise or (base(t) == q and len(t.args) > 2)
    return own and len(t.args) > 1 and t.args[1] == row


def _sized(s: Scope, q: Term, size: Term) -> bool:
    return s.context.shapes.get(str(q.value)) == (size,)


def _columns(s: Scope, q: Term, size: Term) -> bool:
    return s.context.shapes.get(str(q.value), ())[1:] == (size,)


def _ranges(s: Scope, index: Term, size: Term) -> bool:
    return is_entry(index, size, s.size_of(index))


def _distinct(s: Scope, i: Term, j: Term) -> bool:
    return i.op == j.op == "num" and i != j


def _whole(s: Scope, n: Term) -> bool:
    return n.op == "num" and isinstance(n.value, Fraction) and n.value.denominator == 1 and n.value >= 2


def _natural(s: Scope, n: Term) -> bool:
    return n.op == "num" and isinstance(n.value, Fraction) and n.value.denominator == 1 and n.value >= 1


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
    body = substitute(definition.body, dict(zip(definition.params, u.args[1:], strict=True)))
    yield from smooth(body, x, context, known)


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


# where what has the kink at 0 is 0 everywhere, there is no kink: max(u, u) is u, |0| is 0
WITHOUT_KINK = frozenset(("max", "min", "abs", "relu"))


def _own_conditions(u: Term, context: Context) -> Iterator[Condition]:
    """Those of the outermost operation; where it is defined on an open domain there are none."""
    if u.op == "d":
        raise ValueError(f"{u} need not have a derivative")
    if u.op == "pow":
        if not _is_whole_number(u.args[1]):
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


def _is_whole_number(n: Term) -> bool:
    n = n.args[0] if n.op == "neg" else n
    return n.op == "num" and isinstance(n.value, Fraction) and n.value.denominator == 1


def for_each(condition: Condition, index: Term) -> Condition:
    """The condition for every value of an index; a prime marks it.

    >>> i, j = Term("sym", (), "i"), Term("sym", (), "j")
    >>> x = Term("sym", (), "x")
    >>> for_each(for_each(Condition("nonzero", (x[i, j],)), i), j).about
    (x[i', j'],)
    """
    name = str(index.value)
    spoken = frozenset[str]().union(*map(free, condition.about))
    if name not in spoken:
        return condition
    mark = f"{name}'" if f"{name}'" not in spoken else fresh("m", {each.rstrip("'") for each in spoken}) + "'"
    return Condition(condition.kind, tuple(substitute(t, {name: Term("sym", (), mark)}) for t in condition.about))


def without_primes(t: Term) -> Term:
    """t with plain letters for those that mean every value."""
    return substitute(t, {name: Term("sym", (), name.rstrip("'")) for name in free(t) if name.endswith("'")})


def with_first_marks(t: Term) -> Term:
    """t with its primed letters, which mean every value, renamed in the order in which they stand: one spelling."""
    marks = dict.fromkeys(str(a.value) for _, a in walk(t) if a.op == "sym" and str(a.value).endswith("'"))
    return substitute(t, {name: Term("sym", (), f"m{n}'") for n, name in enumerate(marks)})


def sizes_of_primed(sides: Iterable[Term], context: Context) -> dict[str, Term]:
    """The range of each index that means every value, by the families it stands below.

    Raises ValueError if an index has none, or more than one.
    """
    names = frozenset(name for side in sides for name in free(side) if name.endswith("'"))
    found = _found_sizes(sides, context)
    if set(found) != names:
        raise ValueError(f"{min(names - set(found))} has no range")
    return found


def _found_sizes(sides: Iterable[Term], context: Context) -> dict[str, Term]:
    found: dict[str, Term] = {}
    for t in (t for side in sides for t in nodes(side) if t.op == "elem"):
        for place, size in zip(t.args[1:], context.shapes.get(base(t), ()), strict=False):
            primed = place.op == "sym" and str(place.value).endswith("'")
            if primed and found.setdefault(str(place.value), size) != size:
                raise ValueError(f"{place} runs over {found[str(place.value)]} and over {size}")
    return found


# conditions that hold or do not: the step is refused without them
CHECKS: dict[str, Callable[..., bool]] = {
    "apart": _apart,  # the index does not occur in u
    "constant": _constant,  # u does not depend on x, looking through the definitions
    "through": _through,  # u depends on x only by way of the family q
    "through-row": _through_row,  # u depends on x only by way of this row of the family q
    "rows": _rows,  # of the family q, u depends on this row only
    "sized": _sized,  # the family q has this many entries
    "columns": _columns,  # a row of the family q has this many entries
    "ranges": _ranges,  # the index runs from 1 to size
    "distinct": _distinct,  # two different numbers
    "whole": _whole,  # the numeral 2, 3, 4, ...
    "natural": _natural,  # the numeral 1, 2, 3, ...
}
RECORDED = ("positive", "nonzero")  # conditions on values: evident, or recorded as a condition of the theorem


def holds(condition: Condition, scope: Scope) -> bool:
    if condition.kind in CHECKS:
        return CHECKS[condition.kind](scope, *condition.about)
    return evident((condition.kind, condition.about[0]), scope.known)


@dataclass(frozen=True)
class Rule:
    """left = right whenever the conditions hold; a card carries no code and no words."""

    name: str
    left: Term
    right: Term
    where: tuple[Condition, ...] = ()

    def __post_init__(self) -> None:
        leak = _leak(self)
        if leak:
            raise ValueError(f"rule {self.name}: {leak}")


def _leak(rule: Rule) -> str | None:
    """A slot used both inside and outside a sum must be kept apart from its index."""
    apart = {c.about for c in rule.where if c.kind == "apart"}
    sides = (rule.left, rule.right)
    binders = {t.args[0] for side in sides for _, t in walk(side) if t.op == "sum" and t.args[0].op == "slot"}
    for k in binders:
        inside = frozenset[str]().union(*(_seen(side, k, within=False)[0] for side in sides))
        outside = frozenset[str]().union(*(_seen(side, k, within=False)[1] for side in sides))
        if str(k.value) in outside:
            return f"the index {k} occurs outside its sum"
        for name in sorted(inside & outside):
            if (k, Term("slot", (), name)) not in apart:
                return f"?{name} stands inside and outside the sum over {k}"
    return None


def _seen(t: Term, k: Term, within: bool) -> tuple[frozenset[str], frozenset[str]]:
    """The slots of t that stand inside, and outside, the scope of the index k."""
    if t.op == "slot":
        one = frozenset([str(t.value)])
        return (one, frozenset()) if within else (frozenset(), one)
    children = [(a, within) for a in t.args]
    if t.op in ("sum", "put") and k in t.args[:2]:
        binder = 0 if t.op == "sum" else 1
        children = [(a, within or n == (2 if t.op == "sum" else 0)) for n, a in enumerate(t.args) if n != binder]
    pairs = [_seen(a, k, w) for a, w in children]
    return (
        frozenset[str]().union(*(p[0] for p in pairs)),
        frozenset[str]().union(*(p[1] for p in pairs)),
    )
