"""Matrix theorems: two expressions of one shape whose entries the kernel has proved equal."""

from __future__ import annotations

from dataclasses import dataclass, field

from derive.core.context import Context
from derive.core.kernel import Refused, Step, Theorem, check
from derive.core.term import Term, free, same, sym
from derive.matrices.entries import entry, names
from derive.matrices.expression import ONE, Expression, Named, ShapeError, shaped
from derive.matrices.layout import Layout
from derive.matrices.normal import Normal
from derive.matrices.source import numpy_source
from derive.matrices.symbols import numpy_name, reserved
from derive.rules import RULES


@dataclass(frozen=True)
class MatrixTheorem:
    """left = right, as matrices.

    entries: the theorem of the kernel that the entry in row i and column j of the left side is that of the right
    side; i and j are any. One that says anything else, or speaks of single entries only, is refused with ValueError,
    and only the kernel makes a Theorem, so a matrix theorem is as true as its entries.
    """

    name: str
    layout: Layout
    left: Named
    right: Expression
    entries: Theorem = field(repr=False)

    def __post_init__(self) -> None:
        if self.left.shape != self.right.shape:
            raise ShapeError(f"{shaped(self.left)} is not {shaped(self.right)}: the shapes differ")
        at = place(self.left)
        if not isinstance(self.entries, Theorem) or not all(
            same(proved, entry(side, *at))
            for proved, side in ((self.entries.left, self.left), (self.entries.right, self.right))
        ):
            raise ValueError(f"{self.name}: what was proved is not about the entries of both sides")
        _refuse_single(self)

    def numpy(self) -> str:
        """The right side as NumPy code: "(P - Y).T @ H1 / N"."""
        return numpy_source(self.right, self.names)

    @property
    def numpy_name(self) -> str:
        """What the left side is called there: H1, Delta1, dL_dW1."""
        return numpy_name(self.left, self.names)

    @property
    def names(self) -> frozenset[str]:
        """The numbers and sizes of the network, which no matrix is called."""
        return reserved(self.entries.context)


def place(left: Named) -> tuple[Term, Term]:
    """The row and the column of any entry; 1 where there is only one."""
    return left.rows or ONE, left.columns or ONE


def prove_entries(name: str, index: Theorem, left: Named, right: Expression, layout: Layout) -> MatrixTheorem:
    """The matrix theorem left = right from an index theorem about the entry of left.

    Raises ShapeError where the shapes differ, and Refused where the kernel does not accept that the entries are equal.
    """
    if left.shape != right.shape:
        raise ShapeError(f"{shaped(left)} is not {shaped(right)}: the shapes differ")
    at = place(left)
    goal, proved = (entry(side, *at, index.context.reserved) for side in (left, right))
    try:
        theorem = _by_arithmetic(f"matrix-{name}", index, goal, proved)
    except Refused:
        theorem = _by_sums(f"matrix-{name}", index, goal, proved)
    return MatrixTheorem(name, layout, left, right, theorem)


def _by_arithmetic(name: str, index: Theorem, goal: Term, proved: Term) -> Theorem:
    """The index line, and at most one rearrangement."""
    cited = Step(index.name)
    steps = (cited,) if same(index.right, proved) else (cited, Step("rearrange", (), False, (("to", proved),)))
    return check(name, index.context, goal, proved, steps, RULES, {index.name: index})


def _by_sums(name: str, index: Theorem, goal: Term, proved: Term) -> Theorem:
    """Both sides are brought to the same form: the index line, its form, and back to the entry."""
    found, wanted = Normal(index.context, index.right).reach(), Normal(index.context, proved).reach()
    form = _form(f"{name}-form", index.context, proved, wanted)
    steps = (
        Step(index.name),
        *found.steps,
        Step("rearrange", (), False, (("to", wanted.line),)),
        Step(form.name, (), True, _letters(proved, index.context)),
    )
    return check(name, index.context, goal, proved, steps, RULES, {index.name: index, form.name: form})


def _form(name: str, context: Context, proved: Term, wanted: Normal) -> Theorem:
    return check(name, context, proved, wanted.line, tuple(wanted.steps), RULES)


def _letters(t: Term, context: Context) -> tuple[tuple[str, Term], ...]:
    """The free index letters of a lemma, each as it is."""
    return tuple((letter, sym(letter)) for letter in sorted(free(t) & set(context.indices)))


def _refuse_single(theorem: MatrixTheorem) -> None:
    """The letters of row and column must run over all of the matrix, and nothing else may speak of one of them."""
    left, context = theorem.left, theorem.entries.context
    assumed = (side for name in theorem.entries.assumptions for side in context.assumptions[name])
    spoken = names(left).union(names(theorem.right), *map(free, assumed))
    for letter, size in zip((left.rows, left.columns), left.shape, strict=True):
        if letter is not None and (context.indices.get(str(letter.value)) != size or letter.value in spoken):
            raise ValueError(f"{theorem.name}: {letter} does not stand for every one of {size}")
