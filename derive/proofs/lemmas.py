"""The catalogue of lemmas: what a lecture on networks cites, each proved from definitions. One row a lemma."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from derive.core.context import Context, Definition
from derive.core.kernel import Theorem
from derive.core.term import Term, cases, d, delta, exp, fn, lift, log, num, sym, total
from derive.proofs.backpropagation import softmax_jacobian
from derive.proofs.builder import script
from derive.proofs.proof import Proof
from derive.proofs.scalar import carried_out
from derive.proofs.sums import collapse, separate
from derive.proofs.writer import Writer

ONE, TWO = num(1), num(2)
a, b, c, i, j, k, l, m, v, x = map(sym, "abcijklmvx")
h, o, p, q, s, t, u, y, z, L, W, K, V, C, H = map(sym, "hopqstuyzLWKVCH")
sigma = sym("sigma")
SUM_TO_ONE = "targets-sum-to-one"


@dataclass(frozen=True)
class Lemma:
    """A row of the catalogue: what is proved, about what, and how.

    The last of its proofs is what it says, and so are those named in results; the others lead there.
    """

    name: str
    context: Context
    prove: Callable[[Context], Iterable[Proof]]
    results: tuple[str, ...] = ()
    labels: Mapping[tuple[str, int], str] = field(default_factory=dict)


def _defined(**bodies: tuple[str, Term]) -> dict[str, Definition]:
    """name = (letters of its indices, body)."""
    return {name: Definition(name, tuple(params), body) for name, (params, body) in bodies.items()}


def _carried(name: str, context: Context, u: Term, at: Term, lemmas: Iterable[Proof] = ()) -> Writer:
    writer = Writer(context, d(u, at), _theorems(lemmas), x=at)
    carried_out(writer)
    return writer


def _theorems(proofs: Iterable[Proof]) -> dict[str, Theorem]:
    return {proof.theorem.name: proof.theorem for proof in proofs}


# one variable

_SIGMOID = Context(_defined(sigma=("", ONE / (ONE + exp(-x)))), {"sigma": ()})
_TANH = Context(_defined(t=("", (exp(x) - exp(-x)) / (exp(x) + exp(-x)))), {"t": ()})
_SOFTPLUS = Context(_defined(s=("", log(ONE + exp(x))), sigma=("", ONE / (ONE + exp(-x)))), {"s": (), "sigma": ()})


def _sigmoid(context: Context) -> Iterable[Proof]:
    writer = _carried("sigmoid", context, sigma, x)
    writer.to(ONE / (ONE + exp(-x)) * (ONE - ONE / (ONE + exp(-x))))
    writer.everywhere("definition:sigma", back=True)
    return [writer.checked("sigmoid-derivative")]


def _tanh(context: Context) -> Iterable[Proof]:
    writer = _carried("tanh", context, t, x)
    writer.to(ONE - ((exp(x) - exp(-x)) / (exp(x) + exp(-x))) ** 2)
    writer.everywhere("definition:t", back=True)
    return [writer.checked("tanh-derivative")]


def _softplus(context: Context) -> Iterable[Proof]:
    writer = _carried("softplus", context, s, x)
    writer.to(ONE / (ONE + exp(-x)))
    writer.everywhere("definition:sigma", back=True)
    return [writer.checked("softplus-derivative")]


_STEP = Context(
    _defined(h=("k", cases(1, s[k], ">", 0, 0))), {"s": (C,), "h": (C,)}, {"k": C, "i": C}, depends={"L": ("h",)}
)


def _step(context: Context) -> Iterable[Proof]:
    own = _carried("step", context, h[i], s[k])
    own.finish()
    slope = own.checked("step-derivative")
    whole = Writer(context, d(L, s[k]), _theorems([slope]), x=s[k])
    whole.at("chain-rule", (), q=h, m=m, n=C)
    carried_out(whole)
    whole.finish()
    return [slope, whole.checked("no-gradient-through-steps")]


# softmax and cross-entropy in the logits

_SHAPES = dict.fromkeys(("z", "p", "y"), (C,)) | {"L": ()}
_SOFTMAX = _defined(p=("i", exp(z[i]) / total(m, C, exp(z[m]))))
_LOSS = _SOFTMAX | _defined(L=("", -total(i, C, y[i] * log(p[i]))))
_INDICES = dict.fromkeys("ikljm", C)
_ASSUMED = {SUM_TO_ONE: (total(i, C, y[i]), ONE)}
_LOGITS = Context(_LOSS, _SHAPES, _INDICES, {}, _ASSUMED)
_PLAIN_SOFTMAX = Context(_SOFTMAX, dict.fromkeys(("z", "p"), (C,)), _INDICES)


def _jacobian(context: Context) -> Iterable[Proof]:
    return [softmax_jacobian("softmax-jacobian", context, p, z, (), C)]


def _shift(context: Context) -> Iterable[Proof]:
    draft = script("softmax-shift", context, exp(z[i] - c) / total(m, C, exp(z[m] - c)))
    draft.move("exp-difference", everywhere=True, brief=True)
    draft.move("divide-sum")
    draft.move("common-denominator", brief=True)
    draft.move("definition:p", back=True, brief=True)
    return [draft.qed(p[i])]


_LSE = Context(_SOFTMAX | _defined(u=("", log(total(m, C, exp(z[m]))))), {"z": (C,), "p": (C,), "u": ()}, _INDICES)


def _log_sum_exp(context: Context) -> Iterable[Proof]:
    writer = _carried("log-sum-exp", context, u, z[k])
    writer.finish()
    writer.everywhere("definition:p", back=True)
    return [writer.checked("log-sum-exp-gradient")]


_TWO = Context(
    _defined(p=("i", exp(z[i]) / total(m, lift(2), exp(z[m])))), {"z": (TWO,), "p": (TWO,)}, {"i": TWO, "k": TWO}
)


def _two_classes(context: Context) -> Iterable[Proof]:
    draft = script("softmax-of-two", context, p[1])
    draft.move("definition:p", brief=True)
    draft.move("write-out")
    draft.move("rearrange", at=(), to=ONE / (ONE + exp(-(z[1] - z[2]))))
    return [draft.qed(ONE / (ONE + exp(-(z[1] - z[2]))))]


_FROM_LOGITS = Context(
    _LOSS | _defined(u=("", log(total(m, C, exp(z[m]))))), {**_SHAPES, "u": ()}, _INDICES, {}, _ASSUMED
)


def _from_logits(context: Context) -> Iterable[Proof]:
    draft = script("cross-entropy-of-logits", context, L)
    draft.move("definition:L", brief=True)
    draft.move("definition:p", brief=True)
    draft.move("log-quotient")
    draft.move("log-exp", brief=True)
    draft.move("definition:u", back=True)
    draft.move("distribute").also("split-difference")
    draft.move("factor-out-right")
    draft.move(SUM_TO_ONE, brief=True)
    draft.move("resolve-bracket", brief=True)
    return [draft.qed(u - total(i, C, y[i] * z[i]))]


def _gradient(context: Context) -> list[Proof]:
    jacobian = softmax_jacobian("softmax-jacobian", context, p, z, (), C)
    writer = _carried("gradient", context, L, z[k], [jacobian])
    collapse(writer)
    writer.everywhere(SUM_TO_ONE)
    writer.finish()
    return [jacobian, writer.checked("gradient-z")]


def _hessian(context: Context) -> Iterable[Proof]:
    """The gradient, then the derivative of each of its entries."""
    jacobian, gradient = _gradient(context)
    writer = _carried("hessian", context, gradient.theorem.right, z[l], [jacobian])
    writer.finish()
    return [jacobian, gradient, writer.checked("cross-entropy-hessian")]


_QUADRATIC = Context(
    _SOFTMAX | _defined(u=("", total(i, C, p[i] * v[i]))), {"z": (C,), "p": (C,), "v": (C,), "u": ()}, _INDICES
)


def _semidefinite(context: Context) -> Iterable[Proof]:
    """v' H v is the variance of the v_i under the probabilities, a sum of squares with positive weights."""
    whole = script("softmax-sums-to-one", context, total(i, C, p[i]))
    whole.move("definition:p", rename={"m": "l"}, brief=True)
    whole.move("divide-sum")
    whole.move("cancel-all")
    ones = whole.qed(ONE)
    variance = total(i, C, p[i] * (v[i] - u) ** 2)
    writer = Writer(context, variance, _theorems([ones]), x=z[k])
    writer.inside((2,), p[i] * v[i] ** 2 - TWO * u * (p[i] * v[i]) + u**2 * p[i])
    separate(writer)
    writer.everywhere("softmax-sums-to-one")
    writer.everywhere("definition:u", back=True)
    writer.finish()
    short = writer.checked("variance")
    form = total(i, C, total(k, C, v[i] * (p[i] * (delta(i, k) - p[k])) * v[k]))
    quadratic = Writer(context, form, _theorems([short]), x=z[l])
    quadratic.inside((2, 2), v[i] * p[i] * v[k] * delta(i, k) - v[i] * p[i] * (p[k] * v[k]))
    quadratic.at("split-difference", (2,))
    collapse(quadratic)
    quadratic.everywhere("definition:u", back=True)
    quadratic.inside((2,), p[i] * v[i] ** 2 - u * (p[i] * v[i]))
    separate(quadratic)
    quadratic.everywhere("definition:u", back=True)
    quadratic.to(short.theorem.right)
    quadratic.at("variance", (), back=True)
    return [ones, short, quadratic.checked("hessian-is-a-variance")]


_AFFINE = Context(
    _defined(z=("k", total(j, H, W[k, j] * h[j]) + b[k])) | _LOSS,
    {**_SHAPES, "W": (C, H), "b": (C,), "h": (H,)},
    {"i": C, "k": C, "l": C, "m": C, "j": H, "q": H}, {}, _ASSUMED,
)  # fmt: skip


def _gauss_newton(context: Context) -> Iterable[Proof]:
    """The Hessian in the weights: logits are affine in them, so nothing but the Hessian in the logits remains."""
    jacobian, gradient = _gradient(context)
    affine = _carried("affine", context, z[m], W[l, q])
    affine.finish()
    forward = affine.checked("logit-by-weight")
    first = Writer(context, d(L, W[k, j]), _theorems([forward, gradient]), x=W[k, j])
    first.at("chain-rule", (), q=z, m=m, n=C)
    first.everywhere("gradient-z")
    carried_out(first)
    first.finish()
    first.to((p[k] - y[k]) * h[j])
    by_weight = first.checked("gradient-W")
    own = Writer(context, d(p[k], W[l, q]), _theorems([jacobian, forward]), x=W[l, q])
    own.at("chain-rule", (), q=z, m=m, n=C)
    own.everywhere("softmax-jacobian")
    carried_out(own)
    own.finish()
    probability = own.checked("probability-by-weight")
    second = _carried("second", context, by_weight.theorem.right, W[l, q], [probability])
    second.finish()
    return [jacobian, gradient, forward, by_weight, probability, second.checked("gauss-newton")]


# binary cross-entropy

_BINARY = Context(
    _defined(q=("", fn("sigmoid", z)), L=("", -(y * log(q) + (ONE - y) * log(ONE - q)))), {"q": (), "L": ()}
)


def _binary(context: Context) -> Iterable[Proof]:
    own = _carried("sigmoid", context, q, z)
    own.everywhere("definition:q", back=True)
    own.finish()
    sigmoid = own.checked("probability-by-logit")
    writer = _carried("binary", context, L, z, [sigmoid])
    writer.finish()
    return [sigmoid, writer.checked("binary-cross-entropy-gradient")]


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


def _attention(context: Context) -> Iterable[Proof]:
    jacobian = softmax_jacobian("softmax-jacobian", context, p, z, (), N)
    score = _carried("score", context, o[c], z[k], [jacobian])
    score.finish()
    score.to(p[k] * (V[k, c] - total(j, N, p[j] * V[j, c])))
    score.everywhere("definition:o", back=True)
    by_score = score.checked("attention-by-score")
    proofs = [jacobian, by_score]
    for name, at in (("query", q[a]), ("key", K[k, a])):
        inner = _carried(name, context, z[j], at)
        inner.finish()
        step = inner.checked(f"score-by-{name}")
        writer = Writer(context, d(o[c], at), _theorems([by_score, step]), x=at)
        writer.at("chain-rule", (), q=z, m=m, n=N)
        writer.everywhere("attention-by-score")
        carried_out(writer)
        writer.finish()
        proofs += [step, writer.checked(f"attention-by-{name}")]
    value = _carried("value", context, o[c], V[k, b])
    value.finish()
    return [*proofs, value.checked("attention-by-value")]


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


def _general_layer(context: Context) -> Iterable[Proof]:
    """For any differentiable loss of the next layer, and any differentiable activation."""
    forward = _carried("layer", context, _t[m], S[k])
    forward.finish()
    layer = forward.checked("layer-l")
    recursion = Writer(context, d(L, S[k]), _theorems([layer]), x=S[k])
    recursion.at("chain-rule", (), q=_t, m=m, n=M)
    carried_out(recursion)
    recursion.finish()
    recursion.to(total(m, M, _V[m, k] * d(L, _t[m])) * fn("f'", S[k]))
    proofs = [layer, recursion.checked("delta-l")]
    inner = context.with_letters({**context.indices, "m": sym("K")})
    for name, at, goal in (
        ("W", _W[k, j], d(L, S[k]) * _x[j]), ("b", _b[k], d(L, S[k])),
        ("h", _x[j], total(m, sym("K"), _W[m, j] * d(L, S[m]))),
    ):  # fmt: skip
        affine = _carried(name, inner, S[m], at)
        affine.finish()
        step = affine.checked(f"affine-{name}-l")
        writer = Writer(inner, d(L, at), _theorems([step]), x=at)
        writer.at("chain-rule", (), q=S, m=m, n=sym("K"))
        carried_out(writer)
        writer.finish()
        writer.to(goal)
        proofs += [step, writer.checked(f"gradient-{name}-l")]
    return proofs


LEMMAS: Mapping[str, Lemma] = {
    lemma.name: lemma
    for lemma in (
        Lemma("sigmoid-derivative", _SIGMOID, _sigmoid),
        Lemma("tanh-derivative", _TANH, _tanh),
        Lemma("softplus-derivative", _SOFTPLUS, _softplus),
        Lemma("step-function", _STEP, _step),
        Lemma("softmax-jacobian", _PLAIN_SOFTMAX, _jacobian),
        Lemma("softmax-shift", _PLAIN_SOFTMAX, _shift),
        Lemma("softmax-of-two", _TWO, _two_classes),
        Lemma("log-sum-exp-gradient", _LSE, _log_sum_exp),
        Lemma("cross-entropy-of-logits", _FROM_LOGITS, _from_logits),
        Lemma("cross-entropy-hessian", _LOGITS, _hessian),
        Lemma("hessian-is-a-variance", _QUADRATIC, _semidefinite),
        Lemma("gauss-newton", _AFFINE, _gauss_newton),
        Lemma("binary-cross-entropy-gradient", _BINARY, _binary),
        Lemma("attention", _ATTENTION, _attention, ("attention-by-score", "attention-by-query", "attention-by-key")),
        Lemma("backpropagation", _GENERAL, _general_layer, ("delta-l", "gradient-W-l", "gradient-b-l")),
    )
}
