"""Whether a term says anything: every name used for one thing, every index an entry that there is."""

from __future__ import annotations

from collections.abc import Mapping, Set
from fractions import Fraction
from typing import TYPE_CHECKING

from derive.core.functions import CONSTANTS, FUNCTIONS
from derive.core.term import Term, free, is_size, nodes

if TYPE_CHECKING:
    from derive.core.context import Context


def base(x: Term) -> str:
    """The family or variable with respect to which is differentiated."""
    return str((x.args or (x,))[0].value)


def evidently_sound(t: Term, context: Context) -> bool:
    """Whether `unsound` finds nothing in t, because t has nothing in it but numbers, known functions and derivatives.

    The lines of a proof share most of their parts; what is known about those is not looked at again.
    """
    return _is_plain(t) and free(t).isdisjoint(context.no_numbers)


def _is_plain(t: Term) -> bool:
    if t._plain is None:  # worked out once
        match t.op:
            case "sym":
                plain = str(t.value).isidentifier()
            case "fn":
                known = FUNCTIONS.get(str(t.value))
                plain = known is not None and known.arity == len(t.args)
            case "d":
                plain = t.args[1].op == "sym" and t.args[1].value not in CONSTANTS
            case op:
                plain = op in ("num", "neg", "add", "mul", "div", "pow", "cases")
        object.__setattr__(t, "_plain", plain and all(map(_is_plain, t.args)))
    return bool(t._plain)


def unsound(t: Term, context: Context, ranges: Mapping[str, Term] | None = None) -> str | None:
    """Why nothing may be proved about a term: it means nothing, or uses a letter for two things.

    ranges: over what its free index letters run; those of the context if it is not given.
    """
    known = {**context.indices, **context.fixed} if ranges is None else ranges
    return unreadable(t, context) or _no_number(t, context, known)


def unreadable(t: Term, context: Context) -> str | None:
    """Why a term says nothing, right or wrong: it has a hole, or uses a name for two things."""
    bound: set[str] = set()
    sizes: set[str] = set()
    heads: set[str] = set()  # families and variables of differentiation
    places: set[str] = set()  # index letters
    for here in nodes(t):
        if here.op in ("slot", "put"):
            return f"{t} has a hole"
        if here.op == "sym" and not str(here.value).isidentifier():
            return f"{here} is the mark of a recorded condition"
        if here.op == "sum":
            bound.add(str(here.args[0].value))
            sizes |= free(here.args[1])
        if here.op in ("elem", "delta"):
            letters = here.args[1:] if here.op == "elem" else here.args
            if any(a.op not in ("sym", "num") for a in letters):
                return f"{here} has an index that is neither a letter nor a number"
            places |= {str(a.value) for a in letters if a.op == "sym"}
        if here.op in ("elem", "d"):
            heads.add(str(here.args[0].value) if here.op == "elem" else base(here.args[1]))
    if (heads | bound | sizes | places) & set(CONSTANTS):
        return f"{min((heads | bound | sizes | places) & set(CONSTANTS))} is a number"
    if strangers := sizes - context.size_names:
        return f"{min(strangers)} is not a size"
    clash = sorted(bound & (sizes | heads | context.reserved)) + sorted(heads & (context.letters | sizes))
    clash += sorted(places & (heads | context.families))
    if clash:
        return f"{clash[0]} names a place or a size, and something else too"
    return _odd_function(t, context, bound | free(t))


def _odd_function(t: Term, context: Context, names: Set[str]) -> str | None:
    """Why a function of t is none: its name is taken, or it does not take so many arguments."""
    arguments: dict[str, int] = {}
    for here in nodes(t):
        if here.op != "fn":
            continue
        plain, prime, order = str(here.value).partition("'")
        if plain in FUNCTIONS:
            if prime:
                return f"{here.value} is not the name of the derivative of {plain}"
        elif plain in names or plain in context.families or plain in context.letters or plain in CONSTANTS:
            return f"{plain} is a function, and something else too"
        if not _fits(here, order if order.isdecimal() else "") or arguments.setdefault(plain, len(here.args)) != len(
            here.args
        ):
            return f"{here.value} does not take {len(here.args)} arguments"
    return None


def _fits(t: Term, numbers: str) -> bool:
    """Whether a function has as many arguments as it takes; a derivative by number belongs to several arguments."""
    known = FUNCTIONS.get(str(t.value))
    if known is not None:
        return known.arity == len(t.args)
    if "'" not in str(t.value):
        return True
    return len(t.args) == 1 if not numbers else len(t.args) > 1 and all(1 <= int(n) <= len(t.args) for n in numbers)


def _no_number(t: Term, context: Context, ranges: Mapping[str, Term]) -> str | None:
    """Why a part of t has no value: a family where a number should stand, or an entry that there is not."""
    waiting = [(t, ranges)]
    while waiting:
        here, known = waiting.pop()
        if here.op == "sum":
            waiting.append((here.args[2], {**known, str(here.args[0].value): here.args[1]}))
        elif here.op in ("sym", "elem"):
            shape, indices = context.shapes.get(base(here), ()), here.args[1:]
            if len(indices) != len(shape):
                return f"{here} has {len(indices)} indices, and {base(here)} has {len(shape)}"
            for index, size in zip(indices, shape, strict=True):
                if not _may_be_entry(index, size, known.get(str(index.value))):
                    return f"{here}: the index {index} is no entry of what ranges from 1 to {size}"
        elif here.op == "delta":
            for index in here.args:
                if not is_entry(index, index, None) if index.op == "num" else str(index.value) not in known:
                    return f"{here}: the index {index} ranges over nothing"
        else:
            waiting.extend((a, known) for a in here.args)
    return None


def _may_be_entry(index: Term, size: Term, runs: Term | None) -> bool:
    """As is_entry, but for a number below a size that is a name: there is such an entry for some sizes."""
    return is_entry(index, size, runs) or (index.op == "num" and size.op == "sym" and is_size(index))


def is_entry(index: Term, size: Term, runs: Term | None) -> bool:
    """Whether an index that runs from 1 to `runs`, or a number, is one of the entries from 1 to size.

    Of a size that is a name it is only known that it is at least 1.
    """
    if index.op != "num":
        return runs == size
    return is_size(index) and Fraction(index.value or 0) <= (Fraction(size.value or 0) if size.op == "num" else 1)
