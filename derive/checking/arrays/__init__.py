"""A numeric gradient of one's own, compared with the proved one; a known mistake is named."""

from __future__ import annotations

from derive.checking.arrays.compare import ArrayChecked, ArrayError, check_array

__all__ = ["ArrayChecked", "ArrayError", "check_array"]
