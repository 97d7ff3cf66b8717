"""The gradients of a network, from the loss back to the input: one lemma a layer, each of constant length.

delta of a layer is the derivative of an example's loss by the layer's pre-activations. It is proved for the last
layer from the loss, and for every other from the layer after it; weights, biases and inputs follow from it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from derive.chains.network import EXAMPLES, SUM_TO_ONE, NetworkProblem, layered
from derive.core.context import Context
from derive.core.kernel import Refused, Theorem
from derive.core.term import Term, add, d, delta, mul, num, sym, total
from derive.errors import UsageError
from derive.proofs.builder import script
from derive.proofs.choice import NotDifferentiable
from derive.proofs.proof import Proof
from derive.proofs.scalar import carried_out
from derive.proofs.sums import collapse, separate
from derive.proofs.writer import Writer

i, j, k, m = map(sym, "ijkm")
p, t, x, y, z, L = map(sym, ("p", "t", "x", "y", "z", "L"))
ONE = num(1)
SHORT = 12  # nodes of a delta that is written out in the gradients of its layer
Known = Mapping[str, Proof]


def prove_network(problem: NetworkProblem, wrt: tuple[str, ...] | None = None) -> dict[str, Proof]:
    """The theorems of a network by name, in the order in which they are told.

    wrt: the families to differentiate by (all of them by default); what they need is proved before them.

    >>> from derive.chains.network import network_problem
    >>> from derive.chains.spec import LayerSpec, NetworkSpec
    >>> proofs = prove_network(network_problem(NetworkSpec(2, (LayerSpec(3, "tanh"), LayerSpec(2)))))
    >>> proofs["delta-2"].theorem.right, proofs["gradient-b__1"].theorem.right
    (add(p[k], neg(y[k])), d(L, s__1[k]))
    """
    return _Network(problem).proved(problem.parameters if wrt is None else wrt)


def last_layer(problem: NetworkProblem) -> list[Proof]:
    """What is proved of the last layer before its weights: up to its delta."""
    return list(_Network(problem)._layer(problem.depth, {}))


@dataclass(frozen=True)
class _Network:
    problem: NetworkProblem

    def proved(self, wrt: tuple[str, ...]) -> dict[str, Proof]:
        proofs: dict[str, Proof] = {}
        first = min(map(self._layer_of, wrt))
        for layer in range(self.problem.depth, 0, -1):
            if layer < max(first, 1):
                break
            for proof in self._layer(layer, proofs):
                proofs[proof.theorem.name] = proof
            for letter in ("W", "b"):
                if f"{letter}__{layer}" in wrt:
                    proofs |= self._parameter(letter, layer, proofs)
        if "x" in wrt:
            proofs |= self._input(proofs)
        return proofs

    def _layer_of(self, name: str) -> int:
        if name not in self.problem.parameters:
            raise UsageError(f"there is no {name}; differentiate by one of {', '.join(self.problem.parameters)}")
        return 1 if name == "x" else int(name.partition("__")[2])

    # layers

    def _layer(self, layer: int, known: Known) -> Iterator[Proof]:
        """What is proved about a layer before its weights: its activation, and its delta."""
        activation = self._activation(layer)
        if activation is not None:
            yield activation
        if layer == self.problem.depth:
            yield from self._last(activation)
        else:
            yield from self._hidden(layer, known, activation)

    def _activation(self, layer: int) -> Proof | None:
        """dh_i/ds_k of the layer; None where the pre-activations are handed on as they are."""
        problem, kind = self.problem, self.problem.spec.layers[layer - 1]
        if kind.activation == "identity":
            return None
        s, h = layered("s", layer), layered("h", layer)
        name, context = f"activation-{layer}", problem.letters(layer)
        if kind.activation == "softmax":
            return softmax_jacobian(name, context, h, s, problem.row, problem.sizes[layer])
        writer = self._begun(context, d(problem.entry(h, i), problem.entry(s, k)), {})
        collapse(writer)
        writer.everywhere(f"definition:{h}", back=True)
        writer.finish()
        return _checked(writer, name)

    def _last(self, activation: Proof | None) -> Iterator[Proof]:
        """delta of the last layer: by the probabilities, the logits divided by a temperature, the output."""
        problem, layer = self.problem, self.problem.depth
        context, s, output = problem.letters(layer), layered("s", layer), problem.output(layer)
        if problem.loss.through != p:
            yield self._of_loss(f"delta-{layer}", context, s, [activation] if activation else [])
            return
        logits = z if "z" in problem.context.definitions else output
        jacobian = softmax_jacobian("softmax-jacobian", context, p, logits, problem.row, problem.sizes[-1])
        yield jacobian
        lemmas = [jacobian]
        if problem.spec.loss.smoothing != 0 and self._assumes():
            lemmas.append(self._smoothed(context))
            yield lemmas[-1]
        slope = self._of_loss(f"delta-{layer}" if logits == s else f"loss-by-{logits}", context, logits, lemmas)
        yield slope
        if logits == z:
            tempered = self._tempered(context, output)
            name = f"delta-{layer}" if output == s else f"loss-by-{output}"
            slope = self._through(name, context, z, output, [slope, tempered])
            yield from (tempered, slope)
        if activation is not None:
            yield self._through(f"delta-{layer}", context, output, s, [slope, activation])

    def _assumes(self) -> bool:
        return SUM_TO_ONE in self.problem.context.assumptions

    def _smoothed(self, context: Context) -> Proof:
        """Smoothed targets sum to one as well."""
        smoothed = total(i, self.problem.sizes[-1], self.problem.entry(t, i))
        writer = Writer(context, smoothed, x=i)
        writer.everywhere("definition:t")
        separate(writer)
        writer.everywhere(SUM_TO_ONE)
        writer.to(ONE)
        return _checked(writer, "smoothed-targets")

    def _tempered(self, context: Context, by: Term) -> Proof:
        writer = self._begun(context, d(self.problem.entry(z, i), self.problem.entry(by, k)), {})
        writer.finish()
        return _checked(writer, "temperature")

    def _of_loss(self, name: str, context: Context, by: Term, lemmas: Sequence[Proof]) -> Proof:
        """The derivative of an example's loss by what is nearest to it."""
        problem = self.problem
        at = problem.entry(by, k)
        writer = Writer(context, d(problem.example_loss, at), theorems_of(lemmas), x=at)
        carried_out(writer)
        collapse(writer)
        for proof in lemmas:
            if proof.theorem.left.op == "sum":
                writer.everywhere(proof.theorem.name)
        if self._assumes():
            writer.everywhere(SUM_TO_ONE)
        writer.finish()
        return _checked(writer, name)

    def _through(self, name: str, context: Context, family: Term, by: Term, lemmas: Sequence[Proof]) -> Proof:
        """The derivative of an example's loss by a family, from that by the next one."""
        problem = self.problem
        at = problem.entry(by, k)
        writer = Writer(context, d(problem.example_loss, at), theorems_of(lemmas), x=at)
        chained(problem, writer, family, m, problem.sizes[-1])
        carried_out(writer)
        writer.everywhere(lemmas[0].theorem.name)
        writer.finish()
        return _checked(writer, name)

    def _hidden(self, layer: int, known: Known, activation: Proof | None) -> Iterator[Proof]:
        """The recursion: delta of a layer from that of the next."""
        problem = self.problem
        context, s, after = problem.letters(layer), layered("s", layer), layered("s", layer + 1)
        lemmas = theorems_of([activation] if activation else [])
        forward = self._begun(context, d(problem.entry(after, m), problem.entry(s, k)), lemmas)
        forward.finish()
        step = _checked(forward, f"layer-{layer}")
        yield step
        slope = d(problem.example_loss, problem.entry(s, k))
        writer = Writer(context, slope, {step.theorem.name: step.theorem}, x=problem.entry(s, k))
        chained(problem, writer, after, m, problem.sizes[layer + 1])
        carried_out(writer)
        writer.finish()
        yield _checked(writer, f"delta-{layer}")

    # weights, biases and inputs

    def _parameter(self, letter: str, layer: int, known: Known) -> dict[str, Proof]:
        """The derivative by the weights or the biases of a layer, of an example's loss and of the whole."""
        problem, s = self.problem, layered("s", layer)
        context = problem.letters(layer)
        family = layered(letter, layer)
        entry = family[k, j] if letter == "W" else family[k]
        forward = self._begun(context, d(problem.entry(s, m), entry), {}, m=problem.sizes[layer])
        forward.finish()
        step = _checked(forward, f"affine-{letter}-{layer}")
        return {step.theorem.name: step} | self._gradient(family, entry, context, s, step, known)

    def _input(self, known: Known) -> dict[str, Proof]:
        problem, s = self.problem, layered("s", 1)
        context = problem.letters(1)
        entry = problem.entry(x, j)
        forward = self._begun(context, d(problem.entry(s, m), entry), {}, m=problem.sizes[1])
        forward.finish()
        step = _checked(forward, "affine-x")
        return {step.theorem.name: step} | self._gradient(x, entry, context, s, step, known)

    def _gradient(
        self, family: Term, entry: Term, context: Context, s: Term, step: Proof, known: Known
    ) -> dict[str, Proof]:
        problem = self.problem
        last, size = known[f"delta-{problem.depth}"], problem.context.shapes[str(s.value)][-1]
        context = context.with_letters({**context.indices, "m": size})
        whole = problem.total == problem.example_loss
        name = f"gradient-{family}" if whole or problem.total is None else f"example-{family}"
        writer = Writer(context, d(problem.example_loss, entry), theorems_of([step, last]), x=entry)
        chained(problem, writer, s, m, size)
        carried_out(writer)
        writer.finish(_told)
        if last.theorem.right.size <= SHORT:
            writer.everywhere(last.theorem.name)
        example = _checked(writer, name)
        proofs = {name: example}
        if name.startswith("example-"):
            if family == x and problem.batch:
                proofs["own-x"] = example = self._own_row(context, example)
            proofs[f"gradient-{family}"] = self._summed(f"gradient-{family}", context, example)
        return proofs

    def _summed(self, name: str, context: Context, example: Proof) -> Proof:
        """The loss over all examples with its penalties, from the loss of one."""
        at = example.theorem.left.args[1]
        writer = Writer(context, d(L, at), theorems_of([example]), x=at)
        carried_out(writer)
        writer.finish(_told)
        return _checked(writer, name)

    def _own_row(self, context: Context, example: Proof) -> Proof:
        """The loss of an example by the input of any example: 0 unless it is its own."""
        at = x[self.problem.other_example, j]
        writer = Writer(context, d(self.problem.example_loss, at), theorems_of([example]), x=at)
        writer.at("own-row", (), k=self.problem.row[0])
        writer.everywhere(example.theorem.name)
        return _checked(writer, "own-x")

    def _begun(self, context: Context, slope: Term, lemmas: Mapping[str, Theorem], **sizes: Term) -> Writer:
        """A derivative carried out, with letters for the sizes given."""
        if sizes:
            context = context.with_letters({**context.indices, **sizes})
        writer = Writer(context, slope, lemmas, x=slope.args[1])
        carried_out(writer)
        return writer


def softmax_jacobian(
    name: str, context: Context, probabilities: Term, logits: Term, row: tuple[Term, ...], size: Term
) -> Proof:
    """dp_i/dz_k = p_i (delta_ik - p_k)."""
    at, by = probabilities[(*row, i)], logits[(*row, k)]
    draft = script(name, context, d(at, by))
    draft.move(f"definition:{probabilities}", brief=True)
    draft.move("quotient-rule", brief=True)
    coordinates = "matrix-coordinates" if row else "coordinates"
    draft.move("exp-rule").also(coordinates)
    if row:
        draft.also("delta-same", everywhere=True)
    draft.move("series-rule").also("exp-rule").also(coordinates)
    if row:
        draft.also("delta-same", everywhere=True)
    draft.move("pick", brief=True)
    draft.move("common-factor")
    draft.move("split-square")
    draft.move("divide-terms").also("cancel")
    draft.move(f"definition:{probabilities}", back=True, everywhere=True, brief=True)
    return draft.qed(at * (delta(i, k) - probabilities[(*row, k)]))


def chained(problem: NetworkProblem, writer: Writer, family: Term, index: Term, size: Term) -> None:
    """The chain rule through a family; of a batch, through the row of the example."""
    if problem.batch:
        writer.at("chain-rule-row", (), q=family, m=index, n=size, k=problem.row[0])
    else:
        writer.at("chain-rule", (), q=family, m=index, n=size)


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


def theorems_of(proofs: Iterable[Proof]) -> dict[str, Theorem]:
    """The theorems by name, to be cited as lemmas."""
    return {proof.theorem.name: proof.theorem for proof in proofs}


def _checked(writer: Writer, name: str) -> Proof:
    try:
        return writer.checked(name)
    except Refused as refusal:
        raise NotDifferentiable(f"{name} is not proved: {refusal}") from None
