"""What a user holds in hand of a network: its definitions, the proofs of its gradients, and their numbers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from derive.chains.network import NetworkProblem, network_problem, plain_name
from derive.chains.read_spec import read_network
from derive.chains.spec import NetworkSpec
from derive.derivation.derivation import WITNESSES, Derivation, check_witnesses, derived
from derive.derivation.kinds import ALL, families_of
from derive.errors import UsageError
from derive.matrices.forms import matrix_forms
from derive.matrices.layout import Layout, layout_named, usual_layout
from derive.matrices.theorem import MatrixTheorem
from derive.proofs.prove import plan_of, prove

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    from derive.gradients.network import NetworkFunction
    from derive.gradients.objective import Objective


@dataclass(frozen=True)
class Network:
    """A feed-forward network with its loss, for instance `derive.network("net.toml")`."""

    spec: NetworkSpec

    @cached_property
    def example(self) -> NetworkProblem:
        """The network for one example."""
        return network_problem(self.spec)

    @cached_property
    def batch(self) -> NetworkProblem:
        """The network for N examples and the loss over all of them."""
        return network_problem(self.spec, batch=True)

    @property
    def parameters(self) -> tuple[str, ...]:
        """What can be differentiated by: W2, b2, W1, b1, x."""
        return tuple(map(plain_name, self.example.parameters))

    def prove(
        self,
        wrt: str | Sequence[str] = ALL,
        batch: bool = False,
        witnesses: Sequence[str] = WITNESSES,
        layout: Layout | str | None = None,
    ) -> Derivation:
        """The proved gradients by one family ("W1"), several ("W1,b1") or "all".

        batch: of the loss over N examples, rather than of one. layout: of its matrix forms, a Layout or its words
        ("columns,numerator"). Raises UsageError for a name that does not exist.

        >>> net = network({"network": {"input": 2, "layers": [{"units": 3}]}, "loss": {"name": "cross-entropy"}})
        >>> net.prove("b1").theorem.right
        add(p[k], neg(y[k]))
        """
        problem = self.batch if batch else self.example
        families = families_of(plan_of(problem.chain), wrt)
        check_witnesses(witnesses)
        return derived(problem.chain, families, witnesses, layout=_layout(layout, problem))

    def forward(self, params: Mapping[str, ArrayLike], x: ArrayLike, y: ArrayLike | None = None) -> dict[str, Any]:
        """Every intermediate value by name, "s1", "h1", "s2", "p", ...; with targets also "ell" and "L".

        params: {"W1": (out, in), "b1": (out,), ...}, and what has no value in the definitions, such as a temperature
        "T". x: (N, in), or (in,) for one example. y: labels 0..C-1 (N,) where the targets are an index, else (N, C).
        Raises UsageError for what does not fit.

        >>> net = network({"network": {"input": 1, "layers": [{"units": 2}]}, "loss": {"name": "cross-entropy"}})
        >>> net.forward({"W1": [[0], [0]], "b1": [0, 0]}, [1])["p"]
        array([0.5, 0.5])
        """
        return self._definitions.forward(params, x, y)

    def value_and_grad(
        self, params: Mapping[str, ArrayLike], x: ArrayLike, y: ArrayLike
    ) -> tuple[Any, dict[str, NDArray[Any]]]:
        """The loss over the examples and its gradients by name, "W1", "b1", ..., "x"; arguments as in `forward`.

        The loss is computed by the definitions, the gradients by the right sides of the proved theorems. With the
        reduction "none" the loss is (N,), without penalties, and the first axis of every gradient is the example.

        >>> net = network({"network": {"input": 1, "layers": [{"units": 2}]}, "loss": {"name": "cross-entropy"}})
        >>> loss, gradients = net.value_and_grad({"W1": [[0], [0]], "b1": [0, 0]}, [[1]], [[1, 0]])
        >>> gradients["b1"]
        array([-0.5,  0.5])
        """
        return self._gradients(params, x, y)

    def matrix_forms(self, layout: Layout | str | None = None, batch: bool = False) -> dict[str, MatrixTheorem]:
        """The forward pass and the gradients as equations of matrices, by name; lines without such a form are left out.

        layout: by default a single example is a column, and of a batch each example a row; dL/dW is shaped like W.

        >>> net = network({"network": {"input": 2, "layers": [{"units": 3}]}, "loss": {"name": "cross-entropy"}})
        >>> net.matrix_forms()["gradient-W__1"].numpy(), net.matrix_forms(batch=True)["gradient-W__1"].numpy()
        ('(p - y) @ x.T', '(P - Y).T @ X / N')
        """
        problem = self.batch if batch else self.example
        forms = matrix_forms(problem, prove(problem.chain), _layout(layout, problem))
        return dict(forms.theorems)

    def initial(self, seed: int = 0, **sizes: int) -> dict[str, NDArray[Any]]:
        """Small random weights and biases, the same for the same seed; sizes: what a symbolic size is.

        >>> net = network({"network": {"input": 2, "layers": [{"units": "C"}]}, "loss": {"name": "cross-entropy"}})
        >>> {name: array.shape for name, array in net.initial(C=3).items()}
        {'W1': (3, 2), 'b1': (3,)}
        """
        from derive.gradients.network_inputs import random_parameters

        return random_parameters(self.example, seed, sizes)

    @cached_property
    def _definitions(self) -> NetworkFunction:
        from derive.gradients.network import network_function

        return network_function(self.batch)

    @cached_property
    def _gradients(self) -> NetworkFunction:
        from derive.gradients.network import network_function

        return network_function(self.batch, self.prove(batch=True).theorems)

    def __repr__(self) -> str:
        activations = [layer.activation for layer in self.spec.layers]
        return f"<{self.spec.name}: {self.example.units}, {', '.join(activations)}, {self.spec.loss.name}>"


def _layout(layout: Layout | str | None, problem: NetworkProblem) -> Layout:
    """A layout, or what its words say; the usual one by default."""
    if isinstance(layout, str):
        return layout_named(layout, usual_layout(problem))
    if layout is not None and not isinstance(layout, Layout):
        raise UsageError(f'{layout!r:.40} is not a layout; write its words, such as "columns,numerator"')
    return layout or usual_layout(problem)


def network(source: str | Path | Mapping[str, Any] | NetworkSpec) -> Network:
    """A network from a TOML file, from a dict of the same shape, or from a NetworkSpec. Raises NetworkError.

    >>> network({"network": {"input": 2, "layers": [{"units": 3}]}, "loss": {"name": "cross-entropy"}}).parameters
    ('W1', 'b1', 'x')
    """
    return Network(source if isinstance(source, NetworkSpec) else read_network(source))


def objective(loss: str | Mapping[str, Any]) -> Objective:
    """The gradient and the diagonal Hessian of a loss in its scores, as gradient-boosting libraries ask for them.

    loss: a name, or what stands under [loss] in a file. The scores are logits, or predictions of numbers.
    Raises NetworkError, or NotDifferentiable for a loss without second derivatives.

    >>> gradient, hessian = objective({"name": "cross-entropy", "target": "index"})([[0.0, 0.0]], [1])
    >>> gradient, hessian
    (array([[ 0.5, -0.5]]), array([[0.25, 0.25]]))
    """
    from derive.gradients.objective import objective as of

    described = {"name": loss} if isinstance(loss, str) else loss
    weights = described.get("weights") if isinstance(described, Mapping) else None
    size = len(weights) if isinstance(weights, list | tuple) and len(weights) > 0 else "C"
    spec = read_network({"network": {"input": size, "layers": [{"units": size}]}, "loss": described})
    return of(spec.loss)
