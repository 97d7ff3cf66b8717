"""A document with everything in it: every kind of block, wide rows, and names that mean harm."""

from __future__ import annotations

from derive.core.term import Term, d, delta, exp, lift, log, neg, sym, total
from derive.document.nodes import (
    Cases,
    Code,
    Document,
    Equation,
    Evidence,
    EvidenceRow,
    Figure,
    Formula,
    Heading,
    Line,
    Listing,
    Message,
    Name,
    Number,
    ProofLines,
    Prose,
    RuleName,
    Series,
    Statement,
    Table,
)  # fmt: skip

NASTY = 'a_b$#{x}%\\"<>|*`~^&@'
NAMES = ("setosa", "versicolor", "virginica", NASTY, "pão de queijo", "classe seis", "A")
W, h, b, z, p, y, L, C, S = map(sym, ("W", "h", "b", "z", "p", "y", "L", "C", "S"))
i, j, k, m, r = map(sym, "ijkmr")
SUM = total(m, C, exp(z[m]))
LABELS = {(family, n): name for family in "zpyW" for n, name in enumerate(NAMES, 1)} | {
    ("b", n): str(n + 2) for n in range(1, 8)
}


def word(key: str, **slots: object) -> Message:
    return Message(key, slots)  # type: ignore[arg-type]


def jacobian() -> ProofLines:
    u, v = exp(z[i]), SUM
    quotient = (d(u, z[k]) * v - u * d(v, z[k])) / v**2
    return ProofLines(
        "der:jacobian",
        d(p[i], z[k]),
        (
            Line("definition:p", d(u / v, z[k]), ((0,),), {"i": i}),
            Line("quotient-rule", quotient, ((),), {"u": u, "v": v}),
            Line("exp-rule", (u * delta(i, k) * v - u * d(v, z[k])) / v**2, ((0, (0, 2)),), {"u": z[i]}, steps()),
            Line("series-rule", (u * delta(i, k) * v - u * total(m, C, d(exp(z[m]), z[k]))) / v**2, ((0, 1, 0, 1),)),
            Line("pick", (u * delta(i, k) * v - u * exp(z[k])) / v**2, ((0, 1, 0, 1),), {"k": m, "j": k}),
            Line("split-square", u / v * ((delta(i, k) * v - exp(z[k])) / v), (), {"w": v}),
            Line("divide-terms", u / v * (delta(i, k) - exp(z[k]) / v), ((1,),)),
            Line("definition:p", p[i] * (delta(i, k) - p[k]), ((),), {"i": i}),
        ),
    )


def steps() -> tuple[Line, ...]:
    first = exp(z[i]) * d(z[i], z[k])
    return (
        Line("exp-rule", first, ((),), {"u": z[i]}),
        Line("coordinates", exp(z[i]) * delta(i, k), ((1,),), {"v": z}),
    )


def spelled(number: int = 7) -> Term:
    terms = [z[n] * exp(z[n]) for n in range(1, number + 1)]
    whole = terms[0]
    for term in terms[1:]:
        whole = whole + term
    return whole


def long_rows() -> ProofLines:
    over = exp(z[1])
    for n in range(2, 8):
        over = over + exp(z[n])
    terms = [y[n] * log(p[n]) for n in range(1, 8)]
    loss = neg(terms[0])
    for term in terms[1:]:
        loss = loss - term
    return ProofLines(
        "der:long",
        L,
        (
            Line("definition:L", -total(i, 7, y[i] * log(p[i])), (), {}),
            Line("targets-sum-to-one", loss, (((2, 4),),)),
            Line("a-name-nobody-knows", (spelled() - k) / over, ((0,),)),
            Line("rearrange", d(spelled(), z[2]) * lift(2) + spelled(3) ** 2, ((0,),)),
            Line("softmax-jacobian", p[4] * (lift(1) - p[4]) - y[5] / p[5], ((0, 1),)),
        ),
    )


def gradient() -> Cases:
    return Cases(
        d(L, z[k]),
        ((p[k] - lift(1), Equation((k, sym("r")))), (p[k], Equation((k, sym("r")), "≠"))),
    )


def numbers() -> Table:
    rows = tuple(
        (Name(name), Number(0.6652 / n, 3), Number(-2.40945 * n, 3), Number(3.2e-7 / n, 2, True), z[n])
        for n, name in enumerate(NAMES, 1)
    )
    head = (word("ui.rule"), p[k], z[k], d(L, b[k]), word("ui.step"))
    return Table("tab:numbers", word("title.loss-by-logit"), head, rows, "lrrrc")


def prose_table() -> Table:
    long = word("rule.definition", name=Listing(tuple(p[n] for n in range(1, 8))))
    rows = ((RuleName("chain-rule"), long),) * 2
    return Table("tab:prose", word("ui.why"), (word("ui.rule"), word("ui.detail")), rows, "ll")


def plot() -> Figure:
    x = tuple(float(n) / 4 for n in range(21))
    falling = Series(word("title.loss-of-the-true-class"), x, tuple(2.5 * 0.8**t for t in x))
    other = Series(word("rule.definition", name=Name(NASTY)), x, tuple(2.5 * 0.6**t for t in x))
    third = Series(word("ui.example"), x, tuple(1.5 - 0.2 * t for t in x))
    return Figure(
        "fig:descent", word("title.gradient-b"), word("title.gradient-W"), word("ui.step"), word("ui.table"),
        (falling, other, third),
    )  # fmt: skip


def evidence() -> Evidence:
    by, detail = word("ui.theorem"), word("rule.definition", name=Listing((p[i], z[k], L, W[k, j])))
    statuses = ("proven", "refuted", "undecided", "not-run")
    return Evidence("evidence", tuple(EvidenceRow(by, status, detail) for status in statuses))


def document() -> Document:
    ones = Equation((total(i, C, y[i]), lift(1)))
    return Document(
        word("title.softmax-jacobian"),
        word("title.gradient-z"),
        (
            Heading("sec:jacobian", word("title.softmax-jacobian")),
            Prose(word("rule.definition", name=Equation((p[i], exp(z[i]) / SUM), ":="))),
            Formula("eq:softmax", Equation((p[i], exp(z[i]) / SUM), ":=")),
            jacobian(),
            Statement(
                "thm:jacobian", "ui.lemma", word("title.softmax-jacobian"),
                Equation((d(p[i], z[k]), p[i] * (delta(i, k) - p[k]))),
            ),
            Heading("sec:loss", word("title.loss-by-logit"), 2),
            Statement(
                "thm:cases", "ui.theorem", word("title.gradient-z"), gradient(),
                (ones, RuleName("other-class"), Equation((delta(k, 4), lift(0)))),
            ),
            Heading("sec:long", word("rule.definition", name=p[i])),
            long_rows(),
            Prose(word("rule.definition", name=Listing((Name(NASTY), Number(0.5, 3), RuleName("definition:W"), p[4])))),
            numbers(),
            prose_table(),
            plot(),
            Heading("sec:evidence", word("ui.evidence")),
            evidence(),
            Code("python", "def f(x):\n    return '``` \\end{verbatim} #' + x  # " + "long " * 30),
        ),
        LABELS,
    )  # fmt: skip
