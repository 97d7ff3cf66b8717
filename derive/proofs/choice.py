"""Which rule differentiates a function, by its outermost operation: a table, without search."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction

from derive.core.arithmetic import equal
from derive.core.condition import Condition
from derive.core.context import Context
from derive.core.functions import FUNCTIONS
from derive.core.meaning import base
from derive.core.term import Term, fn, free, mul, num
from derive.errors import UsageError
from derive.proofs.pretty import pretty
from derive.rules import RULES
from derive.rules.functions import MEANINGS

ONE, ZERO = num(1), num(0)
MANY = 8  # factors
CASES = {"<": "less", "<=": "at-most", ">": "greater", ">=": "at-least"}
Choice = tuple[str, dict[str, Term], Term | None]
INSIDE = frozenset(
    ("power-one", "power-zero", "max-same", "min-same", "change-of-base", *(rule.name for rule in MEANINGS))
)
STRUCTURE = ("product-rule", "quotient-rule", "series-rule")
LEAVES = frozenset(RULES) - frozenset(STRUCTURE) | {"abstract-chain"}


def inside(rule: str) -> bool:
    """Whether it rewrites what stands under the derivative, rather than the derivative."""
    return rule in INSIDE or rule.startswith("definition:")


class NotDifferentiable(UsageError):
    """A function, or a place in it, that no rule differentiates; the message says which and why.

    needed: what would have to hold, and never does.
    """

    def __init__(self, why: str, needed: Condition | None = None) -> None:
        super().__init__(why)
        self.needed = needed


@dataclass(frozen=True)
class Asked:
    """By what is differentiated, and what the names stand for."""

    context: Context
    x: Term

    def moves(self, u: Term) -> bool:
        """Whether u depends on the variable."""
        return base(self.x) in self.context.reach(free(u))


def chosen(asked: Asked, u: Term) -> Choice:
    """The rule for the derivative of u, what it needs to be told, and u rewritten before it if need be."""
    if u == asked.x:
        return "variable", {}, None
    if not asked.moves(u):
        return "constant", {}, None
    return _CHOICE[u.op](asked, u) if u.op in _CHOICE else _no_rule(u)


def _of_add(asked: Asked, u: Term) -> Choice:
    pair = len(u.args) == 2 and u.args[1].op == "neg"
    return ("difference-rule" if pair else "sum-rule"), {}, None


def _of_neg(asked: Asked, u: Term) -> Choice:
    return "negative-rule", {}, None


def _of_mul(asked: Asked, u: Term) -> Choice:
    still = [a for a in u.args if not asked.moves(a)]
    moving = [a for a in u.args if asked.moves(a)]
    if not still:  # of many factors the first half: the rest is not written anew for each of them
        first = 1 if len(u.args) <= MANY else len(u.args) // 2
        return "product-rule", {"u": mul(*u.args[:first]), "v": mul(*u.args[first:])}, None
    ordered = mul(*_one_number(still), *moving)
    return "constant-factor", {"c": ordered.args[0]}, None if ordered == u else ordered


def _of_div(asked: Asked, u: Term) -> Choice:
    top, bottom = u.args
    if not asked.moves(bottom):
        return "constant-denominator", {}, None
    return ("quotient-rule" if asked.moves(top) else "reciprocal-rule"), {}, None


def _of_pow(asked: Asked, u: Term) -> Choice:
    bottom, exponent = u.args
    if exponent.op in ("add", "mul", "div") and not free(exponent):
        value = pretty(exponent)
        if value != exponent and (value.args or (value,))[0].op == "num":  # (x + 1)^(3 - 2)
            rule, using, _ = _of_pow(asked, bottom**value)
            return rule, using, bottom**value
    if not asked.moves(exponent):
        if _is_whole(exponent):
            if exponent == ONE:
                return "power-one", {}, None
            return ("whole-power-rule" if exponent != ZERO else "power-zero"), {}, None
        if exponent.op == "neg" and _is_whole(exponent.args[0]) and exponent.args[0] != ZERO:
            return "negative-power-rule", {}, None
        return "power-rule", {}, None
    return ("logarithmic-differentiation" if asked.moves(bottom) else "exponential-rule"), {}, None


def _of_fn(asked: Asked, u: Term) -> Choice:
    name = str(u.value)
    if name not in FUNCTIONS:
        return "abstract-chain", {}, None
    if name == "log_base" and asked.moves(u.args[1]):
        return "change-of-base", {}, None
    if (settled := _without_kink(name, u)) is not None:
        return settled
    for rule in (f"{name}-rule", f"definition-{name}"):
        if rule in RULES:
            return rule, {}, None
    return _no_rule(u)


def _without_kink(name: str, u: Term) -> Choice | None:
    """max(u, u) is u, and |u - u| is |0|: what has the kink is 0 everywhere."""
    if name in ("max", "min") and _same_value(*u.args):
        first, second = u.args
        return f"{name}-same", {}, None if first == second else fn(name, first, first)
    if name in ("abs", "relu") and _same_value(u.args[0], ZERO):
        return "constant", {}, fn(name, ZERO)
    return None


def _same_value(u: Term, v: Term) -> bool:
    try:
        return equal(u, v)
    except (ValueError, ZeroDivisionError):
        return False


def _of_cases(asked: Asked, u: Term) -> Choice:
    return f"cases-rule-{CASES[str(u.value)]}", {}, None


def _of_sum(asked: Asked, u: Term) -> Choice:
    return "series-rule", {}, None


def _of_elem(asked: Asked, u: Term) -> Choice:
    """An entry of what is defined is what it stands for; entries of the variable's own family are independent."""
    if base(u) != base(asked.x):
        return f"definition:{base(u)}", {}, None
    return ("coordinates" if len(u.args) == 2 else "matrix-coordinates"), {}, None


_CHOICE: dict[str, Callable[[Asked, Term], Choice]] = {
    "add": _of_add, "neg": _of_neg, "mul": _of_mul, "div": _of_div, "pow": _of_pow, "fn": _of_fn,
    "cases": _of_cases, "sum": _of_sum, "elem": _of_elem, "sym": _of_elem,
}  # fmt: skip


def _one_number(factors: list[Term]) -> list[Term]:
    """The numbers among the factors multiplied, in front."""
    numbers = [a for a in factors if not free(a) and pretty(a).op in ("num", "neg", "div")]
    if len(numbers) < 2:
        return factors
    return [pretty(mul(*numbers)), *(a for a in factors if a not in numbers)]


# functions that are read but not differentiated, and why
WITHOUT_RULE = {
    "floor": "it jumps at every whole number",
    "ceil": "it jumps at every whole number",
    "round": "it jumps half-way between whole numbers",
    "tetragamma": "its derivative has no name here",
}


def _no_rule(u: Term) -> Choice:
    name = str(u.value if u.op == "fn" else u.op)
    why = WITHOUT_RULE.get(name, "there is no rule for it")
    raise NotDifferentiable(f"cannot differentiate {name}: {why}; write the function without it")


def _is_whole(n: Term) -> bool:
    return n.op == "num" and isinstance(n.value, Fraction) and n.value.denominator == 1
