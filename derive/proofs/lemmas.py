"""The catalogue of lemmas: what a lecture on networks cites, each a chain with its goals."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace

from derive.chains.chain import Chain
from derive.core.context import Context, Definition
from derive.core.term import Term, cases, d, delta, exp, fn, lift, log, num, sym, total
from derive.proofs.goals import (
    Goal,
    Plan,
    Script,
    also,
    at,
    by_name,
    everywhere,
    finish,
    inside,
    move,
    softmax_jacobian,
    softmax_shift,
    through,
    to,
)
from derive.proofs.scalar import carried_out
from derive.proofs.sums import collapse, separate

ONE, TWO = num(1), num(2)
a, b, c, i, j, k, l, m, v, x = map(sym, "abcijklmvx")
h, o, p, q, s, t, u, y, z, L, W, K, V, C, H = map(sym, "hopqstuyzLWKVCH")
sigma = sym("sigma")
SUM_TO_ONE = "targets-sum-to-one"
LOCAL: Script = (carried_out, finish)


GOALS: dict[str, tuple[Goal, ...]] = {}  # of each lemma


def lemma_plan(chain: Chain, road: str = "", only: Collection[str] | None = None) -> Plan:
    """The goals of a lemma: the last one is what it says."""
    goals = GOALS[chain.name]
    return Plan(by_name(goals), {chain.name: (goals[-1].name,)})


def _lemma(name: str, context: Context, *goals: Goal, results: tuple[str, ...] = ()) -> Chain:
    """A row of the catalogue: the last of its goals is what it says, and so are the results; others lead there."""
    said = {*results, goals[-1].name}
    GOALS[name] = tuple(
        replace(goal, result=goal.name in said, beside=tuple(each.name for each in goals) if goal is goals[-1] else ())
        for goal in goals
    )
    return Chain(name, "lemma", context)


def _defined(**bodies: tuple[str, Term]) -> dict[str, Definition]:
    """name = (letters of its indices, body)."""
    return {name: Definition(name, tuple(params), body) for name, (params, body) in bodies.items()}


# one variable

_SIGMOID = Context(_defined(sigma=("", ONE / (ONE + exp(-x)))), {"sigma": ()})
_TANH = Context(_defined(t=("", (exp(x) - exp(-x)) / (exp(x) + exp(-x)))), {"t": ()})
_SOFTPLUS = Context(_defined(s=("", log(ONE + exp(x))), sigma=("", ONE / (ONE + exp(-x)))), {"s": (), "sigma": ()})
_SLOPE, _QUOTIENT = ONE / (ONE + exp(-x)), (exp(x) - exp(-x)) / (exp(x) + exp(-x))
_STEP = Context(
    _defined(h=("k", cases(1, s[k], ">", 0, 0))), {"s": (C,), "h": (C,)}, {"k": C, "i": C}, depends={"L": ("h",)}
)

ONE_VARIABLE = (
    _lemma("sigmoid-derivative", _SIGMOID, Goal("sigmoid-derivative", d(sigma, x), (
        carried_out, to(_SLOPE * (ONE - _SLOPE)), everywhere("definition:sigma", back=True),
    ))),
    _lemma("tanh-derivative", _TANH, Goal("tanh-derivative", d(t, x), (
        carried_out, to(ONE - _QUOTIENT**2), everywhere("definition:t", back=True),
    ))),
    _lemma("softplus-derivative", _SOFTPLUS, Goal("softplus-derivative", d(s, x), (
        carried_out, to(_SLOPE), everywhere("definition:sigma", back=True),
    ))),
    _lemma(
        "step-function", _STEP,
        Goal("step-derivative", d(h[i], s[k]), LOCAL),
        Goal("no-gradient-through-steps", d(L, s[k]), (through(h, m, C), *LOCAL), cites=("step-derivative",)),
    ),
)  # fmt: skip

# softmax and cross-entropy in the logits

_SHAPES = dict.fromkeys(("z", "p", "y"), (C,)) | {"L": ()}
_SOFTMAX = _defined(p=("i", exp(z[i]) / total(m, C, exp(z[m]))))
_LOSS = _SOFTMAX | _defined(L=("", -total(i, C, y[i] * log(p[i]))))
_INDICES = dict.fromkeys("ikljm", C)
_ASSUMED = {SUM_TO_ONE: (total(i, C, y[i]), ONE)}
_LOGITS = Context(_LOSS, _SHAPES, _INDICES, {}, _ASSUMED)
_PLAIN_SOFTMAX = Context(_SOFTMAX, dict.fromkeys(("z", "p"), (C,)), _INDICES)
_LSE = Context(_SOFTMAX | _defined(u=("", log(total(m, C, exp(z[m]))))), {"z": (C,), "p": (C,), "u": ()}, _INDICES)
_TWO = Context(
    _defined(p=("i", exp(z[i]) / total(m, lift(2), exp(z[m])))), {"z": (TWO,), "p": (TWO,)}, {"i": TWO, "k": TWO}
)
_FROM_LOGITS = Context(
    _LOSS | _defined(u=("", log(total(m, C, exp(z[m]))))), {**_SHAPES, "u": ()}, _INDICES, {}, _ASSUMED
)
_QUADRATIC = Context(
    _SOFTMAX | _defined(u=("", total(i, C, p[i] * v[i]))), {"z": (C,), "p": (C,), "v": (C,), "u": ()}, _INDICES
)
_AFFINE = Context(
    _defined(z=("k", total(j, H, W[k, j] * h[j]) + b[k])) | _LOSS,
    {**_SHAPES, "W": (C, H), "b": (C,), "h": (H,)},
    {"i": C, "k": C, "l": C, "m": C, "j": H, "q": H}, {}, _ASSUMED,
)  # fmt: skip

_JACOBIAN = softmax_jacobian("softmax-jacobian", p, z)
_GRADIENT = Goal(
    "gradient-z", d(L, z[k]), (carried_out, collapse, everywhere(SUM_TO_ONE), finish), cites=("softmax-jacobian",)
)
_OF_TWO = ONE / (ONE + exp(-(z[1] - z[2])))
_VARIANCE = total(i, C, p[i] * (v[i] - u) ** 2)
_FORM = total(i, C, total(k, C, v[i] * (p[i] * (delta(i, k) - p[k])) * v[k]))
_FOLDED = everywhere("definition:u", back=True)

SOFTMAX = (
    _lemma("softmax-jacobian", _PLAIN_SOFTMAX, _JACOBIAN),
    _lemma("softmax-shift", _PLAIN_SOFTMAX, softmax_shift(p, z, C)),
    _lemma("softmax-of-two", _TWO, Goal("softmax-of-two", p[1], (
        move("definition:p", brief=True), move("write-out"), move("rearrange", at=(), to=_OF_TWO),
    ), _OF_TWO)),
    _lemma("log-sum-exp-gradient", _LSE, Goal("log-sum-exp-gradient", d(u, z[k]), (
        *LOCAL, everywhere("definition:p", back=True),
    ))),
    _lemma("cross-entropy-of-logits", _FROM_LOGITS, Goal("cross-entropy-of-logits", L, (
        move("definition:L", brief=True),
        move("definition:p", brief=True),
        move("log-quotient"),
        move("log-exp", brief=True),
        move("definition:u", back=True),
        move("distribute"), also("split-difference"),
        move("factor-out-right"),
        move(SUM_TO_ONE, brief=True),
        move("resolve-bracket", brief=True),
    ), u - total(i, C, y[i] * z[i]))),
    _lemma(
        "cross-entropy-hessian", _LOGITS, _JACOBIAN, _GRADIENT,
        Goal("cross-entropy-hessian", z[l], LOCAL, of="gradient-z", cites=("softmax-jacobian",)),
    ),
    # v' H v is the variance of the v_i under the probabilities, a sum of squares with positive weights
    _lemma(
        "hessian-is-a-variance", _QUADRATIC,
        Goal("softmax-sums-to-one", total(i, C, p[i]), (
            move("definition:p", rename={"m": "l"}, brief=True), move("divide-sum"), move("cancel-all"),
        ), ONE),
        Goal("variance", _VARIANCE, (
            inside((2,), p[i] * v[i] ** 2 - TWO * u * (p[i] * v[i]) + u**2 * p[i]),
            separate, everywhere("softmax-sums-to-one"), _FOLDED, finish,
        ), cites=("softmax-sums-to-one",)),
        Goal("hessian-is-a-variance", _FORM, (
            inside((2, 2), v[i] * p[i] * v[k] * delta(i, k) - v[i] * p[i] * (p[k] * v[k])),
            at("split-difference", (2,)), collapse, _FOLDED,
            inside((2,), p[i] * v[i] ** 2 - u * (p[i] * v[i])),
            separate, _FOLDED,
            lambda writer: writer.to(writer.lemmas["variance"].right),
            at("variance", (), back=True),
        ), cites=("variance",)),
    ),
    # the Hessian in the weights: logits are affine in them, so nothing but the Hessian in the logits remains
    _lemma(
        "gauss-newton", _AFFINE, _JACOBIAN, _GRADIENT,
        Goal("logit-by-weight", d(z[m], W[l, q]), LOCAL),
        Goal("gradient-W", d(L, W[k, j]), (
            through(z, m, C), everywhere("gradient-z"), *LOCAL, to((p[k] - y[k]) * h[j]),
        ), cites=("logit-by-weight", "gradient-z")),
        Goal("probability-by-weight", d(p[k], W[l, q]), (
            through(z, m, C), everywhere("softmax-jacobian"), *LOCAL,
        ), cites=("softmax-jacobian", "logit-by-weight")),
        Goal("gauss-newton", W[l, q], LOCAL, of="gradient-W", cites=("probability-by-weight",)),
    ),
)  # fmt: skip

# binary cross-entropy

_BINARY = Context(
    _defined(q=("", fn("sigmoid", z)), L=("", -(y * log(q) + (ONE - y) * log(ONE - q)))), {"q": (), "L": ()}
)
BINARY = _lemma(
    "binary-cross-entropy-gradient", _BINARY,
    Goal("probability-by-logit", d(q, z), (carried_out, everywhere("definition:q", back=True), finish)),
    Goal("binary-cross-entropy-gradient", d(L, z), LOCAL, cites=("probability-by-logit",)),
)  # fmt: skip

# one row of attention: o = softmax(K q / sqrt(d)) V

N, D, E = sym("N"), sym("D"), sym("E")
_ATTENTION = Context(
    _defined(
        z=("j", total(i, D, q[i] * K[j, i]) / fn("sqrt", D)),
        p=("i", exp(z[i]) / total(m, N, exp(z[m]))),
        o=("c", total(j, N, p[j] * V[j, c])),
    ),
    {"q": (D,), "K": (N, D), "V": (N, E), "z": (N,), "p": (N,), "o": (E,)},
    {"i": N, "k": N, "j": N, "m": N, "a": D, "c": E, "b": E},
)


def _by(name: str, of: Term) -> tuple[Goal, Goal]:
    """Through the scores to the query or a key."""
    script = (through(z, m, N), everywhere("attention-by-score"), *LOCAL)
    step = Goal(f"score-by-{name}", d(z[j], of), LOCAL)
    return step, Goal(f"attention-by-{name}", d(o[c], of), script, cites=("attention-by-score", step.name))


ATTENTION = _lemma(
    "attention", _ATTENTION, _JACOBIAN,
    Goal("attention-by-score", d(o[c], z[k]), (
        *LOCAL, to(p[k] * (V[k, c] - total(j, N, p[j] * V[j, c]))), everywhere("definition:o", back=True),
    ), cites=("softmax-jacobian",)),
    *_by("query", q[a]),
    *_by("key", K[k, a]),
    Goal("attention-by-value", d(o[c], V[k, b]), LOCAL),
    results=("attention-by-score", "attention-by-query", "attention-by-key"),
)  # fmt: skip

# a general layer of any network

S, A, J, M = map(sym, ("s__l", "h__l", "J", "M"))
_W, _b, _x, _V, _c, _t = map(sym, ("W__l", "b__l", "h__before", "W__next", "b__next", "s__next"))
_GENERAL = Context(
    {
        "s__l": Definition("s__l", ("k",), total(j, J, _W[k, j] * _x[j]) + _b[k]),
        "h__l": Definition("h__l", ("k",), fn("f", S[k])),
        "s__next": Definition("s__next", ("m",), total(k, sym("K"), _V[m, k] * A[k]) + _c[m]),
    },
    {
        "W__l": (sym("K"), J), "b__l": (sym("K"),), "h__before": (J,), "s__l": (sym("K"),), "h__l": (sym("K"),),
        "W__next": (M, sym("K")), "b__next": (M,), "s__next": (M,),
    },
    {"k": sym("K"), "i": sym("K"), "j": J, "m": M},
    {"l": J},  # the number of the layer; no sum runs over it
    depends={"L": ("s__next",)},
)  # fmt: skip


def _of_layer(name: str, of: Term, right: Term) -> tuple[Goal, Goal]:
    """The derivative by the weights, the biases or the inputs of the layer."""
    units = sym("K")
    letters = {**_GENERAL.indices, "m": units}
    affine = Goal(f"affine-{name}-l", d(S[m], of), LOCAL, letters=letters)
    script = (through(S, m, units), *LOCAL, to(right))
    return affine, Goal(f"gradient-{name}-l", d(L, of), script, cites=(affine.name,), letters=letters)


# for any differentiable loss of the next layer, and any differentiable activation
BACKPROPAGATION = _lemma(
    "backpropagation", _GENERAL,
    Goal("layer-l", d(_t[m], S[k]), LOCAL),
    Goal("delta-l", d(L, S[k]), (
        through(_t, m, M), *LOCAL, to(total(m, M, _V[m, k] * d(L, _t[m])) * fn("f'", S[k])),
    ), cites=("layer-l",)),
    *_of_layer("W", _W[k, j], d(L, S[k]) * _x[j]),
    *_of_layer("b", _b[k], d(L, S[k])),
    *_of_layer("h", _x[j], total(m, sym("K"), _W[m, j] * d(L, S[m]))),
    results=("delta-l", "gradient-W-l", "gradient-b-l"),
)  # fmt: skip

LEMMAS: Mapping[str, Chain] = {
    lemma.name: lemma for lemma in (*ONE_VARIABLE, *SOFTMAX, BINARY, ATTENTION, BACKPROPAGATION)
}
