"""Rules of indexed sums and Kronecker deltas."""

from derive.core.law import Condition
from derive.core.term import delta, lift, put, total
from derive.rules.cards import apart, c, card, f, i, j, k, n, nonzero, u

_IN_RANGE = Condition("ranges", (j, n))

SUMS = [
    card(
        "pick", total(k, n, f * delta(k, j)), put(f, k, j), apart(k, j), _IN_RANGE,
        en=("the delta keeps one term", "of the sum over {k} only the term {k} = {j} remains"),
        pt=("o delta deixa um só termo", "da soma em {k} resta somente o termo {k} = {j}"),
    ),
    card(
        "pick-one", total(k, n, delta(k, j)), lift(1), apart(k, j), _IN_RANGE,
        en=("the delta keeps one term", "of the sum over {k} only the term {k} = {j} remains, and it is 1"),
        pt=("o delta deixa um só termo", "da soma em {k} resta somente o termo {k} = {j}, que vale 1"),
    ),
    card(
        "delta-order", delta(i, j), delta(j, i),
        en=("the delta is symmetric", "the order of the two indices does not matter"),
        pt=("o delta é simétrico", "a ordem dos dois índices não importa"),
    ),
    card(
        "delta-same", delta(i, i), lift(1),
        en=("equal indices", "the delta is 1: its indices are equal"),
        pt=("índices iguais", "o delta vale 1: os índices são iguais"),
    ),
    card(
        "delta-other", delta(i, j), lift(0), Condition("distinct", (i, j)),
        en=("different indices", "the delta is 0: {i} and {j} are different"),
        pt=("índices diferentes", "o delta vale 0: {i} e {j} são diferentes"),
    ),
    card(
        "factor-out", total(k, n, c * f), c * total(k, n, f), apart(k, c),
        en=("factor in front of the sum", "{c} does not depend on {k}"),
        pt=("fator em evidência", "{c} não depende de {k}"),
    ),
    card(
        "factor-out-right", total(k, n, f * c), total(k, n, f) * c, apart(k, c),
        en=("factor out of the sum", "{c} does not depend on {k}"),
        pt=("fator para fora da soma", "{c} não depende de {k}"),
    ),
    card(
        "divide-sum", total(k, n, f / c), total(k, n, f) / c, apart(k, c), nonzero(c),
        en=("common denominator of the sum", "{c} does not depend on {k}"),
        pt=("denominador comum da soma", "{c} não depende de {k}"),
    ),
    card(
        "sum-of-constant", total(k, n, c), n * c, apart(k, c),
        en=("sum of a constant", "{c} does not depend on {k} and is added {n} times"),
        pt=("soma de uma constante", "{c} não depende de {k} e é somado {n} vezes"),
    ),
    card(
        "split-sum", total(k, n, f + u), total(k, n, f) + total(k, n, u),
        en=("sum of sums", "the sum is taken term by term"),
        pt=("soma de somas", "a soma é feita termo a termo"),
    ),
    card(
        "split-difference", total(k, n, f - u), total(k, n, f) - total(k, n, u),
        en=("difference of sums", "the sum is taken term by term"),
        pt=("diferença de somas", "a soma é feita termo a termo"),
    ),
    card(
        "negative-sum", total(k, n, -f), -total(k, n, f),
        en=("sign in front of the sum", "every term has the minus sign"),
        pt=("sinal para fora da soma", "todos os termos têm o sinal de menos"),
    ),
]  # fmt: skip
