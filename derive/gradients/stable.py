"""Forms of a term with the same value that keep their digits where the written one loses them or overflows.

A probability is an entry of a softmax, or a sigmoid. Its logarithm and its difference to 1 are computed by
themselves, and what is subtracted from a probability near 1 is subtracted from 1 first.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from derive.core.context import Definition
from derive.core.match import fill, match
from derive.core.term import Term, add, cases, exp, fn, log, mul, neg, num, rebuild, substitute, sym
from derive.gradients.scalar import FUNCTIONS
from derive.rules.meanings import MEANINGS

ONE, HALF = num(1), num(1) / num(2)
LOG, REST = "__log", "__rest"  # end the names of the logarithms of a family of probabilities, and of 1 minus them
MEANING = {str(rule.left.value): rule for rule in MEANINGS}


@dataclass(frozen=True)
class Probabilities:
    """The definitions whose entries are probabilities."""

    definitions: Mapping[str, Definition]

    def stable(self, t: Term) -> Term:
        """The term in a form that keeps its digits.

        >>> from derive.core.term import total
        >>> p, z, i, k, m = map(sym, "pzikm")
        >>> known = Probabilities({"p": Definition("p", ("i",), exp(z[i]) / total(m, 3, exp(z[m])))})
        >>> known.stable(log(p[k])), known.stable(num(1) - p[k])
        (p__log[k], p__rest[k])
        >>> known.stable(log(num(1) - fn("sigmoid", z[k])))
        logsigmoid(neg(z[k]))
        """
        if t.op == "fn" and t.value == "log":
            found = self._logarithm(t.args[0])
            if found is not None:
                return found
        if t.op == "fn" and t.value not in FUNCTIONS and t.value in MEANING:
            rule = MEANING[str(t.value)]
            return self.stable(fill(rule.right, match(rule.left, t) or {}))
        t = rebuild(t, tuple(map(self.stable, t.args)))
        return self._difference(t) if t.op == "add" else t

    def _logarithm(self, u: Term) -> Term | None:
        """ln u, where u is a probability or 1 minus one."""
        if u.op == "add" and len(u.args) == 2 and u.args[0] == ONE and u.args[1].op == "neg":
            rest = self._rest(u.args[1].args[0])
            return None if rest is None else self._logarithm(rest) or log(rest)
        u = self._opened(u)
        if u.op == "fn" and u.value == "sigmoid":
            return fn("logsigmoid", self.stable(u.args[0]))
        return self._family(u, LOG)

    def _rest(self, u: Term) -> Term | None:
        """1 - u for a probability."""
        u = self._opened(u)
        if u.op == "fn" and u.value == "sigmoid":
            inner = self.stable(u.args[0])
            return fn("sigmoid", inner.args[0] if inner.op == "neg" else neg(inner))
        return self._family(u, REST)

    def _family(self, u: Term, ending: str) -> Term | None:
        definition = self._definition(u)
        if definition is None or softmax_logits(definition) is None:
            return None
        return sym(f"{definition.name}{ending}")[u.args[1:]]

    def _opened(self, u: Term) -> Term:
        """What it is defined as, if that is a sigmoid."""
        definition = self._definition(u)
        if definition is None or definition.body.value != "sigmoid":
            return u
        return substitute(definition.body, dict(zip(definition.params, u.args[1:], strict=True)))

    def _definition(self, u: Term) -> Definition | None:
        return self.definitions.get(str(u.args[0].value)) if u.op == "elem" else None

    def _difference(self, t: Term) -> Term:
        """A sum with a probability or a softplus in it, by cases: 1 is left out where it would cancel."""
        for n, summand in enumerate(t.args):
            if summand.op == "fn" and summand.value == "softplus":
                u = summand.args[0]
                return cases(add(*t.args[:n], *t.args[n + 1 :], u, fn("softplus", neg(u))), u, ">", 0, t)
        splits = [split for n in range(len(t.args)) for split in self._splits(t.args[n], t.args[:n] + t.args[n + 1 :])]
        if not splits:
            return t
        best = min(splits, key=lambda split: (len(split.kept), split.summand.size))
        if not best.kept:
            return best.small
        return cases(add(*best.kept, best.small), best.probability, ">", HALF, t)

    def _splits(self, summand: Term, others: tuple[Term, ...]) -> Iterator[_Split]:
        """q a + others = (a + others) - (1 - q) a for every probability q in the summand; likewise for -q a."""
        minus = summand.op == "neg"
        product = summand.args[0] if minus else summand
        parts = product.args if product.op == "mul" else (product,)
        for n, part in enumerate(parts):
            rest = self._rest(part)
            if rest is not None:
                times = parts[:n] + parts[n + 1 :]
                whole = mul(*times) if times else ONE
                small = mul(rest, *times) if times else rest
                added, cancels = (neg(whole), whole) if minus else (whole, neg(whole))
                kept = _without(cancels, others) if cancels in others else (*others, added)
                yield _Split(summand, part, kept, small if minus else neg(small))


@dataclass(frozen=True)
class _Split:
    """A summand with a probability in it as small, and what the others become."""

    summand: Term
    probability: Term
    kept: tuple[Term, ...]
    small: Term


def _without(t: Term, terms: tuple[Term, ...]) -> tuple[Term, ...]:
    at = terms.index(t)
    return terms[:at] + terms[at + 1 :]


def softmax_logits(definition: Definition) -> Term | None:
    """The u_i of a definition exp(u_i) / sum_m exp(u_m), at its last index; None if it is no softmax.

    >>> from derive.core.term import total
    >>> z, i, m = map(sym, "zim")
    >>> softmax_logits(Definition("p", ("i",), exp(z[i]) / total(m, 3, exp(z[m]))))
    z[i]
    """
    body = definition.body
    if body.op != "div" or body.args[0].value != "exp" or body.args[1].op != "sum":
        return None
    logits, (index, _, each) = body.args[0].args[0], body.args[1].args
    same = each == exp(substitute(logits, {definition.params[-1]: index}))
    return logits if same else None
