"""A function that somebody typed: its formula, and what it is differentiated by."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property

from derive.chains.chain import Chain, ProblemError
from derive.chains.namesakes import WITHOUT_BRACES, clash
from derive.core.context import Context
from derive.core.functions import CONSTANTS
from derive.core.term import Term, free, fresh, rename_bound, sym, walk

NAME = "function"
HIGHEST_ORDER = 10


@dataclass(frozen=True)
class FunctionProblem:
    """body is what is differentiated, by each of `wrt` (a gradient when there are several), `order` times.

    hessian: all second derivatives by the variables instead. Raises ProblemError, for two names that are printed
    alike too.
    """

    context: Context
    body: Term
    wrt: tuple[Term, ...]
    order: int = 1
    hessian: bool = False
    name: str = NAME
    labels: dict[tuple[str, int], str] = field(default_factory=dict, compare=False)

    def __post_init__(self) -> None:
        if not self.wrt:
            raise ProblemError("there is nothing to differentiate by; name a variable")
        if type(self.order) is not int or not 1 <= self.order <= HIGHEST_ORDER:
            raise ProblemError(f"the order must be a whole number from 1 to {HIGHEST_ORDER}, not {self.order!r}")
        if self.hessian and self.order != 1:
            raise ProblemError("a Hessian holds the second derivatives; leave the order out")
        if self.hessian and any(x.op == "elem" for x in self.wrt) and len(self.wrt) == 1:
            raise ProblemError(f"a Hessian by entries needs two of them, such as {_two_entries(self.wrt[0])}")
        for x in self.wrt:
            if self.wrt.count(x) > 1:
                raise ProblemError(f"{x} is named twice")
        if (found := clash((self.body, *self.wrt), self.context)) is not None:
            raise ProblemError(str(found))
        if len(set(map(name_of, self.wrt))) < len(self.wrt):
            raise ProblemError(f"two of the variables have one name: {', '.join(map(name_of, self.wrt))}")

    @cached_property
    def chain(self) -> Chain:
        return Chain(self.name, "formula", self.context, self.labels, self)

    @property
    def chains(self) -> tuple[tuple[Term, ...], ...]:
        """What is differentiated by in turn: (x,), (x, x), (y,), ... each after the ones it builds on."""
        if self.hessian:
            pairs = [(x, y) for n, x in enumerate(self.wrt) for y in self.wrt[n:]]
            return (*((x,) for x in self.wrt), *pairs)
        return tuple((x,) * n for x in self.wrt for n in range(1, self.order + 1))

    @property
    def asked(self) -> tuple[tuple[Term, ...], ...]:
        """The chains whose derivatives were asked for."""
        wanted = 2 if self.hessian else self.order
        return tuple(chain for chain in self.chains if len(chain) == wanted)

    @property
    def variables(self) -> tuple[str, ...]:
        """The names in the formula that stand for numbers, in alphabetical order."""
        return tuple(sorted(variables(self.body, self.context)))

    @property
    def ordinary(self) -> frozenset[str]:
        """The variable, if it is the only one: its derivative is written d/dx."""
        only = frozenset([str(self.wrt[0].value)])
        return only if len(self.wrt) == 1 and only >= set(self.variables) else frozenset()


def _two_entries(x: Term) -> str:
    """z_i,z_j for z_k."""
    family, _, *rest = x.args
    return ",".join(name_of(family[(sym(letter), *rest)]) for letter in "ij")


def variables(t: Term, context: Context) -> frozenset[str]:
    """The free names of a term that are neither numbers, indices nor sizes.

    >>> from derive.core.term import sym
    >>> sorted(variables(sym("x") * sym("pi") + sym("a"), Context()))
    ['a', 'x']
    """
    return free(t) - set(CONSTANTS) - context.letters


def with_letters(context: Context, wrt: tuple[Term, ...]) -> Context:
    """The context in which the index letters of the variables run over their families.

    Raises ProblemError for a letter that runs over two sizes, or a family with another number of indices.
    """
    indices = dict(context.indices)
    for x in wrt:
        if x.op != "elem":
            if context.shapes.get(str(x.value)):
                raise ProblemError(f"{x} has entries; differentiate by one of them, such as {x}_k")
            continue
        family, *places = x.args
        shape = context.shapes.get(str(family.value))
        if shape is None:
            raise ProblemError(f"{family} has no entries in the formula, so there is no {name_of(x)}")
        if len(shape) != len(places):
            raise ProblemError(f"{family} has {len(shape)} indices in the formula; {name_of(x)} has {len(places)}")
        for place, size in zip(places, shape, strict=True):
            if place.op == "sym" and indices.setdefault(str(place.value), size) != size:
                raise ProblemError(f"the index {place} runs over {indices[str(place.value)]} and over {size} entries")
    return Context(shapes=context.shapes, indices=indices)


def with_free_letters(body: Term, wrt: tuple[Term, ...]) -> Term:
    """The formula with other letters for the sums that use those of the variables: a sum over k, by x_k.

    >>> from derive.core.term import sym, total
    >>> k, x, n = sym("k"), sym("x"), sym("n")
    >>> with_free_letters(total(k, n, x[k] ** 2), (x[k],))
    sum(m, n, pow(x[m], 2))
    """
    for letter in {str(place.value) for x in wrt for place in x.args[1:] if place.op == "sym"}:
        taken = {str(t.value) for _, t in walk(body) if t.op == "sym"} | free(body)
        body = rename_bound(body, {letter: fresh("m", taken | {letter})})
    return body


def name_of_chain(chain: tuple[Term, ...]) -> str:
    """derivative-x-x, derivative-W_1_12, and so on: what the theorem is called."""
    return "-".join(["derivative", *(name_of(x).translate(WITHOUT_BRACES) for x in chain)])


def name_of(x: Term) -> str:
    """W_kj for an entry, x for a name; a comma where indices would run together.

    >>> W = sym("W")
    >>> name_of(W[1, 2]), name_of(W[1, 12]), name_of(W[11, 2]), name_of(sym("x")[12])
    ('W_12', 'W_{1,12}', 'W_{11,2}', 'x_12')
    """
    if x.op == "sym":
        return str(x.value)
    family, *places = (str(part.value) for part in x.args)
    apart = len(places) > 1 and max(map(len, places)) > 1
    return f"{family}_{{{','.join(places)}}}" if apart else f"{family}_{''.join(places)}"
