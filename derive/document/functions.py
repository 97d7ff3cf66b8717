"""How each function is written: one row a function."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from derive.core.term import Term, is_size
from derive.document.language import Language
from derive.document.letters import commas, letters
from derive.document.mathtree import (
    COMMA,
    MINUS,
    PARTIAL,
    SEMICOLON,
    Apply,
    Fence,
    Function,
    Mark,
    Numeral,
    Operator,
    Prime,
    Root,
    Row,
    Script,
    Symbol,
    Text,
    Tree,
    bare,
    brackets,
    parts,
    row,
    tall,
)  # fmt: skip
from derive.document.reshape import slashed

FENCES: Mapping[str, str] = {"abs": "||", "floor": "⌊⌋", "ceil": "⌈⌉"}
ROOTS: Mapping[str, Numeral | None] = {"sqrt": None, "cbrt": Numeral("3")}
# sin x without brackets, and sin² x for its square
BARE = frozenset([
    "log", "sin", "cos", "tan", "cot", "sec", "csc",
    "arcsin", "arccos", "arctan", "arccot", "arcsec", "arccsc",
    "sinh", "cosh", "tanh", "coth", "sech", "csch",
    "arsinh", "arcosh", "artanh", "arcoth", "arsech", "arcsch",
])  # fmt: skip
# a notation that is the same in every language; any other name is looked up in the words
HEADS: Mapping[str, Tree] = {
    "log": Function("ln"), "sign": Function("sgn"), "relu": Function("ReLU"), "relu6": Function("ReLU6"),
    "leaky_relu": Function("LeakyReLU"), "elu": Function("ELU"), "celu": Function("CELU"), "selu": Function("SELU"),
    "gelu": Function("GELU"), "gelu_tanh": Script(Function("GELU"), sub=Text("tanh")), "silu": Function("SiLU"),
    "mish": Function("Mish"), "sigmoid": Symbol("σ"), "gamma": Symbol("Γ"), "digamma": Symbol("ψ"),
    "trigamma": Script(Symbol("ψ"), sub=Numeral("1")), "tetragamma": Script(Symbol("ψ"), sub=Numeral("2")),
    "erfinv": Script(Function("erf"), sup=Row((MINUS, Numeral("1")))),
}  # fmt: skip
ATOMIC = frozenset(["sym", "slot", "elem", "num"])
INDICATOR = Symbol("𝟙")
LONGEST_EXPONENT = 24  # letters and signs; a longer one is the argument of exp


def written(t: Term, arguments: Sequence[Tree], language: Language) -> Tree:
    """A function of arguments that are already laid out.

    >>> from derive.core.term import fn, sym
    >>> from derive.document.language import load_language
    >>> written(fn("tan", sym("x")), [Symbol("x")], load_language("pt"))
    Apply(head=Function(name='tg'), argument=Symbol(letter='x'))
    """
    name = str(t.value)
    if len(arguments) == 1 and name in _SHAPES:
        return _SHAPES[name](name, arguments[0])
    if name == "log_base" and len(arguments) == 2:
        return _applied(Script(Function("log"), sub=arguments[1]), arguments[0], open_ended(t))
    between = SEMICOLON if language.decimal == "," else COMMA  # max(x; 0,5)
    argument = row(*commas(arguments, between))
    plain, prime, order = name.partition("'")
    called = head(plain, language)
    if order.isdecimal():
        return row(Script(PARTIAL, sub=row(*map(Numeral, order))), _applied(called, argument))
    return _applied(Prime(called, 1 + len(order)) if prime else called, argument, open_ended(t))


def _applied(called: Tree, argument: Tree, unfenced: bool = False) -> Apply:
    return Apply(called, argument if unfenced else brackets(argument))


def _exponential(name: str, exponent: Tree) -> Tree:
    """The number e, a power of e, or exp(...) where the exponent would be too high or too long."""
    if bare(exponent) == Numeral("1"):
        return Mark(Symbol("e")) if isinstance(exponent, Mark) else Symbol("e")
    small = slashed(exponent)
    if tall(small) or _leaves(small) > LONGEST_EXPONENT:
        return Apply(Function("exp"), brackets(exponent))
    return Script(Symbol("e"), sup=small)


def _fence(name: str, body: Tree) -> Tree:
    signs = FENCES[name]
    return Fence(signs[0], body, signs[1])


def _root(name: str, body: Tree) -> Tree:
    return Root(body, ROOTS[name])


def _log_gamma(name: str, body: Tree) -> Tree:
    return Apply(Function("ln"), Apply(Symbol("Γ"), brackets(body)))


def _step(name: str, body: Tree) -> Tree:
    """1 where the argument is positive."""
    return Apply(INDICATOR, Fence("[", row(body, Operator(">"), Numeral("0")), "]"))


_Shape = Callable[[str, Tree], Tree]
_SHAPES: Mapping[str, _Shape] = {  # functions of one argument that are not written name(argument)
    "exp": _exponential,
    **dict.fromkeys(FENCES, _fence),
    **dict.fromkeys(ROOTS, _root),
    "loggamma": _log_gamma,
    "step": _step,
}


def _leaves(tree: Tree) -> int:
    return max(1, sum(map(_leaves, parts(tree))))


def head(name: str, language: Language) -> Tree:
    """What stands before the argument: ln, sen, σ, f; the name in a language's words where it has one.

    >>> from derive.document.language import load_language
    >>> head("sin", load_language("pt")), head("phi", load_language("en"))
    (Function(name='sen'), Symbol(letter='φ'))
    """
    if name in HEADS:
        return HEADS[name]
    called = language.function(name)
    set_as = letters(called)
    return Function(called) if isinstance(set_as, Text) else set_as


def open_ended(t: Term) -> bool:
    """Whether it ends in an argument without brackets, to which a factor after it would seem to belong."""
    if t.op == "pow":
        return power_of_name(t) and open_ended(t.args[0])
    arity = 2 if t.value == "log_base" else 1 if t.value in BARE else 0
    return t.op == "fn" and len(t.args) == arity and t.args[0].op in ATOMIC


def of_number(t: Term) -> bool:
    """ln 2, which as a factor before others is ln(2)."""
    return open_ended(t) and (t.args[0] if t.op == "pow" else t).args[0].op == "num"


def fenced(tree: Tree) -> Tree:
    """The brackets put back around a bare argument."""
    match tree:
        case Mark(body):
            return Mark(fenced(body))
        case Apply(called, argument):
            return Apply(called, brackets(argument))
    return tree


def closed(t: Term, tree: Tree) -> bool:
    """Whether an exponent may follow what a function is written as: f(x)², |x|², but not e^x, √x or ln x."""
    shape = bare(tree)
    if t.value in BARE or t.value == "log_base":
        return False
    return isinstance(shape, Fence) or (isinstance(shape, Apply) and isinstance(shape.argument, Fence))


def power_of_name(t: Term) -> bool:
    """Whether the exponent stands after the name: sin² x."""
    base, exponent = t.args
    whole = exponent.op == "num" and is_size(exponent) and exponent.value != 1
    return whole and base.op == "fn" and base.value in BARE and len(base.args) == 1


def named(t: Term) -> bool:
    """Whether it begins with the name of a function that has a space before it: sin x, and sin² x."""
    return (t.op == "fn" and t.value in BARE) or (t.op == "pow" and power_of_name(t))
