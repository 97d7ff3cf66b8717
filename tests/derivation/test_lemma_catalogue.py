"""Lemmas of the catalogue in a user's hands: listed, proved, told in both languages and every format."""

from __future__ import annotations

import pytest

import derive
from derive.cli import main
from derive.derivation.prove import LEMMAS, Derivation, lemma
from derive.errors import UsageError

KERNEL = ("kernel",)


@pytest.mark.parametrize("lang", ["en", "pt"])
def test_the_list_has_a_line_for_each(lang: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["list", "--lang", lang]) == 0
    lines = capsys.readouterr().out.splitlines()
    for name in LEMMAS:
        line = next(line for line in lines if line.startswith(f"{name} "))
        assert len(line.removeprefix(name).strip()) > 20
    called = [line for line in lines if line.startswith("backpropagation ")]
    assert len(called) == 2  # the lemma and the lecture


@pytest.mark.parametrize("name", LEMMAS)
def test_it_is_told_in_every_format(name: str) -> None:
    derivation = lemma(name, KERNEL)
    for lang in ("en", "pt"):
        for format in ("text", "markdown", "latex", "latex-fragment", "typst"):
            text = derivation.to(format, lang)
            assert "__" not in text.replace("\\_\\_", "__").replace("____", ""), (format, lang)
            assert len(text) > 400


def test_its_lines_end_at_what_the_books_say() -> None:
    assert repr(lemma("sigmoid-derivative", KERNEL)) == "dσ/dx = σ · (1 − σ)"
    shown = lemma("backpropagation", KERNEL).shown(name="delta-l")
    assert shown[-1].formula == "(Σ_{m=1}^{M} Wₘₖ^{(l + 1)} δₘ^{(l + 1)}) f′(sₖ^{(l)})"


@pytest.mark.parametrize("name", ["softmax-of-two", "cross-entropy-hessian"])
def test_the_command_line(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["prove", name, "--lang", "pt"]) == 0
    out = capsys.readouterr().out
    assert "Teorema" in out
    assert out.count("[+]") == 3
    assert "0 teoremas" not in out


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["prove", "attention", "--wrt", "b"], "--wrt"),
        (["prove", "attention", "--classes", "3"], "--classes"),
        (["prove", "attention", "--batch"], "--batch"),
        (["prove", "sigmoid-derivatives"], "sigmoid-derivative"),
        (["prove", "attention", "--format", "json"], "no record"),
        (["check", "attention", "1"], "attention"),
    ],
)
def test_what_does_not_fit_is_refused(words: list[str], says: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(words) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert says in err


def test_from_python() -> None:
    derivation = derive.prove("tanh-derivative", witnesses=KERNEL)
    assert isinstance(derivation, Derivation)
    assert [verdict.status for verdict in derivation.verdicts] == ["proven", "not run", "not run", "not run"]
    with pytest.raises(UsageError, match="nothing to choose"):
        derive.prove("tanh-derivative", wrt="x")
    with pytest.raises(UsageError, match="there is no lemma"):
        lemma("tanh")


def test_a_lemma_gives_its_results_as_expressions() -> None:
    """By the symbol it was differentiated by, or by its left side where it is no derivative."""
    told = {
        name: {str(k): str(v) for k, v in lemma(name, ()).results.items()}
        for name in ("tanh-derivative", "log-sum-exp-gradient", "softmax-shift")
    }
    assert told["tanh-derivative"] == {"x": "1 - t**2"}
    assert told["log-sum-exp-gradient"] == {"z[k]": "p[k]"}
    assert told["softmax-shift"] == {"exp(-c + z[i])/Sum(exp(-c + z[m]), (m, 1, C))": "p[i]"}


def test_a_lemma_is_no_function() -> None:
    with pytest.raises(UsageError, match="attention is a lemma"):
        lemma("attention", ()).lambdify()
