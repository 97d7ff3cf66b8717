"""What can be seen on the tokens before they are parsed: pairs of brackets, bars, derivatives."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from derive.chains.function import HIGHEST_ORDER
from derive.syntax.grammar.error import FormulaError
from derive.syntax.grammar.names import Name
from derive.syntax.grammar.tokens import Call, Token

DEEPEST = 60
CLOSING = {
    "LPAR": "RPAR", "LSQ": "RSQ", "LBRACE": "RBRACE", "LBAR": "RBAR", "LNORM": "RNORM", "BEGIN": "END",
    "LFLOOR": "RFLOOR", "LCEIL": "RCEIL", "LPIECES": "RPIECES", "LANGLE": "RANGLE",
}  # fmt: skip
OPENING = {close: opening for opening, close in CLOSING.items()}
BARS = {"BAR": ("LBAR", "RBAR"), "NORMBAR": ("LNORM", "RNORM")}
# something has ended
ENDS = frozenset(("NUMBER", "NAME", "PRIME", "SUBSCRIPT", "BANG", "OTHERWISE", *CLOSING.values()))
AS_CALLS = {"LFLOOR": "floor", "LCEIL": "ceil", "LANGLE": "dot"}
ROUND = dict.fromkeys(AS_CALLS, "LPAR") | {CLOSING[kind]: "RPAR" for kind in AS_CALLS}
NO_FACTOR = frozenset(("PLUS", "MINUS", "TIMES", "DIV", "_EQ", "_COMMA", "REL", "_IF", "_AND", *OPENING))
Fail = Callable[[str, int, str], FormulaError]


def paired(tokens: list[Token], fail: Fail) -> tuple[list[Token], dict[int, int]]:
    """The tokens with bars told apart, and for each opening bracket the place of its partner."""
    out: list[Token] = []
    open_at: list[int] = []
    partner: dict[int, int] = {}
    for token in tokens:
        kind = _side(token, out, open_at) if token.kind in BARS else token.kind
        token = replace(token, kind=kind) if kind != token.kind else token
        if kind in CLOSING:
            open_at.append(len(out))
            if len(open_at) > DEEPEST:
                raise fail(f"brackets more than {DEEPEST} deep", token.start, "write it in parts")
        elif kind in OPENING:
            if not open_at or out[open_at[-1]].kind != OPENING[kind]:
                raise _mismatch(token, out[open_at[-1]] if open_at else None, fail)
            partner[open_at.pop()] = len(out)
        out.append(token)
    if open_at:
        raise fail("this is opened and never closed", out[open_at[-1]].start, "")
    _refuse_double_bars(out, partner, fail)
    return out, partner


def _refuse_double_bars(tokens: list[Token], partner: dict[int, int], fail: Fail) -> None:
    """||x|| may be a norm; ||x| - 1| is none."""
    for n, close in partner.items():
        if tokens[n].kind == "LBAR" and partner.get(n + 1) == close - 1:
            (a, b), (c, d) = tokens[n : n + 2], tokens[close - 1 : close + 1]
            if b.kind == "LBAR" and a.stop == b.start and c.stop == d.start:
                raise fail("|| is unclear", a.start, "write norm(x), or abs(..)")


def _side(token: Token, out: list[Token], open_at: list[int]) -> str:
    opening, closing = BARS[token.kind]
    closes = bool(out) and out[-1].kind in ENDS and bool(open_at) and out[open_at[-1]].kind == opening
    return closing if closes else opening


def _mismatch(token: Token, opened: Token | None, fail: Fail) -> FormulaError:
    if opened is None:
        return fail("this closes a bracket that was never opened", token.start, "")
    return fail("this is opened, and closed by another kind of bracket or not at all", opened.start, "")


def with_products(tokens: list[Token]) -> list[Token]:
    """(x + 1)2x, as the quotient rule is often written: a number right after a bracket is a factor."""
    out: list[Token] = []
    for token in tokens:
        before = out[-1] if out else None
        if token.kind == "NUMBER" and before is not None and before.kind == "RPAR" and before.stop == token.start:
            out.append(Token("TIMES", token.start, token.start, "*"))
        out.append(token)
    return out


def with_factorials(tokens: list[Token]) -> list[Token]:
    """5! as (5)!; a number is a factor of its own only there."""
    out: list[Token] = []
    for token, after in zip(tokens, [*tokens[1:], None], strict=True):
        alone = token.kind == "NUMBER" and after is not None and after.kind == "BANG"
        around = [Token(kind, at, at) for kind, at in (("LPAR", token.start), ("RPAR", token.stop))] if alone else []
        out += [*around[:1], token, *around[1:]]
    return out


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
        out.append(replace(token, kind=ROUND.get(token.kind, token.kind)))
    return out, {moved[a]: moved[b] for a, b in partner.items()}


def with_indicators(tokens: list[Token], partner: dict[int, int]) -> list[Token]:
    """1[x > 0], told apart from a product by its comparison."""
    out = list(tokens)
    for n, close in partner.items():
        one = n > 0 and tokens[n - 1].kind == "NUMBER" and tokens[n - 1].value == "1"
        if one and tokens[n].kind in ("LPAR", "LSQ", "LBRACE") and _compares(tokens, n, partner):
            for at, kind in ((n - 1, "INDICATOR"), (n, "LPAR"), (close, "RPAR")):
                out[at] = replace(tokens[at], kind=kind)
    return out


def _compares(tokens: list[Token], opening: int, partner: dict[int, int]) -> bool:
    """Whether a comparison stands in these brackets, and not in others inside them."""
    at = opening + 1
    while at < partner[opening]:
        if tokens[at].kind == "REL":
            return True
        at = partner.get(at, at) + 1
    return False


def with_dots(tokens: list[Token], partner: dict[int, int], fail: Fail) -> tuple[list[Token], dict[int, int]]:
    """wᵀ x and (x - y)ᵀ (x - y) as dot(w, x) and dot(x - y, x - y)."""
    if not any(token.kind == "TRANSPOSE" for token in tokens):
        return tokens, partner
    opening = {close: start for start, close in partner.items()}
    out: dict[int, list[Token]] = {n: [token] for n, token in enumerate(tokens)}
    kind = {n: token.kind for n, token in enumerate(tokens)}
    for n in (n for n, token in enumerate(tokens) if token.kind == "TRANSPOSE"):
        first, last = opening.get(n - 1, n - 1), partner.get(n + 1, n + 1)
        vectors = {kind.get(first), kind.get(n + 1)} <= {"NAME", "LPAR"}
        if (
            not vectors
            or kind.get(last + 1, "PLUS") not in NO_FACTOR
            or kind.get(first - 1) in ("TRANSPOSE", "CARET", "FUNC")
        ):
            hint = "write dot(w, x) for two vectors, and sum(j, W_kj x_j) for a matrix"
            raise fail("a transpose is read only between two vectors", tokens[n].start, hint)
        start, stop = tokens[first].start, tokens[last].stop
        out[first] = [Token("FUNC", start, start, Call("dot")), Token("LPAR", start, start), *out[first]]
        out[n] = [replace(tokens[n], kind="_COMMA")]
        out[last] = [*out[last], Token("RPAR", stop, stop)]
    return paired([token for group in out.values() for token in group], fail)


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
    r"""\frac{d}{dx} and \frac{\partial^2 L}{\partial x \partial y}."""
    top = n + 1
    below = partner.get(top, -2) + 1
    if below not in partner or not _is_d(tokens[top + 1]):
        return
    if tokens[below + 1].kind == "LPAR" and _is_d(tokens[below + 2]):  # (dx)^2
        raise fail(
            "this derivative is not read", tokens[n].start, r"write \frac{d^2}{dx^2}(..), without brackets below"
        )
    if not _is_d(tokens[below + 1]):
        return
    end = partner[below]
    order, start = _order(tokens, top + 2, partner, fail)
    by, at = [], below + 1
    while at < end and _is_d(tokens[at]) and tokens[at + 1].kind == "NAME":
        times, after = _order(tokens, at + 2, partner, fail)
        by += [tokens[at + 1].value] * times
        at = after
    if at == end:
        refuse_orders(order, len(by), tokens[n].start, fail)
    else:
        raise fail("this derivative is not read", tokens[n].start, r"write \frac{d}{dx}(..) or \frac{d^2}{dx^2}(..)")
    exchange[n] = [Token("DERIV", tokens[n].start, tokens[end].stop, name) for name in by]
    inner = tokens[start : below - 1]
    if inner:
        first, last = inner[0].start, inner[-1].stop
        exchange[n] += [Token("LPAR", first, first), *inner, Token("RPAR", last, last)]
    drop |= set(range(n + 1, end + 1))


def _order(tokens: list[Token], at: int, partner: dict[int, int], fail: Fail) -> tuple[int, int]:
    """How often, as the exponent at this place says, and where it ends: 2 after ^2, 1 when there is none."""
    if tokens[at].kind != "CARET":
        return 1, at
    stop = partner.get(at + 1, at + 1) + 1
    inner = tokens[at + 2 : stop - 1] if at + 1 in partner else tokens[at + 1 : stop]
    written = inner[0].value if len(inner) == 1 else None
    return order_of(written if inner and inner[0].kind == "NUMBER" else None, tokens[at].start, fail), stop


def order_of(written: object, at: int, fail: Fail) -> int:
    """The order of a derivative: a whole number, read exactly, or refused."""
    if not (isinstance(written, str) and written.isdecimal() and written.isascii()):
        raise fail(
            "the order of a derivative is a whole number here", at, "write d^2/dx^2 (..), with the number itself"
        )
    if len(written) > 9 or not 1 <= int(written) <= HIGHEST_ORDER:
        hint = (
            "write d/dx (..) once"
            if not written.strip("0")
            else f"ask for at most {HIGHEST_ORDER}, and go on from there"
        )
        raise fail(f"a derivative of order {written[:20]}; the orders are 1 to {HIGHEST_ORDER}", at, hint)
    return int(written)


def refuse_orders(above: int, below: int, at: int, fail: Fail) -> None:
    """d^2/dx^3 says two things."""
    if above != below:
        hint = "write d/dx (..), d^2/dx^2 (..) or ∂^3/∂x^2∂y (..)"
        raise fail(f"how often this is differentiated is unclear: {above} above, {below} below", at, hint)
