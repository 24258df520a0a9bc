"""Any documents make a policy set or are refused with a report; nothing else comes out."""

from __future__ import annotations

import json
from copy import deepcopy
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import cadrerules_market_supervision
from cadrerules.errors import CadreError
from cadrerules.load.policies import BESIDE, build_policy_set, read_policy_set
from cadrerules.load.yaml import read_yaml
from cadrerules.model.policy_set import PolicySet
from cadrerules.plan import Plan
from cadrerules.plugins import plugin_manager
from cadrerules.testing.strategies import tables
from cadrerules_market_supervision.facts import TABLES

NO_PLUGINS = plugin_manager(installed=False)

BOTH = {"en": "x", "zh": "某"}
DOCUMENTS: dict[str, Any] = {
    "policy_set.yaml": {
        "format": 1,
        "policy_set": "small",
        "title": BOTH,
        "waivable_by": ["B"],
        "tables": {
            "marks": {
                "title": BOTH,
                "counts": ["since", "until"],
                "columns": {
                    "quarter": {"type": "quarter", "key": True, "title": BOTH},
                    "unit": {"type": "text", "key": True, "references": "units.unit", "aliases": ["U"]},
                    "points": {"type": "number", "low": 0, "high": 9, "step": 0.1, "worse": "higher"},
                    "grade": {"type": "choice", "options": {"a": ["甲"], "b": ["乙"]}},
                    "since": {"type": "date", "empty": "always"},
                    "until": {"type": "date", "empty": "never", "optional": True},
                },
            },
            "units": {
                "columns": {"unit": {"type": "text", "key": True}, "size": {"type": "whole", "empty": "refused"}}
            },
        },
    },
    "questions.yaml": {
        "format": 1,
        "questions": {
            "flag": {
                "title": BOTH,
                "subject": "unit",
                "period": "quarter",
                "verdicts": {
                    "red": {"title": BOTH, "polarity": "favourable", "severity": 1},
                    "black": {"title": BOTH, "polarity": "adverse", "severity": 2, "waivable": True},
                },
                "decide": {"choose": "board.by", "unit": "gravest", "all": "each"},
            }
        },
    },
    "board.yaml": {
        "format": 1,
        "policy": "board",
        "title": BOTH,
        "clause": "1.1",
        "in_force": {"from": "2024-01-01", "until": None},
        "params": {
            "most": {"values": {"2023-01-01": 1, "2024-01-01": 2}, "domain": ">= 1", "unit": "place"},
            "least": {"unset": BOTH, "domain": "1..3", "step": 0.1, "title": BOTH},
            "start": {"value": "2024-01-01", "type": "date"},
        },
        "interpretations": {
            "by": {
                "options": ["unit", "all"],
                "default": "unit",
                "why": BOTH,
                "adopted": {"choice": "all", "by": "B", "on": "2024-01-01"},
            }
        },
        "groups": {"big": {"each": "units", "where": "size > 3"}},
        "views": {
            "sums": {
                "from": "marks",
                "by": {"choose": "by", "unit": ["quarter", "unit"], "all": ["quarter", "unit"]},
                "columns": {"sum": "total(points)"},
            }
        },
        "facts": "sums",
        "derive": {
            "place": "rank(sum, within=[quarter])",
            "level": {"cases": [{"when": "place <= param.most", "value": "high"}, {"otherwise": "low"}]},
            "series": "run(level == 'high' and sum >= param.least)",
        },
        "titles": {"place": BOTH},
        "rules": [
            {"id": "red", "title": BOTH, "when": "series >= 2", "then": "flag.red", "clause": ["1.2", "1.3"]},
            {
                "id": "black",
                "title": BOTH,
                "when": "place > 3",
                "then": "flag.black",
                "to": {"each": "big", "where": "size < 9"},
            },
        ],
    },
}


def parts(data: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    inner = data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else ()
    return [path, *(p for step, value in inner for p in parts(value, (*path, step)))]


PATHS = [path for path in parts(DOCUMENTS) if path]
# fmt: off
SCALARS = [
    *(None, True, False, 0, 1, -1, 2, 10**17, 10**40, 0.1, -2.5, 1e-9, 1e300, "1e99999999", "NaN", "", "x", "unit", "quarter"),
    *("marks", "sums", "board", "by", "place", "True", "sum", "place > 1", "flag.red", "promotion.x", "2024-01-01", "2024"),
    *(">= 1", "3..1", "1..", "<= x", "number", "date", "year", "any", "each", "gravest", "conflict", "exactly_one", "every"),
    *("never", "refused", "none", "choice", "red", "units.unit", "model_config", "copy", "spec", "class", "1x", "Board", "a b"),
    *("a" * 70, "(", "mean(sum)", "rank(sum)", "previous(place)", "红"),
]
# fmt: on
junk = st.recursive(
    st.sampled_from(SCALARS),
    lambda inner: (
        st.lists(inner, max_size=2)
        | st.dictionaries(st.sampled_from(["x", "each", "when", "choose", "type"]), inner, max_size=2)
    ),
    max_leaves=4,
)


@st.composite
def changed(draw: st.DrawFn) -> dict[str, Any]:
    """The documents with one to three parts changed, moved, renamed or left out."""
    documents = deepcopy(DOCUMENTS)
    for _ in range(draw(st.sampled_from([1, 1, 1, 2, 3]))):
        *above, last = draw(st.sampled_from(PATHS))
        try:
            holder = documents
            for step in above:
                holder = holder[step]
            what = draw(st.sampled_from(["change", "change", "remove", "rename", "copy"]))
            if what == "remove" and above:
                del holder[last]
            elif what == "rename" and isinstance(holder, dict) and above:
                holder[draw(st.sampled_from([str(s) for s in SCALARS]))] = holder.pop(last)
            elif what == "copy":
                holder[last] = deepcopy(at(documents, draw(st.sampled_from(PATHS))))
            else:
                holder[last] = draw(junk)
        except (KeyError, IndexError, TypeError):
            continue
    return documents


def at(data: Any, path: tuple[Any, ...]) -> Any:
    for step in path:
        data = data[step]
    return data


def check(make: Any) -> PolicySet | None:
    """The policy set made, with a hash; None if it is refused, with a report in both languages."""
    try:
        made = make()
    except CadreError as error:
        found = error
    else:
        assert isinstance(made, PolicySet)
        assert len(made.hash) == 64
        assert made.questions is not None
        return made
    assert all(found.report(lang).encode() for lang in ("en", "zh"))
    return None


def written(documents: dict[str, Any]) -> dict[str, Any]:
    return {file: read_yaml(json.dumps(data, ensure_ascii=False), file) for file, data in documents.items()}


def test_the_documents_are_right_before_they_are_changed() -> None:
    assert check(lambda: build_policy_set(written(DOCUMENTS))) is not None


@settings(max_examples=500)
@given(st.data(), changed())
def test_changed_documents_are_a_policy_set_or_refused(data: st.DataObject, documents: dict[str, Any]) -> None:
    made = check(lambda: build_policy_set(written(documents)))
    if made is not None:
        facts = data.draw(tables(*made.models.values(), max_rows=3))
        assert Plan(made, NO_PLUGINS).evaluate(facts, as_of=date(2024, 6, 30)).to_dict(trace=True)


REAL = {path.name: path.read_bytes() for path in Path(cadrerules_market_supervision.__file__).parent.glob("*.yaml") if path.name not in BESIDE}


SOUND = {name: read_yaml(raw.decode(), name) for name, raw in REAL.items()}


@settings(max_examples=40)
@given(st.sampled_from(sorted(REAL)), st.data())
def test_any_bytes_are_a_policy_set_or_refused(name: str, data: st.DataObject) -> None:
    raw = REAL[name]
    start = data.draw(st.integers(0, len(raw)))
    end = data.draw(st.integers(start, min(len(raw), start + 40)))
    spoilt = raw[:start] + data.draw(st.binary(max_size=20)) + raw[end:]
    with TemporaryDirectory() as folder:
        path = Path(folder) / name
        path.write_bytes(spoilt)
        check(lambda: build_policy_set({**SOUND, name: read_yaml(path)}, TABLES))


@pytest.mark.parametrize("name", sorted(REAL))
def test_a_file_of_noise_is_refused(name: str, tmp_path: Path) -> None:
    for file, raw in REAL.items():
        (tmp_path / file).write_bytes(raw)
    (tmp_path / name).write_bytes(bytes(range(256)))
    assert check(lambda: read_policy_set(tmp_path, TABLES)) is None
