"""What a user holds in hand of a network: its definitions, the proofs of its gradients, and their numbers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from derive.core.kernel import simplest
from derive.core.law import Condition
from derive.errors import UsageError
from derive.function import WITNESSES
from derive.problems.network import NetworkProblem, network_problem, plain_name
from derive.problems.read_spec import read_network
from derive.problems.spec import NetworkSpec
from derive.proving.backpropagation import prove_network
from derive.proving.proof import Proof
from derive.told import Told

if TYPE_CHECKING:
    from derive.document.nodes import Document
    from derive.witness.verdict import Verdict

ALL = "all"


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

    def prove(self, wrt: str = ALL, batch: bool = False, witnesses: Sequence[str] = WITNESSES) -> NetworkDerivation:
        """The proved gradients by one family ("W1"), several ("W1,b1") or "all".

        batch: of the loss over N examples, rather than of one. Raises UsageError for a name that does not exist.

        >>> net = network({"network": {"input": 2, "layers": [{"units": 3}]}, "loss": {"name": "cross-entropy"}})
        >>> net.prove("b1").theorem.right
        add(p[k], neg(y[k]))
        """
        problem = self.batch if batch else self.example
        families = self._families(wrt)
        return NetworkDerivation(problem, families, prove_network(problem, families), tuple(witnesses))

    def _families(self, wrt: str) -> tuple[str, ...]:
        names = dict(zip(self.parameters, self.example.parameters, strict=True))
        if wrt == ALL:
            return tuple(names.values())
        asked = [name.strip() for name in wrt.split(",")]
        for name in asked:
            if name not in names:
                raise UsageError(f'there is no "{name}"; differentiate by {ALL} or by {", ".join(names)}')
        return tuple(names[name] for name in names if name in asked)


def network(source: str | Path | Mapping[str, Any] | NetworkSpec) -> Network:
    """A network from a TOML file, from a dict of the same shape, or from a NetworkSpec. Raises NetworkError.

    >>> network({"network": {"input": 2, "layers": [{"units": 3}]}, "loss": {"name": "cross-entropy"}}).parameters
    ('W1', 'b1', 'x')
    """
    return Network(source if isinstance(source, NetworkSpec) else read_network(source))


@dataclass(frozen=True, repr=False)
class NetworkDerivation(Told):
    """The proved gradients of a network.

    families: what it was differentiated by. proofs: every theorem made on the way, by name, in the order in
    which they are told.
    """

    statement: NetworkProblem
    families: tuple[str, ...]
    proofs: Mapping[str, Proof] = field(repr=False)
    witnesses: tuple[str, ...] = WITNESSES

    @property
    def main(self) -> str:
        """The name of the theorem of the family that was asked for first."""
        return f"gradient-{self.families[0]}"

    @property
    def proof(self) -> Proof:
        return self.proofs[self.main]

    @property
    def gradients(self) -> dict[str, Proof]:
        """The proof of each gradient, by what a person calls it: W2, b2, ..."""
        return {plain_name(family): self.proofs[f"gradient-{family}"] for family in self.families}

    @property
    def needs(self) -> tuple[Condition, ...]:
        """What must be positive or not zero, for everything that was asked."""
        conditions = (c for proof in self.proofs.values() for c in proof.theorem.conditions)
        return simplest(conditions, self.statement.context)

    @cached_property
    def verdicts(self) -> tuple[Verdict, ...]:
        """One verdict a witness, on all theorems."""
        from derive.witness.panel import judge

        theorems = {name: proof.theorem for name, proof in self.proofs.items()}
        return judge(self.statement, theorems, self.witnesses)

    def proof_named(self, name: str | None) -> Proof:
        return self.proofs[name or self.main]

    def document(self, detail: str = "lecture") -> Document:
        from derive.lectures.network_document import network_document

        return network_document(self.statement, self.families, self.proofs, self.verdicts, detail)

    def quick(self) -> NetworkDerivation:
        return replace(self, witnesses=("kernel",))
