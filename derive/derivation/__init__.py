"""From a question to what a user holds: one Derivation, its record, and the record checked again."""

from derive.derivation.derivation import WITNESSES, Derivation
from derive.derivation.prove import Judgement, Problem, lemma, named, problem, prove

__all__ = ["WITNESSES", "Derivation", "Judgement", "Problem", "lemma", "named", "problem", "prove"]
