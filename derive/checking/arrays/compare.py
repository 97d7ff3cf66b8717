"""A numeric gradient of one's own, compared with the proved one; a known mistake is named."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike

from derive.chains.softmax_cross_entropy import NAME
from derive.checking.arrays.case import CONTRACTIONS, Array, Case
from derive.checking.arrays.mistakes import LOWER, candidates
from derive.derivation import Derivation, Problem
from derive.derivation import problem as problem_of
from derive.errors import PROVEN, REFUTED, UsageError
from derive.gradients.checks import Batch, checked_batch

if TYPE_CHECKING:
    from derive.document.nodes import Document

DTYPES = ("float16", "float32", "float64")
ROUNDINGS = 16  # how many roundings, of everything that enters, are allowed
SHAKES = 4  # how often the inputs are shaken by a rounding, to see what that does to the gradient


class ArrayError(UsageError):
    """What was given is no array of numbers, or there is nothing to compare it with."""


@dataclass(frozen=True)
class ArrayChecked:
    """What was found: slips names the known mistakes, none when all is well or when none is known.

    worst: the entry that is furthest off, with the right value (left) and the given one (right); None when the
    shapes differ. error: by how much, and tolerance: how much rounding explains there.
    """

    wrt: str
    ok: bool
    slips: tuple[str, ...]
    shape: tuple[int, ...]
    expected_shape: tuple[int, ...]
    worst: tuple[int, ...] | None = None
    left: float | None = None
    right: float | None = None
    error: float | None = None
    tolerance: float | None = None
    dtype: str = "float64"
    lang: str = "en"

    @property
    def slip(self) -> str | None:
        return self.slips[0] if self.slips else None

    @property
    def exit_code(self) -> int:
        return PROVEN if self.ok else REFUTED

    def document(self) -> Document:
        from derive.checking.document import array_document

        shapes = (str(self.expected_shape), str(self.shape))
        entry = "" if self.worst is None else f"{self.wrt}[{', '.join(map(str, self.worst))}]"
        values = None if self.left is None else (self.left, self.right or 0.0, self.error or 0.0, self.tolerance or 0.0)
        return array_document(self.wrt, self.ok, self.slips, entry, values, shapes)

    def to(self, format: str = "text", lang: str | None = None) -> str:
        """What was found as text, markdown, latex, latex-fragment or typst."""
        from derive.render import render

        return render(self.document(), format, lang or self.lang)


def check_array(
    wrt: str,
    mine: ArrayLike,
    *,
    W: ArrayLike,
    b: ArrayLike,
    h: ArrayLike,
    y: ArrayLike,
    problem: object = NAME,
    reduction: str = "mean",
    tolerance: float | None = None,
    lang: str = "en",
) -> ArrayChecked:
    """Compare a numeric gradient by W, b, h or z with the proved one at W, b, h, y.

    mine: the gradient, in any shape; its dtype says how exact it can be. reduction: "mean" or "sum" over the rows.
    tolerance: allowed error, instead of what rounding explains. Raises ArrayError, or ValueError for W, b, h, y.

    >>> checked = check_array("b", [1.0, -1.0], W=[[0.0], [0.0]], b=[0.0, 0.0], h=[[1.0], [1.0]], y=[0, 0])
    >>> checked.ok, checked.slip
    (False, 'lost-sign')
    """
    given = _numbers(mine)
    derivation = _proved(problem, wrt)
    if derivation.wrt not in CONTRACTIONS:
        raise ArrayError(f'compare a whole family ({", ".join(CONTRACTIONS)}), not "{wrt}"')
    case = Case(derivation, _doubled(checked_batch(W, b, h, y)), reduction)
    name = given.dtype.name if given.dtype.name in DTYPES else "float64"
    judge = _Judge(case, given.astype(np.float64), name, tolerance)
    agrees = judge.agrees(case.expected, name)
    slips = () if agrees else judge.slips()
    found = ArrayChecked(wrt, agrees, slips, given.shape, case.expected.shape, dtype=name, lang=lang)
    return _with_worst(found, judge) if given.shape == case.expected.shape else found


def _proved(problem: object, wrt: str) -> Derivation:
    if isinstance(problem, str):
        problem = problem_of(problem)
    if not isinstance(problem, Problem):
        raise ArrayError(f"cannot compare with {problem!r}: give a problem or the name of one")
    return problem.prove(wrt)


def _numbers(mine: ArrayLike) -> Array:
    try:
        given = np.asarray(mine)
    except ValueError:
        raise ArrayError("your gradient is not a rectangular array of numbers") from None
    if given.dtype.kind not in "iuf" or not given.size:
        raise ArrayError(f"your gradient is {given.dtype} of shape {given.shape}; it must be an array of numbers")
    return given


def _doubled(batch: Batch) -> Batch:
    """In double precision, so that the reference is the better one."""
    W, b, h = (a.astype(np.float64) for a in batch[:3])
    return Batch(W, b, h, _normed(batch.y))


def _normed(y: Array) -> Array:
    if y.ndim == 1:
        return y
    normed: Array = y.astype(np.float64)
    normed /= normed.sum(axis=1, keepdims=True)
    return normed


@dataclass(frozen=True)
class _Judge:
    case: Case
    given: Array
    dtype: str
    tolerance: float | None

    def agrees(self, expected: Array, dtype: str, scale: float = 1.0) -> bool:
        """Whether the given array is this one, up to rounding."""
        if self.given.shape != expected.shape:
            return False
        allowed = self.allowed(dtype) * abs(scale)
        if expected.shape != allowed.shape:
            allowed = np.full(expected.shape, allowed.max(initial=0.0))
        return bool((abs(self.given - expected) <= allowed).all())

    def allowed(self, dtype: str) -> Array:
        """What rounding explains: a few roundings of all that is added up, and of the inputs."""
        case = self.case
        if self.tolerance is not None:
            return np.full(case.expected.shape, self.tolerance)
        unit = float(np.finfo(dtype).eps)
        rng = np.random.default_rng(0)
        shaken = [abs(case.at(_shaken(case.batch, unit, rng)) - case.expected) for _ in range(SHAKES)]
        from_inputs: Array = ROUNDINGS / 2 * np.max(shaken, axis=0)
        from_sums: Array = unit * (ROUNDINGS + 2 * np.sqrt(case.rows)) * case.size() + np.finfo(dtype).tiny
        return from_inputs + from_sums

    def slips(self) -> tuple[str, ...]:
        """The names of the mistakes that give exactly this array."""
        for names, expected, scale in candidates(self.case):
            if not _close(expected, self.case.expected) and self.agrees(expected, self.dtype, scale):
                return names
        lower = DTYPES[: DTYPES.index(self.dtype)]
        return (LOWER,) if any(self.agrees(self.case.expected, dtype) for dtype in lower[1:]) else ()


def _close(a: Array, b: Array) -> bool:
    return a.shape == b.shape and bool(np.allclose(a, b, rtol=1e-6, atol=0))


def _shaken(batch: Batch, unit: float, rng: np.random.Generator) -> Batch:
    W, b, h = (a * (1 + unit * rng.uniform(-1, 1, a.shape)) for a in batch[:3])
    return Batch(W, b, h, batch.y)


def _with_worst(found: ArrayChecked, judge: _Judge) -> ArrayChecked:
    error, allowed = abs(judge.given - judge.case.expected), judge.allowed(judge.dtype)
    excess = np.where(np.isfinite(error), error / np.maximum(allowed, np.finfo(np.float64).tiny), np.inf)
    place = tuple(int(n) for n in np.unravel_index(int(excess.argmax()), excess.shape))
    return replace(
        found, worst=place, left=float(judge.case.expected[place]), right=float(judge.given[place]),
        error=float(error[place]), tolerance=float(allowed[place]),
    )  # fmt: skip
