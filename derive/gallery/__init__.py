"""The gallery: examples of everything derive writes, which are also the golden files of the tests."""

from derive.gallery.tasks import build

__all__ = ["build"]
