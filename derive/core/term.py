"""Terms: immutable expression trees that keep the order in which they were written.

A term never evaluates. What print cannot show is flattened (a sum in a sum, a product in a
product); everything else, a sign or a fraction included, is a node of its own.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from fractions import Fraction

from derive.budget import LIMITS, OverBudget

# A place inside a term: child numbers from the root; a pair (start, stop) names
# neighbouring terms of a sum or factors of a product.
Path = tuple["int | tuple[int, int]", ...]

ARITY = {
    "num": 0, "sym": 0, "slot": 0, "neg": 1, "div": 2, "pow": 2, "delta": 2, "d": 2, "sum": 3, "put": 3, "cases": 4,
}  # fmt: skip
N_ARY = ("add", "mul")
ATOMS = ("num", "sym", "slot")
RELATIONS = ("<", "<=", ">", ">=")
LARGEST, DEEPEST = LIMITS["nodes"].most, LIMITS["depth"].most


@dataclass(frozen=True, slots=True)
class Term:
    """One node: its operator, its children, and the name or number of an atom.

    >>> z, k = sym("z"), sym("k")
    >>> exp(z[k]) / sym("s")
    div(exp(z[k]), s)
    """

    op: str
    args: tuple[Term, ...] = ()
    value: str | Fraction | None = None
    _hash: int = field(default=0, init=False, repr=False, compare=False)
    size: int = field(default=1, init=False, repr=False, compare=False)
    depth: int = field(default=1, init=False, repr=False, compare=False)
    _free: frozenset[str] | None = field(default=None, init=False, repr=False, compare=False)
    _plain: bool | None = field(default=None, init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        if not _well_formed(self.op, self.args, self.value):
            raise ValueError(f"not a term: {self.op} {self.args} {self.value}")
        if self.args:
            object.__setattr__(self, "size", 1 + sum(a.size for a in self.args))
            object.__setattr__(self, "depth", 1 + max(a.depth for a in self.args))
            if self.size > LARGEST:
                raise OverBudget("nodes", self.size)
            if self.depth > DEEPEST:
                raise OverBudget("depth", self.depth)
        object.__setattr__(self, "_hash", hash((self.op, self.args, self.value)))

    def __hash__(self) -> int:
        return self._hash

    def __eq__(self, other: object) -> bool:
        return self is other or (
            isinstance(other, Term)
            and self._hash == other._hash
            and (self.op, self.value, self.args) == (other.op, other.value, other.args)
        )

    def __add__(self, other: Term | int) -> Term:
        return add(self, other)

    def __sub__(self, other: Term | int) -> Term:
        return add(self, neg(lift(other)))

    def __mul__(self, other: Term | int) -> Term:
        return mul(self, other)

    def __truediv__(self, other: Term | int) -> Term:
        return Term("div", (self, lift(other)))

    def __pow__(self, other: Term | int) -> Term:
        return Term("pow", (self, lift(other)))

    def __neg__(self) -> Term:
        return neg(self)

    def __getitem__(self, indices: Term | int | tuple[Term | int, ...]) -> Term:
        several = indices if isinstance(indices, tuple) else (indices,)
        return Term("elem", (self, *map(lift, several)))

    def __iter__(self) -> Iterator[Term]:  # __getitem__ alone would make a term look like a sequence
        raise TypeError("a term is not a sequence; use .args")

    def __repr__(self) -> str:
        if self.op == "slot":
            return f"?{self.value}"
        if self.op in ATOMS:
            return str(self.value)
        if self.op == "elem":
            return f"{self.args[0]!r}[{', '.join(map(repr, self.args[1:]))}]"
        if self.op == "cases":
            then, left, right, otherwise = self.args
            return f"cases({then!r}, {left!r} {self.value} {right!r}, {otherwise!r})"
        name = self.value if self.op == "fn" else self.op
        return f"{name}({', '.join(map(repr, self.args))})"


def _well_formed(op: str, args: tuple[Term, ...], value: object) -> bool:
    # exactly these types: an object of another class may answer differently each time it is asked
    if type(op) is not str or type(args) is not tuple or any(type(a) is not Term for a in args):
        return False
    if type(value) not in (str, Fraction, type(None)):
        return False
    if op in N_ARY:
        return len(args) >= 2 and value is None and all(a.op != op for a in args)
    if op == "elem":
        return len(args) >= 2 and value is None and args[0].op in ("sym", "slot")
    if op == "fn":
        return len(args) >= 1 and isinstance(value, str) and _is_function(value)
    if ARITY.get(op) != len(args) or (op in ATOMS or op == "cases") == (value is None):
        return False
    if op == "cases":
        return value in RELATIONS
    if op == "num":  # a negative number is written with neg, a fraction with div
        return isinstance(value, Fraction) and value >= 0 and _finite_decimal(value.denominator)
    if op in ATOMS:  # a prime marks an index that stands for every entry
        return isinstance(value, str) and value.removesuffix("'").isidentifier()
    if op == "sum":  # there is at least one entry
        return args[0].op in ("sym", "slot") and is_size(args[1])
    return op != "d" or args[1].op in ("sym", "slot", "elem")


def _is_function(name: str) -> bool:
    """f, and its derivatives: f' f'', or f'1 and f'12 for the first argument, and then the second."""
    plain, prime, order = name.partition("'")
    return plain.isidentifier() and (not prime or not order or order.isdecimal() or not order.strip("'"))


def is_size(t: Term) -> bool:
    """A number of entries: a name, or a whole number from 1."""
    if t.op == "num":
        return isinstance(t.value, Fraction) and t.value >= 1 and t.value.denominator == 1
    return t.op in ("sym", "slot")


def _finite_decimal(denominator: int) -> bool:
    return pow(10, denominator.bit_length(), denominator) == 0


def lift(value: Term | int | Fraction) -> Term:
    """A number as a term; a term as it is."""
    if isinstance(value, Term):
        return value
    number = Fraction(value)
    return num(number) if number >= 0 else neg(num(-number))


def num(value: int | Fraction) -> Term:
    return Term("num", (), Fraction(value))


def sym(name: str) -> Term:
    return Term("sym", (), name)


def slot(name: str) -> Term:
    """A hole of a pattern."""
    return Term("slot", (), name)


def neg(u: Term) -> Term:
    return Term("neg", (u,))


def fn(name: str, *args: Term) -> Term:
    return Term("fn", args, name)


def exp(u: Term) -> Term:
    return fn("exp", u)


def log(u: Term) -> Term:
    """The natural logarithm."""
    return fn("log", u)


def delta(i: Term | int, j: Term | int) -> Term:
    """Kronecker delta: 1 where the indices agree, 0 elsewhere."""
    return Term("delta", (lift(i), lift(j)))


def total(index: Term, size: Term | int, body: Term) -> Term:
    """The sum of body over index = 1 .. size."""
    return Term("sum", (index, lift(size), body))


def d(u: Term, x: Term) -> Term:
    """The derivative of u with respect to x, not yet carried out."""
    return Term("d", (u, x))


def put(body: Term, index: Term, by: Term) -> Term:
    """In templates only: body with index replaced."""
    return Term("put", (body, index, by))


def cases(then: Term | int, left: Term | int, relation: str, right: Term | int, otherwise: Term | int) -> Term:
    """then where left < right (or <=, >, >=), otherwise elsewhere; several pieces are nested in otherwise.

    >>> x = sym("x")
    >>> cases(x, x, ">", 0, -x)
    cases(x, x > 0, neg(x))
    """
    return Term("cases", (lift(then), lift(left), lift(right), lift(otherwise)), relation)


def add(*terms: Term | int) -> Term:
    return _flat("add", terms)


def mul(*factors: Term | int) -> Term:
    return _flat("mul", factors)


def _flat(op: str, items: tuple[Term | int, ...]) -> Term:
    flat: list[Term] = []
    for item in map(lift, items):
        flat.extend(item.args if item.op == op else (item,))
    return flat[0] if len(flat) == 1 else Term(op, tuple(flat))


def rebuild(t: Term, args: tuple[Term, ...]) -> Term:
    """The node with other children, flattened where print would not show the difference."""
    if args == t.args:
        return t
    return _flat(t.op, args) if t.op in N_ARY else Term(t.op, args, t.value)


def walk(t: Term, path: Path = ()) -> Iterator[tuple[Path, Term]]:
    """Every place and the term there, outermost first."""
    yield path, t
    for n, a in enumerate(t.args):
        yield from walk(a, (*path, n))


def nodes(t: Term) -> Iterator[Term]:
    """The term and every term inside it, as `walk` without the places."""
    waiting = [t]
    while waiting:
        here = waiting.pop()
        yield here
        waiting.extend(reversed(here.args))


def part(t: Term, path: Path) -> Term:
    """The term at a place.

    >>> a, b, c = map(sym, "abc")
    >>> part(a * b * c, ((1, 3),))
    mul(b, c)
    """
    for n in path:
        if isinstance(n, int):
            if not 0 <= n < len(t.args):
                raise IndexError(f"no place {path}")
            t = t.args[n]
        else:
            if t.op not in N_ARY or not 0 <= n[0] < n[1] - 1 < len(t.args):
                raise IndexError(f"no place {path}")
            t = _flat(t.op, t.args[n[0] : n[1]])
    return t


def swap(t: Term, path: Path, new: Term) -> Term:
    """t with the term at a place exchanged for new."""
    if not path:
        return new
    n, rest = path[0], path[1:]
    if isinstance(n, int):
        return rebuild(t, (*t.args[:n], swap(t.args[n], rest, new), *t.args[n + 1 :]))
    inner = swap(_flat(t.op, t.args[n[0] : n[1]]), rest, new)
    return rebuild(t, (*t.args[: n[0]], inner, *t.args[n[1] :]))


def free(t: Term) -> frozenset[str]:
    """The names that occur free: variables, families, sizes and indices not bound by a sum."""
    if t._free is None:  # worked out once
        names = frozenset([str(t.value)]) if t.op == "sym" else frozenset[str]().union(*map(free, t.args))
        object.__setattr__(t, "_free", names - free(t.args[0]) if t.op == "sum" else names)
    assert t._free is not None
    return t._free


def slots(t: Term) -> frozenset[str]:
    """The holes of a pattern."""
    return frozenset(str(s.value) for _, s in walk(t) if s.op == "slot")


def fresh(name: str, taken: frozenset[str] | set[str]) -> str:
    """A name for an index that is not taken."""
    candidates = [name, *"mnqrstuvij", *(f"{name}{n}" for n in range(1, len(taken) + 2))]
    return str(next(candidate for candidate in candidates if candidate not in taken))


def substitute(t: Term, by: dict[str, Term]) -> Term:
    """t with free names replaced; a bound index that would capture one is renamed."""
    if free(t).isdisjoint(by):
        return t
    if t.op == "sym":
        return by[str(t.value)]
    if t.op == "sum":
        index, size, body = t.args
        name = str(index.value)
        inner = {old: new for old, new in by.items() if old != name and old in free(body)}
        coming = frozenset[str]().union(*(free(new) for new in inner.values()))
        if name in coming:
            name = fresh(name, coming | free(body) | set(inner))
            inner[str(index.value)] = sym(name)
        return Term("sum", (sym(name), substitute(size, by), substitute(body, inner)))
    return rebuild(t, tuple(substitute(a, by) for a in t.args))


def rename_bound(t: Term, names: dict[str, str]) -> Term:
    """The same term with other letters for its bound indices."""
    old = str(t.args[0].value) if t.op == "sum" else ""
    if old in names:
        if names[old] in free(t.args[2]) - {old}:
            raise ValueError(f"{names[old]} is already used inside the sum")
        body = substitute(t.args[2], {old: sym(names[old])})
        t = Term("sum", (sym(names[old]), t.args[1], body))
    return rebuild(t, tuple(rename_bound(a, names) for a in t.args)) if t.args else t


def same(a: Term, b: Term, bound: tuple[tuple[str, str], ...] = ()) -> bool:
    """Equal but for the letters of bound indices.

    >>> i, k, z = map(sym, "ikz")
    >>> same(total(i, 3, z[i]), total(k, 3, z[k])), same(z[i], z[k])
    (True, False)
    """
    if a.op != b.op or len(a.args) != len(b.args):
        return False
    if a.op == "sym":
        for left, right in reversed(bound):
            if a.value == left or b.value == right:
                return a.value == left and b.value == right
        return a.value == b.value
    if a.value != b.value:
        return False
    if a.op == "sum":
        inner = (*bound, (str(a.args[0].value), str(b.args[0].value)))
        return same(a.args[1], b.args[1], bound) and same(a.args[2], b.args[2], inner)
    return all(same(x, y, bound) for x, y in zip(a.args, b.args, strict=True))
