"""What can be seen on the tokens before they are parsed: pairs of brackets, bars, derivatives."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from derive.syntax.grammar.error import FormulaError
from derive.syntax.grammar.names import Name
from derive.syntax.grammar.tokens import Call, Token

DEEPEST = 60
CLOSING = {
    "LPAR": "RPAR", "LSQ": "RSQ", "LBRACE": "RBRACE", "LBAR": "RBAR", "LNORM": "RNORM", "BEGIN": "END",
    "LFLOOR": "RFLOOR", "LCEIL": "RCEIL",
}  # fmt: skip
OPENING = {close: opening for opening, close in CLOSING.items()}
BARS = {"BAR": ("LBAR", "RBAR"), "NORMBAR": ("LNORM", "RNORM")}
ENDS = frozenset(("NUMBER", "NAME", "PRIME", "SUBSCRIPT", "OTHERWISE", *CLOSING.values()))  # something has ended
AS_CALLS = {"LFLOOR": "floor", "LCEIL": "ceil"}
Fail = Callable[[str, int, str], FormulaError]


def paired(tokens: list[Token], fail: Fail) -> tuple[list[Token], dict[int, int]]:
    """The tokens with bars told apart, and for each opening bracket the place of its partner."""
    out: list[Token] = []
    open_at: list[int] = []
    partner: dict[int, int] = {}
    for n, token in enumerate(tokens):
        kind = _side(token, out, open_at) if token.kind in BARS else token.kind
        token = replace(token, kind=kind) if kind != token.kind else token
        if kind in CLOSING:
            open_at.append(len(out))
            if len(open_at) > DEEPEST:
                raise fail(f"brackets more than {DEEPEST} deep", token.start, "write it in parts")
            if kind == "LBAR" and out and out[-1].kind == "LBAR" and tokens[n - 1].stop == token.start:
                raise fail("|| is unclear", token.start - 1, "write norm(x), or abs(..)")
        elif kind in OPENING:
            if not open_at or out[open_at[-1]].kind != OPENING[kind]:
                raise _mismatch(token, out[open_at[-1]] if open_at else None, fail)
            partner[open_at.pop()] = len(out)
        out.append(token)
    if open_at:
        raise fail("this is opened and never closed", out[open_at[-1]].start, "")
    return out, partner


def _side(token: Token, out: list[Token], open_at: list[int]) -> str:
    opening, closing = BARS[token.kind]
    closes = bool(out) and out[-1].kind in ENDS and bool(open_at) and out[open_at[-1]].kind == opening
    return closing if closes else opening


def _mismatch(token: Token, opened: Token | None, fail: Fail) -> FormulaError:
    if opened is None:
        return fail("this closes a bracket that was never opened", token.start, "")
    return fail("this is opened, and closed by another kind of bracket or not at all", opened.start, "")


def with_calls(tokens: list[Token], partner: dict[int, int]) -> tuple[list[Token], dict[int, int]]:
    """⌊x⌋ as floor(x); partners move along."""
    if not any(token.kind in AS_CALLS for token in tokens):
        return tokens, partner
    out: list[Token] = []
    moved: list[int] = []
    for token in tokens:
        if token.kind in AS_CALLS:
            out.append(Token("FUNC", token.start, token.start, Call(AS_CALLS[token.kind])))
        moved.append(len(out))
        kind = {"LFLOOR": "LPAR", "LCEIL": "LPAR", "RFLOOR": "RPAR", "RCEIL": "RPAR"}.get(token.kind, token.kind)
        out.append(replace(token, kind=kind))
    return out, {moved[a]: moved[b] for a, b in partner.items()}


def with_derivatives(tokens: list[Token], partner: dict[int, int], fail: Fail) -> list[Token]:
    """d(u)/dx and \\frac{d u}{d x} as d/dx (u)."""
    out: list[Token] = []
    drop: set[int] = set()
    exchange: dict[int, list[Token]] = {}
    for n, token in enumerate(tokens):
        if token.kind == "FRAC":
            _fraction(n, tokens, partner, exchange, drop, fail)
        elif _is_d(token) and n + 1 in partner and tokens[n + 1].kind == "LPAR":
            _bracketed(n, tokens, partner, exchange, drop)
    for n, token in enumerate(tokens):
        if n in exchange:
            out += exchange[n]
        elif n not in drop:
            out.append(token)
    for token in out:
        if token.kind in ("DX", "PARTIAL"):
            raise fail("this derivative is incomplete", token.start, "write d/dx (..) or ∂/∂x (..)")
    return out


def _is_d(token: Token) -> bool:
    return token.kind == "PARTIAL" or (isinstance(token.value, Name) and token.value.text == "d")


def _bracketed(
    n: int, tokens: list[Token], partner: dict[int, int], exchange: dict[int, list[Token]], drop: set[int]
) -> None:
    close = partner[n + 1]
    after = tokens[close + 1 : close + 4]
    if not after or after[0].kind != "DIV":
        return
    if len(after) > 1 and after[1].kind == "DX":
        by, gone = after[1], 2
    elif len(after) > 2 and after[1].kind == "PARTIAL" and after[2].kind == "NAME":
        by, gone = after[2], 3
    else:
        return
    exchange[n] = [Token("DERIV", tokens[n].start, tokens[n].stop, by.value)]
    drop |= set(range(close + 1, close + 1 + gone))


def _fraction(
    n: int, tokens: list[Token], partner: dict[int, int], exchange: dict[int, list[Token]], drop: set[int], fail: Fail
) -> None:
    top = n + 1
    below = partner.get(top, -2) + 1
    if below not in partner or not _is_d(tokens[top + 1]) or not _is_d(tokens[below + 1]):
        return
    end = partner[below]
    if end != below + 3 or tokens[below + 2].kind != "NAME" or tokens[top + 2].kind == "CARET":
        raise fail("this derivative is not read", tokens[n].start, r"write \frac{d}{dx}(..), one derivative at a time")
    derivative = Token("DERIV", tokens[n].start, tokens[end].stop, tokens[below + 2].value)
    inner = tokens[top + 2 : below - 1]
    if inner:
        start, stop = inner[0].start, inner[-1].stop
        exchange[n] = [derivative, Token("LPAR", start, start), *inner, Token("RPAR", stop, stop)]
    else:
        exchange[n] = [derivative]
    drop |= set(range(n + 1, end + 1))
