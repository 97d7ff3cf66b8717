"""A feed-forward network with its loss, as definitions.

Layer l has the weights W__l, the biases b__l, the pre-activations s__l = W__l h + b__l and the outputs
h__l = act(s__l); two underscores and a number are the layer, which is printed above the letter. With examples,
everything that depends on the data has the number n of the example as its first index.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import cycle

from derive.chains.chain import Chain, ProblemError
from derive.chains.losses import LOSSES, Loss, Place, activation_body, number, softmax, summed_targets
from derive.chains.namesakes import clash
from derive.chains.spec import NetworkSpec, Size
from derive.core.context import Context, Definition
from derive.core.term import Term, fn, num, sym, total

SUM_TO_ONE = "targets-sum-to-one"
EXAMPLES = sym("N")
FEW = 5  # units of a layer; the witnesses look at networks cut down to so many
i, j, k, m = map(sym, "ijkm")
x, y, ell, L = map(sym, ("x", "y", "ell", "L"))


def example_letters(sizes: tuple[Term, ...]) -> tuple[Term, ...]:
    """Two letters for examples, n and q unless a size is called so."""
    return tuple(sym(letter) for letter in "nqrv" if sym(letter) not in sizes)[:2]


def layered(letter: str, layer: int) -> Term:
    """The family of a layer: W__2 for the weights of the second."""
    return sym(f"{letter}__{layer}")


def plain_name(name: str) -> str:
    """What a person calls a family: W2 for W__2.

    >>> plain_name("W__2"), plain_name("x")
    ('W2', 'x')
    """
    return name.replace("__", "")


@dataclass(frozen=True)
class NetworkProblem:
    """A network as a statement. batch: whether there are N examples and a loss over all of them."""

    spec: NetworkSpec
    context: Context = field(repr=False)
    sizes: tuple[Term, ...]
    loss: Loss = field(repr=False)
    batch: bool
    labels: Mapping[tuple[str, int], str] = field(default_factory=dict, compare=False)

    @cached_property
    def chain(self) -> Chain:
        return Chain(self.name, "network", self.context, self.labels, self)

    @property
    def name(self) -> str:
        return self.spec.name

    @property
    def depth(self) -> int:
        return len(self.spec.layers)

    @property
    def units(self) -> str:
        """How many there are in each layer, from the input on: 4-3-3."""
        return "-".join(str(size.value) for size in self.sizes)

    @property
    def row(self) -> tuple[Term, ...]:
        """The index of the example in front of the others, if there are several."""
        return (example_letters(self.sizes)[0],) if self.batch else ()

    @property
    def other_example(self) -> Term:
        """The letter for a second example."""
        return example_letters(self.sizes)[1]

    @property
    def example_loss(self) -> Term:
        """The loss of one example."""
        if self.batch:
            return ell[self.row]
        return ell if "ell" in self.context.definitions else L

    @property
    def total(self) -> Term | None:
        """The loss over all examples with its penalties; None if it is wanted for each example alone."""
        return L if "L" in self.context.definitions else None

    def output(self, layer: int) -> Term:
        """What a layer hands on: x before the first, its pre-activations where there is no activation."""
        if layer == 0:
            return x
        return layered("s" if self.spec.layers[layer - 1].activation == "identity" else "h", layer)

    def entry(self, family: Term, index: Term) -> Term:
        """An entry of a family that depends on the data."""
        return family[(*self.row, index)]

    def letters(self, layer: int) -> Context:
        """The context with the letters of one layer."""
        return self.context.with_letters(self.letters_of(layer))

    def letters_of(self, layer: int) -> dict[str, Term]:
        """The letters of one layer: k for its units, j for those before, m for those after."""
        sizes = self.sizes
        letters = {"k": sizes[layer], "i": sizes[layer], "j": sizes[max(layer - 1, 0)]}
        letters["m"] = sizes[min(layer + 1, self.depth)]
        if self.batch:
            letters |= {str(self.row[0].value): EXAMPLES, str(self.other_example.value): EXAMPLES}
        return letters

    @cached_property
    def parameters(self) -> tuple[str, ...]:
        """The families to differentiate by, from the last layer to the first, then the input."""
        names = [
            f"{letter}__{layer}"
            for layer in range(self.depth, 0, -1)
            for letter in ("W", "b")
            if letter == "W" or self.spec.layers[layer - 1].bias
        ]
        return (*names, "x")


def network_problem(spec: NetworkSpec, batch: bool = False) -> NetworkProblem:
    """The definitions of a network: for one example, or for N of them.

    Raises ProblemError for two names of its sizes and constants that are printed alike.

    >>> from derive.chains.spec import LayerSpec
    >>> problem = network_problem(NetworkSpec(2, (LayerSpec(3, "tanh"), LayerSpec(2))))
    >>> list(problem.context.definitions), problem.parameters
    (['s__1', 'h__1', 's__2', 'p', 'L'], ('W__2', 'b__2', 'W__1', 'b__1', 'x'))
    """
    sizes = tuple(_size(size) for size in (spec.input, *(layer.units for layer in spec.layers)))
    row = example_letters(sizes)[:1] if batch else ()
    definitions: dict[str, Definition] = {}
    shapes: dict[str, tuple[Term, ...]] = {"x": (*_examples(batch), sizes[0]), "y": (*_examples(batch), sizes[-1])}
    output = x
    for layer in range(1, len(sizes)):
        output = _layer(spec, layer, output, sizes, row, definitions, shapes)
    last = spec.layers[-1].activation
    takes_probabilities = spec.loss.source == "probabilities" and last == "softmax"
    place = Place(output, sizes[-1], row, takes_probabilities)
    loss = LOSSES[spec.loss.name](spec.loss, place)
    for definition in loss.definitions:
        definitions[definition.name] = definition
        shapes[definition.name] = (*_examples(batch), sizes[-1])
    if spec.loss.weights is not None:
        shapes["w"] = (sizes[-1],)
    _losses(spec, loss, sizes, row, definitions, shapes)
    of_every = replace(place, row=tuple(sym(f"{letter.value}'") for letter in row))
    assumptions = {SUM_TO_ONE: (summed_targets(of_every), num(1))} if loss.sum_to_one else {}
    context = Context(definitions, shapes, {}, {}, assumptions)
    if (found := clash((each.body for each in definitions.values()), context)) is not None:
        raise ProblemError(str(found))
    return NetworkProblem(spec, context, sizes, loss, batch, _labels(spec))


def smaller(problem: NetworkProblem) -> NetworkProblem | None:
    """The same network with few units where it has more than FEW, different numbers for different ones.

    None if there is nothing to cut. No line of a proof depends on how many units there are.

    >>> from derive.chains.spec import LayerSpec
    >>> few = smaller(network_problem(NetworkSpec(784, (LayerSpec(256, "relu"), LayerSpec(10)))))
    >>> few.units, smaller(few)
    ('4-3-2', None)
    """
    spec = problem.spec
    sizes = [spec.input, *(layer.units for layer in spec.layers)]
    large = dict.fromkeys(size for size in sizes if isinstance(size, int) and size > FEW)
    if not large:
        return None
    free = [n for n in (4, 3, 2, 5) if n not in sizes] or [FEW]
    cut: dict[Size, int] = dict(zip(large, cycle(free), strict=False))
    layers = tuple(replace(layer, units=cut.get(layer.units, layer.units)) for layer in spec.layers)
    loss = spec.loss if spec.loss.weights is None else replace(spec.loss, weights="w")
    few = replace(spec, input=cut.get(spec.input, spec.input), layers=layers, loss=loss, classes=(), features=())
    return network_problem(few, problem.batch)


def _size(size: Size) -> Term:
    return num(size) if isinstance(size, int) else sym(size)


def _examples(batch: bool) -> tuple[Term, ...]:
    return (EXAMPLES,) if batch else ()


def _layer(
    spec: NetworkSpec, layer: int, before: Term, sizes: tuple[Term, ...], row: tuple[Term, ...],
    definitions: dict[str, Definition], shapes: dict[str, tuple[Term, ...]],
) -> Term:  # fmt: skip
    """Adds the definitions of a layer; returns what it hands on."""
    kind = spec.layers[layer - 1]
    W, b, s, h = (layered(letter, layer) for letter in "Wbsh")
    params = tuple(str(a.value) for a in (*row, k))
    affine = total(j, sizes[layer - 1], W[k, j] * before[(*row, j)])
    data = (*((EXAMPLES,) if row else ()), sizes[layer])
    shapes[str(W.value)] = (sizes[layer], sizes[layer - 1])
    if kind.bias:
        shapes[str(b.value)] = (sizes[layer],)
    shapes[str(s.value)] = data
    definitions[str(s.value)] = Definition(str(s.value), params, affine + b[k] if kind.bias else affine)
    if kind.activation == "identity":
        return s
    shapes[str(h.value)] = data
    if kind.activation == "softmax":
        params, body = (*params[:-1], "i"), softmax(s, Place(s, sizes[layer], row, False))
    else:
        body = activation_body(kind.activation, s[(*row, k)], kind.slope)
    definitions[str(h.value)] = Definition(str(h.value), params, body)
    return h


def _losses(
    spec: NetworkSpec, loss: Loss, sizes: tuple[Term, ...], row: tuple[Term, ...],
    definitions: dict[str, Definition], shapes: dict[str, tuple[Term, ...]],
) -> None:  # fmt: skip
    """The loss of an example, and the loss over all with the penalties on the weights."""
    penalty, letters = _penalties(spec, sizes), tuple(str(letter.value) for letter in row)
    if not row and not penalty:
        definitions["L"], shapes["L"] = Definition("L", (), loss.body), ()
        return
    definitions["ell"] = Definition("ell", letters, loss.body)
    shapes["ell"] = (EXAMPLES,) * len(row)
    if row and spec.loss.reduction == "none":
        return
    if row and spec.loss.reduction == "mean" and loss.weighted is not None:
        definitions["u"], shapes["u"] = Definition("u", letters, loss.weighted), (EXAMPLES,)
    body = _reduced(spec.loss.reduction, loss, row[0]) if row else ell
    for term in penalty:
        body = body + term
    definitions["L"], shapes["L"] = Definition("L", (), body), ()


def _reduced(reduction: str, loss: Loss, n: Term) -> Term:
    """The sum over the examples n, their mean, or the mean weighted by what each example counts."""
    summed = total(n, EXAMPLES, ell[n])
    if reduction == "sum":
        return summed
    if loss.weighted is None:
        return num(1) / EXAMPLES * summed
    return summed / total(n, EXAMPLES, sym("u")[n])


def _penalties(spec: NetworkSpec, sizes: tuple[Term, ...]) -> list[Term]:
    """l1 sum |W| + l2/2 sum W^2 over all weights, not the biases."""
    terms = []
    for layer in range(1, len(sizes)):
        entry = layered("W", layer)[k, j]
        if spec.l2 != 0:
            squares = total(k, sizes[layer], total(j, sizes[layer - 1], entry**2))
            terms.append(number(spec.l2) / 2 * squares)
        if spec.l1 != 0:
            sizes_of = total(k, sizes[layer], total(j, sizes[layer - 1], fn("abs", entry)))
            terms.append(number(spec.l1) * sizes_of)
    return terms


def _labels(spec: NetworkSpec) -> dict[tuple[str, int], str]:
    """What stands below a letter of the last layer: the name of the class."""
    last = len(spec.layers)
    families = ("p", "y", "t", "w", f"s__{last}", f"h__{last}", f"b__{last}", f"W__{last}")
    labels = {(family, at): name for family in families for at, name in enumerate(spec.classes, 1)}
    return labels | {("x", at): name for at, name in enumerate(spec.features, 1)}
