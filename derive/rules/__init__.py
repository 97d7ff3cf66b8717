"""The cards: everything the proofs may cite, by name."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from derive.core.law import Rule
from derive.rules.algebra import ALGEBRA
from derive.rules.calculus import CALCULUS
from derive.rules.functions import CHAINED as OF_FUNCTIONS
from derive.rules.functions import FUNCTIONS
from derive.rules.meanings import MEANINGS
from derive.rules.sums import SUMS

RULES: dict[str, Rule] = {rule.name: rule for rule in (*CALCULUS, *FUNCTIONS, *MEANINGS, *SUMS, *ALGEBRA)}
# rules for an outer function of {u}; they are the chain rule too, unless {u} is the variable itself
CHAINED = OF_FUNCTIONS | {
    "exp-rule", "log-rule", "whole-power-rule", "negative-power-rule", "power-rule", "exponential-rule",
}  # fmt: skip


@dataclass(frozen=True)
class Words:
    """What a step is called, and why it holds, where no card says it."""

    title: Mapping[str, str]
    says: Mapping[str, str]


PROCEDURES: dict[str, Words] = {
    "abstract-chain": Words(
        {"en": "chain rule", "pt": "regra da cadeia"},
        {
            "en": "the derivative of the outer function, times that of the inner one",
            "pt": "a derivada da função externa vezes a da interna",
        },
    ),
    "rearrange": Words(
        {"en": "rearrange", "pt": "rearranjar"},
        {"en": "both sides are the same when multiplied out", "pt": "os dois lados são iguais, feitas as contas"},
    ),
    "write-out": Words(
        {"en": "write out the sum", "pt": "escrever a soma por extenso"},
        {"en": "one term for each entry", "pt": "um termo para cada entrada"},
    ),
    "rename": Words(
        {"en": "rename the index", "pt": "trocar o nome do índice"},
        {"en": "the letter of a bound index is free to choose", "pt": "a letra de um índice ligado é livre"},
    ),
}
