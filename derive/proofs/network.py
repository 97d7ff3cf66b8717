"""The gradients of a network, from the loss back to the input: one lemma a layer, each of constant length.

delta of a layer is the derivative of an example's loss by the layer's pre-activations. It is proved for the last
layer from the loss, and for every other from the layer after it; weights, biases and inputs follow from it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from derive.chains.chain import Chain
from derive.chains.network import EXAMPLES, SUM_TO_ONE, NetworkProblem, layered, plain_name
from derive.core.term import Term, add, d, lift, mul, num, sym, total, walk
from derive.proofs.choice import NotDifferentiable
from derive.proofs.goals import (
    Goal,
    Plan,
    Script,
    Step,
    at,
    by_name,
    everywhere,
    finish,
    softmax_jacobian,
    through,
    to,
)
from derive.proofs.scalar import carried_out
from derive.proofs.sums import collapse, separate
from derive.proofs.writer import Writer

i, j, k, l, m = map(sym, "ijklm")
p, t, x, y, z, L = map(sym, ("p", "t", "x", "y", "z", "L"))
ONE = num(1)
SHORT = 12  # nodes of a delta that is written out in the gradients of its layer
LOCAL: Script = (carried_out, finish)


def network_plan(chain: Chain, road: str = "", only: Collection[str] | None = None) -> Plan:
    """The goals of a network, the last layer first.

    >>> from derive.chains.network import network_problem
    >>> from derive.chains.spec import LayerSpec, NetworkSpec
    >>> plan = network_plan(network_problem(NetworkSpec(2, (LayerSpec(3, "tanh"), LayerSpec(2)))).chain)
    >>> [goal.name for goal in plan.needed(["gradient-b__1"])]
    ['softmax-jacobian', 'delta-2', 'activation-1', 'layer-1', 'delta-1', 'affine-b-1', 'gradient-b__1']
    """
    problem: NetworkProblem = chain.source
    asked = {plain_name(family): (f"gradient-{family}",) for family in problem.parameters}
    return Plan(by_name(_Network(problem).goals()), asked)


@dataclass(frozen=True)
class _Network:
    problem: NetworkProblem

    def goals(self) -> Iterator[Goal]:
        problem = self.problem
        for layer in range(problem.depth, 0, -1):
            yield from self._activation(layer)
            yield from self._last() if layer == problem.depth else self._hidden(layer)
            for letter in "Wb" if problem.spec.layers[layer - 1].bias else "W":
                family = layered(letter, layer)
                entry = family[k, j] if letter == "W" else family[k]
                yield from self._parameter(layer, family, entry)
        yield from self._parameter(1, x, problem.entry(x, j))
        yield from self._second_order()
        yield from self._findings()

    def _letters(self, layer: int, **sizes: Term) -> Mapping[str, Term]:
        return {**self.problem.letters_of(layer), **sizes}

    def _through(self, family: Term) -> Step:
        return through(family, m, self.problem.context.shapes[str(family.value)][-1], self.problem.row)

    # layers

    def _activation(self, layer: int) -> Iterator[Goal]:
        """dh_i/ds_k of the layer; none where the pre-activations are handed on as they are."""
        problem, kind = self.problem, self.problem.spec.layers[layer - 1].activation
        s, h = layered("s", layer), layered("h", layer)
        name, letters = f"activation-{layer}", self._letters(layer)
        if kind == "softmax":
            yield softmax_jacobian(name, h, s, problem.row, letters=letters)
        elif kind != "identity":
            script = (carried_out, collapse, everywhere(f"definition:{h}", back=True), finish)
            yield Goal(name, d(problem.entry(h, i), problem.entry(s, k)), script, letters=letters)

    def _last(self) -> Iterator[Goal]:
        """delta of the last layer: by the probabilities, the logits divided by a temperature, the output."""
        problem, layer = self.problem, self.problem.depth
        s, output, delta = layered("s", layer), problem.output(layer), f"delta-{layer}"
        activation = f"activation-{layer}"
        if problem.loss.through != p:
            yield self._of_loss(delta, s, (activation,))
            return
        logits = self._logits()
        yield softmax_jacobian("softmax-jacobian", p, logits, problem.row, letters=self._letters(layer))
        smoothed = problem.spec.loss.smoothing != 0 and SUM_TO_ONE in problem.context.assumptions
        if smoothed:  # smoothed targets sum to one as well
            ones = total(i, problem.sizes[-1], problem.entry(t, i))
            script = (everywhere("definition:t"), separate, everywhere(SUM_TO_ONE), to(ONE))
            yield Goal("smoothed-targets", ones, script, letters=self._letters(layer))
        slope = delta if logits == s else f"loss-by-{logits}"
        yield self._of_loss(slope, logits, ("softmax-jacobian", *(["smoothed-targets"] if smoothed else [])))
        if logits == z:
            by = d(problem.entry(z, i), problem.entry(output, k))
            yield Goal("temperature", by, LOCAL, letters=self._letters(layer))
            name = delta if output == s else f"loss-by-{output}"
            yield self._substituted(name, z, output, (slope, "temperature"))
            slope = name
        if output != s:
            yield self._substituted(delta, output, s, (slope, activation))

    def _logits(self) -> Term:
        """What the softmax of the loss takes."""
        return z if "z" in self.problem.context.definitions else self.problem.output(self.problem.depth)

    def _of_loss(self, name: str, by: Term, cites: tuple[str, ...]) -> Goal:
        """The derivative of an example's loss by what is nearest to it."""
        problem = self.problem
        facts = [name for name in ("smoothed-targets",) if name in cites]
        facts += [SUM_TO_ONE] if SUM_TO_ONE in problem.context.assumptions else []
        script = (carried_out, collapse, *map(everywhere, facts), finish)
        return self._about_loss(name, by, script, cites)

    def _substituted(self, name: str, family: Term, by: Term, cites: tuple[str, ...]) -> Goal:
        """The derivative of an example's loss by a family, from that by the next one."""
        script = (self._through(family), carried_out, everywhere(cites[0]), finish)
        return self._about_loss(name, by, script, cites)

    def _about_loss(self, name: str, by: Term, script: Script, cites: tuple[str, ...]) -> Goal:
        problem, letters = self.problem, self._letters(self.problem.depth)
        left = d(problem.example_loss, problem.entry(by, k))
        return Goal(name, left, script, cites=cites, letters=letters, result=name.startswith("delta"))

    def _hidden(self, layer: int) -> Iterator[Goal]:
        """The recursion: delta of a layer from that of the next."""
        problem, letters = self.problem, self._letters(layer)
        s, after, name = problem.entry(layered("s", layer), k), layered("s", layer + 1), f"layer-{layer}"
        cites = (f"activation-{layer}",)
        yield Goal(name, d(problem.entry(after, m), s), LOCAL, cites=cites, letters=letters)
        script = (self._through(after), carried_out, finish)
        left, beside = d(problem.example_loss, s), (f"delta-{layer + 1}",)
        yield Goal(f"delta-{layer}", left, script, None, (name,), beside, letters=letters, result=True)

    # weights, biases and inputs

    def _parameter(self, layer: int, family: Term, entry: Term) -> Iterator[Goal]:
        """The derivatives by a family of weights, biases or inputs: of one example's loss, and of the whole."""
        problem, s, delta = self.problem, layered("s", layer), f"delta-{layer}"
        letters = self._letters(layer, m=problem.sizes[layer])
        affine = f"affine-{family}".replace("__", "-")
        yield Goal(affine, d(problem.entry(s, m), entry), LOCAL, letters=letters)
        whole = problem.total in (problem.example_loss, None)
        name = f"gradient-{family}" if whole else f"example-{family}"
        script: Script = (self._through(s), carried_out, _finished)
        cites: tuple[str, ...] = (affine,)
        if layer == problem.depth:
            script, cites = (*script, _written_out(delta)), (affine, delta)
        left = d(problem.example_loss, entry)
        yield Goal(name, left, script, None, cites, (delta,), letters=letters, result=whole)
        if whole:
            return
        at_any = entry
        if family == x and problem.batch:  # of an example by the input of any: 0 unless it is its own
            at_any = x[problem.other_example, j]
            script = (at("own-row", k=problem.row[0]), everywhere(name))
            yield Goal("own-x", d(problem.example_loss, at_any), script, cites=(name,), letters=letters)
            name = "own-x"
        yield Goal(
            f"gradient-{family}", d(L, at_any), (carried_out, _finished), cites=(name,), letters=letters, result=True
        )

    # what is asked for elsewhere

    def _second_order(self) -> Iterator[Goal]:
        """The second derivatives of an example's loss by the last pre-activations: the Hessian, and its diagonal."""
        problem, layer = self.problem, self.problem.depth
        s, delta = layered("s", layer), f"delta-{layer}"
        letters, cites = self._letters(layer, l=problem.sizes[-1]), ["softmax-jacobian", f"activation-{layer}"]
        if "z" in problem.context.definitions and problem.loss.through == p:
            by = d(problem.entry(p, i), problem.entry(s, k))
            script = (self._through(z), everywhere("softmax-jacobian"), *LOCAL)
            given = ("softmax-jacobian", "temperature")
            yield Goal("probability-by-logit", by, script, cites=given, letters=self._letters(layer))
            cites = ["temperature", "probability-by-logit"]
        for name, index in (("hessian", l), ("hessian-diagonal", k)):
            script = (_without_others, *LOCAL, lambda writer: writer.to(_factored(writer.line)))
            yield Goal(name, problem.entry(s, index), script, None, tuple(cites), of=delta, letters=letters)

    def _findings(self) -> Iterator[Goal]:
        """What a finding of `lint` speaks of."""
        problem, letters = self.problem, self._letters(self.problem.depth)
        output = problem.entry(problem.output(problem.depth), k)
        yield Goal("loss-by-output", d(problem.example_loss, output), LOCAL, letters=letters)
        name, by = f"activation-{problem.depth}", layered("s", problem.depth)
        if problem.loss.through == p:
            name, by = "softmax-jacobian", self._logits()
        left = d(problem.example_loss, problem.entry(by, k))
        yield Goal("before-sum-to-one", left, LOCAL, cites=(name,), letters=letters)


def _finished(writer: Writer) -> None:
    writer.finish(_told)


def _written_out(delta: str) -> Step:
    """The error of the last layer is put in, if it is short."""

    def step(writer: Writer) -> None:
        if writer.lemmas[delta].right.size <= SHORT:
            writer.everywhere(delta)

    return step


def _without_others(writer: Writer) -> None:
    if any(t.op == "d" for _, t in walk(writer.line.args[0])):
        raise NotDifferentiable(
            "the derivative of this loss stands in terms of others; its own derivative is not proved"
        )


def _factored(t: Term) -> Term:
    """p (1 - p) for p - p^2, as it is always written."""
    squared = t.op == "add" and len(t.args) == 2 and t.args[1] == -(t.args[0] ** 2)
    return t.args[0] * (lift(1) - t.args[0]) if squared else t


def _told(t: Term) -> Term:
    """What counts examples in front as a fraction, then the error of the unit, then what it is multiplied by."""
    match t.op:
        case "add":
            return add(*map(_told, t.args))
        case "sum":
            return total(t.args[0], t.args[1], _told(t.args[2]))
        case "div" if t.args[1] == EXAMPLES:
            return mul(ONE / EXAMPLES, _told(t.args[0]))
        case "mul":
            rank = {"num": 0, "div": 0, "sym": 1, "d": 2, "add": 3}
            return mul(*sorted(map(_told, t.args), key=lambda a: rank.get(a.op, 4)))
    return t
