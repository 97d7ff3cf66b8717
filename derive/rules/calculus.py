"""Rules of differentiation."""

from derive.core.law import Condition
from derive.core.term import d, delta, exp, lift, log, total
from derive.rules.cards import a, apart, c, card, constant, f, i, j, k, m, n, nonzero, positive, q, u, v, w, x

CALCULUS = [
    card(
        "constant", d(c, x), lift(0), constant(c, x),
        en=("constant", "{c} does not depend on {x}"),
        pt=("constante", "{c} não depende de {x}"),
    ),
    card(
        "variable", d(x, x), lift(1),
        en=("the variable itself", "{x} changes by as much as {x}"),
        pt=("a própria variável", "{x} varia tanto quanto {x}"),
    ),
    card(
        "coordinates", d(v[i], v[j]), delta(i, j),
        en=("independent coordinates", "{v} has independent entries: 1 for the entry itself, 0 for the others"),
        pt=("coordenadas independentes", "entradas independentes de {v}: 1 para a própria entrada, 0 para as outras"),
    ),
    card(
        "matrix-coordinates", d(v[i, m], v[j, n]), delta(i, j) * delta(m, n),
        en=("independent coordinates", "{v} has independent entries: 1 for the entry itself, 0 for the others"),
        pt=("coordenadas independentes", "entradas independentes de {v}: 1 para a própria entrada, 0 para as outras"),
    ),
    card(
        "sum-rule", d(u + v, x), d(u, x) + d(v, x),
        en=("sum rule", "the derivative of a sum is the sum of the derivatives"),
        pt=("regra da soma", "a derivada da soma é a soma das derivadas"),
    ),
    card(
        "difference-rule", d(u - v, x), d(u, x) - d(v, x),
        en=("difference rule", "the derivative of a difference is the difference of the derivatives"),
        pt=("regra da diferença", "a derivada da diferença é a diferença das derivadas"),
    ),
    card(
        "negative-rule", d(-u, x), -d(u, x),
        en=("the sign goes in front", "a minus sign passes through the derivative"),
        pt=("o sinal vai para a frente", "o sinal de menos atravessa a derivada"),
    ),
    card(
        "constant-factor", d(c * u, x), c * d(u, x), constant(c, x),
        en=("constant factor", "{c} does not depend on {x} and goes in front of the derivative"),
        pt=("fator constante", "{c} não depende de {x} e sai da derivada"),
    ),
    card(
        "constant-factor-right", d(u * c, x), d(u, x) * c, constant(c, x),
        en=("constant factor", "{c} does not depend on {x} and leaves the derivative"),
        pt=("fator constante", "{c} não depende de {x} e sai da derivada"),
    ),
    card(
        "product-rule", d(u * v, x), d(u, x) * v + u * d(v, x),
        en=("product rule", "first factor differentiated, plus second factor differentiated"),
        pt=("regra do produto", "deriva-se o primeiro fator, depois o segundo, e soma-se"),
    ),
    card(
        "quotient-rule", d(u / v, x), (d(u, x) * v - u * d(v, x)) / v**2, nonzero(v),
        en=("quotient rule", "numerator {u}, denominator {v}"),
        pt=("regra do quociente", "numerador {u}, denominador {v}"),
    ),
    card(
        "constant-denominator", d(u / c, x), d(u, x) / c, constant(c, x), nonzero(c),
        en=("constant denominator", "{c} does not depend on {x} and stays below the derivative"),
        pt=("denominador constante", "{c} não depende de {x} e fica sob a derivada"),
    ),
    card(
        "reciprocal-rule", d(c / v, x), -(c * d(v, x) / v**2), constant(c, x), nonzero(v),
        en=("reciprocal rule", "the quotient rule with a constant numerator; denominator {v}"),
        pt=("regra do inverso", "a regra do quociente com numerador constante; denominador {v}"),
    ),
    card(
        "exp-rule", d(exp(u), x), exp(u) * d(u, x),
        en=("exponential", "the exponential is its own derivative"),
        pt=("exponencial", "a exponencial é a própria derivada"),
    ),
    card(
        "log-rule", d(log(u), x), lift(1) / u * d(u, x), positive(u),
        en=("logarithm", "the derivative of the logarithm is the reciprocal"),
        pt=("logaritmo", "a derivada do logaritmo é o inverso"),
    ),
    card(
        "whole-power-rule", d(u**n, x), n * u ** (n - 1) * d(u, x), Condition("whole", (n,)),
        en=("power rule", "the exponent {n} goes in front and falls by one"),
        pt=("regra da potência", "o expoente {n} desce e diminui de um"),
    ),
    card(
        "negative-power-rule", d(u**-n, x), -(n * u ** -(n + 1) * d(u, x)), Condition("natural", (n,)), nonzero(u),
        en=("power rule", "the exponent goes in front and falls by one"),
        pt=("regra da potência", "o expoente desce e diminui de um"),
    ),
    card(
        "power-rule", d(u**n, x), n * u ** (n - 1) * d(u, x), constant(n, x), positive(u),
        en=("power rule", "the exponent {n} goes in front and falls by one"),
        pt=("regra da potência", "o expoente {n} desce e diminui de um"),
    ),
    card(
        "exponential-rule", d(a**u, x), a**u * log(a) * d(u, x), constant(a, x), positive(a),
        en=("exponential with another base", "itself times the logarithm of the base"),
        pt=("exponencial de outra base", "ela mesma vezes o logaritmo da base"),
    ),
    card(
        "logarithmic-differentiation", d(u**v, x), u**v * d(v * log(u), x), positive(u),
        en=("logarithmic differentiation", "the derivative is the power times that of its logarithm {v} ln {u}"),
        pt=("derivação logarítmica", "a derivada é a potência vezes a do seu logaritmo {v} ln {u}"),
    ),
    card(
        "series-rule", d(total(k, n, f), x), total(k, n, d(f, x)), apart(k, x),
        en=("sum rule", "the derivative of a sum is the sum of the derivatives"),
        pt=("regra da soma", "a derivada da soma é a soma das derivadas"),
    ),
    card(
        "chain-rule", d(w, x), total(m, n, d(w, q[m]) * d(q[m], x)),
        Condition("through", (w, q, x)), Condition("sized", (q, n)), apart(m, w), apart(m, x),
        en=("chain rule", "{w} depends on {x} only through the {q}: one path for every {m}, all added up"),
        pt=("regra da cadeia", "{w} depende de {x} somente por meio dos {q}: um caminho para cada {m}, todos somados"),
    ),
    card(
        "chain-rule-row", d(w, x), total(m, n, d(w, q[k, m]) * d(q[k, m], x)),
        Condition("through-row", (w, q, k, x)), Condition("columns", (q, n)),
        apart(m, w), apart(m, x), apart(m, k),
        en=("chain rule", "{w} depends on {x} only through row {k} of {q}: one path for every {m}, all added up"),
        pt=("regra da cadeia", "{w} depende de {x} somente pela linha {k} de {q}: um caminho para cada {m}, somados"),
    ),
    card(
        "own-row", d(w, v[i, j]), delta(k, i) * d(w, v[k, j]), Condition("rows", (w, v, k)),
        en=("an example of its own", "{w} depends on row {k} of {v} only"),
        pt=("um exemplo próprio", "{w} depende somente da linha {k} de {v}"),
    ),
]  # fmt: skip
