"""What can be asked on the command line, and the words of --help."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path
from typing import Any, NoReturn

from derive.errors import USAGE

FORMATS = ("text", "markdown", "latex", "latex-fragment", "typst", "json")
ENGINES = ("typst", "latex")
DESCRIPTION = "Step-by-step derivative proofs for calculus and deep learning, checked line by line."
EXAMPLES = """examples:
  derive prove "x^2 sin(x)"
  derive prove "\\frac{\\sin x}{1+x^2}" --lang pt
  derive prove "x^2 y + exp(x y)" --wrt x,y
  derive prove "ln(x)/x" --order 2 -o second.pdf
  derive check "x^2 sin(x)" "2x sin x + x^2 cos x"
  derive prove softmax-cross-entropy --wrt b
  derive prove softmax-cross-entropy --wrt b --classes setosa,versicolor,virginica --target setosa --lang pt
  derive prove softmax-cross-entropy --wrt b --format json -o proof.json
  derive verify proof.json
  derive prove net.toml --wrt all -o network.pdf
  derive prove net.toml --wrt W1,b1 --batch --lang pt
  derive lint net.toml
  derive lecture softmax-cross-entropy --lang pt -o lecture.pdf
  derive lecture new slopes && derive lecture slopes.md -o slopes.pdf
  derive gradient softmax-cross-entropy -o grad.py
  derive list

exit codes: 0 proven, 1 other error, 2 usage, 3 refuted, 4 undecided, 5 an external tool is missing
"""


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        self.exit(USAGE, f'derive: {message} (see "{self.prog} --help")\n')


def parser() -> argparse.ArgumentParser:
    from derive import __version__

    whole = _Parser(
        "derive", description=DESCRIPTION, epilog=EXAMPLES, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    whole.add_argument("--version", action="version", version=f"derive {__version__}")
    commands = whole.add_subparsers(title="commands", metavar="COMMAND")
    add = _adder(commands)

    command = add("list", "the problems and lectures there are")
    _language(command)

    command = add("prove", "prove a derivative or a gradient and tell the proof")
    command.add_argument(
        "problem", metavar="WHAT", help='a formula such as "x^2 sin(x)" (plain or LaTeX), a .txt or .tex file with'
        ' one, a .toml file with a network, or a name that "derive list" shows'
    )  # fmt: skip
    _classes(command)
    command.add_argument(
        "--wrt",
        metavar="VAR",
        help="by what: a variable, or several with commas; of a problem b (default), W, h, z, b_3; of a network W1, b1,"
        " x, or all (default)",
    )
    command.add_argument("--order", type=int, metavar="N", help="of a formula: the N-th derivative")
    command.add_argument("--hessian", action="store_true", help="of a formula: all second derivatives")
    command.add_argument("--inputs", type=int, metavar="N", help="how many inputs (default: 2 with --classes, else H)")
    command.add_argument("--road", metavar="ROAD", help="of a problem: jacobian (default) or logits")
    command.add_argument(
        "--batch", action="store_true", help="of a network: the loss of N examples, rather than of one"
    )
    command.add_argument(
        "--layout",
        metavar="LAYOUT",
        help="of a network's matrix forms: rows or columns (of examples), denominator or numerator, with commas",
    )
    _telling(command)
    _without(command)
    command.add_argument(
        "--format", metavar="FORMAT", help=f"{', '.join(FORMATS)} (default: by FILE's ending, or text)"
    )
    command.add_argument("-o", "--output", type=Path, metavar="FILE", help="write FILE instead of stdout")
    _width(command)
    _budget(command)

    command = add("check", "judge your own lines, one after the other")
    command.add_argument(
        "problem", metavar="WHAT", help='a formula, a file with one, or a name that "derive list" shows'
    )
    command.add_argument("lines", nargs="*", metavar="LINE", help='your lines: "= 2x sin x + x^2 cos x"')
    command.add_argument("--file", type=Path, metavar="FILE", help="read the lines from FILE, one a line")
    _classes(command)
    command.add_argument("--wrt", metavar="VAR", help="by what; may be left out when there is one variable")
    command.add_argument("--order", type=int, metavar="N", help="of a formula: judge against the N-th derivative")
    _without(command)
    _language(command)
    command.add_argument("--format", metavar="FORMAT", help=f"{', '.join(FORMATS[:-1])} (default: text)")
    command.add_argument("-o", "--output", type=Path, metavar="FILE", help="write FILE instead of stdout")
    _engine(command)
    _width(command)
    _budget(command)

    command = add("lint", "say what is rarely meant in a network")
    command.add_argument("file", type=Path, metavar="FILE", help="a .toml file with a network")
    _language(command)
    _width(command)

    command = add("lecture", "write a whole lecture, ours or a .md file of your own")
    command.add_argument(
        "problem", nargs="*", metavar="LECTURE",
        help='a .md file, or a name that "derive list" shows; "new NAME" writes NAME.md to start from',
    )  # fmt: skip
    _classes(command)
    _telling(command)
    command.set_defaults(lang=None, detail=None)
    command.add_argument("-o", "--output", type=Path, metavar="FILE", help=".pdf, .tex, .typ, .md, .txt or .zip")
    command.add_argument("--answers", metavar="WHERE", help="solutions of exercises: here, end or hidden")
    command.add_argument("--watch", action="store_true", help="write it again when the file changes; ends on Ctrl-C")
    command.add_argument("--calls", action="store_true", help="what a lecture in Markdown may call")
    _budget(command)

    command = add("gradient", "write the proved gradient as a Python module that needs NumPy only")
    command.add_argument("problem", metavar="PROBLEM")
    command.add_argument("-o", "--output", type=Path, metavar="FILE", help="write FILE instead of stdout")

    command = add("rules", "every rule a proof may cite")
    _language(command)
    _width(command)

    command = add("verify", "check a proof.json again, from the file alone")
    command.add_argument("file", type=Path, metavar="FILE")
    _budget(command)

    command = add("build", "write the gallery of examples")
    command.add_argument("-o", "--output", type=Path, default=Path("output"), metavar="FOLDER", help="default: output")
    return whole


def _adder(commands: Any) -> Callable[[str, str], argparse.ArgumentParser]:
    def add(name: str, says: str) -> argparse.ArgumentParser:
        command: argparse.ArgumentParser = commands.add_parser(
            name, help=says, description=f"{says[0].upper()}{says[1:]}."
        )
        command.set_defaults(command=name)
        return command

    return add


def _budget(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--budget", default="1", metavar="N", help="how many times the usual work one question may take, such as 10"
    )


def _language(command: argparse.ArgumentParser) -> None:
    command.add_argument("--lang", default="en", metavar="LANG", help="en (default) or pt")


def _without(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--without", action="append", metavar="NAME", help="judge without this assumption: targets-sum-to-one"
    )


def _width(command: argparse.ArgumentParser) -> None:
    command.add_argument("--width", type=int, metavar="N", help="columns of text output (default: the terminal's)")


def _classes(command: argparse.ArgumentParser) -> None:
    command.add_argument("--classes", metavar="NAMES", help="names with commas between them, or how many")
    command.add_argument(
        "--target", metavar="CLASS", help='the true class: a name or a number from 1; without --classes "r", for any'
    )


def _engine(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--engine", default="typst", choices=ENGINES, metavar="ENGINE", help="for .pdf: typst (default) or latex"
    )


def _telling(command: argparse.ArgumentParser) -> None:
    _language(command)
    command.add_argument("--detail", default="lecture", metavar="DETAIL", help="brief, lecture (default) or full")
    _engine(command)
    command.add_argument(
        "--notation", metavar="NAME", help="other letters: the name of a notation, or a .toml file with a table"
    )
    command.add_argument("--no-sympy", action="store_true", help="leave out the SymPy witness (faster)")
