"""What is wrong in a lecture is said with its file and line, what it is, and what to do; and nothing crashes."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lecture_texts import FRONT, refused

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
    ("{{ number('x', 2) }}", 4, "takes a number"),
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
