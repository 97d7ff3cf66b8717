"""Rules of indexed sums and Kronecker deltas."""

from derive.core.condition import Condition
from derive.core.term import delta, lift, put, total
from derive.rules.cards import apart, c, card, f, i, j, k, n, nonzero, u

_IN_RANGE = Condition("ranges", (j, n))

SUMS = [
    card(
        "pick", total(k, n, f * delta(k, j)), put(f, k, j), apart(k, j), _IN_RANGE,
    ),
    card(
        "pick-one", total(k, n, delta(k, j)), lift(1), apart(k, j), _IN_RANGE,
    ),
    card(
        "delta-order", delta(i, j), delta(j, i),
    ),
    card(
        "delta-same", delta(i, i), lift(1),
    ),
    card(
        "delta-other", delta(i, j), lift(0), Condition("distinct", (i, j)),
    ),
    card(
        "factor-out", total(k, n, c * f), c * total(k, n, f), apart(k, c),
    ),
    card(
        "factor-out-right", total(k, n, f * c), total(k, n, f) * c, apart(k, c),
    ),
    card(
        "divide-sum", total(k, n, f / c), total(k, n, f) / c, apart(k, c), nonzero(c),
    ),
    card(
        "sum-of-constant", total(k, n, c), n * c, apart(k, c),
    ),
    card(
        "split-sum", total(k, n, f + u), total(k, n, f) + total(k, n, u),
    ),
    card(
        "split-difference", total(k, n, f - u), total(k, n, f) - total(k, n, u),
    ),
    card(
        "negative-sum", total(k, n, -f), -total(k, n, f),
    ),
]  # fmt: skip
