"""Reading an index line as an expression of matrices. Untrusted: the kernel proves what is read, entry by entry."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import reduce

from derive.core.term import Term, add, free, mul, neg, num, rename_bound, total, walk
from derive.matrices.expression import (
    ONE,
    Applied,
    Constant,
    Diagonal,
    Difference,
    Expression,
    Hadamard,
    Identity,
    Negative,
    Ones,
    Product,
    Scaled,
    Sum,
    drawn,
    transposed,
)
from derive.matrices.layout import Arrangement, NoMatrixForm
from derive.matrices.pointwise import covered, gathered, indexed, is_pointwise
from derive.matrices.softmax import centred, is_jacobian

TWO, MINUS = num(2), neg(ONE)
LETTERS = "mlkjiqrstuvn"
Letter = Term | None


@dataclass(frozen=True)
class Reader:
    """sizes: how many entries each letter runs over."""

    arrangement: Arrangement
    sizes: Mapping[str, Term]

    def read(self, t: Term, r: Letter, c: Letter = None) -> Expression:
        """The matrix whose entry in row r and column c is t; a column without c, a row without r.

        Raises NoMatrixForm where something runs over more than two indices, or has a number for an index.
        """
        if r is None:
            return self._number(t) if c is None else transposed(self.read(t, c))
        here = [a for a in (r, c) if _has(t, a)]
        if not here:
            return self._scaled(t, self._ones(r, c))
        if c is not None and here == [r]:
            return Product(self.read(t, r), transposed(self._ones(c)))
        if c is not None and here == [c]:
            return Product(self._ones(r), transposed(self.read(t, c)))
        if t.op not in _READERS or (t.op == "add" and is_pointwise(t)):
            return self._applied(t, r, c)
        return _READERS[t.op](self, t, r, c)

    def _ones(self, r: Term, c: Letter = None) -> Expression:
        column = Ones(self.sizes[str(r.value)])
        return column if c is None else Product(column, transposed(self._ones(c)))

    def _scaled(self, factor: Term, of: Expression) -> Expression:
        return of if factor == ONE else Scaled(self._number(factor), of)

    def _number(self, t: Term) -> Expression:
        """A matrix of one entry."""
        if not indexed(t):
            return Constant(t)
        match t.op:
            case "sum":
                return self._series(t, None, None)
            case "neg":
                return Negative(self._number(t.args[0]))
            case "add":
                return _added(t, self._number)
            case "mul":
                return reduce(Product, map(self._number, t.args))
        return self._applied(t, None, None)

    def _applied(self, t: Term, r: Letter, c: Letter) -> Expression:
        """A function of one or more matrices, entry by entry."""
        split = covered(t)
        if t in split.to or any(a.op == "delta" for part in split.to for _, a in walk(part)):
            raise NoMatrixForm(f"{t} is no number, vector or matrix, and no function of one")
        return drawn(Applied(split.function, split.letters, tuple(self.read(a, r, c) for a in split.to)))

    def _atom(self, t: Term, r: Term, c: Letter) -> Expression:
        named = self.arrangement.named(t)
        if {named.rows, named.columns} != {r, c}:
            raise NoMatrixForm(f"{t} does not run over the same indices as its matrix")
        general = self.arrangement.general(t)
        return general if named.rows == r else transposed(general)

    def _delta(self, t: Term, r: Term, c: Letter) -> Expression:
        if c is None or set(t.args) != {r, c}:
            raise NoMatrixForm(f"{t} is no identity matrix here")
        return Identity(self.sizes[str(r.value)])

    def _negative(self, t: Term, r: Term, c: Letter) -> Expression:
        return Negative(self.read(t.args[0], r, c))

    def _terms(self, t: Term, r: Term, c: Letter) -> Expression:
        return _added(t, lambda term: self.read(term, r, c))

    def _power(self, t: Term, r: Term, c: Letter) -> Expression:
        bottom, exponent = t.args
        if exponent != TWO:
            return self._applied(t, r, c)
        square = self.read(bottom, r, c)
        return Hadamard(square, square)

    # products

    def _quotient(self, t: Term, r: Term, c: Letter) -> Expression:
        return self._applied(t, r, c) if t.args[0] == ONE else self._product(t, r, c)

    def _product(self, t: Term, r: Term, c: Letter) -> Expression:
        """Numbers in front; factors of both indices entry by entry, others as an outer product or a diagonal."""
        numbers, factors = _parted(_factors(t), lambda a: not _has(a, r) and not _has(a, c))
        constants, sums = _parted(numbers, lambda a: not indexed(a))
        read = self._softmax(factors, r, c) or self._of_factors(factors, r, c)
        for factor in sums:
            read = self._scaled(factor, read)
        minus = [a for a in constants if a == MINUS]
        read = self._scaled(_one_fraction([a for a in constants if a != MINUS]), read)
        return Negative(read) if len(minus) % 2 else read

    def _of_factors(self, factors: Sequence[Term], r: Term, c: Letter) -> Expression:
        if c is None:
            return self._hadamard(factors, r, None)
        both, rest = _parted(factors, lambda a: _has(a, r) and _has(a, c))
        rows, columns = _parted(rest, lambda a: _has(a, r))
        if not both:
            return Product(self._hadamard(rows, r, None), transposed(self._hadamard(columns, c, None)))
        left = [Diagonal(self._hadamard(rows, r, None))] if rows else []
        right = [Diagonal(self._hadamard(columns, c, None))] if columns else []
        identity = all(a.op == "delta" for a in both) and (left or right)
        return reduce(Product, (*left, *([] if identity else [self._hadamard(both, r, c)]), *right))

    def _hadamard(self, factors: Iterable[Term], r: Term, c: Letter) -> Expression:
        """Entry by entry; what is a product of matrices stands first."""
        ordered = sorted(gathered(list(factors)), key=lambda a: all(b.op != "sum" for _, b in walk(a)))
        read = (self._applied(a, r, c) if is_pointwise(a) else self.read(a, r, c) for a in ordered)
        return reduce(lambda left, right: drawn(Hadamard(left, right)), read)

    def _softmax(self, factors: Sequence[Term], r: Term, c: Letter) -> Expression | None:
        """The derivative of a softmax: u_r (v_r - sum_j u_j v_j) is an entry of (diag(u) - u u^T) v."""
        if len(factors) != 2:
            return None
        for u, other in (factors, factors[::-1]):
            if u.op != "elem" or len(u.args) != 2:
                continue
            if not _has(u, r):
                found = self._softmax((u, other), c, r) if c is not None and _has(u, c) else None
                return None if found is None else transposed(found)
            column = self.read(u, r)
            J = Difference(Diagonal(column), Product(column, transposed(column)))
            if is_jacobian(u, other, r, c):
                return J
            if (v := centred(u, other, r)) is not None:
                return Product(J, self.read(v, r, c))
            if c is None and other.op == "sum" and (parted := self._centred_sum(u, other, r)) is not None:
                v, rest, reader = parted
                return Product(Product(J, reader.read(v, r, other.args[0])), reader.read(rest, other.args[0]))
        return None

    def _centred_sum(self, u: Term, t: Term, r: Term) -> tuple[Term, Term, Reader] | None:
        """The same under a sum: u_r sum_m (v_rm - sum_j u_j v_jm) w_m."""
        ours, rest = _parted(_factors(t.args[2]), lambda a: _has(a, r))
        v = centred(u, ours[0], r) if len(ours) == 1 and rest else None
        return None if v is None else (v, mul(*rest), self._with(*t.args[:2]))

    # sums over an index

    def _series(self, t: Term, r: Letter, c: Letter) -> Expression:
        """A product of matrices: what runs over r on the left, what runs over c on the right."""
        m, size, body = _apart(t, r, c).args
        if body.op == "neg":
            return Negative(self.read(total(m, size, body.args[0]), r, c))
        constants, factors = _parted(_factors(body), lambda a: not _has(a, m))
        if constants:
            return self.read(mul(*constants, total(m, size, mul(*factors)) if factors else size), r, c)
        reader = self._with(m, size)
        if r is None:
            left, right = (factors[:1], factors[1:]) if len(factors) > 1 else ([], factors)
        elif c is None:
            left, right = _parted(factors, lambda a: _has(a, r))
        else:
            both = [a for a in factors if _has(a, r) and _has(a, c)]
            if both:
                return self.read(_distributed(m, size, factors, both), r, c)
            right, left = _parted(factors, lambda a: _has(a, c))
        return Product(
            reader.read(mul(*left), r, m) if left else transposed(Ones(size)),
            reader.read(mul(*right), m, c) if right else Ones(size),
        )

    def _with(self, m: Term, size: Term) -> Reader:
        return Reader(self.arrangement, {**self.sizes, str(m.value): size})


_READERS: Mapping[str, Callable[[Reader, Term, Term, Letter], Expression]] = {
    "elem": Reader._atom,
    "d": Reader._atom,
    "delta": Reader._delta,
    "neg": Reader._negative,
    "add": Reader._terms,
    "div": Reader._quotient,
    "pow": Reader._power,
    "mul": Reader._product,
    "sum": Reader._series,
}


def _has(t: Term, letter: Letter) -> bool:
    return letter is not None and letter.value in free(t)


def _parted(items: Iterable[Term], where: Callable[[Term], bool]) -> tuple[list[Term], list[Term]]:
    """Those for which it holds, and the others."""
    every = list(items)
    return [a for a in every if where(a)], [a for a in every if not where(a)]


def _factors(t: Term) -> list[Term]:
    """The factors of a product; a denominator is a factor 1/u."""
    match t.op:
        case "mul":
            return [factor for a in t.args for factor in _factors(a)]
        case "div":
            return [*([] if t.args[0] == ONE else _factors(t.args[0])), ONE / t.args[1]]
        case "neg" if t != MINUS:
            return [MINUS, *_factors(t.args[0])]
    return [t]


def _one_fraction(factors: Sequence[Term]) -> Term:
    """Numbers multiplied: 2 and 1/C are 2/C."""
    above = [a for a in factors if a.op != "div"] + [a.args[0] for a in factors if a.op == "div" and a.args[0] != ONE]
    below = [a.args[1] for a in factors if a.op == "div"]
    top = mul(*above) if above else ONE
    return top / mul(*below) if below else top


def _added(t: Term, read: Callable[[Term], Expression]) -> Expression:
    """Terms added and subtracted from left to right."""
    whole = read(t.args[0])
    for term in t.args[1:]:
        whole = drawn(Difference(whole, read(term.args[0])) if term.op == "neg" else Sum(whole, read(term)))
    return whole


def _apart(t: Term, r: Letter, c: Letter) -> Term:
    """The sum with a letter that means nothing else."""
    letter = str(t.args[0].value)
    taken = {str(a.value) for a in (r, c) if a is not None} | free(t)
    return rename_bound(t, {letter: next(a for a in LETTERS if a not in taken)}) if letter in taken else t


def _distributed(m: Term, size: Term, factors: Sequence[Term], both: Sequence[Term]) -> Term:
    """A sum with a factor of three indices as sums of its terms; NoMatrixForm where the factor is no sum."""
    bracket = next((a for a in both if a.op == "add"), None)
    if bracket is None:
        raise NoMatrixForm(f"{both[0]} runs over three indices at once under the sum over {m}")
    rest = [a for a in factors if a is not bracket]
    terms = []
    for term in bracket.args:
        inner = term.args[0] if term.op == "neg" else term
        part = total(m, size, mul(*rest, inner))
        terms.append(neg(part) if term.op == "neg" else part)
    return add(*terms)
