"""Expressions of matrices, each with its shape; a vector is a matrix with one column or one row.

Shapes are checked where an expression is made, so that none exists whose factors do not fit.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from derive.core.term import Term, num
from derive.errors import UsageError

ONE = num(1)
Shape = tuple[Term, Term]


class ShapeError(UsageError):
    """Two matrices whose shapes do not fit; the message names both with their shapes."""


@dataclass(frozen=True)
class Named:
    """A family as a matrix.

    family: its entry, written with letters: h[n, j], or a derivative d(L, W[k, j]). rows, columns: the letter that
    counts the rows and the one that counts the columns; None where there is only one.
    """

    family: Term
    rows: Term | None
    columns: Term | None
    shape: Shape = field(repr=False)

    def __post_init__(self) -> None:
        for letter, size in zip((self.rows, self.columns), self.shape, strict=True):
            if letter is None and size != ONE:
                raise ShapeError(f"{self.family} has no index that counts {size} rows or columns")


@dataclass(frozen=True)
class Constant:
    """A number, or a symbol that stands for one."""

    value: Term

    @property
    def shape(self) -> Shape:
        return ONE, ONE


@dataclass(frozen=True)
class Ones:
    """A column of ones, to add up or to repeat."""

    size: Term

    @property
    def shape(self) -> Shape:
        return self.size, ONE


@dataclass(frozen=True)
class Identity:
    size: Term

    @property
    def shape(self) -> Shape:
        return self.size, self.size


@dataclass(frozen=True)
class Transpose:
    of: Expression

    @property
    def shape(self) -> Shape:
        return self.of.shape[1], self.of.shape[0]


@dataclass(frozen=True)
class Negative:
    of: Expression

    @property
    def shape(self) -> Shape:
        return self.of.shape


@dataclass(frozen=True)
class Product:
    """The product of matrices; a column times a row is their outer product.

    >>> from derive.core.term import sym
    >>> Product(Ones(num(2)), Transpose(Ones(sym("N")))).shape
    (2, N)
    """

    left: Expression
    right: Expression

    def __post_init__(self) -> None:
        if self.left.shape[1] != self.right.shape[0]:
            raise _misfit("multiplied", self.left, self.right)

    @property
    def shape(self) -> Shape:
        return self.left.shape[0], self.right.shape[1]


@dataclass(frozen=True)
class _Alike:
    """Two matrices of the same shape, entry by entry."""

    left: Expression
    right: Expression

    def __post_init__(self) -> None:
        if self.left.shape != self.right.shape:
            raise _misfit(_VERBS[type(self)], self.left, self.right)

    @property
    def shape(self) -> Shape:
        return self.left.shape


@dataclass(frozen=True)
class Sum(_Alike):
    pass


@dataclass(frozen=True)
class Difference(_Alike):
    pass


@dataclass(frozen=True)
class Hadamard(_Alike):
    """The product entry by entry."""


@dataclass(frozen=True)
class Scaled:
    """Every entry times a number, which is a matrix of one entry."""

    factor: Expression
    of: Expression

    def __post_init__(self) -> None:
        if self.factor.shape != (ONE, ONE):
            raise ShapeError(f"{shaped(self.factor)} is not a number, so nothing is scaled by it")

    @property
    def shape(self) -> Shape:
        return self.of.shape


@dataclass(frozen=True)
class Applied:
    """A function of numbers, entry by entry: its body in letters, and a matrix for each letter."""

    function: Term
    letters: tuple[Term, ...]
    to: tuple[Expression, ...]

    def __post_init__(self) -> None:
        if not self.to or len(self.to) != len(self.letters):
            raise ShapeError(f"{self.function} needs {len(self.letters)} matrices, not {len(self.to)}")
        for other in self.to[1:]:
            if other.shape != self.to[0].shape:
                raise _misfit("put into one function", self.to[0], other)

    @property
    def shape(self) -> Shape:
        return self.to[0].shape


@dataclass(frozen=True)
class Diagonal:
    """The square matrix with a vector on its diagonal."""

    of: Expression

    def __post_init__(self) -> None:
        if ONE not in self.of.shape:
            raise ShapeError(f"{shaped(self.of)} is not a vector, so it is not a diagonal")

    @property
    def shape(self) -> Shape:
        size = self.of.shape[0] if self.of.shape[1] == ONE else self.of.shape[1]
        return size, size


Expression = (
    Named | Constant | Ones | Identity | Transpose | Negative | Product | Sum | Difference | Hadamard | Scaled | Applied
    | Diagonal
)  # fmt: skip
_VERBS: dict[type, str] = {Sum: "added", Difference: "subtracted", Hadamard: "multiplied entry by entry"}


def children(e: Expression) -> tuple[Expression, ...]:
    """The expressions directly inside."""
    match e:
        case Transpose(of) | Negative(of) | Diagonal(of):
            return (of,)
        case Product(left, right) | Sum(left, right) | Difference(left, right) | Hadamard(left, right):
            return left, right
        case Scaled(factor, of):
            return factor, of
        case Applied(_, _, to):
            return to
    return ()


def leaves(e: Expression) -> tuple[Named | Ones | Identity, ...]:
    """The matrices that an expression is made of, each once, in the order in which they stand."""
    if isinstance(e, Named | Ones | Identity):
        return (e,)
    return tuple(dict.fromkeys(leaf for child in children(e) for leaf in leaves(child)))


def transposed(e: Expression) -> Expression:
    """The transpose, with the signs of transposition where fewest are needed: (A B)^T is B^T A^T.

    >>> from derive.core.term import sym
    >>> W = Named(sym("W")[sym("k"), sym("j")], sym("k"), sym("j"), (num(3), num(2)))
    >>> transposed(transposed(W)) == W, transposed(Product(W, Ones(num(2)))).shape
    (True, (1, 3))
    >>> transposed(Difference(W, W)) == Transpose(Difference(W, W))
    True
    """
    match e:
        case Transpose(of):
            return of
        case Product(left, right):
            return Product(transposed(right), transposed(left))
        case Negative(of):
            return Negative(transposed(of))
        case Scaled(factor, of):
            return Scaled(factor, transposed(of))
        case Constant() | Identity() | Diagonal():
            return e
        case Sum(left, right) | Difference(left, right) | Hadamard(left, right):
            return drawn(type(e)(transposed(left), transposed(right)))
        case Applied(function, letters, to):
            return drawn(Applied(function, letters, tuple(map(transposed, to))))
    return Transpose(e)


def drawn(e: Sum | Difference | Hadamard | Applied) -> Expression:
    """The same with one sign of transposition for all: A^T - B^T is (A - B)^T."""
    inner = tuple(child.of for child in children(e) if isinstance(child, Transpose))
    if len(inner) < len(children(e)):
        return e
    return Transpose(replace(e, to=inner) if isinstance(e, Applied) else type(e)(*inner))


def shaped(e: Expression) -> str:
    """An expression and its shape, for messages.

    >>> shaped(Transpose(Ones(num(3))))
    'ones^T (1 x 3)'
    """
    return f"{spelled(e)} ({e.shape[0]} x {e.shape[1]})"


def spelled(e: Expression) -> str:
    """An expression on one line, for messages."""
    match e:
        case Named(family):
            return str(family)
        case Constant(value):
            return str(value)
        case Ones():
            return "ones"
        case Identity():
            return "I"
        case Transpose(of):
            return f"{spelled(of)}^T"
        case Applied(function):
            return f"({function} of {', '.join(map(spelled, e.to))})"
    inside = [spelled(child) for child in children(e)]
    return f"{type(e).__name__}({', '.join(inside)})"


def _misfit(verb: str, left: Expression, right: Expression) -> ShapeError:
    return ShapeError(f"{shaped(left)} and {shaped(right)} cannot be {verb}")
