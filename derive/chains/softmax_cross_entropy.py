"""The chain L(softmax(W h + b)) with cross-entropy."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property

from derive.chains.chain import Chain, ProblemError
from derive.chains.labels import misplaced, misread, number, one_number
from derive.chains.namesakes import look, lookalikes, run
from derive.core.context import Context, Definition
from derive.core.term import Term, delta, exp, log, num, sym, total

NAME = "softmax-cross-entropy"
MOST_CLASSES, MOST_INPUTS = 100, 1000
LONGEST_NAME = 30
W, h, b, z, p, y, L = map(sym, ("W", "h", "b", "z", "p", "y", "L"))
i, j, k, l, m, r = map(sym, "ijklmr")
FIRST_NAMED_BIAS = 3  # the lecture's network has the biases b_1 and b_2 in its hidden layer


@dataclass(frozen=True)
class SoftmaxCrossEntropy:
    """The chain as it was asked for.

    classes: the names of a concrete problem's classes, None for a symbolic number; named: whether they are words.
    target: the index of the true class (a numeral, or r), or None when the targets are free.
    """

    context: Context
    classes: tuple[str, ...] | None = None
    named: bool = False
    inputs: int | None = None
    target: Term | None = None
    biases: tuple[str, ...] = ()
    labels: Mapping[tuple[str, int], str] = field(default_factory=dict, compare=False)
    name: str = NAME

    @cached_property
    def chain(self) -> Chain:
        return Chain(self.name, "problem", self.context, self.labels, self, self.classes is not None)

    @property
    def size(self) -> Term:
        """The number of classes, C or a numeral."""
        return self.context.shapes["z"][0]

    def called(self, x: Term) -> str:
        """What an entry is called in plain text: b_3, W_setosa_1, p_k."""
        family, *below = (str(part.value) for part in x.args)
        if x.args[1].op == "num":
            below[0] = self.labels.get((family, int(below[0])), below[0])
        return "_".join([family, *below])


def softmax_cross_entropy(
    classes: int | Sequence[str] | None = None,
    target: int | str | None = None,
    inputs: int | None = None,
    biases: Sequence[str] | None = None,
) -> SoftmaxCrossEntropy:
    """z_m = sum_j W_mj h_j + b_m, p_i = exp(z_i) / sum_m exp(z_m), L = -sum_i y_i ln p_i.

    classes: None for a symbolic number C, a number, or names. target: the true class, by name or
    by its number from 1, which is its name where classes are called by numbers; "r" with symbolic C for an
    unnamed true class; None for free targets, which are assumed to sum to one. Raises ProblemError.
    """
    names, named = _class_names(classes)
    place = _target(target, names)
    size = sym("C") if names is None else num(len(names))
    if inputs is not None and not (type(inputs) is int and 1 <= inputs <= MOST_INPUTS):
        raise ProblemError(f"inputs must be a whole number from 1 to {MOST_INPUTS}, not {inputs!r}")
    count = inputs if inputs is not None or names is None else 2
    context = _context(size, sym("H") if count is None else num(count), place)
    bias_names = _bias_names(names, biases)
    _refuse_entries(names if named else (), bias_names, count)
    labels = _labels(names, named, bias_names)
    return SoftmaxCrossEntropy(context, names, named, count, place, bias_names, labels)


def _context(classes: Term, inputs: Term, target: Term | None) -> Context:
    definitions = {
        "z": Definition("z", ("m",), total(j, inputs, W[m, j] * h[j]) + b[m]),
        "p": Definition("p", ("i",), exp(z[i]) / total(m, classes, exp(z[m]))),
        "L": Definition("L", (), -total(i, classes, y[i] * log(p[i]))),
    }
    shapes: dict[str, tuple[Term, ...]] = dict.fromkeys("zpyb", (classes,))
    shapes |= {"W": (classes, inputs), "h": (inputs,), "L": ()}
    indices = dict.fromkeys("ikmnq", classes) | dict.fromkeys("jl", inputs)
    assumptions = {}
    if target is None:
        assumptions["targets-sum-to-one"] = (total(i, classes, y[i]), num(1))
    else:
        definitions["y"] = Definition("y", ("i",), delta(i, target))
        assumptions["other-class"] = (delta(k, target), num(0))
    assumptions["different-indices"] = (delta(i, k), num(0))
    return Context(definitions, shapes, indices, {"r": classes} if target == r else {}, assumptions)


def _class_names(classes: int | Sequence[str] | None) -> tuple[tuple[str, ...] | None, bool]:
    if classes is None:
        return None, False
    if isinstance(classes, int):
        if isinstance(classes, bool) or not 2 <= classes <= MOST_CLASSES:
            raise ProblemError(f"classes must be a number from 2 to {MOST_CLASSES}, or names; not {classes}")
        return tuple(str(n) for n in range(1, classes + 1)), False
    if (
        isinstance(classes, str)
        or not isinstance(classes, Sequence)
        or not all(isinstance(name, str) for name in classes)
    ):
        raise ProblemError(f"classes must be a number or a list of names, not {classes!r}")
    names = tuple(classes)
    if not 2 <= len(names) <= MOST_CLASSES:
        raise ProblemError(f"there must be from 2 to {MOST_CLASSES} classes, not {len(names)}")
    for name in names:
        if not name.strip() or len(name) > LONGEST_NAME or not name.isprintable():
            raise ProblemError(f"{name!r} is not a class name: it needs 1 to {LONGEST_NAME} printable characters")
        if names.count(name) > 1:
            raise ProblemError(f"the class {name!r} is named twice; every class needs a name of its own")
    if (same := lookalikes(names)) is not None:
        raise ProblemError(f"the classes {same[0]!r} and {same[1]!r} look alike; every class needs a name of its own")
    if (same := one_number(names)) is not None:
        raise ProblemError(f"the classes {same[0]!r} and {same[1]!r} are one number; every class needs its own")
    if (one := misplaced(names)) is not None:
        raise ProblemError(f"the class {one} would be read as the class in place {one}; choose another name")
    for name in names:
        if (why := misread(name)) is not None:
            raise ProblemError(f"the class name {name!r} {why}; choose another name")
    return tuple(unicodedata.normalize("NFC", name) for name in names), True


def _target(target: int | str | None, names: tuple[str, ...] | None) -> Term | None:
    if target is None:
        return None
    if names is None:
        if target == "r":
            return r
        raise ProblemError(f'without classes the target can only be "r", an unnamed true class; not {target!r}')
    if isinstance(target, str) and unicodedata.normalize("NFC", target) in names:
        return num(names.index(unicodedata.normalize("NFC", target)) + 1)
    if target == "r":
        raise ProblemError('the target "r" is an unnamed true class; with classes, name one of them or its number')
    wanted = int(target) if isinstance(target, str) and target.isdecimal() and len(target) < 6 else target
    numbers = list(map(number, names))
    if not any(each is not None for each in numbers):
        numbers = [number(str(n)) for n in range(1, len(names) + 1)]
    if isinstance(wanted, int) and not isinstance(wanted, bool) and wanted in numbers:
        return num(numbers.index(Fraction(wanted)) + 1)
    shown = ", ".join(names[:10]) + (", ..." if len(names) > 10 else "")
    raise ProblemError(f"the target {target!r} is not one of the classes: {shown} (numbers count from 1)")


def _bias_names(names: tuple[str, ...] | None, biases: Sequence[str] | None) -> tuple[str, ...]:
    """Those that were chosen; otherwise a class that is a number gives it to its bias, and words are counted."""
    if names is None:
        return ()
    usual = tuple(f"b_{name}" for name in names)
    if not any(number(name) is not None for name in names):
        usual = tuple(f"b_{n}" for n in range(FIRST_NAMED_BIAS, FIRST_NAMED_BIAS + len(names)))
    chosen = tuple(biases or usual)
    if len(chosen) != len(names) or len(set(chosen)) != len(chosen):
        raise ProblemError(f"there must be one bias name for each of the {len(names)} classes, all different")
    for name, own in zip(chosen, usual, strict=True):
        if name != own and not re.fullmatch(r"b_\w{1,20}", name):
            raise ProblemError(f"{name!r} is not a bias name; write b_3, for example")
    if (same := lookalikes(chosen) or _printed_alike(chosen)) is not None:
        raise ProblemError(f"the bias names {same[0]} and {same[1]} look alike; all must be different")
    for name in chosen:
        if (why := misread(name[2:])) is not None:
            raise ProblemError(f"the bias name {name} {why}; choose another name")
    _refuse_exchanged(chosen, names)
    return chosen


def _printed_alike(names: Sequence[str]) -> tuple[str, str] | None:
    """Two names that differ in how they are typed only: b_1_2 and b_12, b_01 and b_1."""
    below = one_number([name[2:] for name in names])
    if below is not None:
        return f"b_{below[0]}", f"b_{below[1]}"
    seen: dict[str, str] = {}
    return next(((seen[run(n)], n) for n in names if seen.setdefault(run(n), n) != n), None)


def _refuse_exchanged(biases: Sequence[str], names: Sequence[str]) -> None:
    """A bias that is called as another class is, or that has its number."""
    counted = [str(n) for n in range(1, len(names) + 1)]
    in_words = not any(number(name) is not None for name in names)
    if in_words and sorted(name[2:] for name in biases) == sorted(counted):  # each has the number of some class
        names = counted
    for n, bias in enumerate(biases):
        for other in (*names[:n], *names[n + 1 :]):
            if look(bias[2:]) == look(other) or run(bias) == run(f"b_{other}") or _one_number(bias[2:], other):
                raise ProblemError(f"{bias} would be read as the bias of the class {other}; it is that of {names[n]}")


def _refuse_entries(names: Sequence[str] | None, biases: Sequence[str], inputs: int | None) -> None:
    """A class that is called as an entry is: h_1, or the bias of another class."""
    entries = {run(f"{family}_{name}") for family in "zpy" for name in names or ()}
    entries |= {run(f"h_{n}") for n in range(1, (inputs or 0) + 1)}
    for own, name in zip(biases, names or (), strict=False):
        if run(name) in entries | {run(bias) for bias in biases if bias != own}:
            raise ProblemError(f"the class name {name!r} would be read as one of the numbers; choose another name")


def _one_number(one: str, other: str) -> bool:
    return number(one) is not None and number(one) == number(other)


def _labels(names: tuple[str, ...] | None, named: bool, biases: tuple[str, ...]) -> dict[tuple[str, int], str]:
    """What stands below a letter: the class, and for the bias its own number."""
    labels = {("b", n): name[2:] for n, name in enumerate(biases, 1)}
    if named and names:
        labels |= {(family, n): name for family in ("z", "p", "y", "W") for n, name in enumerate(names, 1)}
    return labels
