"""What a lecture may call, by name; the words files say in a line what each does."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from derive.authoring import arrays, figures, matrices, numbers, parts, plots, proofs
from derive.authoring.author import Author
from derive.document.language import Language

CALLS: Mapping[str, Callable[..., Any]] = {
    "prove": proofs.prove,
    "lemma": proofs.lemma,
    "network": proofs.network,
    "theorem": proofs.theorem,
    "statement": proofs.statement,
    "lines": proofs.lines,
    "derivation": proofs.derivation,
    "definitions": proofs.definitions,
    "results": proofs.results,
    "evidence": proofs.evidence,
    "layers": parts.layers,
    "formula": parts.formula,
    "number": parts.number,
    "table": parts.table,
    "figure": figures.figure,
    "exercise": parts.exercise,
    "solution": parts.solution,
    "end": parts.end,
    "label": parts.label,
    "ref": parts.ref,
    "data": parts.data,
    "range": parts.bounded_range,
    "chain_numbers": numbers.chain_numbers,
    "values": numbers.values,
    "numbers_table": numbers.numbers_table,
    "descend": numbers.descend,
    "descent_table": numbers.descent_table,
    "value_at": plots.value_at,
    "graph_of": numbers.graph_of,
    "network_graph": numbers.network_graph,
    "seed_example": numbers.seed_example,
    "corrections": numbers.corrections,
    "matrix": matrices.matrix,
    "matrix_table": arrays.matrix_table,
    "layer_graph": arrays.layer_graph,
    "landscape": arrays.landscape,
    "comparison_table": arrays.comparison_table,
    "below": arrays.below,
}


def bound(author: Author) -> dict[str, Callable[..., Any]]:
    """The calls of one lecture."""
    return {name: partial(function, author) for name, function in CALLS.items()}


def told(language: Language) -> list[tuple[str, str]]:
    """Each call with what it does, in a language.

    >>> from derive.document.language import load_language
    >>> told(load_language("en"))[0][0]
    'prove'
    """
    return [(name, language.text(f"authoring.calls.{name.replace('_', '-')}")) for name in CALLS]
