"""Rules of algebra, logarithms and exponentials that deserve a name on the board."""

from derive.core.term import RELATIONS, cases, exp, fn, lift, log, neg
from derive.rules.cards import a, b, c, card, nonzero, positive, u, v, w

ZERO, ONE = lift(0), lift(1)

ALGEBRA = [
    card(
        "log-quotient", log(u / v), log(u) - log(v), positive(u), positive(v),
        en=("logarithm of a quotient", "it is the difference of the logarithms"),
        pt=("logaritmo do quociente", "é a diferença dos logaritmos"),
    ),
    card(
        "log-exp", log(exp(u)), u,
        en=("the logarithm undoes the exponential", "they are inverse functions"),
        pt=("o logaritmo desfaz a exponencial", "são funções inversas"),
    ),
    card(
        "exp-difference", exp(u - v), exp(u) / exp(v),
        en=("exponential of a difference", "it is the quotient of the exponentials"),
        pt=("exponencial da diferença", "é o quociente das exponenciais"),
    ),
    card(
        "common-factor", u * v - u * w, u * (v - w),
        en=("common factor", "{u} is in both terms"),
        pt=("fator comum", "{u} está nos dois termos"),
    ),
    card(
        "distribute", u * (v - w), u * v - u * w,
        en=("distribute", "{u} multiplies each term"),
        pt=("distributiva", "{u} multiplica cada termo"),
    ),
    card(
        "split-fraction", (u * v) / (w * c), u / w * (v / c), nonzero(w), nonzero(c),
        en=("split the fraction", "a fraction of products is a product of fractions"),
        pt=("separar a fração", "a fração de produtos é o produto das frações"),
    ),
    card(
        "split-square", (u * v) / w**2, u / w * (v / w), nonzero(w),
        en=("split the fraction", "one {w} under each factor"),
        pt=("separar a fração", "um {w} sob cada fator"),
    ),
    card(
        "divide-terms", (u - v) / w, u / w - v / w, nonzero(w),
        en=("divide each term", "the difference is divided term by term"),
        pt=("dividir cada termo", "a diferença é dividida termo a termo"),
    ),
    card(
        "cancel", u * v / v, u, nonzero(v),
        en=("cancel", "{v} cancels"),
        pt=("cancelar", "{v} se cancela"),
    ),
    card(
        "cancel-factor", u / v * v, u, nonzero(v),
        en=("cancel", "{v} cancels"),
        pt=("cancelar", "{v} se cancela"),
    ),
    card(
        "cancel-all", u / u, ONE, nonzero(u),
        en=("cancel", "{u} divided by itself is 1"),
        pt=("cancelar", "{u} dividido por si mesmo é 1"),
    ),
    card(
        "common-denominator", u / w / (v / w), u / v, nonzero(v), nonzero(w),
        en=("cancel", "{w} divides numerator and denominator, and cancels"),
        pt=("cancelar", "{w} divide numerador e denominador e se cancela"),
    ),
    card(
        "fraction-times", ONE / v * u, u / v, nonzero(v),
        en=("one fraction", "the factor goes into the numerator"),
        pt=("uma só fração", "o fator passa ao numerador"),
    ),
    card(
        "negative-numerator", -u / v, -(u / v), nonzero(v),
        en=("the sign goes in front", "the numerator is negative, so the fraction is"),
        pt=("o sinal vai para a frente", "o numerador é negativo, logo a fração também é"),
    ),
    card(
        "times-fraction", u * (ONE / v), u / v, nonzero(v),
        en=("one fraction", "the factor goes into the numerator"),
        pt=("uma só fração", "o fator passa ao numerador"),
    ),
    card(
        "negative-factor", u * -v, -(u * v),
        en=("the sign goes in front", "a factor is negative, so the product is"),
        pt=("o sinal vai para a frente", "um fator é negativo, logo o produto também é"),
    ),
    card(
        "negative-first", -u * v, -(u * v),
        en=("the sign goes in front", "a factor is negative, so the product is"),
        pt=("o sinal vai para a frente", "um fator é negativo, logo o produto também é"),
    ),
    card(
        "resolve-bracket", -(u - v), v - u,
        en=("resolve the bracket", "the minus sign turns the difference round"),
        pt=("abrir o parêntese", "o sinal de menos inverte a diferença"),
    ),
    card(
        "swap-factors", u * v, v * u,
        en=("change the order", "the order of the factors does not matter"),
        pt=("trocar a ordem", "a ordem dos fatores não importa"),
    ),
    card(
        "zero-times", ZERO * u, ZERO,
        en=("zero times", "zero times anything is zero"),
        pt=("zero vezes", "zero vezes qualquer número é zero"),
    ),
    card(
        "times-zero", u * ZERO, ZERO,
        en=("times zero", "anything times zero is zero"),
        pt=("vezes zero", "qualquer número vezes zero é zero"),
    ),
    card(
        "one-times", ONE * u, u,
        en=("one times", "a factor 1 changes nothing"),
        pt=("uma vez", "o fator 1 não altera o produto"),
    ),
    card(
        "times-one", u * ONE, u,
        en=("times one", "a factor 1 changes nothing"),
        pt=("vezes um", "o fator 1 não altera o produto"),
    ),
    card(
        "plus-zero", u + ZERO, u,
        en=("plus zero", "adding 0 changes nothing"),
        pt=("mais zero", "somar 0 não altera nada"),
    ),
    card(
        "zero-plus", ZERO + u, u,
        en=("zero plus", "adding 0 changes nothing"),
        pt=("zero mais", "somar 0 não altera nada"),
    ),
    card(
        "minus-zero", u - ZERO, u,
        en=("minus zero", "subtracting 0 changes nothing"),
        pt=("menos zero", "subtrair 0 não altera nada"),
    ),
    card(
        "zero-minus", ZERO - u, -u,
        en=("zero minus", "0 minus a number is the number with the other sign"),
        pt=("zero menos", "0 menos um número é o número com o sinal trocado"),
    ),
    card(
        "double-negative", neg(-u), u,
        en=("two signs", "minus of minus is plus"),
        pt=("dois sinais", "menos com menos dá mais"),
    ),
    card(
        "power-one", u**1, u,
        en=("exponent 1", "the first power is the number itself"),
        pt=("expoente 1", "a primeira potência é o próprio número"),
    ),
    card(
        "power-zero", u**0, ONE, nonzero(u),
        en=("exponent 0", "the power with exponent 0 is 1"),
        pt=("expoente 0", "a potência de expoente 0 é 1"),
    ),
    card(
        "max-same", fn("max", u, u), u,
        en=("maximum of equals", "the larger of two equal numbers is either of them"),
        pt=("máximo de iguais", "o maior de dois números iguais é qualquer um deles"),
    ),
    card(
        "min-same", fn("min", u, u), u,
        en=("minimum of equals", "the smaller of two equal numbers is either of them"),
        pt=("mínimo de iguais", "o menor de dois números iguais é qualquer um deles"),
    ),
    card(
        "root-of-square", fn("sqrt", u**2), fn("abs", u),
        en=("root of a square", "it is the absolute value, whatever the sign of {u}"),
        pt=("raiz de um quadrado", "é o valor absoluto, qualquer que seja o sinal de {u}"),
    ),
    card(
        "exp-log", exp(log(u)), u, positive(u),
        en=("the exponential undoes the logarithm", "they are inverse functions of each other"),
        pt=("a exponencial desfaz o logaritmo", "são funções inversas uma da outra"),
    ),
    card(
        "log-one", log(ONE), ZERO,
        en=("logarithm of 1", "the logarithm of 1 is 0"),
        pt=("logaritmo de 1", "o logaritmo de 1 é 0"),
    ),
    card(
        "change-of-base", fn("log_base", u, b), log(u) / log(b), positive(u), positive(b), nonzero(log(b)),
        en=("change of base", "the logarithm to the base {b} by natural logarithms"),
        pt=("mudança de base", "o logaritmo de base {b} por logaritmos naturais"),
    ),
    card(
        "pythagoras", fn("sin", u) ** 2 + fn("cos", u) ** 2, ONE,
        en=("sine and cosine", "their squares add up to 1"),
        pt=("seno e cosseno", "a soma dos quadrados é 1"),
    ),
    card(
        "pythagoras-cosine", fn("cos", u) ** 2 + fn("sin", u) ** 2, ONE,
        en=("cosine and sine", "their squares add up to 1"),
        pt=("cosseno e seno", "a soma dos quadrados é 1"),
    ),
    card(
        "pythagoras-hyperbolic", fn("cosh", u) ** 2 - fn("sinh", u) ** 2, ONE,
        en=("hyperbolic cosine and sine", "the difference of their squares is 1"),
        pt=("cosseno e seno hiperbólicos", "a diferença dos quadrados é 1"),
    ),
    card(
        "name-tangent", fn("sin", u) / fn("cos", u), fn("tan", u), nonzero(fn("cos", u)),
        en=("name of the tangent", "sine over cosine"),
        pt=("nome da tangente", "seno sobre cosseno"),
    ),
    card(
        "name-cotangent", fn("cos", u) / fn("sin", u), fn("cot", u), nonzero(fn("sin", u)),
        en=("name of the cotangent", "cosine over sine"),
        pt=("nome da cotangente", "cosseno sobre seno"),
    ),
    card(
        "name-hyperbolic-tangent", fn("sinh", u) / fn("cosh", u), fn("tanh", u),
        en=("name of the hyperbolic tangent", "hyperbolic sine over hyperbolic cosine"),
        pt=("nome da tangente hiperbólica", "seno hiperbólico sobre cosseno hiperbólico"),
    ),
    card(
        "name-sigmoid", ONE / (ONE + exp(-u)), fn("sigmoid", u),
        en=("name of the sigmoid", "this is the sigmoid of {u}"),
        pt=("nome da sigmoide", "esta é a sigmoide de {u}"),
    ),
    card(
        "name-sigmoid-positive", exp(u) / (ONE + exp(u)), fn("sigmoid", u),
        en=("name of the sigmoid", "numerator and denominator divided by the exponential: the sigmoid of {u}"),
        pt=("nome da sigmoide", "numerador e denominador divididos pela exponencial: a sigmoide de {u}"),
    ),
    card(
        "name-sigmoid-slope", exp(-u) / (ONE + exp(-u)) ** 2, fn("sigmoid", u) * (ONE - fn("sigmoid", u)),
        en=("name of the sigmoid", "with the sigmoid of {u} = 1/(1 + exp(−{u}))"),
        pt=("nome da sigmoide", "com a sigmoide de {u} = 1/(1 + exp(−{u}))"),
    ),
    *(
        card(
            f"cases-same-{name}", cases(u, a, relation, b, u), u,
            en=("the pieces agree", "both pieces are {u}"),
            pt=("as partes coincidem", "as duas partes são {u}"),
        )
        for relation, name in zip(RELATIONS, ("less", "at-most", "greater", "at-least"), strict=True)
    ),
    *(
        card(
            f"cases-factor-{name}", cases(u * c, a, relation, b, v * c), cases(u, a, relation, b, v) * c,
            en=("common factor of the pieces", "{c} is in both pieces"),
            pt=("fator comum das partes", "{c} está nas duas partes"),
        )
        for relation, name in zip(RELATIONS, ("less", "at-most", "greater", "at-least"), strict=True)
    ),
]  # fmt: skip
