"""The lecture's proofs about L(softmax(W h + b)): which rule a lecturer would cite next, on two roads."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

from derive.chains.chain import Chain, ProblemError
from derive.chains.softmax_cross_entropy import SoftmaxCrossEntropy
from derive.core.term import Term, d, delta, lift, log, sym, total
from derive.proofs.goals import (
    Goal,
    Plan,
    Script,
    Step,
    also,
    by_name,
    move,
    softmax_jacobian,
    softmax_shift,
)

W, h, b, z, p, y, L = map(sym, ("W", "h", "b", "z", "p", "y", "L"))
c, i, j, k, l, m = map(sym, "cijklm")
ONE = lift(1)
SUM_TO_ONE = "targets-sum-to-one"
MOST_WRITTEN = 4
FAMILIES = ("z", "b", "W", "h")
ROADS = ("jacobian", "logits")
SPELLINGS = {"b_k": "b", "z_k": "z", "W_kj": "W", "W_{kj}": "W", "h_j": "h"}
TOLD = ("softmax-written-out", "loss-of-the-true-class")  # beside every gradient

# scripts; "coordinates" and the like are the titles of lines

LOSS_BY_PROBABILITY: Script = (
    move("definition:L", rename={"i": "m"}, brief=True),
    move("series-rule", before=[("negative-rule", None)]),
    move("constant-factor"),
    move("log-rule", brief=True),
    move("coordinates"),
    move("pick", brief=True), also("times-fraction"),
)  # fmt: skip
OF_THE_SUM: Script = (move("series-rule"), also("exp-rule"), also("coordinates"), move("pick", brief=True))
FOLDED = move("definition:p", back=True, everywhere=True, brief=True)
JACOBIAN_SAME: Script = (
    move("definition:p", brief=True),
    move("quotient-rule", brief=True),
    move("exp-rule"), also("coordinates"), also("delta-same"),
    *OF_THE_SUM,
    move("common-factor"),
    move("split-square"),
    move("divide-terms"), also("cancel-all"),
    FOLDED,
)  # fmt: skip
JACOBIAN_DIFFERENT: Script = (
    move("definition:p", brief=True),
    move("quotient-rule", brief=True),
    move("exp-rule"), also("coordinates"),
    move("different-indices"),
    *OF_THE_SUM,
    move("negative-numerator"),
    move("split-square"),
    FOLDED,
)  # fmt: skip
LOGIT_BY_BIAS: Script = (
    move("definition:z", brief=True),
    move("sum-rule"),
    move("constant"),
    move("coordinates", brief=True),
)
LOGIT_BY_WEIGHT: Script = (
    move("definition:z", rename={"j": "l"}, brief=True),
    move("sum-rule"),
    move("constant"),
    move("series-rule"),
    move("constant-factor-right"),
    move("matrix-coordinates"),
    move("pick", brief=True, before=[("swap-factors", (2, (1, 3)))]),
)
LOGIT_BY_INPUT: Script = (
    move("definition:z", rename={"j": "l"}, brief=True),
    move("sum-rule"),
    move("constant"),
    move("series-rule"),
    move("constant-factor"),
    move("coordinates"),
    move("pick", brief=True),
)
# from sum_i y_i (delta_ik - p_k), with its sign, to p_k sum_i y_i - y_k
COLLAPSED: Script = (
    lambda writer: writer.line.op != "sum" or writer.move("negative-sum"),
    move("distribute"), also("split-difference"),
    move("pick", brief=True),
    move("factor-out-right"), also("swap-factors", at=(0, 1, 0)),
    move("resolve-bracket", brief=True),
)  # fmt: skip
# the logits road: softmax goes into the loss, the logarithm undoes the exponential, one differentiation
LOGITS_ROAD: Script = (
    move("definition:L", brief=True),
    move("definition:p", brief=True),
    move("log-quotient"),
    move("log-exp", brief=True),
    move("series-rule", before=[("negative-rule", None)]),
    move("constant-factor"),
    move("difference-rule"), also("coordinates"),
    move("log-rule", brief=True),
    move("series-rule"), also("exp-rule"), also("coordinates"),
    move("pick"),
    move("fraction-times"),
    move("definition:p", back=True, brief=True),
    *COLLAPSED,
)  # fmt: skip


def softmax_plan(chain: Chain, road: str = "", only: Collection[str] | None = None) -> Plan:
    """The goals of the chain. With a target, its single entries are told the way it is done on the board.

    only: what is asked for; of other families there may be thousands of entries, which are left out. Raises
    ProblemError for a road that does not exist.

    >>> from derive.chains import problem_named
    >>> list(softmax_plan(problem_named("softmax-cross-entropy", classes=3).chain, "logits").asked)[:7]
    ['z', 'b', 'W', 'h', 'z_1', 'z_2', 'z_3']
    """
    road = road or ROADS[0]
    if road not in ROADS:
        raise ProblemError(f'there is no road "{road}"; choose {" or ".join(ROADS)}')
    problem: SoftmaxCrossEntropy = chain.source
    goals = [*_of_the_parts(problem), _loss_by_logit(problem, road), *_gradients(problem), *_beside(problem)]
    single = {family: list(_entries(problem, family)) if _is_asked(family, only) else [] for family in FAMILIES}
    goals += [_entry(problem, family, name, x) for family in FAMILIES for name, x in single[family]]
    asked = {family: (f"gradient-{family}", *(name for name, _ in single[family])) for family in FAMILIES}
    asked |= {problem.called(x): (name,) for entries in single.values() for name, x in entries}
    for n, label in enumerate(problem.classes or () if problem.named else (), 1):  # b_setosa is b_3
        asked.setdefault(f"b_{label}", (f"gradient-b-{n}",))
    also = {said: family for said, family in SPELLINGS.items() if said not in asked}
    return Plan(by_name(goals), asked, also, road)


def _is_asked(family: str, only: Collection[str] | None) -> bool:
    return only is None or any(name.removeprefix("gradient-").startswith(family) for name in only)


def _of_the_parts(problem: SoftmaxCrossEntropy) -> Iterator[Goal]:
    yield Goal("loss-by-probability", d(L, p[i]), LOSS_BY_PROBABILITY, -(y[i] / p[i]))
    yield Goal("jacobian-same", d(p[i], z[i]), JACOBIAN_SAME, p[i] * (ONE - p[i]))
    yield Goal("jacobian-different", d(p[i], z[k]), JACOBIAN_DIFFERENT, -(p[i] * p[k]))
    yield softmax_jacobian("softmax-jacobian", p, z, beside=("jacobian-same", "jacobian-different"))
    yield Goal("logit-by-bias", d(z[m], b[k]), LOGIT_BY_BIAS, delta(m, k))
    yield Goal("logit-by-weight", d(z[m], W[k, j]), LOGIT_BY_WEIGHT, delta(m, k) * h[j])
    yield Goal("logit-by-input", d(z[m], h[j]), LOGIT_BY_INPUT, W[m, j])


def _loss_by_logit(problem: SoftmaxCrossEntropy, road: str) -> Goal:
    """On the Jacobian road every factor is solved, then multiplied and collapsed."""
    left, right = d(L, z[k]), p[k] * total(i, problem.size, y[i]) - y[k]
    if road == "logits":
        return Goal("loss-by-logit", left, LOGITS_ROAD, right)
    script = (
        move("chain-rule", at=(), q=p, m=i, n=problem.size, brief=True),
        move("loss-by-probability"),
        move("softmax-jacobian", brief=True),
        move("cancel-factor", before=[("negative-first", (2,))]),
        *COLLAPSED,
    )
    return Goal("loss-by-logit", left, script, right, ("loss-by-probability", "softmax-jacobian"))


def _gradients(problem: SoftmaxCrossEntropy) -> Iterator[Goal]:
    """The gradients by the families, from that by the logits."""
    if problem.target is not None:  # the targets are a Kronecker delta, and the assumption becomes a lemma
        one_remains = (move("definition:y", brief=True), move("pick-one", brief=True))
        yield Goal(SUM_TO_ONE, total(i, problem.size, y[i]), one_remains, ONE)
    ones, pick = move(SUM_TO_ONE, brief=True), move("pick", brief=True)
    cites = ("loss-by-logit", SUM_TO_ONE)
    begun = (move("chain-rule", at=(), q=z, m=m, n=problem.size, brief=True), move("loss-by-logit", brief=True))
    swapped = move("pick", brief=True, before=[("swap-factors", (2, (1, 3)))])
    summed = total(m, problem.size, (p[m] - y[m]) * W[m, j])
    rows: tuple[tuple[Term, Term, str, Script], ...] = (
        (b[k], p[k] - y[k], "logit-by-bias", (pick,)),
        (W[k, j], (p[k] - y[k]) * h[j], "logit-by-weight", (swapped,)),
        (h[j], summed, "logit-by-input", ()),
    )
    by_logit = (move("loss-by-logit", brief=True), ones)
    yield Goal("gradient-z", d(L, z[k]), by_logit, p[k] - y[k], cites, TOLD)
    for x, right, factor, picked in rows:
        yield Goal(
            f"gradient-{x.args[0]}", d(L, x), (*begun, move(factor), *picked, ones), right, (*cites, factor), TOLD
        )


def _beside(problem: SoftmaxCrossEntropy) -> Iterator[Goal]:
    """For few classes, the definition without the summation sign; and what remains with a true class."""
    if problem.size.op == "num" and len(problem.classes or ()) <= MOST_WRITTEN:
        written = (move("definition:p", brief=True), move("write-out", brief=True))
        yield Goal("softmax-written-out", p[problem.target or k], written)
    yield softmax_shift(p, z, problem.size)
    if problem.target is not None:
        script = (
            move("definition:L", brief=True),
            move("definition:y"),
            move("pick", brief=True, before=[("swap-factors", (0, 2))]),
        )
        yield Goal("loss-of-the-true-class", L, script, -log(p[problem.target]))


def _entries(problem: SoftmaxCrossEntropy, family: str) -> Iterator[tuple[str, Term]]:
    """The entries of a family that have names of their own: b_3, W_12, or b_r of the true class."""
    columns = [(f"-{n}", lift(n)) for n in range(1, problem.inputs + 1)] if problem.inputs else [("", j)]
    if family == "h":
        named = columns if problem.inputs else [("-target", j)] if problem.target else []
        yield from ((f"gradient-h{suffix}", h[column]) for suffix, column in named)
    for name, place in _named_classes(problem) if family != "h" else ():
        if family == "W":
            yield from ((f"gradient-W-{name}{end}", W[place, column]) for end, column in columns)
        else:
            yield f"gradient-{family}-{name}", sym(family)[place]


def _named_classes(problem: SoftmaxCrossEntropy) -> Sequence[tuple[str, Term]]:
    if problem.classes:
        return [(str(n), lift(n)) for n in range(1, len(problem.classes) + 1)]
    return [("true", problem.target), ("other", k)] if problem.target else []


def _entry(problem: SoftmaxCrossEntropy, family: str, name: str, x: Term) -> Goal:
    """An instance of the general gradient, with the target's delta put in."""
    target = problem.target
    if family == "b" and target is not None:
        return _bias_entry(problem, name, x, target)
    general = f"gradient-{family}"
    script: Script = (move(general, brief=True),)
    if target is not None:
        script = (*script, move("definition:y"))
        if family == "h":  # of the targets one remains, and with it one weight
            script = (
                *script,
                move("distribute", before=[("swap-factors", (2,))]),
                move("split-difference"),
                move("pick", brief=True),
            )
        else:
            script = (*script, _delta_value(x.args[1], target))
    return Goal(name, d(L, x), script, cites=(general,), beside=TOLD, result=True)


def _bias_entry(problem: SoftmaxCrossEntropy, name: str, x: Term, target: Term) -> Goal:
    """dL/dp of the true class, times dp/dz, times dz/db: the way it is told on the board."""
    own = x.args[1]
    factors = -(ONE / p[i]) * d(p[i], z[own]) * delta(i, target)
    script: Script = (
        move("chain-rule", at=(), q=z, m=m, n=problem.size, brief=True),
        move("logit-by-bias"), also("pick"),
        move("chain-rule", at=(), q=p, m=i, n=problem.size, brief=True),
        move("loss-by-probability"),
        move("definition:y"), also("rearrange", at=(2,), to=factors),
        move("pick", brief=True),
        move("softmax-jacobian", brief=True),
        _delta_value(target, own),
        move("cancel-factor", at=(0, (0, 2)), before=[("negative-first", ())], brief=own != target),
    )  # fmt: skip
    if own == target:
        script = (*script, move("resolve-bracket", brief=True))
    cites = ("logit-by-bias", "loss-by-probability", "softmax-jacobian")
    right = p[own] - 1 if own == target else p[own]
    return Goal(name, d(L, x), script, right, cites, TOLD, result=True)


def _delta_value(one: Term, other: Term) -> Step:
    """The delta of two classes that are known to be equal, or different."""
    if one == other:
        return move("delta-same")
    if one.op == other.op == "num":
        return move("delta-other")
    return move("other-class", before=[] if one == k else [("delta-order", None)])
