"""Numbers through the chain: networks and formulas at a point, forward and backward, and gradient descent.

>>> from derive import examples
>>> examples.graph_of("(a+b)*c", {"a": 2, "b": 3, "c": 4}).gradients
{'a': 4.0, 'b': 4.0, 'c': 5.0}
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from derive.examples.chain import chain_numbers
    from derive.examples.compared import Comparison, compared_with_differences, compared_with_torch
    from derive.examples.gradient_descent import Row, Trace, descend
    from derive.examples.graph import Edge, Graph, Node, Stroke
    from derive.examples.graph_formula import graph_of
    from derive.examples.graph_network import layer_graph, network_graph
    from derive.examples.loss_values import landscape
    from derive.examples.quantities import ChainNumbers, Quantity
    from derive.examples.seeds import Erratum, SeedExample, errata, errata_of, seed_example

__all__ = [
    "ChainNumbers", "Comparison", "Edge", "Erratum", "Graph", "Node", "Quantity", "Row", "SeedExample", "Stroke",
    "Trace", "chain_numbers", "compared_with_differences", "compared_with_torch", "descend", "errata", "errata_of",
    "graph_of", "landscape", "layer_graph", "network_graph", "seed_example",
]  # fmt: skip

# loaded when first asked for: NumPy and the proofs take a while
_HOMES = {
    **dict.fromkeys(["ChainNumbers", "Quantity"], "quantities"),
    "chain_numbers": "chain",
    **dict.fromkeys(["Comparison", "compared_with_differences", "compared_with_torch"], "compared"),
    **dict.fromkeys(["Row", "Trace", "descend"], "gradient_descent"),
    **dict.fromkeys(["Edge", "Graph", "Node", "Stroke"], "graph"),
    "graph_of": "graph_formula",
    **dict.fromkeys(["layer_graph", "network_graph"], "graph_network"),
    "landscape": "loss_values",
    **dict.fromkeys(["Erratum", "SeedExample", "errata", "errata_of", "seed_example"], "seeds"),
}


def __getattr__(name: str) -> Any:
    if name in _HOMES:
        return getattr(import_module(f"derive.examples.{_HOMES[name]}"), name)
    raise AttributeError(f"module 'derive.examples' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted(__all__)
