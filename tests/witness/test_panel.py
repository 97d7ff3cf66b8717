"""All the witnesses together: the worst verdict is the one that is told."""

from dataclasses import replace

import pytest

import derive
from derive.chains import problem_named
from derive.core.kernel import Step, check
from derive.core.law import Rule
from derive.core.term import d, num, sym
from derive.derivation.formula import function_problem
from derive.document.language import load_language
from derive.document.proof_blocks import evidence_row
from derive.render.unicode_math import unicode
from derive.render.wording import Wording
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
    verdicts = judge(PROBLEM.context, {"gradient-b": false_theorem()}, ("kernel", "balls", "sympy"))
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


LARGE = "cbrt(sinh(sigmoid(artanh(3 - x))))"
WORDS = {
    "en": "the difference was not reduced to 0, but both values agree to 30 digits at {points} points",
    "pt": "a diferença não foi reduzida a 0, mas os dois valores coincidem em 30 algarismos em {points} pontos",
}


@pytest.mark.parametrize("lang", ["en", "pt"])
def test_digits_are_told_as_digits(lang: str):
    derivation = derive.prove(LARGE)
    (verdict,) = (v for v in derivation.verdicts if v.by == "sympy")
    points = int(str(verdict.detail["points"]))
    assert (verdict.detail["digits"], verdict.detail["compared"]) == (30, 1)
    assert points >= 5
    assert WORDS[lang].format(points=points) in " ".join(derivation.to("text", lang).split())


@pytest.mark.parametrize("lang", ["en", "pt"])
def test_identities_are_told_as_identities(lang: str):
    text = " ".join(derive.prove("x sin(x)").to("text", lang).split())
    assert {"en": "found the same", "pt": "obteve o mesmo"}[lang] in text
    assert {"en": "digits", "pt": "algarismos"}[lang] not in text


def of_theorems(problem, monkeypatch, *verdicts):
    """What SymPy is said to have found, when it said this of the theorems."""
    theorems = {f"t{n}": false_theorem() for n in range(len(verdicts))}
    monkeypatch.setattr("derive.witness.cas.check_gradient", lambda _, claims: dict(zip(claims, verdicts, strict=True)))
    return judge(problem.context, theorems, ("sympy",))[2]


EXACT = Proven("sympy", {"sizes": (), "points": 3, "regions": 1})
DIGITS = [Proven("sympy", {"sizes": (), "points": n, "regions": 2, "digits": 30}) for n in (5, 9)]


def test_several_theorems_are_told_together(monkeypatch: pytest.MonkeyPatch):
    function = function_problem("x sin(x)")
    detail = of_theorems(function, monkeypatch, EXACT, *DIGITS).detail
    assert (detail["theorems"], detail["compared"], detail["digits"], detail["points"]) == (3, 2, 30, 14)
    assert "digits" not in of_theorems(function, monkeypatch, EXACT, EXACT).detail
    assert of_theorems(function, monkeypatch, *DIGITS, Refuted("sympy")).status == "refuted"


@pytest.mark.parametrize(("lang", "said"), [
    ("en", "in 2 of them the difference was not reduced to 0, but both values agree to 30 digits at 14 points"),
    ("pt", "em 2 deles a diferença não foi reduzida a 0, mas os dois valores coincidem em 30 algarismos em 14 pontos"),
])  # fmt: skip
def test_several_theorems_are_told_in_words(monkeypatch: pytest.MonkeyPatch, lang: str, said: str):
    function = function_problem("x sin(x)")
    row = evidence_row(of_theorems(function, monkeypatch, EXACT, *DIGITS))
    assert said in Wording({}, load_language(lang), str, unicode).say(row.detail)


def test_of_a_chain_nothing_less_than_an_identity_is_told(monkeypatch: pytest.MonkeyPatch):
    assert of_theorems(PROBLEM, monkeypatch, EXACT, DIGITS[0]) == Undecided("sympy", "not-reduced")
