"""How families become matrices: examples as rows or as columns, derivatives shaped like the variable or transposed."""

from __future__ import annotations

from dataclasses import dataclass, replace

from derive.chains.network import EXAMPLES, NetworkProblem
from derive.core.meaning import base
from derive.core.term import Term, d, sym
from derive.errors import UsageError
from derive.matrices.expression import ONE, Named

CHOICES = {"examples": ("rows", "columns"), "derivative": ("denominator", "numerator")}
PARAMETERS = ("W__", "b__")
k, j = map(sym, "kj")


class NoMatrixForm(UsageError):
    """An index line that is no expression of matrices; the message says what stands in the way."""


@dataclass(frozen=True)
class Layout:
    """examples: whether the data of an example is a "row" or a "column" of X; a single one is a row or a column itself.

    derivative: dL/dW has the shape of W ("denominator"), or that of its transpose ("numerator"). Biases and weights
    of classes are columns in every layout.

    >>> Layout("lines")
    Traceback (most recent call last):
        ...
    derive.errors.UsageError: examples are rows or columns, not 'lines'
    """

    examples: str = "rows"
    derivative: str = "denominator"

    def __post_init__(self) -> None:
        for name, known in CHOICES.items():
            if getattr(self, name) not in known:
                subject = "examples are" if name == "examples" else "the layout of a derivative is"
                raise UsageError(f"{subject} {' or '.join(known)}, not {getattr(self, name)!r}")


def layout_named(text: str, usual: Layout) -> Layout:
    """A layout from its words, with commas: "columns", "rows,numerator". What is not said is as usual.

    >>> layout_named("numerator", Layout("columns"))
    Layout(examples='columns', derivative='numerator')
    """
    chosen: dict[str, str] = {}
    for word in (each.strip() for each in text.split(",")):
        kind = next((kind for kind, words in CHOICES.items() if word in words), None)
        if kind is None or kind in chosen:
            known = "; ".join(" or ".join(words) for words in CHOICES.values())
            raise UsageError(f'"{text}" is not a layout; write at most one of each, with commas: {known}')
        chosen[kind] = word
    return replace(usual, **chosen)


def usual_layout(problem: NetworkProblem) -> Layout:
    """What most books write: a single example as a column, a batch with one example a row."""
    return Layout("rows" if problem.batch else "columns")


@dataclass(frozen=True)
class Arrangement:
    """A network's families as matrices."""

    problem: NetworkProblem
    layout: Layout

    def named(self, atom: Term) -> Named:
        """The matrix that an entry or a derivative belongs to, with the letters that stand there.

        Raises NoMatrixForm for an index that is no letter, twice the same letter, or more than two.
        """
        if atom.op == "d":
            return self._derivative(atom)
        indices = atom.args[1:]
        if len(set(indices)) < len(indices) or any(index.op != "sym" for index in indices):
            raise NoMatrixForm(f"{atom} is a part of its matrix, not an entry that runs over all of it")
        return self._placed(atom, base(atom), indices)

    def general(self, atom: Term) -> Named:
        """The same matrix with the letters it has everywhere: that of the examples, then k and j."""
        found = self.named(atom)
        over = atom.args[1] if atom.op == "d" else atom
        indices = over.args[1:]
        letters = (*self.problem.row, k, j) if self._by_examples(base(over)) else (k, j)
        by = dict(zip(indices, letters, strict=False))
        family = over.args[0][tuple(by[index] for index in indices)]
        if atom.op == "d":
            first = atom.args[0]
            family = d(first.args[0][tuple(by[a] for a in first.args[1:])] if first.args else first, family)
        rows, columns = (by[a] if a is not None else None for a in (found.rows, found.columns))
        return Named(family, rows, columns, found.shape)

    def _derivative(self, atom: Term) -> Named:
        """dL/dx like x, or transposed; the derivative of a vector by a vector, with x below or beside."""
        u, x = atom.args
        own = self.named(x)
        letters = [a for a in u.args[1:] if a not in x.args[1:]]
        if any(a.op != "sym" for a in u.args[1:]) or len(letters) + len(x.args[1:]) > 2:
            raise NoMatrixForm(f"{atom} has more than two indices")
        if not letters:
            rows, columns, shape = own.rows, own.columns, own.shape
        else:
            size = self.problem.context.shapes[base(u)][-1]
            rows, columns, shape = x.args[1], letters[0], (self.problem.context.shapes[base(x)][-1], size)
        if self.layout.derivative == "numerator":
            rows, columns, shape = columns, rows, (shape[1], shape[0])
        return Named(atom, rows, columns, shape)

    def _placed(self, atom: Term, name: str, indices: tuple[Term, ...]) -> Named:
        sizes = self.problem.context.shapes.get(name)
        if sizes is None or len(sizes) != len(indices) or len(sizes) > 2:
            raise NoMatrixForm(f"{atom} is neither a vector nor a matrix")
        parameter = name.startswith(PARAMETERS) or name == "w"
        if len(sizes) == 2:
            turned = not parameter and self.layout.examples == "columns"
        else:
            turned = not parameter and (self.layout.examples == "rows") != self._by_examples(name)
        pairs = list(zip(indices, sizes, strict=True))
        letters: list[Term | None] = [index for index, _ in pairs]
        shape = [size for _, size in pairs]
        if len(pairs) == 1:
            letters, shape = [*letters, None], [*shape, ONE]
        if turned:
            letters, shape = letters[::-1], shape[::-1]
        return Named(atom, letters[0], letters[1], (shape[0], shape[1]))

    def _by_examples(self, name: str) -> bool:
        """Whether the first index of a family counts the examples."""
        return self.problem.batch and self.problem.context.shapes[name][:1] == (EXAMPLES,)
