"""Forms of a term with the same value that keep their digits where the written one loses them or overflows.

A probability is an entry of a softmax, or a sigmoid. Its logarithm and its difference to 1 are computed by
themselves, and what is subtracted from a probability near 1 is subtracted from 1 first.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from derive.core.context import Definition
from derive.core.match import fill, match
from derive.core.term import Term, add, cases, exp, fn, log, mul, neg, num, rebuild, substitute, sym
from derive.gradients.functions import FUNCTIONS
from derive.rules.functions import MEANINGS

ONE, HALF = num(1), num(1) / num(2)
# of a softmax p: its logarithms, 1 minus it, p - y and -sum_k y_k ln p_k; p__logarithm, p__residual__y are their names
LOGARITHM, COMPLEMENT, RESIDUAL, LOSSES = "logarithm", "complement", "residual", "losses"
OF_SOFTMAX = (LOGARITHM, COMPLEMENT, RESIDUAL, LOSSES)
_NAMED = re.compile(rf"(.+)__({'|'.join(OF_SOFTMAX)})(?:__(.+))?")
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
        (p__logarithm[k], p__complement[k])
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
        if (found := self._with_targets(t)) is not None:
            return found
        t = rebuild(t, tuple(map(self.stable, t.args)))
        return self._difference(t) if t.op == "add" else t

    def _with_targets(self, t: Term) -> Term | None:
        """p_k - y_k or y_k - p_k, and -sum_k y_k ln p_k, of a softmax p and a y that has no definition."""
        if t.op == "add" and len(t.args) == 2:
            for p, y in (t.args, t.args[::-1]):
                if y.op == "neg" and (found := self._pair(RESIDUAL, p, y.args[0])):
                    return found
                if p.op == "neg" and (found := self._pair(RESIDUAL, p.args[0], y)):
                    return neg(found)
        if t.op == "neg" and t.args[0].op == "sum":
            index, _, body = t.args[0].args
            if body.op == "mul" and len(body.args) == 2 and body.args[1].value == "log":
                y, p = body.args[0], body.args[1].args[0]
                if p.op == "elem" and p.args[-1] == index:
                    return self._pair(LOSSES, p, y)
        return None

    def _pair(self, kind: str, p: Term, y: Term) -> Term | None:
        """The family of what is computed of p and y together; losses have no class."""
        definition = self._definition(p)
        fits = y.op == "elem" and p.args[1:] == y.args[1:] and all(place.op == "sym" for place in y.args[1:])
        if definition is None or softmax_logits(definition) is None or not fits or self._definition(y) is not None:
            return None
        places = p.args[1:-1] if kind == LOSSES else p.args[1:]
        family = sym(f"{p.args[0].value}__{kind}__{y.args[0].value}")
        return family[places] if places else family

    def _logarithm(self, u: Term) -> Term | None:
        """ln u, where u is a probability or 1 minus one."""
        if u.op == "add" and len(u.args) == 2 and u.args[0] == ONE and u.args[1].op == "neg":
            rest = self._rest(u.args[1].args[0])
            return None if rest is None else self._logarithm(rest) or log(rest)
        u = self._opened(u)
        if u.op == "fn" and u.value == "sigmoid":
            return fn("logsigmoid", self.stable(u.args[0]))
        return self._family(u, LOGARITHM)

    def _rest(self, u: Term) -> Term | None:
        """1 - u for a probability."""
        u = self._opened(u)
        if u.op == "fn" and u.value == "sigmoid":
            inner = self.stable(u.args[0])
            return fn("sigmoid", inner.args[0] if inner.op == "neg" else neg(inner))
        return self._family(u, COMPLEMENT)

    def _family(self, u: Term, kind: str) -> Term | None:
        definition = self._definition(u)
        if definition is None or softmax_logits(definition) is None:
            return None
        return sym(f"{definition.name}__{kind}")[u.args[1:]]

    def _opened(self, u: Term) -> Term:
        """What it is defined as, if that is a sigmoid."""
        definition = self._definition(u)
        if definition is None or definition.body.value != "sigmoid":
            return u
        return definition.at(u.args[1:])

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


def of_softmax(name: str) -> tuple[str, tuple[str, ...]] | None:
    """What the family of this name is, and of which probabilities and targets, if it is one of those above.

    >>> of_softmax("h__2__residual__y"), of_softmax("h__2")
    (('residual', ('h__2', 'y')), None)
    """
    found = _NAMED.fullmatch(name)
    return None if found is None else (found[2], tuple(filter(None, (found[1], found[3]))))


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
