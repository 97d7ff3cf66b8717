"""What the kernel is made of: everything it refuses."""

import copy
import dataclasses
from fractions import Fraction
from functools import reduce

import pytest

from derive.core.context import Context, Definition
from derive.core.kernel import Refused, Step, Theorem, check
from derive.core.law import Rule
from derive.core.term import add, d, delta, exp, fn, lift, log, mul, neg, num, put, slot, sym, total
from derive.rules import RULES

x, p, q, s, z, y, a, C, H = map(sym, ("x", "p", "q", "s", "z", "y", "a", "C", "H"))
i, j, k, m, r = map(sym, "ijkmr")

CONTEXT = Context(
    definitions={
        "p": Definition("p", ("i",), exp(z[i]) / total(m, C, exp(z[m]))),
        "q": Definition("q", ("i",), p[i] * lift(2)),
        "s": Definition("s", ("i",), total(m, C, y[i] * z[m])),
    },
    shapes={"p": (C,), "q": (C,), "s": (C,), "z": (C,), "y": (C,), "a": (H,), "x": ()},
    indices={"i": C, "k": C, "m": C, "j": H},
    fixed={"r": C},
    assumptions={
        "x-is-3": (x, num(3)),
        "z-k-is-0": (z[k], num(0)),
        "p-k-is-half": (p[k] * 2, num(1)),
        "sum-one": (total(i, C, y[i]), num(1)),
        "other": (delta(k, r), num(0)),
    },
)


def prove(left, right, *steps, context=CONTEXT, cards=RULES, lemmas=None):
    return check("claim", context, left, right, tuple(steps), cards, lemmas)


def refused(match, left, right, *steps, **options):
    with pytest.raises(Refused, match=match):
        prove(left, right, *steps, **options)


def test_a_true_derivation_is_accepted_and_lists_its_lines():
    theorem = prove(d(log(exp(x)), x), num(1), Step("log-exp", (0,)), Step("variable"))
    assert theorem.lines == (d(log(exp(x)), x), d(x, x), num(1))
    assert theorem.assumptions == frozenset()
    assert theorem.conditions == ()


def test_assumption_about_a_point_under_a_derivative():
    refused("holds at the point", d(x, x), num(0), Step("x-is-3", (0,)), Step("constant"))
    assert prove(x + 1, num(3) + 1, Step("x-is-3", (0,))).assumptions == {"x-is-3"}


def test_assumption_that_reaches_the_variable_through_a_definition():
    # p is a function of z: p_k = 1/2 says something about z
    refused("holds at the point", d(p[k] * 2, z[k]), d(num(1), z[k]), Step("p-k-is-half", (0,)))


def test_the_variable_of_a_derivative_is_not_rewritten():
    definition = Step("definition:q", (1,))
    refused("variable of a derivative", d(q[k], q[k]), d(q[k], p[k]), definition)
    refused("variable of a derivative", d(x, x), d(x, x), Step("x-is-3", (1,)))


def test_a_definition_is_not_unfolded_under_its_own_variable():
    # d p_k / d p_k would become the derivative of something without p, hence 0
    refused("unfolds p", d(p[k], p[k]), num(0), Step("definition:p", (0,)), Step("constant"))


def test_a_lemma_that_unfolded_the_variable_is_not_cited_under_its_derivative():
    lemma = check("plain", CONTEXT, p[i], exp(z[i]) / total(m, C, exp(z[m])), (Step("definition:p"),), RULES)
    refused("unfolds p", d(p[k], p[k]), num(0), Step("plain", (0,)), Step("constant"), lemmas={"plain": lemma})


def test_an_index_bound_on_the_path():
    # z_k = 0 speaks of one k, not of the k that the sum runs over
    refused("bound here", total(k, C, z[k]), total(k, C, num(0)), Step("z-k-is-0", (2,)))
    refused("bound here", total(k, C, delta(k, r)), total(k, C, num(0)), Step("other", (2,)))


def test_index_size_and_family_are_not_rewritten():
    twice = {"again": Rule("again", slot("u"), slot("u") + 0)}
    refused("not rewritten", z[k], z[k], Step("again", (1,)), cards={**RULES, **twice})
    refused("not rewritten", total(k, C, z[k]), total(k, C, z[k]), Step("again", (1,)), cards={**RULES, **twice})


def test_capture_when_a_definition_is_unfolded():
    # s_m = sum_m y_m z_m would be captured: the definition's own index steps aside
    assert prove(s[m], total(i, C, y[m] * z[i]), Step("definition:s"))
    refused("ends at", s[m], total(m, C, y[m] * z[m]), Step("definition:s"))
    refused("ends at", p[m], exp(z[m]) / total(i, C, exp(z[m])), Step("definition:p"))


def test_capture_when_the_delta_picks():
    # sum_i (sum_k y_i z_k) delta_ik = sum_m y_k z_m, and not sum_k y_k z_k
    left = total(i, C, total(m, C, y[i] * z[m]) * delta(i, k))
    good = total(j, C, y[k] * z[j])
    assert prove(left, good, Step("pick"))
    captured = total(i, C, total(k, C, y[i] * z[k]) * delta(i, k))
    refused("ends at", captured, total(k, C, y[k] * z[k]), Step("pick"))
    assert prove(captured, good, Step("pick"))


def test_a_factor_with_the_index_does_not_leave_the_sum():
    refused("apart", total(k, C, y[k] * z[k]), y[k] * total(k, C, z[k]), Step("factor-out"))


def test_pick_outside_the_range():
    refused("ranges", total(i, C, z[i] * delta(i, j)), z[j], Step("pick"))  # j runs over the inputs
    refused("ranges", total(i, C, z[i] * delta(i, 5)), z[5], Step("pick"))  # is there a fifth class?
    refused("ranges", total(i, num(3), z[i] * delta(i, 4)), z[4], Step("pick"))
    refused("ranges", total(i, num(3), z[i] * delta(i, 0)), z[0], Step("pick"))
    assert prove(total(i, C, z[i] * delta(i, 1)), z[1], Step("pick"))
    assert prove(total(i, C, z[i] * delta(i, r)), z[r], Step("pick"))


def test_a_family_indexed_out_of_range_is_not_unfolded():
    refused("ranges", p[j], exp(z[j]) / total(m, C, exp(z[m])), Step("definition:p"))


def test_a_lemma_brings_its_assumptions():
    lemma = check("ones", CONTEXT, total(i, C, y[i]) * x, x, (Step("sum-one", (0,)), Step("one-times")), RULES)
    theorem = prove(total(i, C, y[i]) * x, x, Step("ones"), lemmas={"ones": lemma})
    assert theorem.assumptions == {"sum-one"}
    refused(
        "holds at the point", d(total(i, C, y[i]) * x, y[k]), d(x, y[k]), Step("ones", (0,)), lemmas={"ones": lemma}
    )


def test_a_lemma_is_not_general_in_an_index_its_assumption_speaks_of():
    lemma = check("zero", CONTEXT, delta(k, r) * x, num(0), (Step("other", (0,)), Step("zero-times")), RULES)
    refused("does not fit", delta(i, r) * x, num(0), Step("zero"), lemmas={"zero": lemma})
    refused("bound here", total(k, C, delta(k, r) * x), total(k, C, num(0)), Step("zero", (2,)), lemmas={"zero": lemma})


def test_a_lemma_is_general_in_its_other_indices_but_only_in_range():
    lemma = check("softmax", CONTEXT, p[i], exp(z[i]) / total(m, C, exp(z[m])), (Step("definition:p"),), RULES)
    assert prove(p[k], exp(z[k]) / total(m, C, exp(z[m])), Step("softmax"), lemmas={"softmax": lemma})
    refused("ranges", p[j], exp(z[j]) / total(m, C, exp(z[m])), Step("softmax"), lemmas={"softmax": lemma})


def test_a_lemma_about_something_else():
    other = Context(shapes={"x": ()})
    lemma = check("twice", other, x + 0, x, (Step("plus-zero"),), RULES)
    refused("something else", x + 0, x, Step("twice"), lemmas={"twice": lemma})


def test_logarithm_and_division_record_their_condition():
    theorem = prove(d(log(x), x), lift(1) / x, Step("log-rule"), Step("variable", (1,)), Step("times-one"))
    assert [(c.kind, c.about) for c in theorem.conditions] == [("positive", (x,))]
    theorem = prove(x / x, num(1), Step("cancel-all"))
    assert [(c.kind, c.about) for c in theorem.conditions] == [("nonzero", (x,))]
    theorem = prove(y[k] / x * x, y[k], Step("rearrange", using=(("to", y[k]),)))
    assert [(c.kind, c.about) for c in theorem.conditions] == [("nonzero", (x,))]


def test_a_lemma_brings_its_conditions():
    lemma = check("same", CONTEXT, y[k] / y[k], num(1), (Step("cancel-all"),), RULES)
    theorem = prove(y[i] / y[i], num(1), Step("same"), lemmas={"same": lemma})
    assert [(c.kind, c.about) for c in theorem.conditions] == [("nonzero", (y[i],))]


def test_evident_conditions_are_not_recorded():
    assert prove(log(exp(x) / exp(z[k])), log(exp(x)) - log(exp(z[k])), Step("log-quotient")).conditions == ()


def test_a_condition_under_a_sum_is_for_every_index():
    theorem = prove(total(k, C, y[k] / y[k]), total(k, C, num(1)), Step("cancel-all", (2,)))
    assert [c.about for c in theorem.conditions] == [(y[sym("k'")],)]


def test_constant_looks_through_definitions():
    refused("constant", d(p[k], z[k]), num(0), Step("constant"))
    refused("constant", d(q[k] * x, z[k]), q[k] * d(x, z[k]), Step("constant-factor"))
    assert prove(d(y[k], z[k]), num(0), Step("constant"))


def test_the_chain_rule_needs_every_path():
    # p_k depends on z directly, not through y
    using = (("q", y), ("m", m), ("n", C))
    refused("through", d(p[k], z[k]), total(m, C, d(p[k], y[m]) * d(y[m], z[k])), Step("chain-rule", using=using))
    # and q depends on z through p, but here z also stands beside it
    using = (("q", p), ("m", m), ("n", C))
    left = d(q[k] * z[k], z[k])
    refused("through", left, total(m, C, d(q[k] * z[k], p[m]) * d(p[m], z[k])), Step("chain-rule", using=using))
    wrong_size = (("q", p), ("m", m), ("n", H))
    left, right = d(q[k], z[k]), total(m, H, d(q[k], p[m]) * d(p[m], z[k]))
    refused("no entry", left, right, Step("chain-rule", using=wrong_size))
    refused("sized|no entry", left, left, Step("chain-rule", using=wrong_size))
    not_fresh = (("q", p), ("m", k), ("n", C))
    refused("apart", d(q[k], z[k]), total(k, C, d(q[k], p[k]) * d(p[k], z[k])), Step("chain-rule", using=not_fresh))


def test_missing_and_unknown_rules():
    refused("no rule 'magic'", x, num(0), Step("magic"))
    refused("no rule 'definition:x'", x, num(0), Step("definition:x"))
    refused("ends at", x, num(0))
    refused("does not fit", x, num(0), Step("sum-rule"))
    refused("no place", x + 1, num(0), Step("zero-times", (7,)))
    refused("no place", x + 1, num(0), Step("zero-times", ((0, 2), 5)))


def test_a_step_changes_nothing_outside_its_place():
    left = add(mul(num(1), x), mul(num(1), z[k]))
    theorem = prove(left, add(x, mul(num(1), z[k])), Step("one-times", (0,)))
    assert theorem.lines[1].args[1] == left.args[1]
    refused("ends at", left, add(x, z[k]), Step("one-times", (0,)))


def test_different_numbers_only():
    refused("distinct", delta(i, k), num(0), Step("delta-other"))
    refused("distinct", delta(2, 2), num(0), Step("delta-other"))
    refused("does not fit", delta(i, k), num(1), Step("delta-same"))


def test_rearranging_is_polynomial_arithmetic_and_nothing_else():
    def to(t):
        return Step("rearrange", using=(("to", t),))

    assert prove((x + 1) ** 2, x**2 + num(2) * x + 1, to(x**2 + num(2) * x + 1))
    refused("cannot be rearranged", (x + 1) ** 2, x**2 + 1, to(x**2 + 1))
    refused("cannot be rearranged", exp(x + 1), exp(x) + 1, to(exp(x) + 1))
    refused("cannot be rearranged", x * total(k, C, z[k]), total(k, C, z[k] * y[k]), to(total(k, C, z[k] * y[k])))
    refused("cannot be rearranged", x / x, num(2), to(num(2)))
    refused("cannot be rearranged", x, z[k], Step("rearrange"))
    refused("rearrange", x / 0, x, to(x))


def test_sums_of_different_bodies_are_different_atoms():
    def to(t):
        return Step("rearrange", using=(("to", t),))

    refused("cannot be rearranged", total(k, C, z[k]), total(k, C, y[k]), to(total(k, C, y[k])))
    refused("cannot be rearranged", total(k, C, x), total(k, H, x), to(total(k, H, x)))
    assert prove(total(k, C, z[k]) + x, x + total(i, C, z[i]), to(x + total(i, C, z[i])))


@pytest.mark.parametrize(
    ("quotient", "conditions"),
    [
        ((exp(x) + y[k]) / exp(x), [("positive", (exp(x) + y[k],))]),
        (x**2 / exp(x), [("nonzero", (x,))]),
        (exp(x) / y[k], [("positive", (y[k],))]),
        (total(k, C, y[k]) / exp(x), [("positive", (total(k, C, y[k]),))]),
        ((exp(x) * 2) / (exp(x) + 1), []),
    ],
)
def test_only_what_is_evidently_positive_needs_no_condition(quotient, conditions):
    top, bottom = quotient.args
    theorem = prove(log(quotient), log(top) - log(bottom), Step("log-quotient"))
    assert [(c.kind, c.about) for c in theorem.conditions] == conditions


def test_every_denominator_is_a_condition():
    theorem = prove(x / (x / y[k]), y[k], Step("rearrange", using=(("to", y[k]),)))
    assert {c.about[0] for c in theorem.conditions} == {y[k], x}  # x / y_k is not zero: neither is x


def test_a_law_may_not_bring_in_a_bound_index_either():
    context = Context({}, {"z": (C,), "x": ()}, {"k": C}, {}, {"x-is-z": (x, z[k])})
    refused("bound here", total(k, C, x), total(k, C, z[k]), Step("x-is-z", (2,)), context=context)


def test_the_range_is_that_of_the_innermost_index():
    inner = total(i, C, z[i] * delta(i, k))
    assert prove(total(j, H, inner), total(j, H, z[k]), Step("pick", (2,)))
    refused("ranges", total(k, H, inner), total(k, H, z[k]), Step("pick", (2,)))


def test_the_chain_rule_does_not_look_through_a_derivative():
    # d(q_k, z_i) depends on z directly: closing p does not close what the inner derivative sees
    using = (("q", p), ("m", m), ("n", C))
    u = d(q[k], z[i])
    refused("through", d(u, y[k]), total(m, C, d(u, p[m]) * d(p[m], y[k])), Step("chain-rule", using=using))


def test_terms_have_a_size_that_can_be_read():
    t = x
    for _ in range(100):
        t = neg(t)
    with pytest.raises(ValueError, match="too large"):
        reduce(lambda u, _: neg(u), range(100), t)
    with pytest.raises(ValueError, match="too large"):
        add(*[x * n for n in range(1, 20_000)])


def test_renaming_does_not_capture():
    rename = Step("rename", rename=(("k", "i"),))
    theorem = prove(total(k, C, z[k]), total(i, C, z[i]), rename)
    assert theorem.lines[1] == total(i, C, z[i])
    refused("already used", total(k, C, z[k] * z[i]), total(i, C, z[i] * z[i]), rename)


def test_writing_out_a_sum():
    out = Step("write-out")
    two = Context(shapes={"z": (num(2),), "y": (C,)}, counts=(C,))
    assert prove(total(k, num(2), z[k]), z[1] + z[2], out, context=two)
    refused("short sum", total(k, C, y[k]), x, out, context=two)
    refused("short sum", total(k, num(1000), x), x, out, context=two)
    inner = total(i, num(2), total(k, num(2), z[i] * z[k]))
    refused("bound here", inner, total(i, num(2), z[i] * z[1] + z[i] * z[2]), Step("write-out", (2,)), context=two)


def test_a_theorem_cannot_be_forged():
    theorem = prove(x + 0, x, Step("plus-zero"))
    with pytest.raises((TypeError, ValueError)):
        dataclasses.replace(theorem, right=num(0))
    with pytest.raises(TypeError):
        Theorem("false", CONTEXT, x, num(0), (), (), (), frozenset(), (), frozenset(), (), frozenset(), seal=object())
    with pytest.raises(dataclasses.FrozenInstanceError):
        copy.copy(theorem).right = num(0)


def test_a_rule_whose_slot_escapes_its_sum_cannot_be_stated():
    f, c, index, n = slot("f"), slot("c"), slot("k"), slot("n")
    with pytest.raises(ValueError, match="inside and outside"):
        Rule("bad", total(index, n, c * f), c * total(index, n, f))
    with pytest.raises(ValueError, match="outside its sum"):
        Rule("bad", total(index, n, f * delta(index, slot("j"))), put(f, slot("j"), index))


def test_definitions_do_not_go_round():
    with pytest.raises(ValueError, match="circle"):
        Context({"a": Definition("a", (), sym("b")), "b": Definition("b", (), sym("a"))}, {"a": (), "b": ()})
    with pytest.raises(ValueError, match="does not bind"):
        Context({"a": Definition("a", (), z[k])}, {"a": (), "z": (C,)}, {"k": C})
    with pytest.raises(ValueError, match="also the name"):
        Context(shapes={"k": ()}, indices={"k": C})


def test_terms_are_well_formed_or_do_not_exist():
    for make in (
        lambda: num(-1),
        lambda: num(Fraction(1, 3)),
        lambda: d(x, x + 1),
        lambda: neg(x)[k],
        lambda: total(num(1), C, x),
        lambda: fn("f"),
    ):
        with pytest.raises((ValueError, AttributeError, TypeError)):
            make()


def test_a_letter_of_a_place_is_no_variable():
    # constant compares names; citing the lemma with i = k would make d(k, k) both 0 and 1
    refused("names a place", d(i, k), num(0), Step("constant"))
    refused("names a place", d(i[1], k[1]), num(0), Step("constant"))
    refused("names a place", d(x, C), num(0), Step("constant"))
    back = Step("constant", (2, 0), True, (("c", i), ("x", k)))
    left = total(m, C, num(0) * delta(m, i))
    refused("names a place", left, num(1), back, Step("pick"), Step("variable"))


def test_a_prime_belongs_to_recorded_conditions():
    refused("mark of a recorded condition", sym("k'") + 0, sym("k'"), Step("plus-zero"))
    with pytest.raises(ValueError, match="a prime"):
        Context(shapes={"z": (C,)}, indices={"k'": C})
    # a condition for every index of a delta counts nothing
    v = delta(m, k)
    two = Context({}, {"z": (num(2),)}, {"k": num(2), "m": num(2)})
    refused("has no range", total(m, 2, z[m]), total(m, 2, z[m] * v / v),
            Step("cancel", (2,), True, (("v", v),)), context=two)  # fmt: skip


def test_a_name_means_one_thing_in_a_context():
    for options in (
        {"indices": {"C": C}},
        {"indices": {"i": C, "j": i}},
        {"fixed": {"C": num(3)}, "shapes": {"z": (C,)}},
        {"shapes": {"C": (), "z": (C,)}},
    ):
        with pytest.raises(ValueError, match="also the name"):
            Context(**options)


def test_a_size_is_a_name_or_a_whole_number():
    for size in (C - C, neg(num(2)), C * 2, num(0), num(Fraction(5, 2))):
        with pytest.raises(ValueError, match="not a term"):
            total(k, size, z[k])
        with pytest.raises(ValueError, match="a size is"):
            Context(shapes={"z": (size,)})


def test_a_definition_holds_no_derivative():
    with pytest.raises(ValueError, match="no derivative"):
        Context({"g": Definition("g", ("i",), d(z[i], x))}, {"g": (C,), "z": (C,), "x": ()})


def test_what_a_context_says_cannot_be_changed():
    with pytest.raises(TypeError):
        CONTEXT.bodies["x"] = num(1)
    with pytest.raises(TypeError):
        CONTEXT.definitions["x"] = CONTEXT.definitions["p"]
