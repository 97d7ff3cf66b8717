"""Numbers as a lecture shows them: arrays as tables or matrices, with decimals."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import product
from math import ceil, log10
from typing import TYPE_CHECKING, Any

from derive.authoring.author import Author, need
from derive.authoring.error import LectureError
from derive.authoring.numbers import letters_of, quantity_of, setting_of, without_rows
from derive.authoring.parts import checked_decimals
from derive.authoring.values import Blocks, Inline, Net, Opened, opened
from derive.core.term import Term, num, substitute, sym
from derive.document.nodes import Excerpt, Message, Number, Slot, Table

if TYPE_CHECKING:
    from derive.examples.compared import Comparison
    from derive.examples.quantities import Quantity

EXAMPLE = "n"  # the letter that counts the examples
GIVEN = {"x": "ni", "y": "ni"}  # letters of what is given; those of parameters are k, j
MOST_PLACES = 200
SMALLEST = 1e-8  # differences below are rounding, and differ from machine to machine


def matrix_table(
    author: Author, numbers: Opened, name: str, caption: object = None, *, decimals: int = 4, label: str | None = None
) -> Blocks:
    """A table of one quantity, such as "W2", "dp/ds2" or "dell/dW2": the last index goes across, the others down."""
    quantity = quantity_of(numbers, name)
    term, values = indexed(quantity), quantity.values
    if values.ndim == 0:
        raise LectureError(f'"{name}" is one number; write number(values(..., "{name}"), 4)')
    digits, (*down, across) = checked_decimals(decimals), letters_of(term)
    dropped = [letter for letter in down if letter == EXAMPLE]
    heads = [without_rows(substitute(term, {across: num(n + 1)}), dropped) for n in range(values.shape[-1])]
    body = tuple(
        (*(Number(n + 1, 0) for n in place), *(Number(float(value), digits) for value in values[place]))
        for place in product(*map(range, values.shape[:-1]))
    )
    head: tuple[Slot, ...] = (*(_counter(author, letter) for letter in down), *heads)
    said = None if caption is None else author.text(caption)
    block = Table(author.label(label, "matrix"), said, head, body, "l" * len(down) + "r" * len(heads))
    return Blocks((Excerpt((block,), setting_of(numbers)),))


def indexed(quantity: Quantity) -> Term:
    """The term of a quantity with a letter for each axis."""
    if letters_of(quantity.term) or not quantity.values.ndim:
        return quantity.term
    letters = GIVEN.get(quantity.name, "kj")[: quantity.values.ndim]
    return quantity.term[tuple(map(sym, letters))]


def _counter(author: Author, letter: str) -> Slot:
    return author.words("example") if letter == EXAMPLE else sym(letter)


def layer_graph(author: Author, net: Net, params: Mapping[str, Any], x: Any, y: Any) -> Opened:
    """The last layer of a network for one example, entry by entry, to be drawn by figure("graph", ...)."""
    from derive.examples import layer_graph as graph

    return Opened(graph(need(net, Net, "network(...)").network, params, x, y))


def landscape(author: Author, net: Net, params: Mapping[str, Any], x: Any, y: Any, over: Mapping[str, Any]) -> Any:
    """The loss over the values of some entries, as lists: landscape(..., {"b2[0]": [0, 1, 2]})."""
    from derive.examples import landscape as computed

    given = need(over, dict, 'a dict such as {"b2[0]": [0, 1, 2]}')
    if sum(len(need(each, list, "a list of values")) for each in given.values()) > MOST_PLACES or len(given) > 2:
        raise LectureError(f"a landscape is over one or two entries, at most {MOST_PLACES} values in all")
    return opened(computed(need(net, Net, "network(...)").network, params, x, y, given))


def comparison_table(
    author: Author, net: Net, params: Mapping[str, Any], x: Any, y: Any, caption: object = None, *,
    label: str | None = None,
) -> Blocks:  # fmt: skip
    """The largest differences between the proved gradients and those of finite differences, and of PyTorch."""
    from derive.examples import Comparison, compared_with_differences, compared_with_torch

    network = need(net, Net, "network(...)").network
    theirs = compared_with_torch(network, params, x, y) if author.torch else Comparison("torch", None)
    columns = [compared_with_differences(network, params, x, y), theirs]
    names = list(columns[0].largest or ())
    body = tuple((sym(_named(name)), *(_difference(author, each, name) for each in columns)) for name in names)
    head = tuple(author.words(key) for key in ("parameter", "finite-differences", "torch"))
    said = author.words("comparison") if caption is None else author.text(caption)
    return Blocks((Table(author.label(label, "comparison"), said, head, body, "lrr"),))


def _named(name: str) -> str:
    """The name of a parameter in formulas: W__2 for W2."""
    return f"{name.rstrip('0123456789')}__{name[len(name.rstrip('0123456789')) :]}"


def _difference(author: Author, compared: Comparison, name: str) -> Slot:
    if compared.largest is None:
        return author.words("not-run")
    return _below(compared.largest[name])


def below(author: Author, value: float) -> Inline:
    """That a difference is below a power of ten; its digits would be those of rounding."""
    return Inline(_below(abs(need(value, float, "a number"))))


def _below(difference: float) -> Message:
    bound = max(difference, SMALLEST)
    return Message("authoring.below", {"power": Number(10.0 ** ceil(log10(bound)), 0, exponent=True)})
