"""Derivatives of the elementary functions: one row a function, each with the chain rule inside."""

from __future__ import annotations

from derive.core.law import Condition, Rule
from derive.core.term import RELATIONS, Term, cases, d, exp, fn, lift, log, sym
from derive.rules.cards import a, b, card, constant, nonzero, positive, u, v, x

ONE, TWO, PI = lift(1), lift(2), sym("pi")


def _of(name: str) -> Term:
    return fn(name, u)


def _root(t: Term) -> Term:
    return fn("sqrt", t)


def _derivative(name: str, slope: Term, *where: Condition, en: tuple[str, str], pt: tuple[str, str]) -> Rule:
    """The derivative of name(u) is slope times that of u."""
    return card(
        f"{name}-rule", d(_of(name), x), slope * d(u, x), *where,
        en=en, pt=pt,
    )  # fmt: skip


POWERS = [
    _derivative(
        "sqrt", ONE / (TWO * _root(u)), positive(u),
        en=("square root", "one over twice the root"),
        pt=("raiz quadrada", "um sobre o dobro da raiz"),
    ),
    _derivative(
        "cbrt", ONE / (lift(3) * _of("cbrt") ** 2), nonzero(u),
        en=("cube root", "one over three times the square of the root"),
        pt=("raiz cúbica", "um sobre o triplo do quadrado da raiz"),
    ),
    card(
        "log_base-rule", d(fn("log_base", u, b), x), ONE / (u * log(b)) * d(u, x),
        constant(b, x), positive(u), positive(b), nonzero(log(b)),
        en=("logarithm to another base", "the reciprocal, divided by ln {b}"),
        pt=("logaritmo de outra base", "o inverso, dividido por ln {b}"),
    ),
]  # fmt: skip

TRIGONOMETRIC = [
    _derivative(
        "sin", _of("cos"),
        en=("sine", "the derivative of the sine is the cosine"),
        pt=("seno", "a derivada do seno é o cosseno"),
    ),
    _derivative(
        "cos", -_of("sin"),
        en=("cosine", "the derivative of the cosine is minus the sine"),
        pt=("cosseno", "a derivada do cosseno é menos o seno"),
    ),
    _derivative(
        "tan", _of("sec") ** 2, nonzero(_of("cos")),
        en=("tangent", "the derivative of the tangent is the square of the secant"),
        pt=("tangente", "a derivada da tangente é o quadrado da secante"),
    ),
    _derivative(
        "cot", -(_of("csc") ** 2), nonzero(_of("sin")),
        en=("cotangent", "minus the square of the cosecant"),
        pt=("cotangente", "menos o quadrado da cossecante"),
    ),
    _derivative(
        "sec", _of("sec") * _of("tan"), nonzero(_of("cos")),
        en=("secant", "secant times tangent"),
        pt=("secante", "secante vezes tangente"),
    ),
    _derivative(
        "csc", -(_of("csc") * _of("cot")), nonzero(_of("sin")),
        en=("cosecant", "minus cosecant times cotangent"),
        pt=("cossecante", "menos cossecante vezes cotangente"),
    ),
    _derivative(
        "arcsin", ONE / _root(ONE - u**2), positive(ONE - u**2),
        en=("arcsine", "one over the root of 1 minus the square"),
        pt=("arco seno", "um sobre a raiz de 1 menos o quadrado"),
    ),
    _derivative(
        "arccos", -(ONE / _root(ONE - u**2)), positive(ONE - u**2),
        en=("arccosine", "minus one over the root of 1 minus the square"),
        pt=("arco cosseno", "menos um sobre a raiz de 1 menos o quadrado"),
    ),
    _derivative(
        "arctan", ONE / (ONE + u**2),
        en=("arctangent", "one over 1 plus the square"),
        pt=("arco tangente", "um sobre 1 mais o quadrado"),
    ),
    _derivative(
        "arccot", -(ONE / (ONE + u**2)), nonzero(u),
        en=("arccotangent", "minus one over 1 plus the square"),
        pt=("arco cotangente", "menos um sobre 1 mais o quadrado"),
    ),
    _derivative(
        "arcsec", ONE / (fn("abs", u) * _root(u**2 - 1)), positive(u**2 - 1),
        en=("arcsecant", "one over the absolute value times the root of the square minus 1"),
        pt=("arco secante", "um sobre o valor absoluto vezes a raiz do quadrado menos 1"),
    ),
    _derivative(
        "arccsc", -(ONE / (fn("abs", u) * _root(u**2 - 1))), positive(u**2 - 1),
        en=("arccosecant", "minus one over the absolute value times the root of the square minus 1"),
        pt=("arco cossecante", "menos um sobre o valor absoluto vezes a raiz do quadrado menos 1"),
    ),
    card(
        "arctan2-rule", d(fn("arctan2", u, v), x), (v * d(u, x) - u * d(v, x)) / (u**2 + v**2),
        positive(v + _root(u**2 + v**2)),
        en=("angle of a point", "arctangent of {u}/{v} in the right quadrant"),
        pt=("ângulo de um ponto", "arco tangente de {u}/{v} no quadrante certo"),
    ),
]  # fmt: skip

HYPERBOLIC = [
    _derivative(
        "sinh", _of("cosh"),
        en=("hyperbolic sine", "its derivative is the hyperbolic cosine"),
        pt=("seno hiperbólico", "a derivada é o cosseno hiperbólico"),
    ),
    _derivative(
        "cosh", _of("sinh"),
        en=("hyperbolic cosine", "its derivative is the hyperbolic sine, without a minus sign"),
        pt=("cosseno hiperbólico", "a derivada é o seno hiperbólico, sem sinal de menos"),
    ),
    _derivative(
        "tanh", ONE - _of("tanh") ** 2,
        en=("hyperbolic tangent", "1 minus its own square"),
        pt=("tangente hiperbólica", "1 menos o próprio quadrado"),
    ),
    _derivative(
        "coth", -(_of("csch") ** 2), nonzero(u),
        en=("hyperbolic cotangent", "minus the square of the hyperbolic cosecant"),
        pt=("cotangente hiperbólica", "menos o quadrado da cossecante hiperbólica"),
    ),
    _derivative(
        "sech", -(_of("sech") * _of("tanh")),
        en=("hyperbolic secant", "minus itself times the hyperbolic tangent"),
        pt=("secante hiperbólica", "menos ela mesma vezes a tangente hiperbólica"),
    ),
    _derivative(
        "csch", -(_of("csch") * _of("coth")), nonzero(u),
        en=("hyperbolic cosecant", "minus itself times the hyperbolic cotangent"),
        pt=("cossecante hiperbólica", "menos ela mesma vezes a cotangente hiperbólica"),
    ),
    _derivative(
        "arsinh", ONE / _root(u**2 + 1),
        en=("inverse hyperbolic sine", "one over the root of the square plus 1"),
        pt=("seno hiperbólico inverso", "um sobre a raiz do quadrado mais 1"),
    ),
    _derivative(
        "arcosh", ONE / _root(u**2 - 1), positive(u**2 - 1),
        en=("inverse hyperbolic cosine", "one over the root of the square minus 1"),
        pt=("cosseno hiperbólico inverso", "um sobre a raiz do quadrado menos 1"),
    ),
    _derivative(
        "artanh", ONE / (ONE - u**2), positive(ONE - u**2),
        en=("inverse hyperbolic tangent", "one over 1 minus the square"),
        pt=("tangente hiperbólica inversa", "um sobre 1 menos o quadrado"),
    ),
    _derivative(
        "arcoth", ONE / (ONE - u**2), positive(u**2 - 1),
        en=("inverse hyperbolic cotangent", "one over 1 minus the square, which is negative here"),
        pt=("cotangente hiperbólica inversa", "um sobre 1 menos o quadrado, que aqui é negativo"),
    ),
    _derivative(
        "arsech", -(ONE / (u * _root(ONE - u**2))), nonzero(u), positive(ONE - u**2),
        en=("inverse hyperbolic secant", "minus one over the argument times the root of 1 minus its square"),
        pt=("secante hiperbólica inversa", "menos um sobre o argumento vezes a raiz de 1 menos o quadrado"),
    ),
    _derivative(
        "arcsch", -(ONE / (fn("abs", u) * _root(ONE + u**2))), nonzero(u),
        en=("inverse hyperbolic cosecant", "minus one over the absolute value times the root of 1 plus the square"),
        pt=("cossecante hiperbólica inversa", "menos um sobre o valor absoluto vezes a raiz de 1 mais o quadrado"),
    ),
]  # fmt: skip

SPECIAL = [
    _derivative(
        "erf", TWO / _root(PI) * exp(-(u**2)),
        en=("error function", "the bell curve, with the factor 2 over the root of pi"),
        pt=("função erro", "a curva de sino, com o fator 2 sobre a raiz de pi"),
    ),
    _derivative(
        "erfc", -(TWO / _root(PI) * exp(-(u**2))),
        en=("complementary error function", "minus the derivative of the error function"),
        pt=("função erro complementar", "menos a derivada da função erro"),
    ),
    _derivative(
        "erfinv", _root(PI) / 2 * exp(_of("erfinv") ** 2), positive(ONE - u**2),
        en=("inverse error function", "the reciprocal of the derivative of the error function"),
        pt=("inversa da função erro", "o inverso da derivada da função erro"),
    ),
    _derivative(
        "erfi", TWO / _root(PI) * exp(u**2),
        en=("imaginary error function", "e to the square, with the factor 2 over the root of pi"),
        pt=("função erro imaginária", "e elevado ao quadrado, com o fator 2 sobre a raiz de pi"),
    ),
    _derivative(
        "gamma", _of("gamma") * _of("digamma"), positive(u),
        en=("gamma function", "itself times the digamma function"),
        pt=("função gama", "ela mesma vezes a função digama"),
    ),
    _derivative(
        "loggamma", _of("digamma"), positive(u),
        en=("logarithm of the gamma function", "the digamma function"),
        pt=("logaritmo da função gama", "a função digama"),
    ),
    _derivative(
        "digamma", _of("trigamma"), positive(u),
        en=("digamma function", "the trigamma function"),
        pt=("função digama", "a função trigama"),
    ),
    _derivative(
        "trigamma", _of("tetragamma"), positive(u),
        en=("trigamma function", "the polygamma function of order 2"),
        pt=("função trigama", "a função poligama de ordem 2"),
    ),
    _derivative(
        "sigmoid", _of("sigmoid") * (ONE - _of("sigmoid")),
        en=("sigmoid", "itself times 1 minus itself"),
        pt=("sigmoide", "ela mesma vezes 1 menos ela mesma"),
    ),
    _derivative(
        "softplus", _of("sigmoid"),
        en=("softplus", "the derivative of the softplus is the sigmoid"),
        pt=("softplus (suave)", "a derivada da softplus é a sigmoide"),
    ),
]  # fmt: skip

INTEGRALS = [
    _derivative(
        "Si", _of("sin") / u, nonzero(u),
        en=("sine integral", "the function that was integrated: the sine over its argument"),
        pt=("integral do seno", "a função que foi integrada: o seno dividido pelo argumento"),
    ),
    _derivative(
        "Ci", _of("cos") / u, positive(u),
        en=("cosine integral", "the function that was integrated: the cosine over its argument"),
        pt=("integral do cosseno", "a função que foi integrada: o cosseno dividido pelo argumento"),
    ),
    _derivative(
        "Shi", _of("sinh") / u, nonzero(u),
        en=("hyperbolic sine integral", "the function that was integrated: the hyperbolic sine over its argument"),
        pt=("integral do seno hiperbólico", "a função integrada: o seno hiperbólico dividido pelo argumento"),
    ),
    _derivative(
        "Chi", _of("cosh") / u, positive(u),
        en=("hyperbolic cosine integral", "the function that was integrated: the hyperbolic cosine over its argument"),
        pt=("integral do cosseno hiperbólico", "a função integrada: o cosseno hiperbólico dividido pelo argumento"),
    ),
    _derivative(
        "Ei", exp(u) / u, nonzero(u),
        en=("exponential integral", "the function that was integrated: the exponential over its argument"),
        pt=("integral exponencial", "a função que foi integrada: a exponencial dividida pelo argumento"),
    ),
    _derivative(
        "li", ONE / log(u), positive(u), nonzero(log(u)),
        en=("logarithmic integral", "the function that was integrated: one over the logarithm"),
        pt=("integral logarítmica", "a função que foi integrada: um sobre o logaritmo"),
    ),
]  # fmt: skip

KINKS = [
    _derivative(
        "abs", _of("sign"), nonzero(u),
        en=("absolute value", "the sign of the argument; there is no derivative at 0"),
        pt=("valor absoluto", "o sinal do argumento; não há derivada em 0"),
    ),
    _derivative(
        "relu", _of("step"), nonzero(u),
        en=("ReLU", "1 where the argument is positive, 0 where it is negative; there is no derivative at 0"),
        pt=("função ReLU", "1 onde o argumento é positivo, 0 onde é negativo; não há derivada em 0"),
    ),
    card(
        "sign-rule", d(_of("sign"), x), lift(0), nonzero(u),
        en=("sign", "constant on either side of 0"),
        pt=("sinal", "constante de cada lado de 0"),
    ),
    card(
        "step-rule", d(_of("step"), x), lift(0), nonzero(u),
        en=("step function", "constant on either side of 0"),
        pt=("função degrau", "constante de cada lado de 0"),
    ),
    card(
        "max-rule", d(fn("max", u, v), x), cases(d(u, x), u, ">", v, d(v, x)),
        nonzero(u - v),
        en=("maximum", "the derivative of the larger one; there is none where they are equal"),
        pt=("máximo", "a derivada do maior; não há derivada onde são iguais"),
    ),
    card(
        "min-rule", d(fn("min", u, v), x), cases(d(u, x), u, "<", v, d(v, x)),
        nonzero(u - v),
        en=("minimum", "the derivative of the smaller one; there is none where they are equal"),
        pt=("mínimo", "a derivada do menor; não há derivada onde são iguais"),
    ),
    *(
        card(
            f"cases-rule-{name}", d(cases(u, a, relation, b, v), x), cases(d(u, x), a, relation, b, d(v, x)),
            nonzero(a - b),
            en=("piece by piece", "each piece has its own derivative; where the pieces meet nothing is claimed"),
            pt=("parte por parte", "cada parte tem a sua derivada; onde elas se encontram nada é afirmado"),
        )
        for relation, name in zip(RELATIONS, ("less", "at-most", "greater", "at-least"), strict=True)
    ),
]  # fmt: skip

# those whose argument is an inner function
CHAINED = frozenset(
    rule.name
    for rule in (*POWERS, *TRIGONOMETRIC, *HYPERBOLIC, *SPECIAL, *INTEGRALS, *KINKS)
    if rule.left.args[0].op == "fn" and rule.right.op == "mul"
)
FUNCTIONS = [*POWERS, *TRIGONOMETRIC, *HYPERBOLIC, *SPECIAL, *INTEGRALS, *KINKS]
