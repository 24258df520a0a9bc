from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from cadrerules.errors import PolicyError
from cadrerules.load.yaml import MAX_BYTES, read_yaml

DOCUMENT = """\
# a policy
title: {zh: 红黑榜, en: "board"}
params:
  2023-01-01: 7
rules:
  - when: place <= 7
    also: 'x > 2'
    long: |
      a and
      b
    escaped: "x == \\"y\\""
"""


def problems(source: str, **options: int) -> list[tuple[str, int | None, int | None]]:
    with pytest.raises(PolicyError) as caught:
        read_yaml(source, **options)
    return [(p.code, p.place.line, p.place.column) for p in caught.value.problems]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("7", 7),
        ("-7", -7),
        ("0", 0),
        ("2.5", Decimal("2.5")),
        ("2.10", Decimal("2.10")),
        ("-0.05", Decimal("-0.05")),
        ("123456789012345678", 123456789012345678),
        ("true", True),
        ("false", False),
        ("null", None),
        ("~", None),
        ("", None),
        ("# nothing", None),
        ("---\n...\n", None),
        ("True", "True"),
        ("on", "on"),
        ("yes", "yes"),
        ("no", "no"),
        ("Null", "Null"),
        ("01", "01"),
        ("+1", "+1"),
        ("1e3", "1e3"),
        ("0x10", "0x10"),
        ("1_000", "1_000"),
        (".5", ".5"),
        ("5.", "5."),
        (".nan", ".nan"),
        ("12:30", "12:30"),
        ("2024-01-01", "2024-01-01"),
        ("１２", "１２"),
        ("'7'", "7"),
        ('"true"', "true"),
        ('""', ""),
        ("'<<'", "<<"),
        ("|\n  7\n", "7\n"),
        ("\ufeffa", "a"),
    ],
)
def test_scalars_are_read_as_written(text: str, value: object) -> None:
    data = read_yaml(text).data
    assert data == value
    assert type(data) is type(value)
    assert str(data) == str(value)  # 2.10 stays 2.10


def test_collections_are_plain_and_keep_their_order() -> None:
    data = read_yaml("b: [1, {x: ~}]\na: {}\n'<<': []\n").data
    assert data == {"b": [1, {"x": None}], "a": {}, "<<": []}
    assert list(data) == ["b", "a", "<<"]
    assert type(data) is dict
    assert type(data["b"]) is list


def test_numbers_and_dates_as_keys_become_their_text() -> None:
    assert read_yaml("2023: 1\n2.10: 2\n2024-01-01: 3\n").data == {"2023": 1, "2.10": 2, "2024-01-01": 3}


@pytest.mark.parametrize(
    ("path", "value_at", "key_at", "text_column"),
    [
        ((), (2, 1), (2, 1), None),
        (("title",), (2, 8), (2, 1), None),
        (("title", "zh"), (2, 13), (2, 9), 13),
        (("title", "en"), (2, 22), (2, 18), 23),
        (("params", "2023-01-01"), (4, 15), (4, 3), 15),
        (("rules",), (6, 3), (5, 1), None),
        (("rules", 0), (6, 5), (6, 5), None),
        (("rules", 0, "when"), (6, 11), (6, 5), 11),
        (("rules", 0, "also"), (7, 11), (7, 5), 12),
        (("rules", 0, "long"), (8, 11), (8, 5), None),
        (("rules", 0, "escaped"), (11, 14), (11, 5), None),
        (("rules", 0, "absent"), (6, 5), (6, 5), None),
        (("rules", 3, "absent"), (6, 3), (6, 3), None),
        (("title", "zh", "deeper"), (2, 13), (2, 13), None),
    ],
)
def test_every_value_has_its_place(path, value_at, key_at, text_column) -> None:
    located = read_yaml(DOCUMENT, "board.yaml")
    place, key = located.place(path), located.key_place(path)
    assert (place.line, place.column) == value_at
    assert (key.line, key.column) == key_at
    assert located.scalar_column(path) == text_column
    assert place.file == located.file == "board.yaml"
    assert place.source == DOCUMENT.splitlines()[value_at[0] - 1]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_places_count_every_kind_of_line_end(end: str) -> None:
    place = read_yaml(f"\ufeffa: 1{end}# 注释{end}b: 2{end}").place(("b",))
    assert (place.line, place.column, place.source) == (3, 4, "b: 2")


@pytest.mark.parametrize("text", ["a: b\n  c", "a: 'it''s'", "a: 'b\n  c'"])
def test_text_that_is_not_verbatim_has_no_column(text: str) -> None:
    assert read_yaml(text).scalar_column(("a",)) is None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a: !x 1", [("CR-YAML-TAG", 1, 4)]),
        ("a: !!str 1", [("CR-YAML-TAG", 1, 4)]),
        ("! a", [("CR-YAML-TAG", 1, 1)]),
        ("a: !!python/object/apply:os.system ['ls']", [("CR-YAML-TAG", 1, 4)]),
        ("a: !x [", [("CR-YAML-TAG", 1, 4)]),  # the syntax is reported once the tag is gone
        ("[!a,!b]", [("CR-YAML-TAG", 1, 2), ("CR-YAML-TAG", 1, 5)]),
        ("a: &x 1\nb: *x", [("CR-YAML-ANCHOR", 1, 4), ("CR-YAML-ALIAS", 2, 4)]),
        ("&x a: 1\n*x : 2", [("CR-YAML-ANCHOR", 1, 1), ("CR-YAML-ALIAS", 2, 1)]),
        ("a: *nowhere", [("CR-YAML-ALIAS", 1, 4)]),
        ("<<: {a: 1}", [("CR-YAML-MERGE", 1, 1)]),
        ("a: 1\nb: 2\na: 3\na: 4", [("CR-YAML-DUPLICATE-KEY", 3, 1), ("CR-YAML-DUPLICATE-KEY", 4, 1)]),
        ("1: a\n'1': b", [("CR-YAML-DUPLICATE-KEY", 2, 1)]),
        ("? [a]\n: b", [("CR-YAML-KEY", 1, 3)]),
        ("? {a: 1}\n: b", [("CR-YAML-KEY", 1, 3)]),
        ("true: 1\n~: 2\n: 3\nnull: 4", [("CR-YAML-KEY", line, 1) for line in (1, 2, 3, 4)]),
        ("a: 1234567890123456789", [("CR-YAML-NUMBER", 1, 4)]),
        ("a: 0.123456789012345678", [("CR-YAML-NUMBER", 1, 4)]),
        ("a\n---\nb", [("CR-YAML-SEVERAL", 2, 1)]),
        ("a\n...\n---\n", [("CR-YAML-SEVERAL", 3, 1)]),
        ("%YAML 1.1\n---\na", [("CR-YAML-DIRECTIVE", 1, 1)]),
        ("%TAG ! x\n---\na", [("CR-YAML-DIRECTIVE", 1, 1)]),
        ("a: x\x00y\n\x1b", [("CR-YAML-CONTROL", 1, 5), ("CR-YAML-CONTROL", 2, 1)]),
        ("a: \u202e b", [("CR-YAML-CONTROL", 1, 4)]),
        ("a: \ud800", [("CR-YAML-CONTROL", 1, 4)]),
        ("a\ufeff", [("CR-YAML-CONTROL", 1, 2)]),
        ('a: "\\0"\n"\\uD800": 1', [("CR-YAML-CONTROL", 1, 4), ("CR-YAML-CONTROL", 2, 1)]),
        ("a: b: c", [("CR-YAML-SYNTAX", 1, 5)]),
        ("a:\n\t- b", [("CR-YAML-SYNTAX", 2, 1)]),
        ("a: 'abc\n", [("CR-YAML-SYNTAX", 1, 4)]),
        ('a: "\\q"', [("CR-YAML-SYNTAX", 1, 6)]),
        ('"\\U00110000"', [("CR-YAML-SYNTAX", 1, 1)]),
        ("a: 1\na: 2\nb: [", [("CR-YAML-DUPLICATE-KEY", 2, 1), ("CR-YAML-SYNTAX", 3, 5)]),
    ],
)
def test_what_is_refused_and_where(text: str, expected: list[tuple[str, int, int]]) -> None:
    assert problems(text) == expected


def test_a_report_shows_the_line_and_what_to_do_in_both_languages() -> None:
    with pytest.raises(PolicyError) as caught:
        read_yaml("a: 1\nb: c: d\n", "board.yaml")
    assert caught.value.report() == (
        "CR-YAML-SYNTAX: board.yaml, line 2, column 5: this is not YAML: `:` is not expected here\n"
        "    b: c: d\n        ^\n"
        "    check the indentation, and quote text that has `: ` or ` #` or begins with a special character"
    )
    assert "第 2 行，第 5 个字符: 这不是合规的 YAML：此处不应有 `:`" in caught.value.report("zh")


@pytest.mark.parametrize(
    ("source", "reason"),
    [
        ("a:\n\tb: 1", "indent with spaces, not tabs"),
        ("a: @x", "text can't begin like this"),
        ("a: 'x", "the quote that opens here is never closed"),
        ("[1, 2", "a comma or a closing bracket is missing"),
        ("a:\n  - 1\n - 2", "this doesn't go on from what comes before"),
        ('"\\xzz"', "there is no such escape after `\\`"),
        ("a\nb:\n- c", "`:` is not expected here"),
        ("- a\nb\nc: d", "a `:` is missing after this key"),
        ("a: - b", "a list can't begin here"),
        ("a: |x", "the indentation doesn't fit"),
        ("a: |2 x", "only an indentation may follow `|` or `>`"),
        ("a\n... b", "nothing may follow `...`"),
        ("{a} b", "nothing more is expected here"),
        ("a: ? b", "`?` is not expected here"),
        ("[a, ,]", "a value is missing"),
    ],
)
def test_syntax_errors_say_why(source: str, reason: str) -> None:
    with pytest.raises(PolicyError) as caught:
        read_yaml(source)
    assert caught.value.problems[0].message("en") == f"this is not YAML: {reason}"


def test_thirty_levels_are_deep_enough() -> None:
    assert read_yaml("[" * 30 + "1" + "]" * 30).data
    assert problems("[" * 31 + "]" * 31) == [("CR-YAML-TOO-DEEP", 1, 31)]
    assert problems("- " * 100_000) == [("CR-YAML-TOO-DEEP", 1, 61)]


def test_a_megabyte_is_long_enough() -> None:
    assert read_yaml("a" * MAX_BYTES).data == "a" * MAX_BYTES
    assert problems("a" * (MAX_BYTES + 1)) == [("CR-YAML-TOO-LARGE", None, None)]
    assert problems("红" * (MAX_BYTES // 3 + 1)) == [("CR-YAML-TOO-LARGE", None, None)]
    assert read_yaml("a" * (MAX_BYTES + 1), max_bytes=2 * MAX_BYTES).data


def test_values_are_counted() -> None:
    assert len(read_yaml("- \n" * 99, max_bytes=1000).data) == 99  # and the list itself
    assert problems("- \n" * 100, max_bytes=1000) == [("CR-YAML-TOO-MANY", 100, 2)]
    assert problems("- \n" * 100_001) == [("CR-YAML-TOO-MANY", 100_000, 2)]


def test_at_most_a_hundred_problems_are_gathered() -> None:
    assert len(problems("a: 1\n" * 1000)) == 100
    assert len(problems("- !x 1\n" * 1000)) == 100
    assert len(problems("\x01" * 1000)) == 100


def test_a_run_of_exclamation_marks_takes_no_longer_than_its_length() -> None:
    assert problems("!" * MAX_BYTES) == [("CR-YAML-TAG", 1, 1)]


def test_a_file_is_read_as_utf8(tmp_path: Path) -> None:
    path = tmp_path / "board.yaml"
    path.write_bytes("\ufefftitle: 红黑榜\n".encode())
    located = read_yaml(path)
    assert located.data == {"title": "红黑榜"}
    assert located.file == str(path)
    assert read_yaml(path, "shown").place().file == "shown"


@pytest.mark.parametrize(
    ("raw", "place"),
    [(b"a: 1\nb: \xff", (2, 4)), ("a: 红".encode("gb18030"), (1, 4)), ("a".encode("utf-16"), (1, 1))],
)
def test_other_encodings_are_refused(tmp_path: Path, raw: bytes, place: tuple[int, int]) -> None:
    path = tmp_path / "board.yaml"
    path.write_bytes(raw)
    with pytest.raises(PolicyError) as caught:
        read_yaml(path)
    (problem,) = caught.value.problems
    assert problem.code == "CR-YAML-NOT-UTF8"
    assert (problem.place.line, problem.place.column) == place


def test_a_file_that_cannot_be_read(tmp_path: Path) -> None:
    for path, reason in [
        (tmp_path / "absent.yaml", "there is no such file"),
        (tmp_path, "it is a folder"),
        (tmp_path / "a\0b", "its name or the disk is at fault"),
    ]:
        with pytest.raises(PolicyError) as caught:
            read_yaml(path)
        assert caught.value.code == "CR-YAML-UNREADABLE"
        assert caught.value.problems[0].message("en") == f"the file can't be read: {reason}"


def test_a_file_too_large_is_not_read_to_its_end(tmp_path: Path) -> None:
    path = tmp_path / "large.yaml"
    with path.open("wb") as stream:
        stream.truncate(10 * MAX_BYTES)
    with pytest.raises(PolicyError) as caught:
        read_yaml(path)
    assert caught.value.code == "CR-YAML-TOO-LARGE"
