"""Tampered proofs: every one is refused, but for those that are proofs of true lines by chance."""

from collections import Counter

import pytest
from twins import Twin, twins

from derive.core.kernel import Refused
from derive.proofs.proof import Proof
from derive.witness.balls import check_theorem
from derive.witness.cas import check_claim


def judge(proofs: dict[str, Proof]) -> tuple[Counter[str], list[Twin]]:
    refused: Counter[str] = Counter()
    accepted = []
    for proof in proofs.values():
        for twin in twins(proof):
            try:
                twin.check()
                accepted.append(twin)
            except Refused:
                refused[twin.kind] += 1
    return refused, accepted


@pytest.mark.parametrize("name", ["symbolic_proofs", "logits_proofs", "one_hot_proofs", "flowers_proofs"])
def test_tampered_proofs_are_refused(name: str, request: pytest.FixtureRequest, capsys: pytest.CaptureFixture[str]):
    refused, accepted = judge(request.getfixturevalue(name))
    verdicts = [(twin.kind, twin.theorem.name, check_theorem(twin.check())) for twin in accepted]
    verdicts += [
        (twin.kind, twin.theorem.name, check_claim(twin.context, twin.check()))
        for twin in accepted
        if twin.left.op == "d"
    ]
    with capsys.disabled():
        kinds = Counter(twin.kind for twin in accepted)
        print(f"\n{name}: {sum(refused.values())} twins refused, {len(accepted)} true by chance {dict(kinds)}")
    assert sum(refused.values()) >= 500
    for kind in ("claim sign", "claim index", "claim delta", "step dropped", "steps swapped", "place moved",
                 "rule changed", "line exponent", "definition sign", "line delta"):  # fmt: skip
        assert refused[kind] > 0, kind
    for kind, theorem, verdict in verdicts:
        assert verdict.status == "proven", (kind, theorem, verdict)
