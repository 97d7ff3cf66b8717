"""Which bars open and which close: |x| |y| and ||x| - 1| can be read in one way only, |x|y|z| in two."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from derive.syntax.grammar.structure import CLOSING, ENDS, OPENING, Fail
from derive.syntax.grammar.tokens import Token

MOST = 60  # bars next to each other in the same brackets
NO_START = frozenset((
    "PLUS", "TIMES", "DIV", "CARET", "PRIME", "SUBSCRIPT", "BANG", "_COMMA", "REL", "_EQ", "_IF", "_AND", "OTHERWISE",
    "_AMP", "_NEWROW", *OPENING,
))  # fmt: skip
Choice = tuple[str, ...]  # "LBAR" or "RBAR" for each bar
Found = list[tuple[str, "Found | None"]]


def with_sides(tokens: list[Token], text: str, spaced: bool, fail: Fail) -> list[Token]:
    """The tokens with every bar as an opening or a closing one; those that cannot be paired stay.

    spaced: whether spaces say something, as in |x |y| z|. Raises what fail makes where there are two ways.
    """
    out = list(tokens)
    for group in _groups(tokens):
        if len(group) > MOST:
            raise fail(f"more than {MOST} bars", tokens[group[0]].start, "write abs(..)")
        choices = _choices([_Bar.of(tokens, n, spaced) for n in group])
        if len(choices) > 1:
            here = next(n for n, *sides in zip(group, *choices, strict=True) if sides[0] != sides[1])
            readings = [_with_abs(text, [tokens[n] for n in group], choice) for choice in choices]
            hint = f"write {readings[0]} or {readings[1]}" if spaced else r"write \left| and \right|"
            raise fail("these bars can be paired in two ways", tokens[here].start, hint)
        for n, kind in zip(group, choices[0], strict=True) if choices else ():
            out[n] = replace(tokens[n], kind=kind)
    return out


def _groups(tokens: Sequence[Token]) -> list[list[int]]:
    """The places of the bars, those in the same brackets together."""
    done: list[list[int]] = []
    around: list[list[int]] = [[]]
    for n, token in enumerate(tokens):
        if token.kind == "BAR":
            around[-1].append(n)
        elif token.kind in CLOSING:
            around.append([])
        elif token.kind in OPENING and len(around) > 1:
            done.append(around.pop())
    return [group for group in (*done, *around) if group]


@dataclass(frozen=True, slots=True)
class _Bar:
    """What stands around a bar: something that has ended, something that can begin, a bar that touches it."""

    after_end: bool
    after_bar: bool
    before_start: bool
    before_bar: bool
    before_minus: bool
    space: str  # the side that spaces speak for, or nothing

    @staticmethod
    def of(tokens: Sequence[Token], n: int, spaced: bool) -> _Bar:
        here = tokens[n]
        left = tokens[n - 1] if n else None
        right = tokens[n + 1] if n + 1 < len(tokens) else None
        gaps = (left is not None and left.stop < here.start, right is not None and here.stop < right.start)
        return _Bar(
            left is not None and left.kind in ENDS,
            left is not None and left.kind == "BAR",
            right is not None and right.kind not in NO_START,
            right is not None and right.kind == "BAR",
            right is not None and right.kind == "MINUS",
            {(True, False): "LBAR", (False, True): "RBAR"}.get(gaps, "") if spaced else "",
        )

    def can_be(self, kind: str, before: str, lenient: bool) -> bool:
        """Whether it opens or closes, where the bar before it is of the kind before.

        After something that has ended, nobody opens a bar before a minus sign, or against the spaces.
        """
        ended = before == "RBAR" if self.after_bar else self.after_end
        if ended and self.before_start and not lenient and self.space not in ("", kind):
            return False
        if kind == "RBAR":
            return ended
        return self.before_start and (lenient or not (ended and self.before_minus))


def _choices(bars: Sequence[_Bar]) -> list[Choice]:
    """At most two ways to pair them all; if there is none, less is demanded."""
    for lenient in (False, True):
        found = list(_paired(bars, lenient))
        if found:
            return found
    return []


def _paired(bars: Sequence[_Bar], lenient: bool) -> Iterator[Choice]:
    # from the last bar to the first: what may follow, for each number of open bars and kind of the bar before
    after: dict[tuple[int, str], Found] = {(0, kind): [("", None)] for kind in ("", "LBAR", "RBAR")}
    for n in reversed(range(len(bars))):
        here: dict[tuple[int, str], Found] = {}
        for depth in range(n + 1):
            for before in ("LBAR", "RBAR") if n else ("",):
                ways: Found = []
                for kind, then in (("RBAR", depth - 1), ("LBAR", depth + 1)):
                    if then >= 0 and bars[n].can_be(kind, before, lenient):
                        ways += [(kind, [rest]) for rest in after.get((then, kind), [])]
                if ways:
                    here[depth, before] = ways[:2]
        after = here
    for way in after.get((0, ""), []):
        choice: list[str] = []
        kind, rest = way
        while rest is not None:
            choice.append(kind)
            kind, rest = rest[0]
        yield tuple(choice)


def _with_abs(text: str, bars: Sequence[Token], choice: Choice) -> str:
    for bar, kind in reversed(list(zip(bars, choice, strict=True))):
        text = text[: bar.start] + ("abs(" if kind == "LBAR" else ")") + text[bar.stop :]
    return re.sub(r"(?<=[\w)])(?=abs\()|(?<=\))(?=\w)", " ", text)
