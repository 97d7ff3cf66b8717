"""Attempts to make the kernel accept something false; each of these must be refused."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import SimpleNamespace
from typing import cast

import pytest

from derive.chains import problem_named
from derive.core.context import Context, Definition
from derive.core.kernel import Refused, Step, Theorem, check
from derive.core.term import Term, d, delta, exp, fn, num, put, slot, sym, total
from derive.rules import RULES
from derive.witness.balls import check_equation

b, z, p, y, L, x, C, H = map(sym, ("b", "z", "p", "y", "L", "x", "C", "H"))
i, j, k, m = map(sym, "ijkm")
CONTEXT = problem_named("softmax-cross-entropy").context


def attack(
    left: Term,
    right: Term,
    *steps: Step,
    context: Context = CONTEXT,
    lemmas: Mapping[str, Theorem] | None = None,
) -> Theorem:
    return check("attack", context, left, right, steps, RULES, lemmas)


def refused(left: Term, right: Term, *steps: Step, **more: object) -> None:
    with pytest.raises(Refused):
        attack(left, right, *steps, **more)  # type: ignore[arg-type]


def test_the_claims_attacked_for_are_false() -> None:
    for right in (num(0), p[k], p[k] * 2):
        assert check_equation(d(L, z[k]), right, CONTEXT).status == "refuted"


def test_a_procedure_backwards_brings_in_anything() -> None:
    refused(d(L, z[k]), p[k], Step("rearrange", (), True, (("to", d(L, z[k])), ("before", p[k]))))


def test_a_bound_index_named_like_a_family_is_renamed_away_with_it() -> None:
    """sum_p dL/dp_p dp_p/dz_k, its index renamed to m, would read sum_m dL/dm_m dm_m/dz_k: constant in m."""
    refused(
        d(L, z[k]),
        num(0),
        Step("chain-rule", (), False, (("q", p), ("m", p), ("n", C))),
        Step("rename", (), False, (), (("p", "m"),)),
        Step("constant", (2, 0)),
        Step("factor-out"),
        Step("zero-times"),
    )


def test_a_bound_index_named_like_a_family_hides_the_family() -> None:
    refused(d(total(z, C, exp(z[1])), z[k]), num(0), Step("constant"))


def test_a_bound_index_named_like_a_size_changes_the_size() -> None:
    context = Context(indices={"j": C})
    refused(total(C, 3, total(k, C, delta(k, j))), total(C, 3, num(1)), Step("pick-one", (2,)), context=context)


def test_a_hole_is_no_term_to_prove_about() -> None:
    refused(d(slot("c"), z[k]), num(0), Step("constant"))
    refused(num(0), d(slot("c"), z[k]), Step("constant", (), True, (("c", slot("c")), ("x", z[k]))))


def test_a_substitution_not_carried_out_is_no_term_to_prove_about() -> None:
    refused(put(exp(z[k]), k, i), put(exp(z[k]), k, i))


def test_a_lemma_is_a_theorem_of_the_kernel() -> None:
    facts = {"name": "fake", "context": CONTEXT, "left": d(L, z[k]), "right": num(0)}
    nothing = {"assumptions": frozenset(), "conditions": (), "definitions": frozenset()}
    fake = cast(Theorem, SimpleNamespace(**facts, **nothing))
    with pytest.raises((Refused, TypeError)):
        attack(d(L, z[k]), num(0), Step("fake"), lemmas={"fake": fake})


def test_a_lemma_is_not_of_a_subclass_that_seals_itself() -> None:
    class Fake(Theorem):
        def __post_init__(self, seal: object) -> None: ...

    nothing = frozenset[str]()
    fake = Fake("fake", CONTEXT, d(L, z[k]), num(0), (), (), (), nothing, (), nothing, (), nothing, seal=None)
    with pytest.raises((Refused, TypeError)):
        attack(d(L, z[k]), num(0), Step("fake"), lemmas={"fake": fake})


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (lambda: exp(sym("z[k]")), exp(z[k])),
        (lambda: exp(fn("neg", x)), exp(-x)),
        (lambda: z[sym("2")], z[2]),
    ],
)
def test_two_terms_that_print_alike_are_not_one(before: Callable[[], Term], after: Term) -> None:
    with pytest.raises((Refused, ValueError)):
        attack(before(), after, Step("rearrange", (), False, (("to", after),)))


def test_a_condition_that_cannot_hold_is_refused() -> None:
    nothing = x - x
    refused(
        x,
        y[1],
        Step("cancel", (), True, (("v", nothing),)),
        Step("rearrange", (), False, (("to", y[1] * nothing / nothing),)),
        Step("cancel"),
    )


def test_an_empty_sum_is_no_term() -> None:
    """It would count as evidently positive, and be zero."""
    with pytest.raises(ValueError, match="not a term"):
        total(i, 0, num(1))


def test_a_context_cannot_change_under_a_theorem() -> None:
    definitions = dict(CONTEXT.definitions)
    context = Context(definitions, CONTEXT.shapes, CONTEXT.indices, CONTEXT.fixed, CONTEXT.assumptions)
    theorem = attack(d(p[i], y[k]), num(0), Step("constant"), context=context)
    definitions["p"] = Definition("p", ("i",), y[i])
    assert theorem.context.definitions["p"] == CONTEXT.definitions["p"]


def test_a_size_is_not_an_index() -> None:
    """For N = 5, i = 5 the inner sum is over n = 1, 2, 3 and knows no 5."""
    N = sym("N")
    inner = total(N, 3, total(k, N, delta(k, i)))
    refused(total(i, N, inner), total(i, N, total(N, 3, num(1))), Step("pick-one", (2, 2)), context=Context())


def test_a_prime_on_a_bound_index_is_refused_not_a_crash() -> None:
    primed = sym("k'")
    with pytest.raises((Refused, ValueError)):
        attack(total(primed, C, y[primed] / y[primed]), total(primed, C, num(1)), Step("cancel-all", (2,)))


HOLES = [
    ({"f": Definition("f", (), slot("x"))}, {}),
    ({"f": Definition("f", (), total(z, C, exp(z[1])))}, {}),
    ({}, {"a": (slot("u"), num(0))}),
]


@pytest.mark.parametrize(("definitions", "assumptions"), HOLES)
def test_a_context_has_no_holes_and_binds_no_family(
    definitions: dict[str, Definition], assumptions: dict[str, tuple[Term, Term]]
) -> None:
    with pytest.raises((Refused, ValueError)):
        Context(definitions, {"f": (), "z": (C,)}, {"k": C}, {}, assumptions)


def test_a_lemma_cannot_pass_as_equal_to_a_theorem() -> None:
    real = attack(d(p[i], y[k]), num(0), Step("constant"))

    class EqualToAll:
        name, context, left, right = "fake", CONTEXT, d(L, z[k]), num(0)
        assumptions, conditions, definitions = frozenset[str](), (), frozenset[str]()

        def __hash__(self) -> int:
            return hash(real)

        def __eq__(self, other: object) -> bool:
            return True

    with pytest.raises((Refused, TypeError)):
        attack(d(L, z[k]), num(0), Step("fake"), lemmas={"fake": cast(Theorem, EqualToAll())})
