"""The cards: everything the proofs may cite, by name."""

from __future__ import annotations

from derive.core.law import Rule
from derive.rules.algebra import ALGEBRA
from derive.rules.calculus import CALCULUS
from derive.rules.functions import CHAINED as OF_FUNCTIONS
from derive.rules.functions import FUNCTIONS, MEANINGS
from derive.rules.sums import SUMS

RULES: dict[str, Rule] = {rule.name: rule for rule in (*CALCULUS, *FUNCTIONS, *MEANINGS, *SUMS, *ALGEBRA)}
# rules for an outer function of {u}; they are the chain rule too, unless {u} is the variable itself
CHAINED = OF_FUNCTIONS | {
    "exp-rule", "log-rule", "whole-power-rule", "negative-power-rule", "power-rule", "exponential-rule",
}  # fmt: skip
