"""The slips: each a wrong rule, left and what it wrongly becomes. Like a card, a slip holds no code.

Titles and sentences are in the words files, under slip.<name>.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from derive.core.condition import Condition
from derive.core.law import Rule
from derive.core.term import Term, d, delta, exp, fn, lift, log, neg, sym, total, walk
from derive.rules import RULES
from derive.rules.cards import c, constant, f, i, j, k, m, n, u, v, w, x

Scope = Literal["derivative", "anywhere", "term", "factor", "whole"]
Run = Literal["entry", "size"]
ZERO, ONE = lift(0), lift(1)


@dataclass(frozen=True)
class Slip:
    """left wrongly becomes right.

    scope: "derivative" takes the place of a card while differentiating; the others rewrite a correct line:
    "anywhere", at one "term" of a sum, at one "factor" of a product, or the "whole" of it. choose: slots that
    the left side leaves open, and what they run over: the entries (index letters and numbers) or the sizes in play.
    cards: those of which one is used wrongly; the slip is made only where one of them is the right card.
    """

    name: str
    left: Term
    right: Term
    scope: Scope = "anywhere"
    where: tuple[Condition, ...] = ()
    choose: tuple[tuple[str, Run], ...] = ()
    cards: tuple[str, ...] = ()


def _rule(name: str, cards: tuple[str, ...], left: Term, right: Term, *where: Condition) -> Slip:
    return Slip(name, left, right, "derivative", where, cards=cards)


def _line(name: str, left: Term, right: Term, scope: Scope = "anywhere", **choose: Run) -> Slip:
    return Slip(name, left, right, scope, choose=tuple(choose.items()))


def _put(body: Term, index: Term, by: Term) -> Term:
    return Term("put", (body, index, by))


PRODUCT = ("product-rule",)
QUOTIENT = ("quotient-rule", "reciprocal-rule", "constant-denominator")
POWER = ("power-rule", "whole-power-rule")
VARYING = ("logarithmic-differentiation",)
_OF_X = d(u, x)
WRONG_RULES = (
    _rule("exponential-as-power", ("exp-rule",), d(exp(u), x), u * exp(u - 1) * _OF_X),
    _rule("exponential-as-power", ("exponential-rule",), d(c**u, x), u * c ** (u - 1) * _OF_X, constant(c, x)),
    _rule("log-of-base-lost", ("exponential-rule",), d(c**u, x), c**u * _OF_X, constant(c, x)),
    _rule("exponential-as-power", VARYING, d(u**v, x), v * u ** (v - 1) * _OF_X),
    _rule("power-as-exponential", VARYING, d(u**v, x), u**v * log(u) * d(v, x)),
    _rule("product-of-derivatives", PRODUCT, d(u * v, x), _OF_X * d(v, x)),
    _rule("product-minus", PRODUCT, d(u * v, x), _OF_X * v - u * d(v, x)),
    _rule("product-one-term", PRODUCT, d(u * v, x), _OF_X * v),
    _rule("product-one-term", PRODUCT, d(u * v, x), u * d(v, x)),
    _rule("quotient-without-square", QUOTIENT, d(u / v, x), (_OF_X * v - u * d(v, x)) / v),
    _rule("rule-sign", ("reciprocal-rule",), d(c / v, x), c * d(v, x) / v**2, constant(c, x)),
    _rule("quotient-reversed", QUOTIENT, d(u / v, x), (u * d(v, x) - _OF_X * v) / v**2),
    _rule("quotient-plus", QUOTIENT, d(u / v, x), (_OF_X * v + u * d(v, x)) / v**2),
    _rule("quotient-of-derivatives", QUOTIENT, d(u / v, x), _OF_X / d(v, x)),
    _rule("quotient-of-derivatives", QUOTIENT, d(c / v, x), c / d(v, x), constant(c, x)),
    _rule("power-not-lowered", POWER, d(u**n, x), n * u**n * _OF_X, constant(n, x)),
    _rule("power-factor-lost", POWER, d(u**n, x), u ** (n - 1) * _OF_X, constant(n, x)),
    _rule("power-integrated", POWER, d(u**n, x), u ** (n + 1) / (n + 1) * _OF_X, constant(n, x)),
    _rule("log-base", ("log-rule",), d(log(u), x), _OF_X / (u * log(lift(10)))),
    _rule("log-base", ("log-rule",), d(log(u), x), _OF_X / (u * log(lift(2)))),
    _rule("log-base", ("log_base-rule",), d(fn("log_base", u, c), x), _OF_X / u, constant(c, x)),
    _rule("half-lost", ("sqrt-rule",), d(fn("sqrt", u), x), _OF_X / fn("sqrt", u)),
    _rule("square-lost", ("tan-rule",), d(fn("tan", u), x), fn("sec", u) * _OF_X),
    _rule("square-lost", ("tanh-rule",), d(fn("tanh", u), x), (ONE - fn("tanh", u)) * _OF_X),
    _rule("inverse-sign", ("arctan-rule",), d(fn("arctan", u), x), _OF_X / (ONE - u**2)),
    _rule("inverse-sign", ("arcsin-rule",), d(fn("arcsin", u), x), _OF_X / fn("sqrt", ONE + u**2)),
    _rule("constant-kept", ("sum-rule",), d(u + c, x), _OF_X + c, constant(c, x)),
    _rule("constant-kept", ("constant",), d(c, x), c, constant(c, x)),
    _rule("constant-as-variable", ("constant",), d(c, x), ONE, constant(c, x)),
)


def slips_with(card: Rule) -> Iterator[Slip]:
    """What goes wrong with any card that holds the chain rule: the inner derivative is lost or put inside, the sign."""
    if card.left.op != "d" or card.left.args[0].op not in ("fn", "pow"):
        return
    inner = list(dict.fromkeys(t for _, t in walk(card.right) if t.op == "d"))
    if len(inner) == 1 and inner[0].args[0].op == "slot":
        hole = inner[0].args[0]
        plain = _replaced(card.right, inner[0], ONE)
        yield Slip("inner-derivative-lost", card.left, plain, "derivative", card.where, cards=(card.name,))
        inside = _replaced(plain, hole, inner[0])
        yield Slip("derivative-inside", card.left, inside, "derivative", card.where, cards=(card.name,))
    sign = card.right.args[0] if card.right.op == "neg" else neg(card.right)
    yield Slip("rule-sign", card.left, sign, "derivative", card.where, cards=(card.name,))


def _replaced(t: Term, old: Term, new: Term) -> Term:
    if t == old:
        return new
    if not t.args:
        return t
    args = tuple(_replaced(a, old, new) for a in t.args)
    return Term(t.op, args, t.value) if t.op not in ("add", "mul") else _joined(t.op, args)


def _joined(op: str, args: tuple[Term, ...]) -> Term:
    result = args[0]
    for a in args[1:]:
        result = result + a if op == "add" else result * a
    return result


_p, _y, _z, _m = map(sym, "pyzm")
WRONG_NETWORKS = (
    _line("target-minus-prediction", _p[i] - _y[i], _y[i] - _p[i]),
    _line("target-minus-prediction", _p[i] - 1, ONE - _p[i]),
    _line("target-not-subtracted", _p[i] - _y[i], _p[i]),
    _line("target-not-subtracted", _p[i] - 1, _p[i]),
    _line("target-twice", _p[i] - _y[i], _p[i] - lift(2) * _y[i]),
    _line("double-softmax", _p[i], exp(_p[i]) / total(_m, n, exp(_p[_m])), n="size"),
    _line("logits-for-probabilities", _p[i], _z[i]),
)
WRONG_SUMS = (
    _line("one-term-of-the-sum", total(k, n, f), _put(f, k, j), j="entry"),
    _line("bound-and-free", total(k, n, f), total(j, n, _put(f, k, j)), j="entry"),
    _line("bound-and-free", c * total(k, n, f), total(j, n, c * _put(f, k, j)), j="entry"),
    _line("bound-and-free", total(k, n, f) * c, total(j, n, _put(f, k, j) * c), j="entry"),
    _line("delta-lost", f * delta(i, j), f),
    _line("delta-lost", delta(i, j), ONE),
    _line("delta-zero", delta(i, j), ZERO),
    _line("transposed", v[i, j], v[j, i]),
    _line("equal-indices-only", u, _put(u, i, j), "whole", i="entry", j="entry"),
)
WRONG_LINES = (
    # indices
    _line("index-swapped", v[i], v[j], j="entry"),
    _line("index-swapped", v[i, m], v[j, m], j="entry"),
    _line("index-swapped", v[i, m], v[i, j], j="entry"),
    _line("sum-lost", total(k, n, f), f),
    # differences and signs
    _line("difference-reversed", u - v, v - u),
    _line("bracket-sign", -(u - v), -u - v),
    _line("bracket-sign", w - (u - v), w - u - v),
    _line("bracket-sign", -(u + v), -u + v),
    _line("bracket-sign", w - (u + v), w - u + v),
    _line("bracket-first-term-only", u * (v + w), u * v + w),
    _line("bracket-first-term-only", u * (v - w), u * v - w),
    _line("lost-sign", -u, u),
    _line("lost-sign", u, -u, "whole"),
    _line("lost-sign", u, -u, "term"),
    # scale
    _line("times-the-number", u, n * u, "whole", n="size"),
    _line("divided-by-the-number", u, u / n, "whole", n="size"),
    _line("twice", u, lift(2) * u, "whole"),
    _line("half", u, u / 2, "whole"),
    _line("log-base", u, u / log(lift(2)), "whole"),
    _line("log-base", u, u / log(lift(10)), "whole"),
    _line("log-base", u, u * log(lift(2)), "whole"),
    _line("log-base", u, u * log(lift(10)), "whole"),
    # algebra that does not hold
    _line("power-of-a-difference", (u - v) ** n, u**n - v**n),
    _line("power-of-a-sum", (u + v) ** n, u**n + v**n),
    _line("log-of-a-sum", log(u + v), log(u) + log(v)),
    _line("log-of-a-quotient", log(u / v), log(u) / log(v)),
    _line("log-of-a-product", log(u * v), log(u) * log(v)),
    _line("exponential-of-a-sum", exp(u + v), exp(u) + exp(v)),
    _line("root-of-a-sum", fn("sqrt", u + v), fn("sqrt", u) + fn("sqrt", v)),
    _line("fraction-of-a-sum", u / (v + w), u / v + u / w),
    _line("fraction-of-a-sum", u / (v - w), u / v - u / w),
    _line("cancelled-in-a-sum", (u * v + w) / u, v + w),
    _line("cancelled-in-a-sum", (u * v - w) / u, v - w),
    # something left out or doubled
    _line("denominator-lost", u / v, u),
    _line("exponent-lost", u**n, u),
    _line("exponent-too-high", u**n, u ** (n + 1)),
    _line("exponent-too-low", u**n, u ** (n - 1)),
    _line("twice", u, lift(2) * u, "term"),
    _line("half", u, u / 2, "term"),
    _line("term-lost", u, ZERO, "term"),
    _line("factor-lost", u, ONE, "factor"),
    _line("fraction-turned", u / v, v / u),
)

# the most telling first: when several explain a line, the first is named
SLIPS: tuple[Slip, ...] = (
    *WRONG_NETWORKS,
    *WRONG_SUMS,
    *WRONG_RULES,
    *sorted((slip for card in RULES.values() for slip in slips_with(card)), key=lambda slip: slip.name == "rule-sign"),
    *WRONG_LINES,
)
