"""Expressions of matrices as they are printed, and the blocks that tell of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from derive.chains.network import EXAMPLES
from derive.core.term import Term, fn, free, sym
from derive.document.explain import statement, title
from derive.document.functions import head, written
from derive.document.language import Language
from derive.document.layout import layout
from derive.document.letters import commas, letters
from derive.document.mathtree import (
    COMMA,
    EQUALS,
    MINUS,
    PARTIAL,
    PLUS,
    SEMICOLON,
    TIMES,
    Apply,
    Fence,
    Fraction,
    Function,
    Operator,
    Row,
    Script,
    Symbol,
    Tree,
    brackets,
    row,
)
from derive.document.nodes import Block, Equation, Formula, Listing, Message, Prose, Statement, Table
from derive.matrices.entries import entry
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
    leaves,
)
from derive.matrices.forms import Forms
from derive.matrices.symbols import families, symbol, taken
from derive.matrices.theorem import MatrixTheorem
from derive.proofs.proof import Proof

j, k = sym("j"), sym("k")
TRANSPOSED, ENTRY_BY_ENTRY = Symbol("⊤"), Operator("⊙")
ADDED = (Sum, Difference, Negative)
# what needs brackets, by the place where it stands
BRACKETED: Mapping[type, tuple[type, ...]] = {
    Sum: (Negative,), Difference: ADDED, Negative: ADDED, Product: (*ADDED, Hadamard), Scaled: ADDED,
    Hadamard: (*ADDED, Product, Scaled),
}  # fmt: skip
SIGNS = {Sum: PLUS, Difference: MINUS, Product: TIMES, Hadamard: ENTRY_BY_ENTRY}
SHAPED_OTHERWISE = frozenset(["abs", "sqrt", "cbrt", "floor", "ceil", "loggamma", "log_base"])


@dataclass(frozen=True)
class MatrixEquation(Equation):
    """An equation of matrices; its sides are those of the entries. names: the names that no matrix may have."""

    matrices: tuple[Expression, ...] = ()
    names: frozenset[str] = frozenset()

    def tree(self, language: Language) -> Tree:
        writer = _Writer(language, self.names | taken(*self.matrices), functions(*self.matrices))
        items = [item for side in self.matrices for item in (EQUALS, *_items(writer.tree(side)))]
        return row(*items[1:])


def matrix_tree(expression: Expression, language: Language) -> Tree:
    """An expression of matrices as it is written; a function without a name is called f.

    >>> from derive.core.term import sym
    >>> from derive.document.language import load_language
    >>> matrix_tree(Ones(sym("N")), load_language("en"))
    Symbol(letter='𝟙')
    """
    return _Writer(language, taken(expression), functions(expression)).tree(expression)


def functions(*expressions: Expression) -> tuple[Equation, ...]:
    """What the functions are that have no name of their own: f(u) := ..."""
    every = list(dict.fromkeys(f for e in expressions for f in _unnamed(e)))
    called = ["f"] if len(every) == 1 else [f"f_{n}" for n in range(1, len(every) + 1)]
    return tuple(Equation((fn(name, *f[1]), f[0]), ":=") for name, f in zip(called, every, strict=True))


def _unnamed(e: Expression) -> Iterator[tuple[Term, tuple[Term, ...]]]:
    for child in children(e):
        yield from _unnamed(child)
    if isinstance(e, Applied) and not _has_name(e) and not _is_reciprocal(e):
        yield e.function, e.letters


def _has_name(e: Applied) -> bool:
    """Whether it is a known function of the matrices, perhaps with numbers: tanh(S), LeakyReLU(S, 0.01)."""
    function = e.function
    arguments = function.args[: len(e.letters)]
    numbers = function.args[len(e.letters) :]
    plain = arguments == e.letters and not any(free(a) & {str(b.value) for b in e.letters} for a in numbers)
    return function.op == "fn" and plain and function.value not in SHAPED_OTHERWISE


def _is_reciprocal(e: Applied) -> bool:
    return e.shape == (ONE, ONE) and e.function == ONE / e.letters[0]


@dataclass(frozen=True)
class _Writer:
    language: Language
    names: frozenset[str]
    functions: tuple[Equation, ...]

    def tree(self, e: Expression) -> Tree:
        match e:
            case Named():
                return self.name(e)
            case Constant(value):
                return self.number(value)
            case Ones():
                return Symbol("𝟙")
            case Identity():
                return Symbol("I")
            case Transpose(of):
                return self.transposed(of)
            case Negative(of):
                return row(MINUS, *_items(self.inside(of, e)))
            case Scaled(factor, of):
                return row(self.factor(factor), TIMES, *_items(self.inside(of, e)))
            case Diagonal(of):
                return Apply(Function("diag"), brackets(self.tree(of)))
            case Applied():
                return self.applied(e)
        left = self.tree(e.left) if isinstance(e, Sum | Difference) else self.inside(e.left, e)
        return row(*_items(left), SIGNS[type(e)], *_items(self.inside(e.right, e)))

    def inside(self, e: Expression, around: Expression) -> Tree:
        return brackets(self.tree(e)) if isinstance(e, BRACKETED[type(around)]) else self.tree(e)

    def name(self, e: Named) -> Tree:
        """A letter; a derivative without one as a fraction."""
        own = symbol(e, self.names)
        if own:
            return letters(own)
        top, bottom = (self.part(part, name) for part, name in zip(e.family.args, families(e), strict=True))
        return Fraction(row(PARTIAL, top), row(PARTIAL, bottom))

    def part(self, family: Term, name: str) -> Tree:
        """What is differentiated, or by what, without its indices."""
        indices = (*family.args[1:], None, None)[:2]
        return letters(symbol(Named(family, indices[0], indices[1], (ONE, ONE)), self.names))

    def number(self, value: Term) -> Tree:
        return layout(value, {}, self.language)

    def factor(self, e: Expression) -> Tree:
        open_ended = isinstance(e, Constant) and e.value.op in ("add", "neg")
        return brackets(self.tree(e)) if open_ended or isinstance(e, (*ADDED, Product)) else self.tree(e)

    def transposed(self, of: Expression) -> Tree:
        base = self.tree(of)
        if isinstance(base, Script):
            above = (*_items(base.sup), TRANSPOSED) if base.sup is not None else (TRANSPOSED,)
            return Script(base.base, base.sub, row(*above))
        closed = isinstance(base, Symbol) or (isinstance(base, Apply) and isinstance(base.argument, Fence))
        return Script(base if closed else brackets(base), sup=TRANSPOSED)

    def applied(self, e: Applied) -> Tree:
        trees = [self.tree(each) for each in e.to]
        if _is_reciprocal(e):
            return Fraction(self.number(ONE), trees[0])
        if e.function.value == "step":
            return written(e.function, trees, self.language)
        called = e.function if _has_name(e) else self.called(e)
        numbers = [self.number(a) for a in called.args[len(trees) :]]
        between = SEMICOLON if self.language.decimal == "," else COMMA
        return Apply(head(str(called.value), self.language), brackets(row(*commas([*trees, *numbers], between))))

    def called(self, e: Applied) -> Term:
        """f(u), for a function without a name."""
        return next(f.sides[0] for f in self.functions if f.sides[1] == e.function and f.sides[0].args == e.letters)


def _items(tree: Tree) -> tuple[Tree, ...]:
    return tree.items if isinstance(tree, Row) else (tree,)


# blocks


def matrix_blocks(forms: Forms, names: Iterable[str] | None = None) -> tuple[Block, ...]:
    """The conventions, each theorem with the shapes of its factors, then all matrices with their entries.

    names: the theorems that are told, all by default.
    """
    told = [forms.theorems[name] for name in (forms.theorems if names is None else names)]
    if not told:
        return ()
    reserved = told[0].names
    blocks: list[Block] = [_conventions(told[0])]
    for theorem in told:
        blocks += _told(theorem, reserved)
    blocks += [_matrices(told, reserved), Prose(Message("matrix.entries"))]
    return (*blocks, *_without(forms)) if names is None else tuple(blocks)


def _conventions(theorem: MatrixTheorem) -> Prose:
    """What rows and columns are, which way round derivatives stand, and what the signs mean."""
    layout, context = theorem.layout, theorem.entries.context
    a, b = (Named(sym(name)[k, j], k, j, (ONE, ONE)) for name in "ab")
    signs = {"product": _written(Hadamard(a, b)), "ones": _written(Ones(ONE))}
    examples = Message(f"matrix.{'batch' if EXAMPLES in context.shapes['x'] else 'example'}-{layout.examples}")
    derivative = Message(f"matrix.{layout.derivative}")
    return Prose(Message("matrix.conventions", {"examples": examples, "derivative": derivative, **signs}))


def _told(theorem: MatrixTheorem, reserved: frozenset[str]) -> Iterator[Block]:
    """The statement, its shapes, and the functions in it that have no name."""
    entries = theorem.entries
    factors = tuple(_shape(leaf, reserved) for leaf in leaves(theorem.right))
    content = MatrixEquation((entries.left, entries.right), "=", (theorem.left, theorem.right), reserved)
    needs = statement(Proof(entries, ())).needs
    yield Statement(entries.name, "ui.corollary", _title(theorem.name), content, needs)
    yield Prose(Message("matrix.shapes", {"left": _shape(theorem.left, reserved), "factors": Listing(factors)}))
    for f in functions(theorem.left, theorem.right):
        yield Formula(f"{entries.name}-{f.sides[0].value}", f)


def _title(name: str) -> Message:
    """The title of the index line; that of a definition by its letter."""
    kind, _, family = name.partition("-")
    return Message("matrix.forward", {"family": sym(family)}) if kind == "forward" else title(name)


def _shape(e: Named | Ones | Identity, reserved: frozenset[str]) -> Message:
    return Message("matrix.shape", {"matrix": _written(e, reserved), **_size(e)})


def _size(e: Expression) -> dict[str, Term]:
    return {"rows": e.shape[0], "columns": e.shape[1]}


def _written(e: Expression, reserved: frozenset[str] = frozenset()) -> MatrixEquation:
    """An expression by itself."""
    return MatrixEquation((entry(e, k, j),), "=", (e,), reserved)


def _matrices(told: Iterable[MatrixTheorem], reserved: frozenset[str]) -> Table:
    """Every family that occurs, its shape, and what its entries are."""
    every = dict.fromkeys(leaf for theorem in told for side in (theorem.left, theorem.right) for leaf in leaves(side))
    named = {symbol(e, reserved): e for e in every if isinstance(e, Named) and symbol(e, reserved)}
    rows = tuple(
        (
            _written(e, reserved),
            Message("matrix.size", {"rows": e.shape[0], "columns": e.shape[1]}),
            Equation((e.family,), ":="),
        )
        for e in named.values()
    )
    head = tuple(Message(f"matrix.column-{name}") for name in ("matrix", "shape", "entry"))
    return Table("matrices", Message("matrix.caption"), head, rows, "lll")


def _without(forms: Forms) -> Iterator[Block]:
    """The lines that are no expressions of matrices."""
    if forms.reasons:
        yield Prose(Message("matrix.without", {"names": Listing(tuple(map(_title, forms.reasons)))}))
