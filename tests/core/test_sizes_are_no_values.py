"""A size counts entries and is nothing else: what follows if a value may be one, and that it may not."""

import pytest

from derive.chains.network import network_problem
from derive.chains.spec import LayerSpec, NetworkSpec
from derive.core.condition import Condition
from derive.core.context import Context, Definition
from derive.core.kernel import Refused, Step, Theorem, check
from derive.core.term import Term, cases, d, delta, exp, fn, lift, log, num, sym, total
from derive.rules import RULES

a, b, i, j, k, m, q, s, t, w, x, y, z, L, W, C = map(sym, "abijkmqstwxyzLWC")


def prove(left: Term, right: Term, *steps: Step, context: Context, lemmas: dict[str, Theorem] | None = None) -> Theorem:
    return check("claim", context, left, right, tuple(steps), RULES, lemmas)


def counted(value: Term, by: Term) -> tuple[Step, ...]:
    """d(v, x) = d(sum(k, v, 1), x) = sum(k, v, d(1, x)) = 0."""
    return (
        Step("times-one", (0,), True),
        Step("sum-of-constant", (0,), True, (("n", value), ("k", k), ("c", num(1)))),
        Step("series-rule"),
        Step("constant", (2,)),
        Step("sum-of-constant"),
        Step("times-zero"),
    )


@pytest.mark.parametrize("batch", [False, True])
def test_a_loss_is_no_size(batch: bool) -> None:
    problem = network_problem(NetworkSpec(2, (LayerSpec(3, "tanh"), LayerSpec(2))), batch)
    at = sym("W__1")[k, j]
    with pytest.raises(Refused, match="is not a size"):
        prove(d(L, at), num(0), *counted(L, at), context=problem.letters(1))


@pytest.mark.parametrize(
    "context",
    [
        Context({"s": Definition("s", (), x)}),
        Context({"s": Definition("s", (), x)}, {"s": (), "x": ()}),
        Context({}, {"x": ()}, {}, depends={"s": ("x",)}),
        Context(),
    ],
)
def test_a_variable_is_no_size(context: Context) -> None:
    with pytest.raises(Refused, match="is not a size"):
        prove(d(s, x), num(0), *counted(s, x), context=context)


def test_letters_that_go_take_their_sizes_along() -> None:
    once = Context(indices={"k": x}).with_letters({})
    assert once.size_names == frozenset()
    root = exp(log(x / (lift(1) / x)) / 2)
    theorem = prove(root, root, context=once)
    assert theorem.conditions == ()
    squared = prove(x / (lift(1) / x), x**2, Step("rearrange", (), False, (("to", x**2),)), context=once)
    assert squared.conditions == (Condition("nonzero", (x,)),)
    with pytest.raises(Refused, match="not a size"):
        prove(total(k, x, num(1)), x * 1, Step("sum-of-constant"), context=once)


def test_a_theorem_about_a_size_is_not_cited_where_it_is_a_value() -> None:
    counting = Context(indices={"k": x})
    theorem = prove(x / x, num(1), Step("cancel-all"), context=counting)
    assert theorem.conditions == ()  # there are at least one of them
    with pytest.raises(Refused, match="something else"):
        prove(x / x, num(1), Step("claim"), context=Context(), lemmas={"claim": theorem})
    hidden = {"s": Definition("s", (), x)}
    inside = prove(s / s, num(1), Step("cancel-all"), context=Context(hidden, indices={"k": x}))
    with pytest.raises(Refused, match="something else"):
        prove(s / s, num(1), Step("claim"), context=Context(hidden), lemmas={"claim": inside})


def test_no_sum_takes_a_name_that_a_definition_uses() -> None:
    cubic = fn("cbrt", (q[1] - a) * (q[2] - a) ** 2)
    context = Context(
        {"q": Definition("q", ("i",), x), "w": Definition("w", (), cubic)}, {"q": (num(2),), "w": ()}, {"i": num(2)}
    )
    right = total(m, 2, d(w, q[m]) * d(q[m], x))
    chain = Step("chain-rule", (2,), using=(("q", q), ("m", m), ("n", num(2))))
    with pytest.raises(Refused, match="names a place or a size"):
        prove(total(a, 1, d(w, x)), total(a, 1, right), chain, context=context)
    plain = prove(d(w, x), right, Step(chain.rule, (), using=chain.using), context=context)
    assert {c.about[0] for c in plain.conditions} == {q[1] - a, q[2] - a}


@pytest.mark.parametrize(
    "definitions",
    [
        {"s": Definition("s", (), delta(a, 1))},  # a place from outside
        {"s": Definition("s", (), z[a])},
        {"s": Definition("s", (), total(i, C, z[i]) * z[i])},  # bound in the sum, and stray beside it
        {"s": Definition("s", (), fn("abs", y - a)), "t": Definition("t", ("a",), s * z[a])},  # two meanings of a
    ],
)
def test_a_definition_binds_its_places(definitions: dict[str, Definition]) -> None:
    with pytest.raises(ValueError, match=r"does not bind|means something else|names a place"):
        Context(definitions, {"z": (C,), "t": (C,)} if "t" in definitions else {"z": (C,)})


def test_a_place_cannot_hide_from_a_derivative() -> None:
    stepped = cases(1, delta(a, 1), ">", lift(1) / 2, a)
    with pytest.raises(Refused, match="names a place or a size"):
        prove(d(stepped, a), num(0), context=Context())


def test_a_condition_for_every_index_needs_a_range() -> None:
    context = Context({}, {"z": (C,)}, {"k": C})
    with pytest.raises(Refused, match="has no range"):
        prove(total(k, C, b), total(k, C, b * (k - b) / (k - b)),
              Step("cancel", (2,), True, (("v", k - b),)), context=context)  # fmt: skip


def test_shapes_and_indices_are_tuples() -> None:
    for wrong in ({"shapes": {"z": [C]}}, {"counts": [C]}):
        with pytest.raises((ValueError, TypeError)):
            Context(**wrong)
    with pytest.raises((ValueError, TypeError)):
        Context({"t": Definition("t", ["i"], z[i])}, {"z": (C,), "t": (C,)})
