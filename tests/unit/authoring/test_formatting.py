from __future__ import annotations

from pathlib import Path
from textwrap import dedent

import pytest

from cadrerules import PolicyError
from cadrerules.authoring.formatting import formatted
from cadrerules.authoring.formatting.language import broken, printed
from cadrerules.language.source import Source

HEAD = "format: 1\npolicy: small\ntitle: {zh: 小, en: Small}\n"


def policy(rest: str) -> str:
    """What comes out of a policy with these further entries, without its head."""
    return formatted(HEAD + dedent(rest)).after.removeprefix(HEAD)


def test_entries_come_in_the_order_of_the_model_and_names_in_the_author_s() -> None:
    document = formatted("title: {zh: 小, en: Small}\nparams: {z: {unit: day, value: 2}, a: {value: 1}}\npolicy: small\nformat: 1\n")
    assert document.changed
    assert document.after == HEAD + "params: {z: {value: 2, unit: day}, a: {value: 1}}\n"


def test_a_document_in_its_form_is_left_alone() -> None:
    document = formatted(HEAD)
    assert not document.changed
    assert document.diff() == ""


def test_indentation_spaces_and_quotes() -> None:
    assert policy("""
        params:
            days:   { value:   60,unit: 'day' , domain: ">= 0" }
        facts:   rows
        rules:
        -   id: late
            title:
                    zh: '迟'
                    en: "Late: \\"again\\""
            when:   day>7
            then:   "flag.red"
    """) == dedent("""\

        params:
          days: {value: 60, unit: "day", domain: ">= 0"}
        facts: rows
        rules:
          - id: late
            title:
              zh: "迟"
              en: 'Late: "again"'
            when: day > 7
            then: "flag.red"
    """)


def test_comments_stay_with_what_they_are_about() -> None:
    assert formatted(dedent("""\
        # at the top

        title: {zh: 小, en: Small}   # what it is called
        # the form
        format: 1
        policy:   # its name
          small
        params:      # numbers
            # before the first
            a: {value: 1}#here
            b: {value: 2,   # in brackets
                # above the unit
                unit: day}

            # below the last
        # before the facts
        facts: rows
        # at the end
    """)).after == dedent("""\
        # at the top

        # the form
        format: 1
        policy: small  # its name
        title: {zh: 小, en: Small}  # what it is called
        params:  # numbers
          # before the first
          a: {value: 1}  #here
          b:
            value: 2  # in brackets
            # above the unit
            unit: day

          # below the last
        # before the facts
        facts: rows
        # at the end
    """)


def test_nothing_stands_between_a_dash_and_what_it_begins() -> None:
    assert policy("""
        facts: rows
        rules:
          -  # about the rule
            title: {zh: 迟, en: Late}
            # about the id
            id: late
            when: day > 7
            then: flag.red
    """) == dedent("""\

        facts: rows
        rules:
          # about the rule
          # about the id
          - id: late
            title: {zh: 迟, en: Late}
            when: day > 7
            then: flag.red
    """)


def test_brackets_over_several_lines_stand_on_one_where_they_fit() -> None:
    assert policy("params: {a: {value: 1},\n  b: {value: 2}}\n") == "params: {a: {value: 1}, b: {value: 2}}\n"
    names = [f"name_{n}" for n in range(12)]
    several = f"params: {{{', '.join(f'{name}: {{value: 1}}' for name in names[:6])},\n  {', '.join(f'{name}: {{value: 1}}' for name in names[6:])}}}\n"
    assert policy(several) == "params:\n" + "".join(f"  {name}: {{value: 1}}\n" for name in names)
    assert policy(several.replace("\n ", "", 1)) == several.replace("\n ", "", 1)  # on one line it was meant to be


def test_empty_brackets_keep_their_comment() -> None:
    assert policy("params: {  # none yet\n  }\nrules: [\n  # nor here\n]\nfacts: rows\n") == (
        "params: {}  # none yet\nfacts: rows\n# nor here\nrules: []\n"
    )


def test_an_expression_is_printed_as_the_language_prints_it() -> None:
    assert policy("facts: rows\nderive: {far: 'not (day<=7)and(known( day ))', both: \"a==1 or (b==2 and c==3)\"}\n") == (
        "facts: rows\nderive: {far: not day <= 7 and known(day), both: a == 1 or (b == 2 and c == 3)}\n"
    )


def test_a_long_expression_is_folded_before_its_words() -> None:
    long = " and ".join(f"column_number_{n} >= {n}" for n in range(6))
    assert policy(f"facts: rows\nderive:\n  all_of_them: {long}\n") == (
        "facts: rows\nderive:\n  all_of_them: >-\n"
        "    column_number_0 >= 0 and column_number_1 >= 1 and column_number_2 >= 2 and column_number_3 >= 3\n"
        "    and column_number_4 >= 4 and column_number_5 >= 5\n"
    )


@pytest.mark.parametrize(("length", "folded"), [(120, False), (121, True)])
def test_a_line_may_have_120_characters(length: int, folded: bool) -> None:
    head = "  far: known(day) or "
    text = f"facts: rows\nderive:\n{head}{'d' * (length - len(head))}\n"
    assert (policy(text) != text) is folded
    before, after = "params: {a: {value: 1}, ", ": {value: 2}}"
    several = f"{before}\n  {'b' * 50}: {{value: 2}}, {'c' * (length - len(before) - 50 - len(after) - 14)}{after}\n"
    assert (len(policy(several).splitlines()) > 1) is folded


@pytest.mark.parametrize("style", [">-", ">", "|", ""])
def test_the_author_s_lines_of_an_expression_are_kept(style: str) -> None:
    lines = "    place if ranked\n    else other\n"
    head = f"facts: rows\nderive:\n  best: {style}".rstrip() + "\n"
    after = policy(head + lines)
    if style:
        assert after == f"facts: rows\nderive:\n  best: >-\n{lines}"
    else:
        assert after == "facts: rows\nderive:\n  best: place if ranked else other\n"


def test_an_expression_that_would_read_otherwise_is_left_as_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    assert printed(Source("rate  >  2.50")) == "rate > 2.5"
    monkeypatch.setattr("cadrerules.authoring.formatting.language.to_text", lambda _: "rate > 3")
    assert printed(Source("rate  >  2.50")) == "rate  >  2.50"


def test_words_in_texts_are_no_places_to_break() -> None:
    text = 'a == "one and two or three" and b == "if or else"'
    assert broken(text, 20) == ['a == "one and two or three"', 'and b == "if or else"']
    assert broken("f(a and b, c) or f(c if d else e)", 16) == ["f(a and b, c)", "or f(c if d", "else e)"]


def test_texts_on_lines_of_their_own_are_kept() -> None:
    kept = "about:\n  zh: |\n    一\n      二\n\n    三\n  en: >\n    one\n    two\n"
    assert policy(kept) == kept
    assert policy('about: {zh: 一, en: "with\n  a break"}\n') == 'about: {zh: 一, en: "with a break"}\n'
    assert policy("about:\n  zh: 一\n  en: |+\n    one\n\n") == 'about:\n  zh: 一\n  en: "one\\n\\n"\n'
    wide = " ".join(["word"] * 20)
    assert policy(f"about:\n  zh: 一\n  en: {wide}\n    {wide}\n") == f"about:\n  zh: 一\n  en: >-\n    {wide}\n    {wide}\n"


def test_what_quotes_are_for_is_kept() -> None:
    plain = 'clause: "2.10"\nparams: {a: {value: "7"}, b: {value: \'a "b"\'}, c: {value: yes}, d: {value: null, unset: no number}}\n'
    assert policy(plain) == plain
    assert policy("params: {d: {value: ~, unset: open}}\n") == "params: {d: {value: null, unset: open}}\n"


def test_line_ends_stay_and_a_document_gets_one_at_its_end() -> None:
    assert formatted(HEAD.replace("\n", "\r\n") + "facts:  rows").after == HEAD.replace("\n", "\r\n") + "facts: rows\r\n"


def test_empty_lines_are_one_at_most_and_none_at_an_edge() -> None:
    assert policy("\n\n\nparams:\n\n  a: {value: 1}\n\n\n  b: {value: 2}\n\n\n") == "\nparams:\n  a: {value: 1}\n\n  b: {value: 2}\n"


def test_empty_lines_that_meet_are_one() -> None:
    moved = formatted("# at the top\n\ntitle: {zh: 小, en: Small}\n\npolicy: small\n\nformat: 1\n")
    assert moved.after == "# at the top\n\nformat: 1\n\npolicy: small\ntitle: {zh: 小, en: Small}\n"


def test_cases_are_formatted_too() -> None:
    text = "cases:\n- {expect_none: [], raises: CR-CALL, name: one}\nas_of: 2025-01-15\nformat: 1\n"
    assert formatted(text).after == "format: 1\nas_of: 2025-01-15\ncases:\n  - {name: one, expect_none: [], raises: CR-CALL}\n"


def test_what_does_not_load_is_refused_with_every_problem(tmp_path: Path) -> None:
    path = tmp_path / "spoilt.yaml"
    path.write_text(HEAD + "fact: rows\nrules: [{id: Late}]\n", "utf-8")
    with pytest.raises(PolicyError) as caught:
        formatted(path)
    assert {(p.code, p.place.line) for p in caught.value.problems} == {("CR-BAD-DOCUMENT", 4), ("CR-BAD-DOCUMENT", 5)}


def test_an_expression_that_can_not_be_read_is_refused_at_its_place() -> None:
    with pytest.raises(PolicyError) as caught:
        formatted(HEAD + "facts: rows\nderive:\n  far: day >\n", "small.yaml")
    (problem,) = caught.value.problems
    assert (problem.code, problem.place.file, problem.place.line) == ("CR-SYNTAX", "small.yaml", 6)


@pytest.mark.parametrize("text", ["services: {}\n", "- one\n", "one\n", ""])
def test_what_is_no_document_of_ours_is_refused(text: str) -> None:
    with pytest.raises(PolicyError) as caught:
        formatted(text)
    assert caught.value.code == "CR-UNKNOWN-DOCUMENT"


def test_a_fault_of_the_layout_is_never_given_out(monkeypatch: pytest.MonkeyPatch) -> None:
    for spoilt in ("format: 1\npolicy: other\ntitle: {zh: 小, en: Small}\n", HEAD, "format: [1\n"):
        monkeypatch.setattr("cadrerules.authoring.formatting.layout.Layout.document", lambda *_, text=spoilt: text)
        with pytest.raises(PolicyError) as caught:
            formatted(HEAD + "# a comment\n")
        assert caught.value.code == "CR-CANT-FORMAT"
