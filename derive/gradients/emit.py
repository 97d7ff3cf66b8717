"""The standalone module: proved theorems, written out as NumPy source with their derivation."""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from importlib.resources import files
from string import Template

from derive.gradients.arrays import CannotLower, Node, below, source
from derive.gradients.function import Program, lower
from derive.gradients.plain import formula
from derive.gradients.stable import OF_SOFTMAX
from derive.gradients.steps import Proved, Step

INLINED = ("checks.py", "numerics.py")
REGENERATE = "To regenerate: python -m derive.gradients"


def emit(
    theorems: Mapping[str, Proved],
    derivation_text: str = "",
    shift_text: str = "",
    regenerate: str = REGENERATE,
    alone: bool = True,
) -> str:
    """The source text of a module with loss and value_and_grad.

    theorems: gradients of the loss by name; each becomes a field called after its variable. alone: it imports NumPy
    only, and tells the derivation; otherwise it is one of this package, and imports what it shares with others.
    shift_text: the proof that softmax(z - c) = softmax(z), if there is one. Raises CannotLower.
    """
    programs = [lower(theorem) for theorem in theorems.values()]
    for program in programs:
        check_general(program)
    gradients = {program.variable: program.steps[-1] for program in programs}
    losses = [step for step in programs[0].definitions if step.name in ("z", "p", "L")]
    defined = {step.name: step for program in programs for step in (*losses, *program.steps[:-1])}
    lines, names = _statements(defined.values(), [step.node for step in gradients.values()])
    values = {
        "names": ", ".join(theorem.name for theorem in theorems.values()),
        "statements": "".join(f"    {formula(t.left)} = {formula(t.right)}\n" for t in theorems.values()),
        "needs": f"It needs NumPy only. {_docstring(regenerate)}" if alone else _docstring(regenerate),
        "told": _told(derivation_text, shift_text) if alone else "",
        "inlined": "".join(f"\n{_definitions(name)}\n" for name in INLINED) if alone else "$inlined",
        "fields": "\n".join(f"    {p.variable}: NDArray[Any]" for p in programs),
        "loss": "\n".join(_statements(losses, [])[0]),
        "lines": "\n".join(lines),
        "gradients": "\n".join(_assigned(p, names) for p in programs),
    }
    text = Template(_text("standalone.template")).substitute(values)
    return text if alone else _importing(text)


def _statements(steps: Iterable[Step], outputs: Sequence[Node]) -> tuple[list[str], dict[Node, str]]:
    """A line for each definition, and for what several outputs need; and what is a variable by then."""
    lines: list[str] = []
    names: dict[Node, str] = {}
    for step in steps:
        text = bare(source(step.node, names))
        if step.softmax:
            lines += [f"softmax = softmax_of({text})", "refuse_overflow(softmax.others)"]
            names[Node("input", data=step.name)] = "softmax.p"
        else:
            lines.append(f"{step.name} = {text}")
    used = Counter(node for output in outputs for node in below(output))
    if (targets := Node("input", data="y")) in used:
        lines.append("targets = dense_targets(y, softmax.p)")
        names[targets] = "targets"
    for node, times in used.items():
        if times > 1 and node.op in OF_SOFTMAX:
            lines.append(f"{node.op} = {source(node, names)}")
            names[node] = node.op
    return [f"    {line}" for line in lines], names


def bare(text: str) -> str:
    """The text without parentheses around the whole.

    >>> bare("(a + b)"), bare("(a) + (b)")
    ('a + b', '(a) + (b)')
    """
    if not (text.startswith("(") and text.endswith(")")):
        return text
    depth = 0
    for n, c in enumerate(text):
        depth += (c == "(") - (c == ")")
        if depth == 0 and n < len(text) - 1:
            return text
    return text[1:-1]


def _told(derivation: str, shift: str) -> str:
    before = f"\n{_docstring(shift)}\n" if shift else ""
    return f"{before}\nThe derivation, every line checked by the kernel:\n\n{_docstring(derivation)}\n"


def _importing(text: str) -> str:
    """The module with imports of what it calls, in place of a copy."""
    called = {node.id for node in ast.walk(ast.parse(text.replace("$inlined", ""))) if isinstance(node, ast.Name)}
    lines = []
    for name in INLINED:
        own = [node.name for node in ast.parse(_text(name)).body if isinstance(node, ast.ClassDef | ast.FunctionDef)]
        lines.append(f"from derive.gradients.{name.removesuffix('.py')} import {', '.join(sorted(called & {*own}))}\n")
    typing = "from numpy.typing import ArrayLike, NDArray\n"
    return text.replace(typing, "\n".join((typing, "".join(lines)))).replace("$inlined", "\n")


def check_general(program: Program) -> None:
    if not program.of_loss:
        raise CannotLower(f"{program.theorem} is not a gradient of the loss")
    if (program.classes, program.features, program.target) != (None, None, None):
        raise CannotLower(f"{program.theorem} was proved for given sizes or targets; prove it for any")


def _assigned(program: Program, names: Mapping[Node, str]) -> str:
    origin = f"        # {program.theorem}: {program.formula}"
    return f"{origin}\n        {program.variable}={bare(source(program.steps[-1].node, names))},"


def _docstring(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"""', "'''").strip("\n")


def _text(name: str) -> str:
    return files("derive.gradients").joinpath(name).read_text(encoding="utf-8")


def _definitions(name: str) -> str:
    """A module's text below its imports."""
    text = _text(name)
    last = max(node.end_lineno or 0 for node in ast.parse(text).body if isinstance(node, ast.Import | ast.ImportFrom))
    return "\n".join(text.splitlines()[last:]).strip("\n") + "\n"
