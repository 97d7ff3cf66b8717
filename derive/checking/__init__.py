"""A person's own derivation, judged line by line.

>>> from derive.core.term import d, fn, sym
>>> x = sym("x")
>>> checked = check(x**2 * fn("sin", x), [x * fn("cos", x) * 2], wrt="x")
>>> checked.lines[0].status, checked.lines[0].slip
('wrong', 'product-of-derivatives')
"""

from __future__ import annotations

from derive.checking.lines import Checked, check

__all__ = ["Checked", "check"]
