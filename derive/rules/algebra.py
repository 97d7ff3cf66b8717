"""Rules of algebra, logarithms and exponentials that deserve a name on the board."""

from derive.core.term import exp, lift, log, neg
from derive.rules.cards import c, card, nonzero, positive, u, v, w

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
]  # fmt: skip
