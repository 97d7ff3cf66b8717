"""What a lecture cannot do, whatever it tries: each attempt is an error with its line."""

import time
from pathlib import Path

import pytest
from lecture_texts import refused

from derive.authoring.sandbox import Call, _Sandbox

TRICKS = [
    "{{ ''.__class__.__mro__ }}",
    "{{ prove.__globals__ }}",
    "{{ prove['__globals__'] }}",
    "{{ range.function }}",
    "{{ (1).__class__ }}",
    "{{ [].append(1) }}",
    "{{ 'x'.format(1) }}",
    "{{ '%s' % prove }}",
    "{{ '{0.__class__}'['format'](prove) }}",
    "{{ self }}",
    "{{ self._TemplateReference__context }}",
    "{{ cycler }}",
    "{{ namespace() }}",
    "{{ lipsum.__globals__ }}",
    "{{ get_flashed_messages }}",
    "{{ prove|attr('__class__') }}",
    "{{ [1]|map('upper') }}",
    "{{ 'a'|center(1000000000) }}",
    "{{ 'a' * 1000000000 }}",
    "{{ [0] * 1000000000 }}",
    "{{ 'a' ~ 'b' }}",
    "{{ 9 ** 9 ** 9 }}",
    "{{ 1000000000000 * 1000000000000 }}",
    "{{ 99999999999999999999999 }}",
    "{{ 1 // 0 }}",
    "{{ range(1000000000) }}",
    "{{ range(0, 100000000000000000000000000, 1) }}",
    "{% for a in range(1000) %}{% for b in range(1000) %}{% for c in range(9) %}{% endfor %}{% endfor %}{% endfor %}",
    "{% for a in range(900) recursive %}{{ loop(range(900)) }}{% endfor %}",
    "{% macro f() %}{{ f() }}{{ f() }}{% endmacro %}{{ f() }}",
    "{% include '/etc/passwd' %}",
    "{% import 'os' as os %}",
    "{% from 'x' import y %}",
    "{% extends 'x' %}",
    "{% block x %}{% endblock %}",
    "{% set x %}text{% endset %}",
    "{% filter upper %}x{% endfilter %}",
    "{% for x in prove %}{% endfor %}",
    "{% set _x = 1 %}",
    "{{ network('/etc/passwd') }}",
    "{{ network('../secret.toml') }}",
    "{{ data('../secret.csv') }}",
    "{{ data('secret.txt') }}",
    "{{ prove('x^2').told }}",
    "{{ prove('x^2').names.clear() }}",
    "{{ true }}",
    "{{ 0.5 }}",
    "{{ none }}",
    "{{ [1, 2] }}",
    "{{ " + "(" * 5000 + "1" + ")" * 5000 + " }}",
    "{% if 1 %}" * 200 + "{% endif %}" * 200,
]  # fmt: skip


@pytest.mark.parametrize("trick", TRICKS, ids=[trick[:40] for trick in TRICKS])
def test_a_trick_is_refused_with_its_line(trick: str):
    began = time.process_time()
    error = refused(f"Text.\n\n{trick}\n")
    assert error.file == "my.md"
    assert error.line in (6, None) if len(trick) > 1000 else error.line == 6
    assert time.process_time() - began < 20  # it ends


def test_a_file_outside_of_the_folder_is_not_read(tmp_path: Path):
    folder = tmp_path / "lecture"
    folder.mkdir()
    (tmp_path / "secret.toml").write_text("password = 1", encoding="utf-8")
    (folder / "link.toml").symlink_to(tmp_path / "secret.toml")
    for name in ("../secret.toml", str(tmp_path / "secret.toml"), "link.toml"):
        assert "outside of the folder" in refused(f"{{{{ data('{name}').password }}}}", folder=folder).why


def test_output_is_bounded():
    text = "{% for a in range(900) %}" + "word " * 5000 + "{% endfor %}"
    assert "too long" in refused(text).why


def test_what_a_call_gives_is_not_read_as_markdown(tmp_path: Path):
    from lecture_texts import body

    (tmp_path / "d.toml").write_text("name = '**bold** <b> $x$ {{ 1 }} [a](javascript:x)'", encoding="utf-8")
    page = body("{{ data('d.toml').name }}", folder=tmp_path)
    assert page == "**bold** <b> $x$ {{ 1 }} [a](javascript:x)"


@pytest.mark.parametrize(
    "address", ["javascript:alert(1)", "file:///etc/passwd", "data:text/html,x", "/a", "x.md", "http://"]
)
def test_links_lead_to_the_web_only(address: str):
    error = refused(f"\n[a](<{address}>)")
    assert error.line == 5
    assert "https://" in error.why


def test_html_is_text():
    from lecture_texts import body

    assert "\\textless{}script\\textgreater{}" in body("a <script> b", "latex")
    assert "&lt;script&gt;" in body("a <script> b", "markdown")


@pytest.mark.parametrize(
    "what", [print, len, str, dict, open, lambda: 1, "x".upper, test_html_is_text], ids=map(str, range(8))
)
def test_nothing_is_called_but_what_a_lecture_may_call(what: object):
    """However it came to be there: Jinja asks this before every call."""
    sandbox = _Sandbox(str)
    assert not sandbox.is_safe_callable(what)
    assert sandbox.is_safe_callable(Call("known", lambda: 1))


@pytest.mark.parametrize("trick", ["loop.cycle(1, 2)", "loop.changed(1)", "loop(range(3))"])
def test_what_jinja_brings_along_is_not_called(trick: str):
    error = refused(f"{{% for a in range(2) %}}{{{{ {trick} }}}}{{% endfor %}}")
    assert error.file == "my.md"
