"""The parser, made of formula.lark when it is first needed, and what to say where it stops."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from importlib.resources import files
from typing import Any

from lark import Lark, Tree, UnexpectedToken
from lark import Token as Leaf
from lark.exceptions import VisitError
from lark.lexer import Lexer

from derive.syntax.grammar.error import FormulaError
from derive.syntax.grammar.part import Part
from derive.syntax.grammar.reader import Reader
from derive.syntax.grammar.rules import Setting
from derive.syntax.grammar.structure import OPENING
from derive.syntax.grammar.tokens import Token


class _Tokens(Lexer):
    """The tokens are cut already; they only change their clothes."""

    def __init__(self, conf: Any) -> None:
        del conf

    def lex(self, lexer_state: Any, parser_state: Any = None) -> Iterator[Leaf]:
        return iter(lexer_state)


@cache
def _lark() -> Lark:
    grammar = files("derive.syntax.grammar").joinpath("formula.lark").read_text(encoding="utf-8")
    return Lark(grammar, parser="lalr", lexer=_Tokens, start="sides", maybe_placeholders=False)


def _leaf(token: Token) -> Leaf:
    leaf = Leaf(token.kind, "", start_pos=token.start, end_pos=token.stop)
    leaf.value = token.value
    return leaf


def read(tokens: list[Token], reader: Reader, setting: Setting) -> tuple[Part, ...]:
    """The sides of a line. Raises FormulaError."""
    leaves = [_leaf(token) for token in tokens]
    try:
        tree: Tree[Leaf] = _lark().parse(leaves)
        sides: tuple[Part, ...] = reader.transform(tree)
    except UnexpectedToken as stop:
        raise _unexpected(stop.token, tokens, setting) from None
    except VisitError as error:
        raise error.orig_exc from None
    return sides


# what stands where it cannot stand: a message and a hint
SAYS: Mapping[str, tuple[str, str]] = {
    "NUMBER": ("a number right after a factor", "write * between them, or ^ for a power"),
    "_COMMA": ("a comma separates arguments, and there are none here", "a decimal is written 0.5"),
    "REL": ("a comparison stands only in piecewise(..)", "write piecewise(x if x < 0; 1)"),
    "EQUALS": ("this is no condition", "conditions use < <= > >="),
    "_EQ": ("an equals sign cannot stand here", "conditions use < <= > >="),
    "_IF": ("'if' stands only in piecewise(..)", "write piecewise(x if x < 0; 1)"),
    "_AND": ("'and' stands only between conditions", ""),
    "OTHERWISE": ("'otherwise' stands only in piecewise(..)", "write piecewise(x if x < 0; 1)"),
    "TRUE": ("True is a condition, and stands only in piecewise(..)", ""),
    "LBRACE": ("braces are only for exponents and subscripts", "group with ( )"),
    "BARESUM": ("the sum does not say its index", "write sum(i, x_i) or Σ_i x_i"),
    "SUBSCRIPT": ("a subscript has no meaning here", ""),
    "_AMP": ("& stands only in cases", ""),
    "_NEWROW": (r"\\ stands only in cases", ""),
    "CARET": ("a power has no base here, or its base is unclear", "put brackets"),
    "BANG": ("a factorial has nothing to stand behind here", "write x! or (x + 1)!"),
    "DX": ("dx is not a name", "a derivative is written d/dx (..)"),
}
MISSING = "a number, a name or a bracket is missing here"
OPERATORS = {"PLUS", "MINUS", "TIMES", "DIV", "CARET", "_COMMA", "REL", "_EQ", "_IF", "_AND"}


def _unexpected(leaf: Any, tokens: list[Token], setting: Setting) -> FormulaError:
    place = next(
        (n for n, token in enumerate(tokens) if token.kind == leaf.type and token.start == leaf.start_pos), None
    )
    if leaf.type == "$END" or place is None:
        at = len(setting.text.rstrip())
        before = tokens[-1] if tokens else None
    else:
        at, before = tokens[place].start, tokens[place - 1] if place else None
    if before is not None and before.kind == "FUNC":
        name = getattr(before.value, "name", "the function")
        return setting.fail(f"{name} has no argument here", before.start, f"write {name}(..)")
    kind = leaf.type
    if kind in ("$END", "TIMES", "DIV", *OPENING) or (
        kind in OPERATORS and (before is None or before.kind in OPERATORS)
    ):
        return setting.fail(MISSING, at)
    message, hint = SAYS.get(kind, ("this cannot stand here", "put brackets or * to make it clear"))
    return setting.fail(message, at, hint)
