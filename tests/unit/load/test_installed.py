"""Installed sets are read once, and anew when a file of theirs has changed."""

from __future__ import annotations

from pathlib import Path

import pytest

import cadrerules as cr
from cadrerules.hookspecs import PolicySource, hookimpl
from cadrerules.plugins import plugin_manager
from small_parcels import written


class Plugin:
    def __init__(self, folder: Path) -> None:
        self.folder = folder

    @hookimpl
    def cadrerules_policy_sets(self) -> list[PolicySource]:
        return [PolicySource("parcels", self.folder, ())]


def load(folder: Path) -> cr.Plan:
    return cr.load_policies("parcels", plugins=plugin_manager(Plugin(folder), installed=False))


def replaced(file: Path, old: str, new: str) -> None:
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new), encoding="utf-8")


def test_a_set_is_shared_by_all_who_load_it(tmp_path: Path) -> None:
    folder = written(tmp_path / "set")
    plan = load(folder)
    assert load(folder).policy_set is plan.policy_set
    plan.amend(params={"fees.heavy": 9})
    assert load(folder).parameters["fees.heavy"].doc.value == 10


def test_a_change_of_a_file_is_seen_and_taken_back(tmp_path: Path) -> None:
    folder = written(tmp_path / "set")
    before = load(folder)
    replaced(folder / "fees.yaml", "value: 10,", "value: 9,")
    after = load(folder)
    assert (before.parameters["fees.heavy"].doc.value, after.parameters["fees.heavy"].doc.value) == (10, 9)
    replaced(folder / "fees.yaml", "value: 9,", "value: 10,")
    assert load(folder).hash == before.hash


def test_sets_that_lie_apart_have_places_of_their_own(tmp_path: Path) -> None:
    one, other = (load(written(tmp_path / name)) for name in ("one", "other"))
    assert one.hash == other.hash
    assert one.policy_set is not other.policy_set


def test_a_fault_is_told_each_time_until_it_is_mended(tmp_path: Path) -> None:
    folder = written(tmp_path / "set")
    replaced(folder / "fees.yaml", "when: counts > param.heavy", "when: counts > param.none")
    for _ in range(2):
        with pytest.raises(cr.PolicyError, match="CR-UNKNOWN-NAME"):
            load(folder)
    replaced(folder / "fees.yaml", "when: counts > param.none", "when: counts > param.heavy")
    assert load(folder).name == "parcels"


def test_a_table_in_a_file_beside_counts_too(tmp_path: Path) -> None:
    folder = written(tmp_path / "set")
    plan = load(folder)
    (folder / "rows").mkdir()
    (folder / "rows" / "more.csv").write_text("a,b\n", encoding="utf-8")
    assert load(folder).policy_set is not plan.policy_set
