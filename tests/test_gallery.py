"""The gallery in output/ is what the program writes, byte for byte."""

from pathlib import Path

import pytest

from derive.gallery import build

OUTPUT = Path(__file__).parents[1] / "output"


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("output")
    build(folder)
    return folder


def texts(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_the_gallery_is_up_to_date(built: Path):
    fresh, golden = texts(built), texts(OUTPUT)
    assert sorted(fresh) == sorted(golden)
    assert [name for name in sorted(fresh) if fresh[name] != golden[name]] == [], "run: derive build"


def test_every_link_of_the_index_leads_somewhere(built: Path):
    import re

    links = re.findall(r"\]\(([^)]+)\)", (built / "README.md").read_text())
    assert len(links) > 40
    assert [link for link in links if not (built / link).is_file()] == []
