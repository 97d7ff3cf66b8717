"""The form a person would write: like terms collected, common factors out, one fraction bar. Untrusted.

What comes out equals what went in by exact arithmetic alone; the kernel is shown it as one rearrangement.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache, reduce
from math import gcd, lcm

from derive.core.arithmetic import Polynomial, exact_root, polynomial, work
from derive.core.term import Term, add, fn, free, mul, neg, num, walk

ONE = Fraction(1)
PI, E = Term("sym", (), "pi"), fn("exp", num(1))
HALF = Fraction(1, 2)
MOST_EXPANDED, HIGHEST_EXPANDED = 24, 3
MOST_COMPARED = 20_000  # monomials; longer sums are not compared
REMEMBERED = 16_384  # terms whose form is known; the same parts are met again and again
LONGEST_DENOMINATOR = 99  # of a coefficient that came from a decimal; longer ones are written as decimals


@dataclass(frozen=True)
class Product:
    """A number times powers of bases; the bases are no numbers and no products."""

    number: Fraction
    powers: tuple[tuple[Term, Fraction], ...]

    @property
    def key(self) -> frozenset[tuple[Term, Fraction]]:
        return frozenset(self.powers)


def pretty(t: Term) -> Term:
    """t in the form a person would write.

    >>> from derive.core.term import sym
    >>> x = sym("x")
    >>> pretty(x * fn("sin", x) * 2 + x**2 * fn("cos", x))
    mul(x, add(mul(2, sin(x)), mul(x, cos(x))))
    """
    return _built(_product(t))


def quotient(t: Term, factor: Term) -> Term | None:
    """What times factor is t; None when the factor does not stand in front.

    >>> from derive.core.term import sym
    >>> x, y = sym("x"), sym("y")
    >>> quotient(-x * y * x, y), quotient(x + y, y)
    (neg(pow(x, 2)), None)
    """
    p = _product(t)
    if dict(p.powers).get(factor) != 1:
        return None
    return _built(Product(p.number, tuple(pair for pair in p.powers if pair[0] != factor)))


def linear(t: Term, factor: Term) -> tuple[Term, Term] | None:
    """What times factor, plus what, is t; None unless the factor stands in some terms of a sum and not in others.

    >>> from derive.core.term import sym
    >>> x, y, z = map(sym, "xyz")
    >>> linear(z * (x - y), x)
    (z, neg(mul(y, z)))
    """
    p = _product(t)
    sums = [base for base, e in p.powers if e == 1 and base.op == "add" and any(a == factor for _, a in walk(base))]
    if len(sums) != 1:
        return None
    outside = Product(p.number, tuple(pair for pair in p.powers if pair[0] != sums[0]))
    terms = [_times((outside, each)) for a in sums[0].args for each in _expanded(_product(a))]
    above = [q for q in terms if dict(q.powers).get(factor) == 1]
    rest = [q for q in terms if all(a != factor for base, _ in q.powers for _, a in walk(base))]
    if not above or not rest or len(above) + len(rest) < len(terms):
        return None
    stripped = [Product(q.number, tuple(pair for pair in q.powers if pair[0] != factor)) for q in above]
    return pretty(add(*map(_built, stripped))), pretty(add(*map(_built, rest)))


def split(t: Term, index: str) -> tuple[Term, Term] | None:
    """The factors of t without the index, and the others; None when there are none of either kind.

    >>> from derive.core.term import sym
    >>> x, c, i = sym("x"), sym("c"), sym("i")
    >>> split(-x[i] * c * 2, "i")
    (neg(mul(2, c)), x[i])
    """
    p = _product(t)
    out = tuple((base, e) for base, e in p.powers if index not in free(base))
    rest = tuple(pair for pair in p.powers if pair not in out)
    if not rest or (p.number == 1 and not out):
        return None
    return _built(Product(p.number, out)), _built(Product(ONE, rest))


@lru_cache(maxsize=REMEMBERED)
def _product(t: Term) -> Product:
    """t as one product; a sum becomes its common factor times the rest."""
    match t.op:
        case "num":
            return Product(Fraction(t.value or 0), ())
        case "neg":
            inner = _product(t.args[0])
            return Product(-inner.number, inner.powers)
        case "mul":
            return _times(map(_product, t.args))
        case "div":
            return _times((_product(t.args[0]), _raised(_over_one_bar(_product(t.args[1])), -ONE)))
        case "pow":
            exponent = _constant(t.args[1])
            if exponent is not None and (base := _raised_whole(t.args[0], exponent)) is not None:
                return base
            if exponent is None and t.args[1].op == "add" and (number := _constant(t.args[1].args[-1])):
                symbolic = Term("pow", (t.args[0], add(*t.args[1].args[:-1])))
                return _times((Product(ONE, ((symbolic, ONE),)), _of_base(t.args[0], number)))
        case "fn" if t.value == "sqrt":
            return _of_base(t.args[0], HALF)
        case "add":
            return _sum(t)
    return Product(ONE, ((t, ONE),))


def _over_one_bar(p: Product) -> Product:
    """A sum of fractions as one fraction: a denominator 1 + x^2/a^2 is (a^2 + x^2)/a^2."""
    found = [(base, e) for base, e in p.powers if base.op == "add" and e > 0 and any(map(_is_fraction, base.args))]
    if len(found) != 1 or found[0][1].denominator != 1:
        return p
    terms = [_product(a) for a in found[0][0].args]
    number = Fraction(reduce(lcm, (each.number.denominator for each in terms)))
    below = {base for each in terms for base, e in each.powers if e < 0}
    bar = {base: max(-dict(each.powers).get(base, Fraction(0)) for each in terms) for base in below}
    if number > LONGEST_DENOMINATOR:
        return p
    whole = [_times((each, _settled(number, dict(bar)))) for each in terms]
    outside = Product(p.number, tuple(pair for pair in p.powers if pair not in found))
    under = _raised(_settled(number, dict(bar)), -ONE)
    return _times((outside, _raised(_times((under, _shortest(_collected(whole)))), found[0][1])))


def _constant(t: Term) -> Fraction | None:
    match t.op:
        case "num":
            return Fraction(t.value or 0)
        case "neg":
            inner = _constant(t.args[0])
            return None if inner is None else -inner
        case "div":
            top, bottom = map(_constant, t.args)
            return top / bottom if top is not None and bottom else None
        case "add":
            parts = [_constant(a) for a in t.args]
            return None if any(p is None for p in parts) else sum((p for p in parts if p is not None), Fraction(0))
    return None


def _raised_whole(base: Term, exponent: Fraction) -> Product | None:
    if not exponent:
        return None
    if exponent.denominator == 1 and base.op in ("mul", "div", "neg", "num", "pow", "fn"):
        inner = _product(base)
        if abs(exponent) <= HIGHEST_EXPANDED * 4:
            return _raised(inner, exponent)
    return _of_base(base, exponent)


def _of_base(base: Term, exponent: Fraction) -> Product:
    exact = exact_root(base, exponent)
    if exact is not None:
        return Product(exact, ())
    if exponent.denominator == 2 and abs(exponent) > 1 and base.op in ("add", "neg", "mul", "div", "pow", "num"):
        root = HALF if exponent > 0 else -HALF
        return _times((_raised(_product(base), exponent - root), Product(ONE, ((base, root),))))
    if exponent.denominator == 1 and base.op == "add":
        return _raised(_product(base), exponent)
    return Product(ONE, ((base, exponent),))


def _raised(p: Product, n: Fraction) -> Product:
    if n.denominator != 1:
        raise ValueError("a product is only raised to whole powers")
    number = p.number ** int(n) if p.number or n > 0 else Fraction(0)
    return _settled(number, {base: e * n for base, e in p.powers})


def _times(products: Iterable[Product]) -> Product:
    number, powers = ONE, dict[Term, Fraction]()
    for p in products:
        number *= p.number
        for base, e in p.powers:
            same, sign = _known(base, powers)
            if sign < 0 and e.denominator == 1:
                number *= -1 if e % 2 else 1
            powers[same] = powers.get(same, Fraction(0)) + e
    return _settled(number, powers)


def _settled(number: Fraction, powers: dict[Term, Fraction]) -> Product:
    """Without exponents 0, and with whole powers of numbers worked out."""
    kept: list[tuple[Term, Fraction]] = []
    _meet(powers)
    for base, e in powers.items():
        if base.op == "num" and base.value and abs(e) <= HIGHEST_EXPANDED * 4:
            whole = int(e)
            number *= Fraction(base.value) ** whole
            e -= whole
        if e:
            kept.append((base, e))
    return Product(number, tuple(kept))


def _meet(powers: dict[Term, Fraction]) -> None:
    """e^u and e^-u are powers of one base."""
    exponentials = [base for base in powers if base.op == "fn" and base.value == "exp"]
    for n, base in enumerate(exponentials):
        opposite = _opposite(_polynomial(base.args[0]))
        for other in exponentials[:n]:
            if other in powers and base in powers and opposite and _polynomial(other.args[0]) == opposite:
                powers[other] -= powers.pop(base)


def _known(base: Term, powers: dict[Term, Fraction]) -> tuple[Term, int]:
    """The base under which this one is already listed, and -1 if it is its opposite."""
    if base.op != "add" or base in powers:
        return base, 1
    mine = _polynomial(base)
    for other in powers if mine else ():
        if other.op == "add" and len(other.args) == len(base.args):
            theirs = _polynomial(other)
            if mine == theirs:
                return other, 1
            if powers[other].denominator == 1 and mine == _opposite(theirs):
                return other, -1
    return base, 1


def _polynomial(t: Term) -> Polynomial:
    """Empty where there is none, or it is too long."""
    try:
        return polynomial(t) if work(t) <= MOST_COMPARED else {}
    except (ValueError, ZeroDivisionError):
        return {}


def _opposite(p: Polynomial) -> Polynomial:
    return {m: -c for m, c in p.items()}


def _sum(t: Term) -> Product:
    """The common factor of a sum times what remains; expanded first where that is shorter."""
    return _shortest(_collected(_with_one_spelling(map(_product, t.args))))


def _shortest(terms: list[Product]) -> Product:
    """Factored as it stands, or multiplied out first, whichever is shorter."""
    choices = [_factored(terms)]
    expanded = _collected(each for p in terms for each in _expanded(p))
    if expanded != terms and (len(expanded) <= len(terms) or len(_names(expanded)) == 1):
        choices.append(_factored(expanded))
    if _meets_its_reciprocal(terms):  # sqrt(u) - x^2/sqrt(u) is (u - x^2)/sqrt(u)
        choices.append(_over_one_bar(Product(ONE, ((add(*map(_built, terms)), ONE),))))
    return min(choices, key=lambda p: _built(p).size)


def _meets_its_reciprocal(terms: Sequence[Product]) -> bool:
    above = {base for p in terms for base, e in p.powers if e > 0}
    return 1 < len(terms) <= 4 and any(base in above for p in terms for base, e in p.powers if e < 0)


def _with_one_spelling(products: Iterable[Product]) -> Iterator[Product]:
    """x + 1 and 1 + x are one base, in all terms."""
    seen: dict[Term, Fraction] = {}
    for p in products:
        number, powers = p.number, dict[Term, Fraction]()
        for base, e in p.powers:
            same, sign = _known(base, seen)
            if sign < 0 and (e.denominator != 1 or same in powers):
                same, sign = base, 1
            number *= -1 if sign < 0 and e % 2 else 1
            powers[same] = powers.get(same, Fraction(0)) + e
            seen.setdefault(same, ONE)
        yield _settled(number, powers)


def _names(terms: Sequence[Product]) -> set[Term]:
    """The bases of a polynomial; two or more if there is anything but names with whole powers."""
    bases = {base for p in terms for base, _ in p.powers}
    plain = all(e > 0 and e.denominator == 1 and base.op in ("sym", "elem") for p in terms for base, e in p.powers)
    return bases if plain else {*bases, *map(num, (0, 1))}


def _collected(products: Iterable[Product]) -> list[Product]:
    """Like terms together, in the order of their first appearance."""
    found: dict[frozenset[tuple[Term, Fraction]], Product] = {}
    for p in products:
        key = p.key
        old = found.get(key)
        found[key] = Product(old.number + p.number, old.powers) if old else p
    return [p for p in found.values() if p.number]


def _expanded(p: Product) -> list[Product]:
    """The product with its sums multiplied out, if they are few and of low power."""
    sums = [(base, e) for base, e in p.powers if base.op == "add" and e.denominator == 1 and e > 0]
    count = reduce(lambda n, pair: n * len(pair[0].args) ** int(pair[1]), sums, 1)
    if not sums or count > MOST_EXPANDED or any(e > HIGHEST_EXPANDED for _, e in sums):
        return [p]
    result = [Product(p.number, tuple(pair for pair in p.powers if pair not in sums))]
    for base, e in sums:
        for _ in range(int(e)):
            result = [_times((one, _product(a))) for one in result for a in base.args]
    return [each for one in result for each in (_expanded(one) if one != p else [one])]


def _factored(terms: list[Product]) -> Product:
    """The terms as common factor times a sum."""
    if not terms:
        return Product(Fraction(0), ())
    if len(terms) == 1:
        return terms[0]
    common = _common_powers(terms)
    number = _content(terms, any(e < 0 for _, e in common))
    rest = [_times((p, Product(ONE / number, tuple((base, -e) for base, e in common)))) for p in terms]
    if any(_bare_sum(p) for p in rest):  # its terms join the others
        joined = _factored(_collected(each for p in rest for each in (_expanded(p) if _bare_sum(p) else [p])))
        return _times((Product(number, common), joined))
    bracket = add(*map(_built, _positive_first(rest)))
    return _times((Product(number, common), Product(ONE, ((bracket, ONE),))))


def _bare_sum(p: Product) -> bool:
    return len(p.powers) == 1 and p.powers[0][0].op == "add" and p.powers[0][1] == 1


def _common_powers(terms: Sequence[Product]) -> tuple[tuple[Term, Fraction], ...]:
    """Factors of every term; and what stands below every term, if that leaves no fraction in the bracket."""
    exponents = [dict(p.powers) for p in terms]
    above, below = [], []
    for base in exponents[0]:
        found = [e.get(base, Fraction(0)) for e in exponents]
        if all(e > 0 for e in found):
            above.append((base, min(found)))
        if all(e < 0 for e in found):
            below.append((base, min(found)))
    left_below = {base for e in exponents for base, n in e.items() if n < 0} - {base for base, _ in below}
    return (*above, *([] if left_below else below))


def _content(terms: Sequence[Product], fraction: bool) -> Fraction:
    """The number in front of the bracket: what divides every coefficient; negative if they all are."""
    bottom = reduce(lcm, (p.number.denominator for p in terms))
    if bottom > LONGEST_DENOMINATOR or (not fraction and any(p.number.denominator != bottom for p in terms)):
        content = ONE
    else:
        content = Fraction(reduce(gcd, (abs(p.number.numerator) for p in terms)), bottom)
    return -content if all(p.number < 0 for p in terms) else content


def _positive_first(terms: list[Product]) -> list[Product]:
    """A polynomial in one name by falling powers; otherwise a positive term in front, if there is one."""
    if len(terms) > 2 and len(_names(terms)) == 1:
        return sorted(terms, key=lambda p: -sum((e for _, e in p.powers), Fraction(0)))
    first = next((n for n, p in enumerate(terms) if p.number > 0), 0)
    return [terms[first], *terms[:first], *terms[first + 1 :]]


@lru_cache(maxsize=REMEMBERED)
def _built(p: Product) -> Term:
    """The product as a term."""
    if not p.number:
        return num(0)
    p = _with_joined_exponents(p)
    distributed = _distributed(p)
    if distributed is None:
        distributed = _turned_round(p)
    if distributed is None:
        distributed = _shares(p)
    if distributed is None:
        distributed = _without_nested_fractions(p)
    return _fraction(p) if distributed is None else distributed


def _fraction(p: Product) -> Term:
    """Sign, number, factors, one fraction bar."""
    powers = sorted(p.powers, key=lambda pair: _rank(pair[0]))
    top = [part for base, e in powers if e > 0 for part in _power(base, e)]
    bottom = [part for base, e in powers if e < 0 for part in _power(base, -e)]
    number = abs(p.number)
    decimal = number.denominator > LONGEST_DENOMINATOR and _is_decimal(number.denominator)
    above, below = (number, ONE) if decimal else (Fraction(number.numerator), Fraction(number.denominator))
    if above != 1 or not top:
        top.insert(0, num(above))
    if below != 1:
        bottom.insert(0, num(below))
    result = mul(*top) / mul(*bottom) if bottom else mul(*top)
    return neg(result) if p.number < 0 else result


def _with_joined_exponents(p: Product) -> Product:
    """x^n times x^-1 is x^(n - 1)."""
    powers = dict(p.powers)
    for base, e in p.powers:
        if base.op == "pow" and e == 1 and (extra := powers.get(base.args[0])) is not None and extra.denominator == 1:
            sign = num(extra) if extra > 0 else neg(num(-extra))
            del powers[base], powers[base.args[0]]
            powers[Term("pow", (base.args[0], add(base.args[1], sign)))] = ONE
    return Product(p.number, tuple(powers.items()))


def _distributed(p: Product) -> Term | None:
    """A polynomial in one name is written term by term: 4x^3 + 6x, not 2x(2x^2 + 3)."""
    sums = [base for base, e in p.powers if base.op == "add"]
    if len(sums) != 1 or dict(p.powers)[sums[0]] != 1 or p.number.denominator != 1:
        return None
    inside = [_product(a) for a in sums[0].args]
    rest = Product(p.number, tuple(pair for pair in p.powers if pair[0] != sums[0]))
    names = {base for each in (rest, *inside) for base, _ in each.powers}
    if len(names) > 1 or any(base.op not in ("sym", "elem") for base in names):
        return None
    if not rest.powers and rest.number == 1:
        return sums[0]
    written = add(*map(_built, _positive_first([_times((rest, each)) for each in inside])))
    whole = all(e > 0 and e.denominator == 1 for _, e in rest.powers)
    return written if whole or written.size <= _fraction(p).size else None


def _turned_round(p: Product) -> Term | None:
    """-(a - b) is b - a."""
    if p.number != -1 or len(p.powers) != 1 or p.powers[0][1] != 1 or p.powers[0][0].op != "add":
        return None
    terms = [_times((p_, Product(-ONE, ()))) for p_ in map(_product, p.powers[0][0].args)]
    return add(*map(_built, _positive_first(terms))) if any(t.number > 0 for t in terms) else None


def _shares(p: Product) -> Term | None:
    """(a S - b)/S^2 c is c/S (a - b/S) for a sum S over an index: shares of S, as in the softmax."""
    powers = dict(p.powers)
    brackets = [base for base, e in p.powers if base.op == "add" and e == 1]
    totals = [base for base, e in p.powers if base.op == "sum" and e < 0]
    if len(brackets) != 1 or len(totals) != 1:
        return None
    (bracket,), (total,) = brackets, totals
    terms = [_product(a) for a in bracket.args]
    if not any(dict(each.powers).get(total, Fraction(0)) > 0 for each in terms):
        return None
    below = Product(ONE, ((total, -ONE),))
    inside = add(*(_fraction(_times((each, below))) for each in terms))
    del powers[bracket]
    outside = _times((Product(p.number, tuple(powers.items())), Product(ONE, ((total, ONE),))))
    return mul(_fraction(outside), inside) if outside.powers or outside.number != 1 else inside


def _without_nested_fractions(p: Product) -> Term | None:
    """A fraction over a sum with fractions in it is written term by term."""
    sums = [base for base, e in p.powers if base.op == "add" and e == 1]
    under = p.number.denominator != 1 or any(e < 0 for _, e in p.powers)
    if not under or len(sums) != 1 or not any(_is_fraction(a) for a in sums[0].args):
        return None
    rest = Product(p.number, tuple(pair for pair in p.powers if pair[0] != sums[0]))
    terms = _collected(_times((rest, _product(a))) for a in sums[0].args)
    apart = add(*map(_built, _positive_first(terms))) if len(terms) > 1 else None
    joined = _over_one_bar(p)
    together = _fraction(joined) if joined != p else None
    if apart is None or together is None:
        return apart or together
    return min(together, apart, key=lambda t: t.size)


def _is_fraction(t: Term) -> bool:
    return t.op == "div" or (t.op == "neg" and t.args[0].op == "div")


def _is_decimal(n: int) -> bool:
    return pow(10, n.bit_length(), n) == 0


def _power(base: Term, e: Fraction) -> list[Term]:
    """base to the e > 0, as factors: x sqrt(x) for 3/2."""
    if e.denominator == 2:
        whole = e - HALF
        return [*(_power(base, whole) if whole else []), fn("sqrt", base)]
    if e == 1:
        return [base] if base.op != "mul" else list(base.args)
    exponent = num(e) if e.denominator == 1 else num(e.numerator) / num(e.denominator)
    return [Term("pow", (base, exponent))]


def _rank(base: Term) -> tuple[int, str]:
    """Constants, names by the alphabet, roots and powers, functions, exponentials, everything else, brackets."""
    here = base.args[0] if base.op == "pow" else base
    if base in (PI, E) or base.op == "num":
        return (-1, "")
    if here.op in ("sym", "elem"):
        return (0 if base is here else 1, repr(here))
    if base.op == "fn":
        return (2 if base.value != "exp" else 3, "")
    return (5 if base.op == "add" else 1 if base.op == "pow" else 4, "")
