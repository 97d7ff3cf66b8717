"""The calls that compute: values of a network forward and backward, descents, graphs, and tables of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from itertools import product
from math import isfinite
from typing import TYPE_CHECKING, Any

from derive.authoring.author import Author, need
from derive.authoring.error import LectureError
from derive.authoring.parts import checked_decimals
from derive.authoring.values import Blocks, Net, Opened, opened
from derive.core.term import Term, num, substitute
from derive.document.nodes import Excerpt, Listing, Name, Number, Prose, RuleName, Setting, Slot, Table

if TYPE_CHECKING:
    from derive.examples.gradient_descent import Trace
    from derive.examples.quantities import Quantity
    from derive.examples.seeds import Erratum

NUMBERS = "what chain_numbers(...) gives"
A_TRACE = "what descend(...) gives"
MOST_COLUMNS, MOST_STEPS = 40, 100_000
LARGE = 1e6  # from here on a power of ten is told


def chain_numbers(author: Author, net: Net, params: Mapping[str, Any], x: Any, y: Any) -> Opened:
    """Every value of a network forward and backward, for some examples."""
    from derive.examples import chain_numbers as computed

    author.counted()
    return Opened(computed(need(net, Net, "network(...)").network, params, x, y))


def seed_example(author: Author, name: str) -> dict[str, Any]:
    """One of our examples: its network, params, x, y, learning_rate and what it descends."""
    from derive.derivation.network import Network
    from derive.examples import seed_example as example

    found = example(name)
    parts = ("params", "x", "y", "learning_rate", "only")
    return {"network": Net(Network(found.spec))} | {part: opened(getattr(found, part)) for part in parts}


def corrections(author: Author, name: str, caption: object = None, *, label: str | None = None) -> Blocks:
    """What the original of one of our examples prints wrongly: printed, correct, why, shown by which computation."""
    from derive.examples import errata_of
    from derive.examples import seed_example as example

    found, numbers = errata_of(name), example(name).numbers()
    for cell in (cell for erratum in found for cell in erratum.cells):
        if cell.computed(numbers) != cell.correct:
            raise LectureError(f"{cell.table}: {cell.computed(numbers)} was computed where {cell.correct} was expected")
    language = author.language.name
    reasons = dict.fromkeys(each.says[language] for each in found)
    together = [[each for each in found if each.says[language] == reason] for reason in reasons]
    rows = tuple(_correction(author, errata, language) for errata in together)
    head = tuple(author.words(key) for key in ("printed", "correct", "why", "shown-by"))
    said = author.words("corrections") if caption is None else author.text(caption)
    return Blocks((Table(author.label(label, "corrections"), said, head, rows, "llll", remarked=True),))


def _correction(author: Author, errata: Sequence[Erratum], language: str) -> tuple[Slot, ...]:
    """One row for errata with the same reason: what is printed, in their order, and what shows each of them."""
    printed, correct = ("; ".join(getattr(each, part)[language] for each in errata) for part in ("printed", "correct"))
    shown = tuple(map(RuleName, dict.fromkeys(each.by for each in errata)))
    return author.text(printed), author.text(correct), author.text(errata[0].says[language]), Listing(shown)


def values(author: Author, numbers: Opened, name: str) -> Any:
    """The values of one quantity, such as "s1", "p", "ell", "dell/dW2" or "dL/db2", as lists."""
    return opened(quantity_of(numbers, name).values)


def numbers_table(
    author: Author, numbers: Opened, names: Sequence[str], caption: object = None, *, decimals: int = 4,
    rows: Sequence[object] = (), label: str | None = None,
) -> Blocks:  # fmt: skip
    """A table of quantities, one row an example; rows: what the examples are called."""
    found = [quantity_of(numbers, name) for name in need(names, list, 'a list of names, such as ["s1", "p"]')]
    if not found:
        raise LectureError('a table of numbers needs a name, such as ["p"]')
    count = {len(each.values) if each.values.ndim else 1 for each in found}
    if len(count) > 1:
        raise LectureError("these quantities do not have one row for each example")
    columns = [column for each in found for column in _columns(each)]
    if len(columns) > MOST_COLUMNS:
        raise LectureError(f"{len(columns)} columns; a table has at most {MOST_COLUMNS}")
    (examples,) = count
    named = [author.text(row) for row in rows] or [Number(n, 0) for n in range(1, examples + 1)]
    if len(named) != examples:
        raise LectureError(f"{len(named)} names for {examples} rows")
    digits = checked_decimals(decimals)
    body = tuple((named[n], *(Number(float(entry[n]), digits) for _, entry in columns)) for n in range(examples))
    head: tuple[Slot, ...] = (author.words("example"), *(term for term, _ in columns))
    said = None if caption is None else author.text(caption)
    block = Table(author.label(label, "numbers"), said, head, body, "l" + "r" * len(columns))
    return Blocks((Excerpt((block,), setting_of(numbers)),))


def descend(
    author: Author, net: Net, params: Mapping[str, Any], x: Any, y: Any, learning_rate: float, *,
    steps: int | None = None, until: float | None = None, only: Sequence[str] = (),
) -> Opened:  # fmt: skip
    """Gradient descent along the proved gradient, row by row."""
    from derive.examples import descend as descended

    author.counted()
    if steps is not None and (isinstance(steps, bool) or not isinstance(steps, int) or not 0 < steps <= MOST_STEPS):
        raise LectureError(f"steps is a whole number from 1 to {MOST_STEPS}")
    network = need(net, Net, "network(...)").network
    return Opened(descended(network, params, x, y, learning_rate, steps, until, only))


def descent_table(
    author: Author, trace: Opened, name: str, caption: object = None, *, decimals: int = 4, first: int = 10,
    label: str | None = None,
) -> Blocks:  # fmt: skip
    """The first rows of a descent, and its last: step, loss, parameter, slope, step size, new value.

    Below it stands what went wrong, if anything did.
    """
    told = _of(trace, "Trace", A_TRACE)
    told.path(name)  # refuses a name that was not descended
    digits = checked_decimals(decimals)
    if getattr(told.rows[0].parameter[name], "ndim", 0):
        raise LectureError(f'"{name}" is more than one number; descend one entry, such as "{name}[0]"')
    shown = [row for row in told.rows if row.step <= first or row is told.rows[-1]]
    parts = ("parameter", "slope", "step_size", "new")
    body = tuple(
        (
            Number(row.step, 0),
            _readable(row.loss, digits),
            *(_readable(float(getattr(row, part)[name]), digits) for part in parts),
        )
        for row in shown
    )
    keys = ("step", "loss", "parameter", "slope", "step-size", "new")
    head = tuple(author.words(key) for key in keys)
    said = None if caption is None else author.text(caption)
    table = Table(author.label(label, "descent"), said, head, body, "r" * len(head))
    trouble = _trouble(told)
    return Blocks((table,) if trouble is None else (table, Prose(author.words(trouble, **_course(told, digits)))))


def _trouble(trace: Trace) -> str | None:
    """What is said of a descent that did not descend."""
    if not isfinite(trace.loss):
        return "overflowed"
    return trace.ended if trace.ended == "diverged" else "worse" if trace.worse else None


def _course(trace: Trace, digits: int) -> dict[str, Slot]:
    """With which learning rate it went from where to where."""
    digits_of_rate = -int(Decimal(repr(trace.learning_rate)).normalize().as_tuple().exponent)
    return {
        "rate": Number(trace.learning_rate, max(0, digits_of_rate)),
        "steps": Number(len(trace.rows), 0),
        "first": _readable(trace.losses[0], digits),
        "last": _readable(next(loss for loss in reversed(trace.losses) if isfinite(loss)), digits),
    }


def _readable(value: float, digits: int) -> Number:
    """A number that may have grown beyond all measure."""
    return Number(value, digits, exponent=abs(value) >= LARGE)


def graph_of(
    author: Author, formula: str, values: Mapping[str, float], names: Mapping[str, str] | None = None
) -> Opened:
    """The computational graph of a formula at a point, to be drawn by figure("graph", ...)."""
    from derive.examples import graph_of as graph

    return Opened(graph(need(formula, str, "a formula, in quotes"), values, names))


def network_graph(author: Author, net: Net, params: Mapping[str, Any], x: Any, y: Any) -> Opened:
    """The computational graph of a network for one example, to be drawn by figure("graph", ...)."""
    from derive.examples import network_graph as graph

    return Opened(graph(need(net, Net, "network(...)").network, params, x, y))


def _of(value: object, kind: str, what: str) -> Any:
    if not isinstance(value, Opened) or type(value.value).__name__ != kind:
        raise LectureError(f"here {what} is needed")
    return value.value


def quantity_of(numbers: Opened, name: str) -> Quantity:
    found: Quantity = _of(numbers, "ChainNumbers", NUMBERS).quantity(name)
    return found


def setting_of(numbers: Opened) -> Setting:
    from derive.lectures.network_document import style_of

    problem = numbers.value.problem
    return Setting(problem.labels, style_of(problem))


def _columns(quantity: Quantity) -> Iterator[tuple[Term | Name, Any]]:
    """Each entry that an example has, as a term with its indices, and its values."""
    array = quantity.values.reshape(1) if quantity.values.ndim == 0 else quantity.values
    letters = letters_of(quantity.term)
    for place in product(*map(range, array.shape[1:])):
        where: tuple[Any, ...] = (slice(None), *place)
        if len(letters) < len(place):  # what is given, and stands without letters
            yield quantity.term[tuple(num(n + 1) for n in place)], array[where]
            continue
        chosen = dict(zip(letters[-len(place) :] if place else (), (num(n + 1) for n in place), strict=True))
        yield without_rows(substitute(quantity.term, chosen), letters[: len(letters) - len(place)]), array[where]


def letters_of(term: Term) -> list[str]:
    """The letters of the indices of a quantity, in the order of its axes."""
    found: list[str] = []
    for part in term.args if term.op == "d" else (term,):
        found += [str(t.value) for t in part.args[1:] if t.op == "sym" and str(t.value) not in found]
    return found


def without_rows(term: Term, letters: Sequence[str]) -> Term:
    """The term without the letter that counts the examples: a row says which it is."""
    from derive.core.term import rebuild

    if term.op == "elem":
        kept = [t for t in term.args[1:] if not (t.op == "sym" and str(t.value) in letters)]
        return term.args[0][tuple(kept)] if kept else term.args[0]
    return rebuild(term, tuple(without_rows(t, letters) for t in term.args)) if term.args else term
