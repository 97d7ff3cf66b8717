"""The standalone module: proved theorems, written out as NumPy source with their derivation."""

from __future__ import annotations

import ast
from collections.abc import Mapping
from importlib.resources import files
from string import Template

from derive.gradients.lower import Proved, lower
from derive.gradients.monomials import CannotLower
from derive.gradients.plain import formula
from derive.gradients.program import OPERANDS, Program, source, used

INLINED = ("checks.py", "numerics.py")
REGENERATE = "To regenerate: python -m derive.gradients"


def emit(
    theorems: Mapping[str, Proved], derivation_text: str, shift_text: str = "", regenerate: str = REGENERATE
) -> str:
    """The source text of a module with loss and value_and_grad, which imports NumPy only.

    theorems: gradients of the loss by name; each becomes a field called after its variable.
    derivation_text goes into the docstring; shift_text is the proof that softmax(z - c) = softmax(z),
    if there is one. Raises CannotLower.
    """
    programs = [lower(theorem) for theorem in theorems.values()]
    for program in programs:
        check_general(program)
    names = {name: _variable(name) for name in used(programs)}
    values = {
        "names": ", ".join(theorem.name for theorem in theorems.values()),
        "regenerate": _docstring(regenerate),
        "statements": "".join(f"    {formula(t.left)} = {formula(t.right)}\n" for t in theorems.values()),
        "shift": f"\n{_docstring(shift_text)}\n" if shift_text else "",
        "derivation": _docstring(derivation_text),
        "inlined": "".join(f"\n{_definitions(name)}\n" for name in INLINED),
        "fields": "\n".join(f"    {p.variable}: NDArray[Any]" for p in programs),
        "operands": "\n".join(
            f"    {variable} = {OPERANDS[name].text}" for name, variable in names.items() if variable == name != "z"
        ),
        "gradients": "\n".join(_assigned(p, names) for p in programs),
    }
    return Template(_text("standalone.template")).substitute(values)


def check_general(program: Program) -> None:
    if not program.of_loss:
        raise CannotLower(f"{program.theorem} is not a gradient of the loss")
    if (program.classes, program.features, program.target) != (None, None, None):
        raise CannotLower(f"{program.theorem} was proved for given sizes or targets; prove it for any")


def _assigned(program: Program, names: Mapping[str, str]) -> str:
    origin = f"        # {program.theorem}: {program.formula}"
    return f"{origin}\n        {program.variable}={source(program, names)},"


def _variable(name: str) -> str:
    """Arguments are written as fields of the batch, everything else has a line of its own."""
    text = OPERANDS[name].text
    return text if text.startswith("batch.") else name


def _docstring(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"""', "'''").strip("\n")


def _text(name: str) -> str:
    return files("derive.gradients").joinpath(name).read_text(encoding="utf-8")


def _definitions(name: str) -> str:
    """A module's text below its imports."""
    text = _text(name)
    last = max(node.end_lineno or 0 for node in ast.parse(text).body if isinstance(node, ast.Import | ast.ImportFrom))
    return "\n".join(text.splitlines()[last:]).strip("\n") + "\n"
