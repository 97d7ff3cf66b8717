"""Recognising the derivative of a softmax in an index line."""

from __future__ import annotations

from derive.core.arithmetic import equal
from derive.core.term import Term, add, delta, mul, neg, substitute


def is_jacobian(u: Term, other: Term, r: Term, c: Term | None) -> bool:
    """Whether u_r times the other factor is u_r (delta_rc - u_c)."""
    if c is None:
        return False
    at = substitute(u, {str(r.value): c})
    return other in (add(delta(r, c), neg(at)), add(delta(c, r), neg(at)))


def centred(u: Term, other: Term, r: Term) -> Term | None:
    """v_r if the other factor is v_r - sum_j u_j v_j; else None.

    >>> from derive.core.term import sym, total
    >>> u, v, r, j = map(sym, "uvrj")
    >>> centred(u[r], v[r] - total(j, 3, v[j] * u[j]), r)
    v[r]
    """
    if other.op != "add":
        return None
    for term in other.args:
        if term.op != "neg" or term.args[0].op != "sum":
            continue
        j, _, body = term.args[0].args
        v = add(*(a for a in other.args if a is not term))
        if equal(body, mul(*(substitute(a, {str(r.value): j}) for a in (u, v)))):
            return v
    return None
