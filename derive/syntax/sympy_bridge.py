"""Terms and SymPy expressions, both ways."""

from derive.syntax.from_sympy import from_sympy
from derive.syntax.to_sympy import UnknownExpression, concrete, indexed, symbol_name

__all__ = ["UnknownExpression", "concrete", "from_sympy", "indexed", "symbol_name"]
