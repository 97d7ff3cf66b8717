"""A person's own lectures: Markdown with calls for whatever is proved, computed or drawn."""

from derive.authoring.build import lecture_document, read_lecture
from derive.authoring.error import LectureError

__all__ = ["LectureError", "lecture_document", "read_lecture"]
