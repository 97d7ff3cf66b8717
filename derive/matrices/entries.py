"""What an entry of a matrix expression is: one sum for each product, and nothing cleverer than that."""

from __future__ import annotations

from derive.core.term import Term, add, delta, free, mul, neg, substitute, sym, total
from derive.matrices.expression import (
    ONE,
    Applied,
    Constant,
    Diagonal,
    Difference,
    Expression,
    Hadamard,
    Identity,
    Named,
    Negative,
    Ones,
    Product,
    Scaled,
    Sum,
    Transpose,
    children,
)

LETTERS, COUNTING_EXAMPLES = "mlkjiqrstuvn", "nqmlkjirstuv"


def entry(expression: Expression, row: Term = ONE, column: Term = ONE, reserved: frozenset[str] = frozenset()) -> Term:
    """The entry in a row and a column, in index notation; a vector has the row or the column 1.

    reserved: names that no sum may bind, besides those in the expression.

    >>> from derive.core.term import num
    >>> W = Named(sym("W")[sym("k"), sym("j")], sym("k"), sym("j"), (sym("C"), num(4)))
    >>> entry(Product(Transpose(W), W), sym("i"), sym("j"))
    sum(m, C, mul(W[m, i], W[m, j]))
    """
    return _entry(expression, row, column, names(expression).union(free(row), free(column), reserved))


def times(left: Term, right: Term) -> Term:
    """A product without a factor 1."""
    if left == ONE:
        return right
    return left if right == ONE else mul(left, right)


def names(e: Expression) -> frozenset[str]:
    """The names in an expression, so that no sum binds one of them: families, numbers, sizes."""
    own = frozenset[str]().union(*map(free, e.shape))
    match e:
        case Named(family, rows, columns):
            own |= free(family) - {str(letter.value) for letter in (rows, columns) if letter is not None}
        case Constant(value):
            own |= free(value)
        case Applied(function, letters):
            own |= free(function) - {str(letter.value) for letter in letters}
    return own.union(*map(names, children(e)))


def _entry(e: Expression, i: Term, j: Term, taken: frozenset[str]) -> Term:
    match e:
        case Named(family, rows, columns):
            at = {str(a.value): here for a, here in ((rows, i), (columns, j)) if a is not None}
            return substitute(family, at)
        case Constant(value):
            return value
        case Ones():
            return ONE
        case Identity():
            return delta(i, j)
        case Transpose(of):
            return _entry(of, j, i, taken)
        case Negative(of):
            return neg(_entry(of, i, j, taken))
        case Product():
            return _product(e, i, j, taken)
        case Sum(left, right):
            return add(_entry(left, i, j, taken), _entry(right, i, j, taken))
        case Difference(left, right):
            return add(_entry(left, i, j, taken), neg(_entry(right, i, j, taken)))
        case Hadamard(left, right):
            return times(_entry(left, i, j, taken), _entry(right, i, j, taken))
        case Scaled(factor, of):
            return times(_entry(factor, ONE, ONE, taken), _entry(of, i, j, taken))
        case Applied(function, letters, to):
            by = {str(a.value): _entry(each, i, j, taken) for a, each in zip(letters, to, strict=True)}
            return substitute(function, by)
        case Diagonal(of):
            on = _entry(of, i, ONE, taken) if of.shape[1] == ONE else _entry(of, ONE, i, taken)
            return mul(on, delta(i, j))


def _product(e: Product, i: Term, j: Term, taken: frozenset[str]) -> Term:
    """The sum over what both factors share; without a sum where neither has an index there."""
    size = e.left.shape[1]
    choice = COUNTING_EXAMPLES if size == sym("N") else LETTERS
    m = next(sym(letter) for letter in choice if letter not in taken)
    inner = taken | {str(m.value)}
    body = times(_entry(e.left, i, m, inner), _entry(e.right, m, j, inner))
    return body if size == ONE and m.value not in free(body) else total(m, size, body)
