"""What is shown can be typed again: the parser reads a shown formula as the term it shows."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from derive.core.functions import FUNCTIONS
from derive.core.term import Term, add, d, exp, fn, lift, mul, neg, num, sym, walk
from derive.document.language import Language, load_language
from derive.document.layout import layout
from derive.document.mathtree import Tree
from derive.document.style import Style
from derive.render.latex_math import latex
from derive.render.unicode_math import unicode
from derive.syntax.formula import parse_line
from derive.syntax.grammar.words import WORDS

EN, PT = load_language("en"), load_language("pt")
x, y = sym("x"), sym("y")
NAMES = {arity: sorted(n for n, f in FUNCTIONS.items() if f.arity == arity and n != "log_base") for arity in (1, 2)}


def _grow(inner: st.SearchStrategy[Term]) -> st.SearchStrategy[Term]:
    pair = st.tuples(inner, inner)
    return st.one_of(
        pair.map(lambda t: add(*t)),
        pair.map(lambda t: mul(*t)),
        pair.map(lambda t: t[0] / t[1]),
        pair.map(lambda t: t[0] ** t[1]),
        st.tuples(inner, st.integers(0, 3)).map(lambda t: t[0] ** num(t[1])),
        inner.map(neg),
        st.tuples(st.sampled_from([*NAMES[1], "f", "f'", "f''"]), inner).map(lambda t: fn(*t)),
        st.tuples(st.sampled_from([*NAMES[2], "g"]), inner, inner).map(lambda t: fn(*t)),
        inner.map(lambda t: fn("log_base", t, num(2))),
        inner.map(lambda t: d(x * t, x)),
    )


names = st.sampled_from([x, y, sym("b"), sym("x_1"), sym("theta"), sym("w_max"), sym("pi")])
terms = st.recursive(names | st.sampled_from([num(1), num(2), num(12), num(Fraction(5, 4))]), _grow, max_leaves=7)


def _typed(t: Term, language: Language) -> bool:
    """Whether a person may type it: (e)^x is another spelling of e^x, and 2^(10^10) is refused."""
    unknown = (
        t.op == "fn" and len(t.args) == 1 and t.value in FUNCTIONS and language.function(str(t.value)) not in WORDS
    )
    tower = t.op == "pow" and any(u.op == "pow" for _, u in walk(t.args[1]))
    return not unknown and not tower and t != exp(lift(1)) and all(_typed(u, language) for u in t.args)


@pytest.mark.parametrize("ordinary", [(), ("x",)])
@pytest.mark.parametrize(("language", "decimal"), [(EN, "."), (PT, ",")], ids=["en", "pt"])
@given(t=terms)
@settings(max_examples=400, deadline=None)
def test_a_shown_line_is_read_as_what_it_shows(
    t: Term, language: Language, decimal: str, ordinary: tuple[str, ...]
) -> None:
    if _typed(t, language):
        line = unicode(layout(t, {}, language, style=Style(frozenset(ordinary))))
        assert parse_line(line, decimal=decimal, wrt=x)[0].term == t, line


@pytest.mark.parametrize(
    ("spell", "name"),
    [(unicode, n) for k in NAMES for n in NAMES[k]] + [(latex, n) for k in NAMES for n in NAMES[k]],
)
def test_every_function_is_read(spell: Callable[[Tree], str], name: str) -> None:
    for arguments in ([x, y], [num(2) * x + 1, y]):
        u = fn(name, *arguments[: FUNCTIONS[name].arity])
        for t in (u, u**2, num(2) * u * y * (x + 1), u / x, -u):
            line = spell(layout(t, {}, EN))
            assert parse_line(line, wrt=x)[0].term == t, line
