"""Functions that NumPy does not have, worked out here, against mpmath."""

from __future__ import annotations

from collections.abc import Callable

import mpmath as mp
import numpy as np
import pytest

import derive
from derive.gradients.functions import FUNCTIONS

SIZES = (0.01, 0.3, 1, 2.5, 7, 12, 30, 1e3, 1e8)


@pytest.mark.parametrize(
    ("name", "outside", "points"),
    [
        ("digamma", lambda u: mp.psi(0, u), SIZES),
        ("trigamma", lambda u: mp.psi(1, u), SIZES),
        ("tetragamma", lambda u: mp.psi(2, u), SIZES),
        ("erfinv", mp.erfinv, (-0.99999999, -0.5, 1e-9, 0.3, 0.999999)),
    ],
)
def test_to_the_last_digits(name: str, outside: Callable[[mp.mpf], mp.mpf], points: tuple[float, ...]) -> None:
    at = np.array(points)
    assert FUNCTIONS[name](at) == pytest.approx([float(outside(mp.mpf(u))) for u in points], rel=4e-15)


@pytest.mark.parametrize(("name", "at"), [("digamma", 0.0), ("tetragamma", -1.5), ("erfinv", 1.2)])
def test_outside_there_is_no_number(name: str, at: float) -> None:
    assert np.isnan(FUNCTIONS[name](at))


def test_the_derivative_of_a_factorial() -> None:
    slope = derive.prove("x!", witnesses=("kernel",)).lambdify()
    assert float(slope(3.0)) == pytest.approx(float(mp.diff(mp.factorial, 3)), rel=1e-12)
