"""What networks need of the kernel: rows of a batch, letters of a layer, a loss of which nothing is known."""

import pytest

from derive.core.condition import Condition, without_primes
from derive.core.context import Context, Definition
from derive.core.kernel import Refused, Step, Theorem, check
from derive.core.term import Term, d, delta, exp, fn, lift, log, num, sym, total
from derive.rules import RULES

a, i, j, k, m, n, q = map(sym, "aijkmnq")
e, s, t, u, v, w, x, y, E, L, W = map(sym, "estuvwxyELW")
C, H, M, N = map(sym, "CHMN")

# s_nk is a row of its own for each example; t_nk looks at the other examples too
ROWS = Context(
    {
        "s": Definition("s", ("n", "k"), total(j, H, W[k, j] * x[n, j])),
        "e": Definition("e", ("n",), total(k, C, s[n, k] ** 2)),
        "t": Definition("t", ("n", "k"), s[n, k] - total(m, N, s[m, k])),
        "u": Definition("u", ("n",), total(k, C, t[n, k])),
        "v": Definition("v", ("n",), total(m, N, s[m, 1])),
        "w": Definition("w", ("n",), s[n, 1] + s[1, 1]),
        "a": Definition("a", ("n",), total(j, H, x[n, j]) + e[n]),
    },
    {"W": (C, H), "x": (N, H), "s": (N, C), "e": (N,), "t": (N, C), "u": (N,), "v": (N,), "w": (N,), "a": (N,)},
    {"n": N, "q": N, "k": C, "j": H, "m": C},
)
ROW = (("q", s), ("k", n), ("m", m), ("n", C))


def prove(left: Term, right: Term, *steps: Step, context: Context = ROWS, lemmas: dict[str, Theorem] | None = None):
    return check("claim", context, left, right, tuple(steps), RULES, lemmas)


def chained(loss: Term, variable: Term, row: Term = n) -> tuple[Term, Term]:
    return d(loss, variable), total(m, C, d(loss, s[row, m]) * d(s[row, m], variable))


def test_the_loss_of_an_example_goes_through_its_own_row() -> None:
    theorem = prove(*chained(e[n], W[k, j]), Step("chain-rule-row", using=ROW))
    assert theorem.conditions == ()
    assert prove(*chained(e[n], x[n, j]), Step("chain-rule-row", using=ROW)).right.op == "sum"


@pytest.mark.parametrize(
    ("loss", "row"),
    [
        (u[n], n),  # by way of t, which sums over all rows
        (v[n], n),  # a sum whose index hides behind the letter
        (w[n], n),  # its own row and the first
        (e[n], q),  # another row
        (a[n], n),  # the inputs are reached beside the row too
    ],
)
def test_a_loss_that_looks_at_other_rows_is_refused(loss: Term, row: Term) -> None:
    using = (("q", s), ("k", row), ("m", m), ("n", C))
    variable = x[n, j] if loss == a[n] else W[k, j]
    with pytest.raises(Refused, match=r"chain-rule-row needs: (through-row|.*)"):
        prove(*chained(loss, variable, row), Step("chain-rule-row", using=using))


def test_a_sum_over_the_letter_of_the_row_does_not_count_as_that_row() -> None:
    hidden = total(n, N, s[n, k])
    with pytest.raises(Refused):
        prove(
            d(hidden, W[k, j]), total(m, C, d(hidden, s[n, m]) * d(s[n, m], W[k, j])), Step("chain-rule-row", using=ROW)
        )


def test_a_row_that_is_no_row_is_refused() -> None:
    for row in (k, num(0), lift(1) / 2):
        with pytest.raises(Refused):
            prove(
                *chained(e[n], W[k, j], row), Step("chain-rule-row", using=(("q", s), ("k", row), ("m", m), ("n", C)))
            )


def test_the_number_of_columns_is_that_of_the_family() -> None:
    with pytest.raises(Refused, match=r"columns|no entry"):
        prove(
            d(e[n], W[k, j]), total(m, H, d(e[n], s[n, m]) * d(s[n, m], W[k, j])),
            Step("chain-rule-row", using=(("q", s), ("k", n), ("m", m), ("n", H))),
        )  # fmt: skip


def test_the_inputs_of_another_example_do_not_matter() -> None:
    prove(d(e[n], x[q, j]), delta(n, q) * d(e[n], x[n, j]), Step("own-row", using=(("k", n),)))
    for loss in (u[n], v[n], w[n]):
        with pytest.raises(Refused, match="rows"):
            prove(d(loss, x[q, j]), delta(n, q) * d(loss, x[n, j]), Step("own-row", using=(("k", n),)))
    with pytest.raises(Refused, match="rows"):
        prove(d(e[n], x[q, j]), delta(q, q) * d(e[n], x[q, j]), Step("own-row", using=(("k", q),)))


# letters

TWO_LAYERS = Context(
    {"s": Definition("s", ("k",), total(j, H, W[k, j] * x[j])), "t": Definition("t", ("k",), exp(s[k]))},
    {"W": (C, H), "x": (H,), "s": (C,), "t": (C,)},
    {"k": C, "i": C, "j": H},
    assumptions={"sum": (total(i, C, t[i]), num(1)), "other": (delta(i, k), num(0))},
)


def test_a_theorem_is_cited_with_other_letters() -> None:
    theorem = prove(t[k], exp(s[k]), Step("definition:t"), context=TWO_LAYERS)
    other = TWO_LAYERS.with_letters({"q": C, "k": H})
    assert prove(t[q], exp(s[q]), Step("claim"), context=other, lemmas={"claim": theorem}).right == exp(s[q])
    with pytest.raises(Refused):  # here k runs over the inputs
        prove(t[k], exp(s[k]), Step("claim"), context=other, lemmas={"claim": theorem})


def test_only_the_letters_may_differ() -> None:
    theorem = prove(t[k], exp(s[k]), Step("definition:t"), context=TWO_LAYERS)
    definitions = {**TWO_LAYERS.definitions, "t": Definition("t", ("k",), exp(-s[k]))}
    changed = Context(definitions, TWO_LAYERS.shapes, TWO_LAYERS.indices)
    with pytest.raises(Refused, match="something else"):
        prove(t[k], exp(s[k]), Step("claim"), context=changed, lemmas={"claim": theorem})
    smaller = Context(TWO_LAYERS.definitions, {**TWO_LAYERS.shapes, "y": (C, C)}, {"k": C}, {}, {}, {})
    with pytest.raises(Refused, match="something else"):
        prove(t[k], exp(s[k]), Step("claim"), context=smaller, lemmas={"claim": theorem})


def test_a_letter_that_an_assumption_speaks_of_keeps_its_meaning() -> None:
    theorem = prove(delta(i, k) * t[k], num(0) * t[k], Step("other", (0,)), context=TWO_LAYERS)
    other = TWO_LAYERS.with_letters({"i": H, "k": C})
    with pytest.raises(Refused, match="letter i means something else"):
        prove(delta(i, k) * t[k], num(0) * t[k], Step("claim"), context=other, lemmas={"claim": theorem})


def test_new_letters_are_checked_as_the_old_ones_were() -> None:
    for letters in ({"s": C}, {"C": H}, {"pi": C}, {"k'": C}, {"k": exp(x)}):
        with pytest.raises((ValueError, TypeError)):
            TWO_LAYERS.with_letters(letters)


# assumptions about every row

TARGETS = Context(
    {}, {"y": (N, C)}, {"n": N, "q": N, "k": C},
    assumptions={"sum": (total(i, C, y[sym("n'"), i]), num(1))},
)  # fmt: skip


def test_an_assumption_about_every_row_is_cited_for_any() -> None:
    for row in (n, q, num(1)):
        assert prove(total(i, C, y[row, i]), num(1), Step("sum"), context=TARGETS).assumptions == {"sum"}
    inside = total(n, N, total(i, C, y[n, i]))
    assert prove(inside, total(n, N, num(1)), Step("sum", (2,)), context=TARGETS).right == total(n, N, num(1))


def test_it_says_nothing_of_what_is_no_row() -> None:
    for row in (k, num(0)):
        with pytest.raises(Refused):
            prove(total(i, C, y[row, i]), num(1), Step("sum"), context=TARGETS)
    with pytest.raises(Refused):  # nor of a part of the row
        prove(total(i, N, y[n, i]), num(1), Step("sum"), context=TARGETS)


def test_it_holds_at_the_point_and_not_along_the_targets() -> None:
    with pytest.raises(Refused, match="holds at the point"):
        prove(d(total(i, C, y[n, i]), y[n, k]), d(num(1), y[n, k]), Step("sum", (0,)), context=TARGETS)


def test_a_mark_without_a_range_is_refused() -> None:
    stray = Context({}, {"y": (N, C)}, {"n": N}, assumptions={"odd": (sym("z'") * y[n, 1], num(0))})
    with pytest.raises(Refused):
        prove(n * y[n, 1], num(0), Step("odd"), context=stray)
    assert without_primes(y[sym("n'"), i]) == y[n, i]


# a loss of which nothing is known

ANY = Context(
    {"t": Definition("t", ("m",), total(k, C, W[m, k] * fn("relu", s[k])))},
    {"s": (C,), "t": (M,), "W": (M, C), "v": (M,)},
    {"k": C, "m": M},
    depends={"L": ("t",), "E": ("t", "v")},
)
THROUGH = (("q", t), ("m", m), ("n", M))


def test_a_loss_of_the_next_layer_goes_through_it() -> None:
    right = total(m, M, d(L, t[m]) * d(t[m], s[k]))
    theorem = prove(d(L, s[k]), right, Step("chain-rule", using=THROUGH), context=ANY)
    assert Condition("nonzero", (s[sym("k'")],)) in theorem.conditions  # where the activation has a kink
    with pytest.raises(Refused):  # it depends on more than t
        prove(d(E, v[m]), total(k, M, d(E, t[k]) * d(t[k], v[m])),
              Step("chain-rule", using=(("q", t), ("m", k), ("n", M))), context=ANY)  # fmt: skip


def test_it_is_not_constant_and_not_its_own_variable() -> None:
    for variable in (s[k], t[m], W[m, k]):
        with pytest.raises(Refused, match="constant"):
            prove(d(L, variable), num(0), Step("constant"), context=ANY)
    assert prove(d(L, v[m]), num(0), Step("constant"), context=ANY).right == num(0)


@pytest.mark.parametrize(
    "depends",
    [
        {"t": ("s",)},  # has a definition
        {"L": ("L",)},  # depends on itself
        {"L": ("x",)},  # there is no x
        {"W": ("t",)},  # not a number
        {"L": ["t"]},
        {"k": ("t",)},  # an index
    ],
)
def test_odd_dependences_are_refused(depends: dict[str, tuple[str, ...]]) -> None:
    with pytest.raises(ValueError, match=r"."):
        Context(ANY.definitions, ANY.shapes, ANY.indices, depends=depends)


def test_a_definition_may_not_go_round_through_what_depends_on_it() -> None:
    definitions = {"t": Definition("t", ("m",), v[m] * L)}
    with pytest.raises(ValueError, match=r"circle|itself"):
        Context(definitions, ANY.shapes, ANY.indices, depends={"L": ("t",)})


def test_a_size_is_positive_and_nothing_else_is() -> None:
    context = Context({}, {"y": (N,)}, {"n": N})
    assert prove(N * y[n] / N, y[n], Step("rearrange", using=(("to", y[n]),)), context=context).conditions == ()
    theorem = prove(a * y[n] / a, y[n], Step("rearrange", using=(("to", y[n]),)), context=context)
    assert theorem.conditions == (Condition("nonzero", (a,)),)
    with pytest.raises(Refused):
        prove(d(log(N), N), lift(1) / N, Step("log-rule"), context=context)
