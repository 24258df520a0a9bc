from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from datetime import date
from importlib.metadata import EntryPoint
from pathlib import Path
from types import ModuleType
from typing import Any

import pluggy
import pytest

import cadrerules as cr
from cadrerules import plugins as plugins_module
from cadrerules.errors import CadreError
from cadrerules.hookspecs import PROJECT, PolicySource, hookimpl
from cadrerules.load.policies import read_policy_set
from cadrerules.model.facts import FactTables
from cadrerules.model.policy_set import PolicySet
from cadrerules.model.result import Finding, Subject
from cadrerules.model.texts import Texts
from cadrerules.plugins import (
    plugin_manager,
    policy_sources,
    python_findings,
    report_formats,
    waiver_objections,
)
from cadrerules.report import ReportFormat

DAY = date(2025, 1, 15)
FACTS = FactTables({}, {})
WAIVER = {"rule": "size.big", "subject": "A", "period": None, "reason": "none"}

SET = """
format: 1
policy_set: sizes
title: {zh: 大小, en: Sizes}
tables:
  things: {columns: {year: {type: year, key: true}, thing: {type: text, key: true}, size: {type: number}}}
"""
QUESTIONS = """
format: 1
questions:
  verdict:
    title: {zh: 结论, en: Verdict}
    subject: thing
    period: year
    verdicts:
      big: {title: {zh: 大, en: big}, polarity: neutral, waivable: true}
      small: {title: {zh: 小, en: small}, polarity: neutral}
    decide: gravest
  once:
    title: {zh: 一次, en: Once}
    subject: thing
    period: none
    verdicts: {seen: {title: {zh: 见过, en: seen}, polarity: neutral}}
    decide: gravest
"""
POLICY = """
format: 1
policy: size
title: {zh: 大小, en: Size}
facts: things
rules:
  - {id: big, title: {zh: 大, en: Big}, when: size > 1, then: verdict.big}
"""


@pytest.fixture(scope="module")
def policies(tmp_path_factory: pytest.TempPathFactory) -> PolicySet:
    folder = tmp_path_factory.mktemp("sizes")
    for name, text in {"policy_set": SET, "questions": QUESTIONS, "size": POLICY}.items():
        (folder / f"{name}.yaml").write_text(text, encoding="utf-8")
    return read_policy_set(folder)


def plugin(name: str, **hooks: Callable[..., Any]) -> ModuleType:
    """A plugin with the hooks given, their names without the prefix."""
    module = ModuleType(name)
    for hook, function in hooks.items():
        setattr(module, f"cadrerules_{hook}", hookimpl(function, specname=f"cadrerules_{hook}"))
    return module


def finding(rule: str, who: str = "A", period: str | None = "2024", **changes: Any) -> Finding:
    fields: dict[str, Any] = {
        "rule": rule,
        "clause": ("1",),
        "outcome": "verdict.small",
        "waivable": False,
        "subject": Subject(kind="thing", id=who),
        "period": period,
        "status": "holds",
    }
    return Finding(**fields | changes)


def objection(text: str) -> Texts:
    return Texts(en=text, zh=text)


def manager(*plugins: ModuleType) -> pluggy.PluginManager:
    return plugin_manager(*plugins, installed=False)


def refused(call: Callable[[], object]) -> CadreError:
    with pytest.raises(CadreError) as caught:
        call()
    return caught.value


# --- whatever the order ----------------------------------------------------------------------------


def some_plugins() -> list[ModuleType]:
    make = str
    return [
        plugin(
            "one",
            policy_sets=lambda: [PolicySource("b", Path("b"), ()), PolicySource("d", Path("d"), ())],
            findings=lambda: [finding("z.a"), finding("a.a", "B"), finding("a.a", "A", "2025")],
            reports=lambda: [ReportFormat("second", "Second", "二", make)],
            check_waiver=lambda: map(objection, ["no seal", "no date", "no stamp", "no board"]),
        ),
        plugin(
            "two",
            policy_sets=lambda: (source for source in [PolicySource("a", Path("a"), ())]),
            findings=lambda: (f for f in [finding("a.a", "A", "2024"), finding("m.a", "A", None, outcome="once.seen")]),
            reports=lambda: [ReportFormat("first", "First", "一", make)],
            check_waiver=lambda: map(objection, ["no name", "no date", "no page"]),
        ),
        plugin(
            "three",
            policy_sets=lambda: [PolicySource("c", Path("c"), ())],
            findings=lambda: (),
            reports=lambda: [ReportFormat("third", "Third", "三", make)],
            check_waiver=lambda: None,
        ),
        plugin("four"),
    ]


Orders = Callable[..., Any]


def test_policy_sets_and_reports_are_the_same_whatever_the_order(plugin_orders: Orders) -> None:
    made = some_plugins()
    found = plugin_orders(made, lambda asked: [(name, source.name) for name, source in policy_sources(asked).items()])
    assert found == [(name, name) for name in "abcd"]
    reports = plugin_orders(made, lambda asked: [(name, f.zh) for name, f in report_formats(asked).items()])
    assert reports == [("first", "一"), ("second", "二"), ("third", "三")]


def test_findings_and_objections_are_the_same_whatever_the_order(plugin_orders: Orders, policies: PolicySet) -> None:
    made = some_plugins()
    found = plugin_orders(made, lambda asked: python_findings(asked, policies=policies, facts=FACTS, as_of=DAY))
    assert [(f.rule, f.subject.id, f.period) for f in found] == [
        ("a.a", "A", "2024"),
        ("a.a", "A", "2025"),
        ("a.a", "B", "2024"),
        ("m.a", "A", None),
        ("z.a", "A", "2024"),
    ]
    objections = plugin_orders(made, lambda asked: waiver_objections(asked, policies=policies, waiver=WAIVER))
    assert [text.en for text in objections] == [
        "no board",
        "no date",
        "no name",
        "no page",
        "no seal",
        "no stamp",
    ]


def test_a_whole_evaluation_is_the_same_whatever_the_order(plugin_orders: Orders, policies: PolicySet) -> None:
    def evaluated(asked: pluggy.PluginManager) -> dict[str, Any]:
        rows = {"things": [{"year": 2024, "thing": "A", "size": 2}, {"year": 2024, "thing": "B", "size": None}]}
        return cr.Plan(policies, asked).evaluate(rows, as_of=DAY).to_dict()

    found = plugin_orders(some_plugins(), evaluated)
    assert [d["id"] for d in found["decisions"]] == [
        "verdict/A/2024", "verdict/A/2025", "verdict/B/2024", "once/A",
    ]  # fmt: skip


TWICE: dict[str, tuple[Callable[[], list[Any]], Callable[[], list[Any]], str]] = {
    "policy_sets": (
        lambda: [PolicySource("a", Path("1"), ()), PolicySource("b", Path("1"), ())],
        lambda: [PolicySource("b", Path("2"), ()), PolicySource("a", Path("2"), ())],
        "CR-NAME-TWICE: policy set `{}` is given twice",
    ),
    "reports": (
        lambda: [ReportFormat("a", "A", "A", str), ReportFormat("b", "B", "B", str)],
        lambda: [ReportFormat("a", "Another", "A", str), ReportFormat("b", "B", "B", str)],
        "CR-NAME-TWICE: report `{}` is given twice",
    ),
    "findings": (
        lambda: [finding("a"), finding("b")],
        lambda: [finding("b", status="undetermined", missing=("x",)), finding("a")],
        "CR-NAME-TWICE: finding `{}/A/2024` is given twice",
    ),
}


@pytest.mark.parametrize("hook", list(TWICE))
def test_a_name_given_twice_is_refused_whatever_the_order(plugin_orders: Orders, hook: str, policies: PolicySet) -> None:
    first, second, message = TWICE[hook]
    pair = [plugin("one", **{hook: first}), plugin("two", **{hook: second})]
    ask: dict[str, Callable[[pluggy.PluginManager], object]] = {
        "policy_sets": policy_sources,
        "reports": report_formats,
        "findings": lambda asked: python_findings(asked, policies=policies, facts=FACTS, as_of=DAY),
    }
    error = refused(lambda: plugin_orders(pair, ask[hook]))
    assert [p.text().splitlines()[0] for p in error.problems] == [message.format("a"), message.format("b")]
    assert all("重复" in p.text("zh") for p in error.problems)


# --- findings --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("changes", "code", "words"),
    [
        ({"outcome": "verdict.huge"}, "CR-UNKNOWN-OUTCOME-OF-PLUGIN", "`verdict.huge`"),
        ({"outcome": "verdict"}, "CR-UNKNOWN-OUTCOME-OF-PLUGIN", "`verdict`"),
        ({"rule": "size.big"}, "CR-BAD-FINDING", "a policy has a rule of this id"),
        ({"subject": Subject(kind="person", id="A")}, "CR-BAD-FINDING", "its subject is a person, not a thing"),
        ({"period": "2024Q1"}, "CR-BAD-FINDING", "`2024Q1` is no period of the kind year"),
        ({"period": "2024年"}, "CR-BAD-FINDING", "`2024年` is no period of the kind year"),
        ({"period": "soon"}, "CR-BAD-FINDING", "`soon` is no period of the kind year"),
        ({"period": None}, "CR-BAD-FINDING", "`None` is no period of the kind year"),
        ({"outcome": "once.seen"}, "CR-BAD-FINDING", "`2024` is no period of the kind none"),
        ({"waivable": True}, "CR-BAD-FINDING", "`verdict.small` can't be waived"),
        ({"status": "undetermined"}, "CR-BAD-FINDING", "names nothing that is missing"),
    ],
)
def test_a_finding_that_does_not_fit_is_refused(
    changes: dict[str, Any], code: str, words: str, policies: PolicySet
) -> None:
    made = plugin("own", findings=lambda: [finding(**{"rule": "own.rule", **changes}), finding("own.other")])
    error = refused(lambda: python_findings(manager(made), policies=policies, facts=FACTS, as_of=DAY))
    assert [problem.code for problem in error.problems] == [code]
    assert words in str(error)
    assert error.report("zh") != str(error)


def test_findings_that_fit_are_taken(policies: PolicySet) -> None:
    fitting = [finding("own.a", outcome="verdict.big", waivable=True), finding("size.own"), finding("size")]
    found = python_findings(
        manager(plugin("own", findings=lambda: fitting)), policies=policies, facts=FACTS, as_of=DAY
    )
    assert found == [fitting[0], fitting[2], fitting[1]]


def test_findings_are_told_what_is_evaluated(policies: PolicySet) -> None:
    told: list[Any] = []

    def findings(policies: PolicySet, facts: FactTables, as_of: date) -> list[Finding]:
        told.append((policies, facts, as_of))
        return []

    python_findings(manager(plugin("own", findings=findings)), policies=policies, facts=FACTS, as_of=DAY)
    assert told == [(policies, FACTS, DAY)]


def test_a_waiver_lifts_a_finding_made_in_python(policies: PolicySet, tmp_path: Path) -> None:
    from cadrerules.model.remedies import Waivers

    made = plugin(
        "own", findings=lambda: [finding("own.a", outcome="verdict.big", waivable=True), finding("own.b")]
    )
    with_waivers = PolicySet(
        policies.doc, {**policies.models, "waivers": Waivers}, policies.questions_doc, policies.documents
    )
    plan = cr.Plan(with_waivers, manager(made))
    waiver = {"rule": "own.a", "subject": "A", "period": "2024", "authority": "Board", "reason": "-", "decided_on": DAY}
    result = plan.evaluate({"waivers": [waiver]}, as_of=DAY)
    (decision,) = result.decisions
    assert (decision.verdict, decision.because, decision.overridden, decision.waived_by) == (
        "small",
        ("own.b",),
        ("own.a",),
        ("Board",),
    )
    idle = plan.evaluate({"waivers": [{**waiver, "rule": "own.b"}]}, as_of=DAY)
    assert [warning["en"] for warning in idle.warnings] == [
        "the waiver of own.b for A does nothing: the rule can't be waived"
    ]


# --- broken plugins --------------------------------------------------------------------------------


def failing() -> list[Any]:
    raise KeyError("Zhang San")


@pytest.mark.parametrize(
    ("answer", "en", "zh"),
    [
        (failing, "raised KeyError", "引发 KeyError"),
        (lambda: 7, "raised TypeError", "引发 TypeError"),
        (lambda: ["text"], "must give {} items", "应给出 {} 的列表"),
        (lambda: "text", "must give {} items", "应给出 {} 的列表"),
        (lambda: (failing() for _ in range(1)), "raised KeyError", "引发 KeyError"),
    ],
)
@pytest.mark.parametrize("backwards", [False, True])
def test_a_hook_that_fails_names_its_plugin(
    answer: Callable[[], Any], en: str, zh: str, backwards: bool, policies: PolicySet
) -> None:
    hooks: dict[str, tuple[str, Callable[[pluggy.PluginManager], object]]] = {
        "policy_sets": ("PolicySource", policy_sources),
        "reports": ("ReportFormat", report_formats),
        "findings": ("Finding", lambda m: python_findings(m, policies=policies, facts=FACTS, as_of=DAY)),
        "check_waiver": ("Texts", lambda m: waiver_objections(m, policies=policies, waiver=WAIVER)),
    }
    for hook, (kind, ask) in hooks.items():
        pair = [plugin("broken", **{hook: answer}), plugin("fine", **{hook: lambda: ()})]
        asked = manager(*(reversed(pair) if backwards else pair))
        error = refused(lambda: ask(asked))  # noqa: B023 - called at once
        assert [p.message() for p in error.problems] == [
            f"plugin `broken` can't be used: `cadrerules_{hook}` {en.format(kind)}"
        ]
        assert error.problems[0].message("zh") == f"插件“broken”无法使用：`cadrerules_{hook}` {zh.format(kind)}"
        assert "Zhang San" not in str(error)


def test_an_error_that_a_plugin_tells_properly_is_left_as_it_is() -> None:
    own = cr.UsageError(cr.errors.Problem("CR-UNKNOWN-RULE", values={"rule": "x"}))

    def sources() -> list[PolicySource]:
        raise own

    assert refused(lambda: policy_sources(manager(plugin("own", policy_sets=sources)))) is own


def test_a_hook_that_nobody_knows_is_refused() -> None:
    module = plugin("own")
    module.cadrerules_findigns = hookimpl(lambda: (), specname="cadrerules_findigns")  # type: ignore[attr-defined]
    error = refused(lambda: manager(module))
    assert error.problems[0].message() == (
        "plugin `own` can't be used: PluginValidationError: unknown hook 'cadrerules_findigns' in plugin `own`"
    )


def test_a_hook_that_asks_for_what_there_is_not_is_refused() -> None:
    error = refused(lambda: manager(plugin("own", reports=lambda result: ())))
    assert error.code == "CR-BAD-PLUGIN"
    assert "plugin `own` can't be used" in str(error)
    assert "'result'" in str(error)


@pytest.fixture
def installed(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Callable[..., None]]:
    """Installs plugins: a module per name, found through an entry point beside it."""
    monkeypatch.syspath_prepend(str(tmp_path))
    before = set(sys.modules)

    def install(distribution: str, entry_point: str, module: str, code: str) -> None:
        info = tmp_path / f"{distribution}-1.dist-info"
        info.mkdir()
        (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {distribution}\nVersion: 1\n")
        (info / "entry_points.txt").write_text(f"[{PROJECT}]\n{entry_point} = {module}\n")
        (tmp_path / f"{module}.py").write_text(code)

    yield install
    for name in set(sys.modules) - before:
        del sys.modules[name]


HOOK = """
from pathlib import Path
from cadrerules.hookspecs import PolicySource, hookimpl

@hookimpl
def cadrerules_policy_sets():
    return [PolicySource({name!r}, Path("."), ())]
"""


def test_installed_plugins_are_found_and_others_join_them(installed: Callable[..., None]) -> None:
    installed("some-plugin", "some", "some_plugin_module", HOOK.format(name="some"))
    joining = plugin("own", policy_sets=lambda: [PolicySource("own", Path(), ())])
    assert {"market-supervision", "own", "some"} <= set(policy_sources(plugin_manager(joining)))
    assert list(policy_sources(plugin_manager(joining, installed=False))) == ["own"]


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("import no_such_module_at_all", "ModuleNotFoundError: No module named 'no_such_module_at_all'"),
        ("1 / 0", "ZeroDivisionError"),
        ("def", "SyntaxError"),
    ],
)
def test_a_plugin_that_does_not_import_is_named(installed: Callable[..., None], code: str, words: str) -> None:
    installed("broken-plugin", "broken", "broken_plugin_module", code)
    error = refused(plugin_manager)
    assert error.code == "CR-BAD-PLUGIN"
    assert f"plugin `broken` can't be used: {words}" in str(error)


def test_two_distributions_with_one_plugin_name_are_refused(installed: Callable[..., None]) -> None:
    """Otherwise one of them would be left out in silence, depending on where each is installed."""
    installed("first-plugin", "same", "first_plugin_module", HOOK.format(name="first"))
    installed("second-plugin", "same", "second_plugin_module", HOOK.format(name="second"))
    assert str(refused(plugin_manager)).splitlines()[0] == "CR-NAME-TWICE: plugin `same` is given twice"


def test_nothing_is_looked_for_before_it_is_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    def none_of_that(**_: object) -> list[EntryPoint]:
        raise AssertionError

    monkeypatch.setattr(plugins_module, "entry_points", none_of_that)
    assert policy_sources(manager()) == {}
    with pytest.raises(AssertionError):
        plugin_manager()


def test_findings_follow_the_policies_that_are_asked_for() -> None:
    """Where only some policies are evaluated, so are only their findings."""
    subject = Subject(kind="person", id="P1")
    made = plugin("own", findings=lambda: [finding("own.a", outcome="excellent.barred", subject=subject)])
    plan = cr.Plan(cr.load_policies("market-supervision").policy_set, manager(made))
    assert [d.id for d in plan.evaluate({"style": []}, as_of=DAY).decisions] == ["excellent/P1/2024"]
    assert plan.evaluate({"style": []}, as_of=DAY, policies=["board"]).decisions == ()
