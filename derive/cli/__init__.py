"""The command line. Results go to stdout, everything else to stderr; heavy imports wait until they are needed."""

from __future__ import annotations

import argparse
import gc
import re
import sys
from collections.abc import Sequence

from derive.budget import OverBudget, budget_of
from derive.cli.options import parser
from derive.cli.streams import unheard
from derive.errors import ERROR, PROVEN, USAGE

_OPTION = re.compile(r"-|--|--[a-z][a-z-]+(=.*)?|-h|-o([\w./~\\-]+)?", re.DOTALL)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; the exit code is 0 proven, 1 error, 2 usage, 3 refuted, 4 undecided, 5 tool missing."""
    gc.set_threshold(50_000)  # terms are many, and none of them is part of a cycle
    with unheard():
        code = _run(sys.argv[1:] if arguments is None else arguments)
        try:
            sys.stdout.flush()
        except OSError as error:
            return code or _failed(_told(error), ERROR)
        return code


def _run(words: Sequence[str]) -> int:
    try:
        options = _parsed(_spoken(words))
        if not hasattr(options, "command"):
            parser().print_help()
            return PROVEN
        from derive.cli.commands import COMMANDS

        with budget_of(getattr(options, "budget", "1")):
            return COMMANDS[options.command](options)
    except SystemExit as stop:  # argparse has printed its message
        return int(stop.code or 0)
    except KeyboardInterrupt:
        return _failed("stopped", ERROR)
    except RecursionError:
        return _failed(str(OverBudget("depth", what="this is nested too deeply")), USAGE)
    except Exception as error:
        return _failed(_told(error), getattr(error, "exit_code", ERROR))


def _parsed(words: Sequence[str]) -> argparse.Namespace:
    """The options; lines that stand behind one of them are lines too."""
    whole = parser()
    options, rest = whole.parse_known_args(words)
    if rest and (not hasattr(options, "lines") or any(word.startswith("-") for word in rest)):
        whole.error(f"unrecognized arguments: {' '.join(rest)}")
    if rest:
        options.lines += rest
    return options


def _failed(why: str, code: int) -> int:
    print(f"derive: {why}", file=sys.stderr)
    return code


def _spoken(words: Sequence[str]) -> list[str]:
    """A formula that begins with a minus sign is not an option: a space tells it apart."""
    return [f" {word}" if word[:1] == "-" and not _OPTION.fullmatch(word) else word for word in words]


def _told(error: Exception) -> str:
    """What went wrong, in a line without control characters; a formula with a caret below the place.

    Of a network everything that is wrong, in a line each.
    """
    if isinstance(error, OSError):
        place = f"{error.filename}: " if error.filename else ""
        return f"{place}{error.strerror or error}"
    several = hasattr(error, "problems")
    lines = str(error).split("\n") if several or hasattr(error, "pointed") else [" ".join(str(error).split())]
    shown = ("\nderive: " if several else "\n").join(
        "".join(c if c.isprintable() else "?" for c in line) for line in lines
    )
    return shown or type(error).__name__
