from __future__ import annotations

import time

import pytest

from cadrerules.errors import Place, Problem
from cadrerules.model.mentions import Mentions, without_names

KNOWN = Mentions({"P1": "<1>", "P10": "<10>", "职工001": "<zh>", "Li Wei": "<li>", "7": "<7>", "王": "<w>", "王明": "<wm>"})


@pytest.mark.parametrize(
    ("text", "replaced"),
    [
        ("P1", "<1>"),
        ("经P1与P10同意", "经<1>与<10>同意"),
        ("P100, P1a, aP1, P1_ and Ⅹ", "P100, P1a, aP1, P1_ and Ⅹ"),
        ("(P1)/P10-x", "(<1>)/<10>-x"),
        ("由职工001负责", "由<zh>负责"),
        ("职工0011", "职工0011"),
        ("Li Wei, Li Weiss", "<li>, Li Weiss"),
        ("7 of 77 and 1.7", "<7> of 77 and 1.<7>"),
        ("王", "<w>"),
        ("王明和国王", "<wm>和国王"),
        ("éP1 P1é", "éP1 P1é"),
        ("", ""),
    ],
)
def test_whole_words_are_replaced_the_longest_first(text: str, replaced: str) -> None:
    assert KNOWN.replaced(text) == replaced


def test_what_is_put_in_is_not_looked_at_again() -> None:
    assert Mentions({"a": "b", "b": "a"}).replaced("a b") == "b a"


def test_a_hundred_thousand_known_texts_do_not_slow_a_long_text_down() -> None:
    many = Mentions({f"P{number:06}": "x" for number in range(100_000)})
    text = "经办人P099999说明，" * 700
    many.replaced("P")
    start = time.process_time()
    assert many.replaced(text) == "经办人x说明，" * 700
    assert time.process_time() - start < 1


def test_errors_lose_the_names_they_quote_in_both_languages() -> None:
    values = {"value": {"en": "`Wang Ming`", "zh": "“Wang Ming”"}, "table": "t", "column": "c"}
    (problem,) = without_names(
        [Problem("CR-NO-SUCH-REFERENCE", Place(path="waivers[r/Wang Ming/2024]"), values)], {"Wang Ming": "…"}
    )
    assert problem.place.path == "waivers[r/…/2024]"
    assert [problem.message(lang) for lang in ("en", "zh")] == [
        "`…` is not in column `c` of table `t`",
        "“…”不在表 `t` 的列 `c` 中",
    ]
