"""What words and signs mean in a formula, as tables."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping
from difflib import get_close_matches

from derive.chains.namesakes import printed
from derive.core.functions import FUNCTIONS
from derive.core.term import Term, nodes

INDICES = frozenset("ijklmnpqr")  # as a subscript, one of these letters is an index
NOT_INDICES = (("in",),)  # x_in: an entry, or the input?

GREEK: Mapping[str, str] = {
    "α": "alpha", "β": "beta", "γ": "gamma", "δ": "delta", "ε": "epsilon", "ϵ": "epsilon", "ζ": "zeta", "η": "eta",
    "θ": "theta", "ϑ": "theta", "ι": "iota", "κ": "kappa", "ϰ": "kappa", "λ": "lambda", "μ": "mu", "ν": "nu",
    "ξ": "xi", "ο": "omicron", "π": "pi", "ρ": "rho", "ϱ": "rho", "σ": "sigma", "ς": "sigma", "τ": "tau",
    "υ": "upsilon", "φ": "phi", "ϕ": "phi", "χ": "chi", "ψ": "psi", "ω": "omega",
    "Γ": "Gamma", "Δ": "Delta", "Θ": "Theta", "Λ": "Lambda", "Ξ": "Xi", "Π": "Pi", "Φ": "Phi", "Ψ": "Psi", "Ω": "Omega",
}  # fmt: skip
GREEK_NAMES = frozenset(GREEK.values()) | {"Sigma"}
GREEK_LETTERS = "".join(GREEK)
ABSTRACT = frozenset("fghFGHuv") | {"phi"}  # before a bracket: a function of the user's own

# other spellings of the functions the kernel knows
ALIASES: Mapping[str, str] = {
    "ln": "log", "Ln": "log", "raiz": "sqrt", "absolute": "abs",
    "sgn": "sign", "signum": "sign", "sinal": "sign", "heaviside": "step", "unitstep": "step",
    "sen": "sin", "tg": "tan", "cotg": "cot", "cotan": "cot", "ctg": "cot", "cosec": "csc", "cossec": "csc",
    "asin": "arcsin", "asen": "arcsin", "arcsen": "arcsin", "acos": "arccos", "atan": "arctan", "atg": "arctan",
    "arctg": "arctan", "acot": "arccot", "arccotg": "arccot", "arcctg": "arccot", "asec": "arcsec", "acsc": "arccsc",
    "arccosec": "arccsc", "arccossec": "arccsc", "atan2": "arctan2", "arctg2": "arctan2",
    "senh": "sinh", "tgh": "tanh", "cotgh": "coth", "cosech": "csch", "cossech": "csch",
    "asinh": "arsinh", "asenh": "arsinh", "arcsinh": "arsinh", "arcsenh": "arsinh", "arsenh": "arsinh",
    "acosh": "arcosh", "arccosh": "arcosh", "atanh": "artanh", "arctanh": "artanh", "atgh": "artanh",
    "arctgh": "artanh", "artgh": "artanh", "acoth": "arcoth", "arccoth": "arcoth", "arccotgh": "arcoth",
    "arcotgh": "arcoth", "asech": "arsech", "arcsech": "arsech", "acsch": "arcsch", "arccsch": "arcsch",
    "arcossech": "arcsch", "arcossec": "arccsc", "arcotg": "arccot", "erf_inv": "erfinv",
    "argsh": "arsinh", "argch": "arcosh", "argth": "artanh", "argsinh": "arsinh", "argcosh": "arcosh",
    "argtanh": "artanh", "acosec": "arccsc", "arccosech": "arcsch",
    "lgamma": "loggamma", "gammaln": "loggamma", "lngamma": "loggamma", "log_gamma": "loggamma", "Gamma": "gamma",
    "expi": "Ei", "sinint": "Si", "cosint": "Ci", "shi": "Shi", "logint": "li", "ceiling": "ceil",
    "maximum": "max", "minimum": "min", "logistic": "sigmoid", "expit": "sigmoid", "swish": "silu",
    "leakyrelu": "leaky_relu", "logsigmoid": "logsigmoid", "log_sigmoid": "logsigmoid", "hard_tanh": "hardtanh",
    "hard_sigmoid": "hardsigmoid", "hard_swish": "hardswish", "soft_plus": "softplus", "soft_sign": "softsign",
}  # fmt: skip
# written out with other functions: grammar/calls.py
WRITTEN_OUT = frozenset({
    "exp2", "exp10", "square", "abs2", "rsqrt", "reciprocal", "logit", "xlogy", "logaddexp", "hypot", "sinpi", "cospi",
    "clip", "clamp",
    "cube", "nthroot", "sinc", "factorial", "beta", "polygamma", "erfcinv", "erfcx",
    "log1p", "expm1", "log2", "log10", "lg", "lb", "root", "pow", "rational", "delta", "piecewise",
    "sum", "mean", "norm", "dot", "softmax", "logsumexp",
})  # fmt: skip
WORDS: Mapping[str, str] = {name: name for name in (*FUNCTIONS, *WRITTEN_OUT)} | dict(ALIASES)
# names of variables too: functions only right before a bracket
ONLY_BEFORE_BRACKET: Mapping[str, str] = {
    "sigma": "sigmoid", "gamma": "gamma", "Gamma": "gamma", "delta": "delta", "beta": "beta",
    "psi": "digamma", "psi_1": "trigamma", "psi_2": "tetragamma",
}  # fmt: skip
# right before a bracket neither a function known here nor clearly a factor
UNCLEAR_CALLS: Mapping[str, str] = {
    "Phi": "write (1 + erf(x/sqrt(2)))/2 for the normal distribution function, or Phi * (..) for a product",
    "zeta": "write zeta * (..) for a product; the zeta function is not known here",
}
INVERSE: Mapping[str, str] = {
    **{name: f"arc{name}" for name in ("sin", "cos", "tan", "cot", "sec", "csc")},
    **{name: f"ar{name}" for name in ("sinh", "cosh", "tanh", "coth", "sech")},
    "csch": "arcsch", "erf": "erfinv",
}  # fmt: skip

# what other books and programs call functions, and letters that say something else beside each other
FOREIGN: Mapping[str, str] = {
    "sh": "sinh(..)", "ch": "cosh(..)", "th": "tanh(..)", "cth": "coth(..)", "tn": "tan(..)", "si": "Si(..)",
    "Sh": "sinh(..)", "Ch": "cosh(..)", "Th": "tanh(..)", "Re": "the real part out", "Im": "the imaginary part out",
    **dict.fromkeys(("sn", "cn", "dn"), "Jacobi's elliptic functions out"),
    **dict.fromkeys(("or", "ou"), "'and' between conditions, or several pieces"),
}  # fmt: skip
# names of functions that are not written so here
MEANT: Mapping[str, str] = {
    **dict.fromkeys(("sine", "sinus", "seno"), "sin"),
    **dict.fromkeys(("cosine", "cosinus", "cosseno", "coseno"), "cos"),
    **dict.fromkeys(("tangent", "tangens", "tangente"), "tan"), **dict.fromkeys(("cotangent", "cotangente"), "cot"),
    **dict.fromkeys(("secant", "secante"), "sec"), **dict.fromkeys(("cosecant", "cossecante"), "csc"),
    **dict.fromkeys(("logarithm", "logarithmus", "logaritmo"), "ln"), "exponential": "exp", "exponencial": "exp",
    **dict.fromkeys(("arsh", "arcsh", "argsh"), "arsinh"), **dict.fromkeys(("arch", "arcch"), "arcosh"),
    **dict.fromkeys(("arth", "arcth"), "artanh"), **dict.fromkeys(("arcsine", "arcsinus", "arcoseno"), "arcsin"),
    **dict.fromkeys(("arccosine", "arccosinus"), "arccos"), "arctangent": "arctan", "arctangens": "arctan",
    **dict.fromkeys(("squareroot", "wurzel"), "sqrt"), "betrag": "abs", "modulus": "abs",
}  # fmt: skip

# one sign for one sign, so that columns stay what they are
SIGNS: Mapping[int, str] = str.maketrans({
    "·": "*", "⋅": "*", "∙": "*", "×": "*", "∗": "*", "∘": "?", "÷": "/", "∕": "/", "⁄": "/", "−": "-", "–": "-",
    "‐": "-", "‑": "-", "′": "'", "’": "'", "µ": "μ", "Ω": "Ω", "∑": "Σ", "≤": "≤", "⩽": "≤", "≥": "≥", "⩾": "≥",
    "∣": "|", "∥": "‖",
})  # fmt: skip
SUPERSCRIPTS = dict(zip("⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻ⁿⁱʲᵏᵐᵖʳˣʸᵗ", "0123456789+-nijkmprxyt", strict=True))
SUBSCRIPTS = dict(zip("₀₁₂₃₄₅₆₇₈₉₊₋₌ₐₑₕᵢⱼₖₗₘₙₒₚᵣₛₜᵤᵥₓ", "0123456789+-=aehijklmnoprstuvx", strict=True)) | {
    "ᵦ": "beta", "ᵧ": "gamma", "ᵨ": "rho", "ᵩ": "phi", "ᵪ": "chi",
}  # fmt: skip
PRIMES: Mapping[str, str] = {"″": "''", "‴": "'''", "⁗": "''''"}


def one_alphabet(text: str) -> str:
    """The text with typographic variants of a sign or letter replaced, each by exactly one character.

    >>> one_alphabet("2·𝑥 − １")
    '2*x - 1'
    """
    if text.isascii():
        return text
    return "".join(_plain(c) for c in text.translate(SIGNS))


def _plain(c: str) -> str:
    if c.isascii() or c in SUPERSCRIPTS or c in SUBSCRIPTS:
        return c
    code = ord(c)
    if 0x1D400 <= code <= 0x1D7FF or 0xFF01 <= code <= 0xFF5E or c.isspace():  # mathematical and full-width letters
        plain = unicodedata.normalize("NFKC", c)
        return plain if len(plain) == 1 else c
    return c


def nearest(word: str, among: Iterable[str]) -> str:
    """'did you mean arcsin?', or nothing."""
    near = get_close_matches(word[:30].lower(), list(among), n=1, cutoff=0.7)
    return f"did you mean {near[0]}?" if near else ""


def function_misread(terms: Iterable[Term]) -> str | None:
    """A function of the user's own whose name belongs to a function that is known: ln, sen, ψ.

    >>> from derive.core.term import fn, sym
    >>> function_misread([fn("f", sym("x"))]), function_misread([fn("ln", sym("x"))])
    (None, 'ln')
    """
    names = {str(u.value).partition("'")[0] for t in terms for u in nodes(t) if u.op == "fn"}
    return next((name for name in sorted(names - set(FUNCTIONS)) if known_function(name)), None)


def known_function(name: str) -> bool:
    """Whether a reader takes a name before a bracket for a function that is known here, however it is spelled."""
    letter, below = printed(name)
    spelled = (name, "".join((letter, *below)), "_".join((GREEK.get(letter, letter), *below)))
    return any(function_named(each, called=True) is not None for each in spelled)


def function_named(word: str, called: bool) -> str | None:
    """The function that a word names; capitals are forgiven right before a bracket (ReLU, Abs, Max)."""
    if word in ONLY_BEFORE_BRACKET:
        return ONLY_BEFORE_BRACKET[word] if called else None
    lowered = word.lower() if called and len(word) > 2 and word not in GREEK_NAMES else word
    return WORDS.get(word) or WORDS.get(lowered)
