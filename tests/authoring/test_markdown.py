"""Every construct of a lecture in every format; the wanted texts are written by hand from the formats' own manuals."""

import re
import shutil
from pathlib import Path

import pytest
from lecture_texts import body, document

from derive.authoring.build import read_lecture
from derive.document.nodes import Heading, Solution, walk_blocks
from derive.render import render
from derive.render.pdf import pdf
from derive.render.printer import REFERRED

SAMPLE = Path(__file__).with_name("sample.md")
# markdown written, and what each format must contain
CONSTRUCTS = {
    "emphasis": ("an *old* **rule**", {
        "text": "an old rule", "markdown": "an *old* **rule**", "latex": r"an \emph{old} \textbf{rule}",
        "typst": "an #emph[old]; #strong[rule];",
    }),
    "code": ("call `a_b(x)`", {
        "text": "call a_b(x)", "markdown": "call `a_b(x)`", "latex": r"\texttt{a\_\allowbreak{}b(\allowbreak{}x)}",
        "typst": '#raw( "a_b(x)");',
    }),
    "link": ("[here](https://example.org/a_b?c=1&d%20e#f)", {
        "text": "here (https://example.org/a_b?c=1&d%20e#f)", "markdown": "[here](<https://example.org/a_b?c=1&d%20e#f>)",
        "latex": r"\href{https://example.org/a\_b?c=1\&d\%20e\#f}{here}",
        "typst": '#link( "https://example.org/a_b?c=1&d%20e#f")[here];',
    }),
    "bullets": ("- one\n- two", {
        "text": "•  one\n•  two", "markdown": "- one\n- two", "latex": "\\item{} one",
        "typst": "#list(tight: false, [\none\n]",
    }),
    "numbers": ("3. one\n4. two", {
        "text": "3. one\n4. two", "markdown": "3. one\n4. two", "latex": "\\item[3.] one",
        "typst": "#enum(tight: false, start: 3, [\none\n]",
    }),
    "nested": ("- one\n  - two", {
        "text": "•  one\n\n   •  two", "markdown": "- one\n\n  - two", "latex": "\\begin{itemize}\n\\item{} two",
        "typst": "#list(tight: false, [\ntwo\n]",
    }),
    "quote": ("> said", {
        "text": "    said", "markdown": "> said", "latex": "\\begin{quote}\nsaid\n\\end{quote}",
        "typst": "#quote(block: true)[\nsaid\n]",
    }),
    "fence": ("```python\nx = 1 % 2\n```", {
        "text": "x = 1 % 2", "markdown": "```python\nx = 1 % 2\n```", "latex": r"x\ =\ 1\ \%\ 2",
        "typst": '#code( "x = 1 % 2", "python")',
    }),
    "divider": ("a\n\n---\n\nb", {
        "text": "* * *", "markdown": "---", "latex": "\\derivedivider", "typst": "#divider",
    }),
    "table": ("| a | b |\n|:--|--:|\n| x | y |", {
        "text": "a  b\n────\nx  y", "markdown": "| a | b |\n|:---|---:|\n| x | y |", "latex": "x & y \\\\",
        "typst": "[x], [y],",
    }),
    "caption": ("| a |\n|---|\n| x |\n\n: Said of *it*. {#tab}\n\nSee {{ ref('tab') }}.", {
        "text": "Table 1. Said of it.", "markdown": "**Table 1.** Said of *it*.",
        "latex": r"\derivetable{tab}{Table}{Said of \emph{it}.}", "typst": "#link(<tab>)[Table~1];",
    }),
    "math": (r"so $\partial L/\partial b_3 = p_3 - 0.5$ holds", {
        "text": "so ∂L/∂b₃ = p₃ − 0.5 holds", "markdown": r"so $`\partial L / \partial b_3 = p_3 - 0.5`$ holds",
        "latex": r"so $\partial L / \partial b_3 = p_3 - 0.5$ holds",
        "typst": '$partial L slash partial attach(b, b: 3) = attach(p, b: 3) - "0.5"$',
    }),
    "display": (r"$$ \sum_i p_i = 1 $$", {
        "text": "  Σ_{i} pᵢ = 1", "markdown": "```math\n\\sum_i p_i = 1\n```", "latex": r"{\sum_i p_i = 1}",
        "typst": "$attach(sum, b: i) attach(p, b: i) = 1$",
    }),
    "numbered": ("$$ a = b $$ (eq)\n\nBy {{ ref('eq') }}.", {
        "text": "By Equation 1.", "markdown": "a = b \\tag{1}", "latex": "\\derivenumbered{eq}{a = b}",
        "typst": "#link(<eq>)[Equation~1];",
    }),
    "footnote": ("a word[^n]\n\n[^n]: a *note*", {
        "text": "[1] a note", "markdown": "[^1]: a *note*", "latex": r"word\footnote{a \emph{note}}",
        "typst": "word#footnote[a #emph[note];];",
    }),
    "section": ("# Part {#part}\n\nIn {{ ref('part') }}.", {
        "text": "In Section 1.", "markdown": "In Section “Part”.", "latex": r"In Section~\ref{part}.",
        "typst": "[Section~1];",
    }),
    "exercise": ("{{ exercise('Try', label='ex') }}\nDo it.\n{{ solution() }}\nDone.\n{{ end() }}", {
        "text": "Exercise 1 (Try).\n\nDo it.\n\nSolution (Exercise 1).\n\nDone.", "markdown": "**Exercise 1** (Try).",
        "latex": r"\deriveexercise{ex}{Exercise}{Try}", "typst": "#exercise([Exercise 1], [Try]) <ex>\n\nDo it.",
    }),
    "number": ("so {{ number(0.6652, 3) }} and {{ 7 }}", {
        "text": "so 0.665 and 7", "markdown": "so 0.665 and 7", "latex": "so 0.665 and 7", "typst": r"so 0\.665 and 7",
    }),
}  # fmt: skip
FORMATS = ("text", "markdown", "latex", "typst")


@pytest.mark.parametrize("format", FORMATS)
@pytest.mark.parametrize("name", CONSTRUCTS)
def test_a_construct_is_printed(name: str, format: str):
    text, wanted = CONSTRUCTS[name]
    assert wanted[format] in body(text, format)


def test_portuguese_words_and_decimals():
    text = "{{ exercise('Tente') }}\nFaça com $x = 0{,}5$ e {{ number(0.25, 2) }}.\n{{ end() }}"
    assert body(text, language="pt") == "Exercício 1 (Tente).\n\nFaça com x = 0,5 e 0,25."


@pytest.fixture(scope="module")
def sample():
    return read_lecture(SAMPLE, witnesses=("kernel", "balls"))[0]


def test_the_sample_in_text(sample):
    page = render(sample, "text")
    assert "Why p − y?\nA small lecture & more\nAna & Co" in page
    assert "We found ∂L/∂bₖ = pₖ − yₖ, the number −0.123, and x = 2.5." in page
    assert re.search(r"1 +−0.96 +0.00 +0.14 +0.15 +0.40 +0.45 +1.89", page)  # published: 0.15 and 1.89
    assert re.search(r"1 +2.67 +−2.00 +−0.77 +−0.77 +−1.23", page)  # published: 2.67, −0.77, −1.23
    assert "[1] A note with x²." in page


def test_some_lines_of_a_proof_say_that_others_are_left_out(sample):
    page = render(sample, "text")
    assert page.count("(targets sum to one)") == 1
    assert re.search(r"= pₖ − yₖ +\(several steps\)", page)


def test_the_sample_as_pdf(sample):
    assert pdf(sample).startswith(b"%PDF")


@pytest.mark.latex
@pytest.mark.skipif(shutil.which("latexmk") is None, reason="needs latexmk")
def test_the_sample_by_latex(sample):
    assert pdf(sample, engine="latex").startswith(b"%PDF")


def test_labels_are_unique_and_references_lead_somewhere(sample):
    labels = [block.label for block in walk_blocks(sample.blocks) if isinstance(block, REFERRED)]
    assert len(labels) == len(set(labels))


@pytest.mark.parametrize(("where", "place"), [("here", 1), ("end", 3), ("hidden", None)])
def test_where_solutions_stand(where: str, place: int | None):
    text = "{{ exercise() }}\nDo.\n{{ solution() }}\nDone.\n{{ end() }}\n\nMore text."
    blocks = document(text, answers=where).blocks
    found = [n for n, block in enumerate(blocks) if isinstance(block, Solution)]
    assert found == ([] if place is None else [place])


def test_headings_are_counted_from_the_highest():
    blocks = document("## A\n\n#### B\n\ntext").blocks
    assert [block.level for block in blocks if isinstance(block, Heading)] == [1, 3]


def test_the_lemmas_cited_are_those_of_the_same_proof():
    text = (
        "{% set a = prove('softmax-cross-entropy') %}\n"
        "{% set b = prove('softmax-cross-entropy', classes=3, target=1) %}\n"
        "{{ theorem(a, 'loss-by-logit') }}\n\n{{ lines(a) }}\n\n{{ lines(b, 'gradient-b') }}"
    )
    lines = [line for line in body(text).split("\n") if "derivative of the loss with respect to a logit" in line]
    assert [line.strip().startswith("(Lemma 1") or "Lemma 1" in line for line in lines[1:]] == [True, False]


def test_a_notation_is_applied_to_proofs_and_to_prose():
    page = body("$p_i$ and {{ statement(prove('softmax-cross-entropy')) }}", notation="o-s-theta-beta")
    assert page == "oᵢ and ∂L/∂βₖ = oₖ − yₖ"


def test_a_theorem_is_called_as_the_author_says():
    text = body(
        "{% set p = prove('x^2') %}\n{{ theorem(p, title='slope of a *parabola*', label='t') }}\n\nBy {{ ref('t') }}."
    )
    assert "Theorem 1 (slope of a parabola)." in text
    assert "By Theorem 1." in text


@pytest.mark.parametrize(("given", "said"), [("0.0", "10⁻⁸"), ("0.00003", "10⁻⁴"), ("-0.5", "10⁰")])
def test_a_difference_is_told_by_the_power_of_ten_that_it_is_below(given: str, said: str):
    assert body(f"so {{{{ below({given}) }}}}") == f"so below {said}"
