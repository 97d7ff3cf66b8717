"""The command line. Results go to stdout, everything else to stderr; heavy imports wait until they are needed."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Sequence
from io import TextIOWrapper
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

from derive.errors import ERROR, PROVEN, REFUTED, UNDECIDED, USAGE, Corrupted, UsageError

if TYPE_CHECKING:
    from derive.derivation import Problem
    from derive.witness.verdict import Verdict

FORMATS = ("text", "markdown", "latex", "latex-fragment", "typst", "json")
ENGINES = ("typst", "latex")
SUFFIXES = {".txt": "text", ".md": "markdown", ".tex": "latex", ".typ": "typst", ".json": "json", ".pdf": "pdf"}
DESCRIPTION = "Step-by-step derivative proofs for deep learning, checked line by line."
EXAMPLES = """examples:
  derive list
  derive prove softmax-cross-entropy --wrt b
  derive prove softmax-cross-entropy --wrt b --classes setosa,versicolor,virginica --target setosa --lang pt
  derive prove softmax-cross-entropy --wrt W --road logits --detail full -o weights.md
  derive prove softmax-cross-entropy --wrt b --format json -o proof.json
  derive verify proof.json
  derive lecture softmax-cross-entropy --lang pt -o lecture.pdf
  derive gradient softmax-cross-entropy -o grad.py

exit codes: 0 proven, 1 other error, 2 usage, 3 refuted, 4 undecided, 5 an external tool is missing
"""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; the exit code is 0 proven, 1 error, 2 usage, 3 refuted, 4 undecided, 5 tool missing."""
    for stream in (sys.stdout, sys.stderr):  # a formula is Unicode, whatever the terminal's language
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="replace")
    try:
        options = _parser().parse_args(arguments)
        if not hasattr(options, "run"):
            _parser().print_help()
            return PROVEN
        code = int(options.run(options))
        sys.stdout.flush()
        return code
    except SystemExit as stop:  # argparse has printed its message
        return int(stop.code or 0)
    except BrokenPipeError:  # the reader has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return PROVEN
    except KeyboardInterrupt:
        return _failed("stopped", ERROR)
    except Exception as error:
        return _failed(_one_line(error), getattr(error, "exit_code", ERROR))


def _failed(why: str, code: int) -> int:
    print(f"derive: {why}", file=sys.stderr)
    return code


def _one_line(error: Exception) -> str:
    """What went wrong, in one line without control characters."""
    if isinstance(error, OSError):
        place = f"{error.filename}: " if error.filename else ""
        return f"{place}{error.strerror or error}"
    text = " ".join(str(error).split()) or type(error).__name__
    return "".join(c if c.isprintable() else "?" for c in text)


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        self.exit(USAGE, f'derive: {message} (see "{self.prog} --help")\n')


def _parser() -> argparse.ArgumentParser:
    from derive import __version__

    parser = _Parser(
        "derive", description=DESCRIPTION, epilog=EXAMPLES, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--version", action="version", version=f"derive {__version__}")
    commands = parser.add_subparsers(title="commands", metavar="COMMAND")
    add = _adder(commands)

    command = add("list", _list, "the problems and lectures there are")
    _language(command)

    command = add("prove", _prove, "prove a gradient and tell the proof")
    _problem(command)
    command.add_argument("--wrt", default="b", metavar="VAR", help="by what: b, W, h, z, or one entry such as b_3")
    command.add_argument("--inputs", type=int, metavar="N", help="how many inputs (default: 2 with --classes, else H)")
    command.add_argument("--road", default="jacobian", metavar="ROAD", help="jacobian (default) or logits")
    _telling(command)
    command.add_argument(
        "--without", action="append", metavar="NAME", help="judge the claim without this assumption: targets-sum-to-one"
    )
    command.add_argument(
        "--format", metavar="FORMAT", help=f"{', '.join(FORMATS)} (default: by FILE's ending, or text)"
    )
    command.add_argument("-o", "--output", type=Path, metavar="FILE", help="write FILE instead of stdout")
    _width(command)

    command = add("lecture", _lecture, "write a whole lecture")
    _problem(command)
    _telling(command)
    command.add_argument(
        "-o", "--output", type=Path, required=True, metavar="FILE", help=".pdf, .tex, .typ, .md or .txt"
    )

    command = add("gradient", _gradient, "write the proved gradient as a Python module that needs NumPy only")
    command.add_argument("problem", metavar="PROBLEM")
    command.add_argument("-o", "--output", type=Path, metavar="FILE", help="write FILE instead of stdout")

    command = add("rules", _rules, "every rule a proof may cite")
    _language(command)
    _width(command)

    command = add("verify", _verify, "check a proof.json again, from the file alone")
    command.add_argument("file", type=Path, metavar="FILE")

    command = add("build", _build, "write the gallery of examples")
    command.add_argument("-o", "--output", type=Path, default=Path("output"), metavar="FOLDER", help="default: output")
    return parser


def _adder(commands: Any) -> Callable[..., argparse.ArgumentParser]:
    def add(name: str, run: Callable[[argparse.Namespace], int], says: str) -> argparse.ArgumentParser:
        parser: argparse.ArgumentParser = commands.add_parser(
            name, help=says, description=f"{says[0].upper()}{says[1:]}."
        )
        parser.set_defaults(run=run)
        return parser

    return add


def _language(command: argparse.ArgumentParser) -> None:
    command.add_argument("--lang", default="en", metavar="LANG", help="en (default) or pt")


def _width(command: argparse.ArgumentParser) -> None:
    command.add_argument("--width", type=int, metavar="N", help="columns of text output (default: the terminal's)")


def _problem(command: argparse.ArgumentParser) -> None:
    command.add_argument("problem", metavar="PROBLEM", help='a name that "derive list" shows')
    command.add_argument("--classes", metavar="NAMES", help="names with commas between them, or how many")
    command.add_argument(
        "--target", metavar="CLASS", help='the true class: a name or a number from 1; without --classes "r", for any'
    )


def _telling(command: argparse.ArgumentParser) -> None:
    _language(command)
    command.add_argument("--detail", default="lecture", metavar="DETAIL", help="brief, lecture (default) or full")
    command.add_argument(
        "--engine", default="typst", choices=ENGINES, metavar="ENGINE", help="for .pdf: typst (default) or latex"
    )
    command.add_argument("--no-sympy", action="store_true", help="leave out the SymPy witness (faster)")


def _class_option(text: str | None) -> list[str] | int | None:
    if text is None:
        return None
    return int(text) if text.isdecimal() and len(text) < 6 else [name.strip() for name in text.split(",")]


def _witnesses(options: argparse.Namespace) -> tuple[str, ...]:
    return ("kernel", "balls") if options.no_sympy else ("kernel", "balls", "sympy")


def _list(options: argparse.Namespace) -> int:
    from derive.document.language import load_language
    from derive.problems import SUMMARIES

    load_language(options.lang)
    width = max(map(len, SUMMARIES))
    for name, summary in SUMMARIES.items():
        print(f"{name:<{width}}  {summary[options.lang]}")
    return PROVEN


def _prove(options: argparse.Namespace) -> int:
    from derive.derivation import problem, prove

    format = _format(options)
    chain = problem(options.problem, _class_option(options.classes), options.target, options.inputs)
    if options.without:
        return _judge(chain, options, format)
    derivation = prove(chain, options.wrt, options.road, _witnesses(options))
    if options.output is not None and format in ("pdf", "markdown"):
        derivation.save(options.output, options.lang, options.detail, options.engine)
        _say(f"wrote {options.output}")
    elif options.output is None and format == "text":
        _print_text(derivation.document(options.detail), options)
    else:
        _deliver(derivation.to(format, options.lang, options.detail), options.output)
    return _verdict_code(derivation.verdicts)


def _judge(chain: Problem, options: argparse.Namespace, format: str) -> int:
    """The same claim without an assumption: what do the witnesses say?"""
    from derive.render import render

    if format in ("json", "pdf"):
        raise UsageError(f"a claim without its assumption has no proof, so there is no {format} of it")
    judgement = chain.judge(options.wrt, without=options.without)
    if options.output is None and format == "text":
        _print_text(judgement.document(), options)
    else:
        _deliver(render(judgement.document(), format, options.lang), options.output)
    return _verdict_code(judgement.verdicts)


def _format(options: argparse.Namespace) -> str:
    """The format that was asked for, or that the file's ending names."""
    if options.format is not None and options.format not in FORMATS:
        raise UsageError(f'there is no format "{options.format}"; choose {", ".join(FORMATS)}')
    if options.output is None:
        return str(options.format or "text")
    named = SUFFIXES.get(options.output.suffix.lower())
    if options.format is not None:
        if named is not None and named != options.format.removesuffix("-fragment"):
            raise UsageError(f"{options.output.name} is the name of a {named} file, but --format says {options.format}")
        return str(options.format)
    if options.output.suffix.lower() not in SUFFIXES:
        raise UsageError(f"{options.output.name}: the ending names no format; use {', '.join(SUFFIXES)} or --format")
    return SUFFIXES[options.output.suffix.lower()]


def _print_text(document: Any, options: argparse.Namespace) -> None:
    from shutil import get_terminal_size

    from derive.render import render

    colour = sys.stdout.isatty() and "NO_COLOR" not in os.environ and os.environ.get("TERM") != "dumb"
    width = options.width or min(get_terminal_size((100, 24)).columns, 120)
    sys.stdout.write(render(document, "text", options.lang, width=width, colour=colour))


def _deliver(text: str, output: Path | None) -> None:
    if output is None:
        sys.stdout.write(text)
        return
    from derive.render.save import write

    write(output, text.encode())
    _say(f"wrote {output}")


def _say(what: str) -> None:
    print(what, file=sys.stderr)


def _verdict_code(verdicts: Sequence[Verdict]) -> int:
    return _status_code({verdict.status for verdict in verdicts})


def _status_code(statuses: set[str]) -> int:
    """Refuted outweighs undecided; nothing is proven that nobody looked at."""
    if "refuted" in statuses:
        return REFUTED
    return PROVEN if "proven" in statuses and "undecided" not in statuses else UNDECIDED


def _lecture(options: argparse.Namespace) -> int:
    from derive.document.nodes import Evidence
    from derive.lectures.catalogue import lecture_named
    from derive.render.save import save

    if SUFFIXES.get(options.output.suffix.lower(), "json") == "json":
        raise UsageError(f"{options.output.name}: a lecture ends in .pdf, .tex, .typ, .md or .txt")
    bar = _Progress(4)
    document = lecture_named(
        options.problem,
        classes=_class_option(options.classes),
        target=options.target,
        detail=options.detail,
        witnesses=_witnesses(options),
        progress=bar.step,
    )
    bar.step("printing")
    save(document, options.output, options.lang, options.engine)
    bar.done()
    _say(f"wrote {options.output}")
    return _status_code({row.status for block in document.blocks if isinstance(block, Evidence) for row in block.rows})


class _Progress:
    """A bar on stderr, only when someone is looking."""

    def __init__(self, total: int) -> None:
        self.total, self.count, self.shown = total, 0, sys.stderr.isatty()

    def step(self, what: str) -> None:
        if self.shown:
            bar = "#" * self.count + "." * (self.total - self.count)
            sys.stderr.write(f"\r[{bar}] {what:<30}")
            sys.stderr.flush()
        self.count += 1

    def done(self) -> None:
        if self.shown:
            sys.stderr.write("\r" + " " * (self.total + 34) + "\r")


def _gradient(options: argparse.Namespace) -> int:
    from derive.gradients.__main__ import generated
    from derive.problems import problem_named

    problem_named(options.problem)
    _deliver(generated(), options.output)
    return PROVEN


def _rules(options: argparse.Namespace) -> int:
    from derive.lectures.rule_list import rules_document

    _print_text(rules_document(), options)
    return PROVEN


def _verify(options: argparse.Namespace) -> int:
    from derive.recheck import verify

    try:
        text = options.file.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        raise Corrupted(f"{options.file} is not a text in UTF-8") from None
    derivation = verify(text)
    print(f"{derivation!r}  ({len(derivation.needed)} theorems)")
    for kind, facts in (("assumption", derivation.assumptions), ("condition", derivation.conditions)):
        for fact in facts:
            print(f"{kind}: {fact}")
    for verdict in derivation.verdicts:
        print(f"{verdict.by}: {verdict.status}")
    return _verdict_code(derivation.verdicts)


def _build(options: argparse.Namespace) -> int:
    from derive.gallery import build

    paths = build(options.output, _Progress)
    _say(f"wrote {len(paths)} files to {options.output}")
    return PROVEN


if __name__ == "__main__":
    sys.exit(main())
