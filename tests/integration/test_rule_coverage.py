"""The plan's cases cover the rules on the board, on results, on rectification and on training without a gap."""

from __future__ import annotations

from pathlib import Path

import pytest

import cadrerules as cr
import cadrerules_market_supervision
from cadrerules.testing.cases import policies_of, read_cases
from cadrerules.testing.coverage import Coverage

PLAN = cr.load_policies("market-supervision")
FILES = {
    "board": {"board.yaml", "people.yaml"},
    "assessment": {"assessment.yaml", "exemptions.yaml", "kinds.yaml", "people.yaml"},
    "rectification": {"rectification.yaml"},
    "training": {"training.yaml"},
}


@pytest.mark.slow
@pytest.mark.parametrize("policy", FILES)
def test_nothing_is_left_out(policy: str) -> None:
    coverage = Coverage(PLAN, [policy])
    for document in read_cases(Path(cadrerules_market_supervision.__file__).parent):
        for case in document.file.cases if document.path.name in FILES[policy] else ():
            assert policy in policies_of(PLAN, document.file, case)
            coverage.add(document.file, case)
    assert coverage.gaps() == []
