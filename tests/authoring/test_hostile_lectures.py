"""Lectures that ask for too much: each ends at once in one line that says what is too large, and nothing is written."""

from pathlib import Path

import pytest

from derive.cli import main

HEAD = "---\ntitle: T\nlanguage: en\n---\n\n"
ONE_AND_ONE = "{% set a=[1] %}{% set b=[1] %}\n" + "{% set a=[a,a] %}{% set b=[b,b] %}\n" * 28
HOSTILE = {
    "a list doubled by sum": "{% set a=[1,1] %}\n" + "{% set a=[a,a]|sum(start=[]) %}\n" * 26,
    "lists in lists, compared": ONE_AND_ONE + "{% if a == b %}x{% endif %}",
    "lists in lists, printed": ONE_AND_ONE + "{{ a }}",
    "lists in lists, the larger": ONE_AND_ONE + "{{ [a, b]|max }}",
    "lists in lists, looked for": ONE_AND_ONE + "{% if a in [b] %}x{% endif %}",
    "tuples in tuples": "{% set a=(1,1) %}\n" + "{% set a=(a,a) %}\n" * 28,
    "names in names": "{% set a={'k': 1} %}\n" + "{% set a={'k': a, 'l': a} %}\n" * 28,
    "lists by way of slices": "{% set a=[1,1] %}\n" + "{% set a=[a[0:], a[0:]] %}\n" * 28,
    "sum of lists": "{{ [[1], [2]]|sum(start=[]) }}",
    "the largest of a long range": "{{ range(1000000000000)|max }}",
    "the sum of a long range": "{{ range(1000000000000)|sum }}",
    "a long loop": "{% for i in range(1000000000) %}x{% endfor %}",
    "loops in loops": "{% for i in range(99) %}" * 3 + "x" + "{% endfor %}" * 3,
    "a word many times": "{{ 'a' * 1000000000 }}",
    "words put together": "{% set a='ab' %}" + "{% set a=a~a %}" * 40,
    "a high power": "{{ 10 ** 100000 }}",
    "squares of squares": "{% set a=9 %}" + "{% set a=a*a %}" * 40 + "{{ a }}",
    "a list joined": "{{ range(1000)|join(range(1000)) }}",
    "a word replaced": "{{ 'aaaa'|replace('a', 'aaaaaaaa') }}",
    "a macro that calls itself": "{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}",
    "too many headings": "# h\n\n" * 20_000,
    "too many proofs": "{{ prove('x^2') }}\n" * 3_000,
    "too long": "a" * 3_000_000,
    "braces in braces": "$" + "{" * 5_000 + "x" + "}" * 5_000 + "$",
    "conditions in conditions": "{% if true %}" * 300 + "x" + "{% endif %}" * 300,
    "lists of Markdown, deep": "".join("  " * n + "- x\n" for n in range(2_000)),
}  # fmt: skip


@pytest.mark.parametrize("name", HOSTILE)
def test_a_lecture_that_asks_for_too_much_is_refused(
    name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    source, target = tmp_path / "lecture.md", tmp_path / "out.md"
    source.write_text(HEAD + HOSTILE[name] + "\n", encoding="utf-8")
    assert main(["lecture", str(source), "-o", str(target)]) == 2
    said = capsys.readouterr().err
    assert said.startswith("derive: lecture.md")
    assert said.count("\n") == 1
    assert not target.exists()


LONG = {
    "brackets": "[" * 20_000,
    "quotes": ">" * 10_000 + " x",
    "a hundred headings": "## h\n\ntext\n\n" * 100,
    "a list": "{% set a=[1,2,3] %}{% for n in a %}{{ n }} {% endfor %}{{ a|sum }} {{ [a, a]|length }}",
    "a wide table": "|" + "a|" * 500 + "\n|" + "-|" * 500 + "\n|" + "1|" * 500 + "\n",
}


@pytest.mark.parametrize("name", LONG)
def test_a_long_lecture_is_written(name: str, tmp_path: Path) -> None:
    source = tmp_path / "lecture.md"
    source.write_text(HEAD + LONG[name] + "\n", encoding="utf-8")
    assert main(["lecture", str(source), "-o", str(tmp_path / "out.md")]) == 0
