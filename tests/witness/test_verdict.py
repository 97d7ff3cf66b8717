import dataclasses

import pytest

from derive.witness.verdict import NotRun, Proven, Refuted, Undecided

EACH = [
    (Proven("w"), "proven"),
    (Refuted("w"), "refuted"),
    (Undecided("w", "why"), "undecided"),
    (NotRun("w", "why"), "not run"),
]


@pytest.mark.parametrize(("verdict", "status"), EACH)
def test_a_verdict_has_a_status_and_is_no_bool(verdict: Proven | Refuted | Undecided | NotRun, status: str) -> None:
    assert verdict.status == status
    assert verdict.by == "w"
    with pytest.raises(TypeError, match=status):
        bool(verdict)
    with pytest.raises(dataclasses.FrozenInstanceError):
        verdict.by = "other"  # type: ignore[misc]
