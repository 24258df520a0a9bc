"""What a parameter takes, told to whoever gave it something else."""

from __future__ import annotations

import pytest

from cadrerules.errors import PolicyError
from cadrerules.model.documents import ParameterDoc
from cadrerules.model.parameters import parameter


@pytest.mark.parametrize(
    ("given", "en", "zh"),
    [
        ({"value": 1, "domain": "2..9"}, "whole number 2..9", "整数 2..9"),
        ({"value": "x", "step": "0.1"}, "number, step 0.1", "数，步长 0.1"),
        ({"value": "x", "type": "date"}, "date", "日期"),
        ({"value": "x", "type": "year"}, "year", "年份"),
    ],
)
def test_what_it_takes_is_told_in_both_languages(given: dict[str, object], en: str, zh: str) -> None:
    with pytest.raises(PolicyError, match="CR-BAD-PARAMETER") as refused:
        parameter("many", ParameterDoc.model_validate(given))
    (problem,) = refused.value.problems
    assert (problem.hint("en"), problem.hint("zh")) == (f"it takes a {en}", f"应为：{zh}")
