"""The calls of a lecture, run where they can do nothing but call: Jinja's sandbox, and only a part of its language.

A template is a tree before it runs. Only the nodes in ALLOWED may be in it, so there are no macros, no imports, no
concatenation; loops are counted; attributes are those of derive.authoring.values; what is called is in the table.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from difflib import get_close_matches
from types import TracebackType
from typing import Any

from jinja2 import StrictUndefined, TemplateSyntaxError, UndefinedError, nodes
from jinja2.exceptions import SecurityError
from jinja2.lexer import Lexer
from jinja2.runtime import LoopContext, Undefined
from jinja2.sandbox import SandboxedEnvironment
from jinja2.visitor import NodeTransformer

from derive.authoring.error import LectureError
from derive.authoring.parts import checked_decimals
from derive.authoring.source import Source
from derive.authoring.values import ATTRIBUTES, READABLE, Opened, opened
from derive.budget import OverBudget, afford

LONGEST_OUTPUT, MOST_TURNS, LARGEST_NUMBER, DEEPEST = 3_000_000, 10_000, 10**15, 60
LINE = re.compile("\ue020(\\d+)\ue021")
BACKSLASH = re.compile(r"\\(?![\"'])")
ALLOWED = frozenset([
    "Template", "Output", "TemplateData", "Name", "Const", "Call", "Keyword", "Getattr", "Getitem", "For", "If",
    "Assign", "List", "Tuple", "Dict",
    "Pair", "Compare", "Operand", "And", "Or", "Not", "Neg", "Pos", "Add", "Sub", "Mul", "Div",
    "FloorDiv", "Mod", "Filter", "Test", "CondExpr", "Slice",
])  # fmt: skip
FILTERS = ("abs", "first", "last", "length", "max", "min")
TESTS = ("defined", "even", "odd", "none")
OF_LOOPS = ("index", "index0", "first", "last", "length", "revindex")
RESERVED = frozenset(["self", "super", "caller", "varargs", "kwargs"])
TEMPLATE = "<template>"
HINT = "what a lecture may do beside calls: for, if, set, numbers, lists and names"


class Call:
    """A function of the table, as a lecture sees it."""

    def __init__(self, name: str, function: Callable[..., Any]) -> None:
        self.name, self.function = name, function

    def __call__(self, *arguments: Any, **options: Any) -> Any:
        return self.function(*arguments, **options)


def run_calls(
    source: Source, calls: Mapping[str, Callable[..., Any]], show: Callable[[Any], str]
) -> list[tuple[str, int]]:
    """The lines of the lecture with its calls done, each with the number of its line in the file.

    calls: what may be called, by name. show: what stands in the text for a value. Raises LectureError.
    """
    sandbox = _Sandbox(show)
    sandbox.globals = {name: Call(name, function) for name, function in calls.items()}
    try:
        tree = sandbox.parse(source.text)
        _refuse_nodes(tree, source)
        _count_loops(tree)
        _Measured().visit(tree)
        _mark_lines(tree, source.first)
        text = _collected(sandbox.from_string(tree).generate(), source)
    except LectureError as error:
        raise error.at(source.name, _line(error.__traceback__, source)) from error.__cause__
    except TemplateSyntaxError as error:
        raise source.fail(_syntax(error), error.lineno + source.first - 1) from None
    except UndefinedError as error:
        raise source.fail(_undefined(str(error), calls), _line(error.__traceback__, source)) from None
    except SecurityError as error:
        raise source.fail(f"{error}; {HINT}", _line(error.__traceback__, source)) from None
    except (RecursionError, MemoryError, SyntaxError):
        raise source.fail("something here is nested too deeply; write it in parts") from None
    except OverBudget as limit:
        raise source.fail(str(limit), _line(limit.__traceback__, source)) from None
    except (ArithmeticError, LookupError, TypeError, ValueError) as error:
        raise source.fail(" ".join(str(error).split()), _line(error.__traceback__, source)) from error
    return _numbered(text, source.first)


def _collected(chunks: Iterator[str], source: Source) -> str:
    found, size = [], 0
    for chunk in chunks:
        size += len(chunk)
        if size > LONGEST_OUTPUT:
            raise source.fail("this lecture becomes too long; look at its loops")
        found.append(chunk)
    return "".join(found)


class _RawStrings(Lexer):
    r"""Strings in which a backslash is a backslash, or "$\frac{1}{2}$" would begin with a form feed."""

    def tokeniter(
        self, source: str, name: str | None, filename: str | None = None, state: str | None = None
    ) -> Iterator[tuple[int, str, str]]:
        for line, kind, value in super().tokeniter(source, name, filename, state):
            yield line, kind, BACKSLASH.sub(r"\\\\", value) if kind == "string" else value


def _rounded(value: Any, decimals: Any = 0) -> float:
    """The number as it is printed with so many decimals."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise LectureError("round is for a number")
    return round(float(value), checked_decimals(decimals))


def _summed(value: Any, attribute: None = None, start: Any = 0) -> float:
    """The sum of numbers; lists are not joined."""
    if not isinstance(value, list | tuple | range) or not all(
        isinstance(each, int | float) and not isinstance(each, bool) for each in (start, *value)
    ):
        raise LectureError("sum is for a list of numbers")
    return sum(value, start)


class _Measured(NodeTransformer):
    """Every list, tuple and table of names that is made goes through the filter that measures it."""

    def visit_List(self, node: nodes.List | nodes.Tuple | nodes.Dict) -> nodes.Node:  # noqa: N802 - as Jinja calls it
        self.generic_visit(node)
        if getattr(node, "ctx", "load") != "load":
            return node
        return nodes.Filter(node, "measured", [], [], None, None, lineno=node.lineno)

    visit_Tuple = visit_Dict = visit_List  # noqa: N815


class _Sandbox(SandboxedEnvironment):
    intercepted_binops = frozenset(["+", "-", "*", "/", "//", "%", "**"])
    intercepted_unops = frozenset(["-", "+"])

    def __init__(self, show: Callable[[Any], str]) -> None:
        super().__init__(
            undefined=StrictUndefined, comment_start_string="<!--", comment_end_string="-->", trim_blocks=True,
            lstrip_blocks=True, keep_trailing_newline=True, optimized=False, finalize=lambda value: _shown(value, show),
        )  # fmt: skip
        self.raw_strings = _RawStrings(self)
        self.turns = MOST_TURNS
        self.sizes: dict[int, tuple[Any, int]] = {}  # of the lists that were made, which are kept for as long
        own = {"counted": self.counted, "measured": self.measured, "round": _rounded, "sum": _summed}
        self.filters = {name: self.filters[name] for name in FILTERS} | own
        self.tests = {name: self.tests[name] for name in TESTS}

    @property
    def lexer(self) -> Lexer:
        return self.raw_strings

    def counted(self, value: Any) -> Any:
        """What a loop goes over: a list that is not too long, all loops together."""
        if isinstance(value, Undefined):
            str(value)  # says what is not defined
        if not isinstance(value, list | tuple | range | dict):
            raise LectureError("a loop goes over a list or a range, and this is neither")
        self.turns -= len(value) + 1
        if self.turns < 0:
            raise LectureError(f"more than {MOST_TURNS} turns of loops; a lecture needs fewer")
        return value

    def measured(self, value: Any) -> Any:
        """A list that a lecture makes; one in which the same lists stand again and again may be far too large."""
        afford("items", self._size(value), "this list is too large")
        return value

    def _size(self, value: Any) -> int:
        """How many items there are in it and in what it holds; each list is counted once."""
        if not isinstance(value, list | tuple | dict):
            return 1
        if id(value) not in self.sizes:
            inner = value.values() if isinstance(value, dict) else value
            self.sizes[id(value)] = value, 1 + sum(map(self._size, inner))
        return self.sizes[id(value)][1]

    def getattr(self, obj: Any, attribute: str) -> Any:
        return self._part(obj, attribute)

    def getitem(self, obj: Any, argument: Any) -> Any:
        if isinstance(argument, str) or isinstance(obj, dict):
            return self._part(obj, argument)
        if isinstance(obj, list | tuple | str) and isinstance(argument, int | slice):
            try:
                return obj[argument]
            except IndexError:
                raise LectureError(f"there is no entry {argument}; there are {len(obj)}, counted from 0") from None
        return self._part(obj, str(argument))

    def _part(self, obj: Any, name: Any) -> Any:
        """A part that a lecture may read; LectureError for any other."""
        if isinstance(obj, Undefined):
            str(obj)
        if isinstance(obj, dict):
            known: Sequence[str] = [str(key) for key in obj]
            if name in obj:
                return obj[name]
        elif isinstance(obj, LoopContext):
            known = OF_LOOPS
        elif isinstance(obj, Opened):
            known = READABLE.get(type(obj.value).__name__, ())
        else:
            known = ATTRIBUTES.get(type(obj), ())
        if name in known and not isinstance(obj, dict):
            return opened(getattr(obj.value if isinstance(obj, Opened) else obj, name))
        there = f"there is {', '.join(known[:20])}" if known else "there is nothing to read in it"
        raise LectureError(f'"{name}" cannot be read here; {there}')

    def is_safe_callable(self, obj: Any) -> bool:
        if isinstance(obj, Undefined):
            str(obj)
        return isinstance(obj, Call)

    def call_binop(self, context: Any, operator: str, left: Any, right: Any) -> Any:
        for side in (left, right):
            if isinstance(side, Undefined):
                str(side)
            if isinstance(side, bool) or not isinstance(side, int | float):
                raise LectureError(f'"{operator}" is for numbers only; a lecture does no mathematics')
        result = super().call_binop(context, operator, left, right)
        return self._small(result)

    def call_unop(self, context: Any, operator: str, arg: Any) -> Any:
        if isinstance(arg, bool) or not isinstance(arg, int | float):
            raise LectureError(f'"{operator}" is for numbers only')
        return self._small(super().call_unop(context, operator, arg))

    def _small(self, number: Any) -> Any:
        if abs(number) > LARGEST_NUMBER:
            raise LectureError("this number is too large for a lecture")
        return number


def _shown(value: Any, show: Callable[[Any], str]) -> str:
    if isinstance(value, Undefined):
        str(value)
    return show(value)


def _refuse_nodes(tree: nodes.Template, source: Source) -> None:
    """LectureError for whatever is not allowed, and for names that begin with an underscore."""
    line = source.first
    for node, depth in _walk(tree, 0):
        kind = type(node).__name__
        line = line if node.lineno is None else node.lineno + source.first - 1  # an operand has none
        if depth > DEEPEST:
            raise source.fail("this is nested too deeply", line)
        if kind not in ALLOWED or (isinstance(node, nodes.For) and node.recursive):
            raise source.fail(f"a lecture has no {_called(kind)}; {HINT}", line)
        name = node.name if isinstance(node, nodes.Name) else node.attr if isinstance(node, nodes.Getattr) else ""
        if name.startswith("_") or (name in RESERVED and isinstance(node, nodes.Name)):
            raise source.fail(f'"{name}" is no name for a lecture', line)
        if isinstance(node, nodes.Const) and isinstance(node.value, int | float) and abs(node.value) > LARGEST_NUMBER:
            raise source.fail("this number is too large for a lecture", line)


def _walk(node: nodes.Node, depth: int) -> Iterator[tuple[nodes.Node, int]]:
    yield node, depth
    if depth <= DEEPEST:
        for child in node.iter_child_nodes():
            yield from _walk(child, depth + 1)


def _called(kind: str) -> str:
    said = {"Concat": "~", "Pow": "**", "Macro": "macro", "CallBlock": "call block", "FilterBlock": "filter block"}
    return said.get(kind, kind.lower())


def _count_loops(tree: nodes.Template) -> None:
    """Every loop goes through the filter that counts its turns."""
    for loop in list(tree.find_all(nodes.For)):
        loop.iter = nodes.Filter(loop.iter, "counted", [], [], None, None, lineno=loop.lineno)


def _mark_lines(tree: nodes.Template, first: int) -> None:
    """Every line of the text says where it stands in the file, however often a loop repeats it."""
    for data in tree.find_all(nodes.TemplateData):
        lines = data.data.split("\n")
        start = data.lineno + first - 1
        data.data = "\n".join(f"\ue020{start + n}\ue021{line}" for n, line in enumerate(lines))


def _numbered(text: str, first: int) -> list[tuple[str, int]]:
    found: list[tuple[str, int]] = []
    number = first
    for line in text.split("\n"):
        marks = LINE.findall(line)
        number = int(marks[0]) if marks else number
        found.append((LINE.sub("", line), number))
        number = int(marks[-1]) if marks else number
    return found


def _line(traceback: TracebackType | None, source: Source) -> int | None:
    """The line of the template at which something was raised."""
    found = None
    while traceback is not None:
        if traceback.tb_frame.f_code.co_filename == TEMPLATE:
            found = traceback.tb_lineno + source.first - 1
        traceback = traceback.tb_next
    return found


def _syntax(error: TemplateSyntaxError) -> str:
    message = str(error.message or "this cannot be read").rstrip(".")
    return f"{message[:1].lower()}{message[1:]} (a call is written {{{{ name(...) }}}})"


def _undefined(message: str, calls: Mapping[str, object]) -> str:
    """'x' is undefined, with the nearest name."""
    found = re.match(r"'(\w+)' is undefined", message)
    if found is None:
        return message
    near = get_close_matches(found[1], list(calls), n=1)
    hint = f'did you mean "{near[0]}"?' if near else '"derive lecture --calls" shows what there is'
    return f'there is no "{found[1]}"; {hint}'
