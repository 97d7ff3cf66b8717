"""Literal text for each format: whatever a user calls a class is shown, and never obeyed."""

from __future__ import annotations

import re

REPLACEMENT = "\ufffd"


def printable(text: str) -> str:
    """Without control characters: a space for a line break, a replacement sign for the others.

    >>> printable("a\\x1b[31mb")
    'a\ufffd[31mb'
    """
    return "".join(c if c.isprintable() else " " if c in "\n\t\r\u00a0" else REPLACEMENT for c in text)


def unescaped(text: str) -> str:
    return printable(text)


_MARKDOWN = {c: "\\" + c for c in "\\`*_[]|~#"} | {
    "<": "&lt;", ">": "&gt;", "&": "&amp;", "$": "<span>$</span>", "@": "<span>@</span>",
}  # fmt: skip


def markdown(text: str) -> str:
    """GitHub's Markdown; a dollar or an at sign stands in a span, where neither formula nor mention begins.

    >>> markdown("a_b <x> | 1*2")
    'a\\\\_b &lt;x&gt; \\\\| 1\\\\*2'
    """
    escaped = "".join(_MARKDOWN.get(c, c) for c in printable(text))
    return re.sub(r"(?i)\b(https?|ftp)(?=:)|\bwww(?=\.)", r"\g<0><span></span>", escaped)


def markdown_paragraph(markdown: str) -> str:
    """A paragraph that begins neither a list nor a heading.

    >>> markdown_paragraph("1. x"), markdown_paragraph("- x")
    ('1\\\\. x', '\\\\- x')
    """
    return re.sub(r"^(\s*[0-9]*)([-+=.)])(?=\s|$|=|-)", r"\1\\\2", markdown).rstrip(" ")


_LATEX = {c: "\\" + c for c in "{}%$#&_"} | {
    "\\": r"\textbackslash{}", "^": r"\textasciicircum{}", "~": r"\textasciitilde{}", "<": r"\textless{}",
    ">": r"\textgreater{}", "|": r"\textbar{}", '"': r"\textquotedbl{}", "'": r"\textquotesingle{}",
    "`": r"\textasciigrave{}", "[": "{[}", "]": "{]}", "*": r"{*}", "’": "'", "‘": "`", "“": "``",
    "”": "''", "–": r"\textendash{}", "—": r"\textemdash{}", "…": r"\dots{}", "\u00a0": "~", "−": r"\ensuremath{-}",
}  # fmt: skip
_LATEX_MATH = {
    "·": r"\cdot", "×": r"\times", "≠": r"\neq", "≤": r"\leq", "≥": r"\geq", "≈": r"\approx", "∂": r"\partial",
    "→": r"\to", "∞": r"\infty", "∈": r"\in", "√": r"\surd",
}  # fmt: skip
GREEK = {
    "α": r"\alpha", "β": r"\beta", "γ": r"\gamma", "δ": r"\delta", "ε": r"\varepsilon", "ζ": r"\zeta", "η": r"\eta",
    "θ": r"\theta", "ι": r"\iota", "κ": r"\kappa", "λ": r"\lambda", "μ": r"\mu", "ν": r"\nu", "ξ": r"\xi",
    "π": r"\pi", "ρ": r"\rho", "σ": r"\sigma", "τ": r"\tau", "υ": r"\upsilon", "φ": r"\varphi", "χ": r"\chi",
    "ψ": r"\psi", "ω": r"\omega", "Γ": r"\Gamma", "Δ": r"\Delta", "Θ": r"\Theta", "Λ": r"\Lambda", "Ξ": r"\Xi",
    "Π": r"\Pi", "Σ": r"\Sigma", "Υ": r"\Upsilon", "Φ": r"\Phi", "Ψ": r"\Psi", "Ω": r"\Omega",
}  # fmt: skip
_LATEX_MATH |= GREEK
# what T1 fonts hold: Latin with its accents, but for a few letters
_KNOWN_TO_LATEX = re.compile(r"[\x20-\x7e¡-·¹-ĥĨ-ķĹ-ľŁ-ňŊ-ťŨ-ž]")


def latex(text: str) -> str:
    """LaTeX text; a character that its fonts lack is shown by its number.

    >>> latex("50% of a_b")
    '50\\\\% of a\\\\_b'
    """
    escaped = "".join(map(_latex_character, printable(text)))
    return re.sub(r"-(?=-)|(?<=-)-", "{-}", escaped) if "--" in text else escaped


def unknown_to_latex(page: str) -> list[str]:
    r"""The characters that a LaTeX page shows by their numbers.

    >>> unknown_to_latex(latex("é猫"))
    ['猫']
    """
    return [chr(int(number, 16)) for number in re.findall(r"\\texttt\{U\+([0-9A-F]{4,6})\}", page)]


def _latex_character(c: str) -> str:
    if c in _LATEX:
        return _LATEX[c]
    if c in _LATEX_MATH:
        return rf"\ensuremath{{{_LATEX_MATH[c]}}}"
    return c if _KNOWN_TO_LATEX.match(c) else rf"\texttt{{U+{ord(c):04X}}}"


def typst(text: str) -> str:
    """Typst markup.

    >>> typst("#a_b")
    '\\\\#a\\\\_b'
    """
    escaped = re.sub(r"[\\#*_`$<>@\[\]~=+\-/'\"]", r"\\\g<0>", printable(text))
    return re.sub(r"^(\s*[0-9]+)\.", r"\1\\.", escaped)


def typst_string(text: str) -> str:
    r"""A string of Typst, quotes included.

    >>> print(typst_string('say "x"'))
    "say \"x\""
    """
    escaped = printable(text).replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
