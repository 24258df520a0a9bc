"""What every command about facts is asked for, and what it does with it first: read the facts, and evaluate them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path

from ..errors import Lang
from ..load.headings import ExtraColumns
from ..model.facts import ColumnarTables, FactTables
from ..model.pseudonyms import GroupedPseudonyms, Pseudonyms, codes_of
from ..model.result import Result
from ..plan import Plan
from ..reading import read_tables, scan_tables
from . import options
from .output import progress


@dataclass(frozen=True)
class Asked:
    """The plan, the facts and how they are read, the day, the language, and where the answer goes."""

    source: str
    settings: Sequence[str] | None
    readings: Sequence[str] | None
    data: Path
    day: date
    lang: Lang
    engine: str
    out: Path | None
    extra: ExtraColumns
    key: bytes | None
    grouping: options.Grouping

    @cached_property
    def plan(self) -> Plan:
        """The plan, amended as asked for; read when it is first wanted."""
        return options.plan_for(self.source, self.data, self.settings, self.readings)

    def facts(self, data: Path | None = None) -> FactTables | ColumnarTables:
        """The facts, or others: in columns where they stay so, else as rows; with a key, under pseudonyms."""
        return self._read(self.data if data is None else data, self.grouping)[0]

    def result(self, policies: Sequence[str] | None, most: int | None = None) -> Result:
        """What these policies, or all, decide, with pseudonyms where there is a key; of so many organisations at most."""
        grouping = self.grouping.at_most(most)
        with progress(self.lang) as told:
            facts, codes = self._read(self.data, grouping)
            found = self.plan.evaluate(facts, as_of=self.day, policies=policies or None, engine=self.engine, progress=told)
        return found if codes is None else codes.result(found)

    def _read(self, source: Path, grouping: options.Grouping) -> tuple[FactTables | ColumnarTables, Pseudonyms | GroupedPseudonyms | None]:
        if self.key is None and options.stays_in_columns(source, self.engine):
            session = options.spark_session() if self.engine == "spark" else None
            tables = scan_tables(source, self.plan, extra_columns=self.extra, group_by=grouping.by, session=session)
            return grouping.in_columns(tables), None
        facts = read_tables(source, self.plan, extra_columns=self.extra, group_by=grouping.by)
        if self.key is None:
            return grouping.chosen(facts), None
        codes = codes_of(facts, self.key, self.plan.policy_set.doc.waivable_by)
        return grouping.chosen(codes.facts(facts)), codes


def asked(
    data: options.Data,
    policies: options.Policies = "",
    settings: options.Settings = None,
    readings: options.Readings = None,
    as_of: options.AsOf = "",
    engine: options.Engine = "auto",
    lang: options.Language = "",
    out: options.Out = None,
    extra_columns: options.Extra = "error",
    pseudonymise: options.Pseudonymise = None,
    group_by: options.GroupBy = "",
    group: options.Group = "",
) -> Asked:
    """What the options say; `UsageError` for what can't be."""
    language = options.language(lang)
    extra, day = options.extras(extra_columns), options.day(as_of)
    key = None if pseudonymise is None else options.key_in(pseudonymise)
    return Asked(policies, settings, readings, data, day, language, engine, out, extra, key, options.Grouping(group_by, group))
