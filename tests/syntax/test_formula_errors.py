"""What is refused: where the error points, and what it tells the person to do."""

from time import process_time

import pytest

from derive.core.term import sym
from derive.errors import USAGE
from derive.syntax.formula import FormulaError, parse, parse_line, parse_variable

# the text, the column it points at (from 0), and a word of the message or hint
REFUSED = [
    ("", 0, "no formula"),
    ("   ", 0, "no formula"),
    ("$ $", 0, "no formula"),
    ("x +", 3, "missing"),
    ("x + * y", 4, "missing"),
    ("* x", 0, "missing"),
    ("2 (x + 1", 2, "never closed"),
    ("x + 1)", 5, "never opened"),
    ("(x + [y)", 5, "closed"),
    ("|x", 0, "never closed"),
    ("()", 1, "missing"),
    ("sin", 0, "no argument"),
    ("sin + 1", 0, "no argument"),
    ("arcsn(x)", 0, "arcsin"),
    ("1 + xsin(x)", 4, "xsin"),
    ("sinx", 0, "sin x"),
    ("sin2x", 0, "spaces"),
    ("cost + 1", 0, "cos t"),
    ("y(2)", 0, "y * 2"),
    ("u(u + 1)", 0, "u is a function and a variable"),
    ("f(x) + f", 0, "f is a function and a variable"),
    ("f(x) + f(x, y)", 7, "argument"),
    ("1/2x", 1, "1/(2 x)"),
    ("a/b c", 1, "(a/b) c"),
    ("sin x/2", 5, "brackets"),
    ("sin 2*x", 5, "brackets"),
    ("sin x (x + 1)", 0, "brackets"),
    ("x^1/2", 0, "x^(1/2)"),
    ("e^2x", 0, "e^2 x"),
    ("√2x", 0, "√(..)"),
    ("√x²", 0, "√(..)"),
    ("x 2", 2, "*"),
    ("x_1y", 0, "spaces"),
    ("f^2(x)", 0, "(f(x))^.."),
    ("ln x/y", 4, "(ln x) /"),
    ("2 3", 2, "*"),
    ("0,5", 1, "0.5"),
    ("x!!", 2, "(x!)!"),
    ("!x", 0, "x!"),
    ("x^2!", 0, "x^(2!)"),
    ("sin x!", 5, "x!"),
    ("root(x, 3)", 0, "root(3, x)"),
    ("beta(x + 1)", 0, "beta * (..)"),
    ("polygamma(n, x)", 0, "orders 0 to 2"),
    ("besselj(0, x)", 0, "not known"),
    ("E^x", 0, "write e"),
    ("x^E", 2, "write e"),
    ("|x|y|z|", 2, "abs(x) y abs(z) or abs(x abs(y) z)"),
    ("| a | b | c |", 4, "two ways"),
    ("||x + 1||", 0, "norm(x)"),
    ("|||x|||", 1, "norm(x)"),
    ("|x|" * 31, 0, "60 bars"),
    (r"|x|y|z|", 2, "two ways"),
    (r"|\alpha|y|z|", 7, r"\left|"),
    (r"y\left(2\right)", 0, "y * 2"),
    ("x < 1", 2, "piecewise"),
    ("piecewise(x if x = 0; 1)", 17, "< <= > >="),
    ("piecewise(x if x < 0)", 10, "elsewhere"),
    ("piecewise(x; 1 if x < 0; 2)", 10, "last"),
    ("max(x)", 0, "argument"),
    ("sqrt(x, y)", 0, "argument"),
    ("sin_2 x", 0, "function"),
    ("sin^-2 x", 4, "1/sin"),
    ("exp^-1 x", 4, "inverse"),
    ("x_i + x", 6, "without them"),
    ("x_i + i", 6, "index"),
    ("x_i + x_ij", 6, "1 index"),
    ("Σ_i x_i - y_i", 0, "inside and outside"),
    ("sum(i, 0, n, x_i)", 0, "starts at 1"),
    ("Σ x_i", 0, "Σ_i"),
    ("sum(i, 1, 3, x_i) + sum(j, 1, 4, x_j)", 13, "3 and over 4"),
    ("sum(i, 1, 3, x_i) + x_5", 13, "no entry 5"),
    ("x_{i+1}", 0, "subscript"),
    ("x_in", 0, "x_{i,n}"),
    ("x_0 + x_i", 0, "count from 1"),
    ("softmax(z)", 0, "softmax(z)_i"),
    ("softmax(z_i)", 0, "softmax"),
    ("norm(2x)", 0, "vector"),
    ("gamma (x - mu)", 0, "gamma * (..)"),
    ("sigma (x - mu)", 0, "sigma * (..)"),
    ("zeta(2x)", 0, "zeta"),
    ("1/0", 2, "zero"),
    ("1/(2 - 2)", 2, "zero"),
    ("0^-1", 0, "zero"),
    ("9^9^9", 2, "1000"),
    ("x^100000001", 2, "100000000"),
    ("x^(10^9)", 2, "1000"),
    ("((10^999)^999)^9", 1, "too large"),
    ("1" * 51, 0, "50 digits"),
    ("1e999999999", 0, "50 digits"),
    ("x" + "+x" * 10_000, 20_000, "20001 characters"),
    ("(" * 61 + "x" + ")" * 61, 60, "60 deep"),
    ("-" * 500 + "x", 0, "too large"),
    ("f'(x, y)", 0, "f'1"),
    ("||x||", 0, "norm(x)"),
    ("x # comment", 2, "no meaning"),
    ("np.exp(x)", 0, "leave np. out"),
    ("x + tf.nn.relu(x)", 4, "leave tf.nn. out"),
    ("xsinx", 0, "x sin x"),
    ("w^T x", 0, "dot(w, x)"),
    (r"x^\top A x", 1, "two vectors"),
    (r"w^\top x y", 1, "two vectors"),
    (r"\|w\|_1", 5, "norm"),
    (r"W^{(1)} x", 2, "W_1"),
    ("ψ (x - 1)", 0, "psi * (..)"),
    ("ψ''(x)", 0, "no function"),
    ("∂₁f(x)", 0, "f'(x)"),
    ("{x + 1}", 0, "( )"),
    ("21[x > 0]", 5, "piecewise"),
    ("where(x > 0, x, 0)", 0, "piecewise"),
    ("W @ x", 2, "sum(j"),
    ("(y - ŷ)^2", 5, "y_hat"),
    ("d²/dx² (x³)", 0, "leave d/dx out"),
    (r"\int x", 0, "integrals"),
    (r"\sin\frac{x}{2} y", 0, "brackets"),
    (r"\log\sum_j e^{z_j} \cdot y", 19, "brackets"),
    (r"\frac{1}{0}", 8, "zero"),
    (r"\sen x + \foo", 9, "foo"),
    ("$sin x$", 1, r"\sin"),
    ("$x^10$", 3, "^{10}"),
    (r"\sqrt12x", 5, "braces"),
    (r"\begin{cases} x & x < 0", 0, "never closed"),
    ("x\\", 1, "no meaning"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "position", "word"), REFUSED)
def test_the_error_points_and_helps(text: str, position: int, word: str):
    with pytest.raises(FormulaError) as caught:
        parse(text)
    error = caught.value
    assert error.position == position
    assert word in f"{error.message} {error.hint}"
    assert error.exit_code == USAGE


def test_the_caret_stands_beneath():
    with pytest.raises(FormulaError) as caught:
        parse("x^2 + arcsn(x)")
    shown, caret = caught.value.pointed.splitlines()
    assert shown == "x^2 + arcsn(x)"
    assert caret == "      ^"
    assert str(caught.value) == ("there is no function arcsn (column 7)\nx^2 + arcsn(x)\n      ^\ndid you mean arcsin?")


def test_a_long_formula_is_shown_in_part():
    with pytest.raises(FormulaError) as caught:
        parse("x + " * 300 + "# + x")
    shown, caret = caught.value.pointed.splitlines()
    assert len(shown) < 100
    assert shown[len(caret) - 1] == "#"


def test_control_characters_are_not_repeated():
    with pytest.raises(FormulaError) as caught:
        parse("x \x1b[31m")
    assert "\x1b" not in str(caught.value)


INJECTIONS = [
    *r"""
__import__('os').system('true')
x.__class__
().__class__.__bases__[0]
eval('1')
exec(x)
lambda: 0
lambda x: x
[x for x in (1,2)]
{x}
{0.__class__}
{{x}}
%s %n
f'{x}'
x if True else y
x; y
import os
print(1)
'x'
"x"
`x`
$(ls)
x && y
x | y
~x
x := 1
@x
\
\\
\input{/etc/passwd}
\write18{ls}
\def\x{y}
9**9**9
9^9^9^9
10^(10^(10^10))
1/(1-1)
х
ﬁ
½
①
٣
""".strip().splitlines(),
    "x\ny = 1", "\x00", "\ud800", "x\u202ey", "x\x7f", "x_\u0661",
]  # fmt: skip


@pytest.mark.parametrize("text", INJECTIONS)
def test_tricks_are_refused(text: str):
    with pytest.raises(FormulaError):
        parse(text)


PARTS = r"""
x^ x_ \frac \frac{ \sqrt[ \left( \begin{cases} d/dx f' log_ piecewise( softmax( x=1 f(x) (x)' 2^ e^ x+ x* x/ x- -( 1/(
norm(x)+ \sum_{i} \mathrm{d} \delta_{ik} {x} x_{1} W_kj+ max(x, |x||
"""
SPACED = ("sin ", "Σ_i ", "sum(i, ", "x if x<0; ", "1 ", "ab ", "x_i ", "\\text{if }", "\\alpha ")
HEAVY = [part * (1999 // len(part)) for part in (*"x1.()-|√'_{[]$²∂/=&+^\\", *PARTS.split(), *SPACED)]
HEAVY += [
    "x_{" + "1" * 1990 + "}",
    "1e" + "9" * 1990,
    "a^" + "9" * 60,
    "f" + "'" * 900 + "(x)",
    "x" + "+1/(x" * 59 + ")" * 59,
]


@pytest.mark.parametrize("text", HEAVY, ids=[text[:12] for text in HEAVY])
def test_long_texts_are_read_or_refused_at_once(text: str):
    start = process_time()
    for read in (parse, parse_variable, lambda text: parse_line(text, wrt=sym("x"))):
        try:
            read(text)
        except FormulaError as error:
            assert len(error.pointed.splitlines()) == 2  # noqa: PT017
    assert process_time() - start < 2
