"""The signs that an author may write between dollars: tables for derive.document.prose_math."""

from __future__ import annotations

from collections.abc import Mapping

from derive.chains.namesakes import GREEK
from derive.document.mathtree import (
    DOT,
    EQUALS,
    MINUS,
    PARTIAL,
    PLUS,
    QUAD,
    SEMICOLON,
    SLASH,
    SPACE,
    Operator,
    Symbol,
    Text,
    Tree,
)

# a sign that stands between two things, however it is written
OPERATORS: Mapping[str, Tree] = {
    "+": PLUS, "-": MINUS, "−": MINUS, "=": EQUALS, "/": SLASH, ";": SEMICOLON, ":": Operator(":"), "*": Operator("*"),
    "<": Operator("<"), ">": Operator(">"), "·": DOT, ":=": Operator(":="), "~": SPACE,
    r"\cdot": DOT, r"\times": Operator("×"), r"\pm": Operator("±"), r"\odot": Operator("⊙"), r"\circ": Operator("∘"),
    r"\le": Operator("≤"), r"\leq": Operator("≤"), r"\ge": Operator("≥"), r"\geq": Operator("≥"), r"\lt": Operator("<"),
    r"\gt": Operator(">"), r"\ne": Operator("≠"), r"\neq": Operator("≠"), r"\approx": Operator("≈"),
    r"\equiv": Operator("≡"), r"\sim": Operator("∼"), r"\propto": Operator("∝"), r"\gg": Operator("≫"),
    r"\ll": Operator("≪"), r"\to": Operator("→"), r"\rightarrow": Operator("→"), r"\leftarrow": Operator("←"),
    r"\gets": Operator("←"), r"\mapsto": Operator("↦"), r"\Rightarrow": Operator("⇒"), r"\implies": Operator("⇒"),
    r"\Leftrightarrow": Operator("⇔"), r"\iff": Operator("⇔"), r"\in": Operator("∈"), r"\notin": Operator("∉"),
    r"\subset": Operator("⊂"), r"\cup": Operator("∪"), r"\cap": Operator("∩"), r"\mid": Operator("|"),
    r"\forall": Operator("∀"), r"\exists": Operator("∃"), r"\coloneqq": Operator(":="), r"\ast": Operator("*"),
    r"\cdots": Operator("⋯"), r"\vdots": Operator("⋮"), r"\infty": Operator("∞"), "∞": Operator("∞"),
    r"\quad": QUAD, r"\qquad": QUAD, r"\;": SPACE, r"\ ": SPACE,
    **{sign: Operator(sign) for sign in "≤≥≠≈≡∼∝≫≪→←↦⇒⇔∈∉⊂∪∩∀∃×±⊙∘⋯⋮"},
}  # fmt: skip
LETTERS: Mapping[str, Tree] = {
    **{rf"\{name}": Symbol(letter) for name, letter in GREEK.items()},
    **{rf"\var{name}": Symbol(GREEK[name]) for name in ("epsilon", "phi", "theta", "rho", "sigma")},
    **dict.fromkeys([r"\partial", "∂"], PARTIAL), **dict.fromkeys([r"\nabla", "∇"], Symbol("∇")),
    **dict.fromkeys([r"\top", r"\intercal", "⊤"], Symbol("⊤")), **dict.fromkeys([r"\dots", r"\ldots", "…"], Text("…")),
    r"\%": Text("%"), "ℓ": Symbol("ℓ"),
    **{letter: Symbol(letter) for letter in GREEK.values()},
}  # fmt: skip
# a sign after which everything up to the next sum or relation belongs to it
BIG = {r"\sum": "∑", r"\prod": "∏", r"\int": "∫"}
ACCENTS = {
    r"\hat": "^", r"\widehat": "^", r"\bar": "¯", r"\overline": "¯", r"\tilde": "~", r"\widetilde": "~",
    r"\vec": "→", r"\dot": "˙",
}  # fmt: skip
BOLD = (r"\mathbf", r"\boldsymbol", r"\bm", r"\mathbb")
WORDS = (r"\mathrm", r"\text", r"\textrm", r"\mathit", r"\textit", r"\mathcal", r"\textnormal")
FUNCTIONS = frozenset([
    "ln", "log", "exp", "max", "min", "sin", "cos", "tan", "cot", "sec", "csc", "arcsin", "arccos", "arctan", "sinh",
    "cosh", "tanh", "coth", "arg", "det", "lim", "sup", "inf",
])  # fmt: skip
FENCES = {
    "(": ")", "[": "]", r"\{": r"\}", r"\lvert": r"\rvert", r"\lVert": r"\rVert", r"\lfloor": r"\rfloor",
    r"\lceil": r"\rceil", "|": "|", r"\|": r"\|", r"\lbrace": r"\rbrace", r"\vert": r"\vert",
}  # fmt: skip
INTERVAL = frozenset(")]")  # which close each other's brackets: (0, 1]
SIGNS = {
    r"\{": "{", r"\}": "}", r"\lbrace": "{", r"\rbrace": "}", r"\lvert": "|", r"\rvert": "|", r"\vert": "|",
    r"\lVert": "‖", r"\rVert": "‖", r"\|": "‖", r"\lfloor": "⌊", r"\rfloor": "⌋", r"\lceil": "⌈", r"\rceil": "⌉",
}  # fmt: skip
SIZES = frozenset(rf"\{size}{side}" for size in ("big", "Big", "bigg", "Bigg") for side in ("", "l", "r"))
NOTHING = frozenset([r"\,", r"\!", r"\:", r"\displaystyle", r"\textstyle", r"\limits", r"\nolimits"]) | SIZES
MATRICES = {"matrix": "", "pmatrix": "()", "bmatrix": "[]", "vmatrix": "||", "smallmatrix": ""}
