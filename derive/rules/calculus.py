"""Rules of differentiation."""

from derive.core.condition import Condition
from derive.core.term import d, delta, exp, lift, log, total
from derive.rules.cards import a, apart, c, card, constant, f, i, j, k, m, n, nonzero, positive, q, u, v, w, x

CALCULUS = [
    card(
        "constant", d(c, x), lift(0), constant(c, x),
    ),
    card(
        "variable", d(x, x), lift(1),
    ),
    card(
        "coordinates", d(v[i], v[j]), delta(i, j),
    ),
    card(
        "matrix-coordinates", d(v[i, m], v[j, n]), delta(i, j) * delta(m, n),
    ),
    card(
        "sum-rule", d(u + v, x), d(u, x) + d(v, x),
    ),
    card(
        "difference-rule", d(u - v, x), d(u, x) - d(v, x),
    ),
    card(
        "negative-rule", d(-u, x), -d(u, x),
    ),
    card(
        "constant-factor", d(c * u, x), c * d(u, x), constant(c, x),
    ),
    card(
        "constant-factor-right", d(u * c, x), d(u, x) * c, constant(c, x),
    ),
    card(
        "product-rule", d(u * v, x), d(u, x) * v + u * d(v, x),
    ),
    card(
        "quotient-rule", d(u / v, x), (d(u, x) * v - u * d(v, x)) / v**2, nonzero(v),
    ),
    card(
        "constant-denominator", d(u / c, x), d(u, x) / c, constant(c, x), nonzero(c),
    ),
    card(
        "reciprocal-rule", d(c / v, x), -(c * d(v, x) / v**2), constant(c, x), nonzero(v),
    ),
    card(
        "exp-rule", d(exp(u), x), exp(u) * d(u, x),
    ),
    card(
        "log-rule", d(log(u), x), lift(1) / u * d(u, x), positive(u),
    ),
    card(
        "whole-power-rule", d(u**n, x), n * u ** (n - 1) * d(u, x), Condition("whole", (n,)),
    ),
    card(
        "negative-power-rule", d(u**-n, x), -(n * u ** -(n + 1) * d(u, x)), Condition("natural", (n,)), nonzero(u),
    ),
    card(
        "power-rule", d(u**n, x), n * u ** (n - 1) * d(u, x), constant(n, x), positive(u),
    ),
    card(
        "exponential-rule", d(a**u, x), a**u * log(a) * d(u, x), constant(a, x), positive(a),
    ),
    card(
        "logarithmic-differentiation", d(u**v, x), u**v * d(v * log(u), x), positive(u),
    ),
    card(
        "series-rule", d(total(k, n, f), x), total(k, n, d(f, x)), apart(k, x),
    ),
    card(
        "chain-rule", d(w, x), total(m, n, d(w, q[m]) * d(q[m], x)),
        Condition("through", (w, q, x)), Condition("sized", (q, n)), apart(m, w), apart(m, x),
    ),
    card(
        "chain-rule-row", d(w, x), total(m, n, d(w, q[k, m]) * d(q[k, m], x)),
        Condition("through-row", (w, q, k, x)), Condition("columns", (q, n)),
        apart(m, w), apart(m, x), apart(m, k),
    ),
    card(
        "own-row", d(w, v[i, j]), delta(k, i) * d(w, v[k, j]), Condition("rows", (w, v, k)),
    ),
]  # fmt: skip
