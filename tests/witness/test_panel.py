"""All the witnesses together: the worst verdict is the one that is told."""

from dataclasses import replace

import pytest

import derive
from derive.core.kernel import Step, check
from derive.core.law import Rule
from derive.core.term import d, num, sym
from derive.problems import problem_named
from derive.rules import RULES
from derive.witness.panel import judge, together
from derive.witness.verdict import Proven, Refuted, Undecided

PROBLEM = problem_named("softmax-cross-entropy")


def test_one_that_is_refuted_speaks_for_all():
    good, bad, unclear = Proven("x"), Refuted("x"), Undecided("x")
    assert together([good, unclear, bad], Proven("all")) is bad
    assert together([good, unclear], Proven("all")) is unclear
    assert together([good, good], Proven("all")).by == "all"


def false_theorem():
    """A theorem as false as the card it rests on."""
    card = Rule("wishful", sym("L"), num(1))
    steps = (Step("wishful", (0,)), Step("constant"))
    left = d(sym("L"), sym("b")[sym("k")])
    return check("gradient-b", PROBLEM.context, left, num(0), steps, {**RULES, "wishful": card})


def test_a_theorem_with_a_foreign_card_is_seen_by_every_witness():
    verdicts = judge(PROBLEM, {"gradient-b": false_theorem()}, ("kernel", "balls", "sympy"))
    assert [(v.by, v.status) for v in verdicts] == [
        ("kernel", "undecided"), ("balls", "refuted"), ("sympy", "refuted"), ("coq", "not run"),
    ]  # fmt: skip


@pytest.mark.parametrize("lang", ["en", "pt"])
def test_a_refutation_is_told(lang: str):
    derivation = derive.prove("softmax-cross-entropy", "b")
    proof = replace(derivation.proofs["gradient-b"], theorem=false_theorem(), moves=())
    told = replace(derivation, proofs={**derivation.proofs, "gradient-b": proof})
    text = told.to("text", lang)
    assert {"en": "refuted", "pt": "refutado"}[lang] in text
    assert '"status": "refuted"' in told.to("json", lang)


def detail(by: str, **options: object) -> str:
    derivation = derive.prove("softmax-cross-entropy", "b_1" if options else "b", **options)
    text = " ".join(derivation.to("text").split())
    start = text.index({"balls": "ball arithmetic", "sympy": "SymPy"}[by])
    return text[start : text.index("[", start)]


def test_what_is_told_is_what_was_looked_at():
    assert "for 2, 3, 5" in detail("balls")
    assert "7 classes" in detail("balls")
    assert "for 12 classes" in detail("balls", classes=12, target=2)
    assert "cut down from 12 to 3 classes" in detail("sympy", classes=12, target=2)
    assert "for 4 classes" in detail("sympy", classes=4, target=2)
