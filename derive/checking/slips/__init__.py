"""The mistakes people make in derivations, as data: to name them in a line, and to make bad twins for tests."""

from __future__ import annotations

from derive.checking.slips.diagnose import Diagnosis, diagnose
from derive.checking.slips.make import Mistake, mistakes, twins
from derive.checking.slips.table import SLIPS, Slip

__all__ = ["SLIPS", "Diagnosis", "Mistake", "Slip", "diagnose", "mistakes", "twins"]
