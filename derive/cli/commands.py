"""What each command does."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from derive.cli.options import FORMATS
from derive.errors import PROVEN, REFUTED, UNDECIDED, Corrupted, UsageError, unknown

if TYPE_CHECKING:
    from derive.derivation import Problem
    from derive.witness.verdict import Verdict

SUFFIXES = {".txt": "text", ".md": "markdown", ".tex": "latex", ".typ": "typst", ".json": "json", ".pdf": "pdf"}
OF_FORMULAS, OF_PROBLEMS = "of a formula, not of a problem", "for a problem of the catalogue, not for a formula"
OF_NETWORKS = "of a network, which is a .toml file"
NOT_OF_LEMMAS = "for a formula or a problem, not for a lemma of the catalogue"
NOT_OF_NETWORKS = "for a formula or a problem of the catalogue, not for a network"
FORMULA_FILES, NETWORK_FILES, LARGEST_FILE = (".txt", ".tex"), ".toml", 100_000
LONGEST_NAME = 1000  # of a file; anything longer is a formula


def _class_option(text: str | None) -> list[str] | int | None:
    if text is None:
        return None
    return int(text) if text.isdecimal() and len(text) < 6 else [name.strip() for name in text.split(",")]


def _witnesses(options: argparse.Namespace) -> tuple[str, ...]:
    return ("kernel", "balls") if options.no_sympy else ("kernel", "balls", "sympy")


def _list(options: argparse.Namespace) -> int:
    from derive.authoring.shipped import lectures
    from derive.authoring.shipped import summary as title_of
    from derive.chains import PROBLEMS
    from derive.document.language import load_language
    from derive.lectures.catalogue import LECTURES
    from derive.proofs.lemmas import LEMMAS

    language = load_language(options.lang)
    lines = [(name, language.text(f"summary.{name}")) for name in dict.fromkeys((*PROBLEMS, *LECTURES))]
    lines += [(name, language.text(f"lemma.summary.{name}")) for name in LEMMAS]
    for name, path in lectures(language.name).items():  # a lecture may be called like a lemma
        lines.append((name, language.text("ui.a-lecture").format(title=title_of(path))))
    width = max(len(name) for name, _ in lines)
    for name, summary in lines:
        print(f"{name:<{width}}  {summary}")
    return PROVEN


def _prove(options: argparse.Namespace) -> int:
    from derive.chains import PROBLEMS
    from derive.derivation import named, problem, prove

    format = _format(options)
    if _is_network(options.problem):
        return _prove_network(Path(options.problem.strip()), options, format)
    _refuse(options, ("batch", "layout"), OF_NETWORKS)
    what = _what(options.problem)
    if not named(what):
        return _prove_formula(what, options, format)
    _refuse(options, ("order", "hessian"), OF_FORMULAS)
    if what not in PROBLEMS:
        from derive.derivation.prove import lemma
        from derive.proofs.lemmas import LEMMAS

        if what not in LEMMAS:
            raise UsageError(unknown("problem or lemma", what, (*PROBLEMS, *LEMMAS)))
        _refuse(options, ("wrt", "classes", "target", "inputs", "without", "road"), NOT_OF_LEMMAS)
        return _tell(lemma(what, _witnesses(options)), options, format)
    chain = problem(what, _class_option(options.classes), options.target, options.inputs)
    if options.without:
        return _judge(chain, options, format)
    return _tell(prove(chain, options.wrt, options.road or "jacobian", _witnesses(options)), options, format)


def _is_network(text: str) -> bool:
    """Whether it is the name of a file with a network."""
    return len(text) < LONGEST_NAME and text.strip().endswith(NETWORK_FILES)


def _prove_network(path: Path, options: argparse.Namespace, format: str) -> int:
    from derive.derivation.kinds import ALL
    from derive.derivation.network import network
    from derive.document.language import load_language

    _refuse(options, ("order", "hessian", "classes", "target", "inputs", "without", "road"), NOT_OF_NETWORKS)
    load_language(options.lang)
    wrt = ALL if options.wrt is None else options.wrt
    derivation = network(path).prove(wrt, options.batch, _witnesses(options), options.layout)
    return _tell(derivation, options, format)


def _lint(options: argparse.Namespace) -> int:
    """What is found is advice, and no reason to fail."""
    from derive.chains.lint import lint
    from derive.chains.network import network_problem
    from derive.chains.read_spec import read_network
    from derive.document.language import load_language
    from derive.lectures.lint_document import lint_document

    load_language(options.lang)
    spec = read_network(options.file)
    _print_text(lint_document(options.file.name, lint(spec), network_problem(spec)), options)
    return PROVEN


def _prove_formula(what: str, options: argparse.Namespace, format: str) -> int:
    from derive.derivation.formula import function_problem, prove_formula
    from derive.document.language import load_language

    _refuse(options, ("classes", "target", "inputs", "without", "road"), OF_PROBLEMS)
    order = 1 if options.order is None else options.order
    decimal = load_language(options.lang).decimal
    problem = function_problem(what, options.wrt, order, options.hessian, decimal)
    return _tell(prove_formula(problem, _witnesses(options)), options, format)


def _refuse(options: argparse.Namespace, names: Sequence[str], why: str) -> None:
    for name in names:
        value = getattr(options, name)
        if value is not None and value is not False:
            raise UsageError(f"--{name} is {why}")


def _refuse_several(wrt: str | None) -> None:
    """A line is one derivative."""
    from derive.derivation.formula import several

    if wrt is not None and len(several(wrt)) > 1:
        raise UsageError("your lines are checked against one derivative; name one variable after --wrt")


def _what(text: str) -> str:
    """The formula or the name; the contents, where it is a file."""
    path = Path(text.strip()) if len(text) < LONGEST_NAME and text.strip().endswith(FORMULA_FILES) else None
    if path is None:
        return text.strip()
    formula = _read(path)
    if not formula:
        raise UsageError(f"{path} is empty; it should hold one formula")
    return formula


def _read(path: Path) -> str:
    with path.open("rb") as file:
        data = file.read(LARGEST_FILE + 1)
    if len(data) > LARGEST_FILE:
        raise UsageError(f"{path} is too long for a formula")
    try:
        return data.decode("utf-8-sig").strip()
    except UnicodeDecodeError as error:
        raise UsageError(f"{path} is not a text in UTF-8 (byte {error.start + 1})") from None


def _tell(derivation: Any, options: argparse.Namespace, format: str) -> int:
    if options.notation is not None:
        return _tell_in_letters(derivation, options, format)
    if options.output is not None and format in ("pdf", "markdown"):
        derivation.save(options.output, options.lang, options.detail, options.engine)
        _say(f"wrote {options.output}")
    elif options.output is None and format == "text":
        _print_text(derivation.document(options.detail), options)
    else:
        _deliver(derivation.to(format, options.lang, options.detail), options.output)
    return _verdict_code(derivation.verdicts)


def _tell_in_letters(derivation: Any, options: argparse.Namespace, format: str) -> int:
    """The same in another notation."""
    from derive.document.letterings import lettered, load_letters
    from derive.render import render
    from derive.render.save import save

    if format == "json":
        raise UsageError("a record has its own letters; leave --notation out")
    document = lettered(derivation.document(options.detail), load_letters(options.notation))
    if options.output is None and format == "text":
        _print_text(document, options)
    elif options.output is not None and format in ("pdf", "markdown"):
        save(document, options.output, options.lang, options.engine)
        _say(f"wrote {options.output}")
    else:
        _deliver(render(document, format, options.lang), options.output)
    return _verdict_code(derivation.verdicts)


def _check(options: argparse.Namespace) -> int:
    from derive.checking import check
    from derive.derivation import named, problem
    from derive.document.language import load_language
    from derive.render import render
    from derive.render.save import save

    format = _format(options)
    if format == "json":
        raise UsageError("what is said of your lines is not written as json")
    if _is_network(options.problem):
        raise UsageError("lines about a network are not judged; derive prove tells its proofs")
    lines = list(options.lines)
    if options.file is not None:
        lines += [line for line in _read(options.file).splitlines() if line.strip()]
    what = _what(options.problem)
    decimal = load_language(options.lang).decimal
    if named(what):
        _refuse(options, ("order",), OF_FORMULAS)
        chain = problem(what, _class_option(options.classes), options.target)
        checked = check(chain, lines, options.wrt, options.lang, options.without or (), decimal)
    else:
        _refuse(options, ("classes", "target", "without"), OF_PROBLEMS)
        _refuse_several(options.wrt)
        order = 1 if options.order is None else options.order
        checked = check(what, lines, options.wrt, options.lang, decimal=decimal, order=order)
    if options.output is None and format == "text":
        _print_text(checked.document(), options)
    elif options.output is not None and format in ("pdf", "markdown"):
        save(checked.document(), options.output, options.lang, options.engine)
        _say(f"wrote {options.output}")
    else:
        _deliver(render(checked.document(), format, options.lang), options.output)
    return checked.exit_code


def _judge(chain: Problem, options: argparse.Namespace, format: str) -> int:
    """The same claim without an assumption: what do the witnesses say?"""
    from derive.render import render

    if format in ("json", "pdf"):
        raise UsageError(f"a claim without its assumption has no proof, so there is no {format} of it")
    judgement = chain.judge(options.wrt or "b", without=options.without)
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
    from derive.cli import lectures

    if options.calls:
        return lectures.calls(options)
    if options.problem[:1] == [lectures.NEW] and len(options.problem) == 2:
        _say(f"wrote {lectures.start(options, options.problem[1])}")
        return PROVEN
    if len(options.problem) != 1:
        raise UsageError("name one lecture, or a .md file of your own; or write a new one: derive lecture new NAME")
    source = lectures.source_of(options, options.problem[0])
    lectures.refuse(options, source)
    if source is None:
        return _made_in_python(options, options.problem[0])
    if not options.watch:
        return _made_of_markdown(options, source)
    try:
        for _ in lectures.changes(source, options.output):
            try:
                _made_of_markdown(options, source)
            except (UsageError, OSError) as error:
                _say(f"derive: {error}")
    except KeyboardInterrupt:
        _say("stopped watching")
    return PROVEN


def _made_of_markdown(options: argparse.Namespace, source: Path) -> int:
    from derive.cli import lectures
    from derive.render.save import save

    bar = _Progress(2)
    bar.step("proofs")
    document, language = lectures.made(options, source, _witnesses(options))
    bar.step("printing")
    save(document, options.output, language, options.engine)
    bar.done()
    _say(f"wrote {options.output}")
    return _status_code(lectures.statuses(document))


def _made_in_python(options: argparse.Namespace, name: str) -> int:
    from derive.cli import lectures
    from derive.lectures.catalogue import lecture_named
    from derive.render.save import save

    bar = _Progress(4)
    document = lecture_named(
        name,
        classes=_class_option(options.classes),
        target=options.target,
        detail=options.detail or "lecture",
        witnesses=_witnesses(options),
        progress=bar.step,
    )
    bar.step("printing")
    save(document, options.output, options.lang or "en", options.engine)
    bar.done()
    _say(f"wrote {options.output}")
    return _status_code(lectures.statuses(document))


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
    from derive.chains import problem_named
    from derive.gradients.__main__ import generated

    problem_named(options.problem)
    _deliver(generated(), options.output)
    return PROVEN


def _rules(options: argparse.Namespace) -> int:
    from derive.lectures.rule_list import rules_document

    _print_text(rules_document(), options)
    return PROVEN


def _verify(options: argparse.Namespace) -> int:
    from derive.derivation.record import conditions
    from derive.derivation.verify import verify
    from derive.document.explain import needed
    from derive.document.language import load_language
    from derive.render.unicode_math import unicode
    from derive.render.wording import Wording

    try:
        text = options.file.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        raise Corrupted(f"{options.file} is not a text in UTF-8") from None
    derivation = verify(text)
    print(f"{derivation!r}  ({len(derivation.proofs)} theorems)")
    for fact in derivation.assumptions:
        print(f"assumption: {fact}")
    wording = Wording(derivation.chain.labels, load_language("en"), str, unicode, derivation.style)
    for condition in conditions(derivation):
        print(f"condition: {wording.say(needed(condition))}")
    for verdict in derivation.verdicts:
        print(f"{verdict.by}: {_said(verdict)}")
    return _verdict_code(derivation.verdicts)


def _said(verdict: Verdict) -> str:
    """The status; why, where the kernel has checked the proof and cannot say where it applies."""
    from derive.document.language import load_language
    from derive.document.proof_blocks import evidence_row
    from derive.render.unicode_math import unicode
    from derive.render.wording import Wording

    if verdict.by != "kernel" or verdict.status != "undecided":
        return verdict.status
    wording = Wording({}, load_language("en"), str, unicode)
    return f"{verdict.status} ({wording.say(evidence_row(verdict).detail)})"


def _build(options: argparse.Namespace) -> int:
    from derive.gallery import build

    paths = build(options.output, _Progress)
    _say(f"wrote {len(paths)} files to {options.output}")
    return PROVEN


COMMANDS: Mapping[str, Callable[[argparse.Namespace], int]] = {
    "list": _list, "prove": _prove, "check": _check, "lecture": _lecture, "gradient": _gradient, "rules": _rules,
    "verify": _verify, "build": _build, "lint": _lint,
}  # fmt: skip
