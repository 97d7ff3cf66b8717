"""evidence(...) in a lecture: one proof in a box, several in a table that says which is which."""

import re

import pytest
from lecture_texts import body, document, refused

from derive.authoring.shipped import lectures
from derive.derivation import prove
from derive.derivation.prove import lemma
from derive.document.nodes import Evidence, EvidenceTable, walk_blocks

PROOFS = (
    '{% set a = lemma("tanh-derivative") %}\n{% set b = prove("x^3", wrt="x") %}\n'
    '{% set c = lemma("cross-entropy-hessian") %}\n'
)
TABLE = "{{ evidence(a, b, c) }}"
LONG = "x^2*sin(x)*exp(-x^2/(2*s^2))*ln(1+x^2)/sqrt(1+exp(-x*t))*cosh(x*s+t)*tanh(x)"


def rows(text: str, **options: object) -> list[list[str]]:
    """The cells of the table of evidence in Markdown."""
    page = body(PROOFS + text, "markdown", **options)
    table = page[page.rindex("|:---|:---|") :]
    return [line.strip("| ").split(" | ") for line in table.splitlines()[1:] if line.startswith("|")]


def test_one_proof_has_a_box():
    blocks = document(PROOFS + "{{ evidence(a) }}").blocks
    assert [block for block in walk_blocks(blocks) if isinstance(block, EvidenceTable)] == []
    [box] = [block for block in walk_blocks(blocks) if isinstance(block, Evidence)]
    assert [row.status for row in box.rows] == ["proven", "not-run", "not-run", "not-run"]
    assert "every one of the 18 steps is an instance of a named rule" in body(PROOFS + "{{ evidence(a) }}")


def test_proofs_that_are_not_stated_have_a_title_or_a_formula():
    names, found = zip(*rows(TABLE), strict=True)
    assert names == (
        "derivative of the hyperbolic tangent",
        r"$`\frac{\mathrm{d}}{\mathrm{d} x} [x^3] = 3 x^2`$",
        "Hessian of the cross-entropy in the logits",
    )
    told = (lemma("tanh-derivative"), prove("x^3", "x"), lemma("cross-entropy-hessian"))
    steps = [sum(len(proof.theorem.steps) for proof in each.proofs.values()) for each in told]
    assert list(found) == [f"**proven**: {n} steps" for n in steps]


def test_proofs_that_are_stated_are_named_by_their_numbers():
    text = '{{ theorem(b) }}\n\n{{ theorem(c, "softmax-jacobian") }}\n\n{{ theorem(c, "gradient-z") }}\n\n' + TABLE
    names = [name for name, _ in rows(text)]
    assert names[0] == "derivative of the hyperbolic tangent"
    assert names[1].startswith("**Theorem 1**, $`")
    assert names[2] == "**Lemma 3**, gradient with respect to the logits; with Lemma 2"
    assert rows("{{ theorem(c) }}\n\n" + text)[2][0] == (
        "**Theorem 1**, Hessian of the cross-entropy in the logits; with Lemma 3 and Lemma 4"
    )


@pytest.mark.parametrize(("answers", "name"), [("here", "**Teorema 1**, derivada da"), ("hidden", "derivada da")])
def test_a_statement_in_a_solution_counts_where_it_is_shown(answers: str, name: str):
    text = '{{ exercise("E") }}\nDo.\n{{ solution() }}\n{{ theorem(a) }}\n{{ end() }}\n\n' + TABLE
    assert rows(text, answers=answers, language="pt")[0][0] == f"{name} tangente hiperbólica"


def test_a_statement_in_a_comment_is_none():
    assert rows("<!-- {{ theorem(a) }} -->\n\n" + TABLE)[0][0] == "derivative of the hyperbolic tangent"


def test_a_formula_that_is_too_long_for_a_cell_is_left_out():
    text = f'{{% set l = prove("{LONG}", wrt="x") %}}\n{{{{ evidence(l, a) }}}}'
    assert rows(text)[0][0] == "derivative"
    text = '{% set l = prove("sin(x)*exp(-x^2/2)*ln(1+x^2)", wrt="x") %}\n{{ evidence(l, a) }}'
    assert rows(text)[0][0] == r"$`\frac{\mathrm{d}}{\mathrm{d} x} [\sin x \cdot e^{-x^2 / 2} \ln (1 + x^2)]`$"


def test_what_is_no_proof_is_refused():
    assert "is needed" in str(refused(PROOFS + "{{ evidence(a, 3) }}"))
    assert "is needed" in str(refused("{{ evidence() }}"))


def test_the_witnesses_of_this_run():
    page = body(PROOFS + "{{ evidence(a, c) }}", witnesses=("kernel", "balls"))
    assert re.search(r"proven: \d+ lines,\s+\d+\s+points", page)
    assert "Sizes tried: 2, 3, 5 and 7." in " ".join(page.split())
    assert "Not run: SymPy (was not asked for) and Coq" in " ".join(page.split())


@pytest.mark.parametrize("language", ["en", "pt"])
@pytest.mark.parametrize("name", ["why-cross-entropy", "last-bias", "softmax-graph", "backpropagation"])
def test_a_lecture_has_one_table_of_all_its_proofs(name: str, language: str):
    text = lectures(language)[name].read_text(encoding="utf-8")
    proofs = set(re.findall(r"{% set (\w+) = (?:prove|lemma)\(", text))
    [told] = re.findall(r"{{ evidence\((.*?)\) }}", text)
    assert sorted(told.split(", ")) == sorted(proofs)
