"""The gallery in output/, which another process has written, is what the program writes, byte for byte."""

import re
from pathlib import Path

import pytest

from derive.authoring.shipped import lectures
from derive.gallery import build
from derive.lectures.catalogue import LECTURES

OUTPUT = Path(__file__).parents[2] / "output"
LINK = re.compile(r"\]\(<?([^)>\s]+)>?\)")


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("output")
    build(folder)
    return folder


def texts(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_the_gallery_is_up_to_date(built: Path):
    fresh, golden = texts(built), texts(OUTPUT)
    assert sorted(golden.keys() - fresh) == [], "no longer written: delete them"
    assert sorted(fresh.keys() - golden) == [], "run: derive build"
    assert [name for name in sorted(fresh) if fresh[name] != golden[name]] == [], "run: derive build"


def test_every_lecture_is_there_in_both_languages(built: Path):
    names = {*LECTURES, *lectures("en"), *lectures("pt")}
    assert len(names) > 5
    assert {path.name for path in (built / "lectures").iterdir()} == names
    for name in names:
        wanted = {f"{name}.{lang}{ending}" for lang in ("en", "pt") for ending in (".md", ".tex")}
        assert wanted <= {path.name for path in (built / "lectures" / name).iterdir()}


def test_every_link_and_picture_leads_somewhere(built: Path):
    found = {page: LINK.findall(page.read_text(encoding="utf-8")) for page in built.rglob("*.md")}
    assert len(found[built / "README.md"]) > 150
    assert sum(link.endswith(".svg") for links in found.values() for link in links) > 25
    lost = [(page.name, link) for page, links in found.items() for link in links if not (page.parent / link).is_file()]
    assert [(name, link) for name, link in lost if not link.startswith("https://")] == []


def test_the_index_shows_pictures_with_words(built: Path):
    page = (built / "README.md").read_text(encoding="utf-8")
    pictures = re.findall(r"!\[([^\]]*)\]\(lectures/([\w-]+)/[\w.-]+\.svg\)", page)
    assert {name for _, name in pictures} == {*lectures("en"), "softmax-cross-entropy"}
    assert all(20 < len(words) < 200 for words, _ in pictures)


def test_every_figure_has_its_file_and_every_file_its_figure(built: Path):
    """The pages show SVG; the LaTeX names the same figures as PDF, which are in its archive."""
    for folder in (built / "lectures").iterdir():
        shown = {link for page in folder.glob("*.md") for link in LINK.findall(page.read_text(encoding="utf-8"))}
        written = {path.name for path in folder.glob("*.svg")}
        assert written == {link for link in shown if link.endswith(".svg")}
        named = {name for page in folder.glob("*.tex") for name in re.findall(r"\{([\w.-]+)\.pdf\}", page.read_text())}
        assert {f"{name}.svg" for name in named} <= written


def test_a_bar_is_told_every_step(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    from derive.gallery import tasks

    steps: list[object] = []

    class Bar:
        def __init__(self, total: int) -> None:
            steps.append(total)

        def step(self, name: str) -> None:
            steps.append(name)

        def done(self) -> None:
            steps.append("done")

    written = [("one", lambda folder: [folder / "1"]), ("two", lambda folder: [folder / "2", folder / "3"])]
    monkeypatch.setattr(tasks, "_tasks", lambda: iter(written))
    assert tasks.build(tmp_path, Bar) == [tmp_path / "1", tmp_path / "2", tmp_path / "3"]
    assert steps == [2, "one", "two", "done"]
