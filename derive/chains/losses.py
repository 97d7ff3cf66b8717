"""The losses, each as the formula it is for one example: a row a loss."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction

from derive.chains.spec import SLOPED, LossSpec, Number
from derive.core.context import Definition
from derive.core.term import Term, cases, exp, fn, log, mul, num, sym, total

i, j, m = map(sym, "ijm")
p, y, z, t, w, u = map(sym, "pyztwu")
ONE, TWO = num(1), num(2)
Row = tuple[Term, ...]


@dataclass(frozen=True)
class Place:
    """Where a loss is put: the family it takes, its number of entries, and the index of the example, if any."""

    output: Term
    size: Term
    row: Row
    softmax: bool  # whether the output is made of probabilities that sum to one

    def entry(self, family: Term, index: Term) -> Term:
        return family[(*self.row, index)]

    def summed(self, index: Term, body: Term) -> Term:
        return total(index, self.size, body)

    def defined(self, name: Term, body: Term, index: Term = i) -> Definition:
        return Definition(str(name.value), tuple(str(a.value) for a in (*self.row, index)), body)


@dataclass(frozen=True)
class Loss:
    """A loss as definitions.

    body: for one example. definitions: what it mentions beside the output and the targets, in order.
    through: the family that the loss is differentiated by first; the output itself if nothing lies between.
    constants: names of numbers and vectors that are given: the temperature, the weights of the classes.
    weighted: the weight of an example in a weighted mean, if it has one. sum_to_one: whether targets must.
    """

    body: Term
    through: Term
    definitions: tuple[Definition, ...] = ()
    weighted: Term | None = None
    sum_to_one: bool = False


def number(value: Number) -> Term:
    """A number, or the symbol that stands for it. A fraction without a finite decimal is a quotient.

    >>> number(Fraction(1, 3)), number("T")
    (div(1, 3), T)
    """
    if isinstance(value, str):
        return sym(value)
    finite = value.denominator
    for factor in (2, 5):
        while finite % factor == 0:
            finite //= factor
    size = num(abs(value)) if finite == 1 else num(abs(value.numerator)) / num(value.denominator)
    return -size if value < 0 else size


def softmax(of: Term, place: Place) -> Term:
    """exp(z_i) / sum_m exp(z_m)."""
    return exp(place.entry(of, i)) / total(m, place.size, exp(place.entry(of, m)))


def _probabilities(spec: LossSpec, place: Place) -> tuple[Term, tuple[Definition, ...]]:
    """The probabilities, and what defines them: the softmax of the logits, perhaps divided by a temperature."""
    if place.softmax:
        return place.output, ()
    if spec.temperature == 1:
        return p, (place.defined(p, softmax(place.output, place)),)
    tempered = place.defined(z, place.entry(place.output, i) / number(spec.temperature))
    return p, (tempered, place.defined(p, softmax(z, place)))


def _targets(spec: LossSpec, place: Place) -> tuple[Term, tuple[Definition, ...]]:
    """The targets, smoothed towards 1/C if asked for."""
    if spec.smoothing == 0:
        return y, ()
    epsilon = number(spec.smoothing)
    kept = ONE - epsilon if epsilon.op == "sym" else number(1 - Fraction(spec.smoothing))
    shared = epsilon / place.size
    if spec.ignore_index is not None:  # an ignored example has no targets, and gets none
        shared = shared * place.summed(m, place.entry(y, m))
    return t, (place.defined(t, kept * place.entry(y, i) + shared),)


def _logarithm(spec: LossSpec, of: Term) -> Term:
    return log(of) if spec.base is None else log(of) / log(number(spec.base))


def _weight(spec: LossSpec, index: Term, factors: list[Term]) -> Term:
    return mul(*([w[index]] if spec.weights is not None else []), *factors)


def cross_entropy(spec: LossSpec, place: Place) -> Loss:
    """-sum_i w_i y_i ln p_i."""
    probability, first = _probabilities(spec, place)
    target, second = _targets(spec, place)
    q = place.entry(probability, i)
    body = -place.summed(i, _weight(spec, i, [place.entry(target, i), _logarithm(spec, q)]))
    loss = Loss(body, probability, (*first, *second), _example_weight(spec, place), sum_to_one=True)
    return _ignoring(spec, place, loss)


def focal(spec: LossSpec, place: Place) -> Loss:
    """-sum_i w_i y_i (1 - p_i)^gamma ln p_i."""
    probability, first = _probabilities(spec, place)
    q = place.entry(probability, i)
    focus = [(ONE - q) ** number(spec.gamma)] if spec.gamma != 0 else []
    terms = [place.entry(y, i), *focus, _logarithm(spec, q)]
    return Loss(-place.summed(i, _weight(spec, i, terms)), probability, first, _example_weight(spec, place))


def kl_divergence(spec: LossSpec, place: Place) -> Loss:
    """sum_i y_i (ln y_i - ln p_i)."""
    probability, first = _probabilities(spec, place)
    difference = _logarithm(spec, place.entry(y, i)) - _logarithm(spec, place.entry(probability, i))
    return Loss(place.summed(i, place.entry(y, i) * difference), probability, first, sum_to_one=True)


def binary_cross_entropy(spec: LossSpec, place: Place) -> Loss:
    """-sum_i (y_i ln q_i + (1 - y_i) ln(1 - q_i)); from logits, softplus(z_i) - y_i z_i."""
    q, target = place.entry(place.output, i), place.entry(y, i)
    if spec.source == "logits":
        return Loss(_scaled(spec, place, place.summed(i, fn("softplus", q) - target * q)), place.output)
    both = target * _logarithm(spec, q) + (ONE - target) * _logarithm(spec, ONE - q)
    return Loss(-_scaled(spec, place, place.summed(i, both)), place.output)


def squared_error(spec: LossSpec, place: Place) -> Loss:
    """1/2 sum_i (o_i - y_i)^2."""
    return Loss(_scaled(spec, place, place.summed(i, _error(place) ** 2)), place.output)


def absolute_error(spec: LossSpec, place: Place) -> Loss:
    """sum_i |o_i - y_i|."""
    return Loss(_scaled(spec, place, place.summed(i, fn("abs", _error(place)))), place.output)


def huber(spec: LossSpec, place: Place) -> Loss:
    """Half the square of the error up to delta, and delta (|error| - delta/2) beyond."""
    error, delta = _error(place), number(spec.delta)
    size = fn("abs", error)
    beyond = size - number(Fraction(spec.delta) / 2) if delta.op == "num" else size - delta / 2
    linear = beyond if delta == ONE else delta * beyond
    body = cases(error**2 / 2, size, "<=", delta, linear)
    return Loss(_scaled(spec, place, place.summed(i, body)), place.output)


def hinge(spec: LossSpec, place: Place) -> Loss:
    """sum_i (1 - y_i) max(0, margin + s_i - s_r), where sum_j y_j s_j is the score s_r of the true class."""
    true = place.summed(j, place.entry(y, j) * place.entry(place.output, j))
    over = number(spec.margin) + place.entry(place.output, i) - true
    return Loss(place.summed(i, (ONE - place.entry(y, i)) * fn("relu", over)), place.output)


def _error(place: Place) -> Term:
    return place.entry(place.output, i) - place.entry(y, i)


def _scaled(spec: LossSpec, place: Place, body: Term) -> Term:
    """Half of the sum over the outputs, the sum, or their mean."""
    scale = spec.scale or ("half" if spec.name == "squared-error" else "sum")
    factors = {"half": ONE / TWO, "mean": ONE / place.size}
    return factors[scale] * body if scale in factors else body


def _example_weight(spec: LossSpec, place: Place) -> Term | None:
    """What an example counts in the mean: the weight of its class, 0 if it is ignored; soft targets have no class."""
    if (spec.weights is None or spec.target == "soft") and spec.ignore_index is None:
        return None
    return place.summed(i, _weight(spec, i, [place.entry(y, i)]))


def _ignoring(spec: LossSpec, place: Place, loss: Loss) -> Loss:
    """An ignored example has targets that are all 0, so nothing may be assumed of their sum."""
    if spec.ignore_index is None:
        return loss
    return Loss(loss.body, loss.through, loss.definitions, loss.weighted)


LOSSES: Mapping[str, Callable[[LossSpec, Place], Loss]] = {
    "cross-entropy": cross_entropy,
    "focal": focal,
    "kl-divergence": kl_divergence,
    "binary-cross-entropy": binary_cross_entropy,
    "squared-error": squared_error,
    "absolute-error": absolute_error,
    "huber": huber,
    "hinge": hinge,
}


def activation_body(name: str, at: Term, slope: Number | None) -> Term:
    """The activation at a pre-activation."""
    slope = SLOPED.get(name) if slope is None else slope
    return fn(name, at) if slope is None else fn(name, at, number(slope))


def summed_targets(place: Place) -> Term:
    return place.summed(i, place.entry(y, i))
