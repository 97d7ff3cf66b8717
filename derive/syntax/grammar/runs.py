"""Names once the whole formula is known: runs of letters, words before an argument, letters before a bracket.

What a run of letters means is said in names.py; here it is asked of every name, and carried out.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from difflib import get_close_matches

from derive.syntax.grammar.names import Name, Vocabulary, run_of_letters
from derive.syntax.grammar.structure import Fail
from derive.syntax.grammar.tokens import INSTEAD, Token
from derive.syntax.grammar.words import ABSTRACT, FOREIGN, GREEK_NAMES, MEANT, UNCLEAR_CALLS, WORDS, nearest

DIGITS = "0123456789"
# what stands right after a function without brackets
ARGUMENTS = frozenset((
    "NAME", "NUMBER", "FUNC", "ABSTRACT", "ROOT", "FRAC", "SQRT", "BAR", "LBAR", "NORMBAR", "LFLOOR", "LCEIL", "BEGIN",
))  # fmt: skip
# letters for constants: before a bracket they are factors
CONSTANTS = frozenset("abcdeijklmnoABCDEKM")
SMALL_FACTORS = frozenset("abcdefghijklmnopqrstuvwxz")  # before a sum in brackets; y is hardly one


def _letters(name: Name) -> str:
    return name.base.rstrip(DIGITS)


def variables_of(tokens: Sequence[Token], words: Vocabulary) -> tuple[str, ...]:
    """The letters of the variables: those of the question, and of every d/dx."""
    derived = [t.value.base for t in tokens if t.kind in ("DERIV", "DX") and isinstance(t.value, Name)]
    found = (name.rstrip(DIGITS) for name in (words.variable, *words.variables, *derived))
    return tuple(dict.fromkeys(name for name in found if name))


def _singles(tokens: Sequence[Token], words: Vocabulary, variables: Sequence[str]) -> frozenset[str]:
    """The letters that are names of their own; both letters of ax are."""
    found = {name.partition("_")[0].rstrip(DIGITS) for name in (*words.around, *words.context.shapes)}
    for name in (token.value for token in tokens if token.kind == "NAME" and isinstance(token.value, Name)):
        letters = _letters(name)
        if len(letters) == 1:
            found.add(letters)
        elif len(letters) == 2 and run_of_letters(letters, variables).kind == "product":
            found |= set(letters)
    return frozenset(found) | set(variables)


def with_runs(tokens: list[Token], words: Vocabulary, spaced: bool, fail: Fail) -> list[Token]:
    """Every name taken for what it is: a product as its letters, the rest as it stands, or refused.

    spaced: whether spaces say something, as in plain text.
    """
    variables = variables_of(tokens, words)
    singles = _singles(tokens, words, variables)
    out: list[Token] = []
    words_before: list[tuple[Name, Token | None]] = []
    for n, token in enumerate(tokens):
        name, after = token.value, tokens[n + 1] if n + 1 < len(tokens) else None
        if token.kind != "NAME" or not isinstance(name, Name) or _known(name, words):
            out.append(token)
            continue
        called = after is not None and after.kind == "LPAR"
        if called and name.base in UNCLEAR_CALLS:
            raise fail(f"{name.base} before a bracket is unclear", name.start, UNCLEAR_CALLS[name.base])
        letters = _letters(name)
        reading = run_of_letters(letters, variables, singles)
        if name.whole and len(letters) == 2 and letters not in GREEK_NAMES:
            hint = f"write {letters[0]} {letters[1]} for a product"
            raise fail(f"{letters} is not a name: names have one letter, or three and more", name.start, hint)
        if called and len(letters) > 1 and letters not in GREEK_NAMES:
            product = reading.kind == "product" and not name.whole
            if not product or not (set(letters) & singles if len(letters) == 2 else set(letters) <= singles | {"e"}):
                raise fail(f"there is no function {name.base[:30]}", name.start, _instead(letters))
        if reading.kind == "refused" and not (name.whole and letters.lower() not in WORDS):
            raise fail(reading.why.replace(letters, name.base, 1), name.start, reading.hint)
        if reading.kind != "product" or name.whole:
            words_before.append((name, after))
            out.append(token)
            continue
        if n and tokens[n - 1].kind == "CARET" and spaced:
            apart = " ".join(letters)
            hint = f"write ^({apart}) or ^{letters[0]} {' '.join(letters[1:])}"
            raise fail(f"^{letters[:30]} is unclear", tokens[n - 1].start, hint)
        out += _apart(token, name)
    for name, after in words_before:
        _refuse_word(name, after, variables, fail)
    return out


def _known(name: Name, words: Vocabulary) -> bool:
    return words.given(name) or name.base in words.around or name.base in words.variables or not name.base.isalnum()


def _apart(token: Token, name: Name) -> list[Token]:
    """The letters of a product; what stands below, and a number, belong to the last."""
    count = len(_letters(name))
    *before, last = (replace(name, base=c, below=(), start=name.start + k, stop=name.start + k + 1, bracketed=False)
                     for k, c in enumerate(name.base[:count]))  # fmt: skip
    last = replace(name, base=name.base[count - 1 :], start=last.start)
    return [replace(token, start=one.start, stop=one.stop, value=one) for one in (*before, last)]


def _refuse_word(name: Name, after: Token | None, variables: Sequence[str], fail: Fail) -> None:
    """arsh x is no product of a name and x: a word of which nothing is known, before an argument."""
    letters = _letters(name)
    if len(letters) < 2 or letters in GREEK_NAMES or letters in variables or after is None:
        return
    if after.kind in ARGUMENTS:
        meant = _meant(letters)
        hint = f"write {name.text} * .. for a product"
        message = f"{name.text[:30]} before an argument is unclear: there is no function {letters[:30]}"
        raise fail(message, name.start, f"did you mean {meant}? {hint}" if meant else hint)


def _meant(word: str) -> str:
    lowered = word.lower()
    near = get_close_matches(lowered[:30], [*WORDS, *MEANT], n=1, cutoff=0.76)
    return MEANT.get(near[0], near[0]) if near else ""


def _instead(word: str) -> str:
    if word in FOREIGN:
        return f"write {FOREIGN[word]}"
    meant = MEANT.get(word.lower())
    return (
        INSTEAD.get(word)
        or (f"did you mean {meant}?" if meant else nearest(word, WORDS))
        or "a factor before a bracket is written with *"
    )


def with_letters(
    tokens: list[Token], partner: Mapping[int, int], words: Vocabulary, text: str, spaced: bool, fail: Fail
) -> list[Token]:
    """Letters right before a bracket: y(x) is a function, a(x + 1) a product, y(2x) is unclear."""
    variables = variables_of(tokens, words)
    places = [n for n in range(len(tokens)) if _before_bracket(n, tokens, partner)]
    bare = _bare(tokens, places, words)
    decisions = {n: _decided(n, tokens, partner, words, variables, bare) for n in places}
    called = {value.text for n in places if decisions[n] == "function" and isinstance(value := tokens[n].value, Name)}
    out = list(tokens)
    for n in places:
        token, name = tokens[n], tokens[n].value
        assert isinstance(name, Name)
        opening = _opening(n, tokens, partner)
        touching = not spaced or tokens[opening - 1].stop == tokens[opening].start
        own = name.base in ABSTRACT and not name.below
        decided = "function" if name.text in called else decisions[n]
        shown = text[tokens[opening].start : tokens[partner[opening]].stop]
        if decided == "factor" or (decided == "unclear" and not touching):
            continue
        if opening != n + 1:  # y^2(x)
            if own or decided in ("function", "unclear"):
                written = text[token.start : tokens[opening].start]
                hint = f"write ({_written(text, token)}{shown})^.. for a function, {written} * {shown} for a product"
                raise fail(f"{written}{shown[:30]} is unclear", token.start, hint)
            continue
        if decided == "function" and (touching or own):
            out[n] = replace(token, kind="ABSTRACT", value=name.text)
        elif decided == "function" or touching:
            raise fail(f"{_written(text, token)}{shown[:40]} is unclear", token.start, _both(token, name, shown, text))
    return out


def _written(text: str, token: Token) -> str:
    return text[token.start : token.stop]


def _both(token: Token, name: Name, shown: str, text: str) -> str:
    shown = shown.replace("\\right", "")
    inner = shown[1:-1].strip()
    inner = inner if len(inner) == 1 or inner.isdecimal() else shown
    other = "F" if name.base.isupper() else "f"
    return f"write {_written(text, token)} * {inner} for a product, {other}{shown} for a function"


def _opening(n: int, tokens: Sequence[Token], partner: Mapping[int, int]) -> int:
    """Where the bracket opens that follows a letter, or a letter with an exponent; 0 if there is none."""
    at = n + 1
    if at + 1 < len(tokens) and tokens[at].kind == "CARET" and tokens[at + 1].kind in ("NUMBER", "LBRACE"):
        at = partner.get(at + 1, at + 1) + 1
    return at if at < len(tokens) and tokens[at].kind == "LPAR" and at in partner else 0


def _before_bracket(n: int, tokens: Sequence[Token], partner: Mapping[int, int]) -> bool:
    name = tokens[n].value
    if tokens[n].kind != "NAME" or not isinstance(name, Name) or name.text == "d" or not _opening(n, tokens, partner):
        return False
    return len(_letters(name)) == 1 or _letters(name) in GREEK_NAMES


def _bare(tokens: Sequence[Token], places: Sequence[int], words: Vocabulary) -> frozenset[str]:
    """The names that stand as values of their own, not before a bracket."""
    alone = {t.value.text for n, t in enumerate(tokens)
             if t.kind == "NAME" and isinstance(t.value, Name) and n not in places}  # fmt: skip
    return frozenset(alone) | set(words.around) | set(words.variables)


def _decided(
    n: int,
    tokens: Sequence[Token],
    partner: Mapping[int, int],
    words: Vocabulary,
    variables: Sequence[str],
    bare: frozenset[str],
) -> str:
    """function, factor, lone (a product that nobody writes so) or unclear."""
    name, opening = tokens[n].value, _opening(n, tokens, partner)
    assert isinstance(name, Name)
    own = name.base in ABSTRACT and not name.below
    inside = tokens[opening + 1 : partner[opening]]
    if words.given(name) or (not own and name.base in variables):
        return "factor"
    if own:
        return "function"
    if name.below and not name.numeric:
        return "factor"
    kinds = [token.kind for token in _top_level(inside)]
    held = {_letters(t.value) for t in inside if isinstance(t.value, Name)}
    holds = bool(held & set(variables)) if variables else bool(held)
    if "_COMMA" in kinds:
        return "function" if not {"REL", "_IF"} & set(kinds) else "factor"
    if kinds == ["NAME"] and name.text not in ("e", "pi"):
        return "function" if holds and name.text not in bare else "lone"
    if kinds in (["NAME"], ["NUMBER"]):
        return "lone"
    if name.base in ABSTRACT:  # f_1(2x)
        return "unclear"
    if not holds or name.text in bare or (name.base[0] in CONSTANTS or name.base in GREEK_NAMES):
        return "factor"
    is_sum = bool({"PLUS", "MINUS"} & set(kinds[1:]))
    if is_sum and (kinds[0] == "NUMBER" or (name.base[0] in SMALL_FACTORS and not name.base[0].isupper())):
        return "factor"
    return "unclear" if variables else "factor"


def _top_level(tokens: Sequence[Token]) -> list[Token]:
    """The tokens that are in no further brackets."""
    depth, out = 0, []
    for token in tokens:
        closes = token.kind in ("RPAR", "RSQ", "RBRACE", "RBAR", "RNORM", "RFLOOR", "RCEIL", "END", "RPIECES", "RANGLE")
        depth -= closes
        if depth == 0:
            out.append(token)
        depth += token.kind in (
            "LPAR",
            "LSQ",
            "LBRACE",
            "LBAR",
            "LNORM",
            "LFLOOR",
            "LCEIL",
            "BEGIN",
            "LPIECES",
            "LANGLE",
        )
    return out
