"""Labels: each names one thing, and each reference leads somewhere."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from unicodedata import normalize

from derive.authoring.source import Source
from derive.document.nodes import Name, Phrase


@dataclass
class Labels:
    """The labels of one lecture, compared as they are printed: letters, digits and dashes."""

    source: Source
    taken: dict[str, str] = field(default_factory=dict)
    wanted: dict[str, int | None] = field(default_factory=dict)

    def claim(self, label: str, line: int | None = None) -> str:
        """A label that the author has chosen. Raises LectureError when it is taken."""
        if slug(label) in self.taken:
            raise self.source.fail(f'the label "{label}" is used twice', line)
        self.taken[slug(label)] = label
        return label

    def of(self, label: str) -> str:
        """A label that nobody has chosen: with a number behind it where it is taken."""
        found, n = label, 1
        while slug(found) in self.taken:
            n += 1
            found = f"{label}-{n}"
        self.taken[slug(found)] = found
        return found

    def of_title(self, title: Phrase) -> str:
        words = "".join(item.text if isinstance(item, Name) else "" for item in title.items)
        plain = normalize("NFKD", words).encode("ascii", "ignore").decode().lower()
        return self.of(slug(plain)[:40].strip("-") or "section")


def slug(label: str) -> str:
    """What is left of a label in every format.

    >>> slug("sec: one")
    'sec-one'
    """
    return re.sub(r"[^A-Za-z0-9]+", "-", label).strip("-")
