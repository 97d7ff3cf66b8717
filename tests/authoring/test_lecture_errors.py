"""What is wrong in a lecture is said with its file and line, what it is, and what to do; and nothing crashes."""

import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lecture_texts import FRONT, body, refused

from derive.authoring.build import lecture_document
from derive.authoring.error import LectureError
from derive.authoring.source import parse_source, read_source
from derive.document.nodes import Document
from derive.render import render

# text, line (the text begins on line 4), and what the message must say
WRONG = [
    ("{{ prov('x^2') }}", 4, 'did you mean "prove"?'),
    ("a\n\n{{ prove('x^2 +') }}", 6, "x^2 +"),
    ("{{ prove('softmax-cross-entrpy') }}", 4, "softmax-cross-entropy"),
    ("{{ prove('x^2', wrt='x', colour=1) }}", 4, "colour"),
    ("{{ lemma('sigmoid') }}", 4, "sigmoid-derivative"),
    ("{{ number('x', 2) }}", 4, 'takes a number, not "x"'),
    ("{{ number(zzz, 2) }}", 4, "zzz"),
    ("{{ number(value_at('-ln(q)', {'p': 2}), 2) }}", 4, "q has no value here"),
    ("{{ figure('functions', [], 'x', -1, 1) }}", 4, "no formula to draw"),
    ("{{ number('x' | round(2), 2) }}", 4, "round is for a number"),
    ("{{ number(5 | round(-9), 2) }}", 4, "from 0 to 15"),
    ("{{ number(0.5) }}", 4, "decimals"),
    ("{{ figure('pie') }}", 4, "sigmoid-and-step"),
    ("{{ statement(prove('x^2'), 'nope') }}", 4, 'no theorem "nope"'),
    ("{{ lines(prove('x^2'), only=[9]) }}", 4, "there is no line 9"),
    ("{{ theorem(3) }}", 4, "prove(...)"),
    ("{{ ref('nowhere') }}", 4, 'the label "nowhere"'),
    ("# A {#x}\n\n# B {#x}", 6, "used twice"),
    ("# A {#1}", 4, "no label"),
    ("one\ntwo $\\frac{1}$ three", 5, "missing"),
    ("$$\nx = \\nope\n$$", 4, "\\nope"),
    ("a $output_i$", 4, "\\mathrm{output}"),
    ("text {{ theorem(prove('x^2')) }} text", 4, "line of its own"),
    ("{{ exercise() }}\n\nx", 4, "{{ end() }}"),
    ("x\n\n{{ solution() }}", 6, "outside of an exercise"),
    ("![a](b.png)", 4, "figure("),
    ("- # A", 4, "outside of lists"),
    ("{{ 1 +", 4, "{{ name(...) }}"),
    ("{% for x in [1] %}", 4, "for"),
    ("a\n{% if %}\n{% endif %}", 5, ""),
    ("| a |\n|---|\n" + "| x |\n" * 30, 4, "caption"),
    ("{{ table(['a'], [[1, 2]]) }}", 4, "row 1 of the table has 2 cells"),
    ("{% for n in range(3) %}\nrow {{ n }} $\\oops$\n{% endfor %}", 5, "\\oops"),
    ("a \ue010 b", 4, "U+E010"),
    ("{{ network({'network': {'input': 2}}) }}", 4, "layers"),
    ("{{ data('none.csv') }}", 4, "none.csv"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "line", "says"), WRONG, ids=[text[:30] for text, _, _ in WRONG])
def test_an_error_says_where_what_and_what_to_do(text: str, line: int, says: str):
    error = refused(text)
    assert (error.file, error.line) == ("my.md", line)
    assert says in error.why
    assert str(error).startswith(f"my.md:{line}: ")
    assert error.exit_code == 2


@pytest.mark.parametrize(
    ("front", "line", "says"),
    [
        ("titel: T", 2, 'did you mean "title"?'),
        ("title: T\ntitle: U", 3, "twice"),
        ("no colon", 2, "key: value"),
        ("title: T\nlanguage: xx", 3, "xx"),
        ("title: T\nanswers: nowhere", 3, "here, end, hidden"),
        ("title: T\nnotation: nope", 3, "o-s-theta-beta"),
        ("title: T\ndetail: nope", 3, "brief, lecture, full"),
        ("title: $\\x$", 2, "\\x"),
        ("subtitle: x", 4, "title"),
    ],
)
def test_the_front_matter(front: str, line: int, says: str):
    def read() -> None:
        source = parse_source(f"---\n{front}\n---\ntext", "my.md")
        lecture_document(source, language=source.front.get("language", "en"))

    with pytest.raises(LectureError) as caught:
        read()
    assert (caught.value.line, says in caught.value.why) == (line, True), caught.value


def test_files_that_are_no_lectures(tmp_path: Path):
    path = tmp_path / "my.md"
    path.write_bytes(b"a\nb \xff")
    with pytest.raises(LectureError, match=r"my\.md:2: this is not UTF-8"):
        read_source(path)
    path.write_bytes(b"a" * 600_000)
    with pytest.raises(LectureError, match="write it in parts"):
        read_source(path)
    with pytest.raises(FileNotFoundError):
        read_source(tmp_path / "none.md")


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"a,b\n1,2\n3\n", "d.csv:3: 1 cells"),
        (b"a,b\n1,\n", 'd.csv:2: a value is missing in the column "b"'),
        (b"a,a\n1,2\n", "d.csv:1: two columns"),
        (b"", "d.csv is empty"),
        (b"a,b\n1,inf\n", 'd.csv:2: "inf"'),
        (b"a,b\n1,\xff\n", "d.csv is not UTF-8"),
        (b"a,c\n1,2\n", 'd.csv:1: there is no column "b"; there are a, c'),
    ],
)
def test_data_that_do_not_fit(tmp_path: Path, content: bytes, says: str):
    (tmp_path / "d.csv").write_bytes(content)
    error = refused("\n{% set d = data('d.csv', 'a', 'b') %}", folder=tmp_path)
    assert error.line == 5
    assert says in error.why


def test_numbers_are_read_from_data(tmp_path: Path):
    from lecture_texts import body

    (tmp_path / "d.csv").write_text("name,x\nsetosa,0.25\n", encoding="utf-8")
    text = "{% set d = data('d.csv') %}{{ d.name[0] }}: {{ number(d.x[0], 2) }}"
    assert body(text, folder=tmp_path) == "setosa: 0.25"


SIGNS = [
    "#", "-", "1.", ">", "```", "$", "$$", "*", "**", "_", "`", "[", "](", ")", "https://x.y", "|", "|---|", "[^1]",
    ":",
    "{#a}", "{{", "}}", "{%", "%}", "<!--", "-->", "---", "\\", "&amp;", "<b>", "!", "^", "{", "}", "\\frac", "\\sum",
    "\\left(", "\\begin{cases}", "\\end{cases}", "&", "ref('a')", "label('a')", "exercise()", "end()", "number(1, 2)",
    "endfor", "x", "word", "12", "é", "猫", "'", '"', "~", "%", "@",
]  # fmt: skip
OTHERS = ["\n", "\n\n", "    ", "# ", "- ", "1. ", "[^1]: ", ": ", "for x in [1]", "\t", "\0", "\u202e"]
PIECES = st.sampled_from(SIGNS + OTHERS)


@settings(max_examples=250)
@given(st.lists(PIECES | st.text(max_size=3), max_size=30).map("".join))
def test_any_text_is_a_lecture_or_an_error(text: str):
    try:
        found = lecture_document(parse_source(FRONT + text, "my.md"), witnesses=("kernel",))
    except LectureError as error:
        placed = error.file == "my.md"
    else:
        placed = True
        _printed(found)
    assert placed


def _printed(found: Document) -> None:
    for format in ("text", "markdown", "latex", "typst"):
        render(found, format)


@settings(max_examples=40)
@given(st.lists(PIECES, max_size=25).map("".join))
def test_whatever_is_printed_compiles(text: str):
    import typst

    try:
        found = lecture_document(parse_source(FRONT + text, "my.md"), witnesses=("kernel",))
    except LectureError:
        return
    assert typst.compile(render(found, "typst").encode())


DESCENT = """\
{{% set layers = [{{"units": 1}}] %}}
{{% set net = network({{"network": {{"input": 1, "layers": layers}}, "loss": {{"name": "squared-error"}}}}) %}}
{{% set t = descend(net, {{"W1": [[1]], "b1": [0]}}, [[3]], [[1]], {rate}, steps={steps}, only=["b1[0]"]) %}}
{{{{ descent_table(t, "b1[0]", decimals=1) }}}}
{{{{ figure("training", t.losses) }}}}
"""


@pytest.mark.parametrize(
    ("rate", "steps", "language", "said"),
    [
        # the residual is 2, and a step of rate 5 multiplies it by 1 - 5: the loss, half its square, by 16
        (5, 400, "en", "the learning rate 5 every step leaps over the valley .* from 2.0 to 2.1 · 10⁶"),
        (5, 400, "pt", "a taxa de aprendizado 5, cada passo salta por cima do vale .* de 2,0 para 2,1 · 10⁶"),
        (2.5, 2, "en", "The learning rate 2.5 is too large: after 2 steps the loss is 10.1, and it was 2.0"),
    ],
)
def test_a_descent_that_diverges_is_explained_and_drawn(rate: float, steps: int, language: str, said: str):
    text = body(DESCENT.format(rate=rate, steps=steps), language=language)
    assert re.search(said, " ".join(text.split()))
    assert "Figur" in text


def test_a_descent_that_descends_is_shown_without_a_word():
    assert "rate" not in body(DESCENT.format(rate=0.5, steps=3))


def test_a_loss_that_overflows_is_explained_and_drawn_as_far_as_it_goes():
    text = body("""\
{% set u = {"units": 1} %}
{% set net = network({"network": {"input": 1, "layers": [u, u, u, u]}, "loss": {"name": "squared-error"}}) %}
{% set one, nil = [[1]], [0] %}
{% set params = {"W1": one, "W2": one, "W3": one, "W4": one, "b1": nil, "b2": nil, "b3": nil, "b4": nil} %}
{% set t = descend(net, params, [[3]], [[1]], 10, steps=90, only=["W1[0,0]", "W2[0,0]", "W3[0,0]", "W4[0,0]"]) %}
{{ descent_table(t, "W1[0,0]") }}
{{ figure("training", t.losses) }}
""")
    assert re.search("With the learning rate 10 the loss rose .* was too large for a number", " ".join(text.split()))
    assert "Figure 1" in text


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("p,q\n0.1,0.2\n0.3,abc\n", 'd.csv:3: "abc" in the column "q" is not a number'),
        ('p,q\n0.1,0.2\n0.3,"0,4"\n', "a decimal mark in a file is a point"),
        ('p,q\n0.1,"0,2"\n0.3,"0,4"\n', 'the column "q" has decimal commas'),
        ("p;q\n0,1;0,2\n", "columns are separated by commas"),
        ("p,q\n0.1,\n", 'd.csv:2: a value is missing in the column "q"'),
    ],
)
def test_cells_that_are_no_numbers_are_named_with_file_and_line(tmp_path: Path, text: str, says: str):
    (tmp_path / "d.csv").write_text(text, encoding="utf-8")
    assert says in refused('{% set d = data("d.csv") %}', folder=tmp_path).why


def test_what_is_given_can_stand_in_a_table_of_numbers():
    text = body("""\
{% set net = network({"network": {"input": 2, "layers": [{"units": 3}]}, "loss": {"name": "cross-entropy"}}) %}
{% set n = chain_numbers(net, {"W1": [[1, 0], [0, 1], [1, 1]], "b1": [0, 0, 0]}, [[0.25, 0.5]], [[1, 0, 0]]) %}
{{ numbers_table(n, ["x", "y", "p"], "Given, and found.", decimals=2) }}
""")
    assert re.search(r"x₁\s+x₂\s+y₁\s+y₂\s+y₃\s+p₁", text)
    assert re.search(r"1\s+0.25\s+0.50\s+1.00\s+0.00\s+0.00\s+0.2", text)
