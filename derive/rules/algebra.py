"""Rules of algebra, logarithms and exponentials that deserve a name on the board."""

from derive.core.term import RELATIONS, cases, exp, fn, lift, log, neg
from derive.rules.cards import a, b, c, card, nonzero, positive, u, v, w

ZERO, ONE = lift(0), lift(1)

ALGEBRA = [
    card(
        "log-quotient", log(u / v), log(u) - log(v), positive(u), positive(v),
    ),
    card(
        "log-exp", log(exp(u)), u,
    ),
    card(
        "exp-difference", exp(u - v), exp(u) / exp(v),
    ),
    card(
        "common-factor", u * v - u * w, u * (v - w),
    ),
    card(
        "distribute", u * (v - w), u * v - u * w,
    ),
    card(
        "split-fraction", (u * v) / (w * c), u / w * (v / c), nonzero(w), nonzero(c),
    ),
    card(
        "split-square", (u * v) / w**2, u / w * (v / w), nonzero(w),
    ),
    card(
        "divide-terms", (u - v) / w, u / w - v / w, nonzero(w),
    ),
    card(
        "cancel", u * v / v, u, nonzero(v),
    ),
    card(
        "cancel-factor", u / v * v, u, nonzero(v),
    ),
    card(
        "cancel-all", u / u, ONE, nonzero(u),
    ),
    card(
        "common-denominator", u / w / (v / w), u / v, nonzero(v), nonzero(w),
    ),
    card(
        "fraction-times", ONE / v * u, u / v, nonzero(v),
    ),
    card(
        "negative-numerator", -u / v, -(u / v), nonzero(v),
    ),
    card(
        "times-fraction", u * (ONE / v), u / v, nonzero(v),
    ),
    card(
        "negative-factor", u * -v, -(u * v),
    ),
    card(
        "negative-first", -u * v, -(u * v),
    ),
    card(
        "resolve-bracket", -(u - v), v - u,
    ),
    card(
        "swap-factors", u * v, v * u,
    ),
    card(
        "zero-times", ZERO * u, ZERO,
    ),
    card(
        "times-zero", u * ZERO, ZERO,
    ),
    card(
        "one-times", ONE * u, u,
    ),
    card(
        "times-one", u * ONE, u,
    ),
    card(
        "plus-zero", u + ZERO, u,
    ),
    card(
        "zero-plus", ZERO + u, u,
    ),
    card(
        "minus-zero", u - ZERO, u,
    ),
    card(
        "zero-minus", ZERO - u, -u,
    ),
    card(
        "double-negative", neg(-u), u,
    ),
    card(
        "power-one", u**1, u,
    ),
    card(
        "power-zero", u**0, ONE, nonzero(u),
    ),
    card(
        "max-same", fn("max", u, u), u,
    ),
    card(
        "min-same", fn("min", u, u), u,
    ),
    card(
        "root-of-square", fn("sqrt", u**2), fn("abs", u),
    ),
    card(
        "exp-log", exp(log(u)), u, positive(u),
    ),
    card(
        "log-one", log(ONE), ZERO,
    ),
    card(
        "change-of-base", fn("log_base", u, b), log(u) / log(b), positive(u), positive(b), nonzero(log(b)),
    ),
    card(
        "pythagoras", fn("sin", u) ** 2 + fn("cos", u) ** 2, ONE,
    ),
    card(
        "pythagoras-cosine", fn("cos", u) ** 2 + fn("sin", u) ** 2, ONE,
    ),
    card(
        "pythagoras-hyperbolic", fn("cosh", u) ** 2 - fn("sinh", u) ** 2, ONE,
    ),
    card(
        "name-tangent", fn("sin", u) / fn("cos", u), fn("tan", u), nonzero(fn("cos", u)),
    ),
    card(
        "name-cotangent", fn("cos", u) / fn("sin", u), fn("cot", u), nonzero(fn("sin", u)),
    ),
    card(
        "name-hyperbolic-tangent", fn("sinh", u) / fn("cosh", u), fn("tanh", u),
    ),
    card(
        "name-sigmoid", ONE / (ONE + exp(-u)), fn("sigmoid", u),
    ),
    card(
        "name-sigmoid-positive", exp(u) / (ONE + exp(u)), fn("sigmoid", u),
    ),
    card(
        "name-sigmoid-slope", exp(-u) / (ONE + exp(-u)) ** 2, fn("sigmoid", u) * (ONE - fn("sigmoid", u)),
    ),
    *(
        card(
            f"cases-same-{name}", cases(u, a, relation, b, u), u,
        )
        for relation, name in zip(RELATIONS, ("less", "at-most", "greater", "at-least"), strict=True)
    ),
    *(
        card(
            f"cases-factor-{name}", cases(u * c, a, relation, b, v * c), cases(u, a, relation, b, v) * c,
        )
        for relation, name in zip(RELATIONS, ("less", "at-most", "greater", "at-least"), strict=True)
    ),
]  # fmt: skip
