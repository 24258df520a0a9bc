"""The library for charts is one script that needs nothing else."""

from __future__ import annotations

import pytest

import cadrerules as cr
from cadrerules.simulate.page.scripts import library


@pytest.mark.slow
def test_the_library_is_one_script_of_less_than_a_megabyte() -> None:
    text = library()
    assert "vegaEmbed" in text
    assert 500_000 < len(text.encode()) < 1_000_000


def test_without_the_extra_it_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    library.cache_clear()
    monkeypatch.setitem(__import__("sys").modules, "vl_convert", None)
    with pytest.raises(cr.UsageError) as refused:
        library()
    assert refused.value.code == "CR-EXTRA-MISSING"
